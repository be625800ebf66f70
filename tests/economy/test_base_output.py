"""Growth that is wished and not served is no output lost, and what is saved asks for no arrivals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.economy.worlds import demands
from ytterby.economy import UserFlows, for_base_output, parts_model, stops

DEMANDS = demands()
WEEKS, SIZE = 60, len(DEMANDS)
THRIFT = np.full(SIZE, 0.1)
EVERY = np.arange(SIZE)
FLOWS = st.floats(0.0, 1.6)


def weekly(value):
    return np.full((WEEKS, SIZE), float(value))


def flows(want, arrival, served=1.0):
    return UserFlows(weekly(served), weekly(arrival), weekly(want))


def output(found):
    parts = parts_model(DEMANDS)._replace(thrift=THRIFT)
    return stops(found.served, found.arrival, np.full(SIZE, 2.0), parts, want=found.want).output


def of(want, arrival, intended, served=1.0):
    return output(for_base_output(flows(want, arrival, served), THRIFT, EVERY, weekly(intended)))


def test_who_wishes_to_grow_and_gets_base_arrivals_loses_nothing():
    assert (of(want=1.5, arrival=1.0, intended=1.5, served=1.0 / 1.5) >= 1.0 - 1e-12).all()
    assert output(flows(want=1.5, arrival=1.0)).min() < 0.9  # without telling growth from need it would


def test_who_grows_loses_what_is_missing_to_the_base_output():
    grown = of(want=1.5, arrival=0.6, intended=1.5, served=0.4)
    assert grown == pytest.approx(output(flows(want=1.0, arrival=0.6, served=0.6)))
    assert grown[-1].max() < 1.0


def test_served_growth_fills_no_stock_for_later():
    want, arrival = weekly(1.5), weekly(1.5)
    arrival[30:] = 0.5
    served = arrival / want
    late = output(for_base_output(UserFlows(served, arrival, want), THRIFT, EVERY, weekly(1.5)))
    flat = np.minimum(arrival, 1.0)
    assert late == pytest.approx(output(UserFlows(flat, flat, weekly(1.0))))


def test_what_is_saved_needs_no_arrivals():
    assert (of(want=0.7, arrival=0.7, intended=0.7) >= 1.0 - 1e-12).all()
    assert of(want=0.7, arrival=0.35, intended=0.7, served=0.5) == pytest.approx(output(flows(want=1.0, arrival=0.5, served=0.5)))


def test_other_users_keep_their_flows_to_the_bit():
    rng = np.random.default_rng(3)
    given_flows = UserFlows(*(rng.random((3, WEEKS, SIZE))))
    found = for_base_output(given_flows, THRIFT, np.array([2]), np.full((WEEKS, 1), 1.3))
    others = np.delete(EVERY, 2)
    for before, after in zip(given_flows, found, strict=True):
        assert np.array_equal(before[:, others], after[:, others])
    assert for_base_output(given_flows, THRIFT, np.empty(0, dtype=np.int64), np.empty((WEEKS, 0))) is given_flows


@given(FLOWS, FLOWS, st.floats(0.5, 2.0), st.floats(0.3, 1.6))
def test_more_arrivals_never_lower_the_output(low, more, intended, want):
    less, more = sorted((low, more))
    assert (of(want, less, intended) <= of(want, more, intended) + 1e-9).all()


@given(st.floats(0.0, 1.0), st.floats(1.0, 2.0))
def test_the_wish_to_grow_changes_no_loss(arrival, growth):
    """The same arrivals below the base use cost the same, however much more had been wished."""
    still, growing = of(1.0, arrival, 1.0, served=arrival), of(growth, arrival, growth, served=arrival / growth)
    assert growing == pytest.approx(still, abs=1e-9)
