"""Monthly trade of every draw of an ensemble as customs would record it; weeks are divided among months by days."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import InputError
from ytterby.facts import expand_regions
from ytterby.measures import share_in_force

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ytterby.simulation import Draw, Experiment, LabelledNetwork


@dataclass(frozen=True)
class TradeRoute:
    """Goods from a region to a region; regions may be groups, goods patterns such as ``magnet.*``."""

    goods: str
    origin: str
    destination: str

    def links(self, network: LabelledNetwork) -> NDArray[np.int64]:
        """Links of the route in a network.

        Raises
        ------
        InputError
            If the network has no such link.
        """
        names = [name for name in network.commodities if any(fnmatchcase(name, pattern) for pattern in self.goods.split())]
        found = network.links_where(names, expand_regions(self.origin), expand_regions(self.destination))
        if len(found) == 0:
            raise InputError(f"{self.goods} from {self.origin} to {self.destination}: no such flow in the base of {network.system.year}")
        return found


def month_bounds(month: str) -> tuple[dt.date, dt.date]:
    """First and last day of a month written ``2026-06``.

    Raises
    ------
    InputError
        If the text has another form.
    """
    try:
        first = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise InputError(f"month: found '{month}'; needed is YYYY-MM such as 2026-06") from None
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def month_share(mondays: NDArray[np.datetime64], month: str) -> NDArray[np.float64]:
    """Share of each week that lies in the month (W,).

    Raises
    ------
    InputError
        If the weeks do not cover the whole month.
    """
    first, last = month_bounds(month)
    weeks = share_in_force(first, last, mondays)
    if abs(weeks.sum() * 7.0 - ((last - first).days + 1)) > 1e-9:
        raise InputError(f"month: {month} is not entirely within the weeks of the run, {mondays[0]} to {mondays[-1] + 6}")
    return weeks


def arrivals(draw: Draw, links: NDArray[np.int64]) -> NDArray[np.float64]:
    """Arrivals over the links by week (W,) [t]; shipments before the run are those of the base year."""
    net, shipped = draw.net, draw.trace.shipped
    total = np.zeros(len(shipped))
    for weeks in np.unique(net.transit[links]):
        at = links[net.transit[links] == weeks]
        total[:weeks] += net.flow[at].sum()
        total[weeks:] += shipped[: len(shipped) - weeks, at].sum(axis=1)
    return total


def weekly(experiment: Experiment, routes: Sequence[TradeRoute], progress: Callable[[int, int], None] | None = None) -> NDArray[np.float64]:
    """Weekly arrivals over each route in each draw (N, routes, W) [t]."""
    links = [route.links(experiment.network) for route in routes]
    count = max(1, experiment.draws)
    found = np.empty((count, len(routes), experiment.scenario.weeks))
    for i in range(count):
        draw = experiment.draw(i)
        for k, at in enumerate(links):
            found[i, k] = arrivals(draw, at)
        if progress:
            progress(i + 1, count)
    return found
