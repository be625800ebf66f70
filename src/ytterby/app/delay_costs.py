"""What a week's delay of a dated decision costs the parties of bundled talks that wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.app.negotiate_changes import delay_rows
from ytterby.app.negotiation import NegotiateRequest, Negotiation
from ytterby.bargain import bundled_talks, load_talks

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path


def costs_of_delay(decisions: dict[str, dt.date], day: dt.date, project: Path) -> dict[str, float]:
    """Cost of a week's delay by decision, of those that talks wait for [USD/week].

    It is what all parties of the talks together lack in the mean week until the decision, or where its day has passed in the next three
    months, because they do not have what the Nash package gives them. Programmes on minerals, which take minutes, are left out.

    Parameters
    ----------
    decisions : dict of str to date
        Ids of undecided decisions and their days.
    day : date
        Day from which they are seen.
    project : Path
    """
    found: dict[str, float] = {}
    for name in bundled_talks():
        awaited = {state.decision: state for state in load_talks(name).no_deal if state.decision in decisions and state.known <= day}
        if awaited:
            work = Negotiation(NegotiateRequest(talks=name, as_of=day, draws=0, without_minerals=True, project=project))
            rows = [row for row in delay_rows(work) if row.package == "nash"]
            by_date = {row.date: row.per_week for row in rows}
            ahead = min((row for row in rows if not row.dated), key=lambda row: row.date, default=None)
            for decision in awaited:
                cost = by_date.get(str(decisions[decision]), None if ahead is None else ahead.per_week)
                if cost is not None:
                    found[decision] = cost
    return found
