"""What the clause model adds to the rules: claims of clauses that no rule takes, a veto of weak rules, a confidence for each claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.clause_model import NONE, clause_model
from ytterby.evidence.rules.rule_matching import RuleMatch
from ytterby.evidence.tables import ClaimRule, event_types

if TYPE_CHECKING:
    from ytterby.evidence.clause_model import Reading
    from ytterby.evidence.rules.rule_matching import ParsedSentence
    from ytterby.evidence.rules.sentences import Clause, Sentence

MODEL = "model"
"""Begins the extractor of claims that the clause model found, and the name of its rule."""
MIN_PROBABILITY = 0.5
"""Probability from which the model's type is taken where no rule holds."""
MIN_WORDS = 4
"""Words of a clause that can report anything by itself."""
NAMING = frozenset(("place", "material", "element", "symbol", "org_head", "legal_form", "group", "product", "sector"))
"""Kinds of hits of which a sentence holds one if it is about this trade."""


def proposed(parsed: ParsedSentence, clause: Clause) -> RuleMatch | None:
    """The claim that the model reads in a clause that no rule takes; None if it is not sure of any."""
    sentence = parsed.sentence
    if clause.end - clause.i < MIN_WORDS or NAMING.isdisjoint(sentence.by_kind):
        return None
    reading = clause_model().read(sentence, clause)
    if reading.event_type == NONE or reading.probability < MIN_PROBABILITY:
        return None
    if event_types()[reading.event_type].tier != "core":
        return None
    rule = ClaimRule(MODEL, reading.event_type, (frozenset(),), (), frozenset())
    return RuleMatch(rule, parsed, clause, _key(sentence, clause), probability=reading.probability)


def _key(sentence: Sentence, clause: Clause):
    """The hit from which roles and figures are looked for: the first concept of the clause, else its first hit."""
    own = sentence.of("concept", clause) or [hit for hit in sentence.hits if clause.contains(hit.i)]
    return own[0]


def reading_of(parsed: ParsedSentence, clause: Clause) -> Reading:
    """What the model makes of a clause."""
    return clause_model().read(parsed.sentence, clause)
