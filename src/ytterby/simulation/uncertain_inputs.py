"""Uncertain inputs of an ensemble, and the parameters, covers and prices that follow from their values.

Keys: ``behaviour.<parameter>`` (ranges of ``behaviour.csv``), ``cover.<stage>@<block>`` (position
between the low, base and high covers of the System's markets), ``price.<stage>`` (level of base
prices). A scenario's own distribution of a key wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ytterby.facts import groups
from ytterby.measures import Triangular
from ytterby.simulation.behaviour import behaviour, parameters
from ytterby.simulation.labelled_network import price_level

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.simulation.behaviour import Behaviour
    from ytterby.simulation.labelled_network import LabelledNetwork

    Columns = Mapping[str, Any]
    """Values of uncertain inputs by key: an array (draw,), or a number that holds for all draws."""

BLOCKS = ("CN", "JP", "US", "EU")
"""Regions whose covers are drawn separately; all others share the block ``other``."""
MIN_SPAN = 1e-9


def block_of(region: str) -> str:
    """Block of regions in which a region's covers are drawn."""
    if region in BLOCKS:
        return region
    return "EU" if region in groups()["EU"].members else "other"


def market_keys(network: LabelledNetwork) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys of the uncertain cover and price level of each market."""
    key = ("market keys",)
    if key not in network.cache:
        stages = [str(stage) for stage in network.system.all_markets["stage"]]
        covers = tuple(f"cover.{stage}@{block_of(str(region))}" for stage, region in zip(stages, network.region, strict=True))
        network.cache[key] = (covers, tuple(f"price.{stage}" for stage in stages))
    return cast("tuple[tuple[str, ...], tuple[str, ...]]", network.cache[key])


def uncertain_inputs(network: LabelledNetwork) -> dict[str, Triangular]:
    """Distributions of all inputs that are drawn by default."""
    found: dict[str, Triangular] = {}
    for name, p in parameters().items():
        if p.high - p.low > MIN_SPAN:
            found[f"behaviour.{name}"] = Triangular(low=p.low, mode=p.default, high=p.high)
    unit = Triangular(low=-1.0, mode=0.0, high=1.0)
    covers, prices = market_keys(network)
    return found | dict.fromkeys((*covers, *prices), unit)


def drawn_behaviour(columns: Columns) -> Behaviour:
    """Behavioural parameters of draws, each (draw,) or one number for all."""
    return behaviour({key.partition(".")[2]: values for key, values in columns.items() if key.startswith("behaviour.")})


def drawn_cover(network: LabelledNetwork, columns: Columns) -> NDArray[np.float64]:
    """Covers of draws (..., M) [weeks]: positions from -1 to 0 interpolate between low and base, from 0 to 1 between base and high."""
    markets, base = network.system.all_markets, network.net.cover
    low = np.minimum(markets["cover_low"].to_numpy(dtype=np.float64), base)
    high = np.maximum(markets["cover_high"].to_numpy(dtype=np.float64), base)
    at, key = _positions(market_keys(network)[0], columns)
    cover = np.where(at < 0.0, at, 0.0)[..., key] * (base - low)
    cover += np.where(at > 0.0, at, 0.0)[..., key] * (high - base)
    cover += base
    return np.asarray(np.maximum(cover, 1.0, out=cover))


def drawn_price_level(network: LabelledNetwork, columns: Columns) -> NDArray[np.float64]:
    """Factor on all prices of each market in draws (..., M): the base year's price is itself uncertain."""
    low, high = price_level()
    at, key = _positions(market_keys(network)[1], columns)
    return np.asarray((1.0 + np.where(at < 0.0, -at * low, at * high))[..., key])


def _positions(keys: tuple[str, ...], columns: Columns) -> tuple[NDArray[np.float64], list[int]]:
    """Values of the distinct keys (..., key), 0 for keys that are not drawn, and the index of the key of each market."""
    names = {name: i for i, name in enumerate(dict.fromkeys(keys))}
    values = np.stack(np.broadcast_arrays(*(np.asarray(columns.get(name, 0.0), dtype=np.float64) for name in names)), axis=-1)
    return values, [names[key] for key in keys]


def input_kind(key: str, measures: Sequence[Mapping[str, Any]], calibrated: Collection[str]) -> str:
    """What an uncertain input rests on: ``derived`` or ``assumed``.

    Parameters
    ----------
    key : str
        Key of the input, such as ``behaviour.price_gain`` or ``measures.permits.approval_rate``.
    measures : sequence of mapping
        Measures of the scenario by their keys, as in ``run.json``.
    calibrated : collection of str
        Keys of the inputs that a calibration on history has drawn: these are derived, as are the numbers of a measure
        that it does not mark as assumed. All else is assumed.
    """
    if key in calibrated:
        return "derived"
    group, place, field = (*key.split(".", 2), "", "")[:3]
    if group != "measures":
        return "assumed"
    named = {str(i): measure for i, measure in enumerate(measures)} | {str(m["name"]): m for m in measures if m.get("name")}
    return "derived" if place in named and field.partition(".")[0] not in named[place].get("assumed", ()) else "assumed"
