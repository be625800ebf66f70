"""Least public money with which an alliance does as well as its members' own plans, and with which these do so (K18)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ytterby.solver import solve_two_stage

if TYPE_CHECKING:
    from ytterby.cooperation.values import Values

NEAR = 0.05
"""How near the least money and its bound are brought, over the way from the plan."""


class PublicMoney(NamedTuple):
    """Least public money for the same objective [million USD]."""

    together: float
    alone: float
    """Of all members' own plans."""


def public_money(values: Values, gap: float) -> PublicMoney:
    """Least public money for what the members reach by plans of their own.

    Parameters
    ----------
    values : Values
        Solved coalitions, with divisible measures.
    gap : float
        By how much each objective may be worse than that of the best plan alone [million USD].
    """
    count = len(values.coalitions.parties)
    alone = sum(_least(values, 1 << i, gap, gap) for i in range(count))
    whole = (1 << count) - 1
    return PublicMoney(_least(values, whole, max(float(values.raw[whole]), 0.0) + count * gap, gap), alone)


def _least(values: Values, coalition: int, worse: float, gap: float) -> float:
    """Least public money of a coalition whose objective is worse than its best by at most an amount [million USD]."""
    problem, solved = values.coalitions.problem(coalition), values.solved[coalition]
    found = solve_two_stage(
        replace(problem.first_stage, integer=None), problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=0.0, absolute_gap=gap,
        start=problem.within(solved.x),
    )  # fmt: skip
    money, gain = problem.public * problem.free, problem.before.objective - found.upper_bound
    if gain <= worse:
        return 0.0  # doing nothing is good enough
    if found.cuts is not None:
        problem.keep["cuts"] = found.cuts
    ((x, _),) = problem.extremes(found, [money], worse / gain, NEAR)
    return float(money @ x)
