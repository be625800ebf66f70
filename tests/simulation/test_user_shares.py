"""What is compiled over the weeks of a draw, against the same formulas on whole arrays, bit for bit."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.networks import random_network
from ytterby.simulation.column_groups import ColumnGroups, ReportedGroups
from ytterby.simulation.market_sums import market_use, write_report
from ytterby.simulation.user_shares import Competing, user_shares

WEEKS = 9


def at(place, values, count):
    return np.stack([np.bincount(place, week, count) for week in values])


@pytest.mark.parametrize("seed", range(4))
def test_shares_of_users_are_their_plain_reading(seed):
    rng, net = np.random.default_rng(seed), random_network(seed)
    k, m = len(net.use), len(net.price)
    want = rng.random((WEEKS, k)) * np.where(rng.random(k) < 0.2, 0.0, 2.0)
    trace = SimpleNamespace(want=want, served=want * rng.random((WEEKS, k)), covered=want * 0.1 * rng.random((WEEKS, k)))
    below, before, base_use = rng.random((WEEKS, m)), rng.random(m), rng.random(m)
    group, outside = rng.integers(0, 3, k), (rng.random(k) < 0.7).astype(float)
    found = user_shares(trace, net, base_use, (below, before), Competing(outside, ColumnGroups.of(group, 3)))

    wanted = want / np.maximum(net.use, 1e-12)
    fall = np.diff(below, axis=0, prepend=before[None]) - at(net.demand_market, trace.covered, m)
    own = (want - trace.served + trace.covered) / np.maximum(net.use, 1e-12)
    arrival = wanted - own - (fall / np.maximum(base_use, 1e-12))[:, net.demand_market]
    missing = np.clip(wanted - arrival, 0.0, None) * net.use
    total, short = (at(group, values * outside, group.max() + 1) for values in (want, missing))
    np.testing.assert_array_equal(found.want, wanted)
    np.testing.assert_array_equal(found.arrival, arrival)
    np.testing.assert_array_equal(found.served, np.where(want > 1e-12, trace.served / np.maximum(want, 1e-12), 1.0))
    np.testing.assert_array_equal(found.scarcity, np.clip(short / np.maximum(total, 1e-12), 0.0, 1.0)[:, group])


def test_sums_over_markets_and_groups():
    rng = np.random.default_rng(5)
    want, served, market = rng.random((WEEKS, 11)), rng.random((WEEKS, 11)), rng.integers(0, 4, 11)
    use = market_use(want, served, ColumnGroups.of(market, 4))
    for found, values in zip(use, (want, served, want - served), strict=True):
        np.testing.assert_array_equal(found, at(market, values, 4))
    values, weight = rng.random((WEEKS, 5)), rng.random(5)
    values[2, 1] = values[3, :3] = np.nan
    groups, found = ReportedGroups(np.arange(5), np.array([0, 3, 5]), weight), np.empty((2, WEEKS, 7))
    for which, level in enumerate((np.ones(5), factor := rng.random(5))):
        write_report(values, level, groups, found[which], mean=which == 1)
    np.testing.assert_array_equal(found[0, :, :5], values)
    np.testing.assert_array_equal(found[1, :, :5], values * factor)
    total, mean, plain, values = found[0, :, 5:], found[1, :, 5:], values, values * factor
    for g, own in enumerate((slice(0, 3), slice(3, 5))):
        np.testing.assert_allclose(total[:, g], plain[:, own].sum(axis=1), rtol=1e-15)
        known = np.isfinite(values[:, own]) * weight[own]
        with np.errstate(invalid="ignore"):
            np.testing.assert_allclose(mean[:, g], (np.nan_to_num(values[:, own]) * known).sum(axis=1) / known.sum(axis=1), rtol=1e-15)
    assert np.isnan(mean[3, 0])
    assert np.isfinite(mean[2, 0])


def test_sums_of_one_row_have_the_bits_of_compiled_ones():
    rng = np.random.default_rng(6)
    values, weight, first = rng.random(9), rng.random(9), np.array([0, 3, 3, 9])
    values[4] = np.nan
    groups, found = ReportedGroups(rng.permutation(9), first, weight), np.empty((1, 12))
    for mean in (False, True):
        write_report(values[None], np.ones(9), groups, found, mean=mean)
        np.testing.assert_array_equal(groups.of_row(values, mean=mean), found[0, 9:])
