"""The known traps of the data: each is met once here, in the figures as shipped."""

from __future__ import annotations

import datetime as dt

import pytest

from ytterby.facts.load import load

FACTS = load()
TABLE = FACTS.table


def test_gross_weight_is_not_oxide():
    trade = TABLE[TABLE["scope"].str.contains("HS2846 gross|stage: feed_trade") & TABLE["source"].str.contains("Comtrade")]
    assert len(trade) > 5
    assert set(trade["unit"]) == {"t gross"}


def test_oxide_is_not_metal():
    metal = TABLE[(TABLE["quantity"] == "metal_production")]
    assert not metal["unit"].str.contains("oxide|REO").any()
    oxide = TABLE[(TABLE["quantity"] == "separation_production")]
    assert not oxide["unit"].isin(["t metal", "t alloy"]).any()


def test_hs_850511_is_all_magnets_of_metal():
    rows = FACTS.select(commodity="magnet.all")
    magnets = rows[rows["scope"].str.contains("850511")]
    assert len(magnets) > 5
    assert magnets["scope"].str.contains("ferrite").all()


def test_baci_leaves_weights_empty_and_never_nil():
    for trade in (FACTS.trade(), FACTS.minerals_trade()):
        assert (trade["value_kusd"] > 0).all()
        assert not (trade["quantity_t"] <= 0).any()
    rare = FACTS.trade()
    early = rare[(rare["year"] < 2000) & rare["hs"].isin(["284610", "284690"])]
    assert early["quantity_t"].isna().all()
    assert rare["quantity_t"].isna().sum() >= 7569


def test_baci_is_in_thousand_dollars():
    trade = FACTS.trade()
    flow = trade[(trade["hs"] == "284690") & (trade["exporter"] == "CN") & (trade["importer"] == "JP")].groupby("year")["value_kusd"].sum()
    assert flow[2010] == pytest.approx(279_000, rel=0.01)
    assert flow[2011] == pytest.approx(1_079_000, rel=0.01)


def test_taiwan_is_other_asia_and_every_area_has_a_code():
    trade = FACTS.trade()
    codes = set(trade["exporter"]) | set(trade["importer"])
    assert "TW" in codes
    assert all(len(code) == 2 and code.isupper() for code in codes)
    assert "NA" in codes


def test_every_usgs_figure_has_its_edition():
    usgs = TABLE[TABLE["origin"].isin(["usgs", "minerals", "usgs_history"])]
    assert len(usgs) > 1000
    assert (usgs["edition"] != "").all()


def test_editions_revise_the_same_year():
    australia = TABLE[
        TABLE["edition"].ne("") & TABLE["quantity"].eq("mine_production") & TABLE["region"].eq("AU") & TABLE["period"].eq("2024")
    ]
    by_edition = {row["edition"]: row["value"] for _, row in australia.iterrows() if row["origin"] == "usgs"}
    assert by_edition == {"MCS 2025": 13_000, "MCS 2026": 29_000}


def test_chinese_quota_of_2010_to_2013_is_no_output():
    china = TABLE[TABLE["origin"].eq("usgs_history") & TABLE["region"].eq("CN") & TABLE["period"].between("2010", "2013")]
    production = china[china["commodity"] == "mine.concentrate"]
    assert len(production) == 4
    assert set(production["quantity"]) == {"quota"}


def test_list_prices_before_2009_are_no_market_prices():
    history = TABLE[(TABLE["origin"] == "usgs_history") & (TABLE["period"] < "2009")]
    assert not history["quantity"].eq("price").any()
    assert history["quantity"].eq("list_price").sum() > 100
    neodymium = FACTS.select(quantity="list_price", element="Nd", origin="usgs_history")
    assert neodymium.set_index("period").loc["2000":"2005", "value"].nunique() == 1


def test_prices_inside_china_hold_tax_and_border_prices_do_not():
    prices = FACTS.select(quantity="price")
    inside = prices[prices["scope"].str.contains("inside China|ex-works China")]
    assert len(inside) > 50
    assert inside["note"].str.contains("with Chinese VAT").all()
    fob = prices[prices["scope"].str.contains("FOB China") & ~prices.index.isin(inside.index)]
    assert not fob["note"].str.contains("with Chinese VAT").any()


def test_governance_names_its_vintage():
    governance = FACTS.governance()
    china = governance[governance["country"] == "CN"].set_index("year")
    assert china.loc[2022, "vintage"] != china.loc[2023, "vintage"]
    assert abs(china.loc[2023, "estimate"] - china.loc[2022, "estimate"]) > 0.2


def test_risk_is_a_linear_image_of_the_estimate():
    governance = FACTS.governance()
    assert not governance.duplicated(["country", "year"]).any()
    assert ((0.5 - governance["estimate"] / 5).clip(0, 1) - governance["risk"]).abs().max() < 2e-4


def test_swarf_is_never_counted_twice():
    gross, scrap, finished = (
        FACTS.select(quantity=name, region="CN") for name in ("balance_magnet_use", "balance_scrap_oxide", "balance_magnet_finished")
    )
    rough = FACTS.select(quantity="balance_magnet_rough", region="CN")
    assert finished["value"].iloc[0] / rough["value"].iloc[0] == pytest.approx(0.715, abs=0.01)
    assert scrap["value"].sum() < gross["value"].sum()


def test_balance_closes_in_every_group_and_element():
    lines = {
        "balance_mined": 1,
        "balance_feed_export": -1,
        "balance_feed_import": 1,
        "balance_feed_stock": -1,
        "balance_loss": -1,
        "balance_primary_oxide": -1,
    }
    second = {
        "balance_primary_oxide": 1,
        "balance_scrap_oxide": 1,
        "balance_net_trade": 1,
        "balance_magnet_use": -1,
        "balance_other_use": -1,
        "balance_residual": -1,
    }
    rows = FACTS.select(origin="balance").set_index(["quantity", "region", "element"])["value"]
    for signs in (lines, second):
        total = sum(sign * rows[name] for name, sign in signs.items())
        assert total.abs().max() <= 0.5


def test_clays_recover_each_element_differently():
    recovery = TABLE[TABLE["origin"].eq("technical") & TABLE["scope"].str.contains("Makuutu")]
    assert recovery["value"].nunique() == len(recovery) >= 3


def test_shares_of_countries_are_held_out():
    held = FACTS.held_out()
    assert {f"CAP0{n}" for n in range(261, 277)} <= held
    assert set(TABLE.loc[list(held), "quantity"]) <= {"market_share", "import_share", "forecast"}


def test_outcomes_after_april_2025_are_marked_and_forbidden():
    outcomes = FACTS.outcome_after()
    assert {"PRI0134", "PRI0138"} <= outcomes
    marked = frozenset(TABLE.index[TABLE["scope"].str.contains("outcome: not for calibration")])
    assert marked == outcomes
    assert not outcomes & frozenset(FACTS.episode().index)
    assert FACTS.outcome_after(dt.date(2030, 1, 1)) < outcomes


def test_rest_of_the_balance_is_not_the_region_row():
    assert "ROW" not in set(FACTS.select(origin="balance")["region"]) | set(FACTS.select(origin="balance")["partner"])
    assert "REST" in set(FACTS.select(origin="balance")["region"])


@pytest.mark.shared
def test_governance_agrees_with_the_source_but_for_guyana(shared):
    import pandas as pd

    raw = pd.read_csv(shared / "data" / "raw" / "wgi_political_stability_geopolrisk" / "wgi_political_stability_1996_2024.csv")
    codes = FACTS.countries().set_index("iso3")["iso2"]
    raw = raw.assign(country=raw["iso3"].map(codes)).dropna(subset=["country"]).set_index(["country", "year"])
    ours = FACTS.governance().set_index(["country", "year"])
    assert set(raw.index) - set(ours.index) <= {("GY", 2022)}
    same = raw[~raw.index.duplicated(keep=False)]
    assert (ours.loc[same.index, "risk"] - same["normalized"]).abs().max() < 1e-4
