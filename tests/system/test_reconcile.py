"""Reconciliation against hand calculation, against another solver, and in general."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from ytterby.errors import BalanceError
from ytterby.system.reconcile import ReconciliationProblem, close, solve


def problem(prior, sigma, balance, observation, value, tau, free=None):
    n = len(prior)
    return ReconciliationProblem(
        np.array(prior, float),
        np.array(sigma, float),
        np.array(free if free is not None else [False] * n),
        sp.csr_matrix(np.atleast_2d(np.array(balance, float))),
        sp.csr_matrix(np.atleast_2d(np.array(observation, float)).reshape(-1, n)),
        np.array(value, float),
        np.array(tau, float),
    )


def test_two_readings_of_one_flow_meet_at_their_weights():
    """In 10 +- 1 and out 16 +- 2 must be equal: (10 + 16 / 4) / (1 + 1 / 4) = 11.2."""
    found = solve(problem([10, 16], [1, 2], [1, -1], [[1, 0]], [10], [1e6]))
    assert found == pytest.approx([11.2, 11.2], abs=1e-6)


def test_a_measured_sum_pulls_its_terms_by_their_variance():
    """Supply 30 is exact; uses 10 +- 1 and 10 +- 3 must rise by 10: one takes a tenth, the other nine."""
    found = solve(problem([30, 10, 10], [1e-6, 1, 3], [1, -1, -1], [[0, 1, 1]], [30], [1e3]))
    assert found == pytest.approx([30, 11, 19], abs=1e-3)


def test_a_flow_is_never_negative():
    found = solve(problem([1, 10], [10, 0.01], [1, 1], [[1, 0]], [1], [1e6], free=[True, False]))
    assert found[1] >= 0
    assert found == pytest.approx([-10, 10], abs=1e-3)


def test_what_cannot_be_closed_is_an_error():
    with pytest.raises(BalanceError, match="negative flow"):
        close(sp.csr_matrix([[1.0, 1.0]]), np.array([29.0, 56.0]), np.ones(2), np.zeros(2, bool))


def test_closing_keeps_zeros_and_moves_flows_in_proportion():
    found = close(sp.csr_matrix([[1.0, -1.0, -1.0]]), np.array([100.0, 99.0, 0.0]), np.ones(3), np.zeros(3, bool))
    assert found[2] == 0
    assert found[0] == pytest.approx(found[1], rel=1e-15)


@st.composite
def problems(draw):
    n, m, k = draw(st.integers(4, 9)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    truth = rng.uniform(1, 50, n)
    balance = rng.choice([-1.0, 0.0, 1.0], (m, n))
    slack = sp.identity(m).toarray()
    prior = np.concatenate([truth * rng.uniform(0.8, 1.2, n), np.zeros(m)])
    measure = np.hstack([rng.choice([0.0, 1.0], (k, n)), np.zeros((k, m))])
    return problem(
        prior,
        np.concatenate([0.3 * truth, np.full(m, 5.0)]),
        np.hstack([balance, slack]),
        measure,
        measure[:, :n] @ truth + 1.0,
        np.full(k, 2.0),
        free=[False] * n + [True] * m,
    )


@settings(max_examples=30, deadline=None)
@given(problems())
def test_balance_holds_and_flows_are_not_negative(case):
    found = solve(case)
    assert np.abs(case.balance @ found).max() <= 1e-9 * np.abs(found).max()
    assert (found[~case.free] >= 0).all()


def objective(case, x):
    return (((x - case.prior) / case.sigma) ** 2).sum() + (((case.observation @ x - case.value) / case.tau) ** 2).sum()


@settings(max_examples=15, deadline=None)
@given(problems())
def test_another_solver_finds_the_same(case):
    found = solve(case)
    bounds = [(None, None) if free else (0, None) for free in case.free]
    other = minimize(
        lambda x: objective(case, x),
        np.maximum(case.prior, 0),
        method="SLSQP",
        bounds=bounds,
        constraints={"type": "eq", "fun": lambda x: case.balance @ x},
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert objective(case, found) <= objective(case, other.x) * (1 + 1e-4) + 1e-4


@settings(max_examples=15, deadline=None)
@given(problems())
def test_doubling_every_quantity_doubles_the_flows(case):
    twice = replace(case, prior=2 * case.prior, sigma=2 * case.sigma, value=2 * case.value, tau=2 * case.tau)
    assert solve(twice) == pytest.approx(2 * solve(case), rel=1e-4, abs=1e-4)


def test_exact_facts_move_nothing():
    """Figures that agree with each other stay where they are."""
    found = solve(problem([10, 4, 6], [1, 1, 1], [1, -1, -1], [[0, 1, 1]], [10], [1]))
    assert found == pytest.approx([10, 4, 6], abs=1e-6)
