"""Where the worth of an alliance comes from: aid, stocks, projects, technology, each needing another treaty (K11).

Each part is a right that members give each other. What a set of rights is worth is the value of the best plan under them; the four rights
are players of a game of their own, whose parts in a fixed order, or in the mean over all orders, add up to the value of the coalition.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.cooperation.games import Game
from ytterby.cooperation.know_how import TaughtDecision
from ytterby.cooperation.shares import shapley
from ytterby.plan import LinearLimit
from ytterby.solver import no_cuts, solve_two_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.cooperation.values import Values
    from ytterby.plan import Decision, Exchange, PlanProblem
    from ytterby.solver import Cuts, FirstStage

    Floats = NDArray[np.float64]
    Rights = frozenset[str]

PARTS = ("aid", "stocks", "projects", "technology")
"""Rights in the order in which they are given."""
ALL = frozenset(PARTS)
IN_ORDER = tuple(frozenset(PARTS[:count]) for count in range(len(PARTS) + 1))
"""Rights given one after the other, none first."""
NOBODY = "-"
"""Hub of a star without a centre: partners exchange what they would owe each other as outsiders."""
WAYS: dict[Rights, tuple[Exchange, str]] = {
    frozenset(): ("calm", NOBODY),
    frozenset({"aid"}): ("crisis", ""),
    frozenset({"projects"}): ("calm", ""),
    frozenset({"aid", "projects"}): ("free", ""),
}
"""When partners exchange goods, and through whom, by the two rights that allow it."""


FREE: Rights = frozenset({"aid", "projects"})


class ValueParts(NamedTuple):
    """Parts of a value; they add up to it [million USD]."""

    aid: float
    """In restricted years goods go to where the loss is largest."""
    stocks: float
    """Stocks are chosen anew for all, with one budget where budgets are pooled."""
    projects: float
    """Plants and savings too, and goods are exchanged in calm years."""
    technology: float
    """Research is paid once and serves all, and partners teach each other what their plants can do."""


class Step(NamedTuple):
    """What members are allowed at one step, with the plan that they then have."""

    name: str
    problem: PlanProblem
    x: Floats
    objective: float
    """Less exports to outsiders at base prices [million USD]."""


class BestPlan(NamedTuple):
    """Best plan under some rights: decisions of all kinds, and the objective less exports at base prices [million USD]."""

    x: Floats
    objective: float


class RightsGame:
    """Best plans of a coalition's members under any set of the four rights.

    Parameters
    ----------
    values : Values
        Solved coalitions, on terms that allow all exchange.
    coalition : int
        Of at least two members.
    """

    def __init__(self, values: Values, coalition: int) -> None:
        self.values, self.coalition = values, coalition
        self.coalitions = values.coalitions
        self.members = self.coalitions.of(coalition)
        self.gap = max(values.gap, 1e-3) / 2.0
        self.fixed = self.coalitions.fixed(coalition)
        self.problems: dict[Rights, PlanProblem] = {}
        self.found: dict[Rights, BestPlan] = {}

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Decisions of each alone, with its own research, then those that only all together have."""
        return (*self._apart, *(each for each in self.coalitions.decisions(self.members) if self._is_joint(each)))

    @cached_property
    def _apart(self) -> tuple[Decision, ...]:
        return tuple(each for party in self.members for each in self.coalitions.data.decisions((party,)))

    @staticmethod
    def _is_joint(each: Decision) -> bool:
        """Whether a decision needs the right to technology: research of several, or a plant that a partner teaches."""
        return "+" in each.party or isinstance(each, TaughtDecision)

    @cached_property
    def alone(self) -> Floats:
        """Plans of each alone (decision,)."""
        members = np.flatnonzero(self.values.coalitions.members[self.coalition])
        own = np.concatenate([self.values.solved[1 << int(i)].x for i in members])
        return np.concatenate([own, np.zeros(len(self.decisions) - len(own))])

    @cached_property
    def _kind(self) -> dict[str, NDArray[np.bool_]]:
        """Decisions by what they need or are (decision,)."""
        joint = self.coalitions.joint
        return {
            "stock": np.array([each.kind == "stock" for each in self.decisions]),
            "joint": np.array([self._is_joint(each) for each in self.decisions]),
            "research": np.array([each.candidate in joint for each in self.decisions]),
            "taught": np.array([isinstance(each, TaughtDecision) for each in self.decisions]),
        }

    def problem(self, rights: Rights) -> PlanProblem:
        """Problem with the exchange that some rights allow; one for all that allow the same."""
        way = rights & FREE
        if way not in self.problems:
            exchange, hub = WAYS[way]
            if way == FREE:
                whole = self.coalitions.problem(self.coalition)
                programme = replace(whole.programme, decisions=self.decisions, exchange=exchange, hub=hub)
                self.problems[way] = replace(whole, programme=programme, limits=[], keep={})
            else:
                self.problems[way] = _exchanging(self.problem(FREE), exchange, hub)
        return self.problems[way]

    def first_stage(self, rights: Rights) -> FirstStage:
        """First stage in which what no right opens stays as each alone has it."""
        problem, kind, alone = self.problem(rights), self._kind, self.alone
        first = self._retaught(problem).first_stage if self._teaches_only(rights) else problem.first_stage
        own = ~kind["joint"]
        fixed = (kind["stock"] & ("stocks" not in rights)) | (own & ~kind["stock"] & ("projects" not in rights))
        low, high = np.where(fixed, alone, first.low), np.where(fixed, alone, first.high)
        if "technology" not in rights:
            low, high = (np.where(kind["joint"], 0.0, end) for end in (low, high))
            return replace(first, low=low, high=high, integer=None)
        low, high = (np.where(kind["research"] & own, 0.0, end) for end in (low, high))
        if self._teaches_only(rights):
            low = np.where(self._same_plant[0], 0.0, low)
        return replace(first, low=low, high=high, integer=None)

    @staticmethod
    def _teaches_only(rights: Rights) -> bool:
        """Whether plants stay, but may be taught."""
        return "technology" in rights and "projects" not in rights

    @cached_property
    def _same_plant(self) -> tuple[NDArray[np.bool_], list[tuple[int, int]]]:
        """Plants of each alone that a partner may teach (decision,), and pairs of each with the taught one."""
        taught = {(each.candidate, each.party, each.start): j for j, each in enumerate(self.decisions) if self._kind["taught"][j]}
        pairs = [
            (j, taught[key])
            for j, each in enumerate(self.decisions)
            if not self._kind["joint"][j] and (key := (each.candidate, each.party, each.start)) in taught
        ]
        return np.isin(np.arange(len(self.decisions)), [j for j, _ in pairs]), pairs

    def _retaught(self, problem: PlanProblem) -> PlanProblem:
        """The same problem in which each taught plant takes the place of as much of the same plant without help."""
        unit, alone = np.eye(len(self.decisions)), self.alone
        rows = [LinearLimit("", unit[j] + unit[k], float(alone[j]), float(alone[j])) for j, k in self._same_plant[1]]
        return replace(problem, limits=rows)

    def best(self, rights: Rights) -> BestPlan:
        """Best plan found under some rights, or any fewer of which one is known."""
        if rights not in self.found:
            self.found[rights] = self._solved(rights)
        return min((self.found[fewer] for fewer in self.found if fewer <= rights), key=lambda each: each.objective)

    def _solved(self, rights: Rights) -> BestPlan:
        if not rights:
            return BestPlan(self.alone, self.values.alone(self.coalition))
        if rights == {"aid"}:
            return BestPlan(self.alone, self.problem(rights).value(self.alone, self._eta) + self.fixed)
        start = min((self.best(fewer) for fewer in [frozenset[str](), *self.found] if fewer <= rights), key=lambda each: each.objective)
        upper, best = self._search(rights, self._with_joint_research(start.x) if "technology" in rights else start.x)
        return BestPlan(best, upper + self.fixed)

    @property
    def _eta(self) -> float:
        """Value at risk near which plans lie [million USD]."""
        return self.values.solved[self.coalition].eta

    def _with_joint_research(self, x: Floats) -> Floats:
        """The same plan with research that several parties pay for paid once, at the largest size of any."""
        found, place = x.copy(), {(each.candidate, each.start): j for j, each in enumerate(self.decisions) if "+" in each.party}
        for j, each in enumerate(self.decisions):
            joint = place.get((each.candidate, each.start))
            if joint is not None and joint != j and self._kind["research"][j]:
                found[joint], found[j] = max(found[joint], x[j]), 0.0
        return found

    def _search(self, rights: Rights, start: Floats) -> tuple[float, Floats]:
        """Objective and decisions of the best plan under some rights."""
        problem = self.problem(rights)
        found = solve_two_stage(
            self.first_stage(rights), problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=0.0,
            absolute_gap=self.gap if rights in IN_ORDER else 2.0 * self.gap, start=start, cuts=self._cuts(problem),
        )  # fmt: skip
        if found.cuts is not None:
            problem.keep["cuts"] = found.cuts
        return found.upper_bound, found.x

    def _cuts(self, problem: PlanProblem) -> Cuts:
        """Cuts of a problem so far, or to begin with those of free exchange: they hold where less is allowed, too."""
        free = self.problem(FREE).keep.get("cuts")
        if "cuts" not in problem.keep and free is not None:
            none = no_cuts(problem.recourse, weight=problem.weight, alpha=problem.alpha, like=free)
            if none.programs.form.unit == free.programs.form.unit:
                none = replace(none, scenario=free.scenario, constant=free.constant, gradient=free.gradient)
            problem.keep["cuts"] = none
        return problem.cuts

    def worth(self, rights: Rights) -> float:
        """Value under some rights, at most that under all of them [million USD]."""
        whole = float(self.values.raw[self.coalition])
        return whole if rights == ALL else min(self.values.alone(self.coalition) - self.best(rights).objective, whole)

    def in_order(self) -> ValueParts:
        """What each right adds, given in their order."""
        given = [self.worth(rights) for rights in reversed(IN_ORDER)]
        return ValueParts(*(-np.diff(given))[::-1].tolist())

    def on_average(self) -> ValueParts:
        """What each right adds, in the mean over all orders."""
        for rights in sorted(_subsets(), key=lambda each: (not each >= FREE, -len(each))):
            self.worth(rights)
        worth = np.array([self.worth(rights) for rights in _subsets()])
        return ValueParts(*shapley(Game(PARTS, worth)).tolist())


def _exchanging(problem: PlanProblem, exchange: Exchange, hub: str) -> PlanProblem:
    """The same problem with another exchange: rows, columns and coefficients stay."""
    programme = replace(problem.programme, exchange=exchange, hub=hub)
    programme.__dict__.update({name: getattr(problem.programme, name) for name in ("blocks", "program", "matrices")})
    other = replace(problem, programme=programme, keep={})
    other.__dict__.update(resource=problem.resource, public=problem.public)
    return other


def _subsets() -> Iterator[Rights]:
    """Sets of rights in the order of their binary numbers."""
    for number in range(1 << len(PARTS)):
        yield frozenset(right for place, right in enumerate(PARTS) if number >> place & 1)


def steps_of(values: Values, coalition: int) -> tuple[Step, ...]:
    """K11: plans of a coalition's members who are allowed more and more: aid, stocks, projects, technology.

    Parameters
    ----------
    values : Values
        Solved coalitions, on terms that allow all exchange.
    coalition : int
        Of at least two members.
    """
    game, whole = RightsGame(values, coalition), values.solved[coalition]
    game.in_order()
    steps = [Step(name, game.problem(rights), *game.best(rights)) for name, rights in zip(PARTS[:-1], IN_ORDER[1:-1], strict=True)]
    return (*steps, Step("technology", values.coalitions.problem(coalition), whole.x, whole.upper))


def parts_of(values: Values, coalition: int) -> ValueParts:
    """K11: parts of a coalition's value in their order; parameters as of :func:`steps_of`."""
    return RightsGame(values, coalition).in_order()
