"""Tariff: levied by the country that goods enter."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ytterby.facts import trade_group_of_sector
from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.duty import Duty
from ytterby.measures.effects import MeasureEffect, Operation, Variable
from ytterby.measures.parts import TariffStep  # noqa: TC001

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Mondays


class Tariff(Duty):
    """A duty that `to` levies on imports from `from`: on goods of the chains, or on groups of products.

    On goods it acts in the weekly run. On `products` and on the products of `sectors` it does not: `ytterby trade` computes what
    it does to trade, revenue, value added, jobs and the balance.
    """

    NEEDS: ClassVar[frozenset[str]] = frozenset({"to"})
    kind: Literal["tariff"] = "tariff"
    sectors: f.Sectors = ()
    """Sectors whose products pay it, such as `cars_combustion`; beside or instead of `on`."""
    products: f.Products = ()
    """Groups of products that pay it, such as `cars` or `car_parts`; beside or instead of `on`."""
    exempt_lists: Literal["none", "emergency", "section_122"] = "none"
    """Lists of the United States whose goods are free of it: those of 2025 (emergency powers), those of 2026 (section 122)."""
    steps: tuple[TariffStep, ...] = Field(default=(), max_length=600)
    """Dated steps instead of one rate: announced, imposed, paused, reduced, snap-back."""

    def faults(self) -> list[str]:
        """Goods, sectors or products, and one rate or steps by date."""
        found = [] if self.on or self.sectors or self.products else ["give 'on', 'sectors' or 'products'"]
        if any(step.all_in or step.replaces or step.of_enacted for step in self.steps) and self.on:
            found.append("'all_in', 'replaces' and 'of_enacted' are for products and sectors, not for 'on'")
        if any(step.all_in + step.replaces + step.of_enacted > 1 for step in self.steps):
            found.append("a step is either 'all_in', or 'replaces' the base duty, or 'of_enacted'")
        return found + super().faults()

    @property
    def groups(self) -> frozenset[str]:
        """Groups of products that pay it."""
        known = trade_group_of_sector()
        return frozenset(self.products) | {known[sector] for sector in self.sectors if sector in known}

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Days on which its rate may change."""
        after = () if self.end is None else (self.end + dt.timedelta(days=1),)
        return (self.start, *(step.date for step in self.steps), *after)

    def step_on(self, day: dt.date) -> TariffStep | None:
        """Step in force on a day; None before the first and after the end."""
        if day < self.start or (self.end is not None and day > self.end):
            return None
        if self.rate is not None:
            return TariffStep(date=self.start, rate=self.rate)
        past = [step for step in self.steps if step.date <= day and step.status != "announced"]
        return max(past, key=lambda step: step.date, default=None)

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect]:
        """The duty on links of its goods changes from that of the base; products are not part of the weekly run."""
        if self.on:
            yield MeasureEffect(self.links, Variable.IMPORT_DUTY, Operation.ADD, self.changes(weeks, values))
