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

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays, NumberOrDraws

WORKING_DAYS = 5.0
"""Working days in a week; holidays are not counted."""
BACKLOG_FADE = 26.0
"""Weeks after which an initial backlog no longer delays decisions (assumed)."""
MIN_RATE = 1e-12
"""Smallest rate, share or time that others are divided by."""
NEGLIGIBLE = 1e-3
"""Shares below this count as nothing."""


def _spread_or_number(value: Any) -> str:
    return "spread" if isinstance(value, dict | BaseModel) else "number"


DaysOrSpread = Annotated[Annotated[f.Days, Tag("number")] | Annotated[Distribution, Tag("spread")], Discriminator(_spread_or_number)]


class Licence(Measure):
    """Goods may leave only with a permit: an application waits, is decided, and ships or is refused."""

    COLUMN_KEYS: ClassVar[tuple[str, ...]] = (
        "processing_days",
        "approval_rate",
        "approval_by_end_use.*",
        "approval_by_goods.*",
        "approval_by_region.*",
        "learning_weeks",
        "backlog_weeks",
        "validity_days",
        "scope_spill",
        "scope_spill_half_life_weeks",
        "general_share",
        "general_weeks",
    )
    kind: Literal["licence"] = "licence"
    processing_days: DaysOrSpread = 45.0
    """Time from application to decision; a distribution spreads the applications [days of `days`]."""
    days: Literal["working", "calendar"] = "working"
    """Which days `processing_days` counts; five working days make a week."""
    approval_rate: f.Share = 1.0
    """Share of applications approved where no other rate is given; whoever is refused files again [1]."""
    approval_by_end_use: dict[f.Sector, f.Share] = Field(default_factory=dict)
    """Approval rate of end users who are refused more often than others, and so wait longer; a `ban` refuses them for good [1]."""
    approval_by_goods: dict[f.Selector, f.Share] = Field(default_factory=dict)
    """Factor on the approval rate by goods [1]."""
    approval_by_region: dict[f.Region, f.Share] = Field(default_factory=dict)
    """Factor on the approval rate by destination [1]."""
    learning_weeks: f.Weeks = 0.0
    """Mean time until the authority first approves an exporter's applications: the rate rises as 1 - exp(-t / this) [weeks]."""
    announced: f.Date | None = None
    """Day on which buyers learn of it and begin to order ahead; `start` where absent [date]."""
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
    general_weeks: f.Weeks = 0.0
    """Mean time from `general_from` until a buyer has its general licence [weeks]."""
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
        if self.announced is not None and self.announced > self.start:
            faults.append(f"'announced' ({self.announced}) lies after 'start' ({self.start})")
        return faults

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[e.AnyEffect]:
        """The queue for what needs a licence, no resale, end users who wait longer, and the queue for look-alikes."""
        force, age = self.in_force(weeks), np.maximum(weeks_since(self.start, weeks), 0.0)
        decision = self.decision_weights(values)
        delay = np.asarray(values["backlog_weeks"] * np.clip(1.0 - age / BACKLOG_FADE, 0.0, 1.0))
        queued = 1.0 - self.general(weeks, values)
        rate = np.asarray(values["approval_rate"] * self._learnt(age, values["learning_weeks"]))
        rule = self._rule(values, np.asarray(force * queued), rate)
        yield replace(rule, decision_time=decision, backlog_delay=delay, known=np.asarray(self._foreseen(weeks) * queued))
        if self.no_transfer:
            yield e.MeasureEffect(e.ResaleLinks(rule.links), e.Variable.TRADE_FLOW, e.Operation.REDUCE, force)
        for sector in self.approval_by_end_use:
            later = self._still_refused(decision, values["approval_rate"], values["approval_by_end_use", sector], age)
            yield e.EndUseRefusal(rule.links, (sector,), rule.level * later)
        fading = values["scope_spill"] * 0.5 ** (age / values["scope_spill_half_life_weeks"])
        lookalikes = replace(self.links, lookalikes=True)
        yield e.LicenceRule(lookalikes, np.asarray(force * fading), decision_time=decision, backlog_delay=delay)

    @staticmethod
    def _learnt(age: Floats, weeks: NumberOrDraws) -> Floats:
        """Share of exporters whose first application the authority has approved by an age of the rule [1]."""
        return np.asarray(np.where(np.asarray(weeks) > 0.0, 1.0 - np.exp(-(age + 1.0) / np.maximum(weeks, MIN_RATE)), 1.0))

    def _foreseen(self, weeks: Mondays) -> Floats:
        """Share of each week in which buyers expect to need a licence: from the announcement on [1]."""
        before = share_in_force(self.announced, self.start, weeks) if self.announced is not None else np.zeros(len(weeks))
        return np.clip(self.in_force(weeks) + np.where(weeks < np.datetime64(self.start, "D"), before, 0.0), 0.0, 1.0)

    @staticmethod
    def _still_refused(decision: Floats, rate: NumberOrDraws, own: NumberOrDraws, age: Floats) -> Floats:
        """Share of what others get that users with a lower approval rate do not have yet, by age of the rule [1]."""
        count = int(np.ceil(age.max(initial=0.0))) + 1
        others, theirs = (approved_by(decision, value, count) for value in (rate, own))
        waiting = np.clip(1.0 - theirs / np.maximum(others, MIN_RATE), 0.0, 1.0)
        waiting = np.where((others > 0.0) & (waiting > NEGLIGIBLE), waiting, 0.0)
        return waiting[..., np.floor(age).astype(int)]

    def _rule(self, values: DrawnValues, needed: Floats, rate: Floats) -> e.LicenceRule:
        """Who needs a licence, and how applications fare."""
        regions, sectors = self.exemptions()
        return e.LicenceRule(
            replace(self.links, excluded=regions),
            needed,
            e.EndUseShare(sectors, others=True) if sectors else None,
            approval_rate=rate,
            approval_by_goods=tuple((name, values["approval_by_goods", name]) for name in self.approval_by_goods),
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
        first = self.general_from or self.start
        granted = self._learnt(np.maximum(weeks_since(first, weeks), 0.0), values["general_weeks"])
        return np.asarray(values["general_share"] * granted * share_in_force(first, self.end, weeks))

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


def approved_by(decision: Floats, rate: NumberOrDraws, count: int) -> Floats:
    """Probability that an application has been approved by week 0, 1, ..., if whoever is refused files again at once (..., week).

    The renewal equation of a geometric number of decisions: ``g = rate d + (1 - rate) d * g``.

    Parameters
    ----------
    decision : array (..., time)
        Share of applications decided 0, 1, 2, ... weeks after they were filed.
    rate : float or array (draw, 1)
        Share of decisions that approve.
    count : int
        Number of weeks.
    """
    rate = np.asarray(rate, dtype=float)[..., 0] if np.ndim(rate) else np.asarray(rate, dtype=float)
    lead = np.broadcast_shapes(rate.shape, decision.shape[:-1])
    found, slots = np.zeros((*lead, count)), decision.shape[-1]
    for week in range(count):
        again = sum(
            (decision[..., s] * found[..., week - s] for s in range(1, min(slots, week + 1))),
            np.zeros(lead),
        )
        at_once = decision[..., week] if week < slots else 0.0
        found[..., week] = (rate * at_once + (1.0 - rate) * again) / np.maximum(1.0 - (1.0 - rate) * decision[..., 0], MIN_RATE)
    return np.cumsum(found, axis=-1)
