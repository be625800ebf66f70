"""Weeks: Mondays, days in force, steps and ramps."""

from __future__ import annotations

import datetime as dt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ytterby.measures.weeks import last_day, mondays, ramped, share_in_force, stepped, weeks_since

WEEKS = mondays(dt.date(2025, 4, 4), 60)
DATE = st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1))


def test_weeks_begin_on_mondays():
    assert WEEKS[0] == np.datetime64("2025-03-31")
    assert set(WEEKS.astype(dt.datetime).tolist()[i].weekday() for i in range(60)) == {0}
    assert last_day(WEEKS) == dt.date(2025, 3, 31) + dt.timedelta(days=7 * 60 - 1)


@given(DATE, st.none() | DATE)
def test_share_in_force_counts_days(first, last):
    days = [dt.date(2025, 3, 31) + dt.timedelta(days=i) for i in range(7 * 60)]
    inside = np.array([first <= day and (last is None or day <= last) for day in days])
    np.testing.assert_allclose(share_in_force(first, last, WEEKS), inside.reshape(60, 7).mean(axis=1), atol=1e-15)


@given(st.lists(st.tuples(DATE, st.floats(0, 2)), max_size=6, unique_by=lambda step: step[0]))
def test_stepped_is_the_mean_of_the_days(steps):
    def on(day):
        return max((step for step in steps if step[0] <= day), default=(None, 0.0), key=lambda step: step[0])[1]

    days = [dt.date(2025, 3, 31) + dt.timedelta(days=i) for i in range(7 * 60)]
    found = stepped([d for d, _ in steps], [r for _, r in steps], WEEKS)
    np.testing.assert_allclose(found, np.array([on(day) for day in days]).reshape(60, 7).mean(axis=1), atol=1e-12)


def test_a_ramp_is_straight_and_none_is_done_at_once():
    since = weeks_since(dt.date(2025, 3, 31), WEEKS)
    assert since[:3].tolist() == [0.0, 1.0, 2.0]
    assert ramped(since, 4.0)[[0, 2, 4, 9]].tolist() == [0.0, 0.5, 1.0, 1.0]
    assert ramped(since, np.array([[0.0], [10.0]]))[:, 5].tolist() == [1.0, 0.5]
