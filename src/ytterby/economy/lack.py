"""What users lack of an input beside what goes unserved: what prices drive out of the market, and what they take from stocks.

With the unserved use this is a week's deficit of arrivals, which stops firms as it grows (S1 in ``docs/explanation/losses.md``).
Part by part stocks run out long before the whole stock of a market has: firms stop while most of the use is still served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.economy.base_output import UserFlows

    Array = NDArray[np.float64]


class Lack(NamedTuple):
    """What users lack although it is not counted as unserved; arrays (week, demand), over base use."""

    priced_out: Array
    """Base use less what thrift and measures save and less what is still wanted at the price."""
    from_stock: Array
    """Use that is served out of stocks which are not replaced; what stocks lose to exports beyond it is no use of these users."""


def lack_of_users(flows: UserFlows, thrift: Array, demands: NDArray[np.int64], intended: Array) -> Lack:
    """What users lack beside the unserved use.

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
    """
    least, wanted = np.broadcast_to(1.0 - thrift, flows.want.shape), flows.want
    if len(demands):
        least, wanted = np.array(least), np.array(wanted)
        least[:, demands] *= np.minimum(intended, 1.0)
        wanted[:, demands] /= np.maximum(intended, 1.0)
    served = flows.want * flows.served
    return Lack(np.maximum(least - wanted, 0.0), served - np.clip(flows.arrival, 0.0, served))
