"""Inputs at the ends of their ranges, and the coalitions there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ytterby.cooperation.coalitions import Coalitions
from ytterby.plan import DEPTH, PRIVATE, SOCIAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.cooperation.coalitions import Terms
    from ytterby.plan import PlanData

ENDS = ("low", "high")
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
    """Depth of restrictions, discount rates, costs of measures and weight of the CVaR, each at both ends."""
    for name, end, at, data, terms in _ends(coalitions.data, coalitions.terms):
        yield CoalitionsAtEnd(name, end, at, Coalitions(data, coalitions.parties, terms))


def _ends(data: PlanData, terms: Terms) -> Iterator[tuple[str, str, float, PlanData, Terms]]:
    """Name, end, input, and what all coalitions share there."""
    assert data.shocks is not None
    for end, at in zip(ENDS, DEPTH, strict=True):
        yield "depth of restrictions", end, at, replace(data, shocks=data.shocks.deeper(at)), terms
    for end, at in zip(ENDS, SOCIAL, strict=True):
        yield "social rate", end, at, replace(data, rates=replace(data.rates, social=at)), terms
    for end, at in zip(ENDS, PRIVATE, strict=True):
        yield "private rate", end, at, replace(data, rates=replace(data.rates, private=at)), terms
    for number, end in enumerate(ENDS):
        yield "costs of measures", end, float(number), replace(data, end=end), terms
    for end, at in zip(ENDS, CVAR_WEIGHTS, strict=True):
        yield "weight of the worst tenth", end, at, data, replace(terms, weight=at)
