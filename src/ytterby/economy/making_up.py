"""Equations R1-R4 of ``docs/explanation/losses.md``, compiled: output made up later, and sales lost, week by week by sector."""

from __future__ import annotations

from math import exp
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.simulation import Kernel, kernel, source_digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

STANDSTILL = 0.005
"""A week is part of a stop if it loses more than this share of output."""


def _compiled_for(digest: int) -> Kernel:
    """Compile the loop over draws and sectors; the digest of its source is part of the key of numba's disk cache."""

    @kernel
    def all_sectors(lost, share, longest, fade, overtime, window, made_up, pending, booked):  # type: ignore[no-untyped-def]
        assert digest >= 0
        draws, weeks, sectors = lost.shape
        for d in range(draws):
            for s in range(sectors):
                length, loss, done = 0.0, 0.0, 0.0
                booked[0] = 0.0
                for week in range(weeks):
                    due, missing = booked[week], lost[d, week, s]
                    if missing <= STANDSTILL and length > 0.0:
                        due += share[d, s] * exp(-max(length - longest[d, s], 0.0) / fade[d, s]) * loss
                    done = max(done, booked[max(week + 1 - window, 0)])
                    made = 0.0 if missing > STANDSTILL else min(due - done, overtime[d, s])
                    length, loss = (length + 1.0, loss + missing) if missing > STANDSTILL else (0.0, 0.0)
                    made_up[d, week, s], done, booked[week + 1] = made, done + made, due
                pending[d, s] = booked[weeks] - done

    return all_sectors


def _compiled_sales(digest: int) -> Kernel:
    """Compile the loop over weeks of the sales that neither output nor finished goods served."""

    @kernel
    def all_sales(missing, finished, sales):  # type: ignore[no-untyped-def]
        assert digest >= 0
        draws, weeks, sectors = missing.shape
        total, worst = np.empty(sectors), np.empty(sectors)
        for d in range(draws):
            total[:], worst[:] = 0.0, 0.0
            for week in range(weeks):
                for s in range(sectors):
                    total[s] += missing[d, week, s]
                    beyond = max(worst[s], total[s] - finished[d, s])
                    sales[d, week, s], worst[s] = beyond - worst[s], beyond

    return all_sales


_all_sectors = _compiled_for(source_digest(Path(__file__)))
_all_sales = _compiled_sales(source_digest(Path(__file__)))


def made_up_later(lost: Array, share: Array, longest: Array, fade: Array, overtime: Array, *, window: int) -> tuple[Array, Array]:
    """Output above base output (draw, week, sector), and output still to be made up at the end (draw, sector) [weeks of base output].

    Parameters
    ----------
    lost : array (draw, week, sector)
        Share of output lost.
    share, longest, fade, overtime : array (draw, sector)
        As in :class:`ytterby.economy.losses.RecaptureModel`.
    window : int
        Weeks within which output can be made up.
    """
    made_up, pending = np.zeros(lost.shape), np.zeros((len(lost), lost.shape[-1]))
    singles = [np.ascontiguousarray(values) for values in (share, longest, fade, overtime)]
    _all_sectors(np.ascontiguousarray(lost), *singles, window, made_up, pending, np.zeros(lost.shape[1] + 1))
    return made_up, pending


def sales_lost(missing: Array, finished: Array) -> Array:
    """Equation R4: sales lost per week (draw, week, sector), for output missing and ``finished`` (draw, sector) weeks of sales in stock."""
    sales = np.empty(missing.shape)
    _all_sales(np.ascontiguousarray(missing), np.ascontiguousarray(finished), sales)
    return sales
