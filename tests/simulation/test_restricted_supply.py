"""Share of supply that depends on restricted links: complements by the largest share, substitutes and sources by quantity."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.networks import random_network
from ytterby.scenario import load_text
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.simulation.restricted_supply import traced_share
from ytterby.system import build

SEEDS = st.integers(0, 10_000)
REGIONS = 4
LICENCE = """
name: licence
start: {year}-07-05
weeks: 4
base_year: {year}
measures:
  - {{kind: licence, name: rule, on: [{goods}], from: CN, to: all, start: {year}-07-05, processing_days: 45, approval_rate: 0.7}}
"""


def mixed_network(seed, goods=4):
    """A random chain whose later processes also take in the good before the last one, in a random proportion."""
    rng = np.random.default_rng(seed)
    net = random_network(seed, regions=REGIONS, goods=goods)
    start, market, coefficient = [0], [], []
    for p in range(len(net.activity)):
        rows = slice(net.recipe_start[p], net.recipe_start[p + 1])
        own_market, own = net.recipe_market[rows].tolist(), net.recipe_coefficient[rows].tolist()
        made = own_market[own.index(1.0)]
        if made // REGIONS >= 2:
            own_market.append(made - 2 * REGIONS)
            own.append(-float(rng.uniform(0.01, 1.0)))
        market += own_market
        coefficient += own
        start.append(len(market))
    return net._replace(
        recipe_start=np.array(start, dtype=np.int64),
        recipe_market=np.array(market, dtype=np.int64),
        recipe_coefficient=np.array(coefficient),
    )


def some_links(net, seed):
    return np.flatnonzero(np.random.default_rng([seed, 1]).random(len(net.flow)) < 0.4)


def plain_reading(net, links):
    """Second road: each market asks those who deliver to it, one after another, in plain Python; for networks without loops."""
    restricted = set(links.tolist())

    @cache
    def market_share(m):
        total = affected = 0.0
        for p in range(len(net.activity)):
            rows = range(net.recipe_start[p], net.recipe_start[p + 1])
            inputs = [int(net.recipe_market[r]) for r in rows if net.recipe_coefficient[r] < 0]
            for r in rows:
                if net.recipe_market[r] == m and net.recipe_coefficient[r] > 0:
                    made = net.recipe_coefficient[r] * net.activity[p]
                    total += made
                    affected += made * max((market_share(i) for i in inputs), default=0.0)
        for link in range(len(net.flow)):
            if net.destination[link] == m:
                total += net.flow[link]
                affected += net.flow[link] * (1.0 if link in restricted else market_share(int(net.origin[link])))
        whole = max(total, net.inflow[m] + net.imports[m])
        return affected / whole if whole > 0 else 0.0

    return np.array([market_share(m) for m in range(len(net.price))])


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_equals_a_plain_reading(seed):
    net = mixed_network(seed)
    links = some_links(net, seed)
    assert traced_share(net, links) == pytest.approx(plain_reading(net, links), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_what_complements_weigh_does_not_matter(seed):
    """A few grams without which nothing is made count as much as the kilograms beside them."""
    net, rng = mixed_network(seed), np.random.default_rng(seed)
    links = some_links(net, seed)
    weights = np.where(net.recipe_coefficient < 0, 10.0 ** rng.uniform(-4, 0, len(net.recipe_coefficient)), 1.0)
    other = net._replace(recipe_coefficient=net.recipe_coefficient * weights)
    assert traced_share(other, links) == pytest.approx(traced_share(net, links), abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_more_restricted_links_never_mean_a_smaller_share(seed):
    net = mixed_network(seed)
    few = some_links(net, seed)
    many = np.union1d(few, some_links(net, seed + 1))
    assert np.all(traced_share(net, few) <= traced_share(net, many) + 1e-12)
    assert np.all(traced_share(net, np.arange(len(net.flow))) <= 1.0)
    assert not traced_share(net, np.empty(0, dtype=np.int64)).any()


def two_inputs(net, activity=(1.0,), recipes=(((0, -0.97), (1, -0.03), (2, 1.0)),), links=((3, 0, 0.5), (4, 1, 2.0))):
    """Five markets, of which 3 and 4 are abroad; market 0 makes half of its supply at home, all of market 1 is imported."""
    entries = [entry for recipe in recipes for entry in recipe]
    origin, destination, flow = (np.array(column) for column in zip(*links, strict=True))
    return net._replace(
        price=np.ones(5),
        inflow=np.array([0.5, 0.0, sum(activity), 9.0, 9.0]),
        imports=np.bincount(destination, weights=flow, minlength=5),
        activity=np.array(activity),
        recipe_start=np.cumsum([0, *map(len, recipes)]),
        recipe_market=np.array([market for market, _ in entries]),
        recipe_coefficient=np.array([size for _, size in entries]),
        origin=origin,
        destination=destination,
        flow=flow.astype(float),
    )


@pytest.fixture(scope="module")
def any_network():
    return random_network(0)


def test_the_largest_share_lies_between_the_bounds(any_network):
    """Half of one input and all of a trace of another: at least the larger, at most their sum."""
    net = two_inputs(any_network)
    assert traced_share(net, np.array([0]))[2] == pytest.approx(0.5)
    assert traced_share(net, np.array([1]))[2] == pytest.approx(1.0)
    assert traced_share(net, np.array([0, 1]))[:3] == pytest.approx([0.5, 1.0, 1.0])


def test_alternative_processes_count_by_quantity(any_network):
    """The same two inputs as substitutes: two processes make the good, three quarters from the one and a quarter from the other."""
    net = two_inputs(any_network, (3.0, 1.0), (((0, -1.0), (2, 1.0)), ((1, -1.0), (2, 1.0))))
    assert traced_share(net, np.array([1]))[2] == pytest.approx(0.25)
    assert traced_share(net, np.array([0]))[2] == pytest.approx(0.75 * 0.5)


def test_sources_of_one_market_count_by_quantity(any_network):
    net = two_inputs(any_network, links=((3, 0, 0.5), (4, 1, 2.0), (3, 1, 6.0)))
    assert traced_share(net, np.array([1]))[1:3] == pytest.approx([0.25, 0.25])


def test_a_loop_through_scrap_settles_at_the_least_share(any_network):
    """A tenth of the trace input comes back as scrap of what is made of it: s = 0.5 + 0.1 s when half of it is restricted."""
    net = two_inputs(any_network, recipes=(((0, -0.97), (1, -0.03), (2, 1.0), (1, 0.2)),), links=((3, 0, 0.5), (4, 1, 1.0), (3, 1, 0.8)))
    net = net._replace(inflow=np.array([0.5, 0.2, 1.0, 9.0, 9.0]))
    assert traced_share(net, np.array([1]))[1:3] == pytest.approx([0.5 / 0.9] * 2)
    assert not traced_share(net, np.array([], dtype=np.int64)).any()


def restricted(year, goods):
    """Restricted share by commodity and region of the users' markets, under a Chinese licence on some goods."""
    network = LabelledNetwork.of(build(year))
    draw = Experiment(network, load_text(LICENCE.format(year=year, goods=goods)), 0, 1).draw(0)
    demands = network.system.demands
    return dict(zip(zip(demands["commodity"], demands["region"], strict=True), draw.restricted_share.tolist(), strict=True))


def test_a_licence_on_dysprosium_reaches_the_parts_that_need_it():
    """A few per cent of a magnet's mass: Japan's magnets with dysprosium hang on it, and most of its motors on those."""
    found = restricted(2024, "Dy")
    assert found["magnet.NdFeB-Dy", "JP"] > 0.95
    for part in ("component.traction_motor", "component.drive", "component.compressor", "component.small_motor"):
        assert 0.5 < found[part, "JP"] < 1.0
    for other in ("component.actuator", "magnet.NdFeB", "oxide.La", "oxide.Ce"):
        assert found[other, "JP"] < 0.05


def test_metal_and_oxide_of_dysprosium_alone_reach_japans_own_magnets():
    found = restricted(2024, "oxide.Dy, metal.Dy")
    assert found["magnet.NdFeB-Dy", "JP"] > 0.95
    assert found["component.traction_motor", "JP"] > 0.5
    assert found["component.traction_motor", "US"] < 0.2, "bought as magnets and motors, which are not licensed"


def test_terbium_stands_in_for_dysprosium_in_the_base_of_2009():
    """Magnets take an alloy made from either metal: what hangs on both is what hangs on the one, and what hangs on the other."""
    dysprosium, terbium, both = (restricted(2009, goods)["magnet.NdFeB", "JP"] for goods in ("Dy", "Tb", "Dy, Tb"))
    assert 0.0 < terbium < dysprosium < 1.0
    assert both == pytest.approx(dysprosium + terbium, rel=0.02)
