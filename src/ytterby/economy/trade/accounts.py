"""What duties do to revenue, exporters, buyers, home producers, jobs and balances (equations T6-T12).

All money is in USD of the base year and a year; arrays are (..., group, supplier) or sums over some of these axes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy.trade.demand import MarketSolution, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.economy.trade.base import TradeBase
    from ytterby.economy.trade.parameters import TradeParameters

    Array = NDArray[np.float64]

JAPAN = "JP"


class DutyOutcome(NamedTuple):
    """Outcome of duties, per year; changes are against the base."""

    solution: MarketSolution
    value: Array
    """(..., group, supplier) customs value of imports, sales of home producers for the first supplier."""
    revenue: Array
    """(..., group, supplier) duty revenue."""
    price_loss: Array
    """(..., group, supplier) what exporters get less for what they still sell."""
    added: Array
    """(..., group, supplier) change of value added: less for what is sold, and what hangs on lost or gained volume with suppliers."""
    jobs: Array
    """(..., group, supplier) change of the jobs of the industry itself."""
    all_jobs: Array
    """(..., group, supplier) change of jobs with suppliers."""
    buyers: Array
    """(..., group) change of what buyers have: minus the compensating variation."""


def outcome(base: TradeBase, duty: Array, parameters: TradeParameters) -> DutyOutcome:
    """Equations T2-T11 for one duty or many.

    Parameters
    ----------
    base : TradeBase
        Trade of the base year.
    duty : array (..., group, supplier)
        Duty over customs value, such as from :func:`ytterby.economy.trade.duties.calendar`; leading axes are months, draws or
        packages. The column of the first supplier, the country itself, has no effect and must be nil.
    parameters : TradeParameters
        Elasticities that broadcast against the leading axes.

    Returns
    -------
    Outcome
        Exactly nil changes where no duty differs from the base.
    """
    solution = solve(base.share, base.duty, duty, parameters.behaviour)
    value = base.value * solution.exporter * solution.volume
    lost = base.value * (1.0 - solution.exporter) * solution.volume
    volume = base.value * (solution.volume - 1.0)
    content = np.ones((*np.shape(parameters.content), 1, len(base.suppliers)))
    content[..., base.supplier(JAPAN)] = np.asarray(parameters.content)[..., None]
    return DutyOutcome(
        solution, value, value * duty, lost, np.where(base.added.known, -lost + volume * base.added.total * content, np.nan),
        volume * base.added.jobs, volume * base.added.all_jobs * content, -variation(base, solution, parameters),
    )  # fmt: skip


def variation(base: TradeBase, solution: MarketSolution, parameters: TradeParameters) -> Array:
    """Equation T10: what buyers would have to be given to be as well off as before, by group."""
    epsilon = np.asarray(parameters.behaviour.demand, float)
    power = 1.0 - epsilon
    unit = np.abs(power) < 1e-9  # noqa: PLR2004 (a demand of unit elasticity has a logarithm in place of a power)
    logs = np.log(solution.group_price)
    return np.asarray(base.outlay.sum(axis=-1) * np.where(unit, logs, np.expm1(power * logs) / np.where(unit, 1.0, power)))


class PartyTotals(NamedTuple):
    """Sums by party, per year; arrays (..., supplier), and (...,) for the importing country's own terms."""

    exports: Array
    """(..., supplier) change of the customs value of what is sold to the importing country."""
    price_loss: Array
    """(..., supplier)"""
    added: Array
    """(..., supplier) change of value added; NaN where the facts have no table."""
    jobs: Array
    """(..., supplier) change of jobs, the industry itself."""
    all_jobs: Array
    """(..., supplier) change of jobs with suppliers."""
    revenue: Array
    """(...,) change of duty revenue."""
    buyers: Array
    """(...,) change of what buyers have."""
    users: Array
    """(...,) part of it of industries and investors; the rest is of households."""
    balance: Array
    """(..., supplier) balance of the importing country with each partner: exports less imports at customs value."""


def totals(base: TradeBase, found: DutyOutcome) -> PartyTotals:
    """Equations T7-T12: sums over groups."""
    imports = found.value.sum(axis=-2)
    balance = np.where(np.arange(len(base.suppliers)) > 0, base.exports - imports, 0.0)
    return PartyTotals(
        (found.value - base.value).sum(axis=-2), found.price_loss.sum(axis=-2), found.added.sum(axis=-2), found.jobs.sum(axis=-2),
        found.all_jobs.sum(axis=-2), found.revenue.sum(axis=(-2, -1)) - (base.value[..., 1:] * base.duty[..., 1:]).sum(axis=(-2, -1)),
        found.buyers.sum(axis=-1), (found.buyers * base.users).sum(axis=-1), balance,
    )  # fmt: skip
