"""Random policies on random networks for the simulator's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.simulation import Effect, Interventions, no_interventions

if TYPE_CHECKING:
    from ytterby.system import Network

STRENGTH = {
    Effect.OPEN: 0.8,
    Effect.EXPORT_DUTY: 0.3,
    Effect.TARIFF: 0.3,
    Effect.LICENCE: 1.0,
    Effect.OUTAGE: 0.4,
    Effect.CAPACITY: 0.2,
    Effect.COVER: 0.3,
    Effect.DEMAND: 0.2,
    Effect.PURCHASE: 0.05,
    Effect.ACCESS: 0.5,
    Effect.SPECIFIC: 0.5,
    Effect.SOURCE: 0.3,
    Effect.SUPPLY: 0.1,
    Effect.FIRST: 0.9,
    Effect.LOCAL: 0.7,
    Effect.BOUND: 0.4,
    Effect.PLANNED: 0.1,
    Effect.GAIN: 0.1,
    Effect.MARGIN: 0.5,
    Effect.PRACTICE: 0.5,
    Effect.CHARGE: 0.5,
}


def random_policy(net: Network, weeks: int, seed: int, *, potential: bool = False) -> Interventions:
    """A policy with every kind of effect, a quota, two reserves and two price floors, all of moderate strength."""
    rng = np.random.default_rng(seed)
    links = len(net.flow)
    sizes = {Effect.OUTAGE: len(net.activity), Effect.CAPACITY: len(net.activity), Effect.COVER: len(net.price)}
    sizes |= {
        Effect.SUPPLY: len(net.price),
        Effect.LOCAL: len(net.price),
        Effect.PLANNED: len(net.price),
        Effect.MARGIN: len(net.activity),
        Effect.PRACTICE: len(net.activity),
        Effect.GAIN: len(net.recipe_market),
        Effect.PURCHASE: len(net.price),
        Effect.DEMAND: len(net.use),
        Effect.ACCESS: len(net.use),
    }
    kind, target, weight = [], [], []
    for effect, strength in STRENGTH.items():
        hit = np.flatnonzero(rng.random(sizes.get(effect, links)) < 0.3)
        kind += [int(effect)] * len(hit)
        target += hit.tolist()
        weight += (strength * rng.uniform(0.3, 1.0, len(hit))).tolist()
    kinds = np.array(kind)
    level = np.zeros((len(STRENGTH), weeks))
    for row in level:
        first, last = sorted(rng.integers(0, weeks, 2))
        row[first:last] = rng.uniform(0.2, 1.0)
    licensed = np.unique(np.array(target)[kinds == Effect.LICENCE])
    queue_of = np.full(links, -1)
    queue_of[licensed] = np.arange(len(licensed))
    group_of = np.where(rng.random(links) < 0.4, 0, -1)
    customs = rng.uniform(0.8, 1.5, links)
    legal_link_of = np.full(links, -1)
    legal_link_of[-1], group_of[-1] = 0, 1
    guaranteed = np.flatnonzero(net.recipe_coefficient > 0.0)[[0, -1]]
    allowed = float((customs * net.flow)[group_of == 0].sum())
    return no_interventions(net, weeks, contract=rng.uniform(0, 0.8, links), potential=potential)._replace(
        kind=kinds,
        target=np.array(target),
        measure=kinds,
        weight=np.array(weight),
        extra=rng.uniform(0.7, 1.1, len(kinds)),
        level=level,
        decision=np.tile([0.05, 0.15, 0.5, 0.3], (len(level), 1)),
        delay=np.tile(rng.uniform(0.0, 2.4, weeks), (len(level), 1)),
        approval=np.tile(rng.uniform(0.6, 1.0, weeks), (len(level), 1)),
        known=np.maximum(level, 0.1 * (np.arange(weeks) > 2)),
        keep=rng.uniform(0.0, 1.0, len(level)),
        queue_of=queue_of,
        queue_length=8,
        group_of=group_of,
        customs=customs,
        group_price=np.array([float(net.price.mean()), float(net.price.min())]),
        legal_link_of=legal_link_of,
        smuggling_group=1,
        allocation_group=np.array([0, 0]),
        allocation_start=np.array([weeks // 8, weeks // 2]),
        allocation_end=np.array([weeks // 2, weeks - 3]),
        allocation_tonnes=np.array([0.8, 0.7]) * allowed * weeks / 2.5,
        allocation_carried=np.array([0.0, seed % 3 / 2.0]),
        reserve_market=np.array([0, 1]),
        reserve_tonnes=np.array([3.0, 5.0]),
        reserve_rate=np.array([0.3, 0.2]),
        reserve_cover=np.array([0.7, 0.0]),
        reserve_price=np.array([1e300, 1.3]),
        reserve_start=np.array([0, 10]),
        reserve_end=np.array([weeks, weeks]),
        floor_entry=guaranteed,
        floor_reference=net.recipe_market[guaranteed[::-1]],
        floor_strike=net.price[net.recipe_market[guaranteed[::-1]]] * np.array([0.95, 1.2]),
        floor_limit=np.array([1e300, 0.3]),
        floor_upside=np.array([0.2, 0.0]),
        floor_above=net.price[net.recipe_market[guaranteed[::-1]]] * 1.25,
        floor_level=np.tile(np.arange(weeks) > weeks // 4, (2, 1)).astype(float),
    )
