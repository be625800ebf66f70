"""Base prices and conversion costs such that every active process earns a non-negative margin.

Oxides and other quoted goods: quotes FOB China. Other metals, magnets and components: cost of the inputs in the home
region plus conversion; NdFeB grades have a common margin that matches the export value. Other regions: the same price,
plus transport where they import.
Feeds and scrap: net-back value, that is the value of the products minus the cost of treatment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.system.assumptions import commodity_of, region_in
from ytterby.system.draft import SUBSTITUTE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.system.draft import DraftNetwork, DraftProcess
    from ytterby.system.inputs import FigureExpressions

HOME = "CN"
"""Region whose costs set the world price: the largest producer of every refined good."""

RETAINED_MARGIN = 0.1
"""Share of the margin that a plant retains; the rest goes to the seller of the feed."""

MIN_MARGIN = 0.01
"""Smallest margin of a good over its inputs, as a share of its price."""

MAX_TREATMENT_COST = 0.6
"""Largest cost of treating a feed or scrap, as a share of the products' value."""

EXPORTED = ("magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo")
"""Grades whose price includes the margin that matches the export value."""

Prices = dict[str, float]
"""USD/kg by commodity or market."""

TransportCosts = dict[tuple[str, str], tuple[float, int]]
"""Transport cost [USD/kg] and weeks by origin and destination."""


def transport_costs(inputs: FigureExpressions) -> TransportCosts:
    """Transport cost [USD/kg] and time [weeks] between all pairs of regions."""
    zones = {row.region: row.zone for row in inputs.rows("zones")}
    table = {(row.origin, row.destination): (float(row.cost), int(row.weeks)) for row in inputs.rows("transit")}
    return {(a, b): table[zones[a], zones[b]] for a in zones for b in zones}


def oxide_prices(inputs: FigureExpressions) -> Prices:
    """Quoted prices by commodity, without VAT [USD/kg]."""
    return {row.commodity: inputs.cell(row.fact, row.value, 0.0).value * row.factor for row in inputs.rows("prices")}


def world_prices(inputs: FigureExpressions, draft: DraftNetwork, exported: dict[str, float] | None = None) -> Prices:
    """Price of each commodity in the home region, before transport [USD/kg].

    Parameters
    ----------
    inputs : FigureExpressions
        Figures and assumptions.
    draft : DraftNetwork
        Processes with their coefficients and costs.
    exported : dict, optional
        Exports by magnet grade [t/year], the weights of the mean price that must match the export value.
    """
    price = oxide_prices(inputs)
    home = {process.name: process for process in draft.processes if process.region == HOME}
    for name, process in _of_stage(home, "metal"):
        if name not in price:
            price[name] = _inputs(process, price) + _cost(process)
    price |= _mean_costs(home, "alloy", price)
    for name, process in sorted(home.items()):
        if name.startswith("oxide.recycle-"):
            price[name.replace("oxide.recycle-", "scrap.")] = _net_back(process, _output_value(process, price))
    for name, process in _of_stage(home, "magnet"):
        price[name] = _inputs(process, price) - _scrap_credit(process, price) + _cost(process)
    if exported:
        _match_export_value(inputs, price, exported)
    for name, process in _of_stage(home, "component"):
        price[name] = _inputs(process, price) + _cost(process)
    return price


def _of_stage(home: dict[str, DraftProcess], stage: str) -> list[tuple[str, DraftProcess]]:
    return [(name, process) for name, process in sorted(home.items()) if process.stage == stage]


def _mean_costs(home: dict[str, DraftProcess], stage: str, price: Prices) -> Prices:
    """Cost of each good of a stage, mean of the processes that make it."""
    made: dict[str, list[tuple[float, float]]] = {}
    for _, process in _of_stage(home, stage):
        (good,) = (commodity_of(market) for market, size in process.coefficients.items() if size > 0)
        made.setdefault(good, []).append((process.size, _inputs(process, price) + _cost(process)))
    return {good: sum(size * cost for size, cost in rows) / sum(size for size, _ in rows) for good, rows in made.items()}


def _match_export_value(inputs: FigureExpressions, price: Prices, exported: dict[str, float]) -> None:
    """Add a common margin to the exported grades such that their mean price matches the customs value."""
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


def _output_value(process: DraftProcess, price: Prices) -> float:
    return sum(c * price[commodity_of(m)] for m, c in process.coefficients.items() if c > 0)


def _net_back(process: DraftProcess, value: float) -> float:
    """Value of the feed: value of the outputs minus treatment cost, minus the retained margin [USD/kg of activity]."""
    return (1 - RETAINED_MARGIN) * (value - min(_cost(process), MAX_TREATMENT_COST * value))


def market_prices(world: Prices, supply: dict[str, dict[str, float]], importers: set[str], transport: TransportCosts) -> Prices:
    """Price by market: the world price, plus the mean transport cost of the imports in net importing regions [USD/kg].

    Parameters
    ----------
    world : dict
        World price by commodity [USD/kg].
    supply : dict
        Imports of each market by region of origin [t/year].
    importers : set
        Markets of net importers.
    transport : dict
        Transport cost and time by pair of regions.
    """
    prices = {}
    for market, origins in supply.items():
        commodity, region = commodity_of(market), region_in(market)
        if commodity in world:
            total = sum(origins.values())
            carried = (
                sum(size * transport[origin, region][0] for origin, size in origins.items()) / total
                if market in importers and total
                else 0.0
            )
            prices[market] = world[commodity] + carried
    return prices


def feed_prices(processes: Iterable[DraftProcess], prices: Prices, routes: list[tuple[str, str]], transport: TransportCosts) -> Prices:
    """Net-back value of concentrates and scrap at the plant, and at the origin after transport [USD/kg].

    The value at the origin is at least :data:`RETAINED_MARGIN` of that at the plant.
    """
    found: Prices = {}
    for process in processes:
        for feed in (m for m, c in process.coefficients.items() if c < 0 and m.startswith(("mine.", "scrap."))):
            value = sum(c * prices[m] for m, c in process.coefficients.items() if c > 0)
            found[feed] = max(found.get(feed, 0.0), _net_back(process, value) / -process.coefficients[feed])
    for origin, destination in routes:
        if destination in found:
            cost = transport[region_in(origin), region_in(destination)][0]
            found[origin] = max(found.get(origin, 0.0), found[destination] - cost, RETAINED_MARGIN * found[destination])
    return found


def cover_inputs(processes: Iterable[DraftProcess], prices: Prices) -> Prices:
    """Prices, raised where the output of a plant would not cover the cost of its inputs; upstream plants first."""
    raised = dict(prices)
    for stage in ("metal", "magnet", "component"):
        for process in processes:
            if process.stage == stage:
                good = f"{process.name}@{process.region}"
                short = MIN_MARGIN * raised[good] - sum(c * raised[m] for m, c in process.coefficients.items())
                raised[good] += max(short, 0.0)
    return raised


def unit_cost(process: DraftProcess, prices: Prices) -> float:
    """Conversion cost [USD/kg of activity], limited such that the plant retains its share of the gross margin.

    A negative cost (finishing saved by rejection) is not limited. Who takes the dearer of two substitutes has what he pays more from it.
    """
    if process.cost is not None and process.cost.value < 0:
        return process.cost.value
    gross = sum(c * prices[m] for m, c in process.coefficients.items())
    if process.driver == SUBSTITUTE and gross < 0:
        return gross
    return min(_cost(process), (1 - RETAINED_MARGIN) * gross) if gross > 0 else 0.0
