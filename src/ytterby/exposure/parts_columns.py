"""Columns of a list of parts: found under the names that people give them, wherever the table begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

from ytterby.errors import InputError
from ytterby.exposure.cell_values import units
from ytterby.result_model import ResultModel
from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.exposure.cell_values import Cell

REQUIRED = ("part", "grade", "grams", "country")
"""Columns that a list must have; ``material`` serves in place of ``grade``."""
OPTIONAL = (
    "material", "supplier", "weeks_of_cover", "supplier_cover", "upstream_share", "licence", "licence_expiry", "alternatives",
    "units_per_week",
)  # fmt: skip
DIMENSIONS = {"grams": "grams", "weeks_of_cover": "weeks", "supplier_cover": "weeks", "units_per_week": "weeks"}
"""Dimension of the unit that the name of a column may hold."""
NAMES = ("part", "supplier")
"""Columns that many lists have twice, as a number and as a name."""
PREPOSITIONS = ("in", "per", "pro", "je", "of", "von", "a", "an")
EACH = ("part", "piece", "unit", "teil", "stück", "bauteil")
SEARCHED = 30
"""Rows in which the names of the columns are looked for."""
ENOUGH = 3
"""Known columns that make a row the one with the names."""


class ReadingNote(ResultModel):
    """What a reader of the result should know of how the file was read."""

    code: str
    """``no_unit`` (columns that were read as grams or weeks), ``unused`` (columns), ``encoding``, ``examples`` (parts of the template),
    ``content`` (compounds counted by what they hold), ``outside`` (parts left out, whose material is in no chain),
    ``cell_unit`` (cells with a unit other than their column's)."""
    about: tuple[str, ...]
    """Titles of columns, or names of parts."""


@dataclass(frozen=True)
class PartsColumn:
    """A column of the file."""

    name: str
    """Its name in the program."""
    title: str
    """Its name in the file."""
    factor: float = 1.0
    """What its numbers are multiplied by."""
    unit: str = ""
    """The unit that its title names."""


@dataclass(frozen=True)
class Header:
    """Where the table begins and what its columns hold."""

    row: int
    """Number of the row with the names, from 0."""
    columns: dict[int, PartsColumn]
    """By place."""
    unused: tuple[str, ...]
    """Titles that mean nothing here."""

    @property
    def notes(self) -> list[ReadingNote]:
        """What was taken for granted."""
        silent = [c.title for c in self.columns.values() if c.name in DIMENSIONS and not c.unit]
        found = [ReadingNote(code="no_unit", about=tuple(silent))] if silent else []
        return found + ([ReadingNote(code="unused", about=self.unused)] if self.unused else [])


def folded(text: str) -> str:
    """Text without case, blanks and punctuation."""
    return "".join(re.findall(r"\w", text.casefold().replace("_", "")))


@cache
def _names() -> dict[str, str]:
    found = rows("ytterby.exposure", "tables/parts_columns")
    return {folded(name): row["column"] for row in found for name in (row["column"], *row["names"].split("|"))}


def column_of(title: str) -> PartsColumn | None:
    """Column that a title means, with the unit it names; None if it means none."""
    words = re.findall(r"[^\W\d_]+|\d+", title.casefold())
    unit = ""
    while words:
        name = _names().get(folded("".join(words)))
        if name:
            return _with_unit(name, title, unit or next((word for word in reversed(words) if word in units(DIMENSIONS.get(name, ""))), ""))
        last = words.pop()
        if last not in PREPOSITIONS and last not in EACH:
            unit = unit or last
            if last not in {*units("grams"), *units("weeks")}:
                return None
    return None


def _with_unit(name: str, title: str, unit: str) -> PartsColumn | None:
    known = units(DIMENSIONS.get(name, ""))
    if unit and unit not in known:
        return None
    factor = known.get(unit, 1.0)
    return PartsColumn(name, title, 1.0 / factor if name == "units_per_week" else factor, unit)


def find_header(table: Sequence[Sequence[Cell]]) -> Header | None:
    """Row with the most known titles among the first, at least :data:`ENOUGH`; None if there is none."""
    found = [header for number, row in enumerate(table[:SEARCHED]) if (header := _header(number, row))]
    return max(found, key=lambda header: len(header.columns), default=None)


def _header(number: int, row: Sequence[Cell]) -> Header | None:
    titles = {place: cell.strip() for place, cell in enumerate(row) if isinstance(cell, str) and cell.strip()}
    named = _without_second_names({place: column for place, title in titles.items() if (column := column_of(title))})
    unused = tuple(title for place, title in titles.items() if place not in named)
    return Header(number, named, unused) if len(named) >= ENOUGH else None


def _without_second_names(named: dict[int, PartsColumn]) -> dict[int, PartsColumn]:
    """Columns of which a number and a name of the part, or of the supplier, are one: the first."""
    first = {column.name: place for place, column in reversed(named.items())}
    titles = {folded(column.title) for column in named.values()}
    plain = len(titles) == len(named)
    return {place: column for place, column in named.items() if not (plain and column.name in NAMES) or first[column.name] == place}


def check_header(header: Header | None, name: str) -> Header:
    """Check that all needed columns are there, each once.

    Raises
    ------
    InputError
        With all that is missing or twice, and the nearest title found.
    """
    if header is None:
        needed = f"needed are {_listed(REQUIRED)}; 'ytterby exposure --bom-template parts.xlsx' writes such a list"
        raise InputError(f"{name}: no row with the names of the columns; {needed}")
    held = [column.name for column in header.columns.values()]
    faults = [
        f"missing column '{column}'{_hint(column, header.unused)}"
        for column in REQUIRED
        if column not in held and not (column == "grade" and "material" in held)
    ]
    for column in dict.fromkeys(held):
        titles = [item.title for item in header.columns.values() if item.name == column]
        faults += [f"columns {' and '.join(map(repr, titles))} mean the same ({column})"] if len(titles) > 1 else []
    if faults:
        raise InputError(f"{name}:{header.row + 1}: {'; '.join(faults)}; needed are {_listed(REQUIRED)}, allowed {_listed(OPTIONAL)}")
    return header


def _hint(column: str, unused: Sequence[str]) -> str:
    near = get_close_matches(column, {folded(title): title for title in unused}, n=1, cutoff=0.6)
    titles = {folded(title): title for title in unused}
    return f" (is it '{titles[near[0]]}'? then call it '{column}')" if near else ""


def _listed(columns: Sequence[str]) -> str:
    return ", ".join("grade or material" if column == "grade" else column for column in columns if column != "material")
