"""Demand shift: sectors use more or less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import Demands, MeasureEffect, Operation, Variable
from ytterby.measures.weeks import ramped, weeks_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class DemandShift(Measure):
    """The use of sectors in `to` grows or shrinks."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset()
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("factor", "ramp_weeks")
    kind: Literal["demand_shift"] = "demand_shift"
    sectors: f.Sectors = ()
    """Sectors whose use changes; all where empty."""
    factor: Annotated[f.Number, Field(ge=0, le=100)]
    """Factor on base use once the ramp is done [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time from 1 to `factor` in a straight line [weeks]."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect]:
        """Final use changes by the factor."""
        users = Demands(self.kind, self.on, self.to, self.sectors)
        yield MeasureEffect(users, Variable.FINAL_USE, Operation.SCALE, self.factors(weeks, values))

    def factors(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Factor on base use in each week [1]; back to 1 after `end`."""
        grown = ramped(weeks_since(self.start, weeks), values["ramp_weeks"])
        return np.asarray(1.0 + (values["factor"] - 1.0) * grown * self.in_force(weeks))
