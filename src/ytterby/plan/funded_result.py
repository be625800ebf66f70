"""Rows of what governments have really funded, beside a plan."""

from __future__ import annotations

from ytterby.result_model import ResultModel


class FundedRow(ResultModel):
    """Public money that a party has put into a project, beside what the plan does with the same plant."""

    party: str
    what: str
    """Project and kind of money."""
    period: str
    """Of the figure: day of the money, or year in which the project is to start."""
    amount: float | None
    """Amount as recorded [unit]; None where none is."""
    unit: str
    measure: str
    """Id of the candidate of the same plant; empty where it runs, or is under construction, with the plan and without it."""
    name: str
    share: float
    """Share of what the party is entitled to that the plan takes [1]."""
    why: str
    """``taken``, ``running``, ``alone`` (earns the private rate by itself), ``as_good``, ``dearer``, ``never`` (not even for nothing),
    ``limit`` (a limit or the budget), ``no_feed`` (nobody on record sells what it takes in), ``no_share`` (bound to others),
    ``too_late`` or ``way_to_pay`` (no plant of its own)."""
    too_dear_by: float | None
    """Share by which its cost would have to fall to enter [1]; None where cost is not what keeps it out."""
    price_fall: float | None
    """Of what earns the private rate: fall of the price of its products at which it no longer would [1]."""
    recalled: bool
    """Whether the amount, or the whole figure, was recalled and no source seen."""
    fact: str
