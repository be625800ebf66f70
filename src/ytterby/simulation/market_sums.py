"""Sums over the demands of a market and over the markets of a group of regions, compiled.

Terms are added in their given order, so that the results have the bits of the same sums on whole arrays.
"""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation.column_sums import sum_columns
from ytterby.simulation.kernels import Kernel, kernel, source_digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.column_groups import ColumnGroups

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class MarketUse(NamedTuple):
    """Final use of each market (W, M) [t/week]."""

    want: Floats
    served: Floats
    unmet: Floats


def _compiled_use(digest: int) -> Kernel:
    """Compile the sums over demands; the digest of the source is part of the key of numba's disk cache."""

    @kernel
    def all_demands(want, served, market, found):  # type: ignore[no-untyped-def]
        assert digest >= 0
        asked, got = np.empty((2, want.shape[1]))
        for week in range(len(want)):
            asked[:], got[:] = want[week], served[week]
            sum_columns(asked, market, found[0][week])
            sum_columns(got, market, found[1][week])
            for k in range(len(asked)):
                asked[k] -= got[k]
            sum_columns(asked, market, found[2][week])

    return all_demands


def _compiled_groups(digest: int) -> Kernel:
    """Compile sums and means over groups of markets."""

    @kernel
    def all_groups(values, weight, first, total, mean):  # type: ignore[no-untyped-def]
        assert digest >= 0
        for week in range(len(values)):
            for g in range(len(first) - 1):
                added, weights, weighted = 0.0, 0.0, 0.0
                for i in range(first[g], first[g + 1]):
                    value = values[week, i]
                    added += value
                    if isfinite(value):
                        weights += weight[i]
                        weighted += value * weight[i]
                total[week, g] = added
                mean[week, g] = weighted / weights if weights > 0.0 else np.nan

    return all_groups


_all_demands = _compiled_use(source_digest(Path(__file__)))
_all_groups = _compiled_groups(source_digest(Path(__file__)))


def market_use(want: Floats, served: Floats, market: ColumnGroups) -> MarketUse:
    """Final use of each market, from that of its demands (W, K).

    Parameters
    ----------
    want, served : array (W, K)
        Desired and delivered [t/week].
    market : ColumnGroups
        Market of each demand.
    """
    found = MarketUse(*(np.empty((len(want), market.labels)) for _ in MarketUse._fields))
    _all_demands(want, served, market, found)
    return found


def group_sums(values: Floats, weight: Floats, first: Ints) -> tuple[Floats, Floats]:
    """Sum, and mean of the finite values, of each group of columns (..., group); a mean without a weight is NaN.

    Parameters
    ----------
    values : array (..., column)
        Columns of a group are next to each other.
    weight : array (column,)
        Weight in the mean.
    first : integers (group + 1,)
        First column of each group, and the end of the last.
    """
    rows = np.ascontiguousarray(values).reshape(-1, values.shape[-1])
    total, mean = (np.empty((len(rows), len(first) - 1)) for _ in range(2))
    _all_groups(rows, weight, first, total, mean)
    return total.reshape(*values.shape[:-1], -1), mean.reshape(*values.shape[:-1], -1)
