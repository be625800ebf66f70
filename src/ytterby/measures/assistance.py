"""Assistance: one country helps another to process."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import Plants, SharedPractice
from ytterby.measures.weeks import ramped, share_in_force, weeks_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class Assistance(Measure):
    """`from` helps `to` with processing: technology, staff, equipment."""

    USES: ClassVar[frozenset[str]] = frozenset({"from", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"from", "to"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("access", "ramp_weeks", "kept")
    kind: Literal["assistance"] = "assistance"
    stages: tuple[Literal["mine", "oxide", "metal", "alloy", "magnet", "component", "scrap"], ...] = Field(min_length=1)
    """Stages that are helped; `scrap` is the recycling of it."""
    access: f.Share
    """Access to technology reached, where 1 is that of the best: recovery and use of capacity over those of the best plants [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time until it is reached in a straight line [weeks]."""
    kept: f.Share = 1.0
    """Share of what was learnt that stays after `end` [1]."""
    cost_usd: Annotated[f.Number, Field(ge=0, le=1e13)] | None = None
    """What it costs the giver in all [USD]."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[SharedPractice]:
        """Plants of the stages come nearer to the best of their stage; the best of all gain nothing."""
        level = self.learnt(weeks, values)
        for stage in dict.fromkeys(self.stages):
            made, feed = ("oxide.*", ("scrap.*",)) if stage == "scrap" else (f"{stage}.*", ())
            yield SharedPractice(Plants(self.kind, (made,), self.to, feed), level, values["access"])

    def learnt(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Share of the way to `access` in each week [1]: as taught while in force, and what of it is kept afterwards."""
        learnt = ramped(weeks_since(self.start, weeks), values["ramp_weeks"]) * self.in_force(weeks)
        if self.end is not None:
            reached = ramped(np.asarray((self.end - self.start).days / 7.0), values["ramp_weeks"])
            learnt = learnt + values["kept"] * reached * share_in_force(self.end + dt.timedelta(days=1), None, weeks)
        return np.asarray(learnt)
