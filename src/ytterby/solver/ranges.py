"""How far a linear function of the first stage can go while the objective stays within a bound.

The master of the decomposition with the objective as a row gives points that its cuts allow (*outer*); scenarios are solved on the way to
them from the best point that is known to keep the bound, whose cuts correct the master. Since the objective is convex, a point between two
evaluated ones keeps the bound if the mixture of their objectives does. The search ends when outer and attained value agree.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError
from ytterby.solver.decomposition import Search, Stop
from ytterby.solver.standard_form import Risk, ScenarioForm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.cuts import Cuts
    from ytterby.solver.stages import FirstStage, Reason, Recourse, TwoStageSolution

    Floats = NDArray[np.float64]

STEP = 0.3
"""Way from the attained point to the outer one at which scenarios are solved."""
KEPT = 1e-9
"""Relative excess over the bound that is rounding."""


@dataclass(frozen=True)
class NearOptimal:
    """Extreme of a linear function over the first stages whose objective keeps a bound; integers are relaxed.

    Attributes
    ----------
    attained : float
        Value at `x`.
    outer : float
        Value that no first stage within the bound goes beyond.
    x : ndarray (n,)
        First stage that keeps the bound: evaluated, or between two evaluated ones.
    objective : float
        Upper bound of its objective [USD].
    cuts : Cuts
        All cuts, to be handed on.
    rounds : int
        Evaluated points.
    ended : {"gap", "time"}
        What ended the search.
    """

    attained: float
    outer: float
    x: Floats
    objective: float
    cuts: Cuts = field(repr=False)
    rounds: int
    ended: Reason


def near_optimal(
    first: FirstStage,
    recourse: Recourse,
    solution: TwoStageSolution,
    direction: Floats,
    *,
    bound: float,
    maximise: bool = False,
    tolerance: float = 0.05,
    cuts: Cuts | None = None,
    time_limit: float | None = None,
    workers: int | None = None,
) -> NearOptimal:
    """Least or largest direction'x over the first stages whose objective is at most a bound.

    Parameters
    ----------
    first, recourse : FirstStage, Recourse
        The programme.
    solution : TwoStageSolution
        Its solution; weight and level are those of the solution.
    direction : ndarray (n,)
        Coefficients of the function.
    bound : float
        Largest objective [USD], at least that of the solution.
    maximise : bool
        Whether the largest value is sought.
    tolerance : float
        Difference of outer and attained value at which the search ends, as a share of the way from the solution to the outer value.
    cuts : Cuts, optional
        Cuts to begin with; by default those of the solution.
    time_limit : float, optional
        Seconds after which the best point so far is returned.
    workers : int, optional
        Threads.

    Raises
    ------
    InputError
        If the bound is below the objective of the solution.
    """
    if bound < solution.upper_bound * (1 - np.sign(solution.upper_bound) * KEPT):
        raise InputError(f"bound: found {bound:g}; the solution itself has {solution.upper_bound:g}")
    cuts = cuts or solution.cuts
    form = ScenarioForm.of(recourse, Risk(solution.weight, solution.alpha))
    if cuts is not None:
        cuts.require_same(recourse, form.risk)
    sign = -1.0 if maximise else 1.0
    until = None if time_limit is None else time.monotonic() + time_limit
    search = _Range(first, form, Stop(0.0), cuts=cuts, until=until, workers=workers)
    return search.extreme(solution, sign * np.asarray(direction, float), bound, tolerance, sign)


class _Range(Search):
    """Search for the extreme of a linear function within a bound of the objective."""

    def extreme(self, solution: TwoStageSolution, direction: Floats, bound: float, tolerance: float, sign: float) -> NearOptimal:
        """Least direction'x; values are given back with their sign."""
        base = np.append(solution.x, solution.eta / self.form.unit)
        point, value = base, solution.upper_bound
        self.master.bound_objective(bound, direction)
        outer = -np.inf
        self.ended = "time"
        while (found := self.master.solve(self.until)) is not None:
            outer = found[1] / self.form.unit
            if direction @ point[:-1] - outer <= tolerance * (direction @ solution.x - outer) + KEPT * (1 + abs(outer)):
                self.ended = "gap"
                break
            tried = point + STEP * (found[0] - point)
            reached = self.evaluate(tried)
            if reached is None:
                break
            kept, kept_value = _between(base, solution.upper_bound, tried, reached, bound)
            if direction @ kept[:-1] < direction @ point[:-1]:
                point, value = kept, kept_value
        return NearOptimal(sign * float(direction @ point[:-1]), sign * outer, point[:-1], value, self.cuts, self.rounds, self.ended)


def _between(base: Floats, base_value: float, tried: Floats, value: float, bound: float) -> tuple[Floats, float]:
    """Farthest point from the base towards an evaluated one that surely keeps the bound, and an upper bound of its objective [USD]."""
    way = 1.0 if value <= bound else max((bound - base_value) / (value - base_value), 0.0)
    return base + way * (tried - base), base_value + way * (value - base_value)
