"""Who says so: the nearest named source of a sentence, and whether its words are reported speech."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.evidence.entities import inside_quotes, name_run
from ytterby.evidence.text import OPENING, SPLITTERS

if TYPE_CHECKING:
    from ytterby.evidence.entities import Context, Entity
    from ytterby.evidence.lexicon import Hit, Lexicon
    from ytterby.evidence.text import Clause, Sentence

AGREEMENT_TEXT, DECLARATION_TEXT = "agreement text", "declaration text"


@dataclass(frozen=True)
class Source:
    """A source: ``official`` ones (people, states, texts) turn statements into claims, media do not."""

    name: str
    official: bool
    at: int = 0
    announced: bool = False
    indirect: bool = False
    backward: bool = False

    def covers(self, sentence: Sentence, clause: Clause) -> bool:
        """Whether a clause is in the mouth of the source."""
        del sentence, clause
        return True


def plain_name(entity: Entity) -> str:
    """A source as the claims name it: people and firms by name, states by code."""
    return entity.value if entity.is_country else entity.value.partition(":")[2]


def find(sentence: Sentence, entities: list[Entity], lexicon: Lexicon, context: Context) -> Source | None:
    """The source of a sentence, or None."""
    return (
        _text_source(sentence)
        or _own_account(sentence, entities, context)
        or _according(sentence, entities, lexicon, context)
        or _reported(sentence, entities, lexicon, context)
        or _spoken(sentence, entities, lexicon, context)
        or _side(sentence, entities)
    )


def _text_source(sentence: Sentence) -> Source | None:
    says = sentence.of("says_text")
    if not says:
        return None
    for kind, name in (("text_agreement", AGREEMENT_TEXT), ("text_declaration", DECLARATION_TEXT)):
        if any(hit.i >= says[0].i for hit in sentence.of(kind)):
            return Source(name, True, says[0].i)
    return None


def _own_account(sentence: Sentence, entities: list[Entity], context: Context) -> Source | None:
    hits = sentence.of("according_self")
    if not hits:
        return None
    before = [e for e in entities if e.j <= hits[0].i and e.role in {"subj", "gen"}] or [e for e in entities if e.role == "subj"]
    name = plain_name(before[-1]) if before else (context.focus[0] if context.focus else "")
    return Source(name, True, hits[0].i) if name else None


def _according(sentence: Sentence, entities: list[Entity], lexicon: Lexicon, context: Context) -> Source | None:
    for hit in sentence.of("according"):
        post = any(h.i == hit.i for h in sentence.of("according_post"))
        at = hit.j
        if post and (at >= len(sentence.words) or sentence.words[at] in SPLITTERS or hit.i > 1):
            source = _phrase_before(sentence, entities, lexicon, context, hit.i)
        else:
            source = _phrase_after(sentence, entities, lexicon, context, at)
        if source:
            return source
    return None


def _phrase_before(sentence: Sentence, entities: list[Entity], lexicon: Lexicon, context: Context, at: int) -> Source | None:
    begin = at
    while begin and sentence.words[begin - 1] not in SPLITTERS and at - begin < 5:
        begin -= 1
    return _phrase(sentence, entities, lexicon, context, begin, at)


def _phrase_after(sentence: Sentence, entities: list[Entity], lexicon: Lexicon, context: Context, at: int) -> Source | None:
    end = at
    while (
        end < len(sentence.words)
        and sentence.words[end] not in SPLITTERS
        and sentence.words[end] not in ".!?"
        and end - at < 8
        and not sentence.at("finite", end)
    ):
        end += 1
    return _phrase(sentence, entities, lexicon, context, at, end)


def _phrase(sentence: Sentence, entities: list[Entity], lexicon: Lexicon, context: Context, i: int, j: int) -> Source | None:
    """The source named in words ``i`` to ``j``."""
    for entity in entities:
        if i <= entity.i < j and entity.form != "country_adj" and not (entity.is_country and entity.role in {"in", "to"}):
            return Source(plain_name(entity), not entity.value.startswith("org:") or entity.form == "company", i)
    for hit in sentence.of("unnamed"):
        if i <= hit.i < j:
            return Source(f"unnamed {hit.value}", True, i, indirect=True)
    for at in range(i, j):
        end = name_run(sentence, lexicon, at)
        if end > at and (end - at > 1 or "." in sentence.words[at] or not lexicon.settings["nouns_capital"] or sentence.of("outlet")):
            return Source(_join(sentence, at, min(end, j)), False, i)
        if "." in sentence.words[at] and len(sentence.words[at]) > 3:
            return Source(sentence.words[at], False, i)
    if any(i <= hit.i < j for hit in sentence.of("government")) or any(i <= hit.i < j for hit in sentence.of("pronoun")):
        return _anaphoric(sentence, context, i, j, entities)
    words = [at for at in range(i, j) if not sentence.at("det", at) and sentence.words[at] not in OPENING]
    return Source(_join(sentence, words[0], words[-1] + 1), False, i) if words and len(words) <= 3 else None


def _anaphoric(sentence: Sentence, context: Context, i: int, j: int, entities: list[Entity]) -> Source | None:
    government = any(i <= hit.i < j for hit in sentence.of("government"))
    near = [e for e in entities if e.is_country and i - 3 <= e.i < j + 3]
    if government and near:
        return Source(near[0].value, True, i)
    if government:
        countries = [name for name in context.focus if name.startswith(("country:", "group:"))] or [context.main_actor]
        return Source(countries[0], True, i) if countries[0] else None
    name = context.org or (context.focus[0] if context.focus else "")
    return Source(name.partition(":")[2] if not name.startswith("country:") else name, True, i) if name else None


def _join(sentence: Sentence, i: int, j: int) -> str:
    return sentence.block.text[sentence.starts[i] : sentence.ends[j - 1]]


def _reported(sentence: Sentence, entities: list[Entity], lexicon: Lexicon, context: Context) -> Source | None:
    """Media that report: ``berichtet Example.com``, ``the daily Example reported``."""
    del entities, context
    for hit in sentence.of("report_v"):
        outlets = sentence.of("outlet")
        for outlet in outlets:
            end = name_run(sentence, lexicon, outlet.j)
            if end > outlet.j:
                return Source(_join(sentence, outlet.j, end), False, hit.i, indirect=True)
        at = hit.j
        while at < len(sentence.words) and (sentence.words[at] in OPENING or sentence.at("det", at)):
            at += 1
        end = name_run(sentence, lexicon, at)
        if end > at:
            return Source(_join(sentence, at, end), False, hit.i)
        if at < len(sentence.words) and "." in sentence.words[at] and len(sentence.words[at]) > 3:
            return Source(sentence.words[at], False, hit.i)
        begin = 1 if sentence.at("det", 0) else 0
        end = name_run(sentence, lexicon, begin)
        if end > begin and end <= hit.i:
            return Source(_join(sentence, begin, end), False, hit.i, indirect=True)
    for outlet in sentence.of("outlet"):
        end = name_run(sentence, lexicon, outlet.j)
        if end > outlet.j and (sentence.of("report_noun") or sentence.of("according")):
            return Source(_join(sentence, outlet.j, end), False, outlet.i, indirect=True)
    return None


def _spoken(sentence: Sentence, entities: list[Entity], lexicon: Lexicon, context: Context) -> Source | None:
    for hit in sorted(sentence.of("say"), key=lambda h: -h.i):
        announced = any(h.i == hit.i for h in sentence.of("announce"))
        source = _speaker(sentence, entities, lexicon, context, hit)
        if source and announced and not source.name[:1].isupper():
            continue
        if source:
            first = sentence.at("demonstrative", 0) or sentence.at("det", 0)
            return Source(source.name, True, hit.i, announced, source.indirect, bool(first) and hit.i <= 2)
    return None


def _speaker(sentence: Sentence, entities: list[Entity], lexicon: Lexicon, context: Context, hit: Hit) -> Source | None:
    """Subject of a verb of saying: people before states, the nearest first."""
    bounds = next((c for c in sentence.clauses if c.holds(hit.i)), None)
    i, j = (bounds.i, bounds.last) if bounds else (0, len(sentence.words))
    near = [e for e in entities if i <= e.i < j and e.role in {"subj", "gen", "by", "from", "von", "of", "to"}]
    persons = [e for e in near if e.value.startswith("person:") and e.role in {"subj", "gen"}]
    if persons:
        return Source(plain_name(min(persons, key=lambda e: abs(e.i - hit.i))), True, hit.i)
    for unnamed in sentence.of("unnamed"):
        if i <= unnamed.i < j:
            return Source(f"unnamed {unnamed.value}", True, hit.i, indirect=True)
    roles = [h for h in sentence.of("role") if i <= h.i < j]
    if roles:
        return _office(sentence, entities, context, roles[0], (i, j))
    if any(i <= h.i < j for h in sentence.of("government")):
        return _anaphoric(sentence, context, i, j, entities)
    subjects = [e for e in near if e.role in {"subj"} and e.form != "country_adj"]
    if subjects:
        return Source(plain_name(min(subjects, key=lambda e: abs(e.i - hit.i))), True, hit.i)
    if any(i <= h.i < j and h.j - h.i >= 1 for h in sentence.of("pronoun")) or hit.i <= 2:
        name = context.speaker or next((n for n in context.focus if n.startswith("person:")), "") or context.org
        return Source(name.partition(":")[2] if not name.startswith(("country:", "group:")) else name, True, hit.i) if name else None
    return None


def _office(sentence: Sentence, entities: list[Entity], context: Context, role: Hit, bounds: tuple[int, int]) -> Source | None:
    """An office without a name: its country, its organisation, or its own words."""
    near = [e for e in entities if role.i - 4 <= e.i < min(bounds[1], role.j + 6)]
    if near:
        return Source(plain_name(near[0]), True, role.i)
    countries = [name for name in context.focus if name.startswith(("country:", "group:"))] or [context.main_actor]
    if sentence.at("det", role.i - 1) or sentence.of("government"):
        return Source(countries[0], True, role.i) if countries[0] else None
    return Source(f"unnamed {sentence.lows[role.i]}", True, role.i, indirect=True)


def _side(sentence: Sentence, entities: list[Entity]) -> Source | None:
    for hit in sentence.of("side_of"):
        near = [e for e in entities if hit.i <= e.i <= hit.last]
        if near:
            return Source(plain_name(near[0]), True, hit.i)
    return None


def is_quoted(sentence: Sentence, clause: Clause) -> bool:
    """Whether the clause stands in quotation marks."""
    return sentence.quoted or inside_quotes(sentence, clause)
