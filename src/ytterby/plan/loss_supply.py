"""What a cut of imports leaves of each input of a party: the chain of its own plants, as a plan sees it.

Members of a plan are one market for each commodity, whatever their regions, and what comes from outside is cut by group. It is the
second road to the programme without measures, and the ground on which the loss table is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.chain import YearlyChain, base_flows
from ytterby.plan.loss_weights import classes_of
from ytterby.plan.shock_groups import TradeGroups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PartySupply:
    """Markets, plants and links of one party."""

    system: System
    trade: TradeGroups
    party: int
    """Number of the party among the destinations."""

    @cached_property
    def node(self) -> Ints:
        """Number of the commodity of each of the party's markets (market,); -1 for markets of others."""
        markets = self.system.markets
        own = np.array([self.trade.party_of.get(str(region)) == self.party for region in markets["region"]])
        found = np.full(len(markets), -1, dtype=np.int64)
        found[own] = np.unique(markets["commodity"].to_numpy(str)[own], return_inverse=True)[1]
        return found

    @cached_property
    def chain(self) -> YearlyChain:
        """The party's chain."""
        return YearlyChain.of(base_flows(self.system), self.node)

    @cached_property
    def _node_of_demand(self) -> Ints:
        """Node of the market of each demand of the System (demand,); -1 for demands of others."""
        place = {str(name): i for i, name in enumerate(self.system.markets.index)}
        return self.node[[place[str(market)] for market in self.system.demands["market"]]]

    @cached_property
    def demands(self) -> Ints:
        """Places of the party's demands in the System's table (demand,)."""
        return np.flatnonzero(self._node_of_demand >= 0)

    @cached_property
    def _cut_by(self) -> Ints:
        """Group that cuts each link (link,); -1 for links that are not cut."""
        cut = (self.trade.destination == self.party) & (self.trade.origin < 0)
        return np.where(cut, self.trade.group, -1)

    @cached_property
    def _class(self) -> Ints:
        """Class of the commodity of each node (node,)."""
        goods = self.system.markets["commodity"].to_numpy(str)[self.node >= 0]
        return classes_of(np.unique(goods))

    def missing(self, cut: Floats, drawn: tuple[float, ...]) -> Floats:
        """Missing share of supply of each of the party's demands (case, year, demand).

        Parameters
        ----------
        cut : array (case, year, group)
            Share of the dominant supplier's flow into the party that is missing, net, in the years of a shortage.
        drawn : tuple of float
            What nodes of each class can draw on until it is gone, over their stocks.
        """
        short = np.zeros((*cut.shape[:2], len(self.demands)))
        stocks = np.tile(self.chain.held * np.array(drawn)[self._class], (len(cut), 1))
        for year in range(cut.shape[1]):
            links = np.where(self._cut_by >= 0, cut[:, year, self._cut_by], 0.0)
            found = self.chain.left(links, stocks)
            stocks = stocks - found.released
            short[:, year] = 1.0 - found.nodes[:, self._node_of_demand[self.demands]]
        return short


def supplies(system: System, trade: TradeGroups | None = None) -> tuple[PartySupply, ...]:
    """Supply of each party of the trade groups, in their order."""
    groups = trade or TradeGroups(system)
    return tuple(PartySupply(system, groups, i) for i in range(len(groups.parties)))
