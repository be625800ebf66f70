"""A project: its ramp, its slip, its buyers."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import strategies as st

from tests.measures.random_keys import MADE, dates, goods
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("project", on=goods(MADE), from_=st.just("CN"), capacity_t_per_year=st.floats(1.0, 20_000.0))
DRAWN = {
    "{kind: project, name: project, on: oxide.NdPr, from: CN, start: 2025-06-01, capacity_t_per_year: 1000}": {
        "capacity_t_per_year": "{dist: uniform, low: 100, high: 3000}"
    }
}
WEEKS = mondays(dt.date(2025, 1, 6), 400)


def growth(**more):
    keys = {"kind": "project", "on": "oxide.Dy", "from": "FR", "start": "2025-01-06", "capacity_t_per_year": 500}
    project = measure(**keys, **more)
    (effect,) = project.effects(WEEKS, DrawnValues(project))
    return effect


def test_it_climbs_its_ramp_after_the_slip():
    capacity = growth().capacity
    assert [capacity[i] for i in (0, 60, 110, 160, 215, 399)] == pytest.approx([100, 225, 325, 400, 450, 450])
    late = growth(slip_weeks=52).capacity
    assert late[:52].max() == 0.0
    np.testing.assert_allclose(late[52:200], capacity[:148])
    assert growth(slip_weeks=52, end="2025-06-01").capacity.max() == 0.0


def test_its_feed_and_buyers_are_told():
    effect = growth(feed="mine.*", offtake={"JP": 0.5})
    assert (effect.plants.feed, effect.plants.regions, effect.buyers) == (("mine.*",), ("FR",), (("JP", 0.5),))
