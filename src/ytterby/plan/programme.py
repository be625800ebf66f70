"""Assembles the two-stage programme of an alliance: decisions now, and what each scenario makes of them.

Equations P3-P12 in ``docs/explanation/plan.md``. The matrix of the second stage is the same in all scenarios; what differs
are bounds: imports and exports that a restriction leaves, when stocks may be released, and the dominant supplier's price.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import TYPE_CHECKING, Literal

import numpy as np

from ytterby.facts import split_market
from ytterby.plan.members import EXCHANGE, PartyBlock
from ytterby.plan.party_flows import MIN_FLOW
from ytterby.plan.yearly_program import YearlyProgram

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

    from ytterby.plan.availability import Delivered
    from ytterby.plan.decisions import Decision
    from ytterby.plan.loss_table import LossCurves
    from ytterby.plan.parties import Party
    from ytterby.plan.reference_path import ReferencePath

    Floats = NDArray[np.float64]

Exchange = Literal["free", "calm", "crisis"]


@dataclass(frozen=True, eq=False)
class AllianceProgramme:
    """Second stage of the members of an alliance, for any scenarios.

    Parameters
    ----------
    members : tuple of Party
    reference : ReferencePath
    curves : LossCurves
    decisions : tuple of Decision
        Columns of the first stage, of all members.
    rate : float
        Social discount rate [1/year].
    exchange : {"free", "calm", "crisis"}
        When members send each other more than they would owe as outsiders: always, in years without a restriction for any of them
        only (nobody shares in a crisis), or in restricted years only.
    hub : str
        Code of the member that all such exchange has to come from or go to; any pair of members by default.
    """

    members: tuple[Party, ...]
    reference: ReferencePath
    curves: LossCurves
    decisions: tuple[Decision, ...]
    rate: float = 0.05
    exchange: Exchange = "free"
    hub: str = ""

    @cached_property
    def blocks(self) -> tuple[PartyBlock, ...]:
        """Block of each member."""
        return tuple(
            PartyBlock(
                party,
                self.members,
                self.reference,
                self.curves,
                [(j, each) for j, each in enumerate(self.decisions) if party.code in each.party.split("+")],
            )
            for party in self.members
        )

    @cached_property
    def program(self) -> YearlyProgram:
        """Rows and columns of all members, with the links between them."""
        program = YearlyProgram(len(self.reference.years))
        for block in self.blocks:
            block.add(program)
        for giver, taker in permutations(self.blocks, 2):
            self._exchange(program, giver, taker)
        return program

    def _exchange(self, program: YearlyProgram, giver: PartyBlock, taker: PartyBlock) -> None:
        """P10: goods go from one member to another at the cost of transport."""
        shared = self.exchanged(giver, taker)
        name = f"{giver.party.code}>{taker.party.code}"
        out, into = (np.array([block.at[commodity] for commodity in shared], dtype=np.int64) for block in (giver, taker))
        tonnes = taker.scale[:, into]
        transport = np.array([self._transport(commodity, giver.party, taker.party) for commodity in shared])
        program.add_columns(name, len(shared), high=EXCHANGE, cost=tonnes * transport)
        each_one = np.arange(len(shared))
        program.put(taker.name("balance"), into, name, each_one, 1.0)
        program.put(giver.name("balance"), out, name, each_one, -tonnes / giver.scale[:, out])

    @staticmethod
    def exchanged(giver: PartyBlock, taker: PartyBlock) -> tuple[str, ...]:
        """Commodities that may go from one member to another: all that both know but scrap, which is worked up where it arises."""
        return tuple(name for name in taker.commodities if name in giver.at and not name.startswith("scrap."))

    @cached_property
    def _transport_costs(self) -> dict[tuple[str, str, str], float]:
        links = self.reference.system.links
        return {
            (commodity, split_market(origin)[1], split_market(destination)[1]): float(cost)
            for commodity, origin, destination, cost in zip(
                links["commodity"], links["origin"], links["destination"], links["cost"], strict=True
            )
        }

    @cached_property
    def _mean_transport(self) -> float:
        return float(self.reference.system.links["cost"].mean())

    def _transport(self, commodity: str, giver: Party, taker: Party) -> float:
        """Cost of transport between two members; the mean over all links where they do not trade the good [million USD/t]."""
        known = [
            self._transport_costs[commodity, a, b]
            for a in giver.regions
            for b in taker.regions
            if (commodity, a, b) in self._transport_costs
        ]
        return (min(known) if known else self._mean_transport) * 1e-3

    @cached_property
    def discount(self) -> Floats:
        """Discount factor of each year."""
        return self.reference.discount(self.rate)

    @cached_property
    def weights(self) -> Floats:
        """Present value of a dollar a year of flows and losses in what is ahead of each year (year,)."""
        return self.reference.weights(self.rate)

    @cached_property
    def matrices(self) -> tuple[sp.csr_matrix, sp.csr_matrix]:
        """Coefficients of the second stage and of the first stage in its rows."""
        return self.program.matrix(), self.program.first_matrix(len(self.decisions))

    def discounted(self, field: str) -> Floats:
        """Cost or loss of every column of the second stage, as present value [million USD]."""
        width = sum(kind.low.shape[1] for kind in self.program.columns.values())
        return np.asarray(self.program.of_columns(field) * np.repeat(self.weights, width))

    def export_revenue(self, delivered: Delivered, probability: Floats) -> float:
        """Expected value of exports to outsiders at base prices, as present value [million USD]; no plan changes it."""
        total = 0.0
        for block in self.blocks:
            total += float(np.einsum("s,syc,y,c->", probability, block.exports(delivered), self.weights, block.prices))
        return total

    def _most_exchanged(self, delivered: Delivered, giver: PartyBlock, taker: PartyBlock) -> Floats:
        """P10: largest exchange (scenario, year, commodity): what both would owe each other as outsiders, where no more is allowed."""
        shared, links = self.exchanged(giver, taker), self.reference.system.links
        place = {commodity: column for column, commodity in enumerate(shared)}
        owed = np.zeros((*delivered.links.shape[:2], len(shared)))
        for number, (origin, destination) in enumerate(zip(links["origin"], links["destination"], strict=True)):
            (commodity, source), (_, target) = split_market(origin), split_market(destination)
            if source in giver.party.regions and target in taker.party.regions and commodity in place:
                owed[..., place[commodity]] += self.reference.flow[:, number] * delivered.links[:, :, number]
        owed /= taker.scale[:, [taker.at[commodity] for commodity in shared]]
        if self.hub and self.hub not in (giver.party.code, taker.party.code):
            return owed
        crisis = delivered.any_of(delivered.restricted, sorted(giver.inside))
        free = {"free": np.ones_like(crisis), "crisis": crisis, "calm": ~crisis}[self.exchange]
        return np.where(free[:, :, None], EXCHANGE, owed)

    def scenario_bounds(self, delivered: Delivered) -> dict[str, Floats]:
        """Column upper bounds, row lower bounds and costs of each scenario (scenario, column or row).

        Parameters
        ----------
        delivered : Delivered
            What the scenarios leave.
        """
        count = len(delivered.restricted)
        program = self.program
        high = np.tile(program.of_columns("high"), (count, 1))
        low = np.tile(program.of_rows("low"), (count, 1))
        cost = np.tile(self.discounted("cost"), (count, 1))
        for block in self.blocks:
            imports = program.place_of(block.name("imports"))
            for column, (group, numbers) in enumerate(block.import_groups):
                flows = self.reference.flow[:, numbers]
                arriving = (flows * delivered.links[:, :, numbers]).sum(axis=2)
                high[:, imports[:, column]] = arriving / np.maximum(flows.sum(axis=1), MIN_FLOW)
                if group[1]:
                    cost[:, imports[:, column]] *= delivered.price_factor
            restricted = delivered.any_of(delivered.restricted, block.party.regions)[:, :, None]
            release = program.place_of(block.name("release"))
            high[:, release] = np.where(restricted, 1.0, 0.0)
            refill = program.place_of(block.name("refill"))
            high[:, refill] *= np.where(restricted, 0.0, 1.0)
            later = delivered.any_of(delivered.later, block.party.regions)[:, :, None]
            for state, (name, intercept) in enumerate(block.pieces):
                low[:, program.place_of_rows(name)] = np.where(later if state else ~later, intercept, -np.inf)
            balance = program.place_of_rows(block.name("balance"))
            low[:, balance] = block.required(*block.served(delivered)) + block.wanted - block.released(delivered)
        if self.exchange != "free" or self.hub:
            for giver, taker in permutations(self.blocks, 2):
                pair = program.place_of(f"{giver.party.code}>{taker.party.code}")
                high[:, pair] = self._most_exchanged(delivered, giver, taker)
        return {"high": high, "row_low": low, "cost": cost}
