"""Errors that were put into the code on purpose and that no test saw: each of these tests fails with one of them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from ytterby.measures.quota import Quota


@pytest.mark.parametrize(("day", "first"), [(6, 0), (9, 0), (10, 1), (12, 1)])
def test_a_quota_owns_a_week_of_which_it_holds_most(day, first):
    """From Thursday on (day 9) it holds four of seven days, from Friday on three."""
    weeks = np.arange("2025-01-06", "2025-03-03", 7, dtype="datetime64[D]")
    quota = Quota.model_validate(
        {"kind": "quota", "on": "oxide.Dy", "from": "CN", "start": dt.date(2025, 1, day), "tonnes": 10, "period": "year"}
    )
    (rule,) = quota.effects(weeks, {})
    assert rule.spans[0].first == first
