"""How sure a clause says its claim is, and whether it is denied; decided per clause from cue words of the lexicon."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.evidence.lexicon import types

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.evidence.attribution import Source
    from ytterby.evidence.lexicon import Hit
    from ytterby.evidence.text import Clause, Sentence

DONE_BY_NATURE = frozenset(
    (
        "export_control_imposed",
        "export_control_tightened",
        "export_control_eased",
        "export_control_suspended",
        "ban",
        "agreement_signed",
        "agreement_reached",
        "declaration_signed",
        "meeting_held",
        "proposal",
        "tariff_imposed",
        "outage",
    )
)
"""Types that are acts: said without a modal they have happened."""


def modality(sentence: Sentence, clause: Clause, kind: str, source: Source | None, quoted: bool) -> str:
    """One of asserted, done, ongoing, planned, proposed, could, claimed."""

    def has(cue: str) -> bool:
        return bool(sentence.of(cue, clause)) or (clause.head is not None and bool(sentence.of(cue, clause.head)))

    default = types()[kind].modality
    spoken = source is not None and source.official and not source.backward and not source.announced
    if (has("could") and kind != "tariff_paused") or (has("can") and types()[kind].tier == "context"):
        return "could"
    if sentence.of("deny"):
        return "claimed"
    if has("consider") and kind not in {"negotiation", "assessment", "research"} and default != "ongoing":
        return "proposed"
    if _is_planned(sentence, clause, kind, has):
        return "planned"
    if has("propose") and kind in PROPOSABLE:
        return "proposed"
    if has("subj") or quoted or (spoken and default != "planned" and kind not in DONE_BY_NATURE):
        return "claimed" if has("subj") or default != "planned" else default
    if has("ongoing") and kind in LASTING:
        return "ongoing"
    if kind in {"licence", "quota"} and any(hit.value == "impose" for hit in sentence.of("c", clause)):
        return "done"
    if default in {"done", "asserted"} and kind in DONE_BY_NATURE:
        return "done"
    if has("perfect") and default in {"asserted", "done"} and kind in {"supply_impact", "investment", "procurement", "licence"}:
        return "done"
    return default


LASTING = frozenset(("licence", "quota", "diversification"))
"""Types of which *still* or *since* says that they go on."""

PROPOSABLE = frozenset(("cooperation", "technical_assistance", "diversification", "quota", "ban", "licence"))


def _is_planned(sentence: Sentence, clause: Clause, kind: str, has: Callable[[str], bool]) -> bool:
    """A modal, a future or a purpose; for acts a vague cue such as *in future* is not enough."""
    if kind in {"assessment", "trade_conflict", "end_use", "market_share", "import_dependence", "definition"}:
        return False
    if has("modal_plan") or _is_future(sentence, clause):
        return True
    if any(clause.i <= hit.i <= clause.i + 1 for hit in sentence.of("purpose")):
        return True
    return has("plan") and kind not in DONE_BY_NATURE and kind != "negotiation" or (kind == "proposal" and has("plan"))


def _is_future(sentence: Sentence, clause: Clause) -> bool:
    """An auxiliary of the future with an infinitive at the end of the clause, in languages that build it so."""
    ending = sentence.settings["infinitive"]
    words = [at for at in range(clause.i, clause.last) if clause.holds(at) and sentence.words[at][0].isalpha()]
    auxiliaries = {hit.i for hit in sentence.of("future", clause)}
    if words and words[-1] in auxiliaries:
        words, auxiliaries = words[:-1], {words[-1]}
    if not words or not ending or not auxiliaries:
        return False
    last = sentence.lows[words[-1]]
    if not last.endswith(ending) or re.search(sentence.settings["participle"], last):
        return False
    return words[-1] not in auxiliaries


def polarity(sentence: Sentence, clause: Clause, key: Hit) -> str:
    """``neg`` if the clause is negated or its sentence denies it."""
    exempt = {at for hit in sentence.of("neg_exempt") for at in range(hit.i, hit.j)}
    del key
    negated = any(hit.i not in exempt for hit in sentence.of("neg", clause))
    return "neg" if negated or sentence.of("deny") else "pos"
