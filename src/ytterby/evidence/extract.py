"""From sentences to claims: rules choose the event type, the sentence and its context fill the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence import attribution
from ytterby.evidence.dating import dates_of, shift_earlier
from ytterby.evidence.firing import fire, is_relevant
from ytterby.evidence.lexicon import types
from ytterby.evidence.matter import materials_of, quantity_of, split_shares, stage_of
from ytterby.evidence.memory import move
from ytterby.evidence.modality import modality, polarity
from ytterby.evidence.roles import actors_of, targets_of

if TYPE_CHECKING:
    from datetime import date

    from ytterby.evidence.entities import Context
    from ytterby.evidence.reading import Found, Reading
    from ytterby.evidence.text import Clause, Sentence


def claims_of(reading: Reading, context: Context, published: date | None) -> list[dict[str, Any]]:
    """All claims of one sentence as field dictionaries, in order of place; moves the context on."""
    if not is_relevant(reading.sentence) or _is_label(reading):
        move(reading, context, [])
        return []
    fired = {id(clause): fire(reading, clause) for clause in reading.sentence.clauses}
    result: list[dict[str, Any]] = []
    for at, clause in enumerate(reading.sentence.clauses):
        extent = _extent(reading.sentence, fired, at)
        for found in fired[id(clause)]:
            if "alone" in found.rule.flags and at and _in_scope(reading.sentence, fired, at):
                continue
            found.extent = extent
            for part in split_shares(found):
                claim = fill(part, context, published)
                if not (claim["event_type"] in ONCE and claim["event_type"] in [other["event_type"] for other in result]):
                    result.append(claim)
    result = _merge_shares(result)
    move(reading, context, result)
    return result


def _is_label(reading: Reading) -> bool:
    """A heading too short to state anything or without anyone who acts."""
    sentence = reading.sentence
    return sentence.block.role == "headline" and (len(sentence.words) < LABEL_WORDS or not (sentence.of("place") or reading.entities))


LABEL_WORDS = 5


def _in_scope(sentence: Sentence, fired: dict[int, list[Found]], at: int) -> bool:
    """Whether a clause without a verb of its own hangs on one that an effect or a judgement took whole."""
    before, clause = sentence.clauses[at - 1], sentence.clauses[at]
    return any("whole" in found.rule.flags for found in fired[id(before)]) and not sentence.of("finite", clause)


def _extent(sentence: Sentence, fired: dict[int, list[Found]], at: int) -> list[Clause]:
    """Clauses after a clause that make no claim of their own: purposes, relative clauses, additions."""
    result = []
    for clause in sentence.clauses[at + 1 :]:
        core = any(types()[found.rule.type].tier == "core" for found in fired[id(clause)])
        if core or (fired[id(clause)] and not _is_purpose(sentence, clause)):
            break
        result.append(clause)
    return result


def _is_purpose(sentence: Sentence, clause: Clause) -> bool:
    return any(clause.i <= hit.i <= clause.i + 1 for hit in sentence.of("purpose"))


def _merge_shares(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Drop a dominance without figure where the same sentence gives the figure; its date is kept."""
    figured = [c for c in claims if c["event_type"] == "market_share" and c["quantity"]]
    result = []
    for claim in claims:
        twin = [c for c in figured if claim["event_type"] == "market_share" and not claim["quantity"] and c["actors"] == claim["actors"]]
        for other in twin:
            other.update({"start": min(other["start"], claim["start"]), "date": other["date"] or claim["date"]})
        if not twin:
            result.append(claim)
    return result


ONCE = frozenset(
    (
        "policy_goal",
        "negotiation",
        "cooperation",
        "meeting_held",
        "meeting_planned",
        "proposal",
        "security_alliance",
        "assessment",
        "risk",
        "membership",
    )
)
"""Types of which one sentence carries one claim."""


def fill(found: Found, context: Context, published: date | None) -> dict[str, Any]:
    """The fields of one claim."""
    reading, clause, kind = found.reading, found.clause, found.rule.type
    source = reading.source
    quoted = attribution.is_quoted(reading.sentence, clause)
    if source is not None and source.name in TEXTS and clause.holds(source.at):
        source = None
    mood = next((flag[5:] for flag in found.rule.flags if flag.startswith("mood=")), "") or modality(
        reading.sentence, clause, kind, source, quoted
    )
    kind = SHIFT.get((kind, mood), kind)
    materials = materials_of(found, context)
    actors = actors_of(found, context)
    targets = targets_of(found, actors, context)
    if "swap" in found.rule.flags and (buyers := [name for name in targets if name.startswith(("country:", "group:"))]):
        actors, targets = buyers, actors
    listed = dates_of(found, mood, published)
    name = source.name if source and not source.backward else None
    shift_earlier(listed, kind, context)
    start, end = reading.sentence.span(*_edges(reading.sentence, found))
    return {
        "start": start,
        "end": end,
        "event_type": kind,
        "polarity": polarity(reading.sentence, clause, found.key),
        "actors": actors,
        "targets": targets,
        "materials": materials,
        "stage": stage_of(found, materials),
        "quantity": quantity_of(found),
        "date": listed[0] if listed else None,
        "dates": listed,
        "modality": mood,
        "attributed_to": name,
        "rule": found.rule.id,
    }


SHIFT = {
    ("agreement_signed", "planned"): "agreement_planned",
    ("agreement_signed", "could"): "agreement_planned",
    ("agreement_reached", "planned"): "agreement_planned",
    ("agreement_reached", "could"): "agreement_planned",
    ("meeting_held", "planned"): "meeting_planned",
    ("meeting_held", "could"): "meeting_planned",
}
"""A signing that is planned is a planned agreement, a meeting to come a planned meeting."""


TEXTS = frozenset((attribution.AGREEMENT_TEXT, attribution.DECLARATION_TEXT))


def _edges(sentence: Sentence, found: Found) -> tuple[int, int]:
    """The clause and its extent without the commas, brackets and quotation marks at the ends."""
    i, j = found.clause.i, max([found.clause.last, *(clause.last for clause in found.extent)])
    while i < j - 1 and not sentence.words[i][0].isalnum():
        i += 1
    while j > i + 1 and not (sentence.words[j - 1][0].isalnum() or sentence.words[j - 1] in "%.!?"):
        j -= 1
    return i, j
