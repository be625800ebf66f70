"""Deals among some of the parties only: what they could reach without the others, and whether that keeps them from the whole (N13)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.bargain.issues import CostSharesIssue, MineralsIssue
from ytterby.bargain.room import Room
from ytterby.bargain.solutions import chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.bargain.solutions import BargainPoint
    from ytterby.bargain.terms import Bargain

    Floats = NDArray[np.float64]


class SubDeal(NamedTuple):
    """Best deal of some parties by the rule of Nash."""

    members: tuple[int, ...]
    point: BargainPoint | None
    """Of the members, in their order; None where no deal among them is better than none for all of them."""
    programme: bool
    """Whether their own programme on minerals is part of it."""


def sub_deals(bargain: Bargain, room: Room, programmes: dict[tuple[str, ...], Floats]) -> Iterator[SubDeal]:
    """N13: for every group of two or more, but not all: packages in which nothing is agreed that names an outsider.

    Parameters
    ----------
    bargain : Bargain
    room : Room
        Of all parties.
    programmes : dict of tuple of str to array (member,)
        By group, what its joint programme gives its members beyond each its own plan [USD/year].
    """
    parties = bargain.talks.parties
    for size in range(2, len(parties)):
        for members in combinations(range(len(parties)), size):
            inside = list(members)
            own = _among(bargain, {parties[i] for i in members})
            utilities = room.utilities[own][:, inside]
            gain = programmes.get(tuple(parties[i] for i in members))
            both = utilities if gain is None else np.vstack([utilities, utilities + gain])
            point = chosen(Room(both, room.no_deal[inside]), "nash")
            yield SubDeal(members, point, point is not None and point.packages[0] >= len(utilities))


def _among(bargain: Bargain, members: set[str]) -> NDArray[np.int64]:
    """Packages in which issues that name an outsider, and the programme of all, are at their first step."""
    steps = bargain.packages.steps
    closed = [
        column
        for column, issue in enumerate(bargain.talks.issues)
        if isinstance(issue, MineralsIssue | CostSharesIssue) or not set(issue.parties) <= members
    ]
    return np.flatnonzero((steps[:, closed] == 0).all(axis=1))


def stable(deal: SubDeal, room: Room, package: int) -> bool:
    """Whether some member has at least as much in a package of all as in the deal of the group."""
    if deal.point is None:
        return True
    return bool((room.utilities[package, list(deal.members)] >= deal.point.utilities - room.tolerance).any())
