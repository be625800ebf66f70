"""Recycling: old goods are collected, and what they hold comes back as oxide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import Demands, ScrapRecovery
from ytterby.measures.weeks import ramped, weeks_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class Recycling(Measure):
    """More scrap of the goods is collected and worked up in `from`."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("collection", "recovery", "retired", "capacity_t_per_year", "ramp_weeks")
    kind: Literal["recycling"] = "recycling"
    collection: f.Share
    """Share of end-of-life goods collected once the ramp is done [1]."""
    recovery: f.Share
    """Share of the contained rare earths recovered as oxide [1]."""
    retired: Annotated[f.Number, Field(ge=0, le=2)] = 0.3
    """What reaches its end of life over today's use of the region; assumed (0.1-0.6): use grows while goods last for years [1]."""
    capacity_t_per_year: f.Amount | None = None
    """Most scrap that is worked up; no limit where absent [t/year]."""
    ramp_weeks: f.Weeks = 0.0
    """Time to full collection in a straight line [weeks]."""
    cost_usd_per_kg: f.Amount | None = None
    """Cost of the recovered oxide; the simulator lets the plants run whatever they cost [USD/kg]."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[ScrapRecovery]:
        """Oxides come to the markets of the regions whose users give the old goods back."""
        users = Demands(self.kind, self.on, self.from_, required=True)
        capacity = None if self.capacity_t_per_year is None else values["capacity_t_per_year"]
        yield ScrapRecovery(users, self.collected(weeks, values), self.in_force(weeks), values["recovery"], capacity)

    def collected(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Share of today's use that is collected in each week if the capacity suffices [1]."""
        grown = ramped(weeks_since(self.start, weeks), values["ramp_weeks"])
        return np.asarray(values["collection"] * values["retired"] * grown)
