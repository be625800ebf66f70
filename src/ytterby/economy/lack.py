"""What users lack of an input beside what goes unserved: what prices drive out of the market, and what they take from stocks.

With the unserved use this is a week's deficit of arrivals, which stops firms as it grows (S1 in ``docs/explanation/losses.md``).
Part by part stocks run out long before the whole stock of a market has: firms stop while most of the use is still served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
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
    from ytterby.economy.lack_by_market import lack_by_market

    return Lack(*lack_by_market(flows, 1.0 - thrift, demands, intended, use, market))
