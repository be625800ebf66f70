"""The programme of the members of an alliance: their blocks, the links between them, and their rights to supply from outside.

Equations P3-P9 in ``docs/explanation/plan.md``. A block holds a party's plants, imports from outsiders up to its rights,
final uses, stocks and the losses of its sectors, for every year. Quantities are shares of reference flows, so that all
coefficients are near one; money is in million USD of 2024.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import split_market
from ytterby.plan.decisions import REFILL, saves_money
from ytterby.plan.parties import DOMINANT
from ytterby.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ytterby.plan.availability import Delivered
    from ytterby.plan.decisions import Decision
    from ytterby.plan.loss_table import LossCurves
    from ytterby.plan.parties import Party
    from ytterby.plan.reference_path import ReferencePath
    from ytterby.plan.yearly_program import YearlyProgram

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MILLION = 1e6
SURPLUS = 0.2
"""Share of supply that leaves a market besides its uses from which on it counts as surplus and need not be served first."""
MIN_FLOW = 1e-6
"""Smaller flows are left out [t/year]."""
FITTING = 0.6
"""Share of a stock whose form and grade fit what is missing (assumed: ASM014)."""
EXCHANGE = 3.0
"""Largest yearly flow of a commodity from one member to another, over what the receiver takes in the reference."""
NEGLIGIBLE = 3e-3
"""Inputs that can stop less than this share of what a sector's worst input can are left out."""
BLUNT = 0.02
"""By how much pieces of the loss may be left out, over the loss at half of the input missing."""
RESALE = 0.8
"""What a stock is worth at the end of the plan, over its price (assumed: ASM012)."""


class PartyBlock:
    """Rows and columns of one party within the programme of an alliance.

    Parameters
    ----------
    party : Party
        Whose block it is.
    members : tuple of Party
        All members; trade between them is no import from outside.
    reference : ReferencePath
        Years without a restriction.
    curves : LossCurves
        Loss of sectors by missing share of their inputs.
    decisions : sequence of (int, Decision)
        The party's decisions with their columns in the first stage.
    """

    def __init__(
        self,
        party: Party,
        members: tuple[Party, ...],
        reference: ReferencePath,
        curves: LossCurves,
        decisions: Iterable[tuple[int, Decision]],
    ) -> None:
        self.party, self.reference, self.curves = party, reference, curves
        self.inside = {region for each in members for region in each.regions}
        self.decisions = list(decisions)

    @cached_property
    def commodities(self) -> tuple[str, ...]:
        """What the party uses, makes or imports, in the reference or by a decision."""
        s, own = self.reference.system, set(self.party.regions)
        found = {commodity for commodity, region in map(split_market, s.markets.index) if region in own}
        for _, decision in self.decisions:
            found |= set(decision.makes) | ({decision.commodity} if decision.commodity else set())
        return tuple(sorted(found))

    @cached_property
    def at(self) -> dict[str, int]:
        """Row of each commodity."""
        return {commodity: i for i, commodity in enumerate(self.commodities)}

    @cached_property
    def scale(self) -> Floats:
        """Supply of each commodity in the reference (year, commodity), or what decisions may make of it [t/year]."""
        total = np.zeros((len(self.reference.years), len(self.commodities)))
        throughput, own = self.reference.throughput, set(self.party.regions)
        for column, (commodity, region) in enumerate(map(split_market, self.reference.system.markets.index)):
            if region in own:
                total[:, self.at[commodity]] += throughput[:, column]
        made = np.zeros(len(self.commodities))
        for _, decision in self.decisions:
            for commodity, rate in decision.makes.items():
                made[self.at[commodity]] += abs(rate) * decision.size
        return np.where(total > MIN_FLOW, total, np.maximum(made, 1.0))

    def name(self, kind: str) -> str:
        """Name of the party's rows or columns of a kind."""
        return f"{self.party.code}.{kind}"

    def add(self, program: YearlyProgram) -> None:
        """Declare the party's rows and columns."""
        self._balance(program)
        self._plants(program)
        self._imports(program)
        self._uses(program)
        self._rationing(program)
        self._losses(program)
        self._new_plants(program)
        self._sales(program)
        self._thrift(program)
        self._stocks(program)

    def price(self, commodity: str) -> float:
        """Price of a commodity [million USD/t]; that of a new feed is not known and nil."""
        return float(self.reference.price.get(commodity, 0.0)) / MILLION

    @cached_property
    def prices(self) -> Floats:
        """Price of each commodity (commodity,) [million USD/t]."""
        return np.array([self.price(commodity) for commodity in self.commodities])

    def _balance(self, program: YearlyProgram) -> None:
        """P3: what comes into a market covers what leaves it; by-products may be left over.

        What is owed to outsiders is delivered as far as the scenario lets the party, had nobody a plan: so no plan lives on
        what others buy, and serving all buyers alike is always feasible.
        """
        program.add_rows(
            self.name("balance"), len(self.commodities), low=self.required(np.ones_like(self._owed), np.ones_like(self._drain))
        )

    def required(self, exports: Floats, drain: Floats) -> Floats:
        """Right-hand side of the balance (..., year, commodity) for shares of exports owed and of the drain that are served."""
        return np.asarray((self._owed * exports + self._drain * drain - self._source) / self.scale)

    def exports(self, delivered: Delivered) -> Floats:
        """What goes to outsiders (scenario, year, commodity) [t/year]."""
        found = np.zeros((len(delivered.restricted), *self._owed.shape))
        for number, commodity in self._links[1]:
            found[..., self.at[commodity]] += self.reference.flow[:, number] * delivered.links[:, :, number]
        return found

    def released(self, delivered: Delivered) -> Floats:
        """What the party's markets draw from their stocks (scenario, year, commodity), over the scale."""
        ref, own = self.reference, set(self.party.regions)
        found = np.zeros((len(delivered.restricted), *self._owed.shape))
        for column, (commodity, region) in enumerate(map(split_market, ref.system.markets.index)):
            if region in own:
                found[..., self.at[commodity]] += ref.throughput[:, column] * delivered.released[:, :, column]
        return np.asarray(found / self.scale)

    def served(self, delivered: Delivered) -> tuple[Floats, Floats]:
        """Shares of exports owed and of the drain that scenarios leave (scenario, year, commodity), as buyers are served alike."""
        ref, own = self.reference, set(self.party.regions)
        drain = np.zeros((len(delivered.restricted), *self._owed.shape))
        for column, (commodity, region) in enumerate(map(split_market, ref.system.markets.index)):
            if region in own:
                drain[..., self.at[commodity]] += np.maximum(ref.residual[:, column], 0.0) * delivered.markets[:, :, column]
        whole = np.maximum(self._residual, MIN_FLOW)
        return self.exports(delivered) / np.maximum(self._owed, MIN_FLOW), np.minimum(drain / whole, 1.0)

    @cached_property
    def _links(self) -> tuple[list[tuple[int, str, str, str]], list[tuple[int, str]]]:
        """Links from outsiders (link, commodity, origin region, own region) and to outsiders (link, commodity)."""
        own, s = set(self.party.regions), self.reference.system
        arriving, leaving = [], []
        for number, (origin, destination) in enumerate(zip(s.links["origin"], s.links["destination"], strict=True)):
            (commodity, source), (_, target) = split_market(origin), split_market(destination)
            if target in own and source not in self.inside:
                arriving.append((number, commodity, source, target))
            elif source in own and target not in self.inside:
                leaving.append((number, commodity))
        return arriving, leaving

    @cached_property
    def _owed(self) -> Floats:
        """Exports to outsiders in the reference (year, commodity) [t/year]."""
        return self._by_commodity([(number, commodity) for number, commodity in self._links[1]])

    def _by_commodity(self, links: list[tuple[int, str]]) -> Floats:
        total = np.zeros((len(self.reference.years), len(self.commodities)))
        for number, commodity in links:
            total[:, self.at[commodity]] += self.reference.flow[:, number]
        return total

    @cached_property
    def _residual(self) -> Floats:
        """What leaves besides uses (year, commodity); negative where it enters [t/year]."""
        total, own = np.zeros((len(self.reference.years), len(self.commodities))), set(self.party.regions)
        for column, (commodity, region) in enumerate(map(split_market, self.reference.system.markets.index)):
            if region in own:
                total[:, self.at[commodity]] += self.reference.residual[:, column]
        return total

    @cached_property
    def _drain(self) -> Floats:
        """Undocumented use; a surplus is none [t/year]."""
        return np.where(self._residual > SURPLUS * self.scale, 0.0, np.maximum(self._residual, 0.0))

    @cached_property
    def _source(self) -> Floats:
        return np.maximum(-self._residual, 0.0)

    def _plants(self, program: YearlyProgram) -> None:
        """P4: plants of the reference run up to their capacity; at base prices they earn nothing above their cost."""
        ref, s, own = self.reference, self.reference.system, set(self.party.regions)
        running = [
            i
            for i, (region, peak) in enumerate(zip(s.processes["region"], ref.activity.max(axis=0), strict=True))
            if region in own and peak > MIN_FLOW
        ]
        column = {s.processes.index[i]: j for j, i in enumerate(running)}
        active = np.maximum(ref.activity[:, running], 1e-12)
        high = np.where(ref.activity[:, running] > MIN_FLOW, ref.capacity[:, running] / active, 0.0)
        rows = [k for k, process in enumerate(s.recipes["process"]) if process in column]
        commodity = np.array([self.at[split_market(s.recipes["market"].iloc[k])[0]] for k in rows], dtype=np.int64)
        process = np.array([column[s.recipes["process"].iloc[k]] for k in rows], dtype=np.int64)
        made = ref.production[:, rows]
        price = np.array([self.price(self.commodities[c]) for c in commodity])
        cost = np.zeros((len(ref.years), len(running)))
        for cell, j in enumerate(process):
            cost[:, j] += made[:, cell] * price[cell]
        program.add_columns(self.name("plants"), len(running), high=high, cost=cost)
        program.put(self.name("balance"), commodity, self.name("plants"), process, made / self.scale[:, commodity])
        self.plants = tuple(s.processes.index[i] for i in running)

    def _imports(self, program: YearlyProgram) -> None:
        """P5: imports up to the right, which is the reference flow; scenarios cut it."""
        flows, groups = self.rights, self.import_groups
        commodity = np.array([self.at[name] for (name, _), _ in self.import_groups], dtype=np.int64)
        price = np.array([self.price(self.commodities[c]) for c in commodity])
        transport = np.array([self._mean_cost(numbers) for _, numbers in self.import_groups])
        program.add_columns(self.name("imports"), len(groups), high=1.0, cost=flows * (price + transport))
        program.put(self.name("balance"), commodity, self.name("imports"), np.arange(len(groups)), flows / self.scale[:, commodity])

    @cached_property
    def import_groups(self) -> list[tuple[tuple[str, bool], list[int]]]:
        """Links from outsiders by commodity and whether they come from the dominant supplier."""
        groups: dict[tuple[str, bool], list[int]] = {}
        for number, commodity, source, _ in self._links[0]:
            groups.setdefault((commodity, source == DOMINANT), []).append(number)
        return sorted(groups.items())

    @cached_property
    def rights(self) -> Floats:
        """Reference imports of each group (year, group) [t/year]."""
        return (
            np.array([self.reference.flow[:, numbers].sum(axis=1) for _, numbers in self.import_groups])
            .reshape(-1, len(self.reference.years))
            .T
        )

    def _mean_cost(self, links: list[int]) -> float:
        """Mean cost of transport of some links, weighted by flow [million USD/t]."""
        flow = self.reference.flow[:, links].sum(axis=0)
        return float(np.average(self.reference.system.links["cost"].to_numpy(float)[links], weights=flow + 1e-12)) * KG_PER_T / MILLION

    def _uses(self, program: YearlyProgram) -> None:
        """P6: who is short of a commodity is short alike.

        A use whose lack can stop output stands in the losses, and what is not bought saves its price; any other is valued at the
        mean willingness to pay for it.
        """
        d = self.reference.system.demands
        self.demands = self.final_uses
        want = self.reference.use[:, self.demands]
        self.good = np.array([self.at[name] for name in d["commodity"].iloc[self.demands]], dtype=np.int64)
        choke = d["choke"].to_numpy(float)[self.demands] * KG_PER_T / MILLION
        willing = mean_willingness(self.prices[self.good], choke, d["elasticity_short"].to_numpy(float)[self.demands])
        stops = self.curves.slopes[:, self.demands].max(axis=(0, 2), initial=0.0) > 0.0
        willing = np.where(stops, self.prices[self.good], willing)
        cost = np.zeros_like(self.scale)
        np.add.at(cost.T, self.good, (want * willing).T)
        count = np.arange(len(self.commodities))
        program.add_columns(self.name("missing"), len(count), high=1.0, cost=cost)
        program.put(self.name("balance"), count, self.name("missing"), count, self.wanted)
        program.rows[self.name("balance")].low[:] += self.wanted

    def _rationing(self, program: YearlyProgram) -> None:
        """P4: a plant gets of each input what all users of it get: it runs at most as its scarcest input, and as well as all allow."""
        s, column = self.reference.system, {process: j for j, process in enumerate(self.plants)}
        inputs: dict[int, list[int]] = {}
        makes: set[int] = set()
        for process, market, amount in zip(s.recipes["process"], s.recipes["market"], self.reference.production.sum(axis=0), strict=True):
            if process in column and amount < 0.0:
                inputs.setdefault(column[process], []).append(self.at[split_market(market)[0]])
            elif process in column and amount > 0.0:
                makes.add(column[process])
        running = program.columns[self.name("plants")].high
        cells = [(plant, good) for plant, goods in inputs.items() for good in goods]
        plant, good = (np.array([cell[i] for cell in cells], dtype=np.int64) for i in (0, 1))
        number = np.arange(len(cells))
        program.add_rows(self.name("scarcest"), len(cells), high=running[:, plant])
        program.put(self.name("scarcest"), number, self.name("plants"), plant, 1.0)
        program.put(self.name("scarcest"), number, self.name("missing"), good, running[:, plant])
        fed = [j for j in inputs if j in makes]
        active = running[:, fed] > 0.0
        program.add_rows(self.name("alike"), len(fed), low=np.where(active, 1.0, -np.inf))
        program.put(self.name("alike"), np.arange(len(fed)), self.name("plants"), np.array(fed, dtype=np.int64), 1.0)
        for row, j in enumerate(fed):
            goods = np.array(inputs[j], dtype=np.int64)
            program.put(self.name("alike"), np.full(len(goods), row), self.name("missing"), goods, 1.0)

    @cached_property
    def final_uses(self) -> Ints:
        """Places of the party's demands in the System's table (demand,)."""
        return np.flatnonzero(self.reference.system.demands["region"].isin(set(self.party.regions)).to_numpy())

    @cached_property
    def wanted(self) -> Floats:
        """Final use on the right-hand side of the balance (year, commodity), over the scale."""
        d, own = self.reference.system.demands, set(self.party.regions)
        total = np.zeros_like(self.scale)
        for j in np.flatnonzero(d["region"].isin(own).to_numpy()):
            total[:, self.at[d["commodity"].iloc[j]]] += self.reference.use[:, j]
        return total / self.scale

    def _losses(self, program: YearlyProgram) -> None:
        """P7: a sector loses by its scarcest input, as the table of losses says; savings count as served."""
        place = {int(demand): j for j, demand in enumerate(self.demands)}
        curves, sector = self.curves, self.curves.sector_of
        kept = [d for d in place if sector[d] >= 0]
        self.sectors, of = np.unique(sector[kept], return_inverse=True)
        program.add_columns(self.name("loss"), len(self.sectors), loss=1.0)
        worst = np.zeros(len(self.sectors))
        np.maximum.at(worst, of, (curves.slopes[:, kept] + curves.intercepts[:, kept]).max(axis=(0, 2), initial=0.0))
        self.pieces = tuple(self._piece_rows(program, place, kept, of, worst, state) for state in range(len(curves.slopes)))

    def _piece_rows(
        self, program: YearlyProgram, place: dict[int, int], kept: list[int], of: Ints, worst: Floats, state: int
    ) -> tuple[str, Floats]:
        """Rows of the pieces of one state of a shortage: their name and their lower bounds where they hold (piece,)."""
        cells = [
            (place[d], of[k], slope, intercept)
            for k, d in enumerate(kept)
            for slope, intercept in _steps(self.curves.slopes[state, d], self.curves.intercepts[state, d])
            if slope + intercept > NEGLIGIBLE * worst[of[k]]
        ]
        short, column = (np.array([cell[i] for cell in cells], dtype=np.int64) for i in (0, 1))
        slope, intercept = (np.array([cell[i] for cell in cells]) / MILLION for i in (2, 3))
        name, number = self.name(f"pieces {state}"), np.arange(len(cells))
        program.add_rows(name, len(cells), low=intercept if state == 0 else -np.inf)
        program.put(name, number, self.name("loss"), column, 1.0)
        program.put(name, number, self.name("missing"), self.good[short], -slope)
        d = self.reference.system.demands
        uses = [(str(d["commodity"].iloc[self.demands[j]]), str(d["sector"].iloc[self.demands[j]])) for j in short]
        for decision, each in self.decisions:
            saved = np.array([each.savings.get(use, 0.0) for use in uses])
            rows = np.flatnonzero(saved)
            if len(rows):
                program.put_first(name, rows, np.full(len(rows), decision), slope[rows] * saved[rows] * each.usable[:, None])
        return name, intercept

    def _new_plants(self, program: YearlyProgram) -> None:
        """P8: new plants run up to what has been built and is usable."""
        plants = [(column, each) for column, each in self.decisions if each.kind == "plant"]
        by_candidate: dict[str, list[tuple[int, Decision]]] = {}
        for column, each in plants:
            by_candidate.setdefault(each.candidate, []).append((column, each))
        self.new_plants = tuple(by_candidate)
        largest = {name: max(each.usable.max() for _, each in group) for name, group in by_candidate.items()}
        cost = np.array([group[0][1].running_cost for group in by_candidate.values()])
        program.add_columns(self.name("new"), len(by_candidate), high=np.array(list(largest.values())), cost=cost)
        program.add_rows(self.name("built"), len(by_candidate), high=0.0)
        program.put(self.name("built"), np.arange(len(by_candidate)), self.name("new"), np.arange(len(by_candidate)), 1.0)
        for number, group in enumerate(by_candidate.values()):
            for column, each in group:
                program.put_first(self.name("built"), np.array([number]), np.array([column]), -each.usable[:, None])
            first = group[0][1]
            rows = np.array([self.at[commodity] for commodity in first.makes], dtype=np.int64)
            rates = np.array(list(first.makes.values())) * first.size
            program.put(self.name("balance"), rows, self.name("new"), np.full(len(rows), number), rates / self.scale[:, rows])

    @property
    def surplus(self) -> Floats:
        """What the reference makes beyond all uses (year, commodity) [t/year]."""
        return np.asarray(np.where(self._residual > self._drain, self._residual - self._drain, 0.0))

    @cached_property
    def _surplus(self) -> Floats:
        """What of the surplus could be sold (year, commodity), over the scale: goods with a price."""
        return np.asarray(self.surplus / self.scale * (self.prices > 0.0))

    def _sales(self, program: YearlyProgram) -> None:
        """P8: what new plants make beyond what the members need is sold to the world at the base price, as their business case assumes.

        So is what plants of the reference have left over: a new plant that works it up pays with the sale that is lost.
        """
        plants = {each.candidate: each for _, each in self.decisions if each.kind == "plant"}
        cells = [
            (self.at[good], j, rate * plants[name].size)
            for j, name in enumerate(self.new_plants)
            for good, rate in plants[name].makes.items()
            if rate > 0.0 and good in self.reference.price and good in self.reference.saleable
        ]
        goods = sorted({good for good, _, _ in cells} | {int(good) for good in np.flatnonzero(self._surplus.max(axis=0, initial=0.0))})
        place = {good: i for i, good in enumerate(goods)}
        number = np.arange(len(goods))
        value = self.scale[:, goods] * self.prices[goods] * np.array([self.reference.saleable[self.commodities[good]] for good in goods])
        program.add_columns(self.name("sold"), len(goods), cost=-value if goods else 0.0)
        program.add_rows(self.name("sales"), len(goods), high=self._surplus[:, goods])
        if not goods:
            return
        program.put(self.name("balance"), np.array(goods), self.name("sold"), number, -1.0)
        program.put(self.name("sales"), number, self.name("sold"), number, 1.0)
        if cells:
            rows, columns, made = (np.array([cell[k] for cell in cells]) for k in range(3))
            program.put(
                self.name("sales"), np.array([place[good] for good in rows]), self.name("new"), columns, -made / self.scale[:, rows]
            )

    def _thrift(self, program: YearlyProgram) -> None:
        """P8: plants of the reference do with less of an input, as far as they run and as far as the saving has come."""
        cells: list[tuple[int, int, int, Floats, Floats]] = []
        place = {process: j for j, process in enumerate(self.plants)}
        recipes = self.reference.system.recipes
        for row, (process, market) in enumerate(zip(recipes["process"], recipes["market"], strict=True)):
            commodity = split_market(market)[0]
            if process not in place:
                continue
            for column, each in self.decisions:
                share = each.thrift.get((commodity, split_market(process)[0]), 0.0)
                if share > 0.0:
                    most = share * np.maximum(-self.reference.production[:, row], 0.0) / self.scale[:, self.at[commodity]]
                    cells.append((self.at[commodity], place[process], column, most, each.usable))
        n = len(cells)
        program.add_columns(self.name("thrift"), n)
        if not n:
            return
        price = np.array([0.0 if saves_money(self.commodities[cell[0]]) else self.price(self.commodities[cell[0]]) for cell in cells])
        program.columns[self.name("thrift")].cost[:] = np.array([cell[3] * self.scale[:, cell[0]] for cell in cells]).T * price
        program.add_rows(self.name("running"), n, high=0.0)
        program.add_rows(self.name("saving"), n, high=0.0)
        each_one = np.arange(n)
        balance, plants, columns = (np.array([cell[k] for cell in cells], dtype=np.int64) for k in range(3))
        most, usable = (np.array([cell[k] for cell in cells]).T for k in (3, 4))
        program.put(self.name("balance"), balance, self.name("thrift"), each_one, most)
        for rows in ("running", "saving"):
            program.put(self.name(rows), each_one, self.name("thrift"), each_one, 1.0)
        program.put(self.name("running"), each_one, self.name("plants"), plants, -1.0)
        program.put_first(self.name("saving"), each_one, columns, -usable)

    def _stocks(self, program: YearlyProgram) -> None:
        """P9: stocks are full before a restriction, released in restricted years only, and refilled slowly afterwards.

        They are bought from the world in years without a restriction, so no right to supply is used for them.
        """
        stocks = [(column, each) for column, each in self.decisions if each.kind == "stock"]
        held = tuple(sorted({each.commodity for _, each in stocks}))
        self.held, n = held, len(held)
        place = {commodity: i for i, commodity in enumerate(held)}
        size = np.array([max(each.size for _, each in stocks if each.commodity == name) for name in held])
        rows = np.array([self.at[name] for name in held], dtype=np.int64)
        value = size * np.array([self.price(name) for name in held])
        refilled = min(REFILL * self.reference.length, 1.0)
        program.add_columns(self.name("level"), n, high=1.0)
        program.columns[self.name("level")].cost[-1] = -RESALE * value / self.reference.length
        program.add_columns(self.name("release"), n, high=0.0)
        program.add_columns(self.name("refill"), n, high=refilled, cost=value / self.reference.length)
        program.add_rows(self.name("stock"), n, low=0.0, high=0.0)
        program.add_rows(self.name("full"), n, high=0.0)
        program.add_rows(self.name("rate"), n, high=0.0)
        each_one = np.arange(n)
        program.put(
            self.name("balance"), rows, self.name("release"), each_one, FITTING * size / self.scale[:, rows] / self.reference.length
        )
        for columns, sign in (("level", 1.0), ("release", 1.0), ("refill", -1.0)):
            program.put(self.name("stock"), each_one, self.name(columns), each_one, sign)
        program.put(self.name("stock"), each_one, self.name("level"), each_one, -1.0, back=1)
        program.put(self.name("full"), each_one, self.name("level"), each_one, 1.0)
        program.put(self.name("rate"), each_one, self.name("refill"), each_one, 1.0)
        for column, each in stocks:
            at, share = np.array([place[each.commodity]]), each.size / size[place[each.commodity]]
            arriving = np.diff(each.usable, prepend=0.0)
            program.put_first(self.name("stock"), at, np.array([column]), -share * arriving[:, None])
            program.put_first(self.name("full"), at, np.array([column]), -share * each.usable[:, None])
            program.put_first(self.name("rate"), at, np.array([column]), -share * refilled * each.usable[:, None])


def _steps(slopes: Floats, intercepts: Floats) -> list[tuple[float, float]]:
    """Fewest pieces (slope, intercept) of a convex curve that keep it within :data:`BLUNT` of its value at half missing."""
    kept = [k for k in range(len(slopes)) if slopes[k] > (slopes[k - 1] if k else 0.0) * (1.0 + 1e-9)]
    grid = np.linspace(0.0, 1.0, 101)
    lines = np.maximum(slopes[:, None] * grid + intercepts[:, None], 0.0)
    whole = lines[kept].max(axis=0, initial=0.0)
    allowed = BLUNT * whole[50]
    while len(kept) > 1:
        lowered = [(whole - lines[[j for j in kept if j != k]].max(axis=0)).max() for k in kept]
        least = int(np.argmin(lowered))
        if lowered[least] > allowed:
            break
        del kept[least]
    return [(float(slopes[k]), float(intercepts[k])) for k in kept]


def mean_willingness(price: Floats, choke: Floats, elasticity: Floats) -> Floats:
    """Mean willingness to pay for a good along a linear demand curve with a short elasticity, at most the choke price."""
    return np.asarray(np.minimum(price * (1.0 + 0.5 / np.maximum(elasticity, 1e-3)), np.maximum(choke, price)))
