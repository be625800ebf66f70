"""Maximum entropy: tables under row and column sums (RAS), and mixtures under a mean price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

CLOSED = 1e-10
POWERS = (-1.0, 4.0)
"""Least and largest power of the price by which a mixture is tilted: a unit value below what the basket costs rather means lower purity."""


def balance_table(seed: ArrayLike, rows: Sequence[float], columns: Sequence[float], rounds: int = 400) -> NDArray[np.float64]:
    """Table nearest to ``seed`` in relative entropy with the given sums.

    Parameters
    ----------
    seed : array_like, shape (n, m)
        Non-negative; a zero stays zero.
    rows, columns : sequence of float, length n and m
        Sums; columns are scaled to the total of the rows.
    rounds : int
        Alternating scalings; where the sums cannot be met the last column scaling stands.

    Returns
    -------
    ndarray, shape (n, m)
    """
    table = np.array(seed, dtype=float)
    want_rows, want_columns = np.asarray(rows, float), np.asarray(columns, float)
    want_columns = want_columns * (want_rows.sum() / max(want_columns.sum(), np.finfo(float).tiny))
    for _ in range(rounds):
        table *= _ratio(want_rows, table.sum(axis=1))[:, None]
        table *= _ratio(want_columns, table.sum(axis=0))[None, :]
        if np.abs(table.sum(axis=1) - want_rows).max(initial=0.0) <= CLOSED * want_rows.max(initial=0.0):
            break
    return table


def _ratio(want: NDArray[np.float64], have: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(want, have, out=np.zeros_like(have), where=have > 0)


def tilted(basket: dict[str, float], price: dict[str, float], mean: float) -> dict[str, float]:
    """Shares nearest to a basket whose mean price is ``mean``: ``share ~ basket x price^power``.

    The power is bounded (:data:`POWERS`), so that every good keeps a part.

    Parameters
    ----------
    basket : dict
        Tonnes by commodity, positive.
    price : dict
        Price by commodity [USD/kg].
    mean : float
        Unit value to be met [USD/kg].
    """
    names = sorted(basket)
    weight = np.array([basket[name] for name in names])
    value = np.array([price[name] for name in names])
    low, high = POWERS
    for _ in range(60):
        power = (low + high) / 2
        share = weight * (value / mean) ** power
        if (share * value).sum() > mean * share.sum():
            high = power
        else:
            low = power
    return dict(zip(names, (share / share.sum()).tolist(), strict=True))
