"""Inputs at the ends of their ranges, and the coalitions there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from ytterby.cooperation.coalitions import Coalitions
from ytterby.cooperation.imitation import left_by_others
from ytterby.cooperation.know_how import KnowHow
from ytterby.facts import WORLD, vocabulary
from ytterby.plan import DEPTH, NOTICED, PRIVATE, SOCIAL, Party, restriction_rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.cooperation.terms import Terms
    from ytterby.facts import Candidate
    from ytterby.plan import PlanData, ShockPaths

ENDS: tuple[Literal["low"], Literal["high"]] = ("low", "high")
CVAR_WEIGHTS = (0.0, 1.0)
"""Weights of the worst tenth of paths in the objective."""


class CoalitionsAtEnd(NamedTuple):
    """Coalitions with an input at an end of its range."""

    name: str
    end: str
    """``low`` or ``high``."""
    at: float
    """Input there, in its unit."""
    coalitions: Coalitions


def input_ends(coalitions: Coalitions) -> Iterator[CoalitionsAtEnd]:
    """Rate and depth of restrictions, discount rates, costs, what nobody holds, weight of the CVaR, know-how: each at both ends."""
    for name, end, at, data, terms in _ends(coalitions):
        there = Coalitions(data, coalitions.parties, terms, world=coalitions.world, executor=coalitions.executor)
        yield CoalitionsAtEnd(name, end, at, there)


def _ends(coalitions: Coalitions) -> Iterator[tuple[str, str, float, PlanData, Terms]]:
    """Name, end, input, and what all coalitions share there."""
    data, terms = coalitions.data, coalitions.terms
    assert data.shocks is not None
    central, *band = restriction_rate(data, data.shocks)
    for end, at in zip(ENDS, band, strict=True):
        yield "rate of restrictions", end, at, data.changed(shocks=more_often(data.shocks, at / central)), terms
    for end, at in zip(ENDS, DEPTH, strict=True):
        yield "depth of restrictions", end, at, data.changed(shocks=data.shocks.deeper(at)), terms
    for end, at in zip(ENDS, SOCIAL, strict=True):
        yield "social rate", end, at, data.changed(rates=replace(data.rates, social=at)), terms
    for end, at in zip(ENDS, PRIVATE, strict=True):
        yield "private rate", end, at, data.changed(rates=replace(data.rates, private=at)), terms
    for number, end in enumerate(ENDS):
        yield "costs of measures", end, float(number), data.changed(end=end), terms
    for number, kept in enumerate((_nobodys(data), _members(coalitions))):
        yield "what nobody holds", ENDS[number], float(number), data.changed(candidates=kept), terms
    for end, at in zip(ENDS, CVAR_WEIGHTS, strict=True):
        yield "weight of the worst tenth", end, at, data, replace(terms, weight=at)
    if coalitions.know_how.help is not None:
        for end in ENDS:
            yield "access to technology", end, KnowHow(data, end).reach, data, replace(terms, know_how=end)


def more_often(shocks: ShockPaths, factor: float) -> ShockPaths:
    """The same paths, weighed as if restrictions began more or less often by a factor.

    A path in which k restrictions begin is ``factor ** k`` times as likely as before, up to a constant: paths drawn anew would mix what
    the rate does with what other paths do.
    """
    restricted = shocks.cut.max(axis=(2, 3)) > NOTICED
    begins = restricted & ~np.concatenate([np.zeros((len(restricted), 1), dtype=bool), restricted[:, :-1]], axis=1)
    weights = shocks.weights * factor ** begins.sum(axis=1)
    return replace(shocks, weights=weights / weights.sum())


def _nobodys(data: PlanData) -> tuple[Candidate, ...]:
    """Candidates of which nobody gets what nobody holds."""
    held = [{holder: share for holder, share in each.entitled.items() if holder != WORLD} for each in data.candidates]
    return tuple(replace(each, entitled=own) for each, own in zip(data.candidates, held, strict=True) if own)


def _members(coalitions: Coalitions) -> tuple[Candidate, ...]:
    """Candidates of which the parties get all that nobody holds."""
    data = coalitions.data
    inside = {region for party in coalitions.parties for region in party.regions}
    others = [Party(region, (region,)) for region in vocabulary.regions() if region not in inside]
    return tuple(left_by_others(data.candidates, data.maker, coalitions.parties, others))
