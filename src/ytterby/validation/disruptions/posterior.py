"""Posterior of the input classes by importance sampling.

Each class has seven parameters: mean and concentration of the Beta distribution of the share that stops, the share that is
worked around in the end, median and spread (over users) of the time constant, median and spread of stocks. A user has a
share, a time constant and, where its stock is not known, a stock of its own; these and the ranges of its inputs are
integrated out over a fixed set of quasi-random points. Half of the draws come from the prior, half from a normal proposal
fitted to the tempered posterior; weights are those of the deterministic mixture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.disruptions.losses import Shortage, stops, weeks_lost
from ytterby.validation.disruptions.record import CLASSES, EVIDENCE_WEIGHT, Figure, User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PRIOR = {
    "stop_share": (0.0, 1.5),
    "concentration": (np.log(2.0), 0.7),
    "worked_around": (1.5, 1.0),
    "work_around_weeks": (np.log(4.0), 1.0),
    "work_around_spread": (np.log(0.7), 0.4),
    "stock": (np.log(2.0), 1.2),
    "stock_spread": (np.log(0.7), 0.4),
}
"""Mean and standard deviation of the priors (`assumed`, the same for all classes): normal in the logit for the two shares,
in the logarithm for the rest; times in weeks."""
SHARES = ("stop_share", "worked_around")
POINTS = 128
"""Quasi-random points over which what is particular to a user is integrated."""
DIMENSIONS = ("stop_share", "work_around_weeks", "stock", "missing_user", "missing_world", "outage")
SAMPLE = 4000
"""Draws of the parameters of a class."""
DISCREPANCY = 0.35
"""Standard deviation of the logarithm of observed over modelled times, beside the observation's own range (`assumed`)."""
SHARE_ERROR = 0.15
"""Standard deviation of an observed share worked around [1] (`assumed`)."""
MISREPORTED = 0.02
"""Probability that a reported stop was none, or the reverse (`assumed`)."""
TEMPER = 0.5
"""Exponent of the likelihood to which the proposal is fitted; a wider target has heavier tails than the posterior."""
SPREAD_OF_90 = 3.29
"""Width of the central 90 % of a normal distribution, in standard deviations."""
SMALLEST = 1e-12


@dataclass(frozen=True, eq=False)
class ClassSample:
    """Draws of a class: ``values`` by parameter (draws,), log of prior over proposal, log likelihood by user (draws,)."""

    values: Mapping[str, Floats]
    prior: Floats
    fits: Mapping[str, Floats]

    def weights(self) -> Floats:
        """Posterior weights (draws,); the sum is one."""
        log = self.prior + sum(self.fits.values(), np.zeros(len(self.prior)))
        raw = np.exp(log - log.max())
        return np.asarray(raw / raw.sum())

    def effective(self) -> float:
        """Effective number of draws."""
        return float(1.0 / (self.weights() ** 2).sum())

    def replay(self, draws: int) -> dict[str, Floats]:
        """Posterior draws of equal weight by parameter (draws,), systematically resampled."""
        places = np.searchsorted(np.cumsum(self.weights()), (np.arange(draws) + 0.5) / draws)
        return {name: column[np.minimum(places, len(column) - 1)] for name, column in self.values.items()}


def points(count: int = POINTS, seed: int = 1) -> dict[str, Floats]:
    """Quasi-random numbers on 0-1 (count,) by what is drawn for a user (Sobol sequence, scrambled)."""
    from scipy.stats import qmc

    drawn = qmc.Sobol(len(DIMENSIONS), rng=np.random.default_rng(seed)).random(count)
    return {name: np.clip(drawn[:, i], 1e-6, 1.0 - 1e-6) for i, name in enumerate(DIMENSIONS)}


def values_of(unit: Floats) -> dict[str, Floats]:
    """Parameters by name from standard normal numbers (draws, parameters)."""
    from scipy.special import expit

    raw = {name: centre + width * unit[:, i] for i, (name, (centre, width)) in enumerate(PRIOR.items())}
    return {name: expit(column) if name in SHARES else np.exp(column) for name, column in raw.items()}


def between(figure: Figure, at: Floats, *, times: bool) -> Floats:
    """Quantiles of a figure: its value is the median, low and high are the ends; in the logarithm for times."""
    ends = np.array([figure.low, figure.value, figure.high])
    found = np.interp(at, (0.0, 0.5, 1.0), np.log(ends) if times else ends)
    return np.asarray(np.exp(found) if times else found)


def shares_that_stop(values: Mapping[str, Floats], at: Mapping[str, Floats]) -> Floats:
    """Share of the output concerned that stops at each user (draws, points): Beta of the class's mean and concentration."""
    from scipy.special import betaincinv

    mean, size = values["stop_share"][:, None], values["concentration"][:, None]
    return np.asarray(betaincinv(mean * size, (1.0 - mean) * size, at["stop_share"]))


def shortage(user: User, values: Mapping[str, Floats], at: Mapping[str, Floats], share: Floats) -> Shortage:
    """What hits a user, by draw of the class and point of what is its own (draws, points)."""
    from scipy.special import ndtri

    given, column = user.figures, {name: value[:, None] for name, value in values.items()}
    time = column["work_around_weeks"] * np.exp(column["work_around_spread"] * ndtri(at["work_around_weeks"]))
    if "stock" in given:
        stock = between(given["stock"], at["stock"], times=True)
    else:
        stock = column["stock"] * np.exp(column["stock_spread"] * ndtri(at["stock"]))
    shape = share.shape
    return Shortage(
        missing_user=between(given["missing_user"], at["missing_user"], times=False),
        missing_world=between(given["missing_world"], at["missing_world"], times=False),
        outage=np.broadcast_to(between(given["outage"], at["outage"], times=True), shape),
        stock=np.broadcast_to(stock, shape),
        stop_share=share,
        worked_around=column["worked_around"],
        work_around_weeks=time,
    )


def log_likelihood(user: User, hit: Shortage) -> Floats:
    """Log likelihood (draws,) of all that was observed at a user, tempered by the weight of its evidence."""
    seen = np.ones(hit.stop_share.shape)
    if user.stopped is not None:
        right = stops(hit) == user.stopped
        seen = np.where(right, 1.0 - MISREPORTED, MISREPORTED)
    for quantity, answer in _answers(user, hit).items():
        figure = user.figures[quantity]
        if quantity == "worked_around":
            seen = seen * np.exp(-0.5 * ((answer - figure.value) / SHARE_ERROR) ** 2)
        else:
            width = np.hypot(DISCREPANCY, np.log(figure.high / figure.low) / SPREAD_OF_90)
            seen = seen * np.exp(-0.5 * (np.log(np.maximum(answer, SMALLEST) / figure.value) / width) ** 2)
    mean = seen.mean(axis=1)
    return np.asarray(EVIDENCE_WEIGHT[user.evidence] * np.log(np.maximum(mean, SMALLEST)))


def _answers(user: User, hit: Shortage) -> dict[str, Floats]:
    """Model's value of each quantity that was observed at a user (draws, points)."""
    return {name: answer(user, hit, name) for name in OBSERVED if name in user.figures}


OBSERVED = ("weeks_lost", "first_stop", "stand_in", "near_full", "worked_around")
NEAR_FULL = np.log(10.0)
"""Time constants until nine tenths of what is ever worked around."""


def answer(user: User, hit: Shortage, quantity: str) -> Floats:
    """Value of one of :data:`OBSERVED` (draws, points) [weeks; share for ``worked_around``].

    A stand-in that is reported after some weeks is taken as the mean waiting time of the exponential curve.
    """
    if quantity == "weeks_lost":
        return weeks_lost(hit, *user.window)
    if quantity == "worked_around":
        return hit.worked_around_at(user.figures["worked_around_at"].value)
    if quantity == "first_stop":
        return hit.stock
    return hit.work_around_weeks * (NEAR_FULL if quantity == "near_full" else 1.0)


def class_posterior(given: tuple[User, ...], draws: int = SAMPLE, seed: int = 1, progress: Callable[[], None] | None = None) -> ClassSample:
    """Importance sample of one class from its users; the same users, draws and seed give the same sample."""
    rng = np.random.default_rng(seed)
    at, first = points(seed=seed), rng.standard_normal((draws // 2, len(PRIOR)))
    fits = _fits(given, first, at, progress)
    log = TEMPER * sum(fits.values(), np.zeros(len(first)))
    weight = np.exp(log - log.max())
    mean, wide = _moments(first, weight / weight.sum())
    second = rng.multivariate_normal(mean, wide, size=draws - len(first))
    more = _fits(given, second, at, progress)
    unit = np.concatenate([first, second])
    return ClassSample(
        values_of(unit),
        _prior_over_mixture(unit, mean, wide),
        {user: np.concatenate([fits[user], more[user]]) for user in fits},
    )


def _fits(given: tuple[User, ...], unit: Floats, at: Mapping[str, Floats], progress: Callable[[], None] | None) -> dict[str, Floats]:
    values = values_of(unit)
    share = shares_that_stop(values, at)
    found = {}
    for user in given:
        found[user.id] = log_likelihood(user, shortage(user, values, at, share))
        if progress:
            progress()
    return found


def _moments(unit: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Weighted mean and covariance."""
    mean = weight @ unit
    off = unit - mean
    return mean, (off * weight[:, None]).T @ off + 1e-3 * np.eye(unit.shape[1])


def _prior_over_mixture(unit: Floats, mean: Floats, wide: Floats) -> Floats:
    """Log of the prior over the equal mixture of prior and proposal, up to a constant."""
    plain = -0.5 * (unit**2).sum(axis=1)
    off = unit - mean
    around = -0.5 * (off * np.linalg.solve(wide, off.T).T).sum(axis=1) - 0.5 * np.linalg.slogdet(wide)[1]
    return np.asarray(plain - np.logaddexp(plain, around))


def posterior(
    given: tuple[User, ...], draws: int = SAMPLE, seed: int = 1, progress: Callable[[int, int], None] | None = None
) -> dict[str, ClassSample]:
    """Importance samples of all classes.

    Parameters
    ----------
    given : tuple of User
        The record.
    draws, seed : int
        Draws of the parameters of each class, and their seed.
    progress : callable, optional
        Called with parts done and parts in all.
    """
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, 2 * len(given))

    return {name: class_posterior(tuple(user for user in given if user.input_class == name), draws, seed, step) for name in CLASSES}
