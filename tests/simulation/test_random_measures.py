"""Invariants of the full 2024 network under random measures of all simulated kinds.

A milder shock may hurt more (rationing, prices and stocks): nothing here claims that it does not.
"""

import numpy as np
import pytest
from hypothesis import assume, given, seed, settings
from hypothesis import strategies as st

from tests.simulation.strategies import KINDS, SETS, START, WEEKS
from ytterby.errors import ScenarioError
from ytterby.measures import SIMULATED, measure
from ytterby.scenario import Scenario
from ytterby.simulation import batch
from ytterby.simulation.acting_fields import LINK_EFFECTS
from ytterby.simulation.behaviour import behaviour
from ytterby.simulation.interventions import Effect
from ytterby.simulation.labelled_network import PER_LINK, LabelledNetwork
from ytterby.simulation.measure_effects import interventions_of
from ytterby.system import build, sum_at

SCENE = []
PAR = behaviour()


def network():
    """The network of 2024, built once."""
    if not SCENE:
        SCENE.append(LabelledNetwork.of(build(2024)))
    return SCENE[0]


def policy_of(drawn):
    """What a random set of measures does; sets that contradict the network or each other are not taken."""
    try:
        measures = tuple(measure(**keys) for keys in drawn["measures"])
        return interventions_of(
            network(), Scenario(name="random", start=START, weeks=WEEKS, measures=measures, rationing=drawn["rationing"])
        )
    except ScenarioError:
        assume(False)


def examples(test):
    """A handful in the quick suite, three dozen in the slow one."""
    quick = seed(1)(settings(max_examples=4, deadline=None)(given(drawn=SETS)(test)))
    slow = pytest.mark.slow(seed(2)(settings(max_examples=36, deadline=None)(given(drawn=SETS)(test))))
    return quick, slow


def mass(drawn):
    """Of every commodity in every market and week, and of every element at home and at sea."""
    net = network().net
    trace = batch.simulate(net, policy_of(drawn), PAR, WEEKS)
    sent = np.stack([sum_at(net.origin, row, len(net.price)) for row in trace.shipped])
    before = np.vstack([net.cover * net.outflow - net.imports, trace.stock[:-1]])
    change = trace.arrivals + trace.production + trace.released - trace.consumption - sent - trace.residual
    throughput = np.maximum(np.maximum(net.outflow, trace.stock.max(axis=0)), trace.production.max(axis=0) + trace.arrivals.max(axis=0))
    assert (np.abs(before + change - trace.stock) / throughput).max() < 1e-11
    content = {name: network().contents.get(name, {}) for name in network().commodities}
    for element in sorted({element for held in content.values() for element in held}):
        per = np.array([content[str(name)].get(element, 0.0) for name in network().commodity])
        first = (before[0] * per).sum() + (net.flow * net.transit * per[net.origin]).sum()
        last = (trace.stock[-1] * per).sum() + (trace.pipeline * per[net.origin]).sum()
        gained = ((trace.production + trace.released - trace.consumption - trace.residual) * per).sum()
        assert abs(first + gained - last) < 1e-10 * (first + (trace.production * per).sum()), element


def bounds(drawn):
    """Nothing is negative, nobody gets more than he wants, and no restriction is exceeded."""
    net, pol = network().net, policy_of(drawn)
    trace = batch.simulate(net, pol, PAR, WEEKS)
    for name in ("stock", "shipped", "served", "production", "price", "wedge", "backlog", "pipeline", "queue"):
        assert getattr(trace, name).min(initial=0.0) >= -1e-9, name
    assert (trace.served <= trace.want * (1 + 1e-12) + 1e-12).all()
    for start, end, tonnes, group in zip(
        pol.allocation_start, pol.allocation_end, pol.allocation_tonnes, pol.allocation_group, strict=True
    ):
        used = (trace.shipped[start:end] * pol.customs)[:, pol.group_of == group].sum()
        assert used <= tonnes * (1 + 1e-9) + 1e-9
    closed = pol.kind == Effect.OPEN
    shut = np.zeros((WEEKS, len(net.flow)), dtype=bool)
    for at, row, weight in zip(pol.target[closed], pol.measure[closed], pol.weight[closed], strict=True):
        shut[:, at] |= pol.level[row] * weight == 1.0
    assert trace.shipped[shut].max(initial=0.0) == 0.0


def money(drawn):
    """What buyers pay is what sellers get, VAT that is kept, export duty, quota rent, import duty, freight."""
    net = network().net
    pol = policy_of(drawn)._replace(contract=np.zeros(len(net.flow)))
    trace, m = batch.simulate(net, pol, PAR, WEEKS), len(net.price)
    rate = {kind: np.zeros((WEEKS, len(net.flow))) for kind in (Effect.EXPORT_DUTY, Effect.TARIFF, Effect.SPECIFIC, Effect.CHARGE)}
    for kind, table in rate.items():
        rows = pol.kind == kind
        for at, row, weight in zip(pol.target[rows], pol.measure[rows], pol.weight[rows], strict=True):
            table[:, at] += pol.level[row] * weight
    # a week is quoted with the rent that the week before left behind; links of no group pay none
    quoted = np.vstack([np.zeros((1, trace.wedge.shape[1])), trace.wedge[:-1]])
    wedge = np.hstack([quoted, np.zeros((WEEKS, 1))])[:, pol.group_of] * pol.customs
    received = trace.shipped * trace.price[:, net.origin]
    kept = received * net.export_tax
    levied = (received + kept) * rate[Effect.EXPORT_DUTY]
    rent = trace.shipped * wedge
    entry = (received + kept + levied + rent) * (net.duty + rate[Effect.TARIFF])
    charged = trace.shipped * (rate[Effect.SPECIFIC] + rate[Effect.CHARGE])
    parts = received + kept + levied + rent + entry + trace.shipped * net.freight + charged
    paid = np.nan_to_num(trace.deal) * np.stack([sum_at(net.destination, row, m) for row in trace.shipped])
    due = np.stack([sum_at(net.destination, row, m) for row in parts])
    moved = ~np.isnan(trace.deal)
    assert np.abs(paid - due)[moved].max(initial=0.0) < 1e-9 * due.max()


def prefix(drawn):
    """A shorter horizon is a prefix, bit by bit."""
    pol = policy_of(drawn)
    long, short = batch.simulate(network().net, pol, PAR, WEEKS), batch.simulate(network().net, pol, PAR, 17)
    for name in ("price", "stock", "shipped", "served", "backlog"):
        assert np.array_equal(getattr(long, name)[:17], getattr(short, name)), name


def permutation(drawn):
    """The order of links does not matter."""
    net, pol = network().net, policy_of(drawn)
    order = np.random.default_rng(len(drawn["measures"])).permutation(len(net.flow))
    place = np.argsort(order)
    mixed = net._replace(**{name: getattr(net, name)[order] for name in PER_LINK})
    on_links = np.isin(pol.kind, LINK_EFFECTS)
    moved = pol._replace(
        target=np.where(on_links, place[np.minimum(pol.target, len(place) - 1)], pol.target),
        **{name: getattr(pol, name)[order] for name in ("queue_of", "group_of", "customs", "contract")},
        legal_link_of=np.where(pol.legal_link_of >= 0, place[pol.legal_link_of], -1)[order],
    )
    a, b = batch.simulate(net, pol, PAR, WEEKS), batch.simulate(mixed, moved, PAR, WEEKS)
    assert np.allclose(a.price, b.price, rtol=1e-7)
    assert np.allclose(a.shipped[:, order], b.shipped, rtol=1e-6, atol=1e-8 * net.flow.max())


def doubling(drawn):
    """Twice all quantities are twice all flows at the same prices."""
    net, pol = network().net, policy_of(drawn)
    amounts = ("outflow", "inflow", "residual", "imports", "activity", "capacity", "flow", "use")
    big = net._replace(**{name: 2.0 * getattr(net, name) for name in amounts})
    tonnes = (Effect.CAPACITY, Effect.PURCHASE, Effect.SUPPLY, Effect.BOUND, Effect.PLANNED)
    more = pol._replace(
        **{name: 2.0 * getattr(pol, name) for name in ("allocation_tonnes", "reserve_tonnes", "reserve_rate", "floor_limit")},
        weight=np.where(np.isin(pol.kind, tonnes), 2.0, 1.0) * pol.weight,
    )
    a, b = batch.simulate(net, pol, PAR, WEEKS), batch.simulate(big, more, PAR, WEEKS)
    assert np.allclose(b.price, a.price, rtol=1e-7)
    assert np.allclose(b.shipped, 2.0 * a.shipped, rtol=1e-6, atol=1e-9)


def nothing(drawn):
    """Measures at level nil change nothing."""
    pol = policy_of(drawn)
    nil = {name: np.zeros_like(getattr(pol, name)) for name in ("level", "known", "reserve_rate", "floor_level")}
    idle = pol._replace(group_of=np.full_like(pol.group_of, -1), **nil)
    trace = batch.simulate(network().net, idle, PAR, WEEKS)
    assert np.abs(trace.price / network().net.price - 1).max() < 1e-8
    assert np.abs(trace.served - network().net.use).max() < 1e-8


test_mass, test_mass_of_many = examples(mass)
test_bounds, test_bounds_of_many = examples(bounds)
test_money, test_money_of_many = examples(money)
test_prefix, test_prefix_of_many = examples(prefix)
test_permutation, test_permutation_of_many = examples(permutation)
test_doubling, test_doubling_of_many = examples(doubling)
test_nothing, test_nothing_of_many = examples(nothing)


@pytest.mark.parametrize("kind", sorted(SIMULATED))
def test_every_simulated_kind_can_be_drawn_and_acts(kind):
    found = []

    @seed(3)
    @settings(max_examples=4, deadline=None)
    @given(one=KINDS[kind])
    def try_some(one):
        pol = policy_of({"measures": [one], "rationing": "pro_rata"})
        found.append(len(pol.kind) + len(pol.allocation_group) + len(pol.reserve_market) + len(pol.floor_entry))

    try_some()
    assert max(found) > 0


def test_the_strategy_knows_every_kind():
    assert set(KINDS) == SIMULATED
    assert st.lists(SETS).validate() is None
