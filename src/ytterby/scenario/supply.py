"""Measures on supply, stocks and use: outage, project, stockpile, hoarding, demand shift."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.scenario import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.scenario.measure import Measure, Trigger
from ytterby.scenario.weeks import share_in_force

if TYPE_CHECKING:
    from numpy.typing import NDArray


AT_ONCE = 1e-9
"""Weeks of a ramp: less is none."""


class Outage(Measure):
    """Mines or plants in `from` that make the goods lose capacity."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    COLUMNS: ClassVar[tuple[str, ...]] = ("loss", "ramp_weeks")
    kind: Literal["outage"] = "outage"
    loss: f.Share = 1.0
    """Share of capacity lost [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time of recovery after `end`, in a straight line [weeks]."""

    def availability(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Share of capacity that is there in each week [1]."""
        lost = self.loss * self.in_force(weeks)
        if self.end is None:
            return 1.0 - lost
        since = (weeks - np.datetime64(self.end, "D")).astype(float) / 7.0
        fading = self.loss * np.clip(1.0 - since / np.maximum(self.ramp_weeks, AT_ONCE), 0.0, 1.0)
        return 1.0 - np.where(since > 0, np.maximum(lost, fading), lost)


class Project(Measure):
    """A new mine or plant in `from` that makes the goods, with its ramp; `start` is the planned opening."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    COLUMNS: ClassVar[tuple[str, ...]] = ("capacity_t_per_year",)
    kind: Literal["project"] = "project"
    capacity_t_per_year: f.Amount
    """Nameplate output of each commodity of `on` [t/year]."""
    ramp: tuple[f.Share, ...] = Field(default=(0.20, 0.45, 0.65, 0.80, 0.90), min_length=1, max_length=40)
    """Share of nameplate reached in the first, second, ... year; the last stays (facts YIE0131-YIE0135) [1]."""
    slip_weeks: f.Weeks = 0.0
    """Delay of the opening [weeks]."""
    feed: f.Selectors = ()
    """What the plant takes in; what plants of its kind take in, where empty."""
    offtake: dict[f.Region, f.Share] = Field(default_factory=dict)
    """Share of the output that buyers in a region have agreed to take; the rest is sold to all [1]."""

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
    COLUMNS: ClassVar[tuple[str, ...]] = ("tonnes", "rate", "trigger.*")
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
    COLUMNS: ClassVar[tuple[str, ...]] = ("factor", "ramp_weeks", "half_life_weeks")
    kind: Literal["hoarding"] = "hoarding"
    holders: f.Regions
    """Regions whose buyers hoard."""
    factor: Annotated[f.Number, Field(ge=1, le=20)]
    """Factor on target covers at the height of the alarm [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time over which the alarm spreads from 1 to `factor`, as buyers follow one after the other [weeks]."""
    half_life_weeks: Annotated[f.Weeks, Field(gt=0)] | None = None
    """Time after the ramp in which the excess over 1 halves; it stays where not given [weeks]."""
    weeks: Annotated[f.Weeks, Field(gt=0)] | None = None
    """How long it lasts from `start`, if shorter than `end` [weeks]."""

    def factors(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Factor on target covers in each week [1]."""
        end = self.end
        if self.weeks is not None:
            last = self.start + dt.timedelta(days=max(round(7 * self.weeks) - 1, 0))
            end = last if end is None else min(end, last)
        since = np.maximum((weeks - np.datetime64(self.start, "D")).astype(float) / 7.0, 0.0)
        spread = np.minimum((since + 1.0) / np.maximum(self.ramp_weeks, 1.0), 1.0)
        past = np.maximum(since - self.ramp_weeks, 0.0)
        fading = np.ones(len(weeks)) if self.half_life_weeks is None else 0.5 ** (past / self.half_life_weeks)
        return np.asarray(1.0 + (self.factor - 1.0) * spread * fading * share_in_force(self.start, end, weeks))


class DemandShift(Measure):
    """The use of sectors in `to` grows or shrinks."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset()
    COLUMNS: ClassVar[tuple[str, ...]] = ("factor", "ramp_weeks")
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
        ramp = np.maximum(self.ramp_weeks, AT_ONCE)
        grown = np.where(ramp > AT_ONCE, np.clip(since / ramp, 0.0, 1.0), 1.0)
        return 1.0 + (self.factor - 1.0) * grown * self.in_force(weeks)
