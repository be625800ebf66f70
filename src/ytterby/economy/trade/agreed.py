"""Duties that talks may agree on for some groups of a partner's goods, beside what stays as enacted on the day of the talks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.economy.trade.duties import LISTS, levy_of, rate_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from numpy.typing import NDArray

    from ytterby.economy.trade.base import TradeBase
    from ytterby.economy.trade.duties import Line

    Array = NDArray[np.float64]


def agreed_duties(
    base: TradeBase, partner: str, groups: Collection[str], rates: Array, day: dt.date, exempt_lists: str = "none"
) -> tuple[NDArray[np.int64], Array]:
    """Duty on groups of a partner's goods if it is at least a rate in all.

    Parameters
    ----------
    base : TradeBase
    partner : str
        Whose goods pay it.
    groups : collection of str
        Codes of the groups.
    rates : array (rate,)
        Duties in all; where the base duty of a line is higher, that stays.
    day : date
        Lines on the exempt lists pay what the schedule levies on this day.
    exempt_lists : str
        As of a tariff.

    Returns
    -------
    tuple of arrays
        Places of the groups (group,), and duty over customs value (rate, group).
    """
    places = np.array([base.group(code) for code in base.groups if code in groups], dtype=np.int64)
    at, paid, value = base.supplier(partner), np.zeros((len(rates), len(base.groups))), np.zeros(len(base.groups))
    for line in base.lines:
        if line.supplier == at and line.group in places:
            value[line.group] += line.value
            free = line.treatment in LISTS[exempt_lists]
            paid[:, line.group] += line.value * (_enacted(line, partner, day) if free else np.maximum(line.duty, rates))
    return places, (paid / np.where(value > 0.0, value, 1.0))[:, places]


def _enacted(line: Line, partner: str, day: dt.date) -> float:
    """Duty of a line by the schedule on a day."""
    levies = np.array([levy_of(partner, line.treatment, day)]).T
    return float(rate_of(line, levies, levies)[0])
