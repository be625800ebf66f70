"""Files of a list of parts: read from XLSX and CSV on the door, and the template."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError
from ytterby.exposure import MAX_BYTES, MAX_ROWS, Cell, Known, PartsList, ReadingNote, find_header, read_parts, read_table

if TYPE_CHECKING:
    from pathlib import Path

MAX_UNPACKED = 100_000_000
"""Most bytes that a workbook may unpack to."""
MAX_COLUMNS = 200
WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")
OTHER_ENCODING = "cp1252"
"""Encoding of old spreadsheets, in which texts are read that are not in UTF-8."""


def read_parts_file(path: Path, known: Known) -> PartsList:
    """Parts of a file, by its ending: a workbook, or a text with cells parted by comma, semicolon or tab.

    Raises
    ------
    InputError
        For another ending, a file that is too large or no such thing as it says, and for all faults in its rows.
    """
    ending = path.suffix.lower()
    if ending not in (*WORKBOOKS, *TEXTS):
        raise InputError(f"{path}: found the ending '{path.suffix}', allowed are {', '.join((*WORKBOOKS, *TEXTS))}")
    if not path.is_file():
        raise InputError(f"{path}: {'is no plain file' if path.exists() else 'no such file'}")
    data = path.read_bytes()
    if not data or len(data) > MAX_BYTES:
        raise InputError(
            f"{path.name}: {'is empty' if not data else f'larger than {MAX_BYTES // 1_000_000} MB, too large for a list of parts'}"
        )
    if ending in WORKBOOKS:
        return read_table(_sheet(data, path.name), known, path.name)
    if data[:2] == b"PK":
        raise InputError(f"{path.name}: is a workbook; call it .xlsx")
    text, note = _decoded(data)
    found = read_parts(text, known, path.name)
    return PartsList(found.parts, (*note, *found.notes))


def _decoded(data: bytes) -> tuple[str, tuple[ReadingNote, ...]]:
    """Text in UTF-8, in UTF-16 where its first bytes say so, else in the old encoding of Windows, with a remark."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace"), ()
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return data.decode(OTHER_ENCODING, errors="replace"), (ReadingNote(code="encoding", about=(OTHER_ENCODING,)),)


def _sheet(data: bytes, name: str) -> list[list[Cell]]:
    """Cells of the first sheet in which the columns of a list of parts are named, else of the first sheet."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(item.file_size for item in packed.infolist())
        _check_unpacked(unpacked, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # extensions of a workbook that openpyxl leaves out do not matter here
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [_cells(sheet) for sheet in book.worksheets]
    except InputError:
        raise
    except Exception as error:  # whatever a broken file makes the library raise
        raise InputError(f"{name}: is not a workbook that can be read ({error})") from None
    return next((cells for cells in sheets if find_header(cells)), sheets[0] if sheets else [])


def _check_unpacked(size: int, name: str) -> None:
    """Refuse a workbook that would fill the memory."""
    if size > MAX_UNPACKED:
        raise InputError(f"{name}: unpacks to more than {MAX_UNPACKED // 1_000_000} MB")


def _cells(sheet: Any) -> list[list[Cell]]:
    rows = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True)
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> Cell:
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, str | dt.date) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    return str(value)
