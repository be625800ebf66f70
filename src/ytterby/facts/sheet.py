"""A table in a file from outside: its lines, its rows below a header, and why it cannot be read."""

from __future__ import annotations

import csv
import gzip
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from ytterby.errors import FactError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


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


@contextmanager
def as_fact_errors(path: Path) -> Iterator[None]:
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
