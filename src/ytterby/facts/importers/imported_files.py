"""Files of imported figures in a project: named by what they came from, written atomically."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

MAX_AGE = 3600.0
"""Age [s] after which an unfinished temporary file is taken to be of an interrupted import."""

NUMBER = "[0-9][0-9][0-9][0-9]"


@dataclass(frozen=True, eq=False)
class TableToWrite:
    """A table read from a file."""

    table: str
    """Name of the reference table, or ``rows``."""
    mark: str
    """Code of the format, which tells by which key the table replaces packaged rows."""
    source: str
    """Name of the file, with the sheet or member in it."""
    frame: pd.DataFrame

    @property
    def tail(self) -> str:
        """End of the imported file's name: the source's name in plain letters and a mark of the whole name.

        Names that fold to the same letters, or are the same for their first letters, stay apart by the mark.
        """
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", re.sub(r"\.(csv|tsv|txt|dat|gz|zip|xlsx|xlsm)$", "", self.source))[:60]
        return f"{plain}-{hashlib.sha256(self.source.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}.csv.gz"


def write(tables: list[TableToWrite], folder: Path) -> tuple[list[str], list[str]]:
    """Write tables into a project, one compressed file each; they take the place of earlier imports of the same file.

    Returns
    -------
    tuple of list of str
        Files written, and the files whose place they took.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear(folder)
        older = sorted({path for each in tables for path in folder.glob(f"*-{NUMBER}-*-{each.tail}")})
        names = []
        for each in tables:
            names.append(f"{each.table}-{next_number(folder):04d}-{each.mark}-{each.tail}")
            write_atomically(folder / names[-1], each.frame)
        for path in older:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror}") from error
    return names, [path.name for path in older]


def clear(folder: Path) -> None:
    """Remove temporary files of interrupted imports that are older than :data:`MAX_AGE`."""
    for path in folder.glob(".import-*.tmp"):
        if time.time() - path.stat().st_mtime > MAX_AGE:
            path.unlink(missing_ok=True)


def next_number(folder: Path) -> int:
    """Number of the next import."""
    numbers = [int(found[1]) for path in folder.glob("*.csv.gz") if (found := re.match(r"[a-z_]+-(\d{4})-", path.name))]
    return max(numbers, default=0) + 1


def write_atomically(path: Path, frame: pd.DataFrame) -> None:
    """Write a table to a temporary file in the same folder, then rename it; its mode follows the umask."""
    temporary = path.with_name(f".import-{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            frame.to_csv(file, index=False, compression={"method": "gzip", "mtime": 0}, encoding="utf-8")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
