"""State of a control in the words of the page, as the register has it in English."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.app import ControlRow
    from ytterby.report import Words

CONTROLLED = ("technology", "list")
STATES = {"expired": "expired", "unconfirmed": "unconfirmed", "not enforced": "not_enforced", "announced": "announced", "ended": "ended"}


def state_phrase(words: Words, row: ControlRow) -> str:
    """State of a control in a phrase, such as *licence needed since 4 Apr 2025*."""
    day, until = _day(words, row.since), _day(words, row.until)
    key = STATES.get(row.state, "since_until" if until else "since")
    if row.state == "suspended" or row.lapsed:
        key = "lapsed" if row.lapsed else "suspended"
    first = _day(words, row.from_) if key in ("announced", "unconfirmed", "not_enforced") else day
    return words.plain(f"web-told_{key}", what=_what(words, row), day=first, until=until or day)


def _what(words: Words, row: ControlRow) -> str:
    """What the control does: a licence, a ban, or a quota or duty with its rate."""
    kind = "controlled" if row.kind in CONTROLLED else "ban" if row.kind == "embargo" else row.kind
    return words.plain(f"web-told_{kind}", rate=row.rate).strip()


def _day(words: Words, day: str | None) -> str:
    """Day as the page writes it; empty where there is none."""
    return words.short_day(dt.date.fromisoformat(day)) if day else ""
