"""Layout of a reduced chain, such as 2009, the year before the export crisis.

Mine, oxide, metal, one downstream use per element, and the magnets of Japan and China, in which Dy and Tb, Nd and Pr stand
in for each other. Trade follows customs records (BACI) heading by heading; use is apparent consumption. Smuggling is left
out: the mirror gap of the year is 0.3 kt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.system import customs, observations, prices, stages, substitutes
from ytterby.system.assemble import ObservedDraft
from ytterby.system.assumptions import commodity_of
from ytterby.system.composition import Composition
from ytterby.system.draft import DraftDemand, DraftFlow, DraftNetwork, guess
from ytterby.system.trade import merged_path

if TYPE_CHECKING:
    from ytterby.system.draft import DraftProcess
    from ytterby.system.inputs import FigureExpressions

SMALL_RECORD = 0.01
"""Recorded flows below this share of the trade of both regions under the heading go through the rest of the world."""

DEMAND_RELATIVE = 0.3
MIN_SIZE = 0.5
"""Flows and uses below this [t/year] are left out."""

CARRIER = "Nd"
"""Element whose supply determines the output of magnets."""


@dataclass(frozen=True)
class ReducedTrade:
    """Recorded trade by commodity and region."""

    found: customs.CommodityFlows

    @cached_property
    def net(self) -> dict[str, float]:
        """Imports minus exports by market [t/year]."""
        total: dict[str, float] = {}
        for flow in self.flows:
            total[f"{flow.commodity}@{flow.origin}"] = total.get(f"{flow.commodity}@{flow.origin}", 0.0) - flow.size
            total[f"{flow.commodity}@{flow.destination}"] = total.get(f"{flow.commodity}@{flow.destination}", 0.0) + flow.size
        return total

    @cached_property
    def flows(self) -> list[DraftFlow]:
        """Prior flows."""
        return [DraftFlow(*key, size) for key, size in sorted(self.found.items()) if size > MIN_SIZE]


def layout(inputs: FigureExpressions) -> tuple[Composition, ObservedDraft]:
    """Element contents; draft network, prior flows and observations of the reduced chain."""
    composition = Composition(inputs)
    supply = stages.mines(inputs) + stages.separation(inputs, composition)
    producers = [*stages.metals(inputs, composition), *substitutes.joint(inputs, composition), *stages.magnets(inputs, composition)]
    price = prices.world_prices(inputs, DraftNetwork(tuple(supply + producers)))
    recorded = merged(customs.records(inputs))
    trade = ReducedTrade(customs.commodity_flows(inputs, price, recorded, customs.output_basket(DraftNetwork(tuple(supply)), prices.HOME)))
    base = draft(inputs, composition, supply, producers, trade)
    flows = sorted([*trade.flows, *feeds(supply)], key=lambda flow: flow.id)
    facts = [
        *observations.process_observations(base),
        *observations.table_observations(inputs, composition, observations.ObservationTerms(base, flows)),
        *observations.heading_observations(inputs, recorded, flows),
    ]
    return composition, ObservedDraft(base, flows, facts)


def merged(recorded: list[customs.CustomsRecord]) -> list[customs.CustomsRecord]:
    """Records with small flows routed through the rest of the world; exports and imports keep their sums."""
    through: dict[tuple[str, str], float] = {}
    for record in recorded:
        for region in (record.origin, record.destination):
            through[record.heading, region] = through.get((record.heading, region), 0.0) + record.tonnes
    sums: dict[tuple[str, str, str], tuple[float, float]] = {}
    for record in recorded:
        limit = SMALL_RECORD * min(through[record.heading, record.origin], through[record.heading, record.destination])
        for a, b in merged_path(record.origin, record.destination, record.tonnes, limit):
            tonnes, kusd = sums.get((record.heading, a, b), (0.0, 0.0))
            sums[record.heading, a, b] = (tonnes + record.tonnes, kusd + record.kusd)
    return [customs.CustomsRecord(*key, *size) for key, size in sorted(sums.items())]


def feeds(supply: list[DraftProcess]) -> list[DraftFlow]:
    """Flows of concentrate from mines to separation plants of other regions."""
    mines = [process for process in supply if process.stage == "mine"]
    plants = {process.name.removeprefix("oxide."): process.region for process in supply if process.stage == "oxide"}
    flows = []
    for mine in mines:
        feed = mine.name.removeprefix("mine.")
        if plants[feed] != mine.region:
            flows.append(DraftFlow(f"mine.concentrate-{feed}", mine.region, plants[feed], mine.size))
    return flows


def draft(
    inputs: FigureExpressions, composition: Composition, supply: list[DraftProcess], producers: list[DraftProcess], trade: ReducedTrade
) -> DraftNetwork:
    """Processes sized by output and net trade of the regions; final uses are the remaining supply."""
    output = stages.by_market(supply, 1.0)
    magnets = [_magnet(inputs, process, producers, output, trade) for process in producers if process.stage == "magnet"]
    recycled = stages.recycling(inputs, composition, stages.by_market(magnets, 1.0))
    need = stages.by_market(magnets, -1.0)
    alloys = [replace(process, prior=guess(need.get(process.id, 0.0))) for process in producers if process.stage == "alloy"]
    need |= stages.by_market(alloys, -1.0)
    metals = [_metal(process, output, need, trade) for process in producers if process.stage == "metal"]
    processes = sorted(supply + magnets + recycled + alloys + metals, key=lambda process: process.id)
    return DraftNetwork(tuple(processes), tuple(_uses(inputs, processes, trade)))


def _magnet(
    inputs: FigureExpressions, process: DraftProcess, producers: list[DraftProcess], output: dict[str, float], trade: ReducedTrade
) -> DraftProcess:
    """Magnet production: uses a share of the neodymium that its region produces and imports."""
    metal, oxide = f"metal.{CARRIER}@{process.region}", f"oxide.{CARRIER}@{process.region}"
    producer = next(other for other in producers if other.id == metal)
    supply = (output.get(oxide, 0.0) + trade.net.get(oxide, 0.0)) / -producer.coefficients[oxide] + trade.net.get(metal, 0.0)
    share = inputs.assumptions.one("magnet_nd", region=process.region).share
    return replace(process, prior=guess(max(share * supply, 0.0) / _taken(metal, process, producers)), factor=1.0)


def _taken(metal: str, process: DraftProcess, producers: list[DraftProcess]) -> float:
    """What a magnet takes of a metal, as such and in alloys [t/t]."""
    alloys = {other.id: other.coefficients for other in producers if other.stage == "alloy"}
    parts = [size * alloys[name].get(metal, 0.0) for name, size in process.coefficients.items() if name in alloys]
    return sum(parts) - process.coefficients.get(metal, 0.0)


def _metal(process: DraftProcess, output: dict[str, float], need: dict[str, float], trade: ReducedTrade) -> DraftProcess:
    """Metal production: covers net exports of its region and the need of its magnets, as far as there is oxide."""
    (oxide, coefficient), (metal, _) = sorted(process.coefficients.items(), key=lambda item: item[1])
    wanted = need.get(metal, 0.0) - trade.net.get(metal, 0.0)
    room = (output.get(oxide, 0.0) + trade.net.get(oxide, 0.0)) / -coefficient
    return replace(process, prior=guess(max(min(wanted, room), 0.0)))


def _uses(inputs: FigureExpressions, processes: list[DraftProcess], trade: ReducedTrade) -> list[DraftDemand]:
    """Final uses: apparent consumption, that is output plus net imports minus inputs of processes."""
    output, taken = stages.by_market(processes, 1.0), stages.by_market(processes, -1.0)
    found = []
    for market in sorted({*output, *trade.net}):
        left = output.get(market, 0.0) - taken.get(market, 0.0) + trade.net.get(market, 0.0)
        for row in inputs.rows("uses", commodity=commodity_of(market)):
            if left * row.share > MIN_SIZE:
                found.append(DraftDemand(market, row.sector, left * row.share, DEMAND_RELATIVE))
    return sorted(found, key=lambda demand: demand.id)
