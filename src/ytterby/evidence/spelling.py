"""Spellings of a language: its own letters written out, and number words that are joined of others."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from ytterby.evidence.tables import language_settings, patterns, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator


def spelling_pairs(settings: dict[str, str], key: str) -> Iterator[tuple[str, str]]:
    """Letters and their spellings, as a setting lists them: ``ä=ae ö=oe``."""
    for pair in settings[key].split():
        letter, _, spelling = pair.partition("=")
        yield from ((letter, spelling), (letter.upper(), spelling.capitalize()))


def spells_out(text: str, lang: str) -> bool:
    """Whether a text has none of the letters that its language spells out where a system lacks them, as ``ae`` for ``ä``."""
    letters = [letter for letter, _ in spelling_pairs(language_settings(lang), "spelled_out")]
    text = unicodedata.normalize("NFC", text) if letters else ""
    return bool(letters) and not any(letter in text for letter in letters)


def joined_numbers(lang: str) -> Iterator[tuple[int, str]]:
    """Numbers and their words, which a language joins of tens and units, or of units and hundreds, as its settings say."""
    rows = (row for row in read_table(f"{lang}/quantities.csv") if row["label"] == "number" and row["lo"].isdecimal())
    words, settings = {int(row["lo"]): patterns(row["patterns"])[0] for row in rows}, language_settings(lang)
    for unit in range(1, 10):
        yield unit * 100, settings["hundreds"].format(u=words[unit])
        for tens in range(20, 100, 10):
            yield tens + unit, settings["tens"].format(t=words[tens], u=words[unit])
