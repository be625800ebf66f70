"""Many draws at once are the same draws one by one, bit for bit: whatever is drawn, whichever way they go, whoever is in the chunk."""

import numpy as np
import pytest

from ytterby.errors import ScenarioError
from ytterby.scenario.designs import columns
from ytterby.scenario.draw_groups import draw_groups
from ytterby.scenario.files import load_scenario, load_text
from ytterby.scenario.measures import KINDS, SIMULATED
from ytterby.simulation import kernel
from ytterby.simulation.act import act
from ytterby.simulation.cases import cases_of, simulated
from ytterby.simulation.labelled_network import LabelledNetwork
from ytterby.simulation.uncertain_inputs import drawn_behaviour, drawn_cover, uncertain_inputs
from ytterby.system.build import build

EVERY_COLUMN = """
name: every-column
start: 2025-04-07
weeks: 24
measures:
  - {kind: ban, name: ban, on: metal.*, from: CN, to: JP, start: 2025-05-01, end: 2025-08-01, depth: 0.5, end_uses: [defence]}
  - {kind: quota, name: quota, on: [oxide.La, oxide.Ce], from: CN, start: 2025-04-07, tonnes: 900, period: month,
     customs_factor: {Ce: 0.9}}
  - {kind: licence, name: licence, on: [Dy, Tb], from: CN, to: all, start: 2025-04-14, processing_days: 45, approval_rate: 0.6,
     approval_by_end_use: {defence: 0.1}, approval_by_region: {JP: 0.9}, backlog_weeks: 3, scope_spill: 0.2, general_share: 0.3,
     general_from: 2025-07-01, validity_days: 90, no_transfer: true}
  - {kind: export_duty, name: duty, on: oxide.Nd, from: CN, start: 2025-05-05, rate: 0.1}
  - {kind: tariff, name: tariff, on: magnet.*, from: CN, to: US, start: 2025-04-21,
     steps: [{date: 2025-05-01, rate: 0.1}, {date: 2025-06-01, rate: 0.2}]}
  - {kind: outage, name: outage, on: mine.*, from: MM, start: 2025-05-01, end: 2025-06-15, loss: 0.5, ramp_weeks: 6}
  - {kind: project, name: project, on: oxide.NdPr, from: CN, start: 2025-06-01, capacity_t_per_year: 1000}
  - {kind: stockpile, name: build, on: metal.Dy, owner: JP, action: build, tonnes: 20, start: 2025-04-21, over_weeks: 10}
  - {kind: stockpile, name: open, on: oxide.Tb, owner: JP, action: release, tonnes: 15, rate: 2, start: 2025-04-21,
     trigger: {price_above_multiple: 1.1}}
  - {kind: hoarding, name: fear, on: Dy, holders: [JP, US], start: 2025-04-21, factor: 1.5, ramp_weeks: 4, half_life_weeks: 8}
  - {kind: demand_shift, name: shift, to: all, start: 2025-05-05, factor: 1.1, ramp_weeks: 8}
  - {kind: substitution, name: thrift, on: magnet.*, to: JP, start: 2025-05-05, end: 2025-07-05, saving: 0.2, ramp_weeks: 6, kept: 0.5}
  - {kind: recycling, name: scrap, on: magnet.*, from: JP, start: 2025-05-05, collection: 0.4, recovery: 0.8, ramp_weeks: 6,
     capacity_t_per_year: 900}
  - {kind: offtake, name: bound, on: oxide.NdPr, from: MY, to: JP, start: 2025-05-05, tonnes_per_year: 2000}
  - {kind: offtake, name: part, on: oxide.Dy, from: CN, to: KR, start: 2025-05-05, share: 0.01}
forks:
  - date: 2025-07-07
    branches:
      - {p: 0.4, ends: [ban]}
      - {p: 0.6, measures: [{kind: ban, name: late, on: oxide.Gd, from: CN, to: US, start: 2025-07-14, depth: 0.5}]}
draws:
  measures.ban.depth: {dist: uniform, low: 0.1, high: 0.9}
  measures.ban.held: {dist: uniform, low: 0, high: 0.8}
  measures.ban.end: {dist: choice, values: ["2025-08-01", "2025-09-01"]}
  measures.1.customs_factor.Ce: {dist: uniform, low: 0.7, high: 1}
  measures.licence.processing_days: {dist: triangular, low: 0, mode: 45, high: 90}
  measures.licence.approval_rate: {dist: uniform, low: 0.05, high: 0.9}
  measures.licence.approval_by_end_use.defence: {dist: uniform, low: 0, high: 0.6}
  measures.licence.approval_by_region.JP: {dist: uniform, low: 0.5, high: 1}
  measures.licence.backlog_weeks: {dist: uniform, low: 0, high: 5}
  measures.licence.validity_days: {dist: uniform, low: 7, high: 200}
  measures.licence.scope_spill: {dist: choice, values: [0, 0.4]}
  measures.licence.scope_spill_half_life_weeks: {dist: uniform, low: 2, high: 20}
  measures.licence.general_share: {dist: uniform, low: 0.1, high: 0.5}
  measures.duty.rate: {dist: uniform, low: 0, high: 0.3}
  measures.tariff.steps.1.rate: {dist: uniform, low: 0, high: 0.3}
  measures.outage.loss: {dist: uniform, low: 0.1, high: 1}
  measures.outage.ramp_weeks: {dist: choice, values: [0, 5, 9]}
  measures.project.capacity_t_per_year: {dist: uniform, low: 100, high: 3000}
  measures.build.tonnes: {dist: uniform, low: 1, high: 40}
  measures.open.tonnes: {dist: uniform, low: 1, high: 40}
  measures.open.rate: {dist: uniform, low: 0.5, high: 3}
  measures.open.trigger.price_above_multiple: {dist: uniform, low: 1, high: 1.5}
  measures.fear.factor: {dist: uniform, low: 1, high: 2}
  measures.fear.ramp_weeks: {dist: uniform, low: 0, high: 9}
  measures.fear.half_life_weeks: {dist: uniform, low: 2, high: 20}
  measures.shift.factor: {dist: uniform, low: 0.8, high: 1.2}
  measures.shift.ramp_weeks: {dist: choice, values: [0, 10]}
  measures.thrift.saving: {dist: uniform, low: 0, high: 0.5}
  measures.thrift.ramp_weeks: {dist: choice, values: [0, 10]}
  measures.thrift.kept: {dist: uniform, low: 0, high: 1}
  measures.scrap.collection: {dist: uniform, low: 0, high: 1}
  measures.scrap.recovery: {dist: uniform, low: 0, high: 1}
  measures.scrap.retired: {dist: uniform, low: 0.1, high: 0.6}
  measures.scrap.capacity_t_per_year: {dist: uniform, low: 10, high: 2000}
  measures.scrap.ramp_weeks: {dist: choice, values: [0, 9]}
  measures.bound.tonnes_per_year: {dist: uniform, low: 10, high: 4000}
  measures.part.share: {dist: uniform, low: 0, high: 0.2}
  forks.0.branches.1.measures.late.depth: {dist: uniform, low: 0.1, high: 0.9}
  behaviour.price_gain: {dist: uniform, low: 0.4, high: 1.2}
"""
DRAWS = 11


@pytest.fixture(scope="module")
def scenes():
    return {year: LabelledNetwork.of(build(year)) for year in (2024, 2009)}


def scenario_of(name):
    return load_text(EVERY_COLUMN) if name == "every-column" else load_scenario(name).update(weeks=24)


@pytest.mark.parametrize("name", ["every-column", "china-licences-2025", "japan-ban-2026", "japan-embargo-2010"])
def test_draws_in_company_are_draws_alone(scenes, name):
    scenario = scenario_of(name)
    network = scenes[scenario.base_year]
    drawn = columns(scenario, DRAWS, 5, uncertain_inputs(network))
    together = {place: (case, trace) for place, case, trace in simulated(network, scenario, drawn, DRAWS)}
    assert sorted(together) == list(range(DRAWS))
    for i in range(DRAWS):
        row = {key: values[i] for key, values in drawn.items()}
        net = network.net._replace(cover=drawn_cover(network, row))
        alone = kernel.simulate(net, act(network, scenario.with_values(row).path(row)), drawn_behaviour(row), scenario.weeks)
        case, trace = together[i]
        assert np.array_equal(case.cover, net.cover)
        for field in ("price", "stock", "shipped", "served", "backlog", "deal"):
            assert np.array_equal(getattr(alone, field), getattr(trace, field), equal_nan=True), (i, field)


def test_every_column_of_every_simulated_kind_is_drawn():
    """The scenario of the test above leaves no pattern of COLUMNS out."""
    scenario = load_text(EVERY_COLUMN)
    heads = {(m.kind, key.split(".")[2]) for m in scenario.measures for key in scenario.draws if f".{m.name}." in key}
    heads |= {("quota", "customs_factor"), ("export_duty", "steps"), ("tariff", "rate")}
    wanted = {(kind, pattern.partition(".")[0]) for kind in SIMULATED for pattern in KINDS[kind].COLUMNS}
    assert wanted <= heads


def test_draws_that_differ_in_a_date_or_a_fork_go_different_ways(scenes):
    scenario = load_text(EVERY_COLUMN)
    drawn = columns(scenario, 200, 5)
    found = list(draw_groups(scenario, drawn, 200))
    assert len(found) == 4
    assert sorted(np.concatenate([places for places, _ in found]).tolist()) == list(range(200))
    for places, way in found:
        assert len(set(drawn["measures.ban.end"][places])) == 1
        assert len(set((drawn["forks.0"][places] < 0.4).tolist())) == 1
        licence = next(m for m in way.measures if m.kind == "licence")
        assert np.array_equal(licence.approval_rate[:, 0], drawn["measures.licence.approval_rate"][places])
    assert len(list(cases_of(scenes[2024], scenario, drawn, 200))) == 4


def test_a_value_that_is_not_allowed_is_refused():
    scenario = load_scenario("china-licences-2025")
    drawn = columns(scenario, 8, 1)
    drawn["measures.announcement-18.approval_rate"] = drawn["measures.announcement-18.approval_rate"].copy()
    drawn["measures.announcement-18.approval_rate"][5] = 1.5
    with pytest.raises(ScenarioError, match="approval_rate"):
        list(draw_groups(scenario, drawn, 8))
