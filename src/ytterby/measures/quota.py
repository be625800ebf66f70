"""Quota: tonnes that may leave in each period, or in dated spans."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import QuotaRule, QuotaSpan
from ytterby.measures.parts import Allocation
from ytterby.measures.weeks import last_day, share_in_force

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Mondays

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class Quota(Measure):
    """At most so many customs tonnes may leave `from` in each period, all goods together."""

    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("customs_factor.*",)
    kind: Literal["quota"] = "quota"
    tonnes: f.Amount | None = None
    """What may leave in each period [customs t/period]."""
    period: Literal["week", "month", "quarter", "half", "year"] | None = None
    """Calendar period of `tonnes`; the first and last are cut by days."""
    allocations: tuple[Allocation, ...] = Field(default=(), max_length=600)
    """Dated allocations instead of `tonnes` and `period`; between them nothing may leave."""
    group: f.Name | None = None
    """Quotas of one group share their tonnes: the goods compete for the same licences."""
    customs_factor: dict[f.Selector, Annotated[f.Number, Field(gt=0, le=10)]] = Field(default_factory=dict, max_length=200)
    """Customs tonnes that a tonne of the commodity counts, 1 where not given [customs t/t]."""

    def faults(self) -> list[str]:
        """Either a rate per period or dated allocations that do not overlap."""
        if self.allocations and (self.tonnes is not None or self.period is not None):
            return ["give 'tonnes' with 'period', or 'allocations', not both"]
        if not self.allocations and (self.tonnes is None or self.period is None):
            return ["give 'tonnes' with 'period', or 'allocations'"]
        ordered = sorted(self.allocations, key=lambda a: a.start)
        pairs = zip(ordered, ordered[1:], strict=False)
        return [f"allocations from {a.start} and {b.start} overlap" for a, b in pairs if b.start <= a.end]

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[QuotaRule]:
        """Its goods share the allocations; a week belongs to the one that holds most of it."""
        spans: list[QuotaSpan] = []
        for part in self.schedule(last_day(weeks)):
            held = np.flatnonzero(share_in_force(part.start, part.end, weeks) >= 0.5)
            if len(held):
                spans.append(QuotaSpan(int(held[0]), int(held[-1]) + 1, part.tonnes, float(part.carries and bool(spans))))
        factors = tuple((name, values["customs_factor", name]) for name in self.customs_factor)
        yield QuotaRule(self.links, tuple(spans), self.group, factors)

    def schedule(self, last: dt.date) -> tuple[Allocation, ...]:
        """Dated allocations from `start` to `end` or, without it, to `last`; parts of a period by days."""
        end = min(self.end or last, last)
        if self.allocations:
            spans = sorted(self.allocations, key=lambda a: a.start)
        else:
            tonnes = float(self.tonnes or 0.0)
            spans = [Allocation(start=a, end=b, tonnes=tonnes) for a, b in _periods(self.period or "year", self.start, end)]
        return tuple(part for span in spans if (part := _cut(span, self.start, end)))


def _cut(whole: Allocation, start: dt.date, end: dt.date) -> Allocation | None:
    a, b = max(whole.start, start), min(whole.end, end)
    if b < a:
        return None
    part = ((b - a).days + 1) / ((whole.end - whole.start).days + 1)
    return Allocation(start=a, end=b, tonnes=whole.tonnes * part, carries=whole.carries)


def _periods(period: str, start: dt.date, end: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Whole calendar periods that touch the span, as first and last days."""
    day, spans = _period_start(period, start), []
    while day <= end:
        following = _next_period(period, day)
        spans.append((day, following - dt.timedelta(days=1)))
        day = following
    return spans


def _period_start(period: str, day: dt.date) -> dt.date:
    if period == "week":
        return day - dt.timedelta(days=day.weekday())
    n = MONTHS[period]
    return dt.date(day.year, (day.month - 1) // n * n + 1, 1)


def _next_period(period: str, day: dt.date) -> dt.date:
    if period == "week":
        return day + dt.timedelta(days=7)
    months = day.year * 12 + day.month - 1 + MONTHS[period]
    return dt.date(months // 12, months % 12 + 1, 1)
