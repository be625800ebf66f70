"""Public money of a plan by group of measures and year, and the budget from which more of it buys nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.near_plans import group_of_decision
from ytterby.plan.party_flows import MILLION
from ytterby.plan.plan_result import SpendingRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.plan_result import CurvePoint
    from ytterby.plan.problem import PlanProblem

    Floats = NDArray[np.float64]

NEARLY_ALL = 0.99
"""Share of the largest gain from which on a plan counts as good as the best: plans are solved to a hundredth of their gain [1]."""
HELD_BACK = 0.95
"""Share of the largest budget from which on money is still short: of plans as good, the one with least money is told [1]."""


def public_money(problem: PlanProblem, change: Floats, candidates: Mapping[str, Candidate]) -> list[SpendingRow]:
    """Public money of all parties together by group of measures and year, groups in alphabetical order.

    Parameters
    ----------
    problem : PlanProblem
    change : array (decision,)
        Decisions beyond what pays alone.
    candidates : mapping of str to Candidate
    """
    years = problem.programme.reference.years
    found: dict[str, Floats] = {}
    for each, share in zip(problem.programme.decisions, change, strict=True):
        if share > 0.0:
            group = group_of_decision(each, candidates[each.candidate])
            found[group] = found.get(group, np.zeros(len(years))) + share * each.public
    return [
        SpendingRow(group=group, year=year, public_usd=float(amount) * MILLION)
        for group, amounts in sorted(found.items())
        for year, amount in zip(years, amounts, strict=True)
    ]


def enough_money(curve: Sequence[CurvePoint]) -> CurvePoint | None:
    """Plan of the curve with the least public money of those whose gain is as good as the largest; None where money is still short.

    Parameters
    ----------
    curve : sequence of CurvePoint
        By budget.
    """
    most = max((point.gain for point in curve), default=0.0)
    good = [point for point in curve if point.gain >= NEARLY_ALL * most > 0.0]
    if not good:
        return None
    least = min(good, key=lambda point: point.public_usd)
    largest = max(curve, key=lambda point: point.budget)
    return least if least.public_usd < HELD_BACK * largest.budget else None
