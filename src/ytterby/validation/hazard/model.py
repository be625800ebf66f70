"""Hazard of new restrictions by country and family of material, from the dated record, in waves.

Counts of a cell (country, family) in a year are Poisson with rate ``rate[cell] * wave[country, year]``. Partial pooling
has two levels: the rates of a country's families are gamma distributed around the country's level, and levels are log-normal
over all suppliers. Waves are gamma distributed with mean one and shape ``k`` and common to the families of a country, so
counts are negative binomial and restrictions cluster in time and across materials. The posterior is sampled by Gibbs steps
for rates and waves (conjugate) and random-walk Metropolis steps for the other parameters, with a fixed seed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import InputError, UnknownNameError
from ytterby.result_model import ResultModel
from ytterby.validation.hazard.restrictions import SINCE, Restriction, families, kinds, restrictions, suppliers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.facts import Facts

    Floats = NDArray[np.float64]

PRIOR = {"median": (np.log(0.03), 1.5), "spread": (0.0, 0.7), "shape": (0.0, 1.0), "k": (0.0, 1.0)}
"""Log-normal priors (`assumed`): median level of a country [1/year and family], spread of the logarithm of levels between
countries, shape of the rates within a country, shape of the waves."""
STEP = 0.4
"""Step of the random walks in the logarithm."""
SWEEPS, BURN, THINNING = 5000, 1000, 4
PRIOR_COUNT = 2.0
"""Prior count: weight of the world's mix of kinds and targets, in restrictions (`assumed`)."""
TINY = 1e-200
"""Lower limit of a drawn rate or wave, so that its logarithm is finite."""
LEVELS = (0.1, 0.9)


@dataclass(frozen=True, eq=False)
class RestrictionRecord:
    """Counts of new restrictions: ``counts`` (cells, years) at suppliers, with the exposure of each year [years]."""

    cells: tuple[tuple[str, str], ...]
    years: tuple[int, ...]
    exposure: Floats
    counts: NDArray[np.int64]
    seen: tuple[Restriction, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Suppliers, in alphabetical order."""
        return tuple(sorted({country for country, _ in self.cells}))

    @property
    def owner(self) -> NDArray[np.int64]:
        """Index of each cell's country."""
        place = {country: i for i, country in enumerate(self.countries)}
        return np.array([place[country] for country, _ in self.cells])


@dataclass(frozen=True, eq=False)
class HazardPosterior:
    """Draws (draws, ...) of rates by cell, levels by country [1/year], and of the hyperparameters."""

    record: RestrictionRecord
    rates: Floats
    levels: Floats
    median: Floats
    spread: Floats
    shape: Floats
    k: Floats


def record(facts: Facts, until: dt.date | None = None) -> RestrictionRecord:
    """Counts of restrictions until a day (the newest observation by default), for the suppliers of each family.

    Restrictions by smaller suppliers are held in ``seen`` but not counted: cells included only because they
    restricted would bias all rates upwards.
    """
    last = until or facts.as_of
    if last <= SINCE:
        raise InputError(f"the record of restrictions begins on {SINCE}; {last} is not after it")
    cells = tuple(sorted(suppliers(facts) | {("CN", "dual_use")}))
    years = tuple(range(SINCE.year, last.year + 1))
    exposure = np.ones(len(years))
    exposure[-1] = (last - dt.date(last.year, 1, 1)).days / 365.25
    seen = tuple(item for item in restrictions(facts) if item.day <= last)
    counts = np.array([[sum(_matches(item, *cell) and item.day.year == year for item in seen) for year in years] for cell in cells])
    return RestrictionRecord(cells, years, exposure, counts, seen)


def _matches(item: Restriction, country: str, family: str) -> bool:
    return item.supplier == country and family in item.families


def posterior(found: RestrictionRecord, seed: int = 1) -> HazardPosterior:
    """Draws of the posterior by Gibbs sampling; the same record and seed give the same draws."""
    rng = np.random.default_rng(seed)
    owner, places = found.owner, len(found.countries)
    state = {name: centre for name, (centre, _) in PRIOR.items()}
    levels, waves = np.full(places, PRIOR["median"][0]), np.ones((places, len(found.years)))
    total = np.array([found.counts[owner == i].sum(axis=0) for i in range(places)])
    samples = []
    for sweep in range(SWEEPS):
        shape, k = np.exp(state["shape"]), np.exp(state["k"])
        time = (waves * found.exposure)[owner].sum(axis=1)
        rates = np.maximum(rng.gamma(shape + found.counts.sum(axis=1)) / (shape / np.exp(levels)[owner] + time), TINY)
        load = np.bincount(owner, rates, places)[:, None] * found.exposure
        waves = np.maximum(rng.gamma(k + total) / (k + load), TINY)
        levels = _levels(levels, state, rates, owner, rng)
        for name in PRIOR:
            state = _walk(state, name, (levels, rates, waves, owner), rng)
        if sweep >= BURN and sweep % THINNING == 0:
            samples.append((rates, levels, *(state[name] for name in PRIOR)))
    rates, levels, *hyper = (np.array(column) for column in zip(*samples, strict=True))
    return HazardPosterior(found, rates, np.exp(levels), *(np.exp(column) for column in hyper))


def _levels(levels: Floats, state: dict[str, float], rates: Floats, owner: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """One Metropolis step of every country's level (log) by itself."""
    tried = levels + 2.0 * STEP * rng.standard_normal(len(levels))

    def density(at: Floats) -> Floats:
        own = np.bincount(owner, _gamma(rates, np.exp(state["shape"]), np.exp(at)[owner]), len(at))
        return np.asarray(own - 0.5 * ((at - state["median"]) / np.exp(state["spread"])) ** 2)

    return np.where(np.log(rng.random(len(levels))) < density(tried) - density(levels), tried, levels)


def _gamma(x: Floats, shape: float, mean: Floats | float) -> Floats:
    """Log density of a gamma variable with a given mean."""
    from scipy.special import gammaln

    scale = mean / shape
    return np.asarray((shape - 1.0) * np.log(x) - x / scale - gammaln(shape) - shape * np.log(scale))


def _walk(state: dict[str, float], name: str, drawn: tuple[Any, ...], rng: np.random.Generator) -> dict[str, float]:
    """One Metropolis step of a hyperparameter (log)."""
    tried = state | {name: state[name] + STEP * rng.standard_normal()}
    gain = _log_density(tried, *drawn) - _log_density(state, *drawn)
    return tried if np.log(rng.random()) < gain else state


def _log_density(state: dict[str, float], levels: Floats, rates: Floats, waves: Floats, owner: NDArray[np.int64]) -> float:
    prior = sum(-0.5 * ((state[name] - centre) / width) ** 2 for name, (centre, width) in PRIOR.items())
    spread, shape, k = (float(np.exp(state[name])) for name in ("spread", "shape", "k"))
    between = (-0.5 * ((levels - state["median"]) / spread) ** 2 - np.log(spread)).sum()
    return float(prior + between + _gamma(rates, shape, np.exp(levels)[owner]).sum() + _gamma(waves, k, 1.0).sum())


@cache
def cached_posterior(facts: Facts, until: dt.date | None = None, seed: int = 1) -> HazardPosterior:
    """Posterior from the record until a day, cached."""
    return posterior(record(facts, until), seed)


def chance(rate: Floats, k: Floats, years: float) -> Floats:
    """Probability of at least one event in ``years`` of gamma waves: ``1 - (1 + rate/k)^(-k years)``."""
    return np.asarray(1.0 - (1.0 + rate / k) ** (-k * years))


def rates_of(drawn: HazardPosterior, country: str, family: str, seed: int = 1) -> Floats:
    """Draws (draws,) of the yearly rate of a country on a family [1/year]; ``any`` counts a measure on several families once.

    The rate of a country that is not a large supplier of the family is drawn around its country's level, or from the
    distribution over suppliers, and updated with its own record.
    """
    cells, seen = drawn.record.cells, drawn.record.seen
    if family == "any":
        listed = {name for at, name in cells if at == country}
        recorded = {name for item in seen if item.supplier == country for name in item.families}
        named = sorted(listed | recorded) or ["none on record"]
        return np.asarray(sum(rates_of(drawn, country, name, seed + i) for i, name in enumerate(named)) / width(seen, country))
    if (country, family) in cells:
        return np.asarray(drawn.rates[:, cells.index((country, family))])
    events = sum(_matches(item, country, family) for item in seen)
    rng = np.random.default_rng(seed)
    if country in drawn.record.countries:
        level = drawn.levels[:, drawn.record.countries.index(country)]
    else:
        level = drawn.median * np.exp(drawn.spread * rng.standard_normal(len(drawn.k)))
    guess = rng.gamma(drawn.shape) / drawn.shape * level
    weight = guess**events * np.exp(-guess * drawn.record.exposure.sum())
    return np.asarray(rng.choice(guess, len(guess), p=weight / weight.sum()))


def width(seen: tuple[Restriction, ...], country: str) -> float:
    """Mean number of families affected by one measure of a country, shrunk to the world mean with :data:`PRIOR_COUNT`."""
    own = [len(item.families) for item in seen if item.supplier == country]
    centre = sum(len(item.families) for item in seen) / len(seen) if seen else 1.0
    return (PRIOR_COUNT * centre + sum(own)) / (PRIOR_COUNT + len(own))


def part(drawn: HazardPosterior, country: str, kind: str = "any", target: str = "any", seed: int = 1) -> Floats:
    """Draws (draws,) of the share of a country's restrictions of a kind and against a party [1].

    Beta distributed by country around the mix of the whole record, with prior count :data:`PRIOR_COUNT`. Restrictions against
    all parties count as against each.
    """
    rng = np.random.default_rng(seed)

    def share(right: NDArray[np.bool_], own: NDArray[np.bool_]) -> Floats:
        centre = (right.sum() + 0.5) / (len(right) + 1.0)
        hits = right[own].sum()
        return rng.beta(PRIOR_COUNT * centre + hits, PRIOR_COUNT * (1.0 - centre) + own.sum() - hits, len(drawn.k))

    seen = drawn.record.seen
    own = np.array([item.supplier == country for item in seen], dtype=bool)
    result = np.ones(len(drawn.k))
    if kind != "any":
        result = result * share(np.array([item.kind == kind for item in seen]), own)
    if target != "any":
        result = result * share(np.array([item.target in ("all", target) for item in seen]), own)
    return result


class RestrictionProbability(ResultModel):
    """Probability of at least one new export restriction within a number of years."""

    country: str
    """Supplier that restricts (ISO alpha-2)."""
    family: str
    """Family of material, or ``any``."""
    kind: str
    """Kind of restriction, or ``any``."""
    target: str
    """Party that must be affected, or ``any``."""
    probability: float
    """Mean over the posterior [1]."""
    low: float
    """Lower end of the 80 % band of the probability [1]."""
    high: float
    """Upper end of the 80 % band of the probability [1]."""
    rate: float
    """New restrictions a year [1/year]."""
    rate_low: float
    """Lower end of the 80 % band of the rate [1/year]."""
    rate_high: float
    """Upper end of the 80 % band of the rate [1/year]."""
    events: float
    """Restrictions of that country on that family on record."""


def probability(  # noqa: PLR0913
    facts: Facts,
    country: str,
    family: str = "any",
    kind: str = "any",
    target: str = "any",
    years: float = 1.0,
    until: dt.date | None = None,
    seed: int = 1,
) -> RestrictionProbability:
    """Probability of at least one new restriction within a number of years, with its 80 % band.

    Parameters
    ----------
    facts : Facts
        The dated record.
    country : str
        Supplier (ISO alpha-2).
    family, kind, target : str
        Family of material, kind of restriction and party affected; ``any`` for no condition.
    years : float
        Horizon from the last day of the record [years].
    until : date, optional
        Last day of the record; the newest observation by default.
    seed : int
        Seed of the posterior's draws.

    Raises
    ------
    UnknownNameError
        If the family or kind is not in the record.
    """
    for what, name, known in (("family", family, families()), ("kind", kind, kinds())):
        if name not in ("any", *known):
            raise UnknownNameError(what, name, ("any", *known))
    drawn = cached_posterior(facts, until, seed)
    rate = rates_of(drawn, country, family, seed) * part(drawn, country, kind, target, seed)
    chances = chance(rate, drawn.k, years)
    events = sum(item.supplier == country and family in ("any", *item.families) for item in drawn.record.seen)
    low, high = np.quantile(chances, LEVELS)
    rate_low, rate_high = np.quantile(rate, LEVELS)
    return RestrictionProbability(
        country=country,
        family=family,
        kind=kind,
        target=target,
        probability=float(chances.mean()),
        low=float(low),
        high=float(high),
        rate=float(rate.mean()),
        rate_low=float(rate_low),
        rate_high=float(rate_high),
        events=float(events),
    )
