"""Lexicons of languages without spaces: patterns are found at any sign of a text, the longest of a kind first.

What belongs to one language lies in its folder of ``lexicons``, marked by ``unspaced.csv``; elements and minerals are named as in the
vocabulary of the facts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from ytterby.evidence.tables import patterns, read_table
from ytterby.facts import elements, minerals

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER = files("ytterby.evidence") / "lexicons"
UNSPACED = tuple(sorted(folder.name for folder in _FOLDER.iterdir() if (folder / "unspaced.csv").is_file()))
"""Languages without spaces that have a folder of lexicons, by ISO 639-1 code."""
LABELLED = ("concepts", "cues", "function", "things")
"""Tables whose rows name the kind themselves; concepts are of the kind ``concept``."""
NAMES = {"countries": "place", "orgs": "place", "short": "short", "materials": "material", "sites": "site"}
"""Tables of names and the kind of their hits."""
VALUED = ("quantities", "dates")
WIDE = {ord("\u3000"): " ", **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}}
"""Signs of full width and the usual ones in their place; one for one, so that places in the text stay."""


class SignHit(NamedTuple):
    """A pattern found at signs ``i`` to ``j`` (exclusive) of a text."""

    kind: str
    value: str
    i: int
    j: int


class UnspacedRule(NamedTuple):
    """A row of ``rules.csv``: concepts that a clause must hold, each beside the others, and such that it must not hold."""

    id: str
    event_type: str
    when: tuple[frozenset[str], ...]
    unless: frozenset[str]


@dataclass
class SignLexicon:
    """All patterns of a language by their first sign, the longest first; its settings and rules."""

    settings: dict[str, str]
    rules: tuple[UnspacedRule, ...]
    by_first: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def add(self, kind: str, value: str, listed: Iterable[str]) -> None:
        """Add patterns under a kind and a value."""
        for pattern in listed:
            shown = narrow(pattern)
            self.by_first.setdefault(shown[0], []).append((shown, kind, value))

    def complete(self) -> SignLexicon:
        """Sort the index; to be called after the last :meth:`add`."""
        for listed in self.by_first.values():
            listed.sort(key=lambda entry: -len(entry[0]))
        return self

    def match(self, text: str) -> list[SignHit]:
        """All hits in order of place; of those of one kind that lie inside one another only the longest."""
        found: list[SignHit] = []
        until: dict[str, int] = {}
        for at, sign in enumerate(text):
            for pattern, kind, value in self.by_first.get(sign, ()):
                end = at + len(pattern)
                if text.startswith(pattern, at) and (kind == "concept" or until.get(kind, 0) < end):
                    found.append(SignHit(kind, value, at, end))
                    until[kind] = max(until.get(kind, 0), end)
        return found


def narrow(text: str) -> str:
    """A text with digits, letters and signs of usual width; of the same length."""
    return text.translate(WIDE)


@cache
def sign_lexicon(lang: str) -> SignLexicon:
    """Compiled lexicon of a language without spaces."""
    settings = {row["key"]: row["value"] for row in read_table(f"{lang}/unspaced.csv")}
    settings |= {row["key"]: row["value"] for row in read_table(f"{lang}/firms.csv")}
    lexicon = SignLexicon(settings, tuple(map(_rule, read_table(f"{lang}/rules.csv"))))
    for name in LABELLED:
        for row in read_table(f"{lang}/{name}.csv"):
            kind, _, value = row["label"].partition(":")
            lexicon.add(
                "concept" if name == "concepts" else kind, row["label"] if name == "concepts" else value or kind, patterns(row["patterns"])
            )
    for name, kind in NAMES.items():
        for row in read_table(f"{lang}/{name}.csv"):
            lexicon.add(kind, row["value"], patterns(row["patterns"]))
    for name in VALUED:
        for row in read_table(f"{lang}/{name}.csv"):
            lexicon.add(row["label"], row["value"], patterns(row["patterns"]))
    for symbol, term in {**elements(), **minerals()}.items():
        lexicon.add("material", symbol, [term.names[lang]])
    return lexicon.complete()


def _rule(row: dict[str, str]) -> UnspacedRule:
    when = tuple(frozenset(group.split("|")) for group in row["when"].split())
    return UnspacedRule(row["id"], row["type"], when, frozenset(row["unless"].split()))


@cache
def _scripts() -> dict[str, re.Pattern[str]]:
    return {lang: re.compile(sign_lexicon(lang).settings["script"]) for lang in UNSPACED}


def script_of(text: str, share: float) -> str:
    """Language whose own script makes up at least so large a share of a text; empty if none does."""
    return next((lang for lang, pattern in _scripts().items() if len(pattern.findall(text)) > share * max(len(text), 1)), "")
