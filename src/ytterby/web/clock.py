"""The day on which pages are written."""

from __future__ import annotations

import datetime as dt


def today() -> dt.date:
    """The day, in UTC, as everywhere in the program."""
    return dt.datetime.now(dt.UTC).date()
