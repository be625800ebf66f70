"""Many draws at once are the same draws one by one, bit for bit: whatever is drawn, whichever way they go, whoever is in the chunk."""

import numpy as np
import pytest

from tests.measures.random_keys import drawn_measures
from ytterby.errors import ScenarioError
from ytterby.scenario import columns, draw_groups, load_scenario, load_text
from ytterby.simulation import batch
from ytterby.simulation.labelled_network import LabelledNetwork
from ytterby.simulation.measure_effects import interventions_of
from ytterby.simulation.run import cases_of, simulated
from ytterby.simulation.uncertain_inputs import drawn_behaviour, drawn_cover, uncertain_inputs
from ytterby.system import build

MEASURES, SPREADS = drawn_measures()
LINES = "\n".join
EVERY_COLUMN = f"""
name: every-column
start: 2025-04-07
weeks: 24
measures:
  - {{kind: ban, name: ban, on: metal.*, from: CN, to: JP, start: 2025-05-01, end: 2025-08-01, depth: 0.5, end_uses: [defence]}}
{LINES(f"  - {measure}" for measure in MEASURES)}
forks:
  - date: 2025-07-07
    branches:
      - {{p: 0.4, ends: [ban]}}
      - {{p: 0.6, measures: [{{kind: ban, name: late, on: oxide.Gd, from: CN, to: US, start: 2025-07-14, depth: 0.5}}]}}
draws:
  measures.ban.depth: {{dist: uniform, low: 0.1, high: 0.9}}
  measures.0.held: {{dist: uniform, low: 0, high: 0.8}}
  measures.ban.end: {{dist: choice, values: ["2025-08-01", "2025-09-01"]}}
{LINES(f"  {line}" for line in SPREADS)}
  forks.0.branches.1.measures.late.depth: {{dist: uniform, low: 0.1, high: 0.9}}
  behaviour.price_gain: {{dist: uniform, low: 0.4, high: 1.2}}
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
        acting = interventions_of(network, scenario.with_values(row).path(row))
        alone = batch.simulate(net, acting, drawn_behaviour(row), scenario.weeks)
        case, trace = together[i]
        assert np.array_equal(case.cover, net.cover)
        for field in ("price", "stock", "shipped", "served", "backlog", "deal"):
            assert np.array_equal(getattr(alone, field), getattr(trace, field), equal_nan=True), (i, field)


def test_draws_that_differ_in_a_date_or_a_fork_are_in_different_groups(scenes):
    scenario = load_text(EVERY_COLUMN)
    drawn = columns(scenario, 200, 5)
    found = list(draw_groups(scenario, drawn, 200))
    assert len(found) == 4
    assert sorted(np.concatenate([group.places for group in found]).tolist()) == list(range(200))
    for places, one, values in found:
        assert len(set(drawn["measures.ban.end"][places])) == 1
        assert len(set((drawn["forks.0"][places] < 0.4).tolist())) == 1
        assert [numbers.measure for numbers in values] == list(one.measures)
        licence = next(numbers for numbers in values if numbers.measure.kind == "licence")
        rates = drawn["measures.licence.approval_rate"][places]
        assert np.array_equal(licence["approval_rate"][:, 0], rates)
        assert licence.measure.approval_rate <= rates.min()
    assert len(list(cases_of(scenes[2024], scenario, drawn, 200))) == 4


def test_a_value_that_is_not_allowed_is_refused():
    scenario = load_scenario("china-licences-2025")
    drawn = columns(scenario, 8, 1)
    drawn["measures.announcement-18.approval_rate"] = drawn["measures.announcement-18.approval_rate"].copy()
    drawn["measures.announcement-18.approval_rate"][5] = 1.5
    with pytest.raises(ScenarioError, match="approval_rate"):
        list(draw_groups(scenario, drawn, 8))
