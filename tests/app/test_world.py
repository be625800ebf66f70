"""The Python face: xarray, pandas and altair shapes of a run."""

import pytest

import ytterby as yt


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    world = yt.load(2024, tmp_path_factory.mktemp("project"))
    return world.simulate("japan-ban-2026", draws=5, seed=3)


def test_measures_are_attributes(result):
    short = result.shortfall.sel(destination="JP", quantile="0.5")
    assert set(short.dims) == {"date", "commodity"}
    assert short.attrs["units"] == "t/week"
    assert float(result.price.sel(commodity="oxide.Dy", destination="JP", quantile="0.5").isel(date=0)) > 0


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
