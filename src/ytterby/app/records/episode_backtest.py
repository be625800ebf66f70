"""Backtest of a later episode: the frozen statements against the record, and a replay of today beside them."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.records.forecasts import base_name, forecast_experiment
from ytterby.facts import load
from ytterby.validation import episode_scores, episode_statements, posterior_digest, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.simulation import Experiment

FROZEN = "forecasts-episodes.json"


@cache
def frozen() -> dict[str, Any]:
    """The statements on the later episodes as they were frozen.

    Raises
    ------
    InputError
        If the file was changed.
    """
    found: dict[str, Any] = json.loads((files("ytterby.validation") / "data" / FROZEN).read_text("utf-8"))
    verify(found)
    return found


def score_statements(
    episode: str, *, draws: int = 100, seed: int = 1, project: Path = Path(".ytterby"), progress: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    """Frozen statements of an episode with their record, misses first; keys as in the contract of ``backtest --json``.

    Parameters
    ----------
    episode : str
        One of :func:`ytterby.validation.episode_statements.episodes`.
    draws, seed : int
        The replay of today (``replayed`` of each target); the frozen medians are what is judged.
    project : Path
        Project folder whose imported figures win.
    progress : callable, optional
        Called with draws done and draws in all.
    """
    facts, document = load(project), frozen()
    experiment = forecast_experiment(episode, draws, seed, facts)
    items = [item for item in document["statements"] if item["episode"] == episode]
    found = episode_scores.scored(items, facts, experiment)
    today = _replayed(experiment)
    if progress:
        progress(draws, draws)
    by_id = {item["id"]: item for item in items}
    for row in found["targets"]:
        row["replayed"] = today[row["id"]]
        row["replayed_hit"] = episode_scores.hit(by_id[row["id"]], today[row["id"]], row["target"], row["bound"])
    return {
        "episode": episode,
        **found,
        "replayed_hits": sum(row["replayed_hit"] for row in found["targets"]),
        "draws": draws,
        "seed": seed,
        "frozen": {key: document[key] for key in ("sha256", "draws", "posterior", "release")},
        "changed_since": _changed(document, experiment),
    }


def recorded(episode: str, project: Path = Path(".ytterby")) -> tuple[list[dict[str, Any]], int]:
    """Frozen statements of an episode with their record, misses first, and how many a forecast of no change hits; no simulation."""
    facts = load(project)
    items = {item["id"]: item for item in frozen()["statements"] if item["episode"] == episode}
    found = episode_scores.scored(list(items.values()), facts, forecast_experiment(episode, 1, 0, facts))
    same, renamed = ("model", "low", "high", "hit", "fact"), {"target": "record"}
    rows = []
    for row in found["targets"]:
        said = {key: str(items[row["id"]][key]) for key in ("kind", "origin", "destination", "first", "last")}
        numbers = {key: row[key] for key in same} | {new: row[old] for old, new in renamed.items()}
        rows.append(said | {"goods": tuple(str(items[row["id"]]["goods"]).split())} | numbers)
    return rows, int(found["scores"].get("hits_of_no_change", 0))


def _replayed(experiment: Experiment) -> dict[str, float]:
    """Median of each statement with a control in the draws of today."""
    rows = episode_statements.rows_of(experiment.scenario.name, control=True)
    medians = np.median(episode_statements.values(experiment, rows), axis=0)
    return {row["id"]: float(value) for row, value in zip(rows, medians, strict=True)}


def _changed(document: dict[str, Any], experiment: Experiment) -> list[str]:
    """What is no longer what the statements were computed from."""
    system, scenario = experiment.network.system, experiment.scenario
    pairs = {
        "scenario": (document["scenarios"][scenario.name], scenario.digest),
        "base": (document["bases"][base_name(system)], system.digest),
        "posterior": (document["posterior"], posterior_digest()),
    }
    return [name for name, (then, now) in pairs.items() if then != now]
