"""Outage: mines or plants stand still, and recover."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import MeasureEffect, Operation, Variable
from ytterby.measures.weeks import AT_ONCE, weeks_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class Outage(Measure):
    """Mines or plants in `from` that make the goods lose capacity."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("loss", "ramp_weeks")
    kind: Literal["outage"] = "outage"
    loss: f.Share = 1.0
    """Share of capacity lost [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time of recovery after `end`, in a straight line [weeks]."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect]:
        """The plants run below their capacity."""
        yield MeasureEffect(self.plants, Variable.ACTIVITY, Operation.REDUCE, 1.0 - self.availability(weeks, values))

    def availability(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Share of capacity that is there in each week [1]."""
        lost = values["loss"] * self.in_force(weeks)
        if self.end is None:
            return np.asarray(1.0 - lost)
        since = weeks_since(self.end, weeks)
        fading = values["loss"] * np.clip(1.0 - since / np.maximum(values["ramp_weeks"], AT_ONCE), 0.0, 1.0)
        return 1.0 - np.where(since > 0, np.maximum(lost, fading), lost)
