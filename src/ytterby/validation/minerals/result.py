"""Backtest of the annual model: each restriction of another mineral foretold from the others, beside naive forecasts."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from ytterby.result_model import ResultModel
from ytterby.validation.backtest_result import BacktestResult, BacktestTarget
from ytterby.validation.calibration_record import CalibrationRecord


class MineralTarget(BacktestTarget):
    """A flow under a restriction, over its mean of the three years before, or the time until exports are back."""

    hit: bool
    """Whether `model` is within the tolerance."""
    restriction: str
    """Id of the restriction."""
    kind: str
    """``exports`` of the supplier, imports from it (``direct``), from all (``total``), of another seller (``others``), ``recovery``."""
    aspect: str
    """Depth, diversion, re-routing or recovery."""
    year: int
    """Year that it is about; 0 for a mean of years and for the recovery."""
    date: str
    """Day at which it is drawn, YYYY-MM-DD."""
    error: float
    """Difference of logarithms after adding 2 % of the base [1]; of a recovery, difference [year]."""
    misses_by: float
    """Size of `error` over the tolerance [1]."""
    naive: dict[str, float]
    """What each naive forecast says, in `unit`."""
    naive_hits: dict[str, bool]
    """Whether each naive forecast is within the tolerance."""


class MeanError(ResultModel):
    """How near a forecast came."""

    hits: int
    """Targets within the tolerance."""
    error: float
    """Mean absolute error, in the unit of the aspect."""


class AspectScore(ResultModel):
    """Score of the model on an aspect, beside the naive forecasts."""

    model_config = ConfigDict(serialize_by_alias=True, populate_by_name=True)

    of: int
    """Targets of the aspect."""
    unit: str
    """Unit of the errors: ``ln`` (difference of logarithms) or ``year``."""
    coverage_80: float
    """Share of targets inside the 80 % band [1]."""
    model: MeanError
    no_change: MeanError = Field(alias="no change")
    """Of the forecast that all flows stay as they were."""
    lost_stays_lost: MeanError = Field(alias="lost stays lost")
    """Of the forecast that what is restricted is lost and nobody fills it."""
    proportional_rerouting: MeanError = Field(alias="proportional re-routing")
    """Of the forecast that other sellers fill what is lost in proportion to what they sold."""

    @property
    def forecasts(self) -> dict[str, MeanError]:
        """The model and the naive forecasts, by name."""
        fields = type(self).model_fields.items()
        return {field.alias or name: getattr(self, name) for name, field in fields if field.annotation is MeanError}

    @property
    def beats_naive(self) -> bool:
        """Whether the model has a smaller error than each naive forecast."""
        return all(self.model.error < one.error for one in self.forecasts.values() if one is not self.model)


class RestrictionSummary(ResultModel):
    """A restriction: what was decided, how far exports fell, how far the model has them fall."""

    id: str
    what: str
    """In words."""
    supplier: str
    """Country that restricts (ISO alpha-2)."""
    start: str
    """Day it began, YYYY-MM-DD."""
    share_of_world: float
    """The supplier's share of all exports in the three years before [1]."""
    base_t: float
    """The supplier's exports in a year of these [t]."""
    on_paper: tuple[float, ...]
    """Year by year, share of the base that the restriction lets out on paper [1]."""
    lowest_seen: float
    """Lowest recorded exports of the first three years over the base [1]."""
    lowest_model: float
    """The same of the model's median [1]."""
    hits: int
    """Targets that are hit."""
    of: int
    """Targets."""
    facts: tuple[str, ...]
    """Ids of the figures that state the restriction."""


class MineralParameter(ResultModel):
    """A parameter of the annual model as the record teaches it."""

    key: str
    what: str
    """In words, with its unit."""
    median: float
    """Median of the posterior."""
    low: float
    """Lower end of the 80 % band of the posterior."""
    high: float
    """Upper end of the 80 % band of the posterior."""
    prior: tuple[float, float]
    """Ends of the 80 % band of the prior."""
    pinned: float
    """One less the width of the posterior over that of the prior, of logarithms [1]."""


class MineralsCalibration(CalibrationRecord):
    """How the posterior of the annual model was made."""

    made: str
    """Day of the fit, YYYY-MM-DD."""
    effective_draws: float
    """One over the sum of squared weights."""
    fitted: tuple[str, ...]
    """Restrictions that were fitted."""


class MineralsBacktest(BacktestResult):
    """Backtest of the restrictions of other minerals, year by year."""

    targets: tuple[MineralTarget, ...]
    """Misses first, the worst of them before the others."""
    scores: dict[str, AspectScore]
    """By aspect: depth, diversion, re-routing, recovery."""
    episodes: tuple[RestrictionSummary, ...]
    parameters: tuple[MineralParameter, ...]
    calibration: MineralsCalibration
    draws: int
    """Posterior draws of each restriction."""
    seed: int
