"""Episodes that ``ytterby backtest`` knows: how each is scored, drawn and, where something is fitted, calibrated again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ytterby.app.records import (
    backtest,
    disruptions,
    duties_backtest,
    episode_backtest,
    episode_plots,
    history_plots,
    mineral_plots,
    minerals,
)
from ytterby.app.records.disruptions import DisruptionsBacktest
from ytterby.app.records.duties_backtest import DutiesBacktest
from ytterby.errors import UnknownNameError
from ytterby.validation import StatementsBacktest, WeeklyBacktest
from ytterby.validation.minerals import MineralsBacktest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from ytterby.validation import CalibrationRecord

Backtest: TypeAlias = WeeklyBacktest | MineralsBacktest | StatementsBacktest | DisruptionsBacktest | DutiesBacktest
"""Result of a backtest, by how the episode is scored."""


@dataclass(frozen=True)
class Episode:
    """One backtest."""

    title: str
    """What is replayed."""
    score: Callable[..., Backtest]
    """Called with (episode, draws=, seed=, project=, progress=)."""
    write_plots: Callable[[Any, Path], list[Path]] | None = None
    """Writes charts of a result into a folder; None where there are none."""
    recalibrate: Callable[..., CalibrationRecord] | None = None
    """Called with (episode, draws, seed, out, progress); None where nothing is fitted."""


def _by_statements(title: str) -> Episode:
    return Episode(title, episode_backtest.score_statements, episode_plots.plot_statements)


EPISODES = {
    "quota-crisis-2010": Episode(
        "China's rare-earth quotas, 2009-2015, week by week",
        backtest.score_replay,
        history_plots.plot_replay,
        backtest.recalibrate,
    ),
    "minerals-1995-2024": Episode(
        "restrictions of other minerals, year by year",
        minerals.score_minerals,
        mineral_plots.plot_minerals,
        minerals.recalibrate,
    ),
    "disruptions": Episode(
        "recorded disruptions of supply 1995-2022, each foretold from the others",
        disruptions.score,
        recalibrate=disruptions.recalibrate,
    ),
    "japan-tariffs-2025": Episode(
        "the duties of the United States on Japan in 2025, month by month",
        duties_backtest.score,
    ),
    "gallium-germanium-2023": _by_statements("the licences on gallium and germanium, judged by frozen statements"),
    "antimony-2024": _by_statements("the licences on antimony, judged by frozen statements"),
    "myanmar-stop": _by_statements("the stop of Myanmar's mines, judged by frozen statements"),
    "china-licences-2025": _by_statements("the licences of April 2025, judged by frozen statements"),
}
"""Backtests by name."""


def episode_of(name: str) -> Episode:
    """Backtest of that name.

    Raises
    ------
    UnknownNameError
        If there is none; the message lists the known ones.
    """
    if name not in EPISODES:
        raise UnknownNameError("episode with targets", name, EPISODES)
    return EPISODES[name]
