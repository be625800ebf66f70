"""Years of a plan taken together in steps of several alike years: a smaller programme for alliances of many parties.

Flows, costs and what decisions can give are means over the years of a step, weighted by their discount factors, so that present values
stay what they are. Losses are convex in what is missing, so a mean restriction would cost too little: the deepest restriction of the
years is scaled, for each region, until a whole step of it costs without a plan what the years of the step cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ytterby.errors import InputError
from ytterby.plan.availability import NOTICED, delivered

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.plan.availability import Delivered, YearlyCuts
    from ytterby.plan.decisions import Decision
    from ytterby.plan.reference_path import ReferencePath

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

Kind = TypeVar("Kind", bound=np.generic)
HALVINGS = 8
"""Halvings of the interval in which the scale of a restriction lies."""
NO_LOSS = 1e-3
"""Smaller yearly losses of a region are none [million USD]."""


@dataclass(frozen=True)
class Steps:
    """Years of a plan in steps of the same length.

    Parameters
    ----------
    years : tuple of int
        All years, one after the other.
    count : int
        Number of steps.
    rate : float
        Discount rate that weighs the years of a step [1/year].

    Raises
    ------
    InputError
        If the years cannot be divided into that many steps.
    """

    years: tuple[int, ...]
    count: int
    rate: float

    def __post_init__(self) -> None:
        total = len(self.years)
        if self.count not in (allowed := [n for n in range(2, total + 1) if total % n == 0]):
            raise InputError(f"--periods: {total} years cannot be taken in {self.count} equal steps; {', '.join(map(str, allowed))} can")

    @property
    def length(self) -> int:
        """Years of a step."""
        return len(self.years) // self.count

    @cached_property
    def weights(self) -> Floats:
        """Weight of each year in its step (step, year of the step); they add up to 1 in each."""
        found = ((1.0 + self.rate) ** -np.arange(len(self.years))).reshape(self.count, self.length)
        return np.asarray(found / found.sum(axis=1, keepdims=True))

    def mean(self, values: Floats) -> Floats:
        """Weighted means (step, ...) of yearly values (year, ...)."""
        return np.asarray(np.einsum("ty,ty...->t...", self.weights, values.reshape(self.count, self.length, *values.shape[1:])))

    def reference(self, yearly: ReferencePath) -> ReferencePath:
        """Path without a restriction by step, under the first year of each."""
        return replace(
            yearly, years=self.years[:: self.length], length=self.length, use=self.mean(yearly.use), flow=self.mean(yearly.flow),
            activity=self.mean(yearly.activity), capacity=self.mean(yearly.capacity), production=self.mean(yearly.production),
            residual=self.mean(yearly.residual),
        )  # fmt: skip

    def decision(self, each: Decision) -> Decision:
        """A decision by step; its costs are worth as much at the discount rate of the steps."""
        return replace(each, resource=self.mean(each.resource), public=self.mean(each.public), usable=self.mean(each.usable))

    def by_step(self, values: NDArray[Kind]) -> NDArray[Kind]:
        """Values (scenario, year, ...) as (scenario, step, year of the step, ...)."""
        return values.reshape(len(values), self.count, self.length, *values.shape[2:])

    def scale(self, cuts: YearlyCuts, owed: Floats, coarse: ReferencePath, lost: Callable[[Delivered], Floats]) -> Floats:
        """Scale of the deepest restriction of each step (scenario, step, region), such that nobody's plan costs what it does by year.

        Parameters
        ----------
        cuts : YearlyCuts
            By year.
        owed : array (scenario, year, region)
            Loss without a plan by year.
        coarse : ReferencePath
            By step.
        lost : callable
            Yearly loss without a plan in each step (scenario, step, region) of what restrictions leave.
        """
        whole, owed = self._deepest(cuts), self.by_step(owed).mean(axis=2)
        low, high = np.zeros(owed.shape), np.ones(owed.shape)
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            enough = lost(delivered(coarse, _scaled(whole, middle))) >= owed
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.where(owed > NO_LOSS, high, self._mean_scale(cuts, whole))

    def delivered(self, cuts: YearlyCuts, scale: Floats, coarse: ReferencePath) -> Delivered:
        """What restrictions leave in each step, with the deepest of its years scaled (scenario, step, region)."""
        found = delivered(coarse, _scaled(self._deepest(cuts), scale))
        restricted = self.by_step(np.asarray(cuts.cut.max(axis=2) > NOTICED)).any(axis=2)
        return replace(found, restricted=np.asarray(restricted))

    def _deepest(self, cuts: YearlyCuts) -> YearlyCuts:
        """The deepest restriction of each step by group and region, with the state of the worst year and the mean price."""
        cut = self.by_step(cuts.cut)
        deepest = cut.max(axis=2)
        worst = cut.max(axis=3).argmax(axis=2)
        later = np.take_along_axis(self.by_step(cuts.later), worst[:, :, None, :], axis=2)[:, :, 0]
        price = np.einsum("ty,sty->st", self.weights, self.by_step(cuts.price_factor))
        return replace(cuts, cut=np.where(deepest > 0.0, deepest, cut.min(axis=2)), later=later, price_factor=price)

    def _mean_scale(self, cuts: YearlyCuts, whole: YearlyCuts) -> Floats:
        """Mean over the years of the largest cut of a region, over the deepest one (scenario, step, region)."""
        deepest = np.maximum(whole.cut.max(axis=2), 0.0)
        mean = np.maximum(self.by_step(cuts.cut).max(axis=3), 0.0).mean(axis=2)
        return np.asarray(np.divide(mean, deepest, out=np.zeros_like(mean), where=deepest > 0.0))


def _scaled(cuts: YearlyCuts, scale: Floats) -> YearlyCuts:
    return replace(cuts, cut=cuts.cut * scale[:, :, None, :])
