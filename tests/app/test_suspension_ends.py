"""The suspension of the October package ends: probabilities, measures in force at the first week, a run, the command."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from click.testing import CliRunner

from ytterby.app import chain, run
from ytterby.cli import cli
from ytterby.errors import NotSimulatedError, ScenarioError
from ytterby.facts import load
from ytterby.scenario import load_scenario, load_text, standing_measures
from ytterby.simulation import Experiment, LabelledNetwork, Screening
from ytterby.system import build, rolled
from ytterby.validation.hazard import probability

NAME = "suspension-ends-2026"
DAY = dt.date(2026, 11, 1)


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(rolled(build(2024), load(), DAY, "announced-pledges"))


def test_probabilities_are_those_of_the_hazard_model():
    [fork] = load_scenario(NAME).forks
    new, for_all = (
        probability(load(), "CN", "rare_earths", target=target, years=1.0, until=dt.date(2026, 4, 10)).probability
        for target in ("any", "all")
    )
    assert [branch.p for branch in fork.branches] == pytest.approx([1 - new, for_all, new - for_all], abs=0.0101)
    assert fork.assumed == ("p",)


def test_weeks_before_the_start_reach_back_to_the_oldest_measure_in_force():
    scenario = load_scenario(NAME)
    assert scenario.all_mondays[0] <= np.datetime64("2025-04-04") < scenario.all_mondays[1]
    assert scenario.all_mondays[scenario.weeks_before] == scenario.mondays[0]
    assert len(scenario.all_mondays) == scenario.weeks_before + scenario.weeks
    assert scenario.update(roll=None).weeks_before == 0
    assert load_scenario("china-licences-2025").weeks_before == 0


def test_without_measures_nothing_moves(network):
    """No shock on the rolled base is flat."""
    bare = load_scenario("no-shock").update(start=dt.date(2026, 11, 2), roll={"path": "announced-pledges"}, weeks=30)
    draw = Experiment(network, bare, 0, 1).draw(0)
    assert np.abs(draw.trace.price / draw.net.price - 1.0).max() < 1e-8
    assert np.abs(draw.arrival_ratio - 1.0)[:, draw.net.use > 1e-6].max() < 1e-8


def test_a_measure_in_force_is_no_event_of_the_first_week(network):
    """Stocks are calm in the first weeks, where licences that came on that day would drain them."""
    scenario = load_scenario(NAME)
    held = scenario.branch((0,)).update(draws={})
    sudden = held.update(roll=None)

    def moved(one):
        trace = Experiment(network, one, 0, 1).draw(0).trace
        assert len(trace.stock) == one.weeks
        dysprosium = [i for i, name in enumerate(network.labels.markets) if name.startswith("oxide.Dy@") and not name.endswith("@CN")]
        return float(np.abs(trace.stock[12] / trace.stock[0] - 1.0)[dysprosium].mean())

    assert moved(held) < 0.1 * moved(sudden)


def test_the_split_keeps_every_week(network):
    """Second road: the same weeks simulated as one horizon that begins earlier."""
    held = load_scenario(NAME).branch((0,)).update(draws={})
    before = held.weeks_before
    whole = held.update(start=held.start - dt.timedelta(weeks=before), weeks=held.weeks + before, roll=None)
    draw, other = (Experiment(network, one, 0, 1).draw(0) for one in (held, whole))
    np.testing.assert_array_equal(draw.trace.price, other.trace.price[before:])
    np.testing.assert_array_equal(draw.arrival_ratio, other.arrival_ratio[before:])


def test_a_screen_refuses_weeks_before_the_start(network):
    with pytest.raises(NotSimulatedError, match="use 'run' instead"):
        Screening(Experiment(network, load_scenario(NAME), 4, 1)).chunk((0, 4))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("roll: {path: flatt}", "did you mean 'flat'"),
        ("roll: {}\nstart: 2024-05-06", "does not lie after the base year"),
        ("roll: {}\nchain: antimony\nbase_year: 2023", "only the base of rare-earths"),
    ],
)
def test_a_wrong_roll_is_refused(changed, said):
    keys = {line.partition(":")[0] for line in changed.splitlines()}
    rest = {"name": "x", "start": "2026-11-02", "weeks": "10"}
    text = "\n".join([*(f"{key}: {value}" for key, value in rest.items() if key not in keys), changed])
    with pytest.raises(ScenarioError, match=said):
        load_text(text, "x.yaml")


def test_measures_that_stand_on_a_day():
    states = {each.measure.name: each.suspended_until for each in standing_measures(DAY)}
    assert states["announcement-18"] is None
    assert states["five-more-elements"] == dt.date(2026, 11, 10)
    assert states["military-use"] is None
    assert not standing_measures(dt.date(2025, 1, 1))
    assert all(each.suspended_until is None for each in standing_measures(dt.date(2026, 11, 11)))


def test_the_command_lists_what_was_rolled(tmp_path):
    found = CliRunner().invoke(cli, ["chain", "--at", "2026-11", "--json", "--project", str(tmp_path)])
    assert found.exit_code == 0
    document = json.loads(found.output)
    assert document["at"] == "2026-11-01"
    assert document["balance_error"] < 1e-12
    assert {row["kind"] for row in document["rolled"]} == {"plant", "circuit", "mine", "use"}
    assert all(row["facts"] for row in document["rolled"] if row["kind"] in ("plant", "circuit"))
    assert {row["state"] for row in document["in_force"]} == {"in force", "suspended"}
    shown = CliRunner().invoke(cli, ["chain", "--at", "2026-11", "--project", str(tmp_path)])
    assert shown.exit_code == 0
    assert "Opened since the base year" in shown.output
    assert max(len(line.rstrip()) for line in shown.output.splitlines()) <= 100


def test_without_a_day_nothing_is_rolled_and_a_path_needs_one(tmp_path):
    assert chain(2024).at is None
    assert not chain(2024).rolled
    wrong = CliRunner().invoke(cli, ["chain", "--path", "flat", "--project", str(tmp_path)])
    assert wrong.exit_code != 0


@pytest.mark.slow
def test_fifty_draws_run(tmp_path):
    done = run(NAME, draws=50, seed=1, project=tmp_path)
    record = done.record
    assert record["base_digest"] != build(2024).digest
    assert record["base_at"] == "2026-11-01"
    assert {"PRO0004", "DEM0079", "DEM0106"} <= set(record["facts"])
    assert done.summary.start == "2026-11-02"
    assert done.summary.weeks == 104
    assert done.summary.headline["all"].high > done.summary.headline["all"].value_added_usd >= 0.0
