"""Use case: what a budget of public money buys against restrictions, for one party or for allies as one."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.bases import base_system, scenario_base
from ytterby.economy import gdp_usd
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import candidates, load, select_candidates
from ytterby.plan import (
    OTHERS,
    RESIMULATED_AT,
    FirstChoice,
    FlipRow,
    FreshResult,
    InputEnd,
    PlanData,
    PlanMeasures,
    PlanReading,
    PlanResult,
    PortfolioReading,
    Rates,
    Resimulated,
    SelfSufficiencyRow,
    StabilityResult,
    TargetResult,
    environment,
    flips,
    fresh_paths,
    groups_of_decisions,
    industries,
    near_plans,
    parse_limit,
    parties_of,
    plan_limits,
    price_war,
    read_shocks,
    resimulate,
    shock_paths,
)
from ytterby.plan import plan_result as rows
from ytterby.system import DEFAULT_PATH, demand_paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from ytterby.facts import Candidate, Facts
    from ytterby.plan import Limit, Party, PlanProblem, ShockPaths
    from ytterby.solver import TwoStageSolution

    Floats = NDArray[np.float64]

MILLION = 1e6
BUDGETS = (0.05e9, 0.25e9, 1e9, 2.5e9, 5e9, 10e9)
"""Budgets of the curve [USD]."""
FRESH = 500
"""Paths on which a plan is judged that were not used to make it."""
DRAWS = 200
"""Paired draws of the re-simulation."""
GAP = 1e-2
NO_LIMIT = 1e6
"""Budget that limits nothing [million USD]."""
OTHER_SEED = 7919
"""Added to the seed for paths that are independent of those of the plan."""


@dataclass(frozen=True)
class PlanRequest:
    """What is planned, for whom and with what money."""

    allies: tuple[str, ...] = ("JP",)
    budget: float | None = None
    """Public money of all together [USD]; None for no limit."""
    budget_by: str | None = None
    """Public money of each party, ``JP=2e9,US=3e9`` [USD]."""
    scenarios: int = 20
    shocks: str | None = None
    """File with own paths, or ``none``."""
    seed: int = 1
    limits: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    units: bool = False
    slack: float = 0.05
    path: str | None = None
    as_of: dt.date | None = None
    sensitivity: bool = False
    resimulate: bool = False
    draft: Path | None = None
    out: Path | None = None
    time_limit: float | None = None
    project: Path = Path(".ytterby")


def plan(request: PlanRequest, progress: Callable[[int, int], None] | None = None) -> PlanResult:
    """Best portfolio of measures, what the next billion adds, what stays, and what would change it.

    Parameters
    ----------
    request : PlanRequest
    progress : callable, optional
        Called with steps done and steps in all.

    Raises
    ------
    UnknownNameError
        For an unknown party, path of demand or limit.
    InputError
        For a negative budget, a budget of one who does not plan, a party named twice, a limit that cannot be read.
    ConflictingLimitsError
        If limits contradict each other; names the smallest set that does.
    """
    began = time.perf_counter()
    work = _Work(request, progress)
    found = work.result(began)
    if request.draft:
        work.write_draft(request.draft)
        found = found.model_copy(update={"draft": str(request.draft)})
    if request.out:
        save_tables(found, request.out)
    return found


def budgets_of(request: PlanRequest, members: tuple[Party, ...]) -> dict[str, float]:
    """Budgets by party, or of all together under the empty name [million USD].

    Raises
    ------
    InputError
        For an amount below nil or that is no number, or a party that does not plan.
    """
    if request.budget is not None and not (request.budget >= 0.0 and np.isfinite(request.budget)):
        raise InputError(f"--budget: {request.budget:g} is not an amount of at least 0 USD")
    found = {"": NO_LIMIT if request.budget is None else request.budget / MILLION}
    if request.budget_by is None:
        return found
    codes = [member.code for member in members]
    named: dict[str, float] = {}
    for part in request.budget_by.split(","):
        name, _, amount = part.partition("=")
        if name.strip() not in codes:
            raise UnknownNameError("party of the plan", name.strip(), codes, "--budget-by")
        named[name.strip()] = _amount(amount, part)
    missing = [code for code in codes if code not in named]
    if missing:
        raise InputError(f"--budget-by: gives no amount for {', '.join(missing)}")
    return named if request.budget is None else found | named


def _amount(text: str, whole: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"--budget-by: '{whole}' is not of the form JP=2e9") from None
    if not (value >= 0.0 and np.isfinite(value)):
        raise InputError(f"--budget-by: '{whole}' is not an amount of at least 0 USD")
    return value / MILLION


@dataclass(frozen=True, eq=False)
class _Work:
    """A plan on its way: data, problem, solution and what is read from it."""

    request: PlanRequest
    progress: Callable[[int, int], None] | None = None
    steps: list[int] = field(default_factory=lambda: [0])

    def step(self) -> None:
        """Tell that a step is done."""
        self.steps[0] += 1
        if self.progress:
            self.progress(self.steps[0], 8 + 2 * self.request.sensitivity)

    @cached_property
    def facts(self) -> Facts:
        return load(self.request.project)

    @cached_property
    def path(self) -> str:
        name = self.request.path or DEFAULT_PATH
        if name not in demand_paths():
            raise UnknownNameError("demand path", name, demand_paths(), "--path")
        return name

    @cached_property
    def candidates(self) -> dict[str, Candidate]:
        """Measures to choose from, as known on the day asked for."""
        known = select_candidates(candidates(), as_of=str(self.request.as_of) if self.request.as_of else "")
        return {each.id: each for each in known}

    @cached_property
    def members(self) -> tuple[Party, ...]:
        return parties_of(self.request.allies, base_system(2024, self.facts, self.request.project))

    @cached_property
    def data(self) -> PlanData:
        system = base_system(2024, self.facts, self.request.project)
        return PlanData(system, self.facts, tuple(self.candidates.values()), self._shocks(self.request.seed), self.path)

    def _shocks(self, seed: int, count: int | None = None) -> ShockPaths | None:
        if self.request.shocks == "none":
            return None
        system = base_system(2024, self.facts, self.request.project)
        codes = [member.code for member in self.members]
        if self.request.shocks:
            return read_shocks(Path(self.request.shocks), codes)
        if count is not None:
            return fresh_paths(self.facts, system, codes, count, seed=seed, as_of=self.request.as_of)
        return shock_paths(self.facts, system, codes, seed=seed, keep=self.request.scenarios, as_of=self.request.as_of)

    @cached_property
    def budgets(self) -> dict[str, float]:
        return budgets_of(self.request, self.members)

    @cached_property
    def limits(self) -> list[Limit]:
        years = self.data.reference.years
        return [
            *(parse_limit(text, years) for text in self.request.limits),
            *(parse_limit(text, years, "--target") for text in self.request.targets),
        ]

    @cached_property
    def problem(self) -> PlanProblem:
        burdens, shares = plan_limits(self.limits, self.data, self.members, self.candidates)
        return self.data.problem(self.members, self.budgets, limits=burdens, shares=shares, whole_units=self.request.units)

    @cached_property
    def solution(self) -> TwoStageSolution:
        return self.problem.solve(gap=GAP, time_limit=self.request.time_limit)

    @cached_property
    def x(self) -> Floats:
        """Decisions of the plan: of those as good as the best within a hundredth of the gain, the ones with least public money."""
        return self.problem.thriftiest(self.solution)
