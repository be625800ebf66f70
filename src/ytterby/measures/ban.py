"""Ban: an embargo, or a stop for some end users only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import AnyEffect, EndUseRefusal, EndUseShare, LicenceRule, MeasureEffect, Operation, Variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays

MIN_SHARE = 1e-12
"""Smallest share that others are divided by."""


class Ban(Measure):
    """Goods may not leave `from` for `to`: an embargo, or a stop for some end users only."""

    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("depth", "held", "leakage")
    kind: Literal["ban"] = "ban"
    depth: f.Share = 1.0
    """Share of the flow that is stopped [1]."""
    held: f.Share = 0.0
    """Share of what is stopped that waits at the port and leaves when the ban ends; the rest is ordered elsewhere [1]."""
    leakage: f.Share = 0.0
    """Share of what is barred that arrives all the same, through third countries or under another name [1]."""
    end_uses: f.Sectors = ()
    """Only goods for these end uses; all where empty."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[AnyEffect]:
        """What is stopped at the port is stopped whatever it is declared as; what is held waits like an undecided licence."""
        force, depth = self.in_force(weeks), values["depth"] * (1.0 - values["leakage"])
        waits = depth * values["held"]
        weight = EndUseShare(self.end_uses) if self.end_uses else None
        everything = replace(self.links, undeclared=True)
        level = np.asarray((depth - waits) / np.maximum(1.0 - waits, MIN_SHARE) * force)
        yield MeasureEffect(everything, Variable.TRADE_FLOW, Operation.REDUCE, level, weight)
        if self.end is not None:
            left = self._weeks_left(weeks, force)
            yield LicenceRule(self.links, np.asarray(waits * force), weight, backlog_delay=left, validity=0.0)
        if self.end_uses:
            yield EndUseRefusal(everything, self.end_uses, np.asarray(depth * force))

    def _weeks_left(self, weeks: Mondays, force: Floats) -> Floats:
        """Whole weeks until the ban ends, from each week in which it is in force."""
        left = np.ceil((np.datetime64(self.end, "D") - weeks).astype(float) / 7.0)
        return np.where(force > 0.0, np.maximum(left, 0.0), 0.0)
