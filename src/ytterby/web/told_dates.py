"""Days, months, years and periods as articles and registers write them (ISO 8601), in the words of the page."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.report import Words

OPEN = ".."
"""Open end of a period."""
YEAR, MONTH = 4, 7
"""Letters of a year and of a month."""


def period_words(words: Words, text: str | None) -> str:
    """A day or period in words: *21 Oct 2025*, *until 2028*, *Oct 2025 to Apr 2026*; what is none stays as it is."""
    low, _, high = (text or "").partition("/")
    first, last = _day(words, low), _day(words, high)
    if not high:
        return first
    if low == OPEN:
        return words.plain("web-until_day", day=last)
    if high == OPEN:
        return words.plain("web-from_day", day=first)
    return words.plain("range.dates", low=first, high=last)


def _day(words: Words, text: str) -> str:
    """A day, month or year by its length; what is none stays."""
    try:
        if len(text) == MONTH:
            return words.short_month(dt.date.fromisoformat(f"{text}-01"))
        return text if len(text) <= YEAR else words.short_day(dt.date.fromisoformat(text))
    except ValueError:
        return text
