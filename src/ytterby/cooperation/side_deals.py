"""What the dominant supplier could offer one member to leave: restrictions that spare it, or money (K12)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.cooperation.partners import PartnerProgramme
from ytterby.plan import Delivered
from ytterby.solver import solve_two_stage, value_at_risk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.cooperation.coalitions import Coalitions
    from ytterby.solver import Cuts, TwoStageSolution

    Floats = NDArray[np.float64]

WIDTH = 1.0 / 128.0
"""To which the least share of spared paths is told."""

SMALL = 1e-9
"""Slopes below this are none [million USD]."""


class SideDeal(NamedTuple):
    """The least that lets a member do as well alone as with its share."""

    exempt_share: float | None
    """Least share of paths in which restrictions spare it; None where even sparing it always is not enough."""
    payment: float
    """Least payment without any exemption, or, where sparing it is not enough, beside sparing it always [million USD]."""


class Spared:
    """Plans of a party alone when restrictions spare it with a probability.

    Every path stands twice, with and without the party among those hit; what others hand on changes with it.

    Parameters
    ----------
    coalitions : Coalitions
    number : int
        Place of the party.
    gap : float
        Largest difference of the bounds [million USD].
    """

    def __init__(self, coalitions: Coalitions, number: int, gap: float) -> None:
        self.gap, data = gap, coalitions.data
        assert data.shocks is not None
        party = coalitions.parties[number]
        self.probability = data.probability
        spared = data.left_by(data.shocks, party.regions)
        self.delivered = _joined(data.delivered, short_as_before(spared, data.delivered))
        problem = coalitions.problem(1 << number)
        self.problem = problem.facing(self.delivered, self._weights(0.5))
        programme = self.problem.programme
        assert isinstance(programme, PartnerProgramme)
        self.fixed = programme.fixed(self.delivered)
        self.recourse, self.start = self.problem.recourse, self.problem.start
        self.cuts: Cuts | None = None
        self.gains: dict[float, float] = {0.0: 0.0}
        self.slopes: dict[float, float] = {}
        self.without = self.objective(0.0)

    def _weights(self, share: float) -> Floats:
        return np.concatenate([(1.0 - share) * self.probability, share * self.probability])

    def objective(self, share: float) -> float:
        """Objective of the best plan alone when a share of the paths spares the party [million USD]."""
        weights = self._weights(share)
        found = solve_two_stage(
            self.problem.first_stage, replace(self.recourse, probability=weights), weight=self.problem.weight, alpha=self.problem.alpha,
            gap=0.0, absolute_gap=self.gap, cuts=self.cuts, start=self.start,
        )  # fmt: skip
        self.cuts, self.start = found.cuts, found.x
        self.slopes[share] = self._slope(found)
        return found.upper_bound + float((weights @ self.fixed).sum())

    def _slope(self, found: TwoStageSolution) -> float:
        """How fast the cost of a plan falls as more paths spare the party, with the same loss beyond which paths count into the CVaR."""
        beyond = np.maximum(found.loss - value_at_risk(found.loss, found.probability, found.alpha), 0.0)
        cost = found.resource + found.loss + found.weight / (1.0 - found.alpha) * beyond + self.fixed.sum(axis=1)
        hit, spared = np.split(cost, 2)
        return float(self.probability @ (hit - spared))

    def gain(self, share: float) -> float:
        """What the party gains alone by being spared [million USD]; kept, as several rules ask for the same shares."""
        if share not in self.gains:
            self.gains[share] = self.without - self.objective(share)
        return self.gains[share]

    def least(self, owed: float) -> SideDeal:
        """Least side deal for a party that gets ``owed`` in the alliance [million USD].

        The gain is a convex function of the share from nothing on: the cost of a plan, with a loss beyond which paths count into the
        CVaR, is linear in the share, and the least of linear functions is concave. So the least share lies between the chord through gains
        on both sides and the tangent at the larger one; what other rules of sharing have asked for narrows it already.
        """
        if owed <= 0.0:
            return SideDeal(0.0, 0.0)
        most = self.gain(1.0)
        if most < owed:
            return SideDeal(None, owed - most)
        below, high = self._around(owed)
        low = self._on_chord(below, high, owed)
        while high - low > WIDTH:
            middle = float(np.clip(self._on_tangent(high, owed), low + 0.5 * WIDTH, high - 0.5 * WIDTH))
            below, high = (below, middle) if self.gain(middle) >= owed else (middle, high)
            low = max(low, below, self._on_chord(below, high, owed))
        return SideDeal(high, owed)

    def _around(self, owed: float) -> tuple[float, float]:
        """Known shares next to the least one: the largest that gains less than is owed, and the smallest that gains as much."""
        low = max((share for share, gain in self.gains.items() if gain < owed), default=0.0)
        return low, min(share for share, gain in self.gains.items() if gain >= owed)

    def _on_chord(self, low: float, high: float, owed: float) -> float:
        """Share at which the chord between two gains reaches what is owed; the gain itself is no larger there."""
        least = self.gain(low)
        return low + (high - low) * (owed - least) / (self.gain(high) - least)

    def _on_tangent(self, share: float, owed: float) -> float:
        """Share at which the tangent at a gain reaches what is owed; the gain itself is no smaller there."""
        return share - (self.gain(share) - owed) / max(self.slopes[share], SMALL)


def short_as_before(spared: Delivered, hit: Delivered) -> Delivered:
    """What is left when a party is spared, with its states as if it were hit.

    Others that are hit send it less: it may still release its stocks then, and it has lived with that as long as they have. As if newly
    surprised in every year, it would lose more by the little that others lack than where it is hit itself.
    """
    return replace(spared, restricted=hit.restricted, later=hit.later)


def _joined(one: Delivered, other: Delivered) -> Delivered:
    """Scenarios of two one after the other."""
    return Delivered(
        regions=one.regions,
        **{
            name: np.concatenate([getattr(one, name), getattr(other, name)])
            for name in ("links", "markets", "released", "restricted", "later", "price_factor")
        },
    )
