"""The sourced figures for the faces: list, show, check, import."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict
from typing import TYPE_CHECKING

from ytterby.app.figures.figure_effects import FigureEffects, figure_effects
from ytterby.errors import UnknownNameError
from ytterby.facts import Facts, audit, check_folder, import_folder, load, names, user_figures, vocabulary
from ytterby.result_model import ResultModel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd


class FigureRow(ResultModel):
    """One sourced figure; a column that is empty in the tables is None."""

    id: str
    quantity: str
    """What is measured."""
    value: float | None
    """The figure, in `unit`; None for a fact in words."""
    low: float | None
    """Lower end of its range, in `unit`."""
    high: float | None
    """Upper end of its range, in `unit`."""
    unit: str
    element: str | None
    """Symbol or aggregate, such as Dy or TREO."""
    commodity: str | None
    """Stage and product, such as ``oxide.Dy``."""
    region: str | None
    partner: str | None
    """Other side of a flow, duty or agreement."""
    sector: str | None
    """End use or industry."""
    period: str | None
    """Year, month, day, half, quarter, or two of them."""
    scope: str | None
    """What the figure covers, in words."""
    edition: str | None
    """Edition of the source."""
    source: str
    """Publication, or how the figure was computed."""
    url: str | None
    licence: str
    """Code of the terms under which the figure is given."""
    kind: str
    """Reported, derived or assumed."""
    source_status: str
    """Located, unlocated, computed, recalled or user."""
    quality: str | None
    """A official, B trade press or analyst, C secondary."""
    note: str | None
    origin: str
    """Table that the figure stands in."""


class FigureList(ResultModel):
    """Figures that match some filters."""

    as_of: str
    """Newest figure of all."""
    user: str
    """How many figures are the user's own; empty for none."""
    count: int
    """Figures that match."""
    kinds: dict[str, int]
    """Figures that match, by kind."""
    facts: tuple[FigureRow, ...]


class ExpiredFact(ResultModel):
    """A dated state that ended without a later fact."""

    subject: str
    end: str
    """Last day, YYYY-MM-DD."""
    description: str


class FigureDetail(FigureRow):
    """One figure with its licence in words and what stands beside it."""

    licence_name: str
    attribution: str
    """Words that the licence asks for."""
    user: bool
    """Whether it is the user's own."""
    ours: FigureRow | None
    """Packaged figure that the user's own replaces."""
    outcome: bool
    """Whether it is known only after the fact and never goes into the model."""
    expired: tuple[ExpiredFact, ...]
    alternatives: tuple[FigureRow, ...]
    """Other figures of the same quantity, place and period."""


class FigureFault(ResultModel):
    """What is wrong with one cell of a table of figures."""

    file: str
    line: int
    id: str
    """Figure; empty where the fault is of the file."""
    column: str
    found: str
    allowed: str
    text: str
    """All of it in one line."""


class CheckResult(ResultModel):
    """Faults of tables of figures."""

    checked: str
    """Folder, or the packaged figures."""
    rows: int | None
    """Figures checked; None for a folder."""
    faults: tuple[FigureFault, ...]


class ImportedFile(ResultModel):
    """What one file gave."""

    file: str
    format: str
    """Release or layout that was recognised."""
    rows: int
    left_out: int
    """Lines that were not taken."""
    reasons: dict[str, int] = {}
    """Lines that were not taken, by the reason."""
    notes: tuple[str, ...] = ()
    """What to know besides, such as flows that are merged with ours."""


class ImportResult(ResultModel):
    """What an import of the user's figures took, replaced and refused."""

    taken: tuple[ImportedFile, ...]
    replaced: dict[str, tuple[str, ...]]
    """Ids of packaged figures that each imported figure replaces."""
    refused: tuple[str, ...]
    """Files that were not recognised, with the reason."""
    written: tuple[str, ...]
    """Files written into the project."""
    superseded: tuple[str, ...] = ()
    """Files of earlier imports whose place they took."""
    rows: int
    """Rows taken from all files."""
    user: str
    """How many figures are the user's own now."""
    effects: FigureEffects
    """What each of the user's figures in the project does."""


def _plain(value: object) -> object:
    """Return a value fit for JSON: nothing for NaN and for an empty text."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    return value or None


def _columns(id_: str, row: pd.Series) -> dict[str, object]:
    return {"id": id_, **{str(name): _plain(value) for name, value in row.items()}}


def _figures(table: pd.DataFrame) -> tuple[FigureRow, ...]:
    return FigureRow.from_records(_columns(str(id_), row) for id_, row in table.iterrows())


def _code(facts: Facts, column: str, name: str) -> str:
    """Code of a place or an element that is called by its name; what the figures hold as it is written stays."""
    named = column in ("element", "region", "partner") and name not in set(facts.table[column])
    return names.column_of_facts(column, name).code if named else name


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


def list_facts(project: Path | None = None, text: str = "", **filters: str | None) -> FigureList:
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
    return facts_page(project, text, filters)


def facts_page(project: Path | None, text: str, filters: Mapping[str, str | None], first: int = 0, last: int | None = None) -> FigureList:
    """Return some of the figures that match all filters, by their place among them; the counts are those of all.

    Parameters
    ----------
    project, text, filters
        As of :func:`list_facts`.
    first, last : int
        First figure, and the one before which it ends; to the end without it.
    """
    facts = load(project)
    wanted = {column: _known(facts, column, _code(facts, column, name)) for column, name in filters.items() if name}
    found = facts.select(**wanted)
    if text:
        words = found.index + " " + found["scope"] + " " + found["source"] + " " + found["note"]
        found = found[words.str.lower().str.contains(text.lower(), regex=False)]
    return FigureList(
        as_of=facts.as_of.isoformat(),
        user=facts.user_statement,
        count=len(found),
        kinds={kind: int((found["kind"] == kind).sum()) for kind in vocabulary.KINDS},
        facts=_figures(found.iloc[first:last]),
    )


def show_fact(id_: str, project: Path | None = None, today: dt.date | None = None) -> FigureDetail:
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
    licence, replaces = vocabulary.listed("licences")[row["licence"]], id_ in facts.user_ids and id_ in ours.table.index
    return FigureDetail.model_validate(
        {
            **_columns(id_, row),
            "licence_name": licence["name"],
            "attribution": licence["attribution"],
            "user": id_ in facts.user_ids,
            "ours": _columns(id_, ours.row(id_)) if replaces else None,
            "outcome": id_ in facts.outcome_after(),
            "expired": [{"subject": state.subject, "end": state.end.isoformat(), "description": state.description} for state in expired],
            "alternatives": _figures(table[same]),
        }
    )


def check(folder: Path | None = None, *, unusual: bool = False) -> CheckResult:
    """Return the faults of the packaged figures, or of a folder or file of rows.

    Raises
    ------
    FactError
        If the folder holds no CSV.
    """
    faults = audit.check_package() if folder is None else check_folder(folder, unusual=unusual)
    rows = len(load().table) if folder is None else None
    return CheckResult(
        checked="the packaged figures" if folder is None else str(folder),
        rows=rows,
        faults=FigureFault.from_records(asdict(fault) | {"text": str(fault)} for fault in faults),
    )


def import_figures(folder: Path, project: Path, *, unusual: bool = False, measured: bool = False) -> ImportResult:
    """Import the user's figures into the project and say what was taken, replaced and refused, and what the figures change.

    Parameters
    ----------
    folder : Path
        Folder of tables, or one file.
    project : Path
        Project folder.
    unusual : bool
        Whether figures far from all that is known are meant.
    measured : bool
        Whether to build the bases with and without the figures, and to say by how much they moved.

    Raises
    ------
    FactError
        If a figure breaks a rule; then nothing is written.
    """
    report = import_folder(folder, project, unusual=unusual)
    rows = sum(taken.rows for taken in report.taken)
    effects = figure_effects(project, measured=measured)
    return ImportResult.model_validate({**asdict(report), "rows": rows, "user": load(project).user_statement, "effects": effects})
