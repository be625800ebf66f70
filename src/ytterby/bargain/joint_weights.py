"""Weights of all terms together at which a package is the Nash point (N12).

Nash's point does not depend on the scale of a utility, so each party's is scaled to a gain of 1 at the package x. On the convex hull x is
the Nash point if and only if no package y has a larger sum of scaled gains than there are parties (N11): that is linear in the weights, so
all weights at which x is the Nash point are a polyhedron. By the mean of products it is then the Nash point on single packages as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import linprog

from ytterby.bargain.utility_weights import TERMS, UNIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.bargain.package_terms import PackageTerms

    Floats = NDArray[np.float64]

MOST = 100.0
"""Largest factor that is tried."""
CLOSE = 1.001
"""How closely the least factor is found, as a ratio."""
ROUNDS = 200
"""Most packages that are taken in, one by one, for one factor."""
SHARP = 1e-7
"""How far a package may lie beyond the plane."""


class JointWeights(NamedTuple):
    """Weights that make a package the Nash point."""

    factor: float
    """Least factor by which all weights may differ from the present ones, up or down, for it; wishes may weigh their unit times the
    factor less one."""
    weights: Floats
    """(party, term) in the units of :data:`ytterby.bargain.utility_weights.UNIT`, of the present scale.

    Of all with that factor those that move the terms least in sum.
    """


@dataclass(frozen=True, eq=False)
class WeightsForNash:
    """Searches weights at which a package is the Nash point.

    Parameters
    ----------
    evaluation : Evaluation
    weights : array (party, term)
        Present weights.
    package : int
    doubt : array (party, term), optional
        Differences of a term between two packages that are no more than the error of its computation; none by default.
    """

    evaluation: PackageTerms
    weights: Floats
    package: int
    doubt: Floats | None = None

    @cached_property
    def _units(self) -> Floats:
        return np.array([UNIT.get(term, 1.0) for term in TERMS])

    @cached_property
    def _change(self) -> Floats:
        """What packages change against no deal, in units, over the largest change (package, party, term)."""
        change = (self.evaluation.packages - self.evaluation.no_deal) * self._units
        if self.doubt is not None:  # what another package seems to have more by no more than the error is nothing
            others = np.arange(len(change)) != self.package
            change[others] -= self.doubt * self._units
        return np.asarray(change / max(float(np.abs(change).max()), 1e-300))

    @cached_property
    def _moving(self) -> tuple[NDArray[np.intp], ...]:
        """Party and place of each term that some package moves."""
        return np.nonzero(np.abs(self._change).max(axis=0) > 0.0)

    @property
    def _parties(self) -> int:
        return len(self.weights)

    @cached_property
    def _present(self) -> Floats:
        """Present weight of each moving term, in units."""
        return np.asarray((self.weights / self._units)[self._moving])

    @cached_property
    def _rows(self) -> Floats:
        """Change of each moving term by package (package, moving)."""
        return np.asarray(self._change[:, self._moving[0], self._moving[1]])

    @cached_property
    def _own(self) -> Floats:
        """Whose each moving term is (party, moving)."""
        return np.asarray(np.arange(self._parties)[:, None] == self._moving[0][None], dtype=float)

    def found(self) -> JointWeights | None:
        """Least factor, with weights; None where no factor up to :data:`MOST` is enough."""
        cuts: list[int] = []
        if self._weights_within(1.0, cuts) is not None:
            return JointWeights(1.0, self.weights / self._units)
        if self._weights_within(MOST, cuts) is None:  # what no wide range holds no narrower one does
            return None
        low, high = 1.0, MOST
        while high / low > CLOSE:
            middle = float(np.sqrt(low * high))
            low, high = (middle, high) if self._weights_within(middle, cuts) is None else (low, middle)
        factor = high * CLOSE
        weights = self._weights_within(min(factor, MOST), cuts, sparing=True)
        return None if weights is None else JointWeights(factor, weights)

    def _weights_within(self, factor: float, cuts: list[int], *, sparing: bool = False) -> Floats | None:
        """Weights within a factor; packages that lie beyond the plane are taken into ``cuts`` one by one; None where there are none."""
        solved = self._solved(factor, cuts, sparing)
        for _ in range(ROUNDS):
            if solved is None:
                break
            beyond = self._rows @ solved[: len(self._present)]
            worst = int(np.argmax(beyond))
            if beyond[worst] <= self._parties * (1.0 + SHARP) or worst in cuts:
                break
            cuts.append(worst)
            solved = self._solved(factor, cuts, sparing)
        return None if solved is None else self._full(solved)

    def _solved(self, factor: float, cuts: list[int], sparing: bool) -> Floats | None:
        """Linear programme in the weights of moving terms, the scale of each party and, if sparing, how far each weight is moved."""
        n, scale = len(self._present), self._own.T
        nil = np.zeros((n, n))
        up = np.where(self._present > 0.0, self._present * factor, factor - 1.0)
        low = self._present / factor
        rows = [
            np.hstack([np.eye(n), -up[:, None] * scale, nil]),
            np.hstack([-np.eye(n), low[:, None] * scale, nil]),
            np.hstack([np.eye(n), -self._present[:, None] * scale, -np.eye(n)]),
            np.hstack([-np.eye(n), self._present[:, None] * scale, -np.eye(n)]),
        ]
        taken = np.hstack([self._rows[cuts], np.zeros((len(cuts), self._parties + n))])
        bounds = np.concatenate([np.zeros(4 * n), np.full(len(cuts), float(self._parties))])
        at = np.hstack([self._own * self._rows[self.package], np.zeros((self._parties, self._parties + n))])
        cost = np.concatenate([np.zeros(n + self._parties), np.abs(self._rows).max(axis=0) if sparing else np.zeros(n)])
        found = linprog(
            cost, A_ub=np.vstack([*rows, taken]), b_ub=bounds, A_eq=at, b_eq=np.ones(self._parties), bounds=(0.0, None), method="highs"
        )
        return np.asarray(found.x) if found.status == 0 else None

    def _full(self, solved: Floats) -> Floats:
        """Weights (party, term) on the present scale; of terms that nothing moves the present ones."""
        n = len(self._present)
        scales = solved[n : n + self._parties]
        found = self.weights / self._units
        found[self._moving] = solved[:n] / scales[self._moving[0]]
        return np.asarray(found)
