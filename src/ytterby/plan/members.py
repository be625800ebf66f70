"""Rows and columns of a member of an alliance: balance, plants, imports up to its rights, final uses, losses, and what it decides.

Equations P3-P9 in ``docs/explanation/plan.md``, for every year. Quantities are shares of reference flows, so that all coefficients
are near one; money is in million USD of 2024.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import split_market
from ytterby.plan.decision_rows import DecisionRows
from ytterby.plan.party_flows import MILLION, MIN_FLOW, PartyFlows
from ytterby.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ytterby.plan.decisions import Decision
    from ytterby.plan.loss_table import LossCurves
    from ytterby.plan.parties import Party
    from ytterby.plan.reference_path import ReferencePath
    from ytterby.plan.yearly_program import YearlyProgram

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EXCHANGE = 3.0
"""Largest yearly flow of a commodity from one member to another, over what the receiver takes in the reference."""
NEGLIGIBLE = 3e-3
"""Inputs that can stop less than this share of what a sector's worst input can are left out."""
BLUNT = 0.02
"""By how much pieces of the loss may be left out, over the loss at half of the input missing."""


class PartyBlock(PartyFlows):
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
        super().__init__(party, members, reference, decisions)
        self.curves, self._decided = curves, DecisionRows(self)

    def add(self, program: YearlyProgram) -> None:
        """Declare the party's rows and columns."""
        self._balance(program)
        self._plants(program)
        self._imports(program)
        self._uses(program)
        self._rationing(program)
        self._losses(program)
        self._decided.add(program)

    @property
    def new_plants(self) -> tuple[str, ...]:
        """Candidates of the columns of new plants, once they are declared (column,)."""
        return self._decided.new_plants

    def _balance(self, program: YearlyProgram) -> None:
        """P3: what comes into a market covers what leaves it; by-products may be left over.

        What is owed to outsiders is delivered as far as the scenario lets the party, had nobody a plan: so no plan lives on
        what others buy, and serving all buyers alike is always feasible.
        """
        program.add_rows(
            self.name("balance"), len(self.commodities), low=self.required(np.ones_like(self._owed), np.ones_like(self._drain))
        )

    def _plants(self, program: YearlyProgram) -> None:
        """P4: plants of the reference run up to their capacity; at base prices they earn nothing above their cost."""
        ref, s, running = self.reference, self.reference.system, self.running
        column = {name: j for j, name in enumerate(self.plants)}
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

    def _imports(self, program: YearlyProgram) -> None:
        """P5: imports up to the right, which is the reference flow; scenarios cut it."""
        flows, groups = self.rights, self.import_groups
        commodity = np.array([self.at[name] for (name, _), _ in self.import_groups], dtype=np.int64)
        price = np.array([self.price(self.commodities[c]) for c in commodity])
        transport = np.array([self.mean_cost(numbers) for _, numbers in self.import_groups])
        program.add_columns(self.name("imports"), len(groups), high=1.0, cost=flows * (price + transport))
        program.put(self.name("balance"), commodity, self.name("imports"), np.arange(len(groups)), flows / self.scale[:, commodity])

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
            for slope, intercept in _steps(tuple(self.curves.slopes[state, d].tolist()), tuple(self.curves.intercepts[state, d].tolist()))
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


@lru_cache(maxsize=1 << 14)  # every coalition asks for the curves of each of its members
def _steps(slopes: tuple[float, ...], intercepts: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """Fewest pieces (slope, intercept) of a convex curve that keep it within :data:`BLUNT` of its value at half missing."""
    kept = [k for k in range(len(slopes)) if slopes[k] > (slopes[k - 1] if k else 0.0) * (1.0 + 1e-9)]
    grid = np.linspace(0.0, 1.0, 101)
    lines = np.maximum(np.array(slopes)[:, None] * grid + np.array(intercepts)[:, None], 0.0)
    whole = lines[kept].max(axis=0, initial=0.0)
    allowed = BLUNT * whole[50]
    while len(kept) > 1:
        lowered = [(whole - lines[[j for j in kept if j != k]].max(axis=0)).max() for k in kept]
        least = int(np.argmin(lowered))
        if lowered[least] > allowed:
            break
        del kept[least]
    return tuple((slopes[k], intercepts[k]) for k in kept)


def mean_willingness(price: Floats, choke: Floats, elasticity: Floats) -> Floats:
    """Mean willingness to pay for a good along a linear demand curve with a short elasticity, at most the choke price."""
    return np.asarray(np.minimum(price * (1.0 + 0.5 / np.maximum(elasticity, 1e-3)), np.maximum(choke, price)))
