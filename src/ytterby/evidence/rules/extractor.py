"""The extractor of claims by rules: sentence by sentence, with what earlier sentences mentioned as context."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.evidence.claims import ENDED, LISTS, Claim, claim_id, countries_and_groups
from ytterby.evidence.lexicon import lexicon_of
from ytterby.evidence.rules.attribution import AGREEMENT_TEXT, DECLARATION_TEXT, find_source
from ytterby.evidence.rules.claim_dates import as_last_day, dates_of, is_still_to_come, resolve_earlier
from ytterby.evidence.rules.claim_fields import materials_of, quantity_of, split_by_quantity, stages_of
from ytterby.evidence.rules.discourse import DiscourseContext
from ytterby.evidence.rules.entities import find_entities
from ytterby.evidence.rules.materials import MATERIAL_KINDS
from ytterby.evidence.rules.modality import modality_of, polarity_of
from ytterby.evidence.rules.provenance import provenance_of
from ytterby.evidence.rules.renewal import is_only_term, renewal_of
from ytterby.evidence.rules.roles import actors_of, targets_of
from ytterby.evidence.rules.rule_matching import ParsedSentence, RuleMatch, can_match, match_rules
from ytterby.evidence.rules.second_opinion import confidence_of, may_report, proposed, read_ahead, reconsidered
from ytterby.evidence.rules.sentences import Sentence, is_quoted, sentences_of
from ytterby.evidence.rules.taken_up import may_take_up, remember, taken_up
from ytterby.evidence.spelling import spells_out
from ytterby.evidence.tables import LANGUAGES, event_types

if TYPE_CHECKING:
    from ytterby.evidence.clean_view import CleanView
    from ytterby.evidence.documents import Document
    from ytterby.evidence.lexicon import Lexicon
    from ytterby.evidence.rules.mentions import ClaimSource
    from ytterby.evidence.rules.sentences import Clause

ClaimFields = dict[str, Any]
"""Fields of a claim by name, before its id is known."""
Matches = dict[int, list[RuleMatch]]
"""Rules that hold in each clause, by the clause's ``id()``."""

VERSION = "rules:1"
MIN_HEADLINE = 3
"""Words that a heading needs to state anything."""
QUESTION = "?"
TEXTS = frozenset((AGREEMENT_TEXT, DECLARATION_TEXT))


class RuleExtractor:
    """Finds claims by the rules and lexicons of this package; see :class:`ytterby.evidence.claims.Extractor`."""

    def supports(self, language: str) -> bool:
        """Whether there is a lexicon for the language."""
        return language in LANGUAGES

    def extract(self, document: Document, view: CleanView) -> list[Claim]:
        """Claims of a document in order of place."""
        lexicon = lexicon_of(document.language, spells_out(document.text, document.language))
        published = date.fromisoformat(document.published) if document.published else None
        sentences = sentences_of(view, lexicon)
        context = DiscourseContext.of(sentences)
        read_ahead(sentences, context)
        found: list[ClaimFields] = []
        previous: ParsedSentence | None = None
        for sentence in sentences:
            parsed = _parse(sentence, lexicon, context, published, previous)
            claims = claims_of_sentence(parsed, context, published)
            if parsed.source and parsed.source.backward and not claims and previous is not None:
                _attribute_previous(found, previous, parsed.source)
            found += claims
            previous = parsed
        numbers: Counter[tuple[str, int]] = Counter()
        return [_claim(fields, numbers, document) for fields in found]


def _parse(
    sentence: Sentence, lexicon: Lexicon, context: DiscourseContext, published: date | None, previous: ParsedSentence | None
) -> ParsedSentence:
    entities = find_entities(sentence, lexicon, context)
    source = find_source(sentence, entities, lexicon, context)
    if source is None and previous is not None and previous.source is not None:
        still_reported = not previous.source.official and sentence.at("carry_on", 0)
        source = previous.source if still_reported else None
    return ParsedSentence(sentence, entities, lexicon, source, published)


def _attribute_previous(found: list[ClaimFields], previous: ParsedSentence, source: ClaimSource) -> None:
    """Attribute the claims of the sentence before to the source that only this sentence names."""
    start, _ = previous.sentence.span(0, 1)
    for fields in found:
        if fields["start"] >= start and fields["attributed_to"] is None:
            fields["attributed_to"] = source.name


def _claim(fields: ClaimFields, numbers: Counter[tuple[str, int]], document: Document) -> Claim:
    start, end, kind, rule = fields["start"], fields["end"], fields["event_type"], fields.pop("rule")
    while end < len(document.text) and unicodedata.combining(document.text[end]):
        end += 1
    fields["end"] = end
    numbers[kind, start] += 1
    quote = document.text[start:end]
    values: ClaimFields = {key: tuple(value) if key in LISTS else value for key, value in fields.items()}
    return Claim(
        id=claim_id(document.name, quote, kind, numbers[kind, start]),
        doc=document.name,
        quote=quote,
        tier=event_types()[kind].tier,
        extractor=f"{VERSION}:{rule}",
        **values,
    )


def claims_of_sentence(parsed: ParsedSentence, context: DiscourseContext, published: date | None) -> list[ClaimFields]:
    """Fields of all claims of a sentence in order of place; the context then takes up what the sentence mentions."""
    sentence = parsed.sentence
    if _is_bare_headline(parsed) or _is_question(sentence):
        context.update(parsed, [])
        return []
    is_near = can_match(sentence) or may_take_up(sentence, context)
    matches = {id(clause): reconsidered(match_rules(parsed, clause)) if is_near else [] for clause in sentence.clauses}
    for clause in sentence.clauses if is_near else ():
        if not matches[id(clause)] and (again := taken_up(parsed, clause, context)):
            matches[id(clause)] = [again]
    for clause in sentence.clauses if may_report(sentence, context) else ():
        if not matches[id(clause)] and (more := proposed(parsed, clause)):
            matches[id(clause)] = [more]
    found: list[ClaimFields] = []
    for at, clause in enumerate(sentence.clauses):
        extent = _extent(sentence, matches, at)
        for match in matches[id(clause)]:
            if "alone" in match.rule.flags and at and _is_covered(sentence, matches, at):
                continue
            match.extent = extent
            for part in split_by_quantity(match):
                claim = _fields(part, context, published)
                kind = claim["event_type"]
                if "once" not in event_types()[kind].traits or kind not in {other["event_type"] for other in found}:
                    found.append(claim)
    found = _merge_shares(found)
    context.update(parsed, found)
    for claim in found:
        remember(context.acts, claim)
    return found


def _is_bare_headline(parsed: ParsedSentence) -> bool:
    """Whether it is a heading that is too short to state anything or names nobody who acts."""
    sentence = parsed.sentence
    if sentence.block.role != "headline":
        return False
    return len(sentence.words) < MIN_HEADLINE or not (sentence.of("place") or parsed.entities or MATERIAL_KINDS & sentence.by_kind.keys())


def _is_question(sentence: Sentence) -> bool:
    """Whether it asks, and so states nothing."""
    return QUESTION in sentence.words[-2:]


def _is_covered(sentence: Sentence, matches: Matches, at: int) -> bool:
    """Whether a clause without a verb belongs to the one before it, which a rule has taken as a whole."""
    before, clause = sentence.clauses[at - 1], sentence.clauses[at]
    return any("whole" in match.rule.flags for match in matches[id(before)]) and not sentence.of("finite", clause)


def _extent(sentence: Sentence, matches: Matches, at: int) -> list[Clause]:
    """The clauses after a clause that give no claim of their own: purposes, relative clauses, additions."""
    result = []
    for clause in sentence.clauses[at + 1 :]:
        found = matches[id(clause)]
        is_core = any(match.type.tier == "core" for match in found)
        if is_core or (found and not sentence.is_purpose(clause)):
            break
        result.append(clause)
    return result


def _merge_shares(claims: list[ClaimFields]) -> list[ClaimFields]:
    """Drop a market share without a figure if the same sentence gives the figure, and keep its date."""
    shares = [claim for claim in claims if claim["event_type"] == "market_share"]
    result = []
    for claim in claims:
        is_vague = claim["event_type"] == "market_share" and not claim["quantity"]
        same = [other for other in shares if is_vague and other["quantity"] and other["actors"] == claim["actors"]]
        for other in same:
            other.update({"start": min(other["start"], claim["start"]), "date": other["date"] or claim["date"]})
        if not same:
            result.append(claim)
    return result


def _fields(match: RuleMatch, context: DiscourseContext, published: date | None) -> ClaimFields:
    """Fields of one claim."""
    sentence, clause, kind, source = match.sentence, match.clause, match.rule.type, match.parsed.source
    if source is not None and source.name in TEXTS and clause.contains(source.at):
        source = None
    fixed = next((flag.removeprefix("mood=") for flag in match.rule.flags if flag.startswith("mood=")), "")
    modality = fixed or modality_of(sentence, clause, kind, source, is_quoted(sentence, clause))
    if not fixed and modality in {"asserted", "done"} and is_still_to_come(match, published):
        modality = "planned"
    kind = (match.type.planned_as if modality in {"planned", "could"} else "") or kind
    actors = actors_of(match, context)
    targets = targets_of(match, actors, context)
    materials = materials_of(match, context, (*actors, *targets))
    if match.act:
        actors, targets, materials = (list(match.act[key]) for key in ("actors", "targets", "materials"))
    if "swap" in match.rule.flags and (buyers := countries_and_groups(targets)):
        actors, targets = buyers, actors
    dates = dates_of(match, modality, published)
    resolve_earlier(dates, kind, context)
    if is_only_term(match):
        dates = [as_last_day(day) for day in dates]
    renewal = renewal_of(match)
    start, end = sentence.span(*_quote_words(match))
    return {
        "start": start,
        "end": end,
        "event_type": kind,
        "polarity": _polarity(match, renewal),
        "actors": actors,
        "targets": targets,
        "materials": materials,
        "stage": stages_of(match, materials),
        "quantity": quantity_of(match),
        "date": dates[0] if dates else None,
        "dates": dates,
        "modality": modality,
        "attributed_to": source.name if source and not source.backward else None,
        "rule": match.rule.id,
        "renewal": renewal,
        "confidence": confidence_of(match),
        "provenance": provenance_of(match, {"actors": actors, "targets": targets, "materials": materials, "date": dates}),
    }


def _polarity(match: RuleMatch, renewal: str | None) -> str:
    """Polarity of a claim: a suspension that ends is denied, one that goes on is not, in whatever words."""
    if renewal is not None:
        return "neg" if renewal == ENDED else "pos"
    return next((sign for sign in ("pos", "neg") if sign in match.rule.flags), "") or polarity_of(match)


def _quote_words(match: RuleMatch) -> tuple[int, int]:
    """First and last word (exclusive) of the clause and its extent, without surrounding commas, brackets and quotation marks."""
    words = match.sentence.words
    i, j = match.clause.i, max([match.clause.end, *(clause.end for clause in match.extent)])
    while i < j - 1 and not words[i][0].isalnum():
        i += 1
    while j > i + 1 and not (words[j - 1][0].isalnum() or words[j - 1] in "%.!?"):
        j -= 1
    return i, j
