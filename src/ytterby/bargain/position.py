"""Where a package stands: its distance from the front, what near it is better for all, what would make it a Nash point (N12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.bargain.solutions import chosen
from ytterby.bargain.terms import TERMS, UNIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.bargain.room import Room
    from ytterby.bargain.terms import Evaluation

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MULTIPLES = np.concatenate([np.linspace(0.0, 4.0, 41), np.geomspace(4.5, 100.0, 20)])
"""Weights that are tried."""
HALVINGS = 20


def distance(room: Room, package: int) -> Floats:
    """N12: what each party could have more without loss to any other (party,); nil on the front."""
    own = room.utilities[package]
    at_least = room.utilities >= own - room.tolerance
    found = []
    for party in range(len(own)):
        others = np.delete(at_least, party, axis=1).all(axis=1)
        found.append(float(room.utilities[others, party].max() - own[party]))
    return np.maximum(np.array(found), 0.0)


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


class Flip(NamedTuple):
    """A weight of one term of one party and the Nash package that it leads to."""

    party: int
    term: str
    weight: float
    package: int
    feasible: bool
    """Whether any package is better than no deal for all at that weight."""


def flips(evaluation: Evaluation, weights: Floats) -> Iterator[Flip]:
    """For each term of each party the least weight above the present one at which the Nash package becomes another one."""
    nash = _Nash(evaluation, weights)
    for party in range(weights.shape[0]):
        for place, term in enumerate(TERMS):
            if not evaluation.packages[:, party, place].any():
                continue
            found = nash.next_change(party, place)
            if found is not None:
                package = nash.at(party, place, found)
                yield Flip(party, term, found, -1 if package is None else package, package is not None)


def nash_weights(evaluation: Evaluation, weights: Floats, package: int) -> Iterator[tuple[int, str, float]]:
    """Weights of one term of one party, of those tried, at which a package is the Nash point: the least of each term."""
    nash = _Nash(evaluation, weights)
    for party in range(weights.shape[0]):
        for place, term in enumerate(TERMS):
            if evaluation.packages[:, party, place].any():
                for weight in MULTIPLES:
                    if nash.at(party, place, float(weight)) == package:
                        yield party, term, float(weight)
                        break


class _Nash:
    """Nash package under other weights of one term of one party."""

    def __init__(self, evaluation: Evaluation, weights: Floats) -> None:
        self.evaluation, self.weights = evaluation, weights
        utilities, no_deal = evaluation.utilities(weights)
        self.gains = utilities - no_deal
        self.usual = self._best(self.gains)

    def at(self, party: int, place: int, weight: float) -> int | None:
        """Package at a weight, in its unit."""
        term = self.evaluation.packages[:, party, place] - self.evaluation.no_deal[party, place]
        gains = self.gains.copy()
        gains[:, party] += (weight * UNIT.get(TERMS[place], 1.0) - self.weights[party, place]) * term
        return self._best(gains)

    @staticmethod
    def _best(gains: Floats) -> int | None:
        least = 1e-9 * float(np.abs(gains).max(initial=0.0))
        product = np.where((gains > least).all(axis=1), np.prod(np.maximum(gains, 0.0), axis=1), -1.0)
        best = int(np.argmax(product))
        return best if product[best] > 0.0 else None

    def next_change(self, party: int, place: int) -> float | None:
        """Least weight above the present one at which another package is chosen; None up to the largest that is tried."""
        low = self.weights[party, place] / UNIT.get(TERMS[place], 1.0)
        for weight in MULTIPLES[low < MULTIPLES]:
            if self.at(party, place, float(weight)) != self.usual:
                return self._between(party, place, low, float(weight))
            low = float(weight)
        return None

    def _between(self, party: int, place: int, low: float, high: float) -> float:
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (low, middle) if self.at(party, place, middle) != self.usual else (middle, high)
        return high
