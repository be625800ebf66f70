"""The simulator's rest point against a convex program of the same network (second road).

The program shares nothing with the simulator but the record of arrays.
"""

import cvxpy as cp
import numpy as np
import pytest

from tests.networks import random_network
from tests.simulation.program import Conditions, optimum
from ytterby.simulation import batch
from ytterby.simulation.behaviour import behaviour
from ytterby.simulation.interventions import Effect, no_interventions

WEEKS = 9000
TIGHT = {"tol_gap_abs": 1e-11, "tol_gap_rel": 1e-11, "tol_feas": 1e-11}


def solve(net, par, specific, running, member, customs, cap):
    """Prices, link flows, final use and the quota's dual of the entropy-regularised spatial equilibrium."""
    m, links, processes, demands = len(net.price), len(net.flow), len(net.activity), len(net.use)
    of = np.repeat(np.arange(processes), np.diff(net.recipe_start))
    recipe = np.zeros((m, processes))
    np.add.at(recipe, (net.recipe_market, of), net.recipe_coefficient)
    trade = np.zeros((m, links))
    trade[net.destination, np.arange(links)] += 1
    trade[net.origin, np.arange(links)] -= 1
    final = np.zeros((m, demands))
    final[net.demand_market, np.arange(demands)] = 1
    flow, activity, use = cp.Variable(links), cp.Variable(processes), cp.Variable(demands)
    balance = recipe @ cp.multiply(activity, running) + trade @ flow - final @ use == net.residual
    slope, price0 = net.elasticity_short, net.price[net.demand_market]
    goal = -(price0 * (1 + 1 / slope)) @ use + cp.sum(cp.multiply(price0 / (2 * slope * net.use), cp.square(use)))
    goal += (net.price[net.destination] - net.price[net.origin] + specific) @ flow
    for j in np.unique(net.destination):
        into = np.flatnonzero(net.destination == j)
        if net.net_producer[j]:
            goal += net.price[j] / par.import_pull * cp.sum(-cp.entr(flow[into]) - cp.multiply(np.log(net.flow[into]) + 1, flow[into]))
        else:
            goal += net.price[j] / par.sigma * cp.sum(cp.rel_entr(flow[into], net.share[into] * cp.sum(flow[into])))
    load = net.activity / net.capacity
    worth = net.recipe_coefficient * net.price[net.recipe_market]
    gross = np.maximum(np.bincount(of, weights=np.maximum(worth, 0)), np.bincount(of, weights=np.maximum(-worth, 0)))
    response = np.select([net.elasticity == 0, net.elasticity == 1], [par.conversion_elasticity, par.supply_elasticity], net.elasticity)
    width = (1 - load) * gross / response
    margin = np.bincount(of, weights=worth) - net.cost
    share = cp.multiply(activity, 1 / net.capacity)
    goal += cp.multiply(running, net.cost + margin - width * np.log(load / (1 - load))) @ activity
    goal += cp.sum(cp.multiply(running * width * net.capacity, -cp.entr(share) - cp.entr(1 - share)))
    quota = customs[member] @ flow[member] <= cap
    problem = cp.Problem(cp.Minimize(goal), [balance, quota])
    problem.solve(solver=cp.CLARABEL, **TIGHT)
    price = balance.dual_value
    return price * np.sign(price[0]), flow.value, use.value, quota.dual_value


def compare(seed):
    rng = np.random.default_rng(seed)
    net = random_network(seed, regions=5, goods=4, potential=True)
    links, processes = len(net.flow), len(net.activity)
    # a slow wedge and near-rigid mines of the random chain keep the dynamics away from limit cycles
    par = behaviour({"wedge_integral": 0.02, "conversion_elasticity": 1.0})
    specific = np.where(rng.random(links) < 0.3, rng.uniform(0, 0.3, links) * net.price[net.origin], 0.0)
    running = np.where(rng.random(processes) < 0.3, rng.uniform(0.8, 1.0, processes), 1.0)
    member = np.flatnonzero(rng.random(links) < 0.5)
    customs = rng.uniform(0.8, 1.5, links)
    cap = float((customs * net.flow)[member].sum() * 0.9)
    years = 10**7
    pol = no_interventions(net, WEEKS, potential=True)._replace(
        kind=np.repeat([int(Effect.OUTAGE), int(Effect.SPECIFIC)], [processes, links]),
        target=np.r_[np.arange(processes), np.arange(links)],
        measure=np.repeat([0, 1], [processes, links]),
        weight=np.r_[1.0 - running, specific],
        extra=np.ones(links + processes),
        level=np.ones((2, WEEKS)),
        decision=np.ones((2, 1)),
        delay=np.zeros((2, WEEKS)),
        approval=np.ones((2, WEEKS)),
        known=np.zeros((2, WEEKS)),
        keep=np.ones(2),
        group_of=np.where(np.isin(np.arange(links), member), 0, -1),
        customs=customs,
        group_price=np.array([net.price[net.origin[member]].mean()]),
        allocation_group=np.array([0]),
        allocation_start=np.array([0]),
        allocation_end=np.array([years]),
        allocation_tonnes=np.array([cap * years]),
        allocation_carried=np.array([0.0]),
    )
    trace = batch.simulate(net, pol, par, WEEKS)
    price, flow, use, wedge = solve(net, par, specific, running, member, customs, cap)
    own = optimum(
        net, par, Conditions(specific, running, np.ones(links, dtype=bool), np.where(np.isin(np.arange(links), member), customs, 0), cap)
    )
    assert np.abs(own.price / price - 1).max() < 1e-5, "the program by Newton's method is not that of the conic solver"
    assert (np.abs(own.flow - flow) / net.outflow[net.destination]).max() < 1e-4
    assert np.abs(trace.price[-1] / price - 1).max() < 1e-4
    assert np.abs(trace.wedge[-1, 0] - wedge) < 1e-4 * max(1.0, wedge)
    assert (np.abs(trace.shipped[-1] - flow) / net.outflow[net.destination]).max() < 1e-3
    assert (np.abs(trace.served[-1] - use) / net.outflow[net.demand_market]).max() < 1e-3


@pytest.mark.parametrize("seed", range(6))
def test_rest_point_is_the_optimum(seed):
    compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 50))
def test_rest_point_is_the_optimum_on_many(seed):
    compare(seed)
