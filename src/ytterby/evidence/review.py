"""Judgements of claims and events by a person: accepted, corrected or rejected; a later reading never overwrites them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from ytterby.errors import InputError, UnknownNameError
from ytterby.evidence.claims import MODALITIES, NAME_LISTS, claim_from_dict
from ytterby.evidence.tables import event_types

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.events import Event

VERDICTS = ("accept", "correct", "confirm", "reject")
CLAIM_FIELDS = ("event_type", "polarity", "actors", "targets", "materials", "stage", "quantity", "date", "modality", "attributed_to")
EVENT_FIELDS = ("title", "status", "date", "actors", "targets", "materials", "quantity")
"""Fields that a correction may change; the place of a quote is not one of them."""


class ReviewLog(Protocol):
    """Where records and judgements are stored; the project store is one."""

    def put(self, kind: str, records: Iterable[dict[str, Any]]) -> int:
        """Store records by their id."""

    def get(self, kind: str) -> list[dict[str, Any]]:
        """All records of a kind."""

    def find(self, kind: str, id_: str) -> dict[str, Any] | None:
        """A record; None if there is none with this id."""

    def add_review(self, target: str, verdict: str, by: str, why: str = "", correction: dict[str, Any] | None = None) -> None:
        """Add a judgement."""

    def reviews(self, target: str | None = None) -> list[dict[str, Any]]:
        """Judgements in the order in which they were made."""


def judge(log: ReviewLog, target: str, verdict: str, by: str, why: str, correction: Mapping[str, Any]) -> dict[str, Any]:
    """Store a judgement of a claim or an event.

    Parameters
    ----------
    log : ReviewLog
        Holds the claims and events of earlier readings.
    target : str
        Id of a claim or an event.
    verdict : {"accept", "correct", "confirm", "reject"}
        The judgement; ``confirm`` also lets a claim or event become a measure that the gate held back.
    by, why : str
        Who judges, and the reason.
    correction : mapping
        Fields with their right values; only with the verdict ``correct``.

    Returns
    -------
    dict
        The record that was judged.

    Raises
    ------
    UnknownNameError
        If no reading of the project holds the id, or verdict or field are unknown.
    InputError
        If the value of a corrected field is not allowed.
    """
    if verdict not in VERDICTS:
        raise UnknownNameError("verdict", verdict, VERDICTS)
    claim, event = log.find("claim", target), log.find("event", target)
    record = claim or event
    if record is None:
        known = [str(row["id"]) for kind in ("claim", "event") for row in log.get(kind)]
        raise UnknownNameError("claim or event", target, known or ["none: read articles first"])
    checked = _checked(correction, CLAIM_FIELDS if claim else EVENT_FIELDS)
    if verdict == "correct" and not checked:
        raise InputError(f"{target}: a correction needs at least one '--set FIELD=VALUE'")
    if verdict != "correct" and checked:
        raise InputError(f"{target}: only 'correct' takes '--set'")
    log.add_review(target, verdict, by, why, checked or None)
    if claim:
        log.put("reviewed", [{**claim, "id": target}])
    return record


def _checked(correction: Mapping[str, Any], allowed: Sequence[str]) -> dict[str, Any]:
    """The correction, whose fields must be known and whose values must be of the right kind."""
    words = {"event type": event_types(), "modality": MODALITIES, "polarity": ("pos", "neg")}
    for name, value in correction.items():
        if name not in allowed:
            raise UnknownNameError("field", name, allowed)
        if name in NAME_LISTS and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise InputError(f'{name}: found {value!r}; a list of names is needed, such as ["country:CL"]')
        kind = name.replace("_", " ")
        if kind in words and value not in words[kind]:
            raise UnknownNameError(kind, str(value), words[kind])
    return dict(correction)


def latest_reviews(reviews: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The last judgement of each claim and event, as it is shown with the record."""
    return {
        str(row["target"]): {
            "verdict": row["verdict"],
            "by": row["by_whom"],
            "why": row["why"],
            "made": str(row["made"]),
            "correction": row["correction"],
        }
        for row in reviews
    }


def review_claims(
    claims: Sequence[Claim], reviews: Mapping[str, dict[str, Any]], stored: Mapping[str, dict[str, Any]], documents: Iterable[str]
) -> list[Claim]:
    """Claims with their judgements; claims of these documents that were confirmed but not found again come back from the store."""
    result = [_reviewed_claim(claim, reviews.get(claim.id)) for claim in claims]
    present, read = {claim.id for claim in claims}, set(documents)
    for name, record in sorted(stored.items()):
        review = reviews.get(name)
        if name not in present and review and review["verdict"] != "reject" and record.get("doc") in read:
            result.append(_reviewed_claim(claim_from_dict(record), review))
    return sorted(result, key=lambda c: (c.doc, c.start, c.id))


def _reviewed_claim(claim: Claim, review: dict[str, Any] | None) -> Claim:
    if review is None:
        return claim
    changes = _changes(review)
    if "event_type" in changes:
        changes["tier"] = event_types()[changes["event_type"]].tier
    return replace(claim, review=review, **changes)


def review_events(events: Sequence[Event], reviews: Mapping[str, dict[str, Any]]) -> list[Event]:
    """Events with their judgements."""
    return [replace(event, review=reviews[event.id], **_changes(reviews[event.id])) if event.id in reviews else event for event in events]


def _changes(review: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if key in NAME_LISTS else value for key, value in (review["correction"] or {}).items()}
