"""Random balanced networks for the simulator's tests."""

from __future__ import annotations

import numpy as np

from ytterby.system import Network


def random_network(seed: int, *, regions: int = 4, goods: int = 3, potential: bool = False) -> Network:
    """A chain of goods in several regions, balanced: mines make good 0, each next good is made of the one before."""
    rng = np.random.default_rng(seed)
    m = regions * goods
    at = lambda good, region: good * regions + region  # noqa: E731
    price = np.repeat(10.0 * 4.0 ** np.arange(goods), regions) * rng.uniform(0.9, 1.1, m)
    use = rng.uniform(0.5, 5.0, m)
    origin, destination, flow = [], [], []
    net_supply = np.zeros(m)
    activity, start, market, coefficient, stage_mine = [], [0], [], [], []
    need = use.copy()
    for good in reversed(range(goods)):
        makers = rng.choice(regions, size=2, replace=False)
        share = rng.dirichlet([4.0, 1.0])
        total = sum(need[at(good, region)] for region in range(regions))
        made = np.zeros(regions)
        made[makers] = share * total
        surplus = made - np.array([need[at(good, region)] for region in range(regions)])
        # exporters deliver from their surplus in proportion to importers' deficits
        for i in np.flatnonzero(surplus > 1e-12):
            for j in np.flatnonzero(surplus < -1e-12):
                origin.append(at(good, i))
                destination.append(at(good, j))
                flow.append(surplus[i] * -surplus[j] / surplus[surplus > 1e-12].sum())
        for region in np.flatnonzero(made > 0):
            yield_ = rng.uniform(0.6, 0.95)
            activity.append(made[region])
            if good > 0:
                market.append(at(good - 1, region))
                coefficient.append(-1.0 / yield_)
                need[at(good - 1, region)] += made[region] / yield_
            market.append(at(good, region))
            coefficient.append(1.0)
            start.append(len(market))
            stage_mine.append(good == 0)
            net_supply[at(good, region)] += made[region]
    flow_ = np.array(flow)
    o, d = np.array(origin, dtype=np.int64), np.array(destination, dtype=np.int64)
    imports = np.bincount(d, weights=flow_, minlength=m)
    exports = np.bincount(o, weights=flow_, minlength=m)
    activity_, recipe_market = np.array(activity), np.array(market, dtype=np.int64)
    recipe_start, recipe_coefficient = np.array(start, dtype=np.int64), np.array(coefficient)
    weights = recipe_coefficient * np.repeat(activity_, np.diff(recipe_start))
    produced = np.bincount(recipe_market, weights=np.maximum(weights, 0), minlength=m)
    consumed = np.bincount(recipe_market, weights=np.maximum(-weights, 0), minlength=m)
    residual = produced + imports - use - consumed - exports
    worth = np.add.reduceat(recipe_coefficient * price[recipe_market], recipe_start[:-1])
    links = len(flow_)
    net = Network(
        price=price,
        cover=rng.uniform(4.0, 12.0, m),
        outflow=use + consumed + exports + np.maximum(residual, 0),
        inflow=produced + np.maximum(-residual, 0),
        residual=residual,
        imports=imports,
        net_producer=produced >= imports,
        activity=activity_,
        capacity=activity_ / rng.uniform(0.6, 0.9, len(activity_)),
        utilisation=activity_,
        cost=worth * 0.8,
        adjust=rng.uniform(2.0, 12.0, len(activity_)),
        elasticity=np.where(stage_mine, 1.0, 0.0),
        recipe_start=recipe_start,
        recipe_market=recipe_market,
        recipe_coefficient=recipe_coefficient,
        origin=o,
        destination=d,
        flow=flow_,
        share=flow_ / imports[d],
        transit=rng.integers(1, 7, links),
        freight=rng.uniform(0.1, 0.6, links),
        duty=np.zeros(links) if potential else rng.uniform(0, 0.06, links),
        export_tax=np.zeros(links) if potential else rng.uniform(0, 0.13, links),
        qualification=np.zeros(links) if potential else np.where(rng.random(links) < 0.4, 40.0, 0.0),
        demand_market=np.arange(m),
        use=use,
        elasticity_short=rng.uniform(0.05, 0.2, m),
        elasticity_long=rng.uniform(0.3, 0.6, m),
        choke=price * rng.uniform(20, 200, m),
    )
    return net._replace(utilisation=net.activity / net.capacity)
