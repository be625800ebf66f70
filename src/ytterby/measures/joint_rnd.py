"""Joint research and development: what comes of it is uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import Demands, Improvement, InputThrift, Markets, MeasureEffect, Operation, Plants, Variable
from ytterby.measures.weeks import weeks_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays

INPUTS = ("metal.", "alloy.")
"""Goods of which magnets hold less after thrift, not those that users have less of."""


class JointRnd(Measure):
    """Parties research together: what comes of it is uncertain."""

    USES: ClassVar[frozenset[str]] = frozenset({"on"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("size", "success", "delay_weeks")
    LUCK: ClassVar[bool] = True
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

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect | Improvement | InputThrift]:
        """A success changes the use or the plants of the parties for good, once the delay is over."""
        level, size = self.in_use(weeks, values), values["size"]
        if self.effect == "saving":
            yield from self._savings(np.asarray(size * level))
        elif self.effect == "recovery":
            yield Improvement(self._plants, level, recovery=size)
        else:
            yield Improvement(self._plants, level, unit_cost=size)

    def _savings(self, saved: Floats) -> Iterator[MeasureEffect | InputThrift]:
        """Metals and alloys are saved by makers of magnets, all other goods by their final users."""
        inputs = tuple(name for name in self.on if name.startswith(INPUTS))
        goods = tuple(name for name in self.on if name not in inputs)
        if inputs:
            yield InputThrift(Markets(self.kind, inputs, self.parties), saved)
        if goods:
            yield MeasureEffect(Demands(self.kind, goods, self.parties, required=True), Variable.FINAL_USE, Operation.SCALE, 1.0 - saved)

    @property
    def _plants(self) -> Plants:
        """Plants of the parties that make the goods."""
        return Plants(self.kind, self.on, self.parties)

    def settled(self, luck: float) -> dict[str, float]:
        """It has succeeded, or not."""
        return {"success": float(luck < self.success)}

    def in_use(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Share of each week in which a result is in use [1]: nil without success, or where the work ends before the delay is over."""
        delay = values["delay_weeks"]
        ready = np.clip(weeks_since(self.start, weeks) + 1.0 - delay, 0.0, 1.0)
        lasts = np.inf if self.end is None else (self.end - self.start).days / 7.0
        return np.asarray(ready * (np.asarray(delay) <= lasts) * (values.luck < values["success"]))
