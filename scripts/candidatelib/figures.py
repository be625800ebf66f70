"""Figures with their ranges and the facts behind them, and the small language in which the choices name them.

``CAP0281``: a fact, in the table's unit. ``PRO0033.capex``: capital cost of a project that is stated in USD or EUR.
``YIE0092*4440``, ``YIE0130/CAP0176``, ``A+B``: products, quotients and sums. ``=0.15,0.06,0.24``: value, low and high of a judgement.
``A,B,C``: value, low and high from three expressions. ``price:2,1,5``: multiples of the good's base price.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.facts import load
from ytterby.tables import rows

if TYPE_CHECKING:
    from ytterby.facts import Facts

SCALE = {
    "%": 0.01, "USD/kg": 1e3, "USD per kg/year": 1e3, "M USD": 1e6, "M EUR": 1e6, "persons per kt/year": 1e-3,
    "person-years per M USD": 1e-6, "M AUD": 1e6,
}  # fmt: skip
"""Factor of a unit to tonnes, USD, persons, shares of one."""
ID = re.compile(r"[A-Z]{3}\d{4}|ASM\d{3}|PRJ\d{3}|C\d{3}[ab]?")


@dataclass(frozen=True)
class Figure:
    """A value with its range, how it is known and the facts behind it."""

    value: float
    low: float
    high: float
    basis: str = "stated"
    """One of ``stated``, ``derived``, ``generic``, ``assumed``, ``none``."""
    facts: tuple[str, ...] = ()

    def __mul__(self, factor: float) -> Figure:
        """Times a factor without a range."""
        return replace(self, value=self.value * factor, low=self.low * factor, high=self.high * factor)

    def __add__(self, other: Figure) -> Figure:
        """Sum; both are taken to be low and high together."""
        facts = tuple(dict.fromkeys((*self.facts, *other.facts)))
        return Figure(self.value + other.value, self.low + other.low, self.high + other.high, weaker(self.basis, other.basis), facts)

    def over(self, other: Figure) -> Figure:
        """Quotient; the range of the divisor widens it."""
        facts = tuple(dict.fromkeys((*self.facts, *other.facts)))
        return Figure(self.value / other.value, self.low / other.high, self.high / other.low, weaker(self.basis, other.basis), facts)

    def times(self, other: Figure) -> Figure:
        """Product of two uncertain figures, both low or both high."""
        facts = tuple(dict.fromkeys((*self.facts, *other.facts)))
        return Figure(self.value * other.value, self.low * other.low, self.high * other.high, weaker(self.basis, other.basis), facts)

    @property
    def words(self) -> str:
        """Cell of the basis: how it is known, and the facts."""
        return " ".join((self.basis, *self.facts))


NONE = Figure(math.nan, math.nan, math.nan, "none")
ORDER = ("stated", "derived", "generic", "assumed", "none")


def weaker(one: str, other: str) -> str:
    """The weaker of two bases."""
    return max(one, other, key=ORDER.index)


@dataclass(frozen=True)
class Expressions:
    """Reader of expressions.

    Parameters
    ----------
    facts : Facts
        The packaged figures.
    """

    facts: Facts

    @cached_property
    def projects(self):  # noqa: ANN201 (a table)
        """Projects with their capital costs."""
        return self.facts.projects()

    def read(self, text: str, basis: str = "stated") -> Figure:
        """Figure of an expression; ``basis`` is how figures of the facts count, unless the facts themselves are assumed."""
        if text.startswith("="):
            parts = [float(part) for part in text[1:].split(",")]
            value, low, high = parts if len(parts) == 3 else parts * 3
            return Figure(value, low, high, "assumed")
        if "," in text:
            value, low, high = (self.read(part, basis) for part in text.split(","))
            return range_of(value, low, high)
        total = None
        for term in text.split("+"):
            figure = self._term(term.strip(), basis)
            total = figure if total is None else total + figure
        return total

    def _term(self, text: str, basis: str) -> Figure:
        if "/" in text:
            above, below = text.split("/")
            return self._term(above, basis).over(self._term(below, basis))
        name, *factors = text.split("*")
        figure = self._capex(name) if name.endswith(".capex") else self._fact(name, basis)
        return figure * math.prod(float(factor) for factor in factors)

    def _fact(self, name: str, basis: str) -> Figure:
        row, (low, high) = self.facts.row(name), self.facts.range(name)
        factor = SCALE.get(row["unit"], 1.0)
        known = {"assumed": "assumed", "derived": "derived"}.get(row["kind"], basis) if basis == "stated" else basis
        return Figure(self.facts.value(name), low, high, known, (name,)) * factor

    def _capex(self, name: str) -> Figure:
        """Capital cost of a project [USD of 2024]; EUR by the mean rate of 2024."""
        name = name.partition(".")[0]
        row = self.projects.loc[name]
        figure = Figure(*([float(row["capex"])] * 3), "assumed" if "capex" in row["recalled_fields"] else "stated", (name,)) * 1e6
        if row["capex_unit"].startswith("EUR m"):
            rates = exchange_rate("EUR")
            return Figure(figure.value / rates[0], figure.low / rates[2], figure.high / rates[1], figure.basis, figure.facts)
        if not row["capex_unit"].startswith("USD m"):
            raise ValueError(f"{name}: capital cost in {row['capex_unit']}: no stated rate of exchange")
        return figure


def range_of(value: Figure, low: Figure | None, high: Figure | None) -> Figure:
    """Value with the low end of one figure and the high end of another, or its own where they are missing."""
    ends = [end for end in (low, high) if end is not None]
    facts = tuple(dict.fromkeys(fact for figure in (value, *ends) for fact in figure.facts))
    bottom = value.low if low is None else low.value
    top = value.high if high is None else high.value
    return replace(value, low=min(bottom, value.value), high=max(top, value.value), facts=facts)


def exchange_rate(currency: str, year: str = "2024") -> tuple[float, float, float]:
    """Units of a currency per USD: value, low, high."""
    row = next(row for row in rows("ytterby.facts", "data/schema/exchange_rates") if (row["currency"], row["year"]) == (currency, year))
    return float(row["per_usd"]), float(row["low"]), float(row["high"])


def expressions() -> Expressions:
    """Reader on the packaged figures."""
    return Expressions(load())
