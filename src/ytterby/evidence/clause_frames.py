"""Training sentences written as frames: one wording with alternatives, ``{has shut|closed} the $plant``, stands for many sentences.

A frame is invented like any other training sentence, but says at once which words may stand in a place, so that a thesaurus of a type of
event fits into a few lines. Rows whose type begins with ``$`` name a class of words that frames of the same file share.
"""

from __future__ import annotations

import csv
import re
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

INLINE, CLASS = re.compile(r"\{([^{}]*)\}"), re.compile(r"\$([a-z]+)")
PASSES = 2
"""Sentences for each alternative of the longest list of a frame, so that each word stands beside more than one other."""
FEWEST = 8
"""Sentences of a frame at least, before equal ones are dropped."""


class FramedSentence(NamedTuple):
    """A sentence made from a frame, with its type of event."""

    event_type: str
    sentence: str


def framed_sentences(path: Path) -> list[FramedSentence]:
    """All sentences of a file of frames, each once, the same on every machine."""
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    classes = {row["event_type"][1:]: row["frame"].split("|") for row in rows if row["event_type"][0] == "$"}
    frames = [row for row in rows if row["event_type"][0] != "$"]
    made = [FramedSentence(row["event_type"], text) for at, row in enumerate(frames) for text in _sentences(row["frame"], classes, at)]
    return list(dict.fromkeys(made))


def _sentences(frame: str, classes: dict[str, list[str]], at: int) -> list[str]:
    """The sentences of the frame at a place of its file."""
    count = max(FEWEST, *(PASSES * len(found[1].split("|")) for found in INLINE.finditer(frame)), 0)
    return [_sentence(frame, classes, turn, at) for turn in range(count)]


def _sentence(frame: str, classes: dict[str, list[str]], turn: int, at: int) -> str:
    """One of the sentences: each list and class goes on at its own pace, so that neighbours change."""
    places = iter(range(1, len(frame)))

    def of_list(found: re.Match[str]) -> str:
        words, place = found[1].split("|"), next(places)
        pace = 1 if place % 2 or len(words) % 3 == 0 else 3
        return words[(turn * pace + turn // len(words) * (place - 1) + at * place) % len(words)]

    def of_class(found: re.Match[str]) -> str:
        words, place = classes[found[1]], next(places)
        pace = place if gcd(place, len(words)) == 1 else 1
        return words[(turn * pace + at + place) % len(words)]

    text = CLASS.sub(of_class, INLINE.sub(of_list, frame))
    text = re.sub(r"\s+([.,])", r"\1", re.sub(r"\s+", " ", text)).strip()
    return text[0].upper() + text[1:]
