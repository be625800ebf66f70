"""Builder of a sparse linear programme whose rows and columns repeat every year.

Columns and rows are declared once with a name; coefficients of all years are put at once. Columns of the first stage
(decisions that hold whatever happens) form a matrix of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class ColumnBlock(NamedTuple):
    """Columns of one kind: arrays (year, column)."""

    low: Floats
    high: Floats
    cost: Floats
    """Objective that is no loss [million USD of the year]."""
    loss: Floats
    """Loss [million USD of the year]."""


class RowBlock(NamedTuple):
    """Rows of one kind: arrays (year, row)."""

    low: Floats
    high: Floats


class YearlyProgram:
    """Columns and rows of each year, with coefficients within a year, from one year to the next, and of the first stage.

    Parameters
    ----------
    years : int
        Number of years.
    """

    def __init__(self, years: int) -> None:
        self.years = years
        self.columns: dict[str, ColumnBlock] = {}
        self.rows: dict[str, RowBlock] = {}
        self._cells: list[tuple[str, Ints, str, Ints, Floats, int]] = []
        self._first: list[tuple[str, Ints, Ints, Floats]] = []

    def add_columns(
        self, name: str, count: int, *, low: ArrayLike = 0.0, high: ArrayLike = np.inf, cost: ArrayLike = 0.0, loss: ArrayLike = 0.0
    ) -> None:
        """Declare ``count`` columns a year; bounds and costs broadcast to (year, column)."""
        shape = (self.years, count)
        self.columns[name] = ColumnBlock(*(np.broadcast_to(np.asarray(value, float), shape).copy() for value in (low, high, cost, loss)))

    def add_rows(self, name: str, count: int, *, low: ArrayLike = -np.inf, high: ArrayLike = np.inf) -> None:
        """Declare ``count`` rows a year; bounds broadcast to (year, row)."""
        shape = (self.years, count)
        self.rows[name] = RowBlock(*(np.broadcast_to(np.asarray(value, float), shape).copy() for value in (low, high)))

    def put(self, rows: str, row: Ints, columns: str, column: Ints, value: ArrayLike, *, back: int = 0) -> None:
        """Coefficients (year, cell) of columns of the same year, or of ``back`` years before; cells at one place add up."""
        cells = np.broadcast_to(np.asarray(value, float), (self.years, len(row)))
        self._cells.append((rows, np.asarray(row, np.int64), columns, np.asarray(column, np.int64), cells, back))

    def put_first(self, rows: str, row: Ints, column: Ints, value: ArrayLike) -> None:
        """Coefficients (year, cell) of columns of the first stage."""
        cells = np.broadcast_to(np.asarray(value, float), (self.years, len(row)))
        self._first.append((rows, np.asarray(row, np.int64), np.asarray(column, np.int64), cells))

    def _places(self, kinds: dict[str, ColumnBlock] | dict[str, RowBlock]) -> tuple[dict[str, int], int]:
        """First place of each kind within a year, and places a year."""
        places, total = {}, 0
        for name, kind in kinds.items():
            places[name] = total
            total += kind.low.shape[1]
        return places, total

    def place_of(self, columns: str) -> Ints:
        """Numbers of the columns of a kind in the whole programme (year, column)."""
        places, stride = self._places(self.columns)
        return np.asarray(np.arange(self.years)[:, None] * stride + places[columns] + np.arange(self.columns[columns].low.shape[1]))

    def place_of_rows(self, rows: str) -> Ints:
        """Numbers of the rows of a kind in the whole programme (year, row)."""
        places, stride = self._places(self.rows)
        return np.asarray(np.arange(self.years)[:, None] * stride + places[rows] + np.arange(self.rows[rows].low.shape[1]))

    def matrix(self) -> sp.csr_matrix:
        """Coefficients of the columns of all years."""
        (row_at, height), (column_at, width) = self._places(self.rows), self._places(self.columns)
        year = np.arange(self.years)[:, None]
        parts = []
        for rows, row, columns, column, value, back in self._cells:
            r = year * height + row_at[rows] + row
            c = (year - back) * width + column_at[columns] + column
            inside = (year - back >= 0) & (value != 0.0)
            parts.append((r[inside], c[inside], value[inside]))
        return _matrix(parts, (self.years * height, self.years * width))

    def first_matrix(self, columns: int) -> sp.csr_matrix:
        """Coefficients of ``columns`` columns of the first stage."""
        row_at, height = self._places(self.rows)
        year = np.arange(self.years)[:, None]
        parts = []
        for rows, row, column, value in self._first:
            r = year * height + row_at[rows] + row
            c = np.broadcast_to(column, r.shape)
            used = value != 0.0
            parts.append((r[used], c[used], value[used]))
        return _matrix(parts, (self.years * height, columns))

    def of_columns(self, field: str) -> Floats:
        """A field of all columns, in the order of the programme."""
        return np.concatenate([getattr(kind, field) for kind in self.columns.values()], axis=1).ravel()

    def of_rows(self, field: str) -> Floats:
        """A field of all rows, in the order of the programme."""
        return np.concatenate([getattr(kind, field) for kind in self.rows.values()], axis=1).ravel()


def _matrix(parts: list[tuple[Ints, Ints, Floats]], shape: tuple[int, int]) -> sp.csr_matrix:
    rows, columns, values = (
        np.concatenate(each) if parts else np.zeros(0) for each in (zip(*parts, strict=True) if parts else ((), (), ()))
    )
    return sp.csr_matrix((values, (rows.astype(np.int64), columns.astype(np.int64))), shape=shape)
