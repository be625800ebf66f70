"""The room's assumptions: recipe tables with value, low, high, kind, facts and note, and how they are drawn.

A row applies to the demands that its sector and commodity patterns match; the most specific row wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.economy.identity_cache import identity_cached
from ytterby.errors import DataGapError, FactError
from ytterby.scenario.designs import uniforms
from ytterby.tables import records

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.scenario.designs import Method

DRAWN = ("parts", "substitution", "recapture", "indirect")
"""Recipes whose rows are drawn in an ensemble."""
KINDS = ("reported", "derived", "assumed")


@dataclass(frozen=True)
class AssumptionRow:
    """One assumption: where it applies, its value, its range and its grounds."""

    sector: str
    commodity: str
    parameter: str
    value: float
    low: float
    high: float
    unit: str
    kind: str
    facts: str
    note: str

    def matches(self, sector: str, commodity: str) -> bool:
        """Whether the row applies to a sector's use of a commodity."""
        return fnmatchcase(sector, self.sector) and fnmatchcase(commodity, self.commodity)

    @property
    def precision(self) -> tuple[int, int]:
        """How specific the row is: letters of the sector's pattern first, of the commodity's second."""
        return len(self.sector.replace("*", "")), len(self.commodity.replace("*", ""))


@dataclass(frozen=True)
class AssumptionTable:
    """A table of assumptions."""

    name: str
    rows: tuple[AssumptionRow, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the rows, for drawing."""
        return tuple(f"economy.{self.name}.{row.sector}.{row.commodity}.{row.parameter}" for row in self.rows)

    def find(self, parameter: str, sector: str = "", commodity: str = "") -> int:
        """Position of the most specific row of a parameter.

        Raises
        ------
        DataGapError
            If no row applies.
        """
        place = (parameter, sector, commodity)
        if place not in self._found:
            self._found[place] = self._search(*place)
        return self._found[place]

    @cached_property
    def _found(self) -> dict[tuple[str, str, str], int]:
        return {}

    def _search(self, parameter: str, sector: str, commodity: str) -> int:
        fitting = [i for i, row in enumerate(self.rows) if row.parameter == parameter and row.matches(sector, commodity)]
        if not fitting:
            raise DataGapError(f"recipe {self.name}: no row '{parameter}' for sector '{sector}', commodity '{commodity}'")
        return max(fitting, key=lambda i: self.rows[i].precision)

    def values(self, quantiles: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Values of all rows.

        Parameters
        ----------
        quantiles : array (..., row), optional
            Position in each row's range, 0-1; without it the central values.

        Returns
        -------
        array (row,) or (..., row)
            Triangular between low, value and high; a range of no width gives its point.
        """
        low, mode, high = (np.array([getattr(row, name) for row in self.rows]) for name in ("low", "value", "high"))
        return mode if quantiles is None else triangular(quantiles, low, mode, high)

    def pick(self, parameter: str, uses: Iterable[tuple[str, str]], quantiles: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Values of one parameter for pairs of sector and commodity, array (..., pair)."""
        return self.values(quantiles)[..., self._rows_for(parameter, tuple(uses))]

    def _rows_for(self, parameter: str, uses: tuple[tuple[str, str], ...]) -> NDArray[np.int64]:
        key = (parameter, uses)
        if key not in self._picked:
            self._picked[key] = np.array([self.find(parameter, sector, commodity) for sector, commodity in uses], dtype=np.int64)
        return self._picked[key]

    @cached_property
    def _picked(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], NDArray[np.int64]]:
        return {}

    def scalar(self, parameter: str, quantiles: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Value of a parameter without sector, array () or (...,)."""
        return np.asarray(self.values(quantiles)[..., self.find(parameter)])


@identity_cached
def uses_of(demands: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Sector and commodity of each demand."""
    return tuple(zip(demands["sector"].tolist(), demands["commodity"].tolist(), strict=True))


def triangular(
    quantile: NDArray[np.float64], low: NDArray[np.float64], mode: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Inverse of the triangular distribution function."""
    width = np.maximum(high - low, np.finfo(float).tiny)
    turn = (mode - low) / width
    rising = low + np.sqrt(quantile * width * (mode - low))
    falling = high - np.sqrt((1.0 - quantile) * width * (high - mode))
    return np.clip(np.where(quantile < turn, rising, falling), low, high)


def quantiles(draws: int, seed: int, method: Method = "streams", first: int = 0, stop: int | None = None) -> dict[str, NDArray[np.float64]]:
    """Place of every row of every recipe in its range, for the draws ``first`` to ``stop``: arrays (draw, row) by recipe.

    Each row has its own stream named by its key, so that neither chunks nor new rows change a draw.
    """
    return {name: uniforms(read(name).keys, draws, seed, method, first, stop) for name in DRAWN}


@cache
def read(name: str) -> AssumptionTable:
    """Recipe table of the package by name: ``parts``, ``substitution``, ``recapture``, ``indirect``, ``rivals``.

    Raises
    ------
    FactError
        If a row has no kind, or low, value and high are not in order.
    """
    rows = records("ytterby.economy", f"tables/{name}", AssumptionRow)
    for line, row in enumerate(rows, start=2):
        if not row.low <= row.value <= row.high:
            raise FactError(f"{name}.csv line {line}: value {row.value} outside {row.low} to {row.high}")
        if row.kind not in KINDS:
            raise FactError(f"{name}.csv line {line}: kind '{row.kind}' is none of {', '.join(KINDS)}")
    return AssumptionTable(name, rows)
