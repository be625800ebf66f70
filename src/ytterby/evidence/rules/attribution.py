"""Attribution: the nearest named source of a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.evidence.rules.entities import name_end
from ytterby.evidence.rules.mentions import ADJECTIVE, ClaimSource, EntityMention
from ytterby.evidence.rules.sentences import CLAUSE_ENDS, OPENING

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import Lexicon, LexiconHit
    from ytterby.evidence.rules.discourse import DiscourseContext
    from ytterby.evidence.rules.sentences import Sentence

AGREEMENT_TEXT, DECLARATION_TEXT = "agreement text", "declaration text"
SPEAKER_ROLES = frozenset(("subj", "gen", "by", "from", "of_or_by", "of", "to"))
SOURCE_KINDS = frozenset(("says_text", "according_self", "according", "report_v", "report_noun", "say", "side_of"))
"""Kinds of hits of which a sentence with a source has one."""
MIN_HOST_NAME = 4
"""Characters of a word with a full stop inside that is taken for a host name such as ``example.com``."""


def find_source(sentence: Sentence, entities: list[EntityMention], lexicon: Lexicon, context: DiscourseContext) -> ClaimSource | None:
    """The source of a sentence; None if it names none."""
    if SOURCE_KINDS.isdisjoint(sentence.by_kind):
        return None
    return _SourceFinder(sentence, entities, lexicon, context).find()


def _source_name(entity: EntityMention) -> str:
    """Persons and organisations by name, states by code."""
    return entity.value if entity.is_country else entity.value.partition(":")[2]


@dataclass
class _SourceFinder:
    """The patterns by which a sentence can name its source, in order of priority."""

    sentence: Sentence
    entities: list[EntityMention]
    lexicon: Lexicon
    context: DiscourseContext

    def find(self) -> ClaimSource | None:
        return self.text_quoted() or self.own_account() or self.according_to() or self.reported_by_media() or self.said_by() or self.side()

    def text_quoted(self) -> ClaimSource | None:
        """``the agreement says``."""
        says = self.sentence.of("says_text")
        for kind, name in (("text_agreement", AGREEMENT_TEXT), ("text_declaration", DECLARATION_TEXT)) if says else ():
            if any(hit.i >= says[0].i for hit in self.sentence.of(kind)):
                return ClaimSource(name, True, says[0].i)
        return None

    def own_account(self) -> ClaimSource | None:
        """``by its own account``."""
        hits = self.sentence.of("according_self")
        if not hits:
            return None
        before = [e for e in self.entities if e.j <= hits[0].i and e.role in {"subj", "gen"}]
        before = before or [e for e in self.entities if e.role == "subj"]
        name = _source_name(before[-1]) if before else next(iter(self.context.focus), "")
        return ClaimSource(name, True, hits[0].i) if name else None

    def according_to(self) -> ClaimSource | None:
        """``according to ...``, or a source before such a word: ``... zufolge``."""
        words = self.sentence.words
        for hit in self.sentence.of("according"):
            is_after = self.sentence.at("according_post", hit.i) is not None
            if is_after and (hit.j >= len(words) or words[hit.j] in CLAUSE_ENDS or hit.i > 1):
                source = self.phrase(self.phrase_start(hit.i), hit.i)
            else:
                source = self.phrase(hit.j, self.phrase_end(hit.j))
            if source:
                return source
        return None

    def phrase_start(self, at: int) -> int:
        begin = at
        while begin and self.sentence.words[begin - 1] not in CLAUSE_ENDS and at - begin < 5:
            begin -= 1
        return begin

    def phrase_end(self, at: int) -> int:
        end, words = at, self.sentence.words
        while end < len(words) and end - at < 8:
            if words[end] in CLAUSE_ENDS or words[end] in ".!?" or self.sentence.at("finite", end):
                break
            end += 1
        return end

    def phrase(self, i: int, j: int) -> ClaimSource | None:
        """The source that words ``i`` to ``j`` name."""
        sentence = self.sentence
        for entity in self.entities:
            is_place = entity.is_country and entity.role in {"in", "to"}
            if i <= entity.i < j and entity.form != ADJECTIVE and not is_place:
                return ClaimSource(_source_name(entity), not entity.value.startswith("org:") or entity.form == "company", i)
        for hit in sentence.within("unnamed", i, j):
            return ClaimSource(f"unnamed {hit.value}", True, i)
        for at in range(i, j):
            end, word = name_end(sentence, self.lexicon, at), sentence.words[at]
            is_name = end - at > 1 or "." in word or not self.lexicon.settings["nouns_capital"] or sentence.of("outlet")
            if end > at and is_name:
                return ClaimSource(sentence.text(at, min(end, j)), False, i)
            if _is_host_name(word):
                return ClaimSource(word, False, i)
        if sentence.within("government", i, j) or sentence.within("pronoun", i, j):
            return self.referred_to(i, j)
        words = [at for at in range(i, j) if not sentence.at("det", at) and sentence.words[at] not in OPENING]
        return ClaimSource(sentence.text(words[0], words[-1] + 1), False, i) if words and len(words) <= 3 else None

    def referred_to(self, i: int, j: int) -> ClaimSource | None:
        """The source that a pronoun or *the government* refers to."""
        if self.sentence.within("government", i, j):
            near = [e.value for e in self.entities if e.is_country and i - 3 <= e.i < j + 3]
            name = near[0] if near else self.context.power
        else:
            named = self.context.company or next(iter(self.context.focus), "")
            name = named if named.startswith("country:") else named.partition(":")[2]
        return ClaimSource(name, True, i) if name else None

    def reported_by_media(self) -> ClaimSource | None:
        """``berichtet Example.com``, ``the daily Example reported``."""
        sentence, lexicon = self.sentence, self.lexicon
        for hit in sentence.of("report_v"):
            named = self.after_outlet(hit.i)
            if named:
                return named
            at = hit.j
            while at < len(sentence.words) and (sentence.words[at] in OPENING or sentence.at("det", at)):
                at += 1
            end = name_end(sentence, lexicon, at)
            if end > at:
                return ClaimSource(sentence.text(at, end), False, hit.i)
            if at < len(sentence.words) and _is_host_name(sentence.words[at]):
                return ClaimSource(sentence.words[at], False, hit.i)
            begin = 1 if sentence.at("det", 0) else 0
            end = name_end(sentence, lexicon, begin)
            if begin < end <= hit.i:
                return ClaimSource(sentence.text(begin, end), False, hit.i)
        return self.after_outlet(None) if sentence.of("report_noun") or sentence.of("according") else None

    def after_outlet(self, at: int | None) -> ClaimSource | None:
        """The medium named after a word such as *newspaper*; ``at`` is where it is said to report."""
        for outlet in self.sentence.of("outlet"):
            end = name_end(self.sentence, self.lexicon, outlet.j)
            if end > outlet.j:
                return ClaimSource(self.sentence.text(outlet.j, end), False, outlet.i if at is None else at)
        return None

    def said_by(self) -> ClaimSource | None:
        """The subject of a verb of saying."""
        for hit in sorted(self.sentence.of("say"), key=lambda h: -h.i):
            is_announced = self.sentence.at("announce", hit.i) is not None
            name = self.speaker(hit)
            if name and (not is_announced or name[:1].isupper()):
                refers_back = self.sentence.at("demonstrative", 0) or self.sentence.at("det", 0)
                return ClaimSource(name, True, hit.i, is_announced, bool(refers_back) and hit.i <= 2)
        return None

    def speaker(self, verb: LexiconHit) -> str:
        """Name of the subject of a verb of saying: persons before states, the nearest first; empty if it has none."""
        sentence, context = self.sentence, self.context
        clause = next((c for c in sentence.clauses if c.contains(verb.i)), None)
        i, j = (clause.i, clause.end) if clause else (0, len(sentence.words))
        near = [e for e in self.entities if i <= e.i < j and e.role in SPEAKER_ROLES]
        persons = [e for e in near if e.is_person and e.role in {"subj", "gen"}]
        if persons:
            return _source_name(min(persons, key=lambda e: abs(e.i - verb.i)))
        for unnamed in sentence.within("unnamed", i, j):
            return f"unnamed {unnamed.value}"
        for role in sentence.within("role", i, j):
            return self.holder_of_office(role, j)
        if sentence.within("government", i, j):
            source = self.referred_to(i, j)
            return source.name if source else ""
        subjects = [e for e in near if e.role == "subj" and e.form != ADJECTIVE]
        if subjects:
            return _source_name(min(subjects, key=lambda e: abs(e.i - verb.i)))
        if sentence.within("pronoun", i, j) or verb.i <= 2:
            name = context.speaker or next((n for n in context.focus if n.startswith("person:")), "") or context.company
            return name if name.startswith(("country:", "group:")) else name.partition(":")[2]
        return ""

    def holder_of_office(self, role: LexiconHit, end: int) -> str:
        """An office without a name: the country or organisation near it, else the country in focus, else its own word."""
        near = [e for e in self.entities if role.i - 4 <= e.i < min(end, role.j + 6)]
        if near:
            return _source_name(near[0])
        if self.sentence.at("det", role.i - 1) or self.sentence.of("government"):
            return self.context.power
        return f"unnamed {self.sentence.lows[role.i]}"

    def side(self) -> ClaimSource | None:
        """``on the part of ...``."""
        for hit in self.sentence.of("side_of"):
            near = [e for e in self.entities if hit.i <= e.i <= hit.last]
            if near:
                return ClaimSource(_source_name(near[0]), True, hit.i)
        return None


def _is_host_name(word: str) -> bool:
    return "." in word and len(word) >= MIN_HOST_NAME
