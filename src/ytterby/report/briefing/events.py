"""Section on events: events reported in the articles with quotations, doubts and commitments.

Texts copied from one another are one source: an event is counted by its independent sources, and copies are
named as such.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing.changes import changes_block
from ytterby.report.briefing.confirmations import left_out_table, rests_on, waiting_table
from ytterby.report.briefing.document import Para, Section, Timeline
from ytterby.report.briefing.events_reading import EventsReading

if TYPE_CHECKING:
    from ytterby.report.briefing.briefing_input import BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block, Spans


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Section on events; None without articles."""
    if not inputs.evidence:
        return None
    reading = EventsReading(inputs, writer)
    blocks: list[Block] = [Para(reading.summary(), "lead")]
    if changed := changes_block(inputs, reading):
        blocks.append(changed)
    events = reading.chosen()
    if events:
        blocks.append(Timeline(tuple(reading.entry(event) for event in events)))
    doubts = reading.other_doubts(events)
    if doubts:
        blocks.append(reading.doubt_table(doubts))
    tables = (waiting_table(reading), left_out_table(reading), reading.commitments(inputs.promises, inputs.today))
    return Section("happened", writer.words.plain("section.happened"), (*blocks, *(table for table in tables if table)))


def answer(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """Answer if the only input are articles: what they tell, and that nothing of it is simulated."""
    reading = EventsReading(inputs, writer)
    return writer.words.chained([reading.summary(), rests_on(inputs, reading)], "list.sentences")


def support(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """What the measures of a run drafted from articles rest on; nothing for any other run."""
    return rests_on(inputs, EventsReading(inputs, writer)) if inputs.evidence and inputs.run else ()


def unknowns(inputs: BriefingInput, writer: CitedWriter) -> list[Spans]:
    """Open questions of the articles: contradictions, events with a single source."""
    if not inputs.evidence:
        return []
    words, reading = writer.words, EventsReading(inputs, writer)
    doubts, single = len(reading.doubts), sum(int(event.get("sources", 1)) == 1 for event in reading.events)
    found = [words.say("unknown.doubts", count=reading.number(doubts), section=words.plain("section.happened"))] if doubts else []
    found += [words.say("unknown.single_source", count=reading.number(single))] if single else []
    return found + [
        words.say("unknown.not_read", documents=reading.counted("happened.documents", count), language=code)
        for code, count in reading.unread()
    ]
