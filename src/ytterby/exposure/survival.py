"""Time to survive: how long covers along the chain keep a use whole after a supplier is lost (E14).

A weekly walk of one element without prices: each market keeps serving all it serves from stock and arrivals, and shares
what is left pro rata once the stock is empty; a process runs as far as its scarcest input allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.element_network import gather
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.exposure.element_network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HORIZON = 156
"""Weeks that are looked at; a use that lasts longer is not named short."""
SHORT = 0.01
"""Share of a use that must be missing before it counts as short."""


def time_to_survive(network: ElementNetwork, lost: NDArray[np.bool_], demands: Ints, stock: Floats) -> list[int | None]:
    """Days until some demands first miss more than :data:`SHORT` of their use.

    Parameters
    ----------
    network : ElementNetwork
    lost : ndarray of bool (P,)
        Processes that stop at the start.
    demands : ndarray of int
        Demands looked at, together.
    stock : ndarray (M, C)
        Stock of each market at the start in C variants [t oxide].

    Returns
    -------
    list of int or None
        One per variant; None where nothing is short within :data:`HORIZON` weeks.
    """
    week = _Week(network, lost, stock.shape[1])
    use = gather(network.demand_market[demands], network.use[demands], len(network.markets))
    total, held = use.sum(), stock.copy()
    days: list[int | None] = [None] * stock.shape[1]
    for number in range(HORIZON):
        held = week.step(held)
        met = use @ week.fills[-1] / total
        for variant, share in enumerate(met):
            if days[variant] is None and share < 1.0 - SHORT:
                days[variant] = number * 7
        if None not in days:
            break
    return days


def stocks(network: ElementNetwork, covers: Floats) -> Floats:
    """Stock of each market [t oxide] (M, C) for covers in weeks of outflow (M, C)."""
    return covers * (network.outflow / WEEKS_PER_YEAR)[:, None]


class _Week:
    """The weekly step with its memory of what was filled; C variants of stock are walked together."""

    def __init__(self, network: ElementNetwork, lost: NDArray[np.bool_], variants: int) -> None:
        self.network, self.shape = network, (len(network.markets), variants)
        self.outflow = network.outflow[:, None] / WEEKS_PER_YEAR
        self.enters = np.maximum(-network.residual, 0.0)[:, None] / WEEKS_PER_YEAR
        self.transits = np.maximum(network.links["transit"].to_numpy(np.int64), 1)
        self.flow = network.flow[:, None] / WEEKS_PER_YEAR
        order = np.argsort(network.entry_process, kind="stable")
        taken, made = order[network.entry_mass[order] < 0], order[network.entry_mass[order] > 0]
        self.taken, self.taker = network.entry_market[taken], network.entry_process[taken]
        self.made, self.net_producer = network.entry_market[made], network.entry_process[made]
        self.take, self.make = -network.entry_mass[taken, None] / WEEKS_PER_YEAR, network.entry_mass[made, None] / WEEKS_PER_YEAR
        self.takers, self.first = np.unique(self.taker, return_index=True)
        self.alive = np.repeat(np.where(lost, 0.0, 1.0)[:, None], variants, axis=1)
        self.run = self.alive.copy()
        self.fills = [np.ones(self.shape)]

    def step(self, held: Floats) -> Floats:
        """Stock after one more week; appends the week's fill of each market."""
        available = held + self.enters + self._arrivals() + self._sum(self.made, self.make * self.run[self.net_producer])
        with np.errstate(divide="ignore", invalid="ignore"):
            fill = np.where(self.outflow > 0, np.clip(available / self.outflow, 0.0, 1.0), 1.0)
        self.run = self.alive.copy()
        if len(self.takers):
            self.run[self.takers] *= np.minimum.reduceat(fill[self.taken], self.first)
        unused = self._sum(self.taken, self.take * (fill[self.taken] - self.run[self.taker]))
        self.fills.append(fill)
        return np.asarray(np.maximum(available - self.outflow * fill + unused, 0.0))

    def _arrivals(self) -> Floats:
        """What was sent a transit time ago; whole before the start."""
        sent = np.stack(self.fills[-int(self.transits.max(initial=1)) :][::-1])
        lag = np.minimum(self.transits, len(sent)) - 1
        filled = np.where((self.transits > len(self.fills))[:, None], 1.0, sent[lag, self.network.origin])
        return self._sum(self.network.destination, self.flow * filled)

    def _sum(self, place: Ints, amount: Floats) -> Floats:
        """Sum of amounts (N, C) by market (M, C)."""
        markets, variants = self.shape
        at = place[:, None] + markets * np.arange(variants)
        return gather(at.ravel(), amount.ravel(), markets * variants).reshape(variants, markets).T
