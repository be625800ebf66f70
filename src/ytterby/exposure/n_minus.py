"""N-1 cover: what use remains when a supplier is removed, by a flow programme (E13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.solver.linear_program import LinearProgram, SparseRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.exposure.element_network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FREEZE = 1e-7
"""A region whose row has a dual above this cannot be given more."""


def balance_rows(network: ElementNetwork, rows: SparseRows, z: Ints, f: Ints, u: Ints) -> Ints:
    """What enters a market covers what leaves it; a constant flow that leaves is given up first.

    Parameters
    ----------
    network : ElementNetwork
    rows : SparseRows
        To which one row per market is added.
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
    """Share of base use that an importer keeps once some processes are lost, when the rest is shared evenly (E13).

    The remaining suppliers run up to their capacity and re-route over existing links without limit; the removed
    suppliers' own users are out of the sharing. All others are raised together; a user that cannot be given more stays
    where it is and the others go on (max-min fair), so the answer is unique. A group of regions is one user.

    Parameters
    ----------
    network : ElementNetwork
    lost : ndarray of bool (P,)
        Processes that stop.
    suppliers : tuple of str
        Regions that are removed from the users.
    home : tuple of str
        Regions of the importer.

    Returns
    -------
    float or None
        None where the importer uses nothing.
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
    out = network.demands["region"].isin(suppliers).to_numpy()
    high = np.concatenate([np.where(lost, 0.0, network.headroom), np.full(n_links, np.inf), np.where(out, 0.0, network.use), [1.0]])
    programme = LinearProgram(np.zeros(level + 1), high, rows, maximise=True)
    programme.cost(np.eye(1, level + 1, level)[0])
    return _level_of_first(programme, shared, base, level)


def _users(network: ElementNetwork, suppliers: tuple[str, ...], home: tuple[str, ...]) -> list[tuple[Ints, float]]:
    """Demands and base use of the importer, then of every other region that stays in the sharing."""
    others = sorted(set(network.demands["region"]) - set(suppliers) - set(home))
    groups = [network.demands_of(regions) for regions in (home, *((region,) for region in others))]
    users = [(mine, float(network.use[mine].sum())) for mine in groups]
    return users[:1] + [user for user in users[1:] if user[1] > 0]


def _level_of_first(programme: LinearProgram, shared: Ints, base: Floats, level: int) -> float:
    """Raise all shares together, freeze those that are stuck, go on with the others until the first is stuck."""
    frozen = np.zeros(len(base), bool)
    while True:
        reached = min(max(programme.solve() or 0.0, 0.0), 1.0)
        stuck = ~frozen & (np.abs(programme.row_duals[shared]) * base > FREEZE)
        if reached >= 1.0 - FREEZE or not stuck.any() or stuck[0]:
            return reached
        for place in np.flatnonzero(stuck):
            programme.solver.changeCoeff(int(shared[place]), level, 0.0)
            programme.solver.changeRowBounds(int(shared[place]), max(reached - FREEZE, 0.0) * base[place], np.inf)
        frozen |= stuck
