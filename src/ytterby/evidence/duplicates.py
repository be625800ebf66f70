"""Which documents copy one another: verbatim copies by MinHash, re-told wire reports by sentences and equal claims."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ytterby.evidence.records import Claim, Document

HASHES, BANDS, SHINGLE = 64, 16, 4
"""Length of a signature, its bands, words in a shingle: copies that share 80 % of shingles meet in a band almost surely."""

COPY = 0.7
"""Estimated share of common shingles from which two texts are copies."""

ALIGNED = 60.0
"""Token-set ratio from which two sentences say the same."""

RETOLD = 0.4
"""Share of the shorter text's sentences that must find their like."""

EQUAL_CLAIMS = 3
"""Claims that two re-tellings must have in common."""

_PRIME = np.uint64((1 << 31) - 1)
_RANDOM = np.random.default_rng(20_231_204)
_A = _RANDOM.integers(1, 1 << 31, HASHES, dtype=np.uint64)
_B = _RANDOM.integers(0, 1 << 31, HASHES, dtype=np.uint64)


@dataclass(frozen=True)
class Signature:
    """MinHash of a text's shingles, shape (HASHES,) uint32 as bytes; empty for texts of a few words."""

    name: str
    values: bytes


def article(document: Document) -> str:
    """The document's text without what is not the article."""
    parts, at = [], 0
    for span in sorted(document.removed, key=lambda r: r.start):
        if span.start >= at:
            parts.append(document.text[at : span.start])
            at = span.end
    return "".join([*parts, document.text[at:]])


def signature(document: Document) -> Signature:
    """Signature of a document's article."""
    words = " ".join(article(document).lower().split()).encode().split(b" ")
    if len(words) < 3 * SHINGLE:
        return Signature(document.name, b"")
    shingles = {b" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    codes = np.fromiter((zlib.crc32(s) & 0x7FFFFFFF for s in shingles), dtype=np.uint64, count=len(shingles))
    hashed: NDArray[np.uint64] = (codes[:, None] * _A + _B) % _PRIME
    return Signature(document.name, hashed.min(axis=0).astype(np.uint32).tobytes())


def copies(signatures: Iterable[Signature]) -> list[tuple[str, str, float]]:
    """Pairs of names with the estimated share of common shingles; candidates meet in a band of their signatures."""
    buckets: dict[tuple[int, bytes], list[Signature]] = {}
    width = 4 * HASHES // BANDS
    found: dict[tuple[str, str], float] = {}
    for item in sorted((s for s in signatures if s.values), key=lambda s: s.name):
        for band in range(BANDS):
            bucket = buckets.setdefault((band, item.values[band * width : (band + 1) * width]), [])
            for other in bucket[:1]:
                pair = (other.name, item.name)
                if pair not in found and pair[0] != pair[1]:
                    found[pair] = _similar(other, item)
            if not bucket:
                bucket.append(item)
    return [(a, b, round(share, 3)) for (a, b), share in sorted(found.items()) if share >= COPY]


def _similar(a: Signature, b: Signature) -> float:
    return float(np.mean(np.frombuffer(a.values, np.uint32) == np.frombuffer(b.values, np.uint32)))


def retold(a: Sequence[str], b: Sequence[str], claims_a: Sequence[Claim], claims_b: Sequence[Claim]) -> tuple[bool, float]:
    """Whether two texts re-tell one report, and the share of sentences that find their like.

    Sentences are aligned by token-set ratio; besides, enough claims must be equal in type and actors, with
    the same figures or people in one of them.
    """
    from rapidfuzz.fuzz import token_set_ratio
    from rapidfuzz.process import cdist

    short, long = sorted(([s for s in a if len(s) > 40], [s for s in b if len(s) > 40]), key=len)
    if len(short) < 3 or not long:
        return False, 0.0
    best = cdist(short, long, scorer=token_set_ratio).max(axis=1)
    share = float(np.mean(best > ALIGNED))
    return share >= RETOLD and equal_claims(claims_a, claims_b) >= EQUAL_CLAIMS, round(share, 3)


def equal_claims(a: Sequence[Claim], b: Sequence[Claim]) -> int:
    """How many kinds of claims two documents share: type with figure, person or weekday."""
    return len({_key(claim) for claim in a} & {_key(claim) for claim in b} - {None})


def _key(claim: Claim) -> tuple[object, ...] | None:
    people = tuple(sorted(name for name in (*claim.actors, *claim.targets) if name.startswith("person:")))
    figure = (claim.quantity or {}).get("value"), (claim.quantity or {}).get("lo")
    if not people and figure == (None, None):
        return None
    return claim.event_type, people, *figure


def groups(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first name of each document's group of copies."""
    parent = {name: name for name in names}

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    for a, b in sorted(pairs):
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    return {name: root(name) for name in parent}
