"""The weekly step: as NumPy reads it, one draw compiled, a full batch; the machine's limits; overhead of an ensemble.

Run by hand: ``make bench``. Times depend on what else runs; the ratios inside one run matter. CPU time is counted, so that a
shared machine distorts less.
"""

import time
from unittest import mock

import numpy as np
import pytest
from numba import njit
from tests.simulation import numpy_reading

from benchmarks.registry import cases, experiment, first_batch, machine, per_link_week, sizes
from ytterby.app import CHUNK
from ytterby.ensembles import DrawAssessment
from ytterby.execution import map_chunks
from ytterby.simulation import WIDTH, Batch, Screening, aligned, fused, simulate, vectors

timed = pytest.mark.benchmark(timer=time.thread_time, warmup=True, min_rounds=5, group="weekly step")


def note(benchmark, draws):
    benchmark.extra_info |= sizes() | machine()
    benchmark.extra_info["us_per_link_week"] = per_link_week(benchmark.stats["min"], draws)


@pytest.mark.benchmark(timer=time.thread_time, min_rounds=1, max_time=1.0, group="weekly step")
def test_plain_numpy(benchmark):
    case, run = cases()[0].of(0), experiment()
    net = run.network.net._replace(cover=case.cover)
    benchmark.pedantic(numpy_reading.simulate, (net, case.policy, case.behaviour, run.scenario.weeks), rounds=2)
    note(benchmark, 1)


@timed
def test_one_draw(benchmark):
    """A whole single run, seven of eight places idle."""
    case, run = cases()[0].of(0), experiment()
    net = run.network.net._replace(cover=case.cover)
    benchmark(simulate, net, case.policy, case.behaviour, run.scenario.weeks)
    note(benchmark, 1)


@timed
@pytest.mark.parametrize("keep", [True, False], ids=["series", "outcomes"])
@pytest.mark.parametrize("dtype", list(WIDTH))
def test_full_batch(benchmark, dtype, keep):
    batch = first_batch(dtype)
    benchmark(batch.advance, batch.empty_series() if keep else None)
    note(benchmark, WIDTH[dtype])


@pytest.mark.benchmark(timer=time.thread_time, group="own overhead of a run: values to policies, and layout of batches")
@pytest.mark.parametrize("dtype", list(WIDTH))
def test_overhead(benchmark, dtype):
    """All that a chunk of a screen does beside the weekly step and the files: design, checks, policies, batches, outcomes picked."""
    work = Screening(experiment(CHUNK), dtype)

    def chunk():
        with mock.patch.object(Batch, "advance"):
            work.chunk((0, CHUNK))

    chunk()
    benchmark(chunk)
    benchmark.extra_info["us_per_draw"] = 1e6 * benchmark.stats["min"] / CHUNK


@pytest.mark.benchmark(timer=time.thread_time, group="a chunk of an ensemble")
@pytest.mark.parametrize("part", ["simulated", "simulated and assessed"])
def test_chunk_of_an_ensemble(benchmark, part):
    """Sixteen draws with weekly series; assessed: series of markets, stops, losses, totals."""
    job = DrawAssessment(experiment(CHUNK))
    work = {
        "simulated": lambda: [draw for draw, _ in job.experiment.simulate(range(16), passing=True)],
        "simulated and assessed": lambda: job.chunk((0, 16)),
    }[part]
    work()
    benchmark(work)
    benchmark.extra_info["ms_per_draw"] = 1e3 * benchmark.stats["min"] / 16


def nothing(span):
    return {"outcome": np.zeros(span[1] - span[0])}


@pytest.mark.benchmark(timer=time.thread_time, group="machinery, 1,000 runs that do nothing")
def test_machinery(benchmark):
    pieces = [(first, first + 25) for first in range(0, 1000, 25)]
    benchmark(lambda: list(map_chunks(nothing, pieces)))


@njit
def _peak(array, count):
    rows = vectors(array)
    a, b, c, d, e, f, g, h = rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6], rows[7]
    for _ in range(count):
        a, b, c, d = fused(a, 0.999, 0.1), fused(b, 0.999, 0.2), fused(c, 0.999, 0.3), fused(d, 0.999, 0.4)
        e, f, g, h = fused(e, 0.999, 0.5), fused(f, 0.999, 0.6), fused(g, 0.999, 0.7), fused(h, 0.999, 0.8)
    rows[0] = a + b + c + d + e + f + g + h


@njit
def _axpy(array, total, times):
    x, y = vectors(array), vectors(total)
    for _ in range(times):
        for i in range(array.shape[0]):
            y[i] = fused(x[i], 0.5, y[i])


@pytest.mark.benchmark(timer=time.thread_time, group="limits")
def test_peak_of_flops(benchmark):
    """Eight independent chains of fused multiply-add."""
    rows, count = aligned(8, "float64"), 1_000_000
    _peak(rows, 10)
    benchmark(_peak, rows, count)
    benchmark.extra_info["gflops"] = 2 * 8 * 8 * count / benchmark.stats["min"] / 1e9


@pytest.mark.benchmark(timer=time.thread_time, group="limits")
@pytest.mark.parametrize("kilobytes", [32, 512, 3000, 65536])
def test_bandwidth(benchmark, kilobytes):
    """y += a x on arrays of this size together: two reads and a write."""
    count = kilobytes * 1024 // 128
    x, y, times = aligned(count, "float64"), aligned(count, "float64"), max(1, 65536 // kilobytes)
    _axpy(x, y, 1)
    benchmark(_axpy, x, y, times)
    benchmark.extra_info["gigabytes_per_second"] = 192 * count * times / benchmark.stats["min"] / 1e9
