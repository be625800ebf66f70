"""The one reader of tables from outside: CSV with any separator and common encodings, packed or not, and Excel workbooks.

A file is limited in size before and after it is unpacked, and read line by line; what cannot be read is said in one line.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import stat
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, cast

from ytterby.errors import FactError
from ytterby.facts.numbers import decimal_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

MAX_ROWS_BYTES = 64 * 2**20
"""Largest size of a file of rows of figures [bytes]."""

MAX_RELEASE_BYTES = 4 * 2**30
"""Largest size of an official release, packed or unpacked [bytes]; a year of BACI is a third of a gigabyte."""

MAX_BOOK_BYTES = 256 * 2**20
"""Largest size of an Excel workbook when unpacked [bytes]."""

MAX_MEMBERS = 200
"""Largest number of files in a ZIP archive, and of sheets in a workbook."""

SNIFFED_BYTES = 2**20
"""Part of a file by which separator, encoding and decimal mark are told [bytes]."""

DELIMITERS = ",;\t|"
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]{3,}")
"""Three letters in a row tell Japanese text from Western text that happens to be valid in its encoding."""

csv.field_size_limit(2**20)


@dataclass(frozen=True)
class Sheet:
    """A table in a file: the lines before and after its header are read on demand.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Name for messages: the file's, with the member or sheet in it.
    raw : callable
        Opens the table; yields numbered lines of cells.
    delimiter : str
        Separator of cells.
    decimal : str
        Decimal mark of numbers.
    open : callable, optional
        Opens the text of a CSV file.
    """

    path: Path
    name: str
    raw: Callable[[], Iterator[tuple[int, list[str]]]] = field(repr=False)
    delimiter: str = ","
    decimal: str = "."
    open: Callable[[], IO[str]] | None = field(default=None, repr=False)

    def head(self, lines: int = 40) -> list[tuple[int, list[str]]]:
        """Return the first lines that are not blank."""
        found = []
        rows = self.raw()
        for number, cells in rows:
            if any(cells):
                found.append((number, cells))
            if len(found) >= lines:
                break
        return found

    def rows(self, header: Sequence[str] | None = None, line: int | None = None) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the rows below the header with their line, by column; blank rows are left out.

        Raises
        ------
        FactError
            If a line has more or fewer cells than the header, or a column occurs twice.
        """
        lines = self.raw()
        names = list(header or ())
        for number, cells in lines:
            if line is not None and number <= line:
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = _named(cells, self.name, number)
                continue
            if len(cells) > len(names) and not any(cell.strip() for cell in cells[len(names) :]):
                cells = cells[: len(names)]  # noqa: PLW2901 (spreadsheets leave empty cells behind the last column)
            if len(cells) != len(names):
                raise FactError(f"{self.name}:{number}: has not as many cells as the header ({len(cells)} for {len(names)})")
            yield number, dict(zip(names, cells, strict=True))


def _named(cells: list[str], name: str, line: int) -> list[str]:
    """Header without blanks around its names and without empty columns at its end."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise FactError(f"{name}:{line}: header '{twice[0]}': duplicate column")
    return names


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
    with _as_fact_errors(path), path.open("rb") as file:
        magic = file.read(8)
    if magic.startswith(b"PK\x03\x04"):
        return _packed_sheets(path, max_bytes)
    if magic.startswith(b"\xd0\xcf\x11\xe0"):
        raise FactError(f"{path}: an old Excel workbook (.xls); save it as .xlsx or as CSV")
    if magic.startswith((b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"(\xb5/\xfd")):
        raise FactError(f"{path}: a packed file of a kind that is not read; unpack it first (.gz and .zip are read)")
    if magic.startswith(b"%PDF"):
        raise FactError(f"{path}: a PDF; get the table as CSV or as a workbook")
    opener = (lambda: cast("IO[bytes]", gzip.open(path, "rb"))) if magic.startswith(b"\x1f\x8b") else (lambda: path.open("rb"))
    return [_text_sheet(path, str(path), opener, max_bytes)]


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


@contextmanager
def _as_fact_errors(path: Path) -> Iterator[None]:
    """Say in one line why a file cannot be read."""
    try:
        yield
    except UnicodeDecodeError as error:
        byte = error.object[error.start : error.start + 1]
        raise FactError(f"{path}: byte {byte!r} is not UTF-8; save the file as UTF-8") from None
    except csv.Error as error:
        raise FactError(f"{path}: not a CSV file: {error}") from None
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise FactError(f"{path}: the packed file is damaged, or locked with a password ({' '.join(str(error).split())[:120]})") from None
    except OSError as error:
        raise FactError(f"{path}: cannot be read ({error.strerror or error})") from None


class _Limited(io.RawIOBase):
    """Bytes of a stream, up to a limit."""

    def __init__(self, stream: IO[bytes], name: str, limit: int) -> None:
        self.stream, self.name_, self.left, self.limit = stream, name, limit, limit

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read into a buffer; an error beyond the limit."""
        piece = self.stream.read(len(buffer))
        self.left -= len(piece)
        if self.left < 0:
            raise FactError(f"{self.name_}: more than {self.limit} bytes when unpacked; no more are read")
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the stream below, too."""
        self.stream.close()
        super().close()


def _text_sheet(path: Path, name: str, opener: Callable[[], IO[bytes]], max_bytes: int) -> Sheet:
    """Table of a CSV file whose separator, encoding and decimal mark are told by its beginning."""
    with _as_fact_errors(path), opener() as stream:
        start = stream.read(SNIFFED_BYTES)
        encoding = _encoding(start, stream, name)
    text = _decoded(start, encoding)
    delimiter = _delimiter(text)
    cells = [cell for line in text.splitlines()[:5000] for cell in line.split(delimiter)]

    def opened() -> IO[str]:
        limited = io.BufferedReader(_Limited(opener(), name, max_bytes))
        return io.TextIOWrapper(limited, encoding=encoding, newline="")

    def raw() -> Iterator[tuple[int, list[str]]]:
        with _as_fact_errors(path), opened() as stream:
            reader = csv.reader(stream, delimiter=delimiter)
            for row in reader:
                yield reader.line_num, row

    return Sheet(path, name, raw, delimiter, decimal_mark(cells, delimiter), opened)


def _encoding(start: bytes, stream: IO[bytes], name: str) -> str:
    """Encoding of a file: UTF-8 or UTF-16, else that of Japanese or of Western Windows.

    Raises
    ------
    FactError
        If the file is text in none of them.
    """
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and re.search("[\n;,\t]", _decoded(start, "utf-16")):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    seen = start
    try:
        while seen:
            decoder.decode(seen)
            seen = stream.read(SNIFFED_BYTES)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return _legacy(start, seen, error.object[error.start : error.start + 1], name)
    return "utf-8-sig"


def _legacy(start: bytes, piece: bytes, wrong: bytes, name: str) -> str:
    """Encoding of a file that is no UTF-8; bytes that no text has, or line ends of binary files, are refused."""
    sample = start + (piece if piece is not start else b"")
    if b"\x00" not in sample:
        for encoding in ("cp932", "cp1252"):
            text = _decoded(sample, encoding)
            if text and (encoding == "cp1252" or JAPANESE.search(text)) and not re.search("[\x01-\x08\x0e-\x1f]", text):
                return encoding
    raise FactError(f"{name}: byte {wrong!r} is not UTF-8; save the file as UTF-8")


def _decoded(content: bytes, encoding: str) -> str:
    """Text of the beginning of a file; empty if it is not in this encoding. A letter cut at its end is left out."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return ""


def _delimiter(text: str) -> str:
    """Separator of a file: the one that parts the most lines into equally many cells; the comma in doubt."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    best = max(DELIMITERS, key=lambda mark: _fit(mark, lines))
    return best if _fit(best, lines)[0] else ","


def _fit(mark: str, lines: list[str]) -> tuple[int, int]:
    """How many lines a separator parts into the commonest number of cells above one, and that number."""
    try:
        counts = [len(next(csv.reader([line], delimiter=mark), [])) for line in lines]
    except csv.Error:
        return 0, 1
    common = max(set(counts), key=lambda count: (counts.count(count), count), default=1)
    return (counts.count(common) if common > 1 else 0), common


def _packed_sheets(path: Path, max_bytes: int) -> list[Sheet]:
    """Tables of a workbook or of the CSV files in a ZIP archive."""
    with _as_fact_errors(path), zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if any(member.filename == "xl/workbook.xml" for member in members):
        if sum(member.file_size for member in members) > MAX_BOOK_BYTES:
            raise FactError(f"{path}: more than {MAX_BOOK_BYTES} bytes when unpacked; save the sheet as CSV")
        return _book(path)
    wanted = [member for member in members if re.search(r"\.(csv|txt|tsv|dat)$", member.filename, re.IGNORECASE) and member.file_size]
    if not wanted:
        raise FactError(f"{path}: the archive holds no CSV file")
    if len(wanted) > MAX_MEMBERS:
        raise FactError(f"{path}: {len(wanted)} files in the archive, at most {MAX_MEMBERS} are read")

    def opener(member: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
        return lambda: zipfile.ZipFile(path).open(member)

    return [_text_sheet(path, f"{path}[{member.filename}]", opener(member), max_bytes) for member in wanted]


def _book(path: Path) -> list[Sheet]:
    """Sheets of a workbook, with the values of their cells as text."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        names = [sheet.title for sheet in book.worksheets]
        book.close()
    except Exception as error:  # openpyxl names no common error for a damaged workbook
        raise FactError(f"{path}: the Excel workbook is damaged ({' '.join(str(error).split())[:120]}); save the sheet as CSV") from None
    if len(names) > MAX_MEMBERS:
        raise FactError(f"{path}: {len(names)} sheets in the workbook, at most {MAX_MEMBERS} are read")
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
    except Exception as error:  # see _book
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
