"""Data of the map and the Sankey diagram: regional shares of world output by stage, and mass flows between stages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure import element_network, stages_of, traced_shares, upstream_walk
from ytterby.facts import regions
from ytterby.report.charts import Ribbon, group_of
from ytterby.system import added, ranked, weighed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ytterby.exposure import ElementNetwork
    from ytterby.system import System

    Floats = NDArray[np.float64]

COLUMNS = ("mine", "oxide", "metal", "magnet")
"""Stages shown in the Sankey diagram, before the column of end uses."""
SMALLEST = 1e-4
"""Ribbons below this share of the largest column's mass are left out [1]."""


def output_shares(system: System, element: str, stage: str) -> dict[str, float]:
    """Share of each region in the world's output of an element at a stage [1], largest first."""
    network = element_network(system, element)
    made = np.bincount(network.entry_process, np.maximum(network.entry_mass, 0.0), len(network.processes))
    here = network.process_stage == stage
    world = float(made[here].sum())
    shares: dict[str, float] = {}
    for region, mass in zip(network.process_region[here], made[here], strict=True):
        shares[str(region)] = shares.get(str(region), 0.0) + (float(mass) / world if world else 0.0)
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def output_facts(system: System, element: str, stages: Iterable[str]) -> tuple[str, ...]:
    """Ids of the facts behind the world's output of an element at some stages, by mass."""
    network = element_network(system, element)
    made = np.bincount(network.entry_process, np.maximum(network.entry_mass, 0.0), len(network.processes))
    here = np.isin(network.process_stage.astype(str), list(stages))
    return ranked(weighed(network.processes["facts"].to_numpy(object)[here], made[here].tolist()))


def chain_facts(system: System, element: str) -> tuple[str, ...]:
    """Ids of the facts behind an element's processes, links and uses, by mass."""
    network = element_network(system, element)
    made = np.bincount(network.entry_process, np.maximum(network.entry_mass, 0.0), len(network.processes))
    tables = ((network.processes, made), (network.links, network.flow), (network.demands, network.use))
    return ranked(added(*(weighed(table["facts"], mass.tolist()) for table, mass in tables)))


def chain_ribbons(system: System, element: str) -> tuple[tuple[str, ...], list[Ribbon]]:
    """Stages of an element's supply chain that have plants, and the masses between them [t of oxide/year].

    The input of each stage is attributed to the groups of regions that processed it at the stage before; material
    that passed no such plant (scrap, stocks) has no ribbon.
    """
    network = element_network(system, element)
    walk = upstream_walk(network)
    stages = tuple(stage for stage in stages_of(network) if stage in COLUMNS)
    masses: dict[tuple[int, str, str], float] = {}
    for column, stage in enumerate(stages):
        taken = _intake(network, stages[column + 1]) if column + 1 < len(stages) else _final(network)
        for group, by_market in taken.items():
            whole = float(by_market.sum())
            for supplier, share in traced_shares(walk, stage, by_market / whole).items() if whole > 0.0 else ():
                if supplier in regions():
                    key = (column, group_of(supplier), group)
                    masses[key] = masses.get(key, 0.0) + share * whole
    least = SMALLEST * max(masses.values(), default=0.0)
    return (*stages, "use"), [Ribbon(*key, mass) for key, mass in masses.items() if mass > least]


def _intake(network: ElementNetwork, stage: str) -> dict[str, Floats]:
    """Input of the plants of a stage from each market (M,) [t of oxide/year], by group of regions."""
    inputs = (network.entry_mass < 0) & (network.process_stage[network.entry_process] == stage)
    places = network.process_region[network.entry_process[inputs]]
    return _by_group(network, places, network.entry_market[inputs], -network.entry_mass[inputs])


def _final(network: ElementNetwork) -> dict[str, Floats]:
    """Final use of each market (M,) [t of oxide/year], by group of regions."""
    return _by_group(network, network.region[network.demand_market], network.demand_market, network.use)


def _by_group(network: ElementNetwork, places: Iterable[object], markets: Iterable[int], masses: Iterable[float]) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for region, market, mass in zip(places, markets, masses, strict=True):
        found.setdefault(group_of(str(region)), np.zeros(len(network.markets)))[market] += mass
    return found
