"""What reaches the users of each demand, compiled: one pass over the weeks of a draw in place of some twenty arrays.

The sums are taken in the order of the demands, so that the results have the bits of the same formulas on whole arrays.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation.kernels import Kernel, compiled, kernel, source_digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.batch import Trace
    from ytterby.system import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

TINY = 1e-12
"""Uses and wants below this count as none [t/week]."""


class UserShares(NamedTuple):
    """Shares of the users of each demand (W, K)."""

    want: Floats
    """Desired over base use."""
    arrival: Floats
    """Supply that reaches the users over their base use."""
    served: Floats
    """Delivered over desired use; 1 where nothing is desired."""
    scarcity: Floats
    """Share of the commodity's wanted use that does not reach the users who compete for it."""


@compiled
def per_use(want, served, covered, use, wanted, own, delivered):  # type: ignore[no-untyped-def]
    """What a week's users want and lack over their base use, and what they get of what they want."""
    for k in range(len(use)):
        least = max(use[k], TINY)
        wanted[k] = want[k] / least
        own[k] = (want[k] - served[k] + covered[k]) / least
        delivered[k] = served[k] / max(want[k], TINY) if want[k] > TINY else 1.0


@compiled
def fall_of_stocks(below, before, covered, market, base_use, drawn):  # type: ignore[no-untyped-def]
    """Fall of a week's stocks below target, without what users took from their own, over the local use of each market."""
    drawn[:] = 0.0
    for k in range(len(covered)):
        drawn[market[k]] += covered[k]
    for m in range(len(drawn)):
        drawn[m] = (below[m] - before[m] - drawn[m]) / max(base_use[m], TINY)


@compiled
def scarcity_of(want, wanted, arrival, use, competing, scarce, total, short):  # type: ignore[no-untyped-def]
    """Scarcity of a week, from what competing users want of each commodity and what of it is missing."""
    group, outside = competing
    total[:], short[:] = 0.0, 0.0
    for k in range(len(use)):
        total[group[k]] += want[k] * outside[k]
        short[group[k]] += max(wanted[k] - arrival[k], 0.0) * use[k] * outside[k]
    for g in range(len(total)):
        total[g] = min(max(short[g] / max(total[g], TINY), 0.0), 1.0)
    for k in range(len(use)):
        scarce[k] = total[group[k]]


def _compiled_for(digest: int) -> Kernel:
    """Compile the loop over weeks; the digest of its source is part of the key of numba's disk cache."""

    @kernel
    def all_weeks(want, served, covered, below, before, net, competing, groups, shares):  # type: ignore[no-untyped-def]
        assert digest >= 0
        use, market, base_use = net
        rows, drawn, total, short = np.empty((4, len(use))), np.empty(len(base_use)), np.empty(groups), np.empty(groups)
        for week in range(len(want)):
            wanted, arrival, delivered, scarce = shares[0][week], shares[1][week], shares[2][week], shares[3][week]
            rows[0], rows[1], rows[2] = want[week], served[week], covered[week]
            per_use(rows[0], rows[1], rows[2], use, wanted, rows[3], delivered)
            fall_of_stocks(below[week], below[week - 1] if week > 0 else before, rows[2], market, base_use, drawn)
            for k in range(len(use)):
                arrival[k] = wanted[k] - rows[3, k] - drawn[market[k]]
            scarcity_of(rows[0], wanted, arrival, use, competing, scarce, total, short)

    return all_weeks


_all_weeks = _compiled_for(source_digest(Path(__file__)))


def user_shares(trace: Trace, net: Network, base_use: Floats, below: tuple[Floats, Floats], competing: tuple[Ints, Floats]) -> UserShares:
    """Shares of the users of each demand.

    Parameters
    ----------
    trace : Trace
        One draw.
    net : Network
        The network that it was simulated with.
    base_use : array (M,)
        Local use of each market at rest [t/week].
    below : array (W, M) and array (M,)
        What stocks lack of their target at the end of each week, and of the week before the first [t].
    competing : integers (K,) and array (K,)
        Number of each demand's commodity, and 1 where it competes for it, otherwise 0.
    """
    shape = trace.want.shape
    found = UserShares(*(np.empty(shape) for _ in UserShares._fields))
    groups = int(competing[0].max(initial=-1)) + 1
    _all_weeks(trace.want, trace.served, trace.covered, *below, (net.use, net.demand_market, base_use), competing, groups, found)
    return found
