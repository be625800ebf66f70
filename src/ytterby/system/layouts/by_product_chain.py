"""Layout of a by-product metal's chain: mine by-product, refined metal, oxide, use; one element from end to end.

Mines as reported, plants and uses as assumed in the tables, trade by customs where a heading tells the good. All
commodities are weighed by the element they contain. What is recycled within the using industry is left out on both
sides: use is net of new scrap.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ytterby.system import customs, observations, trade
from ytterby.system.assemble import Layout
from ytterby.system.draft import DraftDemand, DraftFlow, DraftNetwork, DraftProcess
from ytterby.system.layouts.reduced_chain import merged

if TYPE_CHECKING:
    from ytterby.system.composition import Content
    from ytterby.system.inputs import FigureExpressions

LEAST = 1e-3
"""Uses below this [t/year] are not laid out."""


class Elements:
    """Content of the commodities of a small chain: nothing but the element in their name."""

    def of(self, commodity: str) -> Content:
        """Content of a commodity by its name ``stage.Symbol``."""
        return {commodity.partition(".")[2]: 1.0}


def layout(inputs: FigureExpressions) -> tuple[Elements, Layout]:
    """What the commodities contain; draft network, prior flows and observations of one by-product metal."""
    base = DraftNetwork(tuple(processes(inputs)), tuple(uses(inputs)))
    recorded = merged(customs.records(inputs))
    flows = sorted(_flows(inputs, base, recorded), key=lambda flow: flow.id)
    facts = [*observations.process_observations(base), *observations.heading_observations(inputs, recorded, flows)]
    return Elements(), Layout(base, flows, facts)


def _flows(inputs: FigureExpressions, base: DraftNetwork, recorded: list[customs.CustomsRecord]) -> list[DraftFlow]:
    """Prior flows: what customs recorded where a heading holds the good alone, else surplus against need."""
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
    """Mines and plants; activity in t of the element in what they make."""
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
    """Final uses: the share of an end use in what the world makes of a good, by the region's share in that end use."""
    made = _world(inputs)
    found = []
    for row in inputs.rows("uses"):
        keys = inputs.rows("keys", key=row.key)
        whole = math.fsum(key.value for key in keys)
        for key in keys:
            size = made[row.commodity] * row.share * key.value / whole
            if size > LEAST:
                found.append(DraftDemand(f"{row.commodity}@{key.region}", row.sector, size, row.rel))
    return sorted(found, key=lambda demand: demand.id)


def _world(inputs: FigureExpressions) -> dict[str, float]:
    """World output of each good less what other plants take of it [t/year]."""
    left: dict[str, float] = {}
    for process in processes(inputs):
        for market, coefficient in process.coefficients.items():
            commodity = market.partition("@")[0]
            left[commodity] = left.get(commodity, 0.0) + coefficient * process.size
    return left
