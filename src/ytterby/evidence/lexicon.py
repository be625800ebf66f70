"""Word lists of a language compiled into one matcher.

A pattern is a sequence of words. ``zoll*`` matches the beginning of a word, ``*batterie*`` any part of it, ``*`` any word,
``=US`` the exact spelling, and ``sieht ~ vor`` a separable verb with other words of the clause in between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ytterby.errors import UnknownNameError
from ytterby.evidence.inflection import generated_patterns
from ytterby.evidence.spelling import joined_numbers, spelling_pairs
from ytterby.evidence.tables import LANGUAGES, language_settings, patterns, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_Key = TypeVar("_Key")

MAX_CACHED_WORDS = 200_000
"""Spellings whose entries are cached; the cache is emptied when it is full."""

MAX_GAP = 30
"""Words between the two halves of a separable verb."""

TOKEN = re.compile(
    r"[^\W\d_]++(?:[-\u2011][^\W_]++)*+(?!\.\w|[\d-])"
    r"|(?:[A-Z]\.){2,}|[A-Za-z0-9-]++(?:\.[a-z]{2,4})+(?!\w|\.\w)|[^\W\d_]++(?:[-\u2011][^\W_]+)*|['\u2019]s\b"
    r"|\d{1,3}(?:['\u2019\u00a0\u2009\u202f]\d{3})++(?!\d)(?:[.,]\d+)*|\d+(?:[.,]\d+)*|[^\w\s]|_"
)
"""A word that nothing goes on with, which is the most frequent case; an abbreviation with full stops, a host name, any word, a possessive,
a number or a single sign."""

GAP_ENDS = frozenset(";:!?\u2013\u2014")
"""Signs over which no separable verb goes; a full stop inside a sentence is that of an ordinal or an abbreviation."""
WORD_LABELS = frozenset(("abbrev", "proper_block"))
"""Kinds of entries that only describe a word and are not reported as hits."""

EXACT, PREFIX, SUFFIX, INFIX, ANY, GAP = range(6)


class PatternWord(NamedTuple):
    """One word of a pattern and how it is compared."""

    how: int
    text: str
    exact_case: bool

    def matches(self, word: str, low: str) -> bool:
        """Whether a word of a text, also given in lower case, fits."""
        word = word if self.exact_case else low
        if self.how == EXACT:
            return word == self.text
        if self.how == PREFIX:
            return word.startswith(self.text)
        if self.how == SUFFIX:
            return word.endswith(self.text)
        return self.how == ANY or self.text in word


class LexiconEntry(NamedTuple):
    """A pattern with its label (``kind:value``) and the further columns of its row."""

    kind: str
    value: str
    pattern: tuple[PatternWord, ...]
    data: tuple[str, ...]


class LexiconHit(NamedTuple):
    """An entry found at words ``i`` to ``j`` (exclusive) of a sentence; ``last`` is the second half of a separable verb."""

    kind: str
    value: str
    i: int
    j: int
    last: int
    data: tuple[str, ...]


class WordEntries(NamedTuple):
    """Entries whose pattern may begin at a word.

    ``single`` are those of one word, ``shown`` those of them that give hits, in the order of hits, ``placed`` these hits by the place
    of the word, as far as it has stood there, and ``kinds`` their kinds.
    Of the longer ones, ``third`` has those with a fixed second and third word by these words, ``second`` the others with a fixed second
    word by that word, ``begun`` those whose second word begins in a fixed way by its first letter, ``other`` the rest.
    """

    single: tuple[LexiconEntry, ...]
    shown: tuple[LexiconEntry, ...]
    placed: dict[int, list[LexiconHit]]
    third: dict[tuple[str, str], tuple[LexiconEntry, ...]]
    second: dict[str, tuple[LexiconEntry, ...]]
    begun: dict[str, tuple[LexiconEntry, ...]]
    other: tuple[LexiconEntry, ...]
    kinds: frozenset[str]

    def hits(self, i: int) -> list[LexiconHit]:
        """Hits of the word at place ``i``; each is made once, since most of them come again in every article."""
        found = self.placed.get(i)
        if found is None:
            found = self.placed[i] = [LexiconHit(kind, value, i, i + 1, i, data) for kind, value, _, data in self.shown]
        return found


NO_ENTRIES = WordEntries((), (), {}, {}, {}, {}, (), frozenset())


def parse_pattern(text: str) -> tuple[PatternWord, ...]:
    """Words of a pattern as it is written in a lexicon.

    Raises
    ------
    ValueError
        If the pattern is empty or begins or ends with a gap.
    """
    words: list[PatternWord] = []
    exact_case = text.startswith("=")
    for word in (text[1:] if exact_case else text.lower()).split():
        if word in {"*", "~"}:
            words.append(PatternWord(ANY if word == "*" else GAP, "", exact_case))
            continue
        head, tail, core = word.startswith("*") and len(word) > 1, word.endswith("*"), word.strip("*")
        pieces = [core] if core.startswith("-") else TOKEN.findall(core) or [core]
        for index, piece in enumerate(pieces):
            before, after = head and index == 0, tail and index == len(pieces) - 1
            how = INFIX if before and after else SUFFIX if before else PREFIX if after else EXACT
            words.append(PatternWord(how, piece, exact_case))
    if not words or GAP in (words[0].how, words[-1].how) or words[0].how == ANY:
        raise ValueError(f"pattern '{text}' has no first or last word")
    return tuple(words)


@dataclass
class Lexicon:
    """All entries of a language, indexed by their first word."""

    settings: dict[str, str]
    first: dict[str, list[LexiconEntry]] = field(default_factory=dict)
    prefixes: dict[str, list[LexiconEntry]] = field(default_factory=dict)
    suffixes: dict[str, list[LexiconEntry]] = field(default_factory=dict)
    unindexed: list[LexiconEntry] = field(default_factory=list)
    cached: dict[str, WordEntries] = field(default_factory=dict)
    prefix_lengths: tuple[int, ...] = ()
    suffix_lengths: tuple[int, ...] = ()
    spelled_out: bool = False

    def spellings(self, pattern: str) -> list[str]:
        """A pattern as it is spelled in the texts: without the letters that some systems lack, and beside it as neighbours spell it."""
        for letter, spelling in spelling_pairs(self.settings, "spelled_out") if self.spelled_out else ():
            pattern = pattern.replace(letter, spelling)
        other = pattern
        for letter, spelling in spelling_pairs(self.settings, "also_spelled"):
            other = other.replace(letter, spelling)
        return [pattern] if other == pattern else [pattern, other]

    def add(self, label: str, cell: str, data: tuple[str, ...] = ()) -> None:
        """Add the patterns of a cell under a label."""
        kind, _, value = label.partition(":")
        for pattern in (spelling for written in patterns(cell) for spelling in self.spellings(written)):
            entry = LexiconEntry(kind, value or kind, parse_pattern(pattern), data)
            head = entry.pattern[0]
            if head.how == EXACT:
                self.first.setdefault(head.text.lower(), []).append(entry)
            elif head.how == PREFIX:
                self.prefixes.setdefault(head.text.lower(), []).append(entry)
            elif head.how == SUFFIX:
                self.suffixes.setdefault(head.text.lower(), []).append(entry)
            else:
                self.unindexed.append(entry)

    def complete(self) -> Lexicon:
        """Finish the index; to be called after the last :meth:`add`."""
        self.prefix_lengths = tuple(sorted({len(prefix) for prefix in self.prefixes}))
        self.suffix_lengths = tuple(sorted({len(suffix) for suffix in self.suffixes}))
        return self

    def entries(self, word: str) -> WordEntries:
        """Entries whose first word fits; cached by spelling."""
        known = self.cached.get(word)
        if known is None:
            if len(self.cached) > MAX_CACHED_WORDS:
                self.cached.clear()
            known = self.cached[word] = _word_entries(self._search(word))
        return known

    def labels(self, word: str) -> tuple[LexiconEntry, ...]:
        """Entries that consist of this one word."""
        return self.entries(word).single

    def _search(self, word: str) -> Iterator[LexiconEntry]:
        low = word.lower()
        pools = [self.first.get(low, []), self.unindexed]
        pools += [self.suffixes[low[-n:]] for n in self.suffix_lengths if n <= len(low) and low[-n:] in self.suffixes]
        pools += [self.prefixes[low[:n]] for n in self.prefix_lengths if n <= len(low) and low[:n] in self.prefixes]
        yield from (entry for pool in pools for entry in pool if entry.pattern[0].matches(word, low))

    def match(self, words: list[str], lows: list[str]) -> list[LexiconHit]:
        """All hits in a sentence, in order of place; of nested hits of one kind only the longest.

        Parameters
        ----------
        words, lows : list of str
            The words of the sentence as written and in lower case.
        """
        hits: list[LexiconHit] = []
        known, last = self.cached, len(words) - 1
        nested = False
        for i, word in enumerate(words):
            found = known.get(word) or self.entries(word)
            if found is NO_ENTRIES:
                continue
            begin = len(hits)
            hits += found.placed.get(i) or found.hits(i)
            longer = found.other
            if i < last:
                if found.third and i + 2 <= last:
                    longer += found.third.get((lows[i + 1], lows[i + 2]), ())
                if found.second:
                    longer += found.second.get(lows[i + 1], ())
                if found.begun:
                    longer += found.begun.get(lows[i + 1][0], ())
            if not longer:
                continue
            spans = [(entry, span) for entry in longer if (span := _match_at(entry.pattern, words, lows, i)) is not None]
            more = [LexiconHit(entry.kind, entry.value, i, *span, entry.data) for entry, span in spans]
            if more:
                order = sorted(dict.fromkeys([*hits[begin:], *more]), key=lambda hit: (hit.i, hit.j, hit.kind, hit.value))
                nested, hits[begin:] = True, order
        return _longest(hits) if nested else hits


def _word_entries(entries: Iterator[LexiconEntry]) -> WordEntries:
    single: list[LexiconEntry] = []
    third: dict[tuple[str, str], list[LexiconEntry]] = {}
    second: dict[str, list[LexiconEntry]] = {}
    begun: dict[str, list[LexiconEntry]] = {}
    other: list[LexiconEntry] = []
    for entry in entries:
        if len(entry.pattern) == 1:
            single.append(entry)
        elif [word.how for word in entry.pattern[1:3]] == [EXACT, EXACT]:
            third.setdefault((entry.pattern[1].text.lower(), entry.pattern[2].text.lower()), []).append(entry)
        elif entry.pattern[1].how == EXACT:
            second.setdefault(entry.pattern[1].text.lower(), []).append(entry)
        elif entry.pattern[1].how == PREFIX:
            begun.setdefault(entry.pattern[1].text[0].lower(), []).append(entry)
        else:
            other.append(entry)
    if not (single or third or second or begun or other):
        return NO_ENTRIES
    distinct = {(entry.kind, entry.value, entry.data): entry for entry in single if entry.kind not in WORD_LABELS}
    shown = sorted(distinct.values(), key=lambda entry: (entry.kind, entry.value))
    longer = _fixed(third), _fixed(second), _fixed(begun), tuple(other)
    return WordEntries(tuple(single), tuple(shown), {}, *longer, frozenset(entry.kind for entry in single))


def _fixed(entries: dict[_Key, list[LexiconEntry]]) -> dict[_Key, tuple[LexiconEntry, ...]]:
    return {key: tuple(listed) for key, listed in entries.items()}


def _match_at(pattern: tuple[PatternWord, ...], words: list[str], lows: list[str], start: int) -> tuple[int, int] | None:
    """End of the words before a gap and index of the last word, if the pattern fits at ``start``."""
    at, n, run, gap = start, len(words), 0, False
    for wanted in pattern:
        if wanted.how == GAP:
            run, gap = run or at, True
            continue
        if gap:
            limit = min(n, at + MAX_GAP)
            while at < limit and words[at] not in GAP_ENDS and not wanted.matches(words[at], lows[at]):
                at += 1
            if at >= limit or words[at] in GAP_ENDS:
                return None
            gap = False
        elif at >= n or not wanted.matches(words[at], lows[at]):
            return None
        at += 1
    return run or at, at - 1


def _longest(hits: list[LexiconHit]) -> list[LexiconHit]:
    """Hits without those that lie inside a longer one of the same kind."""
    longer: dict[str, list[LexiconHit]] = {}
    for hit in hits:
        if hit.j - hit.i > 1:
            longer.setdefault(hit.kind, []).append(hit)
    return [hit for hit in hits if hit.kind not in longer or not _is_inside(hit, longer[hit.kind])]


def _is_inside(hit: LexiconHit, others: list[LexiconHit]) -> bool:
    return any(other.i <= hit.i and hit.j <= other.j and other.j - other.i > hit.j - hit.i for other in others)


COUNTRY_FORMS = {
    "names": "country",
    "genitives": "country_gen",
    "adjectives": "country_adj",
    "metonyms": "metonym",
    "metonym_genitives": "metonym_gen",
}
"""Columns of ``countries.csv`` and the forms in which a country is named there."""


def _add_places(lexicon: Lexicon, lang: str) -> None:
    for row in read_table(f"{lang}/countries.csv"):
        for column, form in COUNTRY_FORMS.items():
            lexicon.add(f"place:country:{row['code']}", row[column], (form, row["article"]))
    for row in read_table(f"{lang}/organisations.csv"):
        lexicon.add(f"place:{row['code']}", row["names"], (row["kind"], ""))


@cache
def lexicon_of(lang: str, spelled_out: bool = False) -> Lexicon:
    """Compiled lexicon of a language, ``spelled_out`` for texts without its own letters.

    Raises
    ------
    UnknownNameError
        If the language has no folder.
    """
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES)
    lexicon = Lexicon({"lang": lang, **language_settings(lang)}, spelled_out=spelled_out)
    for name in ("concepts", "things", "cues", "function", "quantities", "dates"):
        for row in read_table(f"{lang}/{name}.csv"):
            label, cell, *data = row.values()
            lexicon.add(f"concept:{label}" if name == "concepts" else label, cell, tuple(data))
    for label, pattern in generated_patterns(lang):
        lexicon.add(f"concept:{label}", pattern)
    for row in read_table("elements.csv"):
        lexicon.add(f"symbol:{row['symbol']}", "=" + row["symbol"], (row["ambiguous"],))
    for row in read_table("hosts.csv"):
        if row["kind"] == "site":
            lexicon.add(f"site:country:{row['countries']}", "=" + row["name"], (row["materials"],))
    _add_places(lexicon, lang)
    for value, pattern in joined_numbers(lang):
        lexicon.add("number", pattern, ("", "", str(value), ""))
    return lexicon.complete()


def words_mentioned(text: str, lang: str, concepts: frozenset[str]) -> bool:
    """Whether a text in a language mentions one of the concepts; False for a language without a lexicon."""
    if lang not in LANGUAGES:
        return False
    words = TOKEN.findall(text)
    return any(hit.kind == "concept" and hit.value in concepts for hit in lexicon_of(lang).match(words, [word.lower() for word in words]))


@cache
def boilerplate_lexicon() -> Lexicon:
    """Patterns of boilerplate and names of months, of all languages at once."""
    lexicon = Lexicon({"spelled_out": "", "also_spelled": ""})
    for lang in LANGUAGES:
        for row in read_table(f"{lang}/boilerplate.csv"):
            lexicon.add(row["label"], row["patterns"])
        for row in read_table(f"{lang}/dates.csv"):
            if row["label"] == "month":
                lexicon.add("month", row["patterns"], (row["value"],))
    return lexicon.complete()
