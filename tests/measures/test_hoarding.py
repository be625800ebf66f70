"""Hoarding: the alarm spreads, fades and ends."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("hoarding", on=goods(), holders=st.just(["JP", "US"]), factor=st.floats(1.0, 3.0), half_life_weeks=st.floats(2.0, 30.0))
DRAWN = {
    "{kind: hoarding, name: fear, on: Dy, holders: [JP, US], start: 2025-04-21, factor: 1.5, ramp_weeks: 4, half_life_weeks: 8}": {
        "factor": "{dist: uniform, low: 1, high: 2}",
        "ramp_weeks": "{dist: uniform, low: 0, high: 9}",
        "half_life_weeks": "{dist: uniform, low: 2, high: 20}",
    }
}
WEEKS = mondays(dt.date(2025, 4, 4), 60)


def factors(**keys):
    hoarding = measure(kind="hoarding", on="Dy", holders="JP", start="2025-03-31", **keys)
    (effect,) = hoarding.effects(WEEKS, DrawnValues(hoarding))
    assert effect.target.regions == ("JP",)
    return effect.level


def test_it_fades_and_ends():
    assert factors(factor=3, half_life_weeks=4, weeks=10)[[0, 4, 8, 10]].tolist() == pytest.approx([3.0, 2.0, 1.5, 1.0])
    assert factors(factor=2).min() == 2.0


def test_it_spreads_in_a_straight_line_and_then_fades():
    found = factors(factor=3, ramp_weeks=8, half_life_weeks=4)
    at = int(np.argmax(found))
    assert found[at] == 3.0
    assert np.allclose(np.diff(found[at - 7 : at + 1]), 0.25)
    assert found[at + 5] == pytest.approx(2.0, abs=0.2)


def test_covers_do_not_fall():
    with pytest.raises(ScenarioError, match="hoarding: factor: found 0.5; must be at least 1"):
        factors(factor=0.5)
