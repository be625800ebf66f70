"""Plans of coalitions: the problem of any set of parties under the terms of their alliance, and its best objective.

Equations K1 and K8 in ``docs/explanation/together.md``. Money is in million USD of 2024, as present value.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.cooperation.games import membership
from ytterby.cooperation.partners import PartnerProgramme
from ytterby.execution import digest_of
from ytterby.plan import LinearLimit
from ytterby.solver import solve_two_stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from ytterby.execution import Checkpoint
    from ytterby.plan import Exchange, Party, PlanData, PlanProblem

    Floats = NDArray[np.float64]

NO_LIMIT = 1e6
"""Budget of a party that limits nothing [million USD]."""


@dataclass(frozen=True)
class Terms:
    """What members of an alliance agree on.

    Parameters
    ----------
    budgets : mapping of str to float
        Public money of each party [million USD].
    pooled : bool
        Whether the members' budgets are one.
    whole_units : bool
        Whether plants are built whole or not at all.
    exchange : {"free", "calm", "crisis"}
        When members send each other more than they would owe as outsiders.
    hub : str
        Member that all such exchange comes from or goes to.
    weight : float
        Weight of the CVaR in the objective.
    pool : frozenset of str
        Candidates that every coalition may use whole: its members together at most once.
    """

    budgets: Mapping[str, float] = field(default_factory=dict)
    pooled: bool = True
    whole_units: bool = False
    exchange: Exchange = "free"
    hub: str = ""
    weight: float = 0.5
    pool: frozenset[str] = frozenset()

    @property
    def digest(self) -> str:
        """Names the terms; equal terms, equal digests."""
        rest = (self.pooled, self.whole_units, self.exchange, self.hub, self.weight)
        return digest_of(sorted(self.budgets.items()), *rest, sorted(self.pool))

    def budgets_of(self, members: Sequence[Party]) -> dict[str, float]:
        """Budgets of an alliance: one for all under the empty name, or by party [million USD]."""
        own = {party.code: self.budgets.get(party.code, NO_LIMIT) for party in members}
        return {"": sum(own.values())} if self.pooled else own


class Solved(NamedTuple):
    """Best plan of a coalition and bounds of its objective, with what no plan changes [million USD]."""

    upper: float
    """Of the plan."""
    lower: float
    x: Floats
    """Decisions of the plan (decision,)."""
    eta: float
    """Loss beyond which paths count into the CVaR."""

    @property
    def gap(self) -> float:
        """Difference of the bounds."""
        return max(self.upper - self.lower, 0.0)


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
    """

    def __init__(
        self,
        data: PlanData,
        parties: tuple[Party, ...],
        terms: Terms,
        checkpoint: Checkpoint[Mapping[str, NDArray[Any]]] | None = None,
        key: str = "",
        world: tuple[Party, ...] = (),
    ) -> None:
        self.data, self.parties, self.terms, self.world = data, parties, terms, world or parties
        self.checkpoint, self.key = checkpoint, key
        self.members = membership(len(parties))
        self._problems: dict[int, PlanProblem] = {}

    def of(self, coalition: int) -> tuple[Party, ...]:
        """Members of a coalition."""
        return tuple(party for party, inside in zip(self.parties, self.members[coalition], strict=True) if inside)

    def name(self, coalition: int) -> str:
        """Codes of the members joined by ``+``."""
        return "+".join(party.code for party in self.of(coalition))

    def problem(self, coalition: int) -> PlanProblem:
        """Problem of a coalition; the last one is kept with its cuts, and those of single parties and of all."""
        if coalition not in self._problems:
            for number in [number for number in self._problems if not self._lasting(number)]:
                del self._problems[number]
            members = self.of(coalition)
            found = self.data.problem(
                members, self.terms.budgets_of(members), limits=self._once(members), whole_units=self.terms.whole_units,
                weight=self.terms.weight,
            )  # fmt: skip
            plain, partners = found.programme, tuple(party for party in self.world if party not in members)
            programme = PartnerProgramme(
                members, plain.reference, plain.curves, plain.decisions, plain.rate, self.terms.exchange, self.terms.hub, partners
            )
            self._problems[coalition] = replace(found, programme=programme)
        return self._problems[coalition]

    def _once(self, members: tuple[Party, ...]) -> list[LinearLimit]:
        """Candidates of the pool are taken at most once by all members together; what pays alone is built in any case."""
        decisions = self.data.decisions(members)
        taken = {name: np.array([each.candidate == name and not each.pays_alone for each in decisions]) for name in sorted(self.terms.pool)}
        return [LinearLimit("", columns.astype(float), -np.inf, 1.0) for columns in taken.values() if columns.any()]

    def _lasting(self, coalition: int) -> bool:
        return coalition == len(self.members) - 1 or not coalition & (coalition - 1)

    def fixed(self, coalition: int) -> float:
        """Part of the objective that no plan changes: goods of partners outside, less exports to all outsiders [million USD]."""
        programme = self.problem(coalition).programme
        assert isinstance(programme, PartnerProgramme)
        return programme.fixed(self.data.delivered, self.data.probability)

    @cached_property
    def _joint(self) -> frozenset[str]:
        """Candidates that members pay for together."""
        return frozenset(each.id for each in self.data.candidates if each.kind == "joint_rnd")

    def _keys(self, coalition: int) -> list[tuple[str, str, int]]:
        """Candidate, party (none for joint research) and start of each decision of a coalition."""
        decisions = self.data.decisions(self.of(coalition))
        return [(each.candidate, "" if each.candidate in self._joint else each.party, each.start) for each in decisions]

    def union(self, coalition: int, parts: Mapping[int, Floats]) -> Floats:
        """Plans of disjoint parts of a coalition carried out side by side (decision,).

        Decisions of the members stay. Research that several parts pay for is paid once, at the largest size of any.
        """
        found: dict[tuple[str, str, int], float] = {}
        for part, x in parts.items():
            for key, share in zip(self._keys(part), x, strict=True):
                found[key] = max(found.get(key, 0.0), float(share))
        return np.array([found.get(key, 0.0) for key in self._keys(coalition)])

    def solved(self, coalition: int, gap: float = 0.0, start: Floats | None = None, *, share: float = 0.0) -> Solved:
        """Best plan of a coalition to a difference of the bounds [million USD], from the checkpoint where it is done.

        Parameters
        ----------
        coalition : int
        gap : float
            Largest difference of the bounds.
        start : array (decision,), optional
            Plan to begin with: the result is never worse.
        share : float
            Largest difference of the bounds over the objective; either is enough.
        """
        digest = digest_of(self.key, self.terms.digest, [party.code for party in self.of(coalition)], gap, share, start is not None)
        kept = None if self.checkpoint is None else self.checkpoint.get(digest)
        if kept is not None:
            upper, lower, eta = (float(value) for value in kept["bounds"])
            return Solved(upper, lower, np.asarray(kept["x"]), eta)
        found = self._solve(coalition, gap, start, share)
        if self.checkpoint is not None:
            self.checkpoint.put(digest, {"bounds": np.array([found.upper, found.lower, found.eta]), "x": found.x})
        return found

    def _solve(self, coalition: int, gap: float, start: Floats | None, share: float) -> Solved:
        problem, fixed = self.problem(coalition), self.fixed(coalition)
        found = solve_two_stage(
            problem.first_stage, problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=share, absolute_gap=gap,
            cuts=problem.keep.get("cuts"), start=problem.start if start is None else problem.within(start),
        )  # fmt: skip
        if found.cuts is not None:
            problem.keep["cuts"] = found.cuts
        return Solved(found.upper_bound + fixed, found.lower_bound + fixed, found.x, found.eta)
