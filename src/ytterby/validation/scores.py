"""Scores of forecasts: weighted quantiles, CRPS, Brier, coverage, rms error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

BAND = (0.1, 0.9)
"""Ends of the 80 % band."""


def weighted_quantile(values: NDArray[np.float64], weights: NDArray[np.float64], levels: Sequence[float]) -> NDArray[np.float64]:
    """Quantiles of weighted draws (levels,); with equal weights they are those of Hazen (plotting position (i - 1/2) / n)."""
    order = np.argsort(values, kind="stable")
    mass = weights[order] / weights.sum()
    at = np.cumsum(mass) - 0.5 * mass
    return np.asarray(np.interp(levels, at, values[order]))


def crps(values: NDArray[np.float64], weights: NDArray[np.float64], observed: float) -> float:
    """Continuous ranked probability score of weighted draws (Gneiting and Raftery 2007), in the unit of the values."""
    w = weights / weights.sum()
    order = np.argsort(values, kind="stable")
    x, w = values[order], w[order]
    below = np.cumsum(w)
    spread = float((below[:-1] * (1.0 - below[:-1]) * np.diff(x)).sum())
    return float((w * np.abs(x - observed)).sum() - spread)


def brier(probability: float, happened: bool) -> float:
    """Brier score of one statement: 0 is perfect, 1 is certain and wrong."""
    return (probability - float(happened)) ** 2


def rms(errors: NDArray[np.float64]) -> float:
    """Root mean square; nan where there is nothing."""
    return float(np.sqrt(np.mean(np.square(errors)))) if len(errors) else float("nan")


def coverage(low: NDArray[np.float64], high: NDArray[np.float64], observed: NDArray[np.float64]) -> float:
    """Share of observations that lie inside their bands."""
    return float(np.mean((low <= observed) & (observed <= high))) if len(observed) else float("nan")
