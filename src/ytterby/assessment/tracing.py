"""Who worked it: shares of an importer's use by supplier, direct, embedded and traced (E6-E10).

The element's mass is followed upstream as a Markov chain: a tonne taken from a market came from its producers and
its suppliers in proportion to what they delivered. Loops (swarf and scrap that return as oxide) are a matrix inverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.assessment.network import gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.assessment.network import ElementNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SECONDARY = "secondary"
"""Supplier of what never passed the stage: old scrap and other sources that are not mines."""
UNDOCUMENTED = "undocumented"
"""Supplier of what enters a market by its residual: stock draw and undocumented flows."""


@dataclass(frozen=True, eq=False)
class Chain:
    """The upstream walk of one element: where a tonne in a market came from.

    Attributes
    ----------
    step : ndarray (M, M)
        Share of a market's inflow that came from another market through a process or a link.
    made : ndarray (M, P)
        Share of a market's inflow that a process delivered.
    taken : ndarray (P, M)
        Share of a process's intake that came from a market; a row of nil for a source.
    moved : ndarray (M, M)
        Share of a market's inflow that came over a link.
    drawn : ndarray (M,)
        Share of a market's inflow that its residual delivered.
    """

    network: ElementNetwork
    step: Floats
    made: Floats
    taken: Floats
    moved: Floats
    drawn: Floats


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
    made, taken, moved = made / inflow[:, None], taken / intake[:, None], moved / inflow[:, None]
    drawn = np.maximum(-network.residual, 0.0) / inflow
    return Chain(network, made @ taken + moved, made, taken, moved, drawn)


def _weights(walk: Chain, demands: Ints) -> Floats:
    """Share of some demands' use by market (M); sums to one, or to nil without use."""
    network = walk.network
    use = gather(network.demand_market[demands], network.use[demands], len(network.markets))
    total = use.sum()
    return np.asarray(use / total) if total > 0 else use


def absorbed(walk: Chain, stage: str) -> tuple[list[str], Floats]:
    """Where the mass in each market was last worked at a stage (E7).

    Parameters
    ----------
    walk : Chain
    stage : str

    Returns
    -------
    list of str
        Suppliers: regions that work the stage, then :data:`SECONDARY` and :data:`UNDOCUMENTED`.
    ndarray (M, suppliers)
        Shares; each row of a market with inflow sums to one.
    """
    network = walk.network
    here = network.process_stage == stage
    source = (network.process_input <= 0) & ~here
    regions = sorted(set(network.process_region[here]))
    ends = np.zeros((len(network.markets), len(regions) + 2))
    for column, region in enumerate(regions):
        ends[:, column] = walk.made[:, here & (network.process_region == region)].sum(axis=1)
    ends[:, -2], ends[:, -1] = walk.made[:, source].sum(axis=1), walk.drawn
    onward = walk.made[:, ~here] @ walk.taken[~here] + walk.moved
    return [*regions, SECONDARY, UNDOCUMENTED], np.linalg.solve(np.eye(len(onward)) - onward, ends)


def traced(walk: Chain, stage: str, demands: Ints) -> dict[str, float]:
    """Share of some demands' use by the region that last worked it at a stage [1]; sums to one."""
    suppliers, ends = absorbed(walk, stage)
    found = _weights(walk, demands) @ ends
    return {name: float(share) for name, share in zip(suppliers, found, strict=True) if share > 0}


def passed(walk: Chain, region: str) -> Floats:
    """Share of each market's mass that was worked at any stage in a region (E8) (M)."""
    network = walk.network
    here = network.process_region == region
    ends = walk.made[:, here].sum(axis=1)
    onward = walk.made[:, ~here] @ walk.taken[~here] + walk.moved
    return np.asarray(np.linalg.solve(np.eye(len(onward)) - onward, ends), np.float64)


def visits(walk: Chain, demands: Ints) -> Floats:
    """Mass that passes each market on its way to some demands, per unit of their use (M): the Leontief row."""
    identity = np.eye(len(walk.step))
    return np.asarray(np.linalg.solve((identity - walk.step).T, _weights(walk, demands)), np.float64)


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


def entered(walk: Chain, home: tuple[str, ...], demands: Ints) -> dict[tuple[str, str], float]:
    """Share of some demands' use by where it last crossed the importer's border (E10) [1].

    Returns
    -------
    dict of (stage, supplier) to float
        Stage of the commodity in which it came, and the region that it came from; ``home`` as supplier for what
        never left. Sums to one.
    """
    network = walk.network
    inside = np.isin(network.region, home)
    within = walk.step.copy()
    within[np.ix_(inside, ~inside)] = 0.0
    reached = np.linalg.solve((np.eye(len(within)) - within).T, _weights(walk, demands))
    crossing = np.where(inside, reached, 0.0)[:, None] * walk.moved
    found: dict[tuple[str, str], float] = {}
    for at, origin in zip(*np.nonzero(crossing[:, ~inside]), strict=True):
        column = np.flatnonzero(~inside)[origin]
        key = (str(network.stage[at]), str(network.region[column]))
        found[key] = found.get(key, 0.0) + float(crossing[at, column])
    found["", "home"] = max(1.0 - sum(found.values()), 0.0)
    return found
