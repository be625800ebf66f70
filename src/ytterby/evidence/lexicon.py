"""Lexicons as data: one folder per language, compiled into one matcher per language.

A pattern is a sequence of words. ``zoll*`` matches a beginning, ``*batterie*`` a middle, ``*`` any word,
``=US`` the exact spelling, ``sieht ~ vor`` a separable verb with a gap inside one clause.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from ytterby.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

LANGUAGES = ("de", "en")
"""Languages that have a lexicon folder."""

REMEMBERED = 200_000
"""Spellings whose entries are remembered; then the memory starts anew."""

GAP_LIMIT = 30
"""Words between the halves of a separable verb."""

TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[A-Za-z0-9-]++(?:\.[a-z]{2,4})+(?!\w|\.\w)|[^\W\d_]++(?:[-\u2011][^\W_]+)*|['\u2019]s\b|\d+(?:[.,]\d+)*|[^\w\s]|_"
)
"""A word, an abbreviation with stops, a host name, a possessive, a number or one sign."""

GAP_STOPS = frozenset(";:.!?\u2013\u2014")
LABELS = frozenset(("abbrev", "proper_block"))
"""Kinds that tell of a word what it is and are no hits."""

EXACT, PREFIX, SUFFIX, INFIX, ANY, GAP = range(6)


class Part(NamedTuple):
    """One word of a pattern and how it is compared."""

    how: int
    text: str
    exact_case: bool

    def matches(self, word: str, low: str) -> bool:
        """Whether a word of the text fits."""
        word = word if self.exact_case else low
        if self.how == EXACT:
            return word == self.text
        if self.how == PREFIX:
            return word.startswith(self.text)
        if self.how == SUFFIX:
            return word.endswith(self.text)
        return self.how == ANY or self.text in word


class Entry(NamedTuple):
    """A pattern with its label (``kind:value``) and the other columns of its row."""

    kind: str
    value: str
    parts: tuple[Part, ...]
    data: tuple[str, ...]


class Hit(NamedTuple):
    """A pattern found: words ``i`` to ``j`` (exclusive) of a sentence; ``last`` is the far half of a verb."""

    kind: str
    value: str
    i: int
    j: int
    last: int
    data: tuple[str, ...]


class Candidates(NamedTuple):
    """Entries that may begin at a word: single words, those that make hits in the order of hits, pairs by their second word, all others."""

    single: tuple[Entry, ...]
    shown: tuple[Entry, ...]
    second: dict[str, tuple[Entry, ...]]
    other: tuple[Entry, ...]
    kinds: frozenset[str]
    """Kinds of the single words."""

    @property
    def all(self) -> tuple[Entry, ...]:
        """Every entry whose first word fits."""
        return (*self.single, *(entry for entries in self.second.values() for entry in entries), *self.other)


NOTHING = Candidates((), (), {}, (), frozenset())


class Rule(NamedTuple):
    """A row of ``rules.csv``: an event type and the concepts that must and must not stand in a clause."""

    id: str
    type: str
    when: tuple[frozenset[str], ...]
    unless: tuple[frozenset[str], ...]
    flags: frozenset[str]


class TypeInfo(NamedTuple):
    """A row of ``types.csv``: how claims of an event type are filled."""

    tier: str
    materials: str
    stage: str
    units: frozenset[str]
    actors: str
    modality: str
    dated: str


def _folder() -> Traversable:
    return files("ytterby.evidence") / "lexicons"


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a CSV file below ``lexicons``; columns are never None."""
    text = (_folder() / name).read_text("utf-8")
    return [{key: value or "" for key, value in row.items()} for row in csv.DictReader(text.splitlines())]


@cache
def rules_by_key() -> dict[str, tuple[int, ...]]:
    """Numbers of the rules that a concept can trigger."""
    found: dict[str, list[int]] = {}
    for number, rule in enumerate(rules()):
        for name in rule.when[0]:
            found.setdefault(name, []).append(number)
    return {name: tuple(numbers) for name, numbers in found.items()}


@cache
def types() -> dict[str, TypeInfo]:
    """Event types by name."""
    return {
        row["type"]: TypeInfo(
            row["tier"], row["materials"], row["stage"], frozenset(row["units"].split()), row["actors"], row["modality"], row["dated"]
        )
        for row in read_table("types.csv")
    }


@cache
def rules() -> tuple[Rule, ...]:
    """Claim rules in order of priority; the same for all languages."""
    return tuple(
        Rule(
            row["id"],
            row["type"],
            tuple(frozenset(word.split("|")) for word in row["when"].split()),
            tuple(frozenset(word.split("+")) for word in row["unless"].split()),
            frozenset(row["flags"].split()),
        )
        for row in read_table("rules.csv")
    )


def parse_pattern(text: str) -> tuple[Part, ...]:
    """Parts of one pattern as written in a lexicon.

    Raises
    ------
    ValueError
        If the pattern is empty or begins or ends with a gap.
    """
    parts: list[Part] = []
    exact_case = text.startswith("=")
    for word in (text[1:] if exact_case else text.lower()).split():
        if word in {"*", "~"}:
            parts.append(Part(ANY if word == "*" else GAP, "", exact_case))
            continue
        head, tail, core = word.startswith("*") and len(word) > 1, word.endswith("*"), word.strip("*")
        pieces = [core] if core.startswith("-") else TOKEN.findall(core) or [core]
        for index, piece in enumerate(pieces):
            before, after = head and index == 0, tail and index == len(pieces) - 1
            how = INFIX if before and after else SUFFIX if before else PREFIX if after else EXACT
            parts.append(Part(how, piece, exact_case))
    if not parts or GAP in (parts[0].how, parts[-1].how) or parts[0].how == ANY:
        raise ValueError(f"pattern '{text}' has no first or last word")
    return tuple(parts)


@dataclass
class Lexicon:
    """All entries of one language, indexed by their first word."""

    lang: str
    settings: dict[str, str]
    first: dict[str, list[Entry]] = field(default_factory=dict)
    prefixes: dict[str, list[Entry]] = field(default_factory=dict)
    loose: list[Entry] = field(default_factory=list)
    words: dict[str, Candidates] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()

    def add(self, label: str, pattern: str, data: tuple[str, ...] = ()) -> None:
        """Add one pattern under a label."""
        parts = parse_pattern(pattern)
        kind, _, value = label.partition(":")
        entry = Entry(kind, value or kind, parts, data)
        head = parts[0]
        if head.how == EXACT:
            self.first.setdefault(head.text.lower(), []).append(entry)
        elif head.how == PREFIX:
            self.prefixes.setdefault(head.text.lower(), []).append(entry)
        else:
            self.loose.append(entry)

    def seal(self) -> Lexicon:
        """Fix the lengths of prefixes; call after the last :meth:`add`."""
        self.lengths = tuple(sorted({len(prefix) for prefix in self.prefixes}))
        return self

    def candidates(self, word: str) -> Candidates:
        """Entries whose first word fits; remembered per spelling."""
        known = self.words.get(word)
        if known is None:
            if len(self.words) > REMEMBERED:
                self.words.clear()
            known = self.words[word] = _sorted(self._search(word))
        return known

    def labels(self, word: str) -> tuple[Entry, ...]:
        """Entries that the word alone fits."""
        return self.candidates(word).single

    def _search(self, word: str) -> Iterator[Entry]:
        low = word.lower()
        pools = [self.first.get(low, []), self.loose]
        pools += [self.prefixes[low[:n]] for n in self.lengths if n <= len(low) and low[:n] in self.prefixes]
        yield from (entry for pool in pools for entry in pool if entry.parts[0].matches(word, low))

    def match(self, words: list[str], lows: list[str]) -> list[Hit]:
        """All patterns found in a sentence, longest of each kind."""
        hits: list[Hit] = []
        known, last = self.words, len(words) - 1
        wide, make = False, tuple.__new__  # a Hit by its own constructor takes twice the time, and most of it goes here
        for i, word in enumerate(words):
            found = known.get(word) or self.candidates(word)
            if found is NOTHING:
                continue
            begin = len(hits)
            hits += [make(Hit, (kind, value, i, i + 1, i, data)) for kind, value, _, data in found.shown]
            longer = found.other
            if found.second and i < last:
                longer += found.second.get(lows[i + 1], ())
            if not longer:
                continue
            spans = [(entry, span) for entry in longer if (span := _follow(entry.parts, words, lows, i)) is not None]
            more = [Hit(entry.kind, entry.value, i, *span, entry.data) for entry, span in spans]
            if more:
                wide, hits[begin:] = True, sorted(dict.fromkeys([*hits[begin:], *more]), key=_place)
        return _longest(hits) if wide else hits


def _sorted(entries: Iterator[Entry]) -> Candidates:
    single: list[Entry] = []
    second: dict[str, list[Entry]] = {}
    other: list[Entry] = []
    for entry in entries:
        if len(entry.parts) == 1:
            single.append(entry)
        elif entry.parts[1].how == EXACT:
            second.setdefault(entry.parts[1].text.lower(), []).append(entry)
        else:
            other.append(entry)
    if not (single or second or other):
        return NOTHING
    distinct = {(entry.kind, entry.value, entry.data): entry for entry in single if entry.kind not in LABELS}
    shown = sorted(distinct.values(), key=lambda entry: (entry.kind, entry.value))
    pairs = {word: tuple(listed) for word, listed in second.items()}
    return Candidates(tuple(single), tuple(shown), pairs, tuple(other), frozenset(entry.kind for entry in single))


def _follow(parts: tuple[Part, ...], words: list[str], lows: list[str], start: int) -> tuple[int, int] | None:
    """End of the first run and index of the last word if all parts follow."""
    at, n, run, gap = start, len(words), 0, False
    for part in parts:
        if part.how == GAP:
            run, gap = run or at, True
            continue
        if gap:
            limit = min(n, at + GAP_LIMIT)
            while at < limit and words[at] not in GAP_STOPS and not part.matches(words[at], lows[at]):
                at += 1
            if at >= limit or words[at] in GAP_STOPS:
                return None
            gap = False
        elif at >= n or not part.matches(words[at], lows[at]):
            return None
        at += 1
    return run or at, at - 1


def _longest(hits: list[Hit]) -> list[Hit]:
    """Drop a hit that lies inside a longer one of the same kind."""
    longer: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.j - hit.i > 1:
            longer.setdefault(hit.kind, []).append(hit)
    return [hit for hit in hits if hit.kind not in longer or not _inside(hit, longer[hit.kind])]


def _inside(hit: Hit, rivals: list[Hit]) -> bool:
    return any(rival.i <= hit.i and hit.j <= rival.j and rival.j - rival.i > hit.j - hit.i for rival in rivals)


def _place(hit: Hit) -> tuple[int, int, str, str]:
    return hit.i, hit.j, hit.kind, hit.value


def _patterns(cell: str) -> list[str]:
    return [pattern.strip() for pattern in cell.split(";") if pattern.strip()]


def _add_countries(lexicon: Lexicon, lang: str) -> None:
    columns = {
        "names": "country",
        "genitives": "country_gen",
        "adjectives": "country_adj",
        "metonyms": "metonym",
        "metonym_genitives": "metonym_gen",
    }
    for row in read_table(f"{lang}/countries.csv"):
        for column, form in columns.items():
            for pattern in _patterns(row[column]):
                lexicon.add(f"place:country:{row['code']}", pattern, (form, row["article"]))
    for row in read_table("organisations.csv"):
        for pattern in _patterns(row[f"names_{lang}"]):
            lexicon.add(f"place:{row['code']}", pattern, (row["kind"], ""))


@cache
def lexicon(lang: str) -> Lexicon:
    """The compiled lexicon of a language.

    Raises
    ------
    UnknownNameError
        If no folder exists for the language.
    """
    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES)
    settings = {row["key"]: row["value"] for row in read_table(f"{lang}/language.csv")}
    result = Lexicon(lang, settings)
    for name in ("concepts", "things", "cues", "function", "quantities", "dates"):
        for row in read_table(f"{lang}/{name}.csv"):
            label, patterns, *rest = row.values()
            for pattern in _patterns(patterns):
                result.add(label if name != "concepts" else f"c:{label}", pattern, tuple(rest))
    for row in read_table("elements.csv"):
        result.add(f"symbol:{row['symbol']}", "=" + row["symbol"], (row["ambiguous"],))
    _add_countries(result, lang)
    return result.seal()


@cache
def boilerplate() -> Lexicon:
    """The compiled patterns of what is not the article, of all languages."""
    result = Lexicon("", {})
    for lang in LANGUAGES:
        for row in read_table(f"{lang}/boilerplate.csv"):
            for pattern in _patterns(row["patterns"]):
                result.add(row["label"], pattern)
        for row in read_table(f"{lang}/dates.csv"):
            if row["label"] == "month":
                for pattern in _patterns(row["patterns"]):
                    result.add("month", pattern, (row["value"],))
    return result.seal()
