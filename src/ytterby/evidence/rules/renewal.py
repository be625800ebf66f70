"""What becomes of a suspension: a clause says that it is extended or that it ends, whoever says so and however it is negated.

Verbs that go on (*extend*) and verbs that end (*lift*, *let lapse*) have opposite signs; each negation and each denial turns the sign over.
A suspension that *expires on 10 November* only has a term: that is no word about what becomes of it. Controls that *remain suspended*
are told as an extension, too: the act was suspended before and goes on being so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.evidence.claims import ENDED, EXTENDED
from ytterby.evidence.rules.modality import polarity_of

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import LexiconHit
    from ytterby.evidence.rules.rule_matching import RuleMatch
    from ytterby.evidence.rules.sentences import Clause, Sentence

EXPIRING = "expiring"
"""Trait of types that hold until a day."""
GO_ON, CALL_OFF, END_IT, RUN_OUT, RAN_OUT, LET, PAUSE = "go_on", "call_off", "end_it", "run_out", "ran_out", "let", "pause"
"""Kinds of hits: verbs that prolong or end a suspension, *end* with or without an object, verbs that say its term or that it is over,
*let*, and nouns of suspensions."""
STAY, SUSPEND = "stay", "suspend"
"""Kind of hits and concept of what *remains suspended*."""
NEAR = 4
"""Words between a preposition and the noun that it governs, at most."""


def renewal_of(match: RuleMatch) -> str | None:
    """``extended`` or ``ended`` if the claim is about a suspension and tells what becomes of it, else None."""
    if EXPIRING not in match.type.traits:
        return None
    if not _is_spoken_of(match):
        return _of_state(match)
    sentence = match.sentence
    added = (clause for clause in match.extent if sentence.of(GO_ON, clause) and not sentence.of("place", clause))
    return next((said for clause in (match.clause, *added) if (said := said_of_term(sentence, clause))), None) or _of_state(match)


def _of_state(match: RuleMatch) -> str | None:
    """What a clause says of an act that is *kept suspended* or suspended *for another year*; None where it says neither."""
    if not match.sentence.of(STAY, match.clause) or all(hit.value != SUSPEND for hit in match.sentence.of("concept", match.clause)):
        return None
    return EXTENDED if polarity_of(match) == "pos" else ENDED


def said_of_term(sentence: Sentence, clause: Clause) -> str | None:
    """What a clause says of the term of a suspension that it or the text before names."""
    verb = _verb(sentence, clause)
    if verb is None:
        return None
    turns = len(_negations(sentence, clause, verb)) + any(hit.i < clause.end for hit in sentence.of("deny"))
    return EXTENDED if (verb.kind == GO_ON) == (turns % 2 == 0) else ENDED


def is_only_term(match: RuleMatch) -> bool:
    """Whether the clause only says when a suspension ends: its day is then the last one, not that of the act."""
    if EXPIRING not in match.type.traits or not _is_spoken_of(match) or renewal_of(match) is not None:
        return False
    return match.has(RUN_OUT) or match.has(END_IT)


def tells_of_term(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause says what becomes of a suspension, or until when it holds."""
    return said_of_term(sentence, clause) is not None or bool(sentence.of(RUN_OUT, clause) or sentence.of(END_IT, clause))


def _is_spoken_of(match: RuleMatch) -> bool:
    """Whether the clause takes up a suspension or has a noun of one that no preposition makes a mere time: *during the pause*."""
    sentence = match.sentence
    named = sentence.of(PAUSE, match.clause)
    return match.act is not None or any(not sentence.within("meanwhile", max(match.clause.i, hit.i - NEAR), hit.i) for hit in named)


def _verb(sentence: Sentence, clause: Clause) -> LexiconHit | None:
    """The first verb of the clause that tells whether the suspension goes on; a mere term tells it only if somebody *lets* it end."""
    said = [hit for kind in (GO_ON, CALL_OFF, RAN_OUT) for hit in sentence.of(kind, clause)]
    said += [hit for hit in sentence.of(END_IT, clause) if _has_object(sentence, clause, hit)]
    if not said and (lapses := [*sentence.of(RUN_OUT, clause), *sentence.of(END_IT, clause)]):
        is_told = sentence.of(LET, clause) or _negations(sentence, clause, lapses[0])
        said = lapses if is_told else []
    return min(said, key=lambda hit: hit.i, default=None)


def _has_object(sentence: Sentence, clause: Clause, verb: LexiconHit) -> bool:
    """Whether *end* is the verb of a suspension named after it, and no noun as in *the end of the pause*."""
    return not sentence.at("det", verb.i - 1) and any(hit.i > verb.i for hit in sentence.of(PAUSE, clause))


def _negations(sentence: Sentence, clause: Clause, verb: LexiconHit) -> list[LexiconHit]:
    """Negations that reach the verb, also those of a will in the clause before an infinitive; not those before a *whether*."""
    exempt = {at for hit in sentence.of("neg_exempt") for at in range(hit.i, hit.j)}
    own = [hit for hit in sentence.of("neg", clause) if not sentence.within("open_question", hit.j, verb.i)]
    at = sentence.clauses.index(clause)
    if at and not sentence.within("finite", clause.i, verb.i):
        before = sentence.clauses[at - 1]
        own += [hit for hit in sentence.of("neg", before) if _concerns_will(sentence, before, hit)]
    exempt |= {hit.i for hit in sentence.of("deny")}
    return [hit for hit in own if hit.i not in exempt]


def _concerns_will(sentence: Sentence, clause: Clause, negation: LexiconHit) -> bool:
    """Whether a negation denies that somebody means to do something: *has no plans*, *refuses*, *hat nicht vor*."""
    has_none = bool(sentence.within("neg_head", negation.j, clause.end)) or bool(sentence.of("plan", clause))
    return has_none or sentence.at("neg_will", negation.i) is not None
