"""The pipeline from files to documents, claims, events, relations, ledger and drafts."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import DocumentError
from ytterby.evidence.claims import not_rejected
from ytterby.evidence.documents import Document, document_of
from ytterby.evidence.drafts import build_drafts
from ytterby.evidence.duplicates import copies, origins, signature
from ytterby.evidence.events import build_events
from ytterby.evidence.extractors import EXTRACTORS
from ytterby.evidence.ledger import build_ledger
from ytterby.evidence.readers import expand, raw_texts
from ytterby.evidence.relations import Relation, agency_reports, claim_relations, document_relations, doubtful
from ytterby.evidence.review import latest_reviews, review_claims, review_events
from ytterby.execution import map_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ytterby.evidence.claims import Claim, Extractor
    from ytterby.evidence.drafts import LeftOut, ScenarioDraft
    from ytterby.evidence.events import Event
    from ytterby.evidence.gate import ToConfirm
    from ytterby.evidence.ledger import Commitment
    from ytterby.evidence.readers.raw_text import RawText
    from ytterby.evidence.review import ReviewLog
    from ytterby.execution import Executor

NOT_READ = "not read"
"""Begins the note of a document in a language without a lexicon."""
FILES_PER_CHUNK = 16
"""Files that are sent to a worker together."""


@dataclass(frozen=True)
class ReadingResult:
    """Everything read from a set of articles; its order depends only on the names of the articles."""

    documents: tuple[Document, ...] = ()
    claims: tuple[Claim, ...] = ()
    events: tuple[Event, ...] = ()
    relations: tuple[Relation, ...] = ()
    ledger: tuple[Commitment, ...] = ()
    drafts: tuple[ScenarioDraft, ...] = ()
    to_confirm: tuple[ToConfirm, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON document of ``ytterby read``."""
        return {name: [record.to_dict() for record in records] for name, records in vars(self).items()}


DocumentClaims = tuple[Document, list["Claim"]]


def read(
    paths: Sequence[Path],
    *,
    workers: int = 1,
    executor: Executor | None = None,
    log: ReviewLog | None = None,
    extractor: Extractor | None = None,
) -> ReadingResult:
    """Read articles; the result depends neither on their order nor on the number of workers.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders; the formats are those of :mod:`ytterby.evidence.readers`.
    workers : int
        Number of processes.
    executor : Executor, optional
        Where the files are read; by default in processes if there is more than one worker.
    log : ReviewLog, optional
        Judgements that apply, and where the records are stored.
    extractor : Extractor, optional
        What finds the claims; by default the rules.

    Raises
    ------
    InputError
        If a path does not exist.
    DocumentError
        If no document could be read.
    """
    chunks = file_chunks(expand([Path(p) for p in paths]))
    place = executor or ("processes" if workers > 1 else "serial")
    results = map_chunks(partial(_read_files, extractor=extractor or EXTRACTORS), chunks, place, workers)
    return assemble(_with_unique_names([pair for result in results for pair in result]), log)


def file_chunks(paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Files in chunks that are worth sending to a worker."""
    return [tuple(paths[at : at + FILES_PER_CHUNK]) for at in range(0, len(paths), FILES_PER_CHUNK)]


def _read_files(paths: tuple[Path, ...], extractor: Extractor) -> list[DocumentClaims]:
    return [pair for path in paths for pair in read_file(path, extractor)]


def read_file(path: Path, extractor: Extractor = EXTRACTORS) -> Iterator[DocumentClaims]:
    """Documents of one file with their claims, one after the other."""
    for raw in raw_texts(path):
        yield read_raw(raw, extractor)


def read_raw(raw: RawText, extractor: Extractor = EXTRACTORS) -> DocumentClaims:
    """Document and claims of a raw text; if the text exhausts recursion or memory, the document has an error."""
    try:
        with _collection_paused():
            return _read(raw, extractor)
    except (RecursionError, MemoryError) as error:
        message = f"{raw.name}: cannot be read ({type(error).__name__})"
        return Document(raw.name, raw.path, raw.sha256, "", raw.media, error=message), []


def _read(raw: RawText, extractor: Extractor) -> DocumentClaims:
    document, view = document_of(raw)
    if document.error:
        return document, []
    if extractor.supports(document.language):
        return document, extractor.extract(document, view)
    note = f"{NOT_READ}: language {document.language or 'unknown'}"
    return replace(document, notes=(*document.notes, note)), []


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Keep the collector of cycles from running while one document is read.

    Nearly nothing of a document is part of a cycle, and all of it is let go at its end: searching it took a sixth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _with_unique_names(found: list[DocumentClaims]) -> list[DocumentClaims]:
    """Name documents that share a name by their paths, and sort by name."""
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


def assemble(found: Sequence[DocumentClaims], log: ReviewLog | None = None) -> ReadingResult:
    """Result of documents and their claims.

    Parameters
    ----------
    found : sequence of (Document, list of Claim)
        Documents with their claims, sorted by name.
    log : ReviewLog, optional
        Judgements that apply, and where documents, claims and events are stored by id.

    Raises
    ------
    DocumentError
        If no document could be read.
    """
    documents = tuple(document for document, _ in found)
    if documents and all(document.error for document in documents):
        raise DocumentError("; ".join(document.error for document in documents[:5]) + ("; ..." if len(documents) > 5 else ""))
    claims = tuple(claim for _, listed in found for claim in listed)
    reviews: dict[str, dict[str, Any]] = {}
    if log is not None and (reviews := latest_reviews(log.reviews())):
        stored = {str(row["id"]): row for row in log.get("reviewed")}
        claims = tuple(review_claims(claims, reviews, stored, (document.name for document in documents)))
    result = _relate(documents, claims, reviews)
    if log is not None:
        _store(result, log)
    return result


def _store(result: ReadingResult, log: ReviewLog) -> None:
    log.put("document", [{**d.to_dict(), "id": d.name, "text": d.text} for d in result.documents])
    log.put("claim", [claim.to_dict() for claim in result.claims])
    log.put("event", [event.to_dict() for event in result.events])


def _relate(documents: tuple[Document, ...], claims: tuple[Claim, ...], reviews: Mapping[str, dict[str, Any]]) -> ReadingResult:
    """Events, relations, ledger and drafts; rejected claims and events are left out of them.

    Copies of one report must be known before sources are counted, and rewritten reports are sought among the documents of one
    event only. So events are built twice: first with verbatim copies, then with all copies.
    """
    readable, accepted = [document for document in documents if not document.error], not_rejected(claims)
    names = [document.name for document in readable]
    verbatim = copies({document.name: signature(document) for document in readable})
    first = build_events(readable, accepted, origins(names, [(a, b) for a, b, _ in verbatim]))
    same = {(r.a, r.b): r for r in agency_reports(readable, accepted, first)}
    for a, b, share in verbatim:
        same[a, b] = Relation("same_wire", a, b, f"verbatim: {share:.0%} of the word sequences are the same", share)
    origin = origins(names, list(same))
    events = review_events(build_events(readable, accepted, origin), reviews)
    confirmed = not_rejected(events)
    found = {*same.values(), *document_relations(confirmed, list(same)), *doubtful(accepted)}
    found |= set(claim_relations(accepted, confirmed, origin))
    relations = tuple(sorted(found, key=lambda r: (r.kind, r.a, r.b, r.note)))
    ledger, (drafts, waiting, left_out) = build_ledger(confirmed, accepted), build_drafts(readable, accepted, confirmed)
    told = (tuple(events), relations, tuple(ledger))
    return ReadingResult(documents, claims, *told, tuple(drafts), tuple(waiting), tuple(left_out))
