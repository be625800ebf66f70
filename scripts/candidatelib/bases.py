"""What a tonne of a good comes with, and what goods cost, in the base year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from candidatelib.figures import Figure
from ytterby.facts import load
from ytterby.system import (
    Recipe,
    System,
    activities_per_tonne,
    build,
    cells_per_tonne,
    footprint_table,
    newest_base_year,
    recipes_of,
)

HEAVIES = ("Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y")
Cells = dict[str, float]


@dataclass(frozen=True)
class Base:
    """The base year: recipes and prices."""

    system: System

    @cached_property
    def book(self) -> dict[str, Recipe]:
        """Recipes by name."""
        return recipes_of(self.system, load())

    @cached_property
    def recipes(self) -> dict[str, Cells]:
        """What a tonne of activity takes in and gives out, by recipe [t/t]."""
        return {name: recipe.cells for name, recipe in self.book.items()}

    def activities(self, recipes: tuple[str, ...], good: str) -> dict[str, float]:
        """Activity of recipes that stand together, per tonne of a good."""
        return activities_per_tonne(self.book, recipes, good)

    def per_tonne(self, recipes: tuple[str, ...], good: str) -> Cells:
        """Net cells of recipes that stand together, per tonne of a good."""
        return cells_per_tonne(self.book, recipes, good)

    def footprint(self, recipe: str, region: str) -> dict[str, Figure]:
        """Greenhouse gases [t CO2e], water [m3] and radioactive residue [t] per tonne of a recipe's activity in a region."""
        plants = pd.DataFrame({"process": [f"{recipe}@{region}"]})
        rows = footprint_table(replace(self.system, plants=plants), load())
        own = rows[rows["process"] == f"{recipe}@{region}"]
        return {
            row.indicator: Figure(row.value, row.low, row.high, "derived" if row.kind == "derived" else "assumed", tuple(row.facts.split()))
            for row in own.itertuples()
        }

    def heavies(self, recipe: str, good: str) -> Cells:
        """Heavy oxides of a recipe per tonne of a good."""
        cells = self.recipes[recipe]
        return {f"oxide.{e}": cells[f"oxide.{e}"] / cells[good] for e in HEAVIES if cells.get(f"oxide.{e}", 0.0) > 0}

    def concentrate_gives(self, good: str) -> Cells:
        """Oxides per tonne of a concentrate, of a plant that separates all of them."""
        feed = good.removeprefix("mine.concentrate-")
        name = f"oxide.{feed}-all" if f"oxide.{feed}-all" in self.recipes else f"oxide.{feed}"
        return {commodity: size for commodity, size in self.recipes[name].items() if size > 0}

    def price(self, commodity: str) -> Figure:
        """Price over all markets of the base year, weighted by use, with the cheapest and the dearest [USD/kg]."""
        markets = self.system.markets[self.system.markets["commodity"] == commodity]
        used = markets["production"] + markets["imports"] - markets["exports"]
        mean = float((markets["price"] * used).sum() / used.sum())
        return Figure(mean, min(float(markets["price"].min()), mean), max(float(markets["price"].max()), mean), "derived")


def newest() -> Base:
    """The newest base."""
    return Base(build(newest_base_year()))
