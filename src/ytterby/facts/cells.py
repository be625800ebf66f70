"""The one reader of tables from outside: CSV with any separator and common encodings, packed or not, and Excel workbooks.

A file is limited in size before and after it is unpacked, and read line by line; what cannot be read is said in one line.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import stat
import zipfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, cast

from ytterby.errors import FactError
from ytterby.facts.csv_text import text_sheet
from ytterby.facts.sheet import Sheet, as_fact_errors
from ytterby.facts.workbooks import book_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["Sheet", "check_size", "only_sheet", "open_text", "read_header", "sheets"]

MAX_ROWS_BYTES = 64 * 2**20
"""Largest size of a file of rows of figures [bytes]."""

MAX_RELEASE_BYTES = 4 * 2**30
"""Largest size of an official release, packed or unpacked [bytes]; a year of BACI is a third of a gigabyte."""

MAX_BOOK_BYTES = 256 * 2**20
"""Largest size of an Excel workbook when unpacked [bytes]."""

MAX_MEMBERS = 200
"""Largest number of files in a ZIP archive."""


def check_size(path: Path, max_bytes: int) -> None:
    """Check that a path is a plain file, not empty and not too large.

    Raises
    ------
    FactError
        If it is missing, no plain file, empty or larger than ``max_bytes``.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise FactError(f"{path}: cannot be read ({error.strerror})") from None
    if not stat.S_ISREG(found.st_mode):
        raise FactError(f"{path}: is no plain file")
    if found.st_size == 0:
        raise FactError(f"{path}: the file is empty")
    if found.st_size > max_bytes:
        raise FactError(f"{path}: {found.st_size} bytes, at most {max_bytes} are read")


def sheets(path: Path, max_bytes: int = MAX_RELEASE_BYTES) -> list[Sheet]:
    """Return the tables of a file: one of a CSV file, those of a ZIP archive, the sheets of a workbook.

    Raises
    ------
    FactError
        If the file is missing, empty, too large, damaged, or of a kind that is not read; the message says what to do.
    """
    check_size(path, max_bytes)
    with as_fact_errors(path), path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith(b"PK\x03\x04"):
        return _packed_sheets(path, max_bytes)
    if magic.startswith(b"\xd0\xcf\x11\xe0"):
        raise FactError(f"{path}: an old Excel workbook (.xls); save it as .xlsx or as CSV")
    if magic.startswith((b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"(\xb5/\xfd")):
        raise FactError(f"{path}: a packed file of a kind that is not read; unpack it first (.gz and .zip are read)")
    if magic.startswith(b"%PDF"):
        raise FactError(f"{path}: a PDF; get the table as CSV or as a workbook")
    packed = magic.startswith(b"\x1f\x8b")
    return [text_sheet(path, str(path), lambda: _opened(path, packed=packed), max_bytes)]


def _opened(path: Path, *, packed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def only_sheet(path: Path, max_bytes: int = MAX_ROWS_BYTES) -> Sheet:
    """Return the only table of a file.

    Raises
    ------
    FactError
        As :func:`sheets`, and if it holds several tables.
    """
    found = sheets(path, max_bytes)
    if len(found) > 1:
        raise FactError(f"{path}: holds {len(found)} tables ({', '.join(sheet.name for sheet in found[:3])}); keep one of them")
    return found[0]


def _packed_sheets(path: Path, max_bytes: int) -> list[Sheet]:
    """Tables of a workbook or of the CSV files in a ZIP archive."""
    with as_fact_errors(path), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if any(member.filename == "xl/workbook.xml" for member in members):
        if sum(member.file_size for member in members) > MAX_BOOK_BYTES:
            raise FactError(f"{path}: more than {MAX_BOOK_BYTES} bytes when unpacked; save the sheet as CSV")
        return book_sheets(path)
    wanted = [member for member in members if re.search(r"\.(csv|txt|tsv|dat)$", member.filename, re.IGNORECASE) and member.file_size]
    if not wanted:
        raise FactError(f"{path}: the archive holds no CSV file")
    if len(wanted) > MAX_MEMBERS:
        raise FactError(f"{path}: {len(wanted)} files in the archive, at most {MAX_MEMBERS} are read")

    def opener(member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
        return lambda: zipfile.ZipFile(path).open(member)

    return [text_sheet(path, f"{path}[{member.filename}]", opener(member), max_bytes) for member in wanted]


@contextmanager
def open_text(path: Path, max_bytes: int = MAX_ROWS_BYTES) -> Iterator[IO[str]]:
    """Open the only table of a file as CSV text with commas and decimal points, whatever it was written as.

    Raises
    ------
    FactError
        As :func:`only_sheet`.
    """
    sheet = only_sheet(path, max_bytes)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for _, cells in sheet.raw():
        writer.writerow([_point(cell) for cell in cells] if sheet.decimal == "," else cells)
    text.seek(0)
    yield text


def _point(cell: str) -> str:
    """Cell with a decimal point if it is a number with a decimal comma."""
    return cell.replace(",", ".") if re.fullmatch(r"\s*[+-]?[0-9]+,[0-9]+\s*", cell) else cell


def read_header(path: Path, max_bytes: int = MAX_RELEASE_BYTES) -> list[str]:
    """Header of the first table of a file."""
    head = sheets(path, max_bytes)[0].head(1)
    return [cell.strip() for cell in head[0][1]] if head else []
