"""Modality and polarity of a claim: how certain its clause presents it, and whether it is denied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.evidence.tables import event_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.evidence.rules.mentions import ClaimSource
    from ytterby.evidence.rules.sentences import Clause, Sentence


def modality_of(sentence: Sentence, clause: Clause, kind: str, source: ClaimSource | None, quoted: bool) -> str:
    """Modality of a claim: asserted, done, ongoing, planned, proposed, could or claimed.

    Parameters
    ----------
    kind : str
        Event type of the claim.
    source : ClaimSource or None
        Who says so, if anybody.
    quoted : bool
        Whether the clause stands in quotation marks.
    """

    def has(cue: str) -> bool:
        return bool(sentence.of(cue, clause)) or (clause.head is not None and bool(sentence.of(cue, clause.head)))

    info = event_types()[kind]
    default, traits = info.modality, info.traits
    is_speech = source is not None and source.official and not source.backward and not source.announced
    if (has("could") and kind != "tariff_paused") or (has("can") and info.tier == "context"):
        return "could"
    if sentence.of("deny"):
        return "claimed"
    if has("consider") and kind not in {"negotiation", "assessment", "research"} and default != "ongoing":
        return "proposed"
    if _is_planned(sentence, clause, kind, traits, has):
        return "planned"
    if has("propose") and "proposable" in traits:
        return "proposed"
    if has("subj") or quoted or (is_speech and default != "planned" and "act" not in traits):
        return "claimed" if has("subj") or default != "planned" else default
    if has("ongoing") and "continuing" in traits:
        return "ongoing"
    if kind in {"licence", "quota"} and any(hit.value == "impose" for hit in sentence.of("concept", clause)):
        return "done"
    if default in {"done", "asserted"} and ("act" in traits or (has("perfect") and "done_in_perfect" in traits)):
        return "done"
    return default


def _is_planned(sentence: Sentence, clause: Clause, kind: str, traits: frozenset[str], has: Callable[[str], bool]) -> bool:
    """Whether a modal verb, a future tense or a purpose announces it; for acts a vague *in future* is not enough."""
    if "never_planned" in traits:
        return False
    if has("modal_plan") or _is_future(sentence, clause) or sentence.is_purpose(clause):
        return True
    return has("plan") and (kind == "proposal" or ("act" not in traits and kind != "negotiation"))


def _is_future(sentence: Sentence, clause: Clause) -> bool:
    """Whether an auxiliary stands with an infinitive at the end of the clause, in languages that form the future so."""
    ending = sentence.settings["infinitive"]
    words = [at for at in range(clause.i, clause.end) if clause.contains(at) and sentence.words[at][0].isalpha()]
    auxiliaries = {hit.i for hit in sentence.of("future", clause)}
    if words and words[-1] in auxiliaries:
        words, auxiliaries = words[:-1], {words[-1]}
    if not words or not ending or not auxiliaries:
        return False
    last = sentence.lows[words[-1]]
    is_infinitive = last.endswith(ending) and not re.search(sentence.settings["participle"], last)
    return is_infinitive and words[-1] not in auxiliaries


def polarity_of(sentence: Sentence, clause: Clause) -> str:
    """``neg`` if the clause is negated or its sentence denies it, else ``pos``."""
    exempt = {at for hit in sentence.of("neg_exempt") for at in range(hit.i, hit.j)}
    is_negated = any(hit.i not in exempt for hit in sentence.of("neg", clause))
    return "neg" if is_negated or sentence.of("deny") else "pos"
