"""Inputs of a plan at the ends of their ranges, as problems of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.parties import DOMINANT
from ytterby.plan.shocks import shock_paths
from ytterby.plan.what_changes import FirstChoice, InputEnd
from ytterby.system import demand_paths
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
LENGTH = (0.5, 2.0)
"""Factor on the length of restrictions (assumed)."""
PRICE = (0.6, 1.6)
"""Factor on the base prices of all goods (assumed)."""
PRIVATE = (0.08, 0.14)
"""Private rate at the ends of its range (ASM010) [1/year]."""
SOCIAL = (0.03, 0.08)
"""Social rate at the ends of its range (ASM009) [1/year]."""
ENDS = ("low", "high")
SEARCHED = (0.1, 3.0)
"""Factors on the rate of restrictions between which the flip is looked for."""
STEPS = 6
HALVINGS = 3
"""Times that the interval in which the choice flips is halved."""


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

    for name, unit, ends in (*_of_shocks(data), *_of_costs(data)):
        for end, (value, changed) in zip(ENDS, ends, strict=True):
            yield InputEnd(name, end, value, unit, partial(_problem, of, changed))


Ends = tuple[tuple[float, "Callable[[], PlanData]"], ...]
"""Value of an input at its low and at its high end, and what makes the data there."""


def _problem(of: Callable[[PlanData], PlanProblem], changed: Callable[[], PlanData]) -> PlanProblem:
    return of(changed())


def _of_shocks(data: PlanData) -> Iterator[tuple[str, str, Ends]]:
    """How often, how deep and how long restrictions are: name, unit and both ends of each."""
    shocks = data.shocks
    assert shocks is not None
    central, *band = restriction_rate(data, shocks)

    def drawn(**factors: float) -> PlanData:
        return replace(data, shocks=redrawn(data, shocks, **factors))

    yield "rate of restrictions", "a year", tuple((rate, partial(drawn, rate_factor=rate / central)) for rate in band)
    yield "depth of restrictions", "x", tuple((factor, partial(replace, data, shocks=shocks.deeper(factor))) for factor in DEPTH)
    yield "length of restrictions", "x", tuple((factor, partial(drawn, length_factor=factor)) for factor in LENGTH)


def _of_costs(data: PlanData) -> Iterator[tuple[str, str, Ends]]:
    """Prices, costs, rates and the path of demand: name, unit and both ends of each."""
    yield "prices of goods", "x", tuple((factor, partial(replace, data, price_factor=factor)) for factor in PRICE)
    for name, figure, parameter in (("capital of plants", "capex", "end"), ("running cost of plants", "opex", "running_end")):
        ends = tuple((_cost_over_central(data, figure, end), partial(replace, data, **{parameter: end})) for end in ENDS)
        yield name, "x", ends
    for name, values, rate in (("private rate", PRIVATE, "private"), ("social rate", SOCIAL, "social")):
        yield name, "a year", tuple((value, partial(replace, data, rates=replace(data.rates, **{rate: value}))) for value in values)
    others = [replace(data, path=path) for path in demand_paths()]
    growth = sorted(((_growth(other), other) for other in others), key=lambda pair: pair[0])
    yield "use of magnets", "x from first to last year", tuple((value, partial(replace, other)) for value, other in (growth[0], growth[-1]))


def _cost_over_central(data: PlanData, figure: str, end: str) -> float:
    """Median over the candidates of a cost at an end of its range over its central value [1]."""
    costs = [candidate.figures[figure] for candidate in data.candidates if candidate.kind != "stockpile"]
    ratios = [float(getattr(cost, end)) / float(cost.value) for cost in costs if cost.value > 0.0]
    return float(np.nanmedian(ratios)) if ratios else 1.0


def _growth(data: PlanData) -> float:
    """Use of magnets in the last year of a plan over that in the first, in the whole world [1]."""
    use, goods = data.reference.use, data.reference.system.demands["commodity"]
    magnets = goods.str.startswith(("magnet.", "component.")).to_numpy()
    return float(use[-1, magnets].sum() / use[0, magnets].sum())


def redrawn(data: PlanData, shocks: ShockPaths, *, rate_factor: float = 1.0, length_factor: float = 1.0) -> ShockPaths:
    """Paths of the same seed with another rate or length of restrictions."""
    return shock_paths(
        data.facts, data.system, shocks.parties, seed=data.seed, keep=len(shocks.weights), years=shocks.years, as_of=_as_of(shocks),
        rate_factor=rate_factor, length_factor=length_factor, as_one=shocks.source.as_one if shocks.source else False,
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
    rate, kept = restriction_rate(data, shocks)[0], [1.0]

    def another(factor: float) -> bool:
        paths = redrawn(data, shocks, rate_factor=factor)
        other = problem.facing(data.left_by(paths), np.asarray(paths.weights))
        found = other.solve(gap=gap)
        return FirstChoice(other, candidates).of(found.x[: len(other.public)], found.eta) != first

    for factor in sorted(np.geomspace(*SEARCHED, STEPS), key=lambda value: abs(float(np.log(value)))):
        if not another(float(factor)):
            kept.append(float(factor))
            continue
        same = min(kept, key=lambda value: abs(float(np.log(value / factor))))
        return float(1.0 - np.exp(-rate * _boundary(another, same, float(factor))))
    return None


def _boundary(another: Callable[[float], bool], same: float, other: float) -> float:
    """Factor between one at which the choice is the same and one at which it is another, by halving in logarithms."""
    for _ in range(HALVINGS):
        middle = float(np.sqrt(same * other))
        same, other = (same, middle) if another(middle) else (middle, other)
    return float(np.sqrt(same * other))
