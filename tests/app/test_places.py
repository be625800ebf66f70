"""The whole product of a run or a screen, byte for byte, wherever and in whatever pieces it is worked, and whoever is killed."""

import hashlib
import importlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray as xr

from ytterby.app.runs.run import run
from ytterby.app.runs.screen import CHUNK as PART
from ytterby.errors import YtterbyError

module = importlib.import_module("ytterby.app.runs.draws")

SCENARIO = "china-licences-2025"
DRAWS = 40
FILES = ("results.nc", "draws.parquet", "summary.json", "run.json")


def digest(folder):
    """SHA-256 of a run folder: bytes of tables and results, documents without times and place."""
    found = hashlib.sha256()
    for name in FILES:
        content = (folder / name).read_bytes()
        if name.endswith(".json"):
            document = {key: value for key, value in json.loads(content).items() if key not in ("seconds", "run", "files", "seal")}
            content = json.dumps(document, sort_keys=True).encode()
        elif name.endswith(".nc"):
            with xr.open_dataset(folder / name) as results:
                content = bytes(results.drop_attrs(deep=False).to_netcdf(engine="scipy"))
        found.update(content)
    return found.hexdigest()


def product(project, **where):
    return digest(run(SCENARIO, draws=DRAWS, seed=1, project=project, **where).folder)


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    return product(tmp_path_factory.mktemp("serial"))


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL") as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "chunk"),
    [
        ({"executor": "serial"}, 40),
        ({"executor": "threads", "workers": 2}, 16),
        ({"executor": "processes", "workers": 2}, 7),
        ({"executor": "dask", "workers": 1}, 8),
        ({"executor": "dask", "workers": 2}, 16),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else str(value),
)
def test_the_place_and_the_chunks_change_no_byte(tmp_path, serial, where, chunk, monkeypatch):
    monkeypatch.setattr(module, "CHUNK", chunk)
    assert product(tmp_path, **where) == serial


@pytest.mark.slow
def test_the_order_changes_no_byte(tmp_path, serial, monkeypatch):
    """A run that is left after some chunks, some of which then are lost, makes them in another order."""

    def leave(done, _total):
        if done >= 25:
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "CHUNK", 5)
    with pytest.raises(KeyboardInterrupt):
        product(tmp_path, progress=leave)
    chunks = sorted(tmp_path.glob("chunks/*/[!.]*"))
    assert len(chunks) == 5
    shutil.rmtree(chunks[0])
    largest = max(chunks[2].glob("*.npy"), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-100])
    assert product(tmp_path) == serial


@pytest.mark.slow
def test_a_killed_process_changes_no_byte(tmp_path, serial, monkeypatch):
    killed = []

    def kill(done, _total):
        if not killed:
            killed.append(max(multiprocessing.active_children(), key=lambda process: process.pid).pid)
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(module, "CHUNK", 4)
    assert product(tmp_path, executor="processes", workers=2, progress=kill) == serial
    assert killed


@pytest.mark.slow
def test_a_killed_dask_worker_changes_no_byte(tmp_path, serial, cluster, monkeypatch):
    import distributed

    with distributed.Client(cluster) as client:
        workers = client.run(os.getpid)
    killed = []

    def kill(done, _total):
        if not killed:
            killed.append(next(iter(workers.values())))
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(module, "CHUNK", 4)
    assert product(tmp_path, executor="dask", address=cluster.scheduler_address, progress=kill) == serial
    with distributed.Client(cluster) as client:
        assert killed[0] not in client.run(os.getpid).values()


def start(*words):
    code = "import sys; from ytterby.cli import main; sys.exit(main())"
    return subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def kill_when(process, ready):
    """Kill the program as soon as something is there."""
    deadline = time.monotonic() + 240
    while not ready() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it ended before it was killed"


@pytest.mark.slow
def test_a_killed_program_goes_on_and_changes_no_byte(tmp_path, serial):
    """Killed while chunks are worked, then while the run folder is written; the third time it ends."""
    words = ("run", SCENARIO, "--draws", str(DRAWS), "--seed", "1", "--workers", "2", "--project", str(tmp_path))
    kill_when(start(*words), lambda: list(tmp_path.glob("chunks/*/*/checksums.json")))
    kill_when(start(*words), lambda: list(tmp_path.glob("runs/.part-*/*")))
    assert not [folder for folder in tmp_path.glob("runs/*") if not folder.name.startswith(".part-")]
    last = start(*words)
    assert (last.communicate()[1], last.returncode) == ("", 0)
    assert digest(next(folder for folder in tmp_path.glob("runs/*") if not folder.name.startswith(".part-"))) == serial


def parts(folder):
    return {path.name: path.read_bytes() for path in folder.glob("part-*.parquet")}


@pytest.mark.slow
def test_a_killed_screen_goes_on_and_changes_no_byte(tmp_path):
    """Killed after the first part, then after another with half a file left behind; both places end with the same parts."""
    words = ("screen", SCENARIO, "--draws", str(4 * PART + 50), "--project", str(tmp_path), "--out")
    one, two = tmp_path / "one", tmp_path / "two"
    kill_when(start(*words, str(one), "--workers", "2"), lambda: list(one.glob("part-*")))
    before = len(parts(one))
    kill_when(start(*words, str(one), "--workers", "1"), lambda: len(list(one.glob("part-*"))) > before)
    kept = parts(one)
    (one / ".part-000004").write_bytes(next(iter(kept.values()))[:1000])
    assert 1 <= len(kept) < 5
    for place, more in ((one, ("--dask", "--workers", "2")), (two, ("--workers", "1"))):
        last = start(*words, str(place), *more)
        assert (last.communicate()[1], last.returncode) == ("", 0)
    assert parts(one) == parts(two)
    assert len(parts(one)) == 5
    assert {name: content for name, content in parts(one).items() if name in kept} == kept


PEAK = """
import resource, sys
from pathlib import Path
from ytterby.app import {command}
if __name__ == "__main__":
    {command}("{scenario}", draws=int(sys.argv[1]), project=Path(sys.argv[2]), executor="processes", workers=1)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("command", "few", "many"), [("screen", PART, 6 * PART), ("run", 48, 192)])
def test_memory_of_the_program_does_not_grow_with_the_draws(tmp_path, command, few, many):
    """Peak memory [MB] of the program itself; `run` keeps some 15 kB a draw of its totals, `screen` nothing."""
    peaks = []
    for draws in (few, many):
        code = PEAK.format(command=command, scenario=SCENARIO)
        script = tmp_path / "script.py"
        script.write_text(code)
        found = subprocess.run(
            [sys.executable, str(script), str(draws), str(tmp_path / str(draws))],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path.cwd(),
        )
        peaks.append(int(found.stdout))
    assert peaks[1] < peaks[0] + 60, peaks


def test_a_screen_that_was_killed_while_it_began_is_no_foreign_folder(tmp_path):
    from ytterby.store import Screen

    (tmp_path / ".part-0abc").write_text("{")
    assert Screen(tmp_path, {"draws": 3}).done() == set()


def test_a_chunk_that_fails_on_dask_is_told(tmp_path):
    with pytest.raises(YtterbyError, match="no Dask scheduler at"):
        run(SCENARIO, draws=2, project=tmp_path, executor="dask", address="nowhere:1")
    assert not list(tmp_path.glob("runs/*"))
