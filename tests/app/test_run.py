"""Runs as a whole: folder, repeatability, resume, bands."""

import importlib
import json
import multiprocessing
import os
import signal
import sys
import time

import numpy as np
import pandas as pd
import pytest

from ytterby.app.runs.run import run
from ytterby.ensembles import ranked_drivers
from ytterby.errors import InputError, StoreError
from ytterby.scenario import load_scenario
from ytterby.simulation import input_kind, results

module = importlib.import_module("ytterby.app.runs.draws")

SHORT = "china-licences-2025"


@pytest.fixture(scope="module")
def scenario():
    """A short version of a bundled scenario."""
    whole = load_scenario(SHORT)
    return whole.update(
        name="short",
        weeks=16,
        measures=whole.measures[:1],
        draws={key: value for key, value in whole.draws.items() if "alarm" not in key and "general" not in key},
    )


def test_run_folder_holds_what_others_read(tmp_path, scenario):
    done = run(scenario, project=tmp_path / "p", out=tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"run.json", "summary.json", "results.nc"}
    record = json.loads((tmp_path / "out" / "run.json").read_text())
    assert {"scenario", "seed", "versions", "base_digest", "facts", "seconds"} <= set(record)
    for key in (
        "run",
        "scenario",
        "draws",
        "seed",
        "weeks",
        "first_stops",
        "shortfall",
        "losses",
        "drivers",
        "seconds",
        "as_of",
        "warnings",
    ):
        assert key in done.summary.to_dict(), key
    assert set(done.series["measure"]) >= {
        "production",
        "flow",
        "consumption",
        "shortfall",
        "stock",
        "cover_days",
        "price",
        "price_deal",
        "price_marginal",
        "value_added_lost",
        "jobs_at_risk",
        "licence_backlog",
        "price_volatility",
        "peak_multiple",
        "weeks_above_1_5x",
    }
    assert (done.series["date"].dt.day_of_week == 0).all()
    assert set(done.series["quantile"]) == {""}


def test_results_name_the_figures_that_they_rest_on(tmp_path, scenario):
    done = run(scenario, project=tmp_path, created="2026-01-01")
    found, known = done.dataset, set(done.record["facts"])
    named = {name: {id_ for cell in found[name].to_numpy() for id_ in cell.split()} for name in ("facts", "link_facts", "sector_facts")}
    assert all(named.values())
    assert set().union(*named.values()) <= known
    market = found.stock.sel(market="oxide.Dy@JP")
    links = found.flow.where(found.link.str.endswith(">oxide.Dy@JP"), drop=True)
    assert {id_ for cell in links["link_facts"].to_numpy() for id_ in cell.split()} <= set(str(market["facts"].item()).split())
    parts = [set(str(found.stock.sel(market=f"oxide.Dy@{place}")["facts"].item()).split()) for place in ("DE", "FR")]
    assert set().union(*parts) <= set(str(found.stock.sel(market="oxide.Dy@EU")["facts"].item()).split())
    assert (found.attrs["scenario_hash"], found.attrs["system_hash"]) == (done.record["scenario_digest"], done.record["base_digest"])
    assert (found.attrs["seed"], found.attrs["created"], found.attrs["as_of"]) == ("1", "2026-01-01", done.summary.as_of)


def test_series_balance(tmp_path, scenario):
    """Stocks of the series move by what the series says came and went (a second road through the file)."""
    done = run(scenario, project=tmp_path)
    series = done.series
    market = {"commodity": "oxide.Dy", "destination": "JP"}
    rows = series[(series["commodity"] == market["commodity"])]
    table = {
        m: rows[(rows["measure"] == m) & (rows["destination"] == "JP")].set_index("date")["value"]
        for m in ("stock", "production", "consumption")
    }
    flows = rows[rows["measure"] == "flow"]
    sent = flows[flows["origin"] == "JP"].groupby("date")["value"].sum()
    change = table["stock"].diff().dropna()
    known = (table["production"] - table["consumption"]).loc[change.index]
    if len(sent):
        known = known - sent.reindex(change.index).fillna(0.0)
    arrived = change - known
    assert (arrived > -1e-3 * table["stock"].max()).all()


@pytest.mark.parametrize("where", [{"executor": "threads", "workers": 2}, {"executor": "processes", "workers": 2}])
def test_place_of_execution_changes_no_digit(tmp_path, scenario, where, monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 3)
    serial = run(scenario, draws=8, seed=5, project=tmp_path / "a")
    monkeypatch.setattr(module, "CHUNK", 2)
    other = run(scenario, draws=8, seed=5, project=tmp_path / "b", **where)
    assert serial.series.equals(other.series)
    assert serial.summary == other.summary.model_copy(update={"run": serial.summary.run, "seconds": serial.summary.seconds})


def test_seed_changes_draws(tmp_path, scenario):
    one, two = (run(scenario, draws=4, seed=seed, project=tmp_path) for seed in (1, 2))
    assert not one.series.equals(two.series)


def test_points_for_ranges_collapse_the_band(tmp_path, scenario, monkeypatch):
    """Bands come only from declared ranges: with every range a point there is no band."""
    from ytterby.economy import assumptions
    from ytterby.simulation import run as simulation_run

    monkeypatch.setattr(simulation_run, "uncertain_inputs", lambda network: {})
    monkeypatch.setattr(assumptions, "quantiles", lambda *args, **kwargs: {})
    done = run(scenario.update(draws={}), draws=4, project=tmp_path)
    series = done.series[done.series["quantile"].isin(["0.05", "0.95"])]
    wide = series.pivot_table(
        index=["measure", "commodity", "origin", "destination", "sector", "date"], columns="quantile", values="value", observed=True
    )
    assert np.allclose(wide["0.05"], wide["0.95"], rtol=1e-6)


def test_a_fan_does_not_start_with_zero_width(tmp_path, scenario):
    series = run(scenario, draws=12, project=tmp_path).series
    first = series[
        (series["date"] == series["date"].min())
        & series["measure"].isin(["price", "stock"])
        & (series["commodity"] == "oxide.Dy")
        & (series["destination"] == "JP")
    ]
    for measure, rows in first.groupby("measure"):
        values = rows.set_index("quantile")["value"]
        assert values["0.95"] > values["0.05"], measure


def _endless(project, scenario):
    module.CHUNK = 1
    run(scenario, draws=200, project=project)


@pytest.mark.slow
def test_a_killed_run_goes_on_from_where_it_was(tmp_path, scenario, monkeypatch):
    process = multiprocessing.get_context("spawn").Process(target=_endless, args=(tmp_path, scenario))
    process.start()
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(list(tmp_path.glob("chunks/*/*/checksums.json"))) < 3:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    kept = {path.parent.name: path.stat().st_mtime_ns for path in tmp_path.glob("chunks/*/*/checksums.json")}
    assert len(kept) >= 3
    assert not list(tmp_path.glob("runs/*"))
    seen = []
    monkeypatch.setattr(module, "CHUNK", 1)
    resumed = run(scenario, draws=200, project=tmp_path, progress=lambda done, total: seen.append(done))
    assert seen[0] > len(kept) - 1
    fresh = run(scenario, draws=200, project=tmp_path / "fresh")
    assert resumed.series.equals(fresh.series)


def test_quantiles_equal_numpy():
    rng = np.random.default_rng(1)
    values = rng.random((40, 5, 7)).astype(np.float32)
    ours = results.quantiles_of(values)
    assert np.allclose(ours[:5], np.quantile(values, results.QUANTILES, axis=0), atol=1e-6)
    assert np.allclose(ours[5], values.mean(axis=0), atol=1e-6)


def test_quantiles_of_columns_that_are_nil_in_every_draw():
    values = np.random.default_rng(2).normal(size=(30, 4, 6)).astype(np.float32)
    values[:, :, ::2], values[3, 0, 0] = 0.0, 1.0
    ours = results.quantiles_of(values)
    assert np.allclose(ours[:5], np.quantile(values, results.QUANTILES, axis=0), atol=1e-6)
    assert np.allclose(ours[5], values.mean(axis=0), atol=1e-6)
    assert (ours[:, 1:, ::2] == 0.0).all()
    assert ours[5, 0, 0] > 0.0


def test_quantiles_of_what_did_not_move_are_empty():
    values = np.full((10, 1, 2), np.nan, dtype=np.float32)
    values[:6, 0, 1] = 3.0
    ours = results.quantiles_of(values)
    assert np.isnan(ours[:, 0, 0]).all()
    assert (ours[:, 0, 1] == 3.0).all()


def test_a_place_that_cannot_be_written_and_a_seed_that_cannot_be_kept_are_refused_before_the_work(tmp_path, monkeypatch):
    """What would fail after hours fails at once."""
    monkeypatch.setattr(sys.modules["ytterby.app.runs.run"], "simulate_draws", lambda *_: pytest.fail("worked"))
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises((StoreError, InputError), match="nothing written|cannot be written"):
            run("no-shock", project=tmp_path / "p", out=place)
    with pytest.raises(InputError, match="seed: found"):
        run("no-shock", seed=2**70, project=tmp_path / "p")


def test_drivers_say_which_of_them_chance_would_give():
    """One input moves the outcome, two hundred do not: once in twenty runs at most a false one passes."""
    numbers = np.random.default_rng(5)
    rows = pd.DataFrame({"price.oxide": numbers.random(100)} | {f"cover.x{i}": numbers.random(100) for i in range(200)})
    found = ranked_drivers(rows, rows["price.oxide"].to_numpy() + 0.3 * numbers.random(100), load_scenario("no-shock"))
    assert [row.input for row in found if row.beyond_chance] == ["price.oxide"]
    assert sum(abs(row.rho) > 0.2 for row in found) > 3


def test_the_run_keeps_what_the_origin_of_every_input_follows_from(tmp_path, scenario):
    """What the calibration draws is derived, unless the scenario draws it itself; the summary says what the record implies."""
    own = {"behaviour.price_gain": {"dist": "uniform", "low": 0.5, "high": 0.7}}
    for draws, kind in (({}, "derived"), (own, "assumed")):
        record = (done := run(scenario.update(draws=scenario.draws | draws), draws=8, project=tmp_path)).record
        kinds = {key: input_kind(key, record["scenario"]["measures"], record["calibrated"]) for key in done.draws.columns}
        assert kinds["behaviour.price_gain"] == kind
        assert all(kinds[key] == "derived" for key in record["calibrated"])
        assert {row.input: row.kind for row in done.summary.drivers}.items() <= kinds.items()
