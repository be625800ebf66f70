"""The two-stage problem of an alliance: which decisions, under which budget and limits, against which scenarios.

Equations P11-P16 in ``docs/explanation/plan.md``. Money is in million USD of 2024, as present value at the first year.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from ytterby.plan.limits import LinearLimit, reference_rows
from ytterby.plan.risk_weight import CVAR_WEIGHT
from ytterby.solver import FirstStage, LossByScenario, Recourse, evaluate, near_optimal_ranges, no_cuts, solve_two_stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.plan.availability import Delivered
    from ytterby.plan.limits import Limit, ReferenceRows
    from ytterby.plan.programme import AllianceProgramme
    from ytterby.solver import Cuts, TwoStageSolution

    Floats = NDArray[np.float64]


CRUMBS = (0.05, 0.02, 0.005)
"""Shares of a measure below which it is a crumb; the first that costs little of the gain counts."""
THRIFTY = 0.05
"""How near the least public money is brought to its bound, over the way from the plan."""
TINY = 1e-6
"""Smaller shares of a measure are rounding of the solver."""
ROUNDING = 1e-3
"""Difference of objectives that is rounding of the solver [million USD]."""


@dataclass(frozen=True, eq=False)
class PlanOutcome(LossByScenario):
    """What a choice of decisions comes to, over the scenarios [million USD]."""

    loss: Floats
    """Loss of each scenario (scenario,)."""
    resource: Floats
    """Resource cost of each scenario (scenario,), without that of the decisions."""
    decided: float
    """Resource cost of the decisions themselves."""
    probability: Floats
    alpha: float
    weight: float
    y: Any
    """Second stage of each scenario (scenario, column), sparse."""

    @property
    def resource_cost(self) -> float:
        """Expected resource cost, with that of the decisions."""
        return self.decided + float(self.probability @ self.resource)

    @property
    def objective(self) -> float:
        """Resource cost, expected loss and weighted CVaR."""
        return self.resource_cost + self.expected_loss + self.weight * self.cvar


def together(outcomes: Sequence[PlanOutcome], probability: Floats) -> PlanOutcome:
    """Outcome over all scenarios (scenario,) of the same decisions in parts of them, without their second stages."""
    loss, resource = (np.concatenate([getattr(each, name) for each in outcomes]) for name in ("loss", "resource"))
    return replace(outcomes[0], loss=loss, resource=resource, probability=probability, y=None)


@dataclass(frozen=True, eq=False)
class PlanProblem:
    """A plan to be made.

    Parameters
    ----------
    programme : AllianceProgramme
        Second stage and decisions.
    delivered : Delivered
        What the scenarios leave.
    probability : array (scenario,)
        Probabilities of the scenarios.
    budgets : mapping of str to float
        Public money by party, or ``""`` for what is pooled [million USD, present value].
    limits : sequence of LinearLimit
        Further limits.
    weight, alpha : float
        Weight of the CVaR, and its level.
    whole_units : bool
        Whether a decision is taken whole or not at all.
    shares : sequence of Limit
        Shares and targets that must hold on the path without a restriction.
    """

    programme: AllianceProgramme
    delivered: Delivered
    probability: Floats
    budgets: Mapping[str, float]
    limits: Sequence[LinearLimit] = ()
    weight: float = CVAR_WEIGHT
    alpha: float = 0.9
    whole_units: bool = False
    shares: Sequence[Limit] = ()
    keep: dict[str, Cuts] = field(default_factory=dict, repr=False)
    """Cuts and evaluated points of earlier work on the same second stage: they depend on no budget, limit or objective of the first."""

    @cached_property
    def resource(self) -> Floats:
        """Resource cost of each decision (decision,)."""
        return np.array([each.resource @ self.programme.discount for each in self.programme.decisions])

    @cached_property
    def public(self) -> Floats:
        """Public money of each decision (decision,)."""
        return np.array([each.public @ self.programme.discount for each in self.programme.decisions])

    @cached_property
    def free(self) -> NDArray[np.bool_]:
        """Decisions that the plan is about; the others pay alone and stand on both sides (decision,)."""
        return np.array([not each.pays_alone for each in self.programme.decisions], dtype=bool)

    @cached_property
    def nothing(self) -> Floats:
        """Decisions without a plan: what pays alone is built."""
        return np.where(self.free, 0.0, 1.0)

    def _borne(self, party: str) -> Floats:
        """Share of each decision's cost that a party bears; all of it for all parties together (decision,)."""
        return np.array([each.borne_by(party) if party else 1.0 for each in self.programme.decisions])

    @cached_property
    def rows(self) -> list[LinearLimit]:
        """Budgets, one start for each candidate and party, and further limits."""
        decisions = self.programme.decisions
        rows = [
            LinearLimit(f"budget {name}".strip(), self.public * self.free * self._borne(name), -np.inf, amount)
            for name, amount in self.budgets.items()
        ]
        groups: dict[tuple[str, str], list[int]] = {}
        for column, each in enumerate(decisions):
            groups.setdefault((each.candidate, each.party), []).append(column)
        for columns in groups.values():
            if len(columns) > 1:
                coefficients = np.zeros(len(decisions))
                coefficients[columns] = 1.0
                rows.append(LinearLimit("", coefficients, -np.inf, 1.0))
        return rows + list(self.limits)

    @cached_property
    def first_stage(self) -> FirstStage:
        """Decisions with their costs, bounds and limits; with shares, also the path without a restriction."""
        rows, n = self.rows, len(self.programme.decisions)
        matrix = sp.csr_matrix(np.array([row.coefficients for row in rows]).reshape(len(rows), n))
        stage = FirstStage(
            cost=self.resource,
            A=matrix,
            row_low=np.array([row.low for row in rows], dtype=float),
            row_high=np.array([row.high for row in rows], dtype=float),
            low=self.nothing,
            high=np.ones(n),
            integer=self.free & np.array([each.kind == "plant" for each in self.programme.decisions]) if self.whole_units else None,
            limits=tuple(row.name for row in rows),
        )
        return with_reference(stage, reference_rows(self.programme, self.shares)) if self.shares else stage

    def recourse_of(self, delivered: Delivered, probability: Floats) -> Recourse:
        """Second stage for some scenarios."""
        bounds = self.programme.scenario_bounds(delivered)
        matrix, first = self.programme.matrices
        program = self.programme.program
        if self.shares:
            first = sp.hstack([first, sp.csr_matrix((first.shape[0], matrix.shape[1]))]).tocsr()
        return Recourse(
            W=matrix, T=first, resource_cost=bounds["cost"], loss=self.programme.discounted("loss"), low=program.of_columns("low"),
            high=bounds["high"], row_low=bounds["row_low"], row_high=program.of_rows("high"), probability=probability,
        )  # fmt: skip

    @cached_property
    def recourse(self) -> Recourse:
        """Second stage for the scenarios of the plan."""
        return self.recourse_of(self.delivered, self.probability)

    @property
    def cuts(self) -> Cuts:
        """Cuts and evaluated points of all work so far on these scenarios."""
        if "cuts" not in self.keep:
            self.keep["cuts"] = no_cuts(self.recourse, weight=self.weight, alpha=self.alpha, like=self.keep.get("like"))
        return self.keep["cuts"]

    def outcome(self, x: Floats, recourse: Recourse | None = None) -> PlanOutcome:
        """What decisions come to in the scenarios of the plan, or in others."""
        chosen = self.recourse if recourse is None else recourse
        if self.shares:
            x = np.concatenate([x[: len(self.resource)], np.zeros(chosen.T.shape[1] - len(self.resource))])
        n = len(x)
        fixed = FirstStage(
            np.concatenate([self.resource, np.zeros(n - len(self.resource))]), sp.csr_matrix((0, n)), np.zeros(0), np.zeros(0), x, x
        )
        own = chosen is self.recourse
        found = solve_two_stage(
            fixed, chosen, weight=self.weight, alpha=self.alpha, gap=1e-5, absolute_gap=ROUNDING, cuts=self.cuts if own else None
        )
        if own and found.cuts is not None:
            self.keep["cuts"] = found.cuts
        return PlanOutcome(
            found.loss, found.resource, float(self.resource @ x[: len(self.resource)]), chosen.probability, self.alpha, self.weight, found.y
        )

    @cached_property
    def before(self) -> PlanOutcome:
        """What comes without a plan."""
        return self.outcome(self.nothing)

    def solve(
        self, *, gap: float = 1e-2, time_limit: float | None = None, progress: Callable[[int, float, float], None] | None = None
    ) -> TwoStageSolution:
        """Best decisions.

        Parameters
        ----------
        gap : float
            Largest difference of the bounds over the gain against doing nothing.
        time_limit : float, optional
            Seconds.
        progress : callable, optional
            Called with rounds and both bounds.
        """
        found = solve_two_stage(
            self.first_stage, self.recourse, weight=self.weight, alpha=self.alpha, gap=gap, absolute_gap=ROUNDING,
            reference=self.before.objective, time_limit=time_limit, cuts=self.cuts, start=self.start, progress=progress,
        )  # fmt: skip
        if found.cuts is not None:
            self.keep["cuts"] = found.cuts
        return found

    def thriftiest(self, found: TwoStageSolution, share: float) -> Floats:
        """Of the decisions whose gain is within a share of the best, those with least public money (decision,).

        A decomposition ends between corners, with a little of everything; this point is a corner, and as good. Crumbs, which are
        no projects, are left out if little of the gain goes with them.
        """
        ((x, _),) = self.extremes(found, [self.public * self.free], share, THRIFTY)
        gain = max(self.before.objective - found.upper_bound, 0.0)
        for least in CRUMBS:
            bare = np.where(self.free & (x < least), 0.0, x)
            if np.array_equal(bare, x) or self.value(bare, found.eta) <= found.upper_bound + 2.0 * share * gain:
                return bare
        return x

    def extremes(self, found: TwoStageSolution, directions: Sequence[Floats], slack: float, tolerance: float) -> list[tuple[Floats, float]]:
        """Decisions that minimise linear functions (decision,) and give up at most a share of the gain, and bounds that none go below.

        Parameters
        ----------
        found : TwoStageSolution
            The plan.
        directions : sequence of array (decision,)
            Coefficients of each function.
        slack : float
            Share of the gain that may be given up.
        tolerance : float
            How near each value and its bound are brought, over the way from the plan.
        """
        gain, size = max(self.before.objective - found.upper_bound, 0.0), len(self.resource)
        wide = [np.concatenate([each, np.zeros(len(self.first_stage.cost) - size)]) for each in directions]
        near = near_optimal_ranges(
            self.first_stage, self.recourse, found, wide, bound=found.upper_bound + max(slack * gain, ROUNDING), tolerance=tolerance,
            cuts=self.cuts,
        )  # fmt: skip
        self.keep["cuts"] = near[-1].cuts
        return [(self.within(each.x[:size]), each.outer) for each in near]

    def within(self, x: Floats) -> Floats:
        """Decisions without the solver's rounding: between nothing and everything, and within the budgets (decision,)."""
        exact = np.where(x < TINY, self.nothing, np.clip(x, self.nothing, 1.0))
        for row in self.rows:
            spent = float(row.coefficients @ exact)
            if row.name.startswith("budget") and spent > row.high:
                exact = np.where(row.coefficients > 0.0, exact * row.high / spent, exact)
        return exact

    @property
    def start(self) -> Floats:
        """First stage to begin with: no decisions."""
        return np.concatenate([self.nothing, np.zeros(len(self.first_stage.cost) - len(self.nothing))])

    def outcome_of(self, found: TwoStageSolution) -> PlanOutcome:
        """What a solution comes to."""
        x = found.x[: len(self.resource)]
        return PlanOutcome(found.loss, found.resource, float(self.resource @ x), found.probability, self.alpha, self.weight, found.y)

    def value(self, x: Floats, eta: float) -> float:
        """Objective of decisions, near those of a solution with that value at risk [million USD]."""
        return self.judged(x, self.recourse, eta).objective

    def judged(self, x: Floats, recourse: Recourse, eta: float, *, keep: bool = False) -> PlanOutcome:
        """What decisions come to in any scenarios, with losses beyond a value at risk weighed as in the plan."""
        wide = np.concatenate([x, np.zeros(recourse.T.shape[1] - len(x))])
        own = recourse is self.recourse
        found = evaluate(wide, recourse, eta=eta, weight=self.weight, alpha=self.alpha, keep=keep, cuts=self.cuts if own else None)
        if own:
            self.keep["cuts"] = found.cuts
        return PlanOutcome(found.loss, found.resource, float(self.resource @ x), recourse.probability, self.alpha, self.weight, found.y)

    def facing(self, delivered: Delivered, probability: Floats) -> PlanProblem:
        """Same problem against other scenarios; their programmes begin with the rows and bases of these."""
        other = replace(self, delivered=delivered, probability=probability, keep={"like": self.keep["cuts"]} if "cuts" in self.keep else {})
        other.__dict__.update(resource=self.resource, public=self.public)
        return other

    def with_budgets(self, budgets: Mapping[str, float]) -> PlanProblem:
        """Same problem with other budgets; second stage, state without a plan and cuts are kept."""
        other = replace(self, budgets=budgets)
        other.__dict__.update(recourse=self.recourse, before=self.before, resource=self.resource, public=self.public)
        return other


def with_reference(stage: FirstStage, path: ReferenceRows) -> FirstStage:
    """First stage with the columns and rows of the path without a restriction."""
    extra = path.matrix.shape[1] - len(stage.cost)
    wide = sp.hstack([stage.A, sp.csr_matrix((stage.A.shape[0], extra))])
    return FirstStage(
        cost=np.concatenate([stage.cost, np.zeros(extra)]),
        A=sp.vstack([wide, path.matrix]).tocsr(),
        row_low=np.concatenate([stage.row_low, path.low]),
        row_high=np.concatenate([stage.row_high, path.high]),
        low=np.concatenate([stage.low, path.column_low]),
        high=np.concatenate([stage.high, path.column_high]),
        integer=None if stage.integer is None else np.concatenate([stage.integer, np.zeros(extra, dtype=bool)]),
        limits=(*(stage.limits or ()), *path.names),
    )
