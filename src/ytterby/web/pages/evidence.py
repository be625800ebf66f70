"""Evidence: what the project has read: articles beside their marked claims, what waits for a person, events, contradictions, ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from ytterby.facts import elements
from ytterby.report.briefing import Span, why_left_out
from ytterby.web.examples import is_example_reading
from ytterby.web.page import Page
from ytterby.web.pages.common import shows
from ytterby.web.told_dates import period_words

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import ClaimRow, DocumentRow, EventRow, PromiseRow, RelationRow, UndraftedRow, WaitingRow
    from ytterby.report import Words
    from ytterby.web.asked import Asked

router = APIRouter()
Record = dict[str, Any]
MOST_UPLOADS = 20
"""Inputs that a briefing takes."""
PREFIXED = 2
"""Letters of a country's code."""


@shows(router, "/evidence", "evidence.html")
def evidence(asked: Asked, bench: Workbench) -> Page:
    """What was read, what waits, what contradicts."""
    found, words = bench.evidence(), asked.words
    claims = {claim.id: claim for claim in found.claims}
    langs = {row.name: row.language for row in found.documents}
    numbers = {
        "articles": words.number(len(found.documents), 0),
        "claims": words.number(len(found.claims), 0),
        "events": words.number(len(found.events), 0),
        "waiting": words.number(len(found.to_confirm), 0),
    }
    against = [row for row in found.relations if words.has(f"relation.{row.kind}")]
    copies = [row for row in found.relations if row.kind == "same_wire"]
    return Page(
        "evidence",
        asked.text("evidence_title"),
        answer=(Span("text", asked.text("evidence_answer" if found.documents else "evidence_none", **numbers)),),
        more={
            "example_articles": is_example_reading(bench),
            "waiting": [_waiting(words, row, claims[row.claim]) for row in found.to_confirm if row.claim in claims],
            "left_out": [_left_out(words, row) for row in found.left_out],
            "events": sorted((_event(words, row) for row in found.events), key=lambda row: str(row["day"]), reverse=True),
            "langs": langs,
            "against": [_pair(words, row, claims) for row in against if row.a in claims and row.b in claims],
            "copies": copies,
            "ledger": [_promise(words, row) for row in found.ledger],
            "documents": [_document(asked, row, claims) for row in found.documents],
            "drafts": found.drafts,
            "articles": _uploads(bench) if found.drafts else [],
        },
    )


@shows(router, "/evidence/article", "article.html")
def article(asked: Asked, bench: Workbench) -> Page:
    """An article beside its marked claims."""
    found, words = bench.article(asked.query.get("name", "")), asked.words
    shown = _apart(found.claims)
    return Page(
        "evidence",
        found.name,
        more={
            "pieces": _pieces(found.text, shown),
            "claims": [_claim(words, number, claim) for number, claim in enumerate(found.claims, 1)],
            "lang": found.language,
        },
    )


def _uploads(bench: Workbench) -> list[Record]:
    """Articles that were given here, as a job that briefs takes them; the newest where there are more than it takes."""
    ids = dict.fromkeys(id_ for job in bench.jobs.all("read", "done").jobs for id_ in job.arguments["uploads"])
    return [{"kind": "articles", "id": id_} for id_ in ids][:MOST_UPLOADS]


def _apart(claims: tuple[ClaimRow, ...]) -> list[tuple[int, ClaimRow]]:
    """Claims with their number whose places do not overlap one that begins before them."""
    kept: list[tuple[int, ClaimRow]] = []
    for number, claim in sorted(enumerate(claims, 1), key=lambda item: (item[1].start, -item[1].end)):
        if not kept or claim.start >= kept[-1][1].end:
            kept.append((number, claim))
    return kept


def _pieces(text: str, shown: list[tuple[int, ClaimRow]]) -> list[tuple[str, int]]:
    """Text in pieces, each with the number of the claim that it is, 0 for none."""
    pieces, at = [], 0
    for number, claim in shown:
        pieces += [(text[at : claim.start], 0), (text[claim.start : claim.end], number)]
        at = claim.end
    return [piece for piece in (*pieces, (text[at:], 0)) if piece[0]]


def _claim(words: Words, number: int, claim: ClaimRow) -> Record:
    return {
        "number": number,
        "id": claim.id,
        "quote": claim.quote,
        "read": reading_words(words, claim),
        "confidence": "" if claim.confidence is None else words.percent(claim.confidence, 0),
        "review": words.plain(f"web-verdict_{claim.review.verdict}") if claim.review else "",
    }


def reading_words(words: Words, claim: ClaimRow) -> str:
    """How a claim was read: what, by whom, against whom, on what, when."""
    parts = [
        words.code("event", claim.event_type),
        words.joined(name_of(words, name) for name in claim.actors),
        words.joined(f"→ {name_of(words, name)}" for name in claim.targets),
        words.joined(_material(words, name) for name in claim.materials),
        period_words(words, claim.date.resolved if claim.date else ""),
    ]
    return " · ".join(part for part in parts if part)


def name_of(words: Words, name: str) -> str:
    """Name of an actor: a country or group in the language, a firm as it is."""
    kind, _, code = name.partition(":")
    if kind == "country":
        return words.country(code)
    return words.region(code) if kind == "group" else code or name


def _material(words: Words, name: str) -> str:
    if name in elements():
        return words.element(name)
    return words.plain(f"material.{name}") if words.has(f"material.{name}") else name.replace("_", " ")


def _waiting(words: Words, row: WaitingRow, claim: ClaimRow) -> Record:
    key = f"confirm.{row.code}"
    return {
        "claim": row.claim,
        "doc": row.doc,
        "quote": row.quote,
        "read": reading_words(words, claim),
        "reason": words.plain(key) if words.has(key) and not _fields(words, key) else row.reason,
        "fields": {name: getattr(claim, name) for name in ("event_type", "actors", "targets", "materials")},
    }


def _left_out(words: Words, row: UndraftedRow) -> Record:
    return {"title": row.title, "documents": row.documents, "reason": why_left_out(words, row.code, row.names, row.reason)}


def _fields(words: Words, key: str) -> bool:
    return "{" in words.texts.messages[key][0]


def _event(words: Words, row: EventRow) -> Record:
    return {
        "day": row.date or row.first_report,
        "when": period_words(words, row.date or row.first_report),
        "title": row.title,
        "kind": words.code("event", row.event_type),
        "who": words.joined(name_of(words, name) for name in row.actors),
        "status": status_words(words, row.status),
        "sources": row.sources,
        "documents": row.documents,
    }


def status_words(words: Words, status: str) -> str:
    """Status of an event, such as *announced* or *proposed, disputed*."""
    first, _, doubt = status.partition(", ")
    key = f"event_status.{first.replace(' ', '_')}"
    told = words.plain(key) if words.has(key) else first
    return words.plain(f"event_status.{doubt}", status=told) if doubt else told


def _pair(words: Words, row: RelationRow, claims: dict[str, ClaimRow]) -> Record:
    return {"a": claims[row.a], "b": claims[row.b], "kind": words.plain(f"relation.{row.kind}")}


def _promise(words: Words, row: PromiseRow) -> Record:
    return {
        "who": words.joined(name_of(words, name) for name in row.who),
        "what": row.what,
        "due": period_words(words, row.due),
        "status": status_words(words, row.status),
        "documents": row.documents,
    }


def _document(asked: Asked, row: DocumentRow, claims: dict[str, ClaimRow]) -> Record:
    count = sum(claim.doc == row.name for claim in claims.values())
    return {
        "name": row.name,
        "title": row.title or row.name,
        "lang": row.language,
        "day": period_words(asked.words, row.published),
        "publisher": row.publisher,
        "count": count,
        "href": asked.url("/evidence/article", name=row.name),
        "error": row.error,
    }
