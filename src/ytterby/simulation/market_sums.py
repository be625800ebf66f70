"""Sums over the demands of a market and over the markets of a group of regions, compiled.

Terms are added in their given order, so that the results have the bits of the same sums on whole arrays.
"""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.simulation.kernels import Kernel, kernel, source_digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.column_groups import ColumnGroups, ReportedGroups

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
        asked, got, unmet = found
        asked[:], got[:], unmet[:] = 0.0, 0.0, 0.0
        for week in range(len(want)):
            for i in range(len(market.label)):  # the three sums of a stretch side by side: each waits for its own last term only
                m = market.label[i]
                wanted, delivered, short = asked[week, m], got[week, m], unmet[week, m]
                for k in range(market.first[i], market.first[i + 1]):
                    wanted += want[week, k]
                    delivered += served[week, k]
                    short += want[week, k] - served[week, k]
                asked[week, m], got[week, m], unmet[week, m] = wanted, delivered, short

    return all_demands


def _compiled_report(digest: int) -> Kernel:
    """Compile what is reported of markets and of groups of them."""

    @kernel
    def all_weeks(found, values, level, groups, mean):  # type: ignore[no-untyped-def]
        assert digest >= 0
        inside, first, weight = groups
        markets = values.shape[1]
        own = np.empty(markets)
        for week in range(len(values)):
            for m in range(markets):
                own[m] = values[week, m] * level[m]
            for m in range(markets):
                found[week, m] = own[m]
            for g in range(len(first) - 1):
                added, weights, weighted = 0.0, 0.0, 0.0
                for i in range(first[g], first[g + 1]):
                    value = own[inside[i]]
                    added += value
                    if isfinite(value):
                        weights += weight[i]
                        weighted += value * weight[i]
                if mean:
                    found[week, markets + g] = weighted / weights if weights > 0.0 else np.nan
                else:
                    found[week, markets + g] = added

    return all_weeks


_all_demands = _compiled_use(source_digest(Path(__file__)))
_all_reported = _compiled_report(source_digest(Path(__file__)))


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


def write_report(values: Floats, level: Floats, groups: ReportedGroups, found: NDArray[Any], *, mean: bool = False) -> None:
    """Write the values of all markets, and after them the sum, or the mean of the finite values, of each group.

    Parameters
    ----------
    values : array (W, M)
    level : array (M,)
        Factor on the values.
    groups : ReportedGroups
    found : array (W, M + group), single or double precision
        Where to write.
    mean : bool
        The weighted mean of each group; NaN where no value has a weight.
    """
    _all_reported(found, values, level, groups, mean)
