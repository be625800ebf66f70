"""Footprints of goods from mine to gate, and how far goods meet a standard.

A plant's own footprint and those of its inputs are shared among its products by value at base prices. A market's goods have the mean of
what is made there and what is bought, at the flows of the base year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from ytterby.facts import expand_regions, load
from ytterby.system import footprint_table, sum_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.measures import effects as e
    from ytterby.simulation.labelled_network import LabelledNetwork

    Floats = NDArray[np.float64]

MIN_SIZE = 1e-12
"""Weight of a plant that does not run in the base year [t/week]: it counts where it is the only one."""
ROUNDS = 60
"""Steps up the chain; loops of scrap shrink by more than half in each."""


def own_footprint(network: LabelledNetwork, indicator: str) -> Floats:
    """Footprint of each process per tonne of activity (P,), in the unit of the indicator per t; nil where there is no figure.

    The base's own figures, or those of the package where it carries none.
    """
    key = ("own footprint", indicator)
    if key not in network.cache:
        table = network.system.footprints
        if table.empty:
            table = footprint_table(network.system, load())
        chosen = table[table["indicator"] == indicator].set_index("process")["value"]
        network.cache[key] = chosen.reindex(list(network.labels.processes), fill_value=0.0).to_numpy(dtype=np.float64)
    return cast("Floats", network.cache[key])


def _process_of(network: LabelledNetwork) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(network.net.activity)), np.diff(network.net.recipe_start))


def entry_footprint(network: LabelledNetwork, indicator: str) -> Floats:
    """Footprint from mine to gate per tonne of each output (R,), in the unit of the indicator per t; nil for inputs."""
    key = ("entry footprint", indicator)
    if key not in network.cache:
        network.cache[key] = _solve(network, own_footprint(network, indicator))
    return cast("Floats", network.cache[key])


def market_footprint(network: LabelledNetwork, indicator: str) -> Floats:
    """Footprint of the plants themselves per tonne that they make in a market (M,): sums over production are those over activity."""
    net, of, own = network.net, _process_of(network), own_footprint(network, indicator)
    outputs = np.maximum(net.recipe_coefficient, 0.0)
    worth = sum_at(of, outputs * net.price[net.recipe_market], len(own))
    per_output = np.where(outputs > 0.0, own[of] * net.price[net.recipe_market] / np.maximum(worth[of], 1e-300), 0.0)
    size = np.where(net.activity[of] > 0.0, net.activity[of], MIN_SIZE) * outputs
    total, whole = (sum_at(net.recipe_market, values, len(net.price)) for values in (size * per_output, size))
    return np.asarray(total / np.maximum(whole, 1e-300))


def goods_footprint(network: LabelledNetwork, indicator: str) -> Floats:
    """Footprint from mine to gate per tonne of each market's goods (M,)."""
    made, found = entry_footprint(network, indicator), np.zeros(len(network.net.price))
    for _ in range(ROUNDS):
        found = supply_mean(network, made, found)
    return found


def world_footprint(network: LabelledNetwork, indicator: str) -> Floats:
    """World mean of the footprint from mine to gate of each market's good (M,)."""
    mean = world_mean(network, entry_footprint(network, indicator))
    goods = dict(zip(network.commodity[network.net.recipe_market].tolist(), mean.tolist(), strict=True))
    return np.array([goods.get(str(name), 0.0) for name in network.commodity])


def _solve(network: LabelledNetwork, own: Floats) -> Floats:
    net, of, m = network.net, _process_of(network), len(network.net.price)
    outputs, inputs = np.maximum(net.recipe_coefficient, 0.0), np.maximum(-net.recipe_coefficient, 0.0)
    worth = sum_at(of, outputs * net.price[net.recipe_market], len(own))
    at_market, per_output = np.zeros(m), np.zeros(len(of))
    for _ in range(ROUNDS):
        whole = own + sum_at(of, inputs * at_market[net.recipe_market], len(own))
        per_output = np.where(outputs > 0.0, whole[of] * net.price[net.recipe_market] / np.maximum(worth[of], 1e-300), 0.0)
        at_market = supply_mean(network, per_output, at_market)
    return per_output


def supply_mean(network: LabelledNetwork, made: Floats, bought: Floats) -> Floats:
    """Mean over what a market gets in the base year (M,): ``made`` by output (R,) of its plants, ``bought`` by market of origin (M,)."""
    net, of, m = network.net, _process_of(network), len(network.net.price)
    outputs = np.maximum(net.recipe_coefficient, 0.0) * net.activity[of]
    whole = sum_at(net.recipe_market, outputs, m) + sum_at(net.destination, net.flow, m)
    total = sum_at(net.recipe_market, outputs * made, m) + sum_at(net.destination, net.flow * bought[net.origin], m)
    return np.asarray(total / np.maximum(whole, 1e-300))


def world_mean(network: LabelledNetwork, values: Floats) -> Floats:
    """Mean of values of outputs (R,) over the world's output of the same good in the base year (R,)."""
    net, of = network.net, _process_of(network)
    made = np.maximum(net.recipe_coefficient, 0.0) * net.activity[of]
    goods = np.unique(network.commodity[net.recipe_market], return_inverse=True)[1].astype(np.int64)
    count = int(goods.max(initial=-1)) + 1
    total, weighed = sum_at(goods, made, count), sum_at(goods, made * values, count)
    return np.asarray((weighed / np.maximum(total, 1e-300))[goods])


def meets(network: LabelledNetwork, rule: e.CertifiedShare) -> NDArray[np.bool_]:
    """Whether each output (R,) meets a standard: its footprint is within the limit, or its plant's region is recognised."""
    net, footprint = network.net, entry_footprint(network, rule.indicator)
    recognised = [region for name in rule.recognised for region in expand_regions(name)]
    within = footprint <= rule.limit * world_mean(network, footprint)
    return np.asarray((within | np.isin(network.region[net.recipe_market], recognised)) & (net.recipe_coefficient > 0.0))


def certified_share(network: LabelledNetwork, rule: e.CertifiedShare) -> Floats:
    """Share of each market's goods that was made to a standard (M,) [1], at the flows of the base year."""
    key = ("certified", rule.indicator, rule.limit, rule.recognised)
    if key not in network.cache:
        made, share = meets(network, rule).astype(np.float64), np.zeros(len(network.net.price))
        for _ in range(ROUNDS):
            share = supply_mean(network, made, share)
        network.cache[key] = np.clip(share, 0.0, 1.0)
    return cast("Floats", network.cache[key])
