"""Days and lengths of time that claims state, as a measure needs them."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ytterby.evidence.claims import Claim

MAX_LENGTHS = 100
"""Times that one stated range gives, at most."""
DAYS = {"day": 1.0, "week": 7.0, "month": 30.44, "year": 365.25}
"""Days in the units of time of a claim's quantity."""


def stated_lengths(quantity: dict[str, Any] | None) -> list[timedelta]:
    """Times that a stated length can mean, from its least to its greatest by its unit; none if it has no amount or an open end."""
    if quantity is None:
        return []
    bounds = [quantity["lo"], quantity["hi"]] if quantity["value"] is None else [quantity["value"]] * 2
    if None in bounds or bounds[0] <= 0:
        return []
    low, high = (float(bound) for bound in bounds)
    count = min(int(high - low), MAX_LENGTHS - 1)
    amounts = [low + (high - low) * at / count for at in range(count + 1)] if count else [(low + high) / 2]
    return [timedelta(days=max(1, round(amount * DAYS[quantity["unit"]]))) for amount in amounts]


def opening_of(claim: Claim) -> date | None:
    """First day on which a claim's act holds, where it says from when; None if it does not."""
    found = next((item for item in claim.dates if item.get("kind") == "from" and first_day_of(str(item.get("resolved") or ""))), None)
    return first_day_of(str(found["resolved"])) if found else None


def first_day_of(resolved: str) -> date | None:
    """First day of an ISO date, month, year or interval; None for anything else."""
    parts = resolved.split("/")[0].split("-")
    if not all(part.isdecimal() for part in parts) or len(parts[0]) != 4:
        return None
    year, month, day, *_ = [*(int(part) for part in parts), 1, 1]
    return date(year, month, day) if 1 <= month <= 12 else None


def last_day_of(resolved: str) -> date | None:
    """Last day of an ISO date, month, year or interval; None for anything else."""
    text = resolved.split("/")[-1].removeprefix("..")
    first = first_day_of(text)
    if first is None or len(text) >= 10:
        return first
    month = first.month if len(text) >= 7 else 12
    return date(first.year, month, calendar.monthrange(first.year, month)[1])
