"""Output lost by users of a missing input, in closed form: equations C1-C4.

A user is short of a share ``missing_user`` of its input from the week in which its stock is used up until the end of the
outage. A share ``stop_share`` of the output concerned stops, less what is worked around: ``w(t) = W (1 - missing_world)
(1 - exp(-t/T))`` with ``t`` in weeks since the event. Stocks are lognormal over firms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STOP = 0.05
"""A user counts as stopped when this share of its output stands in some week."""
FIRM_SPREAD = 0.5
"""Standard deviation of the logarithm of stocks over firms or lines of a user (`assumed`)."""
FIRMS = 8
"""Number of firms of equal weight by which the lognormal distribution of stocks is represented."""


@dataclass(frozen=True, eq=False)
class Shortage:
    """What hits users, as arrays that broadcast against each other.

    ``missing_user`` and ``missing_world`` are shares of supply [1], ``outage`` and ``stock`` (median over firms) are in
    weeks, ``stop_share`` is the share of the output concerned that stops [1], ``worked_around`` the share that can be
    worked around in the end [1], ``work_around_weeks`` the time constant [weeks].
    """

    missing_user: Floats
    missing_world: Floats
    outage: Floats
    stock: Floats
    stop_share: Floats
    worked_around: Floats
    work_around_weeks: Floats

    @property
    def ceiling(self) -> Floats:
        """Share that is worked around in the end [1]; all look for the same second source, so it shrinks."""
        return self.worked_around * (1.0 - self.missing_world)

    def worked_around_at(self, week: float) -> Floats:
        """Share worked around [1] so many weeks after the event (C3)."""
        return self.ceiling * -np.expm1(-week / self.work_around_weeks)

    def firm_stocks(self) -> list[Floats]:
        """Stocks [weeks] of firms of equal weight, smallest first."""
        from scipy.special import ndtri

        return [self.stock * np.exp(FIRM_SPREAD * ndtri((i + 0.5) / FIRMS)) for i in range(FIRMS)]


def _integral(hit: Shortage, week: Floats) -> Floats:
    """Weeks of output not worked around from the event until a week."""
    time = hit.work_around_weeks
    return week * (1.0 - hit.ceiling) - hit.ceiling * time * np.expm1(-week / time)


def weeks_lost(hit: Shortage, since: float = 0.0, until: float = np.inf) -> Floats:
    """Weeks of output lost (C4) between two times after the event [weeks]."""
    last = np.minimum(hit.outage, until)
    end = _integral(hit, last)
    starts = [np.maximum(stock, since) for stock in hit.firm_stocks()]
    total = sum(end - _integral(hit, np.minimum(start, last)) for start in starts)
    return np.asarray(hit.stop_share * hit.missing_user * total / FIRMS)


def worst_week(hit: Shortage) -> Floats:
    """Largest share of output [1] that stands in a week; weeks begin when a firm's stock is used up."""
    stocks = [np.minimum(stock, hit.outage) for stock in hit.firm_stocks()]
    used = [_integral(hit, stock) for stock in stocks]
    worst = np.zeros(np.broadcast(used[0], hit.outage).shape)
    for start in stocks:
        end = np.minimum(start + 1.0, hit.outage)
        sofar, begin = _integral(hit, end), _integral(hit, start)
        worst = np.maximum(worst, sum(np.maximum(sofar - np.maximum(one, begin), 0.0) for one in used) / FIRMS)
    return np.asarray(hit.stop_share * hit.missing_user * worst)


def stops(hit: Shortage) -> NDArray[np.bool_]:
    """Whether users stop: :data:`STOP` or more of the output stands in some week."""
    return np.asarray(worst_week(hit) >= STOP)
