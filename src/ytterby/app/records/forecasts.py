"""Freeze dated probability statements, and score them when facts arrive."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ytterby.app.figures.customs_file import read_customs
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import load
from ytterby.given_files import first_fault, given_json
from ytterby.result_model import ResultModel
from ytterby.scenario import load_scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.store import write_bytes
from ytterby.system import RARE_EARTHS, build
from ytterby.validation import EpisodeStatement, ForecastStatement, posterior_digest, posterior_rows
from ytterby.validation import episode_statements as past
from ytterby.validation import forecasts as room

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.facts import Facts
    from ytterby.system import System
    from ytterby.validation import ForecastScores

FIRST_SET = "forecasts-0.1.0.json"


class FrozenForecasts(ResultModel):
    """Statements that were written to a file with their hash."""

    file: str
    sha256: str
    as_of: str
    """Newest figure that went in."""
    statements: tuple[ForecastStatement | EpisodeStatement, ...]


def freeze(
    *,
    draws: int = 200,
    seed: int = 1,
    episodes: bool = False,
    project: Path = Path(".ytterby"),
    out: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FrozenForecasts:
    """Compute the statements from ensembles of the bundled scenarios and write them with their hash.

    Parameters
    ----------
    draws, seed : int
        Ensemble of each scenario; behaviour is drawn from history's posterior.
    episodes : bool
        The statements on the episodes after 2022, with their placebos, instead of those on the time to come.
    project, out : Path
        Project folder; file that is written, by default inside the project.
    progress : callable, optional
        Called with scenarios done and in all.

    Raises
    ------
    InputError
        If the file exists: what is frozen is not overwritten.
    """
    facts = load(project)
    path = out or project / "forecasts" / f"{'episodes' if episodes else 'forecasts'}-{version('ytterby')}.json"
    if path.exists():
        raise InputError(f"{path}: exists; frozen forecasts are not overwritten, name another file with --out")
    made: list[ForecastStatement | EpisodeStatement] = []
    digests, bases = dict[str, str](), dict[str, str]()
    names = past.episodes() if episodes else room.scenarios()
    for done, name in enumerate(names):
        experiment = forecast_experiment(name, draws, seed, facts)
        made += _past(experiment) if episodes else room.statements(experiment)
        system = experiment.network.system
        digests[name], bases[base_name(system)] = experiment.scenario.digest, system.digest
        if progress:
            progress(done + 1, len(names))
    sources = {"draws": draws, "seed": seed, "scenarios": digests, "bases": bases, "posterior": posterior_digest()}
    document = room.frozen([item.to_dict() for item in made], version("ytterby"), facts.as_of, sources)
    write_bytes(path, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())
    return FrozenForecasts(file=str(path), sha256=document["sha256"], as_of=document["as_of"], statements=tuple(made))


def forecast_experiment(name: str, draws: int, seed: int, facts: Facts) -> Experiment:
    """Ensemble of a bundled scenario on its own base, with behaviour from history's posterior."""
    scenario = load_scenario(name)
    network = LabelledNetwork.of(build(scenario.base_year, facts, scenario.chain))
    return Experiment(network, scenario, draws, seed, fitted=posterior_rows(draws, seed, prefix="behaviour."))


def base_name(system: System) -> str:
    """Year of a base, with its chain where that is not the rare earths."""
    return str(system.year) if system.chain == RARE_EARTHS else f"{system.chain} {system.year}"


def _past(experiment: Experiment) -> list[EpisodeStatement]:
    """Statements on a later episode and on its placebo."""
    name = experiment.scenario.name
    calm = replace(experiment, scenario=past.placebo(experiment.scenario))
    return past.statements(experiment, past.rows_of(name, control=True)) + past.statements(calm, past.rows_of(name, control=False))


def released() -> dict[str, Any]:
    """The first set of forecasts, frozen with the release."""
    text = (files("ytterby.validation") / "data" / FIRST_SET).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def score(observed: Path, *, frozen: Path | None = None, holds: str | None = None) -> ForecastScores:
    """Score a frozen set against customs figures, misses first.

    Parameters
    ----------
    observed : Path
        CSV of ``month, goods, origin, destination, tonnes``; goods are written as in the statements.
    frozen : Path, optional
        A frozen set; that of the release by default.
    holds : str, optional
        The scenario that came true: only its statements are scored.

    Raises
    ------
    InputError
        For a file that cannot be read, or forecasts that were changed.
    UnknownNameError
        If no statement is about the scenario.
    """
    document = released() if frozen is None else _read(frozen)
    known = sorted({item["scenario"] for item in document["statements"]})
    if holds is not None and holds not in known:
        raise UnknownNameError("scenario of the forecasts", holds, known)
    return room.score(document, read_customs(observed), holds)


def _read(path: Path) -> dict[str, Any]:
    document = given_json(path, "is no set of frozen forecasts")
    if not isinstance(document, dict) or not isinstance(document.get("statements"), list):
        raise InputError(f"{path}: is no set of frozen forecasts (key 'statements' is missing)")
    if any(isinstance(item, dict) and "month" not in item for item in document["statements"]):
        raise InputError(f"{path}: holds statements on past episodes; 'ytterby backtest EPISODE' scores them")
    try:
        found = [ForecastStatement.model_validate(item, strict=True) for item in document["statements"]]
    except ValidationError as error:
        raise InputError(f"{path}: is no set of frozen forecasts ({first_fault(error)})") from None
    unlike = [item.id for item in found if [*item.quantiles] != [f"{level:g}" for level in room.LEVELS]]
    if unlike:
        raise InputError(f"{path}: is no set of frozen forecasts (statement '{unlike[0]}' has not the quantiles of a statement)")
    return document
