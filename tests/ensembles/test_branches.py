"""What a decision costs: each branch of a fork on the same draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ytterby.ensembles import DrawAssessment, PairedBranch, draw_table, paired_branches
from ytterby.ensembles.branches import with_branch
from ytterby.measures import measure
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.system import build

DRAWS = 24


@pytest.fixture(scope="module")
def network() -> LabelledNetwork:
    return LabelledNetwork.of(build(2024))


@pytest.fixture(scope="module")
def experiment(network: LabelledNetwork) -> Experiment:
    return Experiment(network, load_scenario("suspension-ends-2026"), DRAWS, 1)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_all_inputs_but_the_branch_are_the_same_draw_by_draw(experiment: Experiment, number: int) -> None:
    """To the bit, the assumptions of the economy too."""
    forced = with_branch(experiment, number)
    pd.testing.assert_frame_equal(DrawAssessment(forced).inputs, DrawAssessment(experiment).inputs, check_exact=True)
    (taken,) = forced.scenario.choices({"forks.0": forced.rows["forks.0"].to_numpy()})
    assert set(taken.tolist()) == {number}
    keys = {key: experiment.rows[key].iloc[0] for key in experiment.scenario.draws}
    want, got = (one.scenario.with_values(keys).branch((number,)) for one in (experiment, forced))
    assert got.digest == want.digest


def test_a_scenario_without_a_fork_or_without_draws_has_no_branches(experiment: Experiment, network: LabelledNetwork) -> None:
    assert paired_branches(Experiment(network, load_scenario("china-licences-2025"), DRAWS, 1), DRAWS) == ()
    assert paired_branches(Experiment(network, experiment.scenario, 0, 1), DRAWS) == ()


@pytest.fixture(scope="module")
def found(experiment: Experiment) -> tuple[PairedBranch, ...]:
    return paired_branches(experiment, DRAWS)


@pytest.mark.slow
def test_a_branch_of_small_probability_is_simulated_as_often_as_the_others(found: tuple[PairedBranch, ...]) -> None:
    assert [(row.label, row.p, row.draws) for row in found] == [
        ("Extended", 0.75, DRAWS), ("In force for all", 0.22, DRAWS), ("Aimed at Japan", 0.03, DRAWS),
    ]  # fmt: skip


@pytest.mark.slow
def test_where_a_draw_took_a_branch_the_forced_run_is_that_of_the_scenario(experiment: Experiment) -> None:
    """Second road: the table of draws that the run folder keeps."""
    job = DrawAssessment(experiment)
    drawn = draw_table(job, job.chunk((0, DRAWS)))["outcome.value_added_lost.all"].to_numpy()
    (taken,) = experiment.scenario.choices({"forks.0": experiment.rows["forks.0"].to_numpy()})
    assert len(set(taken.tolist())) > 1
    for number in set(taken.tolist()):
        forced = DrawAssessment(with_branch(experiment, number))
        lost = draw_table(forced, forced.chunk((0, DRAWS)))["outcome.value_added_lost.all"].to_numpy()
        np.testing.assert_allclose(lost[taken == number], drawn[taken == number], rtol=1e-9)


@pytest.mark.slow
def test_the_controls_in_force_cost_the_importers_no_less_than_their_suspension(found: tuple[PairedBranch, ...]) -> None:
    """The mean over the places beside China and, in the middle draw, each of them; one draw may save by alarm stocks laid in before."""
    extended, in_force, aimed = found
    places = ("JP", "KR", "US", "DE", "EU")
    for place in places:
        assert in_force.places[place].added_usd >= 0.0, place
        assert in_force.places[place].value_added_usd >= extended.places[place].value_added_usd, place
    assert in_force.places["all"].mean_usd >= 0.99 * extended.places["all"].mean_usd
    assert in_force.places["JP"].mean_usd >= 0.99 * extended.places["JP"].mean_usd
    assert aimed.places["JP"].added_usd > 0.0
    assert all(loss.added_usd == loss.added_low == loss.added_high == 0.0 for loss in extended.places.values())


@pytest.mark.slow
def test_what_still_flows_is_told_where_something_is_restricted(experiment: Experiment, found: tuple[PairedBranch, ...]) -> None:
    """Second road: shipments of each link in the middle draw, and the time that the drawn rules say."""
    extended, _, aimed = found
    assert set(aimed.supply) >= {"JP", "US", "EU"}
    assert "CN" not in aimed.supply, "nothing is restricted on its way to the country that restricts"
    before, after = extended.supply["JP"], aimed.supply["JP"]
    assert set(before.goods) < set(after.goods)
    assert after.first_quarter < before.first_quarter
    assert after.cover_days_lowest < after.cover_days
    assert after.wait_weeks > before.wait_weeks
    rows = with_branch(experiment, 2).rows
    rule = "forks.0.branches.2.measures.japan-only"
    drawn = (rows[f"{rule}.processing_days"] / 5.0 / rows[f"{rule}.approval_rate"]).median()
    assert 0.6 * drawn < after.wait_weeks < 1.4 * drawn


@pytest.mark.slow
def test_nothing_flows_under_a_ban(network: LabelledNetwork) -> None:
    scenario = load_scenario("suspension-ends-2026")
    fork = scenario.forks[0]
    ban = measure(kind="ban", on=["oxide.*", "metal.*"], **{"from": "CN"}, to="JP", start=fork.date)
    branches = (fork.branches[0], fork.branches[2].model_copy(update={"p": 0.25, "measures": (ban,)}))
    keys = {key: value for key, value in scenario.draws.items() if not key.startswith("forks.")}
    banned = scenario.update(forks=(fork.model_copy(update={"branches": branches}),), draws=keys)
    supply = paired_branches(Experiment(network, banned, 4, 1), 4)[1].supply["JP"]
    assert supply.first_year < 0.25  # goods of April 2025 without oxides and metals: magnets still come
    assert supply.first_quarter <= supply.first_year + 0.1
