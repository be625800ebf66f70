"""Rows of the user's own figures: completed, checked for form and for sense."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts import audit, cells, periods, plausibility, vocabulary
from ytterby.facts.numbers import NumberError, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from ytterby.facts.importers.releases import ReleaseTable, Row

REQUIRED_COLUMNS = frozenset({"quantity", "value", "unit", "source"})
"""Columns that rows of figures must have; the others have defaults."""


def packaged() -> pd.DataFrame:
    """Packaged figures, indexed by id."""
    from ytterby.facts.load import load

    return load().table


def misspelt(header: Iterable[str]) -> list[audit.Cell]:
    """Faults for columns that are probably misspelt columns of the schema."""
    known, names = list(vocabulary.listed("columns")), list(header)
    near = {name: difflib.get_close_matches(name, known, n=1, cutoff=0.75) for name in names if name not in known}
    wrong = {name: found[0] for name, found in near.items() if found and found[0] not in names}
    return [("header", name, f"unknown column; did you mean '{right}'?") for name, right in wrong.items()]


def completed(given: Row, decimal: str = ".") -> Row:
    """Row with plain numbers, defaults for kind, licence and id, the source status ``user``, and outcomes marked in the scope.

    What a row of a packaged id leaves empty is taken from the packaged row, but not its figures.
    """
    row = {name: (given.get(name) or "").strip() for name in vocabulary.listed("columns")}
    for column in vocabulary.NUMBERS:
        row[column] = plain(row[column], decimal)
    table = packaged()
    if row["id"] in table.index:
        row |= {name: str(table.loc[row["id"], name]) for name in (*plausibility.KEY, "scope") if not row[name]}
    row["kind"], row["licence"], row["source_status"] = row["kind"] or "reported", row["licence"] or "user", "user"
    dated = periods.valid(row["period"]) and periods.is_outcome(row["quantity"], row["period"])
    if dated and periods.OUTCOME_MARK not in row["scope"]:
        row["scope"] = "; ".join(part for part in (row["scope"], periods.OUTCOME_MARK) if part)
    row["id"] = row["id"] or "user:" + "-".join(row[name] for name in plausibility.KEY if row[name])
    return row


def plain(cell: str, decimal: str) -> str:
    """Number of a cell as every reader of figures takes it; what is no number stays, for the check to name."""
    try:
        return f"{parse_number(cell, decimal):.15g}" if cell else ""
    except NumberError:
        return cell


def faults_of(name: str, line: int, row: Row, seen: dict[str, str], *, unusual: bool) -> list[audit.Fault]:
    """Faults of a completed row: of form first, of sense where the form is right."""
    found = list(audit.row_faults(name, line, row, seen))
    if not found:
        doubts = [] if unusual else plausibility.far_from_known(row, packaged())
        found = [audit.Fault(name, line, row["id"], *cell) for cell in (*plausibility.check_row(row, packaged()), *doubts)]
    return found


def read_rows(sheet: cells.Sheet, seen: dict[str, str], *, unusual: bool = False) -> tuple[list[Row], list[audit.Fault]]:
    """Rows of a file of figures, with defaults filled in, and their faults.

    Parameters
    ----------
    sheet : Sheet
        The table.
    seen : dict
        Place of each id met so far, in this and other files; updated.
    unusual : bool
        Whether figures far from all that is known are meant.

    Raises
    ------
    FactError
        If the file cannot be read as a table.
    """
    name, rows, faults = sheet_name(sheet), list[dict[str, str]](), list[audit.Fault]()
    for line, cells_ in sheet.rows():
        if not rows and not faults:
            faults += [audit.Fault(name, 1, "", *cell) for cell in misspelt(cells_)]
        rows.append(completed(cells_, sheet.decimal))
        faults += faults_of(name, line, rows[-1], seen, unusual=unusual)
    return rows, faults


def sheet_name(sheet: cells.Sheet) -> str:
    """Name of a table without its folder."""
    return sheet.path.name + sheet.name.removeprefix(str(sheet.path))


def user_rows(sheet: cells.Sheet, seen: dict[str, str], *, unusual: bool = False) -> list[Row]:
    """Rows of a file of the user's own figures.

    Raises
    ------
    FactError
        If there are faults; names the first with file and line, and the number of others.
    """
    rows, faults = read_rows(sheet, seen, unusual=unusual)
    if faults:
        more = f" (and {len(faults) - 1} more; 'ytterby facts check' names them all)" if len(faults) > 1 else ""
        raise FactError(f"{faults[0]}{more}; nothing was imported")
    return rows


def checked_rows(table: ReleaseTable, rows: list[Row]) -> list[Row]:
    """Rows of a release, with defaults filled in.

    Raises
    ------
    FactError
        If a figure of the release is invalid.
    """
    complete, ours = [completed(row) for row in rows], packaged()
    for row in complete:
        for column, found, allowed in audit.check_row(row) or plausibility.check_row(row, ours):
            raise FactError(f"{sheet_name(table.sheet)}: {row['id']}: {column} '{found}': {allowed}; nothing was imported")
    return complete


def is_own(sheet: cells.Sheet) -> bool:
    """Whether a table has the columns of rows of figures."""
    head = sheet.head(1)
    return bool(head) and {cell.strip() for cell in head[0][1]} >= REQUIRED_COLUMNS
