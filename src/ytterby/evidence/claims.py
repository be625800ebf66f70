"""Claims, what finds them in documents, and how they are stored and read back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ytterby.evidence.records import EvidenceRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.evidence.clean_view import CleanView
    from ytterby.evidence.documents import Document

NAME_LISTS = frozenset(("actors", "targets", "materials", "stage"))
"""Fields of a claim that are lists of names."""
LISTS = NAME_LISTS | {"dates"}
GENERIC_MATERIALS = frozenset(("critical_minerals", "strategic_raw_materials"))
"""Materials so general that other materials named in the same text are meant before them."""
EXTENDED, ENDED = "extended", "ended"
"""What becomes of a suspension, as field ``renewal`` of its claim."""
MODALITIES = ("asserted", "done", "ongoing", "planned", "proposed", "could", "claimed")


@dataclass(frozen=True)
class Claim(EvidenceRecord):
    """One statement of one document, with its place in the raw text.

    ``start`` and ``end`` count code points, and ``document.text[start:end] == quote`` always holds. ``review`` is the
    last judgement of a person, if there is one. ``provenance`` says of each field that has a value whether the clause
    itself gives it (``explicit``), another sentence does (``inherited``), or nothing does (``assumed``). ``confidence`` is the
    share of claims like it that were right on marked articles, None where it is not known. ``renewal`` says of a claim about a suspension
    whether it is ``extended`` or ``ended``, None where nothing is said of it. The other fields are described in
    ``docs/reference/evidence.md``.
    """

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
    provenance: dict[str, str] = field(default_factory=dict)
    confidence: float | None = None
    renewal: str | None = None

    @property
    def people(self) -> set[str]:
        """Persons among the actors and targets."""
        return {name for name in (*self.actors, *self.targets) if name.startswith("person:")}


class Extractor(Protocol):
    """A method of finding claims in documents: rules now, a learnt model of clauses later.

    The pipeline asks :meth:`supports` before it calls :meth:`extract`. Implementations must be picklable, since documents
    are read in several processes, and must return the same claims for the same document every time.
    """

    def supports(self, language: str) -> bool:
        """Whether documents in this language (ISO 639-1 code) can be read."""

    def extract(self, document: Document, view: CleanView) -> list[Claim]:
        """Claims of a document in order of place.

        Parameters
        ----------
        document : Document
            Raw text with language and date of publication.
        view : CleanView
            The blocks of the text that are the article.
        """


def claim_id(document: str, quote: str, event_type: str, number: int = 1) -> str:
    """Id of a claim; it depends on the document's name, the quote and the type only, so it survives a second reading.

    ``number`` tells apart claims of one type that begin at the same place.
    """
    digest = hashlib.sha256(f"{document}|{event_type}|{quote}|{number}".encode()).hexdigest()[:10]
    return f"{document.partition('.')[0][:40]}-{event_type}-{digest}"


def claim_from_dict(record: Mapping[str, Any]) -> Claim:
    """Claim from its stored dictionary; keys that are no fields are ignored."""
    names = {item.name for item in fields(Claim)}
    values: dict[str, Any] = {
        key: tuple(value) if key in LISTS and value is not None else value for key, value in record.items() if key in names
    }
    return Claim(**values)


def countries_and_groups(names: Iterable[str]) -> list[str]:
    """Names of countries and of groups of countries, in their order."""
    return [name for name in names if name.startswith(("country:", "group:"))]


Reviewed = TypeVar("Reviewed", bound=Any)


def not_rejected(records: Iterable[Reviewed]) -> list[Reviewed]:
    """Claims or events that no reviewer has rejected."""
    return [record for record in records if not record.review or record.review["verdict"] != "reject"]
