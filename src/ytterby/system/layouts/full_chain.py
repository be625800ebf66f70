"""Layout of the full rare-earth chain: all stages and all regions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby.system import customs, demands, observations, prices, stages, trade
from ytterby.system.assemble import ObservedDraft
from ytterby.system.assumptions import commodity_of
from ytterby.system.composition import Composition
from ytterby.system.draft import DraftNetwork, guess

if TYPE_CHECKING:
    from ytterby.system.draft import DraftProcess
    from ytterby.system.inputs import FigureExpressions


def layout(inputs: FigureExpressions) -> tuple[Composition, ObservedDraft]:
    """Element contents; draft network, prior flows and observations of all stages and regions."""
    composition = Composition(inputs)
    base = draft(inputs, composition)
    found = customs.commodity_flows(inputs, _goods(inputs, base), customs.records(inputs), customs.surplus_basket(base))
    flows = trade.flows(inputs, base, found)
    terms = observations.ObservationTerms(base, flows)
    facts = [
        *observations.process_observations(base),
        *observations.table_observations(inputs, composition, terms),
        *observations.customs_observations(inputs, found, flows),
    ]
    return composition, ObservedDraft(base, flows, facts)


def _goods(inputs: FigureExpressions, base: DraftNetwork) -> dict[str, float]:
    """Price of the goods that the network trades [USD/kg]."""
    return {name: price for name, price in prices.world_prices(inputs, base).items() if name in base.commodities}


def draft(inputs: FigureExpressions, composition: Composition) -> DraftNetwork:
    """Processes and demands with their priors, from mines to final uses."""
    processes = stages.mines(inputs) + stages.separation(inputs, composition)
    processes += stages.rejection(inputs, stages.by_market(processes, 1.0))
    magnets = stages.magnets(inputs, composition)
    output = stages.by_market(magnets, 1.0)
    processes += magnets + stages.recycling(inputs, composition, output)
    metals = stages.metals(inputs, composition)
    first = stages.first_use(inputs)
    smco = sum(size for market, size in output.items() if market.startswith("magnet.SmCo@"))
    built_in = demands.magnet_uses(inputs, sum(first.values()), smco)
    processes += stages.component_producers(inputs, *stages.needs_and_room(built_in, first))
    oxides = demands.oxide_uses(inputs, composition, oxide_in_magnets(processes, metals))
    uses = tuple(oxides.demands() + built_in.demands())
    processes += balancing(metals, DraftNetwork(tuple(processes + metals), uses))
    return DraftNetwork(tuple(sorted(processes, key=lambda process: process.id)), tuple(sorted(uses, key=lambda use: use.id)))


def oxide_in_magnets(processes: list[DraftProcess], metals: list[DraftProcess]) -> dict[str, float]:
    """Oxide needed for the metal in magnets, by element [t/year]."""
    ratio = {process.name.removeprefix("metal."): -min(process.coefficients.values()) for process in metals}
    charged = stages.by_market([process for process in processes if process.stage == "magnet"], -1.0)
    total: dict[str, float] = {}
    for market, size in charged.items():
        element = commodity_of(market).removeprefix("metal.")
        total[element] = total.get(element, 0.0) + size * ratio[element]
    return total


def balancing(metals: list[DraftProcess], base: DraftNetwork) -> list[DraftProcess]:
    """Metal production, where processes without a figure cover the part of world need that the others leave open."""
    filled = []
    for process in metals:
        if process.size == 0:
            gaps = base.gaps(process.name)
            process = replace(process, prior=guess(max(-sum(gaps.values()), 1.0)))  # noqa: PLW2901
        filled.append(process)
    return filled
