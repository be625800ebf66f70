"""Why two statements of articles do not go together, in the language of a briefing: the notes of relations are written in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.report.text import Words

FIGURES = r"(?P<first>.+?) against (?P<second>.+?)"
NOTES = (
    (re.compile(r"one denies what the other says"), "doubt.denied"),
    (re.compile(r"one says that it goes on, the other that it ends"), "doubt.renewal"),
    (re.compile(rf"{FIGURES}: off by (?P<factor>[\d,.]+); one of them has a wrong unit"), "doubt.unit"),
    (
        re.compile(rf"{FIGURES}; the stage may resolve it: (?P<said>.+) is of (?P<stage>[\w/]+), the other names no stage"),
        "doubt.stage_open",
    ),
    (
        re.compile(rf"{FIGURES}; resolved by the stage: the first figure is of (?P<stage>[\w/]+), of (?P<other>[\w/]+) it is (?P<said>.+)"),
        "doubt.stage",
    ),
    (re.compile(FIGURES), "doubt.figures"),
)
"""Forms of notes, the most special first, with their keys in the catalogues; figures are the words of the articles."""
STAGES = ("stage", "other")


def doubt_note(words: Words, note: str) -> str:
    """Note of a relation in the language of the words; one of another form stays as it is."""
    for form, key in NOTES:
        if found := form.fullmatch(note):
            return words.plain(key, **{name: _said(words, name, text) for name, text in found.groupdict().items()})
    return note


def _said(words: Words, name: str, text: str) -> str:
    if name == "factor":
        return words.number(float(text.replace(",", "")), 0)
    return "/".join(words.stage(part) for part in text.split("/")) if name in STAGES else text
