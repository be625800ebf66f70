"""Reading of CSV files from users, with checks of size and encoding."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from ytterby.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_ROWS_BYTES = 64 * 2**20
"""Largest size of a file of rows of figures [bytes]."""

MAX_RELEASE_BYTES = 4 * 2**30
"""Largest size of an official release [bytes]; a year of BACI is a third of a gigabyte."""

csv.field_size_limit(2**20)


def check_size(path: Path, max_bytes: int) -> None:
    """Check that a file exists, is not empty and is not too large.

    Raises
    ------
    FactError
        If it is missing, empty or larger than ``max_bytes``.
    """
    if not path.is_file():
        raise FactError(f"{path}: no such file")
    size = path.stat().st_size
    if size == 0:
        raise FactError(f"{path}: the file is empty")
    if size > max_bytes:
        raise FactError(f"{path}: {size} bytes, at most {max_bytes} are read")


@contextmanager
def open_text(path: Path, max_bytes: int = MAX_ROWS_BYTES) -> Iterator[IO[str]]:
    """Open a CSV file as UTF-8 text.

    Raises
    ------
    FactError
        If the file is missing, empty or too large, or (while it is read) not in UTF-8 or not a CSV file.
    """
    check_size(path, max_bytes)
    with path.open(encoding="utf-8-sig", newline="") as text:
        try:
            yield text
        except UnicodeDecodeError as error:
            byte = error.object[error.start : error.start + 1]
            raise FactError(f"{path}: byte {byte!r} is not UTF-8; save the file as UTF-8") from error
        except csv.Error as error:
            raise FactError(f"{path}: not a CSV file: {error}") from error


def read_header(path: Path, max_bytes: int = MAX_RELEASE_BYTES) -> list[str]:
    """Header of a CSV file."""
    with open_text(path, max_bytes) as file:
        return next(csv.reader(file), [])
