"""Rows of ``negotiate`` on the days that talks compare: the room before and after each step, with what was known on the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.talks.changes import control_shift, most
from ytterby.app.talks.parts import by_party, most_of_minerals, written
from ytterby.bargain import DayRow, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.app.talks.negotiation import Negotiation

CLOUD = 500
"""Packages that are drawn as dots."""


def day_rows(work: Negotiation) -> Iterator[DayRow]:
    """The room on each day that the talks compare and on their own; none unless asked for."""
    if work.request.each_day:
        days = {each.day: each for each in (*work.on_days, work)}
        yield from (day_row(days[day]) for day in sorted(days))


def day_row(work: Negotiation) -> DayRow:
    """The room on the day of some talks."""
    room, gains = work.room, work.room.gains
    points = {rule: chosen(room, rule) for rule in ("nash", "kalai_smorodinsky")}
    some = np.random.default_rng(0).permutation(len(gains))[:CLOUD]
    return DayRow(
        day=str(work.day),
        no_deal=by_party(work, room.no_deal),
        count=len(gains),
        feasible=int(room.feasible.sum()),
        joint=most(room),
        nash_terms={} if work.nash is None else written(work, work.nash),
        actual={} if work.actual is None else by_party(work, gains[work.actual]),
        inside=None if work.actual is None else bool(room.feasible[work.actual]),
        front=tuple(by_party(work, gains[package]) for package in room.front),
        cloud=tuple(by_party(work, gains[package]) for package in some),
        minerals={} if work.minerals is None else by_party(work, most_of_minerals(work.evaluation)),
        control_shift=tuple(control_shift(work)),
        minerals_digest=work.minerals_digest,
        **{rule: {} if point is None else by_party(work, point.utilities - room.no_deal) for rule, point in points.items()},
    )
