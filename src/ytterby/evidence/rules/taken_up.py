"""Acts taken up by a general noun: ``The rule takes effect in July`` says something of the control named before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.evidence.events import event_families
from ytterby.evidence.rules.renewal import PAUSE, tells_of_term
from ytterby.evidence.rules.rule_matching import RuleMatch
from ytterby.evidence.tables import ClaimRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.evidence.lexicon import LexiconHit
    from ytterby.evidence.rules.discourse import DiscourseContext
    from ytterby.evidence.rules.rule_matching import ParsedSentence
    from ytterby.evidence.rules.sentences import Clause, Sentence

RULE = "taken-up"
CHANGES = {
    "control": {
        "suspend": "export_control_suspended",
        "lift": "export_control_eased",
        "ease": "export_control_eased",
        "tighten": "export_control_tightened",
    },
    "tariff": {"suspend": "tariff_paused", "lift": "tariff_reduced", "reduce": "tariff_reduced", "ease": "tariff_reduced"},
}
"""Type of a claim that says what becomes of an act, by the act's family and the concept."""
IMPOSED = {"control": "export_control_imposed", "tariff": "tariff_imposed"}
"""Type of what holds where only its easing or suspension was told."""
NAMED = {"licence": "licence", "ban": "ban"}
"""Type of what holds by the beginning of the rule that found its easing, which tells what was eased."""
HOLDING = frozenset(("hold_v", "intend", "prolong"))
"""Concepts that say of an act that, or until when, it holds."""
BAN = "ban"


def taken_up(parsed: ParsedSentence, clause: Clause, context: DiscourseContext) -> RuleMatch | None:
    """The act that a clause takes up, as a match with the fields of that act; None if it takes up none."""
    sentence = parsed.sentence
    said = {hit.value for hit in sentence.of("concept", clause)}
    for noun in sentence.of("ref", clause):
        family = _paused(context) if noun.value == PAUSE else noun.value
        act = context.acts.get(family)
        if act is None or (noun.value == PAUSE and not tells_of_term(sentence, clause)):
            continue
        kind = CHANGES[family]["suspend"] if noun.value == PAUSE else _type_of(family, act, said)
        if kind:
            return _match(parsed, clause, noun, kind, act)
    ban = next((hit for hit in sentence.of("concept", clause) if hit.value == "ban_n"), None)
    act = context.acts.get("control")
    return _match(parsed, clause, ban, BAN, act) if ban and act and "intend" in said else None


def _paused(context: DiscourseContext) -> str:
    """Family of the act whose suspension a text speaks of: one that is told as suspended before others, a control before a duty."""
    suspended = [family for family, kinds in CHANGES.items() if context.acts.get(family, {}).get("event_type") == kinds["suspend"]]
    return next(iter([*suspended, *(family for family in CHANGES if family in context.acts)]), "")


def may_take_up(sentence: Sentence, context: DiscourseContext) -> bool:
    """Whether a sentence has a general noun and the document an act that it may mean."""
    if not context.acts:
        return False
    return "ref" in sentence.by_kind or any(hit.value == "ban_n" for hit in sentence.of("concept"))


def _type_of(family: str, act: Mapping[str, Any], said: set[str]) -> str:
    changes = CHANGES.get(family, {})
    changed, kind = next((kind for concept, kind in changes.items() if concept in said), ""), str(act["event_type"])
    if kind in changes.values():
        kind = next((name for word, name in NAMED.items() if str(act["rule"]).startswith(word)), IMPOSED[family])
    return changed or (kind if HOLDING & said else "")


def _match(parsed: ParsedSentence, clause: Clause, noun: LexiconHit, kind: str, act: Mapping[str, Any]) -> RuleMatch:
    rule = ClaimRule(RULE, kind, (frozenset(),), (), frozenset())
    return RuleMatch(rule, parsed, clause, noun, act=act)


def remember(acts: dict[str, Mapping[str, Any]], claim: Mapping[str, Any]) -> None:
    """Keep a claim as the last act of its family, to which later sentences can refer."""
    family = event_families().get(claim["event_type"])
    if family and claim["actors"] and claim["polarity"] == "pos":
        acts[family.name] = claim
