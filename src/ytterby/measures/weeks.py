"""Weeks of a scenario: Mondays, the share of each week in which something is in force, steps and ramps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]
NumberOrDraws = float | Floats
"""One number, or a column of draws (draw, 1)."""
Mondays = NDArray[np.datetime64]
AT_ONCE = 1e-9
"""A ramp of fewer weeks is none."""


def mondays(start: dt.date, weeks: int) -> Mondays:
    """Mondays of the weeks; the first week is the one that holds `start`. Shape (weeks,), datetime64[D]."""
    first = np.datetime64(start - dt.timedelta(days=start.weekday()), "D")
    return first + 7 * np.arange(weeks)


def last_day(weeks: Mondays) -> dt.date:
    """Sunday of the last week."""
    return (weeks[-1] + 6).astype(dt.date)  # type: ignore[no-any-return]


def share_in_force(first: dt.date, last: dt.date | None, weeks: Mondays) -> Floats:
    """Share of each week's seven days from `first` to `last`, both included [1], shape of `weeks`.

    Without `last` there is no end.
    """
    begin = (np.datetime64(first, "D") - weeks).astype(np.int64)
    if last is None:
        return np.clip(7 - begin, 0, 7) / 7.0
    end = (np.datetime64(last, "D") - weeks).astype(np.int64) + 1
    return np.asarray(np.maximum(np.minimum(end, 7) - np.maximum(begin, 0), 0) / 7.0)


def weeks_since(day: dt.date, weeks: Mondays) -> Floats:
    """Weeks from a day to each Monday, negative before it."""
    return np.asarray((weeks - np.datetime64(day, "D")).astype(float) / 7.0)


def ramped(since: Floats, ramp_weeks: NumberOrDraws) -> Floats:
    """Share of a straight ramp that is done so many weeks after its begin [1]; 1 throughout where there is no ramp."""
    done = np.clip(since / np.maximum(ramp_weeks, AT_ONCE), 0.0, 1.0)
    return np.asarray(np.where(np.asarray(ramp_weeks) > 0.0, done, 1.0))


def stepped(dates: Sequence[dt.date], values: Sequence[NumberOrDraws], weeks: Mondays) -> Floats:
    """Mean value in each week of a step function that is 0 before its first date; shape of `weeks`, (draw, week) for columns."""
    total = np.zeros(len(weeks))
    order = sorted(range(len(dates)), key=lambda i: dates[i])
    for k, i in enumerate(order):
        last = dates[order[k + 1]] - dt.timedelta(days=1) if k + 1 < len(order) else None
        total = total + values[i] * share_in_force(dates[i], last, weeks)
    return total
