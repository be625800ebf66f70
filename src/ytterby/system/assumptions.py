"""The modelling choices that are not facts: small CSV tables under ``recipe/``.

A table of the year's own folder wins over the common one. Cells hold fact ids where there are any; what is assumed
carries its range and the word ``assumed``.
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
    from collections.abc import Sequence

    import pandas as pd

TEXTS = frozenset({
    "application", "basis", "buyers", "capacity_fact", "commodities", "commodity", "component", "cost_fact", "deposit", "destination",
    "driver", "element", "fact", "facts", "feed", "form", "grade", "group", "heading", "job_fact", "key", "kind", "less_magnets", "like",
    "name", "note", "origin", "owner", "partner", "process", "reason", "recovery_class", "region", "regions", "scrap_fact", "sector",
    "use_fact", "va_fact", "what", "yield_fact", "zone",
})  # fmt: skip
"""Columns that hold words; every other column holds numbers, and an empty cell becomes NaN."""


ROOM = "ytterby.system"
RARE_EARTHS = "rare-earths"
"""The chain that is meant where none is named."""


@cache
def _frame(base: str, name: str) -> pd.DataFrame:
    import pandas as pd

    own = (f"recipe/{folder}/{name}" for folder in base.split())
    found = next((place for place in own if tables.path_of(ROOM, place).is_file()), f"recipe/{name}")
    table = tables.frame(ROOM, found)
    for column in table.columns.difference(sorted(TEXTS)):
        table[column] = pd.to_numeric(table[column].replace("", math.nan))
    return table


@cache
def _rows(base: str, name: str) -> tuple[Any, ...]:
    return tuple(_frame(base, name).itertuples(index=False))


@dataclass(frozen=True)
class Assumptions:
    """Recipe tables of a base: those of its folder win over the common ones.

    A small chain takes from the folder of 2024 what it does not have itself: the worth of the using sectors.
    """

    year: int
    chain: str = RARE_EARTHS

    @property
    def _base(self) -> str:
        """Folders in which a table is looked for, first the own one."""
        return str(self.year) if self.chain == RARE_EARTHS else f"{self.chain} 2024"

    def frame(self, name: str) -> pd.DataFrame:
        """Table as a fresh frame."""
        return _frame(self._base, name).copy()

    def rows(self, table: str, /, **cells: object) -> list[Any]:
        """Rows as named tuples, in the order of the file; with ``cells`` only those that hold them."""
        found = _rows(self._base, table)
        return [row for row in found if all(getattr(row, column) == wanted for column, wanted in cells.items())]

    def one(self, table: str, /, **cells: object) -> Any:
        """The single row that holds the cells.

        Raises
        ------
        DataGapError
            If there is none.
        """
        found = self.rows(table, **cells)
        if not found:
            raise DataGapError(f"recipe {table} of {self._base.split()[0]} has no row with {cells}")
        return found[0]

    def special(self, table: str, /, **values: str) -> Any:
        """Last row whose patterns fit all values: special rows stand below the general ones.

        Raises
        ------
        DataGapError
            If none fits.
        """
        found = [row for row in _rows(self._base, table) if all(matches(value, getattr(row, column)) for column, value in values.items())]
        if not found:
            raise DataGapError(f"recipe {table} of {self._base.split()[0]} has no row that fits {values}")
        return found[-1]

    def group(self, name: str) -> tuple[str, ...]:
        """Regions meant by a group of the balance, or by region codes separated by blanks."""
        named = {row.group: row.regions for row in _rows(self._base, "groups")}
        return tuple(named.get(name, name).split())


def matches(name: str, patterns: str) -> bool:
    """Whether a name fits one of the shell patterns, separated by blanks (``!`` excludes); an empty text fits all."""
    words = patterns.split()
    if any(fnmatchcase(name, word[1:]) for word in words if word.startswith("!")):
        return False
    wanted = [word for word in words if not word.startswith("!")]
    return not wanted or any(fnmatchcase(name, word) for word in wanted)


def missing(value: float) -> bool:
    """Whether a recipe cell is empty."""
    return math.isnan(value)


def commodity_of(market: str) -> str:
    """Commodity of a market id."""
    return market.partition("@")[0]


def region_in(market: str) -> str:
    """Region of a market or process id."""
    return market.partition("@")[2]


def names(text: str) -> Sequence[str]:
    """Words of a cell."""
    return text.split()
