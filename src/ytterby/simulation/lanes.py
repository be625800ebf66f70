"""Lanes of merchants: which markets of a good can trade with one another, and what a lane costs in the base year (18)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation.acting_fields import LINK_EFFECTS
from ytterby.simulation.interventions import Effect
from ytterby.system import sum_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.interventions import Interventions
    from ytterby.system import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

GUARDING = tuple(effect for effect in LINK_EFFECTS if effect not in (Effect.SOURCE, Effect.FIRST, Effect.BOUND))
"""Effects on a link that also bear on what its market sells to merchants or buys from them."""


class Lanes(NamedTuple):
    """Markets by good, and the base-year costs of selling to merchants and of buying from them."""

    markets: Ints
    """(n,) markets whose good is traded by merchants, sorted by good."""
    first: Ints
    """(goods + 1,) first of them for each good, and the end of the last."""
    price: Floats
    """(goods,) lowest base price of the good [USD/kg]."""
    pool: Ints
    """(M,) number of the good, -1 if merchants do not trade it."""
    leave: Floats
    """(M,) price at the border over the market price: 1 + VAT that is not refunded."""
    enter: Floats
    """(M,) 1 + import duty."""
    cost: Floats
    """(M,) what a lane to the market costs, freight included [USD/kg]."""
    qualified: Floats
    """(M,) reciprocal of the weeks in which a lane qualifies [1/week], 0 where the good needs none."""


def lanes_of(net: Network) -> Lanes:
    """Lanes of a network; at base prices none of them pays.

    A lane costs what the price in the market exceeds the lowest price of the good by, duty aside, and at least the mean freight to it.
    """
    count = len(net.price)
    numbers, pool = np.unique(np.where(net.pool >= 0, net.pool, -1), return_inverse=True)
    pool = pool - int(numbers[0] < 0)
    markets = np.flatnonzero(pool >= 0)[np.argsort(pool[pool >= 0], kind="stable")]
    first = np.searchsorted(pool[markets], np.arange(pool.max(initial=-1) + 2)).astype(np.int64)
    price = np.minimum.reduceat(net.price[markets], first[:-1]) if len(markets) else np.zeros(0)
    enter = 1.0 + _mean(net, net.destination, net.duty, np.zeros(count))
    usual = np.bincount(pool[net.destination] + 1, net.freight, len(price) + 1) / np.maximum(
        np.bincount(pool[net.destination] + 1, minlength=len(price) + 1), 1
    )
    freight = _mean(net, net.destination, net.freight, usual[pool + 1])
    lowest = np.append(price, 0.0)[pool]
    weeks = _mean(net, net.destination, net.qualification, np.zeros(count))
    by_good = np.zeros(len(price) + 1)
    np.maximum.at(by_good, pool + 1, weeks)
    weeks = by_good[pool + 1]
    return Lanes(
        markets=markets,
        first=first,
        price=price,
        pool=pool,
        leave=1.0 + _mean(net, net.origin, net.export_tax, np.zeros(count)),
        enter=enter,
        cost=np.maximum(net.price - lowest * enter, freight),
        qualified=np.where(weeks > 0.0, 1.0 / np.maximum(weeks, 1.0), 0.0),
    )


def _mean(net: Network, end: Ints, values: Floats, otherwise: Floats) -> Floats:
    """Mean of link values by the market at one end, weighted by base flow (M,)."""
    count = len(net.price)
    mass = sum_at(end, net.flow, count)
    return np.where(mass > 0.0, sum_at(end, net.flow * values, count) / np.maximum(mass, 1e-300), otherwise)


class Guards(NamedTuple):
    """Links on which measures act that also bear on merchants."""

    link: Ints
    """(n,) in the order of the network."""
    share: Floats
    """(n,) of the base supply of the link's destination."""


def guards_of(net: Network, policy: Interventions) -> Guards:
    """Links on which a ban, a licence, a quota or a duty may act; undeclared routes are no merchants' business."""
    kinds = np.isin(policy.kind, [int(effect) for effect in GUARDING])
    acted = np.union1d(policy.target[kinds], np.flatnonzero(policy.group_of >= 0))
    link = acted[policy.legal_link_of[acted] < 0].astype(np.int64)
    supply = np.maximum(net.inflow + net.imports, 1e-300)
    return Guards(link, net.flow[link] / supply[net.destination[link]])


def regrades_of(net: Network) -> tuple[Ints, Ints]:
    """Markets of a higher grade and of the lower one whose work it can do, where it is the dearer one in the base year."""
    upper = np.flatnonzero(net.lower >= 0)
    upper = upper[net.price[upper] >= net.price[net.lower[upper]]]
    return upper.astype(np.int64), net.lower[upper].astype(np.int64)
