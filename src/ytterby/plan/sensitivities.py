"""Inputs of a plan at the ends of their ranges, as problems of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.what_changes import FirstChoice, InputEnd

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.facts.candidates import Candidate
    from ytterby.plan.parties import Party
    from ytterby.plan.plan_making import PlanData
    from ytterby.plan.problem import PlanProblem

    Floats = NDArray[np.float64]

HAZARD = (0.19, 0.61)
"""Yearly rate of new Chinese restrictions on rare earths at the ends of its band [1/year]."""
DEPTH = (0.75, 1.25)
"""Factor on the depth of restrictions (assumed)."""
PRIVATE = (0.08, 0.14)
"""Private rate at the ends of its range (ASM010) [1/year]."""
SOCIAL = (0.03, 0.08)
"""Social rate at the ends of its range (ASM009) [1/year]."""
SEARCHED = (0.1, 3.0)
"""Factors on the rate of restrictions between which the flip is looked for."""
STEPS = 6


def sensitivities(data: PlanData, problem: PlanProblem, members: tuple[Party, ...], budgets: Mapping[str, float]) -> Iterator[InputEnd]:
    """Inputs at both ends of their ranges, each with the plan's problem there.

    Parameters
    ----------
    data : PlanData
    problem : PlanProblem
        The plan's own problem.
    members : tuple of Party
    budgets : mapping of str to float
        [million USD]
    """

    def of(other: PlanData) -> PlanProblem:
        return other.problem(
            members, budgets, limits=problem.limits, shares=problem.shares, whole_units=problem.whole_units, weight=problem.weight,
            alpha=problem.alpha,
        )  # fmt: skip

    shocks = data.shocks
    assert shocks is not None
    ends = ("low", "high")
    for end, rate in zip(ends, HAZARD, strict=True):
        yield InputEnd("rate of restrictions", end, rate, "a year", partial(of, replace(data, shocks=shocks.at_rate(rate))))
    for end, factor in zip(ends, DEPTH, strict=True):
        yield InputEnd("depth of restrictions", end, factor, "x", partial(of, replace(data, shocks=shocks.deeper(factor))))
    for number, end in enumerate(ends):
        yield InputEnd("costs of measures", end, float(number), "end of range", partial(of, replace(data, end=end)))
    for end, rate in zip(ends, PRIVATE, strict=True):
        yield InputEnd("private rate", end, rate, "a year", partial(of, replace(data, rates=replace(data.rates, private=rate))))
    for end, rate in zip(ends, SOCIAL, strict=True):
        yield InputEnd("social rate", end, rate, "a year", partial(of, replace(data, rates=replace(data.rates, social=rate))))


def flip_probability(data: PlanData, problem: PlanProblem, first: str, candidates: Mapping[str, Candidate], gap: float) -> float | None:
    """Yearly probability of a restriction nearest to today's at which another group of measures comes first; None if none does.

    Parameters
    ----------
    data : PlanData
    problem : PlanProblem
        The plan's own problem; its cuts serve all probabilities.
    first : str
        First choice of the plan.
    candidates : mapping of str to Candidate
    gap : float
        Gap of the solves.
    """
    shocks = data.shocks
    assert shocks is not None
    for factor in sorted(np.geomspace(*SEARCHED, STEPS), key=lambda value: abs(np.log(value))):
        other = problem.with_probability(np.asarray(shocks.at_rate(shocks.rate * factor).weights))
        found = other.solve(gap=gap)
        choice = FirstChoice(other, candidates).of(found.x[: len(other.public)], found.eta)
        if choice != first:
            return float(1.0 - np.exp(-shocks.rate * factor))
    return None
