"""Recorded disruptions: the closed form against explicit firms, leaving an event out, what must not enter, and the scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.economy.numpy_losses import worked_around
from ytterby.app import episode_of
from ytterby.economy import CriticalityModel, assumptions
from ytterby.errors import FactError
from ytterby.facts import load
from ytterby.validation import disruptions
from ytterby.validation.disruptions.losses import FIRM_SPREAD, Shortage, stops, weeks_lost

SHARE = st.floats(0.0, 1.0)


def shortage(**more):
    found = {"missing_user": 0.8, "missing_world": 0.2, "outage": 8.0, "stock": 1.0}
    found |= {"stop_share": 0.7, "worked_around": 0.9, "work_around_weeks": 3.0} | more
    return Shortage(**{name: np.asarray(value, dtype=float) for name, value in found.items()})


@pytest.mark.parametrize("more", [{}, {"outage": 3.0}, {"missing_world": 1.0}, {"stock": 4.0, "outage": 12.0}])
def test_closed_form_against_explicit_firms(more):
    hit, rng, step = shortage(**more), np.random.default_rng(1), 0.01
    stock = float(hit.stock) * np.exp(FIRM_SPREAD * rng.standard_normal(20_000))
    weeks = np.arange(0.0, float(hit.outage), step) + step / 2
    around = float(hit.ceiling) * (1.0 - np.exp(-weeks / float(hit.work_around_weeks)))
    empty = (stock[:, None] < weeks[None, :]).mean(axis=0)
    lost = float(hit.stop_share) * float(hit.missing_user) * (empty * (1.0 - around)).sum() * step
    assert float(weeks_lost(hit)) == pytest.approx(lost, rel=0.03, abs=0.01)


@settings(max_examples=60, deadline=None)
@given(SHARE, SHARE, st.floats(0.1, 30.0), st.floats(0.1, 30.0))
def test_more_missing_and_longer_outages_lose_no_less(a, b, short, long):
    low, high = sorted((a, b))
    first, last = sorted((short, long))
    assert weeks_lost(shortage(missing_user=low)) <= weeks_lost(shortage(missing_user=high)) + 1e-12
    assert weeks_lost(shortage(missing_world=low)) <= weeks_lost(shortage(missing_world=high)) + 1e-12
    assert weeks_lost(shortage(outage=first)) <= weeks_lost(shortage(outage=last)) + 1e-12
    assert bool(stops(shortage(missing_user=low))) <= bool(stops(shortage(missing_user=high)))


def test_every_row_has_a_role_and_nothing_excluded_enters():
    facts, users = load(), disruptions.users()
    disruptions.check(facts, users)
    assert sorted(row.fact for row in disruptions.record_rows()) == [f"DIS{i:03d}" for i in range(1, 71)]
    assert set(disruptions.excluded()) == {"D052", "D053", "C044"}
    with pytest.raises(FactError, match="must not enter"):
        disruptions.check(facts, (replace(users[0], facts=("D052",)),))
    parameters = {name for row in assumptions.read("input_classes").rows for name in row.facts.split()}
    assert parameters <= {row.fact for row in disruptions.record_rows()}


@pytest.mark.parametrize("name", ["D052", "D053", "C044", "B049", "DIS001"])
def test_only_disruptions_until_2022_may_be_cited(name):
    """Figures that were scaled on what followed a control, and any row on a control, are refused; a recorded disruption is not."""
    facts, user = load(), disruptions.users()[0]
    one = (replace(user, facts=(name,)),)
    if name == "DIS001":
        disruptions.check(facts, one)
    else:
        with pytest.raises(FactError, match="must not enter|is no disruption"):
            disruptions.check(facts, one)


def test_what_is_excluded_stands_behind_no_assumption_of_the_economy():
    cited = {name for table in (*assumptions.DRAWN, "rivals") for row in assumptions.read(table).rows for name in row.facts.split()}
    assert not cited & set(disruptions.excluded())


def test_the_record_and_the_economy_work_around_alike():
    """Second road to C3: the economy's weeks against the closed form of the record."""
    model = CriticalityModel(np.array([1.0]), np.array([0.9]), np.array([3.0]))
    weeks = worked_around(model, np.full((20, 1), 0.2))[:, 0]
    hit = shortage(worked_around=0.9, work_around_weeks=3.0, missing_world=0.2)
    np.testing.assert_allclose(weeks, [float(hit.worked_around_at(week)) for week in range(20)], atol=1e-12)


@pytest.mark.slow
def test_what_is_left_out_changes_nothing():
    """Poison an event: what is foretold of it stays the same to the bit."""
    users = tuple(user for user in disruptions.users() if user.input_class == "catalogue_part")
    target = next(user for user in users if user.id == "ash-bmw")
    poisoned = replace(target, stopped=False, figures={name: f for name, f in target.figures.items() if name != "weeks_lost"})
    before, after = (
        {item.user.id: item for item in disruptions.foretell(given, draws=400)}
        for given in (users, tuple(poisoned if user is target else user for user in users))
    )
    assert before["ash-bmw"].p_stop == after["ash-bmw"].p_stop
    assert before["philips-nokia"].p_stop != after["philips-nokia"].p_stop


@pytest.mark.slow
def test_scores_are_told_beside_the_bare_rule():
    chosen = episode_of("disruptions")
    result = chosen.score("disruptions", draws=100, seed=1, project=None, progress=None).to_dict()
    assert result["model"]["hits"] >= 0.8 * result["model"]["asked"]
    assert result["rule"]["hits"] == 23
    assert result["model"]["log_error"] < result["rule"]["log_error"]
    below = [row for row in result["users"] if row["p_stop"] < 0.5]
    assert below
    assert all(row["weeks"] == 0.0 for row in below), "no stop, no week lost: as the record counts"
    assert len(result["users"]) == 29


@pytest.mark.slow
def test_the_shipped_classes_come_from_the_fit(tmp_path):
    chosen = episode_of("disruptions")
    chosen.recalibrate("disruptions", 4000, 1, tmp_path, None)
    shipped = {row.parameter: row.value for row in assumptions.read("input_classes").rows}
    lines = (tmp_path / "input_classes.csv").read_text("utf-8").splitlines()[1:]
    again = {line.split(",")[2]: float(line.split(",")[3]) for line in lines}
    assert again == pytest.approx(shipped, rel=0.02)
