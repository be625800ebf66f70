"""Sectors that talks on duties link to them, as data rows, and what Japan's earlier 2 % of GDP for defence adds.

A cell that no fact fills is empty and left out of every sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.economy.trade.value_added import dollars
from ytterby.tables import records

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.facts import Facts

TWO_PERCENT = 0.02
BUDGET, GDP = "SEC0162", "SEC0086"
PROCURED, SPENT = "SEC0163", "SEC0156"
"""Procurement and military spending of the United States, whose ratio stands for Japan's share of procurement."""
ORDERED_ABROAD = (0.0, 0.5, 1.0)
"""Share of Japan's procurement placed with the United States: low, central, high (assumed)."""
PERCENT = 0.01
HEAVY = "magnet.NdFeB-Dy"
CONTENT = {
    "Nd": {HEAVY: ("DEM0142",), "magnet.NdFeB": ("DEM0142",)},
    "Dy": {HEAVY: ("DEM0143",)},
    "Tb": {HEAVY: ("DEM0144",)},
    "Sm": {"magnet.SmCo": ("DEM0158",)},
}
"""Content of the elements in the magnets of weapons; of NdPr the part of Nd in the average magnet."""
ND, PR = "DEM0151", "DEM0152"


@dataclass(frozen=True)
class LinkedRow:
    """One row of the table; empty text where no fact fills a cell."""

    item: str
    name: str
    share_of: str
    """Whose share stands in the cells of shares, and of what."""
    sector: str
    party: str
    date: str
    investment: str
    capacity: str
    balance: str
    share_before: str
    share_after: str
    jobs: str
    facts: tuple[str, ...]
    kind: str
    note: str


@dataclass(frozen=True)
class DefencePathRow:
    """Place of a fiscal year between the budget of 2025 (0) and 2 % of GDP (1), on the old path and on the new one."""

    year: int
    old: float
    new: float
    kind: str
    note: str


class DefenceYear(NamedTuple):
    """What the earlier path adds in one fiscal year."""

    year: int
    spending: float
    """Above the old path [USD]."""
    factor: float
    """Procurement over that of the old path; the factor of a ``demand_shift``."""
    demand: dict[str, float]
    """More use by element [t]."""
    orders: tuple[float, float, float]
    """Orders placed with the United States: low, central, high [USD]."""


@cache
def linked_rows() -> tuple[LinkedRow, ...]:
    """Linked sectors."""
    return records("ytterby.economy.trade", "tables/linked", LinkedRow)


def number(cell: str) -> float | None:
    """Number of a cell; None for an empty one."""
    return float(cell) if cell else None


def defence_path(facts: Facts, demands: pd.DataFrame) -> tuple[DefenceYear, ...]:
    """What 2 % of GDP for defence in fiscal 2025 instead of 2027 adds, year by year.

    Parameters
    ----------
    facts : Facts
        Figures with budget, GDP, procurement and magnet composition.
    demands : DataFrame
        Demands of a System; those of the sector ``defence`` in Japan are the use that grows with procurement.
    """
    budget, goal = dollars(facts, BUDGET), TWO_PERCENT * dollars(facts, GDP)
    procured = dollars(facts, PROCURED) / dollars(facts, SPENT)
    base = _base_use(facts, demands)
    found = []
    for row in records("ytterby.economy.trade", "tables/defence_path", DefencePathRow):
        old, new = (budget + place * (goal - budget) for place in (row.old, row.new))
        grown = (new - old) / budget
        orders = tuple(share * procured * (new - old) for share in ORDERED_ABROAD)
        demand = {element: tonnes * grown for element, tonnes in base.items()}
        found.append(DefenceYear(row.year, new - old, new / old, demand, (orders[0], orders[1], orders[2])))
    return tuple(found)


def _base_use(facts: Facts, demands: pd.DataFrame) -> dict[str, float]:
    """Elements in the magnets that Japan's defence uses in the base [t/year]."""
    own = demands[(demands["region"] == "JP") & (demands["sector"] == "defence")].groupby("commodity")["use"].sum()
    neodymium = facts.value(ND) / (facts.value(ND) + facts.value(PR))
    found = {}
    for element, parts in CONTENT.items():
        mass = sum(float(own.get(goods, 0.0)) * sum(facts.value(id_) for id_ in ids) * PERCENT for goods, ids in parts.items())
        found[element] = mass * (neodymium if element == "Nd" else 1.0)
    return found
