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
from ytterby.report.briefing import EpisodeRecord, RecordedStatement
from ytterby.validation import FrozenSource, StatementsBacktest, episode_scores, episode_statements, posterior_digest, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.simulation import Experiment
    from ytterby.validation import StatementTarget

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
) -> StatementsBacktest:
    """Frozen statements of an episode with their record, misses first.

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
    targets = tuple(_with_replay(row, by_id[row.id], today[row.id]) for row in found.targets)
    return StatementsBacktest(
        **dict(found) | {"targets": targets},
        episode=episode,
        replayed_hits=sum(bool(row.replayed_hit) for row in targets),
        draws=draws,
        seed=seed,
        frozen=FrozenSource.model_validate({key: document[key] for key in FrozenSource.model_fields}),
        changed_since=_changed(document, experiment),
    )


def _with_replay(row: StatementTarget, item: dict[str, Any], today: float) -> StatementTarget:
    """A scored statement with the median of today's replay."""
    return row.model_copy(update={"replayed": today, "replayed_hit": episode_scores.hit(item, today, row.target, row.bound)})


def episode_record(scenario: str, project: Path = Path(".ytterby")) -> EpisodeRecord | None:
    """Frozen statements on a bundled episode with their record, without a simulation; None for another scenario."""
    if scenario not in episode_statements.episodes():
        return None
    items = {item["id"]: item for item in frozen()["statements"] if item["episode"] == scenario}
    facts = load(project)
    found = episode_scores.scored(list(items.values()), facts, forecast_experiment(scenario, 1, 0, facts))
    rows = tuple(_recorded(items[row.id], row) for row in found.targets)
    return EpisodeRecord(rows, found.scores.hits_of_no_change if found.scores else 0)


def _recorded(item: dict[str, Any], row: StatementTarget) -> RecordedStatement:
    return RecordedStatement(
        item["kind"], tuple(item["goods"].split()), item["origin"], item["destination"], item["first"], item["last"],
        row.model, row.low, row.high, row.target, row.hit, row.fact,
    )  # fmt: skip


def _replayed(experiment: Experiment) -> dict[str, float]:
    """Median of each statement with a control in the draws of today."""
    rows = episode_statements.rows_of(experiment.scenario.name, control=True)
    medians = np.median(episode_statements.values(experiment, rows), axis=0)
    return {row["id"]: float(value) for row, value in zip(rows, medians, strict=True)}


def _changed(document: dict[str, Any], experiment: Experiment) -> tuple[str, ...]:
    """What is no longer what the statements were computed from."""
    system, scenario = experiment.network.system, experiment.scenario
    pairs = {
        "scenario": (document["scenarios"][scenario.name], scenario.digest),
        "base": (document["bases"][base_name(system)], system.digest),
        "posterior": (document["posterior"], posterior_digest()),
    }
    return tuple(name for name, (then, now) in pairs.items() if then != now)
