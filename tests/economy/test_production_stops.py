"""Who stops first: closed form, explicit firms, invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import lognorm

from tests.economy import numpy_firms, worlds
from ytterby.economy import production_stops

WEEKS = 60


def run(arrival, *, cover=8.0, parts=None, served=None, want=None):
    arrival = np.asarray(arrival, float)
    path = arrival if arrival.ndim > 1 else arrival[:, None]
    size = path.shape[-1]
    full = np.ones_like(path) if served is None else served
    return production_stops.stops(full, path, np.full(size, cover), parts or worlds.parts(size), want=want)


def test_no_shortage_stops_nobody():
    result = run(np.ones(WEEKS), parts=worlds.parts(lumpy=0.3, firm_share=0.5))
    assert (result.output == 1.0).all()
    assert (result.stopped == 0.0).all()


@pytest.mark.parametrize("number", [1.0, 7.0, 40.0])
def test_share_stopped_follows_the_formula(number):
    """Equation S4 without licence draws and common covers: 1 - (1 - F(M))^K, with F from scipy's lognormal."""
    spread, cover, level = 0.55, 8.0, 0.25
    result = run(np.full(WEEKS, level), cover=cover, parts=worlds.parts(number=number, spread=spread))
    deficit = (1.0 - level) * np.arange(1, WEEKS + 1)
    share = lognorm(s=spread, scale=cover * np.exp(-(spread**2) / 2)).cdf(deficit)
    np.testing.assert_allclose(result.stopped[:, 0], 1.0 - (1.0 - share) ** number, atol=1e-9)


def explicit_firms(arrival, number, spread, firm_share, lumpy, cover=8.0, firms=4000, seed=1):
    """Second road: firms with parts of their own, week by week; stock of a part = max(stock + arrival - 1, 0)."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((firms, 1)) * np.sqrt(firm_share)
    own = rng.standard_normal((firms, number)) * np.sqrt(1 - firm_share)
    stock = cover * np.exp(-(spread**2) / 2 + spread * (common + own))
    alone, licence = rng.random((firms, number)) < lumpy, rng.random((firms, number))
    ever, stopped, output = np.zeros(firms, bool), [], []
    for level in arrival:
        refused = np.where(licence < 1 - level, 0.0, max(level, 1.0))
        reach = stock + np.where(alone, refused, level)
        served = np.minimum(reach, 1.0)
        stock = np.maximum(reach - 1.0, 0.0)
        output.append(served.min(axis=1).mean())
        ever |= (served < 1.0).any(axis=1)
        stopped.append(ever.mean())
    return np.array(stopped), np.array(output)


@pytest.mark.parametrize(
    ("number", "firm_share", "lumpy"), [(1, 0.0, 0.0), (12, 0.0, 0.0), (12, 0.5, 0.0), (1, 0.5, 0.4), (12, 0.5, 0.2), (40, 0.3, 0.05)]
)
@pytest.mark.parametrize("shape", ["ban", "half", "waves"])
def test_explicit_firms_agree(number, firm_share, lumpy, shape):
    paths = {
        "ban": worlds.dip(WEEKS, 0.0, 3, 20, 1.4),
        "half": worlds.dip(WEEKS, 0.5, 2, 40, 1.2),
        "waves": np.tile([0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 0.25, 0.0, 0.5, 1.25], 6),
    }
    arrival = paths[shape]
    result = run(arrival, parts=worlds.parts(number=number, spread=0.55, firm_share=firm_share, lumpy=lumpy))
    stopped, output = explicit_firms(arrival, number, 0.55, firm_share, lumpy)
    # five nodes, eight licence levels and 4,000 explicit firms leave a few hundredths at the crossing
    assert np.abs(result.stopped[:, 0] - stopped).max() < 0.09
    assert np.abs(result.output[:, 0] - output).mean() < 0.02
    assert np.abs(result.output[:, 0] - output).sum() < 0.04 * WEEKS


def test_firms_resume_when_arrivals_exceed_need():
    arrival = worlds.dip(WEEKS, 0.0, 2, 30, 1.2)
    output = run(arrival, parts=worlds.parts(firm_share=0.5, lumpy=0.1)).output[:, 0]
    assert output[29] < 0.01
    np.testing.assert_allclose(output[30:], 1.0)


paths = st.lists(st.floats(0.0, 1.6), min_size=4, max_size=30)


@settings(max_examples=60, deadline=None)
@given(paths, st.floats(0.0, 1.0), st.integers(0, 29), st.floats(0.0, 0.5), st.floats(0.0, 0.9))
def test_a_deeper_shortage_never_helps(path, cut, week, lumpy, firm_share):
    model = worlds.parts(number=12.0, lumpy=lumpy, firm_share=firm_share)
    mild = np.array(path)
    deep = mild.copy()
    deep[week % len(path)] *= cut
    before, after = run(mild, parts=model), run(deep, parts=model)
    assert (after.output <= before.output + 1e-9).all()
    assert (after.stopped >= before.stopped - 1e-9).all()


@settings(max_examples=40, deadline=None)
@given(paths, st.floats(1.0, 4.0), st.floats(1.0, 4.0))
def test_more_cover_delays_and_more_parts_hasten(path, cover, factor):
    base = run(path, parts=worlds.parts(number=10.0, firm_share=0.4))
    stocked = run(path, cover=8.0 * cover, parts=worlds.parts(number=10.0, firm_share=0.4))
    complex_ = run(path, parts=worlds.parts(number=10.0 * factor, firm_share=0.4))
    assert (stocked.stopped <= base.stopped + 1e-9).all()
    assert (complex_.stopped >= base.stopped - 1e-9).all()
    assert (complex_.output <= base.output + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 20))
def test_prefix_permutation_and_draws(seed, weeks):
    rng = np.random.default_rng(seed)
    arrival = rng.uniform(0, 1.5, (3, 20, 6))
    model = worlds.parts(6, number=9.0, lumpy=0.2, firm_share=0.5)
    served, cover = np.ones((3, 20, 6)), rng.uniform(1, 10, 6)
    whole = production_stops.stops(served, arrival, cover, model)
    short = production_stops.stops(served[:, :weeks], arrival[:, :weeks], cover, model)
    np.testing.assert_array_equal(whole.output[:, :weeks], short.output)
    order = rng.permutation(6)
    np.testing.assert_array_equal(production_stops.stops(served, arrival[..., order], cover[order], model).output, whole.output[..., order])
    single = production_stops.stops(served[1], arrival[1], cover, model)
    np.testing.assert_array_equal(single.output, whole.output[1])
    np.testing.assert_array_equal(single.stopped, whole.stopped[1])


def test_draws_may_differ_in_cover_and_parts():
    arrival = np.broadcast_to(worlds.dip(30, 0.0, 0, 30)[:, None], (2, 30, 1))
    model = worlds.parts(1)._replace(number=np.array([[1.0], [40.0]]))
    result = production_stops.stops(np.ones((2, 30, 1)), arrival, np.array([[8.0], [16.0]]), model)
    for draw, (number, cover) in enumerate([(1.0, 8.0), (40.0, 16.0)]):
        alone = run(arrival[draw], cover=cover, parts=worlds.parts(number=number))
        np.testing.assert_array_equal(result.stopped[draw], alone.stopped)


def test_thrift_lowers_the_need():
    want = np.full((WEEKS, 1), 0.8)
    assert (run(np.full(WEEKS, 0.8), want=want, parts=worlds.parts(thrift=0.2)).stopped == 0.0).all()
    assert run(np.full(WEEKS, 0.8), parts=worlds.parts(thrift=0.2)).stopped[-1] > 0.05


def test_use_given_up_beyond_thrift_is_output_given_up():
    """Buyers whom the price drives out want nothing and are served in full: that is a stop, not a saving."""
    want = np.full((WEEKS, 1), 0.4)
    result = run(np.full(WEEKS, 0.4), want=want, parts=worlds.parts(thrift=0.2))
    assert (result.output <= 0.5 + 1e-12).all()
    assert result.stopped[0] >= 0.5 - 1e-12
    gone = run(np.zeros(WEEKS), want=np.zeros((WEEKS, 1)), parts=worlds.parts(thrift=0.3))
    assert (gone.output == 0.0).all()


def test_served_is_a_ceiling_and_features_may_be_dropped():
    served = np.ones((20, 1))
    served[5:8] = 0.4
    plain = run(np.ones(20), served=served)
    np.testing.assert_allclose(plain.output[:, 0], served[:, 0])
    assert plain.stopped[4, 0] == 0.0 < plain.stopped[5, 0]
    lenient = run(np.ones(20), served=served, parts=worlds.parts(incomplete=0.25))
    np.testing.assert_allclose(1.0 - lenient.output, 0.75 * (1.0 - served))


def test_an_input_without_critical_parts_stops_nobody():
    result = run(np.zeros(20), served=np.zeros((20, 1)), parts=worlds.parts(number=0.0))
    assert (result.output == 1.0).all()
    assert (result.stopped == 0.0).all()


@pytest.mark.parametrize("size", [3, 8, 21])
@pytest.mark.parametrize("seed", range(4))
def test_compiled_firms_are_those_that_numpy_reads(seed, size):
    """Shortages that come and go, of users with and without licences, of covers from days to a year."""
    rng = np.random.default_rng(seed)
    arrival = np.clip(np.repeat(rng.uniform(-0.2, 1.6, (12, size)), 5, axis=0) + rng.normal(0.0, 0.02, (WEEKS, size)), 0.0, None)
    want, served = rng.uniform(0.7, 1.1, (WEEKS, size)), rng.uniform(0.9, 1.0, (WEEKS, size))
    arrival[:, rng.random(size) < 0.2] = 1.2
    model = production_stops.PartsModel(
        number=rng.choice([0.0, 1.0, 7.3, 40.0], size),
        spread=rng.uniform(0.1, 1.0, size),
        firm_share=rng.uniform(0.0, 0.9, size),
        lumpy=rng.choice([0.0, 1e-4, 0.3, 1.0], size),
        incomplete=rng.uniform(0.0, 0.5, size),
        thrift=rng.uniform(0.0, 0.2, size),
    )
    cover = np.exp(rng.uniform(np.log(0.0005), np.log(52.0), size))
    found, expected = (room.stops(served, arrival, cover, model, want=want) for room in (production_stops, numpy_firms))
    np.testing.assert_allclose(found.stopped, expected.stopped, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(found.output, expected.output, rtol=1e-11, atol=1e-13)
