"""How far a linear function of the first stage can go while the objective stays within a bound.

The master of the decomposition with the objective as a row gives points that its cuts allow (*outer*); mixtures of evaluated
points, those of earlier solves too, give points that surely keep the bound (*attained*). Scenarios are solved between the two
until their values agree. Cuts and evaluated points of one function serve the next.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError
from ytterby.solver.decomposition import Search, Stop
from ytterby.solver.mixtures import KEPT, Mixture, Mixtures
from ytterby.solver.standard_form import Risk, ScenarioStandardForm, best_eta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.solver.cuts import Cuts
    from ytterby.solver.solution import TwoStageSolution
    from ytterby.solver.stages import FirstStage, Reason, Recourse

    Floats = NDArray[np.float64]

STEP = 0.5
"""Way from the attained point to the outer one at which scenarios are solved."""


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
        First stage that keeps the bound: a mixture of evaluated ones.
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
    sign = -1.0 if maximise else 1.0
    (found,) = near_optimal_ranges(
        first, recourse, solution, [sign * np.asarray(direction, float)], bound=bound, tolerance=tolerance, cuts=cuts,
        time_limit=time_limit, workers=workers,
    )  # fmt: skip
    return replace(found, attained=sign * found.attained, outer=sign * found.outer)


def near_optimal_ranges(
    first: FirstStage,
    recourse: Recourse,
    solution: TwoStageSolution,
    directions: Sequence[Floats],
    *,
    bound: float,
    tolerance: float = 0.05,
    cuts: Cuts | None = None,
    time_limit: float | None = None,
    workers: int | None = None,
) -> list[NearOptimal]:
    """Least value of several functions, one after the other: cuts and evaluated points of each serve all that follow.

    Parameters and errors are those of :func:`near_optimal`; `directions` are coefficients (n,) of functions to be minimised, and
    `time_limit` is for all of them.
    """
    if bound < solution.upper_bound * (1 - np.sign(solution.upper_bound) * KEPT):
        raise InputError(f"bound: found {bound:g}; the solution itself has {solution.upper_bound:g}")
    cuts = cuts or solution.cuts
    form = ScenarioStandardForm.of(recourse, Risk(solution.weight, solution.alpha))
    if cuts is not None:
        cuts.require_same(recourse, form.risk)
    until = None if time_limit is None else time.monotonic() + time_limit
    search = _Range(first, form, Stop(0.0), cuts=cuts, until=until, workers=workers)
    search.master.bound_objective(bound, np.zeros(len(first.cost)))
    return [search.extreme(solution, direction, bound, tolerance) for direction in directions]


class _Range(Search):
    """Search for extremes of linear functions within a bound of the objective."""

    def extreme(self, solution: TwoStageSolution, direction: Floats, bound: float, tolerance: float) -> NearOptimal:
        """Least direction'x."""
        self.master.point_at(direction)
        ended: Reason = "time"
        outer, before = -np.inf, self.rounds
        kept = self._mixture(solution, direction, bound)
        while (found := self.master.solve(self.until)) is not None:
            outer = found[1] / self.form.unit
            if direction @ kept.x - outer <= tolerance * (direction @ solution.x - outer) + KEPT * (1 + abs(outer)):
                ended = "gap"
                break
            eta = best_eta(self.form.risk, self.probability, kept.share @ np.vstack([solution.loss, self.cuts.loss])) / self.form.unit
            base = np.append(kept.x, eta)
            if self.evaluate(base + STEP * (found[0] - base)) is None:
                break
            kept = self._mixture(solution, direction, bound)
        return NearOptimal(float(direction @ kept.x), outer, kept.x, kept.value, self.cuts, self.rounds - before, ended)

    def _mixture(self, solution: TwoStageSolution, direction: Floats, bound: float) -> Mixture:
        """Best mixture of the solution and all evaluated points that keeps the bound."""
        points = np.vstack([solution.x, self.cuts.tried[:, :-1]])
        values = np.append(solution.upper_bound, self.cuts.objectives(self.first, self.probability))
        found = Mixtures(self.first, points, values).extreme(direction, bound)
        return found or Mixture(np.eye(1, len(points))[0], solution.x, solution.upper_bound)
