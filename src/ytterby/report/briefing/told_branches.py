"""News of a decision that a fork still leaves open: the articles say that a suspension is extended or ends, the odds do not know it.

The odds of a scenario are never changed by what articles say: who believes the news counts the branch that it tells alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.briefing.confirmations import QUOTED
from ytterby.report.briefing.events_reading import EventsReading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans

SUSPENDED, EXTENDED, ENDED = "export_control_suspended", "extended", "ended"
"""Type of the claims, and what they tell of it."""
TOLD = {EXTENDED: "answer.told_extended", ENDED: "answer.told_ended"}
OPEN = frozenset(("could", "proposed"))
"""Modalities of what nobody has decided."""
GENERAL = ("rare_earths", "heavy_rare_earths", "light_rare_earths", "ree_magnets", "critical_minerals", "strategic_raw_materials")
"""Materials that stand for any of the scenario's."""
COUNTRY, EXPLICIT, REJECT, RARE_EARTHS = "country:", "explicit", "reject", "rare-earths"
QUIET = frozenset(("hoarding",))
"""Kinds of measures that buyers take."""


def news_of_fork(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """What the articles tell of the suspension that the first fork decides, and that its odds do not hold it; nothing without such news."""
    run = inputs.run
    fork = next(iter(run.declared.get("forks", ())), None) if run and inputs.evidence else None
    if run is None or fork is None:
        return ()
    reading = EventsReading(inputs, writer)
    told = [claim for claim in reading.claims.values() if _tells(claim, run, fork)]
    known = {claim["renewal"]: claim for claim in sorted(told, key=_names_material)}
    if not known:
        return ()
    words = writer.words
    quotes = words.listed(_quoted(reading, known[name]) for name in (EXTENDED, ENDED) if name in known)
    if len(known) > 1:
        return words.say("answer.told_both", quotes=quotes)
    (renewal,) = known
    fitting = [branch for branch in fork["branches"] if bool(branch.get("measures")) == (renewal == ENDED)]
    labels = words.listed(words.plain("happened.quoted", text=words.translated(str(branch["label"]))) for branch in fitting)
    if not fitting:
        return words.say("answer.told_other", quotes=quotes)
    return words.say(TOLD[renewal], quotes=quotes, branches=labels)


def _tells(claim: Mapping[str, Any], run: BriefedRun, fork: Mapping[str, Any]) -> bool:
    """Whether a claim says in so many words, or by a person's word, what becomes of the suspension of the one who decides the fork."""
    review = claim.get("review") or {}
    is_sure = (claim.get("provenance") or {}).get("actors") == EXPLICIT or bool(review)
    if claim["event_type"] != SUSPENDED or not claim.get("renewal") or not is_sure or review.get("verdict") == REJECT:
        return False
    if claim["modality"] in OPEN:
        return False
    decided = [measure for branch in fork["branches"] for measure in branch.get("measures", ()) if measure["kind"] not in QUIET]
    deciding = {name for measure in decided[:1] for name in measure.get("from", ())}
    actors = {name.removeprefix(COUNTRY) for name in claim["actors"]}
    return bool(deciding & actors) and _is_of(claim["materials"], decided, str(run.declared.get("chain", RARE_EARTHS)))


def _names_material(claim: Mapping[str, Any]) -> bool:
    """Whether the words themselves name a material: of such claims one is quoted."""
    return bool((claim.get("provenance") or {}).get("materials") == EXPLICIT)


def _is_of(materials: list[str], decided: list[Mapping[str, Any]], chain: str) -> bool:
    """Whether materials are those of the measures; a claim that names none is about whatever is suspended."""
    known = {str(name).rpartition(".")[2] for measure in decided for name in measure.get("on", ())}
    is_general = chain == RARE_EARTHS and not set(GENERAL).isdisjoint(materials)
    return not materials or is_general or not known.isdisjoint(materials)


def _quoted(reading: EventsReading, claim: Mapping[str, Any]) -> str:
    """The words of a claim with the article that has them."""
    text = " ".join(str(claim["quote"]).split())
    short = text if len(text) <= QUOTED else text[:QUOTED].rstrip() + "…"
    return f"{reading.words.plain('happened.quoted', text=short)} ({reading.document_name(str(claim['doc']))})"
