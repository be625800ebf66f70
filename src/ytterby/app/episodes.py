"""Episodes that ``ytterby backtest`` knows: who replays them, who prints them, who draws them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ytterby.errors import UnknownNameError


@dataclass(frozen=True)
class Episode:
    """One backtest.

    Parameters
    ----------
    what : str
        What is replayed, in words.
    room : str
        Module with ``backtest(episode, *, draws, seed, project, progress)`` and, where something is fitted,
        ``recalibrate(episode, draws, seed, out, progress)``.
    shown : str
        Module with ``show(result)``.
    plots : str
        Module with ``write_plots(result, folder)``.
    """

    what: str
    room: str
    shown: str
    plots: str

    def load(self, part: str) -> Any:
        """Import one of the modules: ``room``, ``shown`` or ``plots``."""
        return import_module(f"ytterby.{getattr(self, part)}")


LATER = ("workbench.episode_backtest", "cli.show_episode", "workbench.episode_plots")

EPISODES = {
    "quota-crisis-2010": Episode(
        "China's rare-earth quotas, 2009-2015, week by week", "workbench.backtest", "cli.show_backtest", "workbench.history_plots"
    ),
    "minerals-1995-2024": Episode(
        "restrictions of other minerals, year by year", "workbench.minerals", "cli.show_minerals", "workbench.mineral_plots"
    ),
    "gallium-germanium-2023": Episode("the licences on gallium and germanium, judged by frozen statements", *LATER),
    "antimony-2024": Episode("the licences on antimony, judged by frozen statements", *LATER),
    "myanmar-stop": Episode("the stop of Myanmar's mines, judged by frozen statements", *LATER),
    "china-licences-2025": Episode("the licences of April 2025, judged by frozen statements", *LATER),
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
