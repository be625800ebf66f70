"""Substitution: users learn to do with less."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import Demands, MeasureEffect, Operation, Variable
from ytterby.measures.weeks import ramped, share_in_force, weeks_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class Substitution(Measure):
    """Sectors in `to` learn to do with less of the goods."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("saving", "ramp_weeks", "kept")
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
    """Cost of saving a kilogram; for the record, not simulated [USD/kg]."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect]:
        """Final use falls by the saving."""
        users = Demands(self.kind, self.on, self.to, self.sectors, required=True)
        yield MeasureEffect(users, Variable.FINAL_USE, Operation.SCALE, self.factors(weeks, values))

    def factors(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Factor on base use in each week [1]: what is saved while in force, and what of it is kept afterwards."""
        saving, ramp = values["saving"], values["ramp_weeks"]
        saved = saving * ramped(weeks_since(self.start, weeks), ramp) * self.in_force(weeks)
        if self.end is not None:
            reached = saving * ramped(np.asarray((self.end - self.start).days / 7.0), ramp)
            saved = saved + values["kept"] * reached * share_in_force(self.end + dt.timedelta(days=1), None, weeks)
        return np.asarray(1.0 - saved)
