"""Take the user's own figures and official releases into a project; theirs win over ours.

Everything is read and checked before anything is written; each file is written beside its place
and then renamed, so that a kill leaves the old file or the new one.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.errors import FactError, StoreError
from ytterby.facts import audit, guarded_io, schema, user_figures
from ytterby.facts.importers import row_releases, user_rows, wide_releases

if TYPE_CHECKING:
    import pandas as pd


ABANDONED = 3600.0
"""Seconds after which an unfinished file belongs to a killed import."""


@dataclass(frozen=True)
class Taken:
    """What one file gave."""

    file: str
    format: str
    rows: int
    left_out: int = 0


@dataclass(frozen=True)
class Report:
    """What an import took, what it replaced and which files it did not know."""

    taken: list[Taken]
    replaced: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


@dataclass
class Batch:
    """Tables read and not yet written: name, mark of the format, stem of the file, table."""

    tables: list[tuple[str, str, str, pd.DataFrame]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def import_folder(folder: Path, project: Path) -> Report:
    """Import every CSV of a folder (or one CSV) that is recognised by its header.

    Parameters
    ----------
    folder : Path
        Folder of CSV files, or one file. Known are tidy rows with the columns of the schema, USGS Mineral Commodity
        Summaries, BACI, UN Comtrade, World Mining Data, BGS, WGI, OECD and WIOD tables.
    project : Path
        Project folder; figures go to its ``facts`` folder.

    Raises
    ------
    FactError
        If a file is malformed or a figure breaks a rule, with file and line; then nothing is written.
    """
    batch, seen = Batch(), dict[str, str]()
    for path in csv_files(folder):
        take(path, batch, seen)
    if not batch.tables:
        raise FactError(f"{folder}: nothing to import; {'; '.join(batch.refused) or 'no figure in the files'}")
    rows = [table for name, _, _, table in batch.tables if name == "rows"]
    written = write(batch, project / "facts")
    return Report(batch.taken, replaced_by(rows), batch.refused, written)


def csv_files(folder: Path) -> list[Path]:
    """List the CSV files of a folder, or the file itself.

    Raises
    ------
    FactError
        If there is none.
    """
    files = [folder] if folder.is_file() else sorted(path for path in folder.glob("*.[cC][sS][vV]") if not path.name.startswith("."))
    if not files:
        raise FactError(f"{folder}: holds no CSV file")
    return files


def recognised(path: Path) -> bool:
    """Whether the header is that of an official release."""
    header = set(guarded_io.read_header(path))
    known = [columns for columns, _, _ in wide_releases.READERS.values()] + [columns for columns, _ in row_releases.READERS.values()]
    return any(columns <= header for columns in known)


def replaced_by(tables: list[pd.DataFrame]) -> dict[str, list[str]]:
    """Ids of ours that each imported row replaces."""
    import pandas as pd

    from ytterby.facts.load import load

    return user_figures.replaced(load().table, pd.concat(tables).set_index("id")) if tables else {}


def take(path: Path, batch: Batch, seen: dict[str, str]) -> None:
    """Read one file by the format that its header tells."""
    header = set(guarded_io.read_header(path))
    for name, (columns, mark, reader) in wide_releases.READERS.items():
        if columns <= header:
            made = reader(path)
            batch.tables += [(table, mark, path.stem, frame) for table, frame in made.items()]
            batch.taken.append(Taken(path.name, name, sum(len(frame) for frame in made.values())))
            return
    for name, (columns, rows_of) in row_releases.READERS.items():
        if columns <= header:
            with guarded_io.open_text(path) as file:
                rows, left_out = row_releases.read(file, path.name, rows_of)
            add_rows(batch, path, name, sound(path, rows), left_out)
            return
    if header >= user_rows.NEEDED:
        add_rows(batch, path, "rows of your own", own_rows(path, seen), 0)
        return
    batch.refused.append(f"{path.name}: header not recognised (it begins {', '.join(guarded_io.read_header(path)[:5])})")


def add_rows(batch: Batch, path: Path, name: str, rows: list[dict[str, str]], left_out: int) -> None:
    """Put rows into the batch."""
    import pandas as pd

    batch.taken.append(Taken(path.name, name, len(rows), left_out))
    if rows:
        batch.tables.append(("rows", "tidy", path.stem, pd.DataFrame(rows)[list(schema.listed("columns"))]))


def own_rows(path: Path, seen: dict[str, str]) -> list[dict[str, str]]:
    """Read the user's own rows.

    Raises
    ------
    FactError
        Naming the first fault with file and line, and how many more there are.
    """
    rows, faults = user_rows.read(path, seen)
    if faults:
        more = f" (and {len(faults) - 1} more; 'ytterby facts check' names them all)" if len(faults) > 1 else ""
        raise FactError(f"{faults[0]}{more}; nothing was imported")
    return rows


def sound(path: Path, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Complete and check the rows of a release.

    Raises
    ------
    FactError
        If a figure of the release breaks a rule.
    """
    made = [user_rows.completed(row) for row in rows]
    wrong = [f"{path.name}: {row['id']}: {column} '{found}': {allowed}" for row in made for column, found, allowed in audit.check_row(row)]
    if wrong:
        raise FactError(f"{wrong[0]}; {len(wrong)} faults, nothing was imported")
    return made


def check_folder(folder: Path) -> list[audit.Fault]:
    """Find all faults of a folder or file of the user's, without importing it."""
    faults, seen = list[audit.Fault](), dict[str, str]()
    for path in csv_files(folder):
        batch = Batch()
        try:
            if not recognised(path) and set(guarded_io.read_header(path)) >= user_rows.NEEDED:
                faults += user_rows.read(path, seen)[1]
                continue
            take(path, batch, seen)
        except FactError as error:
            faults.append(audit.Fault(path.name, 1, "", "file", "", str(error)))
        faults += [audit.Fault(path.name, 1, "", "header", "", why) for why in batch.refused]
    return faults


def write(batch: Batch, folder: Path) -> list[str]:
    """Write the batch into the project, one packed file per table; an earlier import of the same file goes.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear(folder)
        names = []
        for table, mark, stem, frame in batch.tables:
            tail = f"{mark}-{re.sub(r'[^A-Za-z0-9_]+', '_', stem)[:60]}.csv.gz"
            older = list(folder.glob(f"{table}-[0-9][0-9][0-9][0-9]-{tail}"))
            name = f"{table}-{next_number(folder):04d}-{tail}"
            write_whole(folder / name, frame)
            for path in older:
                path.unlink(missing_ok=True)
            names.append(name)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror}") from error
    return names


def clear(folder: Path) -> None:
    """Remove what killed imports left behind, when it is old enough to be nobody's."""
    for path in folder.glob(".import-*.tmp"):
        if time.time() - path.stat().st_mtime > ABANDONED:
            path.unlink(missing_ok=True)


def next_number(folder: Path) -> int:
    """Return one more than the highest number of an import."""
    numbers = [int(found[1]) for path in folder.glob("*.csv.gz") if (found := re.match(r"[a-z_]+-(\d{4})-", path.name))]
    return max(numbers, default=0) + 1


def write_whole(path: Path, frame: pd.DataFrame) -> None:
    """Write a table beside its place, then rename it: a kill leaves all of it or nothing."""
    handle, name = tempfile.mkstemp(prefix=".import-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            frame.to_csv(file, index=False, compression={"method": "gzip", "mtime": 0}, encoding="utf-8")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
