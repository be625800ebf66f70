"""The evidence desk: reads articles and puts claims, events, relations, ledger and drafts together."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import DocumentError
from ytterby.evidence import drafts, duplicates, events, ledger, relations, review
from ytterby.evidence.documents import document_of
from ytterby.evidence.pipeline import extract
from ytterby.evidence.readers import expand, items
from ytterby.evidence.records import Claim, Commitment, Document, Draft, Event, Relation
from ytterby.execution.chunks import map_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ytterby.evidence.readers.item import Item
    from ytterby.evidence.review import Shelf
    from ytterby.execution.chunks import Executor

PACKET = 16
"""Files that go to a worker together."""


@dataclass(frozen=True)
class Reading:
    """Everything read from a set of articles, in an order that depends on their names only."""

    documents: tuple[Document, ...] = ()
    claims: tuple[Claim, ...] = ()
    events: tuple[Event, ...] = ()
    relations: tuple[Relation, ...] = ()
    ledger: tuple[Commitment, ...] = ()
    drafts: tuple[Draft, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of ``ytterby read``."""
        names = ("documents", "claims", "events", "relations", "ledger", "drafts")
        return {name: [record.to_dict() for record in getattr(self, name)] for name in names}


def read_item(item: Item) -> tuple[Document, list[Claim]]:
    """Document and claims of one raw item; whatever fails inside becomes the document's error."""
    try:
        document, view = document_of(item)
        if document.error:
            return document, []
        published = view.published if document.published is None else _date(document.published)
        return document, extract(view, document.language, document.name, document.text, published)
    except (RecursionError, MemoryError) as error:
        return Document(
            item.name, item.path, item.sha256, "", item.media, error=f"{item.name}: cannot be read ({type(error).__name__})"
        ), []


def _date(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


def read_file(path: Path) -> Iterator[tuple[Document, list[Claim]]]:
    """Documents of one file with their claims, streamed."""
    for item in items(path):
        yield read_item(item)


def chunks_of(paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Files in packets small enough to spread and large enough to be worth sending."""
    return [tuple(paths[at : at + PACKET]) for at in range(0, len(paths), PACKET)]


def read_packet(paths: tuple[Path, ...]) -> list[tuple[Document, list[Claim]]]:
    """Documents of a packet of files with their claims."""
    return [pair for path in paths for pair in read_file(path)]


def read(paths: Sequence[Path], *, workers: int = 1, executor: Executor | None = None, shelf: Shelf | None = None) -> Reading:
    """Read files and folders; the result does not depend on their order or on the workers.

    Raises
    ------
    InputError
        If a path does not exist.
    DocumentError
        If not one document could be read.
    """
    packets = chunks_of(expand([Path(p) for p in paths]))
    place = executor or ("processes" if workers > 1 else "serial")
    found = [pair for packet in map_chunks(read_packet, packets, place, workers) for pair in packet]
    return assemble(_unique(found), shelf)


def _unique(found: list[tuple[Document, list[Claim]]]) -> list[tuple[Document, list[Claim]]]:
    """Give documents of one name in several folders their paths as names."""
    counts = Counter(document.name for document, _ in found)
    result = []
    for document, claims in found:
        name = document.name
        if counts[name] > 1:
            name = document.path + ("#" + name.rpartition("#")[2] if "#" in name else "")
            claims = [replace(c, doc=name, id=f"{c.id}-{hashlib.sha256(name.encode()).hexdigest()[:6]}") for c in claims]
            document = replace(document, name=name)
        result.append((document, claims))
    return sorted(result, key=lambda pair: pair[0].name)


def assemble(found: list[tuple[Document, list[Claim]]], shelf: Shelf | None = None) -> Reading:
    """A reading from documents and claims in any order, with the judgements that a shelf holds."""
    documents = tuple(document for document, _ in found)
    if documents and all(document.error for document in documents):
        raise DocumentError("; ".join(document.error for document in documents[:5]) + ("; ..." if len(documents) > 5 else ""))
    claims = tuple(claim for _, listed in found for claim in listed)
    judged: dict[str, dict[str, Any]] = {}
    if shelf is not None and (judged := review.latest(shelf.reviews())):
        kept = {str(row["id"]): row for row in shelf.get("reviewed")}
        claims = tuple(review.apply_to_claims(claims, judged, kept, (document.name for document in documents)))
    reading = relate(documents, claims, judged)
    if shelf is not None:
        keep(reading, shelf)
    return reading


def keep(reading: Reading, shelf: Shelf) -> None:
    """Store documents with their texts, claims and events by id, so that they can be judged and shown later."""
    shelf.put("document", [{**d.to_dict(), "id": d.name, "text": d.text} for d in reading.documents])
    shelf.put("claim", [claim.to_dict() for claim in reading.claims])
    shelf.put("event", [event.to_dict() for event in reading.events])


def relate(documents: tuple[Document, ...], claims: tuple[Claim, ...], judged: Mapping[str, dict[str, Any]] | None = None) -> Reading:
    """Events, relations, ledger and drafts of documents and their claims; what a person rejected has no part in them."""
    good, trusted = [document for document in documents if not document.error], review.believed(claims)
    copied = duplicates.copies(duplicates.signature(document) for document in good)
    names = [document.name for document in good]
    origin = duplicates.groups(names, [(a, b) for a, b, _ in copied])
    wires = relations.wire_pairs(good, trusted, events.build(good, trusted, origin))
    wires += [Relation("same_wire", a, b, f"verbatim: {share:.0%} of the word sequences are the same", share) for a, b, share in copied]
    wires = list({(r.a, r.b): r for r in wires}.values())
    origin = duplicates.groups(names, [(r.a, r.b) for r in wires])
    found = review.apply_to_events(events.build(good, trusted, origin), judged or {})
    firm = review.believed(found)
    between = relations.document_relations(firm, [(r.a, r.b) for r in wires])
    among = relations.claim_relations(trusted, firm, origin)
    listed = tuple(sorted({*wires, *between, *among, *relations.doubtful(trusted)}, key=lambda r: (r.kind, r.a, r.b, r.note)))
    return Reading(documents, claims, tuple(found), listed, tuple(ledger.build(firm, trusted)), tuple(drafts.build(good, trusted, firm)))
