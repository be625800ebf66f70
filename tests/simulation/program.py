"""The convex program of the simulator's rest point, by Newton's method on its optimality conditions.

An entropy-regularised spatial price equilibrium (model description, section 3) on networks whose flows span kilograms to
thousands of tonnes a week, too wide for a general conic solver. Flows, activities and uses are eliminated by their own
stationarity conditions; what is left are the balances of markets in prices, the import totals of takers and the quota. The
program is convex: a point where all of these hold is its optimum. Nothing is shared with the simulator but the record of arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.behaviour import Behaviour
    from ytterby.system import Network

    Floats = NDArray[np.float64]

ROUNDS = 60
EXACT = 1e-12
"""Largest imbalance of a market over its throughput, of a taker's imports and of the quota that counts as solved."""
PARTS = 10
"""Steps in which conditions are brought in, so that Newton's method starts near each optimum."""
LONGEST = 0.5
"""Largest step of a relative price or a logarithm."""


class Conditions(NamedTuple):
    """Constant conditions under which the network comes to rest."""

    specific: Floats  # (L,) specific duty [USD/kg]
    running: Floats  # (P,) share of activity that runs
    open: NDArray[np.bool_]  # (L,) links that may carry anything
    charge: Floats  # (L,) customs tonnes per tonne under the quota, 0 outside it
    cap: float  # what the quota allows [customs t/week]


class Optimum(NamedTuple):
    """What the program finds."""

    price: Floats  # (M,) multipliers of the balances [USD/kg]
    flow: Floats  # (L,) [t/week]
    activity: Floats  # (P,) that runs [t/week]
    use: Floats  # (K,) [t/week]
    wedge: float  # multiplier of the quota [USD/kg], 0 where it does not bind
    hold: Floats  # (M,) tonnes over throughput that move the price by its own size, all else answering


class Program:
    """Matrices of the program; unknowns are prices over base, logarithms of takers' imports and the wedge."""

    def __init__(self, net: Network, par: Behaviour, given: Conditions) -> None:
        m, links, processes = len(net.price), len(net.flow), len(net.activity)
        self.net, self.given = net, given
        of = np.repeat(np.arange(processes), np.diff(net.recipe_start))
        recipe = sparse.csr_array((net.recipe_coefficient, (net.recipe_market, of)), shape=(m, processes))
        every = np.arange(links)
        into = sparse.csr_array((np.ones(links), (net.destination, every)), shape=(m, links))
        trade = into - sparse.csr_array((np.ones(links), (net.origin, every)), shape=(m, links))
        takers = np.flatnonzero(~net.net_producer & (net.imports > 0))
        self.imports, self.quota = net.imports[takers], np.isfinite(given.cap)
        slope = np.where(net.net_producer, par.import_pull, par.sigma)[net.destination] / net.price[net.destination]
        charge = sparse.csr_array(given.charge[None, :] if self.quota else np.zeros((0, links)))
        through, scale = sparse.diags_array(1.0 / net.outflow), sparse.diags_array(net.price)
        self.pull = slope
        # what flows do to the residuals, and what the unknowns do to the logarithms of flows
        self.weigh = sparse.vstack([through @ trade, sparse.diags_array(1.0 / self.imports) @ into[takers], charge / given.cap]).tocsr()
        drawn = sparse.diags_array(slope)
        self.answer = sparse.hstack([drawn @ trade.T @ scale, into[takers].T, -drawn @ charge.T]).tocsr()
        worth = net.recipe_coefficient * net.price[net.recipe_market]
        gains = np.bincount(of, weights=np.maximum(worth, 0), minlength=processes)
        spends = np.bincount(of, weights=np.maximum(-worth, 0), minlength=processes)
        response = np.select([net.elasticity == 0, net.elasticity == 1], [par.conversion_elasticity, par.supply_elasticity], net.elasticity)
        self.load = net.activity / net.capacity
        width = (1 - self.load) * np.maximum(gains, spends) / response
        self.gain = (sparse.diags_array(1.0 / width) @ recipe.T @ scale).tocsr()
        self.recipe, self.uses = (through @ recipe).tocsr(), through @ self._final()

    def _final(self) -> sparse.csr_array:
        count = len(self.net.use)
        return sparse.csr_array((np.ones(count), (self.net.demand_market, np.arange(count))), shape=(len(self.net.price), count))

    def stationary(self, y: Floats, part: float) -> tuple[Floats, Floats, Floats]:
        """Flows, activities and uses at the unknowns, with the conditions brought in by a part."""
        net, given, rest = self.net, self.given, np.zeros(len(y))
        rest[: len(net.price)] = 1.0
        moved = y - rest
        shut = np.where(given.open, 1.0, 1.0 - part)
        flow = net.flow * shut * np.exp(self.answer @ moved - part * self.pull * given.specific)
        activity = net.capacity / (1 + (1 - self.load) / self.load * np.exp(-self.gain @ moved[: len(net.price)]))
        use = net.use * np.maximum(1 - net.elasticity_short * moved[net.demand_market], 0)
        return flow, activity * (1 - part * (1 - given.running)), use

    def residual(self, y: Floats, part: float) -> tuple[Floats, sparse.csc_array]:
        """Imbalances of markets, takers' imports and quota, relative, and their derivatives."""
        net, m = self.net, len(self.net.price)
        flow, activity, use = self.stationary(y, part)
        allowed = 1.0 if not self.quota else 1 + (1 - part) * ((self.given.charge @ net.flow) / self.given.cap - 1)
        bought = np.exp(y[m : m + len(self.imports)])
        value = self.weigh @ flow - np.r_[net.residual / net.outflow, bought, np.full(int(self.quota), allowed)]
        value[:m] += self.recipe @ activity - self.uses @ use
        turn = self.weigh @ sparse.diags_array(flow) @ self.answer
        running = 1 - part * (1 - self.given.running)
        lift = self.recipe @ sparse.diags_array(activity * (1 - activity / (running * net.capacity))) @ self.gain
        thrift = np.bincount(net.demand_market, weights=net.elasticity_short * net.use * (use > 0), minlength=m)
        rest = sparse.diags_array(-np.r_[bought, np.zeros(int(self.quota))])
        return value, (turn + sparse.block_diag([lift + sparse.diags_array(thrift / net.outflow), rest])).tocsc()

    def newton(self, y: Floats, part: float) -> Floats:
        """Unknowns at which nothing is out of balance, from a start nearby."""
        for _ in range(ROUNDS):
            value, slope = self.residual(y, part)
            if np.abs(value).max() < EXACT:
                return y
            step = splu(slope).solve(value)
            y = y - step * min(1.0, LONGEST / np.abs(step).max())
        raise AssertionError(f"the program is not solved: a market is out of balance by {np.abs(value).max():g} of its throughput")


def optimum(net: Network, par: Behaviour, given: Conditions) -> Optimum:
    """Optimum of the program under constant conditions: without the quota where that keeps to it, else with the quota used up."""
    if np.isfinite(given.cap):
        free = optimum(net, par, given._replace(cap=np.inf))
        if given.charge @ free.flow <= given.cap:
            return free
    program, m = Program(net, par, given), len(net.price)
    y = np.r_[np.ones(m), np.zeros(len(program.imports) + int(program.quota))]
    for part in np.linspace(0.0, 1.0, PARTS + 1)[1:]:
        y = program.newton(y, float(part))
    flow, activity, use = program.stationary(y, 1.0)
    bend = np.diag(np.linalg.inv(program.residual(y, 1.0)[1].toarray()))[:m]
    return Optimum(y[:m] * net.price, flow, activity, use, float(y[-1]) if program.quota else 0.0, 1.0 / np.abs(bend))
