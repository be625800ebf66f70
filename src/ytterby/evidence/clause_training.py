"""Learning of the clause model from the invented sentences in ``training``: softmax regression with an L2 penalty, by L-BFGS.

The weights are the same on every machine up to the last digits and are rounded to one byte. Reading does not need this module.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from ytterby.evidence import clause_model as cm
from ytterby.evidence import sign_model as sm
from ytterby.evidence.clause_frames import FramedSentence, framed_sentences
from ytterby.evidence.clean_view import clean_text
from ytterby.evidence.lexicon import lexicon_of
from ytterby.evidence.rules.sentences import sentences_of
from ytterby.evidence.unspaced.signs import UNSPACED, sign_lexicon
from ytterby.evidence.unspaced.text import sentences_of as sign_sentences

ROOM, FRAMES = Path(cm.__file__).parent, "frames"
FOLDER, WEIGHTS, SIGN_WEIGHTS = ROOM / "training", ROOM / cm.WEIGHTS, ROOM / sm.SIGN_WEIGHTS
PENALTY = 0.00005
"""Weight of the L2 penalty; chosen by the likelihood of the marked articles that serve for development."""
BYTES = 127
LEAST = 2
"""Sentences that have a feature, below which it is left out."""


class TrainingSentence(NamedTuple):
    """A training sentence: its list, language, type and features."""

    source: str
    lang: str
    event_type: str
    keys: list[int]
    words: int


def samples(*, unspaced: bool = False) -> list[TrainingSentence]:
    """All sentences of the lists of languages with or without spaces, each read as one clause."""
    found = []
    for path in sorted(FOLDER.rglob("*.csv")):
        lang = path.stem.split("-")[0]
        if (lang in UNSPACED) != unspaced:
            continue
        for event_type, sentence in _listed(path):
            keys, words = (_of_signs if unspaced else _of_words)(sentence, lang)
            found.append(TrainingSentence(path.stem, lang, event_type, keys, words))
    return found


def _listed(path: Path) -> list[FramedSentence]:
    """Sentences of a list, or those that a file of frames stands for."""
    if path.parent.name == FRAMES:
        return framed_sentences(path)
    return [FramedSentence(row["event_type"], row["sentence"]) for row in csv.DictReader(path.read_text("utf-8").splitlines())]


def _of_words(text: str, lang: str) -> tuple[list[int], int]:
    parts = sentences_of(clean_text(text), lexicon_of(lang))
    return [key for part in parts for key in cm.clause_features(part, None)], sum(len(cm.masked_words(part, None)) for part in parts)


def _of_signs(text: str, lang: str) -> tuple[list[int], int]:
    parts = sign_sentences(clean_text(text), sign_lexicon(lang))
    masked = "".join(sm.masked_signs(part, (0, len(part.text.rstrip("\u3002")))) for part in parts)
    return sm.sign_features(masked), sm.sign_words(masked)


def vocabulary(chosen: list[TrainingSentence]) -> list[int]:
    """Numbers of the features that at least two sentences have, in order."""
    counts = Counter(key for sample in chosen for key in set(sample.keys))
    return sorted(key for key, count in counts.items() if count >= LEAST)


def matrix(chosen: list[TrainingSentence], known: list[int]) -> csr_matrix:
    """Features of sentences, scaled as in reading."""
    place = {key: at for at, key in enumerate(known)}
    counts = [(at, place[key], cm.scale(sample.words)) for at, sample in enumerate(chosen) for key in sample.keys if key in place]
    places, rows, values = (np.array(column) for column in zip(*counts, strict=True))
    return csr_matrix((values, (places, rows)), shape=(len(chosen), len(known)))


def fit(chosen: list[TrainingSentence], known: list[int], types: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Weights and bias of a softmax regression."""
    features, n, size = matrix(chosen, known), len(types), len(known)
    target = np.array([types.index(sample.event_type) for sample in chosen])
    wanted = np.zeros((len(chosen), n))
    wanted[np.arange(len(chosen)), target] = 1

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, bias = flat[:-n].reshape(size, n), flat[-n:]
        logits = features @ weights + bias
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        value = -np.log(chances[np.arange(len(chosen)), target]).mean() + PENALTY / 2 * (weights**2).sum()
        error = (chances - wanted) / len(chosen)
        return value, np.concatenate([(features.T @ error + PENALTY * weights).ravel(), error.sum(axis=0)])

    start = np.zeros((size + 1) * n)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80}).x
    return found[:-n].reshape(size, n), found[-n:]


def held_out(chosen: list[TrainingSentence], source: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether each sentence of a list is read right by a model of the other lists, how sure it is, and whether it reads an act."""
    types = sorted({sample.event_type for sample in chosen})
    others, test = ([sample for sample in chosen if (sample.source == source) == wanted] for wanted in (False, True))
    known = vocabulary(others)
    weights, bias = fit(others, known, types)
    logits = matrix(test, known) @ weights + bias
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    best = chances.argmax(axis=1)
    right = np.array([types[at] == sample.event_type for at, sample in zip(best, test, strict=True)])
    return right, chances.max(axis=1), np.array([types[at] != cm.NONE for at in best])


def learn_clauses(*, with_lists_held_out: bool = False) -> list[str]:
    """Learn the weights from all lists and write them; returns lines that say what was learnt, and how well on lists held out."""
    chosen = samples()
    lines = [_line(chosen, source) for source in sorted({sample.source for sample in chosen})] if with_lists_held_out else []
    return [*lines, _learn(chosen, WEIGHTS), _learn(samples(unspaced=True), SIGN_WEIGHTS)]


def _learn(chosen: list[TrainingSentence], path: Path) -> str:
    types, known = sorted({sample.event_type for sample in chosen}), vocabulary(chosen)
    weights, bias = fit(chosen, known, types)
    step = float(np.abs(weights).max()) / BYTES
    packed = np.round(weights / step).astype(np.int8)
    keys, small = np.array(known, np.uint32), bias.astype(np.float32)
    np.savez_compressed(path, keys=keys, weights=packed, bias=small, step=np.float32(step), types=np.array(types))
    return f"{len(chosen)} sentences, {len(types)} types, {len(known)} features; {path.stat().st_size / 1e6:.2f} MB"


def _line(chosen: list[TrainingSentence], source: str) -> str:
    right, sure, acts = held_out(chosen, source)
    shown = "  ".join(f"above {at}: {right[acts & (sure > at)].sum()} of {(acts & (sure > at)).sum()}" for at in (0.3, 0.5, 0.7))
    return f"{source:14} {len(right):4} sentences, right {right.mean():.2f}; acts read with a probability {shown}"
