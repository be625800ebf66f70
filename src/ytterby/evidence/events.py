"""Claims about one act put together: an event with its sources counted once, its status, its timeline."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.lexicon import read_table
from ytterby.evidence.records import Event

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.evidence.records import Claim, Document

WINDOW = 45
"""Days that two dated claims may lie apart and still mean one act."""

GENERIC = frozenset(("critical_minerals", "strategic_raw_materials", "rare_earths"))
"""Materials that may stand for one another in two reports of one act."""

MUTUAL = frozenset(("agreement", "declaration", "meeting"))
"""Families whose parties act together: all countries count, whoever is named first."""


class Family(NamedTuple):
    """Family of an event type, the status it gives and its rank among statuses."""

    name: str
    status: str
    rank: int


@cache
def families() -> dict[str, Family]:
    """Families by event type; types without one form no events."""
    return {
        row["event_type"]: Family(row["family"], row["status"], int(row["rank"])) for row in read_table("families.csv") if row["family"]
    }


@dataclass
class _Group:
    family: str
    parties: frozenset[str]
    claims: list[Claim] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    materials: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)


def parties(claim: Claim) -> frozenset[str]:
    """Countries and groups that act in a claim; organisations where there are none."""
    names = claim.actors
    if families()[claim.event_type].name == "meeting":
        names = (*claim.actors, *claim.targets)
    countries = frozenset(name for name in names if name.startswith(("country:", "group:")))
    return countries or frozenset(name for name in names if name.startswith("org:"))


def act_day(claim: Claim, published: str | None) -> date | None:
    """Day of the act: the claim's own date *at* or *from* if it is a day, else the day of the report for done acts."""
    for item in (claim.date, *claim.dates):
        resolved = str((item or {}).get("resolved") or "")
        if item and item.get("kind") != "until" and len(resolved) == 10 and resolved[4] == "-":
            return date.fromisoformat(resolved)
    return date.fromisoformat(published) if published and claim.modality == "done" else None


def build(documents: Sequence[Document], claims: Sequence[Claim], origin: Mapping[str, str]) -> list[Event]:
    """Events of all documents; ``origin`` names the group of copies that each document belongs to."""
    known = {document.name: document for document in documents}
    order = sorted(
        (c for c in claims if c.event_type in families() and parties(c)), key=lambda c: (known[c.doc].published or "9999", c.doc, c.start)
    )
    buckets: dict[tuple[str, ...], list[_Group]] = {}
    for claim in order:
        family, who = families()[claim.event_type].name, parties(claim)
        day = act_day(claim, known[claim.doc].published)
        key = (family, *sorted(who)) if family in MUTUAL else (family,)
        bucket = buckets.setdefault(key, [])
        group = next((g for g in bucket if _fits(g, claim, who, day)), None)
        if group is None:
            group = _Group(family, who)
            bucket.append(group)
        _join(group, claim, day)
    events = [_event(group, known, origin) for bucket in buckets.values() for group in bucket]
    return sorted(events, key=lambda e: (e.first_report, e.id))


def _fits(group: _Group, claim: Claim, who: frozenset[str], day: date | None) -> bool:
    if group.family not in MUTUAL and (group.parties != who if group.family in {"tariff", "control"} else not group.parties & who):
        return False
    people = {name for name in (*claim.actors, *claim.targets) if name.startswith("person:")}
    if group.family == "meeting" and group.people and people and not group.people & people:
        return False
    materials = set(claim.materials)
    if group.materials and materials and not group.materials & materials and not (group.materials & GENERIC and materials & GENERIC):
        return False
    if group.family in {"tariff", "proposal"} and not _meets(group.targets, claim):
        return False
    if group.family in DEALS and not any(_one_deal(other, claim) for other in group.claims):
        return False
    return day is None or not group.days or min(abs((day - other).days) for other in group.days) <= WINDOW


DEALS = frozenset(("investment", "procurement", "research", "stockpile", "assistance"))
"""Families of which one actor has several at a time: reports of other sums or partners are other events."""


def _one_deal(a: Claim, b: Claim) -> bool:
    """Whether two claims can be one deal: of one article, or with a partner or a sum in common."""
    if a.doc == b.doc:
        return a.event_type == b.event_type
    x, y = (a.quantity or {}).get("value"), (b.quantity or {}).get("value")
    return (
        bool(set(a.targets) & set(b.targets))
        or (x is not None and x == y)
        or set(a.actors) == set(b.actors) != set()
        and a.event_type != "investment"
    )


def _meets(targets: set[str], claim: Claim) -> bool:
    aimed = {name for name in claim.targets if name.startswith(("country:", "group:"))}
    return not aimed or not targets or bool(aimed & targets)


def _join(group: _Group, claim: Claim, day: date | None) -> None:
    group.claims.append(claim)
    group.materials.update(claim.materials)
    group.people.update(name for name in (*claim.actors, *claim.targets) if name.startswith("person:"))
    group.targets.update(name for name in claim.targets if name.startswith(("country:", "group:")))
    if day:
        group.days.append(day)


def _event(group: _Group, known: Mapping[str, Document], origin: Mapping[str, str]) -> Event:
    claims = group.claims
    lead = max(claims, key=lambda c: (c.polarity == "pos", families()[c.event_type].rank, c.modality == "done", -claims.index(c)))
    names = tuple(dict.fromkeys(claim.doc for claim in claims))
    sources = _origins(claims, origin)
    digest = hashlib.sha256(f"{group.family}|{claims[0].id}".encode()).hexdigest()[:8]
    who = "-".join(name.partition(":")[2] for name in sorted(group.parties))[:40]
    reports = [known[name].published for name in names if known[name].published]
    return Event(
        id=f"{group.family}-{''.join(ch if ch.isalnum() or ch == '-' else '_' for ch in who)}-{digest}",
        event_type=lead.event_type,
        title=" ".join(lead.quote.split())[:160],
        actors=tuple(dict.fromkeys(name for claim in [lead, *claims] for name in claim.actors)),
        targets=tuple(dict.fromkeys(name for claim in claims for name in claim.targets)),
        materials=tuple(sorted(group.materials)),
        date=min(group.days).isoformat() if group.days else None,
        status=_status(claims),
        claims=tuple(claim.id for claim in claims),
        documents=names,
        sources=len(sources),
        origins=sources,
        first_report=min((day for day in reports if day), default=""),
        timeline=tuple(_timeline(claims, known)),
        quantity=next((claim.quantity for claim in [lead, *claims] if claim.quantity), None),
    )


MAIN = ("agreement", "declaration", "proposal", "control", "tariff", "investment", "outage", "stockpile")
"""Families of which a report is mostly about one, in order of preference where claims are equal."""


def main_events(events: Sequence[Event]) -> dict[str, str]:
    """Event that each document is mostly about: the one with most of its claims; the rest is background."""
    counted: dict[str, list[tuple[int, int, str]]] = {}
    for event in events:
        family = families()[event.event_type].name
        if family in MAIN:
            for name in event.documents:
                held = sum(1 for row in event.timeline if row["doc"] == name)
                counted.setdefault(name, []).append((-held if family not in {"control", "tariff"} else 0, MAIN.index(family), event.id))
    return {name: min(rows)[2] for name, rows in counted.items()}


def _origins(claims: Sequence[Claim], origin: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Groups of documents that rest on one origin: copies, re-tellings, or the same medium cited."""
    cited: dict[str, str] = {}
    grouped: dict[str, list[str]] = {}
    for claim in claims:
        root = origin.get(claim.doc, claim.doc)
        by = claim.attributed_to or ""
        if by and not by.startswith(("country:", "group:", "unnamed")) and by[:1].isupper() and claim.extractor.startswith("rules"):
            root = cited.setdefault(by, root) if not any(name == by for name in _people(claim)) else root
        listed = grouped.setdefault(root, [])
        if claim.doc not in listed and not any(claim.doc in other for other in grouped.values()):
            listed.append(claim.doc)
    return tuple(tuple(names) for names in grouped.values() if names)


def _people(claim: Claim) -> list[str]:
    return [name.partition(":")[2] for name in (*claim.actors, *claim.targets) if name.startswith(("person:", "org:"))]


def _status(claims: Sequence[Claim]) -> str:
    """Status of the latest stage reported: announced is not in force, suspended is not repealed, denied is denied."""
    believed = [c for c in claims if c.polarity == "pos"]
    if not believed:
        return "denied"
    lead = max(believed, key=lambda c: (_rank(c), claims.index(c)))
    status = families()[lead.event_type].status
    if lead.modality in {"planned", "proposed", "could"} and families()[lead.event_type].rank >= FIRM:
        status = {"planned": "announced", "proposed": "proposed", "could": "possible"}[lead.modality]
    return f"{status}, disputed" if any(c.polarity == "neg" for c in claims) else status


FIRM = 4


def _rank(claim: Claim) -> float:
    return families()[claim.event_type].rank - (
        FIRM if claim.modality in {"planned", "proposed", "could"} and claim.event_type != "agreement_planned" else 0
    )


def _timeline(claims: Sequence[Claim], known: Mapping[str, Document]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for claim in claims:
        day = str((claim.date or {}).get("resolved") or "") or known[claim.doc].published
        status = families()[claim.event_type].status if claim.polarity == "pos" else "denied"
        rows.append(
            {"date": day, "status": status, "event_type": claim.event_type, "modality": claim.modality, "doc": claim.doc, "claim": claim.id}
        )
    return sorted(rows, key=lambda row: (str(row["date"] or "9999"), str(row["doc"]), str(row["claim"])))
