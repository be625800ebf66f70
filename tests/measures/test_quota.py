"""A quota: periods and allocations, and how they fall on weeks."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.random_keys import FROM, dates, goods
from ytterby.errors import ScenarioError
from ytterby.measures import DrawnValues, measure
from ytterby.measures.weeks import mondays

RANDOM = dates("quota", on=goods(), from_=FROM, tonnes=st.floats(1.0, 3000.0), period=st.sampled_from(("month", "half")))
DRAWN = {
    "{kind: quota, name: quota, on: [oxide.La, oxide.Ce], from: CN, start: 2025-04-07, tonnes: 900, period: month,"
    " customs_factor: {Ce: 0.9}}": {"customs_factor.Ce": "{dist: uniform, low: 0.7, high: 1}"}
}
DATE = st.dates(dt.date(2024, 1, 1), dt.date(2027, 1, 1))
QUOTA = {"kind": "quota", "on": "all", "from": "CN", "start": "2025-01-01"}


@given(st.sampled_from(["week", "month", "quarter", "half", "year"]), DATE, st.integers(0, 900))
def test_periods_cover_each_day_once_and_keep_the_tonnes_of_whole_periods(period, start, length):
    last = start + dt.timedelta(days=length)
    parts = measure(kind="quota", on="all", from_="CN", start=start, tonnes=100, period=period).schedule(last)
    assert parts[0].start == start
    assert parts[-1].end == last
    for a, b in zip(parts, parts[1:], strict=False):
        assert b.start == a.end + dt.timedelta(days=1)
    assert all(abs(part.tonnes - 100) < 1e-9 for part in parts[1:-1])
    assert all(0 < part.tonnes <= 100 + 1e-9 for part in parts)


def test_allocations_are_cut_by_days_and_sorted():
    spans = [{"start": "2025-07-01", "end": "2025-07-10", "tonnes": 10}, {"start": "2025-01-01", "end": "2025-06-30", "tonnes": 90}]
    quota = measure(**QUOTA, end="2025-07-05", allocations=spans)
    assert [(p.start.month, p.tonnes) for p in quota.schedule(dt.date(2026, 1, 1))] == [(1, 90.0), (7, 5.0)]


def test_weeks_belong_to_the_allocation_that_holds_most_of_them():
    spans = [
        {"start": "2025-01-06", "end": "2025-01-29", "tonnes": 90, "carries": True},
        {"start": "2025-01-30", "end": "2025-02-16", "tonnes": 30, "carries": True},
    ]
    quota = measure(**QUOTA, allocations=spans, customs_factor={"oxide.La": 0.5}, group="light")
    (rule,) = quota.effects(mondays(dt.date(2025, 1, 6), 10), DrawnValues(quota))
    assert [(s.first, s.stop, s.tonnes, s.carried) for s in rule.spans] == [(0, 3, 90.0, 0.0), (3, 6, 30.0, 1.0)]
    assert (rule.group, rule.customs_factors) == ("light", (("oxide.La", 0.5),))


def test_overlapping_allocations_are_refused():
    spans = [{"start": "2025-01-01", "end": "2025-06-30", "tonnes": 1}, {"start": "2025-06-30", "end": "2025-12-31", "tonnes": 1}]
    with pytest.raises(ScenarioError, match="allocations from 2025-01-01 and 2025-06-30 overlap"):
        measure(**QUOTA, allocations=spans)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"tonnes": 5}, "give 'tonnes' with 'period', or 'allocations'"),
        ({"tonnes": -5, "period": "year"}, "quota: tonnes: found -5; must be at least 0"),
    ],
)
def test_what_a_quota_refuses(keys, words):
    with pytest.raises(ScenarioError, match=words):
        measure(**QUOTA, **keys)
