"""A linear model of clauses beside the rules: which type of event a clause reports, from its words and parts of words.

The weights are learnt by ``scripts/train_clauses.py`` from the invented sentences in ``training``; reading needs NumPy only. Countries,
materials, numbers and days are masked, so that the model learns the wording and not the names.
"""

from __future__ import annotations

import math
import zlib
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from ytterby.evidence.rules.sentences import ClauseReading
from ytterby.evidence.spelling import spelling_pairs
from ytterby.evidence.tables import LANGUAGES, language_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.evidence.rules.sentences import Clause, Sentence

WEIGHTS = "clause_model.npz"
MODEL = "learnt"
"""Name of the rule of claims that only the model found."""
NONE = "none"
"""Class of clauses that report no event of a core type."""
MASKS = {
    **dict.fromkeys(("material", "element", "symbol"), "<material>"),
    **dict.fromkeys(("place", "group"), "<place>"),
    **dict.fromkeys(("month", "weekday"), "<day>"),
}
"""Kinds of hits that are masked, and by what."""
NUMBER = "<number>"
DIGITS = frozenset("0123456789")
NGRAMS = (3, 4, 5)
"""Lengths of the parts of words that are features."""
MAX_CACHED = 100_000
"""Words and pairs of words whose scores are kept."""


def masked_words(sentence: Sentence, clause: Clause | None) -> list[str]:
    """Words of a clause in lower case, with masks for names, numbers and days; a masked run counts once."""
    kinds = sentence.by_kind
    # in the order of MASKS, so that a later kind wins wherever two meet
    masks = {at: mask for kind, mask in MASKS.items() if kind in kinds for hit in kinds[kind] for at in range(hit.i, hit.j)}
    places: Iterable[int] = range(len(sentence.lows))
    if clause is not None:
        places = chain(range(clause.i, clause.j), range(*clause.rest) if clause.rest else ())
    result, lows, last = [], sentence.lows, ""
    for at in places:
        low = lows[at]
        word = masks[at] if at in masks else low if low[0] not in DIGITS else NUMBER
        if word is not last or word[0] != "<":
            result.append(word)
        last = word
    return result


@cache
def _spellings() -> dict[int, str]:
    """Spelling of each letter that some systems lack, as its neighbours write it."""
    pairs = (pair for lang in LANGUAGES for pair in spelling_pairs(language_settings(lang), "spelled_out"))
    return {ord(letter): other for letter, other in pairs if len(letter) == 1}


def word_features(word: str) -> Iterator[str]:
    """Features of one word: itself and its parts, the same with and without the letters that some systems lack."""
    word = word.translate(_spellings())
    yield f"w {word}"
    if word[0] != "<" and word[0].isalpha():
        marked = f"^{word}$"
        yield from (f"n {marked[at : at + n]}" for n in NGRAMS for at in range(len(marked) - n + 1))


def feature_key(feature: str) -> int:
    """Number of a feature, the same on every machine."""
    return zlib.crc32(feature.encode())


def clause_features(sentence: Sentence, clause: Clause | None) -> list[int]:
    """Numbers of all features of a clause: words, their parts, pairs of neighbours, concepts of the lexicon."""
    words = masked_words(sentence, clause)
    keys = [feature_key(feature) for word in words for feature in word_features(word)]
    keys += [feature_key(pair) for pair in _pairs(words)]
    return keys + [feature_key(f"c {name}") for name in _concepts(sentence, clause)]


def _pairs(words: list[str]) -> list[str]:
    return [pair_feature(*pair) for pair in zip(["^", *words], [*words, "$"], strict=True)]


def pair_feature(first: str, second: str) -> str:
    """Feature of two neighbours."""
    return f"p {first} {second}".translate(_spellings())


def _concepts(sentence: Sentence, clause: Clause | None) -> list[str]:
    return sorted({hit.value for hit in sentence.of("concept", clause)})


class ClauseModel:
    """The learnt weights, and the scores of words as far as they were needed.

    Parameters
    ----------
    keys : array, shape (features,)
        Numbers of the features that the training sentences have; others count nothing.
    weights : array, shape (features, types)
        Weight of each feature for each type.
    bias : array, shape (types,)
    types : list of str
    """

    def __init__(self, keys: NDArray[np.uint32], weights: NDArray[np.float32], bias: NDArray[np.float32], types: list[str]) -> None:
        self.features = {key: place for place, key in enumerate(keys.tolist())}
        self.weights, self.bias, self.types = weights, bias, types
        self.places = {name: place for place, name in enumerate(types)}
        self.rows: dict[str | tuple[str, str], int] = {}
        self.count = 1
        self.scores = np.zeros((1024, len(types)), np.float32)

    def read(self, clauses: Sequence[tuple[Sentence, Clause | None]]) -> list[ClauseReading]:
        """What clauses report, each with its sentence; the whole sentence for None. Many at once take half the time of one by one."""
        if len(self.rows) >= MAX_CACHED:
            self.rows.clear()
            self.count = 1
        rows: list[int] = []
        begins, counts = [], []
        for sentence, clause in clauses:
            begins.append(len(rows))
            words = masked_words(sentence, clause)
            counts.append(len(words))
            rows += self._rows(words, _concepts(sentence, clause))
        return self._of_sums(np.add.reduceat(self.scores.take(rows, axis=0), begins), counts) if begins else []

    def _rows(self, words: list[str], concepts: Iterable[str]) -> list[int]:
        """Rows of words, of pairs of neighbours and of concepts; the pairs of begin and end are always among them."""
        known = self.rows  # words and pairs stand there as they are: to join them to strings first takes a third of the time
        rows = [known[word] if word in known else self._row(f"w {word}", word) for word in words]
        pairs = zip(["^", *words], [*words, "$"], strict=True)
        rows += [known[pair] if pair in known else self._row(pair_feature(*pair), pair) for pair in pairs]
        return rows + [known[key] if (key := "c " + name) in known else self._row(key) for name in concepts]

    def read_features(self, features: Iterable[int], words: int) -> ClauseReading:
        """What a clause of so many words reports that has these features."""
        known = [place for key in features if (place := self.features.get(key)) is not None]
        return self._of_sums(np.add.reduce(self.weights.take(known, axis=0))[None], [words])[0]

    def _of_sums(self, logits: NDArray[np.float32], words: Sequence[int]) -> list[ClauseReading]:
        """Readings of clauses of so many words from their summed weights, shape (clauses, types)."""
        logits *= np.array([scale(count) for count in words], np.float32)[:, None]
        logits += self.bias
        chances = np.exp(logits, out=logits)
        chances /= np.add.reduce(chances, axis=1)[:, None]
        best = chances.argmax(axis=1).tolist()
        return [ClauseReading(self.types[at], float(row[at]), row) for at, row in zip(best, chances, strict=True)]

    def probability_of(self, reading: ClauseReading, event_type: str) -> float | None:
        """Probability of a type; None for types that the model does not know."""
        place = self.places.get(event_type)
        return None if place is None else float(reading.probabilities[place])

    def _row(self, key: str, name: str | tuple[str, str] = "") -> int:
        """Row of the summed weights of a word with its parts, of a pair or a concept; the first one, of zeros, if it was never seen.

        It is kept under ``name``, by default the key.
        """
        features = word_features(key[2:]) if key[0] == "w" else (key,)
        known = [place for feature in features if (place := self.features.get(feature_key(feature))) is not None]
        row = self.rows[name or key] = self.count if known else 0
        if known:
            if row >= len(self.scores):
                self.scores = np.vstack([self.scores, np.zeros_like(self.scores)])
            self.scores[row] = np.add.reduce(self.weights.take(known, axis=0))
            self.count += 1
        return row


def scale(words: int) -> float:
    """Factor by which the weights of a clause count: long clauses have more features, not more evidence."""
    return 1.0 / math.sqrt(max(words, 4))


@cache
def clause_model() -> ClauseModel:
    """The model of this package for languages with spaces."""
    return stored_model(WEIGHTS)


def stored_model(name: str) -> ClauseModel:
    """A model as it is stored in the package."""
    with (files("ytterby.evidence") / name).open("rb") as stream, np.load(stream) as stored:
        weights = stored["weights"].astype(np.float32) * stored["step"]
        return ClauseModel(stored["keys"], weights, stored["bias"].astype(np.float32), [str(name) for name in stored["types"]])
