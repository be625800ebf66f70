"""Two-stage stochastic linear programmes with the conditional value at risk of the loss."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from ytterby.errors import DataGapError, InputError, UnknownNameError
from ytterby.solver.conflicts import require_compatible_limits
from ytterby.solver.stages import TwoStageSolution
from ytterby.solver.standard_form import Risk, ScenarioForm, best_eta, objective
from ytterby.solver.whole import solve_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.solver.cuts import Cuts
    from ytterby.solver.stages import FirstStage, Recourse, Way

    Floats = NDArray[np.float64]

WAYS: tuple[Way, ...] = ("auto", "decomposition", "whole", "ipx-whole")
FEWEST = 4
"""Scenarios from which the decomposition is faster than the whole."""


def solve_two_stage(
    first: FirstStage,
    recourse: Recourse,
    *,
    weight: float = 0.5,
    alpha: float = 0.9,
    gap: float = 1e-3,
    absolute_gap: float | None = None,
    reference: float | None = None,
    method: Way = "auto",
    time_limit: float | None = None,
    cuts: Cuts | None = None,
    start: Floats | None = None,
    workers: int | None = None,
    progress: Callable[[int, float, float], None] | None = None,
) -> TwoStageSolution:
    """First stage that is best for all scenarios together, with bounds and duals.

    Parameters
    ----------
    first : FirstStage
        Decisions before the scenario is known.
    recourse : Recourse
        Decisions after.
    weight, alpha : float
        Weight of the CVaR of the loss in the objective; its level.
    gap : float
        Largest (upper - lower) as a share of the upper bound or, with a `reference`, of the gain ``reference - upper``.
    absolute_gap : float, optional
        Largest upper - lower [USD]; the search ends as soon as either gap is reached.
    reference : float, optional
        Objective of doing nothing [USD].
    method : {"auto", "decomposition", "whole", "ipx-whole"}
        Decomposition by scenario; one programme over all scenarios by dual simplex or by IPX; by default the decomposition
        from four scenarios, below it the whole by IPX.
    time_limit : float, optional
        Seconds after which the best point so far is returned.
    cuts : Cuts, optional
        Cuts of an earlier solution with the same recourse, weight and level. The first stage may be another, except for the
        meaning of its columns, and so may the probabilities.
    start : ndarray (n,), optional
        First stage to begin with; by default the cheapest one. One that is not feasible is left aside.
    workers : int, optional
        Threads; the result does not depend on their number. By default one a core.
    progress : callable, optional
        Called with (rounds, lower bound, upper bound) after each round.

    Raises
    ------
    ConflictingLimitsError
        If no first stage is feasible: names the smallest set of limits that contradict each other.
    InputError
        For arguments that do not fit each other.
    DataGapError
        If a scenario is infeasible for a first stage, or the programme is unbounded.
    """
    if method not in WAYS:
        raise UnknownNameError("method", method, WAYS)
    if recourse.T.shape[1] != len(first.cost):
        raise InputError(f"recourse: T has {recourse.T.shape[1]} columns; the first stage has {len(first.cost)} decisions")
    form = ScenarioForm.of(recourse, Risk(weight, alpha))
    return _by_whole(first, form, "ipx-whole" if method == "auto" else method, time_limit, gap, reference)


def _by_whole(first: FirstStage, form: ScenarioForm, method: Way, time_limit: float | None, gap: float, reference: float | None) -> TwoStageSolution:
    began = time.monotonic()
    answer = solve_whole(first, form, "ipx" if method == "ipx-whole" else "simplex", time_limit, gap)
    if answer.ended == "infeasible":
        require_compatible_limits(first)
    if answer.ended not in {"optimal", "time"}:
        raise DataGapError(f"the two-stage programme has no solution ({answer.ended})")
    count, n, m = form.recourse.scenarios, len(first.cost), len(first.row_low)
    probability = form.recourse.probability
    x = np.full(n, np.nan) if answer.x is None else answer.x
    y = np.full((count, form.W.shape[1] - 1), np.nan) if answer.y is None else answer.y
    loss = np.array([form.loss(row) for row in y])
    resource = np.array([form.resource(s, row) for s, row in enumerate(y)])
    upper = np.inf if answer.x is None else objective(first, form.risk, probability, x, loss, resource)
    return TwoStageSolution(
        x=x,
        eta=best_eta(form.risk, probability, loss),
        loss=loss,
        resource=resource,
        y=sparse.csr_matrix(np.nan_to_num(y)),
        probability=probability,
        weight=form.risk.weight,
        alpha=form.risk.alpha,
        first_stage_cost=float(first.cost @ x),
        upper_bound=upper,
        lower_bound=answer.bound,
        gap=relative_gap(answer.bound, upper, reference),
        row_duals=np.full(m, np.nan) if answer.row_duals is None else answer.row_duals,
        reduced_costs=np.full(n, np.nan) if answer.reduced_costs is None else answer.reduced_costs,
        cuts=None,
        rounds=1,
        seconds=time.monotonic() - began,
        ended="time" if answer.ended == "time" else "gap",
        method=method,
    )


def relative_gap(lower: float, upper: float, reference: float | None) -> float:
    """(upper - lower) as a share of the upper bound or of the gain against a reference; infinite while a bound is."""
    if not np.isfinite(upper - lower):
        return np.inf
    base = abs(upper) if reference is None else reference - upper
    return float(max(upper - lower, 0.0) / base) if base > 0 else (0.0 if upper <= lower else np.inf)
