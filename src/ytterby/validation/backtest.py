"""Replay of a historical episode with every target scored, misses first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.backtest_result import HitCount
from ytterby.validation.base_figures import base_figures, same_figures
from ytterby.validation.criteria import criteria, judged_quotes, wedges
from ytterby.validation.cross_validation import predictive
from ytterby.validation.posterior import parameter_summary, predictive_rows, record
from ytterby.validation.replay import drawn_inputs, replay_of
from ytterby.validation.scores import BAND, NAIVE_FORECASTS, coverage, crps, later_quotes, rms, weighted_quantile
from ytterby.validation.targets import PRICES
from ytterby.validation.weekly_result import WeeklyBacktest, WeeklyScores, WeeklyTarget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ytterby.facts import Facts
    from ytterby.system import System
    from ytterby.validation.targets import Target

ORIGIN = dt.date(2009, 12, 31)
"""Origin of the naive forecasts of the whole episode: they use the quotes of 2009."""
WITH_OWN_ERROR = (*PRICES, "unit_value")
"""Kinds whose band includes the model error."""


def backtest(
    episode: str, system: System, facts: Facts, draws: int = 100, seed: int = 1, progress: Callable[[int, int], None] | None = None
) -> WeeklyBacktest:
    """Every target with the model's median, 80 % band, error, hit or miss, and the scores of naive forecasts.

    Parameters
    ----------
    episode : str
        An episode with targets.
    system, facts
        Base system of the episode's year, and the facts.
    draws, seed : int
        Number of posterior draws and seed; inputs that are not fitted are drawn from their priors.
    progress : callable, optional
        Called with draws done and draws in all.
    """
    replay = replay_of(episode, system, facts)
    rows = predictive_rows(draws, seed, drawn_inputs(replay))
    values = replay.ensemble(rows, progress)
    sigma = record().fit.own_error
    lines = [_line(t, values[:, i], sigma) for i, t in enumerate(replay.targets)]
    model = {line.id: line.model for line in lines}
    return WeeklyBacktest(
        episode=episode,
        hits=sum(line.hit for line in lines),
        of=len(lines),
        criteria=criteria(replay.targets, model, record()),
        targets=tuple(sorted(lines, key=lambda line: (line.hit, -line.misses_by))),
        wedges_2011=wedges(replay.targets, model),
        scores=_scores(replay.targets, values, model, sigma),
        calibration=record(),
        parameters=parameter_summary(),
        draws=draws,
        seed=seed,
        base=system.digest,
        base_is_that_of_the_calibration=same_figures(record().base_figures, base_figures(system)),
    )


def _line(target: Target, values: NDArray[np.float64], sigma: float) -> WeeklyTarget:
    finite = values[np.isfinite(values)]
    even = np.ones(len(finite))
    middle = float(weighted_quantile(finite, even, (0.5,))[0])
    if target.kind in WITH_OWN_ERROR:
        low, high = np.exp(weighted_quantile(*predictive(finite, even, sigma), BAND))
    else:
        low, high = weighted_quantile(finite, even, BAND)
    return WeeklyTarget(
        id=target.id,
        what=target.what,
        kind=target.kind,
        element=target.element,
        date=str(target.last),
        unit=target.unit,
        target=target.value,
        model=middle,
        low=float(low),
        high=float(high),
        error=target.error(middle),
        scale=target.scale,
        misses_by=abs(target.error(middle)) / target.tolerance,
        hit=target.hit(middle),
        fitted=target.fitted,
    )


def _scores(found: Sequence[Target], values: NDArray[np.float64], model: dict[str, float], sigma: float) -> WeeklyScores:
    quotes = judged_quotes(found)
    later = [i for i in quotes if found[i].kind == "fob" and found[i].first > ORIGIN]
    wanted = [t for t in later_quotes(found, ORIGIN) if t in [found[i] for i in later]]
    truth = np.log([t.value for t in wanted])
    guesses = {name: guess(found, ORIGIN, wanted) - truth for name, guess in NAIVE_FORECASTS.items()}
    even = np.ones(len(values))
    drawn = {i: predictive(values[:, i], even, sigma) for i in quotes}
    ends = np.array([weighted_quantile(*drawn[i], BAND) for i in quotes])
    observed = np.log([found[i].value for i in quotes])
    miss = {found[i].id: found[i].error(model[found[i].id]) for i in quotes}
    elements = sorted({found[i].element for i in quotes})
    return WeeklyScores(
        rms_ln_quotes=rms(np.array(list(miss.values()))),
        rms_ln_by_element={name: rms(np.array([miss[found[i].id] for i in quotes if found[i].element == name])) for name in elements},
        rms_ln_fob_after_2009=rms(np.array([miss[t.id] for t in wanted])),
        naive_rms_ln_fob_after_2009={name: rms(values_) for name, values_ in guesses.items()},
        crps_ln_quotes=float(np.mean([crps(x, w, y) for (x, w), y in zip(drawn.values(), observed, strict=True)])),
        coverage_80_quotes=coverage(ends[:, 0], ends[:, 1], observed),
        by_kind={
            kind: HitCount(hits=sum(t.hit(model[t.id]) for t in found if t.kind == kind), of=sum(t.kind == kind for t in found))
            for kind in dict.fromkeys(t.kind for t in found)
        },
    )
