"""The room of a bargain: which packages all prefer to no deal, and which of them nobody can better for all (N8, N9).

Utilities are arrays (package, party); a better package has larger ones. Nothing here knows what a package is made of.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import ConvexHull, QhullError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

ROUNDING = 1e-9
"""Differences of utilities below this share of the largest are rounding."""
BLOCK = 256
"""Packages that are compared at once where there are three parties or more."""


@dataclass(frozen=True, eq=False)
class Room:
    """Packages of some parties beside no deal.

    Parameters
    ----------
    utilities : array (package, party)
    no_deal : array (party,)
    """

    utilities: Floats
    no_deal: Floats

    @cached_property
    def gains(self) -> Floats:
        """What each package gives each party beyond no deal (package, party)."""
        return np.asarray(self.utilities - self.no_deal)

    @cached_property
    def tolerance(self) -> float:
        """Gain below which a party is as well off as without a deal."""
        return ROUNDING * float(np.abs(self.gains).max(initial=0.0))

    @cached_property
    def feasible(self) -> Bools:
        """N8: packages that are better than no deal for all (package,)."""
        return np.asarray((self.gains > self.tolerance).all(axis=1))

    @cached_property
    def front(self) -> Ints:
        """N9: packages than which none is as good for all and better for one, by the first party's utility (number,)."""
        return pareto(self.utilities)

    @cached_property
    def efficient(self) -> Bools:
        """Whether a package is on the front (package,)."""
        found = np.zeros(len(self.utilities), dtype=bool)
        found[self.front] = True
        return found

    @cached_property
    def inside(self) -> Ints:
        """Packages of the front that are better than no deal for all (number,)."""
        return np.asarray(self.front[self.feasible[self.front]])

    @cached_property
    def corners(self) -> Ints:
        """Packages of which lotteries reach what lies beyond single packages: corners of the upper hull (number,)."""
        return upper_hull(self.utilities, self.front)

    @cached_property
    def ideal(self) -> Floats:
        """Most that each party can gain while the others are no worse off than without a deal (party,); nil without a room."""
        most = self.gains[self.feasible]
        return np.asarray(most.max(axis=0)) if len(most) else np.zeros(self.gains.shape[1])


def pareto(utilities: Floats) -> Ints:
    """Packages that no other dominates, by the first party's utility; of equal ones the first stands for all.

    Parameters
    ----------
    utilities : array (package, party)
    """
    values, first = np.unique(utilities, axis=0, return_index=True)
    order = np.argsort(-values[:, 0], kind="stable")
    ranked = values[order]
    kept = _pareto_of_two(ranked) if ranked.shape[1] == 2 else _pareto_of_many(ranked)  # noqa: PLR2004 (a pair of parties)
    return np.asarray(first[order[kept]][::-1])


def _pareto_of_two(ranked: Floats) -> Ints:
    """Rows that rise to a new height of the second party; within equal first utilities the highest comes first."""
    order = np.lexsort((-ranked[:, 1], -ranked[:, 0]))
    height = ranked[order, 1]
    before = np.concatenate([[-np.inf], np.maximum.accumulate(height)[:-1]])
    return np.asarray(order[height > before])


def _pareto_of_many(ranked: Floats) -> Ints:
    """Rows that none dominates, block by block; a row is dominated by one that comes before it or not at all."""
    total = np.argsort(-ranked.sum(axis=1), kind="stable")
    kept = np.empty(0, dtype=np.int64)
    for at in range(0, len(total), BLOCK):
        block = total[at : at + BLOCK]
        rivals = np.concatenate([kept, block])
        better = (ranked[rivals, None, :] >= ranked[None, block, :]).all(axis=2) & (ranked[rivals, None, :] > ranked[None, block, :]).any(
            axis=2
        )
        kept = np.concatenate([kept, block[~better.any(axis=0)]])
    return np.sort(kept)


def upper_hull(utilities: Floats, front: Ints) -> Ints:
    """Corners of the convex hull of packages that are best for some weights above nil (number,)."""
    points = utilities[front]
    if len(front) <= points.shape[1]:
        return front
    if points.shape[1] == 2:  # noqa: PLR2004 (a pair of parties)
        return np.asarray(front[_chain(points)])
    try:
        low = np.minimum(points.min(axis=0), utilities.min(axis=0))
        shadows = np.concatenate([points, np.broadcast_to(low, points.shape).copy()])
        corners = ConvexHull(shadows, qhull_options="QJ Pp").vertices
    except QhullError:
        return front
    return np.asarray(front[np.sort(corners[corners < len(points)])])


def _chain(points: Floats) -> list[int]:
    """Corners of the upper hull of points whose first coordinate rises and second falls (Andrew's chain)."""
    kept: list[int] = []
    for number, point in enumerate(points):
        while len(kept) > 1 and _turns_up(points[kept[-2]], points[kept[-1]], point):
            kept.pop()
        kept.append(number)
    return kept


def _turns_up(a: Floats, b: Floats, c: Floats) -> bool:
    """Whether the middle of three points lies on or below the line through the others."""
    return bool((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) >= 0.0)
