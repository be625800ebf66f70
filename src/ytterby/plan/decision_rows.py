"""Rows and columns of what a party decides: new plants with their sales, thrift, stocks.

Equations P8 and P9 in ``docs/explanation/plan.md``; money is in million USD of 2024.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import split_market
from ytterby.plan.decisions import REFILL, saves_money

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.plan.decisions import Decision
    from ytterby.plan.party_flows import PartyFlows
    from ytterby.plan.yearly_program import YearlyProgram

    Floats = NDArray[np.float64]

FITTING = 0.6
"""Share of a stock whose form and grade fit what is missing (assumed: ASM014)."""
RESALE = 0.8
"""What a stock is worth at the end of the plan, over its price (assumed: ASM012)."""


class DecisionRows:
    """Rows and columns of a party's decisions.

    Parameters
    ----------
    flows : PartyFlows
        The party, with its decisions.
    """

    def __init__(self, flows: PartyFlows) -> None:
        self.flows = flows
        self.new_plants: tuple[str, ...] = ()

    def add(self, program: YearlyProgram) -> None:
        """Declare the rows and columns; those of the party's balance and plants must be there."""
        self._new_plants(program)
        self._sales(program)
        self._thrift(program)
        self._stocks(program)

    def _new_plants(self, program: YearlyProgram) -> None:
        """P8: new plants run up to what has been built and is usable."""
        flows = self.flows
        plants = [(column, each) for column, each in flows.decisions if each.kind == "plant"]
        by_candidate: dict[str, list[tuple[int, Decision]]] = {}
        for column, each in plants:
            by_candidate.setdefault(each.candidate, []).append((column, each))
        self.new_plants = tuple(by_candidate)
        largest = {name: max(each.usable.max() for _, each in group) for name, group in by_candidate.items()}
        cost = np.array([group[0][1].running_cost for group in by_candidate.values()])
        program.add_columns(flows.name("new"), len(by_candidate), high=np.array(list(largest.values())), cost=cost)
        program.add_rows(flows.name("built"), len(by_candidate), high=0.0)
        program.put(flows.name("built"), np.arange(len(by_candidate)), flows.name("new"), np.arange(len(by_candidate)), 1.0)
        for number, group in enumerate(by_candidate.values()):
            for column, each in group:
                program.put_first(flows.name("built"), np.array([number]), np.array([column]), -each.usable[:, None])
            first = group[0][1]
            rows = np.array([flows.at[commodity] for commodity in first.makes], dtype=np.int64)
            rates = np.array(list(first.makes.values())) * first.size
            program.put(flows.name("balance"), rows, flows.name("new"), np.full(len(rows), number), rates / flows.scale[:, rows])

    def _sales(self, program: YearlyProgram) -> None:
        """P8: what new plants make beyond what the members need is sold to the world at the base price, as their business case assumes.

        So is what plants of the reference have left over: a new plant that works it up pays with the sale that is lost.
        """
        flows = self.flows
        plants = {each.candidate: each for _, each in flows.decisions if each.kind == "plant"}
        cells = [
            (flows.at[good], j, rate * plants[name].size)
            for j, name in enumerate(self.new_plants)
            for good, rate in plants[name].makes.items()
            if rate > 0.0 and good in flows.reference.price and good in flows.reference.saleable
        ]
        goods = sorted({good for good, _, _ in cells} | {int(good) for good in np.flatnonzero(flows.saleable.max(axis=0, initial=0.0))})
        place = {good: i for i, good in enumerate(goods)}
        number = np.arange(len(goods))
        value = (
            flows.scale[:, goods] * flows.prices[goods] * np.array([flows.reference.saleable[flows.commodities[good]] for good in goods])
        )
        program.add_columns(flows.name("sold"), len(goods), cost=-value if goods else 0.0)
        program.add_rows(flows.name("sales"), len(goods), high=flows.saleable[:, goods])
        if not goods:
            return
        program.put(flows.name("balance"), np.array(goods), flows.name("sold"), number, -1.0)
        program.put(flows.name("sales"), number, flows.name("sold"), number, 1.0)
        if cells:
            rows, columns, made = (np.array([cell[k] for cell in cells]) for k in range(3))
            program.put(
                flows.name("sales"),
                np.array([place[good] for good in rows]),
                flows.name("new"),
                columns,
                -made / flows.scale[:, rows],
            )

    def _thrift(self, program: YearlyProgram) -> None:
        """P8: plants of the reference do with less of an input, as far as they run and as far as the saving has come."""
        flows = self.flows
        cells: list[tuple[int, int, int, Floats, Floats]] = []
        place = {process: j for j, process in enumerate(flows.plants)}
        recipes = flows.reference.system.recipes
        for row, (process, market) in enumerate(zip(recipes["process"], recipes["market"], strict=True)):
            commodity = split_market(market)[0]
            if process not in place:
                continue
            for column, each in flows.decisions:
                share = each.thrift.get((commodity, split_market(process)[0]), 0.0)
                if share > 0.0:
                    most = share * np.maximum(-flows.reference.production[:, row], 0.0) / flows.scale[:, flows.at[commodity]]
                    cells.append((flows.at[commodity], place[process], column, most, each.usable))
        n = len(cells)
        program.add_columns(flows.name("thrift"), n)
        if not n:
            return
        price = np.array([0.0 if saves_money(flows.commodities[cell[0]]) else flows.price(flows.commodities[cell[0]]) for cell in cells])
        program.columns[flows.name("thrift")].cost[:] = np.array([cell[3] * flows.scale[:, cell[0]] for cell in cells]).T * price
        program.add_rows(flows.name("running"), n, high=0.0)
        program.add_rows(flows.name("saving"), n, high=0.0)
        each_one = np.arange(n)
        balance, plants, columns = (np.array([cell[k] for cell in cells], dtype=np.int64) for k in range(3))
        most, usable = (np.array([cell[k] for cell in cells]).T for k in (3, 4))
        program.put(flows.name("balance"), balance, flows.name("thrift"), each_one, most)
        for rows in ("running", "saving"):
            program.put(flows.name(rows), each_one, flows.name("thrift"), each_one, 1.0)
        program.put(flows.name("running"), each_one, flows.name("plants"), plants, -1.0)
        program.put_first(flows.name("saving"), each_one, columns, -usable)

    def _stocks(self, program: YearlyProgram) -> None:
        """P9: stocks are full before a restriction, released in restricted years only, and refilled slowly afterwards.

        They are bought from the world in years without a restriction, so no right to supply is used for them.
        """
        flows = self.flows
        stocks = [(column, each) for column, each in flows.decisions if each.kind == "stock"]
        held = tuple(sorted({each.commodity for _, each in stocks}))
        n = len(held)
        place = {commodity: i for i, commodity in enumerate(held)}
        size = np.array([max(each.size for _, each in stocks if each.commodity == name) for name in held])
        rows = np.array([flows.at[name] for name in held], dtype=np.int64)
        value = size * np.array([flows.price(name) for name in held])
        refilled = min(REFILL * flows.reference.length, 1.0)
        program.add_columns(flows.name("level"), n, high=1.0)
        program.columns[flows.name("level")].cost[-1] = -RESALE * value / flows.reference.length
        program.add_columns(flows.name("release"), n, high=0.0)
        program.add_columns(flows.name("refill"), n, high=refilled, cost=value / flows.reference.length)
        program.add_rows(flows.name("stock"), n, low=0.0, high=0.0)
        program.add_rows(flows.name("full"), n, high=0.0)
        program.add_rows(flows.name("rate"), n, high=0.0)
        each_one = np.arange(n)
        program.put(
            flows.name("balance"),
            rows,
            flows.name("release"),
            each_one,
            FITTING * size / flows.scale[:, rows] / flows.reference.length,
        )
        for columns, sign in (("level", 1.0), ("release", 1.0), ("refill", -1.0)):
            program.put(flows.name("stock"), each_one, flows.name(columns), each_one, sign)
        program.put(flows.name("stock"), each_one, flows.name("level"), each_one, -1.0, back=1)
        program.put(flows.name("full"), each_one, flows.name("level"), each_one, 1.0)
        program.put(flows.name("rate"), each_one, flows.name("refill"), each_one, 1.0)
        for column, each in stocks:
            at, share = np.array([place[each.commodity]]), each.size / size[place[each.commodity]]
            arriving = np.diff(each.usable, prepend=0.0)
            program.put_first(flows.name("stock"), at, np.array([column]), -share * arriving[:, None])
            program.put_first(flows.name("full"), at, np.array([column]), -share * each.usable[:, None])
            program.put_first(flows.name("rate"), at, np.array([column]), -share * refilled * each.usable[:, None])
