"""Plans nearly as good: least and most of each group of measures within a slack of the gain, and plans that differ much.

Near-optimal ranges as in modelling to generate alternatives (DeCarolis 2011; Neumann and Brown 2021): the objective becomes a
limit, and each group in turn is minimised and maximised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.party_flows import MILLION
from ytterby.plan.plan_result import NearGroup, NearPortfolio, NearResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.decisions import Decision
    from ytterby.plan.problem import PlanProblem

    Floats = NDArray[np.float64]
    Extremes = Callable[[Sequence[Floats]], list[tuple[Floats, float]]]

LEAST_USD = 1e6
"""Least amount that counts as something [USD]."""
DIFFERENT = 3
"""Plans that differ most."""


def group_of_decision(each: Decision, candidate: Candidate) -> str:
    """Group that a decision is told under: what is done, at which stage."""
    if each.kind == "stock":
        form = {"component": "components", "magnet": "magnets"}.get(each.commodity.partition(".")[0], "materials")
        return f"stocks: {form}"
    if candidate.kind == "joint_rnd":
        return "research"
    if each.kind == "saving":
        return "thrift and substitutes"
    if candidate.kind == "recycling":
        return "recycling"
    return "metals and magnets" if candidate.stage in ("metal", "magnet") else "mines and separation"


def groups_of_decisions(problem: PlanProblem, candidates: Mapping[str, Candidate]) -> dict[str, Floats]:
    """Public money of each decision by group (decision,) [million USD]."""
    found: dict[str, Floats] = {}
    for j, each in enumerate(problem.programme.decisions):
        if problem.free[j]:
            name = group_of_decision(each, candidates[each.candidate])
            found.setdefault(name, np.zeros(len(problem.public)))[j] = problem.public[j]
    return dict(sorted(found.items()))


def near_plans(problem: PlanProblem, groups: Mapping[str, Floats], x: Floats, slack: float, extremes: Extremes) -> NearResult:
    """Ranges and differing plans.

    Parameters
    ----------
    problem : PlanProblem
    groups : mapping of str to array (decision,)
        Public money by group.
    x : array (decision,)
        The plan.
    slack : float
        Share of the gain given up.
    extremes : callable
        Decisions that minimise each of some linear functions (decision,) within the slack, and bounds that no such decisions go below.
    """
    total = problem.public * problem.free
    every = extremes([sign * cost for cost in (*groups.values(), total) for sign in (1.0, -1.0)])
    pairs = list(zip(every[::2], every[1::2], strict=True))
    found, ends = dict(zip(groups, pairs[:-1], strict=True)), pairs[-1]
    rows = [_row(name, cost, x, found[name]) for name, cost in groups.items()]
    points = [point for point, _ in every]
    return NearResult(
        slack=slack,
        must_have=tuple(name for name, (low, _) in found.items() if low[1] * MILLION > LEAST_USD),
        never=tuple(name for name, (_, high) in found.items() if -high[1] * MILLION < LEAST_USD),
        groups=tuple(sorted(rows, key=lambda row: -row.high)),
        total=_row("all", total, x, ends),
        portfolios=tuple(_told(problem, groups, point) for point in _apart(points, x, problem.public)),
    )


def _row(name: str, cost: Floats, x: Floats, ends: tuple[tuple[Floats, float], tuple[Floats, float]]) -> NearGroup:
    low, high, chosen = (max(float(cost @ point), 0.0) * MILLION for point in (ends[0][0], ends[1][0], x))
    return NearGroup(group=name, low=min(low, chosen), high=max(high, chosen), chosen=chosen)


def _apart(points: list[Floats], x: Floats, weight: Floats) -> list[Floats]:
    """Points that lie farthest from the plan and from one another, by public money."""
    chosen = [x]
    for _ in range(min(DIFFERENT, len(points))):
        distance = [min(float(np.abs(weight * (point - other)).sum()) for other in chosen) for point in points]
        chosen.append(points[int(np.argmax(distance))])
    return chosen[1:]


def _told(problem: PlanProblem, groups: Mapping[str, Floats], point: Floats) -> NearPortfolio:
    shares = {name: float(cost @ point) * MILLION for name, cost in groups.items()}
    spent = float((problem.public * problem.free) @ point) * MILLION
    return NearPortfolio(public_usd=spent, shares={name: usd for name, usd in shares.items() if usd > LEAST_USD})
