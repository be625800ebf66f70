"""No plant among the candidates gives more of an element than its feed holds, by the basket of its deposit.

The second road: baskets are read from the facts themselves, recoveries from their table, and not from recipes.
"""

from __future__ import annotations

import re

import pytest

from ytterby import tables
from ytterby.facts import candidate, candidates
from ytterby.system import candidate_cells, recipes_of
from ytterby.system.recipe_chains import activities_per_tonne

HEAVIES = ("Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Y")
PLANTS = [row for row in candidates() if row.kind in ("project", "exploration") and row.stage in ("oxide", "metal")]
MINED = [row for row in PLANTS if any(name.startswith("oxide.") and not name.startswith("oxide.recycle") for name in row.recipes)]
OWN_ORE = {"kuantan-heavy": ("mt_weld_cld", "CAP0279"), "mountain-pass-heavy": ("mountain_pass_mp", "CAP0173")}
"""Circuits for the heavies of an ore whose light oxides are separated elsewhere: deposit, and NdPr of the ore at full use."""
LIGHT = ("any-separation-mount-weld", "any-separation-mountain-pass", "any-separation-longonjo", "any-separation-ngualla")
"""Plants on carbonatites: they separate no heavies, which is a measure of its own where the ore is worth it."""
ROUNDING = 1.0 + 1e-6


@pytest.fixture(scope="module")
def recipes(base, facts):
    return recipes_of(base, facts)


@pytest.fixture(scope="module")
def baskets(facts):
    """Share of each element in the oxides of a deposit, NdPr together [1]."""
    rows = facts.table[facts.table["quantity"] == "basket_share"]
    found: dict[str, dict[str, float]] = {}
    for row in rows.itertuples():
        deposit = re.match(r"deposit: ([^;]+)", str(row.scope))
        if deposit:
            element = "NdPr" if row.element in ("Nd", "Pr") else str(row.element)
            own = found.setdefault(deposit[1], {})
            own[element] = own.get(element, 0.0) + float(row.value) / 100.0
    return found


def deposit_of(feed):
    """Deposit of a feed, from the tables of recipes and of feeds."""
    for table in ("system/bases/common/recipes", "system/bases/common/feeds"):
        for row in tables.rows("ytterby", table):
            if row["feed"] == feed and row["deposit"]:
                return row["deposit"]
    raise AssertionError(feed)


def feed_of(row, recipes, cells):
    """Feed and tonnes of it for a tonne of the first good, own or bought."""
    bought = {name: -size for name, size in cells.items() if name.startswith("mine.concentrate-") and size < 0.0}
    if bought:
        [(name, size)] = bought.items()
        return name.removeprefix("mine.concentrate-"), size
    mine = row.recipes[0]
    return mine.removeprefix("mine."), activities_per_tonne(recipes, row.recipes, row.goods[0])[mine]


@pytest.mark.parametrize("row", MINED, ids=lambda row: row.id)
def test_output_by_element_is_at_most_feed_times_basket_times_recovery(row, recipes, baskets):
    cells = candidate_cells(row, recipes)
    feed, tonnes = feed_of(row, recipes, cells)
    basket = baskets[deposit_of(feed)]
    best = max(float(each["high"]) for each in tables.rows("ytterby", "system/bases/common/recovery"))
    assert best <= 1.0
    made = {name.removeprefix("oxide."): size for name, size in cells.items() if name.startswith("oxide.") and size > 0.0}
    assert made or row.stage == "metal"
    whole = sum(basket.values())
    for element, size in made.items():
        assert size <= tonnes * basket[element] / whole * best * ROUNDING, element


@pytest.mark.parametrize("name", OWN_ORE)
def test_a_heavy_circuit_takes_no_more_than_its_ore_gives(name, recipes, baskets, facts):
    row, (deposit, nameplate) = candidate(name), OWN_ORE[name]
    basket = baskets[deposit]
    rates = {each["element"]: each for each in tables.rows("ytterby", "system/bases/common/recovery") if each["recovery_class"] == "rock"}
    ore = facts.value(nameplate) / (basket["NdPr"] * float(rates["NdPr"]["low"]))
    taken = facts.value("C038") if name == "kuantan-heavy" else 0.0
    cells = candidate_cells(row, recipes)
    share = {element: cells.get(f"oxide.{element}", 0.0) / sum(cells.values()) for element in HEAVIES}
    for element in HEAVIES:
        most = ore * basket.get(element, 0.0) * float(rates[element]["high"])
        assert row.capacity.high * cells.get(f"oxide.{element}", 0.0) + taken * share[element] <= most * ROUNDING, element


@pytest.mark.parametrize("name", LIGHT)
def test_a_plant_on_a_carbonatite_separates_no_heavies(name, recipes):
    made = {good for good, size in candidate_cells(candidate(name), recipes).items() if size > 0.0}
    assert made == {"oxide.La", "oxide.Ce", "oxide.NdPr"}


def test_every_plant_with_bought_feed_takes_it_in(recipes):
    """So the balance of a plan binds it to what its mine or seller gives: only mines, circuits on own ore and old goods take none."""
    for row in PLANTS:
        if row.id in (*OWN_ORE, "round-top") or any(name.startswith("mine.") for name in row.recipes):
            continue
        cells = candidate_cells(row, recipes)
        assert any(size < 0.0 for size in cells.values()), row.id


def test_round_top_is_a_mine_whose_oxides_are_those_it_names(facts):
    made = candidate("round-top")
    assert made.capacity.value * sum(made.basket.values()) <= facts.value("CAP0288") * 0.72  # ORE0648: share of the heavies and yttrium
