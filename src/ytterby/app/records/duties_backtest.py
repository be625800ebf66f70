"""The duties of 2025 on Japan replayed and scored like a backtest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.app.duties.trade import NOT_IN_IT
from ytterby.facts import load
from ytterby.validation import duty_replay

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.validation import ReplayTarget

SEEN = (
    "The short default of the pass-through was chosen knowing the rows of trade, so they are seen before and stand outside the hits; "
    "nothing is fitted to them. The second score draws the pass-through evenly from 0.1 to 1."
)


def score(
    episode: str, *, draws: int = 100, seed: int = 1, project: Path = Path(".ytterby"), progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Rows of the replay with model, band, hit or miss; keys as in the contract of ``backtest --json``, and both scores.

    ``hits`` and ``of`` count rows that nobody had seen: none. The score of the rows seen before stands in ``seen``, once with the
    defaults and once with the pass-through drawn from all that is possible.
    """
    facts, found = load(project), {}
    for at, wide in enumerate((False, True)):
        found[wide] = duty_replay.replay(facts, draws=draws, seed=seed, wide=wide)
        if progress:
            progress(at + 1, 2)
    rows = [_row(*pair) for pair in zip(found[False], found[True], strict=True)]
    unseen = [row for row in found[False] if row.hit is not None and not row.seen]
    return {
        "episode": episode,
        "hits": sum(bool(row.hit) for row in unseen),
        "of": len(unseen),
        "targets": sorted(rows, key=lambda row: (row["hit"] is None, bool(row["hit"]))),
        "seen": {"default": duty_replay.score(found[False])._asdict(), "wide": duty_replay.score(found[True])._asdict()},
        "note": SEEN,
        "not_in_it": list(NOT_IN_IT),
    }


def _row(default: ReplayTarget, wide: ReplayTarget) -> dict[str, Any]:
    return {
        "id": default.id,
        "what": default.what.partition("; ")[2] or default.what,
        "unit": default.unit,
        "target": default.published,
        "model": default.model,
        "low": default.low,
        "high": default.high,
        "hit": default.hit,
        "in_band": default.in_band,
        "fitted": False,
        "seen": default.seen,
        "asked": default.asked,
        "direction": default.direction,
        "wide": {
            "model": wide.model,
            "low": wide.low,
            "high": wide.high,
            "hit": wide.hit,
            "in_band": wide.in_band,
            "direction": wide.direction,
        },
        "missing": default.missing,
    }
