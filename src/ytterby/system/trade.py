"""Prior of bilateral flows: customs figures decomposed by unit value, then balanced (RAS) to exporters and importers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts.vocabulary import region_of
from ytterby.system.ras import balance_table
from ytterby.system.recipes import matches, recipe

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ytterby.system.draft import Draft
    from ytterby.system.inputs import Inputs

LEAST_HUB, LEAST_FLOW = 1.0, 1e-3
"""Passing trade and flows below these [t/year] are not laid out."""

BUYER_SHARE, SELLER_SHARE = 0.02, 0.05
"""Routes below both are left out of the prior; the sums of buyers and sellers stay."""

FLOOR = 0.03
"""Weight of the gravity term beside the customs pattern: no exporter is shut out by a missing record."""


@dataclass(frozen=True)
class Flow:
    """A prior flow between two regions [t/year of the commodity's own mass]."""

    commodity: str
    origin: str
    destination: str
    size: float


def customs(inputs: Inputs, year: int) -> pd.DataFrame:
    """Flows between regions by heading: gross tonnes and thousand USD; feed pairs and impossible unit values left out."""
    table = inputs.facts.trade()
    table = table[(table["year"] == year) & (table["quantity_t"] > 0)].copy()
    table["hs"] = table["hs"].astype(str)
    table["origin"], table["destination"] = table["exporter"].map(region_of), table["importer"].map(region_of)
    limits = recipe("headings").set_index("heading")["least_price"]
    table = table[table["value_kusd"] / table["quantity_t"] >= table["hs"].map(limits)]
    table = table[table["origin"] != table["destination"]]
    feeds = {(row.heading, row.origin, row.destination) for row in recipe("feed_pairs").itertuples()}
    keep = [key not in feeds for key in zip(table["hs"], table["origin"], table["destination"], strict=True)]
    return table[keep].groupby(["hs", "origin", "destination"], as_index=False)[["value_kusd", "quantity_t"]].sum()


def contained(inputs: Inputs, year: int) -> dict[tuple[str, str, str], float]:
    """Contained tonnes by (commodity, origin, destination): each flow is a mix of a cheap and a dear bundle that meets its unit value."""
    headings = recipe("headings").set_index("heading")
    bundles = recipe("bundles")
    known = set(bundles["exporter"])
    found: dict[tuple[str, str, str], float] = {}
    for row in customs(inputs, year).itertuples():
        heading = headings.loc[row.hs]
        exporter = bundles[(bundles["heading"] == row.hs) & (bundles["exporter"] == (row.origin if row.origin in known else "*"))]
        if exporter.empty:
            exporter = bundles[(bundles["heading"] == row.hs) & (bundles["exporter"] == "*")]
        dear = _dear_share(row.value_kusd / row.quantity_t, heading["cheap_price"], heading["dear_price"])
        tonnes = {"all": heading["contained_cheap"], "cheap": (1 - dear) * heading["contained_cheap"], "dear": dear * heading["contained_dear"]}
        for part in exporter.itertuples():
            key = (part.commodity, row.origin, row.destination)
            found[key] = found.get(key, 0.0) + row.quantity_t * tonnes[part.bundle] * part.share
    return found


def _dear_share(unit_value: float, cheap: float, dear: float) -> float:
    if cheap != cheap:  # noqa: PLR0124  (one bundle only)
        return 0.0
    return min(max((unit_value - cheap) / (dear - cheap), 0.0), 1.0)


def hubs(found: dict[tuple[str, str, str], float], commodity: str, surplus: dict[str, float]) -> dict[str, float]:
    """Re-exports by region: recorded exports beyond the own surplus, at most the recorded imports [t]."""
    out: dict[str, float] = {}
    into: dict[str, float] = {}
    for (name, origin, destination), size in found.items():
        if name == commodity:
            out[origin] = out.get(origin, 0.0) + size
            into[destination] = into.get(destination, 0.0) + size
    gaps = {region: min(size - surplus.get(region, 0.0), into.get(region, 0.0)) for region, size in out.items()}
    return {region: size for region, size in gaps.items() if size > LEAST_HUB}


def gaps(draft: Draft, commodity: str) -> dict[str, float]:
    """Prior production less use by region [t/year]."""
    made, used = draft.production(), draft.use()
    names = sorted({market for market in [*made, *used] if market.partition("@")[0] == commodity})
    return {market.partition("@")[2]: made.get(market, 0.0) - used.get(market, 0.0) for market in names}


def totals(gap: dict[str, float], through: dict[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """Prior exports and imports by region: surplus and need, with what passes through on both sides.

    The largest exporter takes up the difference, so that the others keep their reported surplus.
    """
    regions = sorted(set(gap) | set(through))
    exports = {region: max(gap.get(region, 0.0), 0.0) + through.get(region, 0.0) for region in regions}
    imports = {region: max(-gap.get(region, 0.0), 0.0) + through.get(region, 0.0) for region in regions}
    if any(exports.values()):
        largest = max(sorted(exports), key=exports.__getitem__)
        rest = sum(imports.values()) - sum(size for region, size in exports.items() if region != largest)
        exports[largest] = max(rest, 0.1 * exports[largest], through.get(largest, 0.0))
    return exports, imports


def balanced(commodity: str, exports: dict[str, float], imports: dict[str, float], pattern: dict[tuple[str, str], float]) -> list[Flow]:
    """Flows nearest to the pattern that meet all imports; exports are scaled to them."""
    origins, destinations = [r for r in sorted(exports) if exports[r] > 0], [r for r in sorted(imports) if imports[r] > 0]
    if not origins or not destinations:
        return []
    need, offer = sum(imports[r] for r in destinations), sum(exports[r] for r in origins)
    seen = sum(pattern.get((o, d), 0.0) for o in origins for d in destinations) or 1.0
    seed = [
        [0.0 if o == d else pattern.get((o, d), 0.0) / seen + FLOOR * exports[o] * imports[d] / (offer * need) for d in destinations] for o in origins
    ]  # fmt: skip
    rows, columns = [exports[o] * need / offer for o in origins], [imports[d] for d in destinations]
    table = balance_table(seed, rows, columns)
    table = balance_table(thinned(table), rows, columns)
    return [
        Flow(commodity, o, d, float(table[i, j])) for i, o in enumerate(origins) for j, d in enumerate(destinations) if table[i, j] > LEAST_FLOW
    ]  # fmt: skip


def thinned(table: np.ndarray) -> np.ndarray:
    """Table without the routes that matter neither to the buyer nor to the seller; every row and column keeps its largest."""
    bought, sold = table.sum(axis=0, keepdims=True), table.sum(axis=1, keepdims=True)
    keep = (table >= BUYER_SHARE * bought) | (table >= SELLER_SHARE * sold)
    keep |= table == table.max(axis=0, keepdims=True)
    keep |= table == table.max(axis=1, keepdims=True)
    return np.where(keep, table, 0.0)


def flows(inputs: Inputs, draft: Draft, year: int) -> list[Flow]:
    """Prior flows of every commodity."""
    found = contained(inputs, year)
    through, fixed = recipe("through"), list(named(inputs, found))
    made: list[Flow] = []
    for commodity in sorted({market.partition("@")[0] for market in [*draft.production(), *draft.use()]}):
        if commodity.startswith("scrap."):
            continue
        gap = gaps(draft, commodity)
        known = [flow for flow in fixed if flow.commodity == commodity]
        for flow in known:
            gap[flow.origin] = gap.get(flow.origin, 0.0) - flow.size
            gap[flow.destination] = gap.get(flow.destination, 0.0) + flow.size
        pattern = {(o, d): size for (name, o, d), size in found.items() if name == commodity}
        passing = hubs(found, commodity, gap)
        for row in through.itertuples():
            if matches(commodity, row.commodity):
                passing |= _crossing(draft, commodity, row)
        made += combined([*known, *balanced(commodity, *totals(gap, passing), pattern)])
    return made


def named(inputs: Inputs, found: dict[tuple[str, str, str], float]) -> Iterator[Flow]:
    """Flows that are known one by one, against the general direction of trade."""
    for row in recipe("links").itertuples():
        if row.facts.startswith("BACI"):
            size = found.get((row.commodity, row.origin, row.destination), 0.0)
        else:
            size = inputs.sum(row.facts).value
        if size > 0:
            yield Flow(row.commodity, row.origin, row.destination, size * row.factor)


def combined(parts: list[Flow]) -> list[Flow]:
    """Flows of the same pair added up."""
    sizes: dict[tuple[str, str, str], float] = {}
    for flow in parts:
        key = (flow.commodity, flow.origin, flow.destination)
        sizes[key] = sizes.get(key, 0.0) + flow.size
    return [Flow(*key, size) for key, size in sizes.items()]


def _crossing(draft: Draft, commodity: str, row: object) -> dict[str, float]:
    """Two-way trade of regions that make and use a commodity: a share of the smaller of both."""
    made, used = draft.production(), draft.use()
    regions = row.region.split()  # type: ignore[attr-defined]
    sizes = {region: row.share * min(made.get(f"{commodity}@{region}", 0.0), used.get(f"{commodity}@{region}", 0.0)) for region in regions}  # type: ignore[attr-defined]
    return {region: size for region, size in sizes.items() if size > LEAST_HUB}
