"""Dates of a claim: those of its clause, the main one first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence.tables import event_types

if TYPE_CHECKING:
    from datetime import date

    from ytterby.evidence.rules.dates import DateMention
    from ytterby.evidence.rules.discourse import DiscourseContext
    from ytterby.evidence.rules.rule_matching import RuleMatch

TO_COME = frozenset(("planned", "proposed", "could"))
"""Modalities of what is still to come."""
HOLDING = frozenset(("trade_control", "duty", "expiring", "stops_plant"))
"""Traits of acts that hold for a time."""
PUBLISHED = "publication date"
"""Basis of a date that is that of the report."""


def dates_of(match: RuleMatch, modality: str, published: date | None) -> list[dict[str, Any]]:
    """Dates of a claim, the main one first; the publication date for acts that the report itself announces."""
    mentions = match.parsed.dates
    own = [day for day in mentions if match.clause.contains(day.i)]
    resolved = [day for day in own if day.past or day.future] or [day for day in mentions if not own and _is_shared(match, day)]
    ranked = sorted(
        resolved or own, key=lambda day: (day.basis.startswith(("deictic", "vague", "event")), bool(day.tag), abs(day.i - match.key.i))
    )
    is_to_come = modality in TO_COME
    listed = [day.to_dict(is_to_come) | {"kind": "by" if _is_deadline(match, day, is_to_come) else day.kind} for day in ranked]
    if not listed and published and match.type.dated != "no" and modality == "done":
        listed = [_publication(match, match.type.dated, published)]
    return listed


def _is_deadline(match: RuleMatch, day: DateMention, is_to_come: bool) -> bool:
    """Whether an act is to be done by a day, not to hold until it; where one word means both, only what states impose holds."""
    sentence = match.sentence
    if day.kind != "until":
        return False
    if sentence.within("deadline", day.i - 1, day.i + 1):
        return True
    return is_to_come and HOLDING.isdisjoint(match.type.traits) and sentence.at("end_or_deadline", day.i) is not None


def as_last_day(day: dict[str, Any]) -> dict[str, Any]:
    """A date of a clause about the term of an act: the day on which it ends is the last one on which it holds."""
    is_end = day.get("kind") == "at" and day.get("basis") != PUBLISHED
    return {**day, "kind": "until"} if is_end else day


def is_still_to_come(match: RuleMatch, published: date | None) -> bool:
    """Whether a clause in the present dates its act after the report: ``Exporters need a permit from May``."""
    if published is None or "never_planned" in match.type.traits or match.has("perfect"):
        return False
    today = published.isoformat()
    own = [day for day in match.parsed.dates if match.clause.contains(day.i) and not day.tag]
    return any(day.kind == "from" and (day.future or "") > today for day in own)


def _is_shared(match: RuleMatch, mention: DateMention) -> bool:
    """Whether a date of another clause can date the claim: it must not be the day on which someone said it."""
    source, clauses = match.parsed.source, match.sentence.clauses
    is_speech = source is not None and any(clause.contains(mention.i) and clause.contains(source.at) for clause in clauses)
    return bool(mention.past or mention.future) and mention.kind != "until" and not mention.tag and not is_speech


def _publication(match: RuleMatch, dated: str, published: date) -> dict[str, Any]:
    day = published.isoformat()
    if dated == "past" or (match.has("perfect") and match.rule.type == "meeting_held"):
        return {"raw": None, "resolved": f"../{day}", "basis": "not after publication date", "kind": "at"}
    return {"raw": day, "resolved": day, "basis": PUBLISHED, "kind": "at"}


def resolve_earlier(dates: list[dict[str, Any]], kind: str, context: DiscourseContext) -> None:
    """Resolve dates such as ``two years earlier`` against the goal they move: the result is the former date."""
    for item in dates:
        months = str(item.pop("months_earlier", ""))
        if months and context.due and "goal" in event_types()[kind].traits:
            year, month = int(context.due[:4]), int(context.due[5:7] or 12)
            total = year * 12 + month - 1 + int(months)
            former = f"{total // 12:04d}-{total % 12 + 1:02d}"
            item.update({"resolved": former, "basis": f"derived: {context.due[:7]} + P{months}M = former date"})
