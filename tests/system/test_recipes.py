"""Recipes: plants where none stood. The base stays as it was, and no recipe makes more of an element than its inputs hold."""

from __future__ import annotations

import pytest

from ytterby.errors import DataGapError, UnknownNameError
from ytterby.system import build, recipes_of, with_plants
from ytterby.system.recipes import RecipeBook


@pytest.fixture(scope="module")
def base():
    return build(2024)


@pytest.fixture(scope="module")
def book(base, facts):
    return RecipeBook(base, facts)


def test_every_process_of_the_base_has_a_recipe_and_every_recipe_is_one(base, book):
    names = {str(process).partition("@")[0] for process in base.processes.index}
    assert names < set(book.recipes)
    for name, recipe in book.recipes.items():
        assert name == recipe.name
        assert recipe.cells
        assert recipe.like.facts or recipe.like.kind == "assumed"


def test_a_recipe_is_that_of_the_largest_plant_outside_the_dominant_supplier(base, book):
    """Second road: the rows of the base's own table."""
    for name, process in (("metal.NdPr", "metal.NdPr@VN"), ("magnet.NdFeB-Dy", "magnet.NdFeB-Dy@JP"), ("metal.Sm", "metal.Sm@CN")):
        rows = base.recipes[base.recipes["process"] == process]
        assert book.recipes[name].cells == {
            str(market).partition("@")[0]: size for market, size in zip(rows["market"], rows["coefficient"], strict=True)
        }


def test_no_recipe_makes_more_of_an_element_than_it_takes_in(book):
    for recipe in book.recipes.values():
        if recipe.name.startswith("mine."):
            continue
        total: dict[str, float] = {}
        for good, size in recipe.cells.items():
            for element, content in book.composition.of(good).items():
                one = "NdPr" if element in {"Nd", "Pr"} else element  # one good, sold at the world's split
                total[one] = total.get(one, 0.0) + size * content
        assert max(total.values()) <= 1e-9, (recipe.name, total)


def test_plants_that_separate_all_yield_the_heavies_too(book):
    some, whole = book.recipes["oxide.mount-weld"].goods, book.recipes["oxide.mount-weld-all"].goods
    assert set(some) < set(whole)
    assert {"oxide.Dy", "oxide.Tb", "oxide.Y"} <= set(whole) - set(some)
    assert book.recipes["oxide.browns-range"].cells["oxide.Dy"] > book.recipes["oxide.nolans"].cells["oxide.Dy"] > 0.0


def test_the_base_stays_as_it_was(base, facts):
    assert with_plants(base, facts, []) is base
    assert with_plants(base, facts, [("magnet.NdFeB", "JP")]) is base
    more = with_plants(base, facts, [("magnet.NdFeB-Dy", "MY"), ("oxide.mount-weld-all", "MY")])
    for name in ("markets", "processes", "recipes", "links", "demands", "sectors", "balance"):
        assert getattr(more, name) is getattr(base, name)
    assert more.digest != base.digest
    assert set(more.plants["process"]) == {"magnet.NdFeB-Dy@MY", "oxide.mount-weld-all@MY"}
    assert not set(more.sites.index) & set(base.markets.index)
    assert not set(more.routes.index) & set(base.links.index)
    assert with_plants(more, facts, [("magnet.NdFeB-Dy", "MY")]) is more


def test_a_plant_gets_suppliers_buyers_and_prices(base, facts):
    more = with_plants(base, facts, [("magnet.NdFeB-Dy", "MY")])
    assert set(more.sites.index) == {"metal.Dy@MY", "metal.NdPr@MY", "metal.Tb@MY", "scrap.NdFeB-Dy@MY"}
    into = more.routes[more.routes["destination"] == "metal.NdPr@MY"]["origin"]
    assert {"metal.NdPr@CN", "metal.NdPr@VN"} <= set(into)
    assert "metal.NdPr@IN" not in set(into)  # it makes metal, and sells none
    out = set(more.routes[more.routes["origin"] == "magnet.NdFeB-Dy@MY"]["destination"])
    assert {"magnet.NdFeB-Dy@JP", "magnet.NdFeB-Dy@US"} <= out
    assert (more.sites["price"] > 0.0).all()
    assert (more.plants["unit_cost"] >= 0.0).all()


def test_a_new_deposit_brings_its_contents(base, facts, book):
    more = with_plants(base, facts, [("mine.nolans", "AU"), ("oxide.nolans", "AU")])
    held = more.contents[more.contents["commodity"] == "mine.concentrate-nolans"].set_index("element")["content"]
    assert held.sum() == pytest.approx(1.0)
    assert held["Nd"] == pytest.approx(book.composition.baskets["nolans"]["Nd"])
    assert "mine.concentrate-nolans@AU" in more.sites.index


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ([("oxide.nolans", "AU")], r"nothing makes mine\.concentrate-nolans, which a plant in AU takes in: add a project for it"),
        ([("mine.nolans", "AU")], r"nothing takes in mine\.concentrate-nolans: add a project whose recipe separates it"),
    ],
)
def test_a_chain_with_a_gap_is_told(base, facts, wanted, words):
    with pytest.raises(DataGapError, match=words):
        with_plants(base, facts, wanted)


def test_unknown_names_are_told(base, facts):
    with pytest.raises(UnknownNameError, match=r"unknown recipe 'magnet\.NdFeb'; did you mean 'magnet\.NdFeB'"):
        with_plants(base, facts, [("magnet.NdFeb", "MY")])
    with pytest.raises(UnknownNameError, match="unknown region 'XX'"):
        with_plants(base, facts, [("magnet.NdFeB", "XX")])


def test_other_chains_have_the_recipes_of_their_plants_only(facts):
    system = build(2022, facts, "gallium-germanium")
    assert set(recipes_of(system, facts)) == {str(process).partition("@")[0] for process in system.processes.index}
