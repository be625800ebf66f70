"""What a reader of an official release gets and gives: a table with its header found, and figures with what was left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts.numbers import NumberError, parse_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from ytterby.facts.cells import Sheet

Row = dict[str, str]
Frames = dict[str, "pd.DataFrame"]


def plain_name(column: str) -> str:
    """Return a column name in lower case with underscores: ``MCS chapter`` and ``mcs_chapter`` are the same."""
    return re.sub(r"[^0-9a-z\u3040-\u9fff]+", "_", column.strip().lower()).strip("_")


@dataclass(frozen=True)
class ReleaseTable:
    """A sheet whose header was found: its columns by their plain names."""

    sheet: Sheet
    line: int
    """Line of the header."""
    header: tuple[str, ...]
    """Columns as they are written."""

    @property
    def name(self) -> str:
        """Name for messages."""
        return self.sheet.name

    @cached_property
    def written(self) -> dict[str, str]:
        """Column as it is written, by its plain name."""
        return {plain_name(column): column for column in self.header}

    def lines(self) -> Iterator[tuple[int, Row]]:
        """Yield the rows with their line, by plain name."""
        names = [plain_name(column) for column in self.header]
        for line, cells in self.sheet.rows(self.header, self.line):
            yield line, dict(zip(names, (cell.strip() for cell in cells.values()), strict=True))

    def number(self, line: int, column: str, cell: str, *, signed: bool = False) -> float:
        """Return the number of a cell.

        Raises
        ------
        FactError
            If it is not a number, or negative unless ``signed``; names file, line and the column as it is written.
        """
        try:
            value = parse_number(cell, self.sheet.decimal, thousands=True)
        except NumberError as error:
            raise FactError(f"{self.name}:{line}: '{cell[:60]}' in column {self.written[column]}: {error}") from None
        if value < 0 and not signed:
            raise FactError(f"{self.name}:{line}: '{cell[:60]}' in column {self.written[column]} is not a non-negative number")
        return value

    def year(self, line: int, column: str, cell: str) -> int:
        """Return the year of a cell, which may have been through a spreadsheet (``2024.0``).

        Raises
        ------
        FactError
            If it is not a year from 1900 to 2099.
        """
        found = re.fullmatch(r"((?:19|20)[0-9]{2})(?:\.0+)?", cell)
        if found is None:
            raise FactError(f"{self.name}:{line}: '{cell[:60]}' in column {self.written[column]} is not a year")
        return int(found[1])


@dataclass
class ReleaseFigures:
    """Figures of a release, with what was left out and why."""

    frames: Frames = field(default_factory=dict)
    """Reference tables by name."""
    rows: list[Row] = field(default_factory=list)
    """Rows of figures."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Number of lines left out, by the reason."""
    notes: list[str] = field(default_factory=list)
    """What the user must know besides."""
    mark: str = ""
    """Code of the format, if it depends on the content."""


@dataclass(frozen=True)
class Release:
    """A format of an official release."""

    name: str
    mark: str
    """Code in the names of imported files; see ``reference_tables.KEYS``."""
    columns: frozenset[str]
    """Columns by which it is recognised, by their plain names."""
    read: Callable[[ReleaseTable], ReleaseFigures]
    refuses: str = ""
    """Why a table that looks like this is not read; empty for those that are."""


def recognised(sheet: Sheet, releases: tuple[Release, ...]) -> tuple[Release, ReleaseTable] | None:
    """Return the release whose columns stand in one of the first lines of a sheet, with the table below them.

    If several fit, the one with the most columns is meant.
    """
    for line, cells in sheet.head():
        header = [cell.strip() for cell in cells]
        while header and not header[-1]:
            header.pop()
        names = {plain_name(cell) for cell in header}
        fitting = [release for release in releases if release.columns <= names]
        if fitting:
            twice = sorted({name for name in header if header.count(name) > 1})
            if twice:
                raise FactError(f"{sheet.name}:{line}: header '{twice[0]}': duplicate column")
            return max(fitting, key=lambda release: len(release.columns)), ReleaseTable(sheet, line, tuple(header))
    return None
