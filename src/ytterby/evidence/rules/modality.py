"""Modality and polarity of a claim: how certain its clause presents it, and whether it is denied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.evidence.rules.sentences import CLAUSE_ENDS
from ytterby.evidence.tables import event_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.evidence.lexicon import LexiconHit
    from ytterby.evidence.rules.mentions import ClaimSource
    from ytterby.evidence.rules.rule_matching import RuleMatch
    from ytterby.evidence.rules.sentences import Clause, Sentence

MAX_PHRASE = 6
"""Words of a negated noun phrase."""
PHRASE_ENDS = ("prep", "opener", "finite", "place")
"""Kinds of words before which a noun phrase ends."""


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
    if default in {"done", "asserted"} and (
        "act" in traits or ("done_in_perfect" in traits and (has("perfect") or _is_past(sentence, clause)))
    ):
        return "done"
    return default


def _is_past(sentence: Sentence, clause: Clause) -> bool:
    """Whether a verb of the lexicon stands in the simple past, by its ending and without an auxiliary before it."""
    pattern = re.compile(sentence.settings["preterite"])
    verbs = [hit.i for hit in sentence.of("concept", clause) if pattern.search(sentence.lows[hit.i]) and sentence.words[hit.i].islower()]
    return any(not sentence.at("passive", at - 1) and not sentence.at("det", at - 1) for at in verbs)


def _is_planned(sentence: Sentence, clause: Clause, kind: str, traits: frozenset[str], has: Callable[[str], bool]) -> bool:
    """Whether a modal verb, a future tense or a purpose announces it; for acts a vague *in future* is not enough."""
    if "never_planned" in traits:
        return False
    if has("modal_plan") or is_future(sentence, clause) or sentence.is_purpose(clause):
        return True
    return has("plan") and (kind == "proposal" or ("act" not in traits and kind != "negotiation"))


def is_future(sentence: Sentence, clause: Clause) -> bool:
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


def polarity_of(match: RuleMatch) -> str:
    """``neg`` if the clause negates the act of a claim, or its sentence denies it, else ``pos``; who denies a refusal denies no act."""
    sentence, clause = match.sentence, match.clause
    exempt = {at for hit in sentence.of("neg_exempt") for at in range(hit.i, hit.j)}
    negations = (hit for hit in sentence.of("neg", clause) if hit.i not in exempt)
    negated = [hit for hit in negations if _negates(match, hit)]
    if sentence.of("deny"):
        return "pos" if any(_is_denied(sentence, clause, hit) for hit in negated) else "neg"
    return "neg" if negated or _is_unplanned(match) else "pos"


def _is_denied(sentence: Sentence, clause: Clause, negation: LexiconHit) -> bool:
    """Whether a negation is what is denied: ``denied that it had refused permits``; not ``denied it and said it would not``.

    Between both stands no word of speech, in the clause of the denial or in the one that depends on it.
    """
    denials = [hit.i for hit in sentence.of("deny") if hit.i < negation.i]
    if not denials:
        return False
    first = max(denials)
    again = any(sentence.within(kind, first + 1, negation.i) for kind in ("say", "report_v", "conj"))
    depends = sentence.clauses.index(clause) - next(at for at, other in enumerate(sentence.clauses) if other.end > first)
    return not again and depends <= 1


def _negates(match: RuleMatch, negation: LexiconHit) -> bool:
    """Whether a negation reaches the act: that of a verb always, that of a noun only if the noun is the act or its subject.

    ``China bans exports with no transition period`` bans; ``China imposes no ban`` and ``No permits were granted`` do not.
    """
    sentence, clause = match.sentence, match.clause
    if sentence.at("neg_verb", negation.i) or not sentence.at("neg_noun", negation.i):
        return True
    is_adjunct = sentence.at("neg_adjunct", negation.i) or sentence.at("prep", negation.i - 1)
    if not is_adjunct and negation.i <= clause.i + 1:
        return True
    end = _phrase_end(sentence, negation.j)
    return any(negation.j <= at < end for at in _act_words(match)) or bool(sentence.within("neg_head", negation.j, end))


def _phrase_end(sentence: Sentence, at: int) -> int:
    """Index after the noun phrase that begins at word ``at``; where nouns have capitals, it ends with the first of them."""
    words, end, has_capitals = sentence.words, at, bool(sentence.settings["nouns_capital"])
    while end < min(at + MAX_PHRASE, len(words)):
        ends = words[end] in CLAUSE_ENDS or any(sentence.at(kind, end) for kind in PHRASE_ENDS)
        follows_noun = has_capitals and words[end - 1][0].isupper() and words[end][0].islower()
        if (ends or follows_noun) and end > at:
            break
        end += 1
    return end


def _act_words(match: RuleMatch) -> list[int]:
    """Places of the words that make the act: the key, and what the rule demands beside it."""
    wanted = frozenset().union(*match.rule.when)
    return [match.key.i, *(hit.i for hit in match.sentence.of("concept", match.clause) if hit.value in wanted)]


def _is_unplanned(match: RuleMatch) -> bool:
    """Whether the clause before says that nobody has plans for this one: ``hat keine Pläne, Ausfuhren zu beschränken``."""
    sentence, at = match.sentence, match.sentence.clauses.index(match.clause)
    if at == 0 or sentence.of("finite", match.clause):
        return False
    before = sentence.clauses[at - 1]
    return any(sentence.within("neg_head", hit.j, _phrase_end(sentence, hit.j)) for hit in sentence.of("neg_noun", before))
