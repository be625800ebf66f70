"""Text of CSV files whose separator, encoding and decimal mark are told by their beginning."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import IO, TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts.numbers import decimal_mark
from ytterby.facts.sheet import Sheet, as_fact_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SNIFFED_BYTES = 2**20
"""Part of a file by which separator, encoding and decimal mark are told [bytes]."""

DELIMITERS = ",;\t|"
JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]{3,}")
"""Three letters in a row tell Japanese text from Western text that happens to be valid in its encoding."""

csv.field_size_limit(2**20)


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


def text_sheet(path: Path, name: str, opener: Callable[[], IO[bytes]], max_bytes: int) -> Sheet:
    """Table of a CSV file whose separator, encoding and decimal mark are told by its beginning."""
    with as_fact_errors(path), opener() as stream:
        start = stream.read(SNIFFED_BYTES)
        encoding = _encoding(start, stream, name)
    text = _decoded(start, encoding)
    delimiter = _delimiter(text)
    cells = [cell for line in text.splitlines()[:5000] for cell in line.split(delimiter)]

    def opened() -> IO[str]:
        limited = io.BufferedReader(_Limited(opener(), name, max_bytes))
        return io.TextIOWrapper(limited, encoding=encoding, newline="")

    def raw() -> Iterator[tuple[int, list[str]]]:
        with as_fact_errors(path), opened() as stream:
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
