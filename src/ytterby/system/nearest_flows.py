"""Flows that close a balance and move as little as they can: minimum cross-entropy to a prior, by Newton's method in the dual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from ytterby.errors import BalanceError
from ytterby.system.reconcile import RIDGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CLOSED = 1e-14
"""Largest gap of a market over its throughput at which the balance counts as closed."""
STEPS = 200
"""Most Newton steps."""
LARGEST_STEP = 2.0
"""Largest change of the logarithm of a flow in one step."""


def nearest(balance: sp.csr_matrix, wanted: Floats, prior: Floats, weight: Floats) -> Floats:
    """Flows of least cross-entropy to a prior that close a balance.

    Parameters
    ----------
    balance : csr matrix, shape (m, n)
        Coefficients ``A``.
    wanted : ndarray, shape (m,)
        Right side ``b``.
    prior : ndarray, shape (n,)
        Positive flows.
    weight : ndarray, shape (n,)
        How much a flow resists a change (> 0).

    Returns
    -------
    ndarray, shape (n,)
        The minimum of ``sum(weight (x ln(x / prior) - x))`` under ``A x = b``, by Newton's method in the dual; zeros stay zero.

    Raises
    ------
    BalanceError
        If there are none.
    """
    dual, scale = np.zeros(len(wanted)), abs(balance) @ prior + np.abs(wanted)
    live = scale > 0.0
    found = prior
    for _ in range(STEPS):
        gap = balance @ found - wanted
        if (np.abs(gap[live]) <= CLOSED * scale[live]).all():
            return np.asarray(found)
        step = _newton_step(balance, found / weight, gap, live)
        change = balance.T @ step / weight
        largest = float(np.abs(change).max(initial=0.0))
        length = min(1.0, LARGEST_STEP / largest) if largest > 0.0 else 1.0
        dual = dual + length * step
        found = prior * np.exp(balance.T @ dual / weight)
        if largest < CLOSED:
            return np.asarray(found)
    raise BalanceError("no flows close the balance of the later day")


def _newton_step(balance: sp.csr_matrix, response: Floats, gap: Floats, live: NDArray[np.bool_]) -> Floats:
    """Change of the dual that closes the gap to first order."""
    gram = (balance @ sp.diags(response) @ balance.T).tocsc()[live][:, live]
    norm = sp.diags(1.0 / np.sqrt(gram.diagonal()))
    factor = splu((norm @ gram @ norm + RIDGE * sp.eye(gram.shape[0])).tocsc())
    step = np.zeros(len(gap))
    step[live] = -(norm @ factor.solve(norm @ gap[live]))
    return step
