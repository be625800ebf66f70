"""Candidate measures on the base system: recipes and goods are known, every commodity has a measure, shares are divided once."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd
import pytest

from ytterby.errors import DataGapError
from ytterby.facts import ANY_PARTY, WORLD, candidate, candidates, expand_regions, select_candidates, vocabulary
from ytterby.system import activities_per_tonne, candidate_cells, entitlements, footprint_table, recipes_of, with_plants

ROOT = Path(__file__).parents[2]
ROWS = candidates()
PARTIES = ("JP", "US", "EU", "KR", "AU", "IN", "GB", "CA")
FAR = "out of line"
"""Words of the note of a plant whose capital cost is more than ten times, or less than a tenth of, that of its stage."""
per_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


@pytest.fixture(scope="module")
def recipes(base, facts):
    return recipes_of(base, facts)


def test_recipes_exist_and_make_the_first_good(recipes):
    for row in ROWS:
        assert set(row.recipes) <= set(recipes), row.id
        if row.kind in ("project", "exploration") and row.recipes:
            assert row.goods[0] in recipes[row.recipes[-1]].goods, row.id


def test_recipes_that_stand_together_pass_on_what_they_make(recipes):
    for row in ROWS:
        for first, second in zip(row.recipes, row.recipes[1:], strict=False):
            assert {name for name in recipes[first].goods if recipes[second].cells.get(name, 0.0) < 0.0}, row.id


def test_a_chain_passes_on_what_it_makes_and_keeps_all_else(recipes):
    """By hand: concentrate cancels, oxides come per tonne of NdPr, and metal takes its oxide from what is separated."""
    whole, oxide = candidate_cells(candidate("nolans"), recipes), recipes["oxide.nolans"].cells
    assert whole["oxide.NdPr"] == pytest.approx(1.0)
    assert not any(name.startswith("mine.") for name in whole)
    assert whole["oxide.Dy"] == pytest.approx(oxide["oxide.Dy"] / oxide["oxide.NdPr"])
    both = candidate_cells(candidate("saskatoon"), recipes)
    feed = -recipes["metal.NdPr"].cells["oxide.NdPr"] / recipes["oxide.monazite-afr"].cells["oxide.NdPr"]
    assert "oxide.NdPr" not in both
    assert both["mine.concentrate-monazite-afr"] == pytest.approx(-feed)
    assert both["oxide.La"] == pytest.approx(feed * recipes["oxide.monazite-afr"].cells["oxide.La"])
    assert not any(name.startswith("scrap.") for name in candidate_cells(candidate("texas-hypromag"), recipes))
    assert candidate_cells(candidate("stock-oxide.Dy"), recipes) == {}
    with pytest.raises(DataGapError, match="oxide.nolans makes nothing that magnet.SmCo takes in"):
        activities_per_tonne(recipes, ("oxide.nolans", "magnet.SmCo"), "magnet.SmCo")


@per_row
def test_a_plant_makes_no_more_oxide_than_it_takes_in(row, recipes):
    cells = candidate_cells(row, recipes)
    made = sum(size for name, size in cells.items() if size > 0.0 and name.startswith("oxide."))
    feed = -sum(size for name, size in cells.items() if size < 0.0 and name.startswith("mine."))
    assert feed == 0.0 or made < feed
    assert row.kind not in ("project", "exploration") or cells[row.goods[0]] == pytest.approx(1.0)


def test_goods_and_baskets_are_commodities_of_the_base_or_of_a_recipe(base, recipes):
    known = {*base.all_markets["commodity"], *(name for recipe in recipes.values() for name in recipe.cells)}
    for row in ROWS:
        assert {*row.goods, *row.basket, *row.collects} <= known, row.id


def test_every_plant_makes_what_its_row_says_and_no_more(recipes):
    for row in ROWS:
        if row.kind == "project" and row.recipes:
            made = {name for recipe in row.recipes for name in recipes[recipe].goods}
            passed = {name for recipe in row.recipes for name, size in recipes[recipe].cells.items() if size < 0.0}
            assert set(row.goods) == made - passed, row.id


def test_a_concentrate_that_a_mine_may_add_is_taken_in_by_another_candidate_or_by_the_base(base, recipes):
    taken = {name for recipe in recipes.values() for name, size in recipe.cells.items() if size < 0.0}
    offered = {name for row in ROWS if row.kind == "project" for name in row.recipes}
    offered |= {process.partition("@")[0] for process in base.processes.index}
    for row in ROWS:
        if row.kind == "project" and row.goods[0].startswith("mine."):
            assert row.goods[0] in taken
            feed = row.goods[0].removeprefix("mine.concentrate-")
            assert {f"oxide.{feed}", f"oxide.{feed}-all"} & offered, row.id


@pytest.mark.parametrize("party", PARTIES)
def test_every_commodity_of_final_use_has_a_measure(base, party):
    inside = expand_regions(party)
    touched = set(base.demands[base.demands["region"].isin(inside)]["commodity"])
    open_to = select_candidates(ROWS, party=party)
    shares = {row.id: sum(entitlements(row, base, party).get(region, 0.0) for region in inside) for row in open_to}
    covered = {good for row in open_to if shares[row.id] > 0.0 for good in row.goods}
    assert touched - covered == set()
    stocked = {row.goods[0] for row in open_to if row.kind == "stockpile"}
    assert set(base.demands["commodity"]) - stocked == set()


def test_a_stock_costs_what_the_base_says_and_is_limited_by_use(base):
    for row in ROWS:
        if row.kind == "stockpile":
            prices = base.markets[base.markets["commodity"] == row.goods[0]]["price"]
            assert prices.min() * 1e3 * (1 - 1e-5) <= row.figures["capex"].value <= prices.max() * 1e3 * (1 + 1e-5)
            assert row.figures["opex"].value == pytest.approx(0.03 * row.figures["capex"].value, rel=1e-5)
            assert 0.0 < row.figures["cover"].low < row.figures["cover"].high


@per_row
def test_shares_of_the_regions_sum_to_one(row, base):
    shares = entitlements(row, base, "JP")
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)
    assert min(shares.values()) > 0.0
    assert set(shares) <= set(vocabulary.regions())


def test_what_a_contract_gives_is_kept_and_the_rest_goes_by_use(base):
    assert entitlements(replace(candidate("kuantan-heavy"), entitled={"JP": 0.65, "AU": 0.35}), base) == {"AU": 0.35, "JP": 0.65}
    bound = replace(candidate("eneabba"), entitled={"JP": 0.4, WORLD: 0.6})
    free = entitlements(candidate("eneabba"), base)
    assert 0.0 < free["JP"] < 0.1
    assert entitlements(bound, base)["JP"] == pytest.approx(0.4 + 0.6 * free["JP"])


def test_the_share_of_a_group_is_divided_among_its_regions_only(base):
    europe = entitlements(replace(candidate("narva-2"), entitled={"EU": 1.0}), base)
    assert set(europe) <= {"DE", "FR", "EE", "EUX"}
    half = entitlements(candidate("caremag-heavy"), base)
    assert sum(share for region, share in half.items() if region != "JP") == pytest.approx(0.5)


def test_who_plans_changes_nothing_but_measures_of_any_party(base):
    free = candidate("eneabba")
    assert entitlements(free, base, "JP") == entitlements(free, base, "US") == entitlements(free, base)
    stock = candidate("stock-oxide.Dy")
    assert entitlements(stock, base) == {ANY_PARTY: 1.0}
    assert entitlements(stock, base, "JP") == {"JP": 1.0}
    assert sum(entitlements(stock, base, "EU").values()) == pytest.approx(1.0)


def test_use_is_all_that_plants_and_final_users_take(base):
    """A second road: what a region makes and buys less what it sells."""
    markets = base.markets[base.markets["commodity"] == "oxide.NdPr"]
    left = (markets["production"] + markets["imports"] - markets["exports"] - markets["residual"]).groupby(markets["region"]).sum()
    shares = entitlements(replace(candidate("eneabba"), entitled={WORLD: 1.0}), base)
    for region, share in shares.items():
        assert share == pytest.approx(left[region] / left.sum(), rel=1e-6, abs=1e-9)


def test_a_good_that_nobody_uses_is_refused(base):
    idle = replace(base, demands=base.demands.iloc[:0], recipes=base.recipes.iloc[:0])
    with pytest.raises(DataGapError, match="any-magnet-SmCo: nobody in DE, FR, EE, EUX uses any of magnet.SmCo"):
        entitlements(replace(candidate("any-magnet-SmCo"), entitled={"EU": 1.0}), idle)


def test_capital_cost_per_tonne_of_oxide_is_near_that_of_its_stage(facts, recipes):
    """Mines beside Mount Weld, separation and integrated plants beside Western plants and projects; what is far off says so."""
    near = {"mine": ("YIE0088", "YIE0098"), "oxide": ("YIE0106", "YIE0107", "YIE0096")}
    for row in ROWS:
        if row.kind not in ("project", "recycling") or row.stage not in near or row.status == "generic":
            continue
        known = [facts.value(fact) for fact in near[row.stage]]
        cost = row.figures["capex"].value / row.figures["capacity"].value / _oxides_per_tonne(row, recipes)
        assert FAR in row.note or min(known) / 10.0 <= cost <= max(known) * 10.0, (row.id, cost)


def test_footprints_are_those_of_the_processes_of_the_base(base, facts, recipes):
    """By hand: feed that the plant needs for its output, times the footprint of a tonne of feed."""
    plants = pd.DataFrame({"process": ["oxide.nolans@AU", "metal.Dy@*"]})
    table = footprint_table(replace(base, plants=plants), facts).set_index(["process", "indicator"])["value"]
    nolans, metal = candidate("nolans"), candidate("any-metal-Dy")
    feed = nolans.figures["capacity"].value / recipes["oxide.nolans"].cells["oxide.NdPr"]
    for name in ("co2e", "water", "residue"):
        assert nolans.figures[name].value == pytest.approx(feed * table["oxide.nolans@AU", name], rel=1e-5)
    assert metal.figures["co2e"].value == pytest.approx(100.0 * table["metal.Dy@*", "co2e"], rel=1e-5)
    assert candidate("ngualla").figures["co2e"].basis == "none"  # hard rock counts where it is separated


def test_by_products_are_added_back_to_a_cost_that_credits_them(base, facts, recipes):
    """Second road: the cost per kg of NdPr oxide of PRJ001, plus what else the plant makes at the prices of the base."""
    nolans, cells = candidate("nolans"), recipes["oxide.nolans"].cells
    tonnes = nolans.figures["capacity"].value
    worth = 0.0
    for name, size in cells.items():
        if size > 0.0 and name != "oxide.NdPr":
            markets = base.markets[base.markets["commodity"] == name]
            used = markets["production"] + markets["imports"] - markets["exports"]
            worth += size / cells["oxide.NdPr"] * tonnes * 1e3 * float((markets["price"] * used).sum() / used.sum())
    assert nolans.figures["opex"].value == pytest.approx(facts.value("PRJ001") * 1e3 * tonnes + worth, rel=1e-5)
    assert 0.1 < worth / nolans.figures["opex"].value < 0.5


def _oxides_per_tonne(row, recipes):
    if row.stage == "mine":
        return 1.0
    cells = row.basket or recipes[row.recipes[-1]].cells
    oxides = {name: size for name, size in cells.items() if size > 0.0 and name.startswith("oxide.")}
    return sum(oxides.values()) / oxides[row.goods[0]]


def test_the_script_makes_the_table_byte_for_byte(shared, tmp_path):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "scripts")])}
    script = ROOT / "scripts" / "build_candidates.py"
    subprocess.run([sys.executable, script, "--out", tmp_path], check=True, capture_output=True, env=environment)
    with as_file(files("ytterby.facts") / "data" / "tables") as folder:
        for name in ("candidates.csv", "candidates_left_out.csv"):
            assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_the_base_can_hold_every_plant_of_the_table_at_once(base, facts):
    """No plant lacks a market for what it makes or takes in; measures of any party stand in Japan."""
    wanted = {(recipe, row.host.replace(ANY_PARTY, "JP")) for row in ROWS for recipe in row.recipes if row.kind == "project"}
    grown = with_plants(base, facts, wanted)
    there = {*grown.processes.index, *grown.plants["process"]}
    assert {f"{recipe}@{region}" for recipe, region in wanted} <= there
    assert grown.markets.equals(base.markets)
