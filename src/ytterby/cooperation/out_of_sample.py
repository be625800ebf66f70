"""What an alliance is worth on paths of restrictions that its plans were not made for (K17).

Few paths carry the mean and the tail of the loss, but what partners can do for each other hangs on who is hit when. So the plans, those
of each alone and the joint one, are judged on fresh paths, year by year; drawing these again with replacement gives a band.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.solver import conditional_value_at_risk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.cooperation.coalitions import Coalitions
    from ytterby.cooperation.values import Values

    Floats = NDArray[np.float64]

DRAWN = 400
"""Times that the paths are drawn again for the band."""
BAND = (0.1, 0.9)


class OutOfSample(NamedTuple):
    """Value of all together on other paths [million USD]."""

    value: float
    low: float
    """Tenth percentile over paths drawn again."""
    high: float
    """Ninetieth percentile."""


class _Judged(NamedTuple):
    """A plan on fresh paths (path,) [million USD]."""

    decided: float
    spent: Floats
    """Resource cost, with what no plan changes."""
    loss: Floats
    weight: float
    alpha: float

    def objective(self, some: NDArray[np.int64]) -> float:
        """Objective over some of the paths, all as likely."""
        loss, even = self.loss[some], np.full(len(some), 1.0 / len(some))
        tail = conditional_value_at_risk(loss, even, self.alpha)
        return float(self.decided + self.spent[some].mean() + loss.mean() + self.weight * tail)


def out_of_sample(values: Values, fresh: Coalitions, seed: int) -> OutOfSample:
    """Judge the plans of each alone and of all together on fresh paths.

    Parameters
    ----------
    values : Values
        Solved coalitions.
    fresh : Coalitions
        The same parties and terms, on fresh paths of the same weight each.
    seed : int
        Of the band.
    """
    whole = len(values.coalitions.members) - 1
    judged = {each: _judged(values, fresh, each) for each in (*(1 << i for i in range(len(fresh.parties))), whole)}
    joint = judged.pop(whole)
    count = len(joint.loss)

    def value(some: NDArray[np.int64]) -> float:
        return sum(each.objective(some) for each in judged.values()) - joint.objective(some)

    again = np.random.default_rng(seed).integers(0, count, (DRAWN, count))
    low, high = np.quantile([value(some) for some in again], BAND)
    return OutOfSample(value(np.arange(count)), float(low), float(high))


def _judged(values: Values, fresh: Coalitions, coalition: int) -> _Judged:
    problem, solved = fresh.problem(coalition), values.solved[coalition]
    outcome = problem.judged(solved.x, problem.recourse, solved.eta)
    fixed = fresh.fixed_by_path(coalition).sum(axis=1)
    return _Judged(outcome.decided, outcome.resource + fixed, outcome.loss, problem.weight, problem.alpha)
