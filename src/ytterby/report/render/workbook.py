"""Tables as a workbook; what a spreadsheet would take for a formula is written as text."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

CellValue = str | float | dt.date | bool | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First letters of texts that spreadsheets work out instead of showing."""
WIDEST = 60
"""Widest column [characters]."""
NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
SHADE = "F4F5F7"
NEEDED = "FDF3EC"
"""Colours of the cells of a head, and of those that must be filled."""


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet of a workbook."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    needed: tuple[int, ...] = ()
    """Columns of a form that must be filled, from 0."""
    lead: tuple[str, ...] = ()
    """Lines above the head."""


def harmless(value: CellValue) -> CellValue:
    """Value as it may stand in a spreadsheet: an apostrophe before a text that would be taken for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def workbook(sheets: Sequence[WorkbookSheet]) -> bytes:
    """XLSX with one sheet for each table."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name.translate(NOT_IN_A_NAME)[:31]), sheet)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(page: Worksheet, sheet: WorkbookSheet) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for line in sheet.lead:
        _put(page, page.max_row + 1 if page.max_row > 1 or page["A1"].value else 1, 1, line)
    first = len(sheet.lead) + (2 if sheet.lead else 1)
    for column, title in enumerate(sheet.head, 1):
        cell = _put(page, first, column, title)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.fill = PatternFill("solid", fgColor=NEEDED if column - 1 in sheet.needed else SHADE)
    for number, row in enumerate(sheet.rows, first + 1):
        for column, value in enumerate(row, 1):
            _put(page, number, column, value).alignment = Alignment(wrap_text=True, vertical="top")
    if sheet.head:
        page.freeze_panes = page.cell(first + 1, 1)
    _set_widths(page, sheet)


def _put(page: Worksheet, row: int, column: int, value: CellValue) -> Any:
    cell = page.cell(row, column)
    cell.value = harmless(value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    elif isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _set_widths(page: Worksheet, sheet: WorkbookSheet) -> None:
    from openpyxl.utils import get_column_letter

    for column, title in enumerate(sheet.head):
        longest = max([len(str(row[column])) for row in sheet.rows if row[column] is not None], default=0)
        page.column_dimensions[get_column_letter(column + 1)].width = min(max(longest, min(len(title), 18)) + 2, WIDEST)
