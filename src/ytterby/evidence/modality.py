"""How sure a clause says its claim is, and whether it is denied; decided per clause from cue words of the lexicon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.lexicon import types

if TYPE_CHECKING:
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
        return bool(sentence.of(cue, clause))

    default = types()[kind].modality
    reported = has("subj") or quoted or (source is not None and source.official and not source.backward and not source.announced)
    if has("could") and kind not in {"tariff_paused"}:
        return "could"
    if has("plan") and kind not in {"negotiation", "assessment", "tariff_imposed"}:
        return "planned"
    if has("propose") and kind in {"cooperation", "technical_assistance", "diversification", "policy_goal", "quota", "ban", "licence"}:
        return "proposed"
    if reported and default != "planned":
        return "claimed"
    if default in {"done", "asserted"} and kind in DONE_BY_NATURE:
        return "done"
    if has("perfect") and default in {"asserted", "done"} and kind in {"supply_impact", "investment", "procurement", "licence"}:
        return "done"
    return default


def polarity(sentence: Sentence, clause: Clause, key: Hit) -> str:
    """``neg`` if the clause is negated or its sentence denies it."""
    exempt = {at for hit in sentence.of("neg_exempt") for at in range(hit.i, hit.j)}
    del key
    negated = any(hit.i not in exempt for hit in sentence.of("neg", clause))
    return "neg" if negated or sentence.of("deny") else "pos"
