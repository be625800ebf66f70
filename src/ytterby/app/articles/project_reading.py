"""Everything that a project has read, put together again from its records, with the judgements that were made since."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby import evidence
from ytterby.app.articles.reading_rows import ClaimRow, DocumentRow, DraftRow, EventRow, PromiseRow, RelationRow, UndraftedRow, WaitingRow
from ytterby.result_model import ResultModel
from ytterby.store import ProjectStore

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ytterby.evidence import ReadingResult


class Reading(ResultModel):
    """What was read: keys and records as ``ytterby read --json`` prints them."""

    documents: tuple[DocumentRow, ...] = ()
    """Articles."""
    claims: tuple[ClaimRow, ...] = ()
    """Statements with their quote and its place in the text."""
    events: tuple[EventRow, ...] = ()
    """Claims about one act, with the number of independent sources."""
    relations: tuple[RelationRow, ...] = ()
    """How two articles or claims stand to each other: copies, contradictions, doubts."""
    ledger: tuple[PromiseRow, ...] = ()
    """Who promised what, until when, and the last status."""
    drafts: tuple[DraftRow, ...] = ()
    """Scenarios drafted from the events."""
    to_confirm: tuple[WaitingRow, ...] = ()
    """Claims that wait for a person, each with the reason."""
    left_out: tuple[UndraftedRow, ...] = ()
    """Events of which no measure is drafted, each with the reason."""


class ArticleText(ResultModel):
    """The text of an article, in which the places of claims count code points."""

    name: str
    """Name of the article."""
    language: str
    """ISO 639-1 code; empty if it was not recognised."""
    text: str
    """As it was read; nothing in it is markup."""
    claims: tuple[ClaimRow, ...]
    """Its claims, by their place."""


@dataclass(frozen=True)
class _ReadOnlyLog:
    """The judgements of a project; what is put is not written again."""

    store: ProjectStore

    def put(self, kind: str, records: Iterable[dict[str, Any]]) -> int:  # noqa: ARG002 (the protocol's signature)
        return 0

    def get(self, kind: str) -> list[dict[str, Any]]:
        return self.store.get(kind)

    def find(self, kind: str, id_: str) -> dict[str, Any] | None:
        return self.store.find(kind, id_)

    def add_review(self, target: str, verdict: str, by: str, why: str = "", correction: dict[str, Any] | None = None) -> None:
        self.store.add_review(target, verdict, by, why, correction)

    def reviews(self, target: str | None = None) -> list[dict[str, Any]]:
        return self.store.reviews(target)


def project_reading(project: Path) -> Reading:
    """Documents, claims, events, relations, ledger and drafts of all articles that the project has read."""
    return reading_model(read_again(project))


def reading_model(reading: ReadingResult) -> Reading:
    """A reading as a result."""
    return Reading.model_validate(reading.to_dict())


def read_again(project: Path) -> ReadingResult:
    """All that the project has read, with the judgements that were made since; no article is read anew."""
    store = ProjectStore(project)
    if not store.path.is_file():
        return evidence.ReadingResult()
    claims: dict[str, list[evidence.Claim]] = {}
    for row in store.get("claim"):
        claim = evidence.claim_from_dict(row)
        claims.setdefault(claim.doc, []).append(claim)
    targets = {review["target"] for review in store.reviews()}
    judged = {name for name, found in claims.items() if targets & {claim.id for claim in found}}
    documents = once_each([evidence.document_from_dict(row) for row in store.get("document")], judged)
    pairs = [(document, sorted(claims.get(document.name, ()), key=lambda claim: claim.start)) for document in documents]
    return evidence.assemble(pairs, _ReadOnlyLog(store)) if any(not document.error for document in documents) else evidence.ReadingResult()


def once_each(documents: list[evidence.Document], judged: set[str]) -> list[evidence.Document]:
    """Documents by name, of those with the same text one: the first of which a claim was judged, else the first.

    Spaces and line ends do not count; a document that could not be read has no text to compare.
    """
    found: dict[str, evidence.Document] = {}
    for document in sorted(documents, key=lambda document: (document.name not in judged, document.name)):
        found.setdefault(document.name if document.error else _words(document.text), document)
    return sorted(found.values(), key=lambda document: document.name)


def _words(text: str) -> str:
    """SHA-256 of the words of a text."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def article_text(name: str, project: Path) -> ArticleText:
    """Text of an article that the project has read, with its claims; of one that was given under two names, by either.

    Raises
    ------
    UnknownNameError
        If no article of that name was read.
    """
    from ytterby.errors import UnknownNameError

    reading = read_again(project)
    known = {document.name: document for document in reading.documents}
    twin = None if name in known else ProjectStore(project).find("document", name)
    if twin is not None:
        name = next((each.name for each in reading.documents if _words(each.text) == _words(twin["text"])), name)
    if name not in known:
        raise UnknownNameError("article", name, known or ["none read yet"])
    claims = ClaimRow.from_records(claim.to_dict() for claim in reading.claims if claim.doc == name)
    return ArticleText(name=name, language=known[name].language, text=known[name].text, claims=claims)
