"""What a source delivers after a shock, week by week, and how long a stock lasts on it (E21)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

VARIANTS = ("low", "central", "high")
"""Deliveries are given three times: as bad, as expected, as good as their range says."""
SHORT = 0.01
"""Share of the need that must be missing before a part counts as missing, as for the time to survive (E14)."""
FULL = 1e-9
"""Stock below this is empty [week]."""


@dataclass(frozen=True, eq=False)
class Deliveries:
    """What a source delivers over what it delivers otherwise, in steps.

    Attributes
    ----------
    at : ndarray (step,)
        Begin of each step, from 0 [week].
    share : ndarray (3, step)
        Share delivered [1], by :data:`VARIANTS`; above 1 what was missed is caught up.
    upstream : float, optional
        Share of its critical element that passed the lost country [1]; None where that is not what the steps come from.
    """

    at: Floats
    share: Floats
    upstream: float | None = None

    @classmethod
    def weekly(cls, share: ArrayLike, upstream: float | None = None) -> Deliveries:
        """Deliveries of whole weeks (week,) without a range, or (3, week)."""
        found = np.atleast_2d(np.asarray(share, dtype=float))
        return cls(np.arange(found.shape[1], dtype=float), np.broadcast_to(found, (3, found.shape[1])), upstream)

    @classmethod
    def whole(cls, upstream: float | None = None) -> Deliveries:
        """Deliveries that go on as before."""
        return cls.weekly([1.0], upstream)

    @classmethod
    def nothing(cls, upstream: float | None = None) -> Deliveries:
        """No deliveries from the first day on."""
        return cls.weekly([0.0], upstream)

    @classmethod
    def until_stock_ends(cls, weeks: tuple[float, float, float], lost: float) -> Deliveries:
        """Deliveries of a source that loses a share of its own supply and holds a stock of it.

        Parameters
        ----------
        weeks : tuple of float
            Its stock [week of its sales], by :data:`VARIANTS`; the loss takes only its share of that a week.
        lost : float
            Share of its supply that is lost [1].
        """
        ends = np.array(weeks) / max(lost, FULL)
        at = np.unique(np.concatenate([[0.0], ends]))
        return cls(at, np.where(at[None, :] < ends[:, None], 1.0, 1.0 - lost), lost)

    def on(self, when: Floats) -> Floats:
        """Shares (3, n) at some times [week]; the last step lasts."""
        return self.share[:, np.maximum(np.searchsorted(self.at, when, side="right") - 1, 0)]


@dataclass(frozen=True)
class RunDown:
    """How a stock lasts: None where it lasts for as long as deliveries are known."""

    day: float | None
    """First day on which more than :data:`SHORT` of the need is missing [day]."""
    missing_share: float
    """Largest share of the need that is missing at a time [1]."""
    missing_days: float
    """Need that is not met, in days of it [day]."""
    until: float | None
    """Day from which nothing is missing any more; None where that never comes, or nothing is missing."""


def run_down(cover: float, source: Deliveries, others: Iterable[tuple[float, Deliveries]], horizon: float) -> tuple[RunDown, ...]:
    """How long a stock lasts on a source, and on others that join it, by :data:`VARIANTS`.

    Parameters
    ----------
    cover : float
        Own stock [week of use], which is also the most that is kept.
    source : Deliveries
    others : iterable of (float, Deliveries)
        Weeks until each joins; whoever delivers most at a time is bought from.
    horizon : float
        Weeks considered.
    """
    joining = [(0.0, source), *others]
    edges = np.unique(np.concatenate([[0.0, horizon], *([week, *item.at] for week, item in joining)]))
    edges = edges[edges <= horizon]
    starts, lengths = edges[:-1], np.diff(edges)
    offers = [np.where(starts >= week, item.on(starts), 0.0) for week, item in joining]
    arrives = np.max(offers, axis=0)
    return tuple(_run_down(cover, starts, lengths, row) for row in arrives)


def _run_down(cover: float, starts: Floats, lengths: Floats, arrives: Floats) -> RunDown:
    stock, missed, worst = cover, 0.0, 0.0
    day: float | None = None
    until: float | None = None
    for start, length, share in zip(starts.tolist(), lengths.tolist(), arrives.tolist(), strict=True):
        drain = 1.0 - share
        lasts = stock / drain if drain > 0 else length
        if drain > SHORT and lasts < length - FULL:
            day = 7.0 * (start + lasts) if day is None else day
            missed, worst, until = missed + drain * (length - lasts), max(worst, drain), None
        elif day is not None and until is None:
            until = 7.0 * start
        stock = min(max(stock - drain * length, 0.0), cover)
    return RunDown(day, worst, 7.0 * missed, until)
