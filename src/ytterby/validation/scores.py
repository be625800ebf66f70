"""Forecast scores (weighted quantiles, CRPS, Brier, coverage, rms error) and the naive price forecasts to beat.

Every naive forecast uses only the quotes published up to its origin date. The half-life of the mean-reverting ones is the
best in hindsight, which works in their favour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.validation.targets import Target


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
    """Brier score of one statement: 0 is best, 1 is worst."""
    return (probability - float(happened)) ** 2


def rms(errors: NDArray[np.float64]) -> float:
    """Root mean square; nan for an empty array."""
    return float(np.sqrt(np.mean(np.square(errors)))) if len(errors) else float("nan")


def coverage(low: NDArray[np.float64], high: NDArray[np.float64], observed: NDArray[np.float64]) -> float:
    """Share of observations inside their bands."""
    return float(np.mean((low <= observed) & (observed <= high))) if len(observed) else float("nan")


HALF_LIVES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Half-lives among which the best is chosen [year]."""
BASE_YEAR = 2009


def midpoint(target: Target) -> dt.date:
    """Day in the middle of a target's period."""
    return target.first + (target.last - target.first) / 2


def base_price(seen: Sequence[Target], element: str) -> float:
    """Mean log quote of the base year."""
    return float(np.mean([np.log(t.value) for t in seen if t.element == element and t.last.year == BASE_YEAR]))


def last_price(seen: Sequence[Target], element: str) -> float:
    """Last log quote before the origin."""
    return float(np.log(max((t for t in seen if t.element == element), key=lambda t: (t.last, t.first)).value))


def quotes_until(targets: Sequence[Target], origin: dt.date) -> list[Target]:
    """FOB quotes published until the origin."""
    return [t for t in targets if t.kind == "fob" and t.last <= origin]


def later_quotes(targets: Sequence[Target], origin: dt.date, last: dt.date | None = None) -> list[Target]:
    """FOB quotes after the origin, for elements quoted before it."""
    elements = {t.element for t in quotes_until(targets, origin)}
    return [t for t in targets if t.kind == "fob" and t.first > origin and t.element in elements and (last is None or t.last <= last)]


def constant(targets: Sequence[Target], origin: dt.date, wanted: Sequence[Target]) -> NDArray[np.float64]:
    """Forecast of a constant price at the level of the base year (log)."""
    seen = quotes_until(targets, origin)
    return np.array([base_price(seen, t.element) for t in wanted])


def random_walk(targets: Sequence[Target], origin: dt.date, wanted: Sequence[Target]) -> NDArray[np.float64]:
    """Forecast of the last quote for all later dates (log)."""
    seen = quotes_until(targets, origin)
    return np.array([last_price(seen, t.element) for t in wanted])


def mean_reversion(targets: Sequence[Target], origin: dt.date, wanted: Sequence[Target]) -> NDArray[np.float64]:
    """Forecast of exponential reversion to the price of the base year (log)."""
    seen = quotes_until(targets, origin)
    base = np.array([base_price(seen, t.element) for t in wanted])
    height = random_walk(targets, origin, wanted) - base
    return _best_half_life(base, height, origin, wanted)


def common_factor(targets: Sequence[Target], origin: dt.date, wanted: Sequence[Target]) -> NDArray[np.float64]:
    """Forecast by one common factor with a loading per element (log); the factor decays exponentially to zero.

    Loadings are estimated by regression of an element's log rise on the mean log rise of all elements.
    """
    seen = quotes_until(targets, origin)
    base = {t.element: base_price(seen, t.element) for t in seen}
    days = sorted({(t.first, t.last) for t in seen if t.last.year > BASE_YEAR})
    rises = {day: {t.element: np.log(t.value) - base[t.element] for t in seen if (t.first, t.last) == day} for day in days}
    factor = {day: float(np.mean(list(rise.values()))) for day, rise in rises.items()}
    loading = {}
    for element in base:
        pairs = [(factor[day], rises[day][element]) for day in days if element in rises[day]]
        top, bottom = sum(f * r for f, r in pairs), sum(f * f for f, _ in pairs)
        loading[element] = top / bottom if bottom > 0.0 else 0.0
    height = np.array([loading[t.element] * factor[days[-1]] if days else 0.0 for t in wanted])
    return _best_half_life(np.array([base[t.element] for t in wanted]), height, origin, wanted)


def _best_half_life(
    base: NDArray[np.float64], height: NDArray[np.float64], origin: dt.date, wanted: Sequence[Target]
) -> NDArray[np.float64]:
    years = np.array([(midpoint(t) - origin).days / 365.25 for t in wanted])
    truth = np.log([t.value for t in wanted])
    tried = [base + height * 0.5 ** (years / half) for half in HALF_LIVES]
    return min(tried, key=lambda guess: float(np.mean((guess - truth) ** 2)))


NAIVE_FORECASTS = {"constant": constant, "random_walk": random_walk, "mean_reversion": mean_reversion, "common_factor": common_factor}
"""Naive forecasts by name."""
