"""Reader of the packaged CSV tables.

A table is identified by the package that contains it and its path therein, without ``.csv``:
``rows("ytterby.simulation", "contracts")``. Tables are read once; errors name file, line and column.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from ytterby.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.resources.abc import Traversable
    from pathlib import Path

    import pandas as pd

Record = TypeVar("Record")

CONVERTERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    tuple[str, ...]: lambda cell: tuple(cell.split()),
    frozenset[str]: lambda cell: frozenset(cell.split()),
}
"""Function that converts a cell, by the annotation of its column; items of a list are separated by blanks."""


def path_of(package: str, name: str) -> Traversable:
    """Path of a table, which need not exist."""
    return files(package) / f"{name}.csv"


@cache
def rows(package: str, name: str) -> tuple[dict[str, str], ...]:
    """Rows of a table by column, as text.

    Raises
    ------
    FactError
        If the table is missing, has no header or a duplicate column, or a row has more or fewer cells than the header.
    """
    path = path_of(package, name)
    if not path.is_file():
        raise FactError(f"{path}: no such table")
    header, *lines = [*csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))] or [[]]
    if not header or len(set(header)) < len(header):
        raise FactError(f"{path} line 1: no header, or a duplicate column")
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(header):
            raise FactError(f"{path} line {number}: {len(cells)} cells, the header has {len(header)}")
    return tuple(dict(zip(header, cells, strict=True)) for cells in lines)


@cache
def records(package: str, name: str, kind: Callable[..., Record]) -> tuple[Record, ...]:
    """Rows of a table as records.

    Parameters
    ----------
    package, name : str
        The table.
    kind : type
        Dataclass or NamedTuple whose fields are columns, with a type of :data:`CONVERTERS`: ``str``, ``int``,
        ``float``, ``tuple[str, ...]`` or ``frozenset[str]``. Other columns are ignored.

    Raises
    ------
    FactError
        As :func:`rows`, and if a column is missing or a cell cannot be converted.
    """
    table, path = rows(package, name), path_of(package, name)
    columns = {column: CONVERTERS[hint] for column, hint in get_type_hints(kind).items()}
    missing = [column for column in columns if table and column not in table[0]]
    if missing:
        raise FactError(f"{path} line 1: column '{missing[0]}' is missing")
    return tuple(_record(kind, columns, row, f"{path} line {number}") for number, row in enumerate(table, start=2))


def _record(kind: Callable[..., Record], columns: Mapping[str, Callable[[str], Any]], row: Mapping[str, str], where: str) -> Record:
    values = {}
    for column, convert in columns.items():
        try:
            values[column] = convert(row[column])
        except ValueError:
            raise FactError(f"{where}: {column} '{row[column]}' is not a number") from None
    return kind(**values)


def frame(package: str, name: str, types: Mapping[str, str] | None = None, default: str = "str") -> pd.DataFrame:
    """Copy of a table as a frame; parameters as in :func:`read_frame`."""
    return _frame(package, name, tuple(sorted((types or {}).items())), default).copy()


@cache
def _frame(package: str, name: str, types: tuple[tuple[str, str], ...], default: str) -> pd.DataFrame:
    return read_frame(path_of(package, name), dict(types), default)


def read_frame(path: Traversable | Path, types: Mapping[str, str], default: str = "str") -> pd.DataFrame:
    """Frame of a CSV file, which may be compressed.

    Parameters
    ----------
    path : Path
        The file.
    types : mapping of str to str
        Types of columns; an empty cell of a ``float64`` column becomes NaN.
    default : str
        Type of all other columns; with ``str``, cells are unchanged text and empty cells empty text.
    """
    import pandas as pd

    empty = {name: [""] for name, kind in types.items() if kind == "float64"}
    with as_file(path) as file:
        return pd.read_csv(file, dtype=defaultdict(lambda: default, types), keep_default_na=False, na_values=empty)
