"""The recipes for clusters, as far as they can be checked without one: shown as they are, read, rendered, run on this machine."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from ytterby.cli.screen import command as screen

ROOT = Path(__file__).parents[2]
FILES = ROOT / "examples" / "cluster"
SRUN = '#!/bin/bash\nwhile [[ $1 == --* ]]; do shift; done\nfor _ in 1 2; do "$@" & done\nwait\n'
"""Stands in for Slurm's srun: two tasks on this machine."""
LOCAL = {"interface": "lo", "scheduler_options": {"dashboard_address": ":0"}}


def documents():
    return list(YAML(typ="safe").load_all((FILES / "kubernetes.yaml").read_text("utf-8")))


def test_the_page_shows_every_file_as_it_is():
    page = (ROOT / "docs" / "how-to" / "cluster.md").read_text("utf-8")
    assert {path.name for path in FILES.iterdir()} == {"slurm.sh", "slurm_jobqueue.py", "kubernetes.yaml", "Dockerfile"}
    for path in FILES.iterdir():
        assert f"`examples/cluster/{path.name}`:\n\n```text\n{path.read_text('utf-8')}```\n" in page, path.name


def test_the_manifests_fit_together():
    by_kind = {}
    for document in documents():
        by_kind.setdefault(document["kind"], []).append(document)
    assert set(by_kind) == {"PersistentVolumeClaim", "Service", "Deployment", "Job"}
    (service,), (claim,), (job,) = by_kind["Service"], by_kind["PersistentVolumeClaim"], by_kind["Job"]
    labels = []
    for deployment in by_kind["Deployment"]:
        labels.append(deployment["spec"]["template"]["metadata"]["labels"])
        assert deployment["spec"]["selector"]["matchLabels"] == labels[-1]
    assert service["spec"]["selector"] in labels
    address = f"tcp://{service['metadata']['name']}:{service['spec']['ports'][0]['port']}"
    worker, keeper = (found["spec"]["template"]["spec"]["containers"][0] for found in (by_kind["Deployment"][1], job))
    assert address in worker["command"]
    assert keeper["command"][-2:] == ["--dask", address]
    volume = job["spec"]["template"]["spec"]["volumes"][0]
    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert keeper["volumeMounts"][0]["name"] == volume["name"]
    tag = re.search(r"-t (\S+) ", (FILES / "Dockerfile").read_text("utf-8")).group(1)
    assert {tag} == set(re.findall(r"image: (\S+)", (FILES / "kubernetes.yaml").read_text("utf-8")))


def test_commands_of_the_manifests_are_understood():
    """Every command is parsed by the program that it calls; the scheduler's and the worker's by Dask itself."""
    pytest.importorskip("distributed")
    from distributed.cli.dask_scheduler import main as scheduler
    from distributed.cli.dask_worker import main as worker

    commands = [
        container["command"]
        for document in documents()
        for container in document["spec"].get("template", {}).get("spec", {}).get("containers", [])
    ]
    assert len(commands) == 3
    for words in commands:
        program = {"scheduler": scheduler, "worker": worker, "screen": screen}[words[1]]
        given = program.make_context("x", list(words[2:])).params
    assert (given["scenario"], given["draws"], given["dask"]) == ("china-licences-2025", 1_000_000, "tcp://ytterby-scheduler:8786")


@pytest.fixture
def _interrupts():
    """Ctrl-C as it was: dask-jobqueue takes it over when it is imported."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interrupts")
def test_the_job_queue_renders_its_script(tmp_path, monkeypatch):
    pytest.importorskip("dask_jobqueue")
    spec = importlib.util.spec_from_file_location("slurm_jobqueue", FILES / "slurm_jobqueue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(tmp_path)
    real = module.SLURMCluster
    monkeypatch.setattr(module, "SLURMCluster", lambda **more: real(**(more | LOCAL)))
    with module.cluster() as cluster:
        script = cluster.job_script()
    for line in ("#SBATCH -p normal", "#SBATCH -A minerals", "#SBATCH --cpus-per-task=8", "#SBATCH -t 02:00:00"):
        assert line in script
    assert "--nworkers 8" in script
    assert "--nthreads 1" in script
    assert script.index("OMP_NUM_THREADS") < script.index("distributed.cli.dask_worker")
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=True).returncode == 0
    assert screen.make_context("x", module.SCREEN[2:]).params["draws"] == 1_000_000


@pytest.mark.slow
def test_the_slurm_script_runs_with_a_stand_in(tmp_path):
    """The script as it stands, on two workers that the stand-in for srun starts; nothing is left behind."""
    pytest.importorskip("distributed")
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    (bin_folder / "srun").write_text(SRUN)
    (bin_folder / "hostname").write_text("#!/bin/bash\necho 127.0.0.1\n")
    code = f"#!{sys.executable}\nimport sys\nfrom ytterby.cli import main\nsys.exit(main())\n"
    (bin_folder / "ytterby").write_text(code)
    for path in bin_folder.iterdir():
        path.chmod(0o755)
    path = os.pathsep.join([str(bin_folder), sysconfig.get_path("scripts"), os.environ["PATH"]])
    env = os.environ | {"PATH": path, "SCENARIO": "no-shock", "DRAWS": "24", "OUT": str(tmp_path / "out"), "PORT": "18786"}
    bash = shutil.which("bash")
    assert bash is not None
    done = subprocess.run([bash, FILES / "slurm.sh"], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "24 draws in" in done.stdout
    assert len(list((tmp_path / "out").glob("part-*.parquet"))) == 1
