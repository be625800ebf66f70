"""What the joint plan comes to for each member, and who pays whom so that each has its share (K9, K10).

Goods that members send each other are valued at base prices, as they would be paid; a transfer is what is paid beyond that.
Money is in million USD of 2024, as present value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.cooperation.partners import PartnerProgramme
from ytterby.plan import PlanReading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.cooperation.coalitions import Coalitions, Solved
    from ytterby.plan import PlanData, PlanOutcome, PlanProblem

    Floats = NDArray[np.float64]

NOTHING = 1e-3
"""Smaller payments are rounding [million USD]."""


class Sent(NamedTuple):
    """Goods from one member to another at base prices, expected [million USD]."""

    giver: str
    taker: str
    calm: float
    """In years without a restriction for any member."""
    crisis: float
    """In restricted years."""


class Borne(NamedTuple):
    """Part of a member in the objective of a joint plan [million USD]."""

    cost: float
    """Plants, imports, missing uses, stocks and goods of members, less exports to outsiders."""
    loss: float
    """Expected loss, and its part in the mean loss of the worst paths of all."""


class Accounts:
    """Objective of a joint plan, member by member.

    Parameters
    ----------
    problem : PlanProblem
        Of the alliance.
    data : PlanData
    outcome : Outcome
        What the plan comes to, with the second stage.
    x : array (decision,)
        The plan.
    """

    def __init__(self, problem: PlanProblem, data: PlanData, outcome: PlanOutcome, x: Floats) -> None:
        self.problem, self.data, self.outcome, self.x = problem, data, outcome, x
        self.reading = PlanReading(problem, x, outcome, outcome)  # what was before is not asked for

    def own(self) -> dict[str, float]:
        """K9: part of each member in the objective; the parts add up to that of all."""
        return {code: borne.cost + borne.loss for code, borne in self.borne().items()}

    def borne(self) -> dict[str, Borne]:
        """K9: the same in its two parts."""
        bought, programme = self._bought(), self.problem.programme
        assert isinstance(programme, PartnerProgramme)
        fixed = self.outcome.probability @ programme.fixed(self.data.delivered)
        return {
            block.party.code: Borne(self._resource(number) + float(fixed[number]) + bought[block.party.code], self._loss(number))
            for number, block in enumerate(self.problem.programme.blocks)
        }

    def _resource(self, number: int) -> float:
        block = self.problem.programme.blocks[number]
        return float(self.problem.programme.discount @ self.reading.resource_by_year(self.outcome, self.x, block))

    def _loss(self, number: int) -> float:
        """Expected loss of a member, and its part in the mean loss of the worst paths of all."""
        block, weights = self.problem.programme.blocks[number], self.problem.programme.weights
        lost = np.einsum("syj,y->s", self.reading.by_year(self.outcome, block, "loss"), weights)
        return float((self.outcome.probability + self.outcome.weight * tail_weights(self.outcome)) @ lost)

    def public(self) -> Floats:
        """Public money of each decision of the plan by member (decision, member); of joint research by who bears it."""
        problem = self.problem
        money = problem.public * np.where(
            problem.free, np.maximum(self.x, 0.0), 0.0
        )  # a solver may leave a share next to nothing below nil
        borne = [[each.borne_by(party.code) for party in problem.programme.members] for each in problem.programme.decisions]
        return np.asarray(money[:, None] * np.array(borne))

    def sent(self) -> Iterator[Sent]:
        """What each member sends each other."""
        programme, probability, delivered = self.problem.programme, self.outcome.probability, self.data.delivered
        regions = sorted({region for party in programme.members for region in party.regions})
        crisis = delivered.any_of(delivered.restricted, regions)
        for giver in programme.blocks:
            for taker in programme.blocks:
                if giver is taker:
                    continue
                columns = [taker.at[name] for name in programme.exchanged(giver, taker)]
                places = programme.program.place_of(f"{giver.party.code}>{taker.party.code}")
                flow = self.outcome.y[:, places.ravel()].toarray().reshape(len(probability), *places.shape)
                worth = np.einsum("syc,yc,c,y->sy", flow, taker.scale[:, columns], taker.prices[columns], programme.weights)
                calm, hard = (float(probability @ np.where(when, worth, 0.0).sum(axis=1)) for when in (~crisis, crisis))
                yield Sent(giver.party.code, taker.party.code, calm, hard)

    def _bought(self) -> dict[str, float]:
        """Goods from members less goods for members of each, at base prices."""
        total = dict.fromkeys((party.code for party in self.problem.programme.members), 0.0)
        for row in self.sent():
            total[row.taker] += row.calm + row.crisis
            total[row.giver] -= row.calm + row.crisis
        return total


def accounts_of(coalitions: Coalitions, coalition: int, found: Solved) -> Accounts:
    """Accounts of a coalition's best plan."""
    problem = coalitions.problem(coalition)
    outcome = problem.judged(found.x, problem.recourse, found.eta, keep=True)
    return Accounts(problem, coalitions.data, outcome, found.x)


def tail_weights(outcome: PlanOutcome) -> Floats:
    """Weight of each path in the mean of the worst ones (path,); they add up to 1."""
    order = np.argsort(-outcome.loss, kind="stable")
    weight = outcome.probability[order]
    before = np.cumsum(weight) - weight
    found = np.empty_like(weight)
    found[order] = np.clip(1.0 - outcome.alpha - before, 0.0, weight) / (1.0 - outcome.alpha)
    return found


class Payment(NamedTuple):
    """A payment between members [million USD]."""

    payer: str
    payee: str
    amount: float


def payments(balance: Mapping[str, float]) -> list[Payment]:
    """K10: who pays whom, where a balance above 0 is received; each payer pays every payee in the same proportion."""
    received = sum(value for value in balance.values() if value > 0.0)
    found = [
        Payment(payer, payee, -owed * due / received)
        for payer, owed in balance.items()
        for payee, due in balance.items()
        if owed < 0.0 < due
    ]
    return sorted((each for each in found if each.amount > NOTHING), key=lambda each: -each.amount)


def level_payment(amount: float, discount: Floats) -> float:
    """Payment that is the same every year and worth an amount now."""
    return float(amount / discount.sum())
