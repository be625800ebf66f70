"""Reported part of a trace: weekly arrays of markets, groups of regions and restricted links."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import groups
from ytterby.system import sum_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.batch import Trace
    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.system import Network

PRICED = ("price", "price_deal", "price_marginal")
"""Measures that are averaged by base use over regions [USD/kg]."""
GROUP = "EU"
"""Group of regions that is reported in addition to the regions."""
MIN_FLOW = 1e-6
"""Smallest base flow of a link that is reported [t/week]."""


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
    def base_price(self) -> NDArray[np.float64]:
        """Base price of each view [USD/kg]."""
        return self._mean(self.network.net.price)

    def total(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values of markets (..., M) with the sums of the EU appended (..., views)."""
        return self._sum(values)

    @cached_property
    def _members(self) -> tuple[tuple[NDArray[np.int64], NDArray[np.bool_]], ...]:
        """First, second, ... member of each group: its market, and whether the group has as many (group,)."""
        sizes, groups = [len(at) for at in self._pooled.values()], list(self._pooled.values())
        return tuple(
            (np.array([at[min(j, len(at) - 1)] for at in groups], dtype=np.int64), np.array([j < size for size in sizes]))
            for j in range(max(sizes, default=0))
        )

    def _sum(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        pooled = np.zeros((*values.shape[:-1], len(self._pooled)))
        for at, present in self._members:
            pooled += np.where(present, values[..., at], 0.0)
        return np.concatenate([values, pooled], axis=-1)

    def _mean(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        total, weighted = (np.zeros((*values.shape[:-1], len(self._pooled))) for _ in range(2))
        for at, present in self._members:
            member = values[..., at]
            weight = self.network.net.outflow[at] * (present & np.isfinite(member))
            total += weight
            weighted += np.nan_to_num(member) * weight
        mean = np.where(total > 0, weighted / np.where(total > 0, total, 1.0), np.nan)
        return np.concatenate([values, mean], axis=-1)

    def reduce(self, trace: Trace, level: NDArray[np.float64]) -> dict[str, NDArray[np.float32]]:
        """Weekly arrays (W, views) by measure and (W, links) of flows, in single precision.

        Parameters
        ----------
        trace : Trace
            One draw.
        level : ndarray (M,)
            Factor on prices.
        """
        net, m = self.network.net, len(self.network.net.price)
        unmet = trace.want - trace.served
        shortfall = sum_rows_at(net.demand_market, unmet, m)
        arrays = {
            "price": self._mean(trace.price * level),
            "price_deal": self._mean(trace.deal * level),
            "price_marginal": self._mean(marginal_price(self.network, trace) * level),
            "stock": self._sum(trace.stock),
            "production": self._sum(trace.production),
            "consumption": self._sum(trace.consumption),
            "shortfall": self._sum(shortfall),
            "licence_backlog": self._sum(trace.backlog),
            "flow": trace.shipped[:, self.links],
            "price_wedge": trace.wedge,
        }
        return {name: values.astype(np.float32) for name, values in arrays.items()}


def sum_rows_at(place: NDArray[np.int64], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Sums of each row of values (W, N) by place (W, count)."""
    weeks = len(values)
    at = place + count * np.arange(weeks)[:, None]
    return np.bincount(at.ravel(), values.ravel(), weeks * count).astype(np.float64, copy=False).reshape(weeks, count)


def marginal_price(network: LabelledNetwork, trace: Trace) -> NDArray[np.float64]:
    """Willingness to pay for the last unmet kilogram (W, M) [USD/kg].

    The price at which the users' short-run demand falls to what they were served, bounded by the
    highest absolute willingness to pay among them; the market price where all were served.
    """
    net, m = network.net, len(network.net.price)
    most = np.zeros(m)
    np.maximum.at(most, net.demand_market, net.choke)
    slope = sum_at(net.demand_market, net.use * net.elasticity_short, m)
    slope /= np.maximum(sum_at(net.demand_market, net.use, m), 1e-300)
    want, served = (sum_rows_at(net.demand_market, values, m) for values in (trace.want, trace.served))
    short = (want - served > 1e-9 * np.maximum(want, 1e-12)) & (slope > 0)
    ratio = np.clip(np.where(short, served, 1.0) / np.where(short, want, 1.0), 1e-9, 1.0)
    lifted = trace.price * ratio ** (-1.0 / np.where(slope > 0, slope, 1.0))
    return np.where(short, np.minimum(lifted, np.maximum(most, trace.price)), trace.price)


def restricted_links(network: LabelledNetwork, policy: Interventions) -> NDArray[np.int64]:
    """Links on which a licence, ban, quota or duty acts in some week."""
    from ytterby.simulation.interventions import Effect

    on_links = np.isin(policy.kind, [Effect.OPEN, Effect.EXPORT_DUTY, Effect.TARIFF, Effect.LICENCE, Effect.SPECIFIC])
    on_links &= np.any(policy.level, axis=1)[policy.measure]
    touched = np.union1d(policy.target[on_links], np.flatnonzero((policy.group_of >= 0) & (policy.legal_link_of < 0)))
    return touched[network.net.flow[touched] > MIN_FLOW].astype(np.int64)


def traced_share(net: Network, links: NDArray[np.int64], rounds: int = 60) -> NDArray[np.float64]:
    """Share of each market's base supply that passed one of the links, as goods or in what they are made of (M,).

    Goods made from a mixture carry the share of their inputs, weighted by mass: the fixed point of tracing upstream.
    """
    m, processes = len(net.price), len(net.activity)
    of = np.repeat(np.arange(processes), np.diff(net.recipe_start))
    mass = net.recipe_coefficient * net.activity[of]
    used, made = np.maximum(-mass, 0.0), np.maximum(mass, 0.0)
    all_used = np.maximum(sum_at(of, used, processes), 1e-300)
    produced = sum_at(net.recipe_market, made, m)
    supply = np.maximum(net.inflow + net.imports, np.maximum(produced + net.imports, 1e-300))
    passed = np.zeros(len(net.flow), dtype=bool)
    passed[links] = True
    share = np.zeros(m)
    for _ in range(rounds):
        inputs = sum_at(of, used * share[net.recipe_market], processes) / all_used
        own = sum_at(net.recipe_market, made * inputs[of], m)
        bought = sum_at(net.destination, net.flow * np.where(passed, 1.0, share[net.origin]), m)
        before, share = share, np.clip((own + bought) / supply, 0.0, 1.0)
        if np.abs(share - before).max(initial=0.0) < 1e-9:
            break
    return share
