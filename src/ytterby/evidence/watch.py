"""The watch: what became of promises, from every article that a project has read and from dated facts.

Silence is no news: a promise whose day has passed without a report is overdue, never broken.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.evidence.claims import claim_from_dict, countries_and_groups, not_rejected
from ytterby.evidence.documents import document_from_dict
from ytterby.evidence.duplicates import copies, origins, signature
from ytterby.evidence.events import build_events, event_families
from ytterby.evidence.ledger import build_ledger
from ytterby.evidence.records import EvidenceRecord
from ytterby.evidence.review import latest_reviews, review_claims, review_events
from ytterby.evidence.tables import event_types, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document
    from ytterby.evidence.events import Event
    from ytterby.evidence.ledger import Commitment
    from ytterby.evidence.review import ReviewLog

SAME_PROMISE, ISO_DAY = 7, len("2026-04-20")
"""Days by which the same promise may fall due apart in an article and in a fact, and length of a full date."""
KEPT, LATE, ENDED, OPEN, NO_NEWS = "kept", "late", "ended", "open", "no news"
STEP = ("status", "claim")
OUTCOMES = (KEPT, LATE, ENDED)
"""What can have become of a promise; all others are open, or without news after their day."""
DONE = frozenset(("done", "ongoing"))
FULFILLED = {"agreement": frozenset(("agreed", "signed")), "meeting": frozenset(("held",))}
"""Statuses that keep a promise of a family; in other families an act told as done after the promise does."""
PROMISED = frozenset(("proposed", "planned", "negotiated"))
"""Statuses from which it can be kept: what the first report tells as signed was no promise to sign."""
UNDONE = frozenset(("eased", "suspended", "partly suspended", "reduced", "denied"))
"""Statuses that end a promise to control or to tax, and denials, which end any."""


@dataclass(frozen=True)
class Promise(EvidenceRecord):
    """A promise and what became of it.

    ``status_path`` are the statuses reported, each with its date and claim; ``outcome`` is kept, late, ended, open or no news;
    ``overdue`` says that the day has passed and nothing of it was reported; ``last_seen`` is the date of the last report.
    """

    id: str
    promise: str
    who: tuple[str, ...]
    kind: str
    due: str | None
    status_path: tuple[dict[str, Any], ...]
    outcome: str
    overdue: bool
    last_seen: str | None
    sources: int
    documents: tuple[str, ...] = ()
    fact: str = ""


@dataclass(frozen=True)
class DatedFact:
    """A fact that holds a promise: who, what, and when it was made."""

    id: str
    who: tuple[str, ...]
    what: str
    made: str
    source: str


@dataclass
class _Kept:
    """What a project keeps of the articles that it has read."""

    documents: list[Document]
    claims: list[Claim]
    reviews: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, log: ReviewLog) -> _Kept:
        reviews = latest_reviews(log.reviews())
        documents = [document_from_dict(record) for record in log.get("document")]
        claims = [claim_from_dict(record) for record in log.get("claim")]
        stored = {str(row["id"]): row for row in log.get("reviewed")}
        return cls(
            [document for document in documents if not document.error],
            review_claims([claim for claim in claims if claim.event_type in event_types()], reviews, stored, [d.name for d in documents]),
            reviews,
        )


def watch(log: ReviewLog | None, facts: Iterable[DatedFact], on: date) -> list[Promise]:
    """Promises of all articles of a project and of the facts, as they stand on a day; in order of the day on which they are due.

    Articles published later than that day are left out. Without a log there are none.
    """
    documents, claims, events = _told_by(log, on)
    known = {event.id: event for event in events}
    published = {document.name: document.published for document in documents}
    by_id = {claim.id: claim for claim in claims}
    rows = [(row, known[row.id.removeprefix("ledger-")]) for row in build_ledger(events, claims)]
    found = [_promise(row, event, by_id, published, on) for row, event in rows if _is_promised(event, by_id)]
    found += _of_facts(facts, found, on)
    return sorted(found, key=lambda row: (row.due or "9999", row.id))


def _told_by(log: ReviewLog | None, on: date) -> tuple[list[Document], list[Claim], list[Event]]:
    """Documents of a project up to a day, with their claims and events that nobody has rejected."""
    kept = _Kept.of(log) if log else _Kept([], [])
    documents = [document for document in kept.documents if (document.published or "") <= on.isoformat()]
    names = {document.name for document in documents}
    claims = not_rejected(claim for claim in kept.claims if claim.doc in names)
    origin = origins(sorted(names), [(a, b) for a, b, _ in copies({document.name: signature(document) for document in documents})])
    return documents, claims, not_rejected(review_events(build_events(documents, claims, origin), kept.reviews))


def kept_events(log: ReviewLog, on: date) -> list[Event]:
    """Events that all articles of a project tell together, as they stand on a day."""
    return _told_by(log, on)[2]


def _is_promised(event: Event, claims: Mapping[str, Claim]) -> bool:
    """Whether a report affirms the act; an intention that is only denied is no promise."""
    return any(claims[name].polarity == "pos" for name in event.claims)


def _promise(row: Commitment, event: Event, claims: Mapping[str, Claim], published: Mapping[str, str | None], on: date) -> Promise:
    reports = sorted(day for name in event.documents if (day := published[name]))
    path = _path(event, published)
    kind = event_families()[row.event_type].name
    later = [claim for name in event.claims if (published[(claim := claims[name]).doc] or "") > (reports[0] if reports else "")]
    outcome = _outcome(row, event, kind, later, reports)
    overdue = outcome == OPEN and row.due is not None and row.due < on.isoformat()[: len(row.due)]
    return Promise(
        id=row.id,
        promise=row.what,
        who=row.who,
        kind=kind,
        due=row.due,
        status_path=path,
        outcome=NO_NEWS if overdue else outcome,
        overdue=overdue,
        last_seen=reports[-1] if reports else None,
        sources=row.sources,
        documents=event.documents,
    )


def _path(event: Event, published: Mapping[str, str | None]) -> tuple[dict[str, Any], ...]:
    """Statuses with the day of the act, or of the report where the act has none of its own."""
    rows = [
        {
            "date": day if (day := str(step["date"] or ""))[:1].isdecimal() else published[str(step["doc"])],
            **{key: step[key] for key in STEP},
        }
        for step in event.timeline
    ]
    return tuple(sorted(rows, key=lambda row: str(row["date"] or "9999")))


def _outcome(row: Commitment, event: Event, kind: str, later: Sequence[Claim], reports: Sequence[str]) -> str:
    """What the reports say became of a promise; ``later`` are the claims of all but the first day of reports."""
    statuses = {str(step["status"]) for step in event.timeline}
    if "denied" in statuses and event.status == "denied":
        return ENDED
    if kind in {"control", "tariff"}:
        return ENDED if event.status in UNDONE and len(reports) > 1 and "suspended" not in event.status else OPEN
    fulfilled = FULFILLED.get(kind, frozenset())
    if fulfilled:
        is_done = bool(statuses & fulfilled and statuses & PROMISED)
    else:
        is_done = any(claim.polarity == "pos" and claim.modality in DONE and claim.id not in row.claims for claim in later)
    if not is_done:
        return OPEN
    return LATE if row.due and reports and row.due < reports[-1][: len(row.due)] else KEPT


def _of_facts(facts: Iterable[DatedFact], told: Sequence[Promise], on: date) -> list[Promise]:
    """Promises that dated facts hold, without those that the articles tell: the same parties and kind, and a day close by."""
    rows = {row["fact"]: row for row in read_table("promises.csv")}
    found = []
    for fact in facts:
        row = rows.get(fact.id)
        if row is None:
            continue
        kind, due = event_families()[row["event_type"]].name, row["due"]
        if any(_is_same(row, fact, kind, due) for row in told):
            continue
        path = ({"date": fact.made or None, "status": "announced", "claim": fact.id},)
        overdue = due < on.isoformat()
        outcome = NO_NEWS if overdue else OPEN
        found.append(Promise(f"fact-{fact.id}", fact.what, fact.who, kind, due, path, outcome, overdue, None, 1, (fact.source,), fact.id))
    return found


def _is_same(told: Promise, fact: DatedFact, kind: str, due: str) -> bool:
    """Whether an article tells the promise of a fact; *in six months* counts from its own day, which can be that after the act."""
    if told.kind != kind or {*countries_and_groups(told.who)} != {*countries_and_groups(fact.who)} or not told.due:
        return False
    return told.due == due or (len(told.due) == len(due) == ISO_DAY and abs(_day(told.due) - _day(due)) <= SAME_PROMISE)


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def watched_facts() -> tuple[str, ...]:
    """Ids of the facts that hold a promise."""
    return tuple(row["fact"] for row in read_table("promises.csv"))


@dataclass(frozen=True)
class ShareRange(EvidenceRecord):
    """How many of how many, and the share [1] with its interval; ``mean`` is the mean of the distribution, not the share counted."""

    count: int
    of: int
    mean: float
    low: float
    high: float


def promise_prior(promises: Iterable[Promise], level: float = 0.9) -> dict[str, dict[str, ShareRange]]:
    """Chances of being kept in time, kept late and ended, by kind of promise, as a prior for slips and cancellations.

    A Beta distribution for each outcome against the two others, from Jeffreys' prior Beta(1/2, 1/2) and the promises of which something
    is known. Open ones and those without news count nothing; a kind of which nothing is known keeps Jeffreys' prior, nearly the
    whole range.

    Parameters
    ----------
    promises : iterable of Promise
    level : float
        Mass of the interval [1], the same outside of each end.

    Returns
    -------
    dict of str to dict of str to ShareRange
        By kind, then by outcome: ``kept``, ``late``, ``ended``.

    References
    ----------
    L. D. Brown, T. T. Cai, A. DasGupta, Interval Estimation for a Binomial Proportion, Statistical Science 16 (2001) 101-133.
    """
    return {
        kind: {outcome: _share_range(counts[outcome], sum(counts[name] for name in OUTCOMES), level) for outcome in OUTCOMES}
        for kind, counts in sorted(_counted(promises).items())
    }


def _share_range(count: int, of: int, level: float) -> ShareRange:
    from scipy.special import betaincinv

    a, b, tail = count + 0.5, of - count + 0.5, (1.0 - level) / 2.0
    low, high = (float(betaincinv(a, b, at)) for at in (tail, 1.0 - tail))
    return ShareRange(count, of, a / (a + b), 0.0 if count == 0 else low, 1.0 if count == of else high)


def _counted(promises: Iterable[Promise]) -> dict[str, Counter[str]]:
    """How many promises of each kind have each outcome."""
    counted: dict[str, Counter[str]] = {}
    for promise in promises:
        counted.setdefault(promise.kind, Counter())[promise.outcome] += 1
    return counted


def outcome_shares(promises: Iterable[Promise]) -> dict[str, dict[str, Any]]:
    """Shares [1] of kept, late and ended among the promises of a kind of which anything is known, with their number.

    A kind of which nothing is known yet has no shares; what to expect of the next promise is :func:`promise_prior`.
    """
    result = {}
    for kind, counts in sorted(_counted(promises).items()):
        known = sum(counts[outcome] for outcome in OUTCOMES)
        shares = {outcome: counts[outcome] / known for outcome in OUTCOMES} if known else {}
        result[kind] = {"known": known, "open": counts[OPEN], "no_news": counts[NO_NEWS], **shares}
    return result
