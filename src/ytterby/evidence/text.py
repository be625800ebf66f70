"""Blocks of clean text cut into sentences and clauses; offsets always lead back to the raw text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.evidence.lexicon import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.evidence.lexicon import Hit, Lexicon

OPENING, CLOSING = frozenset("„«\u201c\"'(["), frozenset("\u201c\u201d»\"')]")
STOPS = frozenset(".!?\u2026")
SPLITTERS = frozenset(",;:\u2013\u2014()")
SHORT_OPENING = 5
"""Words up to which an opening such as ``The aim is,`` belongs to the clause after it."""

SENTENCE_LIMIT = 400
"""Words after which a sentence is cut: nothing people write is longer, and hostile input stays cheap."""


@dataclass(frozen=True)
class Block:
    """A run of text, such as a paragraph, that stands unbroken in the clean view.

    ``starts`` and ``raws`` map positions of ``text`` to the raw text, piece by piece; both empty: identity after ``offset``.
    """

    text: str
    offset: int
    role: str = "body"
    starts: tuple[int, ...] = ()
    raws: tuple[int, ...] = ()

    def raw(self, position: int) -> int:
        """Position in the raw text of a position in ``text``."""
        if not self.starts:
            return self.offset + position
        piece = bisect_right(self.starts, position) - 1
        return self.raws[piece] + position - self.starts[piece]


@dataclass
class Clause:
    """Words ``i`` to ``j`` of a sentence.

    ``also`` is the second half of a clause that another interrupts; ``head`` the clause whose verb this one shares.
    """

    i: int
    j: int
    also: tuple[int, int] | None = None
    relative: bool = False
    head: Clause | None = None

    def holds(self, at: int) -> bool:
        """Whether a word belongs to the clause."""
        return self.i <= at < self.j or (self.also is not None and self.also[0] <= at < self.also[1])

    @property
    def last(self) -> int:
        """Index after the last word."""
        return self.also[1] if self.also else self.j


@dataclass
class Sentence:
    """Words of one sentence with their positions in the block and what the lexicon found in them."""

    block: Block
    words: list[str]
    starts: list[int]
    ends: list[int]
    lows: list[str] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    quoted: bool = False
    index: int = 0
    settings: dict[str, str] = field(default_factory=dict)
    by_kind: dict[str, list[Hit]] = field(default_factory=dict)

    @cached_property
    def digits(self) -> list[int]:
        """Words that begin with a digit."""
        return [at for at, word in enumerate(self.words) if word[0].isdecimal()]

    def span(self, i: int, j: int) -> tuple[int, int]:
        """Raw start and end of words ``i`` to ``j`` (exclusive)."""
        return self.block.raw(self.starts[i]), self.block.raw(self.ends[j - 1] - 1) + 1

    def of(self, kind: str, clause: Clause | None = None) -> list[Hit]:
        """Hits of a kind in a clause or the whole sentence."""
        found = self.by_kind.get(kind)
        if not found:
            return []
        return found if clause is None else [hit for hit in found if clause.holds(hit.i)]

    def at(self, kind: str, i: int) -> Hit | None:
        """The hit of a kind that begins at a word."""
        return next((hit for hit in self.by_kind.get(kind, ()) if hit.i == i), None)


def sentences(block: Block, lexicon: Lexicon) -> Iterator[Sentence]:
    """Sentences of a block; stops that lack a following space are found, abbreviations and ordinals are not ends."""
    found = [(m.group(), *m.span()) for m in TOKEN.finditer(block.text)]
    begin, n = 0, len(found)
    for stop in [*(at for at, token in enumerate(found) if token[0] in STOPS), n - 1]:
        while stop - begin > SENTENCE_LIMIT:
            yield _sentence(block, found[begin : begin + SENTENCE_LIMIT + 1], lexicon)
            begin += SENTENCE_LIMIT + 1
        end = begin if stop < begin else _end(found, stop, lexicon) or (stop + 1 if stop in {n - 1, begin + SENTENCE_LIMIT} else 0)
        if end > begin:
            yield _sentence(block, found[begin:end], lexicon)
            begin = end


def _sentence(block: Block, found: list[tuple[str, int, int]], lexicon: Lexicon) -> Sentence:
    words, starts, ends = (list(column) for column in zip(*found, strict=True))
    lows = [word.lower() for word in words]
    sentence = Sentence(block, words, starts, ends, lows, settings=lexicon.settings)
    sentence.hits = lexicon.match(words, lows)
    by_kind = sentence.by_kind
    for hit in sentence.hits:
        if hit.kind in by_kind:
            by_kind[hit.kind].append(hit)
        else:
            by_kind[hit.kind] = [hit]
    sentence.clauses = clauses(sentence)
    return sentence


def _end(found: list[tuple[str, int, int]], at: int, lexicon: Lexicon) -> int:
    """Index after a sentence that ends at this stop, or 0."""
    word, _, stop = found[at]
    if at + 1 >= len(found):
        return at + 1
    if word == "." and at and not _is_full_stop(found, at, lexicon):
        return 0
    end = at + 1
    while end < len(found) and found[end][0] in CLOSING and found[end][1] == stop:
        stop, end = found[end][2], end + 1
    if end < len(found) and found[end][0] in SPLITTERS:
        return 0
    return end


def _is_full_stop(found: list[tuple[str, int, int]], at: int, lexicon: Lexicon) -> bool:
    before, after = found[at - 1][0], found[at + 1]
    glued = after[1] == found[at][2]
    if glued and (after[0][:1].islower() or after[0][:1].isdecimal() or after[0] == "."):
        return False
    if len(before) == 1 and before.isalpha() and before.isupper():
        return False
    if any(entry.kind == "abbrev" for entry in lexicon.labels(before)) and not glued:
        return False
    return not (lexicon.settings["ordinal_dot"] and before.isdecimal() and len(before) <= 2 and not glued and after[0][:1].isalpha())


def clauses(sentence: Sentence) -> list[Clause]:
    """Clauses of a sentence: cut at commas and the like where a verb or an opening word follows."""
    bounds = _bounds(sentence)
    pronouns, verbs, openers = ({hit.i for hit in sentence.of(kind)} for kind in ("relpron", "finite", "opener"))
    result: list[Clause] = []
    for i, j in bounds:
        first = i
        while first < j and sentence.words[first] in OPENING:
            first += 1
        opened, has_verb = first in openers, not verbs.isdisjoint(range(i, j))
        if result and ((not opened and not has_verb and j - i < 40) or _is_opening(result, verbs, i, opened and first in pronouns)):
            result[-1].j = j
        else:
            result.append(Clause(i, j, relative=first in pronouns and bool(result)))
    return _coordinate(_rejoin(result, verbs), sentence, verbs)


def _is_opening(result: list[Clause], verbs: set[int], i: int, relative: bool) -> bool:
    """Whether all before is a short opening such as ``The aim is,``."""
    return len(result) == 1 and i <= SHORT_OPENING and not relative and not verbs.isdisjoint(range(i))


def _coordinate(found: list[Clause], sentence: Sentence, verbs: set[int]) -> list[Clause]:
    """Cut ``... and has used it`` where a verb or an adverb follows the *and*."""
    links = {hit.j for hit in sentence.of("conj")}
    starts = verbs | {hit.i for hit in sentence.of("coord")}
    result: list[Clause] = []
    for clause in found:
        head, first = clause, clause.i
        for at in range(clause.i + 2, clause.j):
            if at in links and at in starts and not verbs.isdisjoint(range(first, at - 1)):
                also, clause.also = clause.also, None
                end, head.j = head.j, at - 1
                result.append(head)
                shares = verbs.isdisjoint(range(at, end))
                head, first = Clause(at, end, also, clause.relative, head if shares else None), at
        result.append(head)
    return result


def _bounds(sentence: Sentence) -> list[tuple[int, int]]:
    cuts = [at + 1 for at, word in enumerate(sentence.words) if word in SPLITTERS]
    edges = sorted({0, *cuts, len(sentence.words)})
    return [(i, j) for i, j in zip(edges, edges[1:], strict=False) if j > i]


def _rejoin(found: list[Clause], verbs: set[int]) -> list[Clause]:
    """Join ``The controls, which hold since April, were eased`` around its inner clause."""
    result: list[Clause] = []
    for clause in found:
        if len(result) >= 2 and result[-1].relative and clause.i in verbs and result[-2].also is None:
            head = result[-2]
            if verbs.isdisjoint(range(head.i, head.j)):
                head.also = (clause.i, clause.j)
                continue
        result.append(clause)
    return result
