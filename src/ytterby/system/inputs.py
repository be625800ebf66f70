"""Figures as sums of facts, with range, kind and provenance."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ytterby.system.assumptions import Assumptions, missing
from ytterby.system.bases import RARE_EARTHS, base_of

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.facts import Facts

NORMAL_95 = 1.96
"""Half the width of a 95 % band in standard deviations."""

PERCENT = 0.01
MIN_SIGMA = 1e-9
RANK = {"reported": 0, "derived": 1, "assumed": 2}
"""Kinds from the strongest to the weakest; a sum has the weakest kind of its terms."""


@dataclass(frozen=True)
class FigureWithRange:
    """A number with its range, the ids of its facts and the weakest of their kinds."""

    value: float
    low: float
    high: float
    ids: tuple[str, ...]
    kind: str

    def scaled(self, factor: float) -> FigureWithRange:
        """The figure times a factor >= 0."""
        return FigureWithRange(self.value * factor, self.low * factor, self.high * factor, self.ids, self.kind)

    def sigma(self, fallback: float) -> float:
        """Standard deviation: half-range / 1.96; without a range, the half-range is ``fallback`` times the value."""
        half = (self.high - self.low) / 2.0
        return max(half if half > 0 else fallback * abs(self.value), MIN_SIGMA) / NORMAL_95


def weakest(*kinds: str) -> str:
    """The weakest of the given kinds."""
    return max(kinds, key=RANK.__getitem__)


def assumed(value: float, relative: float = 0.0) -> FigureWithRange:
    """An assumed figure with a relative half-range."""
    return FigureWithRange(value, value * (1 - relative), value * (1 + relative), (), "assumed")


@dataclass
class FigureExpressions:
    """Figures and assumptions of a base; records in ``used`` the ids of all facts it has read."""

    facts: Facts
    year: int
    used: set[str] = field(default_factory=set)
    chain: str = RARE_EARTHS
    _known: dict[str, FigureWithRange] = field(default_factory=dict, repr=False)

    @cached_property
    def assumptions(self) -> Assumptions:
        """Tables of assumptions of the base."""
        return Assumptions(base_of(self.year, self.chain))

    @cached_property
    def trade(self) -> pd.DataFrame:
        """Customs flows of the chain's headings, with the columns of :meth:`Facts.trade`."""
        return self.facts.trade() if self.chain == RARE_EARTHS else self.facts.minerals_trade()

    def rows(self, table: str, /, **cells: object) -> list[Any]:
        """Rows of a table of assumptions."""
        return self.assumptions.rows(table, **cells)

    def one(self, id: str) -> FigureWithRange:
        """Figure of a single fact."""
        self.used.add(id)
        if id not in self._known:
            self._known[id] = FigureWithRange(self.facts.value(id), *self.facts.range(id), (id,), str(self.facts.row(id)["kind"]))
        return self._known[id]

    def sum(self, expression: str) -> FigureWithRange:
        """Sum of facts by their ids, separated by blanks; ``-ID`` is subtracted.

        Half-ranges add in quadrature; the kind is the weakest of the terms.
        """
        terms = [(-1.0 if name.startswith("-") else 1.0, self.one(name.removeprefix("-"))) for name in expression.split()]
        value = math.fsum(sign * term.value for sign, term in terms)
        down = math.hypot(*[term.value - term.low if sign > 0 else term.high - term.value for sign, term in terms])
        up = math.hypot(*[term.high - term.value if sign > 0 else term.value - term.low for sign, term in terms])
        ids = tuple(term.ids[0] for _, term in terms)
        return FigureWithRange(value, value - down, value + up, ids, weakest(*(term.kind for _, term in terms)))

    def mean(self, expression: str) -> FigureWithRange:
        """Mean of facts by their ids, separated by blanks."""
        return self.sum(expression).scaled(1.0 / len(expression.split()))

    def cell(self, expression: str, value: float, relative: float) -> FigureWithRange:
        """Figure of a row of assumptions: the sum of its facts, else its value with a relative half-range."""
        return self.sum(expression) if expression else assumed(value, relative)

    def rate(self, id: str) -> float:
        """Value of a fact in percent, as a share."""
        return self.one(id).value * PERCENT

    def constant(self, name: str) -> FigureWithRange:
        """Figure of a row of the table ``constants``."""
        row = self.assumptions.one("constants", name=name)
        return self.cell(row.facts, row.value, row.rel)

    def cost(self, row: Any) -> FigureWithRange | None:
        """Cost of a row of assumptions: its fact, else its own value and range, else None."""
        if getattr(row, "cost_fact", ""):
            return self.sum(row.cost_fact)
        if not missing(getattr(row, "cost", math.nan)):
            return FigureWithRange(row.cost, row.cost_low, row.cost_high, (), "assumed")
        return None
