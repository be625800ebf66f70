"""What is left of each market when the dominant supplier restricts and nobody acts, by scenario and year (equation P2).

What outsiders deliver to members, and what members owe to outsiders, both follow from it; so that one number stands on both sides
of a border, whoever plans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import split_market
from ytterby.plan.chain import YearlyChain
from ytterby.plan.decisions import REFILL
from ytterby.plan.loss_table import curve_table
from ytterby.plan.loss_weights import classes_of
from ytterby.plan.parties import DOMINANT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ytterby.plan.reference_path import ReferencePath
    from ytterby.system import System

    Floats = NDArray[np.float64]

MOST = 1.3
"""Largest flow of the dominant supplier over that of the reference, where the cut itself does not say that more comes."""
NOTICED = 0.02
"""Cut from which on a region counts as restricted, so that its stocks are opened (assumed)."""
TRACE = 1e-6
"""Flows below this are none [t/year]."""


@dataclass(frozen=True, eq=False)
class Delivered:
    """What scenarios leave of flows between regions; arrays (scenario, year, ...), 0-1."""

    links: Floats
    """Share of each link's reference flow (scenario, year, link); above 1 where more comes than in the reference."""
    markets: Floats
    """Share of each market's reference supply (scenario, year, market)."""
    released: Floats
    """Share of each market's reference supply that comes out of its stocks (scenario, year, market)."""
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


def delivered(reference: ReferencePath, cuts: YearlyCuts, filled: Floats | float = 1.0) -> Delivered:
    """What restrictions leave in every year when nobody acts.

    A cut is net: it counts what third countries send less too. So that nothing is missing twice, the dominant supplier's own
    flows carry what remains of the cut when others deliver as far as they can.

    Parameters
    ----------
    reference : ReferencePath
    cuts : YearlyCuts
    filled : array (scenario,) or float
        How full the stocks along the chain are at the start, over those of the base [1].
    """
    s = reference.system
    scenarios, years = cuts.cut.shape[:2]
    links, markets = np.ones((scenarios, years, len(s.links))), np.ones((scenarios, years, len(s.markets)))
    released = np.zeros_like(markets)
    trade, stocks = _Trade.of(reference, cuts), _Stocks.of(s, cuts.regions, np.broadcast_to(filled, scenarios))
    restricted, hit = np.abs(cuts.cut).max(axis=(2, 3), initial=0.0) > 0.0, cuts.cut.max(axis=2) > NOTICED
    for year in range(years):
        cases, chain = np.flatnonzero(restricted[:, year]), YearlyChain.of(reference.flows(year))
        if len(cases):
            net = trade.relieved(trade.cut(cuts.cut[cases, year]), reference, year)
            found = chain.left(np.clip(net, 0.0, 1.0), stocks.open(chain, hit[:, year])[cases])
            markets[cases, year], released[cases, year] = found.nodes, found.released
            links[cases, year] = trade.without_double_counting(found.links, net, reference.flow[year])
        stocks.close(chain, released[:, year], hit[:, year])
    return Delivered(links, markets, released, cuts.regions, hit, cuts.later, cuts.price_factor)


@dataclass(eq=False)
class _Stocks:
    """What the stocks of markets have left from year to year: drawn on where a restriction hits, filled up again afterwards."""

    left: Floats
    """Share of what can be drawn on (scenario, market)."""
    drawn: Floats
    """What each market can draw on, over its stocks (market,)."""
    region: NDArray[np.int64]
    """Place of each market's region among the destinations (market,); -1 for none."""

    @classmethod
    def of(cls, system: System, regions: Sequence[str], filled: Floats) -> _Stocks:
        """Stocks that are as full as said (scenario,)."""
        place = {region: i for i, region in enumerate(regions)}
        of = np.array([place.get(str(region), -1) for region in system.markets["region"]])
        drawn = np.array(curve_table().drawn)[classes_of(system.markets["commodity"])]
        return cls(np.tile(filled[:, None], len(of)), drawn, of)

    def _opened(self, hit: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether the stocks of a market are opened (scenario, market)."""
        return np.asarray(hit[:, self.region] & (self.region >= 0))

    def open(self, chain: YearlyChain, hit: NDArray[np.bool_]) -> Floats:
        """What can be drawn on this year, over a year's supply (scenario, market); ``hit`` is (scenario, region)."""
        return np.where(self._opened(hit), self.left * self.drawn * chain.held, 0.0)

    def close(self, chain: YearlyChain, released: Floats, hit: NDArray[np.bool_]) -> None:
        """End of the year: what was released is gone (scenario, market), and where nothing is restricted stocks are filled up."""
        used = released / np.maximum(self.drawn * chain.held, TRACE)
        self.left = np.clip(np.where(self._opened(hit), self.left - used, self.left + REFILL), 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class _Trade:
    """Links by group of commodities and destination."""

    cell: NDArray[np.int64]
    """Cell ``group x regions + region`` of each link (link,); -1 within a region."""
    dominant: NDArray[np.bool_]
    """Whether a link comes from the dominant supplier (link,)."""
    good: NDArray[np.int64]
    """Place of each link's commodity among those of the network (link,)."""
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
        dominant = np.array([source == DOMINANT for _, source, _ in ends], dtype=bool)
        goods = _goods(reference.system)
        return cls(np.array(cell), dominant, np.array([goods[good] for good, _, _ in ends]), (len(cuts.groups), count))

    def cut(self, cut: Floats) -> Floats:
        """Net cut of the dominant supplier's links (case, link) from cuts (case, group, region); nil on all others."""
        flat = cut.reshape(len(cut), -1)
        return np.where(self.dominant & (self.cell >= 0), flat[:, self.cell], 0.0)

    def relieved(self, net: Floats, reference: ReferencePath, year: int) -> Floats:
        """Net cut of each link (case, link) after what others throw away: it goes to whoever misses the good, in proportion.

        Lanthanum and cerium come with every light ore, and separation plants outside the dominant supplier dump what they cannot sell. The
        cuts of designed runs leave that out, since their trade keeps to the links of the base year.
        """
        given = _thrown_away(reference, year)[self.good]
        lack = np.maximum(net, 0.0) * reference.flow[year]
        total = np.zeros((len(net), int(self.good.max(initial=-1)) + 1))
        np.add.at(total.T, self.good, lack.T)
        return np.where(net > 0.0, net * (1.0 - np.minimum(given / np.maximum(total[:, self.good], TRACE), 1.0)), net)

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
            found[case, own] = np.clip(given, 0.0, np.maximum(1.0 - net[case], MOST))[own]
        return found


def _goods(system: System) -> dict[str, int]:
    """Place of each commodity of a network."""
    return {name: i for i, name in enumerate(sorted({str(name) for name in system.markets["commodity"]}))}


def _thrown_away(reference: ReferencePath, year: int) -> Floats:
    """What processes without a product take in outside the dominant supplier (commodity,) [t/year]: unsold oxides that plants reject."""
    recipes, goods = reference.system.recipes, _goods(reference.system)
    made = set(recipes["process"][recipes["coefficient"] > 0.0])
    found = np.zeros(len(goods))
    for process, market, amount in zip(recipes["process"], recipes["market"], reference.production[year], strict=True):
        good, region = split_market(market)
        if process not in made and region != DOMINANT:
            found[goods[good]] -= amount
    return found


def unrestricted(reference: ReferencePath, scenarios: int = 1) -> Delivered:
    """Scenarios in which nothing is restricted."""
    years = len(reference.years)
    regions = tuple(sorted({str(region) for region in reference.system.markets["region"]}))
    nothing = np.zeros((scenarios, years, len(regions)), dtype=bool)
    return Delivered(
        links=np.ones((scenarios, years, len(reference.system.links))),
        markets=np.ones((scenarios, years, len(reference.system.markets))),
        released=np.zeros((scenarios, years, len(reference.system.markets))),
        regions=regions,
        restricted=nothing,
        later=nothing,
        price_factor=np.ones((scenarios, years)),
    )
