"""The clause model of languages without spaces: the same linear model on runs of signs, with names, materials and numbers masked."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from ytterby.evidence.clause_model import DIGITS, feature_key, stored_model

if TYPE_CHECKING:
    from ytterby.evidence.clause_model import ClauseModel
    from ytterby.evidence.rules.sentences import ClauseReading
    from ytterby.evidence.unspaced.text import SignSentence

SIGN_WEIGHTS = "sign_model.npz"
MASKED = {"place": "P", "short": "P", "material": "M"}
"""Kinds of hits that are masked, and by what sign; digits become a single zero."""
NGRAMS = (1, 2, 3, 4)
"""Lengths of the runs of signs that are features."""
SIGNS_PER_WORD = 2
"""Signs that count like a word where long clauses are scaled down."""


def masked_signs(sentence: SignSentence, clause: tuple[int, int]) -> str:
    """Signs of a clause with masks for names and materials, and one zero for each number."""
    i, j = clause
    signs = list(sentence.text[i:j])
    for kind, mask in MASKED.items():
        for hit in sentence.of(kind, i, j):
            signs[hit.i - i : hit.j - i] = [mask, *[""] * (hit.j - hit.i - 1)]
    masked = "".join("0" if sign in DIGITS else sign for sign in signs if not sign.isspace())
    while "00" in masked:
        masked = masked.replace("00", "0")
    return masked


def sign_features(masked: str) -> list[int]:
    """Numbers of the features of masked signs: runs of one to four signs, the beginning and the end marked."""
    marked = f"^{masked}$"
    return [feature_key(f"s {marked[at : at + n]}") for n in NGRAMS for at in range(len(marked) - n + 1)]


def sign_words(masked: str) -> int:
    """Length of masked signs, in what counts as words."""
    return len(masked) // SIGNS_PER_WORD


def read_signs(sentence: SignSentence, clause: tuple[int, int]) -> ClauseReading:
    """What a clause reports."""
    masked = masked_signs(sentence, clause)
    return sign_model().read_features(sign_features(masked), sign_words(masked))


@cache
def sign_model() -> ClauseModel:
    """The model of this package for languages without spaces."""
    return stored_model(SIGN_WEIGHTS)
