"""What the gate between articles and measures let through, and what waits for a person's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.briefing.document import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.report.briefing.briefing_input import BriefingInput
    from ytterby.report.briefing.document import Spans
    from ytterby.report.briefing.events_reading import EventsReading
    from ytterby.report.text import Words

LEVELS = ("confirmed", "explicit", "inherited")
"""What the reading of a measure rests on."""
MAX_WAITING = 8
MAX_DOCUMENTS = 2
AGREEMENT, OF_MATERIALS, OF_PLACES = "agreement", ("no_commodity", "other_base"), "no_plant_place"
"""Reason that says little, and reasons that name materials or places."""
QUOTED = 160
"""Maximum length of a quotation [characters]."""


def drafted(inputs: BriefingInput) -> Mapping[str, Any] | None:
    """The draft that the main run simulates; None if it does not come from the articles."""
    drafts = (inputs.evidence or {}).get("drafts", [])
    return next((draft for draft in drafts if inputs.run and draft["name"] == inputs.run.scenario), None)


def rests_on(inputs: BriefingInput, reading: EventsReading) -> Spans:
    """How many measures rest on what, and how many claims wait; nothing where the run does not come from the articles."""
    words, draft = reading.words, drafted(inputs)
    waiting = reading.counted("happened.waiting", len(reading.waiting))
    if not inputs.run:
        return words.say("answer.none_passed", waiting=waiting)
    if draft is None or not draft.get("rests_on"):
        return ()
    counts = {level: reading.number(int(draft["rests_on"].get(level, 0))) for level in LEVELS}
    measures = reading.counted("happened.measures", int(draft["measures"]))
    return words.say("answer.rests_on", measures=measures, waiting=waiting, **counts)


def waiting_table(reading: EventsReading) -> Table | None:
    """Table of the claims to confirm: their words, the article, the reason why they are not simulated."""
    words, rows = reading.words, []
    for record in reading.waiting[:MAX_WAITING]:
        quote, key = str(record["quote"]), f"confirm.{record['code']}"
        text = quote if len(quote) <= QUOTED else quote[:QUOTED].rstrip() + "…"
        reason = words.plain(key) if words.has(key) else str(record["reason"])
        rows.append((words.plain("happened.quoted", text=text), reading.document_name(str(record["doc"])), reason))
    if not rows:
        return None
    head = tuple(words.plain(f"table.{key}") for key in ("words", "article", "why"))
    return Table(words.plain("happened.waiting_title"), head, tuple(rows), reading.number(0).ref, words=3)


def left_out_table(reading: EventsReading) -> Table | None:
    """Table of the events that could be a measure and give none: what is told, where, and why not; agreements stand last."""
    words, records = reading.words, sorted(reading.left_out, key=lambda record: record["code"] == AGREEMENT)
    rows = [
        (
            reading.title(reading.event_of(record)),
            words.listed([reading.document_name(name) for name in record["documents"][:MAX_DOCUMENTS]]),
            why_left_out(words, str(record["code"]), record["names"], str(record["reason"])),
        )
        for record in records[:MAX_WAITING]
    ]
    if not rows:
        return None
    head = tuple(words.plain(f"table.{key}") for key in ("what", "article", "why"))
    return Table(words.plain("happened.left_out_title"), head, tuple(rows), reading.number(0).ref, words=3)


def why_left_out(words: Words, code: str, names: Sequence[str], reason: str) -> str:
    """Why an event gives no measure, in the language of the words; ``reason`` where they have none for its code."""
    key = f"left_out.{code}"
    if not words.has(key):
        return reason
    shown = [material_name(words, name) if code in OF_MATERIALS else words.region(name) if code == OF_PLACES else name for name in names]
    return words.plain(key, names=words.listed(shown))


def material_name(words: Words, name: str) -> str:
    """Name of a material or an element."""
    return words.plain(f"material.{name}") if words.has(f"material.{name}") else words.element(name)
