"""Which figures a number rests on: ids of facts, those that carry most of it first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.facts import expand_regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from ytterby.system.system import System

Weights = dict[str, float]
"""What part of a number rests on each fact, by id."""
MIN_PART = 0.01
"""Part of a market's supply or use from which on the facts behind it are named."""


def weighed(cells: Iterable[object], parts: Iterable[float]) -> Weights:
    """Weight of each fact in a number.

    Parameters
    ----------
    cells : iterable
        Cells of a column ``facts``: ids, space separated.
    parts : iterable of float
        What part of the number each row carries; an id gets the sum over its rows.
    """
    found: Weights = {}
    for cell, part in zip(cells, parts, strict=True):
        for name in cell.split() if isinstance(cell, str) else ():
            found[name] = found.get(name, 0.0) + part
    return found


def added(*weights: Mapping[str, float]) -> Weights:
    """Sum of weights by fact."""
    found: Weights = {}
    for part in weights:
        for name, weight in part.items():
            found[name] = found.get(name, 0.0) + weight
    return found


def ranked(weights: Mapping[str, float]) -> tuple[str, ...]:
    """Ids by weight, the largest first."""
    return tuple(sorted(weights, key=lambda name: (-weights[name], name)))


def united(ids: Iterable[Iterable[str]], parts: Iterable[float]) -> tuple[str, ...]:
    """Ids behind a sum, from ranked ids of its parts: the first of a part weigh most, and a part as it contributes to the sum."""
    rows = zip(ids, parts, strict=True)
    return ranked(added(*({name: part / (1 + place) for place, name in enumerate(names)} for names, part in rows)))


@dataclass(frozen=True, eq=False)
class Provenance:
    """Facts behind the supply, the use and the sectors of a System."""

    system: System

    @cached_property
    def supply(self) -> dict[str, Weights]:
        """By market: facts of the processes that make and the links that bring what it takes in, by mass."""
        system = self.system
        made = system.recipes[system.recipes["coefficient"] > 0]
        runs = system.processes.loc[made["process"]]
        own = (made["market"], made["coefficient"].to_numpy() * runs["activity"].to_numpy(), runs["facts"])
        brought = (system.links["destination"], system.links["flow"].to_numpy(), system.links["facts"])
        return _by_market((own, brought), system.markets["production"] + system.markets["imports"])

    @cached_property
    def use(self) -> dict[str, Weights]:
        """By market: facts of its final demands, by mass."""
        demands = self.system.demands
        return _by_market(((demands["market"], demands["use"].to_numpy(), demands["facts"]),), demands.groupby("market")["use"].sum())

    def market(self, commodity: str, region: str) -> Weights:
        """Facts behind supply and final use of a commodity in a region or group."""
        names = [self.system.market(commodity, place) for place in expand_regions(region)]
        return added(*(part.get(name, {}) for name in names for part in (self.supply, self.use)))

    def sector(self, sector: str, region: str) -> Weights:
        """Facts of a sector's value added, jobs and dependent share."""
        return weighed([self.system.sectors["facts"].get(f"{sector}@{region}")], [1.0])

    def demand(self, commodity: str, region: str, sector: str) -> Weights:
        """Facts behind what a sector uses of a commodity in a region, and behind its supply there."""
        market = self.system.market(commodity, region)
        return added(weighed([self.system.demands["facts"].get(f"{market}|{sector}")], [1.0]), self.supply.get(market, {}))


def _by_market(tables: Iterable[tuple[pd.Series, Iterable[float], pd.Series]], total: pd.Series) -> dict[str, Weights]:
    """Weights of facts by market; rows below :data:`MIN_PART` of a market's total are left out."""
    found: dict[str, Weights] = {}
    whole = total.to_dict()
    for markets, sizes, cells in tables:
        for market, size, cell in zip(markets, sizes, cells, strict=True):
            if whole[market] > 0.0 and size >= MIN_PART * whole[market]:
                found[market] = added(found.get(market, {}), weighed([cell], [size / whole[market]]))
    return found
