"""What a cut of imports leaves of each input of a party: supply shares passed down the chain, without stocks and without choice.

The yearly programme of a plan sees supply, not stocks, and so does this reading of it: each market gets what its plants make and what
comes in, all users of a market are short alike, and a plant runs as its scarcest input. It is the second road to the programme
without measures, the ground on which the loss table is fitted, and the crude shortage by which drawn shocks are weighed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.shock_groups import TradeGroups

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ROUNDS = 60
"""Most rounds in which a shortage is passed on; the chain has five stages, loops of scrap need more."""
SETTLED = 1e-9
"""Change of a supply share below which the rounds end."""


@dataclass(frozen=True, eq=False)
class PartySupply:
    """Markets, plants and links of one party."""

    system: System
    trade: TradeGroups
    party: int
    """Number of the party among the destinations."""

    @cached_property
    def markets(self) -> Ints:
        """Places of the party's markets in the System's table (market,)."""
        regions = self.system.all_markets["region"]
        return np.flatnonzero([self.trade.party_of.get(str(region)) == self.party for region in regions])

    @cached_property
    def _place(self) -> dict[str, int]:
        names = self.system.all_markets.index[self.markets]
        return {str(name): i for i, name in enumerate(names)}

    @cached_property
    def demands(self) -> Ints:
        """Places of the party's demands in the System's table (demand,)."""
        return np.flatnonzero([str(market) in self._place for market in self.system.demands["market"]])

    @cached_property
    def _links(self) -> tuple[Ints, Ints, Floats, Ints]:
        """Market, market of origin (-1 outside), base flow, group (-1 where never cut) of each link into the party."""
        links, trade = self.system.links, self.trade
        own = np.flatnonzero(trade.destination == self.party)
        into = np.array([self._place[str(name)] for name in links["destination"].iloc[own]], dtype=np.int64)
        out = np.array([self._place.get(str(name), -1) for name in links["origin"].iloc[own]], dtype=np.int64)
        group = np.where(trade.origin[own] < 0, trade.group[own], -1)
        return into, out, links["flow"].to_numpy(float)[own], group

    @cached_property
    def _recipes(self) -> tuple[Ints, Ints, Floats]:
        """Plant, market and base flow (inputs negative) of each entry of the recipes of the party's plants."""
        recipes: pd.DataFrame = self.system.recipes
        own = recipes[recipes["market"].astype(str).isin(list(self._place))]
        activity = self.system.processes["activity"]
        plants, plant = np.unique(own["process"].to_numpy(str), return_inverse=True)
        flow = own["coefficient"].to_numpy(float) * activity.loc[plants].to_numpy(float)[plant]
        return plant, np.array([self._place[str(name)] for name in own["market"]], dtype=np.int64), flow

    def missing(self, cut: Floats) -> Floats:
        """Missing share of supply of each of the party's demands (..., demand) for cuts by group (..., group)."""
        lead = cut.shape[:-1]
        flat = np.asarray(cut, dtype=np.float64).reshape(-1, cut.shape[-1])
        rows, back = np.unique(flat, axis=0, return_inverse=True)
        short = 1.0 - self._supplied(rows)[:, self._demand_market]
        return np.asarray(short[back.reshape(-1)].reshape(*lead, -1))

    @cached_property
    def _demand_market(self) -> Ints:
        return np.array([self._place[str(name)] for name in self.system.demands["market"].iloc[self.demands]], dtype=np.int64)

    def _supplied(self, cut: Floats) -> Floats:
        """Supply share of each market (row, market) for cuts (row, group): rounds of passing on from full supply."""
        into, out, flow, group = self._links
        plant, market, made = self._recipes
        inputs, outputs = made < 0.0, made > 0.0
        count, plants = len(self.markets), int(plant.max(initial=-1)) + 1
        bought, produced = _onto(into, count), _onto(market[outputs], count)
        comes = flow * (1.0 - np.where(group >= 0, cut[:, group], 0.0))
        base = flow @ bought + made[outputs] @ produced
        share = np.ones((len(cut), count))
        order = np.argsort(plant[inputs], kind="stable")
        using, starts = np.unique(plant[inputs][order], return_index=True)
        for _ in range(ROUNDS):
            running = np.ones((len(cut), plants))
            if len(using):
                running[:, using] = np.minimum.reduceat(share[:, market[inputs][order]], starts, axis=1)
            arriving = np.where(out >= 0, flow * share[:, out], comes)
            supply = arriving @ bought + (made[outputs] * running[:, plant[outputs]]) @ produced
            before, share = share, np.where(base > 0.0, np.clip(supply / np.maximum(base, 1e-300), 0.0, 1.0), 1.0)
            if np.abs(share - before).max(initial=0.0) < SETTLED:
                break
        return share


def _onto(place: Ints, count: int) -> Floats:
    """Matrix (entry, market) that adds each entry to its market."""
    matrix = np.zeros((len(place), count))
    matrix[np.arange(len(place)), place] = 1.0
    return matrix


def supplies(system: System, trade: TradeGroups | None = None) -> tuple[PartySupply, ...]:
    """Supply of each party of the trade groups, in their order."""
    groups = trade or TradeGroups(system)
    return tuple(PartySupply(system, groups, i) for i in range(len(groups.parties)))
