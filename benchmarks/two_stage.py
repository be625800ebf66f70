"""A synthetic two-stage programme of the size and shape of a plan: years, commodities in chains, stocks, sectors, restrictions.

One party has 15 years, 60 commodities in four stages, 10,800 columns and 5,400 rows a scenario, and 360 decisions of the first
stage. Figures are drawn, not gathered: only sizes and structure are those of a plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ytterby.solver import FirstStage, Recourse

YEARS, ELEMENTS, STAGES, SUPPLIERS, SEGMENTS = 15, 15, 4, 3, 4
LEAD, VINTAGES = 3, 5
DISCOUNT = 0.95


@dataclass
class Columns:
    """Column numbers of a block of the recourse (years, items), counted on."""

    count: int = 0

    def block(self, items: int) -> np.ndarray:
        numbers = np.arange(self.count, self.count + YEARS * items).reshape(YEARS, items)
        self.count += YEARS * items
        return numbers


class Triplets:
    """Coefficients of one matrix, collected."""

    def __init__(self) -> None:
        self.parts = []

    def put(self, row, column, value):
        row, column, value = np.broadcast_arrays(row, column, value)
        self.parts.append((row.ravel(), column.ravel(), value.ravel()))

    def matrix(self, shape):
        row, column, value = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        return sparse.csr_matrix((value.astype(float), (row, column)), shape)


def programme(scenarios: int = 20, parties: int = 1, seed: int = 1) -> tuple[FirstStage, Recourse]:
    """First stage and recourse of drawn figures; costs in USD, amounts in tonnes."""
    rng = np.random.default_rng(seed)
    goods, sectors = STAGES * ELEMENTS * parties, 30 * parties
    stage = np.tile(np.repeat(np.arange(STAGES), ELEMENTS), parties)
    price = 2e4 * 3.0**stage * rng.lognormal(0, 0.8, goods)
    use = 2e3 / 1.5**stage * rng.lognormal(0, 1.0, goods)
    own = use * rng.uniform(0.05, 0.5, goods)  # base capacity at home
    growth = 1.03 ** np.arange(YEARS)[:, None]
    discount = DISCOUNT ** np.arange(YEARS)[:, None]
    needs = np.array([rng.choice(np.flatnonzero(stage == STAGES - 1), 3, replace=False) for _ in range(sectors)])
    value_added = rng.lognormal(np.log(3e9), 1.2, sectors)

    columns = Columns()
    imports, made, level, release, fill = (columns.block(n) for n in (goods * SUPPLIERS, goods, goods, goods, goods))
    used, missing, segment = columns.block(sectors * 3), columns.block(sectors), columns.block(sectors * SEGMENTS)
    rows = Columns()
    balance, capacity, keep, stored, need, loss = (rows.block(n) for n in (goods, goods, goods, goods, sectors * 3, sectors))
    build = np.arange(goods * VINTAGES).reshape(VINTAGES, goods)
    stock = goods * VINTAGES + np.arange(goods)
    n = goods * (VINTAGES + 1)
    W, T = Triplets(), Triplets()
    good, year = np.arange(goods), np.arange(YEARS)[:, None]
    # balance: imports + made + release - fill - inputs of later stages - use by sectors >= other uses
    W.put(balance[:, np.repeat(good, SUPPLIERS)], imports, 1.0)
    joint = rng.dirichlet(np.full(ELEMENTS, 0.5), ELEMENTS * parties)  # a mine yields all elements of its party
    for mine, yields in enumerate(joint):
        first = mine // ELEMENTS * STAGES * ELEMENTS
        W.put(balance[:, first : first + ELEMENTS], made[:, first + mine % ELEMENTS][:, None], ELEMENTS * yields / 4)
    W.put(balance[:, stage > 0], made[:, stage > 0], 1.0)
    W.put(balance, release, 1.0)
    W.put(balance, fill, -1.0)
    later = np.flatnonzero(stage > 0)
    for shift, share in ((0, 0.6), (1, 0.25), (4, 0.15)):  # own element and two others of the stage before
        needed = later - ELEMENTS - later % ELEMENTS + (later + shift) % ELEMENTS
        W.put(balance[:, needed], made[:, later], -share * rng.uniform(1.05, 1.4, len(later)))
    # capacity: made <= base + ramped builds
    W.put(capacity, made, 1.0)
    ramp = np.clip((year - 2 * np.arange(VINTAGES)[None, :] - LEAD + 1) / 2, 0, 1)
    for vintage in range(VINTAGES):
        T.put(capacity, build[vintage][None, :], -ramp[:, vintage : vintage + 1])
    # stocks: level - level before - fill + release = 0; level <= first-stage stock; the level before the first year is the stock
    W.put(keep, level, 1.0)
    W.put(keep[1:], level[:-1], -1.0)
    W.put(keep, fill, -1.0)
    W.put(keep, release, 1.0)
    T.put(keep[0], stock, -1.0)
    W.put(stored, level, 1.0)
    T.put(stored, stock[None, :], -1.0)
    # sectors: use of each input + missing share >= need; loss segments carry the missing share
    flat = needs.ravel()
    counts = np.bincount(flat, minlength=goods)
    per = use[flat] / counts[flat]
    W.put(balance[:, flat], used, -per[None, :] * growth)
    W.put(need, used, 1.0)
    W.put(need, missing[:, np.repeat(np.arange(sectors), 3)], 1.0)
    W.put(loss, missing, 1.0)
    W.put(loss[:, np.repeat(np.arange(sectors), SEGMENTS)], segment, -1.0)

    restricted, right = _restrictions(rng, scenarios, goods, use, own, stage)
    other = np.where(stage == STAGES - 1, 0.0, 0.02 * use)
    row_low = np.full(rows.count, -np.inf)
    row_high = np.full(rows.count, np.inf)
    row_low[balance] = other * growth
    row_high[capacity] = own * growth
    row_low[keep] = row_high[keep] = 0.0
    row_high[stored], row_low[need], row_low[loss], row_high[loss] = 0.0, 1.0, 0.0, 0.0
    low, high = np.zeros(columns.count), np.full(columns.count, np.inf)
    high[used], high[missing], high[segment] = 1.0, 1.0, np.tile([0.1, 0.2, 0.3, 0.4], sectors)
    highs = np.tile(high, (scenarios, 1))
    highs[:, imports] = right * growth
    highs[:, release] = np.where(restricted[:, :, None], 1e9, 0.0)
    highs[:, fill] = np.where(restricted[:, :, None], 0.0, 0.3 * use)
    cost, losses = np.zeros(columns.count), np.zeros(columns.count)
    cost[imports] = np.repeat(price, SUPPLIERS) * np.tile([1.0, 1.1, 1.3], goods) * discount
    cost[made] = price * rng.uniform(0.3, 0.5, goods) * discount
    cost[fill] = 0.01 * price * discount
    cost[level] = 0.02 * price * discount
    losses[segment] = (value_added[:, None] * np.array([0.1, 0.5, 1.2, 2.5])).ravel() * discount
    # goods that the other uses cannot do without may be bought at a high price
    short = columns.count
    extra = YEARS * goods
    W.put(balance, short + np.arange(extra).reshape(YEARS, goods), 1.0)
    pad = np.full(extra, np.inf)
    recourse = Recourse(
        W=W.matrix((rows.count, short + extra)),
        T=T.matrix((rows.count, n)),
        resource_cost=np.append(cost, np.zeros(extra)),
        loss=np.append(losses, (30 * price * discount).ravel()),
        low=np.append(low, np.zeros(extra)),
        high=np.hstack([highs, np.tile(pad, (scenarios, 1))]),
        row_low=row_low,
        row_high=row_high,
        probability=rng.dirichlet(np.full(scenarios, 4.0)),
    )
    return _first_stage(rng, build, stock, price, use), recourse


def _restrictions(rng, scenarios, goods, use, own, stage):
    """Years under restriction (S, years) and rights to import (S, years, goods x suppliers)."""
    dominant = rng.uniform(0.6, 0.95, goods)
    base = np.stack([dominant, 0.6 * (1 - dominant), 0.4 * (1 - dominant)], axis=-1)
    flow = 1.6 * (use[:, None] * base)
    restricted = np.zeros((scenarios, YEARS), bool)
    cut = np.zeros((scenarios, YEARS, goods))
    for s in range(scenarios):
        for _ in range(rng.poisson(1.6)):
            start, length, depth = rng.integers(1, YEARS), rng.integers(1, 5), rng.beta(3, 2)
            hit = rng.random(goods) < rng.choice([0.3, 0.6, 1.0])
            restricted[s, start : start + length] = True
            cut[s, start : start + length] = np.maximum(cut[s, start : start + length], depth * hit)
    right = np.broadcast_to(flow, (scenarios, YEARS, goods, SUPPLIERS)).copy()
    right[..., 0] *= 1 - cut
    return restricted, right.reshape(scenarios, YEARS, goods * SUPPLIERS)


def _first_stage(rng, build, stock, price, use):
    goods, n = len(stock), build.size + len(stock)
    capex = price * rng.uniform(1.0, 4.0, goods)
    cost = np.append((capex * DISCOUNT ** (2 * np.arange(VINTAGES))[:, None]).ravel(), 0.6 * price)
    high = np.append(np.tile(0.5 * use, VINTAGES), 3.0 * use)
    total = sparse.csr_matrix(
        np.vstack([cost, np.append(cost[: build.size], np.zeros(goods)), np.append(np.zeros(build.size), cost[build.size :])])
    )
    per_good = sparse.csr_matrix((np.ones(build.size), (np.tile(np.arange(goods), VINTAGES), np.arange(build.size))), (goods, n))
    return FirstStage(
        cost=cost,
        A=sparse.vstack([total, per_good], "csr"),
        row_low=np.full(3 + goods, -np.inf),
        row_high=np.concatenate([[5e9, 4e9, 3e9], use]),
        low=np.zeros(n),
        high=high,
        limits=("budget", "budget of plants", "budget of stocks", *(f"sites of good {i}" for i in range(goods))),
    )
