"""What the register of controls adds to a briefing: the orders on the importer's goods, and dated decisions ahead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.facts import symbols
from ytterby.report.briefing.common import day
from ytterby.report.briefing.document import Span, Table
from ytterby.report.briefing.events_reading import EventsReading
from ytterby.report.text import capital

if TYPE_CHECKING:
    from datetime import date

    from ytterby.exposure import UnderControl
    from ytterby.report.briefing.briefing_input import BriefingInput, DatedDecision
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans
    from ytterby.report.text import Words

MOFCOM = re.compile(r"MOFCOM Announcement No\. (?P<number>\d+) of (?P<year>\d{4})")
SECTION = re.compile(r", section (?P<section>\d+)")
ALL = 12
"""Number of elements from which they are called all rare earths."""


def under_control(inputs: BriefingInput, writer: CitedWriter) -> Table | None:
    """Table of the orders under which the importer's goods stand; None if there are none."""
    rows = inputs.exposure.controls if inputs.exposure else ()
    if not rows:
        return None
    words = writer.words
    title = words.plain("control.title", within=words.within(inputs.importer))
    facts = dict.fromkeys(name for row in rows for name in row.facts)
    ref = writer.notes.add("controls", "reported", title, words.plain("control.note"), facts=facts)
    head = tuple(words.plain(f"table.{key}") for key in ("control_goods", "control_forms", "control_order", "control_state"))
    return Table(
        title,
        head,
        tuple((goods_words(words, row), forms(words, row), order_words(words, row), state_words(words, row)) for row in rows),
        ref,
        words=4,
    )


def goods_words(words: Words, row: UnderControl) -> str:
    """Elements under an order, in words."""
    named = [words.element(name) for name in row.elements if name in symbols()]
    if len(named) >= ALL:
        return capital(words.plain("control.all"))
    return capital(words.joined(named)) if named else capital(words.plain("control.dual_use"))


def forms(words: Words, row: UnderControl) -> str:
    """Forms under the order, and whether it acts further up the chain than what the importer buys."""
    if row.listed_in:
        return words.plain("control.listed", orders=words.joined(act_words(words, order) for order in row.listed_in))
    forms = words.joined(words.form(stage, *(name for name in row.elements if name in symbols())) for stage in row.stages)
    return words.plain("control.upstream", forms=forms) if row.bought is False else forms


def act_words(words: Words, order: str) -> str:
    """Legal act in the language; announcements of the Chinese ministry with what follows their year."""
    found = MOFCOM.match(order)
    if not found:
        return words.translated(order)
    rest = SECTION.sub(lambda section: words.plain("control.section", **section.groupdict()), order[found.end() :])
    return words.plain("control.mofcom", **found.groupdict()) + rest


def order_words(words: Words, row: UnderControl) -> str:
    """Order with the country that controls."""
    return words.plain("list.aside", name=act_words(words, row.order), aside=words.country(row.by))


def state_words(words: Words, row: UnderControl) -> str:
    """State of an order with its day."""
    since, until = day(row.since), day(row.until)
    if row.state in ("suspended", "expired") and until:
        return words.plain(f"control.{'resumed' if row.resumed else row.state}", date=words.short_day(until))
    kind = row.kind if row.kind in ("licence", "ban") else "other"
    key = "announced" if row.state == "announced" else kind
    return words.plain(f"control.{key}", date=words.short_day(since) if since else "")


def decisions_ahead(inputs: BriefingInput, writer: CitedWriter) -> list[tuple[date, Spans]]:
    """Dated decisions and commitments of the calendar that lie ahead; what the run itself holds as a fork is left to it."""
    reading = EventsReading(inputs, writer) if inputs.evidence else None
    own = inputs.run.scenario if inputs.run else ""
    rows = [row for row in inputs.calendar if row.day >= inputs.today and (not row.scenario or row.scenario != own)]
    return [(row.day, _told(writer, row, reading)) for row in rows]


def _told(writer: CitedWriter, row: DatedDecision, reading: EventsReading | None) -> Spans:
    """A decision in the language, or a commitment as the articles tell it, with its mark."""
    promised = reading.commitment(row.id) if reading else ""
    if reading and promised:
        return (*writer.words.say("dates.due", what=promised), Span("mark", "", reading.number(0).ref))
    return (Span("text", decision_words(writer.words, row.id, row.what)), Span("mark", "", _ref(writer, row)))


def decision_words(words: Words, id_: str, what: str) -> str:
    """A dated decision in the language, or as in the register if there is no translation."""
    return words.plain(f"decision.{id_}") if words.has(f"decision.{id_}") else what


def _ref(writer: CitedWriter, row: DatedDecision) -> str:
    return writer.notes.add_fact(row.fact or row.id, "reported", row.what, row.source, row.url)
