"""How a posterior was made: what is kept beside it, and how well it foretells what was left out of the fit."""

from __future__ import annotations

from ytterby.result_model import ResultModel


class CalibrationRecord(ResultModel):
    """What is kept of any fit to the record."""

    episode: str
    """Name of the backtest."""
    method: str
    """In words."""
    draws: int
    """Simulations in all."""
    seed: int


class FitScores(ResultModel):
    """Errors of quotes that the posterior was fitted to."""

    effective_draws: float
    """One over the sum of squared weights."""
    rms_ln: float
    """Root mean square error of the logarithm [1]."""
    rms_ln_constant_price: float
    """The same of a forecast that prices stay as in the base year [1]."""
    by_element: dict[str, float]
    """Root mean square error of the logarithm by element [1]."""
    own_error: float
    """Error of the model itself: that of quotes of an element that the fit has not seen [1]."""


class LeftOutScore(ResultModel):
    """Errors of quotes, foretold by a posterior without them."""

    left_out: str
    """Element or year without which the posterior was fitted."""
    rows: int
    """Quotes that are foretold."""
    rms_ln: float
    """Root mean square error of the logarithm [1]."""
    coverage_80: float
    """Share of quotes inside the 80 % band [1]."""


class LeaveOneOut(ResultModel):
    """Each element and each year foretold from the others."""

    element: tuple[LeftOutScore, ...]
    year: tuple[LeftOutScore, ...]


class EarlyFit(ResultModel):
    """Errors at later quotes of a posterior that was fitted until a day only, beside naive forecasts."""

    fitted_until: str
    """Last day of what was fitted, YYYY-MM-DD."""
    judged: int
    """Later quotes."""
    effective_draws: float
    """One over the sum of squared weights."""
    rms_ln: float
    """Root mean square error of the logarithm [1]."""
    rms_ln_year_ends: float
    """The same, of quotes at the ends of years [1]."""
    naive_rms_ln: dict[str, float]
    """`rms_ln` of each naive forecast [1]."""
    naive_rms_ln_year_ends: dict[str, float]
    """`rms_ln_year_ends` of each naive forecast [1]."""
    best_naive: str
    """Naive forecast with the smallest error, but for that of a constant price."""
    skill: float
    """One less the error over that of the best naive forecast [1]."""
    best_naive_year_ends: str
    """The best naive forecast at the ends of years."""
    skill_year_ends: float
    """`skill` at the ends of years [1]."""
    crps: float
    """Mean continuous ranked probability score of the logarithm [1]."""
    crps_best_naive: float
    """The same of the best naive forecast [1]."""
    coverage_80: float
    """Share of quotes inside the 80 % band [1]."""
    own_error: float
    """Error of the model itself, as of that day [1]."""


class HistoryCalibration(CalibrationRecord):
    """How the posterior of the weekly model was made."""

    made: str
    """Day of the fit, YYYY-MM-DD."""
    effective_draws: float
    """One over the sum of squared weights."""
    targets: tuple[str, ...]
    """Ids of what was fitted."""
    fit: FitScores
    leave_one_out: LeaveOneOut
    early_fit: EarlyFit
    base_figures: dict[str, tuple[float, ...]]
    """Sums by which the base is known again, by column of its tables."""
    scenario_digest: str
    """Digest of the scenario that was replayed."""
