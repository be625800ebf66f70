"""What a briefing is asked about: the request, its inputs sorted by what they are, and scenarios that articles draft."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.app.network.bases import scenario_base
from ytterby.app.projects.saved_results import is_saved
from ytterby.errors import InputError, NotSimulatedError, UnknownNameError
from ytterby.store import ProjectStore, is_run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ytterby.evidence import ReadingResult
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.simulation import LabelledNetwork

SCENARIO_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class BriefRequest:
    """What to brief about and how; draws, seed and workers are for scenarios that are still to be run."""

    inputs: tuple[str, ...]
    lang: str = "en"
    importer: str = "JP"
    """Region or group, or several joined by commas, which are set side by side."""
    draws: int = 200
    seed: int = 1
    workers: int = 1
    project: Path = Path(".ytterby")
    today: dt.date | None = None
    backtest: Path | None = None
    """What ``ytterby backtest EPISODE --json`` printed: the hit rate of the first page."""
    deep: bool = True
    """Whether also what takes seconds is worked out: where draws get bad, and which measures help."""


@dataclass(frozen=True)
class SortedInputs:
    """Inputs sorted by what they are."""

    articles: tuple[Path, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    runs: tuple[Path, ...] = ()
    saved: tuple[Path, ...] = ()
    """Plans, alliances, talks and duties, as their commands save them with ``--out``."""


def sort(inputs: Sequence[str], project: Path = Path(".ytterby")) -> SortedInputs:
    """Sort inputs into saved results, runs (folders or names in a project), scenarios (bundled names or YAML files) and articles."""
    from ytterby.scenario import bundled, load_scenario

    articles, scenarios, runs, saved = [], [], [], []
    for text in inputs:
        path = Path(text)
        if is_saved(path):
            saved.append(path)
        elif path.is_dir() and is_run(path):
            runs.append(path)
        elif text in bundled() or path.suffix in SCENARIO_SUFFIXES:
            scenarios.append(load_scenario(text))
        elif path.exists():
            articles.append(path)
        elif text in (made := runs_of(project)):
            runs.append(made[text])
        elif path.suffix or len(path.parts) > 1:
            raise InputError(f"{text}: no such file or folder; give an article, a scenario or a run")
        else:
            raise UnknownNameError("scenario, article or run", text, [*bundled(), *made])
    return SortedInputs(tuple(articles), tuple(scenarios), tuple(runs), tuple(saved))


def runs_of(project: Path) -> dict[str, Path]:
    """Folders of the runs of a project by name, the newest first; none where there is no project yet."""
    if not project.is_dir():
        return {}
    store = ProjectStore(project)
    return {str(row["run"]): store.run_folder(str(row["run"])) for row in store.runs()}


def drafted(reading: ReadingResult, facts: Facts, project: Path | None = None) -> tuple[tuple[Scenario, ...], tuple[str, ...]]:
    """Scenario that the articles draft on the base of its materials, without what cannot be simulated, and remarks on that.

    A draft of which nothing is left gives no scenario.
    """
    from ytterby.scenario import load_text
    from ytterby.simulation import LabelledNetwork

    remarks: list[str] = []
    for draft in reading.drafts:
        scenario, kept = load_text(draft.yaml, draft.name), []
        network = LabelledNetwork.of(scenario_base(scenario, facts, project))
        for measure in scenario.measures:
            fault = _fault(network, scenario.model_copy(update={"measures": (measure,), "draws": {}}))
            kept += [] if fault else [measure]
            remarks += [f"{measure.name or measure.kind}: {fault}"] if fault else []
        if kept:
            return (_only(scenario, kept),), tuple(remarks)
    return (), tuple(remarks)


def _fault(network: LabelledNetwork, scenario: Scenario) -> str:
    """Why the simulator cannot run a scenario; empty where it can."""
    from ytterby.simulation import interventions_of

    try:
        interventions_of(network, scenario)
    except (InputError, NotSimulatedError) as error:
        return str(error)
    return ""


def _only(scenario: Scenario, measures: list[Any]) -> Scenario:
    """Scenario with some of its measures, and with the draws that concern them."""
    names = {f"measures.{measure.name}" for measure in measures}
    draws = {key: spread for key, spread in scenario.draws.items() if not key.startswith("measures.") or key.rpartition(".")[0] in names}
    return scenario.model_copy(update={"measures": tuple(measures), "draws": draws})
