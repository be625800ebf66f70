"""Checks of the hazard model: posterior predictive checks, and a forecast of held-out years."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from ytterby.result_model import ResultModel
from ytterby.validation.hazard.model import LEVELS, HazardPosterior, cached_posterior, chance, part, rates_of, record
from ytterby.validation.scores import brier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.facts import Facts
    from ytterby.validation.hazard.restrictions import Restriction

SPLIT = dt.date(2019, 12, 31)
"""Last day of the record used for the forecast of later years."""


class PredictiveCheck(ResultModel):
    """A statistic of the record compared with its posterior predictive distribution."""

    what: str
    """The statistic."""
    leader: str
    """Country with most restrictions (ISO alpha-2)."""
    seen: float
    """Its value in the record."""
    low: float
    """Lower end of the 80 % band of the model."""
    high: float
    """Upper end of the 80 % band of the model."""
    plain_low: float
    """Lower end of the 80 % band without waves."""
    plain_high: float
    """Upper end of the 80 % band without waves."""
    inside: bool
    """Whether the record lies in the model's band."""


class Surprise(ResultModel):
    """A supplier and family with a restriction after the split, and its forecast probability."""

    country: str
    family: str
    probability: float
    """Forecast probability [1]."""


class HeldOutForecast(ResultModel):
    """Forecast of later years from the earlier record, with the outcome."""

    split: str
    """Last day of the record used."""
    years: float
    """Time since then [year]."""
    cells: int
    """Pairs of supplier and family."""
    happened: int
    """Pairs with a restriction."""
    expected: float
    """Expected number of pairs with a restriction."""
    rate_in_all: float
    """New restrictions a year, all pairs together [1/year]."""
    brier: float
    """Brier score, 0 is best."""
    naive_brier: dict[str, float]
    """Brier score of naive forecasts."""
    surprises: tuple[Surprise, ...]
    """Least expected first."""


class PredictedNumber(ResultModel):
    """Number of new restrictions in a period."""

    mean: float
    low: float
    """Lower end of the 80 % band."""
    high: float
    """Upper end of the 80 % band."""
    p_any: float
    """Probability of at least one [1]."""


def replicates(drawn: HazardPosterior, waves: bool = True, seed: int = 1) -> NDArray[np.int64]:
    """Records (draws, cells, years) simulated from the posterior; without waves, a Poisson process."""
    rng = np.random.default_rng(seed)
    found = drawn.record
    shape = (len(drawn.k), len(found.countries), len(found.years))
    k = drawn.k[:, None, None]
    wave = rng.standard_gamma(np.broadcast_to(k, shape)) / k if waves else np.ones(shape)
    return rng.poisson(drawn.rates[:, :, None] * wave[:, found.owner] * found.exposure)


def statistics(counts: NDArray[np.int64], owner: NDArray[np.int64], leader: int) -> dict[str, NDArray[np.float64]]:
    """Summary statistics of a record (..., cells, years): size, overdispersion, maximum, cells without restrictions.

    ``leader`` is the index of the country whose yearly counts show the waves.
    """
    own = counts[..., owner == leader, :].sum(axis=-2)
    mean = own.mean(axis=-1)
    return {
        "entries in all, one for each family": counts.sum(axis=(-2, -1)).astype(float),
        "variance over mean of the leader's yearly entries": own.var(axis=-1, ddof=1) / np.maximum(mean, 1e-12),
        "most entries of the leader in a year": own.max(axis=-1).astype(float),
        "years of the leader without any": (own == 0).sum(axis=-1).astype(float),
        "suppliers of a family that never restricted": (counts.sum(axis=-1) == 0).sum(axis=-1).astype(float),
    }


def checks(facts: Facts, until: dt.date | None = None, seed: int = 1) -> list[PredictiveCheck]:
    """Posterior predictive check: each observed statistic with its 80 % band with and without waves."""
    drawn = cached_posterior(facts, until, seed)
    found = drawn.record
    leader = int(np.argmax(np.bincount(found.owner, found.counts.sum(axis=1))))
    seen = statistics(found.counts, found.owner, leader)
    bands = [
        {name: np.quantile(values, LEVELS) for name, values in statistics(replicates(drawn, waves, seed), found.owner, leader).items()}
        for waves in (True, False)
    ]
    rows = []
    for name, value in seen.items():
        (low, high), (plain_low, plain_high) = (tuple(map(float, band[name])) for band in bands)
        rows.append(
            PredictiveCheck(
                what=name,
                leader=found.countries[leader],
                seen=float(value),
                low=low,
                high=high,
                plain_low=plain_low,
                plain_high=plain_high,
                inside=low <= float(value) <= high,
            )
        )
    return rows


def held_out(facts: Facts, split: dt.date = SPLIT, until: dt.date | None = None, seed: int = 1) -> HeldOutForecast:
    """Forecast of at least one restriction after a day for every supplier and family, from the record until then.

    Compared by Brier score with two naive forecasts: the mean earlier rate for all cells, and each cell's own earlier rate,
    both as Poisson processes.
    """
    last = until or facts.as_of
    drawn, later, years = cached_posterior(facts, split, seed), record(facts, last), (last - split).days / 365.25
    happened = np.array([any(item.day > split and _matches(item, cell) for item in later.seen) for cell in later.cells])
    rates = np.array([rates_of(drawn, *cell, seed).mean() for cell in later.cells])
    model = np.array([chance(rates_of(drawn, *cell, seed), drawn.k, years).mean() for cell in later.cells])
    before = drawn.record.counts.sum(axis=1) / drawn.record.exposure.sum()
    naive = {
        "the same for all": np.full(len(model), 1.0 - np.exp(-before.mean() * years)),
        "own rate, plain Poisson": 1.0 - np.exp(-before * years),
    }
    return HeldOutForecast(
        split=str(split),
        years=years,
        cells=len(model),
        happened=int(happened.sum()),
        expected=float(model.sum()),
        rate_in_all=float(rates.sum()),
        brier=_mean_brier(model, happened),
        naive_brier={name: _mean_brier(values, happened) for name, values in naive.items()},
        surprises=tuple(
            Surprise(country=country, family=family, probability=float(p))
            for p, (country, family) in sorted(zip(model[happened], np.array(later.cells)[happened].tolist(), strict=True))
        ),
    )


def _matches(item: Restriction, cell: tuple[str, str]) -> bool:
    return item.supplier == cell[0] and cell[1] in item.families


def _mean_brier(forecast: NDArray[np.float64], happened: NDArray[np.bool_]) -> float:
    return float(np.mean([brier(float(p), bool(seen)) for p, seen in zip(forecast, happened, strict=True)]))


def predicted(
    drawn: HazardPosterior, country: str, family: str, years: int, kind: str = "any", target: str = "any", seed: int = 1
) -> PredictedNumber:
    """Number of new restrictions in whole years: mean and 80 % band, by simulation of waves and counts."""
    rng = np.random.default_rng(seed)
    rate = rates_of(drawn, country, family, seed) * part(drawn, country, kind, target, seed)
    k = np.repeat(drawn.k[:, None], years, axis=1)
    counts = rng.poisson(rate[:, None] * rng.standard_gamma(k) / k).sum(axis=1)
    low, high = np.quantile(counts, LEVELS)
    return PredictedNumber(mean=float(counts.mean()), low=float(low), high=float(high), p_any=float((counts > 0).mean()))
