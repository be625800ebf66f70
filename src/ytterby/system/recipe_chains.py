"""What a tonne of a candidate measure's good comes with: recipes that stand together, each making what the next takes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.facts import Candidate
    from ytterby.system.recipes import Recipe

NOTHING = 1e-12
"""Below it, what one recipe passes on is what the next takes in [t/t]."""


def activities_per_tonne(recipes: Mapping[str, Recipe], names: Sequence[str], good: str) -> dict[str, float]:
    """Activity of each recipe of a chain per tonne of a good that the last one makes [t/t].

    Parameters
    ----------
    recipes : mapping of str to Recipe
        Recipes by name, as of :func:`ytterby.system.recipes_of`.
    names : sequence of str
        The chain, upstream first.
    good : str
        Commodity that counts.

    Raises
    ------
    DataGapError
        If a recipe makes nothing that the next one takes in.
    """
    found = {names[-1]: 1.0 / recipes[names[-1]].cells[good]}
    for name, follows in zip(reversed(names[:-1]), reversed(names[1:]), strict=True):
        made, needs = recipes[name].cells, recipes[follows].cells
        link = next((commodity for commodity in made if made[commodity] > 0.0 > needs.get(commodity, 0.0)), None)
        if link is None:
            raise DataGapError(f"{name} makes nothing that {follows} takes in")
        found[name] = -found[follows] * needs[link] / made[link]
    return found


def cells_per_tonne(recipes: Mapping[str, Recipe], names: Sequence[str], good: str) -> dict[str, float]:
    """What a chain of recipes makes and takes in (negative) per tonne of a good, by commodity [t/t]; what is passed on is left out."""
    total: dict[str, float] = {}
    for name, activity in activities_per_tonne(recipes, names, good).items():
        for commodity, size in recipes[name].cells.items():
            total[commodity] = total.get(commodity, 0.0) + activity * size
    return {commodity: size for commodity, size in sorted(total.items()) if abs(size) > NOTHING}


def candidate_cells(candidate: Candidate, recipes: Mapping[str, Recipe]) -> dict[str, float]:
    """What a plant makes and takes in per tonne of the good that counts, by commodity [t/t]; empty for what is no plant.

    Recycling works up old goods, which are outside of the network: the scrap that its recipe takes in is left out.
    """
    if candidate.kind not in ("project", "recycling", "exploration"):
        return {}
    if candidate.basket or not candidate.recipes:
        return dict(candidate.basket) or dict.fromkeys(candidate.goods[:1], 1.0)
    cells = cells_per_tonne(recipes, candidate.recipes, candidate.goods[0])
    return {name: size for name, size in cells.items() if candidate.kind != "recycling" or not name.startswith("scrap.")}
