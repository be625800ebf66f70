"""A demand shift: the ramp and the return."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import TO, dates, goods
from ytterby.measures import DrawnValues, effects, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("demand_shift", on=goods(("magnet.*", "oxide.*", "component.*")), to=TO, factor=st.floats(0.3, 1.6))
DRAWN = {
    "{kind: demand_shift, name: shift, to: all, start: 2025-05-05, factor: 1.1, ramp_weeks: 8}": {
        "factor": "{dist: uniform, low: 0.8, high: 1.2}",
        "ramp_weeks": "{dist: choice, values: [0, 10]}",
    }
}


def test_it_ramps_and_returns():
    shift = measure(kind="demand_shift", to="EU", sectors="wind", start="2025-03-31", end="2025-06-01", factor=0.5, ramp_weeks=4)
    (effect,) = shift.effects(mondays(dt.date(2025, 4, 4), 60), DrawnValues(shift))
    assert effect.target == effects.Demands("demand_shift", (), ("EU",), ("wind",))
    assert effect.level[[0, 2, 4, 8, 9]].tolist() == pytest.approx([1.0, 0.75, 0.5, 0.5, 1.0])
