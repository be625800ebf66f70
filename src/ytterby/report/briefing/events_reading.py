"""Texts on the articles that were read."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.evidence import NO_NEWS, OUTCOMES, path_of, shown, shown_around
from ytterby.report.briefing.document import Passage, Span, Table, TimelineEntry
from ytterby.report.briefing.doubt_notes import doubt_note
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.evidence import Promise
    from ytterby.report.briefing.briefing_input import BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans


NOT_READ = "not read: "
"""Begins the note on an article in a language that is not read."""


MAX_EVENTS = 6


MAX_LEDGER = 8


MAX_DOUBTS = 3


AROUND = 70
"""Characters of context on each side of a quotation."""


QUOTED = 120
"""Maximum length of a quotation in the table of doubts [characters]."""


LONGEST = 320
"""Maximum length of a quotation [characters]."""


DOUBTFUL = ("contradicts", "doubtful_fact", "unit_suspect", "modality_conflict", "tension")
"""Relations that are shown as doubts."""


WEIGHTS = (
    "export_control",
    "ban",
    "licence",
    "quota",
    "agreement",
    "tariff",
    "outage",
    "supply_impact",
    "investment",
    "stockpile",
    "technical_assistance",
)
"""Types of events in order of importance for supply; all others follow."""
REJECT = "reject"
"""Verdict of a person on an event that is then left out."""


def exact_day(text: Any) -> date | None:
    """Date of a full ISO text; ``None`` for a month, a year or words."""
    return date.fromisoformat(text[:10]) if isinstance(text, str) and re.match(r"\d{4}-\d{2}-\d{2}", text) else None


class EventsReading:
    """Texts on the articles that were read, in the language of the briefing."""

    def __init__(self, inputs: BriefingInput, writer: CitedWriter) -> None:
        assert inputs.evidence is not None
        evidence = inputs.evidence
        self.writer, self.words, self.texts = writer, writer.words, inputs.texts
        self.documents: dict[str, Mapping[str, Any]] = {document["name"]: document for document in evidence.get("documents", [])}
        self.claims: dict[str, Mapping[str, Any]] = {claim["id"]: claim for claim in evidence.get("claims", [])}
        told: list[Mapping[str, Any]] = list(evidence.get("events", []))
        self.events = [event for event in told if (event.get("review") or {}).get("verdict") != REJECT]
        self.rejected = len(told) - len(self.events)
        self.relations: list[Mapping[str, Any]] = list(evidence.get("relations", []))
        self.ledger: dict[str, Mapping[str, Any]] = {row["id"]: row for row in evidence.get("ledger", [])}
        self.waiting: list[Mapping[str, Any]] = list(evidence.get("to_confirm", []))
        self.left_out: list[Mapping[str, Any]] = list(evidence.get("left_out", []))

    @property
    def doubts(self) -> list[Mapping[str, Any]]:
        """Relations that cast doubt on a claim."""
        return [relation for relation in self.relations if relation["kind"] in DOUBTFUL]

    def unread(self) -> list[tuple[str, int]]:
        """Languages without a lexicon, with the number of articles in them."""
        notes = (str(note) for document in self.documents.values() for note in document.get("notes", ()))
        codes = [note.rsplit(" ", 1)[-1] for note in notes if note.startswith(NOT_READ)]
        return sorted(Counter(codes).items())

    def number(self, value: int) -> Span:
        """Count with a reference to the note on how the articles were read."""
        ref = self.writer.notes.add("reading", "article", self.words.plain("happened.note_title"), self.words.plain("happened.note"))
        return Span("num", self.words.number(value, 0), ref)

    def summary(self) -> Spans:
        """Numbers of articles, events, independent sources and doubts."""
        origins = self.independent()
        fields = {"documents": len(self.documents), "events": len(self.events), "sources": origins, "doubts": len(self.doubts)}
        spans = {key: self.counted(f"happened.{key}", value) for key, value in fields.items()}
        told = self.words.say("answer.evidence", **spans)
        return self.words.chained((told, self.counted("happened.rejected", self.rejected)), "list.sentences") if self.rejected else told

    def independent(self) -> int:
        """Number of independent sources: documents, with copies counted once."""
        group = {name: name for name in self.documents}
        for relation in self.relations:
            if relation["kind"] == "same_wire" and relation["a"] in group and relation["b"] in group:
                old, new = group[relation["b"]], group[relation["a"]]
                group = {name: new if own == old else own for name, own in group.items()}
        return len(set(group.values()))

    def counted(self, key: str, value: int) -> Spans:
        """A number with its noun, in the plural form for the number."""
        return self.words.count(key, value, n=self.number(value))

    def chosen(self) -> list[Mapping[str, Any]]:
        """Most important events in chronological order, undated ones last."""
        ranked = sorted(
            self.events, key=lambda event: (-int(event.get("sources", 1)), _weight(event["event_type"]), str(event.get("date") or "9999"))
        )
        return sorted(ranked[:MAX_EVENTS], key=lambda event: str(event.get("date") or "9999"))

    def entry(self, event: Mapping[str, Any]) -> TimelineEntry:
        """Timeline entry of an event."""
        claims = [self.claims[name] for name in event["claims"] if name in self.claims]
        touching = [relation for relation in self.doubts if relation["a"] in event["claims"] or relation["b"] in event["claims"]]
        return TimelineEntry(
            when=self.when(event.get("date")),
            title=(Span("strong", self.title(event)),),
            status=self.path(event),
            sources=self.sources_of(event),
            passages=tuple(self.passage(claim) for claim in _one_per_document(claims)[: 2 if touching else 1]),
            doubts=tuple(self.doubt(relation) for relation in {relation["kind"]: relation for relation in reversed(touching)}.values()),
        )

    def status(self, row: Mapping[str, Any]) -> str:
        """Status of an event or a commitment, in words."""
        stage, _, disputed = str(row.get("status") or "").partition(", ")
        key = f"event_status.{stage.replace(' ', '_')}"
        status = self.words.plain(key) if self.words.has(key) else stage.replace("_", " ")
        return status if not disputed else self.words.plain("event_status.disputed", status=status)

    def path(self, event: Mapping[str, Any]) -> str:
        """Status of an event; of an act that was extended or ended what became of it, each turn with its day."""
        turns = path_of(event.get("timeline", ()))
        told = [self.words.plain("list.aside", name=self.status({"status": status}), aside=self._day(day)) for day, status in turns]
        return self.words.listed(told) if told else self.status(event)

    def _day(self, text: str) -> str:
        day = exact_day(text)
        return self.words.day(day) if day else text

    def when(self, text: Any) -> Span:
        """Date of an event with the precision given in the articles."""
        day = exact_day(text)
        return self.words.time(day) if day else Span("text", str(text) if text else self.words.plain("happened.undated"))

    def title(self, row: Mapping[str, Any]) -> str:
        """Short description of an event or a commitment: type, actors, targets and materials."""
        key = f"event.{row['event_type']}"
        what = self.words.plain(key) if self.words.has(key) else str(row["event_type"]).replace("_", " ")
        who = [self.name(actor) for actor in row.get("actors", row.get("who", ()))][:3]
        whom = [self.name(actor) for actor in row.get("targets", ())][:2]
        goods = [self.inputs(name) for name in row.get("materials", ())][:3]
        people = self.words.listed(who) + (f" \u2192 {self.words.listed(whom)}" if whom else "")
        named = self.words.plain("list.named", name=capital(what), list=people) if people else capital(what)
        return self.words.plain("list.aside", name=named, aside=self.words.listed(goods)) if goods else named

    def event_of(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """The event that a record is about."""
        return next((event for event in self.events if event["id"] == record["event"]), record)

    def name(self, actor: str) -> str:
        """Name of an actor such as ``country:CN`` or ``org:WTO``."""
        kind, _, code = actor.partition(":")
        if kind == "country":
            return self.words.country(code)
        if kind == "group" and code in ("EU", "G7", "APEC"):
            return self.words.region(code)
        if kind == "sector":
            return self.words.sector(code)
        return code or kind

    def inputs(self, name: str) -> str:
        """Name of a material or an element."""
        key = f"material.{name}"
        return self.words.plain(key) if self.words.has(key) else self.words.element(name)

    def sources_of(self, event: Mapping[str, Any]) -> Spans:
        """Number of independent sources, and which texts are copies of one another."""
        count = self.counted("happened.told", int(event.get("sources", 1)))
        copies = [self.words.listed(self.document_name(name) for name in origin) for origin in event.get("origins", ()) if len(origin) > 1]
        return self.words.chained([count, *(self.words.say("happened.copies", list=names) for names in copies)], "list.clauses")

    def document_name(self, name: str) -> str:
        """Publisher and title of a document, or the name of its file."""
        document = self.documents.get(name, {})
        known = [str(document.get(key)) for key in ("publisher", "title") if document.get(key)]
        return ": ".join(known) if known else name.rsplit("/", 1)[-1]

    def passage(self, claim: Mapping[str, Any]) -> Passage:
        """Quotation of a claim, in context if the text is available."""
        document = self.documents.get(claim["doc"], {})
        before, after = _around(self.texts.get(claim["doc"], ""), int(claim["start"]), int(claim["end"]))
        before, after, quote = shown_around(before), shown_around(after), shown(str(claim["quote"]))
        day = exact_day(document.get("published"))
        source = self.words.joined([self.document_name(claim["doc"]), *([self.words.day(day)] if day else [])])
        if claim.get("attributed_to"):
            source = self.words.plain(
                "list.aside", name=source, aside=self.words.plain("happened.says", who=self.name(claim["attributed_to"]))
            )
        return Passage(
            before,
            quote if len(quote) <= LONGEST else quote[:LONGEST].rstrip() + "…",
            after,
            str(document.get("language") or ""),
            source,
            self.article_ref(claim["doc"]),
        )

    def article_ref(self, name: str) -> str:
        """Note on an article: its address, date and checksum."""
        document = self.documents.get(name, {})
        text = self.words.plain(
            "happened.article",
            sha=str(document.get("sha256", ""))[:12],
            published=str(document.get("published") or self.words.plain("happened.undated")),
        )
        return self.writer.notes.add(f"article:{name}", "article", self.document_name(name), text, str(document.get("url") or ""))

    def doubt(self, relation: Mapping[str, Any]) -> Spans:
        """Text for a doubt: its kind and the note of the relation."""
        return self.words.say("happened.doubt", kind=self.words.plain(f"relation.{relation['kind']}"), note=self.why(relation))

    def why(self, relation: Mapping[str, Any]) -> str:
        """Note of a relation, in the language of the briefing."""
        return doubt_note(self.words, str(relation.get("note") or ""))

    def other_doubts(self, shown: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Doubts about claims that belong to none of the shown events, without duplicate notes, the most serious first."""
        covered = {name for event in shown for name in event["claims"]}
        rest = [relation for relation in self.doubts if relation["a"] not in covered and relation["b"] not in covered]
        found: dict[tuple[str, str], Mapping[str, Any]] = {}
        for relation in sorted(rest, key=lambda relation: DOUBTFUL.index(relation["kind"])):
            found.setdefault((relation["kind"], str(relation.get("note"))), relation)
        return list(found.values())

    def doubt_table(self, doubts: list[Mapping[str, Any]]) -> Table:
        """Table of doubts and contradictions with the quotations concerned."""
        rows = []
        for relation in doubts[:MAX_DOUBTS]:
            found = [shown(self.claims[name]["quote"])[:QUOTED] for name in (relation["a"], relation["b"]) if name in self.claims]
            quotes = " / ".join(self.words.plain("happened.quoted", text=text) for text in found)
            rows.append((capital(self.words.plain(f"relation.{relation['kind']}")), quotes, self.why(relation)))
        head = tuple(self.words.plain(f"table.{key}") for key in ("doubt", "words", "why"))
        return Table(self.words.plain("happened.doubts_title"), head, tuple(rows), self.number(0).ref, words=3)

    def commitment(self, id_: str) -> str:
        """Short description of a commitment of these articles by its id; empty for any other."""
        row = self.ledger.get(id_)
        return self.title(row) if row else ""

    def commitments(self, promises: Sequence[Promise], today: date) -> Table | None:
        """Table of the commitments that these articles tell: due dates, the next one first, and what became of each."""
        told = [promise for promise in promises if promise.id in self.ledger]
        ahead = [promise for promise in told if promise.due and not promise.overdue and promise.outcome not in OUTCOMES]
        rest = [promise for promise in told if promise not in ahead]
        chosen = [*ahead, *sorted(rest, key=lambda promise: promise.due or "0", reverse=True)][:MAX_LEDGER]
        if not chosen:
            return None
        head = tuple(self.words.plain(f"table.{key}") for key in ("commitment", "amount", "due", "status", "sources"))
        title = self.words.plain("happened.ledger_title", n=self.words.number(len(chosen), 0), of=self.words.number(len(told), 0))
        return Table(title, head, tuple(map(self._commitment_row, chosen)), self.number(0).ref, words=4)

    def _commitment_row(self, promise: Promise) -> tuple[str, ...]:
        row, due = self.ledger[promise.id], exact_day(promise.due)
        when = self.words.short_day(due) if due else promise.due or ""
        known = promise.outcome in (*OUTCOMES, NO_NEWS)
        status = self.words.plain(f"promise.{promise.outcome.replace(' ', '_')}") if known else self.status(row)
        amount = str((row.get("quantity") or {}).get("raw") or "")
        return (self.title(row), amount, when, status, self.words.number(promise.sources, 0))


def _weight(event_type: str) -> int:
    return next((rank for rank, stem in enumerate(WEIGHTS) if event_type.startswith(stem)), len(WEIGHTS))


def _one_per_document(claims: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """First claim of each document."""
    first: dict[str, Mapping[str, Any]] = {}
    for claim in claims:
        first.setdefault(claim["doc"], claim)
    return list(first.values())


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Text before and after a quotation, cut at word boundaries and within the paragraph."""
    before = text[max(0, start - AROUND) : start].rsplit("\n", 1)[-1]
    after = text[end : end + AROUND].split("\n", 1)[0]
    if start > AROUND and len(before) == AROUND:
        before = "… " + before.split(" ", 1)[-1]
    if len(text) > end + AROUND and len(after) == AROUND:
        after = after.rsplit(" ", 1)[0] + " …"
    return before, after
