"""Customs records (BACI) by commodity: the mixed goods of a heading are separated by maximum entropy.

A heading covers many goods. The prior shares are what the exporter can ship (its surplus, or the world's need if it only
trades); they are weighted by a power of the price such that the mean price equals the unit value of the flow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.facts import region_of
from ytterby.system.assumptions import matches
from ytterby.system.ras import tilted

if TYPE_CHECKING:
    from ytterby.system.draft import DraftNetwork
    from ytterby.system.inputs import FigureExpressions

Basket = Callable[[list[str], str], dict[str, float]]
"""Function from the goods of a heading and an exporting region to tonnes by good."""

CommodityFlows = dict[tuple[str, str, str], float]
"""Tonnes by (commodity, origin, destination)."""


@dataclass(frozen=True)
class CustomsRecord:
    """Recorded trade of a customs heading between two regions in a year."""

    heading: str
    origin: str
    destination: str
    tonnes: float
    kusd: float

    @property
    def unit_value(self) -> float:
        """USD/kg."""
        return self.kusd / self.tonnes


def records(inputs: FigureExpressions) -> list[CustomsRecord]:
    """Customs records of the base year between regions.

    Flows within a region, ores declared under these headings and records with implausible weights are left out.
    """
    floor = {row.heading: row.min_price for row in inputs.rows("headings")}
    table = inputs.trade
    table = table[(table["year"] == inputs.year) & (table["quantity_t"] > 0) & table["hs"].astype(str).isin(list(floor))]
    feeds = {(row.heading, row.origin, row.destination) for row in inputs.rows("feed_pairs")}
    sums: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for heading, exporter, importer, kusd, tonnes in sorted(
        zip(table["hs"].astype(str), table["exporter"], table["importer"], table["value_kusd"], table["quantity_t"], strict=True)
    ):
        key = (heading, region_of(exporter), region_of(importer))
        if key[1] != key[2] and key not in feeds and kusd / tonnes >= floor.get(heading, 0.0):
            sums.setdefault(key, []).append((tonnes, kusd))
    return [CustomsRecord(*key, sum(t for t, _ in parts), sum(v for _, v in parts)) for key, parts in sorted(sums.items())]


def commodity_flows(inputs: FigureExpressions, price: dict[str, float], flows: list[CustomsRecord], basket: Basket) -> CommodityFlows:
    """Tonnes of each commodity in the recorded flows.

    Parameters
    ----------
    inputs : FigureExpressions
        Assumptions on the headings.
    price : dict
        Price by commodity [USD/kg]; only these commodities are assigned to headings.
    flows : list of CustomsRecord
        Recorded flows.
    basket : callable
        Prior tonnes by good of what a region can ship.
    """
    found: CommodityFlows = {}
    for row in inputs.rows("headings"):
        goods = sorted(commodity for commodity in price if matches(commodity, row.commodities))
        for flow in (flow for flow in flows if flow.heading == row.heading):
            for name, share in tilted(basket(goods, flow.origin), price, flow.unit_value).items():
                key = (name, flow.origin, flow.destination)
                found[key] = found.get(key, 0.0) + share * flow.tonnes * row.contained
    return found


def surplus_basket(draft: DraftNetwork) -> Basket:
    """Prior of what an exporter ships: its surplus, at most the world's need; pure traders ship the world's need."""

    def basket(goods: list[str], origin: str) -> dict[str, float]:
        gaps = {name: draft.gaps(name) for name in goods}
        world = {name: sum(max(-gap, 0.0) for gap in gaps[name].values()) for name in goods}
        own = {name: min(gaps[name].get(origin, 0.0), world[name]) for name in goods}
        return {name: size for name, size in own.items() if size > 0} or {name: size for name, size in world.items() if size > 0}

    return basket


def output_basket(draft: DraftNetwork, home: str) -> Basket:
    """Prior of what an exporter ships: proportional to its output of separated oxides, or to that of ``home`` if it has none."""

    def basket(goods: list[str], origin: str) -> dict[str, float]:
        output = {
            region: {name: draft.production.get(f"oxide.{name.partition('.')[2]}@{region}", 0.0) for name in goods}
            for region in (origin, home)
        }
        own = output[origin] if any(output[origin].values()) else output[home]
        return {name: size for name, size in own.items() if size > 0}

    return basket
