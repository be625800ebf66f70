"""What changed in the articles since the last briefing: then and now, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing.document import Para, Table
from ytterby.report.briefing.events_reading import exact_day

if TYPE_CHECKING:
    from ytterby.evidence import Change
    from ytterby.report.briefing.briefing_input import BriefingInput
    from ytterby.report.briefing.document import Block
    from ytterby.report.briefing.events_reading import EventsReading

MAX_CHANGES = 12
NONE_BEFORE = "\u2013"


def changes_block(inputs: BriefingInput, reading: EventsReading) -> Block | None:
    """Table of the changes, or a line that there are none; None if the project keeps no earlier briefing."""
    words = reading.words
    if inputs.since is None:
        return None
    day = words.short_day(inputs.since)
    states = [state for state in inputs.states if inputs.since <= state.end < inputs.today]
    rows = [_row(change, reading) for change in inputs.changes]
    rows += [(state.what, NONE_BEFORE, words.plain("change.expired", day=words.short_day(state.end))) for state in states]
    if not rows:
        return Para(words.say("happened.unchanged", day=day))
    shown = rows[:MAX_CHANGES]
    title = words.plain("happened.changes_title", day=day, n=words.number(len(shown), 0), of=words.number(len(rows), 0))
    head = tuple(words.plain(f"table.{key}") for key in ("changed", "then", "now"))
    return Table(title, head, tuple(shown), reading.number(0).ref, words=3)


def _row(change: Change, reading: EventsReading) -> tuple[str, str, str]:
    what = reading.commitment(change.id) or reading.title(change.about)
    return (what, _value(change, change.before, reading), _value(change, change.after, reading))


def _value(change: Change, value: str | None, reading: EventsReading) -> str:
    """A value in words: a status, an outcome, or a day with what it is the day of."""
    words = reading.words
    if value is None:
        return NONE_BEFORE
    day = exact_day(value)
    told = words.short_day(day) if day else value
    if change.kind in {"due", "expired"}:
        return words.plain(f"change.{change.kind}", day=told)
    if change.kind == "outcome":
        return words.plain(f"promise.{value.replace(' ', '_')}")
    if change.kind == "date":
        return told
    status = reading.status({"status": value})
    return words.plain("change.new", status=status) if change.kind == "new" else status
