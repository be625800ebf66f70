"""Batches of draws: a draw's bits are its own, structures mix, single precision screens, vectors compute like NumPy."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numba import njit

from tests.networks import random_network
from tests.policies import random_policy
from tests.simulation import numpy_reading
from ytterby.simulation import batch, kernels, simd_functions
from ytterby.simulation.batch import Case, batches
from ytterby.simulation.behaviour import behaviour
from ytterby.simulation.interventions import Effect
from ytterby.simulation.registers import WIDTH, aligned
from ytterby.simulation.simd_fields import vectors
from ytterby.simulation.state import OUTCOMES

WEEKS = 60
SEED = 4


@pytest.fixture(scope="module")
def net():
    return random_network(SEED, regions=5, goods=3)


def case_of(net, number, *, closed=False):
    """A draw with its own covers, levels, delays, decisions, reserves, quotas and behaviour."""
    rng = np.random.default_rng(number)
    pol = random_policy(net, WEEKS, SEED)
    pol = pol._replace(
        level=pol.level * rng.uniform(0.3, 1.0, (len(pol.level), 1)),
        weight=pol.weight * rng.uniform(0.8, 1.0, len(pol.weight)),
        delay=pol.delay * rng.uniform(0.5, 1.5),
        decision=np.tile(rng.dirichlet(np.ones(4)), (len(pol.level), 1)),
        approval=pol.approval * rng.uniform(0.6, 1.0),
        keep=np.full(len(pol.level), rng.uniform(0.0, 1.0)),
        allocation_start=pol.allocation_start + rng.integers(0, 3),
        allocation_tonnes=pol.allocation_tonnes * rng.uniform(0.8, 1.2),
        reserve_rate=pol.reserve_rate * rng.uniform(0.5, 1.5),
        reserve_end=pol.reserve_end - rng.integers(0, 20),
    )
    if closed:
        kept = pol.kind != int(Effect.OPEN)
        pol = pol._replace(**{name: getattr(pol, name)[kept] for name in ("kind", "target", "measure", "weight", "extra")})
    par = behaviour({"price_gain": rng.uniform(0.4, 1.5), "sigma": rng.uniform(2.0, 5.0), "enforcement": 20.0})
    return Case(net.cover * rng.uniform(0.8, 1.3, len(net.cover)), pol, par)


def test_each_draw_equals_the_numpy_reading(net):
    cases = [case_of(net, i, closed=i % 3 == 0) for i in range(11)]
    traces = dict(batch.simulate_each(net, cases, WEEKS))
    for i, case in enumerate(cases):
        spec = numpy_reading.simulate(net._replace(cover=case.cover), case.policy, case.behaviour, WEEKS)
        for name in spec._fields:
            ours, theirs = getattr(traces[i], name), getattr(spec, name)
            scale = max(1.0, float(np.nanmax(np.abs(theirs), initial=0.0)))
            assert np.nanmax(np.abs(ours - theirs), initial=0.0) <= 1e-9 * scale, (i, name)


def test_a_draw_does_not_see_its_neighbours(net):
    cases = [case_of(net, i, closed=i % 4 == 0) for i in range(13)]
    together = dict(batch.simulate_each(net, cases, WEEKS))
    backwards = dict(batch.simulate_each(net, cases[::-1], WEEKS))
    for i, case in enumerate(cases):
        alone = batch.simulate(net._replace(cover=case.cover), case.policy, case.behaviour, WEEKS)
        for name in alone._fields:
            expected = getattr(alone, name)
            assert np.array_equal(expected, getattr(together[i], name), equal_nan=True), name
            assert np.array_equal(expected, getattr(backwards[len(cases) - 1 - i], name), equal_nan=True), name


def test_queue_length_of_a_neighbour_changes_no_digit(net):
    one, other = case_of(net, 1), case_of(net, 2)
    longer = other._replace(policy=other.policy._replace(queue_length=other.policy.queue_length + 5))
    short = dict(batch.simulate_each(net, [one, other], WEEKS))
    long = dict(batch.simulate_each(net, [one, longer], WEEKS))
    for place in (0, 1):
        assert np.array_equal(short[place].shipped, long[place].shipped)
        assert np.array_equal(short[place].backlog, long[place].backlog)


def test_single_precision_screens(net):
    for i in range(5):
        case = case_of(net, i)
        wide, narrow = (dict(batch.simulate_each(net, [case], WEEKS, dtype))[0] for dtype in ("float64", "float32"))
        assert narrow.price.dtype == np.float32
        assert np.abs(wide.served - narrow.served).max() <= 1e-4 * net.use.max()


def test_outcomes_are_those_of_the_series(net):
    cases = [case_of(net, i) for i in range(9)]
    found = batch.outcomes(net, cases, WEEKS)
    assert set(found) == set(OUTCOMES)
    for i, trace in batch.simulate_each(net, cases, WEEKS):
        unmet = trace.want - trace.served
        share = unmet / np.maximum(trace.want, 1e-12)
        at = net.demand_market
        multiple = trace.price / net.price
        assert np.allclose(found["shortfall"][i][at], unmet.sum(axis=0))
        assert np.allclose(found["worst_share"][i][at], share.max(axis=0), atol=1e-12)
        assert np.allclose(found["peak_multiple"][i], multiple.max(axis=0))
        assert np.array_equal(found["peak_week"][i], multiple.argmax(axis=0))
        disturbed = (share > 0.01) | (multiple[:, at] > 1.1)
        last = np.where(disturbed.any(axis=0), WEEKS - disturbed[::-1].argmax(axis=0), 0)
        assert np.array_equal(found["recovery_week"][i][at], last)
        first = np.where((share > 0.01).any(axis=0), (share > 0.01).argmax(axis=0), -1)
        assert np.array_equal(found["first_week"][i][at], first)


def test_rows_begin_on_cache_lines(net):
    for dtype in WIDTH:
        (_, found), *_ = batches(net, [case_of(net, 0)], WEEKS, dtype)
        assert found.rows.ctypes.data % 64 == 0
        assert found.rows.dtype == np.dtype(dtype)


@njit
def _apply(rows, out, logs):
    x, y = vectors(rows), vectors(out)
    for i in range(rows.shape[0]):
        if logs:
            y[i] = simd_functions.log(x[i])
        else:
            y[i] = simd_functions.exp(x[i])


@pytest.mark.parametrize("dtype", list(WIDTH))
def test_exp_and_log_are_within_two_units_in_the_last_place(dtype):
    rng = np.random.default_rng(0)
    numbers = np.concatenate([rng.uniform(-30, 30, 4000), rng.uniform(-0.4, 0.4, 4000), [0.0] * 16])
    rows, out = (aligned(len(numbers) // WIDTH[dtype], dtype) for _ in range(2))
    rows[:] = numbers.reshape(rows.shape)
    unit = np.finfo(dtype).eps
    _apply(rows, out, False)
    exact = np.exp(rows.astype(np.longdouble))
    assert np.abs(out / exact - 1).max() <= 2 * unit
    positive = aligned(len(out), dtype)
    positive[:] = out
    _apply(positive, out, True)
    exact = np.log(positive.astype(np.longdouble))
    assert (np.abs(out - exact) <= 2 * unit * np.maximum(np.abs(exact), unit)).all()
    assert (out[rows == 0.0] == 0.0).all()


def test_normal_share_is_that_of_scipy():
    from scipy.special import ndtr

    x = np.concatenate([np.linspace(-30, 30, 60_001), [-np.inf, np.inf]])
    ours, exact = simd_functions.normal_share(x[:, None])[:, 0], ndtr(x)
    below = x < 0
    assert np.abs(ours - exact).max() < 1e-8
    assert (np.abs(ours - exact)[below] <= 1e-8 * exact[below] + 1e-300).all()


def test_passing_traces_are_those_that_are_kept(net):
    """The memory of the series is used again, by batches of other sizes too; each trace is right while it is the newest."""
    cases = [case_of(net, i, closed=i % 4 == 0) for i in range(21)]
    for weeks in (WEEKS, WEEKS // 2, WEEKS):
        kept = dict(batch.simulate_each(net, cases, weeks))
        for i, trace in batch.simulate_each(net, cases, weeks, passing=True):
            for name in trace._fields:
                assert np.array_equal(getattr(trace, name), getattr(kept[i], name), equal_nan=True), name


def test_two_passing_runs_do_not_share_memory(net):
    cases = [case_of(net, i) for i in range(9)]
    runs = [batch.simulate_each(net, cases, WEEKS, passing=True) for _ in range(2)]
    for (_, one), (_, other) in zip(*runs, strict=True):
        assert not np.shares_memory(one.price, other.price)
        assert np.array_equal(one.price, other.price)


COMPILE = """
import os
import subprocess
import sys

import numpy as np
from ytterby.simulation import simd_functions
simd_functions.normal_share(np.zeros(3))
print(sum(simd_functions._normal_rows.dispatcher.stats.cache_misses.values()))
"""


@pytest.mark.slow
def test_of_processes_that_need_a_kernel_one_compiles_it(tmp_path):
    where = dict(os.environ, NUMBA_CACHE_DIR=str(tmp_path))
    started = [subprocess.Popen([sys.executable, "-c", COMPILE], stdout=subprocess.PIPE, env=where, text=True) for _ in range(3)]
    assert sorted(int(process.communicate()[0]) for process in started) == [0, 0, 1]


def test_a_changed_source_has_another_digest(tmp_path):
    file = tmp_path / "inlined.py"
    digests = set()
    for text in ("WEEKS = 52", "WEEKS = 53"):
        file.write_text(text)
        digests.add(kernels.source_digest(file))
    assert len(digests) == 2
