"""Calibration of the confidence of claims: isotonic regression of what was right on the clause model's probability, by pooled violators.

Method: R. E. Barlow, D. J. Bartholomew, J. M. Bremner, H. D. Brunk, Statistical Inference under Order Restrictions, Wiley 1972.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.evidence.clause_model import MODEL
from ytterby.evidence.marks import load_gold
from ytterby.evidence.pipeline import read
from ytterby.evidence.rules.second_opinion import RULES, raw_confidence
from ytterby.evidence.score import match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from ytterby.evidence.claims import Claim

LEAST = 12
"""Claims that a bin holds at least."""
MIN_SHARE, BOUND = 0.75, 0.8
"""Share of right claims below which a type of a language is taken from the model alone only above a higher probability, and that one."""
LEAST_JUDGED = 4
"""Claims of a type from which its share of right ones is believed."""
LAST_BOUND = 1.1
"""Bound of the last bin, above any probability."""


class ConfidencePool(NamedTuple):
    """Neighbouring probabilities: the highest of them, and how many claims were right of how many."""

    highest: float
    right: int
    of: int


def isotonic_pools(outcomes: Iterable[tuple[float, bool]], least: int = LEAST) -> list[ConfidencePool]:
    """Pools of outcomes in order of probability, each with at least ``least`` of them and a share above that of the pool before.

    Parameters
    ----------
    outcomes : iterable of (float, bool)
        Probability [1] and whether the claim was right.
    """
    pools: list[ConfidencePool] = []
    for probability, is_right in sorted(outcomes):
        pools.append(ConfidencePool(probability, int(is_right), 1))
        while len(pools) > 1 and _must_pool(pools[-2], pools[-1], least):
            last, before = pools.pop(), pools.pop()
            pools.append(ConfidencePool(last.highest, before.right + last.right, before.of + last.of))
    if len(pools) > 1 and pools[-1].of < least:
        last, before = pools.pop(), pools.pop()
        pools.append(ConfidencePool(last.highest, before.right + last.right, before.of + last.of))
    return pools


def _must_pool(before: ConfidencePool, last: ConfidencePool, least: int) -> bool:
    return before.of < least or before.highest == last.highest or before.right * last.of >= last.right * before.of > 0


def calibrate_confidence(articles: Sequence[tuple[Sequence[Path], Path]]) -> list[tuple[str, float, int, int]]:
    """Rows of ``confidence.csv``: who found the claims, the bound of a bin, how many were right of how many.

    Parameters
    ----------
    articles : sequence of (paths, path)
        Marked articles and the file of their marks.
    """
    outcomes: dict[str, list[tuple[float, bool]]] = {RULES: [], MODEL: []}
    for _, claim, is_right in _judged(articles):
        outcomes[_found_by(claim)].append((claim.confidence or 0.0, is_right))
    return [row for name, listed in outcomes.items() for row in _rows(name, listed)]


def doubtful_types(articles: Sequence[tuple[Sequence[Path], Path]]) -> list[tuple[str, str, float]]:
    """Rows of ``learnt.csv``: language, type and the probability from which the model alone is believed in a type it reads badly.

    To be counted while that table is empty, since it keeps claims out.
    """
    counts: dict[tuple[str, str], list[bool]] = {}
    for language, claim, is_right in _judged(articles):
        if _found_by(claim) == MODEL:
            counts.setdefault((language, claim.event_type), []).append(is_right)
    judged = {key: listed for key, listed in sorted(counts.items()) if len(listed) >= LEAST_JUDGED}
    return [(*key, BOUND) for key, listed in judged.items() if sum(listed) < MIN_SHARE * len(listed)]


def _judged(articles: Sequence[tuple[Sequence[Path], Path]]) -> Iterator[tuple[str, Claim, bool]]:
    """Core claims with the language of their article, the model's own probability as confidence, and whether they are right."""
    for paths, marks in articles:
        with raw_confidence():
            found = read(list(paths))
        languages = {document.name: document.language for document in found.documents}
        right = {claim.id for _, claim in match(_marks_of(paths, marks), found.claims)}
        for claim in found.claims:
            if claim.tier == "core" and claim.confidence is not None:
                yield languages[claim.doc], claim, claim.id in right


def _found_by(claim: Claim) -> str:
    return MODEL if claim.extractor.endswith(f":{MODEL}") else RULES


def _marks_of(paths: Sequence[Path], marks: Path) -> list[dict[str, Any]]:
    names = {path.name for path in paths}
    return [row for row in load_gold(marks) if row["doc"] in names]


def _rows(name: str, outcomes: Sequence[tuple[float, bool]]) -> list[tuple[str, float, int, int]]:
    """Bins whose bounds lie half-way between the pools, so that each probability falls into one."""
    pools, ordered = isotonic_pools(outcomes), sorted(probability for probability, _ in outcomes)
    above = [next((p for p in ordered if p > pool.highest), LAST_BOUND) for pool in pools]
    bounds = [round((pool.highest + after) / 2, 3) for pool, after in zip(pools[:-1], above, strict=False)]
    return [(name, bound, pool.right, pool.of) for bound, pool in zip([*bounds, LAST_BOUND], pools, strict=True)]
