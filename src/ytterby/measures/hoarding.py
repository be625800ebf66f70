"""Hoarding: holders want larger stocks after an alarm, which fades."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import Markets, MeasureEffect, Operation, Variable
from ytterby.measures.weeks import share_in_force, weeks_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class Hoarding(Measure):
    """An announced event makes holders raise their target covers; the fear fades."""

    USES: ClassVar[frozenset[str]] = frozenset({"on"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("factor", "ramp_weeks", "half_life_weeks")
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

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect]:
        """Target covers of the holders' markets rise."""
        markets = Markets(self.kind, self.on, self.holders)
        yield MeasureEffect(markets, Variable.TARGET_COVER, Operation.SCALE, self.factors(weeks, values))

    def factors(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Factor on target covers in each week [1]."""
        end = self.end
        if self.weeks is not None:
            last = self.start + dt.timedelta(days=max(round(7 * self.weeks) - 1, 0))
            end = last if end is None else min(end, last)
        since = np.maximum(weeks_since(self.start, weeks), 0.0)
        spread = np.minimum((since + 1.0) / np.maximum(values["ramp_weeks"], 1.0), 1.0)
        past = np.maximum(since - values["ramp_weeks"], 0.0)
        fading = np.ones(len(weeks)) if self.half_life_weeks is None else 0.5 ** (past / values["half_life_weeks"])
        return np.asarray(1.0 + (values["factor"] - 1.0) * spread * fading * share_in_force(self.start, end, weeks))
