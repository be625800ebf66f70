"""Sentences and clauses of languages without spaces; places in them lead back to the raw text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.evidence.unspaced.signs import narrow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.evidence.clean_view import CleanView, TextBlock
    from ytterby.evidence.unspaced.signs import SignHit, SignLexicon

MAX_SENTENCE = 1000
"""Signs after which a sentence is cut, which bounds the time for malicious input."""
BRACKETS = {"\u300c": "\u300d", "\u300e": "\u300f", "(": ")", "\u3010": "\u3011"}
"""Opening and closing brackets and quotation marks: no sentence ends between them."""


@dataclass
class SignSentence:
    """A sentence with its hits; ``offset`` is its place in the block, and clauses are pairs of places in the sentence."""

    block: TextBlock
    offset: int
    text: str
    hits: list[SignHit] = field(default_factory=list)
    by_kind: dict[str, list[SignHit]] = field(default_factory=dict)
    by_start: dict[int, list[SignHit]] = field(default_factory=dict)
    clauses: list[tuple[int, int]] = field(default_factory=list)

    def take(self, hits: list[SignHit]) -> None:
        """Keep the lexicon's hits, also by kind and by place."""
        self.hits = hits
        for hit in hits:
            self.by_kind.setdefault(hit.kind, []).append(hit)
            self.by_start.setdefault(hit.i, []).append(hit)

    @property
    def is_headline(self) -> bool:
        """Whether it is a heading."""
        return self.block.role == "headline"

    def span(self, i: int, j: int) -> tuple[int, int]:
        """Start and end in the raw text of signs ``i`` to ``j`` (exclusive)."""
        return self.block.raw(self.offset + i), self.block.raw(self.offset + j - 1) + 1

    def of(self, kind: str, i: int = 0, j: int | None = None) -> list[SignHit]:
        """Hits of a kind between two places."""
        end = len(self.text) if j is None else j
        return [hit for hit in self.by_kind.get(kind, ()) if i <= hit.i and hit.j <= end]

    def at(self, kind: str, i: int) -> SignHit | None:
        """The longest hit of a kind that begins at a place."""
        return max((hit for hit in self.by_start.get(i, ()) if hit.kind == kind), key=lambda hit: hit.j, default=None)


def sentences_of(view: CleanView, lexicon: SignLexicon) -> list[SignSentence]:
    """All sentences of an article in order."""
    found = [sentence for block in view.blocks for sentence in _sentences(block, lexicon)]
    for sentence in found:
        sentence.take(lexicon.match(sentence.text))
        sentence.clauses = _clauses(sentence, lexicon)
    return found


def _sentences(block: TextBlock, lexicon: SignLexicon) -> Iterator[SignSentence]:
    text, ends, begin, open_signs = narrow(block.text), lexicon.settings["ends"], 0, list[str]()
    for at, sign in enumerate(text):
        if sign in BRACKETS:
            open_signs.append(BRACKETS[sign])
        elif open_signs and sign == open_signs[-1]:
            open_signs.pop()
        is_end = (sign in ends and not open_signs) or sign == "\n" or at - begin >= MAX_SENTENCE
        if is_end or at == len(text) - 1:
            if text[begin : at + 1].strip():
                yield SignSentence(block, begin, text[begin : at + 1])
            begin, open_signs = at + 1, open_signs if not is_end else []


def _clauses(sentence: SignSentence, lexicon: SignLexicon) -> list[tuple[int, int]]:
    """Clauses: cut at pauses after the endings of verbs and conjunctions, and after a name that opens a heading not at all."""
    ends = {hit.j for hit in sentence.of("clause_end")}
    cuts = [at + 1 for at, sign in enumerate(sentence.text) if sign in lexicon.settings["pause"] and at in ends]
    edges = sorted({0, *cuts, len(sentence.text)})
    return [_trimmed(sentence.text, i, j) for i, j in zip(edges, edges[1:], strict=False)]


def _trimmed(text: str, i: int, j: int) -> tuple[int, int]:
    """A clause without spaces and signs around it."""
    while i < j - 1 and not text[i].isalnum() and text[i] not in BRACKETS:
        i += 1
    while j > i + 1 and not (text[j - 1].isalnum() or text[j - 1] in "%" or text[j - 1] in BRACKETS.values()):
        j -= 1
    return i, j
