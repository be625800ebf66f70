"""Prior of bilateral flows: customs patterns balanced (RAS) to exporters' surplus and importers' need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.system.assumptions import commodity_of, matches, region_in
from ytterby.system.draft import DraftFlow
from ytterby.system.ras import balance_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.system.customs import Contained
    from ytterby.system.draft import DraftNetwork
    from ytterby.system.inputs import FigureExpressions

MIN_HUB, MIN_FLOW = 1.0, 1e-3
"""Passing trade and flows below these [t/year] are not laid out."""

MIN_OFFER = 0.05
"""The largest exporter keeps this share of its surplus for export at least."""

FLOOR = 0.03
"""Weight of the gravity term beside the customs pattern: no exporter is shut out by a missing record."""

BUYER_SHARE, SELLER_SHARE = 0.02, 0.05
"""Routes below both are left out of the prior; the sums of buyers and sellers stay."""


@dataclass(frozen=True)
class TradeBalance:
    """What the trade of one commodity must meet [t/year by region]."""

    exports: dict[str, float]
    imports: dict[str, float]


def flows(inputs: FigureExpressions, draft: DraftNetwork, found: Contained) -> list[DraftFlow]:
    """Prior flows of every commodity but scrap."""
    fixed = list(named(inputs, found))
    made: list[DraftFlow] = []
    for commodity in draft.commodities:
        if commodity.startswith("scrap."):
            continue
        gap = draft.gaps(commodity)
        known = [flow for flow in fixed if flow.commodity == commodity]
        for flow in known:
            gap[flow.origin] = gap.get(flow.origin, 0.0) - flow.size
            gap[flow.destination] = gap.get(flow.destination, 0.0) + flow.size
        pattern = {(o, d): size for (name, o, d), size in found.items() if name == commodity}
        passing = through(inputs, draft, commodity, pattern | {(flow.origin, flow.destination): flow.size for flow in known})
        made += combined([*known, *balanced(commodity, totals(gap, passing, home(draft, commodity)), pattern)])
    return sorted(made, key=lambda flow: flow.id)


def named(inputs: FigureExpressions, found: Contained) -> Iterator[DraftFlow]:
    """Flows that are known one by one, against the general direction of trade."""
    for row in inputs.rows("links"):
        key = (row.commodity, row.origin, row.destination)
        size = found.get(key, 0.0) if row.facts.startswith("BACI") else inputs.sum(row.facts).value
        if size > 0:
            yield DraftFlow(*key, size * row.factor)


def combined(parts: list[DraftFlow]) -> list[DraftFlow]:
    """Flows of the same pair added up."""
    sizes: dict[tuple[str, str, str], float] = {}
    for flow in parts:
        key = (flow.commodity, flow.origin, flow.destination)
        sizes[key] = sizes.get(key, 0.0) + flow.size
    return [DraftFlow(*key, size) for key, size in sizes.items()]


def through(inputs: FigureExpressions, draft: DraftNetwork, commodity: str, pattern: dict[tuple[str, str], float]) -> dict[str, float]:
    """Trade that passes through a region [t/year]: re-exports of hubs and two-way trade of makers."""
    passing: dict[str, float] = {}
    for row in inputs.rows("through"):
        if matches(commodity, row.commodity):
            for region in row.region.split():
                size = row.factor * _passing(inputs, draft, commodity, region, row, pattern)
                if size > MIN_HUB:
                    passing[region] = size
    return passing


def _passing(
    inputs: FigureExpressions, draft: DraftNetwork, commodity: str, region: str, row: Any, pattern: dict[tuple[str, str], float]
) -> float:
    """Size of passing trade by its basis: recorded re-exports, a fact spread over the goods made, or a share of making and using."""
    made, used = draft.production.get(f"{commodity}@{region}", 0.0), draft.use.get(f"{commodity}@{region}", 0.0)
    if row.basis == "baci":
        sold = sum(size for (origin, _), size in pattern.items() if origin == region)
        bought = sum(size for (_, destination), size in pattern.items() if destination == region)
        return min(max(sold - max(made - used, 0.0), 0.0), bought)
    if row.basis == "fact":
        whole = sum(draft.production.get(f"{name}@{region}", 0.0) for name in draft.commodities if matches(name, row.commodity))
        return inputs.sum(row.facts).value * made / whole if whole else 0.0
    return min(made, used)


def home(draft: DraftNetwork, commodity: str) -> str:
    """Region that makes most of a commodity; none where nobody makes it."""
    made = {region_in(market): size for market, size in draft.production.items() if commodity_of(market) == commodity}
    return max(sorted(made), key=made.__getitem__, default="")


def totals(gap: dict[str, float], passing: dict[str, float], maker: str) -> TradeBalance:
    """Prior exports and imports: surplus and need, with what passes through on both sides.

    The largest maker takes up the difference, so that the others keep their surplus; its own gap is a change of stock, and it
    buys only what passes through.
    """
    regions = sorted(set(gap) | set(passing) | ({maker} - {""}))
    exports = {region: max(gap.get(region, 0.0), 0.0) + passing.get(region, 0.0) for region in regions}
    imports = {region: max(-gap.get(region, 0.0), 0.0) + passing.get(region, 0.0) for region in regions}
    if maker:
        imports[maker] = passing.get(maker, 0.0)
        rest = math.fsum(imports.values()) - math.fsum(size for region, size in exports.items() if region != maker)
        exports[maker] = max(rest, MIN_OFFER * exports[maker], passing.get(maker, 0.0))
    return TradeBalance(exports, imports)


def balanced(commodity: str, market: TradeBalance, pattern: dict[tuple[str, str], float]) -> list[DraftFlow]:
    """Flows nearest to the pattern that meet all imports; exports are scaled to them."""
    origins = [region for region, size in market.exports.items() if size > 0]
    destinations = [region for region, size in market.imports.items() if size > 0]
    if not origins or not destinations:
        return []
    need, offer = sum(market.imports.values()), sum(market.exports.values())
    seen = sum(pattern.get((o, d), 0.0) for o in origins for d in destinations) or 1.0
    seed = [
        [
            0.0 if o == d else pattern.get((o, d), 0.0) / seen + FLOOR * market.exports[o] * market.imports[d] / (offer * need)
            for d in destinations
        ]
        for o in origins
    ]
    rows, columns = [market.exports[o] * need / offer for o in origins], [market.imports[d] for d in destinations]
    table = balance_table(thinned(balance_table(seed, rows, columns)), rows, columns)
    cells = [(o, d, float(table[i, j])) for i, o in enumerate(origins) for j, d in enumerate(destinations)]
    return [DraftFlow(commodity, o, d, size) for o, d, size in cells if size > MIN_FLOW]


def thinned(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Table without the routes that matter neither to the buyer nor to the seller; every row and column keeps its largest."""
    bought, sold = table.sum(axis=0, keepdims=True), table.sum(axis=1, keepdims=True)
    keep = (table >= BUYER_SHARE * bought) | (table >= SELLER_SHARE * sold)
    keep |= table == table.max(axis=0, keepdims=True)
    keep |= table == table.max(axis=1, keepdims=True)
    return np.where(keep, table, 0.0)
