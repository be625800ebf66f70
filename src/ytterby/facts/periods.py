"""Periods as text (year, half, quarter, month, day, or two of them joined by ``/``), and which figures are outcomes."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from ytterby.facts import vocabulary

OUTCOMES = vocabulary.quantities_with("outcome")
"""Quantities that are outcomes: prices, volumes, output."""

OBSERVATIONS = OUTCOMES | {"event", "negotiation"}
"""Quantities that determine the date of the newest fact; plans, deadlines and forecasts do not."""

CONTROLS_OF_2025 = dt.date(2025, 4, 4)
"""Start of export licensing of medium and heavy rare earths; later observations are held out as outcomes."""

OUTCOME_MARK = "outcome: not for calibration"
"""Text in the scope of an outcome."""

PART = re.compile(r"(\d{4})(?:-(?:([HQ])(\d)|(\d{2})(?:-(\d{2}))?))?")


def _bounds(part: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of one period without ``/``."""
    found = PART.fullmatch(part)
    if found is None:
        return None
    year, kind, index, month, day = found.groups()
    if day:
        one = dt.date(int(year), int(month), int(day))
        return one, one
    length = {"H": 6, "Q": 3}.get(kind or "", 1 if month else 12)
    first = int(month) if month else (int(index) - 1) * length + 1 if index else 1
    after = int(year) * 12 + first - 1 + length
    return dt.date(int(year), first, 1), dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1)


@cache
def start(period: str) -> dt.date | None:
    """First day of a period; None if it is not a valid period."""
    bounds = _bounds(period.split("/")[0])
    return bounds[0] if bounds else None


@cache
def end(period: str) -> dt.date | None:
    """Last day of a period; None if it is not a valid period."""
    bounds = _bounds(period.split("/")[-1])
    return bounds[1] if bounds else None


def valid(period: str) -> bool:
    """Whether a period is well-formed and does not end before it starts."""
    parts = period.split("/")
    try:
        bounds = [_bounds(part) for part in parts]
    except ValueError:
        return False
    first, last = bounds[0], bounds[-1]
    return len(parts) <= 2 and first is not None and last is not None and first[0] <= last[1]


def is_outcome(quantity: str, period: str, day: dt.date = CONTROLS_OF_2025) -> bool:
    """Whether a figure is a price or volume observed after a day."""
    last = end(period)
    return quantity in OUTCOMES and last is not None and last > day
