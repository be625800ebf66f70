"""The doors for files from outside: size, encoding and control characters are checked before anything is read."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from ytterby.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_ROWS = 64 * 2**20
"""Bytes of a file of rows; tidy figures are small."""

LARGEST_RELEASE = 4 * 2**30
"""Bytes of an official release; a year of BACI is a third of a gigabyte."""

csv.field_size_limit(2**20)


def check_size(path: Path, largest: int) -> None:
    """Refuse a file that is none, is empty or is too large.

    Raises
    ------
    FactError
        With the size found and the size allowed.
    """
    if not path.is_file():
        raise FactError(f"{path}: no such file")
    size = path.stat().st_size
    if size == 0:
        raise FactError(f"{path}: the file is empty")
    if size > largest:
        raise FactError(f"{path}: {size} bytes, at most {largest} are read")


@contextmanager
def open_text(path: Path, largest: int = LARGEST_ROWS) -> Iterator[IO[str]]:
    """Open a CSV as UTF-8 text; bytes that are none are refused with their place.

    Raises
    ------
    FactError
        If the file is missing, empty, too large, no UTF-8 or no CSV.
    """
    check_size(path, largest)
    with path.open(encoding="utf-8-sig", newline="") as text:
        try:
            yield text
        except UnicodeDecodeError as error:
            byte = error.object[error.start : error.start + 1]
            raise FactError(f"{path}: byte {byte!r} is no UTF-8; save the file as UTF-8") from error
        except csv.Error as error:
            raise FactError(f"{path}: no CSV: {error}") from error


def read_header(path: Path, largest: int = LARGEST_RELEASE) -> list[str]:
    """Read the first line's cells of a CSV."""
    with open_text(path, largest) as file:
        return next(csv.reader(file), [])
