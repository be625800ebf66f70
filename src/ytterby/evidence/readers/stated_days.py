"""The day that feeds and records state, at the place of the publisher."""

from __future__ import annotations

import datetime as dt
import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BY_NAME = re.compile(r"\b(\d{1,2})[ -]([A-Za-z]{3})[a-z]*\.?[ -]((?:19|20)\d\d)\b")
BY_NUMBER = re.compile(r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
SECONDS = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")


def stated_day(text: str) -> str:
    """Return the day of a stamp such as ``Thu, 06 Feb 2025 07:30:00 +0900`` or ``2025/2/6 7:30`` as ISO date; empty if there is none.

    The day is that of the publisher's own clock: an article of the morning in Tokyo says *on Thursday*, however late on Wednesday it
    is in universal time.
    """
    if found := BY_NAME.search(text):
        day, month, year = found.groups()
        return _iso(int(year), MONTHS.index(month.lower()) + 1, int(day)) if month.lower() in MONTHS else ""
    if found := BY_NUMBER.search(text):
        return _iso(*map(int, found.groups()))
    if SECONDS.fullmatch(text.strip()):
        return dt.datetime.fromtimestamp(int(text.strip()[:10]), dt.UTC).date().isoformat()
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""
