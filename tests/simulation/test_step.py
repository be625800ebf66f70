"""The weekly step: invariants on random networks under random policies, compiled, in plain Python and as NumPy reads the equations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from tests.networks import random_network
from tests.policies import random_policy
from tests.simulation import numpy_reading
from ytterby.simulation import batch, step, step_deliveries, step_orders, step_prices
from ytterby.simulation.acting_fields import LINK_EFFECTS
from ytterby.simulation.behaviour import Behaviour, behaviour
from ytterby.simulation.interventions import Effect, no_interventions
from ytterby.simulation.registers import aligned
from ytterby.simulation.simd_fields import vectors
from ytterby.simulation.simd_functions import exp, log
from ytterby.simulation.state import NETWORK, OUTCOMES, RULES, SERIES, STATE

WEEKS = 80
SEEDS = st.integers(0, 10_000)
ENGINES = pytest.mark.parametrize("engine", [numpy_reading, batch], ids=["numpy", "compiled"])


def furthest(a, b):
    """Largest difference of two traces, each field relative to its size."""
    worst = 0.0
    for name in a._fields:
        x, y = getattr(a, name), getattr(b, name)
        # a price of goods that hardly moved is empty on one side of a threshold and a number on the other
        assert (np.isnan(x) != np.isnan(y)).mean() < 0.01, name
        scale = np.maximum(np.abs(np.nan_to_num(y)).max(initial=0.0), 1.0)
        worst = max(worst, float(np.nanmax(np.abs(x - y), initial=0.0) / scale))
    return worst


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_step_equals_the_numpy_reading(seed):
    """Equal to 1e-9, or to what rounding of the inputs grows to where a policy makes the dynamics chaotic."""
    net = random_network(seed, regions=5, goods=3)
    pol, par = random_policy(net, WEEKS, seed), behaviour({"hoarding": 0.02, "enforcement": 20.0})
    spec = numpy_reading.simulate(net, pol, par, WEEKS)
    found = furthest(batch.simulate(net, pol, par, WEEKS), spec)
    if found > 1e-9:
        assert found <= 30.0 * rounding(net, pol, par, spec, seed)


def rounding(net, pol, par, spec, seed, nudges=12):
    """How far the NumPy reading parts from itself when its prices are nudged in the last digit; one nudge alone can miss a threshold."""
    noise = np.random.default_rng(seed).standard_normal((nudges, len(net.price)))
    return max(
        furthest(numpy_reading.simulate(net._replace(price=net.price * (1.0 + 1e-15 * row)), pol, par, WEEKS), spec) for row in noise
    )


def test_step_equals_the_numpy_reading_where_nothing_is_chaotic():
    close = 0
    for seed in range(30):
        net = random_network(seed, regions=5, goods=3)
        pol, par = random_policy(net, WEEKS, seed), behaviour({"enforcement": 20.0})
        close += furthest(batch.simulate(net, pol, par, WEEKS), numpy_reading.simulate(net, pol, par, WEEKS)) <= 1e-9
    assert close >= 24


@njit
def _apply(array, logs):
    rows = vectors(array)
    if logs:
        rows[0] = log(rows[0])
    else:
        rows[0] = exp(rows[0])


def compiled_function(logs):
    """exp or log of the compiled step for one plain number."""
    row = aligned(1, "float64")

    def function(x):
        row[:] = x
        _apply(row, logs)
        return row[0, 0]

    return function


@pytest.mark.parametrize("same_exp", [True, False], ids=["its polynomials", "NumPy's exp and log"])
def test_plain_python_equals_the_compiled_step(monkeypatch, same_exp):
    """The same text without numba: the same bits with the same exp and log; those of NumPy round otherwise."""
    for seed in range(4):
        net = random_network(seed)
        pol, par = random_policy(net, 30, seed), behaviour({"enforcement": 20.0})
        compiled = batch.simulate(net, pol, par, 30)
        with monkeypatch.context() as patch:
            if same_exp:
                for part in (step, step_prices, step_orders, step_deliveries):
                    patch.setattr(part, "exp", compiled_function(False), raising=False)
                    patch.setattr(part, "log", compiled_function(True), raising=False)
            plain = batch.simulate(net, pol, par, 30, compiled=False)
        assert furthest(plain, compiled) <= (0.0 if same_exp else 1e-13), seed


def test_names_of_fields_are_unique():
    names = [*Behaviour._fields, *(field.name for field in (*NETWORK, *RULES, *STATE))]
    assert len(names) == len(set(names))
    assert {name for name in SERIES} | {"pipeline", "queue"} == set(batch.Trace._fields)
    assert set(OUTCOMES) <= {field.name for field in STATE}


@ENGINES
def test_base_year_is_a_rest_point(engine):
    for seed in range(5):
        net = random_network(seed)
        trace = engine.simulate(net, no_interventions(net, 300), behaviour(), 300)
        assert np.abs(trace.price / net.price - 1).max() < 1e-8
        assert np.abs(trace.served - net.use).max() < 1e-8
        assert np.abs(trace.stock - trace.stock[0]).max() < 1e-8 * trace.stock.max()


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_mass_is_conserved(seed):
    """Stock + arrivals + production + releases - use - shipments - residual = next stock; the sea and the queue included."""
    net = random_network(seed)
    pol = random_policy(net, WEEKS, seed)
    trace = batch.simulate(net, pol, behaviour(), WEEKS)
    sent = np.stack([np.bincount(net.origin, weights=row, minlength=len(net.price)) for row in trace.shipped])
    before = np.vstack([net.cover * net.outflow - net.imports, trace.stock[:-1]])
    after = before + trace.arrivals + trace.production + trace.released - trace.consumption - sent - trace.residual
    scale = max(trace.stock.max(), (trace.production + trace.arrivals).max())
    assert np.abs(after - trace.stock).max() < 1e-12 * scale * len(net.price)
    at_sea = net.flow * net.transit + trace.shipped.sum(axis=0)
    landed = at_sea - trace.pipeline
    by_market = np.bincount(net.destination, weights=landed, minlength=len(net.price))
    assert np.allclose(by_market, trace.arrivals.sum(axis=0), rtol=1e-10, atol=1e-10 * scale)


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS)
def test_nothing_is_negative_and_restrictions_hold(seed):
    net = random_network(seed)
    pol = random_policy(net, WEEKS, seed)
    trace = batch.simulate(net, pol, behaviour(), WEEKS)
    for name in ("stock", "shipped", "served", "production", "price", "wedge", "backlog"):
        assert getattr(trace, name).min(initial=0.0) >= -1e-9, name
    assert (trace.served <= trace.want + 1e-12).all()
    left = 0.0
    for start, end, tonnes, carried in zip(
        pol.allocation_start, pol.allocation_end, pol.allocation_tonnes, pol.allocation_carried, strict=True
    ):
        used = (trace.shipped[start:end] * pol.customs)[:, pol.group_of == 0].sum()
        allowed = tonnes + carried * left
        assert used <= allowed * (1 + 1e-9)
        left = allowed - used


def test_a_closed_link_carries_nothing():
    net = random_network(3)
    level = np.zeros((1, WEEKS))
    level[0, 10:40] = 1.0
    pol = no_interventions(net, WEEKS)._replace(
        kind=np.array([int(Effect.OPEN)]),
        target=np.array([0]),
        measure=np.array([0]),
        weight=np.ones(1),
        extra=np.ones(1),
        level=level,
        decision=np.ones((1, 1)),
        delay=np.zeros((1, WEEKS)),
        approval=np.ones((1, WEEKS)),
        known=np.zeros((1, WEEKS)),
        keep=np.ones(1),
    )
    trace = batch.simulate(net, pol, behaviour(), WEEKS)
    assert trace.shipped[10:40, 0].max() == 0.0
    assert trace.shipped[:10, 0].min() > 0.0


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_a_shorter_horizon_is_a_prefix(seed):
    net = random_network(seed)
    pol = random_policy(net, WEEKS, seed)
    long, short = batch.simulate(net, pol, behaviour(), WEEKS), batch.simulate(net, pol, behaviour(), 30)
    assert np.array_equal(long.price[:30], short.price)
    assert np.array_equal(long.shipped[:30], short.shipped)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_doubling_quantities_doubles_flows_and_leaves_prices(seed):
    net = random_network(seed)
    pol = random_policy(net, WEEKS, seed)
    flows = ("outflow", "inflow", "residual", "imports", "activity", "capacity", "flow", "use")
    big = net._replace(**{name: 2.0 * getattr(net, name) for name in flows})
    more = pol._replace(
        allocation_tonnes=2 * pol.allocation_tonnes,
        reserve_tonnes=2 * pol.reserve_tonnes,
        reserve_rate=2 * pol.reserve_rate,
        floor_limit=np.minimum(2 * pol.floor_limit, 1e300),
        weight=np.where(np.isin(pol.kind, [Effect.CAPACITY, Effect.PURCHASE, Effect.SUPPLY, Effect.BOUND, Effect.PLANNED]), 2.0, 1.0)
        * pol.weight,
    )
    one, two = behaviour({"enforcement": 20.0}), behaviour({"enforcement": 40.0})
    a, b = batch.simulate(net, pol, one, WEEKS), batch.simulate(big, more, two, WEEKS)
    assert np.allclose(b.price, a.price, rtol=1e-7)
    assert np.allclose(b.shipped, 2 * a.shipped, rtol=1e-6, atol=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=SEEDS)
def test_order_of_links_does_not_matter(seed):
    net = random_network(seed)
    pol = random_policy(net, WEEKS, seed)
    order = np.random.default_rng(seed).permutation(len(net.flow))
    place = np.argsort(order)
    per_link = ("origin", "destination", "flow", "share", "transit", "freight", "duty", "export_tax", "qualification")
    mixed = net._replace(**{name: getattr(net, name)[order] for name in per_link})
    on_links = np.isin(pol.kind, LINK_EFFECTS)
    moved = pol._replace(
        target=np.where(on_links, place[np.minimum(pol.target, len(place) - 1)], pol.target),
        **{name: getattr(pol, name)[order] for name in ("queue_of", "group_of", "customs", "contract")},
        legal_link_of=np.where(pol.legal_link_of >= 0, place[pol.legal_link_of], -1)[order],
    )
    a, b = batch.simulate(net, pol, behaviour(), WEEKS), batch.simulate(mixed, moved, behaviour(), WEEKS)
    assert np.allclose(a.price, b.price, rtol=1e-8)
    assert np.allclose(a.shipped[:, order], b.shipped, rtol=1e-7, atol=1e-9)


def test_nil_level_changes_nothing():
    net = random_network(7)
    pol = random_policy(net, WEEKS, 7)
    idle = pol._replace(
        legal_link_of=np.full_like(pol.legal_link_of, -1),
        level=np.zeros_like(pol.level),
        known=np.zeros_like(pol.known),
        group_of=np.full_like(pol.group_of, -1),
        reserve_rate=np.zeros(2),
        floor_level=np.zeros_like(pol.floor_level),
        contract=np.zeros(len(net.flow)),
    )
    trace = batch.simulate(net, idle, behaviour(), WEEKS)
    assert np.abs(trace.price / net.price - 1).max() < 1e-8


def test_unstable_gains_are_lowered():
    par = behaviour({"price_gain": 0.4, "price_drift": 0.02})
    assert par.price_gain / par.price_drift >= 70.0 - 1e-9


def test_what_an_allocation_leaves_may_be_carried_into_the_next():
    """A generous first allocation that carries lets more leave in a tight second one, and never more than both allow."""
    net = random_network(4)
    pol = random_policy(net, WEEKS, 4)._replace(group_of=np.zeros(len(net.flow), dtype=np.int64))
    per_week = float((net.flow * pol.customs).sum())
    spans = pol.allocation_end - pol.allocation_start
    pol = pol._replace(allocation_tonnes=np.array([2.0, 0.3]) * per_week * spans, legal_link_of=np.full(len(net.flow), -1))
    sent = []
    for share in (0.0, 0.5, 1.0):
        trace = batch.simulate(net, pol._replace(allocation_carried=np.array([0.0, share])), behaviour(), WEEKS)
        first, second = ((trace.shipped[a:b] * pol.customs).sum() for a, b in zip(pol.allocation_start, pol.allocation_end, strict=True))
        left = pol.allocation_tonnes[0] - first
        assert second <= (pol.allocation_tonnes[1] + share * left) * (1 + 1e-9)
        sent.append(second)
    assert sent[0] == pytest.approx(pol.allocation_tonnes[1], rel=1e-6)
    assert sent[0] < sent[1] <= sent[2]
