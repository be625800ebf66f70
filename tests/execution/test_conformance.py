"""One suite that every executor passes, and what is peculiar to some."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import numpy as np
import pytest

from tests.execution import work
from ytterby.errors import InputError, UnknownNameError, YtterbyError
from ytterby.execution import map_chunks, spans
from ytterby.execution.chunks import EXECUTORS

CHUNKS = [(i, 7) for i in range(8)]
AWAY = ("processes", "dask")


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs="CRITICAL") as found:
        yield found.scheduler_address


@pytest.fixture(params=EXECUTORS)
def run(request):
    """Map with two workers of an executor."""
    address = request.getfixturevalue("cluster") if request.param == "dask" else None

    def go(function, chunks, **more):
        return map_chunks(function, chunks, request.param, workers=2 if address is None else None, address=address, **more)

    go.name = request.param
    return go


def test_every_executor_gives_the_same_bits_in_order(run):
    found = list(run(work.simulate, CHUNKS))
    for chunk, result in zip(CHUNKS, found, strict=True):
        np.testing.assert_array_equal(result, work.simulate(chunk))


def test_order_is_kept_when_chunks_finish_out_of_order(run):
    assert list(run(work.uneven, list(range(20)))) == [i * i for i in range(20)]


def test_no_chunks_no_work(run):
    assert list(run(work.uneven, [])) == []


def test_progress_counts_every_chunk(run):
    seen = []
    list(run(work.uneven, list(range(7)), progress=lambda done, total: seen.append((done, total, threading.current_thread()))))
    assert [(done, total) for done, total, _ in seen] == [(i, 7) for i in range(1, 8)]
    assert {thread for *_, thread in seen} == {threading.current_thread()}


def test_error_is_raised_at_its_turn(run):
    results = run(work.fails_at_three, list(range(6)))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(InputError, match="unknown element 'Dz'; did you mean 'Dy'?") as caught:
        next(results)
    if run.name in AWAY:
        notes = "".join(caught.value.__notes__)
    else:
        assert isinstance(caught.value, UnknownNameError)
        notes = "".join(traceback.format_exception(caught.value))
    assert "fails_at_three" in notes
    with pytest.raises(StopIteration):
        next(results)


def test_error_that_cannot_travel_keeps_its_words(run):
    with pytest.raises(RuntimeError if run.name in AWAY else work.OddError, match="odd 0 0"):
        list(run(work.fails_oddly, [0]))


def test_the_iterator_is_lazy_and_can_be_left(run):
    taken = []

    class Watched(list):
        def __getitem__(self, i):
            taken.append(i)
            return super().__getitem__(i)

    results = run(work.uneven, Watched(range(1000)))
    assert taken == []
    assert next(results) == 0
    results.close()
    assert len(taken) < 50


@pytest.mark.parametrize("hard", [True, False])
def test_a_killed_process_changes_no_digit(tmp_path, hard):
    function = work.KilledOnce(tmp_path / "killed", hard=hard)
    found = list(map_chunks(function, CHUNKS, "processes", workers=2))
    assert (tmp_path / "killed").exists()
    for chunk, result in zip(CHUNKS, found, strict=True):
        np.testing.assert_array_equal(result, work.simulate(chunk))


def test_a_process_killed_while_it_sends_its_result_is_replaced(tmp_path):
    found = list(map_chunks(work.KilledWhileSending(tmp_path / "killed"), [0, 1], "processes", workers=1))
    assert (tmp_path / "killed").exists()
    assert found == [bytes([i]) * 100_000_000 for i in (0, 1)]


@pytest.mark.slow
def test_a_killed_dask_worker_changes_no_digit(tmp_path):
    pytest.importorskip("distributed")
    found = list(map_chunks(work.KilledOnce(tmp_path / "killed"), CHUNKS, "dask", workers=2))
    assert (tmp_path / "killed").exists()
    for chunk, result in zip(CHUNKS, found, strict=True):
        np.testing.assert_array_equal(result, work.simulate(chunk))


def test_an_idle_worker_may_die_too():
    results = map_chunks(work.whose, list(range(12)), "processes", workers=2)
    first = next(results)
    os.kill(first, signal.SIGKILL)
    assert len(list(results)) == 11


def test_a_chunk_that_kills_every_worker_is_told():
    before = multiprocessing.active_children()
    results = map_chunks(work.always_killed, [0, 1, 2], "processes", workers=1)
    assert next(results) == 0
    with pytest.raises(YtterbyError, match=r"chunk 1 ended its worker process 4 times \(signal 9\); is there enough memory"):
        list(results)
    assert set(multiprocessing.active_children()) <= set(before)


def test_leaving_early_ends_the_workers_at_once():
    before = multiprocessing.active_children()
    results = map_chunks(work.slow, [1, 2, 3], "processes", workers=2)
    begin = time.monotonic()
    threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        next(results)
    assert time.monotonic() - begin < 15
    assert set(multiprocessing.active_children()) <= set(before)


def _ends(pid, *, group=False):
    """Whether a process (or all of a group) is gone, or waits only to be reaped, within some seconds."""
    for _ in range(100):
        states = [path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat" if group else f"{pid}/stat")]
        if all(state[0] == "Z" for state in states if not group or state[2] == str(pid)):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.2, 1.5])
def test_ctrl_c_at_a_terminal_leaves_no_process_and_no_noise(delay):
    code = """
import sys
from tests.execution import work
from ytterby.execution import map_chunks
if __name__ == "__main__":
    try:
        print("go", flush=True)
        list(map_chunks(work.slow, [1, 2], "processes", workers=2))
    except KeyboardInterrupt:
        sys.exit(130)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, cwd=Path.cwd()
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGINT)
    _, noise = process.communicate(timeout=20)
    assert (process.returncode, noise) == (130, "")
    assert _ends(process.pid, group=True), "a process is left"


def test_workers_end_when_the_parent_is_killed(tmp_path):
    code = """
from tests.execution import work
from ytterby.execution import map_chunks
if __name__ == "__main__":
    results = map_chunks(work.whose, list(range(100000)), "processes", workers=1)
    print(next(results), flush=True)
    list(results)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=Path.cwd())
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()
    assert _ends(worker), "the worker outlived its parent"


@pytest.mark.parametrize("how", ["file", "stdin"])
def test_a_script_without_a_guard_is_not_run_again(tmp_path, how):
    code = (
        "from operator import neg\nfrom ytterby.execution import map_chunks\n"
        "print('once')\nprint(list(map_chunks(neg, [1, 2, 3], 'processes', workers=2)))\n"
    )
    (tmp_path / "script.py").write_text(code)
    command = [sys.executable, str(tmp_path / "script.py") if how == "file" else "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("once\n[-1, -2, -3]\n", "")


def test_work_or_results_that_cannot_travel_are_told():
    with pytest.raises(InputError, match="the work cannot be sent between processes"):
        list(map_chunks(lambda i: i, [1], "processes"))
    with pytest.raises(InputError, match="the result of chunk 0 cannot be sent between processes"):
        list(map_chunks(work.lock, [1], "processes", workers=1))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"executor": "thread"}, "unknown executor 'thread'; did you mean 'threads'?"),
        ({"workers": 0}, "workers: found 0; allowed 1 to 1024"),
        ({"address": "tcp://x:1"}, "address: only allowed with executor 'dask', not with 'serial'"),
    ],
)
def test_bad_input_is_told_before_anything_runs(more, words):
    with pytest.raises(InputError) as caught:
        map_chunks(work.uneven, [1], **more)
    assert words in str(caught.value)


def test_dask_absent_or_unreachable(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"needs the packages dask and distributed: pip install 'ytterby\[scale\]'"):
        list(map_chunks(work.uneven, [1], "dask"))
    monkeypatch.undo()
    pytest.importorskip("distributed")
    monkeypatch.setattr("ytterby.execution.cluster.TIMEOUT", 0.5)
    with pytest.raises(InputError, match="no Dask scheduler at 'tcp://127.0.0.1:1'"):
        list(map_chunks(work.uneven, [1], "dask", address="tcp://127.0.0.1:1"))


def test_spans_cover_everything_once():
    assert spans(10, 4) == [(0, 4), (4, 8), (8, 10)]
    assert spans(0, 4) == []
    with pytest.raises(InputError, match="chunk size: found 0"):
        spans(1, 0)
