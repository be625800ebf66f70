"""Frozen records of the evidence desk: documents, claims, events, relations, ledger entries, drafts."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Record:
    """Base of all records: turns itself into a dictionary for JSON."""

    def to_dict(self) -> dict[str, Any]:
        """All fields, nested records as dictionaries; nothing in it is shared with the record."""
        return {name: _plain(value) for name, value in vars(self).items()}


def _plain(value: Any) -> Any:
    """A value of a record with its lists and mappings copied."""
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_plain(item) for item in value)
    return value


@dataclass(frozen=True)
class Removed(Record):
    """A span of the raw text that is not the article."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Document(Record):
    """A text as it came, with what is known about it; ``error`` says why it could not be read.

    Offsets count code points of ``text``, the decoded raw file or, for a feed entry, archive record or PDF, its decoded content.
    """

    name: str
    path: str
    sha256: str
    text: str
    media: str = "text/plain"
    language: str = ""
    title: str = ""
    published: str | None = None
    published_from: str = ""
    publisher: str = ""
    url: str = ""
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """All fields but the text, which would swell every listing; its length instead."""
        shown = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in {"text", "removed"}}
        shown["notes"] = list(self.notes)
        return {**shown, "length": len(self.text), "removed": [span.to_dict() for span in self.removed]}


@dataclass(frozen=True)
class Claim(Record):
    """One statement of one document; ``document.text[start:end] == quote`` always holds."""

    id: str
    doc: str
    start: int
    end: int
    quote: str
    event_type: str
    tier: str
    polarity: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    materials: tuple[str, ...]
    stage: tuple[str, ...]
    quantity: dict[str, Any] | None
    date: dict[str, Any] | None
    dates: tuple[dict[str, Any], ...]
    modality: str
    attributed_to: str | None
    extractor: str
    review: dict[str, Any] | None = None


@dataclass(frozen=True)
class Event(Record):
    """Claims of one or more documents about one act; ``sources`` counts independent origins."""

    id: str
    event_type: str
    title: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    materials: tuple[str, ...]
    date: str | None
    status: str
    claims: tuple[str, ...]
    documents: tuple[str, ...]
    sources: int
    origins: tuple[tuple[str, ...], ...]
    first_report: str
    timeline: tuple[dict[str, Any], ...] = ()
    quantity: dict[str, Any] | None = None
    review: dict[str, Any] | None = None


@dataclass(frozen=True)
class Relation(Record):
    """How two documents, claims or a claim and a fact stand to each other."""

    kind: str
    a: str
    b: str
    note: str
    score: float | None = None


@dataclass(frozen=True)
class Commitment(Record):
    """A row of the ledger: who promised what, how much, due when, last status, sources."""

    id: str
    who: tuple[str, ...]
    what: str
    event_type: str
    materials: tuple[str, ...]
    quantity: dict[str, Any] | None
    due: str | None
    status: str
    claims: tuple[str, ...]
    documents: tuple[str, ...]
    sources: int


@dataclass(frozen=True)
class Draft(Record):
    """A scenario file made from events, with the claims that carry each measure."""

    name: str
    yaml: str
    measures: int
    evidence: tuple[str, ...]
    assumed: tuple[str, ...]
    skipped: tuple[str, ...] = field(default=())
