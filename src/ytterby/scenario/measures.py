"""Measures: what governments, firms and nature change, by date; one class per kind.

A measure changes capacities, links, duties, demand, stocks or contracts from `start` to `end` and
nothing else. The kinds and their words are those of the scenario file; units stand in brackets.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, Discriminator, Field, Tag, TypeAdapter, model_validator

from ytterby.errors import NotSimulatedError
from ytterby.facts.vocabulary import sectors as known_sectors
from ytterby.scenario import fields as f
from ytterby.scenario.distributions import Distribution
from ytterby.scenario.fields import Frozen, fault
from ytterby.scenario.weeks import share_in_force, stepped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

WORKING_DAYS = 5.0
"""Working days in a week; holidays are not counted."""


class Window(Frozen):
    """A span of days, both included."""

    from_: f.Date = Field(alias="from")
    """First day [date]."""
    to: f.Date
    """Last day [date]."""

    @model_validator(mode="after")
    def _check(self) -> Window:
        if self.to < self.from_:
            raise fault(f"'to' ({self.to}) lies before 'from' ({self.from_})")
        return self


class Allocation(Frozen):
    """Tonnes that a quota allows in one span of days."""

    start: f.Date
    """First day [date]."""
    end: f.Date
    """Last day [date]."""
    tonnes: f.Amount
    """What may leave in the span [customs t]."""

    @model_validator(mode="after")
    def _check(self) -> Allocation:
        if self.end < self.start:
            raise fault(f"'end' ({self.end}) lies before 'start' ({self.start})")
        return self


class RateStep(Frozen):
    """A rate from a date on."""

    date: f.Date
    """First day of the rate [date]."""
    rate: f.Rate
    """Ad valorem rate, 0.25 for 25 % [1]."""


class TariffStep(RateStep):
    """A step of a tariff with its state; an announced rate is not in force."""

    status: Literal["announced", "imposed", "paused", "reduced", "snap_back"] = "imposed"
    """What happened; `rate` is what applies from then on, except where only announced."""


class Trigger(Frozen):
    """When a stockpile opens: exactly one of the two conditions."""

    cover_below_weeks: f.Weeks | None = None
    """Opens while the market's cover is below [weeks of use]."""
    price_above_multiple: Annotated[f.Number, Field(ge=1, le=1000)] | None = None
    """Opens while the price is above this multiple of the base price [1]."""

    @model_validator(mode="after")
    def _check(self) -> Trigger:
        if (self.cover_below_weeks is None) == (self.price_above_multiple is None):
            raise fault("give exactly one of 'cover_below_weeks' and 'price_above_multiple'")
        return self


class Measure(Frozen):
    """What every measure has."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from", "to"})
    """Which of `on`, `from` and `to` have an effect in this kind."""
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    """Which of them must be given."""

    kind: str
    """Which kind of measure it is."""
    name: f.Name | None = None
    """Name by which draws and forks refer to it; its number in the list serves too."""
    on: f.Selectors = ()
    """Goods it is on: commodity selectors such as `oxide.Dy`, `magnet.*`, `Dy`, `rare_earths`."""
    from_: f.Regions = Field(default=("all",), alias="from")
    """Where the goods leave or the thing stands: regions, groups or `all`."""
    to: f.Regions = ("all",)
    """Where they go: regions, groups or `all`."""
    start: f.Date
    """First day in force [date]."""
    end: f.Date | None = None
    """Last day in force; without it the measure stays until the horizon [date]."""
    evidence: f.Ids = ()
    """Ids of claims or events it rests on."""
    facts: f.Ids = ()
    """Ids of the figures it rests on."""
    assumed: f.Ids = ()
    """Which of its keys are judgement, not fact."""
    note: f.Text = ""
    """Words for the reader."""

    @model_validator(mode="after")
    def _common(self) -> Measure:
        given = {"from" if name == "from_" else name for name in self.model_fields_set} & {"on", "from", "to"}
        faults = [f"'{key}' is missing" for key in sorted(self.NEEDS - given)]
        faults += [f"'{key}' has no effect in '{self.kind}'" for key in sorted(given - self.USES)]
        if "on" in self.NEEDS and "on" in given and not self.on:
            faults.append("'on' names no goods")
        if self.end is not None and self.end < self.start:
            faults.append(f"'end' ({self.end}) lies before 'start' ({self.start})")
        keys = {field.alias or name for name, field in type(self).model_fields.items()}
        faults += [
            f"'assumed' names '{key}', which is no key of '{self.kind}'" for key in self.assumed if key.partition(".")[0] not in keys
        ]
        faults += self.faults()
        if faults:
            raise fault("; ".join(faults))
        return self

    def faults(self) -> list[str]:
        """Words for what contradicts itself in this kind."""
        return []

    def in_force(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Share of each week in which the measure is in force [1], shape of `weeks` (Mondays)."""
        return share_in_force(self.start, self.end, weeks)


class Ban(Measure):
    """Goods may not leave `from` for `to`: an embargo, or a stop for some end users only."""

    kind: Literal["ban"] = "ban"
    depth: f.Share = 1.0
    """Share of the flow that is stopped [1]."""
    end_uses: f.Sectors = ()
    """Only goods for these end uses; all where empty."""


class Quota(Measure):
    """At most so many customs tonnes may leave `from` in each period, all goods together."""

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
            spans = [(a.start, a.end, a.tonnes) for a in sorted(self.allocations, key=lambda a: a.start)]
        else:
            spans = [(a, b, float(self.tonnes or 0.0)) for a, b in _periods(self.period or "year", self.start, end)]
        return tuple(part for a, b, t in spans if (part := _cut(a, b, t, self.start, end)))


def _cut(first: dt.date, last: dt.date, tonnes: float, start: dt.date, end: dt.date) -> Allocation | None:
    a, b = max(first, start), min(last, end)
    if b < a:
        return None
    return Allocation(start=a, end=b, tonnes=tonnes * ((b - a).days + 1) / ((last - first).days + 1))


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
    """Calendar days within which an approved batch must ship; without it no limit [days]."""
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
    """Licensed goods may not be resold, lent or pooled."""
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

    def decision_weights(self, points: int = 512) -> NDArray[np.float64]:
        """Share of applications decided 0, 1, 2, ... weeks after they were filed; sums to 1.

        A time between two weeks is split between them, so that the mean time is kept.
        """
        per_week = WORKING_DAYS if self.days == "working" else 7.0
        if isinstance(self.processing_days, float):
            times = np.array([self.processing_days]) / per_week
        else:
            times = np.asarray(self.processing_days.ppf((np.arange(points) + 0.5) / points), dtype=float) / per_week
        whole = np.floor(times).astype(int)
        weights = np.zeros(int(whole.max()) + 2)
        np.add.at(weights, whole, 1.0 - (times - whole))
        np.add.at(weights, whole + 1, times - whole)
        weights /= len(times)
        return weights[: int(np.flatnonzero(weights)[-1]) + 1]


class Duty(Measure):
    """What duties share: a rate over time, by one number or by steps."""

    rate: f.Rate | None = None
    """Ad valorem rate over the whole time, 0.25 for 25 % [1]."""

    def dated(self) -> list[tuple[dt.date, float]]:
        """Rates by the date from which they are in force, in order; before the first date none is."""
        return self._within([])

    def _within(self, steps: list[tuple[dt.date, float]]) -> list[tuple[dt.date, float]]:
        """Cut steps to the time in force; a step before `start` counts from `start`."""
        if self.rate is not None:
            steps = [(self.start, self.rate)]
        before = [(self.start, rate) for day, rate in sorted(steps) if day <= self.start]
        after = [step for step in sorted(steps) if step[0] > self.start and (self.end is None or step[0] <= self.end)]
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


class Outage(Measure):
    """Mines or plants in `from` that make the goods lose capacity."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    kind: Literal["outage"] = "outage"
    loss: f.Share = 1.0
    """Share of capacity lost [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time of recovery after `end`, in a straight line [weeks]."""

    def availability(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Share of capacity that is there in each week [1]."""
        lost = self.loss * self.in_force(weeks)
        if self.end is None or self.ramp_weeks == 0.0:
            return 1.0 - lost
        since = (weeks - np.datetime64(self.end, "D")).astype(float) / 7.0
        fading = self.loss * np.clip(1.0 - since / self.ramp_weeks, 0.0, 1.0)
        return 1.0 - np.where(since > 0, np.maximum(lost, fading), lost)


class Project(Measure):
    """A new mine or plant in `from` that makes the goods, with its ramp; `start` is the planned opening."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    kind: Literal["project"] = "project"
    capacity_t_per_year: f.Amount
    """Nameplate output of each commodity of `on` [t/year]."""
    ramp: tuple[f.Share, ...] = Field(default=(0.20, 0.45, 0.65, 0.80, 0.90), min_length=1, max_length=40)
    """Share of nameplate reached in the first, second, ... year; the last stays (facts YIE0131-YIE0135) [1]."""
    slip_weeks: f.Weeks = 0.0
    """Delay of the opening [weeks]."""
    feed: f.Selectors = ()
    """What the plant takes in; what plants of its kind take in, where empty."""

    def capacity(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Capacity in each week [t/year]: `ramp` by years since the opening."""
        opening = self.start + dt.timedelta(days=round(7 * self.slip_weeks))
        years = np.floor((weeks - np.datetime64(opening, "D")).astype(float) / 365.25).astype(int)
        shares = np.array(self.ramp)[np.clip(years, 0, len(self.ramp) - 1)]
        end = self.end if self.end is None or self.end >= opening else opening - dt.timedelta(days=1)
        return self.capacity_t_per_year * np.where(years < 0, self.ramp[0], shares) * share_in_force(opening, end, weeks)


class Stockpile(Measure):
    """A state or firm in `owner` builds a stock of the goods, or releases it to `to`."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    kind: Literal["stockpile"] = "stockpile"
    owner: f.Region
    """Where the stock lies; a release goes to `to`, or here where `to` is not given."""
    action: Literal["build", "release"]
    """Buys from the market, or gives to it."""
    tonnes: f.Amount
    """How much of each commodity in all [t]."""
    over_weeks: Annotated[f.Weeks, Field(gt=0)] | None = None
    """Evenly over so many weeks from `start` [weeks]."""
    trigger: Trigger | None = None
    """Release only while the condition holds, instead of `over_weeks`."""
    rate: Annotated[f.Amount, Field(gt=0)] | None = None
    """Most that a triggered stock gives [t/week]."""

    @property
    def targets(self) -> tuple[str, ...]:
        """Where a release goes: `to` where it is given, else the owner."""
        return self.to if "to" in self.model_fields_set else (self.owner,)

    def faults(self) -> list[str]:
        """Words unless a build runs over weeks, and a release over weeks or by trigger and rate."""
        if self.action == "build" and (self.over_weeks is None or self.trigger or self.rate):
            return ["a build needs 'over_weeks', and neither 'trigger' nor 'rate'"]
        if self.action == "release" and (self.over_weeks is None) == (self.trigger is None):
            return ["a release needs either 'over_weeks' or 'trigger'"]
        if (self.trigger is None) != (self.rate is None):
            return ["'trigger' and 'rate' go together"]
        return []


class Hoarding(Measure):
    """An announced event makes holders raise their target covers; the fear fades."""

    USES: ClassVar[frozenset[str]] = frozenset({"on"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    kind: Literal["hoarding"] = "hoarding"
    holders: f.Regions
    """Regions whose buyers hoard."""
    factor: Annotated[f.Number, Field(ge=1, le=20)]
    """Factor on target covers at the start [1]."""
    half_life_weeks: Annotated[f.Weeks, Field(gt=0)] | None = None
    """Time in which the excess over 1 halves; it stays where not given [weeks]."""
    weeks: Annotated[f.Weeks, Field(gt=0)] | None = None
    """How long it lasts from `start`, if shorter than `end` [weeks]."""

    def factors(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Factor on target covers in each week [1]."""
        end = self.end
        if self.weeks is not None:
            last = self.start + dt.timedelta(days=max(round(7 * self.weeks) - 1, 0))
            end = last if end is None else min(end, last)
        since = np.maximum((weeks - np.datetime64(self.start, "D")).astype(float) / 7.0, 0.0)
        fading = np.ones(len(weeks)) if self.half_life_weeks is None else 0.5 ** (since / self.half_life_weeks)
        return 1.0 + (self.factor - 1.0) * fading * share_in_force(self.start, end, weeks)


class DemandShift(Measure):
    """The use of sectors in `to` grows or shrinks."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset()
    kind: Literal["demand_shift"] = "demand_shift"
    sectors: f.Sectors = ()
    """Sectors whose use changes; all where empty."""
    factor: Annotated[f.Number, Field(ge=0, le=100)]
    """Factor on base use once the ramp is done [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time from 1 to `factor` in a straight line [weeks]."""

    def factors(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Factor on base use in each week [1]; back to 1 after `end`."""
        since = (weeks - np.datetime64(self.start, "D")).astype(float) / 7.0
        grown = np.ones(len(weeks)) if self.ramp_weeks == 0.0 else np.clip(since / self.ramp_weeks, 0.0, 1.0)
        return 1.0 + (self.factor - 1.0) * grown * self.in_force(weeks)


class PriceFloor(Measure):
    """A payer makes up the difference between a strike price and a market reference."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    kind: Literal["price_floor"] = "price_floor"
    payer: f.Region
    """Who pays the difference."""
    strike: f.Amount
    """Price that is guaranteed, without VAT [USD/kg]."""
    reference: f.Region = "CN"
    """Region whose price without VAT is the reference."""
    tonnes_per_year: f.Amount | None = None
    """Volume that is guaranteed; all output where absent [t/year]."""
    upside_share: f.Share = 0.0
    """Share of the price above `upside_above` that goes back to the payer [1]."""
    upside_above: f.Amount | None = None
    """Price from which the upside is shared; the strike where absent [USD/kg]."""


class Offtake(Measure):
    """Buyers in `to` bind themselves to take goods from `from`."""

    NEEDS: ClassVar[frozenset[str]] = frozenset({"on", "from", "to"})
    kind: Literal["offtake"] = "offtake"
    tonnes_per_year: f.Amount | None = None
    """Volume bound [t/year]."""
    share: f.Share | None = None
    """Share of the seller's output bound, instead of tonnes [1]."""
    price_rule: Literal["index", "fixed", "floor"] = "index"
    """Follows the market with a lag, is fixed, or follows it down to a floor."""
    price: f.Amount | None = None
    """Fixed price or floor, without VAT [USD/kg]."""
    lag_weeks: f.Weeks = 13.0
    """Lag of an indexed price [weeks]."""
    priority: bool = True
    """Contract is served before spot."""

    def faults(self) -> list[str]:
        """Tonnes or a share; a price where the rule needs one."""
        faults = ["give either 'tonnes_per_year' or 'share'"] if (self.tonnes_per_year is None) == (self.share is None) else []
        if (self.price is None) != (self.price_rule == "index"):
            faults.append("'price' belongs to 'price_rule' fixed or floor")
        return faults


class Recycling(Measure):
    """More scrap of the goods is collected and worked up in `from`."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    kind: Literal["recycling"] = "recycling"
    collection: f.Share
    """Share of end-of-life goods collected once the ramp is done [1]."""
    recovery: f.Share
    """Share of the contained rare earths recovered as oxide [1]."""
    capacity_t_per_year: f.Amount | None = None
    """Most scrap that is worked up; no limit where absent [t/year]."""
    ramp_weeks: f.Weeks = 0.0
    """Time to full collection in a straight line [weeks]."""
    cost_usd_per_kg: f.Amount | None = None
    """Cost of the recovered oxide [USD/kg]."""


class Substitution(Measure):
    """Sectors in `to` learn to do with less of the goods."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    kind: Literal["substitution"] = "substitution"
    sectors: f.Sectors = ()
    """Sectors that save; all where empty."""
    saving: f.Share
    """Share of base use saved once the ramp is done [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time to the full saving in a straight line [weeks]."""
    kept: f.Share = 1.0
    """Share of the saving that stays after `end` [1]."""
    cost_usd_per_kg: f.Amount | None = None
    """Cost of saving a kilogram [USD/kg]."""


class Assistance(Measure):
    """`from` helps `to` with processing: technology, staff, equipment."""

    USES: ClassVar[frozenset[str]] = frozenset({"from", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"from", "to"})
    kind: Literal["assistance"] = "assistance"
    stages: tuple[Literal["mine", "oxide", "metal", "alloy", "magnet", "component", "scrap"], ...] = Field(min_length=1)
    """Stages that are helped."""
    access: f.Share
    """Access to technology reached, where 1 is that of the best [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time until it is reached in a straight line [weeks]."""
    cost_usd: Annotated[f.Number, Field(ge=0, le=1e13)] | None = None
    """What it costs the giver in all [USD]."""


class JointRnd(Measure):
    """Parties research together: what comes of it is uncertain."""

    USES: ClassVar[frozenset[str]] = frozenset({"on"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    kind: Literal["joint_rnd"] = "joint_rnd"
    parties: f.Regions
    """Who takes part."""
    effect: Literal["saving", "recovery", "unit_cost"]
    """What a success changes: use per product, recovery of a process, or its unit cost."""
    size: f.Share
    """Relative change at success [1]."""
    success: f.Share
    """Probability of success [1]."""
    delay_weeks: f.Weeks
    """Time from `start` to use [weeks]."""
    cost_usd: Annotated[f.Number, Field(ge=0, le=1e13)] | None = None
    """What it costs in all [USD]."""
    shares: dict[f.Region, f.Share] = Field(default_factory=dict)
    """Who bears which share of the cost; equal where empty [1]."""

    def faults(self) -> list[str]:
        """Shares belong to the parties and sum to 1."""
        faults = [f"'shares' names '{who}', which is no party" for who in self.shares if who not in self.parties]
        if self.shares and abs(sum(self.shares.values()) - 1.0) > 1e-9:
            faults.append(f"'shares' sum to {sum(self.shares.values()):g}, must sum to 1")
        return faults


AnyMeasure = Annotated[
    Ban
    | Quota
    | Licence
    | ExportDuty
    | Tariff
    | Outage
    | Project
    | Stockpile
    | Hoarding
    | DemandShift
    | PriceFloor
    | Offtake
    | Recycling
    | Substitution
    | Assistance
    | JointRnd,
    Field(discriminator="kind"),
]
KINDS: dict[str, type[Measure]] = {
    "ban": Ban,
    "quota": Quota,
    "licence": Licence,
    "export_duty": ExportDuty,
    "tariff": Tariff,
    "outage": Outage,
    "project": Project,
    "stockpile": Stockpile,
    "hoarding": Hoarding,
    "demand_shift": DemandShift,
    "price_floor": PriceFloor,
    "offtake": Offtake,
    "recycling": Recycling,
    "substitution": Substitution,
    "assistance": Assistance,
    "joint_rnd": JointRnd,
}
"""Class of each kind of measure."""
SIMULATED = frozenset({"ban", "quota", "licence", "export_duty", "tariff", "outage", "project", "stockpile", "hoarding", "demand_shift"})
"""Kinds that the simulator knows; the others are read and checked, and refused at a run."""
_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyMeasure)


def measure(**keys: Any) -> AnyMeasure:
    """Measure from the keys of a scenario file (``from_`` serves for ``from``)."""
    return _ADAPTER.validate_python(keys)  # type: ignore[no-any-return]


def require_simulated(measures: Iterable[Measure]) -> None:
    """Refuse measures that the simulator does not know yet.

    Raises
    ------
    NotSimulatedError
        With the kinds found and those that are simulated.
    """
    unknown = sorted({m.kind for m in measures} - SIMULATED)
    if unknown:
        known = ", ".join(sorted(SIMULATED))
        raise NotSimulatedError(f"measures of kind {', '.join(unknown)} are valid but not simulated yet; simulated are: {known}")


def exempt_parts(licence: Licence) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Regions and sectors of a licence's exemptions."""
    regions = tuple(name for name in licence.exempt if name not in known_sectors())
    return regions, tuple(name for name in licence.exempt if name in known_sectors())
