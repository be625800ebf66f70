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
MOST = 1.3
"""Largest flow of the dominant supplier over that of the reference: components that come instead of magnets (designed runs)."""
NOTICED = 0.02
"""Cut from which on a region counts as restricted, so that its stocks are opened (assumed)."""
TRACE = 1e-6
"""Flows below this are none [t/year]."""


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
    """Share of each link's reference flow (scenario, year, link); above 1 where more comes than in the reference."""
    markets: Floats
    """Share of each market's reference supply (scenario, year, market)."""
    regions: tuple[str, ...]
    restricted: NDArray[np.bool_]
    """Whether a restriction is in force for a region (scenario, year, region); its stocks may be released then."""
    later: NDArray[np.bool_]
    """Whether its shortage began in an earlier year (scenario, year, region)."""
    price_factor: Floats
    """Price of the dominant supplier's goods over the base price (scenario, year)."""

    def any_of(self, values: NDArray[np.bool_], regions: Sequence[str]) -> NDArray[np.bool_]:
        """Whether it holds for any of some regions (scenario, year)."""
        return np.asarray(values[:, :, [self.regions.index(region) for region in regions]].any(axis=2))


@dataclass(frozen=True, eq=False)
class YearlyCuts:
    """Restrictions by scenario and year, in a plan's terms.

    Parameters
    ----------
    groups : tuple of str
        Groups of commodities.
    regions : tuple of str
        Destinations.
    cut : array (scenario, year, group, region)
        Share of the dominant supplier's flow that is missing, net of what others send less or more; negative where more arrives.
    later : array (scenario, year, region)
        Whether the shortage began in an earlier year.
    price_factor : array (scenario, year)
        Price of the dominant supplier's goods over the base price.
    group_of : callable
        Group of a commodity.
    """

    groups: tuple[str, ...]
    regions: tuple[str, ...]
    cut: Floats
    later: NDArray[np.bool_]
    price_factor: Floats
    group_of: Callable[[str], str]


def delivered(reference: ReferencePath, cuts: YearlyCuts) -> Delivered:
    """What restrictions leave in every year when nobody acts.

    A cut is net: it counts what third countries send less too. So that nothing is missing twice, the dominant supplier's own
    flows carry what remains of the cut when others deliver as far as they can.
    """
    s = reference.system
    scenarios, years = cuts.cut.shape[:2]
    links, markets = np.ones((scenarios, years, len(s.links))), np.ones((scenarios, years, len(s.markets)))
    trade = _Trade.of(reference, cuts)
    restricted = np.abs(cuts.cut).max(axis=(2, 3), initial=0.0) > 0.0
    for year in range(years):
        cases = np.flatnonzero(restricted[:, year])
        if len(cases):
            net = trade.cut(cuts.cut[cases, year])
            markets[cases, year], passed = YearChain.of(reference, year).left(np.clip(net, 0.0, 1.0))
            links[cases, year] = trade.without_double_counting(passed, net, reference.flow[year])
    return Delivered(links, markets, cuts.regions, cuts.cut.max(axis=2) > NOTICED, cuts.later, cuts.price_factor)


@dataclass(frozen=True, eq=False)
class _Trade:
    """Links by group of commodities and destination."""

    cell: NDArray[np.int64]
    """Cell ``group x regions + region`` of each link (link,); -1 within a region."""
    dominant: NDArray[np.bool_]
    """Whether a link comes from the dominant supplier (link,)."""
    shape: tuple[int, int]

    @classmethod
    def of(cls, reference: ReferencePath, cuts: YearlyCuts) -> _Trade:
        ends = [
            (*split_market(o), split_market(d)[1])
            for o, d in zip(reference.system.links["origin"], reference.system.links["destination"], strict=True)
        ]
        place = {region: i for i, region in enumerate(cuts.regions)}
        count = len(cuts.regions)
        cell = [
            cuts.groups.index(cuts.group_of(good)) * count + place[to] if to in place and to != source else -1 for good, source, to in ends
        ]
        return cls(np.array(cell), np.array([source == DOMINANT for _, source, _ in ends], dtype=bool), (len(cuts.groups), count))

    def cut(self, cut: Floats) -> Floats:
        """Net cut of the dominant supplier's links (case, link) from cuts (case, group, region); nil on all others."""
        flat = cut.reshape(len(cut), -1)
        return np.where(self.dominant & (self.cell >= 0), flat[:, self.cell], 0.0)

    def without_double_counting(self, passed: Floats, net: Floats, flow: Floats) -> Floats:
        """Share of each link's flow that arrives (case, link), such that each group's total into a region is that of the net cut."""
        size = int(np.prod(self.shape))
        others = ~self.dominant & (self.cell >= 0)
        own = self.dominant & (self.cell >= 0)
        base = np.bincount(self.cell[own], flow[own], size)
        found = passed.copy()
        for case in range(len(passed)):
            short = np.bincount(self.cell[others], ((1.0 - passed[case]) * flow)[others], size)
            given = 1.0 - net[case] + (short / np.maximum(base, TRACE))[self.cell]
            found[case, own] = np.clip(given, 0.0, MOST)[own]
        return found


def unrestricted(reference: ReferencePath, scenarios: int = 1) -> Delivered:
    """Scenarios in which nothing is restricted."""
    years = len(reference.years)
    regions = tuple(sorted({str(region) for region in reference.system.markets["region"]}))
    nothing = np.zeros((scenarios, years, len(regions)), dtype=bool)
    return Delivered(
        links=np.ones((scenarios, years, len(reference.system.links))),
        markets=np.ones((scenarios, years, len(reference.system.markets))),
        regions=regions,
        restricted=nothing,
        later=nothing,
        price_factor=np.ones((scenarios, years)),
    )


def _scarcest(inputs: sp.csr_matrix, level: Floats) -> Floats:
    """Least level of the inputs of each process (case, process); 1 where it has none."""
    running = np.ones((len(level), inputs.shape[0]))
    counts = np.diff(inputs.indptr)
    using = np.flatnonzero(counts)
    if len(using):
        running[:, using] = np.minimum.reduceat(level[:, inputs.indices], inputs.indptr[:-1][using], axis=1)
    return running
