"""A person's judgement of claims and events: accepted, corrected or rejected; a later reading never overwrites it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Protocol

from ytterby.errors import InputError, UnknownNameError
from ytterby.evidence.lexicon import types
from ytterby.evidence.records import Claim, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

VERDICTS = ("accept", "correct", "reject")
CLAIM_FIELDS = ("event_type", "polarity", "actors", "targets", "materials", "stage", "quantity", "date", "modality", "attributed_to")
EVENT_FIELDS = ("title", "status", "date", "actors", "targets", "materials", "quantity")
"""Fields that a correction may set; where a quote stands is not a matter of opinion."""

LISTS = frozenset(("actors", "targets", "materials", "stage"))
MODALITIES = ("asserted", "done", "ongoing", "planned", "proposed", "could", "claimed")


class Shelf(Protocol):
    """Where records and reviews are kept; the project store is one."""

    def put(self, kind: str, records: Iterable[dict[str, Any]]) -> int:
        """Store records by their id."""

    def get(self, kind: str) -> list[dict[str, Any]]:
        """All records of a kind."""

    def find(self, kind: str, id_: str) -> dict[str, Any] | None:
        """A record, or None."""

    def add_review(self, target: str, verdict: str, by: str, why: str = "", correction: dict[str, Any] | None = None) -> None:
        """Add a judgement."""

    def reviews(self, target: str | None = None) -> list[dict[str, Any]]:
        """Judgements in the order they were made."""


def judge(shelf: Shelf, target: str, verdict: str, by: str, why: str, correction: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a judgement of a claim or event and return the record judged.

    Raises
    ------
    UnknownNameError
        If no reading of the project holds the id.
    InputError
        If the verdict or a corrected field is not allowed.
    """
    if verdict not in VERDICTS:
        raise UnknownNameError("verdict", verdict, VERDICTS)
    claim, event = shelf.find("claim", target), shelf.find("event", target)
    record = claim or event
    if record is None:
        known = [str(row["id"]) for kind in ("claim", "event") for row in shelf.get(kind)]
        raise UnknownNameError("claim or event", target, known or ["none: read articles first"])
    checked = check_correction(correction, CLAIM_FIELDS if claim else EVENT_FIELDS)
    if (verdict == "correct") != bool(checked):
        raise InputError(
            f"{target}: a correction needs at least one '--set FIELD=VALUE'" if not checked else f"{target}: only 'correct' takes '--set'"
        )
    shelf.add_review(target, verdict, by, why, checked or None)
    if claim:
        shelf.put("reviewed", [{**claim, "id": target}])
    return record


def check_correction(correction: Mapping[str, Any], allowed: Sequence[str]) -> dict[str, Any]:
    """A correction with known fields and values of the right kind."""
    result: dict[str, Any] = {}
    for name, value in correction.items():
        if name not in allowed:
            raise UnknownNameError("field", name, allowed)
        if name in LISTS and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise InputError(f'{name}: found {value!r}; a list of names is needed, such as ["country:CL"]')
        if name == "event_type" and value not in types():
            raise UnknownNameError("event type", str(value), types())
        if name == "modality" and value not in MODALITIES:
            raise UnknownNameError("modality", str(value), MODALITIES)
        if name == "polarity" and value not in {"pos", "neg"}:
            raise UnknownNameError("polarity", str(value), ("pos", "neg"))
        result[name] = value
    return result


def latest(reviews: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The last judgement of each target, as it is shown with the record."""
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


def apply_to_claims(
    claims: Sequence[Claim], reviews: Mapping[str, dict[str, Any]], kept: Mapping[str, dict[str, Any]], docs: Iterable[str]
) -> list[Claim]:
    """Claims with their judgements; reviewed ones that the rules no longer find come back from the store."""
    result = [_judged(claim, reviews.get(claim.id)) for claim in claims]
    present, read = {claim.id for claim in claims}, set(docs)
    for name, record in sorted(kept.items()):
        review = reviews.get(name)
        if name not in present and review and review["verdict"] != "reject" and record.get("doc") in read:
            result.append(_judged(claim_from(record), review))
    return sorted(result, key=lambda c: (c.doc, c.start, c.id))


def claim_from(record: Mapping[str, Any]) -> Claim:
    """A claim from its stored dictionary."""
    names = {item.name for item in fields(Claim)}
    values: dict[str, Any] = {
        key: tuple(value) if key in LISTS | {"dates"} and value is not None else value for key, value in record.items() if key in names
    }
    return Claim(**values)


def _judged(claim: Claim, review: dict[str, Any] | None) -> Claim:
    if review is None:
        return claim
    changes: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in (review["correction"] or {}).items()}
    if "event_type" in changes:
        changes["tier"] = types()[changes["event_type"]].tier
    return replace(claim, review=review, **changes)


def apply_to_events(events: Sequence[Event], reviews: Mapping[str, dict[str, Any]]) -> list[Event]:
    """Events with their judgements."""
    result = []
    for event in events:
        review = reviews.get(event.id)
        changes: dict[str, Any] = {
            key: tuple(value) if key in LISTS else value for key, value in ((review or {}).get("correction") or {}).items()
        }
        result.append(replace(event, review=review, **changes) if review else event)
    return result


def believed(records: Sequence[Any]) -> list[Any]:
    """Claims or events that nobody has rejected."""
    return [record for record in records if not record.review or record.review["verdict"] != "reject"]
