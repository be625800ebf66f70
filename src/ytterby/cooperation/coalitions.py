"""Plans of coalitions: the problem of any set of parties under the terms of their alliance, and its best objective.

Equations K1 and K8 in ``docs/explanation/together.md``. Money is in million USD of 2024, as present value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.cooperation.games import membership
from ytterby.cooperation.know_how import KnowHow, TaughtDecision
from ytterby.cooperation.partners import PartnerProgramme
from ytterby.cooperation.terms import HERE
from ytterby.cooperation.whole_units import whole_units
from ytterby.execution import digest_of, map_chunks
from ytterby.plan import LinearLimit
from ytterby.solver import Cuts, Risk, ScenarioStandardForm, solve_two_stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from ytterby.cooperation.terms import Place, Terms
    from ytterby.execution import Checkpoint
    from ytterby.plan import Decision, Party, PlanData, PlanProblem

    Floats = NDArray[np.float64]

SMALL = 40_000
"""Rows of a programme below which threads for its paths cost more than they save."""


Key = tuple[str, str, int, bool]
"""Candidate, party, start, and whether a partner teaches: names a decision in any coalition."""


class KnownCuts(NamedTuple):
    """Cuts of a solution as arrays, from which a sharper one goes on."""

    scenario: NDArray[np.int64]
    constant: Floats
    gradient: Floats


class Solved(NamedTuple):
    """Best plan of a coalition and bounds of its objective, with what no plan changes [million USD]."""

    upper: float
    """Of the plan."""
    lower: float
    x: Floats
    """Decisions of the plan (decision,)."""
    eta: float
    """Loss beyond which paths count into the CVaR."""
    loss: float
    """Part of the plan's objective that is loss: expected, and weighted of the worst paths."""
    cuts: KnownCuts | None = None
    """Of coalitions that may be solved again."""

    @property
    def gap(self) -> float:
        """Difference of the bounds."""
        return max(self.upper - self.lower, 0.0)


class Task(NamedTuple):
    """A coalition to be solved, and to which difference of the bounds [million USD]; made of what stands here only."""

    coalition: int
    gap: float = 0.0
    share: float = 0.0
    """Largest difference of the bounds over the objective; either is enough."""
    start: Floats | None = None
    """Plan to begin with: the result is never worse."""
    known: KnownCuts | None = None
    """Cuts to begin with."""


class Coalitions:
    """Plans of all coalitions of some parties, which share years, losses and paths of restrictions.

    Parameters
    ----------
    data : PlanData
        Its paths are those of all parties, whoever plans.
    parties : tuple of Party
    terms : Terms
    checkpoint : Checkpoint, optional
        Keeps solved coalitions.
    key : str
        Names everything else that a solution depends on.
    world : tuple of Party, optional
        All parties whose trade with each other is settled in the game, such as those that may be invited; by default the parties.
    executor : Place
        Where coalitions are solved.
    """

    def __init__(
        self,
        data: PlanData,
        parties: tuple[Party, ...],
        terms: Terms,
        checkpoint: Checkpoint[Mapping[str, NDArray[Any]]] | None = None,
        key: str = "",
        world: tuple[Party, ...] = (),
        executor: Place = HERE,
    ) -> None:
        self.data, self.parties, self.terms, self.world = data, parties, terms, world or parties
        self.checkpoint, self.key, self.executor = checkpoint, key, executor
        self.members = membership(len(parties))
        self._problems: dict[int, PlanProblem] = {}

    def of(self, coalition: int) -> tuple[Party, ...]:
        """Members of a coalition."""
        return tuple(party for party, inside in zip(self.parties, self.members[coalition], strict=True) if inside)

    def name(self, coalition: int) -> str:
        """Codes of the members joined by ``+``."""
        return "+".join(party.code for party in self.of(coalition))

    def problem(self, coalition: int) -> PlanProblem:
        """Problem of a coalition; the last one is kept, and those of single parties and of all."""
        if coalition not in self._problems:
            for number in [number for number in self._problems if not self._lasting(number)]:
                self._problems.pop(number, None)  # another thread may have done so
            members = self.of(coalition)
            found = self.data.problem(
                members, self.terms.budgets_of(members), limits=self._once(members), whole_units=self.terms.whole_units,
                weight=self.terms.weight,
            )  # fmt: skip
            plain, partners = found.programme, tuple(party for party in self.world if party not in members)
            programme = PartnerProgramme(
                members, plain.reference, plain.curves, self.decisions(members), plain.rate, self.terms.exchange, self.terms.hub, partners
            )
            self._problems[coalition] = replace(found, programme=programme)
        return self._problems[coalition]

    @cached_property
    def know_how(self) -> KnowHow:
        """What members can teach each other."""
        return KnowHow(self.data, self.terms.know_how)

    def decisions(self, members: tuple[Party, ...]) -> tuple[Decision, ...]:
        """Decisions of some members: their own, their joint research, and plants with the help of a partner."""
        taught, steps = self.know_how.taught(members), self.data.steps
        return (*self.data.decisions(members), *(taught if steps is None else (steps.decision(each) for each in taught)))

    def _once(self, members: tuple[Party, ...]) -> list[LinearLimit]:
        """Candidates of the pool are taken at most once by all members together; what pays alone is built in any case."""
        decisions = self.decisions(members)
        taken = {name: np.array([each.candidate == name and not each.pays_alone for each in decisions]) for name in sorted(self.terms.pool)}
        return [LinearLimit("", columns.astype(float), -np.inf, 1.0) for columns in taken.values() if columns.any()]

    def _lasting(self, coalition: int) -> bool:
        return coalition == len(self.members) - 1 or not coalition & (coalition - 1)

    def fixed_by_path(self, coalition: int) -> Floats:
        """Part of each member's objective that no plan changes: goods of partners outside, less exports (path, member) [million USD]."""
        programme = self.problem(coalition).programme
        assert isinstance(programme, PartnerProgramme)
        return programme.fixed(self.data.delivered)

    def fixed_by(self, coalition: int) -> Floats:
        """The same, expected (member,) [million USD]."""
        return np.asarray(self.data.probability @ self.fixed_by_path(coalition))

    def fixed(self, coalition: int) -> float:
        """Part of the objective that no plan changes [million USD]."""
        return float(self.fixed_by(coalition).sum())

    @cached_property
    def joint(self) -> frozenset[str]:
        """Candidates that members pay for together."""
        return frozenset(each.id for each in self.data.candidates if each.kind == "joint_rnd")

    def _key(self, each: Decision) -> Key:
        """What names a decision in any coalition: joint research has no party."""
        return each.candidate, "" if each.candidate in self.joint else each.party, each.start, isinstance(each, TaughtDecision)

    def union(self, coalition: int, parts: Mapping[int, Floats]) -> Floats:
        """Plans of disjoint parts of a coalition carried out side by side (decision,).

        Decisions of the members stay. Research that several parts pay for is paid once, at the largest size of any. A plant that is taught
        better by all together needs less teaching.
        """
        decisions, found = self.decisions(self.of(coalition)), dict[Key, float]()
        closing = {self._key(each): each.closing for each in decisions if isinstance(each, TaughtDecision)}
        for part, x in parts.items():
            for each, share in zip(self.decisions(self.of(part)), x, strict=True):
                for key, amount in self._carried(each, float(share), closing):
                    known = found.get(key, 0.0)
                    found[key] = max(known, amount) if each.candidate in self.joint else known + amount
        return np.array([found.get(self._key(each), 0.0) for each in decisions])

    def _carried(self, each: Decision, share: float, closing: Mapping[Key, float]) -> Iterator[tuple[Key, float]]:
        """A decision of a part as decisions of all: of a taught plant, as much is taught as gives the same."""
        key = self._key(each)
        taught = each.closing / closing[key] if isinstance(each, TaughtDecision) and not self.terms.whole_units else 1.0
        yield key, share * taught
        if taught < 1.0:
            yield (*key[:3], False), share * (1.0 - taught)

    def solved(self, coalition: int, gap: float = 0.0, start: Floats | None = None, *, share: float = 0.0) -> Solved:
        """Best plan of a coalition, from the checkpoint where it is done; parameters as of :class:`Task`."""
        return next(self.solve_all([Task(coalition, gap, share, start)]))

    def solve_all(self, tasks: Sequence[Task]) -> Iterator[Solved]:
        """Best plans in the order of the tasks; each is kept in the checkpoint when it is done.

        Coalitions are solved side by side where the executor allows; results are the same to the bit with any.
        """
        kept = {number: found for number, task in enumerate(tasks) if (found := self._kept(self._digest(task)))}
        left = [task for number, task in enumerate(tasks) if number not in kept]
        solve: Callable[[Task], Solved] = Solver(self, inner=1 if len(left) > 1 and self.executor.kind != "serial" else None)
        done = map_chunks(solve, left, self.executor.kind, self.executor.workers, self.executor.address)
        for number, task in enumerate(tasks):
            if number in kept:
                yield kept[number]
                continue
            found = next(done)
            self._keep(self._digest(task), found)
            yield found

    def _digest(self, task: Task) -> str:
        members = [party.code for party in self.of(task.coalition)]
        start = None if task.start is None else task.start.tobytes()
        return digest_of(self.key, self.terms.digest, members, task.gap, task.share, start, task.known is not None)

    def _kept(self, digest: str) -> Solved | None:
        kept = None if self.checkpoint is None else self.checkpoint.get(digest)
        if kept is None:
            return None
        upper, lower, eta, loss = (float(value) for value in kept["bounds"])
        cuts = KnownCuts(*(np.asarray(kept[name]) for name in KnownCuts._fields)) if "constant" in kept else None
        return Solved(upper, lower, np.asarray(kept["x"]), eta, loss, cuts)

    def _keep(self, digest: str, found: Solved) -> None:
        if self.checkpoint is not None:
            cuts = {} if found.cuts is None else found.cuts._asdict()
            self.checkpoint.put(digest, {"bounds": np.array([found.upper, found.lower, found.eta, found.loss]), "x": found.x, **cuts})

    def solve(self, task: Task, workers: int | None = None) -> Solved:
        """Best plan of a coalition, from nothing but what the task says, so that it is the same wherever it is made."""
        problem, fixed = self.problem(task.coalition), self.fixed(task.coalition)
        if problem.recourse.W.shape[0] < SMALL:
            workers = 1
        first = problem.first_stage
        start = problem.start if task.start is None else problem.within(task.start)
        found = solve_two_stage(
            replace(first, integer=None), problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=task.share,
            absolute_gap=task.gap, cuts=_restored(problem, task.known), start=start, workers=workers,
        )  # fmt: skip
        if self.terms.whole_units:
            found = whole_units(problem, found, task.start, task.gap, self.terms.seconds, workers)
        loss = found.expected_loss + problem.weight * found.cvar
        cuts = (
            KnownCuts(found.cuts.scenario, found.cuts.constant, found.cuts.gradient)
            if found.cuts and self._lasting(task.coalition)
            else None
        )
        return Solved(found.upper_bound + fixed, found.lower_bound + fixed, found.x, found.eta, loss, cuts)

    def alone(self) -> Coalitions:
        """The same coalitions without what is being worked on, to be sent to another process."""
        return Coalitions(self.data, self.parties, self.terms, key=self.key, world=self.world)


@dataclass(frozen=True, eq=False)
class Solver:
    """Solves tasks in whichever process.

    Parameters
    ----------
    coalitions : Coalitions
    inner : int, optional
        Threads for the paths of one coalition; one a core by default.
    """

    coalitions: Coalitions
    inner: int | None = None

    def __call__(self, task: Task) -> Solved:
        """Best plan of a task."""
        return self.coalitions.solve(task, self.inner)

    def __getstate__(self) -> dict[str, Any]:
        return {"coalitions": self.coalitions.alone(), "inner": self.inner}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def _restored(problem: PlanProblem, known: KnownCuts | None) -> Cuts | None:
    """Cuts of an earlier solution, with programmes that have no basis yet."""
    if known is None:
        return None
    none = Cuts.none(ScenarioStandardForm.of(problem.recourse, Risk(problem.weight, problem.alpha)))
    scenario, constant, gradient = known
    return replace(none, scenario=scenario, constant=constant, gradient=gradient)
