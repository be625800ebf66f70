"""Rows of ``negotiate`` on programmes on minerals, marginal rates and single steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.talks.parts import annuity, band_of, by_party, most_of_minerals, named
from ytterby.bargain import (
    EACH_ALONE,
    MONEY_OF_DUTIES,
    TERMS,
    TONNE,
    Band,
    ChargeRow,
    ConcessionRow,
    MineralsForDuties,
    MineralsIssue,
    ProgrammeRow,
    RateRow,
    rates,
    slopes,
    with_tonne,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.app.talks.negotiation import Negotiation
    from ytterby.bargain import PackageTerms

    Floats = NDArray[np.float64]

SMALL = 1e3
"""Change of a utility that is rounding [USD/year]."""
SURE = 0.95
"""Share of the draws in which a party must lose by lower duties for minerals to have something to make good."""


def programmes(work: Negotiation) -> Iterator[ProgrammeRow]:
    """Every programme against each alone, the best first."""
    table = work.minerals
    if table is None:
        return
    order = [table.parties.index(party) for party in work.talks.parties]
    gain = (table.gain[0] - table.gain[0, table.portfolios.index(EACH_ALONE)])[:, order]
    for number in np.argsort(-gain.sum(axis=1), kind="stable"):
        yield ProgrammeRow(
            programme=table.portfolios[number],
            gains=by_party(work, gain[number] * work.assumed["minerals_scale"] / annuity(work.assumed)),
            present_value=by_party(work, gain[number]),
            public_usd=by_party(work, table.public[number, order]),
        )


def minerals_for_duties(work: Negotiation) -> MineralsForDuties | None:
    """What lower duties take from each, and the most that a programme on minerals gives it."""
    package = work.nash if work.actual is None else work.actual
    column = work.bargain.packages.column(MineralsIssue)
    if package is None or column is None or work.minerals is None:
        return None
    asked, given = _asked_and_given(work.evaluation, package)
    drawn = [_asked_and_given(each, package) for each in work.drawn_evaluations]
    covers = {}
    for number, party in enumerate(work.talks.parties):
        losing = [float(own_given[number] / -own_asked[number]) for own_asked, own_given in drawn if own_asked[number] < -SMALL]
        if asked[number] < -SMALL and len(losing) >= SURE * len(drawn):
            value = float(given[number] / -asked[number])
            band = band_of(value, losing)
            covers[party] = band or Band(value=value, low=value, high=value)
    return MineralsForDuties(asked=by_party(work, asked), given=by_party(work, given), covers=covers)


def _asked_and_given(evaluation: PackageTerms, package: int) -> tuple[Floats, Floats]:
    places = [TERMS.index(name) for name in MONEY_OF_DUTIES]
    asked = (evaluation.package(package) - evaluation.no_deal)[:, places].sum(axis=1)
    return asked, most_of_minerals(evaluation)


def _slopes(work: Negotiation, package: int) -> list[Any]:
    table = work.minerals
    worth = None
    if table is not None:
        order = [table.parties.index(party) for party in work.talks.parties]
        worth = table.tonne[order] * work.assumed["minerals_scale"] / annuity(work.assumed)
    return with_tonne(slopes(work.bargain, work.room.utilities, package), worth)


def rate_rows(work: Negotiation) -> Iterator[RateRow]:
    """What a unit of each issue is worth at named packages, in money and in units of the others."""
    for name, package in named(work).items():
        found = _slopes(work, package)
        units = {slope.issue: slope.unit for slope in found}
        for issue, per, party, value in rates(found):
            code = work.talks.parties[party]
            most = work.dysprosium_used[code] if per == TONNE else None
            yield RateRow(at=name, issue=issue, unit=units[issue], per=per, party=code, value=value, most=most)


def charge_rows(work: Negotiation) -> Iterator[ChargeRow]:
    """Worth of standards at each charge that was run, the lowest first."""
    for name, curves in work.bargain.standards.items():
        curve = curves.get("charge")
        for charge, worth in zip(curve.charges, curve.worths, strict=True) if curve is not None else ():
            yield ChargeRow(issue=name, charge_usd_per_t=charge, worth=by_party(work, worth.total))


def concession_rows(work: Negotiation) -> Iterator[ConcessionRow]:
    """Single steps from named packages, the best exchange first."""
    steps, utilities = work.bargain.packages.steps, work.room.utilities
    for name, package in named(work).items():
        found = []
        for other in np.flatnonzero((steps != steps[package]).sum(axis=1) == 1):
            column = int(np.flatnonzero(steps[other] != steps[package])[0])
            gains = utilities[other] - utilities[package]
            lost, won = float(-gains[gains < 0.0].sum()), float(gains[gains > 0.0].sum())
            if max(lost, won) > SMALL:
                issue = work.talks.issues[column]
                row = ConcessionRow(
                    at=name, issue=issue.id, to=issue.label(int(steps[other, column])), gains=by_party(work, gains),
                    ratio=won / lost if lost > SMALL else None,
                )  # fmt: skip
                found.append(row)
        yield from sorted(found, key=lambda row: -(row.ratio if row.ratio is not None else np.inf))
