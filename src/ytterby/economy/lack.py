"""What users lack of an input beside what goes unserved: what prices drive out of the market, and what they take from stocks.

With the unserved use this is a week's deficit of arrivals, which stops firms as it grows (S1 in ``docs/explanation/losses.md``).
Part by part stocks run out long before the whole stock of a market has: firms stop while most of the use is still served.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation import Kernel, compiled, kernel, source_digest, sum_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.economy.base_output import UserFlows
    from ytterby.simulation import ColumnGroups

    Array = NDArray[np.float64]


class Lack(NamedTuple):
    """What users lack although it is not counted as unserved; arrays (week, market) [t/week]."""

    priced_out: Array
    """Base use less what thrift and measures save and less what is still wanted at the price."""
    from_stock: Array
    """Use that is served out of stocks which are not replaced; what stocks lose to exports beyond it is no use of these users."""


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


def lack_of_users(flows: UserFlows, thrift: Array, demands: NDArray[np.int64], intended: Array, use: Array, market: ColumnGroups) -> Lack:
    """What the users of each market lack beside the unserved use.

    Parameters
    ----------
    flows : UserFlows
        As they are simulated, before :func:`ytterby.economy.for_base_output`.
    thrift : array (demand,)
        Share that firms save at once at high prices.
    demands : integers (n,)
        Demands whose use measures change.
    intended : array (week, n)
        Use that they want at base prices over their base use: what they save is no lack, and growth that is given up neither.
    use : array (demand,)
        Base use [t/week].
    market : ColumnGroups
        Market of each demand.
    """
    shape = len(flows.want), market.labels
    found = Lack(np.empty(shape), np.empty(shape))
    _all_weeks(flows, 1.0 - thrift, use, demands, intended, market, found)
    return found
