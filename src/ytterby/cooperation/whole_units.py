"""Plans of whole plants: the divisible plan rounded in several ways, then branch and bound until time is over.

Rounding gives a plan in any case, the divisible plan a bound of what the best one may save; so there is an answer with a gap when
branch and bound does not end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ytterby.solver import solve_two_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.plan import PlanProblem
    from ytterby.solver import FirstStage, TwoStageSolution

    Floats = NDArray[np.float64]

THRESHOLDS = (0.9, 0.5, 0.1)
"""Shares of a plant from which on it is rounded up."""
ROUNDING = 1e-6


def whole_units(
    problem: PlanProblem, divisible: TwoStageSolution, start: Floats | None, gap: float, seconds: float, workers: int | None = None
) -> TwoStageSolution:
    """Best plan of whole units found in time, with the best bound.

    Parameters
    ----------
    problem : PlanProblem
    divisible : TwoStageSolution
        Its plan when plants can be divided.
    start : array (decision,), optional
        Whole plan that is known.
    gap : float
        Largest difference of the bounds [million USD].
    seconds : float
        Time limit of branch and bound.
    workers : int, optional
        Threads.
    """
    first, best = problem.first_stage, divisible
    assert first.integer is not None
    if _is_whole(first, divisible.x):
        return divisible
    found = None
    for plants in _rounded(first, divisible.x, start):
        fixed = _with_plants(first, plants)
        tried = solve_two_stage(
            fixed, problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=0.0, absolute_gap=gap, cuts=best.cuts,
            start=np.where(first.integer, plants, 0.0 if start is None else start), workers=workers,
        )  # fmt: skip
        best = replace(best, cuts=tried.cuts)
        if found is None or tried.upper_bound < found.upper_bound:
            found = tried
    assert found is not None
    searched = solve_two_stage(
        first, problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=0.0, absolute_gap=gap, cuts=best.cuts, start=found.x,
        time_limit=seconds, workers=workers,
    )  # fmt: skip
    chosen = searched if searched.upper_bound < found.upper_bound else found
    return replace(chosen, lower_bound=min(max(divisible.lower_bound, searched.lower_bound), chosen.upper_bound), cuts=searched.cuts)


def _is_whole(first: FirstStage, x: Floats) -> bool:
    return bool(np.abs(x - np.round(x))[first.integer].max(initial=0.0) < ROUNDING)


def _rounded(first: FirstStage, x: Floats, start: Floats | None) -> Iterator[Floats]:
    """Whole plants near a divisible plan that the limits allow, none at all, and those of a plan that is known."""
    assert first.integer is not None
    tried = [first.low, *([start] if start is not None else []), *(np.where(x >= share, 1.0, first.low) for share in THRESHOLDS)]
    seen: set[bytes] = set()
    for plan in tried:
        plants = np.where(first.integer, np.round(plan), first.low)
        if plants.tobytes() not in seen and bool(np.all(first.A @ plants <= first.row_high * (1.0 + ROUNDING) + ROUNDING)):
            seen.add(plants.tobytes())
            yield plants


def _with_plants(first: FirstStage, plants: Floats) -> FirstStage:
    """First stage whose plants are settled."""
    assert first.integer is not None
    return replace(
        first,
        integer=None,
        low=np.where(first.integer, plants, first.low),
        high=np.where(first.integer, plants, first.high),
    )
