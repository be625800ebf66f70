"""Tables of results as the bytes of a file: CSV, workbook or Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.app.files.exposure import csv_text
from ytterby.errors import UnknownNameError
from ytterby.report.render import WorkbookSheet, workbook
from ytterby.result_model import tables_of
from ytterby.store import parquet_bytes

if TYPE_CHECKING:
    from ytterby.report.render import CellValue
    from ytterby.result_model import ResultModel

MAX_SHEET_NAME = 31


def table_name(result: ResultModel, name: str = "") -> str:
    """Name of a table of a result; without a name that of the first that has rows.

    Raises
    ------
    UnknownNameError
        If there is no such table.
    """
    known = tables_of(type(result))
    if name and name not in known:
        raise UnknownNameError("table", name, known)
    filled = [key for key in known if getattr(result, key)]
    found = name or next(iter(filled or known), "")
    if not found:
        raise UnknownNameError("table", name, ["none: this answer has no rows"])
    return found


def table_file(result: ResultModel, name: str, ending: str) -> bytes:
    """A table of a result as CSV, XLSX or Parquet; keys are the heads, lists are written as text.

    Raises
    ------
    UnknownNameError
        If there is no such table or format.
    """
    table = result.table(table_name(result, name))
    for column in table.columns:
        if table[column].map(lambda value: isinstance(value, list | tuple | dict)).any():
            table[column] = table[column].map(_text)
    if ending == "parquet":
        return parquet_bytes(table)
    sheet = WorkbookSheet(name[:MAX_SHEET_NAME], tuple(table.columns), tuple(map(_cells, table.itertuples(index=False))))
    if ending == "csv":
        return csv_text(sheet).encode()
    if ending == "xlsx":
        return workbook([sheet])
    raise UnknownNameError("format", ending, ("csv", "xlsx", "parquet"))


def _text(value: Any) -> Any:
    """Lists joined by commas; of a part its keys with their values."""
    if isinstance(value, list | tuple):
        return ", ".join(str(_text(item)) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_text(item)}" for key, item in value.items())
    return value


def _cells(row: tuple[Any, ...]) -> tuple[CellValue, ...]:
    return tuple(
        None if value is None or value != value else value if isinstance(value, str | int | float) else str(value) for value in row
    )
