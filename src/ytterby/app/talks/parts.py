"""Parts of the rows of ``negotiate`` that several of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.bargain import TERMS, Band

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.app.talks.negotiation import Negotiation
    from ytterby.bargain import PackageTerms

    Floats = NDArray[np.float64]

BAND = (0.05, 0.95)


def by_party(work: Negotiation, values: Sequence[float] | Floats) -> dict[str, float]:
    """Numbers by party."""
    return {party: float(value) for party, value in zip(work.talks.parties, values, strict=True)}


def written(work: Negotiation, package: int) -> dict[str, Any]:
    """Step of each issue of a package."""
    return work.bargain.packages.terms(work.bargain.packages.steps[package])


def by_term(work: Negotiation, values: Floats) -> dict[str, dict[str, float]]:
    """Numbers (party, term) by party and term."""
    return {party: dict(zip(TERMS, map(float, row), strict=True)) for party, row in zip(work.talks.parties, values, strict=True)}


def changes_of(work: Negotiation, package: int, other: int) -> dict[str, Any]:
    """Steps of another package where they differ."""
    was = written(work, package)
    return {name: value for name, value in written(work, other).items() if value != was[name]}


def band_of(value: float, drawn: Sequence[float]) -> Band | None:
    """A figure with its band over the draws; None without draws.

    The band reaches at least to the figure itself: ends of a few draws, or of skewed ones, may both lie beyond it.
    """
    if not drawn:
        return None
    low, high = (float(each) for each in np.quantile(drawn, BAND))
    return Band(value=value, low=min(low, value), high=max(high, value))


def bands(work: Negotiation, values: Floats, drawn: Sequence[Floats]) -> dict[str, Band]:
    """Numbers by party with their bands over the draws (party,); empty without draws."""
    found = {party: band_of(float(values[i]), [float(each[i]) for each in drawn]) for i, party in enumerate(work.talks.parties)}
    return {party: band for party, band in found.items() if band is not None}


def most_of_minerals(evaluation: PackageTerms) -> Floats:
    """Most that a programme on minerals gives each party over each its own plan (party,) [USD/year]."""
    place = TERMS.index("minerals")
    return np.asarray((evaluation.term(place) - evaluation.no_deal[:, place]).max(axis=0))


def annuity(assumed: dict[str, float]) -> float:
    """Present value of a dollar a year over the time that is looked at."""
    rate = float(np.log1p(assumed["discount"]))
    return float(-np.expm1(-rate * assumed["lasting"]) / rate) if rate > 0.0 else assumed["lasting"]


def named(work: Negotiation) -> dict[str, int]:
    """Nash package and outcome, as far as there are any."""
    return {name: package for name, package in (("nash", work.nash), ("actual", work.actual)) if package is not None}
