"""Bounds: they hold the traced share, collapse with the ranges, widen with them, and no balanced system escapes."""

import numpy as np
import pytest

from tests.exposure.systems import random_system
from ytterby.exposure import tracing
from ytterby.exposure.bounds import ShareBounds, interval_shares
from ytterby.exposure.element_network import element_network, stages_of

SEEDS = range(4)


def ends(network, demands, stage, supplier):
    """Ends of the interval walk for some demands, weighted by use."""
    weight = network.use[demands] / network.use[demands].sum()
    at = network.demand_market[demands]
    return tuple(float(weight @ interval_shares(network, stage, (supplier,), maximise=most)[at]) for most in (False, True))


@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_contain_the_matrix_value_and_one_another(seed):
    network = element_network(random_system(seed, spread=1.6), "Nd")
    walk, demands = tracing.upstream_walk(network), network.demands_of(("JP",), "cars_battery")
    programme, coarse = ShareBounds(network, demands), ShareBounds(network, demands, minor=0.02)
    for stage in stages_of(network):
        for supplier, share in tracing.traced_shares(walk, stage, tracing.use_weights(network, demands)).items():
            if supplier in {tracing.SECONDARY, tracing.UNDOCUMENTED}:
                continue
            low, high = programme.bounds(stage, (supplier,))
            wide_low, wide_high = ends(network, demands, stage, supplier)
            coarse_low, coarse_high = coarse.bounds(stage, (supplier,))
            assert low - 1e-6 <= share <= high + 1e-6
            assert wide_low - 1e-6 <= low
            assert high <= wide_high + 1e-6
            assert coarse_low - 1e-6 <= low
            assert high <= coarse_high + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_collapse_when_every_range_is_a_point(seed):
    system = random_system(seed, spread=1.0)
    network = element_network(system, "Nd")
    network.use_low[:], network.use_high[:] = network.use, network.use
    walk, demands = tracing.upstream_walk(network), network.demands_of(("JP",))
    for stage in ("mine", "oxide"):
        for supplier, share in tracing.traced_shares(walk, stage, tracing.use_weights(network, demands)).items():
            assert ShareBounds(network, demands).bounds(stage, (supplier,)) == pytest.approx((share, share), abs=1e-6)
            assert ends(network, demands, stage, supplier) == pytest.approx((share, share), abs=1e-8)


def test_wider_ranges_never_narrow_the_bounds():
    before = None
    for spread in (1.0, 1.2, 1.6, 2.5):
        network = element_network(random_system(1, spread=spread), "Nd")
        low, high = ShareBounds(network, network.demands_of(("JP",), "cars_battery")).bounds("oxide", ("CN",))
        if before:
            assert low <= before[0] + 1e-6
            assert high >= before[1] - 1e-6
        before = low, high
    assert high - low > 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_no_other_balanced_system_escapes(seed):
    """Swap flows along two-by-two exchanges, which keep every market balanced, and trace anew."""
    network = element_network(random_system(seed, spread=1.5), "Nd")
    demands, rng = network.demands_of(("JP",), "cars_battery"), np.random.default_rng(seed)
    bounds = {stage: ShareBounds(network, demands).bounds(stage, ("CN",)) for stage in ("mine", "oxide", "metal")}
    place = {(o, d): number for number, (o, d) in enumerate(zip(network.origin, network.destination, strict=True))}
    moved = 0
    for _ in range(60):
        (a, c), (b, d) = rng.permutation(list(place))[:2]
        if (a, d) not in place or (b, c) not in place or a == b or c == d:
            continue
        up, down = [place[a, c], place[b, d]], [place[a, d], place[b, c]]
        room = min((network.flow_high - network.flow)[up].min(), (network.flow - network.flow_low)[down].min())
        step = rng.uniform(0, room)
        network.flow[up] += step
        network.flow[down] -= step
        moved += step > 1e-3
        assert np.abs(network.inflow - network.outflow).max() < 1e-6
        walk = tracing.upstream_walk(network)
        for stage, (low, high) in bounds.items():
            assert low - 1e-6 <= tracing.traced_shares(walk, stage, tracing.use_weights(network, demands)).get("CN", 0.0) <= high + 1e-6
    assert moved > 0


@pytest.mark.parametrize("maximise", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_walk_rests_where_nothing_must_supply_a_market(seed, maximise, monkeypatch):
    """Of a market without a certain inflow either end is a fixed point: one more step changes nothing."""
    network = element_network(random_system(seed, spread=1.5), "Nd")
    network.flow_low[:] = 0.0
    found = []
    for steps in (400, 401):
        monkeypatch.setattr("ytterby.exposure.bounds.MAX_ITERATIONS", steps)
        found.append(interval_shares(network, "oxide", ("CN",), maximise=maximise))
    np.testing.assert_array_equal(*found)
    assert maximise or (found[0] <= interval_shares(network, "oxide", ("CN",), maximise=True) + 1e-9).all()
