"""How a shortage is handed down the chain when nobody acts: the one place where it is worked out.

A process makes as much as its scarcest input allows, whoever is short serves all buyers alike, and each market draws on its stocks
until they are gone (equation P2 in ``docs/explanation/plan.md``). Nodes are markets, or markets of several regions that act as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SWEEPS = 400
"""Most passes along the chain; loops through scrap settle slowly."""
SETTLED = 1e-10
ROUNDING = 1e-9
"""Shares nearer to one than this are one."""
TINY = 1e-12
WEEKS = 52


class YearlyFlows(NamedTuple):
    """Flows of a year [t/year]."""

    system: System
    """Network whose labels the arrays have."""
    production: Floats
    """Inputs (negative) and outputs (row of ``system.recipes``)."""
    flow: Floats
    """(link,)"""
    residual: Floats
    """What leaves a market besides its uses; negative where it enters (market,)."""


def base_flows(system: System) -> YearlyFlows:
    """Flows of the base year of a System itself."""
    recipes = system.recipes
    made = recipes["coefficient"] * recipes["process"].map(system.processes["activity"])
    return YearlyFlows(system, made.to_numpy(float), system.links["flow"].to_numpy(float), system.markets["residual"].to_numpy(float))


class Levels(NamedTuple):
    """What is left, over what there is without a restriction."""

    nodes: Floats
    """Share of supply (case, node), 0-1."""
    links: Floats
    """Share of the flow on each link (case, link); above 1 where more comes."""
    released: Floats
    """Share of supply that comes out of stocks (case, node)."""


@dataclass(frozen=True, eq=False)
class YearlyChain:
    """The chain of one year as sparse matrices over nodes, processes and links."""

    inputs: sp.csr_matrix
    """Process <- node of an input."""
    outputs: sp.csr_matrix
    """Node <- process: output over the node's supply."""
    arrivals: sp.csr_matrix
    """Node <- link: flow over the node's supply; links within a node are left out."""
    constant: Floats
    """Share of each node's supply that comes from outside the network (node,)."""
    held: Floats
    """Stocks of each node over its supply of a year (node,)."""
    idle: NDArray[np.bool_]
    """Nodes without supply in that year (node,)."""
    origin: Ints
    """Node of origin of each link (link,); -1 outside."""

    @classmethod
    def of(cls, flows: YearlyFlows, node: Ints | None = None) -> YearlyChain:
        """Chain of some flows.

        Parameters
        ----------
        flows : Flows
        node : array (market,), optional
            Node of each market, -1 for those outside; each market is a node by default.
        """
        s = flows.system
        place = {name: i for i, name in enumerate(s.markets.index)}
        of = np.arange(len(place)) if node is None else node
        process = {name: i for i, name in enumerate(s.processes.index)}
        at = of[[place[name] for name in s.recipes["market"]]]
        by = np.array([process[name] for name in s.recipes["process"]])
        out, into = (of[[place[name] for name in s.links[end]]] for end in ("origin", "destination"))
        count, inside = int(of.max(initial=-1)) + 1, of >= 0
        takes, makes = (flows.production < 0.0) & (at >= 0), (flows.production > 0.0) & (at >= 0)
        carries = np.flatnonzero((into >= 0) & (into != out))
        entering = np.maximum(-np.bincount(of[inside], flows.residual[inside], count), 0.0)
        total = entering + np.bincount(at[makes], flows.production[makes], count)
        total += np.bincount(into[carries], flows.flow[carries], count)
        supply = np.maximum(total, TINY)
        made, carried = flows.production[makes] / supply[at[makes]], flows.flow[carries] / supply[into[carries]]
        return cls(
            inputs=sp.csr_matrix((np.ones(takes.sum()), (by[takes], at[takes])), shape=(len(process), count)),
            outputs=sp.csr_matrix((made, (at[makes], by[makes])), shape=(count, len(process))),
            arrivals=sp.csr_matrix((carried, (into[carries], carries)), shape=(count, len(out))),
            constant=entering / supply,
            held=_covers(s, of, count) / WEEKS,
            idle=total <= 0.0,
            origin=out,
        )

    def left(self, cut: Floats, stocks: Floats | float = 0.0) -> Levels:
        """What cuts leave of each node and link.

        Parameters
        ----------
        cut : array (case, link)
            Share of each link's flow that the restriction itself keeps back; negative where more comes.
        stocks : array (case, node) or float
            What each node has in stock, over its supply of a year.
        """
        level = np.ones((len(cut), len(self.constant)))
        held, taken = np.broadcast_to(stocks, level.shape), np.zeros(level.shape)
        for _ in range(SWEEPS):
            running, passing = _scarcest(self.inputs, level), self._passing(level, cut)
            made = np.minimum((self.outputs @ running.T).T + (self.arrivals @ passing.T).T + self.constant, 1.0)
            made[:, self.idle] = 1.0
            made[made > 1.0 - ROUNDING] = 1.0
            taken = released(1.0 - made, held)
            new = made + taken
            if np.abs(new - level).max(initial=0.0) < SETTLED:
                break
            level = new
        return Levels(level, self._passing(level, cut), taken)

    def _passing(self, level: Floats, cut: Floats) -> Floats:
        """Share of each link's flow that is sent (case, link)."""
        outside = np.ones((len(level), 1))
        return np.asarray(np.concatenate([level, outside], axis=1)[:, self.origin] * (1.0 - cut))


def released(need: Floats, stocks: Floats) -> Floats:
    """What comes out of stocks for a need, both over the supply of a year: nearly all of the smaller of the two.

    Less where they are alike: stocks lie with many, who keep some back while it gets scarce, and how large they are is not known.
    """
    small, large = np.minimum(need, stocks), np.maximum(need, stocks)
    ratio = small / np.maximum(large, TINY)
    return np.asarray(small / np.sqrt(1.0 + ratio * ratio))  # the power of 2 is fitted, among 1, 2 and 4: how sharply stocks end


def _covers(system: System, node: Ints, count: int) -> Floats:
    """Stocks of each node in weeks of its supply (node,): the mean of its markets by what leaves them."""
    markets, inside = system.markets, node >= 0
    size = (markets["use"] + markets["exports"]).to_numpy(float)[inside] + TINY
    weeks = np.bincount(node[inside], markets["cover"].to_numpy(float)[inside] * size, count)
    return np.asarray(weeks / np.maximum(np.bincount(node[inside], size, count), TINY))


def _scarcest(inputs: sp.csr_matrix, level: Floats) -> Floats:
    """Least level of the inputs of each process (case, process); 1 where it has none."""
    running = np.ones((len(level), inputs.shape[0]))
    counts = np.diff(inputs.indptr)
    using = np.flatnonzero(counts)
    if len(using):
        running[:, using] = np.minimum.reduceat(level[:, inputs.indices], inputs.indptr[:-1][using], axis=1)
    return running
