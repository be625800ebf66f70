"""Modality, polarity and source of claims in languages without spaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.claims import ENDED, EXTENDED
from ytterby.evidence.tables import event_types
from ytterby.evidence.unspaced.mentions import SUBJECT

if TYPE_CHECKING:
    from ytterby.evidence.unspaced.mentions import SignEntity
    from ytterby.evidence.unspaced.signs import SignHit
    from ytterby.evidence.unspaced.text import SignSentence

TAIL = 14
"""Signs at the end of a clause in which its mood stands."""


def modality_of(sentence: SignSentence, clause: tuple[int, int], kind: str, source: str | None) -> str:
    """Modality of a claim: asserted, done, ongoing, planned, proposed, could or claimed."""
    info = event_types()[kind]
    default, traits = info.modality, info.traits
    i, j = clause
    end = min(j + 1, len(sentence.text))

    def has(cue: str, begin: int = i) -> bool:
        return bool(sentence.of(cue, begin, end))

    if has("could"):
        return "could"
    if has("proposed") and kind not in {"proposal", "negotiation", "research"}:
        return "proposed"
    if "never_planned" not in traits and (has("planned") or _is_to_come(sentence, clause, traits)):
        return "planned"
    if has("claimed", max(i, end - TAIL)) and default != "planned":
        return "claimed"
    if has("ongoing", max(i, end - TAIL)) and ("continuing" in traits or default == "ongoing"):
        return "ongoing"
    if sentence.of("speech") and source and default != "planned" and "act" not in traits:
        return "claimed"
    is_past = has("done", max(i, end - TAIL))
    if ("act" in traits and (is_past or sentence.is_headline)) or (is_past and "done_in_perfect" in traits):
        return "done"
    return "done" if "act" in traits else default


def _is_to_come(sentence: SignSentence, clause: tuple[int, int], traits: frozenset[str]) -> bool:
    """Whether the clause ends in a verb that is not past; what is announced of a control holds as done."""
    hits = [hit for hit in sentence.of("nonpast", *clause) if hit.j >= clause[1] - 1]
    announced = [hit for hit in sentence.of("nonpast_announced", *clause)]
    return bool(hits) or (bool(announced) and "trade_control" not in traits)


def polarity_of(sentence: SignSentence, clause: tuple[int, int]) -> str:
    """``neg`` if the clause ends in a negation or its sentence denies what it says, else ``pos``.

    Who denies *that* he has refused does not deny the act; who *denies, saying that he has not*, does.
    """
    i, j = clause
    denials = sentence.of("deny", i)
    if denials:
        refused = _negations(sentence, i, denials[0].i)
        return "pos" if refused and sentence.of("reported", refused[-1].i, denials[0].i) else "neg"
    return "neg" if _negations(sentence, max(i, j - TAIL), j) else "pos"


def _negations(sentence: SignSentence, i: int, j: int) -> list[SignHit]:
    allowed = {at for hit in sentence.of("permissive") for at in range(hit.i, hit.j)}
    return [hit for hit in sentence.of("neg", i, j) if hit.i not in allowed]


def renewal_of(sentence: SignSentence, clause: tuple[int, int], kind: str) -> str | None:
    """``extended`` or ``ended`` if the clause tells what becomes of a suspension, else None; that it will run out only is its term."""
    i, j = clause
    if "expiring" not in event_types()[kind].traits or not (pauses := sentence.of("pause", i, j)):
        return None
    end = min(j + 1, len(sentence.text))
    if sentence.of("stay", i, end):
        return EXTENDED if polarity_of(sentence, clause) == "pos" else ENDED
    named = pauses[0].j
    goes_on, called_off = sentence.of("go_on", named, end), sentence.of("call_off", named, end)
    ran_out = sentence.of("run_out", named, end) if sentence.of("done", max(i, j - TAIL), end) else []
    if not (goes_on or called_off or ran_out):
        return None
    is_positive = polarity_of(sentence, clause) == "pos"
    return EXTENDED if bool(goes_on) == is_positive else ENDED


def source_of(sentence: SignSentence, entities: list[SignEntity]) -> str | None:
    """Who says what a sentence reports; None if nobody is named."""
    for hit in sentence.of("according"):
        before = [entity for entity in entities if entity.j <= hit.i]
        if before:
            return _name(before[-1])
    if sentence.of("speech") or sentence.of("announce"):
        subjects = [entity for entity in entities if entity.role == SUBJECT]
        return _name(subjects[0]) if subjects else None
    return None


def _name(entity: SignEntity) -> str:
    """States by code, others by name."""
    return entity.value if entity.is_state else entity.value.partition(":")[2]
