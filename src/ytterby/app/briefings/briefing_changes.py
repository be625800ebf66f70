"""What changed in the articles of a project since its last briefing on them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ytterby import evidence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.evidence import Change, Promise, ReadingResult

KIND = "briefing"
"""Kind of the records that keep what a briefing knew, one for each day."""


def changes_since_last(
    reading: ReadingResult, promises: Iterable[Promise], project: Path, today: dt.date
) -> tuple[dt.date | None, tuple[Change, ...]]:
    """Day of the last briefing on articles before today, and what changed since; None and nothing for the first.

    What this briefing knows is kept in the project under its day; a second one on the same day is compared with the same earlier day.

    Parameters
    ----------
    reading : ReadingResult
        The articles of the briefing; of the events of the project those count that one of them tells.
    promises : iterable of Promise
        Promises that these articles tell, as they stand today.
    """
    from ytterby.store import ProjectStore

    store, told = ProjectStore(project), {claim.id for claim in reading.claims}
    events = [event for event in evidence.kept_events(store, today) if not told.isdisjoint(event.claims)]
    now = evidence.standing(events, promises)
    kept = {str(row["id"]): row["standing"] for row in store.get(KIND)}
    last = max((day for day in kept if day < today.isoformat()), default="")
    known = kept.get(today.isoformat()) or kept.get(last) or {}
    store.put(KIND, [{"id": today.isoformat(), "standing": evidence.joined_standing(known, now)}])
    if not last:
        return None, ()
    since = dt.date.fromisoformat(last)
    ended = evidence.expired(reading.claims, since, today)
    over = {change.id for change in ended}  # a pause that ran out is told as that, not also as a promise without news
    found = [change for change in evidence.changes(kept[last], now) if over.isdisjoint(change.about["claims"])]
    return since, (*found, *ended)
