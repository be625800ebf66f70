"""The Python face: xarray, pandas and altair shapes of a run, other figures and tables, what the commands do."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import ytterby as yt
from ytterby.cli import cli

ARTICLES = Path(__file__).parents[2] / "examples" / "articles"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return yt.load(2024, tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def result(world):
    return world.simulate("japan-ban-2026", draws=5, seed=3)


def test_measures_are_attributes(result):
    short = result.shortfall.sel(region="JP", quantile=0.5)
    assert set(short.dims) == {"date", "commodity"}
    assert short.attrs["units"] == "t/week"
    assert float(result.price.sel(commodity="oxide.Dy", region="JP", quantile=0.5).isel(date=0)) > 0
    assert result.flow.dims == ("quantile", "date", "commodity", "origin", "destination")
    assert result.value_added_lost.dims == ("quantile", "date", "sector", "region")


def test_the_mean_is_apart_and_that_of_the_draws(result):
    raw = result.dataset.price.sel(quantile="mean", market="oxide.Dy@JP")
    np.testing.assert_allclose(result.mean("price").sel(commodity="oxide.Dy", region="JP"), raw, rtol=1e-6)


@pytest.mark.parametrize("ending", [".nc", ".parquet"])
def test_results_are_saved_and_opened_by_others(result, tmp_path, ending):
    path = result.save(tmp_path / f"run{ending}")
    if ending == ".nc":
        with xr.open_dataset(path) as found:
            xr.testing.assert_equal(found.load(), result.to_xarray())
            assert float(found.price.sel(commodity="oxide.Dy", region="JP", quantile=0.95).max()) > 0
            assert set(found.sizes) == {"quantile", "date", "commodity", "region", "link", "sector"}
    with pytest.raises(yt.InputError):
        result.save(tmp_path / "run.doc")


def test_unknown_measure_names_the_nearest(result):
    with pytest.raises(AttributeError, match="shortfall"):
        _ = result.shortfal


def test_tables_and_pictures(result):
    assert {"sector", "country", "date"} <= set(result.first_stops.columns)
    assert {"country", "sector", "value_added_usd"} <= set(result.losses.columns)
    spec = result.plot("price", commodity="oxide.Dy", region="JP").to_dict()
    assert spec["layer"]
    assert "<table" in result._repr_html_()


def test_plot_of_nothing_is_refused(result):
    with pytest.raises(yt.DataGapError):
        result.plot("price", commodity="oxide.Dy", region="XX")


@pytest.mark.slow
def test_other_figures_make_another_base_and_another_run(world, result):
    other = world.with_facts({"CAP0059": 0.5 * world.facts.value("CAP0059")})
    assert other.system.digest != world.system.digest
    assert other.facts.user_ids == {"CAP0059"}
    assert world.facts.user_ids == frozenset(), "the first world is as it was"
    second = other.simulate("japan-ban-2026", draws=5, seed=3)
    assert second.run.record["base_digest"] == other.system.digest != result.run.record["base_digest"]
    assert second.summary.user_figures == 1
    assert not result.compare(second).same_base
    again = yt.load(2024, world.project).simulate("japan-ban-2026", draws=5, seed=3)
    assert again.run.record["base_digest"] == result.run.record["base_digest"], "nothing was written to the project"


def test_a_number_alone_keeps_the_relative_range_of_the_figure(world):
    rows = world.facts.table
    id_ = rows[(rows["value"] > 0) & (rows["low"] > 0) & (rows["high"] > rows["low"])].index[0]
    before = (world.facts.range(id_), world.facts.value(id_))
    facts = world.facts.with_values({id_: 2.0 * before[1]})
    assert facts.range(id_) == pytest.approx(tuple(2.0 * end for end in before[0]))
    assert world.facts.with_values({id_: (1.0, 0.5, 4.0)}).range(id_) == (0.5, 4.0)
    for wrong, error in (((2.0, 3.0, 4.0), yt.FactError), (float("nan"), yt.FactError)):
        with pytest.raises(error):
            world.facts.with_values({id_: wrong})
    with pytest.raises(yt.UnknownNameError):
        world.with_facts({"NONE1": 1.0})


def test_a_figure_that_no_base_reads_is_told(world):
    table = world.facts.table
    result_of_a_study = table.index[(table["quantity"] == "study_result") & (table["value"] > 0)][0]
    with pytest.warns(UserWarning, match="rests on none of"):
        world.with_facts({result_of_a_study: 1.01 * world.facts.value(result_of_a_study)})


@pytest.mark.slow
def test_other_tables_run_and_belong_to_their_base(world, result):
    demands = world.system.demands
    grown = world.with_tables(demands=demands.assign(use=demands["use"] * np.where(demands["region"] == "JP", 1.5, 1.0)))
    assert "tables changed: demands" in repr(grown)
    second = grown.simulate("japan-ban-2026", draws=5, seed=3)
    now, then = (float(run.consumption.sel(region="JP", quantile=0.5).isel(date=0).sum()) for run in (second, result))
    assert now > then
    with pytest.raises(yt.InputError, match="stands on the base of 2009"):
        grown.simulate("quota-crisis-2010")
    with pytest.raises(yt.InputError, match="change figures first"):
        grown.with_facts({"B049": 1.0})
    with pytest.raises(yt.UnknownNameError, match="demands"):
        world.with_tables(demand=demands)
    with pytest.raises(yt.DataGapError, match="columns missing"):
        world.with_tables(demands=demands.drop(columns="use"))


def test_exposure_is_that_of_the_world_at_hand(world):
    command = json.loads(
        CliRunner().invoke(cli, ["exposure", "--importer", "DE", "--element", "Dy", "--json", "--project", str(world.project)]).output
    )
    assert world.exposure("DE", element="Dy").to_dict() == command


@pytest.mark.parametrize("element", ["Ga", "Sb"])
def test_an_element_of_other_minerals_is_looked_up_in_their_base(world, element):
    told = CliRunner().invoke(cli, ["exposure", "--importer", "DE", "--element", element, "--json", "--project", str(world.project)])
    assert world.exposure("DE", element=element).to_dict() == json.loads(told.stdout)


@pytest.mark.slow
def test_articles_commitments_and_parts_are_on_the_face(world):
    reading = world.read(ARTICLES)
    assert len(reading.documents) == 10
    assert world.watch("2026-11-01").watch
    parts = world.parts(ARTICLES.parent / "parts.csv", country="CN")
    assert parts.first_stop_days == 35
    assert world.brief("no-shock", draws=1).summary().answer
