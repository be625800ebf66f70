"""Base prices: every active process pays, the export value is met, users bear more than they pay."""

from __future__ import annotations

import pytest

from ytterby.facts import split_market


def test_every_active_process_has_a_margin(system):
    price = system.markets["price"]
    worth = (system.recipes["coefficient"] * system.recipes["market"].map(price)).groupby(system.recipes["process"]).sum()
    margin = worth - system.processes["unit_cost"]
    assert (margin >= -1e-9).all(), margin[margin < 0]


def test_prices_are_positive(system):
    assert (system.markets["price"] > 0).all()


def test_magnets_meet_the_customs_value(base, facts):
    links = base.links[base.links["origin"].isin(["magnet.NdFeB@CN", "magnet.NdFeB-Dy@CN"])]
    mean = (links["flow"] * links["origin"].map(base.markets["price"])).sum() / links["flow"].sum()
    assert mean == pytest.approx(facts.value("PRI0188"), rel=1e-9)
    assert base.markets.at["magnet.NdFeB-Dy@CN", "price"] > base.markets.at["magnet.NdFeB@CN", "price"]


def test_cobalt_makes_smco_the_dearest_magnet(base, facts):
    """Without the cost of its cobalt (TEC001) a magnet of samarium, the cheapest of the magnet metals, would stand below NdFeB."""
    price, cobalt = base.markets["price"], facts.row("TEC001")
    assert price["magnet.SmCo@CN"] > price["magnet.NdFeB-Dy@CN"] > price["magnet.SmCo@CN"] - cobalt["value"]
    assert cobalt["low"] < cobalt["value"] < cobalt["high"]


def test_importers_pay_transport(base):
    for element in ("Dy", "Y", "La"):
        assert base.markets.at[f"oxide.{element}@JP", "price"] > base.markets.at[f"oxide.{element}@CN", "price"]


def test_users_bear_more_than_the_base_price(system):
    price = system.demands["market"].map(system.markets["price"])
    assert (system.demands["choke"] > 1.5 * price).all()


def test_a_car_maker_bears_orders_of_magnitude(base):
    cars = base.demands[base.demands["sector"].str.startswith("cars_") & base.demands["commodity"].str.startswith("oxide.")]
    ratio = cars["choke"] / cars["market"].map(base.markets["price"])
    assert ratio[cars["commodity"].isin(["oxide.Ce", "oxide.La"])].min() > 100


def test_long_elasticity_is_not_below_the_short_one(system):
    assert (system.demands["elasticity_long"] >= system.demands["elasticity_short"]).all()


def test_heavy_feed_is_worth_more_than_light_feed(base):
    price = {split_market(market)[0]: value for market, value in base.markets["price"].items() if market.endswith("@CN")}
    assert price["mine.concentrate-clay-cn"] > 2 * price["mine.concentrate-bayan-obo"]
