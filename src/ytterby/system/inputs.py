"""Figures by expression: sums of fact ids with their range, kind and provenance."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.facts.load import Facts

NORMAL_95 = 1.96
"""Half the width of a 95 % band in standard deviations."""

RANK = {"reported": 0, "derived": 1, "assumed": 2}


@dataclass(frozen=True)
class Figure:
    """A number with its range, the ids it came from and the weakest of their kinds."""

    value: float
    low: float
    high: float
    ids: tuple[str, ...]
    kind: str

    def scaled(self, factor: float) -> Figure:
        """The figure times a factor >= 0."""
        return Figure(self.value * factor, self.low * factor, self.high * factor, self.ids, self.kind)

    def sigma(self, fallback: float) -> float:
        """Standard deviation: half-range / 1.96; without a range ``fallback`` x value is the half-range."""
        half = (self.high - self.low) / 2.0
        return max(half if half > 0 else fallback * abs(self.value), 1e-9) / NORMAL_95


@dataclass
class Inputs:
    """Door to the facts that remembers which ids were used."""

    facts: Facts
    used: set[str] = field(default_factory=set)

    def one(self, id: str) -> Figure:
        """Figure of a single row."""
        self.used.add(id)
        row = self.facts.row(id)
        return Figure(self.facts.value(id), *self.facts.range(id), (id,), str(row["kind"]))

    def sum(self, expression: str) -> Figure:
        """Sum of ids separated by blanks; ``-ID`` is subtracted. Ranges add in squares, kinds take the weakest."""
        terms = [(-1.0 if name.startswith("-") else 1.0, self.one(name.lstrip("-"))) for name in expression.split()]
        value = math.fsum(sign * term.value for sign, term in terms)
        down = math.hypot(*(term.value - term.low if sign > 0 else term.high - term.value for sign, term in terms))
        up = math.hypot(*(term.high - term.value if sign > 0 else term.value - term.low for sign, term in terms))
        kind = max((term.kind for _, term in terms), key=RANK.__getitem__)
        return Figure(value, value - down, value + up, tuple(term.ids[0] for _, term in terms), kind)

    def mean(self, expression: str) -> Figure:
        """Mean of ids separated by blanks."""
        return self.sum(expression).scaled(1.0 / len(expression.split()))

    def cell(self, expression: str, value: float, relative: float) -> Figure:
        """Figure of a recipe cell: the facts where ids stand, else the assumed value with a relative half-range."""
        if expression:
            return self.sum(expression)
        return Figure(value, value * (1 - relative), value * (1 + relative), (), "assumed")
