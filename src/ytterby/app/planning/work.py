"""A plan on its way: its data, its problem, its solution, and what is read from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.articles.watch import track_record
from ytterby.app.planning.inputs import PlanInputs
from ytterby.app.planning.request import budgets_of
from ytterby.plan import (
    PlanData,
    PlanMeasures,
    PlanReading,
    PortfolioReading,
    parse_limit,
    parties_of,
    plan_limits,
    read_shocks,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.app.planning.request import PlanRequest
    from ytterby.facts import Candidate
    from ytterby.plan import Limit, Party, PlanOutcome, PlanProblem, ShockPaths, TrackRecord
    from ytterby.solver import TwoStageSolution

    Floats = NDArray[np.float64]

GAP = 1e-2
NOTHING = 1e-2
"""Gain below which a plan is none [million USD]."""
THRIFT = 2.5e-3
"""Share of the gain that a plan may give up at most for less public money [1]."""


def thrift_of(found: TwoStageSolution) -> float:
    """Share of the gain that a plan may give up for less public money and still be within :data:`GAP` of the lower bound [1].

    Leaving out crumbs may take as much again, and the gain itself is smaller then.
    """
    return min(max(GAP - found.gap, 0.0) / (2.0 * (1.0 + GAP)), THRIFT)


@dataclass(frozen=True, eq=False)
class PlanWork:
    """A plan that is being made; everything is worked out when it is first asked for."""

    request: PlanRequest
    progress: Callable[[int, int], None] | None = None
    steps: list[int] = field(default_factory=lambda: [0])

    def step(self) -> None:
        """Tell that a step is done."""
        self.steps[0] += 1
        if self.progress:
            self.progress(self.steps[0], 8 + 2 * self.request.sensitivity)

    @cached_property
    def inputs(self) -> PlanInputs:
        """Figures, base, path of demand and candidates."""
        request = self.request
        return PlanInputs(request.project, request.path, request.as_of, self.record)

    @cached_property
    def record(self) -> TrackRecord | None:
        """What became of promises up to the day of the plan; None where the plan does not ask."""
        return track_record(self.request.project, self.request.as_of) if self.request.watch_prior else None

    @property
    def candidates(self) -> dict[str, Candidate]:
        """Measures to choose from."""
        return self.inputs.candidates

    @cached_property
    def members(self) -> tuple[Party, ...]:
        """Who plans."""
        return parties_of(self.request.allies, self.inputs.system)

    @cached_property
    def data(self) -> PlanData:
        """What all plans of the base share."""
        own, seed = self.inputs, self.request.seed
        return PlanData(own.system, own.facts, tuple(own.candidates.values()), self.shocks_of(seed), own.path, seed=seed, as_of=own.as_of)

    def shocks_of(self, seed: int) -> ShockPaths | None:
        """Weighted paths of a seed, those of a file, or none."""
        if self.request.shocks == "none":
            return None
        if self.request.shocks:
            return read_shocks(Path(self.request.shocks))
        return self.inputs.shocks(tuple(member.code for member in self.members), seed, self.request.scenarios, as_one=True)

    @cached_property
    def budgets(self) -> dict[str, float]:
        """Budgets by party, or of all under the empty name [million USD]."""
        return budgets_of(self.request, self.members)

    @cached_property
    def limits(self) -> list[Limit]:
        """Limits and targets."""
        years = self.data.reference.years
        return [
            *(parse_limit(text, years) for text in self.request.limits),
            *(parse_limit(text, years, "--target") for text in self.request.targets),
        ]

    @cached_property
    def problem(self) -> PlanProblem:
        """What is to be decided, against which paths."""
        burdens, shares = plan_limits(self.limits, self.data, self.members, self.candidates)
        return self.data.problem(self.members, self.budgets, limits=burdens, shares=shares, whole_units=self.request.units)

    @cached_property
    def solution(self) -> TwoStageSolution:
        """Best decisions, with bounds."""
        return self.problem.solve(gap=GAP, time_limit=self.request.time_limit)

    @cached_property
    def x(self) -> Floats:
        """Decisions of the plan: of those as good as the best, the ones with least public money (decision,)."""
        if not self.problem.free.any() or self.problem.before.objective - self.solution.upper_bound < NOTHING:
            return self.problem.nothing
        return self.problem.thriftiest(self.solution, thrift_of(self.solution))

    @cached_property
    def after(self) -> PlanOutcome:
        """What the plan comes to."""
        if np.array_equal(self.x, self.problem.nothing):
            return self.problem.before
        return self.problem.judged(self.x, self.problem.recourse, self.solution.eta, keep=True)

    @cached_property
    def reading(self) -> PlanReading:
        """The plan beside doing nothing."""
        return PlanReading(self.problem, self.x, self.after, self.problem.before)

    @cached_property
    def portfolio(self) -> PortfolioReading:
        """Measures in and out, and why."""
        count = len(self.x)
        return PortfolioReading(
            self.problem, self.x, self.solution.reduced_costs[:count], self.reading, self._outcome, self.data.maker, self.candidates
        )

    def _outcome(self, x: Floats) -> PlanOutcome:
        return self.problem.judged(x, self.problem.recourse, self.solution.eta, keep=True)

    @property
    def gain(self) -> float:
        """Fall of the objective against doing nothing [million USD]."""
        return self.problem.before.objective - self.after.objective

    @cached_property
    def measures(self) -> PlanMeasures:
        """The plan as measures of a scenario."""
        decisions = self.problem.programme.decisions
        chosen = tuple((each, float(share)) for each, share in zip(decisions, self.reading.change, strict=True))
        alone = tuple((each, 1.0) for each in decisions if each.pays_alone)
        return PlanMeasures(self.data.maker, self.candidates, self.members, chosen, alone)
