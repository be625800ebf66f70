"""Where a package stands: its distance from the front, what near it is better for all, what would make it a Nash point (N12)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.bargain.room import ROUNDING
from ytterby.bargain.solutions import chosen
from ytterby.bargain.utility_weights import TERMS, UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.bargain.package_terms import PackageTerms
    from ytterby.bargain.room import Room

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MULTIPLES = np.concatenate([np.linspace(0.0, 4.0, 41), np.geomspace(4.5, 100.0, 20)])
"""Weights that are tried."""
ZOOMS, POINTS = 3, 11
"""How often, and among how many weights, the one at which the Nash package changes is narrowed down."""


def distance(room: Room, package: int) -> Floats:
    """N12: what each party could have more without loss to any other (party,); nil on the front."""
    own = room.utilities[package]
    at_least = room.utilities >= own - room.tolerance
    found = []
    for party in range(len(own)):
        others = np.delete(at_least, party, axis=1).all(axis=1)
        found.append(float(room.utilities[others, party].max() - own[party]))
    return np.asarray(np.maximum(np.array(found), 0.0))


def missed(room: Room, package: int) -> float:
    """Share of the largest joint gain of the room that a package misses [1]; NaN without a room."""
    joint = room.gains.sum(axis=1)
    most = float(joint[room.feasible].max(initial=0.0))
    return (most - float(joint[package])) / most if most > 0.0 else float("nan")


def better_near(room: Room, steps: Ints, package: int) -> int | None:
    """Package that is better for all and differs in fewest issues; of these the one that gives the worst-off most."""
    ahead = room.utilities - room.utilities[package]
    better = np.flatnonzero((ahead > room.tolerance).all(axis=1))
    if not len(better):
        return None
    changed = (steps[better] != steps[package]).sum(axis=1)
    nearest = better[changed == changed.min()]
    return int(nearest[np.argmax(ahead[nearest].min(axis=1))])


def extra_for_nash(room: Room, package: int) -> Floats:
    """N12: what each party alone would have to value the package more for it to have the largest Nash product (party,).

    NaN where another party gains nothing by it: then no value of this party alone is enough.
    """
    best = chosen(room, "nash")
    gains = room.gains[package]
    if best is None:
        return np.full(len(gains), np.nan)
    product = float(np.prod(best.utilities - room.no_deal))
    found = []
    for party, own in enumerate(gains):
        others = np.delete(gains, party)
        found.append(max(product / float(np.prod(others)) - own, 0.0) if (others > 0.0).all() else np.nan)
    return np.array(found)


class NashFlip(NamedTuple):
    """A weight of one term of one party and the Nash package that it leads to."""

    party: int
    term: str
    weight: float
    package: int
    """-1 where no package is better than no deal for all."""


class NashWeights:
    """Nash package under other weights of one term of one party.

    Parameters
    ----------
    evaluation : Evaluation
    weights : array (party, term)
        Present weights, in the units of :data:`ytterby.bargain.utility_weights.UNIT`.
    """

    def __init__(self, evaluation: PackageTerms, weights: Floats) -> None:
        self.evaluation, self.weights = evaluation, weights
        utilities, no_deal = evaluation.utilities(weights)
        self.gains = utilities - no_deal
        self.tolerance = ROUNDING * float(np.abs(self.gains).max(initial=0.0))
        self.usual = int(self.best(0, 0, self.weights[:1, 0] / UNIT.get(TERMS[0], 1.0))[0])

    def best(self, party: int, place: int, multiples: Floats) -> Ints:
        """Nash package at some weights of a term (weight,), in its unit; -1 where none is better than no deal for all."""
        term = self.evaluation.packages[:, party, place] - self.evaluation.no_deal[party, place]
        others = np.delete(self.gains, party, axis=1)
        room = np.flatnonzero((others > self.tolerance).all(axis=1))
        if not len(room):
            return np.full(len(multiples), -1)
        moved = multiples * UNIT.get(TERMS[place], 1.0) - self.weights[party, place]
        own = self.gains[room, party, None] + term[room, None] * moved
        product = np.where(own > self.tolerance, own * others[room].prod(axis=1)[:, None], -1.0)
        found = product.argmax(axis=0)
        return np.where(product[found, np.arange(len(multiples))] > 0.0, room[found], -1)

    @cached_property
    def _moving(self) -> list[tuple[int, int]]:
        """Party and place of each term that any package moves."""
        change = np.ptp(self.evaluation.packages, axis=0) + np.abs(self.evaluation.packages[0] - self.evaluation.no_deal)
        return [(int(party), int(place)) for party, place in np.argwhere(change > 0.0)]

    @cached_property
    def _tried(self) -> dict[tuple[int, int], Ints]:
        return {(party, place): self.best(party, place, MULTIPLES) for party, place in self._moving}

    def flips(self) -> Iterator[NashFlip]:
        """For each term of each party the least weight above the present one at which the Nash package becomes another one."""
        for (party, place), found in self._tried.items():
            low = self.weights[party, place] / UNIT.get(TERMS[place], 1.0)
            changed = np.flatnonzero((low < MULTIPLES) & (found != self.usual))
            if len(changed):
                before = max(low, float(MULTIPLES[changed[0] - 1])) if changed[0] else low
                weight = self._between(party, place, before, float(MULTIPLES[changed[0]]))
                yield NashFlip(party, TERMS[place], weight, int(self.best(party, place, np.array([weight]))[0]))

    def _between(self, party: int, place: int, low: float, high: float) -> float:
        """Least weight at which the Nash package is another one, by trying finer and finer ones."""
        for _ in range(ZOOMS):
            tried = np.linspace(low, high, POINTS)
            first = int(np.argmax(self.best(party, place, tried) != self.usual))
            low, high = float(tried[max(first - 1, 0)]), float(tried[first])
        return high

    def of(self, package: int) -> Iterator[tuple[int, str, float]]:
        """Weights of one term of one party, of those tried, at which a package is the Nash point: the least of each term."""
        for (party, place), found in self._tried.items():
            if (found == package).any():
                yield party, TERMS[place], float(MULTIPLES[np.argmax(found == package)])
