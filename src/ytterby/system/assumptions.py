"""Assumptions of a base: modelling choices that are not facts, as small CSV tables under ``bases/``.

A table in the base's own folder takes precedence over the common one. Cells hold ids of facts where there are any;
assumed values have a range and the kind ``assumed``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Any

from ytterby import tables
from ytterby.errors import DataGapError

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.system.bases import Base

TEXT_COLUMNS = frozenset({
    "application", "basis", "buyers", "capacity_fact", "commodities", "commodity", "component", "cost_fact", "deposit", "destination",
    "driver", "element", "fact", "facts", "feed", "form", "grade", "group", "heading", "job_fact", "key", "kind", "less_magnets", "like",
    "name", "note", "origin", "owner", "partner", "process", "reason", "recovery_class", "region", "regions", "scrap_fact", "sector",
    "use_fact", "va_fact", "what", "yield_fact", "zone",
})  # fmt: skip
"""Columns of text; all other columns are numbers, and an empty cell becomes NaN."""

PACKAGE = "ytterby.system"


@cache
def _frame(folders: tuple[str, ...], name: str) -> pd.DataFrame:
    import pandas as pd

    places = [f"bases/{folder}/{name}" for folder in folders]
    table = tables.frame(PACKAGE, next((place for place in places if tables.path_of(PACKAGE, place).is_file()), places[-1]))
    for column in table.columns.difference(sorted(TEXT_COLUMNS)):
        table[column] = pd.to_numeric(table[column].replace("", math.nan))
    return table


@cache
def _rows(folders: tuple[str, ...], name: str) -> tuple[Any, ...]:
    return tuple(_frame(folders, name).itertuples(index=False))


@cache
def _equal(folders: tuple[str, ...], name: str, cells: tuple[tuple[str, object], ...]) -> tuple[Any, ...]:
    """Rows whose columns equal the cells."""
    return tuple(row for row in _rows(folders, name) if all(getattr(row, column) == wanted for column, wanted in cells))


@cache
def _fitting(folders: tuple[str, ...], name: str, values: tuple[tuple[str, str], ...]) -> tuple[Any, ...]:
    """Rows whose patterns match the values."""
    return tuple(row for row in _rows(folders, name) if all(matches(value, getattr(row, column)) for column, value in values))


@dataclass(frozen=True)
class Assumptions:
    """Tables of assumptions of a base, read from its own folder, else the inherited one, else the common one."""

    base: Base

    def frame(self, name: str) -> pd.DataFrame:
        """Copy of a table."""
        return _frame(self.base.folders, name).copy()

    def rows(self, table: str, /, **cells: object) -> list[Any]:
        """Rows as named tuples in the order of the file, restricted to those whose columns equal ``cells``."""
        return list(_equal(self.base.folders, table, tuple(cells.items())))

    def one(self, table: str, /, **cells: object) -> Any:
        """First row whose columns equal ``cells``.

        Raises
        ------
        DataGapError
            If there is no such row.
        """
        found = self.rows(table, **cells)
        if not found:
            raise DataGapError(f"table {table} of the base {self.base.folder} has no row with {cells}")
        return found[0]

    def special(self, table: str, /, **values: str) -> Any:
        """Last row whose patterns match all values; in the files, special rows follow general ones.

        Raises
        ------
        DataGapError
            If no row matches.
        """
        found = _fitting(self.base.folders, table, tuple(values.items()))
        if not found:
            raise DataGapError(f"table {table} of the base {self.base.folder} has no row that fits {values}")
        return found[-1]

    def group(self, name: str) -> tuple[str, ...]:
        """Regions of a named group of the assumptions, or of region codes separated by blanks."""
        named = {row.group: row.regions for row in _rows(self.base.folders, "groups")}
        return tuple(named.get(name, name).split())


@cache
def matches(name: str, patterns: str) -> bool:
    """Whether a name matches one of the shell patterns separated by blanks; ``!`` excludes, an empty text matches all."""
    words = patterns.split()
    if any(fnmatchcase(name, word[1:]) for word in words if word.startswith("!")):
        return False
    wanted = [word for word in words if not word.startswith("!")]
    return not wanted or any(fnmatchcase(name, word) for word in wanted)


def missing(value: float) -> bool:
    """Whether a cell is empty."""
    return math.isnan(value)


def commodity_of(market: str) -> str:
    """Commodity of a market id."""
    return market.partition("@")[0]


def region_in(market: str) -> str:
    """Region of a market or process id."""
    return market.partition("@")[2]
