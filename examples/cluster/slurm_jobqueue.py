"""A Dask cluster of Slurm jobs, and one screen on it. Run it on the login node: python slurm_jobqueue.py"""

import subprocess
import sys

from dask_jobqueue import SLURMCluster

JOBS = 16
SCREEN = ["ytterby", "screen", "china-licences-2025", "--draws", "1000000", "--out", "licences-1e6"]


def cluster() -> SLURMCluster:
    """Jobs of eight workers with one thread each, since the kernel uses one."""
    return SLURMCluster(
        queue="normal",
        account="minerals",
        cores=8,
        processes=8,
        memory="8GB",
        walltime="02:00:00",
        interface="ib0",
        local_directory="$TMPDIR",
        worker_extra_args=["--nthreads", "1", "--lifetime", "110m", "--lifetime-stagger", "4m"],
        job_script_prologue=["export OMP_NUM_THREADS=1", "source $HOME/ytterby-env/bin/activate"],
    )


if __name__ == "__main__":
    with cluster() as jobs:
        jobs.scale(jobs=JOBS)
        sys.exit(subprocess.call([*SCREEN, "--dask", jobs.scheduler_address]))
