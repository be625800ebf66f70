"""Indirect losses: rest, Leontief as second road, invariants, speed."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random_array

from ytterby.economy.input_output import Economy, IndirectModel, indirect_loss, indirect_model, propagate
from ytterby.economy.input_output_tables import BEA, bridge, economy_from_frame
from ytterby.facts import load
from ytterby.units import WEEKS_PER_YEAR


def model(inventory=6.0, restock=6.0, criticality=0.0) -> IndirectModel:
    return IndirectModel(*(np.array(value) for value in (inventory, restock, criticality)))


def economy(seed: int, size: int = 8, density: float = 0.6) -> Economy:
    rng = np.random.default_rng(seed)
    output = rng.uniform(1e9, 1e11, size)
    coefficients = rng.uniform(0, 1, (size, size)) * (rng.random((size, size)) < density)
    flows = coefficients / np.maximum(coefficients.sum(axis=0), 1.0) * 0.7 * output
    flows *= np.minimum(1.0, 0.8 * output / np.maximum(flows.sum(axis=1), 1.0))[:, None]
    added = output - flows.sum(axis=0)
    return Economy("XX", "test", tuple(map(str, range(size))), csr_matrix(flows), output, added, rng.random(size) < 0.6, {})


@pytest.fixture(scope="module")
def us() -> Economy:
    return economy_from_frame(load().io_us(), "US", BEA, bridge("us"))


def test_the_rest_point_is_flat(us):
    for table in (us, economy(1), economy(2)):
        output = propagate(np.zeros((3, 520, len(table.output))), table, indirect_model())
        assert np.abs(output - 1.0).max() < 1e-12


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 1.0), st.floats(1.0, 12.0), st.floats(1.0, 12.0))
def test_indirect_is_never_negative_nor_above_value_added(seed, criticality, inventory, restock):
    table, rng = economy(seed), np.random.default_rng(seed + 1)
    shock = np.where(rng.random((2, 40, 8)) < 0.3, rng.random((2, 40, 8)), 0.0)
    chosen = model(inventory, restock, criticality)
    output = propagate(shock, table, chosen)
    assert (output >= 0).all()
    assert (output <= 1.0 - shock + 1e-12).all()
    loss = indirect_loss(shock, table, chosen)
    assert (loss >= 0).all()
    assert (loss <= table.value_added / WEEKS_PER_YEAR + 1e-6).all()
    np.testing.assert_allclose(propagate(shock[1], table, chosen), output[1], atol=1e-13)


@pytest.mark.parametrize("seed", range(4))
def test_a_lasting_stop_ends_where_leontief_says(seed):
    """Second road: with no input that stops a user, others make final demand plus inputs for what is still made."""
    table, stopped = economy(seed), 2
    inputs = table.flows.toarray() / table.output
    final = table.output - table.flows.toarray().sum(axis=1)
    others = np.delete(np.arange(8), stopped)
    closed = 0.6
    made = np.linalg.solve(
        np.eye(7) - inputs[np.ix_(others, others)], final[others] + inputs[others, stopped] * (1 - closed) * table.output[stopped]
    )
    shock = np.zeros((1500, 8))
    shock[5:, stopped] = closed
    output = propagate(shock, table, model())[-1]
    np.testing.assert_allclose(output[others] * table.output[others], made, rtol=1e-4)
    assert output[stopped] == pytest.approx(1 - closed)


def test_it_recovers_and_orders_do_not_matter():
    table = economy(7)
    shock = np.zeros((900, 8))
    shock[3:30, 1] = 0.8
    output = propagate(shock, table, model(criticality=0.5))
    assert output[20].min() < 0.9
    np.testing.assert_allclose(output[-1], 1.0, atol=1e-6)
    order = np.random.default_rng(0).permutation(8)
    flows = csr_matrix(table.flows.toarray()[np.ix_(order, order)])
    moved = Economy("XX", "test", table.industries, flows, table.output[order], table.value_added[order], table.goods[order], {})
    np.testing.assert_allclose(propagate(shock[:, order], moved, model(criticality=0.5)), output[:, order], atol=1e-12)


def test_stocks_delay_the_stop_of_users():
    table = economy(3, density=1.0)
    seller = int(np.flatnonzero(table.goods)[0])
    buyers = np.flatnonzero(table.goods & (np.arange(8) != seller))
    shock = np.zeros((40, 8))
    shock[0:, seller] = 1.0
    for inventory in (2.0, 6.0, 12.0):
        output = propagate(shock, table, model(inventory, 400.0, criticality=1.0))
        assert np.argmax(output[:, buyers].min(axis=1) < 0.01) >= inventory - 1


def test_us_suppliers_against_the_published_requirements(us):
    """BEA's own total requirements (domestic) give what other industries make per unit of cars made: within a tenth."""
    frame = load().io_us()
    required = frame[(frame["table"] == "requirements_domestic") & (frame["column"] == "3361MV")].set_index("row")["value"]
    published = required.sum() / required["3361MV"] - 1.0
    cars = us.industries.index("3361MV")
    shock = np.zeros((400, len(us.industries)))
    shock[:, cars] = 0.01
    missing = (1.0 - propagate(shock, us, model())[-1]) * us.output
    ours = (missing.sum() - missing[cars]) / missing[cars]
    assert ours == pytest.approx(published, rel=0.1)


def test_us_table_is_whole(us):
    assert us.route == "bea-2024"
    assert len(us.industries) == 71
    assert us.scaled < 0.01
    assert us.value_added[us.industries.index("3361MV")] == pytest.approx(185456e6)
    assert (us.edges.final >= -1e-12).all()


@pytest.mark.parametrize("density", [0.2, 1.0])
def test_nine_hundred_industries_in_a_second(density):
    size, rng = 900, np.random.default_rng(0)
    raw = random_array((size, size), density=density, rng=rng, format="csr")
    output = np.full(size, 1e10)
    flows = raw.multiply(0.6 * output[:, None] / np.asarray(raw.sum(axis=1)).reshape(-1, 1)).tocsr()
    table = Economy("XX", "test", tuple(map(str, range(size))), flows, output, output / 2, rng.random(size) < 0.5, {})
    shock = np.zeros((52, size))
    shock[3:20, :20] = 0.7
    times = []
    for _ in range(3):
        start = time.process_time()  # a busy machine must not fail it
        lost = indirect_loss(shock, table, indirect_model())
        times.append(time.process_time() - start)
    assert lost.sum() > 0
    assert min(times) < 1.0


def pair(own: float = 0.0) -> Economy:
    """Industry 0 sells half of its output to industry 1 (and ``own`` to itself); 1 sells to final use."""
    flows = csr_matrix(np.array([[own, 5e9], [0.0, 0.0]]))
    return Economy("XX", "test", ("parts", "cars"), flows, np.array([1e10, 2e10]), np.array([1e10, 1.5e10]), np.array([True, True]), {})


def test_a_supplier_feels_the_stop_in_the_next_week():
    shock = np.zeros((3, 2))
    shock[:, 1] = 0.4
    output = propagate(shock, pair(), model(restock=8.0))
    # half of the supplier's sales fall by the need not used and by an eighth of the stock that is now too large
    assert output[0, 0] == 1.0
    assert output[1, 0] == pytest.approx(1.0 - 0.5 * (0.4 + 0.4 / 8.0))


def test_a_missing_input_stops_no_more_than_its_criticality():
    shock = np.zeros((60, 2))
    shock[:, 0] = 1.0
    output = propagate(shock, pair(), model(inventory=4.0, criticality=0.3))
    assert (output[:4, 1] == 1.0).all()
    np.testing.assert_allclose(output[8:, 1], 0.7)


def test_an_industry_is_not_held_back_by_its_own_goods():
    """Parts for its own products are inside its direct loss: when it reopens they do not stop it again."""
    shock = np.zeros((30, 2))
    shock[:10, 0] = 0.9
    table = dataclasses.replace(pair(own=4e9), goods=np.array([True, False]))
    strict, lenient = (propagate(shock, table, model(inventory=1.0, criticality=value)) for value in (1.0, 0.0))
    np.testing.assert_array_equal(strict, lenient)
