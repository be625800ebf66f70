"""Layout of the chain of a by-product metal: mine, refined metal, oxide, use, of one element throughout.

Mine output is as reported, plants and uses as assumed in the tables, trade as in customs records where a heading covers
one good only. All masses are of the element contained. New scrap recycled within the using industry is left out both as
supply and as use.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.system import customs, observations, trade
from ytterby.system.assemble import ObservedDraft
from ytterby.system.draft import DraftDemand, DraftFlow, DraftNetwork, DraftProcess
from ytterby.system.layouts.reduced_chain import merged

if TYPE_CHECKING:
    from ytterby.system.composition import Content
    from ytterby.system.inputs import FigureExpressions

MIN_USE = 1e-3
"""Uses below this [t/year] are left out."""


class SingleElement:
    """Element contents of commodities that consist of the element in their name."""

    def of(self, commodity: str) -> Content:
        """Content of a commodity ``stage.Symbol`` [t per t]."""
        return {commodity.partition(".")[2]: 1.0}


def layout(inputs: FigureExpressions) -> tuple[SingleElement, ObservedDraft]:
    """Element contents; draft network, prior flows and observations of one by-product metal."""
    base = DraftNetwork(tuple(processes(inputs)), tuple(uses(inputs)))
    recorded = merged(customs.records(inputs))
    flows = sorted(_flows(inputs, base, recorded), key=lambda flow: flow.id)
    facts = [*observations.process_observations(base), *observations.heading_observations(inputs, recorded, flows)]
    return SingleElement(), ObservedDraft(base, flows, facts)


def _flows(inputs: FigureExpressions, base: DraftNetwork, recorded: list[customs.CustomsRecord]) -> list[DraftFlow]:
    """Prior flows: customs records where a heading covers the good alone, else a balance of surplus and need."""
    headed = {row.commodities: row for row in inputs.rows("headings")}
    known = [
        DraftFlow(row.commodities, record.origin, record.destination, record.tonnes * row.contained)
        for row in headed.values()
        for record in recorded
        if record.heading == row.heading
    ]
    rest = trade.flows(inputs, base, {})
    return known + [flow for flow in rest if flow.commodity not in headed]


def processes(inputs: FigureExpressions) -> list[DraftProcess]:
    """Mines and plants; activity in t of the element in their output."""
    return sorted((_process(inputs, row) for row in inputs.rows("steps")), key=lambda process: process.id)


def _process(inputs: FigureExpressions, row: Any) -> DraftProcess:
    stage = row.commodity.partition(".")[0]
    cells = {f"{row.commodity}@{row.region}": 1.0}
    if row.feed:
        cells[f"{row.feed}@{row.region}"] = -1.0 / row.recovery
    return DraftProcess(
        f"{row.commodity}@{row.region}", stage, cells, inputs.cell(row.facts, row.value, row.rel), row.factor, row.rel, int(row.lag),
        row.driver, row.kind, row.utilisation, math.nan, inputs.cost(row),
    )  # fmt: skip


def uses(inputs: FigureExpressions) -> list[DraftDemand]:
    """Final uses: world supply of a good, by the share of each end use and of each region in it."""
    supply = _world_supply(inputs)
    found = []
    for row in inputs.rows("uses"):
        keys = inputs.rows("keys", key=row.key)
        whole = math.fsum(key.value for key in keys)
        for key in keys:
            size = supply[row.commodity] * row.share * key.value / whole
            if size > MIN_USE:
                found.append(DraftDemand(f"{row.commodity}@{key.region}", row.sector, size, row.rel))
    return sorted(found, key=lambda demand: demand.id)


def _world_supply(inputs: FigureExpressions) -> dict[str, float]:
    """World output of each good minus the input of other plants [t/year]."""
    left: dict[str, float] = {}
    for process in processes(inputs):
        for market, coefficient in process.coefficients.items():
            commodity = market.partition("@")[0]
            left[commodity] = left.get(commodity, 0.0) + coefficient * process.size
    return left
