"""What the users of an input need of it for the output of the base year, where measures let them save or grow.

Equations S0a-S0c in ``docs/explanation/losses.md``. Use that is saved is no output given up. Losses are shares of the output of the base
year and are valued with its value added and jobs: growth which is wished and not served is use that is unmet, but no output lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class UserFlows(NamedTuple):
    """What the users of each demand want and get; arrays (week, demand)."""

    served: Array
    """Delivered over wanted final use, 0-1."""
    arrival: Array
    """Arrivals over base use."""
    want: Array
    """Wanted over base use."""


def for_base_output(flows: UserFlows, thrift: Array, demands: NDArray[np.int64], intended: Array) -> UserFlows:
    """The same flows as if these users only made the output of the base year, with what they save taken out.

    Parameters
    ----------
    flows : UserFlows
    thrift : array (demand,)
        Share that firms save at once at high prices.
    demands : integers (n,)
        Demands whose use measures change.
    intended : array (week, n)
        Use that they want at base prices over their base use.

    Returns
    -------
    UserFlows
        ``served`` is above 1 where growth is served beside the base output.
    """
    if not len(demands):
        return flows
    saved, grown = np.minimum(intended, 1.0), np.maximum(intended, 1.0)
    served, arrival, want = (np.array(values) for values in flows)
    wished, arrived = want[:, demands] / saved, arrival[:, demands] / saved
    want[:, demands] = wished / grown
    arrival[:, demands] = np.where(grown > 1.0, _beside_growth(arrived, wished, want[:, demands], 1.0 - thrift[demands]), arrived)
    served[:, demands] *= grown
    return UserFlows(served, arrival, want)


def _beside_growth(arrived: Array, wished: Array, own: Array, least: Array) -> Array:
    """Arrivals for the base output: growth is served after it, and only what comes beyond both refills the stock of a user."""
    need = np.maximum(own, least)
    return np.asarray(np.minimum(arrived, need) + np.maximum(arrived - np.maximum(wished, need), 0.0))
