"""N-1 cover: what use remains when a supplier is removed, by a flow programme (E11, E12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.assessment.programme import Programme, Rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.assessment.network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FREEZE = 1e-7
"""A region whose row has a dual above this cannot be given more."""


def balance_rows(network: ElementNetwork, rows: Rows, z: Ints, f: Ints, u: Ints) -> Ints:
    """What enters a market covers what leaves it; a constant flow that leaves is given up first.

    Parameters
    ----------
    network : ElementNetwork
    rows : Rows
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


def n_minus_cover(network: ElementNetwork, lost: NDArray[np.bool_], supplier: str) -> dict[str, float]:
    """Share of base use that each region keeps once some processes are lost, when the rest is shared evenly (E12).

    The remaining suppliers run up to their capacity and re-route over existing links without limit; the removed
    supplier's own users are out of the sharing. Shares are raised together; a region that cannot be given more stays
    where it is and the others go on (max-min fair), so the answer is unique.

    Parameters
    ----------
    network : ElementNetwork
    lost : ndarray of bool (P,)
        Processes that stop.
    supplier : str
        Region that is removed from the users.

    Returns
    -------
    dict of str to float
        Cover by region that uses the element [1].
    """
    regions = sorted(set(network.demands["region"]) - {supplier})
    n_processes, n_links, n_demands = len(network.processes), len(network.links), len(network.demands)
    z, f = np.arange(n_processes), n_processes + np.arange(n_links)
    u = n_processes + n_links + np.arange(n_demands)
    level = n_processes + n_links + n_demands
    base = np.array([network.use[network.demands_of((region,))].sum() for region in regions])
    rows = Rows()
    balance_rows(network, rows, z, f, u)
    shared = rows.block(np.zeros(len(regions)), np.full(len(regions), np.inf))
    for number, region in zip(shared, regions, strict=True):
        mine = u[network.demands_of((region,))]
        rows.put(np.full(len(mine), number), mine, 1.0)
    rows.put(shared, np.full(len(regions), level), -base)
    outside = network.demands["region"].to_numpy(object) == supplier
    high = np.concatenate([np.where(lost, 0.0, network.headroom), np.full(n_links, np.inf), np.where(outside, 0.0, network.use), [1.0]])
    programme = Programme(np.zeros(level + 1), high, rows, maximise=True)
    programme.cost(np.eye(1, level + 1, level)[0])
    return dict(zip(regions, _level_up(programme, shared, base, level), strict=True))


def _level_up(programme: Programme, shared: Ints, base: Floats, level: int) -> list[float]:
    """Raise all shares together, freeze those that are stuck, go on with the others."""
    cover = np.where(base > 0, np.nan, 1.0)
    for place in np.flatnonzero(base <= 0):
        programme.solver.changeCoeff(int(shared[place]), level, 0.0)
    while np.isnan(cover).any():
        reached = programme.solve() or 0.0
        free = np.isnan(cover)
        stuck = free & (np.abs(programme.row_duals[shared]) * base > FREEZE)
        stuck = free if reached >= 1.0 - FREEZE or not stuck.any() else stuck
        for place in np.flatnonzero(stuck):
            cover[place] = min(max(reached, 0.0), 1.0)
            programme.solver.changeCoeff(int(shared[place]), level, 0.0)
            programme.solver.changeRowBounds(int(shared[place]), max(reached - FREEZE, 0.0) * base[place], np.inf)
    return [float(value) for value in cover]
