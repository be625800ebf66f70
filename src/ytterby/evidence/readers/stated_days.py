"""The day that feeds and records state, at the place of the publisher."""

from __future__ import annotations

import datetime as dt
import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAME = f"(?P<month>{'|'.join(MONTHS)})[a-z]*\\.?"
BY_NAME = re.compile(rf"\b(?P<day>\d{{1,2}})[ -]{NAME}[ -](?P<year>(?:(?:19|20)\d\d|\d\d(?= \d\d:)))\b", re.IGNORECASE)
CLOCK = r"(?: \d\d:\d\d(?::\d\d)?)?(?: [A-Z]{2,5})?"
MONTH_FIRST = re.compile(rf"\b{NAME} +(?P<day>\d{{1,2}})(?:,|{CLOCK}) +(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
BY_NUMBER = re.compile(r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
BY_SIGN = re.compile(r"((?:19|20)\d\d)\u5e74\s?(\d{1,2})\u6708\s?(\d{1,2})\u65e5")
"""``2025年2月6日``."""
COMPACT = re.compile(r"\b((?:19|20)\d\d)(\d\d)(\d\d)(?:T?\d{6}Z?)?\b")
DAY_FIRST = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)\b")
CENTURY = 2000
SECONDS = re.compile(r"1[0-9]{9}(?:[0-9]{3})?")


def stated_day(text: str) -> str:
    """Return the day of a stamp such as ``Thu, 06 Feb 2025 07:30:00 +0900`` or ``2025/2/6 7:30`` as ISO date; empty if there is none.

    The day is that of the publisher's own clock: an article of the morning in Tokyo says *on Thursday*, however late on Wednesday it
    is in universal time.
    """
    if found := BY_NAME.search(text) or MONTH_FIRST.search(text):
        year = int(found["year"])
        return _iso(year + CENTURY * (year < 100), MONTHS.index(found["month"].lower()) + 1, int(found["day"]))
    if found := DAY_FIRST.search(text):
        return _iso(*map(int, reversed(found.groups())))
    if SECONDS.fullmatch(text.strip()):
        return _of_seconds(text)
    found = BY_NUMBER.search(text) or BY_SIGN.search(text) or COMPACT.search(text)
    return _iso(*map(int, found.groups())) if found else ""


def _of_seconds(text: str) -> str:
    return dt.datetime.fromtimestamp(int(text.strip()[:10]), dt.UTC).date().isoformat()


def _iso(year: int, month: int, day: int) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except (ValueError, OverflowError):
        return ""
