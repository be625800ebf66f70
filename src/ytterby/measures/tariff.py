"""Tariff: levied by the country that goods enter."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ytterby.errors import NotSimulatedError
from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.duty import Duty
from ytterby.measures.effects import MeasureEffect, Operation, Variable
from ytterby.measures.parts import TariffStep  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Mondays


class Tariff(Duty):
    """A duty that `to` levies on imports from `from`: on goods, or on the products of sectors."""

    NEEDS: ClassVar[frozenset[str]] = frozenset({"to"})
    kind: Literal["tariff"] = "tariff"
    sectors: f.Sectors = ()
    """Sectors whose products pay it, such as `cars_combustion`; beside or instead of `on`."""
    steps: tuple[TariffStep, ...] = Field(default=(), max_length=600)
    """Dated steps instead of one rate: announced, imposed, paused, reduced, snap-back."""

    def faults(self) -> list[str]:
        """Goods or sectors, and one rate or steps by date."""
        return ([] if self.on or self.sectors else ["give 'on' or 'sectors'"]) + super().faults()

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect]:
        """The duty on links of its goods changes from that of the base."""
        if self.sectors:
            words = f"tariff on products of sectors ({', '.join(self.sectors)}) is valid but not simulated yet; 'on' goods are"
            raise NotSimulatedError(words)
        yield MeasureEffect(self.links, Variable.IMPORT_DUTY, Operation.ADD, self.changes(weeks, values))
