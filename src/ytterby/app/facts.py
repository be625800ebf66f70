"""The sourced figures for the faces: list, show, check, import."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ytterby.errors import UnknownNameError
from ytterby.facts import audit, schema, user_figures
from ytterby.facts.importers import user_folder
from ytterby.facts.load import Facts, load

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

Document = dict[str, Any]


def _plain(value: object) -> object:
    """Return a value fit for JSON: nothing for NaN and for an empty text."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return value or None


def _document(id_: str, row: pd.Series) -> Document:
    return {"id": id_, **{str(name): _plain(value) for name, value in row.items()}}


def _known(facts: Facts, column: str, name: str) -> str:
    """Check a filter against what the figures hold.

    Raises
    ------
    UnknownNameError
        With the nearest value that some figure has.
    """
    known = set(facts.table[column]) - {""}
    if name not in known:
        raise UnknownNameError(column, name, known)
    return name


def list_facts(project: Path | None = None, text: str = "", **filters: str | None) -> Document:
    """Return the figures that match all filters.

    Parameters
    ----------
    project : Path, optional
        Project folder whose imported figures win.
    text : str
        Words that must stand in id, scope, source or note, whatever their case.
    **filters : str
        Wanted values by column, such as ``quantity="price", element="Dy"``.
    """
    facts = load(project)
    wanted = {column: _known(facts, column, name) for column, name in filters.items() if name}
    found = facts.select(**wanted)
    if text:
        words = found.index + " " + found["scope"] + " " + found["source"] + " " + found["note"]
        found = found[words.str.lower().str.contains(text.lower(), regex=False)]
    return {
        "as_of": facts.as_of.isoformat(),
        "user": facts.user_statement,
        "count": len(found),
        "kinds": {kind: int((found["kind"] == kind).sum()) for kind in schema.KINDS},
        "facts": [_document(str(id_), row) for id_, row in found.iterrows()],
    }


def show_fact(id_: str, project: Path | None = None, today: dt.date | None = None) -> Document:
    """Return one figure with its range, its licence in words, ours where the user's replaced it, and its alternatives.

    Raises
    ------
    UnknownNameError
        If there is no figure of that id.
    """
    facts, ours = load(project), load()
    row = facts.row(id_)
    table = facts.table
    same = (table[list(user_figures.KEY)] == row[list(user_figures.KEY)]).all(axis=1) & (table.index != id_)
    expired = [state for state in facts.expired_states(today or dt.datetime.now(dt.UTC).date()) if state.id == id_]
    return {
        **_document(id_, row),
        "licence_name": schema.listed("licences")[row["licence"]]["name"],
        "attribution": schema.listed("licences")[row["licence"]]["attribution"],
        "user": id_ in facts.user_ids,
        "ours": _document(id_, ours.row(id_)) if id_ in facts.user_ids and id_ in ours.table.index else None,
        "outcome": id_ in facts.outcome_after(),
        "expired": [{"subject": state.subject, "end": state.end.isoformat(), "description": state.description} for state in expired],
        "alternatives": [_document(str(other), line) for other, line in table[same].iterrows()],
    }


def check(folder: Path | None = None) -> Document:
    """Return the faults of the packaged figures, or of a folder or file of rows.

    Raises
    ------
    FactError
        If the folder holds no CSV.
    """
    faults = audit.check_package() if folder is None else user_folder.check_folder(folder)
    rows = len(load().table) if folder is None else None
    return {
        "checked": "the packaged figures" if folder is None else str(folder),
        "rows": rows,
        "faults": [asdict(fault) | {"text": str(fault)} for fault in faults],
    }


def import_figures(folder: Path, project: Path) -> Document:
    """Import the user's figures into the project and say what was taken, replaced and refused.

    Raises
    ------
    FactError
        If a figure breaks a rule; then nothing is written.
    """
    report = user_folder.import_folder(folder, project)
    return {**asdict(report), "rows": sum(taken.rows for taken in report.taken), "user": load(project).user_statement}
