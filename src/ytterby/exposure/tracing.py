"""Shares of an importer's use by supplier: direct, embedded and traced upstream (E6-E10).

The element's mass is followed upstream as an absorbing Markov chain: a tonne taken from a market came from its producers
and suppliers in proportion to their deliveries. Loops (swarf and scrap returned as oxide) are solved by a matrix inverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import BalanceError
from ytterby.exposure.element_network import gather

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.exposure.element_network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SECONDARY = "secondary"
"""Supplier of mass that never passed the stage: old scrap and other sources that are not mines."""
MIN_SHARE = 1e-9
"""Shares below this are rounding."""
UNDOCUMENTED = "undocumented"
"""Supplier of mass that enters a market through its residual: stock draw and undocumented flows."""


@dataclass(frozen=True, eq=False)
class UpstreamWalk:
    """Transition shares of one element upstream: where a tonne in a market came from.

    Shapes: M markets, P processes.

    Attributes
    ----------
    from_process : ndarray (M, P)
        Share of a market's inflow that a process delivered [1].
    from_market : ndarray (P, M)
        Share of a process's intake that came from a market [1]; zero for a process without inputs.
    from_link : ndarray (M, M)
        Share of a market's inflow that came over a link from another market [1].
    from_residual : ndarray (M,)
        Share of a market's inflow that its residual delivered [1].
    """

    network: ElementNetwork
    from_process: Floats
    from_market: Floats
    from_link: Floats
    from_residual: Floats

    @cached_property
    def step(self) -> Floats:
        """Share of a market's inflow that came from another market through a process or a link (M, M)."""
        return np.asarray(self.from_process @ self.from_market + self.from_link)

    @cached_property
    def brought(self) -> Floats:
        """Share of its destination's inflow that each link brings (L,)."""
        inflow = self.network.inflow[self.network.destination]
        return np.asarray(self.network.flow / np.where(inflow > 0, inflow, np.inf))

    @cached_property
    def last_producer(self) -> Floats:
        """Share of each market's mass by the process that worked it last, at any stage (M, P) [1]."""
        return _solve(np.eye(len(self.from_link)) - self.from_link, self.from_process, self.network)

    @cached_property
    def leontief(self) -> Floats:
        """Mean number of times that a process's output had passed each process, itself included (P, P): the Leontief inverse."""
        count = len(self.from_market)
        return _solve(np.eye(count) - self.from_market @ self.last_producer, np.eye(count), self.network)

    @cached_property
    def mass_per_unit(self) -> Floats:
        """Mass that passes each market per unit of mass in a market, itself included (M, M): the Leontief inverse of markets."""
        count = len(self.step)
        return _solve(np.eye(count) - self.step, np.eye(count), self.network)


def _solve(matrix: Floats, right: Floats, network: ElementNetwork) -> Floats:
    try:
        return np.asarray(np.linalg.solve(matrix, right), np.float64)
    except np.linalg.LinAlgError:
        raise BalanceError(f"{network.element}: some markets supply only one another; their mass has no origin") from None


def upstream_walk(network: ElementNetwork) -> UpstreamWalk:
    """Transition shares of an element's network, upstream (E6)."""
    n_markets, n_processes = len(network.markets), len(network.processes)
    inflow = np.where(network.inflow > 0, network.inflow, np.inf)
    intake = np.where(network.process_input > 0, network.process_input, np.inf)
    made, taken = np.zeros((n_markets, n_processes)), np.zeros((n_processes, n_markets))
    moved = np.zeros((n_markets, n_markets))
    out = network.entry_mass > 0
    np.add.at(made, (network.entry_market[out], network.entry_process[out]), network.entry_mass[out])
    np.add.at(taken, (network.entry_process[~out], network.entry_market[~out]), -network.entry_mass[~out])
    np.add.at(moved, (network.destination, network.origin), network.flow)
    drawn = np.maximum(-network.residual, 0.0) / inflow
    return UpstreamWalk(network, made / inflow[:, None], taken / intake[:, None], moved / inflow[:, None], drawn)


def use_weights(network: ElementNetwork, demands: Ints) -> Floats:
    """Share of the demands' use by market (M) [1]; the sum is one, or zero if nothing is used."""
    use = gather(network.demand_market[demands], network.use[demands], len(network.markets))
    total = use.sum()
    return np.asarray(use / total) if total > 0 else use


def _first_hit(walk: UpstreamWalk, here: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """First process of a set that the mass in each market meets on its way upstream (E7).

    Returns
    -------
    ndarray (M, set)
        Share of a market's mass that meets each process of the set first.
    ndarray (M, P)
        Mean passes of each process by mass that has not met the set before.
    """
    inside = np.linalg.inv(walk.leontief[np.ix_(here, here)])
    reached = walk.last_producer @ walk.leontief
    met = reached[:, here] @ inside
    return np.asarray(met), np.asarray(reached - met @ walk.leontief[here])


def last_worked_shares(walk: UpstreamWalk, stage: str) -> dict[str, Floats]:
    """Share of each market's mass by the region that last worked it at a stage (E7).

    Returns
    -------
    dict of str to ndarray (M,)
        By region, then :data:`SECONDARY` and :data:`UNDOCUMENTED`; the sum is one in every market with inflow.
    """
    network = walk.network
    here = network.process_stage == stage
    met, others = _first_hit(walk, here)
    regions = network.process_region[here]
    found = {str(region): met[:, regions == region].sum(axis=1) for region in dict.fromkeys(regions)}
    found[SECONDARY] = others[:, (network.process_input <= 0) & ~here].sum(axis=1)
    found[UNDOCUMENTED] = np.where(network.inflow > 0, 1.0, 0.0) - sum(found.values())
    return found


def traced_shares(walk: UpstreamWalk, stage: str, weight: Floats) -> dict[str, float]:
    """Share of a use by the region that last worked it at a stage [1], largest first; the sum is one.

    Parameters
    ----------
    walk : UpstreamWalk
    stage : str
    weight : ndarray (M,)
        Share of the use by market, from :func:`use_weights`.
    """
    return shares_of_use(last_worked_shares(walk, stage), weight)


def shares_of_use(ends: Mapping[str, Floats], weight: Floats) -> dict[str, float]:
    """Shares of a use from shares by market, largest first; rounding residues are left out."""
    found = {name: float(weight @ share) for name, share in ends.items()}
    return {name: share for name, share in sorted(found.items(), key=lambda item: (-item[1], item[0])) if share > MIN_SHARE}


def passed_through(walk: UpstreamWalk, *regions: str) -> Floats:
    """Share of each market's mass that was worked at any stage in one of some regions (E8) (M)."""
    here = np.isin(walk.network.process_region, regions)
    if not here.any():
        return np.zeros(len(walk.network.markets))
    # hitting probability of a set from the Leontief inverse: passes[:, set] (passes[set, set])^-1 1
    inside = np.linalg.solve(walk.leontief[np.ix_(here, here)], np.ones(int(here.sum())))
    return np.asarray(walk.last_producer @ (walk.leontief[:, here] @ inside))


def mass_per_use(walk: UpstreamWalk, weight: Floats) -> Floats:
    """Mass that passes each market on its way to a use, per unit of the use (M)."""
    return np.asarray(weight @ walk.mass_per_unit)


def since(walk: UpstreamWalk, stage: str, needed: Floats) -> Floats:
    """Mass of a use that passes each market after it last left a stage (..., M).

    Parameters
    ----------
    walk : UpstreamWalk
    stage : str
    needed : ndarray (..., M)
        Mass that passes each market per unit of the use, whatever its way, from :func:`mass_per_use`.
    """
    here = walk.network.process_stage == stage
    made, before = walk.from_process[:, here], walk.from_market[here] @ walk.mass_per_unit
    left = np.linalg.solve((np.eye(made.shape[1]) + before @ made).T, (needed @ made)[..., None])[..., 0]
    return np.asarray(needed - left @ before)


def carried(walk: UpstreamWalk, stage: str, suppliers: Sequence[str], met: Floats, reached: Floats) -> tuple[Floats, Floats]:
    """Share of uses that passes each link and each process on its way from the suppliers' work at a stage.

    Parameters
    ----------
    walk : UpstreamWalk
    stage : str
    suppliers : sequence of str (S)
    met : ndarray (S, M)
        Share of each market's mass that the suppliers last worked at the stage, from :func:`last_worked_shares`.
    reached : ndarray (U, M)
        Mass of each use that passes each market after the stage, from :func:`since`.

    Returns
    -------
    ndarray (U, S, L), ndarray (U, S, P)
        Links, and processes: the supplier's own at the stage, whose sum is its share, then those further down.
    """
    network = walk.network
    links = (reached[:, network.destination] * walk.brought)[:, None] * met[:, network.origin]
    own = network.process_region == np.array(suppliers, object)[:, None]
    part = np.where(network.process_stage == stage, own, met @ walk.from_market.T)
    return links, (reached @ walk.from_process)[:, None] * part


def direct_shares(walk: UpstreamWalk, stage: str, home: tuple[str, ...], needed: Floats) -> dict[str, float]:
    """Share of the importer's supply of a stage's commodities by the region that delivers it (E9) [1].

    Parameters
    ----------
    walk : UpstreamWalk
    stage : str
    home : tuple of str
        Regions of the importer; their own production counts as supplied by them.
    needed : ndarray (M,)
        Mass that passes each market for the demands considered, from :func:`mass_per_use`.

    Returns
    -------
    dict of str to float
        Empty if the importer buys and makes nothing at that stage.
    """
    network = walk.network
    inside = np.isin(network.region, home)
    rows = inside & (network.stage == stage)
    weight = np.where(rows, needed, 0.0)
    found: dict[str, float] = {}
    for name, share in zip(network.process_region, weight @ walk.from_process, strict=True):
        found[name] = found.get(name, 0.0) + float(share)
    for name, share in zip(network.region, weight @ walk.from_link, strict=True):
        if name not in home:
            found[name] = found.get(name, 0.0) + float(share)
    found[UNDOCUMENTED] = float(weight @ walk.from_residual)
    total = sum(found.values())
    return {name: share / total for name, share in found.items() if share > 0} if total > 0 else {}


def entry_shares(walk: UpstreamWalk, home: tuple[str, ...], weights: Floats) -> list[dict[tuple[str, str], float]]:
    """Share of uses by the last crossing of the importer's border (E10) [1].

    Parameters
    ----------
    walk : UpstreamWalk
    home : tuple of str
    weights : ndarray (D, M)
        Shares of each use by market.

    Returns
    -------
    list of dict of (stage, supplier) to float
        For each use, by the stage of the commodity that carried it and the region of origin; ``("", "home")``
        for mass that never crossed the border. Each sums to one.
    """
    network = walk.network
    inside = np.isin(network.region, home)
    within = walk.step.copy()
    within[np.ix_(inside, ~inside)] = 0.0
    reached = _solve((np.eye(len(within)) - within).T, weights.T, network).T
    crosses = inside[network.destination] & ~inside[network.origin] & (network.flow > 0)
    into, origin = network.destination[crosses], network.origin[crosses]
    crossing = reached[:, into] * network.flow[crosses] / network.inflow[into]
    keys = [(str(network.stage[at]), str(network.region[at])) for at in origin]
    found: list[dict[tuple[str, str], float]] = []
    for row, weight in zip(crossing, weights, strict=True):
        sums: dict[tuple[str, str], float] = {}
        for key, share in zip(keys, row, strict=True):
            sums[key] = sums.get(key, 0.0) + float(share)
        stayed = max(float(weight.sum()) - sum(sums.values()), 0.0)
        found.append({key: share for key, share in sums.items() if share > MIN_SHARE} | {("", "home"): stayed})
    return found
