"""Links on which measures act, and the share of each market's supply that depends on what passed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.system import sum_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.system import Network

    Floats = NDArray[np.float64]

MIN_FLOW = 1e-6
"""Smallest base flow of a link that is reported [t/week]."""
ROUNDS = 200
"""Most steps down the chain; loops through scrap settle within some dozens."""
SETTLED = 1e-9


def restricted_links(network: LabelledNetwork, policy: Interventions) -> NDArray[np.int64]:
    """Links on which a licence, ban, quota or duty acts in some week."""
    from ytterby.simulation.interventions import Effect

    acting = np.isin(np.arange(max(Effect) + 1), [Effect.OPEN, Effect.EXPORT_DUTY, Effect.TARIFF, Effect.LICENCE, Effect.SPECIFIC])
    touched = (policy.group_of >= 0) & (policy.legal_link_of < 0)
    touched[policy.target[acting[policy.kind] & np.any(policy.level, axis=1)[policy.measure]]] = True
    return np.flatnonzero(touched & (network.net.flow > MIN_FLOW))


def traced_share(net: Network, links: NDArray[np.int64]) -> Floats:
    """Share of each market's base supply that depends on goods that passed one of the links (M,).

    The inputs of a process are complements: what it makes carries the largest share among them, whatever they weigh. If the same
    units lack each input, this is exact; otherwise up to min(1, sum of the shares) is affected. What can replace one another, the
    processes that make a good and the sources of a market, is weighted by quantity. The least fixed point of going down the chain
    from nothing (the step is monotone and bounded by 1).

    Parameters
    ----------
    net : Network
    links : array of int
        Links that count as restricted.
    """
    passed = np.zeros(len(net.flow), dtype=bool)
    passed[links] = True
    of, made, supply = _production(net)
    share = np.zeros(len(net.price))
    for _ in range(ROUNDS):
        before, share = share, _one_step(net, share, passed, of, made) / supply
        share = np.minimum(share, 1.0)
        if np.abs(share - before).max(initial=0.0) < SETTLED:
            break
    return share


def _production(net: Network) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Process and base output of each recipe entry (R,) [t/week], nil for inputs, and base supply of each market (M,) [t/week]."""
    of = np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start))
    made = np.maximum(net.recipe_coefficient, 0.0) * net.activity[of]
    produced = sum_at(net.recipe_market, made, len(net.price))
    return of, made, np.maximum(np.maximum(net.inflow, produced) + net.imports, 1e-300)


def _one_step(net: Network, share: Floats, passed: NDArray[np.bool_], of: NDArray[np.int64], made: Floats) -> Floats:
    """Quantity (M,) [t/week] of each market's supply that is affected, if so much of every market's goods is."""
    needed = np.zeros(len(net.activity))
    np.maximum.at(needed, of, np.where(net.recipe_coefficient < 0.0, share[net.recipe_market], 0.0))
    own = sum_at(net.recipe_market, made * needed[of], len(share))
    return own + sum_at(net.destination, net.flow * np.where(passed, 1.0, share[net.origin]), len(share))
