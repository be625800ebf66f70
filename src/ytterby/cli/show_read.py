"""Terminal output of a reading: documents, events, doubts, ledger, what waits to be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.cli.tables import hanging
from ytterby.evidence import status_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from ytterby.evidence import Document, LeftOut, ReadingResult

DOUBTS = ("contradicts", "tension", "modality_conflict", "unit_suspect", "doubtful_fact")


def reading_lines(reading: ReadingResult, width: int, written: Path | None = None) -> Iterator[str]:
    """Lines of a reading within a width; quotations are folded, never cut.

    Parameters
    ----------
    reading : ReadingResult
    width : int
        Widest line [characters].
    written : Path, optional
        File with the draft.
    """
    for document in reading.documents:
        yield from hanging(_document(document), width, "  ")
    yield ""
    yield f"{_counted(len(reading.claims), 'claim')}; events:"
    yield from _events(reading, width)
    yield from _doubts(reading, width)
    yield from _ledger(reading, width)
    yield from _gate(reading, width)
    if written:
        draft = reading.drafts[0]
        said = f"draft with {_counted(draft.measures, 'measure')} and {_counted(len(draft.assumed), 'assumed key')} written to {written}"
        yield from ["", *hanging(said, width, "  ")]


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _document(document: Document) -> str:
    if document.error:
        return f"{document.name}  NOT READ: {document.error}"
    dated = f"{document.published} ({document.published_from})" if document.published else "no date"
    return f"{document.name}  {document.language or '?'}, {dated}" + (f"; {'; '.join(document.notes)}" if document.notes else "")


def _names(names: Iterable[str]) -> str:
    return ", ".join(name.partition(":")[2] for name in names) or "-"


def _events(reading: ReadingResult, width: int) -> Iterator[str]:
    indent = " " * 14
    for event in reading.events:
        sources = _counted(event.sources, "source")
        head = f"  {event.date or '?':<12}{event.event_type:<26}{event.status:<20}{sources:<11}"
        yield from hanging(f"{head}{_names(event.actors)}", width, indent)
        if path := status_path(event):
            yield from hanging(f"{indent}{', '.join(f'{status} {day}' for day, status in path)}", width, indent)
        yield from hanging(f"{indent}{event.title}  [{event.id}]", width, indent)
        if event.review:
            yield from hanging(f"{indent}{_judged(event.review)}", width, indent)


VERDICTS = {
    "reject": "rejected by {by}, so it drafts nothing and stands in no ledger",
    "accept": "accepted by {by}",
    "confirm": "confirmed by {by}",
    "correct": "corrected by {by}",
}


def _judged(review: Mapping[str, Any]) -> str:
    """What a person said of an event, and why."""
    verdict = str(review["verdict"])
    told = VERDICTS.get(verdict, f"{verdict} by {{by}}").format(by=review["by"])
    return f"{told}: {review['why']}" if review.get("why") else told


def _doubts(reading: ReadingResult, width: int) -> Iterator[str]:
    doubts = [relation for relation in reading.relations if relation.kind in DOUBTS]
    if doubts:
        yield from ["", "doubts and contradictions:"]
    for each in doubts:
        yield from hanging(f"  {each.kind:<18}{each.note}  [{each.a} / {each.b}]", width, " " * 20)


def _ledger(reading: ReadingResult, width: int) -> Iterator[str]:
    if reading.ledger:
        yield from ["", "ledger:"]
    for row in reading.ledger:
        yield from hanging(f"  due {row.due or '?':<12}{row.status:<20}{_names(row.who)}: {row.what}", width, " " * 18)


def _gate(reading: ReadingResult, width: int) -> Iterator[str]:
    """What the gate lets through, what it holds back (the reason, the words, the id to confirm), and what gives no measure."""
    for draft in reading.drafts:
        counts = ", ".join(f"{count} {level}" for level, count in (draft.rests_on or {}).items() if count)
        yield from ["", f"measures: {draft.measures} ({counts})"]
    if reading.to_confirm:
        yield from ["", "to confirm, not run ('ytterby review ID confirm'):"]
    for record in reading.to_confirm:
        yield from hanging(f"  {record.event_type}: {record.reason}", width, "    ")
        yield from hanging(f"    {record.quote}", width, "    ")
        yield f"    {record.claim}"
    yield from _left_out(reading, width)


def _left_out(reading: ReadingResult, width: int) -> Iterator[str]:
    """Events that could be a measure and give none, by the reason."""
    if reading.left_out:
        yield from ["", "no measure drafted of:"]
    by_reason: dict[str, list[LeftOut]] = {}
    for record in reading.left_out:
        by_reason.setdefault(record.reason, []).append(record)
    for reason, records in by_reason.items():
        yield from hanging(f"  {reason}", width, "    ")
        for record in records:
            yield from hanging(f"    {record.event_type}: {record.title}  [{record.event}]", width, "      ")
