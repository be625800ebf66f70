"""Candidate measures for the faces: what a party may pay for, and what it would be entitled to."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ytterby.app.network.bases import base_system
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import (
    CANDIDATE_FIGURES,
    CANDIDATE_KINDS,
    STAGES,
    Candidate,
    candidate,
    candidates,
    expand_regions,
    left_out,
    load,
    select_candidates,
)
from ytterby.result_model import ResultModel
from ytterby.system import entitlements, newest_base_year

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.facts import FigureRange
    from ytterby.system import System

DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


class CandidateFigure(ResultModel):
    """A figure of a candidate measure with its range."""

    low: float
    value: float
    high: float
    unit: str
    """Unit, such as ``USD of 2024``; 1 for a share."""
    basis: str
    """Stated, derived, generic (of a plant of the same stage) or assumed."""
    facts: tuple[str, ...]
    """Ids of the figures that it rests on."""


class CandidateRow(ResultModel):
    """A measure that a party may pay for."""

    id: str
    kind: str
    name: str
    """In the language that was asked for."""
    host: str
    """Region where it stands; ``*`` for any party at home."""
    stage: str
    goods: tuple[str, ...]
    """Commodities that it makes, saves, holds or binds; the first is the one that counts."""
    collects: tuple[str, ...]
    """Goods of which recycling collects the old ones."""
    sectors: tuple[str, ...]
    """Sectors that save or collect; all where empty."""
    recipes: tuple[str, ...]
    """Recipes of processes that stand together."""
    basket: dict[str, float]
    """What a tonne of the first good comes with, where no recipe fits [t/t]."""
    parties: tuple[str, ...]
    """Who pays, helps or researches; anyone where empty."""
    figures: dict[str, CandidateFigure]
    """Figures by name; those without a figure are left out."""
    earliest_start: int | None
    """First year in which it may give anything; None where only the lead counts."""
    ramp_low: tuple[float, ...]
    ramp: tuple[float, ...]
    """Share of capacity in the first, second, ... year; the last stays [1]."""
    ramp_high: tuple[float, ...]
    ramp_basis: str
    """How the ramp is known, and the facts."""
    entitled: dict[str, float]
    """Share of the output by party, ``WORLD`` for what nobody holds, ``*`` for the host of a measure of any party [1]."""
    entitled_basis: str
    """How the shares are known, and the facts."""
    share: float | None
    """Share of the output that the party asked for may take [1]; None where none was asked for."""
    status: str
    as_of: str
    """Date of the newest fact that says so."""
    assumed: tuple[str, ...]
    """Figures that no source states."""
    facts: tuple[str, ...]
    note: str


class NoCandidateRow(ResultModel):
    """A project or capacity on record that is no candidate."""

    fact: str
    reason: str


class CandidateList(ResultModel):
    """Candidate measures that match what was asked for."""

    party: str
    """Party asked for; empty for all."""
    as_of: str
    """Day on which they were known; empty for now."""
    count: int
    kinds: dict[str, int]
    """How many, by kind."""
    candidates: tuple[CandidateRow, ...]
    """In the order of the table: plants, programmes, stocks."""
    left_out: tuple[NoCandidateRow, ...]
    """What is on record and no candidate, with the reason; whatever was asked for."""


def list_candidates(
    project: Path | None = None, party: str = "", stage: str = "", kind: str = "", as_of: str = "", lang: str = "en"
) -> CandidateList:
    """Candidate measures, by party, stage, kind and the day on which they were known.

    Parameters
    ----------
    project : Path, optional
        Project folder that keeps the base, whose use divides what nobody holds.
    party : str
        Region or group, by code; only measures that it hosts, helps with or may take from.
    stage, kind : str
        Stage of the good, kind of measure.
    as_of : str
        Day, month or year in ISO form.
    lang : str
        Language of the names.

    Raises
    ------
    UnknownNameError
        For a stage, kind or party that there is not.
    InputError
        For a date that is none.
    """
    if as_of and not DATE.fullmatch(as_of):
        raise InputError(f"as_of '{as_of}' is no day (YYYY-MM-DD), month (YYYY-MM) or year")
    _known("stage", stage, STAGES)
    _known("kind of candidate measure", kind, CANDIDATE_KINDS)
    chosen = select_candidates(candidates(), party, stage, kind, as_of)
    system = base_system(newest_base_year(), load(project), project) if party else None
    shown = [_row(found, lang, _share(found, system, party)) for found in chosen]
    counts = {name: number for name in CANDIDATE_KINDS if (number := sum(found.kind == name for found in chosen))}
    missing = NoCandidateRow.from_records({"fact": fact, "reason": reason} for fact, reason in left_out().items())
    rows = CandidateRow.from_records(shown)
    return CandidateList(party=party, as_of=as_of, count=len(rows), kinds=counts, candidates=rows, left_out=missing)


def show_candidate(id: str, project: Path | None = None, party: str = "", lang: str = "en") -> CandidateRow:
    """One candidate measure; arguments as of :func:`list_candidates`.

    Raises
    ------
    UnknownNameError
        If there is none of that id.
    """
    found = candidate(id)
    system = base_system(newest_base_year(), load(project), project) if party else None
    return CandidateRow.model_validate(_row(found, lang, _share(found, system, party)))


def _known(what: str, name: str, names: tuple[str, ...]) -> None:
    if name and name not in names:
        raise UnknownNameError(what, name, names)


def _share(found: Candidate, system: System | None, party: str) -> float | None:
    """Share of the output that a party may take [1]; a group has the sum of its regions."""
    if system is None:
        return None
    inside = expand_regions(party)
    shares = entitlements(found, system, party)
    return sum(shares.get(region, 0.0) for region in inside)


def _row(found: Candidate, lang: str, share: float | None) -> dict[str, object]:
    """Fields of a candidate."""
    copied = (
        "id", "kind", "host", "stage", "goods", "collects", "sectors", "recipes", "basket", "parties", "earliest_start", "ramp_low", "ramp",
        "ramp_high", "ramp_basis", "entitled", "entitled_basis", "status", "as_of", "assumed", "facts", "note",
    )  # fmt: skip
    figures = {name: _figure(name, figure) for name, figure in found.figures.items() if not math.isnan(figure.value)}
    return {name: getattr(found, name) for name in copied} | {"name": found.name(lang), "figures": figures, "share": share}


def _figure(name: str, figure: FigureRange) -> dict[str, object]:
    unit = CANDIDATE_FIGURES[name].rpartition("[")[2].rstrip("]")
    return {"low": figure.low, "value": figure.value, "high": figure.high, "unit": unit, "basis": figure.basis, "facts": figure.facts}
