"""Assumptions of the economic model: tables with value, low, high, kind, facts and note, and their sampling.

A row applies to all demands whose sector and commodity match its patterns; the most specific row takes precedence.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.economy.identity_cache import identity_cached
from ytterby.errors import DataGapError, FactError
from ytterby.scenario import uniforms
from ytterby.tables import records

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.scenario import Method

DRAWN = ("parts", "criticality", "input_classes", "substitution", "recapture", "indirect")
"""Tables whose rows are sampled in an ensemble."""
KINDS = ("reported", "derived", "assumed")


@dataclass(frozen=True)
class LossAssumptionRow:
    """One assumption with its scope, value, range and sources."""

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
        """Specificity of the row: number of letters in the pattern of the sector, then of the commodity."""
        return len(self.sector.replace("*", "")), len(self.commodity.replace("*", ""))


@dataclass(frozen=True)
class AssumptionTable:
    """A table of assumptions."""

    name: str
    rows: tuple[LossAssumptionRow, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the rows as random variables."""
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
            raise DataGapError(f"table {self.name}: no row '{parameter}' for sector '{sector}', commodity '{commodity}'")
        return max(fitting, key=lambda i: self.rows[i].precision)

    def values(self, quantiles: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Values of all rows.

        Parameters
        ----------
        quantiles : array (..., row), optional
            Quantiles of the rows' distributions, 0-1; central values without them.

        Returns
        -------
        array (row,) or (..., row)
            Quantiles of the triangular distributions of low, value and high; the value where low equals high.
        """
        low, mode, high = self._ranges
        if quantiles is None:
            return mode.copy()
        asked, found = self._newest.get("values", (None, mode))
        if asked is not quantiles:  # each parameter of a table is picked from the values of the same draw
            found = triangular(quantiles, low, mode, high)
            found.setflags(write=False)
            self._newest["values"] = (quantiles, found)
        return found

    @cached_property
    def _newest(self) -> dict[str, tuple[NDArray[np.float64] | None, NDArray[np.float64]]]:
        """Quantiles that were asked for last, and their values."""
        return {}

    @cached_property
    def _ranges(self) -> tuple[NDArray[np.float64], ...]:
        """Low end, value and high end of all rows (row,)."""
        return tuple(np.array([getattr(row, name) for row in self.rows]) for name in ("low", "value", "high"))

    def pick(self, parameter: str, uses: Iterable[tuple[str, str]], quantiles: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Values of one parameter for pairs of sector and commodity, array (..., pair)."""
        return np.take(self.values(quantiles), self._rows_for(parameter, tuple(uses)), axis=-1)

    def _rows_for(self, parameter: str, uses: tuple[tuple[str, str], ...]) -> NDArray[np.int64]:
        """Rows of a parameter; those of the uses that were asked for last are known, which is told without hashing a thousand names."""
        known, rows = self._picked.get(parameter, ((), np.empty(0, dtype=np.int64)))
        if known is not uses and known != uses:
            rows = np.array([self.find(parameter, sector, commodity) for sector, commodity in uses], dtype=np.int64)
        self._picked[parameter] = uses, rows
        return rows

    @cached_property
    def _picked(self) -> dict[str, tuple[tuple[tuple[str, str], ...], NDArray[np.int64]]]:
        return {}

    def scalar(self, parameter: str, quantiles: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Value of a parameter without sector, array () or (...,)."""
        return np.asarray(self.values(quantiles)[..., self.find(parameter)])


@identity_cached
def uses_of(demands: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Sector and commodity of each demand."""
    return tuple(zip(demands["sector"].tolist(), demands["commodity"].tolist(), strict=True))


@identity_cached
def uses_of_sectors(sectors: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Each sector by its code, without a commodity."""
    return tuple((str(code), "") for code in sectors["sector"])


def triangular(
    quantile: NDArray[np.float64], low: NDArray[np.float64], mode: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Quantile function of the triangular distribution; all arguments broadcast."""
    width = np.maximum(high - low, np.finfo(float).tiny)
    turn = (mode - low) / width
    rising = low + np.sqrt(quantile * width * (mode - low))
    falling = high - np.sqrt((1.0 - quantile) * width * (high - mode))
    return np.clip(np.where(quantile < turn, rising, falling), low, high)


def quantiles(draws: int, seed: int, method: Method = "streams", first: int = 0, stop: int | None = None) -> dict[str, NDArray[np.float64]]:
    """Random quantiles of all rows of the sampled tables, for the draws ``first`` to ``stop``: arrays (draw, row) by table.

    Each row has a random stream of its own, named by its key, so that neither chunking nor new rows change a draw.
    """
    return {name: uniforms(read(name).keys, draws, seed, method, first, stop) for name in DRAWN}


@cache
def read(name: str) -> AssumptionTable:
    """Table of assumptions by name: one of :data:`DRAWN`, or ``rivals``.

    Raises
    ------
    FactError
        If a row has no valid kind, or its value is outside low to high.
    """
    rows = records("ytterby.economy", f"tables/{name}", LossAssumptionRow)
    for line, row in enumerate(rows, start=2):
        if not row.low <= row.value <= row.high:
            raise FactError(f"{name}.csv line {line}: value {row.value} outside {row.low} to {row.high}")
        if row.kind not in KINDS:
            raise FactError(f"{name}.csv line {line}: kind '{row.kind}' is none of {', '.join(KINDS)}")
    return AssumptionTable(name, rows)
