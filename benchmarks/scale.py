"""Ensembles over workers: efficiency, the machinery alone, memory, bytes of results.

Run by hand, on a quiet machine::

    python -m benchmarks.scale efficiency [DRAWS]     # serial, then 1 and 2 workers: processes and Dask
    python -m benchmarks.scale machinery [DRAWS]      # a kernel that does nothing, a million draws and more
    python -m benchmarks.scale parts [DRAWS]          # what the parent does with a part of a screen, and its bytes

Efficiency is t1 / (2 t2) of the same executor, start of the workers included; beside it stands what the machine itself allows: two
processes of the same work with no machinery between them. On a shared machine all of them fall together.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.registry import SCENARIO, machine
from ytterby.app import CHUNK, SHOWN, PartWorker
from ytterby.execution import map_chunks, spans
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork, Screening
from ytterby.store import Screen
from ytterby.system import build
from ytterby.validation import posterior_rows

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING_CHUNK = 1000
ROUNDS = 1
"""Rounds of which the least time counts."""


def screening(draws: int) -> PartWorker:
    """The work of `ytterby screen`."""
    scenario = load_scenario(SCENARIO)
    fitted = partial(posterior_rows, draws, 1, prefix="behaviour.")
    return PartWorker(Screening(Experiment(LabelledNetwork.of(build(scenario.base_year)), scenario, draws, 1), "float32", fitted))


def efficiency(draws: int) -> None:
    """Print wall times and t1 / (2 t2)."""
    work, pieces = screening(draws), spans(draws, CHUNK)
    work.chunk((0, 16))
    serial = _least(lambda: _all(work, pieces, "serial", 1))
    alone = _least(lambda: _wait([_alone(draws)]))
    pair = _least(lambda: _wait([_alone(draws), _alone(draws)]))
    print(f"{draws} draws in chunks of {CHUNK}; load {_load()}")
    print(f"serial, in this process                  {serial:7.1f} s")
    print(f"the machine: one process, two processes  {alone:7.1f} {pair:7.1f} s: efficiency {alone / pair:.3f}")
    for executor in ("processes", "dask"):
        one, two = (_least(lambda e=executor, n=n: _all(work, pieces, e, n)) for n in (1, 2))
        print(f"{executor:10s} one worker, two workers        {one:7.1f} {two:7.1f} s: efficiency {one / (2 * two):.3f}; load {_load()}")


def _all(work: PartWorker, pieces: list[tuple[int, int]], executor: Any, workers: int) -> None:
    for _ in map_chunks(work.chunk, pieces, executor, workers=workers):
        pass


def _alone(draws: int) -> subprocess.Popen[bytes]:
    code = f"from benchmarks.scale import alone; alone({draws})"
    return subprocess.Popen([sys.executable, "-c", code])


def alone(draws: int) -> None:
    """Work all draws in this process."""
    work = screening(draws)
    for piece in spans(draws, CHUNK):
        work.chunk(piece)


def _wait(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.wait()


def _least(work: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def nothing(span: tuple[int, int]) -> dict[str, np.ndarray]:
    """A kernel that does next to nothing: one number a draw."""
    return {"outcome": np.arange(*span, dtype=np.float32)}


def machinery(draws: int) -> None:
    """Print what chunks, pipes and order cost by run, and that memory does not grow."""
    pieces = spans(draws, NOTHING_CHUNK)
    for executor, workers in (("serial", 1), ("threads", 2), ("processes", 2), ("dask", 2)):
        began, used, total = time.perf_counter(), time.process_time(), 0.0
        for found in map_chunks(nothing, pieces, executor, workers=workers):
            total += float(found["outcome"].sum(dtype=np.float64))
        assert total == draws * (draws - 1) / 2 or draws > 1 << 24
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        print(
            f"{executor:10s} {draws} draws, {len(pieces)} chunks: {wall:7.2f} s wall, {1e6 * cpu / draws:.3f} us of the parent a run, "
            f"{1e6 * cpu / len(pieces):.0f} us a chunk, parent at most {_peak()} MB; load {_load()}"
        )


def parts(draws: int) -> None:
    """Print what a part of a screen costs the worker and the program that keeps it, its bytes, and what summing up costs."""
    made, pieces = screening(draws), spans(draws, CHUNK)
    made.work.chunk((0, 16))
    simulated = _cpu(lambda: made.work.chunk(pieces[0]))
    whole = _cpu(lambda: made.chunk(pieces[0]))
    content = made.chunk(pieces[0])
    with tempfile.TemporaryDirectory() as folder:
        store = Screen(Path(folder) / "screen", {"draws": draws})
        began = time.perf_counter()
        kept = _cpu(lambda: [store.put(i, content) for i in range(len(pieces))])
        wall = time.perf_counter() - began
        summed = _cpu(lambda: store.summary(("commodity", "region"), SHOWN))
    print(f"{draws} draws in {len(pieces)} parts, {len(made.work.markets)} markets; CPU time of a part:")
    print(f"workers: {1e3 * simulated:.0f} ms to simulate, {1e3 * (whole - simulated):.0f} ms to encode")
    print(f"the program: {1e3 * kept / len(pieces):.2f} ms to keep a part ({1e3 * wall / len(pieces):.1f} ms wall)")
    print(f"{len(content) / CHUNK:.0f} bytes a draw; summary {1e6 * summed / draws:.1f} us of CPU a draw; {_peak()} MB; load {_load()}")


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Run one of the measurements."""
    todo: dict[str, tuple[Callable[[int], None], int]] = {
        "efficiency": (efficiency, 20_000),
        "machinery": (machinery, 1_000_000),
        "parts": (parts, 20_000),
    }
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in todo:
        sys.exit(__doc__)
    function, draws = todo[name]
    print(machine())
    function(int(sys.argv[2]) if len(sys.argv) > 2 else draws)


if __name__ == "__main__":
    main()
