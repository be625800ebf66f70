"""Results over commodity and region: every number of the run, at its place, with quantiles as numbers."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from tests.datasets import QUANTILES, small
from ytterby.errors import UnknownNameError
from ytterby.simulation.labelled_results import labelled_array, labelled_dataset, labelled_mean
from ytterby.simulation.results import tidy_table


def ensemble() -> xr.Dataset:
    return small(quantiles=QUANTILES)


def test_every_value_stands_at_its_labels() -> None:
    """Second road: the tidy table."""
    found, mean = labelled_array(ensemble(), "price"), labelled_mean(ensemble(), "price")
    table = tidy_table(ensemble())
    for row in table[table["measure"] == "price"].itertuples():
        at = {"date": row.date, "commodity": row.commodity, "region": row.destination}
        assert float(mean.sel(at) if row.quantile == "mean" else found.sel(quantile=float(row.quantile), **at)) == row.value
    assert found.dims == ("quantile", "date", "commodity", "region")
    assert mean.dims == ("date", "commodity", "region")
    assert found["quantile"].dtype == np.float64
    assert found.sizes["quantile"] == len(QUANTILES) - 1


def test_a_central_run_has_no_quantiles_and_is_its_own_mean() -> None:
    single = small(quantiles=())
    assert labelled_array(single, "stock").dims == ("date", "commodity", "region")
    xr.testing.assert_equal(labelled_array(single, "stock"), labelled_mean(single, "stock"))
    assert set(labelled_dataset(single).data_vars) == {"price", "stock"}


def test_a_market_that_is_not_there_is_missing() -> None:
    data = ensemble()
    data = data.assign_coords(market=["oxide.Dy@JP", "oxide.Nd@DE"], commodity=("market", ["oxide.Dy", "oxide.Nd"]))
    found = labelled_array(data, "price")
    assert found.sizes["commodity"] == found.sizes["region"] == 2
    assert np.isnan(found.sel(commodity="oxide.Nd", region="JP")).all()
    assert not np.isnan(found.sel(commodity="oxide.Nd", region="DE")).any()


def test_the_dataset_holds_each_mean_beside_the_quantiles() -> None:
    found = labelled_dataset(ensemble())
    assert set(found.data_vars) == {"price", "price_mean", "stock", "stock_mean"}
    assert found.price.attrs["units"] == found.price_mean.attrs["units"] == "USD2024/kg"
    assert found.attrs == ensemble().attrs


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="stock"):
        labelled_array(ensemble(), "stok")
