"""What the clause model adds to the rules: claims of clauses that no rule takes, and a confidence for each claim.

Where the model gives another type a much better chance than that of a rule, its own type is taken; where it is sure that a clause reports
nothing, the rule is dropped. Rules that fire on a broad word give way sooner. All bounds were chosen on articles marked for development.
What it retypes waits to be confirmed.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.clause_model import MODEL, NONE, clause_model
from ytterby.evidence.lexicon import LexiconHit
from ytterby.evidence.rules.rule_matching import RuleMatch
from ytterby.evidence.tables import ClaimRule, event_types, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ytterby.evidence.rules.discourse import DiscourseContext
    from ytterby.evidence.rules.rule_matching import ParsedSentence
    from ytterby.evidence.rules.sentences import Clause, ClauseReading, Sentence

RULES = "rules"
MIN_PROBABILITY, MIN_WITHOUT_CONCEPT = 0.38, 0.5
"""Probability from which the model's type is taken where no rule holds, and where the clause has no concept of the lexicon either or is
not the first of its sentence."""
MIN_UNNAMED, MIN_BARE, MIN_FRAGMENT, MIN_RELATIVE = 0.5, 0.62, 0.78, 0.88
"""The same where the sentence names nothing of the trade, or has no concept either, of a part without a verb, in a relative clause."""
LEAST = min(MIN_PROBABILITY, MIN_WITHOUT_CONCEPT, MIN_UNNAMED, MIN_BARE)
"""Probability below which no bound needs to be looked up."""
_IS_RAW: ContextVar[bool] = ContextVar("_IS_RAW", default=False)
MIN_WORDS = 4
"""Words of a clause that can report anything by itself."""
MARGIN, MARGIN_OF_BROAD, MARGIN_IN_RELATIVE = 0.8, 0.6, 0.9
"""By how much the chance of another type must exceed that of a rule's type to replace it: of most rules, of those that fire on a broad
word (flag ``broad``), and in a relative clause."""
MARGIN_OF_NONE, MARGIN_OF_NONE_BROAD = 0.95, 0.6
"""By how much the chance that nothing is reported must exceed that of a rule's type to drop the rule: of most rules, of broad ones."""
MIN_OF_CORE = 0.8
"""Chance of a type from which it replaces a rule's type that is no core type."""
COMPOSED = 3
"""Concepts that a rule joins from which on no other type replaces its own."""
BROAD, CHANGE = "broad", "change"
"""Flag of rules and trait of types that the margins know."""
NAMING = frozenset(("place", "material", "element", "symbol", "org_head", "legal_form", "group", "product", "sector"))
"""Kinds of hits of which a sentence holds one if it is about this trade."""

WORKS = frozenset(("plant", "mining_n"))
"""Concepts that show by themselves that a sentence is about this trade."""


def names_trade(sentence: Sentence) -> bool:
    """Whether a sentence names a place, a material or the like, and may so report an event by itself."""
    return not NAMING.isdisjoint(sentence.by_kind)


def may_report(sentence: Sentence, context: DiscourseContext) -> bool:
    """Whether a sentence names something of the trade or its works, or stands in a text about materials."""
    return bool(context.main_materials) or names_trade(sentence) or any(hit.value in WORKS for hit in sentence.of("concept"))


def read_ahead(sentences: Sequence[Sentence], context: DiscourseContext) -> None:
    """Let the model read all clauses of an article in which it may be asked for a type: together they take half the time."""
    asked = [
        (sentence, clause)
        for sentence in sentences
        if may_report(sentence, context)
        for clause in sentence.clauses
        if clause.end - clause.i >= MIN_WORDS
    ]
    for (_, clause), reading in zip(asked, clause_model().read(asked), strict=True):
        clause.reading = reading


def proposed(parsed: ParsedSentence, clause: Clause) -> RuleMatch | None:
    """The claim that the model reads in a clause that no rule takes; None if it is not sure of any."""
    if clause.end - clause.i < MIN_WORDS or _only_says(parsed.sentence, clause):
        return None
    sentence, reading = parsed.sentence, parsed.reading(clause)
    if reading.event_type == NONE or reading.probability < LEAST or sentence.is_purpose(clause):
        return None
    least = max(_least(sentence, clause), _least_of_types().get((sentence.settings["lang"], reading.event_type), 0.0))
    if reading.probability < least:
        return None
    return RuleMatch(_learnt(reading.event_type), parsed, clause, _key(sentence, clause), probability=reading.probability)


def _only_says(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause ends in a verb of saying, what is said following in the next one: *Die Firma in Hanau erklärte, ...*."""
    end = clause.end
    while end > clause.i and not sentence.words[end - 1][0].isalnum():
        end -= 1
    is_last = clause is sentence.clauses[-1]
    return (
        not is_last and not sentence.of("perfect", clause) and any((hit.i, hit.j) == (end - 1, end) for hit in sentence.of("say", clause))
    )


@cache
def _least_of_types() -> dict[tuple[str, str], float]:
    """Higher bounds of the types of a language that the model alone reads badly (``learnt.csv``)."""
    return {(row["lang"], row["event_type"]): float(row["least"]) for row in read_table("learnt.csv")}


def _least(sentence: Sentence, clause: Clause) -> float:
    """Probability from which the model's type of a clause is taken."""
    bounds = [MIN_PROBABILITY if sentence.of("concept", clause) and clause is sentence.clauses[0] else MIN_WITHOUT_CONCEPT]
    if not names_trade(sentence):
        bounds.append(MIN_UNNAMED if "concept" in sentence.by_kind else MIN_BARE)
    if clause.relative:
        bounds.append(MIN_RELATIVE)
    if len(sentence.clauses) > 1 and not sentence.of("finite", clause):
        bounds.append(MIN_FRAGMENT)
    return max(bounds)


def reconsidered(matches: list[RuleMatch]) -> list[RuleMatch]:
    """The matches of a clause without those that the model rules out, and with its type where it is sure of another.

    Judged are rules of core types that the model knows; a type that another rule has found in the clause replaces none.
    """
    types = {match.rule.type for match in matches}
    return [judged for match in matches if (judged := _judged(match, types)) is not None]


def _judged(match: RuleMatch, types: set[str]) -> RuleMatch | None:
    if match.act or match.sentence.is_purpose(match.clause):
        return match
    reading = match.parsed.reading(match.clause)
    if len(types) > 1:
        return None if BROAD in match.rule.flags and _is_other_sure(match, reading) else match
    if match.type.tier != "core":
        is_act = reading.event_type != NONE and reading.probability >= MIN_OF_CORE
        return _retyped(match, reading) if is_act else match
    chance = _chance(match, reading)
    if chance is None or _is_plain(match) or _tells_the_same(match, reading):
        return match
    margin = reading.probability - chance
    if reading.event_type == NONE:
        return None if margin >= (MARGIN_OF_NONE_BROAD if BROAD in match.rule.flags else MARGIN_OF_NONE) else match
    return _retyped(match, reading) if margin >= _margin(match) else match


def _is_plain(match: RuleMatch) -> bool:
    """Whether the words alone say the type: of a change of an act that stands, or by three concepts together."""
    return CHANGE in match.type.traits or len(match.rule.when) >= COMPOSED


def _is_other_sure(match: RuleMatch, reading: ClauseReading) -> bool:
    """Whether a rule is one of several in its clause, and the model much surer of another type."""
    chance = _chance(match, reading)
    return chance is not None and reading.event_type != match.rule.type and reading.probability - chance >= MARGIN


def _margin(match: RuleMatch) -> float:
    """By how much another type must be likelier than the rule's to replace it."""
    if match.clause.relative:
        return MARGIN_IN_RELATIVE
    return MARGIN_OF_BROAD if BROAD in match.rule.flags else MARGIN


def _tells_the_same(match: RuleMatch, reading: ClauseReading) -> bool:
    """Whether the model reads the rule's type, or the plan of its act or the act of its plan: which of both, the mood tells."""
    names = {match.rule.type, match.type.planned_as}
    return reading.event_type in names or (reading.event_type != NONE and event_types()[reading.event_type].planned_as in names - {""})


def _retyped(match: RuleMatch, reading: ClauseReading) -> RuleMatch:
    return replace(match, rule=_learnt(reading.event_type), probability=reading.probability)


def _chance(match: RuleMatch, reading: ClauseReading) -> float | None:
    """Probability of the rule's type, told as done or as planned; None for types that the model does not know."""
    chances = [clause_model().probability_of(reading, kind) for kind in (match.rule.type, match.type.planned_as) if kind]
    known = [chance for chance in chances if chance is not None]
    return sum(known) if known and chances[0] is not None else None


def _learnt(event_type: str) -> ClaimRule:
    return ClaimRule(MODEL, event_type, (frozenset(),), (), frozenset())


def _key(sentence: Sentence, clause: Clause) -> LexiconHit:
    """The hit from which roles and figures are looked for: the first concept of the clause, else its first hit."""
    own = sentence.of("concept", clause) or [hit for hit in sentence.hits if clause.contains(hit.i)] or sentence.hits
    return own[0] if own else LexiconHit(MODEL, MODEL, clause.i, clause.i + 1, clause.i, ())


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
    probability = model.probability_of(match.parsed.reading(match.clause), match.rule.type)
    return None if probability is None else _share(RULES, probability)


@contextmanager
def raw_confidence() -> Iterator[None]:
    """Within this context the confidence of a claim is the model's own probability: what calibration starts from."""
    token = _IS_RAW.set(True)
    try:
        yield
    finally:
        _IS_RAW.reset(token)


def _share(found_by: str, probability: float) -> float:
    if _IS_RAW.get():
        return probability
    return round(next(part.share for part in _bins()[found_by] if probability < part.below), 2)
