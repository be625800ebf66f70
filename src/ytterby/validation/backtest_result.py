"""What every backtest says of an episode, however it is scored."""

from __future__ import annotations

from ytterby.result_model import ResultModel


class BacktestTarget(ResultModel):
    """A recorded figure with what the model says of it."""

    id: str
    what: str
    """In words."""
    unit: str
    """Unit of `target`, `model`, `low` and `high`."""
    target: float
    """As recorded."""
    model: float
    """Median of the model."""
    low: float
    """Lower end of the model's band."""
    high: float
    """Upper end of the model's band."""
    hit: bool | None
    """Whether `model` meets the record within its tolerance; None for a figure that is only compared."""
    fitted: bool
    """Whether the model was fitted to it."""


class HitCount(ResultModel):
    """How many targets are hit."""

    hits: int
    """Targets that are hit."""
    of: int
    """Targets that count."""


class BacktestResult(ResultModel):
    """Scores of a replayed episode; what stands beside them depends on how it is scored."""

    episode: str
    """Name of the episode."""
    hits: int
    """Targets that are hit."""
    of: int
    """Targets that count."""
