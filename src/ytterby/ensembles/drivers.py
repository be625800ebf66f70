"""Drivers of an outcome: rank correlation of each input with the outcome, and the threshold of an input.

With hundreds of inputs and a few hundred draws some correlations are large by chance. Only significant ones are reported:
the family-wise error is 5 % (Bonferroni over all inputs; without effect a rank correlation has the standard deviation
1 / sqrt(n - 1)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

OUTCOME = "outcome."
"""Prefix of the columns of `draws.parquet` that are outcomes; all others are inputs."""
MIN_DRAWS_FOR_DRIVERS = 8
"""Smallest number of draws for an analysis of the inputs."""
CHANCE = 0.05
"""Probability that at least one input without effect is reported (family-wise error)."""
MIN_SIDE = 0.15
"""Share of the draws that must lie on each side of a threshold."""


@dataclass(frozen=True)
class ThresholdSplit:
    """The threshold of an input that best separates draws with an outcome above its median from the others.

    Attributes
    ----------
    value : float
        The threshold, in the input's unit.
    below, above : float
        Share [1] of the draws below and above it in which the outcome exceeds its median.
    """

    value: float
    below: float
    above: float


def limit_of_chance(inputs: int, draws: int) -> float:
    """Rank correlation that any of this many inputs without effect exceeds with probability :data:`CHANCE` [1]."""
    from scipy.special import ndtri

    return float(min(-ndtri(CHANCE / (2.0 * inputs)) / np.sqrt(max(draws - 1, 1)), 1.0))


def ranks(values: NDArray[Any]) -> Floats:
    """Ranks from 1 along the first axis; equal values share the mean of theirs."""
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    starts = np.concatenate([np.ones((1, *values.shape[1:]), dtype=bool), ordered[1:] != ordered[:-1]])
    place = np.arange(len(values)).reshape(-1, *(1,) * (values.ndim - 1))
    first = np.maximum.accumulate(np.where(starts, place, 0), axis=0)
    ends = np.concatenate([starts[1:], np.ones((1, *values.shape[1:]), dtype=bool)])
    last = np.minimum.accumulate(np.where(ends, place, len(values))[::-1], axis=0)[::-1]
    found = np.empty(values.shape)
    np.put_along_axis(found, order, (first + last) / 2.0 + 1.0, axis=0)
    return found


def correlations(draws: pd.DataFrame, outcome: str) -> dict[str, float]:
    """Rank correlation of each input with an outcome, significant ones only, largest first.

    Parameters
    ----------
    draws : DataFrame
        One row per draw; columns that begin with ``outcome.`` are outcomes, the others inputs.
    outcome : str
        Name of the outcome's column.
    """
    target = ranks(draws[outcome].to_numpy(np.float64))
    inputs = {str(name): draws[name].to_numpy(np.float64) for name in draws.columns if _is_input(draws, str(name))}
    moving = {name: ranks(values) for name, values in inputs.items() if np.ptp(values) > 0.0}
    if np.ptp(target) == 0.0 or not moving:
        return {}
    limit = limit_of_chance(len(moving), len(draws))
    found = {name: float(np.corrcoef(values, target)[0, 1]) for name, values in moving.items()}
    return dict(sorted(((name, rho) for name, rho in found.items() if abs(rho) > limit), key=lambda item: -abs(item[1])))


def split(draws: pd.DataFrame, name: str, outcome: str) -> ThresholdSplit | None:
    """Threshold of an input; ``None`` where the outcome does not vary or no threshold has enough draws on both sides."""
    result, values = draws[outcome].to_numpy(np.float64), draws[name].to_numpy(np.float64)
    high = result > np.median(result)
    order = np.argsort(values, kind="stable")
    values, high = values[order], high[order]
    minimum = max(int(np.ceil(MIN_SIDE * len(values))), 1)
    places = [place for place in range(minimum, len(values) - minimum + 1) if values[place - 1] < values[min(place, len(values) - 1)]]
    if not high.any() or not places:
        return None
    left = np.cumsum(high)
    shares = [(left[place - 1] / place, (left[-1] - left[place - 1]) / (len(values) - place)) for place in places]
    best = int(np.argmax([abs(above - below) for below, above in shares]))
    below, above = shares[best]
    return ThresholdSplit(float((values[places[best] - 1] + values[places[best]]) / 2.0), float(below), float(above))


def _is_input(draws: pd.DataFrame, name: str) -> bool:
    return not name.startswith(OUTCOME) and draws[name].dtype.kind in "fiu"
