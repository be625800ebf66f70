"""The user's own rows: which columns they need, what is filled in, what is refused."""

from __future__ import annotations

import csv
import difflib
from typing import TYPE_CHECKING

from ytterby.facts import audit, guarded_io, periods, schema, user_figures

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = frozenset({"quantity", "value", "unit", "source"})
"""Columns that tell rows of figures; the others have defaults."""


def misspelt(header: list[str]) -> list[audit.Cell]:
    """Find columns that look like misspelt ones of the schema."""
    known = list(schema.listed("columns"))
    near = {name: difflib.get_close_matches(name, known, n=1, cutoff=0.75) for name in header if name not in known}
    wrong = {name: found[0] for name, found in near.items() if found and found[0] not in header}
    return [("header", name, f"unknown column; did you mean '{right}'?") for name, right in wrong.items()]


def completed(cells: dict[str, str]) -> dict[str, str]:
    """Fill what the user left out: kind, licence, id; mark outcomes; the status is ``user``."""
    row = {name: (cells.get(name) or "").strip() for name in schema.listed("columns")}
    row["kind"] = row["kind"] or "reported"
    row["licence"] = row["licence"] or "user"
    row["source_status"] = "user"
    dated = periods.valid(row["period"]) and periods.is_outcome(row["quantity"], row["period"])
    if dated and periods.OUTCOME_MARK not in row["scope"]:
        row["scope"] = "; ".join(part for part in (row["scope"], periods.OUTCOME_MARK) if part)
    row["id"] = row["id"] or "user:" + "-".join(row[name] for name in user_figures.KEY if row[name])
    return row


def read(path: Path, seen: dict[str, str]) -> tuple[list[dict[str, str]], list[audit.Fault]]:
    """Read rows of figures, completed, with all their faults; ``seen`` remembers where each id stood.

    Raises
    ------
    FactError
        If the file cannot be read at all.
    """
    with guarded_io.open_text(path) as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or [])
        faults = [audit.Fault(path.name, 1, "", *cell) for cell in (*audit.check_twice(header), *misspelt(header))]
        rows = []
        for cells in reader:
            broken = None in cells or None in cells.values()
            row = dict(cells) if broken else completed(cells)
            faults += audit.faults(path.name, reader.line_num, row, seen)
            rows.append(row)
    return rows, faults
