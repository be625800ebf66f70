"""Measures at the border: ban, quota, licence, export duty, tariff."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, Discriminator, Field, Tag

from ytterby.scenario import fields as f
from ytterby.scenario.distributions import Distribution
from ytterby.scenario.measure import Allocation, Measure, RateStep, TariffStep, Window
from ytterby.scenario.weeks import share_in_force, stepped

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORKING_DAYS = 5.0
"""Working days in a week; holidays are not counted."""


class Ban(Measure):
    """Goods may not leave `from` for `to`: an embargo, or a stop for some end users only."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("depth", "held")
    kind: Literal["ban"] = "ban"
    depth: f.Share = 1.0
    """Share of the flow that is stopped [1]."""
    held: f.Share = 0.0
    """Share of what is stopped that waits at the port and leaves when the ban ends; the rest is ordered elsewhere [1]."""
    end_uses: f.Sectors = ()
    """Only goods for these end uses; all where empty."""


class Quota(Measure):
    """At most so many customs tonnes may leave `from` in each period, all goods together."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("customs_factor.*",)
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


MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


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


def _spread_or_number(value: Any) -> str:
    return "spread" if isinstance(value, dict | BaseModel) else "number"


DaysOrSpread = Annotated[Annotated[f.Days, Tag("number")] | Annotated[Distribution, Tag("spread")], Discriminator(_spread_or_number)]


class Licence(Measure):
    """Goods may leave only with a permit: an application waits, is decided, and ships or is refused."""

    COLUMNS: ClassVar[tuple[str, ...]] = (
        "processing_days",
        "approval_rate",
        "approval_by_end_use.*",
        "approval_by_region.*",
        "backlog_weeks",
        "validity_days",
        "scope_spill",
        "scope_spill_half_life_weeks",
        "general_share",
    )
    kind: Literal["licence"] = "licence"
    processing_days: DaysOrSpread = 45.0
    """Time from application to decision; a distribution spreads the applications [days of `days`]."""
    days: Literal["working", "calendar"] = "working"
    """Which days `processing_days` counts; five working days make a week."""
    approval_rate: f.Share = 1.0
    """Share of applications approved where no other rate is given [1]."""
    approval_by_end_use: dict[f.Sector, f.Share] = Field(default_factory=dict)
    """Approval rate by end use [1]."""
    approval_by_region: dict[f.Region, f.Share] = Field(default_factory=dict)
    """Approval rate by destination; it multiplies with that of the end use [1]."""
    backlog_weeks: f.Weeks = 0.0
    """Applications that wait already at the start [weeks of base flow]."""
    validity_days: Annotated[f.Days, Field(gt=0)] | None = None
    """Calendar days that an approval lasts on average; a batch that could not ship by then needs a new one. Without it no limit [days]."""
    exempt: f.RegionsOrSectors = ()
    """Destinations or end uses that need no licence."""
    scope_spill: f.Share = 0.0
    """Share of neighbouring goods, not in scope, that are held for testing at the start [1]."""
    scope_spill_half_life_weeks: Annotated[f.Weeks, Field(gt=0)] = 8.0
    """Time in which `scope_spill` halves [weeks]."""
    general_share: f.Share = 0.0
    """Share of the flow that ships under general licences without a queue, from `general_from` [1]."""
    general_from: f.Date | None = None
    """First day of general licences; `start` where absent [date]."""
    no_transfer: bool = False
    """Licensed goods may not be resold, lent or pooled: a buying region exports no more of them than it has from elsewhere."""
    suspended: tuple[Window, ...] = Field(default=(), max_length=50)
    """Spans in which no licence is needed; the queue keeps its rules for afterwards."""

    def faults(self) -> list[str]:
        """Words where processing times may be negative or licences lack a share."""
        faults = []
        if not isinstance(self.processing_days, float) and float(min(self.processing_days.extremes)) < 0:
            faults.append("'processing_days' may become negative")
        if self.general_from is not None and self.general_share == 0.0:
            faults.append("'general_from' has no effect without 'general_share'")
        return faults

    def in_force(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Share of each week in which a licence is needed [1]: in force and not suspended."""
        share = share_in_force(self.start, self.end, weeks)
        for window in self.suspended:
            first, last = max(window.from_, self.start), min(window.to, self.end or window.to)
            if first <= last:
                share = share - share_in_force(first, last, weeks)
        return np.clip(share, 0.0, 1.0)

    def general(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Share of the flow under general licences in each week [1]."""
        return self.general_share * share_in_force(self.general_from or self.start, self.end, weeks)

    def still_valid(self) -> NDArray[np.float64] | float:
        """Share of unused approvals that is still valid a week later [1], one number or a column of draws."""
        return 1.0 if self.validity_days is None else np.maximum(1.0 - 7.0 / np.asarray(self.validity_days), 0.0)

    def decision_weights(self, points: int = 512) -> NDArray[np.float64]:
        """Share of applications decided 0, 1, 2, ... weeks after they were filed (..., time); sums to 1.

        A time between two weeks is split between them, so that the mean time is kept.
        """
        days: Any = self.processing_days
        if isinstance(days, BaseModel):
            days = self.processing_days.ppf((np.arange(points) + 0.5) / points)  # type: ignore[union-attr]
        times = np.atleast_1d(np.asarray(days, dtype=float)) / (WORKING_DAYS if self.days == "working" else 7.0)
        whole = np.floor(times).astype(int)
        weights = np.zeros((*times.shape[:-1], int(whole.max()) + 2))
        rows = np.indices(whole.shape)[:-1]
        np.add.at(weights, (*rows, whole), 1.0 - (times - whole))
        np.add.at(weights, (*rows, whole + 1), times - whole)
        weights /= times.shape[-1]
        return weights[..., : int(np.nonzero(weights)[-1].max()) + 1]


class Duty(Measure):
    """What duties share: a rate over time, by one number or by steps."""

    COLUMNS: ClassVar[tuple[str, ...]] = ("rate", "steps.*.rate")
    rate: f.Rate | None = None
    """Ad valorem rate over the whole time, 0.25 for 25 % [1]."""

    def dated(self) -> list[tuple[dt.date, float]]:
        """Rates by the date from which they are in force, in order; before the first date none is."""
        return self._within([])

    def _within(self, steps: list[tuple[dt.date, float]]) -> list[tuple[dt.date, float]]:
        """Cut steps to the time in force; a step before `start` counts from `start`."""
        if self.rate is not None:
            steps = [(self.start, self.rate)]
        steps = sorted(steps, key=lambda step: step[0])
        before = [(self.start, rate) for day, rate in steps if day <= self.start]
        after = [step for step in steps if step[0] > self.start and (self.end is None or step[0] <= self.end)]
        return before[-1:] + after + ([(self.end + dt.timedelta(days=1), 0.0)] if self.end else [])

    def rates(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Mean rate in force in each week [1]."""
        dated = self.dated()
        return stepped(tuple(day for day, _ in dated), tuple(rate for _, rate in dated), weeks)

    def changes(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Mean rate in each week less the rate on the eve of the first week, which the base holds already [1]."""
        eve = weeks[0].astype(dt.date) - dt.timedelta(days=1)
        return self.rates(weeks) - next((rate for day, rate in reversed(self.dated()) if day <= eve), 0.0)


class ExportDuty(Duty):
    """A duty that `from` levies on what leaves."""

    kind: Literal["export_duty"] = "export_duty"
    steps: tuple[RateStep, ...] = Field(default=(), max_length=600)
    """Dated rates instead of one rate."""

    def faults(self) -> list[str]:
        """Either one rate or steps by date."""
        return _rate_or_steps(self.rate, self.steps)

    def dated(self) -> list[tuple[dt.date, float]]:
        """Rates by the date from which they are in force."""
        return self._within([(step.date, step.rate) for step in self.steps])


class Tariff(Duty):
    """A duty that `to` levies on imports from `from`: on goods, or on the products of sectors."""

    NEEDS: ClassVar[frozenset[str]] = frozenset({"to"})
    kind: Literal["tariff"] = "tariff"
    sectors: f.Sectors = ()
    """Sectors whose products pay it, such as `cars_combustion`; beside or instead of `on`."""
    steps: tuple[TariffStep, ...] = Field(default=(), max_length=600)
    """Dated steps instead of one rate: announced, imposed, paused, reduced, snap-back."""

    def faults(self) -> list[str]:
        """Goods or sectors, and one rate or steps by date."""
        return ([] if self.on or self.sectors else ["give 'on' or 'sectors'"]) + _rate_or_steps(self.rate, self.steps)

    def dated(self) -> list[tuple[dt.date, float]]:
        """Rates by the date from which they are in force; announced steps do not count."""
        return self._within([(step.date, step.rate) for step in self.steps if step.status != "announced"])


def _rate_or_steps(rate: float | None, steps: tuple[RateStep, ...]) -> list[str]:
    if (rate is None) == (not steps):
        return ["give either 'rate' or 'steps'"]
    dates = [(s.date, getattr(s, "status", "") == "announced") for s in steps]
    return ["'steps' holds the same date twice"] if len(set(dates)) < len(dates) else []
