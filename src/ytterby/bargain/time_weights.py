"""How much of a level year falls on which duties, between the day of the talks and the end of what they settle (N3, N4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DAYS = 365.25
NO_RATE = 1e-12
"""Rate below which nothing is discounted [1/year]."""


class Shares(NamedTuple):
    """Discounted shares of the time; they add up to 1."""

    agreed: float
    """In which the duties are as agreed."""
    without: Floats
    """In which they are as without a deal, by stretch of that path (stretch,)."""


def shares(starts: Sequence[dt.date], day: dt.date, rate: float, lasting: float, begins: float = 0.0, ends: float = 0.0) -> Shares:
    """N4: discounted shares of the time from a day on.

    Parameters
    ----------
    starts : sequence of date
        First days of the stretches of the path without a deal; the first is the day itself.
    day : date
        Day of the talks.
    rate : float
        Continuous discount rate [1/year].
    lasting : float
        Time that is looked at [years].
    begins : float
        Time until the duties change as agreed [years].
    ends : float
        Rate at which they go back afterwards [1/year].
    """
    edges = np.array([min((start - day).days / DAYS, lasting) for start in starts] + [lasting])
    whole = _area(0.0, lasting, rate)
    before = np.array([_area(low, min(high, begins), rate) if low < begins else 0.0 for low, high in zip(edges, edges[1:], strict=False)])
    lows, highs = np.maximum(edges[:-1], begins), np.maximum(edges[1:], begins)
    after = np.array([_area(low, high, rate) for low, high in zip(lows, highs, strict=True)])
    kept = np.array([np.exp(ends * begins) * _area(low, high, rate + ends) for low, high in zip(lows, highs, strict=True)])
    return Shares(float(kept.sum() / whole), (before + after - kept) / whole)


def _area(low: float, high: float, rate: float) -> float:
    """Integral of the discount factor."""
    if high <= low:
        return 0.0
    return float(np.exp(-rate * low) * -np.expm1(-rate * (high - low)) / rate) if rate > NO_RATE else high - low
