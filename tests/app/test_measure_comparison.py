"""Measures compared: the scenario as it is stands first, each kind alone, all together; what they cost is what they take."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

from ytterby.app import list_recipes, measure_comparison
from ytterby.cli import cli
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load
from ytterby.measures import measure
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork, price_statistics
from ytterby.system import build

NAME = "china-licences-2025"
KINDS = ("price_floor", "stockpile", "offtake")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("project")


@pytest.fixture(scope="module")
def found(folder):
    return measure_comparison(KINDS, NAME, draws=6, project=folder)


def rows_of(found):
    return {row.kinds: row for row in found.rows}


def test_sets_are_none_each_and_all(found):
    assert [row.kinds for row in found.rows] == [(), *((kind,) for kind in KINDS), KINDS]
    bare = found.rows[0]
    assert (bare.public_usd, bare.points_removed, bare.usd_per_point) == (0.0, 0.0, None)
    assert found.inside == ("CN",)
    assert {"oxide.Dy", "magnet.NdFeB-Dy"} <= set(found.goods)
    assert {one["kind"] for one in found.measures} == set(KINDS)


def test_who_asks_pays(found, folder):
    """The largest maker outside paid before: Viet Nam for floors of other countries' plants."""
    assert found.payer == "JP"
    assert {one["payer"] for one in found.measures if one["kind"] == "price_floor"} == {"JP"}
    assert {one["owner"] for one in found.measures if one["kind"] == "stockpile"} == {"JP"}
    other = measure_comparison(("price_floor",), NAME, draws=1, project=folder, party="US")
    assert {one["payer"] for one in other.measures} == {"US"}


def test_who_restricts_does_not_pay(folder):
    with pytest.raises(InputError, match="CN restricts"):
        measure_comparison(("price_floor",), NAME, draws=1, project=folder, party="CN")
    with pytest.raises(UnknownNameError, match="Atlantis"):
        measure_comparison(("price_floor",), NAME, draws=1, project=folder, party="Atlantis")


def test_bands_hold_their_means_in_order(found):
    for row in found.rows:
        for place in (row.outside, row.inside):
            for name in ("volatility", "peak_multiple", "weeks_above_1_5x"):
                low, high = getattr(place, f"{name}_low"), getattr(place, f"{name}_high")
                assert 0.0 <= low <= high
        assert row.public_usd_low <= row.public_usd_high


def test_stocks_steady_prices_outside_and_cost_their_filling(found):
    rows = rows_of(found)
    bare, stock = rows[()], rows["stockpile",]
    assert stock.outside.peak_multiple < bare.outside.peak_multiple
    assert stock.outside.volatility < bare.outside.volatility
    assert stock.usd_per_point == pytest.approx(stock.public_usd / stock.points_removed)
    system = build(2024, load())
    price = {(row.commodity, row.region): row.price for row in system.markets.itertuples()}
    filled = sum(one["tonnes"] * 1000 * price.get((one["on"][0], "CN"), np.nan) for one in found.measures if one["kind"] == "stockpile")
    assert stock.public_usd == pytest.approx(filled)
    assert rows["offtake",].public_usd == 0.0


def test_all_together_cost_about_what_they_cost_alone(found):
    rows = rows_of(found)
    assert rows[KINDS].public_usd >= rows["stockpile",].public_usd
    assert rows[KINDS].outside.peak_multiple < rows[()].outside.peak_multiple


def test_the_first_row_is_the_run_without_measures(folder):
    """Second road: statistics of the run's own prices."""
    found = measure_comparison(("stockpile",), NAME, draws=1, project=folder)
    network = LabelledNetwork.of(build(2024, load()))
    draw = Experiment(network, load_scenario(NAME), 0, 1).draw(0)
    numbers = price_statistics(draw.trace.price[None], network.net.price)["peak_multiple"][0]
    outside = np.isin(network.commodity, found.goods) & (network.region != "CN") & (network.net.outflow > 0.0)
    worth = (network.net.price * network.net.outflow)[outside]
    assert found.rows[0].outside.peak_multiple == pytest.approx(float(np.average(numbers[outside], weights=worth)))


def test_what_the_scenario_itself_pays_is_no_cost_of_the_measures(folder):
    scenario = load_scenario(NAME)
    floor = measure(kind="price_floor", on="oxide.NdPr", from_="US", payer="US", strike=110, start="2025-05-05")
    found = measure_comparison(("substitution",), scenario.update(measures=(*scenario.measures, floor)), draws=1, project=folder)
    assert found.rows[0].public_usd == 0.0
    assert abs(found.rows[1].public_usd) < 1e7  # of some 200 m USD that the floor pays in both


def test_a_standard_is_told_beside_prices(folder):
    found = measure_comparison(("standard",), NAME, draws=1, project=folder)
    assert len(found.standards) == len([one for one in found.measures if one["kind"] == "standard"])
    total = sum(one.revenue_usd for one in found.standards)
    assert found.rows[1].public_usd < 0.0
    assert found.rows[1].public_usd == pytest.approx(-total, rel=0.1)


def test_what_cannot_be_compared_is_told(folder):
    with pytest.raises(UnknownNameError, match="unknown kind to compare 'stockpil'; did you mean 'stockpile'"):
        measure_comparison(("stockpil",), NAME, draws=1, project=folder)
    with pytest.raises(InputError, match="'no-shock' restricts no trade"):
        measure_comparison(("stockpile",), "no-shock", draws=1, project=folder)


def test_the_table_fits_eighty_columns(folder):
    words = ["measures", "--compare", "price_floor,stockpile,standard", "--scenario", NAME, "--draws", "3", "--project", str(folder)]
    shown = CliRunner().invoke(cli, words, env={"COLUMNS": "80"}, catch_exceptions=False)
    assert shown.exit_code == 0
    for word in ("outside", "inside", "public money", "all together", "USD per point", "residue"):
        assert word in shown.output
    data = json.loads(CliRunner().invoke(cli, [*words, "--json"], catch_exceptions=False).stdout)
    assert len(data["rows"]) == 5


def test_options_that_miss_their_fellow_are_refused(folder):
    for words in (["--compare", "stockpile"], ["--scenario", NAME], ["--compare", ",", "--scenario", NAME]):
        found = CliRunner().invoke(cli, ["measures", *words, "--project", str(folder)])
        assert found.exit_code == 2


def test_recipes_are_listed(folder):
    found = list_recipes(project=folder)
    magnet = next(row for row in found.recipes if row.recipe == "magnet.NdFeB-Dy")
    assert magnet.gives["magnet.NdFeB-Dy"] == 1.0
    assert magnet.takes["metal.NdPr"] == pytest.approx(0.396)
    shown = CliRunner().invoke(cli, ["measures", "--recipes", "--project", str(folder)], catch_exceptions=False)
    assert "oxide.mount-weld-all" in shown.output
