"""Use case: what a budget of public money buys against restrictions, for one party or for allies as one."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.bases import scenario_base
from ytterby.app.plan_inputs import MILLION, PlanInputs, amount, amounts_by
from ytterby.economy import gdp_usd
from ytterby.errors import InputError
from ytterby.plan import (
    OTHERS,
    RESIMULATED_AT,
    RESIMULATED_DEPTH,
    BindingLimit,
    CurvePoint,
    FirstChoice,
    FreshResult,
    NearResult,
    PlanData,
    PlanMeasures,
    PlanReading,
    PlanResult,
    PortfolioReading,
    Resimulated,
    ResimulatedParty,
    SelfSufficiencyRow,
    StabilityResult,
    TargetResult,
    compared_with,
    environment,
    flip_probability,
    flips,
    fresh,
    groups_of_decisions,
    industries,
    judged_on,
    least_public,
    near_plans,
    parse_limit,
    parties_of,
    plan_limits,
    price_war,
    promised,
    public_money,
    read_shocks,
    resimulate,
    self_sufficiency,
    sensitivities,
    why_apart,
    worth_knowing,
)
from ytterby.solver import ConflictingLimitsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan import Limit, Outcome, Party, PlanProblem, Resimulation, ShockPaths
    from ytterby.solver import TwoStageSolution

    Floats = NDArray[np.float64]

BUDGETS = (0.05e9, 0.25e9, 1e9, 2.5e9, 5e9, 10e9)
"""Budgets of the curve [USD]."""
FRESH = 200
"""Paths on which a plan is judged that were not used to make it."""
DRAWS = 200
"""Paired draws of the re-simulation."""
GAP = 1e-2
NOTHING = 1e-2
"""Gain below which a plan is none [million USD]."""
NEAR = 0.4
"""How near the ends of near-optimal ranges are brought to their bounds, over the way from the plan."""
SMALL_DUAL = 1e-6
ASSUMED = ("assumed", "generic")
"""How figures are known that no source states for the plant itself."""
PAID_BY = ("capex", "opex", "effect", "cover")
"""Figures on which the public money of a measure rests: cost of building or buying, of running or holding, and what it does."""
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


def rests_on_assumed(candidate: Candidate) -> bool:
    """Whether any figure behind the public money of a measure is assumed; those of no plant of its own count as such."""
    return any(candidate.figures[name].basis in ASSUMED for name in PAID_BY)


def budgets_of(request: PlanRequest, members: tuple[Party, ...]) -> dict[str, float]:
    """Budgets by party, or of all together under the empty name [million USD].

    Raises
    ------
    InputError
        For an amount below nil or that is no number, or a party that does not plan.
    """
    pooled, codes = amount(request.budget), [member.code for member in members]
    found = {} if pooled is None else {"": pooled}
    if request.budget_by is None:
        return found
    named = amounts_by(request.budget_by, codes, "party of the plan")
    missing = [code for code in codes if code not in named]
    if missing:
        raise InputError(f"--budget-by: gives no amount for {', '.join(missing)}")
    return found | named


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
    def inputs(self) -> PlanInputs:
        return PlanInputs(self.request.project, self.request.path, self.request.as_of)

    @property
    def candidates(self) -> dict[str, Candidate]:
        """Measures to choose from."""
        return self.inputs.candidates

    @cached_property
    def members(self) -> tuple[Party, ...]:
        return parties_of(self.request.allies, self.inputs.system)

    @cached_property
    def data(self) -> PlanData:
        own, seed = self.inputs, self.request.seed
        return PlanData(own.system, own.facts, tuple(own.candidates.values()), self._shocks(seed), own.path, seed=seed, as_of=own.as_of)

    def _shocks(self, seed: int) -> ShockPaths | None:
        """Weighted paths of a seed, those of a file, or none."""
        if self.request.shocks == "none":
            return None
        if self.request.shocks:
            return read_shocks(Path(self.request.shocks))
        return self.inputs.shocks(tuple(member.code for member in self.members), seed, self.request.scenarios, as_one=True)

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
        """Decisions of the plan: of those as good as the best, the ones with least public money (decision,)."""
        if not self.problem.free.any() or self.problem.before.objective - self.solution.upper_bound < NOTHING:
            return self.problem.nothing
        return self.problem.thriftiest(self.solution, GAP / 4.0)

    @cached_property
    def after(self) -> Outcome:
        """What the plan comes to."""
        if np.array_equal(self.x, self.problem.nothing):
            return self.problem.before
        return self.problem.judged(self.x, self.problem.recourse, self.solution.eta, keep=True)

    @cached_property
    def reading(self) -> PlanReading:
        return PlanReading(self.problem, self.x, self.after, self.problem.before)

    @cached_property
    def portfolio(self) -> PortfolioReading:
        count = len(self.x)
        return PortfolioReading(
            self.problem, self.x, self.solution.reduced_costs[:count], self.after.objective, self._value, self.data.maker, self.candidates
        )

    def _value(self, x: Floats) -> float:
        return self.problem.value(x, self.solution.eta)

    @property
    def gain(self) -> float:
        """Fall of the objective against doing nothing [million USD]."""
        return self.problem.before.objective - self.after.objective

    def result(self, began: float) -> PlanResult:
        """Everything that the plan says."""
        before, after, maker = self.problem.before, self.after, self.data.maker
        portfolio = self.portfolio.rows()
        codes = tuple(member.code for member in self.members)
        self.step()
        lower = min(self.solution.lower_bound, after.objective) - before.objective
        upper = after.objective - before.objective
        found: dict[str, Any] = {
            "parties": codes,
            "budget": None if self.request.budget is None and not self.request.budget_by else sum(self.budgets.values()) * MILLION,
            "years": (self.data.reference.years[0], self.data.reference.years[-1]),
            "scenarios": len(self.data.probability),
            "seed": self.request.seed,
            "as_of": str(self.request.as_of) if self.request.as_of else None,
            "portfolio": portfolio,
            "left_out": self.portfolio.left_out(),
            "pays_alone": tuple(self.portfolio.pays_alone()),
            "cost_usd": (after.resource_cost - before.resource_cost) * MILLION,
            "public_usd": float(self.problem.public @ self.reading.change) * MILLION,
            "risk_before": before.expected_loss * MILLION,
            "risk_after": after.expected_loss * MILLION,
            "cvar_before": before.cvar * MILLION,
            "cvar_after": after.cvar * MILLION,
            "gain_usd": self.gain * MILLION,
            "lower_bound": lower * MILLION,
            "upper_bound": upper * MILLION,
            "gap": (upper - lower) / self.gain if self.gain > NOTHING else 0.0,
            "ended": self.solution.ended,
            "binding": tuple(self._binding()),
            "families": self._families(),
            "accounts": tuple(self.reading.accounts()),
            "spending": tuple(public_money(self.problem, self.reading.change, self.candidates)),
            "curve": tuple(self._curve()),
            "near": self._near(),
            "residual": tuple(self.reading.residual()),
            "price_war": price_war(self.problem, self.x, maker),
            "industries": tuple(industries(self.problem, self.x, maker, self.candidates, self._gdp(), self.reading.jobs_at_risk())),
            "environment": tuple(environment(self.problem, self.x, maker, self.candidates)),
            "self_sufficiency": tuple(self._self_sufficiency()),
            "targets": self._targets() if self.request.targets else None,
            "compared_with": tuple(compared_with(self.inputs.facts, codes, portfolio, self.request.as_of)),
            "share_assumed": self._share_assumed(),
            "draft": None,
        }
        found |= self._judged_elsewhere()
        found |= self._what_changes()
        found["risk_resimulated"] = self._resimulated() if self.request.resimulate else None
        return PlanResult(**found, seconds=round(time.perf_counter() - began, 3))

    def _families(self) -> dict[str, float]:
        """Probability of paths by what restricts them most, the likeliest first."""
        shocks = self.data.shocks
        if shocks is None:
            return {"none": 1.0}
        total: dict[str, float] = {}
        for name, weight in zip(shocks.family, shocks.weights, strict=True):
            total[name] = total.get(name, 0.0) + float(weight)
        return dict(sorted(total.items(), key=lambda pair: -pair[1]))

    def _binding(self) -> Iterator[BindingLimit]:
        """Limits with a dual value, the dearest first."""
        named: dict[str, float] = {}
        for row, dual in zip(self.problem.first_stage.limits or (), self.solution.row_duals, strict=True):
            if row and np.isfinite(dual) and abs(dual) > SMALL_DUAL:
                named[row] = named.get(row, 0.0) + abs(float(dual))
        for name, dual in sorted(named.items(), key=lambda pair: -pair[1]):
            yield BindingLimit(limit=name, dual=dual)

    def _curve(self) -> Iterator[CurvePoint]:
        """Best plans under other budgets, with the cuts of this one; none where a budget does not reach the targets."""
        whole = sum(self.budgets.values())
        for budget in BUDGETS:
            share = {name: budget / MILLION * amount / whole if whole > 0.0 else 0.0 for name, amount in self.budgets.items()}
            budgets = share if self.request.budget_by else {"": budget / MILLION}
            problem = self.problem.with_budgets(budgets)
            try:
                found = problem.solve(gap=GAP)
            except ConflictingLimitsError:  # so little money does not reach the targets
                continue
            x, outcome = problem.nothing, problem.before
            if problem.before.objective - found.upper_bound >= NOTHING:
                x = problem.thriftiest(found, GAP / 4.0)
                outcome = problem.judged(x, problem.recourse, found.eta)
            yield CurvePoint(
                budget=budget,
                public_usd=float(problem.public @ np.where(problem.free, x, 0.0)) * MILLION,
                gain=(problem.before.objective - outcome.objective) * MILLION,
                expected_loss=outcome.expected_loss * MILLION,
                cvar=outcome.cvar * MILLION,
            )
        self.step()

    def _near(self) -> NearResult | None:
        if self.gain <= NOTHING or self.request.slack <= 0.0:
            return None
        groups = groups_of_decisions(self.problem, self.candidates)
        found = near_plans(
            self.problem,
            groups,
            self.x,
            self.request.slack,
            lambda costs: self.problem.extremes(self.solution, costs, self.request.slack, NEAR),
        )
        self.step()
        return found

    def _gdp(self) -> dict[str, float]:
        known = {member.code: gdp_usd(self.inputs.facts, member.code) for member in self.members}
        return {code: amount for code, amount in known.items() if amount > 0.0}

    def _self_sufficiency(self) -> Iterator[SelfSufficiencyRow]:
        """Own output over own use of the magnet elements by stage in 2030, 2035 and 2040."""
        for block in self.problem.programme.blocks:
            for stage in ("oxide", "metal", "magnet"):
                for year in (2030, 2035, 2040):
                    before, after = (self_sufficiency(self.problem, block, stage, year, x) for x in (self.problem.nothing, self.x))
                    for element, share in before.items():
                        yield SelfSufficiencyRow(
                            party=block.party.code, stage=stage, element=element, year=year, before=share.home,
                            after=after[element].home, with_shares_abroad=after[element].held,
                        )  # fmt: skip

    def _share_assumed(self) -> float:
        """Share of the public money that goes to measures of which any figure behind it is assumed."""
        total = assumed = 0.0
        for j, each in enumerate(self.problem.programme.decisions):
            money = float(self.problem.public[j] * self.reading.change[j])
            total += money
            assumed += money * rests_on_assumed(self.candidates[each.candidate])
        return assumed / total if total > 0.0 else 0.0

    def _judged_elsewhere(self) -> dict[str, Any]:
        """The plan on fresh paths, and the plan of another seed there."""
        if self.request.shocks is not None:
            return {"fresh": None, "stability": None}
        assert self.data.shocks is not None
        paths = fresh(self.data.shocks, FRESH, self.request.seed + OTHER_SEED)
        other = self._of_next_seed() if self.request.sensitivity else None
        plans = [self.problem.nothing, self.x, *([] if other is None else [other])]
        nothing, kept, *its = judged_on(self.data, self.problem, paths, plans, self.solution.eta)
        gain = nothing.objective - kept.objective
        self.step()
        judged = FreshResult(
            paths=len(paths.weights), gain_usd=gain * MILLION, expected_loss=kept.expected_loss * MILLION,
            expected_loss_before=nothing.expected_loss * MILLION, cvar=kept.cvar * MILLION,
            optimism=self.gain / gain if gain > NOTHING else None,
        )  # fmt: skip
        stability = None if other is None else self._stability(other, nothing.objective - its[0].objective, gain)
        return {"fresh": judged, "stability": stability}

    def _of_next_seed(self) -> Floats:
        """Decisions of the plan made on paths of the next seed (decision,)."""
        shocks = self._shocks(self.request.seed + 1)
        assert shocks is not None
        other = self.problem.facing(self.data.left_by(shocks), np.asarray(shocks.weights))
        found = other.solve(gap=GAP)
        self.step()
        return other.thriftiest(found, GAP / 4.0) if other.before.objective - found.upper_bound > NOTHING else other.nothing

    def _stability(self, x: Floats, its: float, gain: float) -> StabilityResult:
        """The plan of the next seed and its gain beside this one's, on the same fresh paths."""
        money, spent = self.problem.public * self.problem.free, float(self.problem.public @ self.reading.change)
        return StabilityResult(
            seed=self.request.seed + 1, gain_usd=its * MILLION, difference=abs(its - gain) / gain if gain > NOTHING else 0.0,
            overlap=float(money @ np.minimum(x, self.x)) / spent if spent > NOTHING else 1.0,
        )  # fmt: skip

    def _what_changes(self) -> dict[str, Any]:
        """Inputs at the ends of their ranges, where asked for."""
        if not self.request.sensitivity or self.gain <= NOTHING or self.data.shocks is None or self.data.shocks.source is None:
            return {"flip": (), "flip_probability": None, "worth_knowing": {}}
        first = FirstChoice(self.problem, self.candidates).of(self.x, self.solution.eta)
        ends = sensitivities(self.data, self.problem, self.members, self.budgets)
        found = tuple(flips(self.problem, self.x, first, ends, self.candidates, GAP))
        self.step()
        flip = flip_probability(self.data, self.problem, first, self.candidates, GAP)
        self.step()
        return {"flip": found, "flip_probability": flip, "worth_knowing": worth_knowing(found)}

    def _targets(self) -> TargetResult:
        """Least public money that reaches the targets, together and alone."""
        wanted = [parse_limit(text, self.data.reference.years, "--target") for text in self.request.targets]
        return least_public(self.data, self.members, wanted)

    @cached_property
    def measures(self) -> PlanMeasures:
        """The plan as measures of a scenario."""
        decisions = self.problem.programme.decisions
        chosen = tuple((each, float(share)) for each, share in zip(decisions, self.reading.change, strict=True))
        alone = tuple((each, 1.0) for each in decisions if each.pays_alone)
        return PlanMeasures(self.data.maker, self.candidates, self.members, chosen, alone)

    def _resimulated(self) -> Resimulated:
        """The plan in the weekly simulator, beside what the programme says of the same restriction."""
        codes = tuple(member.code for member in self.members)
        places = tuple(dict.fromkeys((*codes, *OTHERS)))
        found = resimulate(
            lambda scenario: scenario_base(scenario, self.inputs.facts, self.request.project), self.measures, self.inputs.path, places,
            DRAWS, self.request.seed, self.progress,
        )  # fmt: skip
        avoided = sum(found.avoided(code) for code in codes)
        low, high = (float(np.quantile(avoided, level)) for level in (0.05, 0.95))
        expected = promised(self.data, self.problem, self.x, RESIMULATED_AT.year, RESIMULATED_DEPTH)
        rows = tuple(self._one_resimulated(code, found, *expected[code]) for code in codes)
        return Resimulated(
            mean=float(np.mean(avoided)), low=low, high=high, promised=sum(row.promised for row in rows), draws=DRAWS, parties=rows,
            shock=f"a year from {RESIMULATED_AT} with {RESIMULATED_DEPTH:.0%} of China's rare earths and magnets held back",
            spillover={place: float(np.mean(found.avoided(place))) for place in places if place not in codes},
        )  # fmt: skip

    @staticmethod
    def _one_resimulated(code: str, found: Resimulation, without: float, with_plan: float) -> ResimulatedParty:
        """One member in the simulator, beside its loss in the programme [million USD]."""
        before, avoided = float(np.mean(found.before[code])), float(np.mean(found.avoided(code)))
        expected = (without * MILLION, (without - with_plan) * MILLION)
        return ResimulatedParty(
            party=code, before=before, promised_before=expected[0], avoided=avoided, promised=expected[1],
            why=why_apart(before, expected[0], avoided, expected[1]),
        )  # fmt: skip

    def write_draft(self, path: Path) -> None:
        """Write the plan's measures as a scenario, once it is known to load."""
        from ytterby.scenario import Scenario, dump, load_text
        from ytterby.store import write_bytes

        measures = self.measures.dated()
        start = min((each["start"] for each in measures), default=dt.date(self.data.reference.years[0], 1, 1))
        weeks = (dt.date(self.data.reference.years[-1], 12, 31) - start).days // 7
        codes = " and ".join(member.code for member in self.members)
        left = self.measures.left_out
        scenario = Scenario.model_validate({
            "name": "plan-" + "-".join(member.code.lower() for member in self.members), "title_en": f"Plan of {codes}", "start": start,
            "weeks": weeks, "base_year": 2024, "roll": {"path": self.inputs.path}, "measures": measures,
            "note": f"Without a measure in the simulator, and so left out: {', '.join(left)}." if left else "",
        })  # fmt: skip
        text = dump(scenario)
        load_text(text, str(path))
        write_bytes(path, text.encode())


def save_tables(found: PlanResult, folder: Path) -> None:
    """Write the result and its tables into a folder."""
    import json

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text(json.dumps(found.to_dict(), indent=2, ensure_ascii=False), "utf-8")
    for name in (
        "portfolio",
        "left_out",
        "pays_alone",
        "curve",
        "accounts",
        "spending",
        "residual",
        "flip",
        "industries",
        "environment",
        "self_sufficiency",
    ):
        found.table(name).to_csv(folder / f"{name}.csv", index=False)
