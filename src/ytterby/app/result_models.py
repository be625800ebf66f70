"""Result models of other rooms that use cases return, for those who know this room only."""

from ytterby.bargain import NegotiationResult
from ytterby.cooperation import CooperationResult
from ytterby.economy.trade import TradeResult
from ytterby.ensembles import ExplorationResult, MeasureComparison, RunSummary
from ytterby.exposure import ExposureResult, PartsResult
from ytterby.plan import PlanResult
from ytterby.validation import BacktestTarget, StatementsBacktest, StatementScores, StatementTarget, WeeklyBacktest
from ytterby.validation.minerals import AspectScore, MineralsBacktest, MineralTarget

__all__ = [
    "AspectScore",
    "BacktestTarget",
    "CooperationResult",
    "ExplorationResult",
    "ExposureResult",
    "MeasureComparison",
    "MineralTarget",
    "MineralsBacktest",
    "NegotiationResult",
    "PartsResult",
    "PlanResult",
    "RunSummary",
    "StatementScores",
    "StatementTarget",
    "StatementsBacktest",
    "TradeResult",
    "WeeklyBacktest",
]
