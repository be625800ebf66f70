"""Codes of regions that are no country's, explained below the table in which they stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby.facts import regions

if TYPE_CHECKING:
    from ytterby.cli.tables import TextTable

ISO = 2
"""Letters of a country's code."""


def explained(table: TextTable) -> TextTable:
    """The table with the names of the groups of countries among its cells, such as ``APX``, at the end of its caption."""
    cells = {cell for row in table.rows for cell in row}
    words = {word for cell in cells for word in cell.split()}
    groups = {code: term.name() for code, term in regions().items() if len(code) > ISO and code in words}
    names = [f"{code}: {name}" for code, name in groups.items() if f"{code} {name}" not in cells]
    return replace(table, caption=". ".join(filter(None, (table.caption.removesuffix("."), "; ".join(names))))) if names else table
