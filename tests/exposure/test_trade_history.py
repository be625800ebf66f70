"""Thirty years of trade: small worlds with closed answers, then the shipped figures."""

import numpy as np
import pandas as pd
import pytest

from ytterby.app import history as past
from ytterby.errors import DataGapError, UnknownNameError
from ytterby.exposure.producers import Producers, interpolated, producers
from ytterby.exposure.trade_history import history, importer_shares, traced_exports, trade_year
from ytterby.facts import load


def trade(rows, year=2010):
    frame = pd.DataFrame(rows, columns=["exporter", "importer", "quantity_t"])
    return frame.assign(year=year, value_kusd=10.0 * frame["quantity_t"].fillna(1.0))


def shares(rows, made, importer="JP", supplier="CN", miners=None):
    year = trade_year(trade(rows), made, 10.0)
    found = traced_exports(year, supplier, frozenset(miners if miners is not None else made.tonnes))
    return importer_shares(year, (importer,), supplier, found)


RELAY = [("CN", "JP", 60.0), ("CN", "FR", 50.0), ("RU", "FR", 50.0), ("FR", "JP", 40.0)]


def test_a_processor_without_mines_hands_on_the_mix_of_its_imports():
    found = shares(RELAY, Producers(2010, {"CN": 100.0, "RU": 50.0}, "test"))
    assert found["direct"] == pytest.approx(0.6)
    assert found["traced"] == pytest.approx(0.6 + 0.4 * 0.5)
    assert found["low"] == found["high"] == pytest.approx(found["traced"])


def test_own_production_dilutes_what_a_producer_hands_on():
    found = shares([("CN", "US", 50.0), ("US", "JP", 100.0)], Producers(2010, {"CN": 100.0, "US": 150.0}, "test"))
    assert found["direct"] == 0.0
    assert found["traced"] == pytest.approx(50 / 200)
    assert found["low"] == 0.0
    assert found["high"] == pytest.approx(0.5)  # imports first: 50 of the 100 exported


def test_exports_beyond_imports_are_own_at_best_and_the_suppliers_at_worst():
    found = shares([("CN", "AT", 10.0), ("AT", "JP", 100.0)], Producers(2010, {"CN": 100.0}, "test"))
    assert found["traced"] == pytest.approx(1.0)
    assert found["low"] == pytest.approx(0.1)
    assert found["high"] == pytest.approx(1.0)


def test_whoever_mined_in_any_year_may_be_a_producer_at_the_low_end():
    rows = [("CN", "VN", 100.0), ("VN", "JP", 100.0)]
    made = Producers(2010, {"CN": 100.0}, "test")
    assert shares(rows, made)["low"] == pytest.approx(1.0)
    assert shares(rows, made, miners={"CN", "VN"})["low"] == 0.0


def test_a_loop_of_re_exports_is_solved_and_one_without_origin_does_not_break():
    rows = [("CN", "FR", 50.0), ("FR", "DE", 30.0), ("DE", "FR", 10.0), ("DE", "JP", 20.0), ("AA", "BB", 1.0), ("BB", "AA", 1.0)]
    made = Producers(2010, {"CN": 100.0}, "test")
    assert shares(rows, made)["traced"] == pytest.approx(1.0)
    assert shares(rows, made, importer="AA")["traced"] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_matrix_equals_a_series_and_the_band_holds_it(seed):
    rng = np.random.default_rng(seed)
    names = ["CN", "JP", "US", "FR", "VN", "RU", "DE"]
    rows = [(a, b, float(rng.uniform(0, 100))) for a in names for b in names if a != b and rng.random() < 0.6]
    made = Producers(2010, {"CN": 500.0, "US": 30.0, "RU": 20.0}, "test")
    year = trade_year(trade(rows), made, 10.0)
    imports = year.flow.sum(axis=0)
    mix = np.divide(year.flow, imports, out=np.zeros_like(year.flow), where=imports > 0).T
    kept = np.divide(year.own, year.own + imports, out=np.zeros_like(imports), where=year.own + imports > 0)
    at, series = year.countries.index("CN"), np.zeros(len(imports))
    for _ in range(3000):
        series = (1 - kept) * (mix @ series)
        series[at] = 1.0
    found = traced_exports(year, "CN", frozenset(made.tonnes))
    assert found["traced"] == pytest.approx(series, abs=1e-9)
    for importer in (name for name in names[1:] if imports[year.countries.index(name)] > 0):
        part = importer_shares(year, (importer,), "CN", found)
        assert 0 <= part["low"] <= part["traced"] <= part["high"] <= 1 + 1e-12


def test_members_of_a_group_do_not_count_as_their_own_suppliers():
    rows = [("CN", "DE", 50.0), ("FR", "DE", 50.0), ("CN", "FR", 100.0)]
    year = trade_year(trade(rows), Producers(2010, {"CN": 1.0}, "test"), 1.0)
    found = importer_shares(year, ("DE", "FR"), "CN", traced_exports(year, "CN", frozenset({"CN"})))
    assert found["imports"] == 150.0
    assert found["direct"] == 1.0


def test_a_year_without_quantities_is_counted_by_value_and_one_without_trade_is_marked():
    by_value = trade([("CN", "JP", np.nan), ("FR", "JP", np.nan)], 1995).assign(value_kusd=[30.0, 70.0])
    table = pd.concat([by_value, trade(RELAY, 2000)])
    made = {year: Producers(year, {"CN": 10.0, "RU": 5.0}, "test") for year in (1995, 1999, 2000)}
    found = {(row.importer, row.year): row for row in history(table, made, {"JP": ("JP",), "ZZ": ("ZZ",)})}
    assert found["JP", 1995].basis == "value"
    assert found["JP", 1995].direct == pytest.approx(0.3)
    assert found["JP", 1999].note == "no trade data"
    assert found["JP", 1999].traced is None
    assert found["ZZ", 2000].note == "no imports"
    assert len(found) == 6


def test_production_comes_from_one_source_and_gaps_are_bridged_and_marked():
    facts = load()
    now = producers(facts, 2024)
    assert now.source == "MCS 2026"
    assert max(now.tonnes, key=lambda name: now.tonnes[name]) == "CN"
    assert any("quota" in note for note in producers(facts, 2012).notes)
    with pytest.raises(DataGapError, match=r"2017.*1998-2015, 2020"):
        producers(facts, 2017)
    bridged = interpolated(facts, range(2016, 2018))[2017]
    assert bridged.tonnes == {}
    low, high = producers(facts, 2015).tonnes["CN"], producers(facts, 2020).tonnes["CN"]
    assert bridged.bridged["CN"] == pytest.approx(low + (high - low) * 2 / 5)
    assert "interpolated" in " ".join(bridged.notes)


def test_japan_direct_falls_faster_than_traced():
    """Direct shares of BACI (83, 79, 64, 54 %), and the traced ones inside a band that holds the published readings."""
    at = {row.year: row for row in past(["JP"]).history}
    assert [at[year].direct for year in range(2009, 2013)] == pytest.approx([0.827, 0.785, 0.641, 0.537], abs=0.001)
    for year, low, high in ((2009, 0.90, 0.92), (2010, 0.90, 0.92), (2011, 0.78, 0.82), (2012, 0.70, 0.80)):
        assert at[year].low <= high
        assert at[year].high >= low
        assert at[year].traced > at[year].direct
    assert at[2009].direct - at[2012].direct > 2 * (at[2009].traced - at[2012].traced)
    assert list(at) == list(range(1995, 2025))


def test_unknown_supplier():
    with pytest.raises(UnknownNameError, match="supplier"):
        past(["JP"], supplier="XQ")
