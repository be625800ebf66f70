"""The two-stage programme as one linear programme over all scenarios (extensive form)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.solver.linear_program import LinearProgram, SparseRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.linear_program import Ended, Method
    from ytterby.solver.stages import FirstStage
    from ytterby.solver.standard_form import ScenarioStandardForm

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class WholeAnswer:
    """Solution of the extensive form.

    Attributes
    ----------
    ended : str
        How the solve ended; the rest is None where no feasible point was found.
    x : ndarray (n,)
        First stage.
    y : ndarray (S, y)
        Decisions of the scenarios.
    bound : float
        Lower bound of the optimum [USD].
    row_duals, reduced_costs : ndarray (m,), (n,)
        Duals of the first stage, integers fixed [USD a unit].
    """

    ended: Ended
    x: Floats | None = None
    y: Floats | None = None
    bound: float = -np.inf
    row_duals: Floats | None = None
    reduced_costs: Floats | None = None


def extensive_form(first: FirstStage, form: ScenarioStandardForm, mip_gap: float) -> LinearProgram:
    """Columns: first stage, eta, then each scenario's decisions with its excess; rows: first stage, then each scenario's."""
    count, probability = form.recourse.scenarios, form.recourse.probability
    points, decisions = len(first.cost) + 1, form.W.shape[1]
    rows = SparseRows()
    rows.block(first.row_low, first.row_high)
    rows.put_matrix(0, 0, first.A)
    for s in range(count):
        numbers = rows.block(*form.row_bounds(s))
        rows.put_matrix(numbers[0], 0, form.T)
        rows.put_matrix(numbers[0], points + s * decisions, form.W)
    bounds = [form.bounds(s) for s in range(count)]
    return LinearProgram(
        np.concatenate([first.low, [-np.inf], *(low for low, _ in bounds)]),
        np.concatenate([first.high, [np.inf], *(high for _, high in bounds)]),
        rows,
        cost=np.concatenate([first.cost / form.unit, [form.risk.weight], *(probability[s] * form.cost(s) for s in range(count))]),
        integer=None if first.integer is None else np.append(first.integer, np.zeros(1 + count * decisions, bool)),
        mip_gap=mip_gap,
    )


def solve_whole(first: FirstStage, form: ScenarioStandardForm, method: Method, until: float | None, mip_gap: float) -> WholeAnswer:
    """Solve the extensive form by simplex or IPX; integers by branch and bound, then duals with integers fixed.

    `until` is the end on the monotonic clock, `mip_gap` the relative gap of a mixed-integer programme.
    """
    program = extensive_form(first, form, mip_gap)
    ended = program.run(time_limit=_left(until), method=method)
    if not program.feasible:
        return WholeAnswer(ended)
    bound = program.dual_bound if ended == "optimal" or program.integer.any() else -np.inf
    values = program.values
    if program.integer.any():
        program.fix_integers()
        if program.run(time_limit=_left(until), method=method) == "optimal":
            values = program.values
    n, m = len(first.cost), len(first.row_low)
    return WholeAnswer(
        ended,
        values[:n],
        values[n + 1 :].reshape(form.recourse.scenarios, -1)[:, :-1],
        bound * form.unit,
        program.row_duals[:m] * form.unit,
        program.reduced_costs[:n] * form.unit,
    )


def _left(until: float | None) -> float | None:
    return None if until is None else until - time.monotonic()
