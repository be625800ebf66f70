"""Closed lists of the figures: columns, quantities, units, licences, kinds, elements and industries."""

from __future__ import annotations

from functools import cache

from ytterby.tables import rows

NUMBERS = dict.fromkeys(("value", "low", "high"), "float64")
"""Types of the columns of a row that hold numbers."""

KINDS = ("reported", "derived", "assumed")
STATUSES = ("located", "unlocated", "computed", "recalled", "user")
QUALITIES = ("A", "B", "C", "")
AGGREGATES = ("NdPr", "DyTb", "LaCe", "SEG", "MREE", "LREE", "HREE", "TREO")
"""Groups of elements: magnet pair, heavy pair, light pair, Sm-Eu-Gd, the four magnet elements, light, heavy, all."""

OTHER_MINERALS = ("Ga", "Ge", "Sb", "graphite", "W", "Bi", "Te", "In", "Mg", "Mo")


@cache
def listed(name: str) -> dict[str, dict[str, str]]:
    """Rows of a schema list by their first column."""
    return {next(iter(row.values())): row for row in rows("ytterby.facts", f"data/schema/{name}")}


@cache
def quantities_with(mark: str) -> frozenset[str]:
    """Quantities whose column ``mark`` says yes."""
    return frozenset(name for name, row in listed("quantities").items() if row[mark] == "yes")
