"""The evidence desk: reads articles and puts claims, events, relations, ledger and drafts together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import DocumentError
from ytterby.evidence.documents import document_of
from ytterby.evidence.pipeline import extract
from ytterby.evidence.readers import expand, items
from ytterby.evidence.records import Claim, Commitment, Document, Draft, Event, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ytterby.evidence.readers.item import Item


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


def read(paths: Sequence[Path], *, workers: int = 1) -> Reading:
    """Read files and folders.

    Raises
    ------
    InputError
        If a path does not exist.
    DocumentError
        If not one document could be read.
    """
    del workers
    found = [pair for path in expand([Path(p) for p in paths]) for pair in read_file(path)]
    return assemble(_unique(found))


def _unique(found: list[tuple[Document, list[Claim]]]) -> list[tuple[Document, list[Claim]]]:
    """Give documents of one name in several folders their paths as names."""
    counts = Counter(document.name for document, _ in found)
    result = []
    for document, claims in found:
        name = document.name
        if counts[name] > 1:
            name = document.path + ("#" + name.rpartition("#")[2] if "#" in name else "")
            claims = [replace(c, doc=name, id=f"{name}#{c.id.rpartition('#')[2]}") for c in claims]
            document = replace(document, name=name)
        result.append((document, claims))
    return sorted(result, key=lambda pair: pair[0].name)


def assemble(found: list[tuple[Document, list[Claim]]]) -> Reading:
    """A reading from documents and claims in any order."""
    documents = tuple(document for document, _ in found)
    if documents and all(document.error for document in documents):
        raise DocumentError("; ".join(document.error for document in documents[:5]) + ("; ..." if len(documents) > 5 else ""))
    claims = tuple(claim for _, listed in found for claim in listed)
    return Reading(documents, claims)
