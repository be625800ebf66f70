"""Data reconciliation: weighted least squares under mass balance and non-negativity.

Minimise ``sum(((x - prior) / sigma)^2) + sum(((C x - value) / tau)^2)`` subject to ``A x = 0``, and ``x >= 0`` for all
variables but residuals. The quadratic program is solved by an interior-point method (Clarabel); its solution is then
projected onto the balance exactly.
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

MIN_FLOW = 1e-5
"""Flows below this [t/year] are set to zero."""

RIDGE = 1e-14
"""Regularisation of the normalised Gram matrix, singular if balance rows are dependent; refinement removes its effect."""


@dataclass(frozen=True)
class ReconciliationProblem:
    """A reconciliation problem.

    Parameters
    ----------
    prior, sigma : ndarray, shape (n,)
        Prior value of each variable and its standard deviation (> 0).
    free : ndarray of bool, shape (n,)
        Variables that may be negative (residuals).
    balance : csr matrix, shape (m, n)
        Coefficients ``A`` of the balances.
    observation : csr matrix, shape (k, n)
        Coefficients ``C`` of the observed sums.
    value, tau : ndarray, shape (k,)
        Observed values and their standard deviations (> 0).
    """

    prior: NDArray[np.float64]
    sigma: NDArray[np.float64]
    free: NDArray[np.bool_]
    balance: Any
    observation: Any
    value: NDArray[np.float64]
    tau: NDArray[np.float64]


def solve(problem: ReconciliationProblem) -> NDArray[np.float64]:
    """Reconciled values, shape (n,); values below :data:`MIN_FLOW` are set to zero.

    Raises
    ------
    BalanceError
        If the program has no solution, or a market cannot be closed.
    """
    found = _program(problem)
    found[~problem.free & (found < MIN_FLOW)] = 0.0
    return close(problem.balance, found, problem.sigma, problem.free)


def _program(problem: ReconciliationProblem) -> NDArray[np.float64]:
    """Solution of the quadratic program in the scaled variables ``z = (x - prior) / sigma`` and ``y = (C x - value) / tau``."""
    import clarabel

    n, k = len(problem.prior), len(problem.value)
    scale, weight = sp.diags(problem.sigma), sp.diags(1 / problem.tau)
    rows = sp.bmat([[problem.balance @ scale, None], [weight @ problem.observation @ scale, -sp.eye(k)]])
    right = np.concatenate([-problem.balance @ problem.prior, weight @ (problem.value - problem.observation @ problem.prior)])
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
    """Values with the smallest relative change that closes the balance to rounding; zeros stay zero.

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
