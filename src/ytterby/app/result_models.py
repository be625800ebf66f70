"""Result models of other rooms that use cases return, for those who know this room only."""

from ytterby.bargain import NegotiationResult
from ytterby.cooperation import CooperationResult
from ytterby.economy.trade import TradeResult
from ytterby.ensembles import ExplorationResult, MeasureComparison, RunSummary
from ytterby.exposure import ExposureResult, PartsResult
from ytterby.plan import PlanResult

__all__ = [
    "CooperationResult",
    "ExplorationResult",
    "ExposureResult",
    "MeasureComparison",
    "NegotiationResult",
    "PartsResult",
    "PlanResult",
    "RunSummary",
    "TradeResult",
]
