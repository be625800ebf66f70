"""Rows of a reading: articles, claims, events, relations, promises, drafts and what waits, as ``ytterby read --json`` prints them."""

from __future__ import annotations

from pydantic import JsonValue  # noqa: TC002 (pydantic reads it when the models are made)

from ytterby.result_model import ResultModel


class RemovedSpanRow(ResultModel):
    """A part of a document that is not the article."""

    start: int
    """First character [code points]."""
    end: int
    """The character after the last [code points]."""
    kind: str
    """What it is: head, menu, advertisement, list of related stories and so on."""


class DocumentRow(ResultModel):
    """An article as it was found."""

    name: str
    """Its name in the project."""
    path: str
    """File, or archive and place in it."""
    sha256: str
    """Digest of the text."""
    media: str
    """Media type, such as text/html."""
    language: str
    """ISO 639-1 code; empty if it was not recognised."""
    title: str
    """Headline."""
    published: str | None
    """Day of publication (ISO 8601)."""
    published_from: str
    """Where the day was found: metadata, front matter, date line and so on."""
    publisher: str
    """Who published it."""
    url: str
    """Address."""
    notes: tuple[str, ...]
    """What a reader must know, such as a language that is not read."""
    error: str
    """Why it could not be read; empty if it could."""
    length: int
    """Length of the text [code points]."""
    removed: tuple[RemovedSpanRow, ...]
    """Parts that are not the article."""


class ReadQuantity(ResultModel):
    """A quantity as it was read."""

    raw: str | None
    """The words of the article."""
    value: float | int | None
    """The number; none for vague words."""
    unit: str | None
    """Its unit; shares are 0 to 1."""
    qualifier: str | None
    """exact, at_least, at_most, about and so on."""
    lo: float | None
    """Lower end of what it may mean."""
    hi: float | None
    """Upper end of what it may mean; none if it is open."""


class ReadDate(ResultModel):
    """A date as it was read."""

    raw: str | None
    """The words of the article; none where no words stand for it."""
    resolved: str | None
    """ISO 8601 or EDTF; none if the words cannot be resolved."""
    basis: str | None
    """What it was resolved against: itself, the day of publication, another date of the text."""
    kind: str | None = None
    """at, from, until (how long it holds) or by (by when it is to be done)."""


class JudgementRow(ResultModel):
    """A person's last judgement of a claim or event."""

    verdict: str
    """accept, correct, confirm or reject."""
    by: str
    """Who judged."""
    why: str
    """Reason."""
    made: str
    """When it was made (ISO 8601)."""
    correction: dict[str, JsonValue] | None
    """Fields and their right values."""


class ClaimRow(ResultModel):
    """One statement of one article."""

    id: str
    """Id by which it is judged and cited."""
    doc: str
    """Name of the article."""
    start: int
    """First character of the quote [code points]."""
    end: int
    """The character after its last [code points]."""
    quote: str
    """Its words, as they stand in the article."""
    event_type: str
    """What it states: one of the types of the reference page on evidence."""
    tier: str
    """core, or context for judgements, expectations and risks."""
    polarity: str
    """pos, or neg for an act that is denied."""
    actors: tuple[str, ...]
    """Who acts: ``country:JP``, ``group:EU``, ``org:...``, ``person:...``."""
    targets: tuple[str, ...]
    """Whom it is aimed at or done with."""
    materials: tuple[str, ...]
    """Elements and groups of materials."""
    stage: tuple[str, ...]
    """Stages of the chain; ``any`` is the whole."""
    quantity: ReadQuantity | None
    """How much."""
    date: ReadDate | None
    """The date that matters most."""
    dates: tuple[ReadDate, ...]
    """All its dates."""
    modality: str
    """asserted, done, ongoing, planned, proposed, could or claimed."""
    attributed_to: str | None
    """The nearest named source."""
    extractor: str
    """By which rule or model it was found."""
    review: JudgementRow | None
    """A person's last judgement."""
    provenance: dict[str, str]
    """Of each field: explicit, inherited or assumed."""
    renewal: str | None
    """Of a suspension: extended or ended; none where nothing is said of it."""
    confidence: float | None
    """Share of claims like it that were right on marked articles [1]."""


class TimelineRow(ResultModel):
    """What became of an act, by the day of the report."""

    date: str
    """Day (ISO 8601)."""
    status: str
    """Status from that day."""
    event_type: str
    """What was stated."""
    modality: str
    """How it was stated."""
    doc: str
    """Article."""
    claim: str
    """Id of the claim."""


class EventRow(ResultModel):
    """Claims about one act."""

    id: str
    """Id by which it is judged and cited."""
    event_type: str
    """Type of its strongest claim."""
    title: str
    """In words."""
    actors: tuple[str, ...]
    """Who acts."""
    targets: tuple[str, ...]
    """Whom it is aimed at or done with."""
    materials: tuple[str, ...]
    """Elements and groups of materials."""
    date: str | None
    """Day of the act (ISO 8601 or EDTF)."""
    status: str
    """What is known of it: announced, done, denied and so on."""
    claims: tuple[str, ...]
    """Ids of its claims."""
    documents: tuple[str, ...]
    """Articles that tell of it."""
    sources: int
    """Number of independent sources."""
    origins: tuple[tuple[str, ...], ...]
    """Articles grouped by source."""
    first_report: str
    """Day of the first report (ISO 8601)."""
    timeline: tuple[TimelineRow, ...]
    """How its status changed."""
    quantity: ReadQuantity | None
    """How much."""
    review: JudgementRow | None
    """A person's last judgement."""


class RelationRow(ResultModel):
    """How two articles, two claims, or a claim and a fact stand to each other."""

    kind: str
    """same_wire, supports, contradicts and so on; see the reference page on evidence."""
    a: str
    """Article or claim."""
    b: str
    """Article, claim or fact."""
    note: str
    """In words."""
    score: float | None
    """How alike they are [1]."""


class PromiseRow(ResultModel):
    """A row of the ledger: who promised what."""

    id: str
    """Id of the row."""
    who: tuple[str, ...]
    """Who promised."""
    what: str
    """The words of the article."""
    event_type: str
    """What kind of act."""
    materials: tuple[str, ...]
    """Elements and groups of materials."""
    quantity: ReadQuantity | None
    """How much."""
    due: str | None
    """Day on which it is due (ISO 8601 or EDTF)."""
    status: str
    """The last status."""
    claims: tuple[str, ...]
    """Ids of the claims."""
    documents: tuple[str, ...]
    """Articles that tell of it."""
    sources: int
    """Number of independent sources."""


class WaitingRow(ResultModel):
    """A claim that would give a measure but for a reason, and waits for a person."""

    claim: str
    """Id of the claim."""
    reason: str
    """Why it waits, in words."""
    code: str
    """Why it waits, as a code."""
    event: str
    """Id of the event."""
    doc: str
    """Article."""
    event_type: str
    """What it states."""
    quote: str
    """Its words."""


class DraftRow(ResultModel):
    """A scenario drafted from events."""

    name: str
    """Its name."""
    yaml: str
    """The scenario file."""
    measures: int
    """Number of its measures."""
    evidence: tuple[str, ...]
    """Ids of the claims that carry them."""
    assumed: tuple[str, ...]
    """Keys that take a default value, as ``measure.key``."""
    skipped: tuple[str, ...]
    """Events that give no measure, each with the reason."""
    to_confirm: tuple[WaitingRow, ...]
    """Claims that were held back."""
    rests_on: dict[str, int] | None
    """Number of measures by what the reading of their claims rests on: confirmed, explicit, inherited."""


class UndraftedRow(ResultModel):
    """An event of a kind that can be a measure and gives none."""

    event: str
    """Id of the event."""
    event_type: str
    """What it states."""
    code: str
    """Why it gives none, as a code."""
    names: tuple[str, ...]
    """What the reason names: materials, places."""
    reason: str
    """Why it gives none, in words."""
    title: str
    """The words of its strongest claim."""
    documents: tuple[str, ...]
    """Articles that tell of it."""
