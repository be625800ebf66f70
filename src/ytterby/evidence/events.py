"""Events: claims of one or more documents about one act, with sources counted once, a status and a timeline."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.evidence.claims import ENDED, EXTENDED, GENERIC_MATERIALS, countries_and_groups
from ytterby.evidence.records import EvidenceRecord
from ytterby.evidence.shown_text import shown
from ytterby.evidence.tables import event_types, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document

MAX_DAYS_APART = 45
"""Days that two dated claims about one act may lie apart."""
INTERCHANGEABLE = GENERIC_MATERIALS | {"rare_earths"}
"""Materials that can stand for one another in two reports of one act."""
MUTUAL = frozenset(("agreement", "declaration", "meeting"))
"""Families whose parties act together: an event has exactly these parties, in any order."""
REPEATED = frozenset(("investment", "procurement", "research", "stockpile", "assistance"))
"""Families of which one actor has several events at a time: reports of other sums or partners are other events."""
MAIN_FAMILIES = ("agreement", "declaration", "proposal", "control", "tariff", "investment", "outage", "stockpile")
"""Families of the event that a document is mostly about, in order of preference."""
UNCERTAIN = {"planned": "announced", "proposed": "proposed", "could": "possible"}
"""Status of an act whose claims are not firm, by modality."""
POSSIBLE = frozenset(("could", "proposed"))
"""Modalities of what may become of an act."""
ENDS = frozenset(("until", "by"))
"""Kinds of dates that are no day of an act: how long it holds, and by when it is to be done."""
FIRM_RANK = 4
"""Rank of a status from which a claim about the future cannot give it."""


class EventFamily(NamedTuple):
    """Family of an event type, the status that it gives to an event, and its rank among statuses."""

    name: str
    status: str
    rank: int


@dataclass(frozen=True)
class Event(EvidenceRecord):
    """Claims about one act; ``sources`` counts the independent ``origins``, each a group of documents."""

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


@dataclass
class _ClaimGroup:
    """Claims about one act while they are collected."""

    family: str
    parties: frozenset[str]
    claims: list[Claim] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    materials: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    def fits(self, claim: Claim, who: frozenset[str], day: date | None) -> bool:
        """Whether a claim of the same family is about the same act."""
        same_parties = self.parties == who if self.family in {"tariff", "control"} else bool(self.parties & who)
        if self.family not in MUTUAL and not same_parties:
            return False
        if self.family == "meeting" and not _overlap(self.people, claim.people):
            return False
        materials = set(claim.materials)
        if not _overlap(self.materials, materials) and not (self.materials & INTERCHANGEABLE and materials & INTERCHANGEABLE):
            return False
        if self.family in {"tariff", "proposal"} and not _overlap(self.targets, set(countries_and_groups(claim.targets))):
            return False
        if self.family in REPEATED and not any(_is_one_deal(other, claim) for other in self.claims):
            return False
        if any(_is_one_suspension(other, claim) or _is_told_again(other, claim) for other in self.claims):
            return True
        return day is None or not self.days or min(abs((day - other).days) for other in self.days) <= MAX_DAYS_APART

    @property
    def is_suspension(self) -> bool:
        """Whether an act is suspended that can end or go on."""
        return any("expiring" in event_types()[claim.event_type].traits and claim.polarity == "pos" for claim in self.claims)

    def concerns(self, claim: Claim) -> bool:
        """Whether materials and targets can be those of a claim."""
        return _overlap(self.materials, set(claim.materials)) and _overlap(self.targets, set(countries_and_groups(claim.targets)))

    def add(self, claim: Claim, day: date | None) -> None:
        """Add a claim with the day of its act."""
        self.claims.append(claim)
        self.materials.update(claim.materials)
        self.people.update(claim.people)
        self.targets.update(countries_and_groups(claim.targets))
        if day:
            self.days.append(day)


def _overlap(a: set[str], b: set[str]) -> bool:
    """Whether two sets have a common element; an empty set says nothing against it."""
    return not a or not b or bool(a & b)


@cache
def event_families() -> dict[str, EventFamily]:
    """Family of each event type; types without one form no events."""
    rows = (row for row in read_table("families.csv") if row["family"])
    return {row["event_type"]: EventFamily(row["family"], row["status"], int(row["rank"])) for row in rows}


def parties_of(claim: Claim) -> frozenset[str]:
    """Countries and groups that act in a claim, or in which a plant stops; organisations if there are none."""
    concerns_targets = event_families()[claim.event_type].name in {"meeting", "outage"}
    names = (*claim.actors, *claim.targets) if concerns_targets else claim.actors
    return frozenset(countries_and_groups(names)) or frozenset(name for name in names if name.startswith("org:"))


def act_day(claim: Claim, published: str | None) -> date | None:
    """Day of the act: the claim's own day (*at* or *from*); for acts reported as done else the day of the report."""
    for item in (claim.date, *claim.dates):
        resolved = str((item or {}).get("resolved") or "")
        if item and item.get("kind") not in ENDS and len(resolved) == 10 and resolved[4] == "-":
            return date.fromisoformat(resolved)
    return date.fromisoformat(published) if published and claim.modality == "done" else None


def build_events(documents: Sequence[Document], claims: Sequence[Claim], origin: Mapping[str, str]) -> list[Event]:
    """Events of a set of documents, in order of their first report.

    Claims join the first event of the same family and parties whose materials, targets and dates can be the same.

    Parameters
    ----------
    documents, claims : sequence
        The documents and all their claims.
    origin : mapping of str to str
        First document of the group of copies to which each document belongs.
    """
    known = {document.name: document for document in documents}
    relevant = (c for c in claims if c.event_type in event_families() and parties_of(c))
    buckets: dict[tuple[str, ...], list[_ClaimGroup]] = {}
    for claim in sorted(relevant, key=lambda c: (known[c.doc].published or "9999", c.doc, c.start)):
        family, who = event_families()[claim.event_type].name, parties_of(claim)
        day = act_day(claim, known[claim.doc].published)
        bucket = buckets.setdefault((family, *sorted(who)) if family in MUTUAL else (family,), [])
        group = _history(bucket, claim, who) or next((g for g in bucket if g.fits(claim, who, day)), None)
        if group is None:
            group = _ClaimGroup(family, who)
            bucket.append(group)
        group.add(claim, day)
    events = [_event(group, known, origin) for bucket in buckets.values() for group in bucket]
    return sorted(events, key=lambda e: (e.first_report, e.id))


def _history(bucket: Sequence[_ClaimGroup], claim: Claim, who: frozenset[str]) -> _ClaimGroup | None:
    """The suspension told last of which a claim says what became of it, however long after; None where none was told."""
    told = (group for group in reversed(bucket) if claim.renewal and group.parties == who and group.is_suspension)
    return next((group for group in told if group.concerns(claim)), None)


def _is_one_deal(a: Claim, b: Claim) -> bool:
    """Whether two claims can be about one deal: in one article, or with a partner, a sum or all actors in common."""
    if a.doc == b.doc:
        return a.event_type == b.event_type
    x, y = (a.quantity or {}).get("value"), (b.quantity or {}).get("value")
    if set(a.targets) & set(b.targets) or (x is not None and x == y):
        return True
    return set(a.actors) == set(b.actors) != set() and a.event_type != "investment"


def _is_one_suspension(a: Claim, b: Claim) -> bool:
    """Whether one article says of one suspension both that it was decided and, maybe long after, what becomes of it."""
    return a.doc == b.doc and a.event_type == b.event_type and (a.renewal or b.renewal) is not None


def _is_told_again(a: Claim, b: Claim) -> bool:
    """Whether an article tells one control or duty twice, once without its day: its heading does, or a sentence that sums it up."""
    is_same = a.doc == b.doc and a.event_type == b.event_type and set(a.materials) & set(b.materials)
    return bool(is_same) and event_families()[a.event_type].name in {"control", "tariff"} and not (a.date and b.date)


def _day_of_event(group: _ClaimGroup, known: Mapping[str, Document]) -> date | None:
    """First day of the act: where it says what becomes of a suspension, not the day on which that was first decided."""
    told = (act_day(claim, known[claim.doc].published) for claim in group.claims if claim.renewal)
    dated = (act_day(claim, None) for claim in group.claims)
    return min([day for day in told if day] or [day for day in dated if day] or group.days, default=None)


def _event(group: _ClaimGroup, known: Mapping[str, Document], origin: Mapping[str, str]) -> Event:
    claims = group.claims
    day = _day_of_event(group, known)
    families = event_families()
    lead = max(claims, key=lambda c: (c.polarity == "pos", families[c.event_type].rank, c.modality == "done"))
    names = tuple(dict.fromkeys(claim.doc for claim in claims))
    origins = _origins(claims, origin)
    digest = hashlib.sha256(f"{group.family}|{claims[0].id}".encode()).hexdigest()[:8]
    who = "-".join(name.partition(":")[2] for name in sorted(group.parties))[:40]
    return Event(
        id=f"{group.family}-{''.join(ch if ch.isalnum() or ch == '-' else '_' for ch in who)}-{digest}",
        event_type=lead.event_type,
        title=shown(lead.quote)[:160],
        actors=tuple(dict.fromkeys(name for claim in [lead, *claims] for name in claim.actors)),
        targets=tuple(dict.fromkeys(name for claim in claims for name in claim.targets)),
        materials=tuple(sorted(group.materials)),
        date=day.isoformat() if day else None,
        status=_status(claims),
        claims=tuple(claim.id for claim in claims),
        documents=names,
        sources=len(origins),
        origins=origins,
        first_report=min((first for name in names if (first := known[name].published)), default=""),
        timeline=tuple(_timeline(claims, known)),
        quantity=next((claim.quantity for claim in [lead, *claims] if claim.quantity), None),
    )


def main_events(events: Sequence[Event]) -> dict[str, str]:
    """Id of the event that each document is mostly about: the one with most of its claims; other events are background."""
    counted: dict[str, list[tuple[int, int, str]]] = {}
    for event in events:
        family = event_families()[event.event_type].name
        if family in MAIN_FAMILIES:
            for name in event.documents:
                count = sum(row["doc"] == name for row in event.timeline)
                weight = 0 if family in {"control", "tariff"} else -count
                counted.setdefault(name, []).append((weight, MAIN_FAMILIES.index(family), event.id))
    return {name: min(rows)[2] for name, rows in counted.items()}


def _origins(claims: Sequence[Claim], origin: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Groups of documents with one origin: copies, retold reports, or reports that cite the same medium."""
    cited: dict[str, str] = {}
    grouped: dict[str, list[str]] = {}
    for claim in claims:
        root, source = origin.get(claim.doc, claim.doc), claim.attributed_to or ""
        is_name = source[:1].isupper() and not source.startswith(("country:", "group:", "unnamed"))
        if is_name and claim.extractor.startswith("rules") and source not in _own_names(claim):
            root = cited.setdefault(source, root)
        listed = grouped.setdefault(root, [])
        if not any(claim.doc in group for group in grouped.values()):
            listed.append(claim.doc)
    return tuple(tuple(names) for names in grouped.values() if names)


def _own_names(claim: Claim) -> list[str]:
    """Persons and organisations of a claim, which are no media even if they are its source."""
    return [name.partition(":")[2] for name in (*claim.actors, *claim.targets) if name.startswith(("person:", "org:"))]


def _status(claims: Sequence[Claim]) -> str:
    """Status by the latest stage reported: announced is not in force, suspended is not repealed, denied is denied.

    A suspension that is not renewed ends, unless a later report tells of its extension.
    """
    ended = [c for c in claims if c.renewal == ENDED and c.modality not in POSSIBLE]
    told = [c for c in claims if c.renewal != ENDED]
    affirmed = [c for c in told if c.polarity == "pos"]
    if ended and (not affirmed or _is_last(ended[-1], claims)):
        return "to end" if ended[-1].modality == "planned" else "ended"
    if not affirmed:
        return "denied" if told else "possible"
    lead = max(enumerate(affirmed), key=lambda pair: (_rank(pair[1]), pair[0]))[1]
    family = event_families()[lead.event_type]
    status = UNCERTAIN.get(lead.modality, family.status) if family.rank >= FIRM_RANK else family.status
    return f"{status}, disputed" if len(affirmed) < len(told) else status


def _is_last(claim: Claim, claims: Sequence[Claim]) -> bool:
    """Whether no later claim, in order of report, tells of the same suspension that it was extended after all."""
    return all(other.renewal != EXTENDED for other in claims[claims.index(claim) + 1 :])


def _rank(claim: Claim) -> int:
    """Rank of the status that a claim gives, lower if it is about the future."""
    rank = event_families()[claim.event_type].rank
    return rank - FIRM_RANK if claim.modality in UNCERTAIN and claim.event_type != "agreement_planned" else rank


def _timeline(claims: Sequence[Claim], known: Mapping[str, Document]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for claim in claims:
        row = {"date": _told_day(claim, known[claim.doc].published), "status": _told_status(claim)}
        row |= {"event_type": claim.event_type, "modality": claim.modality}
        rows.append({**row, "doc": claim.doc, "claim": claim.id})
    return sorted(rows, key=lambda row: (str(row["date"] or "9999"), str(row["doc"]), str(row["claim"])))


def _told_day(claim: Claim, published: str | None) -> str | None:
    """Day of a claim in the history of its act: the last day of what holds until then is none on which something was done."""
    first = next((day for day in (claim.date, *claim.dates) if day and day.get("resolved") and day.get("kind") not in ENDS), None)
    return str(first["resolved"]) if first else published or str((claim.date or {}).get("resolved") or "") or None


def _told_status(claim: Claim) -> str:
    """What a claim makes of its act."""
    if claim.renewal == ENDED:
        return "to end" if claim.modality == "planned" else ENDED
    if claim.polarity != "pos":
        return "denied"
    return EXTENDED if claim.renewal == EXTENDED else event_families()[claim.event_type].status


def status_path(event: Event) -> list[tuple[str, str]]:
    """Day and status of each turn in the history of an act that articles tell as extended or ended; empty for any other act."""
    return path_of(event.timeline)


def path_of(timeline: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Turns of a timeline: a status that only repeats the one before is none, but each extension is one."""
    path: list[tuple[str, str]] = []
    for row in timeline:
        turn = (str(row["date"] or "?"), str(row["status"]))
        if not path or (turn[1] != path[-1][1]) or (turn[1] == EXTENDED and turn != path[-1]):
            path.append(turn)
    return path if len(path) > 1 and any(status in {EXTENDED, ENDED, "to end"} for _, status in path) else []
