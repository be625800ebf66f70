"""Score of the annual model on restrictions of other minerals: each episode forecast from the others, misses first."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from ytterby.validation.minerals.calibration import MAX_SHARE, SHARES, MineralSample, moves_of, record, shipped
from ytterby.validation.minerals.cases import SOURCES, EpisodeQuestion, MineralEpisode, answers, case, model, naive, on_paper, recovery
from ytterby.validation.minerals.model import PARAMETERS
from ytterby.validation.minerals.restriction_inputs import episodes
from ytterby.validation.minerals.result import AspectScore, MeanError, MineralParameter, MineralsBacktest, MineralTarget, RestrictionSummary
from ytterby.validation.minerals.trade import FLOOR, LEVELS, log_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.facts import Facts

    Floats = NDArray[np.float64]

BAND = (0.1, 0.9)
NEAR, TIMES = 0.15, 0.25
"""A ratio is a hit within this difference from the record or within this error of its logarithm (a factor of 1.28)."""
ONE_YEAR = 1.0
"""Tolerance of the time to recovery [year]."""
WHAT = {
    "exports": "exports of the supplier",
    "direct": "imports from the supplier by",
    "total": "imports from all by",
    "others": "exports of another seller,",
    "recovery": "years until exports are back at 80 %",
}
ASPECTS = {"exports": "depth", "direct": "diversion", "total": "diversion", "others": "re-routing", "recovery": "recovery"}


def error(kind: str, forecast: float, seen: float) -> float:
    """Error of a forecast: difference [year], or log ratio after adding 2 % of the base [1]."""
    if kind == "recovery":
        return forecast - seen
    return float(log_ratio(forecast) - log_ratio(seen))


def hit(kind: str, forecast: float, seen: float) -> bool:
    """Whether a forecast is within the tolerance."""
    if kind == "recovery":
        return abs(forecast - seen) <= ONE_YEAR
    return abs(forecast - seen) <= NEAR or abs(error(kind, forecast, seen)) <= TIMES


def drawn(sample: MineralSample, without: str, draws: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Parameters (draws,) from the posterior without one episode."""
    chosen = rng.choice(len(sample.prior), draws, p=sample.weights(without))
    return {name: sample.values[name][chosen] for name in PARAMETERS}


def bands(prepared: MineralEpisode, found: Floats, moves: Mapping[str, Floats], rng: np.random.Generator) -> Floats:
    """Bounds (2, questions) of the 80 % band: draws of the model with the natural variability of trade added.

    Each draw uses the same quantile of the variability in all years, so that a path of exports remains continuous; the time
    to recovery is derived from this path.
    """
    moved, kinds = found.copy(), np.array([q.kind for q in prepared.questions])
    lasting = rng.random(len(found))
    for i, q in enumerate(prepared.questions):
        if q.kind != "recovery":
            place = lasting if q.kind == "exports" else rng.random(len(found))
            variability = np.interp(place, LEVELS, moves_of(moves, q.kind, q.year - prepared.episode.first))
            moved[:, i] = np.maximum((1.0 + FLOOR) * np.exp(log_ratio(found[:, i]) + variability) - FLOOR, 0.0)
    moved[:, kinds == "recovery"] = recovery(moved[:, kinds == "exports"])[:, None]
    return np.asarray(np.quantile(moved, BAND, axis=0))


def backtest(name: str, facts: Facts, draws: int, seed: int, progress: Callable[[int, int], None] | None = None) -> MineralsBacktest:
    """Every target with the model's median, 80 % band, hit or miss, and the naive forecasts.

    Each restriction has its own random stream, so that its results do not depend on the other restrictions.

    Parameters
    ----------
    name : str
        Name of the backtest.
    facts : Facts
        Trade and dated policies.
    draws, seed : int
        Posterior draws by episode.
    progress : callable, optional
        Called with episodes done and episodes in all.
    """
    sample, fit, lines = shipped(), record(), []
    found = episodes(facts)
    for i, episode in enumerate(found):
        prepared = case(facts, episode)
        rng = np.random.default_rng([seed, crc32(episode.id.encode())])
        values = drawn(sample, episode.id, draws, rng)
        lines += _lines(prepared, model(prepared, values, rng), fit.moves, rng)
        if progress:
            progress(i + 1, len(found))
    return MineralsBacktest(
        episode=name,
        hits=sum(line.hit for line in lines),
        of=len(lines),
        targets=tuple(sorted(lines, key=lambda line: (line.hit, -line.misses_by))),
        scores=scores(lines),
        episodes=tuple(summary(facts, item.id, lines) for item in found),
        parameters=parameter_summary(sample),
        calibration=fit.calibration,
        draws=draws,
        seed=seed,
    )


def _lines(prepared: MineralEpisode, found: Floats, moves: Mapping[str, Floats], rng: np.random.Generator) -> list[MineralTarget]:
    seen = answers(prepared, prepared.observed)[0]
    guesses = {source: naive(prepared, source) for source in SOURCES}
    middle, (low, high) = np.median(found, axis=0), bands(prepared, found, moves, rng)
    return [
        _line(
            prepared,
            q,
            float(seen[i]),
            float(middle[i]),
            (float(low[i]), float(high[i])),
            {name: float(guess[i]) for name, guess in guesses.items()},
        )
        for i, q in enumerate(prepared.questions)
    ]


def _line(  # noqa: PLR0913
    prepared: MineralEpisode, q: EpisodeQuestion, seen: float, middle: float, band: tuple[float, float], guesses: dict[str, float]
) -> MineralTarget:
    episode, off = prepared.episode, error(q.kind, middle, seen)
    when = str(q.year) if q.year else ("" if q.kind == "recovery" else f"mean of {episode.first}-{min(episode.first + 2, episode.last)}")
    return MineralTarget(
        id=f"{episode.id}-{q.id}",
        restriction=episode.id,
        what=" ".join(part for part in (WHAT[q.kind], q.place, when) if part),
        kind=q.kind,
        aspect=ASPECTS[q.kind],
        year=q.year,
        date=f"{q.year or episode.first}-07-01",
        unit="year" if q.kind == "recovery" else "1",
        target=seen,
        model=middle,
        low=band[0],
        high=band[1],
        error=off,
        misses_by=abs(off) / (ONE_YEAR if q.kind == "recovery" else TIMES),
        hit=hit(q.kind, middle, seen),
        fitted=False,
        naive=guesses,
        naive_hits={name: hit(q.kind, guess, seen) for name, guess in guesses.items()},
    )


def scores(lines: Sequence[MineralTarget]) -> dict[str, AspectScore]:
    """By aspect: hits and mean absolute error of the model and of each naive forecast; coverage of the bands."""
    found = {}
    for aspect in dict.fromkeys(ASPECTS.values()):
        own = [line for line in lines if line.aspect == aspect]
        score = {
            "of": len(own),
            "unit": own[0].unit if aspect == "recovery" else "ln",
            "coverage_80": float(np.mean([line.low <= line.target <= line.high for line in own])),
            "model": _mean_error([line.hit for line in own], [line.error for line in own]),
        }
        for name in SOURCES:
            errors = [error(line.kind, line.naive[name], line.target) for line in own]
            score[name] = _mean_error([line.naive_hits[name] for line in own], errors)
        found[aspect] = AspectScore.model_validate(score)
    return found


def _mean_error(hits: Sequence[bool], errors: Sequence[float]) -> MeanError:
    return MeanError(hits=sum(hits), error=float(np.mean(np.abs(errors))))


def summary(facts: Facts, name: str, lines: Sequence[MineralTarget]) -> RestrictionSummary:
    """Summary of one episode: restriction, lowest exports observed and forecast within three years, hits."""
    prepared = case(facts, next(item for item in episodes(facts) if item.id == name))
    own = [line for line in lines if line.restriction == name]
    early = [line for line in own if line.kind == "exports"][:3]
    base = prepared.market.flows
    return RestrictionSummary(
        id=name,
        what=prepared.episode.what,
        supplier=prepared.episode.supplier,
        start=str(prepared.episode.start),
        share_of_world=float(base[prepared.market.seller].sum() / base.sum()),
        base_t=float(base[prepared.market.seller].sum()),
        on_paper=tuple(float(value) for value in on_paper(prepared)),
        lowest_seen=min(line.target for line in early),
        lowest_model=min(line.model for line in early),
        hits=sum(line.hit for line in own),
        of=len(own),
        facts=prepared.episode.facts,
    )


def parameter_summary(sample: MineralSample) -> tuple[MineralParameter, ...]:
    """Posterior summary of each parameter: median, 80 % interval, prior, and relative narrowing of the log interval."""
    weight, rows = sample.weights(), []
    for name, (what, low, high) in PARAMETERS.items():
        order = np.argsort(sample.values[name], kind="stable")
        mass = np.cumsum(weight[order]) - 0.5 * weight[order]
        ends = np.interp((0.1, 0.5, 0.9), mass, sample.values[name][order])
        rows.append(
            MineralParameter(
                key=name,
                what=what,
                median=float(ends[1]),
                low=float(ends[0]),
                high=float(ends[2]),
                prior=(low, min(high, MAX_SHARE) if name in SHARES else high),
                pinned=float(1.0 - np.log(ends[2] / ends[0]) / np.log(high / low)),
            )
        )
    return tuple(rows)
