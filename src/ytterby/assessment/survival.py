"""Time to survive: how long covers along the chain keep a use whole after a supplier is lost (E13).

A weekly walk of one element without prices: each market keeps serving all it serves from stock and arrivals, and shares
what is left pro rata once the stock is empty; a process runs as far as its scarcest input allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.assessment.network import gather
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.assessment.network import ElementNetwork

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
    """The weekly step with its memory of what was filled."""

    def __init__(self, network: ElementNetwork, lost: NDArray[np.bool_], variants: int) -> None:
        n_markets, n_processes = len(network.markets), len(network.processes)
        self.outflow = network.outflow[:, None] / WEEKS_PER_YEAR
        self.enters = np.maximum(-network.residual, 0.0)[:, None] / WEEKS_PER_YEAR
        self.transits = np.maximum(network.links["transit"].to_numpy(np.int64), 1)
        self.arrive = {int(lag): self._moves(network, self.transits == lag) for lag in np.unique(self.transits)}
        self.makes, self.takes = np.zeros((n_markets, n_processes)), np.zeros((n_markets, n_processes))
        out, of, at = network.entry_mass > 0, network.entry_process, network.entry_market
        np.add.at(self.makes, (at[out], of[out]), network.entry_mass[out] / WEEKS_PER_YEAR)
        np.add.at(self.takes, (at[~out], of[~out]), -network.entry_mass[~out] / WEEKS_PER_YEAR)
        self.needs = [np.flatnonzero(self.takes[:, process]) for process in range(n_processes)]
        self.alive = np.where(lost, 0.0, 1.0)[:, None]
        self.run = self.alive * np.ones((1, variants))
        self.fills = [np.ones((n_markets, variants))]

    @staticmethod
    def _moves(network: ElementNetwork, chosen: NDArray[np.bool_]) -> Floats:
        moves = np.zeros((len(network.markets), len(network.markets)))
        np.add.at(moves, (network.destination[chosen], network.origin[chosen]), network.flow[chosen] / WEEKS_PER_YEAR)
        return moves

    def step(self, held: Floats) -> Floats:
        """Stock after one more week; appends the week's fill of each market."""
        arrivals = sum((moves @ self._fill(lag) for lag, moves in self.arrive.items()), self.enters)
        available = held + arrivals + self.makes @ self.run
        with np.errstate(divide="ignore", invalid="ignore"):
            fill = np.where(self.outflow > 0, np.clip(available / self.outflow, 0.0, 1.0), 1.0)
        run = np.array([fill[needs].min(axis=0) if len(needs) else np.ones(fill.shape[1]) for needs in self.needs]).reshape(self.run.shape)
        self.run = self.alive * run
        unused = self.takes.sum(axis=1)[:, None] * fill - self.takes @ self.run
        self.fills.append(fill)
        return np.asarray(np.maximum(available - self.outflow * fill + unused, 0.0))

    def _fill(self, lag: int) -> Floats:
        """Fill of the markets when what arrives now was sent; whole before the start."""
        return self.fills[-lag] if lag <= len(self.fills) else self.fills[0]
