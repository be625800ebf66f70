"""What plants recover of the elements that they take in, how much of their capacity they use, and how far others show that more can be.

The figures are those of the base: the recovery of a plant is the share of an output's elements in its inputs that leaves with the
output, its use of capacity is the activity over the capacity. The best of a stage are those of the plants that run.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, cast

import numpy as np

from ytterby.system import sum_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.measures import NumberOrDraws
    from ytterby.simulation.labelled_network import LabelledNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HIGHEST_USE = 0.97
"""Most of a plant's capacity that is used at base prices [1]: the upper bound of the base years (``system.compile``)."""


def _kept(network: LabelledNetwork, key: str, make: Callable[[LabelledNetwork], Floats]) -> Floats:
    if (key,) not in network.cache:
        network.cache[key,] = make(network)
    return cast("Floats", network.cache[key,])


def entries_of(network: LabelledNetwork, p: int) -> Ints:
    """Recipe entries of a process."""
    return np.arange(network.net.recipe_start[p], network.net.recipe_start[p + 1])


def recoveries(network: LabelledNetwork) -> Floats:
    """Share of an output's elements in the inputs of its plant that leaves with it (R,) [1]; nan for inputs and for outputs of no input."""
    return _kept(network, "recoveries", _recoveries)


def _recoveries(network: LabelledNetwork) -> Floats:
    net, found = network.net, np.full(len(network.net.recipe_market), np.nan)
    held = [network.contents.get(str(name), {}) for name in network.commodity[net.recipe_market]]
    for p in range(len(net.activity)):
        entries, taken = entries_of(network, p), defaultdict[str, float](float)
        for r in entries[net.recipe_coefficient[entries] < 0.0]:
            for element, content in held[r].items():
                taken[element] -= net.recipe_coefficient[r] * content
        for r in entries[net.recipe_coefficient[entries] > 0.0]:
            within = sum(taken[element] for element in held[r])
            if within > 0.0:
                found[r] = net.recipe_coefficient[r] * sum(held[r].values()) / within
    return found


def _classes(network: LabelledNetwork) -> list[tuple[str, bool]]:
    """Stage of each process and whether it works up scrap: only plants of one class are compared (P,)."""
    net, found = network.net, []
    for p, name in enumerate(network.labels.processes):
        entries = entries_of(network, p)
        inputs = net.recipe_market[entries[net.recipe_coefficient[entries] < 0.0]]
        found.append((name.partition(".")[0], any(str(goods).startswith("scrap.") for goods in network.commodity[inputs])))
    return found


def best_recoveries(network: LabelledNetwork) -> Floats:
    """Highest recovery of the same good by a running plant of the same class (R,) [1]; nan where there is none."""
    return _kept(network, "best recoveries", _best_recoveries)


def _best_recoveries(network: LabelledNetwork) -> Floats:
    net, own, classes = network.net, recoveries(network), _classes(network)
    process_of = np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start))
    keys = [(classes[p], str(network.commodity[m])) for p, m in zip(process_of, net.recipe_market, strict=True)]
    best: dict[tuple[tuple[str, bool], str], float] = {}
    for r, key in enumerate(keys):
        if net.activity[process_of[r]] > 0.0 and np.isfinite(own[r]):
            best[key] = max(best.get(key, 0.0), float(own[r]))
    return np.array([best.get(key, np.nan) for key in keys])


def best_use(network: LabelledNetwork) -> Floats:
    """Highest use of capacity by a running plant of the same class that makes something (P,) [1]."""
    return _kept(network, "best use", _best_use)


def _best_use(network: LabelledNetwork) -> Floats:
    net, classes = network.net, _classes(network)
    outputs = sum_at(
        np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start)), (net.recipe_coefficient > 0).astype(float), len(classes)
    )
    best: dict[tuple[str, bool], float] = {}
    for p, key in enumerate(classes):
        if net.activity[p] > 0.0 and outputs[p] > 0.0:
            best[key] = max(best.get(key, 0.0), float(net.utilisation[p]))
    return np.asarray(np.minimum([best.get(key, 0.0) for key in classes], HIGHEST_USE), dtype=np.float64)


def reachable_gain(network: LabelledNetwork, r: int, access: NumberOrDraws) -> NumberOrDraws:
    """Relative gain of an output where its plant reaches a share of the best recovery [1]; nil where it has that already."""
    own, best = recoveries(network)[r], best_recoveries(network)[r]
    return np.maximum(access * best / own, 1.0) - 1.0 if np.isfinite(own) and np.isfinite(best) else 0.0 * access


def capped_gain(network: LabelledNetwork, r: int, gain: NumberOrDraws) -> NumberOrDraws:
    """A relative gain of an output as far as the inputs hold its elements [1]."""
    own = recoveries(network)[r]
    return np.minimum(gain, max(1.0 / own - 1.0, 0.0)) if np.isfinite(own) else 0.0 * gain


def practice(network: LabelledNetwork, p: int, access: NumberOrDraws, level: Floats) -> Floats:
    """Rise of the log odds that capacity is used, in each week (..., W), on the way to a share of the best use of the class."""
    own = float(network.net.utilisation[p])
    goal = np.maximum(access * best_use(network)[p], own)
    reached = own + level * (goal - own)
    return np.asarray(np.log(reached / (1.0 - reached)) - np.log(own / (1.0 - own)))
