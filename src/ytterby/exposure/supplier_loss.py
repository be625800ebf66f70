"""Loss of a supplier: the use that can still be served (N-1 cover, E13) and the time until shortage (E14).

N-1 cover is a max-min fair allocation, found by a sequence of linear programmes. The time to survive comes from a weekly
simulation of one element without prices: every market serves all its buyers from stock and arrivals and rations them
pro rata once its stock is empty; a process runs at the rate that its scarcest input allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.element_network import gather
from ytterby.solver import LinearProgram, SparseRows
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.exposure.element_network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


BINDING_DUAL = 1e-7
"""A user whose constraint has a dual above this cannot be served more."""


def balance_rows(network: ElementNetwork, rows: SparseRows, z: Ints, f: Ints, u: Ints) -> Ints:
    """Mass balance of every market: inflow covers outflow; a constant outflow is given up first.

    Parameters
    ----------
    network : ElementNetwork
    rows : SparseRows
        Receives one row per market.
    z, f, u : ndarray of int
        Columns of process runs (P, share of base activity), link flows (L) and uses (K) [t oxide/year].
    """
    numbers = rows.block(np.minimum(network.residual, 0.0), np.full(len(network.markets), np.inf))
    rows.put(numbers[network.entry_market], z[network.entry_process], network.entry_mass)
    rows.put(numbers[network.destination], f, 1.0)
    rows.put(numbers[network.origin], f, -1.0)
    rows.put(numbers[network.demand_market], u, -1.0)
    return numbers


def n_minus_cover(network: ElementNetwork, lost: NDArray[np.bool_], suppliers: tuple[str, ...], home: tuple[str, ...]) -> float | None:
    """Share of base use that an importer keeps after the loss of some processes, under max-min fair sharing (E13).

    The remaining suppliers run up to their capacity and re-route over existing links without limit; users in the removed
    regions take no part in the sharing. The service level of all others is raised together; a user that cannot be served
    more is fixed and the others continue, so the allocation is unique. A group of regions is one user.

    Parameters
    ----------
    network : ElementNetwork
    lost : ndarray of bool (P,)
        Processes that stop.
    suppliers : tuple of str
        Regions whose users take no part in the sharing.
    home : tuple of str
        Regions of the importer.

    Returns
    -------
    float or None
        None if the importer uses nothing.
    """
    users = _users(network, suppliers, home)
    if not users or users[0][1] <= 0:
        return None
    n_processes, n_links, n_demands = len(network.processes), len(network.links), len(network.demands)
    z, f = np.arange(n_processes), n_processes + np.arange(n_links)
    u = n_processes + n_links + np.arange(n_demands)
    level = n_processes + n_links + n_demands
    base = np.array([total for _, total in users])
    rows = SparseRows()
    balance_rows(network, rows, z, f, u)
    shared = rows.block(np.zeros(len(users)), np.full(len(users), np.inf))
    for number, (mine, _) in zip(shared, users, strict=True):
        rows.put(np.full(len(mine), number), u[mine], 1.0)
    rows.put(shared, np.full(len(users), level), -base)
    out = np.isin(network.demand_region, suppliers)
    high = np.concatenate([np.where(lost, 0.0, network.headroom), np.full(n_links, np.inf), np.where(out, 0.0, network.use), [1.0]])
    programme = LinearProgram(np.zeros(level + 1), high, rows, maximise=True)
    programme.cost(np.eye(1, level + 1, level)[0])
    return _level_of_first(programme, shared, base, level)


def _users(network: ElementNetwork, suppliers: tuple[str, ...], home: tuple[str, ...]) -> list[tuple[Ints, float]]:
    """Demands and base use of the importer, then of every other region that takes part in the sharing."""
    others = sorted(set(network.demand_region) - set(suppliers) - set(home))
    groups = [network.demands_of(regions) for regions in (home, *((region,) for region in others))]
    users = [(mine, float(network.use[mine].sum())) for mine in groups]
    return users[:1] + [user for user in users[1:] if user[1] > 0]


def _level_of_first(programme: LinearProgram, shared: Ints, base: Floats, level: int) -> float:
    """Raise all service levels together, fix those that are binding, continue until that of the first user is binding."""
    fixed = np.zeros(len(base), bool)
    while True:
        reached = min(max(programme.solve() or 0.0, 0.0), 1.0)
        binding = ~fixed & (np.abs(programme.row_duals[shared]) * base > BINDING_DUAL)
        if reached >= 1.0 - BINDING_DUAL or not binding.any() or binding[0]:
            return reached
        for place in np.flatnonzero(binding):
            programme.solver.changeCoeff(int(shared[place]), level, 0.0)
            programme.solver.changeRowBounds(int(shared[place]), max(reached - BINDING_DUAL, 0.0) * base[place], np.inf)
        fixed |= binding


HORIZON = 156
"""Weeks simulated; a use that is served longer has no time to shortage."""
SHORT = 0.01
"""Share of a use that must be missing before it counts as short."""


def time_to_survive(network: ElementNetwork, lost: NDArray[np.bool_], demands: Ints, stock: Floats) -> list[int | None]:
    """Days until more than :data:`SHORT` of the use of some demands is first missing.

    Parameters
    ----------
    network : ElementNetwork
    lost : ndarray of bool (P,)
        Processes that stop at the start.
    demands : ndarray of int
        Demands considered together.
    stock : ndarray (M, C)
        Initial stock of each market in C variants [t oxide].

    Returns
    -------
    list of int or None
        One per variant; None if there is no shortage within :data:`HORIZON` weeks.
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


def fills_over_time(network: ElementNetwork, cut: NDArray[np.bool_], stock: Floats) -> Floats:
    """Share of its base outflow that each market gives in each week of :data:`HORIZON` (W, M, C), once some links carry nothing.

    Parameters
    ----------
    network : ElementNetwork
    cut : ndarray of bool (L,)
        Links that carry nothing from the start; what is on its way arrives.
    stock : ndarray (M, C)
        Initial stock of each market in C variants [t oxide].
    """
    week, held = _Week(network, np.zeros(len(network.processes), bool), stock.shape[1], cut), stock.copy()
    for _ in range(HORIZON):
        held = week.step(held)
    return np.stack(week.fills[1:])


def stocks(network: ElementNetwork, covers: Floats) -> Floats:
    """Stock of each market [t oxide] (M, C) for covers in weeks of outflow (M, C)."""
    return covers * (network.outflow / WEEKS_PER_YEAR)[:, None]


class _Week:
    """Weekly simulation step with the history of fill rates, for C variants of the stock together."""

    def __init__(self, network: ElementNetwork, lost: NDArray[np.bool_], variants: int, cut: NDArray[np.bool_] | None = None) -> None:
        self.network, self.shape = network, (len(network.markets), variants)
        self.outflow = network.outflow[:, None] / WEEKS_PER_YEAR
        self.enters = np.maximum(-network.residual, 0.0)[:, None] / WEEKS_PER_YEAR
        self.transits = np.maximum(network.links["transit"].to_numpy(np.int64), 1)
        self.flow = network.flow[:, None] / WEEKS_PER_YEAR
        self.open = np.ones(len(network.flow)) if cut is None else np.where(cut, 0.0, 1.0)
        order = np.argsort(network.entry_process, kind="stable")
        taken, made = order[network.entry_mass[order] < 0], order[network.entry_mass[order] > 0]
        self.taken, self.net_consumer = network.entry_market[taken], network.entry_process[taken]
        self.made, self.net_producer = network.entry_market[made], network.entry_process[made]
        self.take, self.make = -network.entry_mass[taken, None] / WEEKS_PER_YEAR, network.entry_mass[made, None] / WEEKS_PER_YEAR
        self.consumers, self.first = np.unique(self.net_consumer, return_index=True)
        self.alive = np.repeat(np.where(lost, 0.0, 1.0)[:, None], variants, axis=1)
        self.run = self.alive.copy()
        self.fills = [np.ones(self.shape)]

    def step(self, held: Floats) -> Floats:
        """Stock after one more week (M, C) [t oxide]; appends the fill rate of each market to ``fills``."""
        available = held + self.enters + self._arrivals() + self._sum(self.made, self.make * self.run[self.net_producer])
        with np.errstate(divide="ignore", invalid="ignore"):
            fill = np.where(self.outflow > 0, np.clip(available / self.outflow, 0.0, 1.0), 1.0)
        self.run = self.alive.copy()
        if len(self.consumers):
            self.run[self.consumers] *= np.minimum.reduceat(fill[self.taken], self.first)
        unused = self._sum(self.taken, self.take * (fill[self.taken] - self.run[self.net_consumer]))
        self.fills.append(fill)
        return np.asarray(np.maximum(available - self.outflow * fill + unused, 0.0))

    def _arrivals(self) -> Floats:
        """Shipments sent one transit time ago (M, C) [t oxide]; complete before the start."""
        sent = np.stack(self.fills[-int(self.transits.max(initial=1)) :][::-1])
        lag = np.minimum(self.transits, len(sent)) - 1
        filled = np.where((self.transits > len(self.fills))[:, None], 1.0, sent[lag, self.network.origin])
        # what was sent before the start arrives, on cut links too
        filled = np.where((self.transits < len(self.fills))[:, None], filled * self.open[:, None], filled)
        return self._sum(self.network.destination, self.flow * filled)

    def _sum(self, place: Ints, amount: Floats) -> Floats:
        """Sum of amounts (N, C) by market (M, C)."""
        markets, variants = self.shape
        at = place[:, None] + markets * np.arange(variants)
        return gather(at.ravel(), amount.ravel(), markets * variants).reshape(variants, markets).T
