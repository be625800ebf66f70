"""What is left of each market when the dominant supplier restricts and nobody acts: the restriction handed on along the chain.

A process makes as much as its scarcest input allows, and whoever is short serves all buyers alike (equation P2 in
``docs/explanation/plan.md``). What outsiders deliver to members, and what members owe to outsiders, both follow from it; so
that one number stands on both sides of a border, whoever plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from ytterby.facts import split_market
from ytterby.plan.parties import DOMINANT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ytterby.plan.reference_path import ReferencePath

    Floats = NDArray[np.float64]

SWEEPS = 400
"""Most passes along the chain; loops through scrap settle slowly."""
SETTLED = 1e-10
ROUNDING = 1e-9
"""Shares nearer to one than this are one."""


@dataclass(frozen=True, eq=False)
class YearChain:
    """The chain of one year as sparse matrices over markets, processes and links."""

    inputs: sp.csr_matrix
    """Process <- market of an input."""
    outputs: sp.csr_matrix
    """Market <- process: output over the market's supply."""
    arrivals: sp.csr_matrix
    """Market <- link: flow over the market's supply."""
    constant: Floats
    """Share of each market's supply that comes from outside the network (market,)."""
    idle: NDArray[np.bool_]
    """Markets without supply in that year (market,)."""
    origin: NDArray[np.int64]
    """Market of origin of each link (link,)."""

    @classmethod
    def of(cls, reference: ReferencePath, year: int) -> YearChain:
        """Chain of the year with that number in the reference path."""
        s = reference.system
        market = {name: i for i, name in enumerate(s.markets.index)}
        process = {name: i for i, name in enumerate(s.processes.index)}
        made, flow = reference.production[year], reference.flow[year]
        supply = np.maximum(reference.throughput[year], 1e-12)
        at = np.array([market[name] for name in s.recipes["market"]])
        by = np.array([process[name] for name in s.recipes["process"]])
        to = np.array([market[name] for name in s.links["destination"]])
        takes, makes = made < 0.0, made > 0.0
        return cls(
            inputs=sp.csr_matrix((np.ones(takes.sum()), (by[takes], at[takes])), shape=(len(process), len(market))),
            outputs=sp.csr_matrix((made[makes] / supply[at[makes]], (at[makes], by[makes])), shape=(len(market), len(process))),
            arrivals=sp.csr_matrix((flow / supply[to], (to, np.arange(len(to)))), shape=(len(market), len(to))),
            constant=np.maximum(-reference.residual[year], 0.0) / supply,
            idle=reference.throughput[year] <= 0.0,
            origin=np.array([market[name] for name in s.links["origin"]]),
        )

    def left(self, cut: Floats) -> tuple[Floats, Floats]:
        """Shares of base supply left in each market (case, market) and of base flow left on each link (case, link), 0-1.

        Parameters
        ----------
        cut : array (case, link)
            Share of each link's base flow that the restriction itself keeps back, 0-1.
        """
        level = np.ones((len(cut), len(self.constant)))
        for _ in range(SWEEPS):
            running = _scarcest(self.inputs, level)
            passing = level[:, self.origin] * (1.0 - cut)
            new = np.minimum((self.outputs @ running.T).T + (self.arrivals @ passing.T).T + self.constant, 1.0)
            new[:, self.idle] = 1.0
            new[new > 1.0 - ROUNDING] = 1.0
            if np.abs(new - level).max(initial=0.0) < SETTLED:
                break
            level = new
        return level, level[:, self.origin] * (1.0 - cut)


@dataclass(frozen=True, eq=False)
class Delivered:
    """What scenarios leave of flows between regions; arrays (scenario, year, ...), 0-1."""

    links: Floats
    """Share of each link's reference flow (scenario, year, link)."""
    markets: Floats
    """Share of each market's reference supply (scenario, year, market)."""
    restricted: NDArray[np.bool_]
    """Whether a restriction is in force (scenario, year); stocks may be released then."""
    price_factor: Floats
    """Price of the dominant supplier's goods over the base price (scenario, year)."""


def delivered(reference: ReferencePath, cut: Floats, price_factor: Floats) -> Delivered:
    """What restrictions leave in every year when nobody acts.

    Parameters
    ----------
    reference : ReferencePath
    cut : array (scenario, year, link)
        Share of each link's flow that is kept back, from :func:`link_cuts`.
    price_factor : array (scenario, year)
        Price of the dominant supplier's goods over the base price.
    """
    links, markets = np.ones(cut.shape), np.ones((*cut.shape[:2], len(reference.system.markets)))
    restricted = cut.max(axis=2, initial=0.0) > 0.0
    for year in range(cut.shape[1]):
        cases = np.flatnonzero(restricted[:, year])
        if len(cases):
            markets[cases, year], links[cases, year] = YearChain.of(reference, year).left(cut[cases, year])
    return Delivered(links, markets, restricted, price_factor)


def unrestricted(reference: ReferencePath, scenarios: int = 1) -> Delivered:
    """Scenarios in which nothing is restricted."""
    years = len(reference.years)
    return delivered(reference, np.zeros((scenarios, years, len(reference.system.links))), np.ones((scenarios, years)))


def link_cuts(reference: ReferencePath, groups: Sequence[str], destinations: Sequence[str], cut: Floats, group_of: Callable[[str], str]) -> Floats:
    """Cut of each link (scenario, year, link).

    Parameters
    ----------
    reference : ReferencePath
    groups : sequence of str
        Groups of commodities.
    destinations : sequence of str
        Regions.
    cut : array (scenario, year, group, destination)
        Share of the dominant supplier's flow that is kept back.
    group_of : callable
        Group of a commodity.
    """
    s = reference.system
    found = np.zeros((*cut.shape[:2], len(s.links)))
    for column, (origin, destination) in enumerate(zip(s.links["origin"], s.links["destination"], strict=True)):
        (commodity, source), target = split_market(origin), split_market(destination)[1]
        if source == DOMINANT:
            found[:, :, column] = cut[:, :, groups.index(group_of(commodity)), destinations.index(target)]
    return found


def _scarcest(inputs: sp.csr_matrix, level: Floats) -> Floats:
    """Least level of the inputs of each process (case, process); 1 where it has none."""
    running = np.ones((len(level), inputs.shape[0]))
    counts = np.diff(inputs.indptr)
    using = np.flatnonzero(counts)
    if len(using):
        running[:, using] = np.minimum.reduceat(level[:, inputs.indices], inputs.indptr[:-1][using], axis=1)
    return running
