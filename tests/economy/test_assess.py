"""From arrays to tables: the whole room on a small System."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from tests.economy import worlds
from ytterby.economy import recipes
from ytterby.economy.assess import Hand, Summary, assess
from ytterby.economy.routes import economies
from ytterby.facts.load import load

DRAWS, WEEKS = 12, 60
SYSTEM = worlds.system()
TABLES = economies(load(), SYSTEM.sectors)


def hand(level: float = 0.2, draws: int = DRAWS) -> Hand:
    arrival = np.ones((draws, WEEKS, len(SYSTEM.markets)))
    japan = [i for i, name in enumerate(SYSTEM.markets.index) if name.endswith("@JP")]
    for draw in range(draws):
        arrival[draw, 4 : 20 + draw, japan] = level
    arrival[:, 40:] = 1.1
    return Hand(np.ones((draws, WEEKS, len(SYSTEM.demands))), arrival, SYSTEM.markets["cover"].to_numpy(float))


def block(first: int, stop: int) -> Summary:
    whole = hand()
    part = Hand(whole.served[first:stop], whole.arrival_ratio[first:stop], whole.cover0)
    return assess(part, SYSTEM, TABLES, quantiles=recipes.quantiles(DRAWS, 7, first=first, stop=stop), onset=4).summary()


@pytest.fixture(scope="module")
def summary() -> Summary:
    return block(0, DRAWS)


def test_blocks_of_draws_join_to_the_whole(summary):
    joined = Summary.join([block(0, 5), block(5, 6), block(6, DRAWS)])
    start = dt.date(2025, 4, 7)
    pd.testing.assert_frame_equal(joined.first_stops(start), summary.first_stops(start))
    pd.testing.assert_frame_equal(joined.losses(), summary.losses())
    pd.testing.assert_frame_equal(joined.regions({"JP": 4e12}), summary.regions({"JP": 4e12}))


def test_first_stops_table(summary):
    start = dt.date(2025, 4, 7)
    rows = summary.first_stops(start)
    assert {"sector", "country", "date", "date_low", "date_high"} <= set(rows.columns)
    assert set(rows["country"]) == {"JP"}
    assert (rows["date_low"] <= rows["date"]).all()
    assert all(date.weekday() == 0 and date >= start + dt.timedelta(weeks=4) for date in rows["date"])
    assert list(rows["date"]) == sorted(rows["date"])
    assert rows["probability"].between(0, 1).all()
    assert rows.set_index("sector").loc["glass", "input"] == "oxide.Ce"


def test_never_is_none_and_the_probability_says_so():
    mixed = hand()
    mixed.arrival_ratio[:9] = 1.0
    rows = assess(mixed, SYSTEM, TABLES).summary().first_stops(dt.date(2025, 4, 7))
    cars = rows[rows["sector"] == "cars_combustion"].iloc[0]
    assert cars["date"] is None
    assert cars["probability"] == pytest.approx(3 / DRAWS)


def test_regions_table(summary):
    rows = summary.regions({"JP": 4.2e12}).set_index("country")
    japan, states, taiwan = rows.loc["JP"], rows.loc["US"], rows.loc["TW"]
    assert japan["route"] == "cited-coefficients"
    assert japan["low"] < japan["value_added_usd"] < japan["high"]
    assert japan["net_usd"] <= japan["value_added_usd"]
    assert japan["indirect_usd"] > 0
    assert japan["percent_of_gdp"] == pytest.approx(100 * japan["value_added_usd"] / 4.2e12)
    assert states["value_added_usd"] == 0.0
    assert taiwan["route"] == "none"
    assert np.isnan(taiwan["indirect_usd"])


def test_the_net_total_keeps_the_same_share_of_the_indirect_loss():
    short = hand(draws=1)
    short.arrival_ratio[:] = 1.0
    short.served[:, 5:9] = 0.0
    japan = assess(short, SYSTEM, TABLES).summary().regions().set_index("country").loc["JP"]
    kept = japan["direct_net_usd"] / japan["direct_usd"]
    assert 0.2 < kept < 0.6
    assert japan["net_usd"] == pytest.approx(kept * japan["value_added_usd"])


def test_no_shortage_leaves_empty_tables():
    calm = assess(hand(1.0), SYSTEM, TABLES).summary()
    assert calm.first_stops(dt.date(2025, 4, 7)).empty
    assert calm.losses().empty
    assert (calm.regions()["value_added_usd"] == 0).all()


def test_points_instead_of_ranges_collapse_the_band(monkeypatch):
    """With every range closed to its value, drawing changes nothing."""
    real = recipes.read

    def closed(name):
        recipe = real(name)
        return dataclasses.replace(recipe, rows=tuple(dataclasses.replace(row, low=row.value, high=row.value) for row in recipe.rows))

    monkeypatch.setattr(recipes, "read", closed)
    system = worlds.system(spread=0.0)
    same = hand()
    same.arrival_ratio[:] = same.arrival_ratio[0]
    found = assess(same, system, TABLES, quantiles=recipes.quantiles(DRAWS, 7), onset=4).summary()
    rows = found.losses()
    np.testing.assert_allclose(rows["low"], rows["high"])
    dates = found.first_stops(dt.date(2025, 4, 7))
    assert (dates["date_low"] == dates["date_high"]).all()
