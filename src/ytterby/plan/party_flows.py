"""What flows through a party in the reference: what it makes, takes in, owes to outsiders and may take from them.

Quantities of equations P3-P6 in ``docs/explanation/plan.md``. They are shares of reference flows, so that all coefficients are near one;
money is in million USD of 2024.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import split_market
from ytterby.plan.parties import DOMINANT
from ytterby.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ytterby.plan.availability import Delivered
    from ytterby.plan.decisions import Decision
    from ytterby.plan.parties import Party
    from ytterby.plan.reference_path import ReferencePath

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MILLION = 1e6
SURPLUS = 0.2
"""Share of supply that leaves a market besides its uses from which on it counts as surplus and need not be served first."""
MIN_FLOW = 1e-6
"""Smaller flows are left out [t/year]."""


class PartyFlows:
    """Flows of one party in the reference and in scenarios, as a member of an alliance.

    Parameters
    ----------
    party : Party
    members : tuple of Party
        All members; trade between them is no import from outside.
    reference : ReferencePath
        Years without a restriction.
    decisions : sequence of (int, Decision)
        The party's decisions with their columns in the first stage.
    """

    def __init__(
        self, party: Party, members: tuple[Party, ...], reference: ReferencePath, decisions: Iterable[tuple[int, Decision]]
    ) -> None:
        self.party, self.reference = party, reference
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

    @cached_property
    def running(self) -> list[int]:
        """Places of the party's plants of the reference in the System's table (plant,)."""
        own, regions = set(self.party.regions), self.reference.system.processes["region"]
        peaks = self.reference.activity.max(axis=0)
        return [i for i, (region, peak) in enumerate(zip(regions, peaks, strict=True)) if region in own and peak > MIN_FLOW]

    @cached_property
    def plants(self) -> tuple[str, ...]:
        """Names of the party's plants of the reference (plant,)."""
        return tuple(str(self.reference.system.processes.index[i]) for i in self.running)

    def name(self, kind: str) -> str:
        """Name of the party's rows or columns of a kind."""
        return f"{self.party.code}.{kind}"

    def price(self, commodity: str) -> float:
        """Price of a commodity [million USD/t]; that of a new feed is not known and nil."""
        return float(self.reference.price.get(commodity, 0.0)) / MILLION

    @cached_property
    def prices(self) -> Floats:
        """Price of each commodity (commodity,) [million USD/t]."""
        return np.array([self.price(commodity) for commodity in self.commodities])

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

    @cached_property
    def surplus(self) -> Floats:
        """What the reference makes beyond all uses (year, commodity) [t/year]."""
        return np.asarray(np.where(self._residual > self._drain, self._residual - self._drain, 0.0))

    @cached_property
    def saleable(self) -> Floats:
        """What of the surplus could be sold (year, commodity), over the scale: goods with a price."""
        return np.asarray(self.surplus / self.scale * (self.prices > 0.0))

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

    def mean_cost(self, links: list[int]) -> float:
        """Mean cost of transport of some links, weighted by flow [million USD/t]."""
        flow = self.reference.flow[:, links].sum(axis=0)
        return float(np.average(self.reference.system.links["cost"].to_numpy(float)[links], weights=flow + 1e-12)) * KG_PER_T / MILLION
