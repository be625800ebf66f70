"""Rows with one coefficient: bounds of a column, which the simplex method holds without a row of its basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

CROSSED = 1e-9
"""Relative distance by which bounds may cross and count as equal: rounding of the first stage."""


@dataclass(frozen=True, eq=False)
class BoundRows:
    """Rows with one coefficient, at most one for each column."""

    rows: Ints
    """(b,) numbers of the rows."""
    columns: Ints
    """(b,) their columns."""
    coefficients: Floats
    """(b,)"""

    @classmethod
    def of(cls, matrix: Any) -> BoundRows:
        """Of a matrix in compressed rows: the first such row of each column; others stay rows."""
        single = np.flatnonzero(np.diff(matrix.indptr) == 1)
        single = single[matrix.data[matrix.indptr[single]] != 0.0]
        at = matrix.indptr[single]
        columns, first = np.unique(matrix.indices[at].astype(np.int64), return_index=True)
        return cls(single[first], columns, matrix.data[at][first])

    def others(self, count: int) -> Ints:
        """Numbers of all other rows, of so many."""
        rest = np.ones(count, bool)
        rest[self.rows] = False
        return np.flatnonzero(rest)

    def implied(self, row_low: Floats, row_high: Floats) -> tuple[Floats, Floats]:
        """Bounds (b,) that the rows lay on their columns, by bounds of all rows."""
        ends = np.array([row_low[self.rows], row_high[self.rows]]) / self.coefficients
        return ends.min(axis=0), ends.max(axis=0)

    def tightened(self, low: Floats, high: Floats, row_low: Floats, row_high: Floats) -> tuple[Floats, Floats]:
        """Bounds of all columns that keep the rows, too.

        Bounds that cross by no more than :data:`CROSSED` meet at the columns' own; what crosses by more stays infeasible.
        """
        low, high = low.copy(), high.copy()
        own_low, own_high = low[self.columns], high[self.columns]
        least, most = self.implied(row_low, row_high)
        least, most = np.maximum(least, own_low), np.minimum(most, own_high)
        meet = (least > most) & (least - most <= CROSSED * (1.0 + np.abs(most)))
        low[self.columns] = np.where(meet, np.minimum(least, own_high), least)
        high[self.columns] = np.where(meet, low[self.columns], most)
        return low, high

    def duals(self, reduced: Floats, own: tuple[Floats, Floats], row_low: Floats, row_high: Floats) -> Floats:
        """Duals (b,) of the rows: the reduced cost of a column (all columns) rests on its row where that is tighter than its own bounds.

        Parameters
        ----------
        reduced : array (column,)
            Reduced costs, with the rows' duals nil.
        own : tuple of array (column,)
            The columns' own bounds.
        row_low, row_high : array (row,)
            Bounds of all rows.
        """
        least, most = self.implied(row_low, row_high)
        of = reduced[self.columns]
        rests = np.where(of > 0.0, least > own[0][self.columns], most < own[1][self.columns])
        return np.asarray(np.where(rests, of / self.coefficients, 0.0))
