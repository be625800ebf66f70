"""Checks of rows of figures: schema, codes, ranges, sources, licences."""

from __future__ import annotations

import csv
import difflib
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from ytterby.facts import periods, vocabulary
from ytterby.facts.cells import open_text
from ytterby.facts.numbers import NumberError, parse_number
from ytterby.facts.unit_hints import unit_hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MAX_CELL_CHARACTERS = 5_000
"""Largest number of characters in a cell; a longer one is usually due to a missing quotation mark."""


@dataclass(frozen=True)
class Fault:
    """An invalid cell: where it is, the content found and what is allowed."""

    file: str
    line: int
    id: str
    column: str
    found: str
    allowed: str

    def __str__(self) -> str:
        """One line for the user."""
        return f"{self.file}:{self.line}: {self.id or 'row'}: {self.column} '{self.found[:60]}': {self.allowed}"


Cell = tuple[str, str, str]
"""Column, content found, what is allowed."""


@cache
def _codes(column: str) -> frozenset[str]:
    """Allowed codes of a column."""
    lists = {
        "quantity": vocabulary.listed("quantities"),
        "unit": vocabulary.listed("units"),
        "licence": vocabulary.listed("licences"),
        "kind": vocabulary.KINDS,
        "source_status": vocabulary.STATUSES,
        "quality": vocabulary.QUALITIES,
        "element": (*vocabulary.elements(), *vocabulary.AGGREGATES, *vocabulary.OTHER_MINERALS, ""),
        "sector": (*vocabulary.sectors(), *vocabulary.listed("industries"), ""),
        "region": (*vocabulary.regions(), *vocabulary.groups(), "WORLD", "WORLD-CN", "REST", ""),
        "stage": vocabulary.STAGES,
    }
    return frozenset(lists[column])


@cache
def _countries() -> frozenset[str]:
    from ytterby.facts import reference_tables

    return frozenset(reference_tables.read("countries")["iso2"]) | {"XK", "XX"}


def _nearest(found: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(found, [name for name in known if name], n=1, cutoff=0.4)
    return f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(name for name in known if name)[:10])}, ..."


def _listed(row: Mapping[str, str]) -> Iterator[Cell]:
    """Codes of closed lists."""
    for column in ("quantity", "unit", "licence", "kind", "source_status", "quality", "element", "sector"):
        if row[column] not in _codes(column):
            hint = unit_hint(row["unit"], row["value"]) if column == "unit" else _nearest(row[column], _codes(column))
            yield column, row[column], f"not in the closed list; {hint}"


def _places(row: Mapping[str, str]) -> Iterator[Cell]:
    """Regions: codes of the vocabulary or ISO alpha-2, several joined by ``+`` in alphabetical order."""
    for column in ("region", "partner"):
        parts = row[column].split("+")
        unknown = [part for part in parts if part not in _codes("region") and part not in _countries()]
        if unknown:
            yield column, row[column], "must be an ISO alpha-2 code, region, group, WORLD, WORLD-CN or REST"
        elif parts != sorted(set(parts)):
            yield column, row[column], "codes joined by + must be unique and in alphabetical order"


def _commodity(row: Mapping[str, str]) -> Iterator[Cell]:
    """Commodity ``stage.product``."""
    stage, _, product = row["commodity"].partition(".")
    if row["commodity"] and (stage not in _codes("stage") or not product):
        yield "commodity", row["commodity"], f"must be stage.product with stage one of {', '.join(vocabulary.STAGES)}"


def _numbers(row: Mapping[str, str]) -> Iterator[Cell]:
    """Finite numbers with low <= value <= high, non-negative unless the quantity is signed; assumed figures have a range."""
    figures: dict[str, float] = {}
    for column in vocabulary.NUMBERS:
        if row[column]:
            try:
                figures[column] = parse_number(row[column])
            except NumberError as error:
                yield column, row[column], str(error)
                return
            if figures[column] < 0.0 and row["quantity"] not in vocabulary.quantities_with("signed"):
                yield column, row[column], f"{row['quantity'] or 'this quantity'} cannot be negative"
    value, low, high = (figures.get(name, math.nan) for name in vocabulary.NUMBERS)
    if low > value or value > high or low > high:
        yield "value", row["value"], f"must lie between low '{row['low']}' and high '{row['high']}'"
    if row["kind"] == "assumed" and row["value"] and not (row["low"] and row["high"]):
        yield "low" if not row["low"] else "high", "", "an assumed figure needs both ends of its range"


def _words(row: Mapping[str, str]) -> Iterator[Cell]:
    """Source, text of rows without a number, length of cells."""
    if not row["source"].strip():
        yield "source", "", "every figure needs a source"
    if not any(row[name] for name in vocabulary.NUMBERS) and not (row["note"] or row["scope"]):
        yield "value", "", "a row without a number needs a text in scope or note"
    for column, cell in row.items():
        if len(cell) > MAX_CELL_CHARACTERS:
            yield column, cell, f"longer than {MAX_CELL_CHARACTERS} characters"


def _period(row: Mapping[str, str]) -> Iterator[Cell]:
    """Valid period; in packaged rows, outcomes after the controls of April 2025 are marked in the scope."""
    if row["period"] and not periods.valid(row["period"]):
        yield "period", row["period"], "write 2024, 2024-05, 2024-05-31, 2024-H1, 2024-Q2 or two of them joined by /"
        return
    outcome = periods.is_outcome(row["quantity"], row["period"])
    if outcome != (periods.OUTCOME_MARK in row["scope"]) and row["source_status"] != "user":
        yield "scope", row["scope"], f"must {'contain' if outcome else 'not contain'} '{periods.OUTCOME_MARK}'"


CHECKS = (_listed, _places, _commodity, _numbers, _words, _period)


def check_row(row: Mapping[str, str]) -> list[Cell]:
    """Faults of one row that has all columns."""
    return [cell for check in CHECKS for cell in check(row)]


def check_header(header: list[str]) -> list[Cell]:
    """Faults of a header: missing and duplicate columns."""
    missing = [("header", "", f"column '{name}' is missing") for name in vocabulary.listed("columns") if name not in header]
    return [*missing, *check_duplicates(header)]


def check_duplicates(header: list[str]) -> list[Cell]:
    """Faults for duplicate columns of a header."""
    return [("header", name, "duplicate column") for name in sorted({name for name in header if header.count(name) > 1})]


def check_file(path: Path, seen: dict[str, str] | None = None) -> list[Fault]:
    """All faults of one file of rows.

    Parameters
    ----------
    path : Path
        CSV with the columns of the schema; additional ones are allowed.
    seen : dict, optional
        Place of each id met in other files; updated.

    Raises
    ------
    FactError
        If the file cannot be read (size, encoding).
    """
    seen = {} if seen is None else seen
    with open_text(path) as file:
        reader = csv.DictReader(file)
        header = check_header(list(reader.fieldnames or []))
        if header:
            return [Fault(path.name, 1, "", *cell) for cell in header]
        return [fault for row in reader for fault in row_faults(path.name, reader.line_num, row, seen)]


def row_faults(name: str, line: int, row: dict[str, str], seen: dict[str, str]) -> Iterator[Fault]:
    """Faults of one row of a file; ``seen`` holds the place of each id met so far and is updated."""
    if None in row or None in row.values():
        yield Fault(name, line, row.get("id") or "", "row", "", "has not as many cells as the header")
        return
    if not row["id"]:
        yield Fault(name, line, "", "id", "", "every figure needs an id")
    elif row["id"] in seen:
        yield Fault(name, line, row["id"], "id", row["id"], f"duplicate of {seen[row['id']]}")
    seen.setdefault(row["id"], f"{name}:{line}")
    for cell in check_row(row):
        yield Fault(name, line, row["id"], *cell)


def check_folder(folder: Path) -> list[Fault]:
    """All faults of the CSV files in a folder; ids must be unique across files."""
    return _check_files(sorted(folder.glob("*.csv")))


def _check_files(paths: Iterable[Path]) -> list[Fault]:
    seen: dict[str, str] = {}
    return [fault for path in paths for fault in check_file(path, seen)]


def check_package() -> list[Fault]:
    """All faults of the packaged figures; there should be none."""
    with as_file(files("ytterby.facts") / "data" / "tables") as folder:
        return _check_files(path for path in sorted(folder.glob("*.csv")) if path.name not in vocabulary.NOT_FIGURES)
