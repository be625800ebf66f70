"""Plants that did not run in the base year: asleep they change nothing, awake they sell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.simulation import numpy_reading
from ytterby.errors import ScenarioError
from ytterby.scenario import load_text
from ytterby.simulation import batch
from ytterby.simulation.behaviour import behaviour
from ytterby.simulation.interventions import Effect, no_interventions
from ytterby.simulation.labelled_network import LabelledNetwork
from ytterby.simulation.measure_effects import interventions_of
from ytterby.system import build
from ytterby.units import WEEKS_PER_YEAR

WEEKS = 156
HEAD = "{name: late, title_en: late, title_de: spät, base_year: 2009, start: 2009-01-05, weeks: 156, measures: ["
MINE = "{kind: project, name: mine, on: mine.concentrate-mount-weld, from: AU, start: 2009-06-01, capacity_t_per_year: 12000, ramp: [1]}"
PLANT = "{kind: project, name: plant, on: oxide.Nd, from: MY, start: 2009-09-07, capacity_t_per_year: 2040, ramp: [1]%s}"


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2009))


@pytest.fixture(scope="module")
def bare():
    """The base without what is dormant."""
    system = build(2009)
    empty = {name: getattr(system, name).iloc[:0] for name in ("plants", "sites", "routes")}
    return LabelledNetwork.of(replace(system, **empty))


def run(network, *measures):
    policy = interventions_of(network, load_text(HEAD + ", ".join(measures) + "]}"))
    return policy, batch.simulate(network.net, policy, behaviour(), WEEKS)


def shipped(network, trace, origin, destination, weeks=slice(None)):
    start = f"{origin}>"
    links = [i for i, name in enumerate(network.labels.links) if name.startswith(start) and name.endswith(destination)]
    return float(trace.shipped[weeks][:, links].sum())


def test_asleep_they_change_no_market_of_the_base(network, bare):
    spans = "allocations: [{start: 2009-03-02, end: 2011-12-31, tonnes: 60000}]"
    quota = f"{{kind: quota, on: oxide.*, from: CN, to: all, start: 2009-03-02, {spans}}}"
    (_, full), (_, small) = run(network, quota), run(bare, quota)
    markets = len(bare.net.price)
    assert network.labels.markets[:markets] == bare.labels.markets
    assert np.allclose(full.price[:, :markets], small.price, rtol=1e-12)
    assert full.price[:, :markets].max() > 2.0
    new = [i for i, name in enumerate(network.labels.links) if name in set(network.system.routes.index)]
    assert not full.shipped[:, new].any()


@pytest.mark.parametrize("engine", [numpy_reading, batch], ids=["numpy", "compiled"])
def test_the_rest_point_holds_with_them(network, engine):
    trace = engine.simulate(network.net, no_interventions(network.net, 52, contract=network.contract), behaviour(), 52)
    assert np.abs(trace.price / network.net.price - 1.0).max() < 1e-8
    assert np.abs(trace.shipped - network.net.flow).max() < 1e-8


def test_they_carry_no_flow_in_the_balance():
    system = build(2009)
    assert len(system.plants) > 0
    assert not set(system.plants["process"]) & set(system.processes.index)
    assert not set(system.sites.index) & set(system.markets.index)
    assert not set(system.routes.index) & set(system.links.index)
    raw = system.links[system.links["commodity"].str.startswith(("oxide.", "metal."))]
    legal = raw[raw["origin"].str.endswith("@CN")]["flow"].sum()
    assert legal == pytest.approx(43_897, abs=5)


def test_an_open_plant_sells_what_its_feed_holds(network):
    """Second road: oxides made are the feed used times the recipe; what it sells and keeps is what it makes."""
    _, trace = run(network, MINE, PLANT % "")
    at = {name: i for i, name in enumerate(network.labels.markets)}
    feed, neodymium = at["mine.concentrate-mount-weld@MY"], at["oxide.Nd@MY"]
    plant = network.system.plants.set_index(["process", "market"])["coefficient"]
    used = trace.consumption[:, feed].sum()
    assert used > 5_000.0
    made = trace.production[:, neodymium].sum()
    assert made == pytest.approx(used * plant["oxide.mount-weld@MY", "oxide.Nd@MY"], rel=1e-9)
    gone = shipped(network, trace, "oxide.Nd@MY", "") + trace.consumption[:, neodymium].sum()
    kept = trace.stock[-1, neodymium] - (network.net.cover * network.net.outflow - network.net.imports)[neodymium]
    assert gone + kept == pytest.approx(made + trace.arrivals[:, neodymium].sum() - trace.residual[:, neodymium].sum(), rel=1e-9)
    assert shipped(network, trace, "oxide.Nd@MY", "", slice(104, 156)) > 0.6 * trace.production[104:156, neodymium].sum()


def test_offtake_sends_goods_where_they_were_promised(network):
    (_, free), (_, bound) = run(network, MINE, PLANT % ""), run(network, MINE, PLANT % ", offtake: {JP: 0.9}")
    share = [shipped(network, t, "oxide.Nd@MY", "@JP") / shipped(network, t, "oxide.Nd@MY", "") for t in (free, bound)]
    assert share[1] > share[0] + 0.2


def test_a_supplier_that_doubles_doubles_its_weight(network):
    """Purchase shares on the old ways of a running plant grow with its capacity."""
    made = network.base_production[network.labels.markets.index("metal.Nd@VN")] * WEEKS_PER_YEAR
    more = f"{{kind: project, on: metal.Nd, from: VN, start: 2009-01-05, capacity_t_per_year: {made:.6f}, ramp: [1]}}"
    policy, _ = run(network, more)
    rows = np.flatnonzero(policy.kind == Effect.SOURCE)
    links = policy.target[rows]
    added = policy.weight[rows] * policy.level[policy.measure[rows], -1]
    assert np.allclose(added, network.net.share[links], rtol=1e-6)
    assert {network.labels.links[i].split("@")[0] for i in links} == {"metal.Nd"}


def test_a_plant_that_is_nowhere_is_refused(network):
    with pytest.raises(ScenarioError, match="lies dormant"):
        run(network, "{kind: project, on: oxide.Nd, from: BR, start: 2009-06-01, capacity_t_per_year: 100}")


def test_a_base_without_dormant_plants_keeps_its_name(bare):
    digest = replace(bare.system, plants=pd.DataFrame(), sites=pd.DataFrame(), routes=pd.DataFrame()).digest
    assert digest == bare.system.digest
    assert digest != build(2009).digest
