"""What changed since an earlier day: new events, moved days, other statuses, other outcomes of promises, suspensions that ran out.

What a project knows of a day is its standing. Two standings are compared by the claims that their events and promises rest on, so that
an event stays the same one when a further report joins it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.evidence.records import EvidenceRecord
from ytterby.evidence.tables import event_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.events import Event
    from ytterby.evidence.watch import Promise

Standing = dict[str, list[dict[str, Any]]]
"""``events`` and ``promises`` as they stood on a day, as plain data."""
NEW, STATUS, DATE, OUTCOME, DUE, EXPIRED = "new", "status", "date", "outcome", "due", "expired"
WATCHED = {"events": {STATUS: "status", DATE: "date"}, "promises": {OUTCOME: "outcome", DUE: "due"}}
"""Fields whose change is reported, with the kind of change, of events and of promises."""
FULL_DATE = len("2026-11-10")


@dataclass(frozen=True)
class Change(EvidenceRecord):
    """A change of an event, a promise or a suspension.

    ``kind`` is new, status, date, outcome, due or expired; ``id`` names the event, the promise or the claim; ``before`` and ``after`` are
    the values, None where there was none. ``about`` holds type, parties and materials, as a title needs them.
    """

    kind: str
    id: str
    about: dict[str, Any]
    before: str | None
    after: str | None


def standing(events: Iterable[Event], promises: Iterable[Promise]) -> Standing:
    """What a project knows of events and promises, as plain data that can be kept."""
    told = [{**_about(event), "id": event.id, "claims": list(event.claims), "status": event.status, "date": event.date} for event in events]
    due = [
        {
            "id": promise.id,
            "claims": [step["claim"] for step in promise.status_path],
            "event_type": promise.kind,
            "actors": list(promise.who),
            "due": promise.due,
            "outcome": promise.outcome,
        }
        for promise in promises
    ]
    return {"events": told, "promises": due}


def joined_standing(earlier: Standing, later: Standing) -> Standing:
    """The later standing, with what of the earlier one it does not tell anew."""
    return {
        name: [*rows, *(row for row in earlier.get(name, []) if not any(_is_same(row, other) for other in rows))]
        for name, rows in later.items()
    }


def changes(earlier: Standing, later: Standing) -> list[Change]:
    """What a later standing tells otherwise than the earlier one, new events first; a day that was not known before has not moved."""
    found = [*_changes("events", earlier, later), *_changes("promises", earlier, later)]
    return sorted(found, key=lambda change: (change.kind != NEW, change.id, change.kind))


def _changes(name: str, earlier: Standing, later: Standing) -> Iterator[Change]:
    for row in later[name]:
        known = [other for other in earlier.get(name, []) if _is_same(row, other)]
        if not known and name == "events":
            yield Change(NEW, row["id"], row, None, row["status"])
        for kind, key in WATCHED[name].items():
            if known and known[0][key] and row[key] not in {other[key] for other in known}:
                yield Change(kind, row["id"], row, known[0][key], row[key])


def _is_same(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two records tell one act: they rest on a common claim."""
    return not set(row["claims"]).isdisjoint(other["claims"])


def expired(claims: Sequence[Claim], since: date, on: date) -> list[Change]:
    """Suspensions and pauses of articles whose last day lies between two days, the first one included."""
    found = []
    for claim in claims:
        last = max((str(day.get("resolved") or "") for day in claim.dates if day.get("kind") == "until"), default="")
        ends = "expiring" in event_types()[claim.event_type].traits and claim.polarity == "pos"
        if ends and len(last) == FULL_DATE and since.isoformat() <= last < on.isoformat():
            found.append(Change(EXPIRED, claim.id, _about(claim), None, last))
    return found


def _about(record: Event | Claim) -> dict[str, Any]:
    return {"event_type": record.event_type} | {name: list(getattr(record, name)) for name in ("actors", "targets", "materials")}
