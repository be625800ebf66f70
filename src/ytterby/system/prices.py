"""Base prices and conversion costs such that every active process earns a non-negative margin.

Oxides, and whatever else the recipe quotes: quotes FOB China. Other metals, magnets, components: cost of the inputs
in the home region plus conversion; NdFeB grades carry a common margin that meets the export value. Other regions: the
same, plus transport where they import.
Feeds and scrap: value of the products less the cost of treating them (net back).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.system.assumptions import commodity_of, region_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.system.draft import DraftNetwork, DraftProcess
    from ytterby.system.inputs import FigureExpressions

HOME = "CN"
"""Region whose costs make the world price: the largest maker of every refined good."""

KEPT = 0.1
"""Share of the margin that a plant keeps."""

MIN_MARGIN = 0.01
"""A good brings at least this share of its price above its inputs."""

SHARE_OF_VALUE = 0.6
"""Treating a feed or scrap costs at most this share of the products' value."""

EXPORTED = ("magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo")
"""Grades that carry the margin of the export value."""

Prices = dict[str, float]
"""USD/kg by commodity or market."""

Ways = dict[tuple[str, str], tuple[float, int]]
"""Transport cost [USD/kg] and weeks by origin and destination."""


def transport(inputs: FigureExpressions) -> Ways:
    """Cost and weeks between all pairs of regions."""
    zones = {row.region: row.zone for row in inputs.rows("zones")}
    table = {(row.origin, row.destination): (float(row.cost), int(row.weeks)) for row in inputs.rows("transit")}
    return {(a, b): table[zones[a], zones[b]] for a in zones for b in zones}


def oxide_prices(inputs: FigureExpressions) -> Prices:
    """Quotes of the oxides by commodity, without VAT."""
    return {row.commodity: inputs.cell(row.fact, row.value, 0.0).value * row.factor for row in inputs.rows("prices")}


def world_prices(inputs: FigureExpressions, draft: DraftNetwork, exported: dict[str, float] | None = None) -> Prices:
    """Price of each commodity at home, before transport.

    Parameters
    ----------
    exported : dict, optional
        Exports of magnet grades [t/year]: weights of the export value that they must meet.
    """
    price = oxide_prices(inputs)
    home = {process.name: process for process in draft.processes if process.region == HOME}
    for name, process in _of_stage(home, "metal"):
        if name not in price:
            price[name] = _inputs(process, price) + _cost(process)
    for name, process in sorted(home.items()):
        if name.startswith("oxide.recycle-"):
            price[name.replace("oxide.recycle-", "scrap.")] = _net_back(process, price)
    for name, process in _of_stage(home, "magnet"):
        price[name] = _inputs(process, price) - _scrap_credit(process, price) + _cost(process)
    if exported:
        _meet_export_value(inputs, price, exported)
    for name, process in _of_stage(home, "component"):
        price[name] = _inputs(process, price) + _cost(process)
    return price


def _of_stage(home: dict[str, DraftProcess], stage: str) -> list[tuple[str, DraftProcess]]:
    return [(name, process) for name, process in sorted(home.items()) if process.stage == stage]


def _meet_export_value(inputs: FigureExpressions, price: Prices, exported: dict[str, float]) -> None:
    """Add one margin to the exported grades such that their mean meets the customs value."""
    mean = sum(size * price[name] for name, size in exported.items()) / sum(exported.values())
    margin = max(inputs.constant("magnet_export_value").value - mean, 0.0)
    for grade in EXPORTED:
        if grade in price:
            price[grade] += margin


def _inputs(process: DraftProcess, price: Prices) -> float:
    return sum(-c * price[commodity_of(m)] for m, c in process.coefficients.items() if c < 0)


def _scrap_credit(process: DraftProcess, price: Prices) -> float:
    return sum(c * price.get(commodity_of(m), 0.0) for m, c in process.coefficients.items() if c > 0 and m.startswith("scrap."))


def _cost(process: DraftProcess) -> float:
    return process.cost.value if process.cost else 0.0


def _net_back(process: DraftProcess, price: Prices) -> float:
    return _left(process, sum(c * price[commodity_of(m)] for m, c in process.coefficients.items() if c > 0))


def _left(process: DraftProcess, value: float) -> float:
    """What the plant can pay for its feed: value less cost, less the margin it keeps."""
    return (1 - KEPT) * (value - min(_cost(process), SHARE_OF_VALUE * value))


def market_prices(world: Prices, supply: dict[str, dict[str, float]], importers: set[str], ways: Ways) -> Prices:
    """Price by market: the world price, plus the mean transport of its imports where the region buys more than it sells.

    Parameters
    ----------
    supply : dict
        Imports of each market by origin region [t/year].
    """
    prices = {}
    for market, origins in supply.items():
        commodity, region = commodity_of(market), region_in(market)
        if commodity in world:
            total = sum(origins.values())
            carried = (
                sum(size * ways[origin, region][0] for origin, size in origins.items()) / total if market in importers and total else 0.0
            )
            prices[market] = world[commodity] + carried
    return prices


def feed_prices(processes: Iterable[DraftProcess], prices: Prices, routes: list[tuple[str, str]], ways: Ways) -> Prices:
    """Net back of concentrates and scrap at the plant, less transport at the mine (at least :data:`KEPT` of it)."""
    found: Prices = {}
    for process in processes:
        for feed in (m for m, c in process.coefficients.items() if c < 0 and m.startswith(("mine.", "scrap."))):
            value = sum(c * prices[m] for m, c in process.coefficients.items() if c > 0)
            found[feed] = max(found.get(feed, 0.0), _left(process, value) / -process.coefficients[feed])
    for origin, destination in routes:
        if destination in found:
            cost = ways[region_in(origin), region_in(destination)][0]
            found[origin] = max(found.get(origin, 0.0), found[destination] - cost, KEPT * found[destination])
    return found


def cover_inputs(processes: Iterable[DraftProcess], prices: Prices) -> Prices:
    """Prices raised where a plant's good would not pay for its inputs; upstream plants first."""
    raised = dict(prices)
    for stage in ("metal", "magnet", "component"):
        for process in processes:
            if process.stage == stage:
                good = f"{process.name}@{process.region}"
                short = MIN_MARGIN * raised[good] - sum(c * raised[m] for m, c in process.coefficients.items())
                raised[good] += max(short, 0.0)
    return raised


def unit_cost(process: DraftProcess, prices: Prices) -> float:
    """Conversion cost [USD/kg of activity]: the figure, at most what leaves the plant its share of the margin.

    A negative cost (saved by rejection) stays as it is.
    """
    if process.cost is not None and process.cost.value < 0:
        return process.cost.value
    gross = sum(c * prices[m] for m, c in process.coefficients.items())
    return min(_cost(process), (1 - KEPT) * gross) if gross > 0 else 0.0
