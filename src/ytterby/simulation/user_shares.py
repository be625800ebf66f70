"""What reaches the users of each demand, compiled: one pass over the weeks of a draw in place of some twenty arrays.

The sums are taken in the order of the demands, so that the results have the bits of the same formulas on whole arrays.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation.column_sums import sum_columns
from ytterby.simulation.kernels import Kernel, compiled, kernel, source_digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.batch import Trace
    from ytterby.simulation.column_groups import ColumnGroups
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


class Competing(NamedTuple):
    """Who competes for each commodity."""

    outside: Floats
    """(K,) 1 where a demand competes for its commodity, otherwise 0."""
    commodity: ColumnGroups
    """Demands by commodity."""


@compiled
def per_use(want, served, covered, least, wanted, own):  # type: ignore[no-untyped-def]
    """What a week's users want and lack over their base use."""
    for k in range(len(least)):
        wanted[k] = want[k] / least[k]
    for k in range(len(least)):
        own[k] = (want[k] - served[k] + covered[k]) / least[k]


@compiled
def delivered_share(want, served, delivered):  # type: ignore[no-untyped-def]
    """What a week's users get of what they want."""
    for k in range(len(want)):
        share = served[k] / max(want[k], TINY)
        delivered[k] = share if want[k] > TINY else 1.0


@compiled
def fall_of_stocks(below, before, covered, taking, market, base_use, drawn):  # type: ignore[no-untyped-def]
    """Fall of a week's stocks below target, without what users took from their own, over the local use of each market."""
    drawn[:] = 0.0
    for k in taking:
        drawn[market[k]] += covered[k]
    for m in range(len(drawn)):
        drawn[m] = (below[m] - before[m] - drawn[m]) / max(base_use[m], TINY)


@compiled
def scarcity_of(want, wanted, arrival, use, competing, scarce, term, total, short):  # type: ignore[no-untyped-def]
    """Scarcity of a week, from what competing users want of each commodity and what of it is missing."""
    goods = competing.commodity
    for k in range(len(use)):
        term[k] = want[k] * competing.outside[k]
    sum_columns(term, goods, total)
    for k in range(len(use)):
        term[k] = max(wanted[k] - arrival[k], 0.0) * use[k] * competing.outside[k]
    sum_columns(term, goods, short)
    for i in range(len(goods.label)):
        g = goods.label[i]
        scarce[goods.first[i] : goods.first[i + 1]] = min(max(short[g] / max(total[g], TINY), 0.0), 1.0)


def _compiled_for(digest: int) -> Kernel:
    """Compile the loop over weeks; the digest of its source is part of the key of numba's disk cache."""

    @kernel
    def all_weeks(want, served, covered, below, before, net, competing, shares):  # type: ignore[no-untyped-def]
        assert digest >= 0
        use, least, market, base_use, taking = net
        rows, drawn = np.empty((5, len(use))), np.empty(len(base_use))
        total, short = np.empty(competing.commodity.labels), np.empty(competing.commodity.labels)
        for week in range(len(want)):
            wanted, arrival, delivered, scarce = shares[0][week], shares[1][week], shares[2][week], shares[3][week]
            rows[0], rows[1], rows[2] = want[week], served[week], covered[week]
            per_use(rows[0], rows[1], rows[2], least, wanted, rows[3])
            delivered_share(rows[0], rows[1], delivered)
            fall_of_stocks(below[week], below[week - 1] if week > 0 else before, rows[2], taking, market, base_use, drawn)
            for k in range(len(use)):
                arrival[k] = wanted[k] - rows[3, k] - drawn[market[k]]
            scarcity_of(rows[0], wanted, arrival, use, competing, scarce, rows[4], total, short)

    return all_weeks


_all_weeks = _compiled_for(source_digest(Path(__file__)))


def user_shares(trace: Trace, net: Network, base_use: Floats, below: tuple[Floats, Floats], competing: Competing) -> UserShares:
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
    competing : Competing
        Who competes for each commodity.
    """
    shape = trace.want.shape
    found = UserShares(*(np.empty(shape) for _ in UserShares._fields))
    taking = np.flatnonzero(trace.covered.any(axis=0))  # few users are refused and have stocks of their own
    places = net.use, np.maximum(net.use, TINY), net.demand_market, base_use, taking
    _all_weeks(trace.want, trace.served, trace.covered, *below, places, competing, found)
    return found
