"""Reported part of a trace: weekly arrays of markets, groups of regions and links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.facts import groups
from ytterby.simulation.column_groups import ColumnGroups, ReportedGroups
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
        """Weekly values of markets (W, M) with the sums of the EU appended (W, views)."""
        found = np.empty((len(values), len(self.names)))
        self._report(found, values)
        return found

    @cached_property
    def _willing(self) -> WillingnessToPay:
        return WillingnessToPay.of(self.network.net)

    @cached_property
    def _members(self) -> ReportedGroups:
        groups = list(self._pooled.values())
        inside = np.concatenate([np.empty(0, dtype=np.int64), *groups]).astype(np.int64)
        weight = np.ascontiguousarray(self.network.net.outflow[inside])
        return ReportedGroups(inside, np.cumsum([0, *map(len, groups)]), weight)

    def _sum(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of markets (M,) with the sums of the groups (views,)."""
        return np.concatenate([values, self._members.of_row(values)])

    def _mean(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of markets (M,) with the means of the groups (views,)."""
        return np.concatenate([values, self._members.of_row(values, mean=True)])

    def _report(self, found: NDArray[Any], values: NDArray[np.float64], level: NDArray[np.float64] | None = None) -> None:
        """Write values of markets and sums over groups (W, views); with a factor on prices the means of groups."""
        from ytterby.simulation.market_sums import write_report

        factor = np.ones(values.shape[1]) if level is None else level
        write_report(values, factor, self._members, found, mean=level is not None)

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
        self._report(found["price_marginal"], marginal_price(trace.price, use, self._willing), level)
        for name, values in (("stock", trace.stock), ("production", trace.production), ("consumption", trace.consumption)):
            self._report(found[name], values)
        self._report(found["shortfall"], use.unmet)
        self._report(found["licence_backlog"], trace.backlog)
        found["flow"][:] = trace.shipped[:, self.links]


def marginal_price(price: NDArray[np.float64], use: MarketUse, willing: WillingnessToPay) -> NDArray[np.float64]:
    """Willingness to pay for the last unmet kilogram (W, M) [USD/kg].

    The price at which the users' short-run demand falls to what they were served, bounded by the
    highest absolute willingness to pay among them; the market price where all were served.
    """
    week, market = np.nonzero((use.unmet > 1e-9 * np.maximum(use.want, 1e-12)) & (willing.slope > 0))
    ratio = np.clip(use.served[week, market] / use.want[week, market], 1e-9, 1.0)
    found = np.array(price)
    known = price[week, market]
    found[week, market] = np.minimum(known * ratio ** (-1.0 / willing.slope[market]), np.maximum(willing.most[market], known))
    return found


class WillingnessToPay(NamedTuple):
    """What users of a market would pay for more (M,)."""

    most: NDArray[np.float64]
    """Highest willingness to pay [USD/kg]."""
    slope: NDArray[np.float64]
    """Price elasticity of their demand in the short run, mean by use."""

    @classmethod
    def of(cls, net: Network) -> WillingnessToPay:
        """What the users of a network would pay."""
        m = len(net.price)
        most = np.zeros(m)
        np.maximum.at(most, net.demand_market, net.choke)
        slope = sum_at(net.demand_market, net.use * net.elasticity_short, m)
        slope /= np.maximum(sum_at(net.demand_market, net.use, m), 1e-300)
        return cls(most, slope)
