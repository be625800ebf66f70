"""What users lack beside the unserved use, against the deficit that stops firms."""

import numpy as np
import pytest

from ytterby.economy import UserFlows, for_base_output
from ytterby.economy.lack import Lack, lack_of_users
from ytterby.simulation import ColumnGroups

NONE = np.empty(0, dtype=np.int64), np.empty((3, 0))
THRIFT = np.array([0.15, 0.3])


def flows(want, served, arrival):
    return UserFlows(*(np.array(values, dtype=float) for values in (served, arrival, want)))


def lack_by_demand(found, thrift, demands, intended):
    """Over base use, as if each demand had a market of its own."""
    count = len(thrift)
    return lack_of_users(found, thrift, demands, intended, np.ones(count), ColumnGroups.of(np.arange(count), count))


def plain_lack(found, thrift, demands, intended, use, market, markets):
    """On whole arrays, with what one demand after another adds to its market."""
    least, wanted = np.broadcast_to(1.0 - thrift, found.want.shape).copy(), found.want.copy()
    least[:, demands] *= np.minimum(intended, 1.0)
    wanted[:, demands] /= np.maximum(intended, 1.0)
    served = found.want * found.served
    shares = np.maximum(least - wanted, 0.0), served - np.clip(found.arrival, 0.0, served)
    return Lack(*(np.stack([np.bincount(market, week, markets) for week in share * use]) for share in shares))


@pytest.mark.parametrize("seed", range(4))
def test_compiled_lack_is_its_plain_reading_bit_for_bit(seed):
    rng = np.random.default_rng(seed)
    count, markets, weeks = 23, 7, 6
    found = UserFlows(*(rng.random((weeks, count)) * 1.5 - low for low in (0.0, 0.4, 0.0)))
    thrift, use, market = rng.random(count) * 0.3, rng.random(count), rng.integers(0, markets, count)
    changed = rng.choice(count, 4, replace=False), rng.random((weeks, 4)) * 2.0 + 0.1
    for demands in (changed, (np.empty(0, dtype=np.int64), np.empty((weeks, 0)))):
        compiled = lack_of_users(found, thrift, *demands, use, ColumnGroups.of(market, markets))
        for ours, theirs in zip(compiled, plain_lack(found, thrift, *demands, use, market, markets), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_the_three_parts_are_the_deficit_of_arrivals():
    found = flows([[1.0, 0.9], [0.8, 0.5], [0.0, 0.2]], [[1.0, 0.9], [0.5, 1.0], [1.0, 0.25]], [[0.6, 0.7], [0.3, 0.1], [0.0, 0.05]])
    lack = lack_by_demand(found, THRIFT, *NONE)
    unserved = found.want * (1.0 - found.served)
    need = np.maximum(found.want, 1.0 - THRIFT)
    np.testing.assert_allclose(unserved + lack.priced_out + lack.from_stock, need - found.arrival)


def test_savings_of_thrift_and_refilled_stocks_are_no_lack():
    lack = lack_by_demand(flows([[0.86, 0.7]] * 3, [[1.0, 1.0]] * 3, [[1.4, 0.7]] * 3), THRIFT, *NONE)
    assert not np.any(lack)


def test_stock_that_goes_abroad_is_no_use_of_the_users_at_home():
    lack = lack_by_demand(flows([[0.5, 1.0]] * 3, [[1.0, 1.0]] * 3, [[-0.9, -0.1]] * 3), THRIFT, *NONE)
    np.testing.assert_allclose(lack.from_stock, [[0.5, 1.0]] * 3)


@pytest.mark.parametrize("intended", [0.6, 1.0, 1.5])
def test_users_who_save_or_grow_by_measures_lack_what_stops_them(intended):
    """By the road of S0: need of the base output less want, put back to the scale of base use."""
    changed = np.array([0]), np.full((3, 1), intended)
    found = flows([[0.4, 1.0]] * 3, [[0.8, 1.0]] * 3, [[0.2, 1.0]] * 3)
    base = for_base_output(found, THRIFT, *changed)
    stopped = np.maximum(1.0 - THRIFT - base.want, 0.0) * [min(intended, 1.0), 1.0]
    np.testing.assert_allclose(lack_by_demand(found, THRIFT, *changed).priced_out, stopped)
