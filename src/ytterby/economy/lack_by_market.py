"""What users lack beside the unserved use, compiled: by demand week by week, summed by market."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.simulation import Kernel, compiled, kernel, source_digest, sum_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.economy.base_output import UserFlows
    from ytterby.simulation import ColumnGroups

    Array = NDArray[np.float64]


@compiled
def priced_out_of(want, must, use, changed, intended, found):  # type: ignore[no-untyped-def]
    """Use that prices drive out in a week, by demand; who saves by measures lacks nothing, and growth that is given up is no lack."""
    for k in range(len(use)):
        found[k] = max(must[k] - want[k], 0.0) * use[k]
    for i, k in enumerate(changed):
        found[k] = max(must[k] * min(intended[i], 1.0) - want[k] / max(intended[i], 1.0), 0.0) * use[k]


@compiled
def from_stock_of(want, served, arrival, use, found):  # type: ignore[no-untyped-def]
    """Use that comes from stocks in a week, by demand."""
    for k in range(len(use)):
        delivered = want[k] * served[k]
        found[k] = (delivered - min(max(arrival[k], 0.0), delivered)) * use[k]


def _compiled_for(digest: int) -> Kernel:
    """Compile the loop over weeks; the digest of its source is part of the key of numba's disk cache."""

    @kernel
    def all_weeks(flows, must, use, changed, intended, market, found):  # type: ignore[no-untyped-def]
        assert digest >= 0
        served, arrival, want = flows
        term = np.empty(len(use))
        for week in range(len(want)):
            priced_out_of(want[week], must, use, changed, intended[week], term)
            sum_columns(term, market, found[0][week])
            from_stock_of(want[week], served[week], arrival[week], use, term)
            sum_columns(term, market, found[1][week])

    return all_weeks


_all_weeks = _compiled_for(source_digest(Path(__file__)))


def lack_by_market(
    flows: UserFlows, must: Array, demands: NDArray[np.int64], intended: Array, use: Array, market: ColumnGroups
) -> tuple[Array, Array]:
    """Use priced out, and use from stocks that are not replaced, both (week, market) [t/week].

    Parameters
    ----------
    flows, demands, intended, use, market
        As in :func:`ytterby.economy.lack_of_users`.
    must : array (demand,)
        Share of base use that firms cannot save.
    """
    shape = len(flows.want), market.labels
    found = np.empty(shape), np.empty(shape)
    _all_weeks(flows, must, use, demands, intended, market, found)
    return found
