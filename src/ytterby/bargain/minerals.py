"""Programmes on minerals as terms of a bargain: what each portfolio is worth to each party, made once by plan and cooperation (N6).

Money is in USD of 2024 as present value, as in plans; a portfolio's worth is against no measures at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.bargain.issues import EACH_ALONE
from ytterby.cooperation import Accounts, Coalitions
from ytterby.cooperation import steps_of as cooperation_steps
from ytterby.plan import Decision, LinearLimit, PlanData, controlled
from ytterby.solver import solve_two_stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.cooperation import Borne, Values
    from ytterby.facts import Candidate
    from ytterby.plan import PlanProblem

    Floats = NDArray[np.float64]

MILLION = 1e6
NONE = "none"
"""Nobody does anything but what pays alone."""
NAME_OF_STEP = {"aid": "aid", "stocks": "stocks", "projects": "projects", "technology": "together"}
"""Portfolio of each step of cooperation."""
CHEAPER = "research-separation"
"""Candidate whose effect technical help with separation has: unit costs of separation fall."""
FLOOR = "floor-NdPr"
"""Candidate whose capacity and payments a floor has."""
FLOORED = "oxide.NdPr"
GIFT = 10.0
"""Dysprosium oxide that is given each year, to see what a tonne is worth [t/year]."""
GIVEN = "oxide.Dy"


class MineralsTable(NamedTuple):
    """What portfolios are worth; the first event is none."""

    parties: tuple[str, ...]
    events: tuple[str, ...]
    portfolios: tuple[str, ...]
    cost: Floats
    """(event, portfolio, party) cost saved against no measures and no event, without losses [USD, present value]."""
    loss: Floats
    """(event, portfolio, party) expected loss avoided against the same, with its weighted tail [USD, present value]."""
    public: Floats
    """(portfolio, party) public money [USD, present value]."""
    tonne: Floats
    """(party,) worth of a tonne a year of separated dysprosium over all years [USD, present value]."""
    annuity: float
    """Present value of a dollar a year."""
    gap: float
    """Largest error that the solver's bounds leave [USD, present value]."""

    @property
    def gain(self) -> Floats:
        """(event, portfolio, party) [USD, present value]."""
        return np.asarray(self.cost + self.loss)

    def to_arrays(self) -> dict[str, NDArray[np.generic]]:
        """Arrays for a checkpoint."""
        named = {name: np.array(getattr(self, name)) for name in ("parties", "events", "portfolios")}
        return named | {name: np.asarray(getattr(self, name)) for name in self._fields if name not in named}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> MineralsTable:
        """Table of a checkpoint."""
        named = {name: tuple(str(each) for each in arrays[name]) for name in ("parties", "events", "portfolios")}
        numbers = {name: np.asarray(arrays[name]) for name in ("cost", "loss", "public", "tonne")}
        return cls(**named, **numbers, annuity=float(arrays["annuity"]), gap=float(arrays["gap"]))  # type: ignore[arg-type]


class Control(NamedTuple):
    """A control of the dominant supplier from the first year of the plans on; as of talks."""

    name: str
    family: str
    weeks: int
    depth: float


@dataclass(frozen=True, eq=False)
class Portfolio:
    """A programme: whose problems, with which decisions."""

    name: str
    parts: tuple[tuple[PlanProblem, Floats], ...]
    """Problem and decisions, of all together or of each party alone."""
    aid_cost: float = 0.0
    """Cost of what is not in the problems, shared by all alike [million USD]."""


@dataclass(frozen=True, eq=False)
class PortfolioMaker:
    """Makes the table of portfolios of some parties.

    Parameters
    ----------
    data : PlanData
        Shared by all plans.
    values : Values
        Solved coalitions of the parties.
    without_aid : Values
        The same, where members send each other no more in restricted years.
    candidates : mapping of str to Candidate
        All that are known.
    helped : callable
        Coalitions whose candidates are others.
    """

    data: PlanData
    values: Values
    without_aid: Values
    candidates: Mapping[str, Candidate]
    helped: Callable[[tuple[Candidate, ...]], Coalitions]

    @property
    def whole(self) -> int:
        """Coalition of all."""
        return len(self.values.coalitions.members) - 1

    @property
    def parties(self) -> tuple[str, ...]:
        """Codes of the parties."""
        return tuple(party.code for party in self.values.coalitions.parties)

    def portfolios(self) -> Iterator[Portfolio]:
        """All programmes, nothing first."""
        coalitions = self.values.coalitions
        singles = [coalitions.problem(1 << i) for i in range(len(self.parties))]
        alone = [self.values.solved[1 << i].x for i in range(len(self.parties))]
        yield Portfolio(NONE, tuple((problem, problem.nothing) for problem in singles))
        for number, code in enumerate(self.parties):
            chosen = (x if i == number else problem.nothing for i, (problem, x) in enumerate(zip(singles, alone, strict=True)))
            yield Portfolio(f"{code}_alone", tuple(zip(singles, chosen, strict=True)))
        yield Portfolio(EACH_ALONE, tuple(zip(singles, alone, strict=True)))
        for step in cooperation_steps(self.values, self.whole):
            yield Portfolio(NAME_OF_STEP[step.name], ((step.problem, step.x),))
        calm = self.without_aid
        yield Portfolio("without_aid", ((calm.coalitions.problem(self.whole), calm.solved[self.whole].x),))
        yield self._with_help()
        yield self._with_floor()
        yield from self._of_groups(singles, alone)

    def _of_groups(self, singles: list[PlanProblem], alone: list[Floats]) -> Iterator[Portfolio]:
        """Joint programmes of some, with all others alone; none where there are two parties only."""
        for coalition in range(1, self.whole):
            members = [i for i in range(len(self.parties)) if coalition >> i & 1]
            if len(members) > 1:
                joint = (self.values.coalitions.problem(coalition), self.values.solved[coalition].x)
                others = ((singles[i], alone[i]) for i in range(len(singles)) if i not in members)
                yield Portfolio("+".join(self.parties[i] for i in members), (joint, *others))

    def _with_help(self) -> Portfolio:
        """Separation plants cost less to build and run, as after the research that does the same; its cost is shared."""
        help_ = self.candidates.get(CHEAPER)
        if help_ is None:
            return Portfolio("technical_help", ((self._joint, self._best),))
        works = 1.0 - help_.cancel.value
        factor = 1.0 - help_.effect.value * works
        changed = tuple(
            _cheaper(each, factor) if each.kind == "project" and each.stage == "oxide" else each for each in self.data.candidates
        )
        coalitions = self.helped(changed)
        found = coalitions.solved(self.whole, max(self.values.gap, 1.0) / 2.0, self._best)
        return Portfolio("technical_help", ((coalitions.problem(self.whole), found.x),), help_.capex.value / MILLION)

    def _with_floor(self) -> Portfolio:
        """At least as many plants as a floor would carry are built, whatever they cost."""
        joint, floor = self._joint, self.candidates.get(FLOOR)
        size = np.array([each.size * each.makes.get(FLOORED, 0.0) if each.kind == "plant" else 0.0 for each in joint.programme.decisions])
        wanted = min(floor.capacity.value if floor else 0.0, _most(joint, size))
        limited = replace(joint, limits=[*joint.limits, LinearLimit("floor", size, wanted, np.inf)], keep={})
        found = solve_two_stage(
            limited.first_stage,
            limited.recourse,
            weight=limited.weight,
            alpha=limited.alpha,
            gap=0.0,
            absolute_gap=max(self.values.gap, 1.0),
        )
        return Portfolio("floor", ((limited, found.x),))

    @property
    def _joint(self) -> PlanProblem:
        return self.values.coalitions.problem(self.whole)

    @property
    def _best(self) -> Floats:
        return self.values.solved[self.whole].x

    def table(self, controls: Sequence[Control] = (), progress: Callable[[int, int], None] | None = None) -> MineralsTable:
        """N6: worth of every portfolio, now and under each control, with the plans as they are."""
        portfolios = list(self.portfolios())
        datas = [self.data, *(controlled(self.data, each.family, each.weeks, each.depth) for each in controls)]
        shape = (len(datas), len(portfolios), len(self.parties))
        cost, loss = np.zeros(shape), np.zeros(shape)
        for number, portfolio in enumerate(portfolios):
            for event, data in enumerate(datas):
                borne = borne_by(portfolio, data, data is self.data)
                cost[event, number] = [borne[code].cost for code in self.parties]
                loss[event, number] = [borne[code].loss for code in self.parties]
            if progress:
                progress(number + 1, len(portfolios))
        public = np.array([[public_money(portfolio, code) for code in self.parties] for portfolio in portfolios])
        return MineralsTable(
            self.parties, ("", *(each.name for each in controls)), tuple(each.name for each in portfolios),
            (cost[:1, :1] - cost) * MILLION, (loss[:1, :1] - loss) * MILLION, public * MILLION, self._tonne() * MILLION,
            float(self._joint.programme.discount.sum()), self.values.gap * MILLION,
        )  # fmt: skip

    def _tonne(self) -> Floats:
        """Fall of the objective of each party alone if it is given a tonne of separated dysprosium every year."""
        found = []
        for number, code in enumerate(self.parties):
            problem, x = self.values.coalitions.problem(1 << number), self.values.solved[1 << number].x
            years = len(problem.programme.reference.years)
            nil, all_years = np.zeros(years), np.ones(years)
            gift = Decision("gift", code, 0, "plant", GIFT, nil, nil, makes={GIVEN: 1.0}, usable=all_years, pays_alone=True)
            given = replace(
                problem, programme=replace(problem.programme, decisions=(*problem.programme.decisions, gift)), keep={}, limits=()
            )
            found.append((problem.outcome(x).objective - given.outcome(np.append(x, 1.0)).objective) / GIFT)
        return np.array(found)


def borne_by(portfolio: Portfolio, data: PlanData, usual: bool = True) -> dict[str, Borne]:
    """Cost and loss that each party bears under a portfolio [million USD]."""
    found: dict[str, Borne] = {}
    for problem, x in portfolio.parts:
        facing = problem if usual else problem.facing(data.delivered, data.probability)
        found |= Accounts(facing, data, facing.outcome(x), x).borne()
    share = portfolio.aid_cost / len(found)
    return {code: borne._replace(cost=borne.cost + share) for code, borne in found.items()}


def public_money(portfolio: Portfolio, party: str) -> float:
    """Public money of a party [million USD]."""
    total = portfolio.aid_cost / sum(len(problem.programme.blocks) for problem, _ in portfolio.parts)
    for problem, x in portfolio.parts:
        borne = np.array([each.borne_by(party) for each in problem.programme.decisions])
        total += float((problem.public * np.where(problem.free, x, 0.0)) @ borne)
    return total


def _cheaper(candidate: Candidate, factor: float) -> Candidate:
    """Candidate whose plant costs less to build and to run."""
    figures = dict(candidate.figures)
    for name in ("capex", "opex"):
        figure = figures[name]
        figures[name] = replace(figure, low=figure.low * factor, value=figure.value * factor, high=figure.high * factor)
    return replace(candidate, figures=figures)


def _most(problem: PlanProblem, size: Floats) -> float:
    """Largest amount of what decisions make, each candidate begun once by each party."""
    best: dict[tuple[str, str], float] = {}
    for each, amount in zip(problem.programme.decisions, size, strict=True):
        best[each.candidate, each.party] = max(best.get((each.candidate, each.party), 0.0), float(amount))
    return sum(best.values())
