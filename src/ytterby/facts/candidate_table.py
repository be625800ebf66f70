"""Candidate measures: what parties may pay for, with size, time, cost, chance and who may take what it gives.

The table ``candidates`` is made by ``scripts/build_candidates.py``. A figure ``x`` stands in the columns ``x_low``, ``x``, ``x_high`` and
``x_basis``; the basis says how it is known and names the facts. Units are those of :data:`CANDIDATE_FIGURES`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ytterby import tables
from ytterby.errors import FactError, UnknownNameError
from ytterby.facts import vocabulary
from ytterby.facts.names import expand_regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TABLE = "data/tables/candidates"
LEFT_OUT = "data/tables/candidates_left_out"
ANY_PARTY = "*"
"""Host of a measure that any party may take at home."""
WORLD = "WORLD"
"""Holder of what no party is entitled to: it is divided among all regions by use."""

CANDIDATE_FIGURES = {
    "capacity": "output of the first of `goods` at full use; of a stock, a saving or a standard, the tonnes by which it is costed [t/year]",
    "effect": "share saved, collected, improved or of technology reached, by kind [1]",
    "cover": "largest stock, in years of the party's use in the base year [years]",
    "strike": "price that a floor guarantees [USD/kg]",
    "lead": "years from decision to first output [years]",
    "capex": "capital cost of the whole unit [USD of 2024]",
    "opex": "running cost at full use, by-products not credited and bought goods not counted [USD/year]",
    "slip": "probability of a delay by `slip_years` [1]",
    "slip_years": "length of that delay [years]",
    "cancel": "probability that it never opens or does not work [1]",
    "co2e": "greenhouse gases at full use [t CO2e/year]",
    "water": "fresh water at full use [m3/year]",
    "residue": "radioactive residue at full use [t/year]",
    "jobs_build": "work in construction [person-years]",
    "jobs_run": "jobs in operation [persons]",
}
"""Figures with their meaning and unit."""

NAMED_IN = tuple(next(iter(vocabulary.regions().values())).names)
"""Languages in which measures have names: those of the vocabulary."""

CANDIDATE_WORDS = {
    "id": "unique name",
    "kind": "kind of measure; besides those of scenarios `exploration` and `standard`",
    **{f"name_{lang}": "name in this language" for lang in NAMED_IN},
    "host": "region where it stands; `*` for any party at home",
    "stage": "stage of the first of `goods`",
    "goods": "commodities that it makes, saves, holds or binds; the first is the one that counts",
    "collects": "goods of which recycling collects the old ones",
    "sectors": "sectors that save or collect; all where empty",
    "recipe": "recipes of processes that stand together; what each makes and takes in is said there",
    "basket": "t per t of the first of `goods`, by commodity, where no recipe fits",
    "parties": "who pays, helps or researches; anyone where empty",
    "earliest_start": "first year in which it may give anything; empty where only `lead` counts",
    "ramp": "share of capacity in the first, second, ... year; the last stays [1]",
    "ramp_low": "low end of `ramp` [1]",
    "ramp_high": "high end of `ramp` [1]",
    "ramp_basis": "how `ramp` is known, and the facts",
    "entitled": "share of the output that each party may take, `WORLD` for what nobody holds, `*` for the host of a measure of any party",
    "entitled_basis": "how `entitled` is known, and the facts",
    "status": "operating, construction, committed, planned, proposed or generic",
    "as_of": "date of the newest fact that says so",
    "facts": "all facts behind the row",
    "note": "what a reader must know besides",
}
"""Columns that hold no figure with a range, with their meaning."""

BASES = ("stated", "derived", "generic", "assumed", "none")
"""How a figure is known: as a source states it, computed from what sources state, of a plant of the same stage, judgement, not at all."""
STATUSES = ("operating", "construction", "committed", "planned", "proposed", "generic")
CANDIDATE_KINDS = (
    "project", "recycling", "stockpile", "substitution", "joint_rnd", "exploration", "assistance", "price_floor", "offtake", "standard",
)  # fmt: skip
ENTITLED_TOLERANCE = 1e-9


def candidate_columns() -> tuple[str, ...]:
    """Columns of the table, in its order."""
    names = list(CANDIDATE_WORDS)
    head, tail = names[: names.index("earliest_start")], names[names.index("earliest_start") :]
    return (*head, *(f"{name}{end}" for name in CANDIDATE_FIGURES for end in ("_low", "", "_high", "_basis")), *tail)


@dataclass(frozen=True)
class FigureRange:
    """A figure with its range; NaN throughout where there is none."""

    low: float
    value: float
    high: float
    basis: str
    """One of :data:`BASES`."""
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """A measure that parties may pay for; columns as in :data:`CANDIDATE_WORDS`, figures as in :data:`CANDIDATE_FIGURES`."""

    id: str
    kind: str
    names: Mapping[str, str]
    """Name by language."""
    host: str
    stage: str
    goods: tuple[str, ...]
    collects: tuple[str, ...]
    sectors: tuple[str, ...]
    recipes: tuple[str, ...]
    basket: Mapping[str, float]
    """What a tonne of the first of `goods` comes with, by commodity, where no recipe fits [t/t]."""
    parties: tuple[str, ...]
    figures: Mapping[str, FigureRange]
    """Figures by name."""
    earliest_start: int | None
    ramp_low: tuple[float, ...]
    ramp: tuple[float, ...]
    ramp_high: tuple[float, ...]
    ramp_basis: str
    entitled: Mapping[str, float]
    """Share by party, by :data:`WORLD` or by :data:`ANY_PARTY` [1]; sums to 1."""
    entitled_basis: str
    status: str
    as_of: str
    facts: tuple[str, ...]
    note: str

    def __getattr__(self, name: str) -> FigureRange:
        """A figure by its name, such as ``candidate.capex``."""
        if name in CANDIDATE_FIGURES:
            return self.figures[name]
        raise AttributeError(name)

    def name(self, lang: str = "en") -> str:
        """Name in a language, or in English where it has none."""
        return self.names.get(lang) or self.names["en"]

    @property
    def assumed(self) -> tuple[str, ...]:
        """Figures that no source states."""
        return tuple(name for name, figure in self.figures.items() if figure.basis == "assumed")


@cache
def candidates() -> tuple[Candidate, ...]:
    """All candidate measures, in the order of the table.

    Raises
    ------
    FactError
        For a row whose cells are not what their columns allow, with its id and column.
    """
    found = tables.rows("ytterby.facts", TABLE)
    if tuple(found[0]) != candidate_columns():
        raise FactError(f"{TABLE}: columns are not those of ytterby.facts.candidate_columns")
    return tuple(_candidate(row) for row in found)


def left_out() -> dict[str, str]:
    """Projects and capacities on record that are no candidate, by fact, with the reason."""
    return {row["fact"]: row["reason"] for row in tables.rows("ytterby.facts", LEFT_OUT)}


def candidate(id: str) -> Candidate:
    """Candidate of an id.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    known = {found.id: found for found in candidates()}
    if id not in known:
        raise UnknownNameError("measure", id, known)
    return known[id]


def select_candidates(
    found: Iterable[Candidate], party: str = "", stage: str = "", kind: str = "", as_of: str = ""
) -> tuple[Candidate, ...]:
    """Candidates that a party may use, of a stage, of a kind, that were known on a day.

    Parameters
    ----------
    found : iterable of Candidate
        To choose from.
    party : str
        Region or group that is host, helper or entitled; measures of any party and what nobody holds count for everyone.
    stage, kind : str
        As in the columns.
    as_of : str
        Day, month or year in ISO form, the latter two to their end; a row whose own date is less exact counts from its first day on.
    """
    wanted = {party, *expand_regions(party)} if party else set()
    return tuple(
        row
        for row in found
        if (not wanted or _is_open_to(row, wanted))
        and stage in ("", row.stage)
        and kind in ("", row.kind)
        and (not as_of or row.status == "generic" or row.as_of[: len(as_of)] <= as_of)
    )


def _is_open_to(row: Candidate, wanted: set[str]) -> bool:
    """Whether one of the regions or groups is host, helper or entitled."""
    named = {row.host, *row.parties, *row.entitled}
    if named & {ANY_PARTY, WORLD} and not row.parties:
        return True
    inside = {region for name in named - {ANY_PARTY, WORLD} for region in expand_regions(name)}
    return bool((named | inside) & wanted)


def _candidate(row: Mapping[str, str]) -> Candidate:
    try:
        made = _read(row)
    except ValueError as error:
        raise FactError(f"{TABLE}: {row['id']}: {error}") from None
    faults = candidate_faults(made)
    if faults:
        raise FactError(f"{TABLE}: {row['id']}: {faults[0]}")
    return made


def _read(row: Mapping[str, str]) -> Candidate:
    cells: dict[str, Any] = {name: tuple(float(share) for share in row[name].split()) for name in ("ramp_low", "ramp", "ramp_high")}
    cells |= {name: row[name] for name in ("id", "kind", "host", "stage", "status", "as_of", "note", "ramp_basis", "entitled_basis")}
    cells |= {name: tuple(row[name].split()) for name in ("goods", "collects", "sectors", "parties", "facts")}
    return Candidate(
        **cells,
        recipes=tuple(row["recipe"].split()),
        names={lang: row[f"name_{lang}"] for lang in NAMED_IN},
        basket=_shares(row["basket"]),
        figures={name: _range(row, name) for name in CANDIDATE_FIGURES},
        earliest_start=int(row["earliest_start"]) if row["earliest_start"] else None,
        entitled=_shares(row["entitled"]),
    )


def _range(row: Mapping[str, str], name: str) -> FigureRange:
    low, value, high = (float(row[f"{name}{end}"] or math.nan) for end in ("_low", "", "_high"))
    basis, *facts = row[f"{name}_basis"].split()
    return FigureRange(low, value, high, basis, tuple(facts))


def _shares(text: str) -> dict[str, float]:
    """Numbers by name, from ``JP:0.65 AU:0.35``."""
    pairs = (part.rpartition(":") for part in text.split())
    return {name: float(share) for name, _, share in pairs}


def candidate_faults(row: Candidate) -> list[str]:
    """What is wrong with a candidate, in words; empty where nothing is."""
    codes = {*vocabulary.regions(), *vocabulary.groups()}
    faults = [f"{name} is out of order" for name, figure in row.figures.items() if not _is_ordered(figure)]
    faults += [f"{name} has no known basis: {figure.basis}" for name, figure in row.figures.items() if figure.basis not in BASES]
    faults += [f"unknown region '{code}'" for code in (row.host, *row.parties) if code not in codes | {ANY_PARTY}]
    faults += [f"unknown party '{code}' in entitled" for code in row.entitled if code not in codes | {ANY_PARTY, WORLD}]
    faults += [f"{name} '{value}' is none of {', '.join(known)}" for name, value, known in _closed(row) if value not in known]
    faults += [f"'{name}' of the facts is no id" for name in row.facts if not name.isalnum()]
    if abs(sum(row.entitled.values()) - 1.0) > ENTITLED_TOLERANCE:
        faults.append(f"entitled sums to {sum(row.entitled.values()):g}, not 1")
    if not len(row.ramp_low) == len(row.ramp) == len(row.ramp_high):
        faults.append("ramp and its ends differ in length")
    if row.kind == "project" and bool(row.recipes) == bool(row.basket):
        faults.append("a plant has either a recipe or a basket")
    return faults


def _closed(row: Candidate) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Columns with closed lists: name, value, what is allowed."""
    sectors = tuple(("sectors", sector, tuple(vocabulary.sectors())) for sector in row.sectors)
    return (("kind", row.kind, CANDIDATE_KINDS), ("status", row.status, STATUSES), ("stage", row.stage, vocabulary.STAGES), *sectors)


def _is_ordered(figure: FigureRange) -> bool:
    """Whether low, value and high are in order, or all missing as the basis says."""
    if figure.basis == "none":
        return all(math.isnan(end) for end in (figure.low, figure.value, figure.high))
    return figure.low <= figure.value <= figure.high
