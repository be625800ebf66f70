"""The duties of 2025 on Japan replayed and scored like a backtest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app.duties.trade import NOT_IN_IT
from ytterby.facts import load
from ytterby.result_model import ResultModel
from ytterby.validation import BacktestResult, BacktestTarget, ReplayScore, duty_replay

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.validation import ReplayTarget

SEEN = (
    "The short default of the pass-through was chosen knowing the rows of trade, so they are seen before and stand outside the hits; "
    "nothing is fitted to them. The second score draws the pass-through evenly from 0.1 to 1."
)


class DrawnRow(ResultModel):
    """The same figure with the pass-through drawn evenly from 0.1 to 1."""

    model: float
    """Median, in the unit of the figure."""
    low: float
    """5 % quantile."""
    high: float
    """95 % quantile."""
    hit: bool | None
    """Within the rule of a hit; None for a figure that is only compared."""
    in_band: bool
    """Whether the published figure lies between `low` and `high`."""
    direction: bool
    """Whether the sign is right."""


class DutyTarget(BacktestTarget):
    """A published figure of 2025 beside ours; the band goes from 5 to 95 %."""

    in_band: bool
    """Whether the published figure lies between `low` and `high`."""
    seen: bool
    """Known when the default of the pass-through was chosen: outside the hits."""
    asked: bool
    """Whether the trade block as a whole is judged by it."""
    direction: bool
    """Whether the sign is right."""
    wide: DrawnRow
    missing: str
    """What the published figure holds beyond ours."""


class SeenScores(ResultModel):
    """Scores of the rows that were seen before."""

    default: ReplayScore
    """With the default of the pass-through."""
    wide: ReplayScore
    """With the pass-through drawn from all that is possible."""


class DutiesBacktest(BacktestResult):
    """Backtest of the duties on Japan, month by month; `hits` and `of` count rows that nobody had seen."""

    targets: tuple[DutyTarget, ...]
    """Misses first; figures that are only compared come last."""
    seen: SeenScores
    note: str
    """What the scores are worth."""
    not_in_it: tuple[str, ...]
    """What the trade block leaves out."""


def score(
    episode: str, *, draws: int = 100, seed: int = 1, project: Path = Path(".ytterby"), progress: Callable[[int, int], None] | None = None
) -> DutiesBacktest:
    """Rows of the replay with model, band, hit or miss, and both scores.

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
    return DutiesBacktest(
        episode=episode,
        hits=sum(bool(row.hit) for row in unseen),
        of=len(unseen),
        targets=tuple(sorted(rows, key=lambda row: (row.hit is None, bool(row.hit)))),
        seen=SeenScores(default=duty_replay.score(found[False]), wide=duty_replay.score(found[True])),
        note=SEEN,
        not_in_it=tuple(NOT_IN_IT),
    )


def _row(default: ReplayTarget, wide: ReplayTarget) -> DutyTarget:
    return DutyTarget(
        id=default.id,
        what=default.what.partition("; ")[2] or default.what,
        unit=default.unit,
        target=default.published,
        model=default.model,
        low=default.low,
        high=default.high,
        hit=default.hit,
        in_band=default.in_band,
        fitted=False,
        seen=default.seen,
        asked=default.asked,
        direction=default.direction,
        wide=DrawnRow(**{name: getattr(wide, name) for name in DrawnRow.model_fields}),
        missing=default.missing,
    )
