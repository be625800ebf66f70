"""Sentences and clauses of a clean view, with the lexicon's hits in them; offsets lead back to the raw text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from ytterby.evidence.clean_view import CleanView, TextBlock
    from ytterby.evidence.lexicon import Lexicon, LexiconHit

OPENING, CLOSING = frozenset("„«\u201c\"'(["), frozenset("\u201c\u201d»\"')]")
QUOTES = (OPENING | CLOSING) - frozenset("()[]")
SENTENCE_ENDS = frozenset(".!?\u2026")
CLAUSE_ENDS = frozenset(",;:\u2013\u2014()")
DASHES = frozenset("-\u2013\u2014")
SHORT_OPENING = 5
"""Words up to which an opening such as ``The aim is,`` belongs to the clause after it."""

MAX_LIST = 12
"""Words up to which names without a verb belong to the clause that follows."""

MAX_SENTENCE = 400
"""Words after which a sentence is cut, which bounds the time for malicious input; real sentences are shorter."""

CHANGE, MAX_BEFORE_CHANGE = "change_n", 4
"""Concept of words that compare a figure with an earlier one, and within how many words of a part one of them makes the part a claim."""
PRICES = frozenset(("price_n", "cost_v", "dearer"))
"""Concepts of which one stands before such a part."""

MAX_FRAGMENT = 40
"""Words up to which a run without a verb belongs to the clause before it."""

Token = tuple[str, int, int]
"""A word with its start and end in the block."""


class ClauseReading(NamedTuple):
    """What the clause model makes of a clause: the likeliest type, its probability, and those of all types in their order."""

    event_type: str
    probability: float
    probabilities: NDArray[np.float32]


@dataclass
class Clause:
    """Words ``i`` to ``j`` (exclusive) of a sentence.

    ``rest`` is the second part of a clause that another clause interrupts; ``head`` is the clause whose verb this one shares;
    ``reading`` is what the clause model makes of it, once it is read.
    """

    i: int
    j: int
    rest: tuple[int, int] | None = None
    relative: bool = False
    head: Clause | None = None
    reading: ClauseReading | None = None

    def contains(self, at: int) -> bool:
        """Whether word ``at`` belongs to the clause."""
        return self.i <= at < self.j or (self.rest is not None and self.rest[0] <= at < self.rest[1])

    @property
    def end(self) -> int:
        """Index after the last word."""
        return self.rest[1] if self.rest else self.j


@dataclass
class Sentence:
    """Words of one sentence with their places in the block, and the lexicon's hits; ``may_match`` keeps what was found out of rules."""

    block: TextBlock
    words: list[str]
    starts: list[int]
    ends: list[int]
    lows: list[str]
    settings: dict[str, str]
    hits: list[LexiconHit]
    by_kind: dict[str, list[LexiconHit]] = field(default_factory=dict)
    clauses: list[Clause] = field(default_factory=list)
    may_match: bool | None = None

    @cached_property
    def digits(self) -> list[int]:
        """Words that begin with a digit."""
        return [at for at, word in enumerate(self.words) if word[0].isdecimal()]

    def span(self, i: int, j: int) -> tuple[int, int]:
        """Start and end in the raw text of words ``i`` to ``j`` (exclusive)."""
        return self.block.raw(self.starts[i]), self.block.raw(self.ends[j - 1] - 1) + 1

    def text(self, i: int, j: int) -> str:
        """Text of words ``i`` to ``j`` (exclusive)."""
        return self.block.text[self.starts[i] : self.ends[j - 1]]

    def of(self, kind: str, clause: Clause | None = None) -> list[LexiconHit]:
        """Hits of a kind in a clause, or in the whole sentence."""
        found = self.by_kind.get(kind)
        if not found:
            return []
        return found if clause is None else [hit for hit in found if clause.contains(hit.i)]

    def within(self, kind: str, i: int, j: int) -> list[LexiconHit]:
        """Hits of a kind that begin at words ``i`` to ``j`` (exclusive)."""
        return [hit for hit in self.by_kind.get(kind, ()) if i <= hit.i < j]

    def at(self, kind: str, i: int) -> LexiconHit | None:
        """The hit of a kind that begins at word ``i``."""
        for hit in self.by_kind.get(kind, ()):
            if hit.i == i:
                return hit
        return None

    def is_purpose(self, clause: Clause) -> bool:
        """Whether a clause begins with a conjunction of purpose, such as *in order to*; a verb after the word makes it an adverb.

        Before it may stand a conjunction or a sign: *and to*.
        """
        return any(
            hit.i == clause.i or (hit.i == clause.i + 1 and self._may_open(clause.i))
            for hit in self.of("purpose", clause)
            if not self.at("finite", hit.j)
        )

    def _may_open(self, at: int) -> bool:
        """Whether the word is a conjunction or no word at all."""
        return not self.words[at][0].isalnum() or self.at("conj", at) is not None

    def clause_before(self, clause: Clause) -> Clause | None:
        """The clause on which a relative clause depends."""
        index = self.clauses.index(clause)
        return self.clauses[index - 1] if clause.relative and index > 0 else None


def sentences_of(view: CleanView, lexicon: Lexicon) -> list[Sentence]:
    """All sentences of an article in order."""
    return [sentence for block in view.blocks for sentence in _sentences(block, lexicon)]


def _sentences(block: TextBlock, lexicon: Lexicon) -> Iterator[Sentence]:
    """Sentences of a block, also where no space follows the full stop; abbreviations and ordinals do not end one."""
    tokens = block.tokens
    begin, n = 0, len(tokens)
    for stop in [*(at for at, token in enumerate(tokens) if token[0] in SENTENCE_ENDS), n - 1]:
        while stop - begin > MAX_SENTENCE:
            yield _sentence(block, tokens[begin : begin + MAX_SENTENCE + 1], lexicon)
            begin += MAX_SENTENCE + 1
        end = begin if stop < begin else _sentence_end(tokens, stop, lexicon) or (stop + 1 if stop in {n - 1, begin + MAX_SENTENCE} else 0)
        if end > begin:
            yield _sentence(block, tokens[begin:end], lexicon)
            begin = end


def _sentence(block: TextBlock, tokens: list[Token], lexicon: Lexicon) -> Sentence:
    words, starts, ends = (list(column) for column in zip(*tokens, strict=True))
    lows = [word.lower() for word in words]
    sentence = Sentence(block, words, starts, ends, lows, lexicon.settings, _without_homographs(lexicon.match(words, lows), words))
    by_kind = sentence.by_kind
    for hit in sentence.hits:
        if hit.kind in by_kind:
            by_kind[hit.kind].append(hit)
        else:
            by_kind[hit.kind] = [hit]
    sentence.clauses = _clauses(sentence)
    return sentence


def _without_homographs(hits: list[LexiconHit], words: list[str]) -> list[LexiconHit]:
    """Hits without the verbs that look like a month: a capitalised *May* inside a sentence is no modal verb."""
    months = {hit.i for hit in hits if hit.kind == "month" and hit.i and words[hit.i][0].isupper()}
    return [hit for hit in hits if hit.i not in months or hit.kind == "month" or hit.j - hit.i > 1] if months else hits


def _sentence_end(tokens: list[Token], at: int, lexicon: Lexicon) -> int:
    """Index after the sentence that ends with the sign at ``at``; 0 if none ends there."""
    word, _, stop = tokens[at]
    if at + 1 >= len(tokens):
        return at + 1
    if word == "." and at and not _is_full_stop(tokens, at, lexicon):
        return 0
    end = at + 1
    while end < len(tokens) and tokens[end][0] in CLOSING and tokens[end][1] == stop:
        stop, end = tokens[end][2], end + 1
    return 0 if end < len(tokens) and tokens[end][0] in CLAUSE_ENDS else end


def _is_full_stop(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    before, after = tokens[at - 1][0], tokens[at + 1]
    no_space = after[1] == tokens[at][2]
    if no_space and (after[0][:1].islower() or after[0][:1].isdecimal() or after[0] == "."):
        return False
    if len(before) == 1 and before.isalpha() and before.isupper():
        return False
    if any(entry.kind == "abbrev" for entry in lexicon.labels(before)) and not no_space:
        return False
    return not (lexicon.settings["ordinal_dot"] and before.isdecimal() and len(before) <= 2 and not no_space and after[0][:1].isalpha())


def _clauses(sentence: Sentence) -> list[Clause]:
    """Clauses of a sentence, cut at commas and similar signs where a verb or an introductory word follows."""
    cuts = [at + 1 for at, word in enumerate(sentence.words) if word in CLAUSE_ENDS]
    verbs = {hit.i for hit in sentence.of("finite")}
    if months := sentence.by_kind.get("month"):
        verbs -= {hit.i for hit in months if sentence.words[hit.i][0].isupper()}
    if not cuts:
        return _split_coordinated([Clause(0, len(sentence.words))], sentence, verbs)
    pronouns, openers = ({hit.i for hit in sentence.of(kind)} for kind in ("relpron", "opener"))
    result: list[Clause] = []
    edges = sorted({0, *cuts, len(sentence.words)})
    for i, j in zip(edges, edges[1:], strict=False):
        first = i
        while first < j and sentence.words[first] in OPENING:
            first += 1
        opened, has_verb = first in openers, not verbs.isdisjoint(range(i, j)) or _has_own_subject(sentence, first)
        is_fragment = not opened and not has_verb and j - i < MAX_FRAGMENT and not _tells_change(sentence, first)
        goes_on = is_fragment or _is_short_opening(result, verbs, i, opened and first in pronouns)
        if result and (goes_on or (has_verb and not opened and _is_list(sentence, result[-1], verbs, i, j))):
            result[-1].j = j
        else:
            result.append(Clause(i, j, relative=first in pronouns and bool(result)))
    return _split_coordinated(_join_interrupted(result, verbs), sentence, verbs)


def _tells_change(sentence: Sentence, at: int) -> bool:
    """Whether a part without a verb that begins at a word adds a change to a price: ``..., a rise of 4 percent``."""
    said = [hit.value for hit in sentence.within("concept", at, at + MAX_BEFORE_CHANGE)]
    return CHANGE in said and any(hit.value in PRICES for hit in sentence.within("concept", 0, at))


def _has_own_subject(sentence: Sentence, at: int) -> bool:
    """Whether a conjunction and a pronoun stand at a word, as in ``..., and they shook hands``, so that a verb must follow."""
    link = sentence.at("conj", at)
    return link is not None and sentence.at("pronoun", link.j) is not None and sentence.at("possessive", link.j) is None


def _is_list(sentence: Sentence, before: Clause, verbs: set[int], i: int, j: int) -> bool:
    """Whether what stands before word ``i`` has no verb and goes on there: ``India, Japan and Korea agreed``; a dateline does not."""
    if sentence.words[i - 1] != "," or i - before.i > MAX_LIST or before.relative or not verbs.isdisjoint(range(before.i, i)):
        return False
    return not any(sentence.words[at] in DASHES for at in range(i, min((verb for verb in verbs if i <= verb < j), default=j)))


def _is_short_opening(result: list[Clause], verbs: set[int], i: int, relative: bool) -> bool:
    """Whether everything before word ``i`` is a short opening such as ``The aim is,``."""
    return len(result) == 1 and i <= SHORT_OPENING and not relative and not verbs.isdisjoint(range(i))


def _join_interrupted(found: list[Clause], verbs: set[int]) -> list[Clause]:
    """Join the two parts of ``The controls, which apply since April, were eased``."""
    result: list[Clause] = []
    for clause in found:
        if len(result) >= 2 and result[-1].relative and clause.i in verbs and result[-2].rest is None:
            head = result[-2]
            if verbs.isdisjoint(range(head.i, head.j)):
                head.rest = (clause.i, clause.j)
                continue
        result.append(clause)
    return result


def _split_coordinated(found: list[Clause], sentence: Sentence, verbs: set[int]) -> list[Clause]:
    """Cut ``... and has used it``, where a verb or an adverb follows the conjunction."""
    links = {hit.j for hit in sentence.of("conj")}
    if not links:
        return found
    starts = verbs | {hit.i for hit in sentence.of("coord")}
    result: list[Clause] = []
    for clause in found:
        head, first = clause, clause.i
        for at in range(clause.i + 2, clause.j):
            if at in links and at in starts and not verbs.isdisjoint(range(first, at - 1)):
                rest, clause.rest = clause.rest, None
                end, head.j = head.j, at - 1
                result.append(head)
                shares = verbs.isdisjoint(range(at, end))
                head, first = Clause(at, end, rest, clause.relative, head if shares else None), at
        result.append(head)
    return result


def is_quoted(sentence: Sentence, clause: Clause) -> bool:
    """Whether a clause begins within quotation marks that were opened in its sentence."""
    if QUOTES.isdisjoint(sentence.words):
        return False
    depth = 0
    for at in range(clause.i + 1):
        word = sentence.words[at]
        if word == '"':
            depth = 1 - depth
        elif word in OPENING and word not in "([" and (word not in CLOSING or depth == 0):
            depth = 1
        elif word in CLOSING and word not in ")]":
            depth = 0
    return depth == 1
