#!/bin/bash
# One Slurm job: scheduler, workers and the program that keeps the results. Send it off with: sbatch slurm.sh
#SBATCH --job-name=ytterby
#SBATCH --account=minerals
#SBATCH --ntasks=128
#SBATCH --cpus-per-task=1
#SBATCH --mem-per-cpu=1G
#SBATCH --time=02:00:00
set -euo pipefail

SCENARIO=${SCENARIO:-china-licences-2025}
DRAWS=${DRAWS:-1000000}
OUT=${OUT:-licences-1e6}
PORT=${PORT:-8786}
ADDRESS=tcp://$(hostname):$PORT
export OMP_NUM_THREADS=1

dask scheduler --port "$PORT" --no-dashboard &
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
srun --overlap dask worker "$ADDRESS" --nthreads 1 --nworkers 1 --no-dashboard --death-timeout 60 &

for _ in $(seq 30); do
    (exec 3<>"/dev/tcp/$(hostname)/$PORT") 2>/dev/null && break
    sleep 1
done
ytterby screen "$SCENARIO" --draws "$DRAWS" --out "$OUT" --dask "$ADDRESS"
