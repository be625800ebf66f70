"""Recycling: what is collected."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import SHARE, USED, dates, goods
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("recycling", on=goods(USED), from_=st.sampled_from(("JP", "US")), collection=SHARE, recovery=SHARE)
DRAWN = {
    "{kind: recycling, name: scrap, on: magnet.*, from: JP, start: 2025-05-05, collection: 0.4, recovery: 0.8, ramp_weeks: 6,"
    " capacity_t_per_year: 900}": {
        "collection": "{dist: uniform, low: 0, high: 1}",
        "recovery": "{dist: uniform, low: 0, high: 1}",
        "retired": "{dist: uniform, low: 0.1, high: 0.6}",
        "capacity_t_per_year": "{dist: uniform, low: 10, high: 2000}",
        "ramp_weeks": "{dist: choice, values: [0, 9]}",
    }
}


def test_collection_ramps_up_and_ends():
    keys = {"collection": 0.5, "recovery": 0.8, "retired": 0.4, "ramp_weeks": 4, "capacity_t_per_year": 90}
    scrap = measure(kind="recycling", on="magnet.*", from_="JP", start="2025-03-31", end="2025-06-01", **keys)
    (effect,) = scrap.effects(mondays(dt.date(2025, 4, 4), 60), DrawnValues(scrap))
    assert (effect.collected * effect.in_force)[[0, 2, 4, 8, 9]].tolist() == pytest.approx([0.0, 0.1, 0.2, 0.2, 0.0])
    assert (effect.recovery, effect.capacity) == (0.8, 90.0)
    drawn = DrawnValues(scrap, {"collection": np.array([[0.0], [1.0]])})
    assert scrap.collected(mondays(dt.date(2025, 4, 4), 60), drawn)[:, 8].tolist() == pytest.approx([0.0, 0.4])
