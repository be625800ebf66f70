"""Substitution: what is saved, and what of it is kept."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import SHARE, TO, USED, dates, goods
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("substitution", on=goods(USED), to=TO, saving=st.floats(0.0, 0.6), kept=SHARE)
DRAWN = {
    "{kind: substitution, name: thrift, on: magnet.*, to: JP, start: 2025-05-05, end: 2025-07-05, saving: 0.2, ramp_weeks: 6, kept: 0.5}": {
        "saving": "{dist: uniform, low: 0, high: 0.5}",
        "ramp_weeks": "{dist: choice, values: [0, 10]}",
        "kept": "{dist: uniform, low: 0, high: 1}",
    }
}


def test_half_of_the_saving_stays():
    thrift = measure(kind="substitution", on="Dy", to="JP", start="2025-03-31", end="2025-06-01", saving=0.4, ramp_weeks=4, kept=0.5)
    (effect,) = thrift.effects(mondays(dt.date(2025, 4, 4), 60), DrawnValues(thrift))
    assert effect.level[[0, 2, 4, 8, 9, 59]].tolist() == pytest.approx([1.0, 0.8, 0.6, 0.6, 0.8, 0.8])
    assert effect.target.required
