"""Freeze dated probability statements, and score them when facts arrive."""

from __future__ import annotations

import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import InputError, UnknownNameError
from ytterby.facts.load import load
from ytterby.history import forecasts as room
from ytterby.history.posterior import posterior_rows
from ytterby.scenario.files import load_scenario
from ytterby.simulation.run import Experiment
from ytterby.simulation.scene import Scene
from ytterby.system.build import build
from ytterby.workbench.customs_file import read_customs

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_SET = "forecasts-0.1.0.json"


def freeze(
    *,
    draws: int = 200,
    seed: int = 1,
    project: Path = Path(".ytterby"),
    out: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Compute the statements from ensembles of the bundled scenarios and write them with their hash.

    Parameters
    ----------
    draws, seed : int
        Ensemble of each scenario; behaviour is drawn from history's posterior.
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
    path = out or project / "forecasts" / f"forecasts-{version('ytterby')}.json"
    if path.exists():
        raise InputError(f"{path}: exists; frozen forecasts are not overwritten, name another file with --out")
    made: list[dict[str, Any]] = []
    digests: dict[str, str] = {}
    names = room.scenarios()
    scenes: dict[int, Scene] = {}
    for done, name in enumerate(names):
        scenario = load_scenario(name)
        if scenario.base_year not in scenes:
            scenes[scenario.base_year] = Scene.of(build(scenario.base_year, facts))
        fitted = posterior_rows(draws, seed, prefix="behaviour.")
        made += room.statements(Experiment(scenes[scenario.base_year], scenario, draws, seed, fitted=fitted))
        digests[name] = scenario.digest
        if progress:
            progress(done + 1, len(names))
    sources = {
        "draws": draws,
        "seed": seed,
        "scenarios": digests,
        "bases": {str(year): scene.system.digest for year, scene in scenes.items()},
    }
    document = room.frozen(made, version("ytterby"), facts.as_of, sources)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return {"file": str(path), "sha256": document["sha256"], "as_of": document["as_of"], "statements": document["statements"]}


def released() -> dict[str, Any]:
    """The first set of forecasts, frozen with the release."""
    text = (files("ytterby.history") / "data" / FIRST_SET).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def score(observed: Path, *, frozen: Path | None = None, holds: str | None = None) -> dict[str, Any]:
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
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: is no set of frozen forecasts ({error})") from None
    if not isinstance(document, dict) or "statements" not in document:
        raise InputError(f"{path}: is no set of frozen forecasts (key 'statements' is missing)")
    return document
