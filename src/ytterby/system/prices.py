"""Base prices and conversion costs such that every active process earns a non-negative margin.

Oxides: quotes FOB China. Metals, magnets, components: cost of the inputs in China plus conversion; NdFeB magnets
carry a common margin that meets the export value. Other regions: the same, plus transport where they import.
Feeds and scrap: value of the products less the cost of treating them (net back).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.system.recipes import recipe

if TYPE_CHECKING:
    from ytterby.system.draft import Draft, Process
    from ytterby.system.inputs import Inputs

KEPT = 0.1
"""Share of the margin that a plant keeps; also the least share of the output price that is no cost."""

SHARE_OF_VALUE = 0.6
"""Treating a feed or scrap costs at most this share of the products' value."""

Prices = dict[str, float]


def transport() -> dict[tuple[str, str], tuple[float, int]]:
    """Cost [USD/kg] and weeks between two regions."""
    zones = recipe("zones").set_index("region")["zone"]
    table = {(row.origin, row.destination): (row.cost, int(row.weeks)) for row in recipe("transit").itertuples()}
    return {(a, b): table[zones[a], zones[b]] for a in zones.index for b in zones.index}


def oxide_prices(inputs: Inputs) -> Prices:
    """Quotes of the oxides by commodity [USD/kg]."""
    return {row.commodity: inputs.one(row.fact).value * row.factor for row in recipe("prices").itertuples()}


def world_prices(inputs: Inputs, draft: Draft, exported: Prices) -> Prices:
    """Price of each commodity in the largest making region, before transport [USD/kg].

    Parameters
    ----------
    exported : dict
        Exports of NdFeB grades of that region [t/year]: weights of the export value.
    """
    price = oxide_prices(inputs)
    home = {process.id.partition("@")[0]: process for process in draft.processes if process.region == "CN"}
    for process in sorted(home.values(), key=lambda p: p.id):
        if process.stage == "metal":
            price[process.id.partition("@")[0]] = _inputs(process, price) + _cost(process)
    scrap = {name: process for name, process in home.items() if name.startswith("oxide.recycle-")}
    for name, process in sorted(scrap.items()):
        price[name.replace("oxide.recycle-", "scrap.")] = _netback(process, price)
    for grade in sorted(name for name in home if name.startswith("magnet.")):
        price[grade] = _inputs(home[grade], price) - _co_products(home[grade], price) + _cost(home[grade])
    margin = _export_margin(inputs, price, exported)
    for grade in ("magnet.NdFeB", "magnet.NdFeB-Dy", "magnet.SmCo"):
        price[grade] = price[grade] + margin if grade in price else 0.0
    for name in sorted(name for name in home if name.startswith("component.")):
        price[name] = _inputs(home[name], price) + _cost(home[name])
    return price


def _export_margin(inputs: Inputs, price: Prices, exported: Prices) -> float:
    ids = recipe("constants").set_index("name")["facts"]
    weight = sum(exported.values())
    cost = sum(size * price[name] for name, size in exported.items()) / weight if weight else 0.0
    return max(inputs.one(ids["magnet_export_value"]).value - cost, 0.0) if weight else 0.0


def _commodity(market: str) -> str:
    return market.partition("@")[0]


def _inputs(process: Process, price: Prices) -> float:
    return sum(-c * price[_commodity(m)] for m, c in process.coefficients.items() if c < 0)


def _co_products(process: Process, price: Prices) -> float:
    return sum(c * price[_commodity(m)] for m, c in process.coefficients.items() if c > 0 and m.startswith("scrap."))


def _cost(process: Process) -> float:
    return process.cost.value if process.cost else 0.0


def _netback(process: Process, price: Prices) -> float:
    value = sum(c * price[_commodity(m)] for m, c in process.coefficients.items() if c > 0)
    return (1 - KEPT) * (value - min(_cost(process), SHARE_OF_VALUE * value))


def market_prices(world: Prices, supply: dict[str, dict[str, float]], importers: set[str]) -> Prices:
    """Price by market: the world price, plus the mean transport of its imports where the region imports more than it sells."""
    ways = transport()
    prices = {}
    for market, origins in supply.items():
        commodity, _, region = market.partition("@")
        if commodity not in world:
            continue
        total = sum(origins.values())
        carried = sum(size * ways[origin, region][0] for origin, size in origins.items()) / total if total else 0.0
        prices[market] = world[commodity] + (carried if market in importers else 0.0)
    return prices


def feed_prices(draft: Draft, prices: Prices, routes: list[tuple[str, str]]) -> Prices:
    """Net back of concentrates and scrap at the plant, less transport at the mine."""
    ways = transport()
    found: Prices = {}
    for process in draft.processes:
        feeds = [m for m in process.coefficients if m.startswith(("mine.", "scrap.")) and process.coefficients[m] < 0]
        for feed in feeds:
            value = sum(c * prices[m] for m, c in process.coefficients.items() if c > 0)
            net = (1 - KEPT) * (value - min(_cost(process), SHARE_OF_VALUE * value)) / -process.coefficients[feed]
            found[feed] = max(found.get(feed, 0.0), net)
    for origin, destination in routes:
        if destination in found:
            cost = ways[origin.partition("@")[2], destination.partition("@")[2]][0]
            found[origin] = max(found.get(origin, 0.0), max(found[destination] - cost, KEPT * found[destination]))
    return found


def unit_cost(process: Process, prices: Prices) -> float:
    """Conversion cost [USD/kg of activity]: the figure, at most what leaves the plant its share of the margin."""
    if process.cost is not None and process.cost.value < 0:
        return process.cost.value
    gross = sum(c * prices[m] for m, c in process.coefficients.items())
    return max(min(_cost(process), (1 - KEPT) * gross), 0.0)
