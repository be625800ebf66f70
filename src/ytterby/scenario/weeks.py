"""Weeks of a scenario: Mondays, and the share of each week in which something is in force."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def mondays(start: dt.date, weeks: int) -> NDArray[np.datetime64]:
    """Mondays of the weeks; the first week is the one that holds `start`. Shape (weeks,), datetime64[D]."""
    first = np.datetime64(start - dt.timedelta(days=start.weekday()), "D")
    return first + 7 * np.arange(weeks)


def share_in_force(first: dt.date, last: dt.date | None, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Share of each week's seven days from `first` to `last`, both included [1], shape of `weeks`.

    Without `last` there is no end.
    """
    begin = (np.datetime64(first, "D") - weeks).astype(np.int64)
    if last is None:
        return np.clip(7 - begin, 0, 7) / 7.0
    end = (np.datetime64(last, "D") - weeks).astype(np.int64) + 1
    return np.asarray(np.maximum(np.minimum(end, 7) - np.maximum(begin, 0), 0) / 7.0)


def stepped(dates: tuple[dt.date, ...], values: tuple[float, ...], weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Mean value in each week of a step function that is 0 before its first date; shape of `weeks`."""
    total = np.zeros(len(weeks))
    order = sorted(range(len(dates)), key=lambda i: dates[i])
    for k, i in enumerate(order):
        last = dates[order[k + 1]] - dt.timedelta(days=1) if k + 1 < len(order) else None
        total = total + values[i] * share_in_force(dates[i], last, weeks)
    return total
