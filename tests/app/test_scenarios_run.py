"""What the bundled scenarios must show on the base system of 2024 and 2009."""

import numpy as np
import pytest

from ytterby.ensembles import DrawAssessment
from ytterby.scenario import bundled, load_scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


@pytest.fixture(scope="module")
def draw(network):
    kept = {}

    def get(name):
        if name not in kept:
            kept[name] = Experiment(network, load_scenario(name), 0, 1).draw(0)
        return kept[name]

    return get


def peak(draw, market):
    at = draw.network.labels.markets.index(market)
    return float((draw.trace.price[:, at] / draw.net.price[at]).max())


def test_no_shock_stays_flat(draw):
    trace, net = draw("no-shock").trace, draw("no-shock").net
    for series in (trace.price, trace.stock, trace.production, trace.consumption, trace.shipped, trace.served):
        start = series[0]
        moved = np.abs(series - start) / np.maximum(np.abs(start), 1e-9 + 1e-6 * np.abs(start).max())
        assert moved.max() < 0.005
    assert len(trace.price) >= 104
    assert np.abs(trace.price / net.price - 1).max() < 1e-8


def test_total_stop_hurts_more_than_licences(network):
    losses = {}
    for name in ("total-stop", "china-licences-2025"):
        experiment = Experiment(network, load_scenario(name), 0, 1)
        arrays = DrawAssessment(experiment).chunk((0, 1))
        value = experiment.network.system.sectors["value_added"].to_numpy()
        losses[name] = float((arrays["gross"][0] * value).sum())
    assert losses["total-stop"] > losses["china-licences-2025"] > 0


def test_myanmar_stop_hits_heavy_not_light(draw):
    shock = draw("myanmar-stop")
    for region in ("CN", "JP"):
        assert peak(shock, f"oxide.Dy@{region}") > 1.3
        assert peak(shock, f"oxide.Tb@{region}") > 1.3
        rise = {name: peak(shock, f"oxide.{name}@{region}") - 1.0 for name in ("Dy", "Tb", "La")}
        assert rise["La"] < 0.2 * min(rise["Dy"], rise["Tb"])


def test_licence_on_heavy_leaves_exports_of_light(draw):
    """Scope: exports of La, Ce and NdPr oxide from China stay near the base; those of Dy fall at once."""
    shock = draw("china-licences-2025")
    net, network = shock.net, shock.network
    from_china = network.region[net.origin] == "CN"

    def ratio(commodity, weeks):
        links = from_china & (network.commodity[net.origin] == commodity)
        return shock.trace.shipped[weeks][:, links].sum() / (net.flow[links].sum() * len(range(*weeks.indices(104))))

    for light in ("oxide.La", "oxide.Ce", "oxide.NdPr"):
        assert ratio(light, slice(0, 104)) == pytest.approx(1.0, abs=0.1), light
    assert ratio("oxide.Dy", slice(2, 8)) < 0.3


def test_prices_part_inside_and_outside_the_restricting_country(draw):
    shock = draw("total-stop")
    assert peak(shock, "magnet.NdFeB-Dy@DE") > 3.0
    inside = shock.trace.price[:, shock.network.labels.markets.index("magnet.NdFeB-Dy@CN")]
    assert inside.min() < 0.9 * inside[0]


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_scenario_runs(name, draw):
    scenario = load_scenario(name)
    if scenario.base_year != 2009:
        own = Experiment(LabelledNetwork.of(build(scenario.base_year, chain=scenario.chain)), scenario, 0, 1)
        trace = (draw(name) if scenario.base_year == 2024 else own.draw(0)).trace
        assert np.isfinite(trace.price).all()
        assert trace.stock.min() >= 0.0


def test_quota_crisis_raises_cheap_oxides_by_more():
    """By 14 March 2011 the quotes FOB China of La and Ce have risen by more than Nd, Dy and Tb: the wedge per kg is the same."""
    crisis = load_scenario("quota-crisis-2010")
    shock = Experiment(LabelledNetwork.of(build(2009)), crisis, 0, 1).draw(0)
    week = int(np.searchsorted(crisis.mondays, np.datetime64("2011-03-14")))
    net, network = shock.net, shock.network

    def multiple(element):
        links = network.links_where([f"oxide.{element}"], ["CN"], ["JP"])
        link, origin = links[0], net.origin[links[0]]
        group = shock.policy.group_of[link]
        rent = shock.trace.wedge[week, group] * shock.policy.customs[link]
        before = net.price[origin] * (1.0 + net.export_tax[link])
        return (shock.trace.price[week, origin] * (1.0 + net.export_tax[link]) + rent) / before

    light, others = [multiple(name) for name in ("La", "Ce")], [multiple(name) for name in ("Nd", "Dy", "Tb")]
    assert min(light) > max(others)
    assert min(light) > 3.0


def test_draws_settle_instead_of_swinging(network):
    """A year and a half after the licences began, use swings by more than 5 % in at most one draw in ten."""
    experiment = Experiment(network, load_scenario("china-licences-2025"), 30, 1)
    markets = [network.labels.markets.index(name) for name in ("oxide.Dy@JP", "metal.Dy@JP", "oxide.Tb@JP", "magnet.SmCo@US")]
    late = np.stack([experiment.draw(i).trace.consumption[-26:, markets] for i in range(30)])
    assert ((late.std(axis=1) / late.mean(axis=1)) > 0.05).mean() <= 0.1
