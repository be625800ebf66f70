"""Reconciliation: weighted least squares under mass balance and non-negativity.

Minimise ``sum(((x - prior) / sigma)^2) + sum(((C x - value) / tau)^2)`` subject to ``A x = 0`` and
``x >= 0`` where the variable is not a residual. Solved as a quadratic program (Clarabel), then laid exactly
onto the balance. Nothing here knows rare earths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from ytterby.errors import BalanceError

TINY = 1e-5
"""Flows below this [t/year] are zero."""


@dataclass(frozen=True)
class Problem:
    """A reconciliation problem.

    Parameters
    ----------
    prior, sigma : ndarray, shape (n,)
        Prior value of each variable and its standard deviation (> 0).
    free : ndarray of bool, shape (n,)
        Variables that may be negative (residuals).
    balance : csr matrix, shape (m, n)
        Rows that must sum to zero.
    measure : csr matrix, shape (k, n)
        Measured sums.
    value, tau : ndarray, shape (k,)
        Measured values and their standard deviations.
    """

    prior: np.ndarray
    sigma: np.ndarray
    free: np.ndarray
    balance: sp.csr_matrix
    measure: sp.csr_matrix
    value: np.ndarray
    tau: np.ndarray


def solve(problem: Problem) -> np.ndarray:
    """Reconciled values, shape (n,); zero where the program leaves less than :data:`TINY`.

    Raises
    ------
    BalanceError
        If the program has no solution.
    """
    found = _program(problem)
    found[~problem.free & (found < TINY)] = 0.0
    return close(problem.balance, found, problem.sigma, problem.free)


def _program(problem: Problem) -> np.ndarray:
    """Quadratic program in variables scaled by their deviation; measured sums enter as deviations of their own."""
    import clarabel

    n, k = len(problem.prior), len(problem.value)
    scale = sp.diags(problem.sigma)
    rows = sp.bmat([[problem.balance @ scale, None], [sp.diags(1 / problem.tau) @ problem.measure @ scale, -sp.eye(k)]])
    norm = _row_norm(rows)
    bound = sp.hstack([-sp.eye(n, format="csr")[~problem.free], sp.csr_matrix((int((~problem.free).sum()), k))])
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_iter = 300
    solution = clarabel.DefaultSolver(
        sp.eye(n + k, format="csc"), -np.concatenate([problem.prior / problem.sigma, problem.value / problem.tau]),
        sp.vstack([sp.diags(1 / norm) @ rows, bound]).tocsc(),
        np.zeros(rows.shape[0] + bound.shape[0]),
        [clarabel.ZeroConeT(rows.shape[0]), clarabel.NonnegativeConeT(bound.shape[0])], settings,
    ).solve()  # fmt: skip
    if str(solution.status) not in {"Solved", "AlmostSolved"}:
        raise BalanceError(f"the base system cannot be reconciled: solver says {solution.status}")
    return np.asarray(solution.x[:n]) * problem.sigma


def _row_norm(matrix: sp.spmatrix) -> np.ndarray:
    norm = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return np.where(norm > 0, norm, 1.0)


def close(balance: sp.csr_matrix, found: np.ndarray, sigma: np.ndarray, free: np.ndarray, rounds: int = 4) -> np.ndarray:
    """Smallest relative change that closes the balance to rounding; zeros stay zero.

    Raises
    ------
    BalanceError
        If a row cannot be closed.
    """
    values = found.copy()
    weight = np.where(free, sigma**2, values**2)
    gram = (balance @ sp.diags(weight) @ balance.T).tocsc()
    diagonal = gram.diagonal()
    live = diagonal > 0
    if np.abs((balance @ values)[~live]).max(initial=0.0) > TINY:
        raise BalanceError("a market has use without supply")
    norm = 1 / np.sqrt(diagonal[live])
    factor = splu((sp.diags(norm) @ gram[live][:, live] @ sp.diags(norm) + 1e-14 * sp.eye(int(live.sum()))).tocsc())
    for _ in range(rounds):
        gap = (balance @ values)[live]
        step = np.zeros(balance.shape[0])
        step[live] = norm * factor.solve(norm * gap)
        values -= weight * (balance.T @ step)
    return values
