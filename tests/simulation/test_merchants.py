"""Merchants between regions (18), grades (19), and plants that stop (9b): prices that part are drawn together."""

from __future__ import annotations

import numpy as np
import pytest

from tests.networks import random_network
from tests.policies import random_policy
from ytterby.scenario import load_scenario, load_text
from ytterby.simulation import Experiment, LabelledNetwork, batch
from ytterby.simulation.behaviour import behaviour
from ytterby.simulation.interventions import no_interventions
from ytterby.simulation.lanes import lanes_of
from ytterby.system import build

STOP = slice(0, 51)
"""Weeks of the total stop."""
LATE = slice(26, 51)
"""Those after half a year."""


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


@pytest.fixture(scope="module")
def stop(network):
    return Experiment(network, load_scenario("total-stop"), 0, 1).draw(0).trace


def markets(network, commodity, *, outside="CN"):
    """Markets of a commodity that use it, outside a region."""
    return np.flatnonzero((network.commodity == commodity) & (network.region != outside) & (network.net.outflow > 1e-4))


def test_at_base_prices_no_lane_pays(network):
    for net in (network.net, *(random_network(seed) for seed in range(20))):
        lanes = lanes_of(net)
        price = np.append(lanes.price, 0.0)[lanes.pool]
        traded = lanes.pool >= 0
        assert ((net.price - lanes.cost) / lanes.enter <= price * (1.0 + 1e-12))[traded].all()
        assert (net.price * lanes.leave >= price)[traded].all()


def test_without_a_gap_nothing_is_resold(network):
    trace = batch.simulate(network.net, no_interventions(network.net, 100), behaviour(), 100)
    assert not trace.resold.any()
    assert not trace.on_the_way.any()


def test_what_is_sold_arrives_or_is_on_the_way():
    """Over all markets of a good that has no other grade, what merchants took is what they brought and what they still carry."""
    for seed in range(10):
        net = random_network(seed)
        net = net._replace(lower=np.full(len(net.price), -1))
        trace = batch.simulate(net, random_policy(net, 80, seed), behaviour(), 80)
        for good in np.unique(net.pool[net.pool >= 0]):
            own = net.pool == good
            assert trace.resold[:, own].sum() == pytest.approx(trace.on_the_way[own].sum(), rel=1e-9, abs=1e-9)
        assert not trace.resold[:, net.pool < 0].any()


@pytest.mark.parametrize("commodity", ["oxide.La", "oxide.Ce", "oxide.NdPr", "oxide.Dy", "oxide.Tb", "metal.NdPr", "metal.Dy", "metal.Tb"])
def test_prices_in_an_unrestricted_area_stay_together(network, stop, commodity):
    """Half a year into a total stop no good that needs no qualification costs three times as much in one country as in another.

    Without merchants the factors were 6 (dysprosium), 25 (metal of neodymium) and 63 (lanthanum).
    """
    at = markets(network, commodity)
    multiple = stop.price[LATE][:, at] / network.net.price[at]
    assert (multiple.max(axis=1) / multiple.min(axis=1)).max() < 3.0


def test_neighbours_in_a_customs_union_pay_the_same(network, stop):
    """Lanthanum oxide in Germany and in France: within a fifth from the third month on."""
    at = [network.labels.markets.index(f"oxide.La@{region}") for region in ("DE", "FR")]
    multiple = stop.price[13:51, at] / network.net.price[at]
    assert (multiple.max(axis=1) / multiple.min(axis=1)).max() < 1.25


def test_a_restricting_region_sells_nothing_to_merchants(network, stop):
    banned = network.net.origin[network.region[network.net.origin] == "CN"]
    banned = np.unique(banned[~np.char.startswith(network.commodity[banned], "component.")])
    assert stop.resold[STOP][:, banned].max() <= 1e-12


LICENCE = """
name: licence
start: 2025-01-06
weeks: 52
base_year: 2024
measures:
  - {{kind: licence, on: [Dy], from: CN, to: all, start: 2025-01-06, processing_days: 60, approval_rate: 0.5}}
draws:
  behaviour.resale_bar: {{dist: uniform, low: {bar}, high: {bar}1}}
"""


def test_the_bar_on_resale_holds_goods_back(network):
    """The more of what came under a licence may not be sold on, the less of it is."""
    at = markets(network, "metal.Dy")
    sold = []
    for bar in ("0.0", "0.5", "0.99"):
        trace = Experiment(network, load_text(LICENCE.format(bar=bar)), 0, 1).draw(0).trace
        sold.append(np.maximum(trace.resold[:, at], 0.0).sum())
    assert sold[0] > sold[1] > sold[2]


def test_a_higher_grade_is_not_far_below_a_lower_one(network, stop):
    """Two years around a total stop, by region: most weeks within a quarter; without (19) a tenth of the lower grade's price."""
    upper = np.flatnonzero(network.net.lower >= 0)
    ratio = stop.price[:104, upper] / stop.price[:104, network.net.lower[upper]]
    assert len(upper) > 10
    assert np.quantile(ratio, 0.1) > 0.75
    assert ratio.min() > 0.4


def test_makers_stop_before_they_give_magnets_away(network, stop):
    """What a magnet fetches where nobody may export it does not fall below what its inputs cost."""
    net, names = network.net, network.labels.processes
    for grade in ("NdFeB", "NdFeB-Dy"):
        p = next(i for i, name in enumerate(names) if name == f"magnet.{grade}@CN")
        entries = slice(net.recipe_start[p], net.recipe_start[p + 1])
        worth = stop.price[:, net.recipe_market[entries]] * net.recipe_coefficient[entries]
        assert worth.sum(axis=1).min() > 0.0
