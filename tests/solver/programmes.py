"""Random two-stage programmes: small supply networks with plants and stocks, and programmes without any structure."""

import numpy as np
from scipy import sparse

from ytterby.solver import FirstStage, Recourse

YEARS = 3


def network(seed, scenarios=6, goods=3, scale=1.0, integer=False):
    """Plants and stocks before, flows after: goods are imported up to a right of the scenario, made, stored, or lacking at a loss.

    Columns of the recourse: imports, output of plants, level of stocks, release (years, goods), then shortages in two classes
    of loss; rows: balance of goods, output against plants, balance of stocks, level against stock. `scale` is the size of money.
    """
    rng = np.random.default_rng(seed)
    size, n = YEARS * goods, 2 * goods
    eye, nothing = sparse.identity(size), sparse.csr_matrix((size, size))
    before = sparse.kron(sparse.eye(YEARS, k=-1), sparse.identity(goods))
    repeated = sparse.kron(np.ones((YEARS, 1)), sparse.identity(goods))
    begins = sparse.kron(sparse.csr_matrix(np.eye(YEARS, 1)), sparse.identity(goods))
    chain = sparse.kron(sparse.identity(YEARS), np.tril(rng.random((goods, goods)) * 0.3, -1))
    W = sparse.bmat(
        [
            [eye, eye - chain, nothing, eye, eye, eye],
            [nothing, eye, nothing, nothing, nothing, nothing],
            [nothing, nothing, eye - before, eye, nothing, nothing],
            [nothing, nothing, eye, nothing, nothing, nothing],
        ],
        "csr",
    )
    T = sparse.bmat(
        [
            [None, sparse.csr_matrix((size, goods))],
            [-repeated, None],
            [None, -begins],
            [None, -repeated],
        ],
        "csr",
    )
    demand = rng.uniform(5, 15, (scenarios, size))
    full = np.full((scenarios, size), np.inf)
    price = rng.uniform(0.5, 3, size)
    nil = np.zeros(size)
    recourse = Recourse(
        W=W,
        T=T,
        resource_cost=scale * np.concatenate([price, 0.6 * price, 0.05 * price, nil, nil, nil]),
        loss=scale * np.concatenate([nil, nil, nil, nil, price * rng.uniform(2, 6, size), price * rng.uniform(8, 20, size)]),
        low=np.zeros(6 * size),
        high=np.hstack([demand * rng.random((scenarios, size)) ** 0.5, full, full, full, 0.3 * demand, full]),
        row_low=np.hstack([demand, -full, np.zeros((scenarios, size)), -full]),
        row_high=np.hstack([full, np.zeros((scenarios, size)), np.zeros((scenarios, size)), np.zeros((scenarios, size))]),
        probability=rng.dirichlet(np.full(scenarios, 3.0)),
    )
    cost = scale * rng.uniform(0.5, 4, n)
    first = FirstStage(
        cost=cost,
        A=sparse.csr_matrix(np.vstack([cost, np.repeat([1.0, 0.0], goods), np.repeat([0.0, 1.0], goods)])),
        row_low=np.array([-np.inf, 0.5, -np.inf]),
        row_high=np.array([25.0 * scale, 4.0 * goods, 5.0 * goods]),
        low=np.zeros(n),
        high=rng.uniform(3, 9, n),
        integer=np.repeat([True, False], goods) if integer else None,
        limits=("budget", "plants", "room for stocks"),
    )
    return first, recourse


def shapeless(seed, scenarios=5, n=4, y=7, k=5):
    """Dense programme with equations, negative decisions, losses of both signs, costs by scenario; shortages keep it feasible."""
    rng = np.random.default_rng(seed)
    W = np.hstack([rng.normal(size=(k, y)), np.eye(k), -np.eye(k)])
    T = rng.normal(size=(k, n)) * (rng.random((k, n)) < 0.6)
    right = rng.normal(size=(scenarios, k))
    wide = rng.random((scenarios, k)) * (rng.random(k) < 0.5)
    penalty = rng.uniform(20, 30, 2 * k)
    recourse = Recourse(
        W=sparse.csr_matrix(W),
        T=sparse.csr_matrix(T),
        resource_cost=np.hstack([rng.normal(size=(scenarios, y)), np.tile(penalty, (scenarios, 1))]),
        loss=np.append(rng.normal(size=y), rng.uniform(0, 5, 2 * k)),
        low=np.append(-rng.uniform(0, 2, y), np.zeros(2 * k)),
        high=np.hstack([rng.uniform(0, 2, (scenarios, y)), np.full((scenarios, 2 * k), np.inf)]),
        row_low=right - wide,
        row_high=right + wide,
        probability=rng.dirichlet(np.ones(scenarios)),
    )
    first = FirstStage(
        cost=rng.normal(size=n),
        A=sparse.csr_matrix(np.vstack([np.ones(n), rng.normal(size=n)])),
        row_low=np.array([-1.0, -2.0]),
        row_high=np.array([1.0, 2.0]),
        low=np.full(n, -3.0),
        high=np.full(n, 3.0),
    )
    return first, recourse
