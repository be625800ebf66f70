"""What was tried on the draws of a run: measures, and branches of its fork; the models alone, read back without a simulation."""

from __future__ import annotations

from pydantic import Field

from ytterby.result_model import ResultModel


class Remedy(ResultModel):
    """A measure and the loss that it avoids; the band is over the draws."""

    kind: str
    """``stock``, ``second_source`` or ``thrift``."""
    goods: tuple[str, ...]
    """Commodities that it is about."""
    places: tuple[str, ...]
    """Where the second source lies, one for each commodity; empty for the other kinds."""
    avoided_usd: float
    """Value added not lost, gross, mean over the draws [USD]."""
    low: float
    """[USD]"""
    high: float
    """[USD]"""
    loss_usd: float
    """Value added lost without the measure, mean over the same draws [USD]."""
    value_usd: float | None
    """Value of the stock at the prices of the base [USD]; None for the other kinds."""
    draws: int
    """Draws compared."""


class PairedLoss(ResultModel):
    """Loss of a place in a branch, and how much more it is than in the first branch in the same draws."""

    value_added_usd: float
    """Value added lost, gross, median over the draws [USD]."""
    low: float
    """[USD]"""
    high: float
    """[USD]"""
    mean_usd: float
    """Mean over the draws [USD]."""
    added_usd: float
    """Loss less that of the first branch in the same draw, median over the draws [USD]; 0 for the first branch."""
    added_low: float
    """[USD]"""
    added_high: float
    """[USD]"""
    stops: float
    """Share of the draws in which a sector of the place stops [1]."""


class BranchSupply(ResultModel):
    """Restricted goods on their way to a place in a branch, by worth at base prices; medians over the draws with their band."""

    goods: tuple[str, ...]
    """Commodities that are restricted on their way to the place."""
    first_quarter: float
    """Shipments in the 13 weeks after the decision over those at rest [1]."""
    first_quarter_low: float
    """[1]"""
    first_quarter_high: float
    """[1]"""
    first_year: float
    """Shipments in the 52 weeks after the decision, or those left of the run, over those at rest [1]."""
    first_year_low: float
    """[1]"""
    first_year_high: float
    """[1]"""
    wait_weeks: float
    """Mean wait of a shipment for its licence in the first year, by Little's law: what waits over what is shipped in a week [weeks]."""
    wait_weeks_low: float
    """[weeks]"""
    wait_weeks_high: float
    """[weeks]"""
    cover_days: float
    """Stocks of these goods at the place in the week of the decision, in days of base use [days]."""
    cover_days_lowest: float
    """The lowest from then on [days]."""


class PairedBranch(ResultModel):
    """A branch of a fork, forced in all draws compared."""

    label: str
    """Its text for the reader."""
    p: float
    """Its probability in the scenario [1]."""
    draws: int
    """Draws compared, the same for each branch."""
    places: dict[str, PairedLoss]
    """What it comes to, by place."""
    supply: dict[str, BranchSupply] = Field(default_factory=dict)
    """What still flows to a place, where something on its way there is restricted."""
