"""How likely is a new export restriction: by supplier and family, from the dated record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load, names
from ytterby.result_model import ResultModel
from ytterby.validation.hazard import (
    LEVELS,
    HeldOutForecast,
    PredictedNumber,
    PredictiveCheck,
    RestrictionProbability,
    cached_posterior,
    checks,
    families,
    held_out,
    kinds,
    predicted,
    probability,
)

if TYPE_CHECKING:
    import datetime as dt

    from ytterby.facts import Facts
    from ytterby.validation.hazard import HazardPosterior

LONGEST = 50
"""Longest horizon [years]."""


class HazardRow(RestrictionProbability):
    """Probability and number of new restrictions of a supplier on a family."""

    number: PredictedNumber
    """Number of new restrictions within the horizon."""


class LearnedParameter(ResultModel):
    """A parameter of the model as the record teaches it."""

    key: str
    what: str
    """Meaning, with its unit in brackets."""
    median: float
    low: float
    """Lower end of the 80 % band."""
    high: float
    """Upper end of the 80 % band."""


class RecordedRestriction(ResultModel):
    """A restriction on record."""

    fact: str
    """Id of the figure."""
    day: str
    """Day it began, YYYY-MM-DD."""
    supplier: str
    """Country that restricts (ISO alpha-2)."""
    families: tuple[str, ...]
    """Families of material."""
    target: str
    """Party that is hit."""
    kind: str
    """Such as ban, licence or duty."""
    basis: str
    """Reported, derived or assumed."""


class HazardResult(ResultModel):
    """How likely new export restrictions are, how well the model describes the record, and the record."""

    until: str
    """Last day of the record."""
    years: int
    """Horizon [year]."""
    seed: int
    rows: tuple[HazardRow, ...]
    """Most probable first."""
    learned: tuple[LearnedParameter, ...]
    checks: tuple[PredictiveCheck, ...]
    held_out: HeldOutForecast | None
    """Only for the whole record."""
    record: tuple[RecordedRestriction, ...]


def hazard(  # noqa: PLR0913
    country: str = "any",
    family: str = "any",
    kind: str = "any",
    target: str = "any",
    years: int = 1,
    until: dt.date | None = None,
    seed: int = 1,
    project: Path = Path(".ytterby"),
) -> HazardResult:
    """Probabilities of at least one new restriction within some years, with bands, checks and the record behind them.

    Parameters
    ----------
    country, family, kind, target : str
        Supplier, family of material, kind, party that must be hit, by code or name; ``any`` gives every supplier and family
        that stands in the record.
    years : int
        Horizon [years].
    until : date, optional
        What the record knows; everything by default.
    seed : int
        Seed of the posterior's draws.
    project : Path
        Project folder whose imported figures win.

    Raises
    ------
    UnknownNameError
        If a country, family or kind is not known.
    InputError
        If the horizon is no year from 1 to 50.
    """
    if not 1 <= years <= LONGEST:
        raise InputError(f"years: {years} is not from 1 to {LONGEST}")
    facts = load(project)
    country, target = (code if code in names.EVERYWHERE else names.country(code).code for code in (country, target))
    family = family if family == "any" else names.family(family, known=families()).code
    if kind not in ("any", *kinds()):
        raise UnknownNameError("kind", kind, ("any", *kinds()))
    drawn = cached_posterior(facts, until, seed)
    pairs = _pairs(drawn, country, family)
    rows = [
        HazardRow(
            **probability(facts, at, what, kind, target, years, until, seed).to_dict(),
            number=predicted(drawn, at, what, years, kind, target, seed),
        )
        for at, what in pairs
    ]
    return HazardResult(
        until=str(until or facts.as_of),
        years=years,
        seed=seed,
        rows=tuple(sorted(rows, key=lambda row: -row.probability)),
        learned=_learned(drawn),
        checks=tuple(checks(facts, until, seed)),
        held_out=held_out(facts, until=until, seed=seed) if until is None else None,
        record=_record(facts, drawn),
    )


def _pairs(drawn: HazardPosterior, country: str, family: str) -> list[tuple[str, str]]:
    """Pairs asked for: with ``any`` those with a record; of one country its whole and its families."""
    if country != "any" and family != "any":
        return [(country, family)]
    seen = sorted({(item.supplier, name) for item in drawn.record.seen for name in item.families})
    if country != "any":
        own = {cell for cell in (*drawn.record.cells, *seen) if cell[0] == country}
        return [(country, "any"), *sorted(own)]
    if family != "any":
        return sorted({cell for cell in (*drawn.record.cells, *seen) if cell[1] == family})
    return [(at, "any") for at in sorted({at for at, _ in seen})]


def _learned(drawn: HazardPosterior) -> tuple[LearnedParameter, ...]:
    names = {
        "median": "level of the middle supplier [1/year and family]",
        "spread": "spread of levels between suppliers (logarithm)",
        "shape": "shape of rates within a supplier",
        "k": "shape of waves (small: strong waves)",
    }
    rows = []
    for name, what in names.items():
        low, middle, high = np.quantile(getattr(drawn, name), (LEVELS[0], 0.5, LEVELS[1]))
        rows.append(LearnedParameter(key=name, what=what, median=float(middle), low=float(low), high=float(high)))
    return tuple(rows)


def _record(facts: Facts, drawn: HazardPosterior) -> tuple[RecordedRestriction, ...]:
    return tuple(
        RecordedRestriction(
            fact=item.fact,
            day=str(item.day),
            supplier=item.supplier,
            families=tuple(sorted(item.families)),
            target=item.target,
            kind=item.kind,
            basis=str(facts.row(item.fact)["kind"]),
        )
        for item in drawn.record.seen
    )
