"""Seven errors that were put into the code on purpose and that no test saw: each of these tests fails with one of them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tests.evidence.helpers import read_text
from ytterby.facts.importers.user_folder import import_folder
from ytterby.facts.load import load
from ytterby.measures.quota import Quota
from ytterby.simulation.results import QUANTILES, quantiles_of
from ytterby.system import build, compile_network
from ytterby.validation.monthly_trade import TradeRoute
from ytterby.validation.nowcast import bands

HEAD = "MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value\n"


def test_kilograms_of_the_usgs_are_thousandths_of_tonnes(tmp_path):
    """Gallium is published in kilograms: 750,000 kg are 750 t, as against 750,000,000 or 750,000."""
    (tmp_path / "a.csv").write_text(
        HEAD + "GALLIUM,World Production,Gallium,China,Production,Primary production,kilograms,2021,750000\n", "utf-8"
    )
    import_folder(tmp_path / "a.csv", tmp_path / "p")
    rows = load(tmp_path / "p").table.query("element == 'Ga' and period == '2021' and origin == 'user'")
    assert rows[["value", "unit"]].drop_duplicates().to_numpy().tolist() == [[750.0, "t"]]


def test_the_newest_import_wins_whatever_its_name(tmp_path):
    row = "quantity,element,commodity,region,period,value,unit,source\nmine_production,TREO,mine.concentrate,AU,2024,{},t REO,me\n"
    for name, value in (("z.csv", 31000), ("a.csv", 32000), ("m.csv", 33000)):
        (tmp_path / name).write_text(row.format(value), "utf-8")
        import_folder(tmp_path / name, tmp_path / "p")
        assert load(tmp_path / "p").value("CAP0055") == value


@pytest.mark.parametrize(("words", "tonnes"), [("12 kt", 12_000), ("12 tonnes", 12), ("1.5 kt", 1_500)])
def test_kilotonnes_in_articles_are_thousands_of_tonnes(words, tonnes):
    _, claims = read_text(f"China set an export quota of {words} of rare earths for 2025, the ministry in Beijing said on Monday.")
    amounts = [claim.quantity for claim in claims if claim.quantity]
    assert [(amount["value"], amount["unit"]) for amount in amounts][:1] == [(pytest.approx(tonnes), "t")]


def test_nowcast_tells_before_from_after():
    """Ten draws of 1 to 10 t a week, all weight on the last two: before is in the middle, after is at the top."""
    mondays = np.arange("2025-01-06", "2025-04-07", 7, dtype="datetime64[D]")
    series = np.repeat(np.arange(1.0, 11.0)[:, None, None], len(mondays), axis=2)
    weight = np.where(np.arange(10) < 8, 0.0, 0.5)
    (row,) = bands(series, mondays, [TradeRoute("oxide.*", "CN", "JP")], weight, ["2025-02"])
    assert row.prior.low < 3 * 4 < row.prior.median < 7 * 4 < row.prior.high
    assert row.now.low > 8 * 4
    assert row.shrink > 0.5


def test_a_year_has_as_many_weeks_in_the_compiled_network_as_in_the_calendar():
    """Second road: weekly sums of the compiled network against yearly sums of the tables, by days."""
    system = build(2024)
    network, _ = compile_network(system)
    assert network.activity.sum() * 365.25 / 7 == pytest.approx(system.processes["activity"].sum(), rel=1e-9)
    assert network.flow.sum() * 365.25 / 7 == pytest.approx(system.links["flow"].sum(), rel=1e-9)


@pytest.mark.parametrize(("day", "first"), [(6, 0), (9, 0), (10, 1), (12, 1)])
def test_a_quota_owns_a_week_of_which_it_holds_most(day, first):
    """From Thursday on (day 9) it holds four of seven days, from Friday on three."""
    weeks = np.arange("2025-01-06", "2025-03-03", 7, dtype="datetime64[D]")
    quota = Quota.model_validate(
        {"kind": "quota", "on": "oxide.Dy", "from": "CN", "start": dt.date(2025, 1, day), "tonnes": 10, "period": "year"}
    )
    (rule,) = quota.effects(weeks, {})
    assert rule.spans[0].first == first


@pytest.mark.parametrize("missing", [0, 1, 3, 5])
def test_missing_draws_are_left_out_of_quantiles(missing):
    """Second road: quantiles of the draws that are there, as NumPy has them; with more than half missing there is none."""
    chance = np.random.default_rng(3)
    values = chance.normal(size=(11, 4, 2)).astype(np.float32)
    values[:missing] = np.nan
    found = quantiles_of(values)
    wanted = np.quantile(values[missing:], QUANTILES, axis=0)
    assert np.allclose(found[:-1], wanted, atol=1e-5)
    assert np.allclose(found[-1], values[missing:].mean(axis=0), atol=1e-5)
    values[:6] = np.nan
    assert np.isnan(quantiles_of(values)).all()
