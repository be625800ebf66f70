"""Restrictions of other minerals against history: score, and fit anew."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.facts import load
from ytterby.validation.minerals import MineralsBacktest, MineralsCalibration, backtest, calibrate, write

if TYPE_CHECKING:
    from collections.abc import Callable


def score_minerals(
    episode: str, *, draws: int = 100, seed: int = 1, project: Path = Path(".ytterby"), progress: Callable[[int, int], None] | None = None
) -> MineralsBacktest:
    """Targets of all restrictions with model, band, naive forecasts, hit or miss."""
    return backtest(episode, load(project), draws, seed, progress)


def recalibrate(episode: str, draws: int, seed: int, out: Path, progress: Callable[[int, int], None] | None = None) -> MineralsCalibration:
    """Fit the annual model anew on the packaged figures and write ``minerals_posterior.csv`` and ``minerals_fit.json`` to a folder.

    Parameters
    ----------
    episode : str
        Name of this backtest.
    draws, seed : int
        Simulations of each restriction, and their seed.
    out : Path
        Folder that is written to.
    progress : callable, optional
        Called with parts done and parts in all.
    """
    sample, moves = calibrate(load(), draws, seed, progress)
    weight = sample.weights()
    note = MineralsCalibration(
        episode=episode,
        method="importance sampling in two steps; an episode's own leak integrated out; Student errors of the spread of untouched trade",
        made=dt.datetime.now(dt.UTC).date().isoformat(),
        draws=draws,
        seed=seed,
        effective_draws=float(1.0 / (weight**2).sum()),
        fitted=tuple(sample.fits),
    )
    write(sample, moves, out, note)
    return note
