"""Which table a region has, and that the cited coefficients come back out of the economy made of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.economy import worlds
from ytterby.economy import input_output_tables
from ytterby.economy.input_output import indirect_model
from ytterby.errors import FactError
from ytterby.facts import load

FACTS, SECTORS = load(), worlds.sectors()
TABLES = input_output_tables.economies(FACTS, SECTORS)


def suppliers() -> pd.DataFrame:
    return pd.DataFrame(list(input_output_tables._suppliers().values()))


def test_routes_are_named():
    assert {region: tables[0].route for region, tables in TABLES.items()} == {"JP": "cited-coefficients", "US": "bea-2024"}
    assert {region: len(tables) for region, tables in TABLES.items()} == {"JP": 3, "US": 1}


def test_a_region_without_a_table_gets_no_figure():
    lost = np.full((10, len(SECTORS)), 0.1)
    result = input_output_tables.indirect(lost, SECTORS, TABLES, indirect_model())
    assert result["TW"].route == "none"
    assert np.isnan(result["TW"].value_added).all()
    assert np.isfinite(result["JP"].value_added).all()


def test_single_coefficients_stay_few_and_wide():
    facts = FACTS.select(quantity=list(input_output_tables.QUANTITIES))
    ours = suppliers()
    assert len(facts) + len(ours) <= 150
    assert set(ours["kind"]) == {"derived"}
    for table in (facts, ours):
        value, low, high = (table[name].astype(float) for name in ("value", "low", "high"))
        assert (low <= 0.76 * value).all()
        assert ((high >= 1.24 * value) | (high == 1.0)).all()


@pytest.mark.parametrize("end", ["value", "low", "high"])
def test_the_cited_multiplier_comes_back(end):
    """Second road: the Leontief inverse of the small economy gives the cited multiplier where nothing binds."""
    economy = dict(zip(("value", "low", "high"), TABLES["JP"], strict=True))[end]
    inputs = economy.flows.toarray() / economy.output
    # what suppliers buy back from the using industries is not part of the cited chain
    inputs[:-1, -1] = 0.0
    inverse = np.linalg.inv(np.eye(len(inputs)) - inputs)
    rows = FACTS.select(quantity="output_multiplier", region="JP").set_index("sector")
    for i, name in enumerate(economy.industries[:-1]):
        assert inverse[:, i].sum() == pytest.approx(rows.loc[name, end], rel=1e-6), name


def test_the_small_economy_balances():
    for economy in TABLES["JP"]:
        assert (economy.edges.final >= -1e-12).all()
        assert (np.asarray(economy.flows.sum(axis=0)).ravel() + economy.value_added <= economy.output * (1 + 1e-9)).all()
        own = SECTORS[SECTORS["region"] == "JP"]["value_added"].sum()
        assert economy.value_added[:-1].sum() == pytest.approx(own)
        assert economy.value_added.sum() == pytest.approx(input_output_tables.gdp_usd(FACTS, "JP"))


def test_low_and_high_enclose_the_middle():
    lost = np.zeros((60, len(SECTORS)))
    lost[5:40] = 0.4
    for region, loss in input_output_tables.indirect(lost, SECTORS, TABLES, indirect_model()).items():
        if loss.route == input_output_tables.CITED:
            assert loss.low.sum() < 0.75 * loss.value_added.sum(), region
            assert loss.high.sum() > 1.25 * loss.value_added.sum(), region


def test_shock_of_an_industry_is_the_mean_of_its_sectors():
    lost = np.zeros((1, len(SECTORS)))
    names = list(SECTORS.index)
    lost[0, names.index("cars_combustion@JP")] = 0.5
    economy = TABLES["JP"][0]
    shock = input_output_tables.shocks(lost, SECTORS, economy)[0]
    added = SECTORS["value_added"]
    transport = added[["cars_combustion@JP", "cars_battery@JP", "ships@JP"]].sum()
    assert shock[economy.industries.index("transport_equipment")] == pytest.approx(0.5 * added["cars_combustion@JP"] / transport)
    assert shock[economy.industries.index("machinery")] == 0.0
    assert input_output_tables.shocks(np.ones((1, len(SECTORS))), SECTORS, economy).max() == 1.0


def test_sectors_larger_than_their_industry_do_not_close_more_than_they_lose():
    swollen = SECTORS.assign(value_added=SECTORS["value_added"] * 50)
    lost = np.full((1, len(SECTORS)), 0.5)
    economy = TABLES["US"][0]
    assert input_output_tables.shocks(lost, swollen, economy).max() == pytest.approx(0.5)


def test_the_users_table_wins():
    frame = FACTS.io_us()
    tables = input_output_tables.economies(FACTS, SECTORS, imported={"JP": frame})
    assert [economy.route for economy in tables["JP"]] == ["imported"]


def test_a_table_without_output_is_refused_in_one_line():
    frame = FACTS.io_us()
    with pytest.raises(FactError, match="input-output table of KR: no rows for output"):
        input_output_tables.economy_from_frame(frame[frame["table"] != "output"], "KR", "imported", input_output_tables.bridge("us"))


def test_gdp_of_groups_is_the_sum_of_members():
    assert input_output_tables.gdp_usd(FACTS, "EU") == pytest.approx(
        sum(input_output_tables.gdp_usd(FACTS, code) for code in ("DE", "FR", "EE", "EUX"))
    )
    assert 3.5e12 < input_output_tables.gdp_usd(FACTS, "JP") < 5e12


@pytest.mark.shared
def test_the_script_makes_the_shipped_coefficients(shared, monkeypatch):
    path = Path(__file__).parents[2] / "scripts" / "build_supplier_coefficients.py"
    monkeypatch.syspath_prepend(path.parent)
    spec = importlib.util.spec_from_file_location("build_supplier_coefficients", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.rows(shared) == list(input_output_tables._suppliers().values())
