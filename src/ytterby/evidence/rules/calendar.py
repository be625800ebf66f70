"""Days, months and years as dates are resolved with them."""

from __future__ import annotations

import calendar
from datetime import date


def first_day(text: str) -> str:
    """First day of a day, month, year or period."""
    begin = text.partition("/")[0]
    return begin + "-01" * ((10 - len(begin)) // 3)


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The day so many months later, or the last of its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    year = min(max(year, 1), 9998)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def nearest_year(month: int, reference: date, is_future: bool) -> int:
    """Year of the next or last such month, seen from the reference."""
    if is_future:
        return reference.year + (month < reference.month)
    return reference.year - (month > reference.month)
