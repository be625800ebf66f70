"""The table of draws of a run against its summary: the same figures by a second road."""

import numpy as np
import pytest

from ytterby.app import run
from ytterby.ensembles.draw_assessment import earliest
from ytterby.scenario import load_scenario
from ytterby.simulation import LabelledNetwork
from ytterby.system import build


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    whole = load_scenario("china-licences-2025")
    draws = {key: value for key, value in whole.draws.items() if "alarm" not in key and "general" not in key}
    short = whole.update(name="short", weeks=16, measures=whole.measures[:1], draws=draws)
    return run(short, draws=10, seed=3, project=tmp_path_factory.mktemp("project"))


def test_losses_of_the_draws_give_the_headline(done):
    for place, row in done.summary.headline.items():
        column = done.draws[f"outcome.value_added_lost.{place}"]
        assert np.median(column) == pytest.approx(row.value_added_usd, rel=1e-9)
        assert np.quantile(column, 0.95) == pytest.approx(row.high, rel=1e-9)


def test_shortfalls_of_the_draws_give_the_mean_of_the_series(done):
    series = done.series[
        (done.series["measure"] == "shortfall") & (done.series["quantile"] == "mean") & (done.series["destination"] != "EU")
    ]
    assert done.draws["outcome.shortfall"].mean() == pytest.approx(series["value"].sum(), rel=1e-4)


def test_peak_multiples_of_the_draws_give_those_of_the_series(done):
    series = done.series[(done.series["measure"] == "peak_multiple") & (done.series["quantile"] == "0.5")]
    table = series.set_index(["commodity", "destination"])["value"]
    names = [name for name in done.draws if name.startswith("outcome.peak_multiple.")]
    assert len(names) > 20
    for name in names:
        commodity, _, place = name.removeprefix("outcome.peak_multiple.").rpartition(".")
        assert done.draws[name].median() == pytest.approx(table[commodity, place], rel=1e-5), name


def test_peak_prices_are_the_highest_of_the_series_beside_the_price_inside(done):
    """Second road: the tidy table's median prices, by place and week."""
    series = done.series[(done.series["measure"] == "price") & (done.series["quantile"] == "0.5")]
    paths = {key: rows.set_index("date")["value"] for key, rows in series.groupby(["commodity", "destination"])}
    network = LabelledNetwork.of(build(2024))
    base_use: dict[str, dict[str, float]] = {}
    for commodity, region, amount in zip(network.commodity, network.region, network.net.outflow, strict=True):
        base_use.setdefault(str(commodity), {})[str(region)] = float(amount)
    assert done.summary.peak_prices
    assert list(done.summary.peak_prices) == sorted(done.summary.peak_prices, key=lambda row: -row.multiple)
    for row in done.summary.peak_prices:
        assert row.inside == "CN"
        use = {region: amount for region, amount in base_use[row.commodity].items() if region != "CN"}
        outside = sum(paths[row.commodity, region] * amount for region, amount in use.items()) / sum(use.values())
        assert row.price == pytest.approx(outside.max(), rel=1e-5)
        assert str(outside.idxmax())[:10] == row.week
        assert row.price_inside == pytest.approx(paths[row.commodity, "CN"][outside.idxmax()], rel=1e-6)
        there = {place: paths[row.commodity, place][outside.idxmax()] for place in ("JP", "US", "EU") if (row.commodity, place) in paths}
        assert row.price_place == pytest.approx(max(there.values()), rel=1e-6)
        then = [paths[row.commodity, region][outside.idxmax()] for region in use]
        assert min(then) <= row.price * (1 + 1e-6)
        assert row.price <= max(then) * (1 + 1e-6)
        assert row.multiple == pytest.approx(row.price / row.base)
        assert row.price > row.price_inside, "a licence parts the prices"
    assert {row.commodity.partition(".")[0] for row in done.summary.peak_prices} <= {"oxide", "metal", "magnet"}


def test_without_a_restriction_there_are_no_peak_prices(tmp_path):
    calm = load_scenario("no-shock")
    assert run(calm.update(weeks=8), project=tmp_path).summary.peak_prices == ()


def test_first_stops_of_the_draws_give_the_earliest_of_the_summary(done):
    for place in ("JP", "US"):
        weeks = done.draws[f"outcome.first_stop.{place}"]
        rows = [row.probability for row in done.summary.first_stops if row.country == place]
        assert weeks.notna().mean() >= max(rows, default=0.0) - 1e-9
        assert not (weeks.notna().any() and not rows)


def test_inputs_of_the_draws_are_those_of_the_ensemble(done):
    inputs = [name for name in done.draws if not name.startswith("outcome.")]
    assert {row.input for row in done.summary.drivers} <= set(inputs)
    assert {name.partition(".")[0] for name in inputs} == {"behaviour", "cover", "price", "measures", "economy"}
    assert list(done.draws.index) == list(range(10))


def test_earliest_of_none_is_never():
    weeks = np.array([[np.nan, 3.0, 1.0], [np.nan, np.nan, np.nan]])
    np.testing.assert_array_equal(earliest(weeks), [1.0, np.nan])
    np.testing.assert_array_equal(earliest(weeks[:, :0]), [np.nan, np.nan])
