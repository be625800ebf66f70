"""Inputs of a plan at the ends of their ranges, as problems of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.parties import DOMINANT
from ytterby.plan.shocks import shock_paths
from ytterby.plan.what_changes import FirstChoice, InputEnd
from ytterby.validation.hazard import probability

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.parties import Party
    from ytterby.plan.plan_making import PlanData
    from ytterby.plan.problem import PlanProblem
    from ytterby.plan.shocks import ShockPaths

    Floats = NDArray[np.float64]


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
    central, *band = restriction_rate(data, shocks)
    for end, rate in zip(ends, band, strict=True):
        yield InputEnd("rate of restrictions", end, rate, "a year", partial(_at_rate, of, data, shocks, rate / central))
    for end, factor in zip(ends, DEPTH, strict=True):
        yield InputEnd("depth of restrictions", end, factor, "x", partial(of, replace(data, shocks=shocks.deeper(factor))))
    for number, end in enumerate(ends):
        yield InputEnd("costs of measures", end, float(number), "end of range", partial(of, replace(data, end=end)))
    for end, rate in zip(ends, PRIVATE, strict=True):
        yield InputEnd("private rate", end, rate, "a year", partial(of, replace(data, rates=replace(data.rates, private=rate))))
    for end, rate in zip(ends, SOCIAL, strict=True):
        yield InputEnd("social rate", end, rate, "a year", partial(of, replace(data, rates=replace(data.rates, social=rate))))


def _at_rate(of: Callable[[PlanData], PlanProblem], data: PlanData, shocks: ShockPaths, factor: float) -> PlanProblem:
    """Problem with restrictions more or less frequent by a factor."""
    return of(replace(data, shocks=redrawn(data, shocks, factor)))


def redrawn(data: PlanData, shocks: ShockPaths, factor: float) -> ShockPaths:
    """Paths of the same seed with another rate of restrictions."""
    return shock_paths(
        data.facts, data.system, shocks.parties, seed=data.seed, keep=len(shocks.weights), years=shocks.years, as_of=_as_of(shocks),
        rate_factor=factor,
    )  # fmt: skip


def _as_of(shocks: ShockPaths) -> dt.date | None:
    """Last day of the record behind drawn paths."""
    return shocks.source.as_of if shocks.source else None


def restriction_rate(data: PlanData, shocks: ShockPaths) -> tuple[float, float, float]:
    """Yearly rate of new restrictions of the dominant supplier on rare earths, with the ends of its 80 % band [1/year]."""
    found = probability(data.facts, DOMINANT, "rare_earths", until=_as_of(shocks))
    return found.rate, found.rate_low, found.rate_high


def flip_probability(data: PlanData, problem: PlanProblem, first: str, candidates: Mapping[str, Candidate], gap: float) -> float | None:
    """Yearly probability of a restriction nearest to today's at which another group of measures comes first; None if none does.

    Parameters
    ----------
    data : PlanData
    problem : PlanProblem
        The plan's own problem.
    first : str
        First choice of the plan.
    candidates : mapping of str to Candidate
    gap : float
        Gap of the solves.
    """
    shocks = data.shocks
    assert shocks is not None
    rate = restriction_rate(data, shocks)[0]
    for factor in sorted(np.geomspace(*SEARCHED, STEPS), key=lambda value: abs(float(np.log(value)))):
        paths = redrawn(data, shocks, factor)
        other = problem.facing(data.left_by(paths), np.asarray(paths.weights))
        found = other.solve(gap=gap)
        choice = FirstChoice(other, candidates).of(found.x[: len(other.public)], found.eta)
        if choice != first:
            return float(1.0 - np.exp(-rate * factor))
    return None
