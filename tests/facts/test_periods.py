"""Periods: every valid one has a first day not after its last; years, halves, quarters and months tile."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.facts import periods

YEARS = st.integers(1990, 2060)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2024-Q3", "2024-07-01", "2024-09-30"),
        ("2010-09/2010-11", "2010-09-01", "2010-11-30"),
        ("2010-04/2011", "2010-04-01", "2011-12-31"),
    ],
)
def test_first_and_last_day(text, first, last):
    assert periods.valid(text)
    assert (periods.start(text), periods.end(text)) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-00", "2023-02-29", "2025/2024", "2020/2021/2022", "2024-H3", "2024-Q0", "May 2024"]
)
def test_what_is_no_period(text):
    assert not periods.valid(text)


@given(YEARS)
def test_parts_tile_the_year(year):
    for parts in ([f"{year}-H{i}" for i in (1, 2)], [f"{year}-Q{i}" for i in (1, 2, 3, 4)], [f"{year}-{i:02}" for i in range(1, 13)]):
        assert periods.start(parts[0]) == dt.date(year, 1, 1)
        assert periods.end(parts[-1]) == dt.date(year, 12, 31)
        for one, following in zip(parts, parts[1:], strict=False):
            assert periods.end(one) + dt.timedelta(days=1) == periods.start(following)


@given(st.text(max_size=12))
def test_any_text_is_judged_without_a_crash(text):
    if periods.valid(text):
        assert periods.start(text) <= periods.end(text)
