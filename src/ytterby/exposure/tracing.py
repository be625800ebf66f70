"""Who worked it: shares of an importer's use by supplier, direct, embedded and traced (E6-E10).

The element's mass is followed upstream as a Markov chain: a tonne taken from a market came from its producers and
its suppliers in proportion to what they delivered. Loops (swarf and scrap that return as oxide) are a matrix inverse.
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
"""Supplier of what never passed the stage: old scrap and other sources that are not mines."""
LEAST = 1e-9
"""Shares below this are rounding."""
UNDOCUMENTED = "undocumented"
"""Supplier of what enters a market by its residual: stock draw and undocumented flows."""


@dataclass(frozen=True, eq=False)
class Chain:
    """The upstream walk of one element: where a tonne in a market came from.

    Attributes
    ----------
    made : ndarray (M, P)
        Share of a market's inflow that a process delivered.
    taken : ndarray (P, M)
        Share of a process's intake that came from a market; a row of nil for a source.
    moved : ndarray (M, M)
        Share of a market's inflow that came over a link from another.
    drawn : ndarray (M,)
        Share of a market's inflow that its residual delivered.
    """

    network: ElementNetwork
    made: Floats
    taken: Floats
    moved: Floats
    drawn: Floats

    @cached_property
    def step(self) -> Floats:
        """Share of a market's inflow that came from another market through a process or a link (M, M)."""
        return np.asarray(self.made @ self.taken + self.moved)

    @cached_property
    def brought(self) -> Floats:
        """Share of its destination's inflow that each link brings (L,)."""
        inflow = self.network.inflow[self.network.destination]
        return np.asarray(self.network.flow / np.where(inflow > 0, inflow, np.inf))

    @cached_property
    def makers(self) -> Floats:
        """Share of each market's mass by the process that worked it last, whatever its stage (M, P)."""
        return _solve(np.eye(len(self.moved)) - self.moved, self.made, self.network)

    @cached_property
    def passes(self) -> Floats:
        """Times that mass which a process made had passed another process, itself included (P, P): the Leontief inverse."""
        count = len(self.taken)
        return _solve(np.eye(count) - self.taken @ self.makers, np.eye(count), self.network)

    @cached_property
    def needs(self) -> Floats:
        """Mass that passes each market per unit of mass in a market, itself included (M, M)."""
        count = len(self.step)
        return _solve(np.eye(count) - self.step, np.eye(count), self.network)


def _solve(matrix: Floats, right: Floats, network: ElementNetwork) -> Floats:
    try:
        return np.asarray(np.linalg.solve(matrix, right), np.float64)
    except np.linalg.LinAlgError:
        raise BalanceError(f"{network.element}: some markets only feed one another; their mass has no origin") from None


def chain(network: ElementNetwork) -> Chain:
    """Upstream walk of an element's network (E6)."""
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
    return Chain(network, made / inflow[:, None], taken / intake[:, None], moved / inflow[:, None], drawn)


def use_weights(network: ElementNetwork, demands: Ints) -> Floats:
    """Share of some demands' use by market (M); sums to one, or to nil without use."""
    use = gather(network.demand_market[demands], network.use[demands], len(network.markets))
    total = use.sum()
    return np.asarray(use / total) if total > 0 else use


def _met(walk: Chain, here: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """First process of a set that the mass in each market met on its way upstream (E7).

    Returns
    -------
    ndarray (M, set)
        Share of a market's mass that met each process of the set first.
    ndarray (M, P)
        Passes of each process by what had not met the set before.
    """
    inside = np.linalg.inv(walk.passes[np.ix_(here, here)])
    reached = walk.makers @ walk.passes
    met = reached[:, here] @ inside
    return np.asarray(met), np.asarray(reached - met @ walk.passes[here])


def absorbed(walk: Chain, stage: str) -> dict[str, Floats]:
    """Share of each market's mass by the region that last worked it at a stage (E7).

    Returns
    -------
    dict of str to ndarray (M,)
        By region, then :data:`SECONDARY` and :data:`UNDOCUMENTED`; they sum to one in every market with inflow.
    """
    network = walk.network
    here = network.process_stage == stage
    met, others = _met(walk, here)
    regions = network.process_region[here]
    found = {str(region): met[:, regions == region].sum(axis=1) for region in dict.fromkeys(regions)}
    found[SECONDARY] = others[:, (network.process_input <= 0) & ~here].sum(axis=1)
    found[UNDOCUMENTED] = np.where(network.inflow > 0, 1.0, 0.0) - sum(found.values())
    return found


def traced(walk: Chain, stage: str, weight: Floats) -> dict[str, float]:
    """Share of a use by the region that last worked it at a stage [1]; sums to one, largest first.

    Parameters
    ----------
    walk : Chain
    stage : str
    weight : ndarray (M,)
        Share of the use by market, from :func:`use_weights`.
    """
    return weighted(absorbed(walk, stage), weight)


def weighted(ends: Mapping[str, Floats], weight: Floats) -> dict[str, float]:
    """Shares of a use from shares by market, largest first, without rounding."""
    found = {name: float(weight @ share) for name, share in ends.items()}
    return {name: share for name, share in sorted(found.items(), key=lambda item: (-item[1], item[0])) if share > LEAST}


def passed(walk: Chain, *regions: str) -> Floats:
    """Share of each market's mass that was worked at any stage in one of some regions (E8) (M)."""
    here = np.isin(walk.network.process_region, regions)
    if not here.any():
        return np.zeros(len(walk.network.markets))
    # hitting probability of a set from the Leontief inverse: passes[:, set] (passes[set, set])^-1 1
    inside = np.linalg.solve(walk.passes[np.ix_(here, here)], np.ones(int(here.sum())))
    return np.asarray(walk.makers @ (walk.passes[:, here] @ inside))


def visits(walk: Chain, weight: Floats) -> Floats:
    """Mass that passes each market on its way to a use, per unit of the use (M): the Leontief row."""
    return np.asarray(weight @ walk.needs)


def since(walk: Chain, stage: str, needed: Floats) -> Floats:
    """Mass of a use that passes each market after it last left a stage (..., M).

    Parameters
    ----------
    walk : Chain
    stage : str
    needed : ndarray (..., M)
        Mass that passes each market per unit of the use, whatever its way, from :func:`visits`.
    """
    here = walk.network.process_stage == stage
    made, before = walk.made[:, here], walk.taken[here] @ walk.needs
    left = np.linalg.solve((np.eye(made.shape[1]) + before @ made).T, (needed @ made)[..., None])[..., 0]
    return np.asarray(needed - left @ before)


def carried(walk: Chain, stage: str, suppliers: Sequence[str], met: Floats, reached: Floats) -> tuple[Floats, Floats]:
    """Share of uses that passes each link and each process on its way from the suppliers' work at a stage.

    Parameters
    ----------
    walk : Chain
    stage : str
    suppliers : sequence of str (S)
    met : ndarray (S, M)
        Share of each market's mass that the suppliers last worked at the stage, from :func:`absorbed`.
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
    part = np.where(network.process_stage == stage, own, met @ walk.taken.T)
    return links, (reached @ walk.made)[:, None] * part


def direct(walk: Chain, stage: str, home: tuple[str, ...], needed: Floats) -> dict[str, float]:
    """Share of the importer's supply of a stage's commodities by who delivers it (E9) [1].

    Parameters
    ----------
    walk : Chain
    stage : str
    home : tuple of str
        Regions of the importer; what they make themselves counts as theirs.
    needed : ndarray (M,)
        Mass that passes each market for the demands looked at, from :func:`visits`.

    Returns
    -------
    dict of str to float
        Empty where the importer takes nothing at that stage.
    """
    network = walk.network
    inside = np.isin(network.region, home)
    rows = inside & (network.stage == stage)
    weight = np.where(rows, needed, 0.0)
    found: dict[str, float] = {}
    for name, share in zip(network.process_region, weight @ walk.made, strict=True):
        found[name] = found.get(name, 0.0) + float(share)
    for name, share in zip(network.region, weight @ walk.moved, strict=True):
        if name not in home:
            found[name] = found.get(name, 0.0) + float(share)
    found[UNDOCUMENTED] = float(weight @ walk.drawn)
    total = sum(found.values())
    return {name: share / total for name, share in found.items() if share > 0} if total > 0 else {}


def entered(walk: Chain, home: tuple[str, ...], weights: Floats) -> list[dict[tuple[str, str], float]]:
    """Share of uses by where they last crossed the importer's border (E10) [1].

    Parameters
    ----------
    walk : Chain
    home : tuple of str
    weights : ndarray (D, M)
        Shares of each use by market.

    Returns
    -------
    list of dict of (stage, supplier) to float
        For each use, by the stage of the commodity in which it came and the region that it came from; ``("", "home")``
        for what never left. Each sums to one.
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
        found.append({key: share for key, share in sums.items() if share > LEAST} | {("", "home"): stayed})
    return found
