"""What a plan of an earlier day knows: no plant that opened later is in its years, and later figures are named row by row."""

import datetime as dt

import numpy as np
import pytest

from ytterby.facts import candidates, load, select_candidates
from ytterby.plan import PlanData, later_figures, later_plants
from ytterby.plan.later_figures import edition_of
from ytterby.system import build, changes_until, opened_after

DAY = dt.date(2025, 5, 30)


def data_of(day):
    return PlanData(build(2024), load(), tuple(select_candidates(candidates(), as_of="")), as_of=day)


def made(data, good, region):
    """Output of a good in a region (year,) [t/year]."""
    path = data.yearly
    own = (path.system.recipes["market"] == f"{good}@{region}").to_numpy()
    return np.maximum(path.production[:, own], 0.0).sum(axis=1)


def test_plants_that_opened_later_are_not_in_the_years():
    then, now = data_of(DAY), data_of(None)
    opened = {row.plant for row in later_plants(DAY)}
    assert {"Fort Worth magnets", "Kuantan expansion"} <= opened
    assert "Kuantan heavy circuit" in opened  # its terbium; its dysprosium was separated two weeks before the day
    assert made(then, "oxide.Dy", "MY")[3] > 0.0
    assert np.all(made(then, "oxide.Tb", "MY") == 0.0)
    assert made(now, "oxide.Tb", "MY")[3] > 0.0


def test_a_plan_without_a_day_or_of_today_has_all_plants():
    base, facts, at = build(2024), load(), dt.date(2030, 7, 1)
    everything = {each.process for each in changes_until(base, facts, at).additions}
    assert {each.process for each in changes_until(base, facts, at, known=facts.as_of).additions} == everything
    assert {each.process for each in changes_until(base, facts, at, known=dt.date(2024, 12, 31)).additions} < everything
    assert opened_after(facts.as_of) == ()


def test_other_days_of_the_same_data_have_years_of_their_own():
    now = data_of(None)
    assert now.yearly.ahead != now.changed(as_of=DAY).yearly.ahead
    assert made(now.changed(as_of=DAY), "oxide.Tb", "MY").max() == 0.0


@pytest.mark.parametrize("day", [DAY, dt.date(2026, 3, 1)])
def test_each_later_figure_is_named_with_its_date(day):
    facts = load()
    rows = list(later_figures(candidates(), facts, day))
    named = {(row.measure, row.figure) for row in rows}
    assert rows
    assert len(named) == len(rows)
    for row in rows:
        assert all(period[:4] >= str(day.year) for period in row.dated)
    for candidate in candidates():
        for name, figure in candidate.figures.items():
            later = [fact for fact in figure.facts if fact in facts.table.index and str(facts.row(fact)["period"])[:4] > str(day.year)]
            assert not later or (candidate.id, name) in named


def test_an_edition_of_the_day_would_be_found_and_none_is_on_record():
    """Once one is on record, plans of its day have to use it: this test then fails."""
    facts = load()
    assert all(row.known_then == () for row in later_figures(candidates(), facts, DAY))
    table = facts.table.copy()
    table.loc["OLD"] = table.loc["PRJ001"]
    table.loc["OLD", "period"] = "2023"
    assert edition_of(table, "PRJ001", DAY) == "OLD"
    assert edition_of(table, "PRJ001", dt.date(2022, 1, 1)) == ""
