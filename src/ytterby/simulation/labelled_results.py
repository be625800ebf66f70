"""Results of a run over commodity and region: what Python and exported files hold, with quantiles as numbers and the mean apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.simulation.results import QUANTILE_LABELS, VARIABLES, measures_of, variable

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr

LABELS = {
    "market": {"commodity": "commodity", "region": "region"},
    "link": {"link_commodity": "commodity", "origin": "origin", "destination": "destination"},
    "group": {"group": "group", "group_origin": "origin"},
    "sector": {"sector_code": "sector", "sector_region": "region"},
}
"""Labels of each dimension of a run's dataset, as ``coordinate: dimension`` of the labelled results."""
SPARSE = ("link",)
"""Dimensions that stay one in a labelled dataset: over origin, destination and commodity most of it would be empty."""
MEAN = QUANTILE_LABELS[-1]


def labelled_array(dataset: xr.Dataset, measure: str) -> xr.DataArray:
    """Values of a measure over quantile, date and its labels; NaN where there is no such market, flow or sector.

    Parameters
    ----------
    dataset : Dataset
        Results of a run, see :func:`ytterby.simulation.results.results_dataset`.
    measure : str

    Returns
    -------
    DataArray
        Float64, dimensions ``quantile`` (levels as numbers; absent in a central run), ``date`` (absent for statistics of the whole
        run), then ``commodity, region`` of a market, ``commodity, origin, destination`` of a flow, ``sector, region``, or ``group,
        origin``.

    Raises
    ------
    UnknownNameError
        If the run has no such measure.
    """
    return _numbered(_unstacked(variable(dataset, measure)))


def labelled_mean(dataset: xr.Dataset, measure: str) -> xr.DataArray:
    """Mean over draws of a measure, over its labels as in :func:`labelled_array`; of a central run its values.

    Raises
    ------
    UnknownNameError
        If the run has no such measure.
    """
    return _mean(_unstacked(variable(dataset, measure)))


def labelled_dataset(dataset: xr.Dataset) -> xr.Dataset:
    """All measures of a run over their labels, each with its mean over draws as ``NAME_mean``; flows stay along ``link``.

    The dimensions are ``quantile, date, commodity, region, sector`` and ``link`` with its coordinates ``link_commodity, origin,
    destination``; a file of it opens in xarray by itself.
    """
    import xarray as xr

    found: dict[str, xr.DataArray] = {}
    for name in measures_of(dataset):
        array = _renamed(dataset[name]) if VARIABLES[name].dimension in SPARSE else _unstacked(dataset[name])
        found[name] = _numbered(array).astype(np.float32)
        if "quantile" in array.dims and MEAN in array["quantile"].to_numpy():
            mean = _mean(array).astype(np.float32)
            found[f"{name}_{MEAN}"] = mean.assign_attrs(array.attrs | {"long_name": f"mean over draws: {VARIABLES[name].meaning}"})
    return xr.Dataset(_aligned(found), attrs=dataset.attrs)


def _aligned(arrays: dict[str, xr.DataArray]) -> dict[str, xr.DataArray]:
    """Arrays over the same regions: those of markets and of sectors together."""
    regions = sorted({str(name) for array in arrays.values() if "region" in array.dims for name in array["region"].to_numpy()})
    return {name: array.reindex(region=regions) if "region" in array.dims else array for name, array in arrays.items()}


def _unstacked(array: xr.DataArray) -> xr.DataArray:
    """Array over its labels instead of markets, links, groups or sectors."""
    dimension = next(name for name in LABELS if name in array.dims)
    labels = LABELS[dimension]
    coordinates = {name: (dimension, array[old].astype(object).to_numpy()) for old, name in labels.items()}
    bare = array.drop_vars(_along(array, dimension)).rename({dimension: "row"})
    named = bare.assign_coords({name: ("row", values) for name, (_, values) in coordinates.items()})
    found = named.set_index(row=list(coordinates)).unstack("row")
    return _dated(found.transpose(*(name for name in bare.dims if name != "row"), *coordinates))


def _renamed(array: xr.DataArray) -> xr.DataArray:
    """Array along its own dimension, with its labels as coordinates and without the figures behind them."""
    (dimension,) = (name for name in LABELS if name in array.dims)
    kept = {dimension, *LABELS[dimension]}
    return _dated(array.drop_vars([name for name in _along(array, dimension) if name not in kept]))


def _along(array: xr.DataArray, dimension: str) -> Iterable[str]:
    return [str(name) for name, coordinate in array.coords.items() if dimension in coordinate.dims]


def _dated(array: xr.DataArray) -> xr.DataArray:
    return array.rename(week="date") if "week" in array.dims else array


def _numbered(array: xr.DataArray) -> xr.DataArray:
    """The quantiles alone, their levels as numbers."""
    if "quantile" not in array.dims:
        return array.drop_vars("quantile", errors="ignore").astype(np.float64)
    levels = [label for label in array["quantile"].to_numpy() if label != MEAN]
    return array.sel(quantile=levels).assign_coords(quantile=[float(label) for label in levels]).astype(np.float64)


def _mean(array: xr.DataArray) -> xr.DataArray:
    found = array.sel(quantile=MEAN) if "quantile" in array.dims else array
    return found.drop_vars("quantile", errors="ignore").astype(np.float64)
