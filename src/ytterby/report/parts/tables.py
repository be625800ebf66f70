"""Tables of a firm's parts in a language: the parts, the ladder, the licences by date; for page and terminal alike."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby.report.briefing.document import Table
from ytterby.report.digits import band_place, date_precision, plain_place, rounded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.exposure import LadderStep, LicenceDate, PartExposure, PartsResult
    from ytterby.report.text import Words

WHOLE = 0.995
"""Share from which all of the need is missing [1]."""


def parts_tables(found: PartsResult, words: Words, refs: tuple[str, str, str] = ("", "", "")) -> tuple[Table, Table | None, Table | None]:
    """Table of the parts; of the ladder and of the licences, None where they would be empty.

    Parameters
    ----------
    found : PartsResult
    words : Words
    refs : tuple of str
        Numbers of the notes of the three.
    """
    last = "until" if found.scenario else "upstream"
    parts = Table(
        _say(words, "caption"),
        _heads(words, (*PART_HEADS, last)),
        tuple(part_row(words, found, row) for row in found.parts),
        refs[0],
        words=6,
    )
    ladder = Table(_say(words, "ladder"), _heads(words, LADDER_HEADS), tuple(ladder_row(words, step) for step in found.ladder), refs[1])
    licences = Table(
        _say(words, "licences"), _heads(words, LICENCE_HEADS), tuple(licence_row(words, row) for row in found.licences), refs[2], words=5
    )
    return parts, ladder if found.ladder else None, licences if found.licences else None


PART_HEADS = ("part", "grade", "from", "outlook", "missing", "licence", "day", "renewal")
LADDER_HEADS = ("first", "on_day", "week", "cost", "second")
LICENCE_HEADS = ("ends", "state", "supplier", "parts", "then")


def _say(words: Words, key: str) -> str:
    return words.plain(f"parts.{key}")


def _heads(words: Words, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(words.plain(f"parts.head.{key}") for key in keys)


def part_row(words: Words, found: PartsResult, row: PartExposure) -> tuple[str, ...]:
    """Cells of a part: what becomes of it, when, its licence, the day, the day without renewal, the share upstream or the end."""
    renewal = "" if row.days_without_renewal is None else words.number(row.days_without_renewal, 0)
    if found.scenario:
        last = words.short_day(row.missing_until) if row.missing_until else ""
    else:
        last = "" if row.upstream_share is None else words.percent(row.upstream_share, 0)
    return (
        row.part, row.grade, words.country(row.country), outlook(words, row), missing(words, found, row), licence(words, row),
        day(words, row), renewal, last,
    )  # fmt: skip


def outlook(words: Words, row: PartExposure) -> str:
    """What becomes of a part, in words."""
    if row.outlook == "rescued":
        return words.plain("parts.outlook.rescued", name=row.rescued_by)
    if row.outlook in {"stops", "slows"} and row.missing_share < WHOLE:
        return words.plain("parts.outlook.short", share=words.percent(row.missing_share, 0))
    return words.plain(f"parts.outlook.{row.outlook.replace(' ', '_')}")


def missing(words: Words, found: PartsResult, row: PartExposure) -> str:
    """Date on which a part is first missing; where its range is wider than some weeks, the months in which that begins and ends."""
    if row.missing_from is None:
        return ""
    low, high = (_after(found, days) for days in (row.days_to_stop_low, row.days_to_stop_high))
    if low is None or low == high or (high is not None and date_precision(low, high) == "day"):
        return words.short_day(row.missing_from)
    if high is None:
        return words.plain("parts.or_never", date=words.short_month(low))
    return words.plain("range.dates", low=words.short_month(low), high=words.short_month(high))


def _after(found: PartsResult, days: float | None) -> dt.date | None:
    return None if days is None else found.on + dt.timedelta(days=int(days))


def day(words: Words, row: PartExposure) -> str:
    """Days until a part is missing, with their range, rounded as it allows."""
    if row.days_to_stop is None:
        return ""
    low, high = row.days_to_stop_low, row.days_to_stop_high
    if low == high:
        return words.number(int(row.days_to_stop), 0)
    place = max(band_place(row.days_to_stop, low, high), 0)
    value = words.number(row.days_to_stop, place)
    ends = [words.plain("parts.never") if end is None else words.number(end, place) for end in (low, high)]
    return words.plain("range.band", value=value, low=ends[0], high=ends[1])


def licence(words: Words, row: PartExposure) -> str:
    """State of a part's licence with its date."""
    key = f"parts.licence.{row.licence_state.replace('-', '_')}"
    return (
        words.plain(key, date=words.short_day(row.licence_expiry))
        if row.licence_expiry and row.licence_state in DATED
        else words.plain(key)
    )


DATED = ("valid", "expired")


def ladder_row(words: Words, step: LadderStep) -> tuple[str, ...]:
    """Cells of a step of the ladder."""
    cost = "" if step.one_week_cost_usd is None else words.number(step.one_week_cost_usd, max(plain_place(step.one_week_cost_usd), 0))
    gain = step.qualification_gains
    second = words.plain("parts.all") if gain is None else words.plain("unit.days", value=words.number(int(gain), 0))
    week = words.plain("unit.days", value=words.number(rounded(step.one_week_gains, 0), 0))
    return ", ".join(step.parts), words.number(int(step.first_stop_days), 0), week, cost, second


def licence_row(words: Words, row: LicenceDate) -> tuple[str, ...]:
    """Cells of a date on which licences end."""
    state = words.plain("parts.expired") if row.expired else words.plain("parts.in_days", days=words.number(row.days, 0))
    return (
        words.short_day(row.date),
        state,
        supplier(words, row.supplier, row.country),
        ", ".join(row.parts),
        words.short_day(row.missing_from),
    )


def supplier(words: Words, name: str, country: str) -> str:
    """Supplier with its country; the country alone where it has no name."""
    return words.plain("list.aside", name=name, aside=words.country(country)) if name else words.country(country)
