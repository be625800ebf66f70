"""Plants of recipes in the weekly run: nothing before they open, an ordered start, no mass from nowhere."""

from __future__ import annotations

import numpy as np
import pytest

from tests.simulation import numpy_reading
from ytterby.errors import ScenarioError
from ytterby.facts import load
from ytterby.scenario import load_scenario, load_text
from ytterby.simulation import Effect, LabelledNetwork, batch, behaviour, interventions_of, no_interventions
from ytterby.system import build, sum_at, with_plants
from ytterby.units import WEEKS_PER_YEAR

WEEKS = 260
HEAD = f"{{name: new, start: 2026-01-05, weeks: {WEEKS}, measures: ["
MAGNETS = "{kind: project, on: magnet.NdFeB-Dy, from: MY, recipe: magnet.NdFeB-Dy, start: 2026-06-01, capacity_t_per_year: 3000%s}"
HEAVY = "{kind: project, on: oxide.Dy, from: MY, recipe: oxide.mount-weld-all, start: 2026-06-01, capacity_t_per_year: 30, ramp: [1]}"
MINE = "{kind: project, on: mine.concentrate-nolans, from: AU, recipe: mine.nolans, start: 2026-06-01, capacity_t_per_year: 10000}"
SEPARATION = "{kind: project, on: oxide.NdPr, from: AU, recipe: oxide.nolans, start: 2026-06-01, capacity_t_per_year: 2000}"


def with_measures(*measures):
    """Scenario and network of measures."""
    scenario = load_text(HEAD + ", ".join(measures) + "]}")
    return scenario, LabelledNetwork.of(with_plants(build(2024, load()), load(), scenario.new_plants))


def run(*measures, engine=batch):
    scenario, network = with_measures(*measures)
    policy = interventions_of(network, scenario)
    return network, policy, engine.simulate(network.net, policy, behaviour(), WEEKS)


def made(network, trace, market, weeks=slice(None)):
    return trace.production[weeks, network.labels.markets.index(market)]


def test_a_scenario_without_recipes_has_the_base_and_the_digest_that_it_had():
    plain = "{kind: project, on: oxide.Dy, from: CN, start: 2026-06-01, capacity_t_per_year: 100}"
    scenario, network = with_measures(plain)
    assert network.system is build(2024, load())
    assert scenario.digest == "ec57ada6f70311bbf1bab486110df98f73145b61dd27a21c026d093098aea1da"
    assert load_text(HEAD + plain.replace("}", ", recipe: oxide.clay-cn}") + "]}").digest != scenario.digest
    assert load_scenario("quota-crisis-2010").new_plants == frozenset()


def test_asleep_it_changes_nothing():
    _, network = with_measures(MAGNETS % "", HEAVY)
    trace = batch.simulate(network.net, no_interventions(network.net, 52, contract=network.contract), behaviour(), 52)
    assert np.abs(trace.price / network.net.price - 1.0).max() < 1e-8
    assert np.abs(trace.shipped - network.net.flow).max() < 1e-8


def test_magnets_come_from_where_none_were_made():
    network, policy, trace = run(MAGNETS % "")
    before, late = made(network, trace, "magnet.NdFeB-Dy@MY", slice(0, 21)), made(network, trace, "magnet.NdFeB-Dy@MY", slice(208, 260))
    assert before.max() == 0.0
    assert 0.7 * 3000 < late.sum() < 1.02 * 3000
    metal = network.labels.markets.index("metal.NdPr@MY")
    assert (trace.price[:, metal] / network.net.price[metal]).max() < 1.5
    assert (policy.kind == Effect.PLANNED).sum() == 3
    (row,) = np.flatnonzero(policy.kind == Effect.CAPACITY)
    capacity = policy.level[policy.measure[row], -1] * policy.weight[row] * WEEKS_PER_YEAR
    assert capacity * network.net.utilisation[policy.target[row]] == pytest.approx(0.9 * 3000)  # the ramp of the fifth year
    used = trace.consumption[:, metal].sum() / made(network, trace, "magnet.NdFeB-Dy@MY").sum()
    assert used == pytest.approx(network.system.plants.set_index("market").loc["metal.NdPr@MY", "coefficient"] * -1, rel=1e-9)


def test_a_plant_orders_its_inputs_before_it_opens():
    """What lies there when it opens was bought, and nothing was made of nothing."""
    network, _, trace = run(MAGNETS % "")
    metal = network.labels.markets.index("metal.NdPr@MY")
    opens = 21
    assert trace.stock[opens - 1, metal] > 0.0
    got = trace.arrivals[:, metal].sum()
    assert got == pytest.approx(trace.consumption[:, metal].sum() + trace.stock[-1, metal], rel=1e-9)


def test_heavies_of_mount_weld_are_bounded_by_its_feed():
    network, _, trace = run(HEAVY)
    dysprosium = made(network, trace, "oxide.Dy@MY", slice(208, 260)).sum()
    content = network.contents["mine.concentrate-mount-weld"]["Dy"]
    arrived = trace.arrivals[208:260, network.labels.markets.index("mine.concentrate-mount-weld@MY")].sum()
    assert 10.0 < dysprosium < content * arrived
    japan = network.labels.markets.index("oxide.Dy@JP")
    assert trace.price[-1, japan] < network.net.price[japan]


def test_a_new_mine_feeds_a_new_plant():
    network, _, trace = run(MINE, SEPARATION)
    assert made(network, trace, "oxide.NdPr@AU", slice(208, 260)).sum() > 1200.0
    sent = np.stack([sum_at(network.net.origin, row, len(network.net.price)) for row in trace.shipped])
    before = np.vstack([network.net.cover * network.net.outflow - network.net.imports, trace.stock[:-1]])
    change = trace.arrivals + trace.production + trace.released - trace.consumption - sent - trace.residual
    assert np.abs(before + change - trace.stock).max() < 1e-9 * trace.stock.max()


def test_offtake_and_end_hold_for_new_plants():
    _, _, free = run(MAGNETS % "")
    network, _, bound = run(MAGNETS % ", offtake: {JP: 0.9}")
    links = [i for i, name in enumerate(network.labels.links) if name == "magnet.NdFeB-Dy@MY>magnet.NdFeB-Dy@JP"]
    assert bound.shipped[:, links].sum() > 1.2 * free.shipped[:, links].sum()
    _, _, ended = run(MAGNETS % ", end: 2028-01-02")
    assert made(network, ended, "magnet.NdFeB-Dy@MY")[-1] < 0.05 * made(network, free, "magnet.NdFeB-Dy@MY")[-1]


def test_the_numpy_reading_says_the_same():
    (network, _, fast), (_, _, slow) = (run(MAGNETS % "", engine=engine) for engine in (batch, numpy_reading))
    assert np.abs(fast.price / slow.price - 1.0).max() < 1e-6
    assert np.allclose(fast.production, slow.production, rtol=1e-6, atol=1e-9 * network.net.outflow.max())


def test_a_recipe_that_does_not_make_the_goods_is_told():
    with pytest.raises(ScenarioError, match=r"project: a plant of recipe magnet\.NdFeB in MY does not make magnet\.SmCo"):
        run(MAGNETS.replace("on: magnet.NdFeB-Dy", "on: magnet.SmCo").replace("recipe: magnet.NdFeB-Dy", "recipe: magnet.NdFeB") % "")
