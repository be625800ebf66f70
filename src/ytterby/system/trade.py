"""Bilateral trade: prior flows from customs records, balanced (RAS) to surplus and need, and merging of small links."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.system.assumptions import commodity_of, matches, region_in
from ytterby.system.draft import DraftFlow
from ytterby.system.ras import balance_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.system.customs import CommodityFlows
    from ytterby.system.draft import DraftNetwork
    from ytterby.system.inputs import FigureExpressions

MIN_TRANSIT_TRADE, MIN_FLOW = 1.0, 1e-3
"""Transit trade and flows below these [t/year] are left out."""

MIN_EXPORT_SHARE = 0.05
"""Smallest share of its surplus that the largest exporter exports."""

GRAVITY_WEIGHT = 0.03
"""Weight of the gravity term added to the customs pattern, so that a missing record does not exclude an exporter."""

BUYER_SHARE, SELLER_SHARE = 0.02, 0.05
"""Routes below both shares of imports and exports are left out of the prior; total imports and exports stay."""


HUB = "ROW"
SMALL = 1e-3
"""A link below this share of the throughput of both its markets is small."""


@dataclass(frozen=True)
class TradeBalance:
    """Total exports and imports of one commodity by region [t/year]."""

    exports: dict[str, float]
    imports: dict[str, float]


def flows(inputs: FigureExpressions, draft: DraftNetwork, found: CommodityFlows) -> list[DraftFlow]:
    """Prior flows of all commodities but scrap, which is not traded."""
    fixed = list(known_flows(inputs, found))
    prior: list[DraftFlow] = []
    for commodity in draft.commodities:
        if commodity.startswith("scrap."):
            continue
        gap = draft.gaps(commodity)
        known = [flow for flow in fixed if flow.commodity == commodity]
        for flow in known:
            gap[flow.origin] = gap.get(flow.origin, 0.0) - flow.size
            gap[flow.destination] = gap.get(flow.destination, 0.0) + flow.size
        pattern = {(o, d): size for (name, o, d), size in found.items() if name == commodity}
        transit = transit_trade(inputs, draft, commodity, pattern | {(flow.origin, flow.destination): flow.size for flow in known})
        prior += combined([*known, *balanced(commodity, totals(gap, transit, largest_producer(draft, commodity)), pattern)])
    return sorted(prior, key=lambda flow: flow.id)


def known_flows(inputs: FigureExpressions, found: CommodityFlows) -> Iterator[DraftFlow]:
    """Flows that are known individually, against the general direction of trade."""
    for row in inputs.rows("links"):
        key = (row.commodity, row.origin, row.destination)
        size = found.get(key, 0.0) if row.facts.startswith("BACI") else inputs.sum(row.facts).value
        if size > 0:
            yield DraftFlow(*key, size * row.factor)


def combined(parts: list[DraftFlow]) -> list[DraftFlow]:
    """Flows with those of the same commodity and pair of regions added up."""
    sizes: dict[tuple[str, str, str], float] = {}
    for flow in parts:
        key = (flow.commodity, flow.origin, flow.destination)
        sizes[key] = sizes.get(key, 0.0) + flow.size
    return [DraftFlow(*key, size) for key, size in sizes.items()]


def transit_trade(
    inputs: FigureExpressions, draft: DraftNetwork, commodity: str, pattern: dict[tuple[str, str], float]
) -> dict[str, float]:
    """Transit trade by region [t/year]: re-exports of trade hubs and two-way trade of producers."""
    transit: dict[str, float] = {}
    for row in inputs.rows("through"):
        if matches(commodity, row.commodity):
            for region in row.region.split():
                size = row.factor * _transit(inputs, draft, commodity, region, row, pattern)
                if size > MIN_TRANSIT_TRADE:
                    transit[region] = size
    return transit


def _transit(
    inputs: FigureExpressions, draft: DraftNetwork, commodity: str, region: str, row: Any, pattern: dict[tuple[str, str], float]
) -> float:
    """Transit trade by basis: recorded re-exports, a fact distributed over output, or the smaller of output and use."""
    output, use = draft.production.get(f"{commodity}@{region}", 0.0), draft.use.get(f"{commodity}@{region}", 0.0)
    if row.basis == "baci":
        sold = sum(size for (origin, _), size in pattern.items() if origin == region)
        bought = sum(size for (_, destination), size in pattern.items() if destination == region)
        return min(max(sold - max(output - use, 0.0), 0.0), bought)
    if row.basis == "fact":
        whole = sum(draft.production.get(f"{name}@{region}", 0.0) for name in draft.commodities if matches(name, row.commodity))
        return inputs.sum(row.facts).value * output / whole if whole else 0.0
    return min(output, use)


def largest_producer(draft: DraftNetwork, commodity: str) -> str:
    """Region with the largest output of a commodity; empty if there is none."""
    output = {region_in(market): size for market, size in draft.production.items() if commodity_of(market) == commodity}
    return max(sorted(output), key=output.__getitem__, default="")


def totals(gap: dict[str, float], transit: dict[str, float], producer: str) -> TradeBalance:
    """Prior exports and imports by region: surplus and need, each plus transit trade.

    The exports of the largest producer balance world trade, so that the others export their surplus; the rest of its
    own surplus is a change of stocks, and it imports only transit trade.
    """
    regions = sorted(set(gap) | set(transit) | ({producer} - {""}))
    exports = {region: max(gap.get(region, 0.0), 0.0) + transit.get(region, 0.0) for region in regions}
    imports = {region: max(-gap.get(region, 0.0), 0.0) + transit.get(region, 0.0) for region in regions}
    if producer:
        imports[producer] = transit.get(producer, 0.0)
        rest = math.fsum(imports.values()) - math.fsum(size for region, size in exports.items() if region != producer)
        exports[producer] = max(rest, MIN_EXPORT_SHARE * exports[producer], transit.get(producer, 0.0))
    return TradeBalance(exports, imports)


def balanced(commodity: str, market: TradeBalance, pattern: dict[tuple[str, str], float]) -> list[DraftFlow]:
    """Flows nearest to the pattern with the given imports; exports are scaled to total imports."""
    origins = [region for region, size in market.exports.items() if size > 0]
    destinations = [region for region, size in market.imports.items() if size > 0]
    if not origins or not destinations:
        return []
    need, offer = sum(market.imports.values()), sum(market.exports.values())
    seen = sum(pattern.get((o, d), 0.0) for o in origins for d in destinations) or 1.0
    seed = [
        [
            0.0 if o == d else pattern.get((o, d), 0.0) / seen + GRAVITY_WEIGHT * market.exports[o] * market.imports[d] / (offer * need)
            for d in destinations
        ]
        for o in origins
    ]
    rows, columns = [market.exports[o] * need / offer for o in origins], [market.imports[d] for d in destinations]
    table = balance_table(thinned(balance_table(seed, rows, columns)), rows, columns)
    cells = [(o, d, float(table[i, j])) for i, o in enumerate(origins) for j, d in enumerate(destinations)]
    return [DraftFlow(commodity, o, d, size) for o, d, size in cells if size > MIN_FLOW]


def thinned(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Table without routes that are small for both buyer and seller; the largest of each row and column stays."""
    bought, sold = table.sum(axis=0, keepdims=True), table.sum(axis=1, keepdims=True)
    keep = (table >= BUYER_SHARE * bought) | (table >= SELLER_SHARE * sold)
    keep |= table == table.max(axis=0, keepdims=True)
    keep |= table == table.max(axis=1, keepdims=True)
    return np.where(keep, table, 0.0)


def merged_path(origin: str, destination: str, flow: float, limit: float) -> tuple[tuple[str, str], ...]:
    """Links of a flow: the direct one, or two through the rest of the world (ROW) if it is below the limit and not its own."""
    if flow < limit and HUB not in (origin, destination):
        return (origin, HUB), (HUB, destination)
    return ((origin, destination),)


def merge_small(links: Mapping[tuple[str, str, str], float], throughput: Mapping[str, float], share: float = SMALL) -> CommodityFlows:
    """Replace every small link A > B by A > ROW and ROW > B.

    Total exports of A and imports of B do not change. A link is small if its flow is below ``share`` of the throughput
    of its origin and of its destination.

    Parameters
    ----------
    links : mapping
        Flow by (commodity, origin, destination).
    throughput : mapping
        Throughput of each market ``commodity@region`` [t/year].
    share : float
        Limit of a small link.
    """
    merged: CommodityFlows = {}
    for (commodity, origin, destination), flow in sorted(links.items()):
        limit = share * min(throughput[f"{commodity}@{origin}"], throughput[f"{commodity}@{destination}"])
        for a, b in merged_path(origin, destination, flow, limit):
            merged[commodity, a, b] = merged.get((commodity, a, b), 0.0) + flow
    return dict(sorted(merged.items()))
