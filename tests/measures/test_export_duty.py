"""An export duty: by rate and by steps, and what the base holds already."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import FROM, TO, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, effects, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("export_duty", on=goods(), from_=FROM, to=TO, rate=st.floats(0.0, 0.5))
DRAWN = {
    "{kind: export_duty, name: duty, on: oxide.Nd, from: CN, start: 2025-05-05, rate: 0.1}": {"rate": "{dist: uniform, low: 0, high: 0.3}"},
    "{kind: export_duty, name: stepped, on: oxide.Tb, from: CN, start: 2025-05-05, steps: [{date: 2025-06-01, rate: 0.1}]}": {
        "steps.0.rate": "{dist: uniform, low: 0, high: 0.3}"
    },
}
WEEKS = mondays(dt.date(2025, 4, 4), 60)


def duty(**keys):
    one = measure(kind="export_duty", on="oxide.*", from_="CN", **keys)
    return one, DrawnValues(one)


def test_duty_by_rate_and_by_steps_are_the_same():
    by_rate, values = duty(start="2025-05-05", end="2025-06-01", rate=0.25)
    steps = [{"date": "2025-05-05", "rate": 0.25}, {"date": "2025-06-02", "rate": 0}]
    by_steps, stepped = duty(start="2025-01-01", steps=steps)
    np.testing.assert_array_equal(by_rate.rates(WEEKS, values), by_steps.rates(WEEKS, stepped))
    assert by_rate.rates(WEEKS, values).sum() == pytest.approx(4 * 0.25)


def test_what_was_in_force_before_the_first_week_belongs_to_the_base():
    old, values = duty(start="2020-01-01", end="2025-06-01", rate=0.25)
    assert old.changes(WEEKS, values)[[0, 8, 9, 59]].tolist() == [0.0, 0.0, -0.25, -0.25]
    new, values = duty(start="2025-04-01", rate=0.25)
    np.testing.assert_array_equal(new.changes(WEEKS, values), new.rates(WEEKS, values))


def test_it_is_added_to_what_leaves():
    one, values = duty(start="2025-04-07", rate=0.25)
    (added,) = one.effects(WEEKS, values)
    assert (added.variable, added.operation) == (effects.Variable.EXPORT_DUTY, effects.Operation.ADD)
    assert added.level[[0, 1]].tolist() == [0.0, 0.25]


def test_a_drawn_step_is_a_column_of_rates():
    steps = [{"date": "2025-05-05", "rate": 0.1}, {"date": "2025-06-02", "rate": 0.2}]
    one, _ = duty(start="2025-01-01", steps=steps)
    rates = one.rates(WEEKS, DrawnValues(one, {"steps.1.rate": np.array([[0.2], [0.4]])}))
    assert rates.shape == (2, 60)
    assert rates[:, 5].tolist() == [0.1, 0.1]
    assert rates[:, -1].tolist() == [0.2, 0.4]


def test_either_a_rate_or_steps():
    with pytest.raises(ScenarioError, match="give either 'rate' or 'steps'"):
        duty(start="2025-01-01")
    with pytest.raises(ScenarioError, match="'steps' holds the same date twice"):
        duty(start="2025-01-01", steps=[{"date": "2025-05-05", "rate": 0.1}] * 2)
