"""Numbers of a sentence: digits in all groupings, number words, halves, and multipliers such as *crore*."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ytterby.evidence.lexicon import Lexicon, LexiconHit
    from ytterby.evidence.rules.sentences import Sentence

GROUPING = frozenset("'\u2019\u00a0\u2009\u202f")
"""Signs that part groups of three digits inside a word: apostrophes and spaces that do not break."""
SPACE = " "
FULL_STOP = "."
LARGEST = 1e18
"""Numbers from here on are slips."""

HitsByStart = dict[int, list["LexiconHit"]]


class Amount(NamedTuple):
    """A number with the index after its last word; ``factor`` is that of its multipliers (1 if it has none)."""

    value: float
    end: int
    factor: float


def parse_number(text: str, lexicon: Lexicon) -> float | None:
    """Value of digits in the notation of the language, such as ``10.000,5`` in German; None if they are no number.

    Groups of three may also be parted by apostrophes and by spaces that do not break.
    """
    decimal, thousands = lexicon.settings["decimal"], lexicon.settings["thousands"]
    text = "".join(sign for sign in text if sign not in GROUPING)
    groups = text.split(decimal)[0].split(thousands)
    is_grouped = len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and 1 <= len(groups[0]) <= 3
    is_point = not is_grouped and decimal not in text and text.count(thousands) == 1
    try:
        value = float(text.replace(thousands, "." if is_point else "").replace(decimal, "."))
    except ValueError:
        return None
    return value if abs(value) < LARGEST else None


def hit_at(by_start: HitsByStart, at: int, kind: str) -> LexiconHit | None:
    """The longest hit of a kind that begins at word ``at``."""
    found = None
    for hit in by_start.get(at, ()):
        if hit.kind == kind and (found is None or hit.j > found.j):
            found = hit
    return found


def amount_at(sentence: Sentence, lexicon: Lexicon, by_start: HitsByStart, at: int) -> Amount | None:
    """The number that begins at word ``at``: digits or a number word, an added half, multipliers; None if none does."""
    if at >= len(sentence.words):
        return None
    found = _digits(sentence, lexicon, at) or _number_word(by_start, at)
    if found is None:
        return None
    value, end = found
    if more := hit_at(by_start, end, "addend"):
        value, end = value + float(more.data[2]), more.j
    factor = 1.0
    while multiplier := hit_at(by_start, end, "multiplier"):
        factor, end = factor * float(multiplier.data[2]), multiplier.j
        if end < len(sentence.words) - 1 and sentence.words[end] == FULL_STOP:
            end += 1
    return Amount(value * factor, end, factor) if value * factor < LARGEST else None


def _number_word(by_start: HitsByStart, at: int) -> tuple[float, int] | None:
    number = hit_at(by_start, at, "number")
    return (float(number.data[2]), number.j) if number else None


def _digits(sentence: Sentence, lexicon: Lexicon, at: int) -> tuple[float, int] | None:
    """Value and end of digits, whose groups may be words of their own: ``270 000``."""
    words, end = sentence.words, at + 1
    if not words[at][0].isdecimal():
        return None
    text = words[at]
    while end < len(words) and _is_next_group(sentence, lexicon, at, end):
        text, end = text + words[end], end + 1
    value = parse_number(text, lexicon)
    return None if value is None else (value, end)


def _is_next_group(sentence: Sentence, lexicon: Lexicon, first: int, at: int) -> bool:
    """Whether word ``at`` is the next group of three of the number that begins at word ``first``; a day of a month begins none."""
    words = sentence.words
    group = words[at].partition(lexicon.settings["decimal"])[0]
    if not (group.isdecimal() and len(group) == 3 and words[at - 1].isdecimal() and len(words[first]) <= 3):
        return False
    is_day = first and any(hit.j in {first, first - 1} for hit in sentence.of("month"))
    return not is_day and sentence.block.text[sentence.ends[at - 1] : sentence.starts[at]] == SPACE
