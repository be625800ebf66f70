"""Maximum entropy under row and column sums (RAS)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def balance_table(seed: Sequence[Sequence[float]], rows: Sequence[float], columns: Sequence[float], rounds: int = 400) -> np.ndarray:
    """Table nearest to ``seed`` in relative entropy with the given sums.

    Parameters
    ----------
    seed : array_like, shape (n, m)
        Non-negative; a zero stays zero.
    rows, columns : array_like, shape (n,), (m,)
        Sums; columns are scaled to the total of the rows.
    rounds : int
        Alternating scalings; where the sums cannot be met the last column scaling stands.

    Returns
    -------
    ndarray, shape (n, m)
    """
    table = np.array(seed, dtype=float)
    want_rows, want_columns = np.asarray(rows, float), np.asarray(columns, float)
    want_columns = want_columns * (want_rows.sum() / max(want_columns.sum(), 1e-300))
    for _ in range(rounds):
        sums = table.sum(axis=1)
        table *= np.divide(want_rows, sums, out=np.zeros_like(sums), where=sums > 0)[:, None]
        sums = table.sum(axis=0)
        table *= np.divide(want_columns, sums, out=np.zeros_like(sums), where=sums > 0)[None, :]
        if np.abs(table.sum(axis=1) - want_rows).max() <= 1e-10 * max(want_rows.max(), 1e-300):
            break
    return table
