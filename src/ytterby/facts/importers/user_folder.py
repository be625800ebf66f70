"""Imports the user's own figures and official releases into a project, where they take precedence over the packaged ones.

All files are read and checked before anything is written. Files are written atomically, so that an interrupted import
leaves either the old or the new file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts import audit, cells, user_figures, vocabulary
from ytterby.facts.importers import flows, own_rows, registry
from ytterby.facts.importers.imported_files import TableToWrite, write
from ytterby.facts.importers.releases import recognised

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from ytterby.facts.cells import Sheet
    from ytterby.facts.importers.releases import Release, ReleaseFigures, ReleaseTable, Row

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".dat", ".gz", ".zip", ".xlsx", ".xlsm", ".xls"})
"""Endings of the files in a folder that are tried."""

SPLIT = frozenset({"baci", "comtrade"})
"""Formats that replace whole years where they hold them."""


@dataclass(frozen=True)
class FileCounts:
    """Format of an imported table, with the numbers of rows read and left out, and why."""

    file: str
    format: str
    rows: int
    left_out: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportSummary:
    """Result of an import: files read, packaged figures replaced, files not recognised, files written and those they replace."""

    taken: list[FileCounts]
    replaced: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    superseded: list[str] = field(default_factory=list)


@dataclass
class ImportTables:
    """Tables read but not yet written, and the files read."""

    unusual: bool = False
    """Whether figures far from all that is known are meant."""
    frames: list[TableToWrite] = field(default_factory=list)
    taken: list[FileCounts] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def import_folder(folder: Path, project: Path, *, unusual: bool = False) -> ImportSummary:
    """Import all tables of a folder, or one file; the format is recognised by the header.

    Parameters
    ----------
    folder : Path
        Folder of CSV files (packed or not) and workbooks, or one file. Known formats are rows of figures with the columns of
        the schema and those of :data:`ytterby.facts.importers.registry.RELEASES`.
    project : Path
        Project folder; figures are written to its folder ``facts``.
    unusual : bool
        Whether figures far from all that is known are meant.

    Returns
    -------
    ImportSummary
        Files read and written, and ids of packaged figures replaced.

    Raises
    ------
    FactError
        If a file is malformed or a figure is invalid, with file and line; nothing is written in this case.
    """
    tables, seen = ImportTables(unusual), dict[str, str]()
    for path in table_files(folder):
        add_file(path, tables, seen)
    if not tables.frames:
        raise FactError(f"{folder}: nothing to import; {'; '.join(tables.refused) or 'no figure in the files'}")
    rows = [each.frame for each in tables.frames if each.table == "rows"]
    written, superseded = write(tables.frames, project / "facts")
    return ImportSummary(tables.taken, replaced_by(rows), tables.refused, written, superseded)


def table_files(folder: Path) -> list[Path]:
    """Tables of a folder, or the file itself.

    Raises
    ------
    FactError
        If the folder has no table.
    """
    if not folder.is_dir():
        return [folder]
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$")))
    if not files:
        raise FactError(f"{folder}: contains no CSV file and no workbook")
    return files


def replaced_by(tables: list[pd.DataFrame]) -> dict[str, list[str]]:
    """Ids of the packaged figures that each imported row replaces."""
    import pandas as pd

    rows = pd.concat(tables).set_index("id") if tables else None
    return {} if rows is None else user_figures.replaced_ids(own_rows.packaged(), rows)


def add_file(path: Path, tables: ImportTables, seen: dict[str, str]) -> None:
    """Read the tables of one file in the formats recognised by their headers."""
    unknown = []
    for sheet in cells.sheets(path):
        found = recognised(sheet, registry.RELEASES)
        if found:
            add_release(*found, tables)
        elif own_rows.is_own(sheet):
            add_rows(sheet, "rows of your own", own_rows.user_rows(sheet, seen, unusual=tables.unusual), tables)
        else:
            head = sheet.head(1)
            start = ", ".join(cell.strip() for cell in head[0][1][:5]) if head else ""
            unknown.append(f"{own_rows.sheet_name(sheet)}: header not recognised (it begins {start})")
    if unknown and not any(each.file.startswith(path.name) for each in tables.taken):
        tables.refused += unknown[:1]


def add_release(release: Release, table: ReleaseTable, tables: ImportTables) -> None:
    """Read a release; one without any figure is refused with what was left out."""
    found, name = release.read(table), own_rows.sheet_name(table.sheet)
    rows = own_rows.checked_rows(table, found.rows)
    reasons = {why: count for why, count in found.left_out.items() if count}
    if not rows and not found.frames:
        why = "; ".join(f"{reason} ({count:,} lines)" for reason, count in reasons.items()) or "no figure in it"
        tables.refused.append(f"{name}, {release.name}: nothing taken: {why}")
        return
    frames = frames_to_write(release, found, name)
    count = len(rows) + sum(len(frame) for frame in found.frames.values())
    tables.taken.append(FileCounts(name, release.name, count, sum(reasons.values()), reasons, tuple(found.notes)))
    tables.frames += frames
    if rows:
        tables.frames.append(TableToWrite("rows", "tidy", name, as_frame(rows)))


def frames_to_write(release: Release, found: ReleaseFigures, name: str) -> list[TableToWrite]:
    """Tables of a release; trade that is no whole year of a heading is merged flow by flow."""
    if release.mark not in SPLIT:
        return [TableToWrite(table, release.mark, name, frame) for table, frame in found.frames.items()]
    tables = []
    for table, frame in found.frames.items():
        whole, part, notes = flows.whole_years(table, frame) if release.mark == "baci" else (frame[:0], frame, [])
        found.notes += notes
        tables += [TableToWrite(table, mark, name, each) for mark, each in (("baci", whole), ("flows", part)) if len(each)]
    return tables


def add_rows(sheet: Sheet, format_: str, rows: list[Row], tables: ImportTables) -> None:
    """Add rows of the user's own."""
    name = own_rows.sheet_name(sheet)
    if not rows:
        tables.refused.append(f"{name}: no figure below the header")
        return
    tables.taken.append(FileCounts(name, format_, len(rows)))
    tables.frames.append(TableToWrite("rows", "tidy", name, as_frame(rows)))


def as_frame(rows: list[Row]) -> pd.DataFrame:
    """Rows as a table with the columns of the schema."""
    import pandas as pd

    return pd.DataFrame(rows)[list(vocabulary.listed("columns"))]


def check_folder(folder: Path, *, unusual: bool = False) -> list[audit.Fault]:
    """All faults of a folder or file of the user, without importing it."""
    faults, seen = list[audit.Fault](), dict[str, str]()
    for path in table_files(folder):
        tables = ImportTables(unusual)
        try:
            found = cells.sheets(path)
            if len(found) == 1 and not recognised(found[0], registry.RELEASES) and own_rows.is_own(found[0]):
                faults += own_rows.read_rows(found[0], seen, unusual=unusual)[1]
                continue
            add_file(path, tables, seen)
        except FactError as error:
            faults.append(audit.Fault(path.name, 1, "", "file", "", str(error)))
        faults += [audit.Fault(path.name, 1, "", "header", "", why) for why in tables.refused]
    return faults
