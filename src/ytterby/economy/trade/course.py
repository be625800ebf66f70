"""Duties and outcomes month by month under a scenario with tariffs on groups of products."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy.trade.accounts import outcome, totals
from ytterby.economy.trade.base import IMPORTER
from ytterby.economy.trade.demand import Elasticities
from ytterby.economy.trade.duties import calendar, day_weights, from_enacted, months, turns
from ytterby.economy.trade.parameters import TradeParameters
from ytterby.errors import InputError
from ytterby.facts import trade_goods
from ytterby.measures import Tariff

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.economy.trade.accounts import DutyOutcome, PartyTotals
    from ytterby.economy.trade.base import TradeBase
    from ytterby.scenario import Scenario

    Array = NDArray[np.float64]

CHUNK = 50
"""Draws that are worked out at once."""


class Path(NamedTuple):
    """Duties on one path through the forks of a scenario."""

    p: float
    """Probability of the path."""
    label: str
    """Labels of its branches; empty without forks."""
    turning: list[dt.date]
    """Days from which each row of ``steps`` holds."""
    steps: Array
    """(turn, group, supplier) duty over customs value."""
    duty: Array
    """(month, group, supplier) mean over the days of each month."""


def product_tariffs(scenario: Scenario) -> dict[str, list[Tariff]]:
    """Tariffs of a scenario on groups of products, by the partner whose goods pay them.

    Raises
    ------
    InputError
        If one is levied by another country than the United States, whose imports alone the trade table holds.
    """
    found: dict[str, list[Tariff]] = {}
    for measure in scenario.measures:
        if isinstance(measure, Tariff) and measure.groups:
            if measure.to != (IMPORTER,):
                raise InputError(f"tariff '{measure.name}': 'to' is {', '.join(measure.to)}; the trade table holds imports of the US only")
            for partner in partners_of(measure.from_):
                found.setdefault(partner, []).append(measure)
    return found


def partners_of(regions: Sequence[str]) -> list[str]:
    """Partners that regions and groups name.

    Raises
    ------
    InputError
        If a region is no partner of its own.
    """
    names = trade_goods.PARTNERS if "all" in regions else tuple(regions)
    unknown = [name for name in names if name not in trade_goods.PARTNERS]
    if unknown:
        raise InputError(f"tariff on products of {', '.join(unknown)}: partners that are told apart are {', '.join(trade_goods.PARTNERS)}")
    return list(dict.fromkeys(names))


def paths(base: TradeBase, scenario: Scenario, first: dt.date, count: int) -> list[Path]:
    """Duties on all paths through the forks, from the month of a day on."""
    starts = months(first, count)
    last = months(first, count + 1)[-1] - dt.timedelta(days=1)
    labels = _labels(scenario)
    found = []
    for (p, taken), label in zip(scenario.paths(), labels, strict=True):
        tariffs = product_tariffs(taken)
        days = turns([tariff for group in tariffs.values() for tariff in group], starts[0], last)
        made = calendar(base.lines, (len(base.groups), len(base.suppliers)), base.groups, tariffs, days)
        found.append(Path(p, label, days, made.duty, np.einsum("mt,tgs->mgs", day_weights(starts, days), made.duty)))
    return found


def starts_from_enacted(scenario: Scenario) -> bool:
    """Whether a tariff of a scenario is a share of the duty as enacted: its effect is then one against the duties enacted at its start."""
    return from_enacted(measure for measure in scenario.all_measures() if isinstance(measure, Tariff))


def enacted(base: TradeBase, day: dt.date) -> Array:
    """Duty (group, supplier) that the schedule as enacted levies on a day."""
    return np.asarray(calendar(base.lines, (len(base.groups), len(base.suppliers)), base.groups, {}, [day]).duty[0])


def moved(base: TradeBase, duty: Array, parameters: TradeParameters) -> TradeBase:
    """Trade of the base taken to other duties, as the base of what follows.

    Values, outlays and shares are those that equations T2-T6 give under ``duty`` (group, supplier). Value added and jobs a dollar of
    sales stay those of the base year.
    """
    value = outcome(base, duty, parameters).value
    outlay = value * (1.0 + duty)
    return base._replace(value=value, duty=duty, outlay=outlay, share=outlay / outlay.sum(axis=-1, keepdims=True))


def _labels(scenario: Scenario) -> list[str]:
    """Labels of the branches on each path of :meth:`Scenario.paths`."""
    found = [""]
    for fork in scenario.forks:
        found = [", ".join(filter(None, (text, branch.label))) for text in found for branch in fork.branches if branch.p > 0]
    return found


def central_outcome(base: TradeBase, duty: Array, parameters: TradeParameters) -> tuple[DutyOutcome, PartyTotals]:
    """Outcome and sums by party for duties (month, group, supplier)."""
    found = outcome(base, duty, parameters)
    return found, totals(base, found)


def drawn_outcomes(
    base: TradeBase, duty: Array, parameters: TradeParameters, start: Array | None = None
) -> Iterator[tuple[TradeBase, DutyOutcome, PartyTotals]]:
    """The same for drawn parameters, in chunks of draws: arrays (draw, month, ...).

    With ``start``, duties (group, supplier), the base of 2024 is first taken to them by each draw's parameters.
    """
    for at in range(0, len(parameters.content), CHUNK):
        part = slice(at, at + CHUNK)
        behaviour = Elasticities(*(np.asarray(value)[part, None, :] for value in parameters.behaviour))
        taken = TradeParameters(behaviour, parameters.content[part, None], parameters.home[part, None])
        own = base.with_home(taken.home)
        if start is not None:
            own = moved(own, start, taken)
        found = outcome(own, duty, taken)
        yield own, found, totals(own, found)
