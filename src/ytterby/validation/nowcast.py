"""Nowcast: importance weights for the draws of a run from customs records published since.

The likelihood of an observed monthly flow y given the modelled flow x is normal in ln y - ln x with the observation's standard
deviation. Errors of different months of a route are correlated, so that ten months of one route do not count as ten
independent observations. If the effective number of draws would fall below an eighth, the likelihood is tempered until
it does not, since a finite ensemble of an imperfect model must not be overconfident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.result_model import ResultModel
from ytterby.validation.calibration import effective
from ytterby.validation.monthly_trade import TradeRoute, month_share
from ytterby.validation.scores import BAND, weighted_quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DEFAULT_SPREAD = 0.4
"""Standard deviation of ln(observed / model) from shipping times, classification and small lots (assumed, 0.2-0.6)."""
ERROR_CORRELATION = 0.5
"""Correlation of that error between the months of a route (assumed, 0-0.8)."""
MIN_FLOW_SHARE = 0.1
"""Lower limit of a flow as a share of the route's mean, so that the logarithm of a zero flow is finite."""
MIN_EFFECTIVE = 0.125
"""Smallest effective number of draws, as a share of all draws."""
MIN_TEMPER = 0.2
"""Tempering exponent below which the observations contradict the scenario or the model as a whole."""
HALVINGS = 40


class MedianBand(ResultModel):
    """Median and 80 % band over draws."""

    low: float
    median: float
    high: float


class FlowBand(ResultModel):
    """Flow of a trade route in a month before and after re-weighting."""

    month: str
    goods: str
    origin: str
    destination: str
    unit: str
    prior: MedianBand
    """All draws with equal weight."""
    now: MedianBand
    """Draws re-weighted by what was observed."""
    shrink: float
    """By how much the band became narrower [1]."""


@dataclass(frozen=True)
class CustomsObservation:
    """A monthly flow recorded by customs."""

    month: str
    route: TradeRoute
    tonnes: float
    spread: float = DEFAULT_SPREAD


def log_weights(
    flows: NDArray[np.float64], observed: NDArray[np.float64], spread: NDArray[np.float64], floor: float
) -> NDArray[np.float64]:
    """Log weight of each draw (N,) from the months of one route.

    Parameters
    ----------
    flows : ndarray (N, months)
        Modelled flows [t].
    observed, spread : ndarray (months,)
        Customs figures [t] and the standard deviation of their logarithms.
    least : float
        Floor of flows [t].
    """
    gap = np.log(np.maximum(observed, floor)) - np.log(np.maximum(flows, floor))
    cov = np.outer(spread, spread) * (ERROR_CORRELATION + (1.0 - ERROR_CORRELATION) * np.eye(len(spread)))
    return np.asarray(-0.5 * np.einsum("ni,ij,nj->n", gap, np.linalg.inv(cov), gap))


def log_posterior(
    series: NDArray[np.float64], mondays: NDArray[np.datetime64], routes: Sequence[TradeRoute], observations: Sequence[CustomsObservation]
) -> NDArray[np.float64]:
    """Log weights of the draws (N,) from all observations.

    Parameters
    ----------
    series : ndarray (N, routes, W)
        Weekly arrivals of each draw [t].
    mondays : ndarray (W,)
        Weeks.
    routes : sequence of TradeRoute
        In the order of ``series``.
    observations : sequence of CustomsObservation
        Customs figures; their routes are among ``routes``.
    """
    total = np.zeros(len(series))
    for k, route in enumerate(routes):
        own = [o for o in observations if o.route == route]
        if own:
            flows = np.stack([series[:, k] @ month_share(mondays, o.month) for o in own], axis=1)
            tonnes, spread = np.array([o.tonnes for o in own]), np.array([o.spread for o in own])
            total += log_weights(flows, tonnes, spread, MIN_FLOW_SHARE * max(float(tonnes.mean()), float(flows.mean()), 1e-9))
    return total


def tempered(logs: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Weights of the draws (N,), with sum one, and the exponent of the likelihood that leaves an eighth of them effective."""

    def at(power: float) -> NDArray[np.float64]:
        w = np.exp(power * (logs - logs.max()))
        return np.asarray(w / w.sum())

    wanted = MIN_EFFECTIVE * len(logs)
    if effective(at(1.0)) >= wanted:
        return at(1.0), 1.0
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(at(middle)) >= wanted else (low, middle)
    return at(low), low


def bands(
    series: NDArray[np.float64],
    mondays: NDArray[np.datetime64],
    routes: Sequence[TradeRoute],
    w: NDArray[np.float64],
    months: Sequence[str],
) -> tuple[FlowBand, ...]:
    """Median and 80 % band of each route and month before and after re-weighting, and the relative narrowing."""
    even, rows = np.full(len(series), 1.0 / len(series)), []
    for k, route in enumerate(routes):
        for month in months:
            flows = series[:, k] @ month_share(mondays, month)
            before, after = (weighted_quantile(flows, weight, (BAND[0], 0.5, BAND[1])) for weight in (even, w))
            width = float(before[2] - before[0])
            rows.append(
                FlowBand(
                    month=month,
                    goods=route.goods,
                    origin=route.origin,
                    destination=route.destination,
                    unit="t",
                    prior=MedianBand(low=float(before[0]), median=float(before[1]), high=float(before[2])),
                    now=MedianBand(low=float(after[0]), median=float(after[1]), high=float(after[2])),
                    shrink=1.0 - float(after[2] - after[0]) / width if width > 0.0 else 0.0,
                )
            )
    return tuple(rows)
