"""A backtest as a result: the keys of ``ytterby backtest --json``, of which some stand for every method."""

from __future__ import annotations

from pydantic import ConfigDict

from ytterby.result_model import ResultModel


class BacktestResult(ResultModel):
    """Scores of a replayed episode; what stands beside the common keys depends on how it is scored."""

    model_config = ConfigDict(extra="allow")

    episode: str
    hits: int
    """Targets that were hit."""
    of: int
    """Targets that count."""
