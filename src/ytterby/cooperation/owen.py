"""A point of the core from the dual prices of what all plan together (equation K13).

With divisible measures and budgets together the game is a linear production game [1]_: the prices at which all together value a
tonne here and a tonne there support a sharing that no coalition can improve on. The duals of the joint programme are those of its cuts,
weighed as the master of the decomposition weighs them; each cut is a dual solution of a scenario, told apart by whose rows it prices.

.. [1] G. Owen, On the core of linear production games, Math. Programming 9 (1975), 358-370.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from ytterby.facts import split_market
from ytterby.solver import Cuts, LinearProgram, RecordingPrograms, Risk, ScenarioStandardForm, SparseRows, solve_two_stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.cooperation.coalitions import Coalitions
    from ytterby.cooperation.values import Values
    from ytterby.plan import PlanProblem
    from ytterby.solver import FirstStage

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class DualPrices(NamedTuple):
    """Dual solution of a two-stage programme [million USD by unit of each row]."""

    rows: Floats
    """Of the second stage (scenario, row), weighed by probability."""
    first_rows: Floats
    """Of the first stage (row,)."""


def owen(values: Values, gap: float) -> Floats:
    """Owen's point of the core (party,) [million USD]; it adds up to the value of all together.

    Parameters
    ----------
    values : Values
        Solved coalitions, with divisible measures, entitlements and budgets together.
    gap : float
        Largest difference of the bounds of the joint programme [million USD].
    """
    coalitions = values.coalitions
    whole = len(coalitions.members) - 1
    problem = coalitions.problem(whole)
    form = ScenarioStandardForm.of(problem.recourse, Risk(problem.weight, problem.alpha))
    best, programs = values.solved[whole], RecordingPrograms(form)
    point = np.append(best.x, best.eta / form.unit)
    answers = programs.at(point)
    assert answers is not None, "no end was set"
    known = replace(Cuts.none(form), programs=programs).joined(point, answers)
    found = solve_two_stage(
        problem.first_stage, problem.recourse, weight=problem.weight, alpha=problem.alpha, gap=0.0, absolute_gap=gap, cuts=known,
        start=best.x,
    )  # fmt: skip
    assert found.cuts is not None
    prices = dual_prices(problem.first_stage, form, found.cuts, programs.duals)
    costs = Costs(coalitions, whole, form, prices).by_party()
    alone = np.array([values.solved[1 << i].upper for i in range(len(costs))])
    shares = alone - costs
    return np.asarray(shares + (values.game.whole - shares.sum()) / len(shares))


def dual_prices(first: FirstStage, form: ScenarioStandardForm, cuts: Cuts, duals: list[Any]) -> DualPrices:
    """Dual solution that supports the lower bound of a decomposition: its cuts' duals, weighed by the master.

    Parameters
    ----------
    first : FirstStage
    form : ScenarioForm
    cuts : Cuts
    duals : list of sparse matrix (1, row)
        Row duals of each cut, in their order [unit of the form].
    """
    probability = form.recourse.probability
    count = len(probability)
    rows = SparseRows()
    rows.block(first.row_low, first.row_high)
    rows.put_matrix(0, 0, first.A)
    numbers = rows.block(cuts.constant, np.full(len(cuts), np.inf))
    own = sparse.csr_matrix((np.ones(len(cuts)), (np.arange(len(cuts)), cuts.scenario)), (len(cuts), count))
    rows.put_matrix(int(numbers[0]), 0, sparse.hstack([sparse.csr_matrix(-cuts.gradient), own]))
    free = np.full(1 + count, np.inf)
    cost = np.concatenate([first.cost / form.unit, [form.risk.weight], probability])
    # no loss is below nil: where nobody loses, cuts alone do not hold the value at risk
    low = np.concatenate([first.low, [0.0], -free[1:]])
    master = LinearProgram(low, np.append(first.high, free), rows, cost=cost)
    master.solve()
    weights = np.maximum(master.row_duals[len(first.row_low) :], 0.0)
    mixing = sparse.csr_matrix((weights, (cuts.scenario, np.arange(len(cuts)))), (count, len(cuts)))
    return DualPrices(np.asarray((mixing @ sparse.vstack(duals)).todense()) * form.unit, master.row_duals[: len(first.row_low)] * form.unit)


class Costs:
    """Cost of each member at dual prices: its rows and columns, its rights to goods of the others, and its budget.

    Parameters
    ----------
    coalitions : Coalitions
    whole : int
        Coalition of all members.
    form : ScenarioForm
        Second stage of their programme.
    prices : DualPrices
        Of it.
    """

    def __init__(self, coalitions: Coalitions, whole: int, form: ScenarioStandardForm, prices: DualPrices) -> None:
        self.coalitions, self.whole, self.form, self.prices = coalitions, whole, form, prices
        self.problem: PlanProblem = coalitions.problem(whole)
        self.programme = self.problem.programme
        self.codes = [party.code for party in self.programme.members]

    def by_party(self) -> Floats:
        """Cost of each member (party,) [million USD]; they add up to the lower bound of the joint objective."""
        return np.asarray(self._second_stage() + self._first_stage() + self._rights() + self.coalitions.fixed_by(self.whole))

    @cached_property
    def _row_owner(self) -> Ints:
        """Member that each row of the second stage belongs to (row,)."""
        return self._owner(self.programme.program.rows)

    def _owner(self, kinds: Mapping[str, Any]) -> Ints:
        """Member that rows or columns belong to; goods on the way belong to who receives them."""
        one_year = [np.full(kind.low.shape[1], self.codes.index(_member(name))) for name, kind in kinds.items()]
        return np.tile(np.concatenate(one_year), len(self.programme.reference.years))

    def _second_stage(self) -> Floats:
        """Right-hand sides and bounds of each member's rows and columns at their duals (party,)."""
        row_owner, column_owner = self._row_owner, self._owner(self.programme.program.columns)
        found, common = np.zeros(len(self.codes)), self.form.W.T.tocsr()
        for s, probability in enumerate(self.form.recourse.probability):
            duals = self.prices.rows[s]
            reduced = probability * self.form.cost(s) * self.form.unit - common @ duals
            row_worth, column_worth = _supported(duals, *self.form.row_bounds(s)), _supported(reduced, *self.form.bounds(s))
            found += np.bincount(row_owner, row_worth[:-1], len(found)) + np.bincount(column_owner, column_worth[:-1], len(found))
        return found

    def _first_stage(self) -> Floats:
        """Decisions at their reduced costs, and budgets at their duals (party,)."""
        first, found = self.problem.first_stage, np.zeros(len(self.codes))
        own_limits = first.A.T @ self.prices.first_rows
        for row, dual in enumerate(self.prices.first_rows):
            found += self._limit(row, float(dual))
        for column, decision in enumerate(self.programme.decisions):
            worth = self._worth[column]
            reduced = first.cost[column] - own_limits[column] - worth.sum()
            bound = first.low[column] if reduced > 0.0 else first.high[column]
            members = decision.party.split("+")
            if len(members) == 1:
                found[self.codes.index(members[0])] += reduced * bound
            elif worth.sum() > 0.0:
                found += reduced * bound * worth / worth.sum()
        return found

    @cached_property
    def _worth(self) -> Floats:
        """What a unit of each decision saves each member at the prices of the second stage (decision, party)."""
        saved = self.form.T[:-1, :-1].multiply(self.prices.rows[:, :-1].sum(axis=0)[:, None]).tocsr()
        return np.array([np.asarray(saved[self._row_owner == i].sum(axis=0)).ravel() for i in range(len(self.codes))]).T

    def _limit(self, row: int, dual: float) -> Floats:
        """A limit of the first stage at its dual, by who brings what it allows (party,)."""
        if abs(dual) < 1e-12:
            return np.zeros(len(self.codes))
        limit = self.problem.rows[row]
        bound = limit.low if dual > 0.0 else limit.high
        if limit.name.startswith("budget"):
            own = self.coalitions.terms.own_budgets(self.programme.members)
            return np.array([dual * own[code] for code in self.codes])
        owners = [self.programme.decisions[column].party.split("+") for column in np.flatnonzero(limit.coefficients)]
        part = np.zeros(len(self.codes))
        for members in owners:
            part[[self.codes.index(code) for code in members]] += 1.0 / len(members) / len(owners)
        return dual * bound * part

    def _rights(self) -> Floats:
        """What goods that members owe each other are worth at the giver's price beyond the base price (party,): paid by the giver."""
        delivered, programme, found = self.coalitions.data.delivered, self.programme, np.zeros(len(self.codes))
        owner = {region: i for i, party in enumerate(programme.members) for region in party.regions}
        discount, probability = programme.weights, self.form.recourse.probability
        places = [programme.program.place_of_rows(block.name("balance")) for block in programme.blocks]
        links = programme.reference.system.links
        for number, (origin, destination) in enumerate(zip(links["origin"], links["destination"], strict=True)):
            (commodity, source), (_, target) = split_market(origin), split_market(destination)
            giver, taker = owner.get(source), owner.get(target)
            if giver is None or taker is None or giver == taker:
                continue
            block = programme.blocks[giver]
            column = block.at[commodity]
            tonnes = programme.reference.flow[:, number] * delivered.links[:, :, number]
            price = self.prices.rows[:, places[giver][:, column]] / block.scale[:, column]
            base = probability[:, None] * discount * block.price(commodity)
            worth = float((tonnes * (price - base)).sum())
            found[giver] += worth
            found[taker] -= worth
        return found


def _member(name: str) -> str:
    """Code of the member that rows or columns with a name belong to: ``JP.balance``, or ``US>JP`` for what reaches it."""
    return name.partition(">")[2] or name.partition(".")[0]


def _supported(duals: Floats, low: Floats, high: Floats) -> Floats:
    """Each dual times the bound that it rests on; nil where that bound does not exist."""
    bound = np.where(duals > 0.0, low, high)
    return np.where(np.isfinite(bound), duals * np.where(np.isfinite(bound), bound, 0.0), 0.0)
