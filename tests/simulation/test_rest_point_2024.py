"""The rest point of the full 2024 network against the convex program (model description, section 3).

Prices of most markets settle within a few hundred weeks. A few hardly answer to anything: scrap of SmCo is worth a thousandth
of the magnets that it falls from, Ho leaves clays whatever it costs. There, an error of a tenth in the price moves the balance
by less than 1e-4 of what passes, and stocks of weeks take a thousand years to tell. So the weekly map is run to rest with short
covers in those markets alone: a cover is a speed and does not enter the rest point. That it is one of the very same map with the
covers of the facts is then shown by stepping that map.
"""

import numpy as np
import pytest

from tests.simulation import numpy_reading
from tests.simulation.program import Conditions, optimum
from ytterby.simulation.batch import Case, batches
from ytterby.simulation.behaviour import behaviour
from ytterby.simulation.interventions import Effect, no_interventions
from ytterby.simulation.labelled_network import LabelledNetwork
from ytterby.system import build

pytestmark = pytest.mark.slow
WEEKS = 200_000
STILL = 104
SLACK = 0.05
"""Markets whose price moves by its own size when less than this share of their throughput is added hold short covers."""
SHORT = 1.05
"""Weeks; below one a market could not serve its week."""
YEARS = 10**7
# a slow wedge keeps the dynamics away from limit cycles; it does not enter the rest point either
PAR = behaviour({"wedge_integral": 0.02})


@pytest.fixture(scope="module")
def network():
    return LabelledNetwork.of(build(2024))


@pytest.fixture(scope="module")
def net(network):
    """The network with its duties at the base as specific ones: with duties by value no program exists."""
    net, none = network.net, np.zeros(len(network.net.flow))
    base = net.price[net.origin] * (1.0 + net.export_tax) * (1.0 + net.duty) + net.freight
    return net._replace(duty=none, export_tax=none, qualification=none, freight=base - net.price[net.origin])


def conditions(network, net):
    """Constant conditions by name; the quota of one case is there in all, as wide as the world."""
    heavy = network.links_where(["oxide.Dy", "oxide.Tb"], ["CN"], network.region)
    counted = network.links_where([name for name in network.commodities if name.startswith(("oxide.", "metal."))], ["CN"], network.region)
    charge, duty = np.zeros(len(net.flow)), np.zeros(len(net.flow))
    charge[counted] = 1.0
    duty[heavy] = 0.3 * net.price[net.origin[heavy]]
    shut = np.ones(len(net.flow), dtype=bool)
    shut[network.links_where(["oxide.NdPr", "metal.NdPr"], ["CN"], ["JP"])] = False
    free = Conditions(np.zeros(len(net.flow)), np.ones(len(net.activity)), np.ones(len(net.flow), dtype=bool), charge, np.inf)
    left = {name: np.where(np.array(network.labels.processes) == name, 0.75, 1.0) for name in ("magnet.NdFeB@JP", "mine.clay-mm@MM")}
    assert all((running < 1).any() for running in left.values())
    return {
        "base": free,
        "duty": free._replace(specific=duty),
        "ban": free._replace(open=shut),
        "loss": free._replace(running=left["magnet.NdFeB@JP"]),
        "quota": free._replace(cap=0.8 * float((charge * net.flow).sum())),
        "mine": free._replace(running=left["mine.clay-mm@MM"]),
    }


def policy(net, given, weeks, touched=None):
    """The same conditions for the simulator; effects on what any of the ``touched`` conditions changes."""
    rows = []
    for effect, name, idle in ((Effect.OPEN, "open", 1), (Effect.OUTAGE, "running", 1), (Effect.SPECIFIC, "specific", 0)):
        at = np.flatnonzero(np.any([getattr(one, name) != idle for one in touched or [given]], axis=0))
        rows += [(int(effect), i, abs(float(getattr(given, name)[i]) - idle)) for i in at]
    cap = given.cap if np.isfinite(given.cap) else 10.0 * float(net.flow.sum())
    return no_interventions(net, weeks, potential=True)._replace(
        kind=np.array([row[0] for row in rows], dtype=np.int64),
        target=np.array([row[1] for row in rows], dtype=np.int64),
        measure=np.zeros(len(rows), dtype=np.int64),
        weight=np.array([row[2] for row in rows]),
        extra=np.ones(len(rows)),
        level=np.ones((1, weeks)),
        decision=np.ones((1, 1)),
        delay=np.zeros((1, weeks)),
        approval=np.ones((1, weeks)),
        known=np.zeros((1, weeks)),
        keep=np.ones(1),
        group_of=np.where(given.charge > 0, 0, -1),
        customs=np.where(given.charge > 0, given.charge, 1.0),
        group_price=np.array([net.price[net.origin[given.charge > 0]].mean()]),
        allocation_group=np.array([0]),
        allocation_start=np.array([0]),
        allocation_end=np.array([YEARS]),
        allocation_tonnes=np.array([cap * YEARS]),
    )


@pytest.fixture(scope="module")
def optima(network, net):
    return {name: (given, optimum(net, PAR, given)) for name, given in conditions(network, net).items()}


@pytest.fixture(scope="module")
def rest(net, optima):
    """Prices, shipments and wedge that the weekly map comes to from the base year, all cases in lock-step."""
    cover = np.where(optima["base"][1].hold < SLACK, SHORT, net.cover)
    every = [given for given, _ in optima.values()]
    cases = [Case(cover, policy(net, given, WEEKS, every), PAR) for given in every]
    ((_, batch),) = batches(net, cases, WEEKS)
    batch.advance()
    prices, shipped, wedges = (batch.values(name) for name in ("price", "mean_shipped", "wedge"))
    return {name: (prices[i], shipped[i], wedges[i, 0]) for i, name in enumerate(optima)}


@pytest.mark.parametrize("case", ["base", "duty", "ban", "loss", "quota"])
def test_the_simulator_comes_to_the_optimum(net, optima, rest, case):
    _, best = optima[case]
    price, shipped, wedge = rest[case]
    assert (best.wedge > 0.1) == (case == "quota")
    assert case == "base" or np.abs(best.price / net.price - 1).max() > 0.2
    assert np.abs(price / best.price - 1).max() < 1e-4
    assert abs(wedge - best.wedge) < 1e-4 * max(1.0, best.wedge)
    assert (np.abs(shipped - best.flow) / net.outflow[net.destination]).max() < 1e-3


def settled(net, given, best):
    """A run of the plain weekly step that begins at the optimum, with the covers of the facts."""
    run, m = numpy_reading.Run(net, policy(net, given, STILL), PAR, STILL), len(net.price)
    per_entry = np.repeat(best.activity, np.diff(net.recipe_start)) * net.recipe_coefficient
    produced = np.bincount(net.recipe_market, weights=np.maximum(per_entry, 0), minlength=m) + np.maximum(-net.residual, 0)
    arriving = np.bincount(net.destination, weights=best.flow, minlength=m)
    run.price, run.z = best.price.copy(), np.log(best.price)
    run.expected, run.made = produced + arriving, produced
    run.stock = net.cover * run.expected - arriving
    run.activity = best.activity / given.running
    run.shipped_mean = best.flow.copy()
    run.ring[run.ring > 0] = np.broadcast_to(best.flow[:, None], run.ring.shape)[run.ring > 0]
    run.wedge, run.wedge_slow = np.full(1, max(best.wedge, 0.0)), np.full(1, max(best.wedge, 0.0))
    charge = run.wedge * given.charge
    run.cost = run.delivered(best.price, net.duty, np.zeros(len(net.flow)), given.specific, charge)
    run.response = run.respond()
    return run


@pytest.mark.parametrize("case", ["base", "duty", "ban", "loss", "quota", "mine"])
def test_the_optimum_is_a_rest_point_of_the_weekly_map(net, optima, case):
    """Two years of the unaccelerated map: no stock drifts, no price moves, also where the map would take ages to come there."""
    given, best = optima[case]
    run = settled(net, given, best)
    for week in range(STILL):
        run.week(week)
    trace = run.trace
    drift = np.abs(trace.stock[-1] - trace.stock[0]) / STILL / run.expected
    assert drift.max() < 1e-9
    assert np.abs(trace.price / best.price - 1).max() < 1e-6
    assert (np.abs(trace.shipped - best.flow) / net.outflow[net.destination]).max() < 1e-6
