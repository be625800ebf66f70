"""The master programme of the decomposition: first stage, eta, and one cost by scenario above its cuts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from ytterby.errors import DataGapError
from ytterby.solver.conflicts import require_compatible_limits
from ytterby.solver.standard_form import first_stage_program, loss_range

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.linear_program import Ended
    from ytterby.solver.stages import FirstStage
    from ytterby.solver.standard_form import ScenarioStandardForm

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

WIDER = 16.0
"""Factor by which a provisional bound is widened that the master rests on."""
FARTHEST = 1e18
"""Provisional bound at which the programme counts as unbounded."""


class Master:
    """Lower bound of a two-stage programme: columns are the point (n + 1) and the cost of each scenario (S), in the unit of the form.

    Parameters
    ----------
    first : FirstStage
        Decisions and rows.
    form : ScenarioForm
        Recourse in the form that is solved.
    probability : ndarray (S,)
        Probabilities of the scenarios.
    integral : bool
        Whether integers are kept; otherwise their relaxation is solved.
    """

    def __init__(self, first: FirstStage, form: ScenarioStandardForm, probability: Floats, *, integral: bool = False) -> None:
        self.first, self.unit = first, form.unit
        self.points, scenarios = len(first.cost) + 1, len(probability)
        self.objective = np.concatenate([first.cost / form.unit, [form.risk.weight], probability])
        self.program = first_stage_program(first, 1 + scenarios, self.objective)
        if not integral:
            self.program.relax_integers(self.program.integer)
        self.low = np.append(first.low, loss_range(form.recourse)[0] / form.unit)
        self.high = np.append(first.high, loss_range(form.recourse)[1] / form.unit)
        self.program.bound(np.array([self.points - 1]), self.low[-1:], self.high[-1:])
        self.reach = 0.0

    def add(self, scenario: Ints, constant: Floats, gradient: Floats) -> None:
        """Add cuts: cost of the scenario - gradient @ point >= constant."""
        count = len(scenario)
        if not count:
            return
        own = sparse.csr_matrix((np.ones(count), (np.arange(count), scenario)), (count, len(self.objective) - self.points))
        self.program.add_rows(sparse.hstack([sparse.csr_matrix(-gradient), own]), constant, np.full(count, np.inf))

    def bound_objective(self, bound: float, direction: Floats) -> None:
        """Minimise direction'x (n,) instead, the objective being at most a bound [USD]: :meth:`solve` gives its value times the unit."""
        self.program.add_rows(sparse.csr_matrix(self.objective), np.array([-np.inf]), np.array([bound / self.unit]))
        self.point_at(direction)

    def point_at(self, direction: Floats) -> None:
        """Minimise direction'x (n,) from now on."""
        self.program.cost(np.append(direction, np.zeros(len(self.objective) - len(direction))))

    def solve(self, until: float | None = None, tolerance: float | None = None) -> tuple[Floats, float] | None:
        """Point (n + 1,) that is best for the cuts, and lower bound [USD]; None if time ran out (`until`, monotonic clock).

        While the cuts do not bound the master, its unbounded columns are held within a provisional reach, which is widened whenever the
        master rests on it; meanwhile the lower bound is minus infinity.

        Parameters
        ----------
        until : float, optional
            End on the monotonic clock.
        tolerance : float, optional
            Gap at which a mixed-integer master counts as solved [USD].

        Raises
        ------
        ConflictingLimitsError
            If the first stage is infeasible.
        DataGapError
            If the programme is unbounded or the solver fails.
        """
        if tolerance is not None:
            self.program.stop_at(tolerance / self.unit)
        ended = self._run(until)
        while ended == "unbounded":
            self._widen()
            ended = self._run(until)
        if ended == "infeasible":
            require_compatible_limits(self.first)
        if ended == "time":
            return None
        if ended != "optimal":
            raise DataGapError(f"the master of the two-stage programme has no solution ({ended})")
        # a decision that rounding puts outside its bounds may leave a scenario without a solution
        point = np.clip(self.program.values[: self.points], self.low, self.high)
        if self._rests_on_reach(point):
            self._widen()
            return point, -np.inf
        return point, self.program.dual_bound * self.unit

    def _run(self, until: float | None) -> Ended:
        return self.program.run(time_limit=None if until is None else until - time.monotonic())

    def _widen(self) -> None:
        self.reach = max(WIDER * self.reach, 1.0 + np.abs(self.first.low[np.isfinite(self.first.low)]).max(initial=0.0))
        if self.reach > FARTHEST:
            raise DataGapError("the two-stage programme is unbounded: a decision of the first stage without bound pays without end")
        low, high = np.maximum(self.low, -self.reach), np.minimum(self.high, self.reach)
        open_ = np.flatnonzero(~np.isfinite(self.low) | ~np.isfinite(self.high))
        self.program.bound(
            open_,
            np.where(np.isfinite(self.low), self.low, low)[open_],
            np.where(np.isfinite(self.high), self.high, high)[open_],
        )

    def _rests_on_reach(self, point: Floats) -> bool:
        if not self.reach:
            return False
        near = np.abs(point) >= self.reach * (1 - 1e-9)
        return bool(np.any(near & ((~np.isfinite(self.low) & (point < 0)) | (~np.isfinite(self.high) & (point > 0)))))

    def duals(self) -> tuple[Floats, Floats]:
        """Row duals (m,) and reduced costs (n,) of the first stage [USD a unit]."""
        rows, columns = len(self.first.row_low), len(self.first.cost)
        return self.program.row_duals[:rows] * self.unit, self.program.reduced_costs[:columns] * self.unit
