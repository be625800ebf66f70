"""Where the worth of an alliance comes from: aid, stocks, projects, technology, each needing another treaty (K11)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.plan import LinearLimit
from ytterby.solver import solve_two_stage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.cooperation.values import Values
    from ytterby.plan import Exchange, PlanProblem

    Floats = NDArray[np.float64]


class Parts(NamedTuple):
    """Parts of a value, in this order; they add up to it [million USD]."""

    aid: float
    """Plans of each alone stay; in restricted years goods go to where the loss is largest."""
    stocks: float
    """Stocks are chosen anew for all, with one budget where budgets are pooled."""
    projects: float
    """Plants and savings too, and goods are exchanged in all years."""
    technology: float
    """Research is paid once and serves all."""


class Step(NamedTuple):
    """What members are allowed at one step, with the plan that they then have."""

    name: str
    problem: PlanProblem
    x: Floats
    objective: float
    """Less exports to outsiders at base prices [million USD]."""


def steps_of(values: Values, coalition: int) -> tuple[Step, ...]:
    """K11: plans of a coalition's members who are allowed more and more: aid, stocks, projects, technology.

    Parameters
    ----------
    values : Values
        Solved coalitions, on terms that allow all exchange.
    coalition : int
        Of at least two members.
    """
    members = np.flatnonzero(values.coalitions.members[coalition])
    alone = np.concatenate([values.solved[1 << int(i)].x for i in members])
    crisis, always = (_apart(values, coalition, exchange) for exchange in ("crisis", "free"))
    gap = max(values.gap, 1e-3) / 4.0
    fixed = values.coalitions.fixed(coalition)
    given = crisis.outcome(alone).objective + fixed
    stocked, stocks = _best(_only_stocks(crisis, alone), alone, gap)
    built, projects = _best(always, stocks, gap)
    whole = values.solved[coalition]
    return (
        Step("aid", crisis, alone, given),
        Step("stocks", crisis, stocks, stocked + fixed),
        Step("projects", always, projects, built + fixed),
        Step("technology", values.coalitions.problem(coalition), whole.x, whole.upper),
    )


def parts_of(values: Values, coalition: int) -> Parts:
    """K11: parts of a coalition's value, from plans that are allowed more and more; parameters as of :func:`steps_of`."""
    steps = [values.alone(coalition), *(step.objective for step in steps_of(values, coalition))]
    return Parts(*(before - after for before, after in zip(steps, steps[1:], strict=False)))


def _apart(values: Values, coalition: int, exchange: Exchange) -> PlanProblem:
    """Problem of a coalition in which each member does its research by itself."""
    coalitions = values.coalitions
    members = coalitions.of(coalition)
    problem = coalitions.problem(coalition)
    decisions = tuple(each for party in members for each in coalitions.data.decisions((party,)))
    programme = replace(problem.programme, decisions=decisions, exchange=exchange)
    return replace(problem, programme=programme, keep={})


def _only_stocks(problem: PlanProblem, x: Floats) -> PlanProblem:
    """The same problem with all decisions but those on stocks as they are."""
    decisions = problem.programme.decisions
    kept = [j for j, each in enumerate(decisions) if each.kind != "stock"]
    unit = np.eye(len(decisions))
    return replace(problem, limits=[*problem.limits, *(LinearLimit("", unit[j], float(x[j]), float(x[j])) for j in kept)], keep={})


def _best(problem: PlanProblem, start: Floats, gap: float) -> tuple[float, Floats]:
    """Objective and decisions of the best plan, no worse than that of the start."""
    found = solve_two_stage(
        problem.first_stage, problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=0.0, absolute_gap=gap, start=start
    )
    return found.upper_bound, found.x
