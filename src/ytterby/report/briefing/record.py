"""Section on a past episode: what the model said of it, beside what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing.common import day
from ytterby.report.briefing.document import Para, Section, Span, Table
from ytterby.report.text import capital

if TYPE_CHECKING:
    from ytterby.report.briefing.briefing_input import BriefingInput, RecordedStatement
    from ytterby.report.briefing.cited_writer import CitedWriter

PLACE = -2
"""Multiples of the base are printed to hundredths."""


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Section on the record; None for a scenario without recorded statements."""
    record, words = inputs.record, writer.words
    if record is None or not record.statements:
        return None
    ref = writer.notes.add(
        "record", "derived", words.plain("section.record"), words.plain("record.note"), facts=tuple(row.fact for row in record.statements)
    )
    counts = {"hits": record.hits, "of": len(record.statements), "calm": record.hits_of_no_change}
    lead = words.say("record.lead", **{key: Span("num", str(count), ref) for key, count in counts.items()})
    head = ("statement", "model", "low_80", "high_80", "record", "hit")
    rows = tuple(_row(writer, row) for row in record.statements)
    table = Table(words.plain("record.title"), tuple(words.plain(f"table.{key}") for key in head), rows, ref)
    return Section("record", words.plain("section.record"), (Para(lead, "lead"), table))


def _row(writer: CitedWriter, row: RecordedStatement) -> tuple[str, ...]:
    words = writer.words
    amounts = (row.model, row.low, row.high, row.record)
    return (
        statement_words(writer, row),
        *(words.number(amount, PLACE) for amount in amounts),
        words.plain("record.hit" if row.hit else "record.miss"),
    )


def statement_words(writer: CitedWriter, row: RecordedStatement) -> str:
    """The statement in words: of what, where, in which months."""
    words = writer.words
    goods = words.listed(words.commodity(code) for code in row.goods)
    first, last = (words.day(found, "month") if (found := day(text)) else text for text in (row.first, row.last))
    span = first if first == last else words.plain("range.dates", low=first, high=last)
    places = {"origin": words.region(row.origin) if row.origin else "", "destination": words.region(row.destination)}
    return capital(words.plain(f"record.{row.kind}", goods=goods, span=span, **places))
