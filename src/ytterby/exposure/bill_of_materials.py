"""A firm's list of parts: read from the cells of a table, with all faults at once.

The file stays on the user's machine and nothing of it is stored.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ytterby.errors import InputError
from ytterby.exposure import cell_values
from ytterby.exposure.cell_values import NumberStyle, style_of
from ytterby.exposure.part_words import country_of, licence_of, material_of, outside_of_model
from ytterby.exposure.parts_columns import DIMENSIONS, ReadingNote, check_header, find_header

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ytterby.exposure.cell_values import Cell
    from ytterby.exposure.parts_columns import Header, PartsColumn

Value = TypeVar("Value")
LICENCES = {
    "none": "none is needed",
    "single": "one batch, named end use",
    "general": "twelve months, named customer",
    "held": "there is one, of which kind is not said",
    "pending": "applied for, nothing ships",
    "unknown": "nothing is said",
}
"""States of a licence; ``pending`` ships nothing until it is granted."""
MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_FAULTS = 40
"""Faults that a message lists."""
MAX_COVER = 260.0
"""Longest cover that is taken for one [week]; more is a number of pieces in the wrong column."""
DELIMITERS = (";", "\t", ",", "|")
NUMBERS = (*DIMENSIONS, "upstream_share")
"""Columns whose cells are numbers."""
REMARK = "#"
"""A row whose first cell begins so is a remark."""
FORMULA = "=+-@"
"""First letters of texts that a spreadsheet takes for a formula; they are written behind an apostrophe, which is taken off again."""


@dataclass(frozen=True)
class Alternative:
    """A qualified source that could deliver."""

    name: str
    country: str
    weeks: float
    """Weeks until it delivers."""


@dataclass(frozen=True)
class Part:
    """One line of the bill of materials."""

    part: str
    commodity: str
    grade: str
    grams: float
    """Mass as the model counts it: of a compound what it holds of the element [g]."""
    supplier: str
    country: str
    weeks_of_cover: float | None = None
    """Own stock and what is on its way [week of use]; None where nothing is said."""
    licence: str = "unknown"
    licence_expiry: dt.date | None = None
    alternatives: tuple[Alternative, ...] = ()
    units_per_week: float | None = None
    line: int = 0
    supplier_cover: float | None = None
    """The supplier's own stock [week of its sales], as it says."""
    upstream_share: float | None = None
    """Share of the supplier's material that passes the lost country [1], as it says."""
    content: float = 1.0
    """Mass that the model counts per mass in the file [1]."""

    @property
    def cover(self) -> float:
        """Own stock [week]; nothing where nothing is said."""
        return self.weeks_of_cover or 0.0


@dataclass(frozen=True)
class PartsList:
    """Parts of a file, with what was taken for granted while it was read."""

    parts: tuple[Part, ...]
    notes: tuple[ReadingNote, ...] = ()


@dataclass(frozen=True)
class Known:
    """Names that cells may hold."""

    commodities: frozenset[str]
    countries: Mapping[str, str]
    """ISO alpha-3 code by alpha-2 code."""


def read_parts(text: str, known: Known, name: str = "parts.csv") -> PartsList:
    """Parts of a CSV text, its cells parted by comma, semicolon, tab or bar; see :func:`read_table`."""
    try:
        tables = {mark: [*csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=mark)] for mark in DELIMITERS}
    except csv.Error as error:
        raise InputError(f"{name}: not a CSV file: {error}") from error
    headers = {mark: find_header(table) for mark, table in tables.items()}
    best = max(DELIMITERS, key=lambda mark: len(header.columns) if (header := headers[mark]) else 0)
    return read_table(tables[best if headers[best] else ","], known, name, best)


def read_table(table: Sequence[Sequence[Cell]], known: Known, name: str, delimiter: str = "") -> PartsList:
    """Parts of a table of cells; all faults are reported together, each with the number of its row.

    Parameters
    ----------
    table : sequence of rows
        The row with the names of the columns may stand below others.
    known : Known
    name : str
        File name for messages.
    delimiter : str
        What parted the cells, if anything did.

    Raises
    ------
    InputError
        If the table lacks columns or parts, is too long, or cells cannot be read.
    """
    header = check_header(find_header(table), name)
    if len(table) > MAX_ROWS:
        raise InputError(f"{name}: {len(table)} rows, at most {MAX_ROWS} are read")
    body = [(line, row) for line, row in enumerate(table[header.row + 1 :], header.row + 2) if _filled(row, header)]
    numbers = [place for place, column in header.columns.items() if column.name in NUMBERS]
    try:
        style = style_of((row[place] for _, row in body for place in numbers if place < len(row)), delimiter)
    except InputError as error:
        raise InputError(f"{name}: {error}") from None
    faults: list[str] = []
    parts, outside = [], list[str]()
    for line, row in body:
        found = _PartRow({column.name: row[place] if place < len(row) else None for place, column in header.columns.items()}, header, style)
        part = found.part(line, known)
        faults += [f"{name}:{line}: {fault}" for fault in (*_beyond(row, header), *found.told())]
        if part and outside_of_model(part.grade):
            outside.append(f"{part.part} ({part.grade})")
        elif part:
            parts.append(part)
    if faults:
        more = [f"{name}: and {len(faults) - MAX_FAULTS} more faults"] if len(faults) > MAX_FAULTS else []
        raise InputError("\n".join([*faults[:MAX_FAULTS], *more]))
    if not parts:
        raise InputError(f"{name}: no part is in the model: {', '.join(outside)}" if outside else f"{name}: no parts below the header")
    left = [ReadingNote(code="outside", about=tuple(outside))] if outside else []
    return PartsList(tuple(parts), (*left, *header.notes, *_counted(parts), *_own_units(body, header)))


def _counted(parts: Sequence[Part]) -> list[ReadingNote]:
    """A note on the compounds that are counted by what they hold."""
    told = dict.fromkeys(f"{part.grade} x {part.content:.3f}" for part in parts if part.content != 1.0)
    return [ReadingNote(code="content", about=tuple(told))] if told else []


def _own_units(body: Sequence[tuple[int, Sequence[Cell]]], header: Header) -> list[ReadingNote]:
    """A note on cells whose own unit is another than that of their column: the cell's was taken."""
    told = []
    for place, column in header.columns.items():
        known = cell_values.units(DIMENSIONS.get(column.name, ""))
        for line, row in body:
            unit = cell_values.unit_of(row[place]) if place < len(row) else ""
            if unit in known and known[unit] != column.factor and (column.unit or column.name == "grams"):
                told.append(f"{column.title}, {line}: {row[place]}")
    return [ReadingNote(code="cell_unit", about=tuple(told))] if told else []


def _filled(row: Sequence[Cell], header: Header) -> bool:
    """Whether a row holds anything in a known column and is no remark."""
    first = next((cell for cell in row if cell not in (None, "")), None)
    held = any(place < len(row) and row[place] is not None and str(row[place]).strip() for place in header.columns)
    return (held or len(row) > _width(header)) and not str(first).startswith(REMARK) and first is not None


def _width(header: Header) -> int:
    return max(header.columns) + 1 + len(header.unused)


def _beyond(row: Sequence[Cell], header: Header) -> list[str]:
    """A fault if cells stand beyond the columns: a separator too many has moved them."""
    extra = [cell for cell in row[_width(header) :] if cell not in (None, "")]
    return [f"found {len(row)} cells, the header has {_width(header)}"] if extra else []


class _PartRow:
    """Cells of a row by column; what cannot be read is gathered in ``faults``."""

    def __init__(self, cells: Mapping[str, Cell], header: Header, style: NumberStyle) -> None:
        self.cells, self.style, self.faults = cells, style, list[str]()
        self.columns: dict[str, PartsColumn] = {column.name: column for column in header.columns.values()}
        self.titles = {f"column '{name}'": f"column '{column.title}'" for name, column in self.columns.items()}
        if "grade" not in self.columns and "material" in self.columns:
            self.titles["column 'grade'"] = self.titles["column 'material'"]

    def told(self) -> list[str]:
        """Faults with the columns by their titles in the file."""
        return [re.sub("|".join(map(re.escape, self.titles)), lambda found: self.titles[found[0]], fault) for fault in self.faults]

    def part(self, line: int, known: Known) -> Part | None:
        """The part of the row; None if it has faults."""
        grade = self.text("grade") or self.text("material")
        if not self.text("part"):
            self.faults.append("column 'part' is empty")
        for column, cell in (("grade", grade), ("country", self.text("country")), ("grams", self.text("grams"))):
            self.faults += [] if cell else [f"column '{column}' is empty"]
        material = self.tried(material_of, grade, known.commodities) if grade and not outside_of_model(grade) else None
        country = self.tried(country_of, self.text("country"), known.countries) if self.text("country") else None
        part = Part(
            part=self.text("part"),
            commodity=material.commodity if material else "",
            grade=grade,
            grams=self.mass() * (material.content if material else 1.0),
            supplier=self.text("supplier"),
            country=country or "",
            weeks_of_cover=self.cover("weeks_of_cover"),
            licence=self.licence(),
            licence_expiry=self.tried(cell_values.date, self.cells.get("licence_expiry"), "licence_expiry"),
            alternatives=tuple(self.alternatives(known)),
            units_per_week=self.number("units_per_week"),
            line=line,
            supplier_cover=self.cover("supplier_cover"),
            upstream_share=self.share("upstream_share"),
            content=material.content if material else 1.0,
        )
        return None if self.faults else part

    def text(self, column: str) -> str:
        """Cell as text without blanks around it; an apostrophe that guarded against a formula is taken off."""
        cell = self.cells.get(column)
        plain = "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell).strip()
        return plain[1:] if plain[:1] == "'" and plain[1:2] in FORMULA else plain

    def tried(self, reader: Callable[..., Value], *arguments: object) -> Value | None:
        """What a reader finds; its refusal is kept as a fault."""
        try:
            return reader(*arguments)
        except InputError as error:
            self.faults.append(str(error))
            return None

    def number(self, column: str) -> float | None:
        """Number of a cell, None where it is empty."""
        if not self.text(column):
            return None
        found = self.columns[column]
        return self.tried(cell_values.number, self.cells[column], column, self.style, DIMENSIONS.get(column, ""), found.factor)

    def mass(self) -> float:
        """Grams, of which there must be some: a part without a mass would be the cheapest to cover."""
        grams = self.number("grams")
        if grams == 0.0:
            self.faults.append(
                f"column 'grams': found '{self.text('grams')}', allowed is a mass above 0; leave the part out if it holds none"
            )
        return grams or 0.0

    def cover(self, column: str) -> float | None:
        """Weeks, which nobody has for more than some years."""
        weeks = self.number(column)
        if weeks is not None and weeks > MAX_COVER:
            self.faults.append(f"column '{column}': found '{self.text(column)}', at most {MAX_COVER:.0f} weeks; is it a number of pieces?")
        return weeks

    def share(self, column: str) -> float | None:
        """Share: 0.6, 60 % and 60 are the same."""
        value = self.number(column)
        if value is None:
            return None
        share = value if value <= 1.0 or "%" in self.text(column) else value / 100.0
        if share > 1.0:
            self.faults.append(f"column '{column}': found '{self.text(column)}', allowed is a share up to 100 %")
        return share

    def licence(self) -> str:
        """State of the licence; a date alone means that there is one."""
        state = self.tried(licence_of, self.text("licence")) or "unknown"
        return "held" if state == "unknown" and self.text("licence_expiry") else state

    def alternatives(self, known: Known) -> Iterable[Alternative]:
        """``name@CC:weeks``, several parted by semicolons or bars; the weeks may be left out if it delivers at once."""
        for item in re.split(r"[;|\n]", self.text("alternatives")):
            if item.strip() and (found := self.tried(_alternative, item.strip(), known, self.style)):
                yield found


def _alternative(text: str, known: Known, style: NumberStyle) -> Alternative:
    name, at, rest = text.partition("@")
    country, _, weeks = rest.partition(":")
    if not at or not name.strip():
        raise InputError(f"column 'alternatives': found '{text}', allowed is name@CC or name@CC:weeks, several separated by ';'")
    after = cell_values.number(weeks.strip(), "alternatives", style, "weeks") if weeks.strip() else 0.0
    return Alternative(name.strip(), country_of(country.strip(), known.countries), after)
