"""Recipes that a project may name: what a tonne takes in and gives out."""

from __future__ import annotations

from pathlib import Path

from ytterby.app.network.bases import base_system
from ytterby.facts import load
from ytterby.result_model import ResultModel
from ytterby.system import RARE_EARTHS, newest_base_year, recipes_of


class RecipeRow(ResultModel):
    """A recipe: amounts per tonne of a plant's activity."""

    recipe: str
    """Name, as ``project`` takes it."""
    stage: str
    takes: dict[str, float]
    """Commodities taken in [t/t]."""
    gives: dict[str, float]
    """Commodities given out [t/t]."""
    facts: tuple[str, ...]
    """Ids of the figures that it rests on."""


class RecipeList(ResultModel):
    """Recipes of a base."""

    year: int
    recipes: tuple[RecipeRow, ...]
    """By name."""


def list_recipes(year: int | None = None, project: Path | str = ".ytterby", chain: str = RARE_EARTHS) -> RecipeList:
    """Recipes by name, of the plants of a base and of deposits that nobody mined in it.

    Parameters
    ----------
    year : int, optional
        Base year; by default the newest of the chain.
    project : Path
        Project folder whose figures take precedence.
    chain : str
        Which minerals.
    """
    facts, chosen = load(Path(project)), newest_base_year(chain) if year is None else year
    found = recipes_of(base_system(chosen, facts, Path(project), chain), facts)
    rows = (
        RecipeRow(
            recipe=name,
            stage=recipe.like.stage,
            takes={good: -size for good, size in recipe.cells.items() if size < 0.0},
            gives={good: size for good, size in recipe.cells.items() if size > 0.0},
            facts=recipe.like.facts,
        )
        for name, recipe in found.items()
    )
    return RecipeList(year=chosen, recipes=tuple(rows))
