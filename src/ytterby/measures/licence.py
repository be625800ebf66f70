"""Licence: a permit for each shipment, with processing time, approval rates, validity, and what else comes with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, Discriminator, Field, Tag

from ytterby.facts import sectors as known_sectors
from ytterby.measures import effects as e
from ytterby.measures import fields as f
from ytterby.measures.base import Measure
from ytterby.measures.distributions import Distribution
from ytterby.measures.parts import Window  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.weeks import share_in_force, weeks_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.values import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays, NumberOrDraws

WORKING_DAYS = 5.0
"""Working days in a week; holidays are not counted."""
BACKLOG_FADE = 26.0
"""Weeks after which an initial backlog no longer delays decisions (assumed)."""
MIN_RATE = 1e-12
"""Smallest approval rate that others are divided by."""


def _spread_or_number(value: Any) -> str:
    return "spread" if isinstance(value, dict | BaseModel) else "number"


DaysOrSpread = Annotated[Annotated[f.Days, Tag("number")] | Annotated[Distribution, Tag("spread")], Discriminator(_spread_or_number)]


class Licence(Measure):
    """Goods may leave only with a permit: an application waits, is decided, and ships or is refused."""

    COLUMN_KEYS: ClassVar[tuple[str, ...]] = (
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
        """Processing times must not be negative; a date of general licences needs their share."""
        faults = []
        if not isinstance(self.processing_days, float) and float(min(self.processing_days.extremes)) < 0:
            faults.append("'processing_days' may become negative")
        if self.general_from is not None and self.general_share == 0.0:
            faults.append("'general_from' has no effect without 'general_share'")
        return faults

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[e.AnyEffect]:
        """The queue for what needs a licence, no resale, end users who are refused, and the queue for look-alikes."""
        force, age = self.in_force(weeks), np.maximum(weeks_since(self.start, weeks), 0.0)
        decision = self.decision_weights(values)
        delay = np.asarray(values["backlog_weeks"] * np.clip(1.0 - age / BACKLOG_FADE, 0.0, 1.0))
        rule = self._rule(values, np.asarray(force * (1.0 - self.general(weeks, values))))
        yield replace(rule, decision_time=decision, backlog_delay=delay)
        if self.no_transfer:
            yield e.MeasureEffect(e.ResaleLinks(rule.links), e.Variable.TRADE_FLOW, e.Operation.REDUCE, force)
        for sector, rate in rule.approval_by_end_use:
            refused = np.where(rate < rule.approval_rate, 1.0 - rate / np.maximum(rule.approval_rate, MIN_RATE), 0.0)
            yield e.EndUseRefusal(rule.links, (sector,), rule.level * refused)
        fading = values["scope_spill"] * 0.5 ** (age / values["scope_spill_half_life_weeks"])
        lookalikes = replace(self.links, lookalikes=True)
        yield e.LicenceRule(lookalikes, np.asarray(force * fading), decision_time=decision, backlog_delay=delay)

    def _rule(self, values: DrawnValues, needed: Floats) -> e.LicenceRule:
        """Who needs a licence, and how applications fare."""
        regions, sectors = self.exemptions()
        return e.LicenceRule(
            replace(self.links, excluded=regions),
            needed,
            e.EndUseShare(sectors, others=True) if sectors else None,
            approval_rate=values["approval_rate"],
            approval_by_end_use=tuple((name, values["approval_by_end_use", name]) for name in self.approval_by_end_use),
            approval_by_region=tuple((name, values["approval_by_region", name]) for name in self.approval_by_region),
            validity=self.still_valid(values),
        )

    def exemptions(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Regions and sectors that need no licence."""
        regions = tuple(name for name in self.exempt if name not in known_sectors())
        return regions, tuple(name for name in self.exempt if name in known_sectors())

    def in_force(self, weeks: Mondays) -> Floats:
        """Share of each week in which a licence is needed [1]: in force and not suspended."""
        share = share_in_force(self.start, self.end, weeks)
        for window in self.suspended:
            first, last = max(window.from_, self.start), min(window.to, self.end or window.to)
            if first <= last:
                share = share - share_in_force(first, last, weeks)
        return np.clip(share, 0.0, 1.0)

    def general(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Share of the flow under general licences in each week [1]."""
        return np.asarray(values["general_share"] * share_in_force(self.general_from or self.start, self.end, weeks))

    def still_valid(self, values: DrawnValues) -> NumberOrDraws:
        """Share of unused approvals that is still valid a week later [1]."""
        return 1.0 if self.validity_days is None else np.maximum(1.0 - 7.0 / np.asarray(values["validity_days"]), 0.0)

    def decision_weights(self, values: DrawnValues, points: int = 512) -> Floats:
        """Share of applications decided 0, 1, 2, ... weeks after they were filed (..., time); sums to 1.

        A time between two weeks is split between them, so that the mean time is kept.
        """
        if isinstance(self.processing_days, float):
            days: Any = values["processing_days"]
        else:
            days = self.processing_days.ppf((np.arange(points) + 0.5) / points)
        times = np.atleast_1d(np.asarray(days, dtype=float)) / (WORKING_DAYS if self.days == "working" else 7.0)
        whole = np.floor(times).astype(int)
        weights = np.zeros((*times.shape[:-1], int(whole.max()) + 2))
        rows = np.indices(whole.shape)[:-1]
        np.add.at(weights, (*rows, whole), 1.0 - (times - whole))
        np.add.at(weights, (*rows, whole + 1), times - whole)
        weights /= times.shape[-1]
        return weights[..., : int(np.nonzero(weights)[-1].max()) + 1]
