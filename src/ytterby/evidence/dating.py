"""When a claim was or will be: the dates that belong to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence.lexicon import types

if TYPE_CHECKING:
    from datetime import date

    from ytterby.evidence.dates import DateRef
    from ytterby.evidence.entities import Context
    from ytterby.evidence.reading import Found


def dates_of(found: Found, mood: str, published: date | None) -> list[dict[str, Any]]:
    """Dates of a claim, the main one first; the publication date for what the report itself announces."""
    info = types()[found.rule.type]
    own = [ref for ref in found.reading.dates if found.clause.holds(ref.i)]
    ahead = mood in {"planned", "proposed", "could"} or found.reading.ahead
    explicit = [ref for ref in own if ref.past or ref.future] or [ref for ref in found.reading.dates if not own and _lends(found, ref)]
    ranked = sorted(
        explicit or own, key=lambda ref: (ref.basis.startswith(("deictic", "vague", "event")), bool(ref.tag), abs(ref.i - found.key.i))
    )
    listed = [ref.to_dict(ahead) for ref in ranked]
    if not listed and published and info.dated != "no" and mood == "done":
        listed = [_publication(found, info.dated, published)]
    return listed


def _lends(found: Found, ref: DateRef) -> bool:
    """Whether a date of another clause of the sentence may date the claim: not the day on which someone said it."""
    source = found.reading.source
    speaking = source is not None and any(clause.holds(ref.i) and clause.holds(source.at) for clause in found.reading.sentence.clauses)
    return bool(ref.past or ref.future) and ref.kind != "until" and not ref.tag and not speaking


def _publication(found: Found, dated: str, published: date) -> dict[str, Any]:
    perfect = any(found.clause.holds(hit.i) for hit in found.reading.sentence.of("perfect"))
    if dated == "past" or (perfect and found.rule.type == "meeting_held"):
        return {"raw": None, "resolved": f"../{published.isoformat()}", "basis": "not after publication date", "kind": "at"}
    return {"raw": published.isoformat(), "resolved": published.isoformat(), "basis": "publication date", "kind": "at"}


def shift_earlier(listed: list[dict[str, Any]], kind: str, context: Context) -> None:
    """Resolve ``two years earlier`` against the goal it moves: the result is the former date."""
    for item in listed:
        months = str(item.pop("shift", ""))
        if months and context.due and kind in {"budget_target", "policy_goal", "investment"}:
            year, month = int(context.due[:4]), int(context.due[5:7] or 12)
            total = year * 12 + month - 1 + int(months)
            item.update(
                {"resolved": f"{total // 12:04d}-{total % 12 + 1:02d}", "basis": f"derived: {context.due[:7]} + P{months}M = former date"}
            )
