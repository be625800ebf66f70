"""What would change a plan: inputs at the ends of their ranges, and what keeping the plan would cost there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.plan.judged_result import FlipRow
from ytterby.plan.near_plans import groups_of_decisions
from ytterby.plan.party_flows import MILLION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.decisions import Decision
    from ytterby.plan.problem import PlanProblem

    Floats = NDArray[np.float64]

END_WEIGHT = 0.3
"""Weight of each end of a range."""


class InputEnd(NamedTuple):
    """An input at one end of its range."""

    name: str
    end: str
    value: float
    unit: str
    problem: Callable[[], PlanProblem]
    """The plan's problem there; it may have other decisions, since what pays alone depends on costs."""


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


def flips(
    plan: PlanProblem, x: Floats, chosen: str, ends: Iterable[InputEnd], candidates: Mapping[str, Candidate], gap: float
) -> Iterator[FlipRow]:
    """Rows of what would change a plan.

    Parameters
    ----------
    plan : PlanProblem
        The plan's own problem.
    x : array (decision,)
        The plan.
    chosen : str
        Its first choice.
    ends : iterable of InputEnd
    candidates : mapping of str to Candidate
    gap : float
        Gap of the solves.
    """
    for end in ends:
        problem = end.problem()
        found = problem.solve(gap=gap)
        kept = problem.judged(carried(plan, x, problem), problem.recourse, found.eta)
        best = min(found.upper_bound, kept.objective)
        first = FirstChoice(problem, candidates).of(found.x[: len(problem.public)], found.eta)
        yield FlipRow(
            input=end.name, end=end.end, value=end.value, unit=end.unit, gain_usd=(problem.before.objective - best) * MILLION,
            regret_usd=(kept.objective - best) * MILLION, first_choice=first, changes=bool(chosen) and first != chosen,
        )  # fmt: skip


def carried(plan: PlanProblem, x: Floats, problem: PlanProblem) -> Floats:
    """The same decisions in another problem (decision,): what pays alone there is built, what is no choice there is left out."""
    taken = {_key(each): float(share) for each, share in zip(plan.programme.decisions, x, strict=True)}
    same = np.array([taken.get(_key(each), 0.0) for each in problem.programme.decisions])
    return np.where(problem.free, same, problem.nothing)


def _key(each: Decision) -> tuple[str, str, int]:
    return each.candidate, each.party, each.start


def worth_knowing(rows: Iterable[FlipRow]) -> dict[str, float]:
    """What it would be worth to know each input before money is spent [USD], the most first.

    The regret of keeping the plan, in the mean over the input: its ends stand for three tenths each, its centre, where there is no
    regret, for four (Swanson's rule for the quantiles 10, 50 and 90 %).
    """
    found: dict[str, float] = {}
    for row in rows:
        found[row.input] = found.get(row.input, 0.0) + END_WEIGHT * row.regret_usd
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))
