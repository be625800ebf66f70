"""What would change a plan: inputs at the ends of their ranges, and what keeping the plan would cost there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.plan.members import MILLION
from ytterby.plan.near_plans import groups_of_decisions
from ytterby.plan.plan_result import FlipRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.problem import PlanProblem

    Floats = NDArray[np.float64]


class InputEnd(NamedTuple):
    """An input at one end of its range."""

    name: str
    end: str
    value: float
    unit: str
    problem: Callable[[], PlanProblem]
    """The plan's problem there, with decisions in the same order."""


@dataclass(frozen=True, eq=False)
class FirstChoice:
    """Which group of measures a plan lives on: the one without which it loses most.

    Parameters
    ----------
    problem : PlanProblem
    candidates : mapping of str to Candidate
    """

    problem: PlanProblem
    candidates: Mapping[str, Candidate]

    def of(self, x: Floats, eta: float) -> str:
        """Group whose absence raises the objective most; empty for an empty plan."""
        base = self.problem.value(x, eta)
        worth = {}
        for name, cost in groups_of_decisions(self.problem, self.candidates).items():
            taken = (cost > 0.0) & (x > 0.0)
            if taken.any():
                worth[name] = self.problem.value(np.where(taken, 0.0, x), eta) - base
        return max(worth, key=lambda name: worth[name]) if worth else ""


def flips(x: Floats, chosen: str, ends: list[InputEnd], candidates: Mapping[str, Candidate], gap: float) -> Iterator[FlipRow]:
    """Rows of what would change a plan.

    Parameters
    ----------
    x : array (decision,)
        The plan.
    chosen : str
        Its first choice.
    ends : list of InputEnd
    candidates : mapping of str to Candidate
    gap : float
        Gap of the solves.
    """
    for end in ends:
        problem = end.problem()
        found = problem.solve(gap=gap)
        kept = problem.judged(np.where(problem.free, x, problem.nothing), problem.recourse, found.eta)
        regret = max(0.0, kept.objective - found.upper_bound)
        first = FirstChoice(problem, candidates).of(found.x[: len(x)], found.eta)
        yield FlipRow(
            input=end.name, end=end.end, value=end.value, unit=end.unit, gain_usd=(problem.before.objective - found.upper_bound) * MILLION,
            regret_usd=regret * MILLION, first_choice=first, changes=bool(chosen) and first != chosen,
        )  # fmt: skip
