"""Imports the user's own figures and official releases into a project, where they take precedence over the packaged ones.

All files are read and checked before anything is written. Files are written atomically, so that an interrupted import
leaves either the old or the new file.
"""

from __future__ import annotations

import csv
import difflib
import os
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.errors import FactError, StoreError
from ytterby.facts import audit, guarded_io, periods, user_figures, vocabulary
from ytterby.facts.importers import row_releases, wide_releases

if TYPE_CHECKING:
    import pandas as pd


MAX_AGE = 3600.0
"""Age [s] after which an unfinished temporary file is taken to be of an interrupted import."""

REQUIRED_COLUMNS = frozenset({"quantity", "value", "unit", "source"})
"""Columns that rows of figures must have; the others have defaults."""


@dataclass(frozen=True)
class FileCounts:
    """Format of an imported file, with the numbers of rows read and left out."""

    file: str
    format: str
    rows: int
    left_out: int = 0


@dataclass(frozen=True)
class ImportSummary:
    """Result of an import: files read, packaged figures replaced, files not recognised, files written."""

    taken: list[FileCounts]
    replaced: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)


@dataclass
class ImportTables:
    """Tables read but not yet written, as (name, code of the format, stem of the file, table), and the files read."""

    frames: list[tuple[str, str, str, pd.DataFrame]] = field(default_factory=list)
    taken: list[FileCounts] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def import_folder(folder: Path, project: Path) -> ImportSummary:
    """Import all CSV files of a folder, or one CSV file; the format is recognised by the header.

    Parameters
    ----------
    folder : Path
        Folder of CSV files, or one file. Known formats are rows of figures with the columns of the schema, USGS Mineral
        Commodity Summaries, BACI, UN Comtrade, World Mining Data, BGS, WGI, OECD and WIOD tables.
    project : Path
        Project folder; figures are written to its folder ``facts``.

    Returns
    -------
    ImportSummary
        Files read and written, and ids of packaged figures replaced.

    Raises
    ------
    FactError
        If a file is malformed or a figure is invalid, with file and line; nothing is written in this case.
    """
    tables, seen = ImportTables(), dict[str, str]()
    for path in csv_files(folder):
        add_file(path, tables, seen)
    if not tables.frames:
        raise FactError(f"{folder}: nothing to import; {'; '.join(tables.refused) or 'no figure in the files'}")
    rows = [table for name, _, _, table in tables.frames if name == "rows"]
    written = write(tables, project / "facts")
    return ImportSummary(tables.taken, replaced_by(rows), tables.refused, written)


def csv_files(folder: Path) -> list[Path]:
    """CSV files of a folder, or the file itself.

    Raises
    ------
    FactError
        If the folder has no CSV file.
    """
    files = [folder] if folder.is_file() else sorted(path for path in folder.glob("*.[cC][sS][vV]") if not path.name.startswith("."))
    if not files:
        raise FactError(f"{folder}: contains no CSV file")
    return files


def recognised(path: Path) -> bool:
    """Whether the header is that of a known official release."""
    header = set(guarded_io.read_header(path))
    known = [columns for columns, _, _ in wide_releases.READERS.values()] + [columns for columns, _ in row_releases.READERS.values()]
    return any(columns <= header for columns in known)


def replaced_by(tables: list[pd.DataFrame]) -> dict[str, list[str]]:
    """Ids of the packaged figures that each imported row replaces."""
    import pandas as pd

    from ytterby.facts.load import load

    return user_figures.replaced_ids(load().table, pd.concat(tables).set_index("id")) if tables else {}


def add_file(path: Path, tables: ImportTables, seen: dict[str, str]) -> None:
    """Read one file in the format recognised by its header."""
    header = set(guarded_io.read_header(path))
    for name, (columns, mark, reader) in wide_releases.READERS.items():
        if columns <= header:
            found = reader(path)
            tables.frames += [(table, mark, path.stem, frame) for table, frame in found.items()]
            tables.taken.append(FileCounts(path.name, name, sum(len(frame) for frame in found.values())))
            return
    for name, (columns, rows_of) in row_releases.READERS.items():
        if columns <= header:
            with guarded_io.open_text(path) as file:
                rows, left_out = row_releases.read(file, path.name, rows_of)
            add_rows(tables, path, name, checked_rows(path, rows), left_out)
            return
    if header >= REQUIRED_COLUMNS:
        add_rows(tables, path, "rows of your own", user_rows(path, seen), 0)
        return
    tables.refused.append(f"{path.name}: header not recognised (it begins {', '.join(guarded_io.read_header(path)[:5])})")


def add_rows(tables: ImportTables, path: Path, name: str, rows: list[dict[str, str]], left_out: int) -> None:
    """Add rows to the tables."""
    import pandas as pd

    tables.taken.append(FileCounts(path.name, name, len(rows), left_out))
    if rows:
        tables.frames.append(("rows", "tidy", path.stem, pd.DataFrame(rows)[list(vocabulary.listed("columns"))]))


def misspelt(header: list[str]) -> list[audit.Cell]:
    """Faults for columns that are probably misspelt columns of the schema."""
    known = list(vocabulary.listed("columns"))
    near = {name: difflib.get_close_matches(name, known, n=1, cutoff=0.75) for name in header if name not in known}
    wrong = {name: found[0] for name, found in near.items() if found and found[0] not in header}
    return [("header", name, f"unknown column; did you mean '{right}'?") for name, right in wrong.items()]


def completed(cells: dict[str, str]) -> dict[str, str]:
    """Row with defaults for kind, licence and id, the source status ``user``, and outcomes marked in the scope."""
    row = {name: (cells.get(name) or "").strip() for name in vocabulary.listed("columns")}
    row["kind"] = row["kind"] or "reported"
    row["licence"] = row["licence"] or "user"
    row["source_status"] = "user"
    dated = periods.valid(row["period"]) and periods.is_outcome(row["quantity"], row["period"])
    if dated and periods.OUTCOME_MARK not in row["scope"]:
        row["scope"] = "; ".join(part for part in (row["scope"], periods.OUTCOME_MARK) if part)
    row["id"] = row["id"] or "user:" + "-".join(row[name] for name in user_figures.KEY if row[name])
    return row


def read_rows(path: Path, seen: dict[str, str]) -> tuple[list[dict[str, str]], list[audit.Fault]]:
    """Rows of a file of figures, with defaults filled in, and their faults.

    Parameters
    ----------
    path : Path
        CSV file.
    seen : dict
        Place of each id met so far, in this and other files; updated.

    Raises
    ------
    FactError
        If the file cannot be read as CSV.
    """
    with guarded_io.open_text(path) as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or [])
        faults = [audit.Fault(path.name, 1, "", *cell) for cell in (*audit.check_duplicates(header), *misspelt(header))]
        rows = []
        for cells in reader:
            broken = None in cells or None in cells.values()
            row = dict(cells) if broken else completed(cells)
            faults += audit.row_faults(path.name, reader.line_num, row, seen)
            rows.append(row)
    return rows, faults


def user_rows(path: Path, seen: dict[str, str]) -> list[dict[str, str]]:
    """Rows of a file of the user's own figures.

    Raises
    ------
    FactError
        If there are faults; names the first with file and line, and the number of others.
    """
    rows, faults = read_rows(path, seen)
    if faults:
        more = f" (and {len(faults) - 1} more; 'ytterby facts check' names them all)" if len(faults) > 1 else ""
        raise FactError(f"{faults[0]}{more}; nothing was imported")
    return rows


def checked_rows(path: Path, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows of a release, with defaults filled in.

    Raises
    ------
    FactError
        If a figure of the release is invalid.
    """
    complete = [completed(row) for row in rows]
    wrong = [
        f"{path.name}: {row['id']}: {column} '{found}': {allowed}" for row in complete for column, found, allowed in audit.check_row(row)
    ]
    if wrong:
        raise FactError(f"{wrong[0]}; {len(wrong)} faults, nothing was imported")
    return complete


def check_folder(folder: Path) -> list[audit.Fault]:
    """All faults of a folder or file of the user, without importing it."""
    faults, seen = list[audit.Fault](), dict[str, str]()
    for path in csv_files(folder):
        tables = ImportTables()
        try:
            if not recognised(path) and set(guarded_io.read_header(path)) >= REQUIRED_COLUMNS:
                faults += read_rows(path, seen)[1]
                continue
            add_file(path, tables, seen)
        except FactError as error:
            faults.append(audit.Fault(path.name, 1, "", "file", "", str(error)))
        faults += [audit.Fault(path.name, 1, "", "header", "", why) for why in tables.refused]
    return faults


def write(tables: ImportTables, folder: Path) -> list[str]:
    """Write the tables into the project, one compressed file each; they replace earlier imports of the same file.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear(folder)
        names = []
        for table, mark, stem, frame in tables.frames:
            tail = f"{mark}-{re.sub(r'[^A-Za-z0-9_]+', '_', stem)[:60]}.csv.gz"
            older = list(folder.glob(f"{table}-[0-9][0-9][0-9][0-9]-{tail}"))
            name = f"{table}-{next_number(folder):04d}-{tail}"
            write_atomically(folder / name, frame)
            for path in older:
                path.unlink(missing_ok=True)
            names.append(name)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror}") from error
    return names


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
    """Write a table to a temporary file in the same folder, then rename it."""
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
