"""Two-stage stochastic linear programmes with the conditional value at risk of the loss."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from ytterby.errors import DataGapError, InputError, UnknownNameError
from ytterby.solver.conflicts import require_compatible_limits
from ytterby.solver.decomposition import Search, Stop, search_integers
from ytterby.solver.solution import TwoStageSolution
from ytterby.solver.standard_form import Risk, ScenarioStandardForm, best_eta, objective
from ytterby.solver.whole import solve_whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.solver.cuts import Cuts
    from ytterby.solver.stages import FirstStage, Reason, Recourse, Way

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
    began = time.monotonic()
    until = None if time_limit is None else began + time_limit
    form, stop = ScenarioStandardForm.of(recourse, Risk(weight, alpha)), Stop(gap, absolute_gap, reference)
    if method == "auto":
        method = "decomposition" if recourse.scenarios >= FEWEST else "ipx-whole"
    if method != "decomposition":
        found = _by_whole(first, form, stop, method, until)
    else:
        if cuts is not None:
            cuts.require_same(recourse, form.risk)
        found = _by_decomposition(Search(first, form, stop, cuts=cuts, until=until, workers=workers, progress=progress), start)
    return replace(found, seconds=time.monotonic() - began)


def _by_decomposition(search: Search, start: Floats | None) -> TwoStageSolution:
    if search.begin(start):
        search.run()
    else:
        search.ended = "time"
    if search.first.integer is not None and search.first.integer.any():
        search = search_integers(search, start)
    best = search.best
    answers = None if best is None else best.answers
    return _solution(
        search.first,
        search.form,
        search.stop,
        x=None if best is None or answers is None else best.point[:-1],
        y=None if answers is None else answers.y,
        lower=search.lower,
        duals=(search.row_duals, search.reduced_costs),
        cuts=search.cuts,
        rounds=search.rounds,
        ended=search.ended,
        method="decomposition",
    )


def _by_whole(first: FirstStage, form: ScenarioStandardForm, stop: Stop, method: Way, until: float | None) -> TwoStageSolution:
    answer = solve_whole(first, form, "ipx" if method == "ipx-whole" else "simplex", until, stop.gap)
    if answer.ended == "infeasible":
        require_compatible_limits(first)
    if answer.ended not in {"optimal", "time"}:
        raise DataGapError(f"the two-stage programme has no solution ({answer.ended})")
    return _solution(
        first,
        form,
        stop,
        x=answer.x,
        y=None if answer.y is None else sparse.csr_matrix(answer.y),
        lower=answer.bound,
        duals=(answer.row_duals, answer.reduced_costs),
        cuts=None,
        rounds=1,
        ended="time" if answer.ended == "time" else "gap",
        method=method,
    )


def _solution(
    first: FirstStage,
    form: ScenarioStandardForm,
    stop: Stop,
    *,
    x: Floats | None,
    y: Any,
    lower: float,
    duals: tuple[Floats | None, Floats | None],
    cuts: Cuts | None,
    rounds: int,
    ended: Reason,
    method: Way,
) -> TwoStageSolution:
    """Everything that follows from a first stage and its scenarios' decisions, or nothing but the bound where time left none."""
    count, probability, risk = form.recourse.scenarios, form.recourse.probability, form.risk
    evaluated = x is not None
    loss = y @ form.recourse.loss if evaluated else np.full(count, np.nan)
    resource = np.array([(y[s] @ form.resource_cost(s)).item() for s in range(count)]) if evaluated else np.full(count, np.nan)
    upper = objective(first, risk, probability, x, loss, resource) if x is not None else np.inf
    sizes = (len(first.row_low), len(first.cost))
    row_duals, reduced_costs = (np.full(size, np.nan) if dual is None else dual for dual, size in zip(duals, sizes, strict=True))
    return TwoStageSolution(
        x=np.full(sizes[1], np.nan) if x is None else x,
        eta=best_eta(risk, probability, loss) if evaluated else np.nan,
        loss=loss,
        resource=resource,
        y=y if evaluated else sparse.csr_matrix((count, len(form.recourse.loss))),
        probability=probability,
        weight=risk.weight,
        alpha=risk.alpha,
        first_stage_cost=np.nan if x is None else float(first.cost @ x),
        upper_bound=upper,
        lower_bound=lower,
        gap=stop.relative_gap(lower, upper),
        row_duals=row_duals,
        reduced_costs=reduced_costs,
        cuts=cuts,
        rounds=rounds,
        seconds=0.0,
        ended=ended,
        method=method,
    )
