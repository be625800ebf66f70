"""Replay an episode against history, and calibrate on it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app.network.bases import base_system
from ytterby.facts import load
from ytterby.simulation import LabelledNetwork
from ytterby.system import build
from ytterby.validation import (
    LAST_FITTED_DAY,
    HistoryCalibration,
    PosteriorSample,
    Replay,
    Target,
    WeeklyBacktest,
    backtest,
    base_figures,
    calibrate,
    calibration_targets,
    early_fit,
    effective,
    fit_scores,
    leave_one_out,
    require_episode,
    scenario_until,
    weights,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from ytterby.system import System

BASE_YEAR = 2009
KEPT = 1000
"""Posterior draws that are written: the heaviest."""


def score_replay(
    episode: str, *, draws: int = 100, seed: int = 1, project: Path = Path(".ytterby"), progress: Callable[[int, int], None] | None = None
) -> WeeklyBacktest:
    """Targets of an episode with model, band, error, hit or miss."""
    require_episode(episode)
    facts = load(project)
    return backtest(episode, base_system(BASE_YEAR, facts, project), facts, draws, seed, progress)


def recalibrate(episode: str, draws: int, seed: int, out: Path, progress: Callable[[int, int], None] | None = None) -> HistoryCalibration:
    """Fit the free parameters anew on the packaged figures and write ``posterior.csv`` and ``calibration.json`` to a folder.

    Parameters
    ----------
    episode : str
        An episode with targets.
    draws, seed : int
        Simulations in all, and their seed.
    out : Path
        Folder that is written to.
    progress : callable, optional
        Called with draws done and draws in all.
    """
    facts = load()
    found = calibration_targets(facts)
    system = build(BASE_YEAR, facts)
    replay = Replay(LabelledNetwork.of(system), scenario_until(require_episode(episode), LAST_FITTED_DAY), found)
    sample = calibrate(replay, draws, seed, progress)
    record = _record(episode, replay, system, sample, seed)
    out.mkdir(parents=True, exist_ok=True)
    _posterior(found, sample).to_csv(out / "posterior.csv", index=False, float_format="%.6g", lineterminator="\n")
    (out / "calibration.json").write_text(json.dumps(record.to_dict(), indent=1) + "\n", "utf-8")
    return record


def _posterior(found: tuple[Target, ...], sample: PosteriorSample) -> pd.DataFrame:
    import numpy as np

    w = weights(sample, found, np.ones(len(found), dtype=bool))
    heaviest = np.argsort(-w, kind="stable")[:KEPT]
    return sample.rows().iloc[heaviest].assign(weight=w[heaviest] / w[heaviest].sum())


def _record(episode: str, replay: Replay, system: System, sample: PosteriorSample, seed: int) -> HistoryCalibration:
    import numpy as np

    found = replay.targets
    w = weights(sample, found, np.ones(len(found), dtype=bool))
    return HistoryCalibration(
        episode=episode,
        method="population Monte Carlo: Latin hypercube, two adapted populations, deterministic mixture weights",
        made=dt.datetime.now(dt.UTC).date().isoformat(),
        draws=len(sample.unit),
        seed=seed,
        effective_draws=effective(w),
        targets=tuple(t.id for t in found),
        fit=fit_scores(found, sample),
        leave_one_out=leave_one_out(found, sample),
        early_fit=early_fit(found, sample),
        base_figures=base_figures(system),
        scenario_digest=replay.scenario.digest,
    )
