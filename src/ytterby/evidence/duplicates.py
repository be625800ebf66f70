"""Documents that copy one another: verbatim copies by MinHash, rewritten agency reports by aligned sentences and equal claims.

MinHash: Broder (1997), On the resemblance and containment of documents.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.evidence.claims import Claim
    from ytterby.evidence.documents import Document

HASHES, BANDS, SHINGLE = 64, 16, 4
"""Length of a signature, its bands, and words in a shingle: copies that share 80 % of their shingles meet in a band almost surely."""

MIN_COPIED = 0.7
"""Estimated share of common shingles from which two texts are copies."""

MIN_SENTENCE = 40
"""Characters of a sentence that is compared."""

MIN_ALIGNED = 60.0
"""Token-set ratio from which two sentences say the same."""

MIN_RETOLD = 0.4
"""Share of the shorter text's sentences that must have a counterpart."""

MIN_EQUAL_CLAIMS = 3
"""Claims that two reports with one origin must have in common."""

_BITS = np.uint64(31)
_PRIME = np.uint64((1 << 31) - 1)
_RANDOM = np.random.default_rng(20_231_204)
_A = _RANDOM.integers(1, 1 << 31, HASHES, dtype=np.uint64)
_B = _RANDOM.integers(0, 1 << 31, HASHES, dtype=np.uint64)


def signature(document: Document) -> bytes:
    """MinHash signature of a document's article, ``HASHES`` numbers of type uint32; empty for texts of a few words."""
    words = " ".join(document.article.lower().split()).encode().split(b" ")
    if len(words) < 3 * SHINGLE:
        return b""
    shingles = {b" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    codes = np.fromiter((zlib.crc32(s) & 0x7FFFFFFF for s in shingles), dtype=np.uint64, count=len(shingles))
    values: bytes = _modulo_prime(codes[:, None] * _A + _B).min(axis=0).astype(np.uint32).tobytes()
    return values


def _modulo_prime(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Remainders by the prime 2^31 - 1 without a division: the bits above the 31st are added to those below, twice.

    Right for numbers below 2^62 + 2^31; what is left of the prime itself is none.
    """
    for _ in range(2):
        numbers = (numbers & _PRIME) + (numbers >> _BITS)
    numbers[numbers == _PRIME] = 0
    return numbers


def copies(signatures: Mapping[str, bytes]) -> list[tuple[str, str, float]]:
    """Pairs of verbatim copies with the estimated share of common shingles.

    Parameters
    ----------
    signatures : mapping of str to bytes
        Signature of each document by name; only documents that agree in a band are compared.
    """
    first: dict[tuple[int, bytes], str] = {}
    width = 4 * HASHES // BANDS
    found: dict[tuple[str, str], float] = {}
    for name, values in sorted(signatures.items()):
        for band in range(BANDS) if values else ():
            other = first.setdefault((band, values[band * width : (band + 1) * width]), name)
            if other != name and (other, name) not in found:
                found[other, name] = _similarity(signatures[other], values)
    return [(a, b, round(share, 3)) for (a, b), share in sorted(found.items()) if share >= MIN_COPIED]


def _similarity(a: bytes, b: bytes) -> float:
    return float(np.mean(np.frombuffer(a, np.uint32) == np.frombuffer(b, np.uint32)))


def aligned_share(a: Document, b: Document) -> float | None:
    """Share of the shorter article's sentences that have a counterpart in the other; None if an article is too short to tell."""
    from rapidfuzz.fuzz import token_set_ratio
    from rapidfuzz.process import cdist

    short, long = sorted((_long_sentences(a), _long_sentences(b)), key=len)
    if len(short) < 3:
        return None
    best = cdist(short, long, scorer=token_set_ratio).max(axis=1)
    return float(np.mean(best > MIN_ALIGNED))


def _long_sentences(document: Document) -> list[str]:
    text = document.article.replace("\n", ". ").replace("! ", ". ").replace("? ", ". ")
    return [stripped for part in text.split(". ") if len(stripped := part.strip()) > MIN_SENTENCE]


def equal_claims(a: Iterable[Claim], b: Iterable[Claim]) -> int:
    """Number of claims that two documents share: same type with the same figure or the same persons."""
    return len({_key(claim) for claim in a} & {_key(claim) for claim in b} - {None})


def _key(claim: Claim) -> tuple[object, ...] | None:
    people = tuple(sorted(name for name in (*claim.actors, *claim.targets) if name.startswith("person:")))
    figure = (claim.quantity or {}).get("value"), (claim.quantity or {}).get("lo")
    return (claim.event_type, people, *figure) if people or figure != (None, None) else None


def origins(names: Iterable[str], pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Origin of each document: the first name of its group of copies."""
    parent = {name: name for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for a, b in sorted(pairs):
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return {name: root(name) for name in parent}
