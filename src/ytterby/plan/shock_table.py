"""The table of families of shocks: how deep, how long and how likely each parameter is, with its range and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ytterby import tables
from ytterby.economy import assumptions
from ytterby.errors import DataGapError, FactError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROOM = "ytterby.plan"
KINDS = ("reported", "derived", "assumed")


@dataclass(frozen=True)
class FamilyRow:
    """One parameter of a family, triangular between ``low`` and ``high`` around ``value``."""

    family: str
    parameter: str
    value: float
    low: float
    high: float
    unit: str
    kind: str
    facts: str
    note: str

    def at(self, quantile: Floats) -> Floats:
        """Value at quantiles of the range."""
        return assumptions.triangular(quantile, *(np.array(end) for end in (self.low, self.value, self.high)))


@dataclass(frozen=True)
class StandingOrder:
    """An order that restricts exports since before the plan begins."""

    fact: str
    family: str
    scope: str
    note: str


def shock_facts() -> tuple[str, ...]:
    """Ids of the figures behind the families of shocks and the standing orders, each once."""
    cells = [name for row in family_rows() for name in row.facts.split()]
    return tuple(dict.fromkeys((*cells, *(order.fact for order in standing_orders()))))


@cache
def family_rows() -> tuple[FamilyRow, ...]:
    """All rows.

    Raises
    ------
    FactError
        If a value lies outside its range, a kind is unknown, or a row that is not assumed cites no fact.
    """
    found = tables.records(ROOM, "tables/shock_families", FamilyRow)
    for line, row in enumerate(found, start=2):
        if not row.low <= row.value <= row.high or row.low == row.high:
            raise FactError(f"shock_families.csv line {line}: {row.value} with the range {row.low} to {row.high}")
        if row.kind not in KINDS or (row.kind != "assumed" and not row.facts):
            raise FactError(f"shock_families.csv line {line}: kind '{row.kind}' with facts '{row.facts}'")
    return found


def family_row(family: str, parameter: str) -> FamilyRow:
    """Row of a parameter.

    Raises
    ------
    DataGapError
        If the family has no such parameter.
    """
    for row in family_rows():
        if (row.family, row.parameter) == (family, parameter):
            return row
    raise DataGapError(f"shock_families: no row '{parameter}' of the family '{family}'")


def restriction_families() -> tuple[str, ...]:
    """Families of new restrictions, among which the record and the prior counts divide the hazard."""
    return tuple(row.family for row in family_rows() if row.parameter == "prior")


def family_of_kind() -> dict[str, str]:
    """Family of each kind of restriction of the record."""
    return {row["kind"]: row["family"] for row in tables.rows(ROOM, "tables/shock_kinds")}


def standing_orders() -> tuple[StandingOrder, ...]:
    """Orders in force, of which those known on a day count."""
    return tables.records(ROOM, "tables/standing_orders", StandingOrder)
