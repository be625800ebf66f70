"""Use case: what a budget of public money buys against restrictions, for one party or for allies as one."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.planning.inputs import MILLION
from ytterby.app.planning.judgement import PlanJudgement
from ytterby.app.planning.work import GAP, NOTHING, PlanWork, thrift_of
from ytterby.economy import gdp_usd
from ytterby.facts import periods
from ytterby.plan import (
    BindingLimit,
    CurvePoint,
    NearResult,
    PlanResult,
    SelfSufficiencyRow,
    TargetResult,
    compared_with,
    environment,
    funded,
    funded_measures,
    groups_of_decisions,
    industries,
    later_figures,
    later_plants,
    least_public,
    near_plans,
    parse_limit,
    price_war,
    public_money,
    scale_of_loss,
    self_sufficiency,
)
from ytterby.solver import ConflictingLimitsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ytterby.app.planning.request import PlanRequest
    from ytterby.facts import Candidate
    from ytterby.plan import LaterFigureRow, PortfolioRow

    Floats = NDArray[np.float64]

BUDGETS = (0.05e9, 0.25e9, 1e9, 2.5e9, 5e9, 10e9)
"""Budgets of the curve [USD]."""
NEAR = 0.4
"""How near the ends of near-optimal ranges are brought to their bounds, over the way from the plan."""
SMALL_DUAL = 1e-6
ASSUMED = ("assumed", "generic")
"""How figures are known that no source states for the plant itself."""
PAID_BY = ("capex", "opex", "effect", "cover")
"""Figures on which the public money of a measure rests: cost of building or buying, of running or holding, and what it does."""


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
    answers = _Answers(PlanWork(request, progress))
    found = answers.result(began)
    if request.draft:
        answers.write_draft(request.draft)
        found = found.model_copy(update={"draft": str(request.draft)})
    if request.out:
        save_tables(found, request.out)
    return found


def rests_on_assumed(candidate: Candidate) -> bool:
    """Whether any figure behind the public money of a measure is assumed; those of no plant of its own count as such."""
    return any(candidate.figures[name].basis in ASSUMED for name in PAID_BY)


@dataclass(frozen=True, eq=False)
class _Answers:
    """Reads all answers from a plan."""

    work: PlanWork

    def result(self, began: float) -> PlanResult:
        """Everything that the plan says."""
        work = self.work
        before, after, maker = work.problem.before, work.after, work.data.maker
        portfolio, alone = work.portfolio.rows(), tuple(work.portfolio.pays_alone())
        left_out = work.portfolio.left_out(funded_measures(work.members))
        codes = tuple(member.code for member in work.members)
        work.step()
        lower = min(work.solution.lower_bound, after.objective) - before.objective
        upper = after.objective - before.objective
        found: dict[str, Any] = {
            "parties": codes,
            "budget": sum(work.budgets.values()) * MILLION if work.budgets else None,
            "years": (work.data.reference.years[0], work.data.reference.years[-1]),
            "scenarios": len(work.data.probability),
            "seed": work.request.seed,
            "as_of": str(work.request.as_of) if work.request.as_of else None,
            "portfolio": portfolio,
            "left_out": left_out,
            "pays_alone": alone,
            "cost_usd": (after.resource_cost - before.resource_cost) * MILLION,
            "public_usd": float(work.problem.public @ work.reading.change) * MILLION,
            "risk_before": before.expected_loss * MILLION,
            "risk_after": after.expected_loss * MILLION,
            "cvar_before": before.cvar * MILLION,
            "cvar_after": after.cvar * MILLION,
            "gain_usd": work.gain * MILLION,
            "lower_bound": lower * MILLION,
            "upper_bound": upper * MILLION,
            "gap": (upper - lower) / work.gain if work.gain > NOTHING else 0.0,
            "ended": work.solution.ended,
            "binding": tuple(self._binding()),
            "families": self._families(),
            "stops": () if work.data.shocks is None else tuple(scale_of_loss(work.data, work.reading)),
            "new_a_year": {} if work.data.shocks is None else work.data.shocks.new_a_year,
            "accounts": tuple(work.reading.accounts()),
            "spending": tuple(public_money(work.problem, work.reading.change, work.candidates)),
            "curve": tuple(self._curve()),
            "near": self._near(),
            "residual": tuple(work.reading.residual()),
            "price_war": price_war(work.problem, work.x, maker),
            "industries": tuple(industries(work.problem, work.x, maker, work.candidates, self._gdp(), work.reading.jobs_at_risk())),
            "environment": tuple(environment(work.problem, work.x, maker, work.candidates)),
            "self_sufficiency": tuple(self._self_sufficiency()),
            "targets": self._targets() if work.request.targets else None,
            "compared_with": tuple(compared_with(work.inputs.facts, codes, portfolio, work.request.as_of)),
            "funded": tuple(
                funded(
                    work.inputs.facts,
                    work.members,
                    work.candidates,
                    maker,
                    portfolio=portfolio,
                    pays_alone=alone,
                    left_out=left_out,
                    as_of=work.request.as_of,
                )
            ),  # fmt: skip
            "share_assumed": self._share_of_money(rests_on_assumed),
            "share_later": self._share_of_money(self._rests_on_later) if work.request.as_of else None,
            "later_figures": self._later_figures(portfolio),
            "later_plants": later_plants(work.request.as_of) if work.request.as_of else (),
            "draft": None,
        }
        if work.record is not None:
            found["watch_prior"] = work.record.moved(work.inputs.as_assumed)
        judgement = PlanJudgement(work)
        found |= judgement.elsewhere()
        found |= judgement.what_changes()
        found["risk_resimulated"] = judgement.resimulated() if work.request.resimulate else None
        return PlanResult(**found, seconds=round(time.perf_counter() - began, 3))

    def _families(self) -> dict[str, float]:
        """Probability of paths by what restricts them most, the likeliest first."""
        shocks = self.work.data.shocks
        return {"none": 1.0} if shocks is None else shocks.mix

    def _binding(self) -> Iterator[BindingLimit]:
        """Limits with a dual value, the dearest first."""
        named: dict[str, float] = {}
        for row, dual in zip(self.work.problem.first_stage.limits or (), self.work.solution.row_duals, strict=True):
            if row and np.isfinite(dual) and abs(dual) > SMALL_DUAL:
                named[row] = named.get(row, 0.0) + abs(float(dual))
        for name, dual in sorted(named.items(), key=lambda pair: -pair[1]):
            yield BindingLimit(limit=name, dual=dual)

    def _curve(self) -> Iterator[CurvePoint]:
        """Best plans under other budgets, with the cuts of this one; none where a budget does not reach the targets."""
        if self.work.request.targets and self.work.data.shocks is None:
            return  # without a restriction targets are the whole answer
        whole, best = sum(self.work.budgets.values()), None
        for budget in BUDGETS:
            share = {name: budget / MILLION * amount / whole if whole > 0.0 else 0.0 for name, amount in self.work.budgets.items()}
            budgets = share if self.work.request.budget_by else {"": budget / MILLION}
            problem = self.work.problem.with_budgets(budgets)
            try:
                found = problem.solve(gap=GAP)
            except ConflictingLimitsError:  # so little money does not reach the targets
                continue
            x, outcome = problem.nothing, problem.before
            if problem.before.objective - found.upper_bound >= NOTHING:
                x = problem.thriftiest(found, thrift_of(found))
                outcome = problem.judged(x, problem.recourse, found.eta)
            point = CurvePoint(
                budget=budget,
                public_usd=float(problem.public @ np.where(problem.free, x, 0.0)) * MILLION,
                gain=(problem.before.objective - outcome.objective) * MILLION,
                expected_loss=outcome.expected_loss * MILLION,
                cvar=outcome.cvar * MILLION,
            )
            if best and point.gain < best.gain:  # what less money buys, more buys too
                point = best.model_copy(update={"budget": budget})
            best = point
            yield point
        self.work.step()

    def _near(self) -> NearResult | None:
        if self.work.gain <= NOTHING or self.work.request.slack <= 0.0:
            return None
        groups = groups_of_decisions(self.work.problem, self.work.candidates)
        found = near_plans(
            self.work.problem,
            groups,
            self.work.x,
            self.work.request.slack,
            lambda costs: self.work.problem.extremes(self.work.solution, costs, self.work.request.slack, NEAR),
        )
        self.work.step()
        return found

    def _gdp(self) -> dict[str, float]:
        known = {member.code: gdp_usd(self.work.inputs.facts, member.code) for member in self.work.members}
        return {code: amount for code, amount in known.items() if amount > 0.0}

    def _self_sufficiency(self) -> Iterator[SelfSufficiencyRow]:
        """Own output over own use of the magnet elements by stage in 2030, 2035 and 2040."""
        problem = self.work.problem
        for block in problem.programme.blocks:
            for stage in ("oxide", "metal", "magnet"):
                for year in (2030, 2035, 2040):
                    before, after = (self_sufficiency(problem.programme, block, stage, year, x) for x in (problem.nothing, self.work.x))
                    for element, share in before.items():
                        yield SelfSufficiencyRow(
                            party=block.party.code, stage=stage, element=element, year=year, before=share.home,
                            after=after[element].home, with_shares_abroad=after[element].held,
                        )  # fmt: skip

    def _share_of_money(self, counts: Callable[[Candidate], bool]) -> float:
        """Share of the public money that goes to measures of some sort."""
        work, total, counted = self.work, 0.0, 0.0
        for j, each in enumerate(work.problem.programme.decisions):
            money = float(work.problem.public[j] * work.reading.change[j])
            total += money
            counted += money * counts(work.candidates[each.candidate])
        return counted / total if total > 0.0 else 0.0

    def _later_figures(self, portfolio: Sequence[PortfolioRow]) -> tuple[LaterFigureRow, ...]:
        """Figures of the plan's measures that are dated after its day."""
        day, chosen = self.work.request.as_of, dict.fromkeys(row.measure for row in portfolio)
        return tuple(later_figures((self.work.candidates[name] for name in chosen), self.work.inputs.facts, day)) if day else ()

    def _rests_on_later(self, candidate: Candidate) -> bool:
        """Whether any figure behind a measure is dated after the day of the plan."""
        day, known = self.work.request.as_of, self.work.inputs.facts.table["period"]
        starts = (periods.start(str(known[fact])) for fact in candidate.facts if fact in known.index)
        return day is not None and any(start > day for start in starts if start)

    def _targets(self) -> TargetResult:
        """Least public money that reaches the targets, together and alone."""
        wanted = [parse_limit(text, self.work.data.reference.years, "--target") for text in self.work.request.targets]
        return least_public(self.work.data, self.work.members, wanted)

    def write_draft(self, path: Path) -> None:
        """Write the plan's measures as a scenario, once it is known to load."""
        from ytterby.scenario import Scenario, dump, load_text
        from ytterby.store import write_bytes

        measures = self.work.measures.dated()
        start = min((each["start"] for each in measures), default=dt.date(self.work.data.reference.years[0], 1, 1))
        weeks = (dt.date(self.work.data.reference.years[-1], 12, 31) - start).days // 7
        codes = " and ".join(member.code for member in self.work.members)
        left = self.work.measures.left_out
        scenario = Scenario.model_validate({
            "name": "plan-" + "-".join(member.code.lower() for member in self.work.members), "title_en": f"Plan of {codes}", "start": start,
            "weeks": weeks, "base_year": 2024, "roll": {"path": self.work.inputs.path}, "measures": measures,
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
        "funded",
        "flip",
        "industries",
        "environment",
        "self_sufficiency",
    ):
        found.table(name).to_csv(folder / f"{name}.csv", index=False)
