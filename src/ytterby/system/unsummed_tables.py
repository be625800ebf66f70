"""Tables of a network on their way to a later day: further goods, plants and links, and the sums that are made anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ytterby.errors import BalanceError
from ytterby.system.assumptions import commodity_of, region_in

if TYPE_CHECKING:
    from ytterby.system.dated_changes import Addition
    from ytterby.system.system import System

ROUNDING = 1e-12
"""Residuals below this share of a market's throughput are rounding errors and set to zero."""


@dataclass(frozen=True)
class UnsummedTables:
    """Tables of a network whose sums are still to be made; recipes are those of the base year."""

    markets: pd.DataFrame
    processes: pd.DataFrame
    recipes: pd.DataFrame
    links: pd.DataFrame
    residual: pd.Series

    @classmethod
    def of(cls, system: System) -> UnsummedTables:
        """Tables of a system, without the further goods that an earlier roll gave to running plants."""
        listed = system.rolled[system.rolled["kind"] == "circuit"]
        further = {(item, f"{good}@{region_in(item)}") for item, good in zip(listed["item"], listed["good"], strict=True)}
        pairs = zip(system.recipes["process"], system.recipes["market"], strict=True)
        recipes = system.recipes[[pair not in further for pair in pairs]].reset_index(drop=True)
        return cls(system.markets, system.processes, recipes, system.links, system.markets["residual"])

    def cells(self, process: str) -> dict[str, float]:
        """Coefficients of a process by market."""
        rows = self.recipes[self.recipes["process"] == process]
        return dict(zip(rows["market"], rows["coefficient"], strict=True))

    def coefficient(self, process: str, good: str) -> float:
        """Output of a good per activity [1]."""
        return self.cells(process)[f"{good}@{region_in(process)}"]

    def with_plants(self, plants: tuple[Addition, ...], circuits: tuple[Addition, ...], factor: float) -> UnsummedTables:
        """Tables with those plants that are not there yet; ``factor`` brings priors from the base year to the system's day."""
        tables = self
        for each in plants:
            if each.process not in tables.processes.index:
                tables = tables._with_plant(each, factor)
        for each in circuits:
            tables = tables._with_routes(each, f"{each.good}@{region_in(each.process)}", factor * each.nameplate)
        return tables

    def _with_plant(self, each: Addition, factor: float) -> UnsummedTables:
        """Tables with a plant: coefficients of another, markets and links where there are none."""
        region, origin = region_in(each.process), region_in(each.like)
        cells = {f"{commodity_of(market)}@{region}": size for market, size in self.cells(each.like).items()}
        recipe = pd.DataFrame([(each.process, market, size) for market, size in cells.items()], columns=self.recipes.columns)
        process = self.processes.loc[[each.like]].rename(index={each.like: each.process})
        process = process.assign(region=region, kind=each.output.kind, facts=" ".join(each.output.ids))
        processes = pd.concat([self.processes, process])
        processes.index.name = self.processes.index.name
        tables = replace(self, processes=processes, recipes=pd.concat([self.recipes, recipe], ignore_index=True))
        size = factor * each.nameplate / cells[f"{each.good}@{region}"]
        for market, coefficient in cells.items():
            if market not in tables.markets.index:
                tables = tables._with_market(market, f"{commodity_of(market)}@{origin}", coefficient * size)
        return tables._with_routes(each, f"{each.good}@{region}", factor * each.nameplate)

    def _with_market(self, market: str, like: str, size: float) -> UnsummedTables:
        """Tables with a market like another: its suppliers for what a plant takes in, a residual for what nobody takes."""
        row = self.markets.loc[[like]].rename(index={like: market}).assign(region=region_in(market))
        markets = pd.concat([self.markets, row])
        markets.index.name = self.markets.index.name
        residual = pd.concat([self.residual, pd.Series({market: max(size, 0.0)})])
        tables = replace(self, markets=markets, residual=residual)
        if size >= 0.0:
            return tables
        inward = self.links[(self.links["destination"] == like) & (self.links["origin"] != market)]
        if inward.empty:
            raise BalanceError(f"{market}: no supplier, as {like} has none")
        flows = inward.assign(flow=inward["flow"] / inward["flow"].sum() * -size, destination=market)
        return tables._with_links(flows)

    def _with_routes(self, each: Addition, market: str, size: float) -> UnsummedTables:
        """Tables with routes to the buyers of a plant that have none, each for the same part of its output."""
        tables = self
        for buyer in each.buyers:
            end = f"{each.good}@{buyer}"
            if f"{market}>{end}" in self.links.index or end not in self.markets.index:
                continue
            known = self.links[self.links["destination"] == end].sort_values("flow", ascending=False, kind="stable").head(1)
            tables = tables._with_links(known.assign(flow=size / len(each.buyers), origin=market))
        return tables

    def _with_links(self, rows: pd.DataFrame) -> UnsummedTables:
        """Tables with further links, whose ranges are as wide as their flows."""
        rows = rows.assign(kind="assumed", facts="", low=0.0, high=2.0 * rows["flow"])
        names = [f"{origin}>{destination}" for origin, destination in zip(rows["origin"], rows["destination"], strict=True)]
        links = pd.concat([self.links, rows.set_axis(pd.Index(names, name=self.links.index.name))])
        return replace(self, links=links)


def with_sums(
    markets: pd.DataFrame, processes: pd.DataFrame, recipes: pd.DataFrame, links: pd.DataFrame, demands: pd.DataFrame
) -> pd.DataFrame:
    """Markets with production, imports, exports, use and the residual that closes their balance [t/year]."""
    table = markets.copy()
    made = recipes["coefficient"] * recipes["process"].map(processes["activity"])

    def total(amounts: pd.Series, at: pd.Series) -> pd.Series:
        return amounts.groupby(at.to_numpy()).sum().reindex(table.index, fill_value=0.0)

    table["production"] = total(made.clip(lower=0.0), recipes["market"])
    table["imports"], table["exports"] = total(links["flow"], links["destination"]), total(links["flow"], links["origin"])
    table["use"] = total((-made).clip(lower=0.0), recipes["market"]) + total(demands["use"], demands["market"])
    gap = table["production"] + table["imports"] - table["exports"] - table["use"]
    table["residual"] = gap.where(gap.abs() > ROUNDING * (table["production"] + table["imports"]), 0.0)
    table["kind"] = np.where(table["production"] >= table["imports"], "net_producer", "net_importer")
    return table
