"""The results schema: tidy series by week from reduced arrays of one draw or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.simulation.chunked_array import ChunkedArray
from ytterby.simulation.views import PRICED
from ytterby.system.bases import base_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.simulation.views import Views

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
COLUMNS = ("date", "measure", "commodity", "origin", "destination", "sector", "value", "unit", "quantile")
UNITS = {
    "production": "t/week",
    "flow": "t/week",
    "consumption": "t/week",
    "shortfall": "t/week",
    "stock": "t",
    "cover_days": "d",
    "licence_backlog": "t",
    "price_wedge": "USD/kg",
    "value_added_lost": "USD/week",
    "jobs_at_risk": "persons",
    "price_volatility": "1/year",
    "peak_multiple": "1",
    "weeks_above_1_5x": "weeks",
}
STATISTICS = ("price_volatility", "peak_multiple", "weeks_above_1_5x")
"""Measures of a price over the whole run."""
WEEKS_A_YEAR = 52.0
HIGH_PRICE = 1.5
"""Multiple of the base price above which weeks are counted."""


def price_unit(base_year: int, chain: str) -> str:
    """Unit of prices: nominal in replays of history, base-year USD else."""
    return "USD/kg nominal" if base_of(base_year, chain).prices == "nominal" else f"USD{base_year}/kg"


def quantiles_of(values: NDArray[Any]) -> NDArray[np.float32]:
    """Quantiles and mean over draws, array (6, ...) in the order of :data:`QUANTILES` then the mean.

    NaN marks draws in which nothing moved; a cell with fewer than half of its draws stays NaN.
    """
    draws = values.shape[0]
    flat = np.ascontiguousarray(values.reshape(draws, -1).T, dtype=np.float32)
    flat.sort(axis=1)
    known = np.sum(~np.isnan(flat), axis=1)
    out = np.full((len(QUANTILES) + 1, flat.shape[0]), np.nan, dtype=np.float32)
    usable = known * 2 >= draws
    rows = np.flatnonzero(usable)
    for q, level in enumerate(QUANTILES):
        place = level * (known[rows] - 1)
        below = np.floor(place).astype(np.int64)
        above = np.minimum(below + 1, known[rows] - 1)
        part = (place - below).astype(np.float32)
        out[q, rows] = flat[rows, below] * (1 - part) + flat[rows, above] * part
    out[-1, rows] = np.nanmean(flat[rows], axis=1) if len(rows) else np.nan
    return out.reshape(len(QUANTILES) + 1, *values.shape[1:])


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


class SeriesWriter:
    """Builds the tidy series measure by measure."""

    def __init__(self, views: Views, mondays: NDArray[np.datetime64], base_year: int, *, single: bool) -> None:
        self.views, self.mondays, self.single = views, mondays, single
        self.price_unit = price_unit(base_year, views.network.system.chain)
        network = views.network
        self.commodity = np.array([name for name, _ in views.names])
        self.region = np.array([region for _, region in views.names])
        origin, destination = network.net.origin[views.links], network.net.destination[views.links]
        self.link_names = (network.commodity[destination], network.region[origin], network.region[destination])

    def _labels(self) -> list[str]:
        return [""] if self.single else [*(f"{q:g}" for q in QUANTILES), "mean"]

    def _levels(self, values: ChunkedArray) -> NDArray[np.float32]:
        return values.whole()[:1].astype(np.float32) if self.single else values.over_draws(quantiles_of)

    def markets(self, measure: str, values: ChunkedArray) -> pd.DataFrame:
        """Rows of a market measure from (draw, week, view)."""
        unit = self.price_unit if measure in PRICED else UNITS[measure]
        return self._frame(measure, self._levels(values), unit, self.commodity, "", self.region, "")

    def cover(self, stock: pd.DataFrame, outflow: NDArray[np.float64]) -> pd.DataFrame:
        """Rows of cover in days of base use from the rows of stocks."""
        repeats = len(stock) // len(outflow)
        days = 7.0 / np.where(outflow > 0.0, outflow, np.nan)
        return stock.assign(measure="cover_days", value=stock["value"].to_numpy() * np.tile(days, repeats), unit=UNITS["cover_days"])

    def flows(self, values: ChunkedArray) -> pd.DataFrame:
        """Rows of flows from (draw, week, link)."""
        return self._frame("flow", self._levels(values), UNITS["flow"], *self.link_names, "")

    def sectors(self, measure: str, values: ChunkedArray, table: pd.DataFrame) -> pd.DataFrame:
        """Rows of a sector measure from (draw, week, sector)."""
        return self._frame(measure, self._levels(values), UNITS[measure], "", "", table["region"].to_numpy(), table["sector"].to_numpy())

    def wedges(self, values: ChunkedArray, goods: Sequence[tuple[str, str]]) -> pd.DataFrame:
        """Rows of quota wedges from (draw, week, group); ``goods`` names (group, origin)."""
        names = np.array([name for name, _ in goods])
        origins = np.array([origin for _, origin in goods])
        return self._frame("price_wedge", self._levels(values), UNITS["price_wedge"], names, origins, "", "")

    def statistics(self, measure: str, values: NDArray[Any]) -> pd.DataFrame:
        """Rows of a price statistic (draw, view) over the whole run, dated on its last week."""
        last = SeriesWriter.__new__(SeriesWriter)
        last.__dict__.update(self.__dict__ | {"mondays": self.mondays[-1:]})
        levels = self._levels(ChunkedArray.of(values[:, None, :]))
        return last._frame(measure, levels, UNITS[measure], self.commodity, "", self.region, "")

    def _frame(
        self, measure: str, levels: NDArray[np.float32], unit: str, commodity: Any, origin: Any, destination: Any, sector: Any
    ) -> pd.DataFrame:
        import pandas as pd

        count, weeks, columns = levels.shape
        labels: Mapping[str, Any] = {"commodity": commodity, "origin": origin, "destination": destination, "sector": sector}
        spread = {name: np.tile(np.broadcast_to(np.asarray(value, dtype=object), columns), count * weeks) for name, value in labels.items()}
        frame = pd.DataFrame(
            {
                "date": np.tile(np.repeat(self.mondays, columns), count),
                "measure": measure,
                **{name: pd.Categorical(value) for name, value in spread.items()},
                "value": levels.reshape(-1).astype(np.float64),
                "unit": unit,
                "quantile": np.repeat(np.array(self._labels(), dtype=object), weeks * columns),
            }
        )
        return frame[list(COLUMNS)]
