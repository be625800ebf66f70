"""One element's network: the System's tables as arrays of the element's oxide mass.

Every quantity is in t of oxide (REO equivalent) a year of one element, so that mass can be followed through every
stage whatever the commodity's own unit. Shapes: M markets, P processes, R recipe entries, L links, K demands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ytterby.errors import BalanceError, UnknownNameError
from ytterby.facts import STAGES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

BALANCE_TOLERANCE = 1e-6
"""Largest imbalance of a market that still counts as rounding, as a share of the element's largest flow."""


@dataclass(frozen=True, eq=False)
class ElementNetwork:
    """Flows of one element in a balanced System [t oxide/year]."""

    element: str
    markets: pd.DataFrame
    """Rows of the System's markets that hold the element (M)."""
    processes: pd.DataFrame
    """Rows of the System's processes that consume or produce it (P)."""
    links: pd.DataFrame
    """Rows of the System's links that carry it (L)."""
    demands: pd.DataFrame
    """Rows of the System's demands that use it (K)."""
    region: NDArray[np.object_]
    """Region of each market (M)."""
    stage: NDArray[np.object_]
    """Stage of each market's commodity (M)."""
    content: Floats
    """t of the element as oxide per t of the market's commodity (M)."""
    entry_process: Ints
    """Process of each recipe entry (R)."""
    entry_market: Ints
    """Market of each recipe entry (R)."""
    entry_mass: Floats
    """Element mass of each recipe entry at base activity, negative = input (R)."""
    origin: Ints
    """Origin market of each link (L)."""
    destination: Ints
    """Destination market of each link (L)."""
    flow: Floats
    """Flow of each link (L)."""
    flow_low: Floats
    """Low end of each link's flow (L)."""
    flow_high: Floats
    """High end of each link's flow (L)."""
    demand_market: Ints
    """Market of each demand (K)."""
    use: Floats
    """Base use of each demand (K)."""
    use_low: Floats
    """Low end of each use (K)."""
    use_high: Floats
    """High end of each use (K)."""
    residual: Floats
    """Constant flow that leaves (+) or enters (-) each market (M)."""
    headroom: Floats
    """Capacity over base activity of each process (P)."""

    @cached_property
    def process_stage(self) -> NDArray[np.object_]:
        """Stage of each process (P)."""
        return self.processes["stage"].to_numpy(object)

    @cached_property
    def process_region(self) -> NDArray[np.object_]:
        """Region of each process (P)."""
        return self.processes["region"].to_numpy(object)

    @cached_property
    def process_input(self) -> Floats:
        """Element mass that each process consumes [t/year] (P); zero for a mine."""
        return gather(self.entry_process, np.maximum(-self.entry_mass, 0.0), len(self.processes))

    @cached_property
    def inflow(self) -> Floats:
        """Element mass that enters each market: production, imports, negative residual (M)."""
        made = gather(self.entry_market, np.maximum(self.entry_mass, 0.0), len(self.markets))
        brought = gather(self.destination, self.flow, len(self.markets))
        return np.asarray(made + brought + np.maximum(-self.residual, 0.0))

    @cached_property
    def outflow(self) -> Floats:
        """Element mass that leaves each market: process inputs, exports, uses, positive residual (M)."""
        taken = gather(self.entry_market, np.maximum(-self.entry_mass, 0.0), len(self.markets))
        sent = gather(self.origin, self.flow, len(self.markets))
        used = gather(self.demand_market, self.use, len(self.markets))
        return np.asarray(taken + sent + used + np.maximum(self.residual, 0.0))

    def demands_of(self, regions: tuple[str, ...], sector: str | None = None) -> Ints:
        """Indices of the demands of some regions, of one sector or of all."""
        chosen = np.isin(self.demand_region, regions)
        if sector is not None:
            chosen &= self.demand_sector == sector
        return np.flatnonzero(chosen)

    @cached_property
    def demand_region(self) -> NDArray[np.object_]:
        """Region of each demand (K)."""
        return self.demands["region"].to_numpy(object)

    @cached_property
    def demand_sector(self) -> NDArray[np.object_]:
        """Sector of each demand (K)."""
        return self.demands["sector"].to_numpy(object)

    @cached_property
    def stage_order(self) -> tuple[str, ...]:
        """All stages, upstream first: the usual order, changed where a stage is made from a later one (antimony oxide from metal)."""
        place = {stage: float(i) for i, stage in enumerate(STAGES)}
        taken = self.entry_mass < 0
        steps = {
            (str(self.stage[market]), str(self.process_stage[process]))
            for market, process in zip(self.entry_market[taken], self.entry_process[taken], strict=True)
        }
        for _ in STAGES:
            for before, after in sorted(steps):
                if before != "scrap" and place[after] < place[before]:
                    place[after] = place[before] + 1 / 2
        return tuple(sorted(STAGES, key=place.__getitem__))


def gather(place: Ints, amount: Floats, count: int) -> Floats:
    """Sum of amounts by place (count,)."""
    return np.bincount(place, amount, count).astype(np.float64, copy=False)


def stages_of(network: ElementNetwork) -> tuple[str, ...]:
    """Stages at which the element is worked, upstream first; scrap is a loop and not counted as a stage."""
    present = set(network.process_stage)
    return tuple(stage for stage in network.stage_order if stage in present and stage != "scrap")


def element_network(system: System, element: str) -> ElementNetwork:
    """Network of one element.

    Parameters
    ----------
    system : System
        A balanced System.
    element : str
        Symbol of the element.

    Raises
    ------
    UnknownNameError
        If no commodity of the System contains the element.
    BalanceError
        If a market of the element is not balanced.
    """
    held = system.contents[(system.contents["element"] == element) & (system.contents["content"] > 0)]
    if held.empty:
        raise UnknownNameError("element of this System", element, set(system.contents["element"]))
    content = held.set_index("commodity")["content"]
    markets = system.markets[system.markets["commodity"].isin(content.index)]
    number = pd.Series(np.arange(len(markets)), markets.index)
    return _closed(_assemble(system, element, content, markets, number))


def _assemble(system: System, element: str, content: pd.Series, markets: pd.DataFrame, number: pd.Series) -> ElementNetwork:
    recipes = system.recipes[system.recipes["market"].isin(number.index)]
    processes = system.processes[system.processes.index.isin(recipes["process"])]
    order = pd.Series(np.arange(len(processes)), processes.index)
    held = content.reindex(markets["commodity"]).to_numpy(float)
    at = number.reindex(recipes["market"]).to_numpy(np.int64)
    of = order.reindex(recipes["process"]).to_numpy(np.int64)
    links = system.links[system.links["origin"].isin(number.index) & system.links["destination"].isin(number.index)]
    demands = system.demands[system.demands["market"].isin(number.index)]
    activity = processes["activity"].to_numpy(float)
    origin = number.reindex(links["origin"]).to_numpy(np.int64)
    where = number.reindex(demands["market"]).to_numpy(np.int64)
    flow, use = links["flow"].to_numpy(float) * held[origin], demands["use"].to_numpy(float) * held[where]
    with np.errstate(divide="ignore", invalid="ignore"):
        headroom = np.where(activity > 0, processes["capacity"].to_numpy(float) / activity, 1.0)
    return ElementNetwork(
        element=element,
        markets=markets,
        processes=processes,
        links=links,
        demands=demands,
        region=markets["region"].to_numpy(object),
        stage=markets["stage"].to_numpy(object),
        content=held,
        entry_process=of,
        entry_market=at,
        entry_mass=recipes["coefficient"].to_numpy(float) * activity[of] * held[at],
        origin=origin,
        destination=number.reindex(links["destination"]).to_numpy(np.int64),
        flow=flow,
        flow_low=_ranged(links["low"], flow, held[origin], np.minimum),
        flow_high=_ranged(links["high"], flow, held[origin], np.maximum),
        demand_market=where,
        use=use,
        use_low=_ranged(demands["low"], use, held[where], np.minimum),
        use_high=_ranged(demands["high"], use, held[where], np.maximum),
        residual=markets["residual"].fillna(0.0).to_numpy(float) * held,
        headroom=np.maximum(headroom, 1.0),
    )


def _ranged(bound: pd.Series, base: Floats, content: Floats, pick: np.ufunc) -> Floats:
    """Bound of a range in element mass, limited to its side of the base; the base itself if the bound is empty."""
    mass = bound.to_numpy(float) * content
    return np.asarray(pick(np.where(np.isnan(mass), base, mass), base))


def _closed(network: ElementNetwork) -> ElementNetwork:
    """The network with rounding errors moved into the residuals, so that every market balances exactly."""
    gap = network.inflow - network.outflow
    worst = int(np.argmax(np.abs(gap)))
    scale = max(float(network.flow.max(initial=0.0)), float(np.abs(network.entry_mass).max(initial=0.0)), 1e-12)
    if abs(gap[worst]) > BALANCE_TOLERANCE * scale:
        name = network.markets.index[worst]
        raise BalanceError(f"{network.element} at {name}: {gap[worst]:.6g} t/year of oxide more enter than leave; rebuild the System")
    return replace(network, residual=network.residual + gap)
