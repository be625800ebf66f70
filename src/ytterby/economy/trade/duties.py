"""Duty of the United States by partner, treatment and day (equation T1): the schedule as enacted, and the tariffs of a scenario."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.facts import trade_goods
from ytterby.tables import records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.measures import Tariff

    Array = NDArray[np.float64]

ALL = "*"
TREATMENTS = ("general", "exempt", "exempt_2025", "cars", "car_parts", "metals", "aircraft")
"""Kinds of lines that pay the same additional duties; see :mod:`ytterby.facts.trade_goods`."""
LISTS = {"none": frozenset[str](), "emergency": frozenset({"exempt", "exempt_2025"}), "section_122": frozenset({"exempt"})}
"""Treatments that are free of a tariff, by the lists that it exempts."""


@dataclass(frozen=True)
class ScheduleRow:
    """One step of the schedule."""

    partner: str
    treatment: str
    program: str
    start: str
    form: str
    """``add`` comes on top of the base duty, ``at_least`` is a floor that the base duty counts towards."""
    rate: float
    claimed: float
    """Share of its value that a good is free for which an agreement is claimed."""
    facts: tuple[str, ...]
    kind: str
    source: str
    note: str


class Levy(NamedTuple):
    """What is levied on a day beyond the base duty."""

    added: float
    """On top of the base duty."""
    floor: float
    """Least duty in all."""
    spared: float
    """Part of ``added`` that goods spare for which an agreement is claimed."""
    instead: float = math.nan
    """In place of the base duty; NaN where that stays."""
    enacted: float = math.nan
    """Share of the duty as enacted that stands in place of the base duty; NaN where that stays."""


@cache
def schedule() -> tuple[ScheduleRow, ...]:
    """The schedule as enacted, for all partners that a scenario does not name."""
    return records("ytterby.economy.trade", "tables/schedule", ScheduleRow)


def levy_of(partner: str, treatment: str, day: dt.date) -> Levy:
    """Levy of the schedule on a partner's goods of one treatment on a day."""
    added, floor, spared = 0.0, 0.0, 0.0
    for row in _in_force(partner, treatment, day):
        if row.form == "at_least":
            floor = max(floor, row.rate)
        else:
            added += row.rate
            spared += row.rate * row.claimed
    return Levy(added, floor, spared)


@cache
def _rows_of(partner: str, treatment: str) -> tuple[ScheduleRow, ...]:
    """Rows that apply to a partner's goods of one treatment, from the weakest to the strongest of each program."""
    fitting = (row for row in schedule() if row.partner in {ALL, partner} and row.treatment in {ALL, treatment})
    return tuple(sorted(fitting, key=lambda row: (row.partner != ALL, row.start)))


def _in_force(partner: str, treatment: str, day: dt.date) -> Iterable[ScheduleRow]:
    """The newest row of each program; one of the partner's own goes before one for all."""
    text = day.isoformat()
    return {row.program: row for row in _rows_of(partner, treatment) if row.start <= text}.values()


def tariff_levy(tariffs: Sequence[Tariff], day: dt.date) -> Levy:
    """Levy of tariffs on the same goods on a day."""
    added, floor, instead, enacted = 0.0, 0.0, math.nan, math.nan
    for step in filter(None, (tariff.step_on(day) for tariff in tariffs)):
        if step.of_enacted:
            enacted = step.rate
        elif step.replaces:
            instead = step.rate
        elif step.all_in:
            floor = max(floor, step.rate)
        else:
            added += step.rate
    return Levy(added, floor, 0.0, instead, enacted)


def from_enacted(tariffs: Iterable[Tariff]) -> bool:
    """Whether tariffs start from the duty as enacted: one of them is a share of it."""
    return any(step.of_enacted for tariff in tariffs for step in tariff.steps)


def turns(tariffs: Iterable[Tariff], first: dt.date, last: dt.date) -> list[dt.date]:
    """Days between first and last, both included, on which any duty may change; the first day of all is among them."""
    days = {dt.date.fromisoformat(row.start) for row in schedule()} | {day for tariff in tariffs for day in tariff.days}
    return sorted({first, *(day for day in days if first <= day <= last)})


def months(first: dt.date, count: int) -> list[dt.date]:
    """First days of the months from the month of a day on."""
    start = first.year * 12 + first.month - 1
    return [dt.date((start + i) // 12, (start + i) % 12 + 1, 1) for i in range(count)]


def day_weights(starts: Sequence[dt.date], turning: Sequence[dt.date]) -> Array:
    """Share (month, turn) of each month's days on which what holds from each turn on is in force; rows add up to 1."""
    ends = [*starts[1:], months(starts[-1], 2)[1]]
    begin = np.array([day.toordinal() for day in turning])
    stop = np.append(begin[1:], 10**7)
    lower, upper = (np.array([day.toordinal() for day in days])[:, None] for days in (starts, ends))
    return np.asarray(np.clip(np.minimum(upper, stop) - np.maximum(lower, begin), 0, None) / (upper - lower), float)


class Line(NamedTuple):
    """Imports of one group, partner and treatment in the base."""

    group: int
    supplier: int
    treatment: str
    value: float
    """Customs value [USD/year]."""
    duty: float
    """Duty in the base over customs value."""
    claimed: float
    """Share of the value for which an agreement is claimed."""


class DutyCalendar(NamedTuple):
    """Duties over time."""

    turning: list[dt.date]
    """Days from which each row holds."""
    duty: Array
    """(turn, group, supplier) duty over customs value."""


def calendar(
    lines: Sequence[Line], shape: tuple[int, int], groups: Sequence[str], tariffs: Mapping[str, Sequence[Tariff]], days: Sequence[dt.date]
) -> DutyCalendar:
    """Equation T1: duty by group and supplier on each day, the mean over the lines of a cell weighted with their base value.

    Parameters
    ----------
    lines : sequence of Line
        Imports of the base.
    shape : tuple of int
        Number of groups and of suppliers; the first supplier is the importing country itself.
    groups : sequence of str
        Codes of the groups.
    tariffs : mapping of partner to sequence of Tariff
        Partners that a scenario names pay its tariffs only, all others the schedule. One with a tariff that is a share of the duty as
        enacted pays the schedule wherever no tariff holds.
    days : sequence of date
        Days on which something may change, in order.
    """
    duty, value = np.zeros((len(days), *shape)), np.zeros(shape)
    known: dict[tuple[str, str, str], tuple[Array, Array]] = {}
    for line in lines:
        partner, group = trade_goods.PARTNERS[line.supplier - 1], groups[line.group]
        key = (partner, group if partner in tariffs else "", line.treatment)
        if key not in known:
            known[key] = _levies(partner, group, line.treatment, tariffs.get(partner), days)
        duty[:, line.group, line.supplier] += line.value * rate_of(line, *known[key])
        value[line.group, line.supplier] += line.value
    return DutyCalendar(list(days), duty / np.where(value > 0, value, 1.0))


def _levies(partner: str, group: str, treatment: str, tariffs: Sequence[Tariff] | None, days: Sequence[dt.date]) -> tuple[Array, Array]:
    """Levies (part of :class:`Levy`, day) that hold, and those of the schedule."""
    schedule_levies = np.array([levy_of(partner, treatment, day) for day in days]).T
    if tariffs is None:
        return schedule_levies, schedule_levies
    fitting = [tariff for tariff in tariffs if group in tariff.groups and treatment not in LISTS[tariff.exempt_lists]]
    levies = [tariff_levy(fitting, day) for day in days]
    if from_enacted(tariffs):
        levies = [levy._replace(enacted=1.0) if math.isnan(levy.instead) and math.isnan(levy.enacted) else levy for levy in levies]
    return np.array(levies).T, schedule_levies


def rate_of(line: Line, levies: Array, enacted: Array) -> Array:
    """Duty of a line in all on each day: the base duty or the floor, whichever is more, and what is added.

    Parameters
    ----------
    line : Line
        Imports of the base.
    levies, enacted : array (part of :class:`Levy`, day)
        What is levied, and what the schedule as enacted levies, which counts where ``levies`` names a share of it.
    """
    added, floor, spared, instead, share = levies
    base = np.where(np.isnan(instead), line.duty, instead)
    if not np.isnan(share).all():
        base = np.where(np.isnan(share), base, share * rate_of(line, enacted, enacted))
    return np.asarray(np.maximum(base, floor) + added - spared * line.claimed)
