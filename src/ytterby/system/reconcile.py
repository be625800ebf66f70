"""Reconciliation: weighted least squares under mass balance and non-negativity.

Minimise ``sum(((x - prior) / sigma)^2) + sum(((C x - value) / tau)^2)`` subject to ``A x = 0`` and ``x >= 0`` where
the variable is not a residual: a quadratic program (Clarabel, interior point), then laid exactly onto the balance.
Nothing here knows rare earths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from ytterby.errors import BalanceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

TINY = 1e-5
"""Flows below this [t/year] are zero."""

RIDGE = 1e-14
"""Added to the normalised Gram matrix, whose null space is that of dependent balance rows; refinement removes its effect."""


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
        Measured values and their standard deviations (> 0).
    """

    prior: NDArray[np.float64]
    sigma: NDArray[np.float64]
    free: NDArray[np.bool_]
    balance: Any
    measure: Any
    value: NDArray[np.float64]
    tau: NDArray[np.float64]


def solve(problem: Problem) -> NDArray[np.float64]:
    """Reconciled values, shape (n,); zero where the program leaves less than :data:`TINY`.

    Raises
    ------
    BalanceError
        If the program has no solution, or a market cannot be closed.
    """
    found = _program(problem)
    found[~problem.free & (found < TINY)] = 0.0
    return close(problem.balance, found, problem.sigma, problem.free)


def _program(problem: Problem) -> NDArray[np.float64]:
    """Optimum in deviations: ``x = prior + sigma z`` and ``y = (C x - value) / tau`` have least squares."""
    import clarabel

    n, k = len(problem.prior), len(problem.value)
    scale, weight = sp.diags(problem.sigma), sp.diags(1 / problem.tau)
    rows = sp.bmat([[problem.balance @ scale, None], [weight @ problem.measure @ scale, -sp.eye(k)]])
    right = np.concatenate([-problem.balance @ problem.prior, weight @ (problem.value - problem.measure @ problem.prior)])
    norm = _row_norm(rows)
    bound = sp.hstack([-sp.eye(n, format="csr")[~problem.free], sp.csr_matrix((int((~problem.free).sum()), k))])
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_iter = 300
    solution = clarabel.DefaultSolver(
        sp.eye(n + k, format="csc"), np.zeros(n + k), sp.vstack([sp.diags(1 / norm) @ rows, bound]).tocsc(),
        np.concatenate([right / norm, (problem.prior / problem.sigma)[~problem.free]]),
        [clarabel.ZeroConeT(rows.shape[0]), clarabel.NonnegativeConeT(bound.shape[0])], settings,
    ).solve()  # fmt: skip
    if str(solution.status) not in {"Solved", "AlmostSolved"}:
        raise BalanceError(f"the base system cannot be reconciled: the solver says {solution.status}")
    deviation: NDArray[np.float64] = np.asarray(solution.x[:n], dtype=float)
    return problem.prior + problem.sigma * deviation


def _row_norm(matrix: Any) -> NDArray[np.float64]:
    norm = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return np.where(norm > 0, norm, 1.0)


def close(
    balance: Any, found: NDArray[np.float64], sigma: NDArray[np.float64], free: NDArray[np.bool_], rounds: int = 4
) -> NDArray[np.float64]:
    """Smallest relative change that closes the balance to rounding; zeros stay zero.

    Raises
    ------
    BalanceError
        If a row can be closed only by a negative flow.
    """
    values = found.copy()
    weight = np.where(free, sigma**2, values**2)
    gram = (balance @ sp.diags(weight) @ balance.T).tocsc()
    diagonal = gram.diagonal()
    live = diagonal > 0
    norm = sp.diags(1 / np.sqrt(diagonal[live]))
    factor = splu((norm @ gram[live][:, live] @ norm + RIDGE * sp.eye(int(live.sum()))).tocsc())
    for _ in range(rounds):
        step = np.zeros(balance.shape[0])
        step[live] = norm @ factor.solve(norm @ (balance @ values)[live])
        values -= weight * (balance.T @ step)
    if (values[~free] < 0).any():
        raise BalanceError("the balance can be closed only with a negative flow")
    return values
