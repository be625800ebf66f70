"""The compiled network with labels: names of commodities, regions and sectors by which measures select their targets."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np

from ytterby.errors import ScenarioError
from ytterby.facts import split_market
from ytterby.system import compile_network, sum_at
from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ytterby.system import Labels, Network, System

ROOM = "ytterby.simulation"
MIX_ROUNDS = 60
"""Iterations that propagate end uses upstream; scrap loops shrink by more than half in each."""


@dataclass(frozen=True, eq=False)
class LabelledNetwork:
    """A compiled System with label arrays, shared by all draws of a run."""

    system: System
    net: Network
    labels: Labels
    legal_link_of: NDArray[np.int64]
    """Legal link that each undeclared route bypasses, -1 for legal links (L,)."""

    @classmethod
    def of(cls, system: System) -> LabelledNetwork:
        """Compile a System and set qualification times."""
        net, labels = compile_network(system)
        net = net._replace(qualification=qualification_weeks([split_market(labels.markets[i])[0] for i in net.origin]))
        return cls(system, *_with_undeclared_routes(system, net, labels))

    @cached_property
    def cache(self) -> dict[tuple[object, ...], object]:
        """Resolved selectors, shared by all draws of a run."""
        return {}

    @cached_property
    def commodity(self) -> NDArray[np.str_]:
        """Commodity of each market (M,)."""
        return np.array([split_market(name)[0] for name in self.labels.markets])

    @cached_property
    def region(self) -> NDArray[np.str_]:
        """Region of each market (M,)."""
        return np.array([split_market(name)[1] for name in self.labels.markets])

    @cached_property
    def sector(self) -> NDArray[np.str_]:
        """Sector of each demand (K,)."""
        return self.system.demands["sector"].to_numpy().astype(str)

    @cached_property
    def contract(self) -> NDArray[np.float64]:
        """Contract share of each link (L,)."""
        return contract_shares([self.labels.markets[j] for j in self.net.destination])

    @cached_property
    def contents(self) -> dict[str, dict[str, float]]:
        """Content of each commodity, t of element as oxide per t."""
        table: dict[str, dict[str, float]] = {}
        for row in self.system.contents.itertuples(index=False):
            table.setdefault(str(row.commodity), {})[str(row.element)] = float(str(row.content))
        return table

    @cached_property
    def commodities(self) -> tuple[str, ...]:
        """All commodities, in order of first appearance."""
        return tuple(dict.fromkeys(self.commodity.tolist()))

    def oxide_of(self, element: str) -> str:
        """Oxide in which an element is traded: the one with the highest content of it; empty if there is none."""
        held = {name: self.contents.get(name, {}).get(element, 0.0) for name in self.commodities if name.startswith("oxide.")}
        best = max(held, key=lambda name: held[name], default="")
        return best if held.get(best, 0.0) > 0.0 else ""

    def links_where(self, goods: Iterable[str], origins: Iterable[str], destinations: Iterable[str]) -> NDArray[np.int64]:
        """Legal links of the commodities from the regions to the regions."""
        key = ("links where", tuple(goods), tuple(origins), tuple(destinations))
        if key not in self.cache:
            net = self.net
            chosen = self.legal_link_of < 0
            chosen &= np.isin(self.commodity[net.origin], key[1])
            chosen &= np.isin(self.region[net.origin], key[2]) & np.isin(self.region[net.destination], key[3])
            self.cache[key] = np.flatnonzero(chosen)
        return cast("NDArray[np.int64]", self.cache[key])

    def markets_where(self, goods: Iterable[str], regions: Iterable[str]) -> NDArray[np.int64]:
        """Markets of the commodities in the regions."""
        key = ("markets where", tuple(goods), tuple(regions))
        if key not in self.cache:
            self.cache[key] = np.flatnonzero(np.isin(self.commodity, key[1]) & np.isin(self.region, key[2]))
        return cast("NDArray[np.int64]", self.cache[key])

    def plants_making(self, goods: Iterable[str], regions: Iterable[str]) -> list[tuple[int, str, float]]:
        """Processes whose main output is one of the commodities: index, commodity, output per activity.

        The main output of a process with several products is the one of the highest value.
        """
        net, wanted, places, found = self.net, set(goods), set(regions), []
        for p in range(len(net.activity)):
            entries = range(net.recipe_start[p], net.recipe_start[p + 1])
            outputs = [r for r in entries if net.recipe_coefficient[r] > 0]
            if not outputs:
                continue
            named = [r for r in outputs if self.commodity[net.recipe_market[r]] in wanted]
            best = max(named, key=lambda r: net.recipe_coefficient[r] * net.price[net.recipe_market[r]], default=None)
            if best is not None and self.region[net.recipe_market[best]] in places:
                found.append((p, str(self.commodity[net.recipe_market[best]]), float(net.recipe_coefficient[best])))
        return found

    @cached_property
    def base_production(self) -> NDArray[np.float64]:
        """Output of processes in each market in the base year (M,) [t/week]."""
        net = self.net
        per_entry = np.repeat(net.activity, np.diff(net.recipe_start)) * net.recipe_coefficient
        return sum_at(net.recipe_market, np.maximum(per_entry, 0.0), len(net.price))

    @cached_property
    def use_mix(self) -> NDArray[np.float64]:
        """Share of each sector in the end use of a market's goods, traced downstream (M, S); sectors as in :attr:`sectors`."""
        net, m = self.net, len(self.net.price)
        position = {name: i for i, name in enumerate(self.sectors)}
        direct = np.zeros((m, len(position)))
        np.add.at(direct, (net.demand_market, np.array([position[s] for s in self.sector])), net.use)
        process_of = np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start))
        mass = net.recipe_coefficient * net.activity[process_of]
        worth = mass * net.price[net.recipe_market]
        into = sum_at(process_of, np.maximum(worth, 0.0), len(net.activity))
        mix = direct / np.maximum(direct.sum(axis=1, keepdims=True), 1e-300)
        for _ in range(MIX_ROUNDS):
            made_of = np.zeros((len(net.activity), len(position)))
            outputs = worth > 0
            np.add.at(
                made_of,
                process_of[outputs],
                mix[net.recipe_market[outputs]] * (worth[outputs] / np.maximum(into[process_of[outputs]], 1e-300))[:, None],
            )
            total = direct.copy()
            inputs = mass < 0
            np.add.at(total, net.recipe_market[inputs], made_of[process_of[inputs]] * -mass[inputs, None])
            np.add.at(total, net.origin, mix[net.destination] * net.flow[:, None])
            mix = total / np.maximum(total.sum(axis=1, keepdims=True), 1e-300)
        return np.asarray(mix)

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Sectors that occur, sorted."""
        return tuple(sorted(set(self.sector.tolist())))

    def share_for(self, markets: NDArray[np.int64], sectors: Sequence[str]) -> NDArray[np.float64]:
        """Share of the markets' goods whose end use is in the sectors (len(markets),)."""
        columns = [i for i, name in enumerate(self.sectors) if name in set(sectors)]
        return np.asarray(self.use_mix[np.asarray(markets)][:, columns].sum(axis=1))


PER_LINK = ("origin", "destination", "flow", "share", "transit", "freight", "duty", "export_tax", "qualification")
"""Arrays of a network with one entry per link."""


def _with_undeclared_routes(system: System, net: Network, labels: Labels) -> tuple[Network, Labels, NDArray[np.int64]]:
    """Add an undeclared route, without base flow or duty, beside each link whose restriction may be evaded by smuggling."""
    origin = [split_market(labels.markets[i]) for i in net.origin]
    legal = np.array([i for i, (goods, region) in enumerate(origin) if smuggled(system.year, region, goods)], dtype=np.int64)
    legal_link_of = np.concatenate([np.full(len(net.flow), -1, dtype=np.int64), legal])
    if not len(legal):
        return net, labels, legal_link_of
    added = {name: getattr(net, name)[legal] for name in PER_LINK}
    empty = dict.fromkeys(("flow", "share", "duty", "export_tax"), np.zeros(len(legal)))
    wider = net._replace(**{name: np.concatenate([getattr(net, name), (added | empty)[name]]) for name in PER_LINK})
    names = (*labels.links, *(f"undeclared {labels.links[i]}" for i in legal))
    return wider, labels._replace(links=names), legal_link_of


def contract_shares(destinations: Sequence[str]) -> NDArray[np.float64]:
    """Share of each link's flow under contract, by the region of its destination (L,) [1]."""
    share = {row["region"]: float(row["share"]) for row in rows(ROOM, "contracts")}
    return np.array([share.get(split_market(market)[1], share["*"]) for market in destinations])


def qualification_weeks(commodities: Sequence[str]) -> NDArray[np.float64]:
    """Weeks to qualify a new supplier of each link's commodity, 0 if no qualification is needed (L,)."""
    return np.array(
        [next((float(row["weeks"]) for row in rows(ROOM, "qualification") if fnmatchcase(name, row["goods"])), 0.0) for name in commodities]
    )


def smuggled(base_year: int, origin: str, commodity: str) -> bool:
    """Whether the base of a year has smuggling of a commodity from a region."""
    own = (row for row in rows(ROOM, "smuggling") if int(row["base_year"]) == base_year and row["origin"] == origin)
    return any(fnmatchcase(commodity, row["goods"]) for row in own)


def price_level() -> tuple[float, float]:
    """Lower and upper bound of base prices relative to their central values [1]."""
    row = next(row for row in rows(ROOM, "levels") if row["name"] == "price")
    return float(row["low"]), float(row["high"])


def seasonal_losses(mondays: NDArray[np.datetime64]) -> dict[str, NDArray[np.float64]]:
    """Share of its activity that a region loses in each week to the season (W,) [1], by region.

    Chinese New Year stops plants for weeks; the other weeks of the year make up for it (negative losses), so that the
    factor on activity has mean one over the Mondays of every calendar year.

    Raises
    ------
    ScenarioError
        If the date of a year's Chinese New Year is not in the table.
    """
    days = np.array([row["date"] for row in rows(ROOM, "new_year")], dtype="datetime64[D]")
    place = mondays.astype("datetime64[Y]").astype(int) - days[0].astype("datetime64[Y]").astype(int)
    if place.min() < 0 or place.max() >= len(days):
        raise ScenarioError(f"calendar.season: Chinese New Year is known from {days[0]} to {days[-1]} only; leave it out or move the weeks")
    year = days[place].astype("datetime64[Y]")
    mondays_of_year = np.busday_count(year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]"), weekmask="Mon")
    offset = (mondays - np.busday_offset(days[place], 0, roll="backward", weekmask="Mon")).astype(int) // 7
    lost: dict[str, dict[int, float]] = {}
    for row in rows(ROOM, "seasons"):
        lost.setdefault(row["region"], {})[int(row["offset"])] = float(row["loss"])
    return {
        region: 1.0 - (1.0 - np.array([by_week.get(week, 0.0) for week in offset])) / (1.0 - sum(by_week.values()) / mondays_of_year)
        for region, by_week in lost.items()
    }
