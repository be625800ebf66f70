"""Export duty: levied by the country that goods leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ytterby.measures.duty import Duty
from ytterby.measures.effects import MeasureEffect, Operation, Variable
from ytterby.measures.parts import RateStep  # noqa: TC001 (pydantic reads annotations at run time)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Mondays


class ExportDuty(Duty):
    """A duty that `from` levies on what leaves."""

    kind: Literal["export_duty"] = "export_duty"
    steps: tuple[RateStep, ...] = Field(default=(), max_length=600)
    """Dated rates instead of one rate."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect]:
        """The duty on its links changes from that of the base."""
        yield MeasureEffect(self.links, Variable.EXPORT_DUTY, Operation.ADD, self.changes(weeks, values))
