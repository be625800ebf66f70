"""The ledger: commitments with who, what, how much, due when, last status, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.events import families
from ytterby.evidence.records import Commitment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.evidence.records import Claim, Event

PROMISED = frozenset(
    ("agreement", "investment", "stockpile", "budget", "procurement", "assistance", "research", "control", "tariff", "meeting", "proposal")
)
"""Families in which something is promised."""

EXPIRING = frozenset(("export_control_suspended", "tariff_paused"))
"""Types whose end is a date to watch."""


def due(claim: Claim) -> str | None:
    """The day by which a claim falls due: an *until* or *from* date, or the end of a span."""
    for item in claim.dates:
        resolved = str(item.get("resolved") or "")
        if (
            resolved
            and not resolved.startswith("..")
            and not str(item.get("basis")).startswith("derived")
            and (item.get("kind") in {"until", "from"} or "/" in resolved)
        ):
            return resolved.split("/")[-1]
    if claim.date and claim.event_type in {"meeting_planned", "budget_target"}:
        return str(claim.date.get("resolved") or "") or None
    return None


def build(events: Sequence[Event], claims: Sequence[Claim]) -> list[Commitment]:
    """One row for each event that holds a promise, a plan or an end to watch."""
    known = {claim.id: claim for claim in claims}
    rows = []
    for event in events:
        listed = [known[name] for name in event.claims]
        binding = [
            c
            for c in listed
            if c.modality in {"planned", "proposed", "asserted", "claimed"}
            or c.event_type in EXPIRING
            or c.event_type.startswith("agreement")
        ]
        if families()[event.event_type].name not in PROMISED or not binding:
            continue
        if families()[event.event_type].name in {"control", "tariff"} and not any(due(c) or c.modality == "planned" for c in binding):
            continue
        rows.append(_row(event, binding))
    return sorted(rows, key=lambda row: (row.due or "9999", row.id))


def _row(event: Event, binding: Sequence[Claim]) -> Commitment:
    days = sorted(day for claim in binding for day in [due(claim)] if day)
    lead = next((claim for claim in binding if due(claim) or claim.quantity), binding[0])
    return Commitment(
        id=f"ledger-{event.id}",
        who=event.actors,
        what=" ".join(lead.quote.split())[:200],
        event_type=event.event_type,
        materials=event.materials,
        quantity=lead.quantity or event.quantity,
        due=days[-1] if days else None,
        status=event.status,
        claims=tuple(claim.id for claim in binding),
        documents=event.documents,
        sources=event.sources,
    )
