"""Cross-validation: prediction of an element, a year or the time after March 2011 from a posterior fitted without it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.calibration import PosteriorSample, effective, weights
from ytterby.validation.calibration_record import EarlyFit, FitScores, LeaveOneOut, LeftOutScore
from ytterby.validation.scores import BAND, NAIVE_FORECASTS, coverage, crps, later_quotes, rms, weighted_quantile
from ytterby.validation.targets import PRICES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.validation.targets import Target

MARCH_2011 = dt.date(2011, 3, 14)
"""Last day of the data used in the early calibration."""
UNFITTED_UNTIL = dt.date(2013, 12, 31)
NODES = np.array([-1.960, -1.282, -0.842, -0.524, -0.253, 0.0, 0.253, 0.524, 0.842, 1.282, 1.960])
"""Standard normal quantiles that represent the model error, with equal weights."""


def median_errors(
    targets: Sequence[Target], values: NDArray[np.float64], w: NDArray[np.float64], picked: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Error of the weighted median at the picked targets."""
    places = [int(i) for i in picked]
    return np.array([targets[i].error(float(weighted_quantile(values[:, i], w, (0.5,))[0])) for i in places])


def own_error(targets: Sequence[Target], sample: PosteriorSample, seen: NDArray[np.bool_]) -> float:
    """Model error of quotes [1]: rms log error of the median over the fitted rows, with each element left out in turn."""
    price = np.array([t.kind in PRICES for t in targets])
    names = np.array([t.element for t in targets])
    left = []
    for name in sorted(set(names[seen & price])):
        picked = np.flatnonzero(seen & price & (names == name))
        w = weights(sample, targets, seen & (names != name))
        left.append(median_errors(targets, sample.values, w, picked))
    return rms(np.concatenate(left))


def predictive(values: NDArray[np.float64], w: NDArray[np.float64], sigma: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log values with the model error added, and their weights (draws times nodes,)."""
    logs = np.log(np.maximum(values, 1e-12))
    return (logs[:, None] + sigma * NODES[None, :]).ravel(), np.repeat(w, len(NODES))


def leave_one_out(targets: Sequence[Target], sample: PosteriorSample) -> LeaveOneOut:
    """Errors of quotes by element and by year, each predicted from a posterior without its own rows."""
    return LeaveOneOut(
        element=_left_out(targets, sample, [t.element for t in targets]),
        year=_left_out(targets, sample, [str(t.last.year) for t in targets]),
    )


def _left_out(targets: Sequence[Target], sample: PosteriorSample, labels: list[str]) -> tuple[LeftOutScore, ...]:
    price = np.array([t.kind in PRICES for t in targets])
    rows = []
    for label in sorted({name for name, p in zip(labels, price, strict=True) if p}):
        out = np.array([name == label for name in labels])
        w = weights(sample, targets, ~out)
        picked = np.flatnonzero(out & price)
        sigma = own_error(targets, sample, ~out)
        ends = [weighted_quantile(*predictive(sample.values[:, i], w, sigma), BAND) for i in picked]
        truth = np.log([targets[int(i)].value for i in picked])
        inside = coverage(np.array([e[0] for e in ends]), np.array([e[1] for e in ends]), truth)
        miss = rms(median_errors(targets, sample.values, w, picked))
        rows.append(LeftOutScore(left_out=label, rows=len(picked), rms_ln=miss, coverage_80=inside))
    return tuple(rows)


def early_fit(targets: Sequence[Target], sample: PosteriorSample) -> EarlyFit:
    """Fitted to data until March 2011: errors at the later quotes until the end of 2013, compared with naive forecasts."""
    seen = np.array([t.early and t.last <= MARCH_2011 for t in targets])
    w = weights(sample, targets, seen)
    wanted = later_quotes(targets, MARCH_2011, UNFITTED_UNTIL)
    picked = np.array([i for i, t in enumerate(targets) if t in wanted])
    wanted = [targets[i] for i in picked]
    sigma = own_error(targets, sample, seen)
    drawn = [predictive(sample.values[:, i], w, sigma) for i in picked]
    truth = np.log([t.value for t in wanted])
    ends = np.array([weighted_quantile(*pair, BAND) for pair in drawn])
    year_end = np.array([t.first == t.last and (t.last.month, t.last.day) == (12, 31) for t in wanted])
    miss = median_errors(targets, sample.values, w, picked)
    naive = {name: guess(targets, MARCH_2011, wanted) - truth for name, guess in NAIVE_FORECASTS.items()}
    best = min((name for name in naive if name != "constant"), key=lambda name: rms(naive[name]))
    best_year_end = min((name for name in naive if name != "constant"), key=lambda name: rms(naive[name][year_end]))
    return EarlyFit(
        fitted_until=str(MARCH_2011),
        judged=len(wanted),
        effective_draws=effective(w),
        rms_ln=rms(miss),
        rms_ln_year_ends=rms(miss[year_end]),
        naive_rms_ln={name: rms(found) for name, found in naive.items()},
        naive_rms_ln_year_ends={name: rms(found[year_end]) for name, found in naive.items()},
        best_naive=best,
        skill=1.0 - rms(miss) / rms(naive[best]),
        best_naive_year_ends=best_year_end,
        skill_year_ends=1.0 - rms(miss[year_end]) / rms(naive[best_year_end][year_end]),
        crps=float(np.mean([crps(x, v, y) for (x, v), y in zip(drawn, truth, strict=True)])),
        crps_best_naive=float(np.mean(np.abs(naive[best]))),
        coverage_80=coverage(ends[:, 0], ends[:, 1], truth),
        own_error=sigma,
    )


def fit_scores(targets: Sequence[Target], sample: PosteriorSample) -> FitScores:
    """In-sample errors of quotes with all rows marked ``fit``, in total and by element."""
    everything = np.ones(len(targets), dtype=bool)
    w = weights(sample, targets, everything)
    picked = np.array([i for i, t in enumerate(targets) if t.kind in PRICES])
    miss = median_errors(targets, sample.values, w, picked)
    names = np.array([targets[i].element for i in picked])
    base = {t.element: np.log(t.value) for t in targets if t.kind == "fob" and t.id in ANNUAL_2009}
    still = np.array([base.get(targets[i].element, np.nan) - np.log(targets[i].value) for i in picked if targets[i].kind == "fob"])
    return FitScores(
        effective_draws=effective(w),
        rms_ln=rms(miss),
        rms_ln_constant_price=rms(still[np.isfinite(still)]),
        by_element={str(name): rms(miss[names == name]) for name in sorted(set(names))},
        own_error=own_error(targets, sample, everything),
    )


ANNUAL_2009 = ("A080", "A081", "A082", "A083", "A084", "A085", "A086", "A087")
"""FOB quotes of the base year."""
