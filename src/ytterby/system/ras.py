"""Maximum-entropy methods: tables with given row and column sums (RAS), and mixtures with a given mean price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

TOLERANCE = 1e-10
"""Largest gap of a row sum at which balancing stops, relative to the largest row sum."""

POWERS = (-1.0, 4.0)
"""Bounds of the power of the price in a mixture: a unit value far below the price of the goods means lower purity instead."""


def balance_table(seed: ArrayLike, rows: Sequence[float], columns: Sequence[float], rounds: int = 400) -> NDArray[np.float64]:
    """Table nearest to ``seed`` in relative entropy with the given sums.

    Parameters
    ----------
    seed : array_like, shape (n, m)
        Non-negative; a zero stays zero.
    rows, columns : sequence of float, length n and m
        Sums; columns are scaled to the total of the rows.
    rounds : int
        Largest number of alternating scalings; if the sums cannot all be met, only the column sums are.

    Returns
    -------
    ndarray, shape (n, m)
        The balanced table.
    """
    table = np.array(seed, dtype=float)
    want_rows, want_columns = np.asarray(rows, float), np.asarray(columns, float)
    want_columns = want_columns * (want_rows.sum() / max(want_columns.sum(), np.finfo(float).tiny))
    for _ in range(rounds):
        table *= _ratio(want_rows, table.sum(axis=1))[:, None]
        table *= _ratio(want_columns, table.sum(axis=0))[None, :]
        if np.abs(table.sum(axis=1) - want_rows).max(initial=0.0) <= TOLERANCE * want_rows.max(initial=0.0):
            break
    return table


def _ratio(want: NDArray[np.float64], have: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(want, have, out=np.zeros_like(have), where=have > 0)


def tilted(basket: dict[str, float], price: dict[str, float], mean: float) -> dict[str, float]:
    """Shares with a given mean price that are nearest to a basket in relative entropy: ``share ~ basket x price^power``.

    The power is bounded (:data:`POWERS`), so that every good has a positive share.

    Parameters
    ----------
    basket : dict
        Tonnes by commodity, positive.
    price : dict
        Price by commodity [USD/kg].
    mean : float
        Mean price of the mixture, the unit value of the flow [USD/kg].

    Returns
    -------
    dict
        Share by commodity, summing to one.
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
