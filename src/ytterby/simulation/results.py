"""Results of a run as one labelled dataset, and the same values as a tidy table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.errors import UnknownNameError
from ytterby.facts import groups as region_groups
from ytterby.simulation.views import GROUP
from ytterby.system import base_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from ytterby.simulation.chunked_array import ChunkedArray
    from ytterby.simulation.views import Views

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
QUANTILE_LABELS = (*(f"{level:g}" for level in QUANTILES), "mean")
"""Labels along the dimension ``quantile`` of an ensemble: quantiles over draws, then their mean."""
TIDY_LABELS = ("commodity", "origin", "destination", "sector")
COLUMNS = ("date", "measure", *TIDY_LABELS, "value", "unit", "quantile")
"""Columns of the tidy table; text is never null, ``value`` is NaN where there is none, ``date`` is a Monday."""
WEEKS_A_YEAR = 52.0
HIGH_PRICE = 1.5
"""Multiple of the base price above which weeks are counted."""


class ResultVariable(NamedTuple):
    """A variable of the dataset: what it is indexed by besides week and quantile, its unit and what it means."""

    dimension: str
    unit: str
    meaning: str
    weekly: bool = True


PRICE_UNIT = "price"
"""Stands for the unit of prices, which depends on the base year: see :func:`price_unit`."""
VARIABLES = {
    "price": ResultVariable("market", PRICE_UNIT, "market price without value added tax"),
    "price_deal": ResultVariable("market", PRICE_UNIT, "mean price of what was shipped, contracts and spot"),
    "price_marginal": ResultVariable("market", PRICE_UNIT, "price that the last unmet kilogram would pay"),
    "production": ResultVariable("market", "t/week", "output of the market's own processes"),
    "consumption": ResultVariable("market", "t/week", "process inputs and final use"),
    "shortfall": ResultVariable("market", "t/week", "final use wanted and not served"),
    "stock": ResultVariable("market", "t", "stock at the end of the week"),
    "cover_days": ResultVariable("market", "d", "stock in days of base use"),
    "licence_backlog": ResultVariable("market", "t", "goods that wait in licence queues"),
    "flow": ResultVariable("link", "t/week", "shipments on a link"),
    "price_wedge": ResultVariable("group", "USD/kg", "worth of the right to export under a quota, or rent of smuggling"),
    "value_added_lost": ResultVariable("sector", "USD/week", "gross value added lost"),
    "jobs_at_risk": ResultVariable("sector", "persons", "jobs at risk"),
    "price_volatility": ResultVariable("market", "1/year", "standard deviation of weekly log prices, yearly scale", weekly=False),
    "peak_multiple": ResultVariable("market", "1", "highest price over base price", weekly=False),
    "weeks_above_1_5x": ResultVariable("market", "weeks", "weeks with a price above 1.5 times the base price", weekly=False),
}
"""Variables of the dataset in the order of the tidy table; those that are not weekly describe the whole run."""
COORDINATES = {
    "market": {"commodity": "commodity", "destination": "region"},
    "link": {"commodity": "link_commodity", "origin": "origin", "destination": "destination"},
    "group": {"commodity": "group", "origin": "group_origin"},
    "sector": {"destination": "sector_region", "sector": "sector_code"},
}
"""Coordinate of the dataset for each label column of the tidy table, by dimension; other labels are empty."""


def price_unit(base_year: int, chain: str) -> str:
    """Unit of prices: nominal USD in replays of history, otherwise USD of the base year."""
    return "USD/kg nominal" if base_of(base_year, chain).prices == "nominal" else f"USD{base_year}/kg"


def quantiles_of(values: NDArray[Any]) -> NDArray[np.float32]:
    """Quantiles and mean over draws, array (6, ...) in the order of :data:`QUANTILES` then the mean.

    Draws without trade are NaN and are left out; if these are more than half of the draws, the result is NaN.
    """
    draws = values.shape[0]
    rows = values.reshape(draws, -1)
    some = np.flatnonzero(rows.any(axis=0))  # where nothing happens in any draw, nothing is sorted
    out = np.zeros((len(QUANTILES) + 1, rows.shape[1]), dtype=np.float32)
    if len(some):
        flat = np.ascontiguousarray((rows if len(some) == rows.shape[1] else rows[:, some]).T, dtype=np.float32)
        flat.sort(axis=1)
        out[:, some] = _of_all(flat) if not np.isnan(flat[:, -1]).any() else _of_known(flat)  # NaN are sorted to the end
    return out.reshape(len(QUANTILES) + 1, *values.shape[1:])


def _of_all(flat: NDArray[np.float32]) -> NDArray[np.float32]:
    """Quantiles and mean (6, row) of sorted rows without NaN."""
    draws = flat.shape[1]
    out = np.empty((len(QUANTILES) + 1, len(flat)), dtype=np.float32)
    for q, level in enumerate(QUANTILES):
        place = level * (draws - 1)
        below = int(np.floor(place))
        part = np.float32(place - below)
        out[q] = flat[:, below] * (1 - part) + flat[:, min(below + 1, draws - 1)] * part
    out[-1] = flat.sum(axis=1) / np.float32(draws)
    return out


def _of_known(flat: NDArray[np.float32]) -> NDArray[np.float32]:
    """Quantiles and mean (6, row) of the numbers in sorted rows; NaN where more than half are missing."""
    draws, known = flat.shape[1], np.sum(~np.isnan(flat), axis=1)
    out = np.full((len(QUANTILES) + 1, flat.shape[0]), np.nan, dtype=np.float32)
    rows = np.flatnonzero(known * 2 >= draws)
    for q, level in enumerate(QUANTILES):
        place = level * (known[rows] - 1)
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, known[rows] - 1)
        part = (place - below).astype(np.float32)
        out[q, rows] = flat[rows, below] * (1 - part) + flat[rows, above] * part
    out[-1, rows] = np.nanmean(flat[rows], axis=1) if len(rows) else np.nan
    return out


def price_statistics(price: NDArray[Any], base: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Volatility of weekly log prices (yearly scale), peak multiple and weeks above 1.5 x (draw, view).

    Parameters
    ----------
    price : ndarray (draw, week, view)
    base : ndarray (view,) or (draw, view)
        Price before the scenario.
    """
    relative = np.asarray(price, dtype=np.float64) / np.maximum(base, 1e-300)[..., None, :]
    steps = np.diff(np.log(np.maximum(relative, 1e-9)), axis=1)
    return {
        "price_volatility": steps.std(axis=1) * np.sqrt(WEEKS_A_YEAR) if steps.shape[1] else np.zeros(relative.shape[::2]),
        "peak_multiple": relative.max(axis=1),
        "weeks_above_1_5x": (relative > HIGH_PRICE).sum(axis=1).astype(float),
    }


def results_dataset(
    arrays: Mapping[str, ChunkedArray],
    views: Views,
    mondays: NDArray[np.datetime64],
    sectors: pd.DataFrame,
    groups: Sequence[tuple[str, str]],
    *,
    single: bool,
    threads: int = 1,
) -> xr.Dataset:
    """Results of all draws as one dataset.

    Parameters
    ----------
    arrays : mapping
        Weekly arrays (draw, week, market | link | group | sector) and price statistics (draw, market) by name of the variable.
    views : Views
        Markets and links that are reported.
    mondays : ndarray (week,)
        First day of each week.
    sectors : DataFrame
        Sectors of the system, in the order of the arrays.
    groups : sequence of (name, origin)
        Quota groups, in the order of the array ``price_wedge``.
    single : bool
        Whether this is a central run: the dataset then has no dimension ``quantile``.
    threads : int
        Threads that sort the draws.

    Returns
    -------
    Dataset
        Variables :data:`VARIABLES` over quantile, week and market, link, group or sector, without those that have no column.
    """
    import xarray as xr

    levels: dict[str, NDArray[Any]] = {name: _levels(name, arrays[name], single, threads) for name in VARIABLES if name in arrays}
    levels["cover_days"] = levels["stock"] * (7.0 / np.where(views.base_outflow > 0.0, views.base_outflow, np.nan))
    levels = {name: levels[name] for name in VARIABLES if name in levels and levels[name].shape[-1]}
    prices = price_unit(views.network.system.year, views.network.system.chain)
    variables = {}
    for name, values in levels.items():
        dimension, unit, meaning, weekly = VARIABLES[name]
        dims = ("quantile",) * (not single) + ("week",) * weekly + (dimension,)
        variables[name] = (dims, values, {"units": prices if unit == PRICE_UNIT else unit, "long_name": meaning})
    used = {VARIABLES[name].dimension for name in levels}
    labels = {name: label for name, label in _labels(views, sectors, groups).items() if label[0] in used}
    axes = {"week": ("week", mondays.astype("datetime64[ns]"))} | ({} if single else {"quantile": ("quantile", list(QUANTILE_LABELS))})
    return xr.Dataset(variables, coords=axes | labels)


def _levels(name: str, values: ChunkedArray, single: bool, threads: int) -> NDArray[Any]:
    """Quantiles and mean over draws (quantile, ...), or the only draw (...)."""
    if single:
        return np.asarray(values.to_numpy()[0], dtype=np.float32)
    return values.reduce_draws(quantiles_of, threads) if VARIABLES[name].weekly else quantiles_of(values.to_numpy())


def _labels(views: Views, sectors: pd.DataFrame, groups: Sequence[tuple[str, str]]) -> dict[str, tuple[str, Any]]:
    """Coordinates: names of markets, links, sectors and quota groups, and the figures of the base system behind them."""
    network, links = views.network, views.links
    origin, destination = network.net.origin[links], network.net.destination[links]
    names = [network.labels.links[i] for i in links]
    return {
        "market": ("market", [f"{commodity}@{region}" for commodity, region in views.names]),
        "commodity": ("market", [commodity for commodity, _ in views.names]),
        "region": ("market", [region for _, region in views.names]),
        "facts": ("market", _market_facts(views)),
        "link": ("link", names),
        "link_commodity": ("link", network.commodity[destination]),
        "origin": ("link", network.region[origin]),
        "destination": ("link", network.region[destination]),
        "link_facts": ("link", network.system.links["facts"].reindex(names, fill_value="").to_numpy(dtype=str)),
        "sector": ("sector", sectors.index.to_numpy(dtype=str)),
        "sector_code": ("sector", sectors["sector"].to_numpy(dtype=str)),
        "sector_region": ("sector", sectors["region"].to_numpy(dtype=str)),
        "sector_facts": ("sector", sectors["facts"].to_numpy(dtype=str)),
        "group": ("group", [name for name, _ in groups]),
        "group_origin": ("group", [origin for _, origin in groups]),
    }


def _market_facts(views: Views) -> list[str]:
    """Ids of the figures on which each market is based; for a group, those of its members."""
    facts, members = views.network.system.market_facts, {GROUP: region_groups()[GROUP].members}
    found = []
    for commodity, region in views.names:
        cells = (facts.get(f"{commodity}@{place}", "") for place in members.get(region, (region,)))
        found.append(" ".join(sorted({name for cell in cells for name in cell.split()})))
    return found


def measures_of(dataset: xr.Dataset) -> list[str]:
    """Variables of a run's results in the order of the tidy table (files do not preserve the order)."""
    return [name for name in VARIABLES if name in dataset.data_vars]


def variable(dataset: xr.Dataset, measure: str) -> xr.DataArray:
    """Variable of a run's results.

    Raises
    ------
    UnknownNameError
        If the run has no such measure.
    """
    if measure not in dataset.data_vars:
        raise UnknownNameError("measure", measure, measures_of(dataset))
    return dataset[measure]


def _dimension(array: xr.DataArray) -> str:
    return next(str(name) for name in array.dims if name in COORDINATES)


def tidy_labels(array: xr.DataArray) -> dict[str, NDArray[Any]]:
    """Label columns of the tidy table along the markets, links, groups or sectors of a variable; absent labels are empty."""
    dimension = _dimension(array)
    names = COORDINATES[dimension]
    empty = np.full(array.sizes[dimension], "")
    return {label: array[names[label]].to_numpy() if label in names else empty for label in TIDY_LABELS}


def select(array: xr.DataArray, **labels: str) -> xr.DataArray:
    """Select the part of a variable with the given labels; only this part is read from a file.

    Parameters
    ----------
    array : DataArray
        Variable of the dataset.
    **labels : str
        ``commodity``, ``origin``, ``destination`` (of a market or sector: its region), ``sector``.
    """
    columns = tidy_labels(array)
    chosen = [columns[name] == label for name, label in labels.items()]
    return array.isel({_dimension(array): np.flatnonzero(np.all(chosen, axis=0))}) if chosen else array


def tidy_frame(dataset: xr.Dataset, measure: str) -> pd.DataFrame:
    """Tidy rows of a variable, columns :data:`COLUMNS`, texts as categories; variables of the whole run are dated on the last week."""
    import pandas as pd

    array = dataset[measure]
    dimension = _dimension(array)
    full = array if "week" in array.dims else array.expand_dims(week=dataset["week"].to_numpy()[-1:])
    full = full if "quantile" in full.dims else full.drop_vars("quantile", errors="ignore").expand_dims(quantile=[""])
    full = full.transpose("quantile", "week", dimension)
    count, weeks, columns = full.shape
    labels = {name: _categories(np.tile, values, count * weeks) for name, values in tidy_labels(full).items()}
    return pd.DataFrame(
        {
            "date": np.tile(np.repeat(full["week"].to_numpy(), columns), count),
            "measure": _categories(np.repeat, [measure], count * weeks * columns),
            **labels,
            "value": full.to_numpy().reshape(-1).astype(np.float64),
            "unit": _categories(np.repeat, [array.attrs["units"]], count * weeks * columns),
            "quantile": _categories(np.repeat, full["quantile"].to_numpy(), weeks * columns),
        }
    )


def _categories(spread: Any, values: Any, times: int) -> pd.Categorical:
    """Texts that are repeated (``np.repeat``) or tiled (``np.tile``), as categories."""
    import pandas as pd

    names, codes = np.unique(np.asarray(values, dtype=object), return_inverse=True)
    return pd.Categorical.from_codes(spread(codes, times), categories=pd.Index(names, dtype=object))


def tidy_table(dataset: xr.Dataset) -> pd.DataFrame:
    """Tidy table of all variables, columns :data:`COLUMNS`, with plain texts."""
    import pandas as pd

    table = pd.concat([tidy_frame(dataset, name) for name in measures_of(dataset)], ignore_index=True)
    return table.astype({name: "str" for name in COLUMNS if name not in ("date", "value")})
