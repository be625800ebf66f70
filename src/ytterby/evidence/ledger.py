"""The ledger: commitments with who, what, how much, due date, last status and sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ytterby.evidence.events import event_families
from ytterby.evidence.records import EvidenceRecord
from ytterby.evidence.tables import event_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.events import Event

COMMITMENT_FAMILIES = frozenset(
    ["agreement", "investment", "stockpile", "budget", "procurement", "assistance", "research", "control", "tariff", "meeting", "proposal"]
)
"""Families of events that can hold a commitment."""
BINDING = frozenset(("planned", "proposed", "asserted", "claimed"))
"""Modalities of claims that commit somebody."""


@dataclass(frozen=True)
class Commitment(EvidenceRecord):
    """A row of the ledger: who promised what and how much, when it is due, the last status, and the sources."""

    id: str
    who: tuple[str, ...]
    what: str
    event_type: str
    materials: tuple[str, ...]
    quantity: dict[str, Any] | None
    due: str | None
    status: str
    claims: tuple[str, ...]
    documents: tuple[str, ...]
    sources: int


def build_ledger(events: Sequence[Event], claims: Sequence[Claim]) -> list[Commitment]:
    """A row for each event with a promise, a plan or an end, in order of the due date."""
    known = {claim.id: claim for claim in claims}
    rows = []
    for event in events:
        binding = [claim for claim in (known[name] for name in event.claims) if _is_binding(claim)]
        family = event_families()[event.event_type].name
        if family not in COMMITMENT_FAMILIES or not binding:
            continue
        if family not in {"control", "tariff"} or any(_due(claim) or claim.modality == "planned" for claim in binding):
            rows.append(_commitment(event, binding))
    return sorted(rows, key=lambda row: (row.due or "9999", row.id))


def _is_binding(claim: Claim) -> bool:
    return claim.modality in BINDING or "expiring" in event_types()[claim.event_type].traits or claim.event_type.startswith("agreement")


def _due(claim: Claim) -> str | None:
    """Day on which a claim falls due: a date *until* or *from*, or the end of a span."""
    for item in claim.dates:
        resolved = str(item.get("resolved") or "")
        is_day = resolved and not resolved.startswith("..") and not str(item.get("basis")).startswith("derived")
        if is_day and (item.get("kind") in {"until", "by", "from"} or "/" in resolved):
            return resolved.split("/")[-1]
    if claim.date and claim.event_type in {"meeting_planned", "budget_target"}:
        return str(claim.date.get("resolved") or "") or None
    return None


def _commitment(event: Event, binding: Sequence[Claim]) -> Commitment:
    days = sorted(day for claim in binding if (day := _due(claim)))
    lead = next((claim for claim in binding if _due(claim) or claim.quantity), binding[0])
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
