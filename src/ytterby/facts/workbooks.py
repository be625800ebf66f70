"""Sheets of Excel workbooks, with the values of their cells as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MAX_SHEETS = 200
"""Largest number of sheets in a workbook."""


def book_sheets(path: Path) -> list[Sheet]:
    """Sheets of a workbook, with the values of their cells as text."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        names = [sheet.title for sheet in book.worksheets]
        book.close()
    except Exception as error:  # openpyxl names no common error for a damaged workbook
        raise FactError(f"{path}: the Excel workbook is damaged ({' '.join(str(error).split())[:120]}); save the sheet as CSV") from None
    if len(names) > MAX_SHEETS:
        raise FactError(f"{path}: {len(names)} sheets in the workbook, at most {MAX_SHEETS} are read")
    titles = names if len(names) > 1 else ["", *names][1:]

    def raw(title: str) -> Callable[[], Iterator[tuple[int, list[str]]]]:
        return lambda: _cells_of(path, title)

    found = [Sheet(path, f"{path}[{title}]" if len(titles) > 1 else str(path), raw(title)) for title in titles]
    return [sheet for sheet in found if sheet.head(1)]


def _cells_of(path: Path, title: str) -> Iterator[tuple[int, list[str]]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            width = 0
            for number, cells in enumerate(book[title].iter_rows(values_only=True), start=1):
                row = [_text(cell) for cell in cells]
                width = width or len(row) * any(row)
                yield number, row + [""] * (width - len(row))  # a workbook keeps no empty cells at the end of a row
        finally:
            book.close()
    except FactError:
        raise
    except Exception as error:  # see book_sheets
        raise FactError(f"{path}[{title}]: the sheet is damaged ({' '.join(str(error).split())[:120]}); save it as CSV") from None


def _text(cell: object) -> str:
    """Text of a cell: whole numbers without a decimal point, dates as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat()).removesuffix("T00:00:00")
    return str(cell)
