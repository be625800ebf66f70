"""Compiles the labelled tables of a System to the flat arrays of the simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.system.draft import SUBSTITUTE
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.system.system import System

MIN_COVER = 1.0
"""Smallest cover [weeks]: a market with stocks of less than a week of outflow could not serve its first week."""
MIN_CHOKE = 2.0
"""Smallest choke price as a multiple of the base price: no user of the base year is close to giving up."""
UTILISATION_RANGE = (0.05, 0.97)
"""Bounds of base utilisation; near 0 and 1 the logistic supply response cannot move in both directions."""
RESPONSIVE_DRIVERS = ("ree", "clay", "primary")
BY_PRODUCT_ELASTICITY = 0.05
"""Own-price response of a by-product's mine (model description, section 1: at most 0.1)."""
SUBSTITUTION_ELASTICITY = 2.0
"""Response to its margin of a process that competes with a substitute (assumed, 1-3: the low end of that among suppliers)."""


class Network(NamedTuple):
    """The supply network as flat arrays; flows in t/week, prices in USD/kg.

    M markets, P processes, R recipe entries, L links, K demands.
    """

    price: NDArray[np.float64]  # (M,) base price
    cover: NDArray[np.float64]  # (M,) target cover, weeks of outflow
    outflow: NDArray[np.float64]  # (M,) base use + exports + positive residual
    inflow: NDArray[np.float64]  # (M,) base own production + negative residual
    residual: NDArray[np.float64]  # (M,) constant flow that leaves (+) or enters (-)
    imports: NDArray[np.float64]  # (M,) base imports
    net_producer: NDArray[np.bool_]  # (M,) sets its own price
    activity: NDArray[np.float64]  # (P,) base activity
    capacity: NDArray[np.float64]  # (P,) largest activity
    utilisation: NDArray[np.float64]  # (P,) activity over capacity at base prices
    cost: NDArray[np.float64]  # (P,) unit cost
    adjust: NDArray[np.float64]  # (P,) weeks over which activity follows its target
    elasticity: NDArray[np.float64]  # (P,) 0 = conversion stage, 1 = responsive mine, else fixed own-price response
    recipe_start: NDArray[np.int64]  # (P+1,) first recipe entry of each process
    recipe_market: NDArray[np.int64]  # (R,)
    recipe_coefficient: NDArray[np.float64]  # (R,) negative = input
    origin: NDArray[np.int64]  # (L,)
    destination: NDArray[np.int64]  # (L,)
    flow: NDArray[np.float64]  # (L,) base flow
    share: NDArray[np.float64]  # (L,) of the destination's imports
    transit: NDArray[np.int64]  # (L,) weeks >= 1
    freight: NDArray[np.float64]  # (L,) USD/kg
    duty: NDArray[np.float64]  # (L,) base import duty
    export_tax: NDArray[np.float64]  # (L,) VAT that is not refunded on export
    qualification: NDArray[np.float64]  # (L,) weeks to qualify a supplier, 0 = none needed
    demand_market: NDArray[np.int64]  # (K,)
    use: NDArray[np.float64]  # (K,) base final use
    elasticity_short: NDArray[np.float64]  # (K,)
    elasticity_long: NDArray[np.float64]  # (K,)
    choke: NDArray[np.float64]  # (K,) USD/kg


class Labels(NamedTuple):
    """Names of the rows of a :class:`Network`."""

    markets: tuple[str, ...]
    processes: tuple[str, ...]
    links: tuple[str, ...]
    demands: tuple[str, ...]


def sum_at(at: NDArray[np.int64], weights: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Sum of the weights of each index 0 ... ``count - 1``, shape (count,)."""
    return np.bincount(at, weights=weights, minlength=count).astype(np.float64)


def _floats(column: pd.Series) -> NDArray[np.float64]:
    return np.ascontiguousarray(column.to_numpy(dtype=np.float64))


def _joined(running: pd.DataFrame, dormant: pd.DataFrame, **zeros: float) -> pd.DataFrame:
    """Rows of the base year followed by those of dormant plants, whose flows are zero."""
    import pandas as pd

    return pd.concat([running, dormant.assign(**zeros)]) if len(dormant) else running


def _recipes(
    recipes: pd.DataFrame, processes: pd.DataFrame, market_at: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    position = {name: i for i, name in enumerate(processes.index)}
    order = np.array([position[name] for name in recipes["process"]], dtype=np.int64)
    rows = np.argsort(order, kind="stable")
    start = np.zeros(len(position) + 1, dtype=np.int64)
    np.cumsum(np.bincount(order, minlength=len(position)), out=start[1:])
    market = np.array([market_at[name] for name in recipes["market"]], dtype=np.int64)[rows]
    return start, market, _floats(recipes["coefficient"])[rows]


def _supply_class(driver: str, stage: str) -> float:
    if driver == SUBSTITUTE:
        return SUBSTITUTION_ELASTICITY
    if stage != "mine":
        return 0.0
    return 1.0 if driver in RESPONSIVE_DRIVERS else BY_PRODUCT_ELASTICITY


def compile_network(system: System) -> tuple[Network, Labels]:
    """Flat arrays of a System, with their labels.

    Where utilisation lies outside :data:`UTILISATION_RANGE`, the capacity is changed and not the activity, so that
    the base year stays a steady state; covers below one week are raised to it. Dormant plants, their markets and their
    routes come after those of the base year, without activity, capacity or flow.
    """
    markets, links = system.all_markets, _joined(system.links, system.routes, flow=0.0)
    plants = system.plants.drop_duplicates("process").set_index("process")
    processes = _joined(system.processes, plants, activity=0.0, capacity=0.0)
    market_at = {name: i for i, name in enumerate(markets.index)}
    start, recipe_market, coefficient = _recipes(_joined(system.recipes, system.plants), processes, market_at)
    activity = _floats(processes["activity"]) / WEEKS_PER_YEAR
    capacity = _floats(processes["capacity"]) / WEEKS_PER_YEAR
    low, high = UTILISATION_RANGE
    capacity = np.clip(capacity, activity / high, np.maximum(activity / low, 1e-12))
    utilisation = activity / np.maximum(capacity, 1e-300)
    utilisation[len(system.processes) :] = np.clip(_floats(plants["utilisation"]), low, high)
    destination = np.array([market_at[name] for name in links["destination"]], dtype=np.int64)
    origin = np.array([market_at[name] for name in links["origin"]], dtype=np.int64)
    flow = _floats(links["flow"]) / WEEKS_PER_YEAR
    n = len(markets)
    imports = sum_at(destination, flow, n)
    exports = sum_at(origin, flow, n)
    weights = coefficient * np.repeat(activity, np.diff(start))
    produced = sum_at(recipe_market, np.maximum(weights, 0.0), n)
    consumed = sum_at(recipe_market, np.maximum(-weights, 0.0), n)
    demand_market = np.array([market_at[name] for name in system.demands["market"]], dtype=np.int64)
    use = _floats(system.demands["use"]) / WEEKS_PER_YEAR
    used = consumed + sum_at(demand_market, use, n)
    residual = produced + imports - used - exports
    qualification = _floats(links["qualification"]) if "qualification" in links else np.zeros(len(links))
    return Network(
        price=_floats(markets["price"]),
        cover=np.maximum(_floats(markets["cover"]), MIN_COVER),
        outflow=used + exports + np.maximum(residual, 0.0),
        inflow=produced + np.maximum(-residual, 0.0),
        residual=residual,
        imports=imports,
        net_producer=np.ascontiguousarray((markets["kind"] == "net_producer").to_numpy()),
        activity=activity,
        capacity=capacity,
        utilisation=utilisation,
        cost=_floats(processes["unit_cost"]),
        adjust=np.maximum(_floats(processes["lag"]), 1.0),
        elasticity=np.array([_supply_class(d, s) for d, s in zip(processes["driver"], processes["stage"], strict=True)]),
        recipe_start=start,
        recipe_market=recipe_market,
        recipe_coefficient=coefficient,
        origin=origin,
        destination=destination,
        flow=flow,
        share=flow / np.maximum(imports[destination], 1e-300),
        transit=links["transit"].to_numpy(dtype=np.int64),
        freight=_floats(links["cost"]),
        duty=_floats(links["duty"]),
        export_tax=_floats(links["vat_unrefunded"]),
        qualification=qualification,
        demand_market=demand_market,
        use=use,
        elasticity_short=_floats(system.demands["elasticity_short"]),
        elasticity_long=_floats(system.demands["elasticity_long"]),
        choke=np.maximum(_floats(system.demands["choke"]), MIN_CHOKE * _floats(markets["price"])[demand_market]),
    ), Labels(tuple(markets.index), tuple(processes.index), tuple(links.index), tuple(system.demands.index))
