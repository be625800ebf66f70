"""What the clause model adds to the rules: claims of clauses that no rule takes, and a confidence for each claim.

That the model overrules a rule, by another type or by none, was tried as well: it made articles that were not used in building it worse.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.clause_model import NONE, clause_model
from ytterby.evidence.rules.rule_matching import RuleMatch
from ytterby.evidence.tables import ClaimRule, event_types, read_table

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import LexiconHit
    from ytterby.evidence.rules.rule_matching import ParsedSentence
    from ytterby.evidence.rules.sentences import Clause, Sentence

MODEL = "learnt"
"""Name of the rule of claims that the clause model found."""
RULES = "rules"
MIN_PROBABILITY, MIN_WITHOUT_CONCEPT = 0.4, 0.6
"""Probability from which the model's type is taken where no rule holds, and where the clause has no concept of the lexicon either."""
MIN_WORDS = 4
"""Words of a clause that can report anything by itself."""
NAMING = frozenset(("place", "material", "element", "symbol", "org_head", "legal_form", "group", "product", "sector"))
"""Kinds of hits of which a sentence holds one if it is about this trade."""


def is_about_trade(sentence: Sentence) -> bool:
    """Whether a sentence names a place, a material or the like, and may so report an event."""
    return not NAMING.isdisjoint(sentence.by_kind)


def proposed(parsed: ParsedSentence, clause: Clause) -> RuleMatch | None:
    """The claim that the model reads in a clause that no rule takes; None if it is not sure of any."""
    sentence = parsed.sentence
    if clause.end - clause.i < MIN_WORDS:
        return None
    reading = clause_model().read(sentence, clause)
    least = MIN_PROBABILITY if sentence.of("concept", clause) else MIN_WITHOUT_CONCEPT
    if reading.event_type == NONE or reading.probability < least:
        return None
    if event_types()[reading.event_type].tier != "core":
        return None
    rule = ClaimRule(MODEL, reading.event_type, (frozenset(),), (), frozenset())
    return RuleMatch(rule, parsed, clause, _key(sentence, clause), probability=reading.probability)


def _key(sentence: Sentence, clause: Clause) -> LexiconHit:
    """The hit from which roles and figures are looked for: the first concept of the clause, else its first hit."""
    own = sentence.of("concept", clause) or [hit for hit in sentence.hits if clause.contains(hit.i)]
    return own[0] if own else sentence.hits[0]


class Bin(NamedTuple):
    """Share of right claims among those to whose type the model gives a probability below a bound."""

    below: float
    share: float


@cache
def _bins() -> dict[str, list[Bin]]:
    """Bins of claims found by rules and by the model, as counted on marked articles (``confidence.csv``)."""
    found: dict[str, list[Bin]] = {}
    for row in read_table("confidence.csv"):
        found.setdefault(row["found_by"], []).append(Bin(float(row["bound"]), int(row["right"]) / int(row["of"])))
    return found


def confidence_of(match: RuleMatch) -> float | None:
    """Share of claims like this one that are right; None for types that the model does not know."""
    if match.probability is not None:
        return _share(MODEL, match.probability)
    model = clause_model()
    if match.rule.type not in model.places:
        return None
    probability = model.probability_of(model.read(match.sentence, match.clause), match.rule.type)
    return None if probability is None else _share(RULES, probability)


def _share(found_by: str, probability: float) -> float:
    return round(next(part.share for part in _bins()[found_by] if probability < part.below), 2)
