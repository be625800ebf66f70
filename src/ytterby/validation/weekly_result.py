"""Backtest of the weekly model: every target of an episode, the criteria set before, and the scores beside naive forecasts."""

from __future__ import annotations

from ytterby.result_model import ResultModel
from ytterby.validation.backtest_result import BacktestResult, BacktestTarget, HitCount
from ytterby.validation.calibration_record import HistoryCalibration


class WeeklyTarget(BacktestTarget):
    """An observation of the episode with the model's median and 80 % band."""

    hit: bool
    """Whether `model` is within the tolerance."""
    kind: str
    """What is observed, such as a FOB quote (``fob``) or a weight of imports (``tonnes``)."""
    element: str
    """Element of a quote; empty for other figures."""
    date: str
    """Last day that it is about, YYYY-MM-DD."""
    error: float
    """Error of `model` on `scale`, from the nearest end where the record is a range."""
    scale: str
    """How `error` is counted: ``ln`` (difference of logarithms), ``relative`` (share of the record) or ``points`` (difference)."""
    misses_by: float
    """Size of `error` over the tolerance: above 1 is a miss [1]."""


class AcceptanceCriterion(ResultModel):
    """A criterion that was set before the calibration."""

    id: str
    what: str
    """In words, with the unit."""
    asked: str
    """What was required."""
    reached: float
    """What the model reaches."""
    met: bool
    """Whether `reached` is what was required."""
    prototype: str
    """What a prototype had reached when the criterion was set."""


class PriceWedge(ResultModel):
    """How much more a quote free on board was than the price inside China, without duty and with VAT, in September 2011."""

    element: str
    target: float
    """As recorded [USD/kg]."""
    model: float
    """Median of the model [USD/kg]."""


class WeeklyScores(ResultModel):
    """Errors and coverage of the quotes of eight elements, beside naive forecasts."""

    rms_ln_quotes: float
    """Root mean square error of the logarithm [1]."""
    rms_ln_by_element: dict[str, float]
    """The same by element [1]."""
    rms_ln_fob_after_2009: float
    """The same of FOB quotes after 2009 [1]."""
    naive_rms_ln_fob_after_2009: dict[str, float]
    """The same of each naive forecast, with the quotes of 2009 [1]."""
    crps_ln_quotes: float
    """Mean continuous ranked probability score of the logarithm [1]."""
    coverage_80_quotes: float
    """Share of quotes inside the 80 % band [1]."""
    by_kind: dict[str, HitCount]
    """Targets that are hit by kind."""


class FreeParameter(ResultModel):
    """A free parameter as the record teaches it."""

    key: str
    meaning: str
    """In words, with its unit."""
    prior: tuple[float, float]
    """Ends of the even prior."""
    mean: float
    """Mean of the posterior."""
    low: float
    """Lower end of the 80 % band of the posterior."""
    high: float
    """Upper end of the 80 % band of the posterior."""
    pinned: float
    """One less the standard deviation of the posterior over that of the prior [1]."""


class WeeklyBacktest(BacktestResult):
    """Backtest of an episode that is replayed week by week."""

    criteria: tuple[AcceptanceCriterion, ...]
    """Those that are not met come first."""
    targets: tuple[WeeklyTarget, ...]
    """Misses first, the worst of them before the others."""
    wedges_2011: tuple[PriceWedge, ...]
    scores: WeeklyScores
    calibration: HistoryCalibration
    parameters: tuple[FreeParameter, ...]
    """Those that the record narrows most come first."""
    draws: int
    """Posterior draws that were replayed."""
    seed: int
    base: str
    """Digest of the base that was replayed."""
    base_is_that_of_the_calibration: bool
    """Whether the posterior was made on this base, but for rounding."""
