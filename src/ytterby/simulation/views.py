"""Reported part of a trace: weekly arrays of markets, groups of regions and links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import groups
from ytterby.simulation.column_groups import ColumnGroups
from ytterby.system import sum_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.simulation.batch import Trace
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.simulation.market_sums import MarketUse
    from ytterby.system import Network

REPORTED = ("price", "price_deal", "price_marginal", "stock", "production", "consumption", "shortfall", "licence_backlog")
"""Weekly measures of markets; prices are averaged by base use over regions."""
GROUP = "EU"
"""Group of regions that is reported in addition to the regions."""


@dataclass(frozen=True, eq=False)
class Views:
    """Markets and links that are reported; markets of the EU also as their sum."""

    network: LabelledNetwork
    links: NDArray[np.int64]

    @cached_property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Commodity and region of each view: all markets, then the EU's sums."""
        network = self.network
        own = list(zip(network.commodity.tolist(), network.region.tolist(), strict=True))
        return (*own, *((name, GROUP) for name in self._pooled))

    @cached_property
    def _pooled(self) -> dict[str, NDArray[np.int64]]:
        members = groups()[GROUP].members
        network, found = self.network, {}
        for name in network.commodities:
            at = network.markets_where([name], members)
            if len(at) > 1:
                found[name] = at
        return found

    @cached_property
    def base_outflow(self) -> NDArray[np.float64]:
        """Base use of each view [t/week]."""
        return self._sum(self.network.net.outflow)

    @cached_property
    def final_use(self) -> NDArray[np.float64]:
        """Final use of each view at rest, without the inputs of processes [t/week]."""
        net = self.network.net
        return self._sum(sum_at(net.demand_market, net.use, len(net.price)))

    @cached_property
    def base_price(self) -> NDArray[np.float64]:
        """Base price of each view [USD/kg]."""
        return self._mean(self.network.net.price)

    def total(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of markets (..., M) with the sums of the EU appended (..., views)."""
        return self._sum(values)

    @cached_property
    def _members(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Markets of all groups one after another, the first place of each group and the end, and the weight of each in a mean."""
        groups = list(self._pooled.values())
        inside = np.concatenate([np.empty(0, dtype=np.int64), *groups]).astype(np.int64)
        return inside, np.cumsum([0, *map(len, groups)]), np.ascontiguousarray(self.network.net.outflow[inside])

    def _groups(self, values: NDArray[np.float64], level: NDArray[np.float64] | float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Sums and means (..., group) of values of markets (..., M) times a level."""
        inside, first, weight = self._members
        own = values[..., inside] * (level[inside] if isinstance(level, np.ndarray) else level)
        if own.ndim == 1:
            return _of_one_row(own.tolist(), weight.tolist(), first.tolist())
        from ytterby.simulation.market_sums import group_sums

        return group_sums(own, weight, first)

    def _sum(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([values, self._groups(values, 1.0)[0]], axis=-1)

    def _mean(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([values, self._groups(values, 1.0)[1]], axis=-1)

    def _report(self, found: NDArray[np.float32], values: NDArray[np.float64], level: NDArray[np.float64] | None = None) -> None:
        """Write values of markets and sums over groups (W, views); with a factor on prices the means of groups."""
        m = values.shape[-1]
        if level is None:
            found[:, :m], found[:, m:] = values, self._groups(values, 1.0)[0]
        else:
            found[:, :m], found[:, m:] = values * level, self._groups(values, level)[1]

    def empty_series(self, draws: int, weeks: int) -> dict[str, NDArray[np.float32]]:
        """Room for what :meth:`reduce` writes of some draws, arrays (draw, W, column) by measure."""
        columns = dict.fromkeys(REPORTED, len(self.names)) | {"flow": len(self.links)}
        return {name: np.empty((draws, weeks, count), dtype=np.float32) for name, count in columns.items()}

    @cached_property
    def market_of_demand(self) -> ColumnGroups:
        """Market of each demand."""
        net = self.network.net
        return ColumnGroups.of(net.demand_market, len(net.price))

    def reduce(self, trace: Trace, level: NDArray[np.float64], found: Mapping[str, NDArray[np.float32]]) -> None:
        """Write weekly arrays (W, views) by measure and (W, links) of flows, in single precision.

        Parameters
        ----------
        trace : Trace
            One draw.
        level : ndarray (M,)
            Factor on prices.
        found : mapping of ndarray
            Where to write, by measure.
        """
        from ytterby.simulation.market_sums import market_use

        use = market_use(trace.want, trace.served, self.market_of_demand)
        self._report(found["price"], trace.price, level)
        self._report(found["price_deal"], trace.deal, level)
        self._report(found["price_marginal"], marginal_price(self.network.net, trace.price, use), level)
        for name, values in (("stock", trace.stock), ("production", trace.production), ("consumption", trace.consumption)):
            self._report(found[name], values)
        self._report(found["shortfall"], use.unmet)
        self._report(found["licence_backlog"], trace.backlog)
        found["flow"][:] = trace.shipped[:, self.links]


def _of_one_row(values: list[float], weight: list[float], first: list[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What :func:`ytterby.simulation.market_sums.group_sums` makes of one row, term by term: who only names the base loads no compiler."""
    total, mean = [], []
    for start, stop in pairwise(first):
        added = weights = weighted = 0.0
        for value, own in zip(values[start:stop], weight[start:stop], strict=True):
            added += value
            if isfinite(value):
                weights += own
                weighted += value * own
        total.append(added)
        mean.append(weighted / weights if weights > 0.0 else np.nan)
    return np.array(total), np.array(mean)


def marginal_price(net: Network, price: NDArray[np.float64], use: MarketUse) -> NDArray[np.float64]:
    """Willingness to pay for the last unmet kilogram (W, M) [USD/kg].

    The price at which the users' short-run demand falls to what they were served, bounded by the
    highest absolute willingness to pay among them; the market price where all were served.
    """
    m = len(net.price)
    most = np.zeros(m)
    np.maximum.at(most, net.demand_market, net.choke)
    slope = sum_at(net.demand_market, net.use * net.elasticity_short, m)
    slope /= np.maximum(sum_at(net.demand_market, net.use, m), 1e-300)
    week, market = np.nonzero((use.want - use.served > 1e-9 * np.maximum(use.want, 1e-12)) & (slope > 0))
    ratio = np.clip(use.served[week, market] / use.want[week, market], 1e-9, 1.0)
    found = np.array(price)
    known = price[week, market]
    found[week, market] = np.minimum(known * ratio ** (-1.0 / slope[market]), np.maximum(most[market], known))
    return found
