"""Recipes: what a tonne of a plant's activity takes in and gives out, to build a plant where none stood in the base year.

A recipe has the name of a process without its region. Most are those of plants that run in the base year: the largest outside the
region of the dominant supplier, else the largest. The table ``recipes`` adds deposits that nobody mined then, and plants that
separate every element of a feed whose plants of today lose some. A plant that is added is dormant
(:mod:`ytterby.system.dormant_plants`): the base stays as it was until a measure gives it capacity.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from ytterby.errors import DataGapError, UnknownNameError
from ytterby.system import dormant_plants, prices
from ytterby.system.assumptions import commodity_of, region_in
from ytterby.system.bases import RARE_EARTHS
from ytterby.system.composition import Composition, Content
from ytterby.system.draft import DraftProcess, guess
from ytterby.system.inputs import FigureExpressions, assumed
from ytterby.system.stages import separation_outputs
from ytterby.system.system import TABLES, System
from ytterby.system.tables import rate_of, target_cover

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.facts import Facts

UTILISATION = 0.9
"""Activity over capacity of a new plant at base prices (assumed, 0.7-1: as of the dormant plants of the bases)."""
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Recipe:
    """What a tonne of activity takes in (negative) and gives out, by commodity [t/t]."""

    name: str
    cells: dict[str, float]
    like: DraftProcess
    """A process of the recipe, whose lag, driver, cost and sources a new plant has."""

    @property
    def goods(self) -> tuple[str, ...]:
        """Commodities that it makes."""
        return tuple(sorted(name for name, size in self.cells.items() if size > 0))

    def at(self, region: str) -> DraftProcess:
        """A plant of this recipe in a region, without activity."""
        cells = {f"{commodity}@{region}": size for commodity, size in self.cells.items()}
        return replace(self.like, id=f"{self.name}@{region}", coefficients=cells)


@dataclass(frozen=True)
class _Deposits(Composition):
    """Contents of all commodities, with the concentrates of the table ``recipes``."""

    @cached_property
    def baskets(self) -> dict[str, Content]:
        """Share of each element in a feed's REO, summing to one."""
        known = super().baskets
        return known | {row.feed: self._basket(row) for row in self.inputs.rows("recipes") if row.feed not in known}


@dataclass(frozen=True)
class RecipeBook:
    """Recipes by name, for the base of a chain.

    Parameters
    ----------
    system : System
        The base.
    facts : Facts
        Figures of baskets, recoveries and costs.
    """

    system: System
    facts: Facts

    @cached_property
    def inputs(self) -> FigureExpressions:
        """Figures and assumptions of the base."""
        return FigureExpressions(self.facts, self.system.year, chain=self.system.chain)

    @cached_property
    def composition(self) -> Composition:
        """Contents of all commodities, also of those that only new plants make."""
        return _Deposits(self.inputs)

    @cached_property
    def recipes(self) -> dict[str, Recipe]:
        """Recipes by name, in alphabetical order."""
        found = {recipe.name: recipe for recipe in (*self._of_deposits(), *self._running())}
        return dict(sorted(found.items()))

    def _running(self) -> list[Recipe]:
        """Recipes of the plants of the base year."""
        table = self.system.processes.sort_values("activity", kind="stable")
        table = table.assign(name=[commodity_of(str(process)) for process in table.index], abroad=table["region"] != prices.HOME)
        chosen = table.sort_values("abroad", kind="stable").drop_duplicates("name", keep="last")
        cells = {str(process): rows for process, rows in self.system.recipes.groupby("process")}
        return [_running_recipe(str(process), row, cells[str(process)]) for process, row in chosen.iterrows()]

    def _of_deposits(self) -> list[Recipe]:
        """Recipes of the table, which only the chain of rare earths has."""
        return [self._of_row(row) for row in self.inputs.rows("recipes")] if self.system.chain == RARE_EARTHS else []

    def _of_row(self, row: Any) -> Recipe:
        feed, stage = f"mine.concentrate-{row.feed}", row.process.partition(".")[0]
        made = {} if stage == "mine" else separation_outputs(self.inputs, self.composition, row.feed, row.recovery_class)
        cells = {feed: 1.0} if stage == "mine" else {feed: -1.0} | {f"oxide.{element}": rate for element, rate in made.items()}
        like = DraftProcess(
            row.process, stage, {}, guess(0.0), lag=int(row.lag), driver=row.driver, kind=row.kind, utilisation=row.utilisation,
            cost=self.inputs.cost(row), sources=self._sources(row),
        )  # fmt: skip
        return Recipe(row.process, cells, like)

    def _sources(self, row: Any) -> tuple[str, ...]:
        """Ids of the facts behind the basket and the recoveries."""
        shares = self.facts.baskets()
        basket = shares.index[(shares["deposit"] == row.deposit) & (shares["complete"] == "full")] if row.deposit else ()
        words = [rate.facts for rate in self.inputs.rows("recovery", recovery_class=row.recovery_class)] if row.recovery_class else []
        return tuple(dict.fromkeys([*map(str, basket), *" ".join(words).split()]))

    def plant(self, recipe: str, region: str) -> DraftProcess:
        """Plant of a recipe in a region.

        Raises
        ------
        UnknownNameError
            If there is no such recipe, or the base has no such region.
        """
        if recipe not in self.recipes:
            raise UnknownNameError("recipe", recipe, list(self.recipes))
        known = [row.region for row in self.inputs.rows("zones")]
        if region not in known:
            raise UnknownNameError("region", region, known)
        return self.recipes[recipe].at(region)


def _running_recipe(process: str, row: Any, cells: pd.DataFrame) -> Recipe:
    like = DraftProcess(
        process, row["stage"], {}, guess(0.0), lag=int(row["lag"]), driver=row["driver"], kind="assumed", utilisation=UTILISATION,
        cost=assumed(float(row["unit_cost"])), sources=tuple(str(row["facts"]).split()),
    )  # fmt: skip
    pairs = zip(cells["market"], cells["coefficient"], strict=True)
    return Recipe(commodity_of(process), {commodity_of(market): float(size) for market, size in pairs}, like)


def recipes_of(system: System, facts: Facts) -> dict[str, Recipe]:
    """Recipes that a project may name on a base, by name."""
    return RecipeBook(system, facts).recipes


def with_plants(system: System, facts: Facts, wanted: Iterable[tuple[str, str]]) -> System:
    """Base with dormant plants of recipes, each with its markets and the routes of its goods and feeds.

    Parameters
    ----------
    system : System
        The base.
    facts : Facts
        Figures of baskets, recoveries and costs.
    wanted : iterable of (recipe, region)
        Plants; those that the base has already are left as they are.

    Returns
    -------
    System
        The base itself where nothing is added.

    Raises
    ------
    UnknownNameError
        If there is no such recipe or region.
    DataGapError
        If nothing makes what a plant takes in, or nothing takes in the concentrate of a mine.
    """
    there = {*system.processes.index, *system.plants["process"]}
    book = RecipeBook(system, facts)
    plants = [book.plant(recipe, region) for recipe, region in sorted(set(wanted))]
    new = [plant for plant in plants if plant.id not in there]
    return _Extension(book, new).system if new else system


@dataclass(frozen=True)
class _Extension:
    """Tables of a base with further dormant plants."""

    book: RecipeBook
    new: list[DraftProcess]

    @cached_property
    def base(self) -> System:
        """The base without them."""
        return self.book.system

    @cached_property
    def makers(self) -> dict[str, bool]:
        """Markets of the new plants: whether one of them makes the good there."""
        found: dict[str, bool] = {}
        for plant in self.new:
            for market, size in plant.coefficients.items():
                found[market] = found.get(market, False) or size > 0
        return found

    @cached_property
    def missing(self) -> list[str]:
        """Markets that the base does not have."""
        return dormant_plants.missing_markets(self.new, set(self.base.all_markets.index))

    @cached_property
    def pairs(self) -> Pairs:
        """Pairs of markets that gain a route."""
        linked = {*self.base.links.index, *self.base.routes.index}
        found = [pair for market in self.makers for pair in self._from(market)] + [
            pair for market in self.missing for pair in self._to(market)
        ]
        return sorted({pair for pair in found if pair[0] != pair[1] and f"{pair[0]}>{pair[1]}" not in linked})

    def _from(self, market: str) -> Pairs:
        """Routes of a new plant's good to those who buy it already and to new plants that take it in."""
        if not self.makers[market]:
            return []
        buyers = {str(name) for name in self.base.markets.index[self._same(market) & (self.base.markets["imports"] > 0.0)]}
        buyers |= {other for other, made in self.makers.items() if commodity_of(other) == commodity_of(market) and not made}
        if market.startswith("mine.") and not {*buyers, *self._takers(market)}:
            raise DataGapError(f"nothing takes in {commodity_of(market)}: add a project whose recipe separates it")
        return [(market, buyer) for buyer in buyers]

    def _takers(self, market: str) -> set[str]:
        """Plants that take in the good where it is made."""
        taken = self.base.recipes[(self.base.recipes["market"] == market) & (self.base.recipes["coefficient"] < 0.0)]
        return {*taken["process"], *(plant.id for plant in self.new if plant.coefficients.get(market, 0.0) < 0.0)}

    def _to(self, market: str) -> Pairs:
        """Routes to a market that the base does not have, from those who sell the good, else from all who make it."""
        if self.makers[market]:
            return []
        table = self.base.markets[self._same(market) & (self.base.markets["production"] > 0.0)]
        chosen = table[table["exports"] > 0.0] if (table["exports"] > 0.0).any() else table
        sellers = [*map(str, chosen.index), *(other for other, made in self.makers.items() if made and self._like(other, market))]
        if not sellers:
            raise DataGapError(f"nothing makes {commodity_of(market)}, which a plant in {region_in(market)} takes in: add a project for it")
        return [(seller, market) for seller in sellers]

    def _same(self, market: str) -> pd.Series[bool]:
        return self.base.markets["commodity"] == commodity_of(market)

    @staticmethod
    def _like(other: str, market: str) -> bool:
        return other != market and commodity_of(other) == commodity_of(market)

    @cached_property
    def transport(self) -> prices.TransportCosts:
        """Transport cost and time between all regions."""
        return prices.transport_costs(self.book.inputs)

    @cached_property
    def price(self) -> prices.Prices:
        """Prices by market, also of new ones [USD/kg]."""
        known = {str(market): float(price) for market, price in self.base.all_markets["price"].items()}
        return dormant_plants.prices_with_plants(self.new, self.pairs, known, self.transport)

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Markets that only new plants use."""
        rows = []
        for market in self.missing:
            name, kind = commodity_of(market), "net_producer" if self.makers[market] else "net_importer"
            cover = target_cover(self.book.inputs, market)
            rows.append((market, name, name.partition(".")[0], region_in(market), self.price[market], *cover, kind))
        return pd.DataFrame(rows, columns=list(TABLES["sites"])).set_index("market")

    @cached_property
    def routes(self) -> pd.DataFrame:
        """Routes, with cost, duty and tax as on any link."""
        rows = []
        for origin, destination in self.pairs:
            name, start, end = commodity_of(origin), region_in(origin), region_in(destination)
            cost, weeks = self.transport[start, end]
            rates = (rate_of(self.book.inputs, "duties", end, name), rate_of(self.book.inputs, "export_vat", start, name))
            rows.append((f"{origin}>{destination}", origin, destination, name, max(weeks, 1), cost, *rates))
        return pd.DataFrame(rows, columns=list(TABLES["routes"])).set_index("link")

    @cached_property
    def contents(self) -> pd.DataFrame:
        """Contents of the goods of new markets that the base does not hold."""
        known = set(self.base.contents["commodity"])
        goods = sorted({commodity_of(market) for market in self.missing} - known)
        rows = [(good, element, content) for good in goods for element, content in sorted(self.book.composition.of(good).items())]
        return pd.DataFrame(rows, columns=list(TABLES["contents"]))

    @cached_property
    def system(self) -> System:
        """The base with the new plants."""
        plants = pd.DataFrame(dormant_plants.plant_rows(self.new, self.price), columns=list(TABLES["plants"]))
        added = {"plants": plants, "sites": self.sites, "routes": self.routes, "contents": self.contents}
        tables: dict[str, Any] = {name: _joined(getattr(self.base, name), table) for name, table in added.items()}
        return replace(self.base, **tables)


def _joined(table: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    """Rows of both tables."""
    if table.empty or more.empty:
        return more if table.empty else table
    joined = pd.concat([table, more], ignore_index=table.index.name is None)
    joined.index.name = table.index.name
    return joined
