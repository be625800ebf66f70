"""What takes seconds of simulation on a finished run: measures tried, branches compared, draws explored; kept under digests."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import TYPE_CHECKING

from ytterby.app.projects.kept_answers import answer_digest, is_kept, kept_answer
from ytterby.facts import load
from ytterby.store import DRAWS, FILES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.ensembles import ExplorationResult, PairedBranch, Remedy
    from ytterby.facts import Facts
    from ytterby.simulation import Experiment
    from ytterby.store import Run

REMEDY_DRAWS = 24
"""Draws of the main run on which measures are tried."""
BRANCH_DRAWS = 48
"""Draws of the main run on which the branches of its fork are compared."""


def run_digest(run: Run, importer: str, facts: Facts) -> str:
    """Names what is worked out from one finished run for an importer: the run as recorded, figures and program."""
    summary = None if FILES in run.record else run.summary.model_dump(mode="json")  # old records do not name it by its digest
    record = hashlib.sha256(json.dumps([run.record, summary], sort_keys=True, default=str).encode())
    return answer_digest("run", record.hexdigest(), importer, facts.digest)


def has_deep(run: Run, importer: str, project: Path) -> bool:
    """Whether what takes seconds is kept of a run for an importer."""
    facts = load(project)
    digest = run_digest(run, importer, facts)
    needed = [_of_remedies(digest), _of_exploration(digest), *([_of_branches(run, facts)] if _has_branches(run) else [])]
    return all(is_kept(each, project) for each in needed)


def _of_remedies(digest: str) -> str:
    return answer_digest("remedies", digest)


def _of_exploration(digest: str) -> str:
    return answer_digest("exploration", digest)


def _of_branches(run: Run, facts: Facts) -> str:
    """The same for all importers."""
    return answer_digest("branches", run_digest(run, "", facts))


def _has_branches(run: Run) -> bool:
    """Whether a run has draws, a fork, and a base that can be told from another."""
    return "base_digest" in run.record and run.summary.draws > 1 and bool(run.record["scenario"].get("forks"))


def branches_of(run: Run, project: Path) -> tuple[PairedBranch, ...]:
    """Each branch of the first fork on the same draws of a run; none where it stands on another base than the one at hand."""
    from ytterby.ensembles import PairedBranch as BranchClass

    if not _has_branches(run):
        return ()
    return kept_answer(_of_branches(run, load(project)), project, tuple[BranchClass, ...], lambda: _forced(run, project))


def _forced(run: Run, project: Path) -> tuple[PairedBranch, ...]:
    """The simulations of :func:`branches_of`."""
    from ytterby.ensembles import paired_branches

    experiment = _experiment(run, load(project), project)
    return paired_branches(experiment, BRANCH_DRAWS) if experiment else ()


@lru_cache(maxsize=1)
def _experiment(run: Run, facts: Facts, project: Path) -> Experiment | None:
    """The experiment of a run; None where its base is no longer the one at hand."""
    from ytterby.app.runs.nowcast import loadable
    from ytterby.app.runs.run import experiment_of
    from ytterby.scenario import Scenario as ScenarioClass

    scenario = ScenarioClass.model_validate(loadable(run.record["scenario"]))
    experiment = experiment_of(scenario, run.summary.draws, run.summary.seed, str(run.record["method"]), project, facts)
    return experiment if experiment.network.system.digest == run.record["base_digest"] else None


def remedies_of(run: Run, importer: str, project: Path) -> tuple[Remedy, ...]:
    """Simple measures on some draws of the first run; none where it stands on another base than the one at hand."""
    from ytterby.ensembles import Remedy as RemedyClass

    if "base_digest" not in run.record:
        return ()
    digest = _of_remedies(run_digest(run, importer, load(project)))
    return kept_answer(digest, project, tuple[RemedyClass, ...], lambda: _tried(run, importer, project))


def _tried(run: Run, importer: str, project: Path) -> tuple[Remedy, ...]:
    """The simulations of :func:`remedies_of`."""
    from ytterby.ensembles import remedies

    experiment = _experiment(run, load(project), project)
    return remedies(experiment, run.summary, importer, REMEDY_DRAWS, _lost(run, importer)) if experiment else ()


def _lost(run: Run, importer: str) -> NDArray[np.float64] | None:
    """Loss of an importer in each draw of a run (draw,) [USD]; None where the run does not keep it."""
    table, key = draws_of(run), f"outcome.value_added_lost.{importer}"
    return table[key].to_numpy() if table is not None and key in table else None


def exploration_of(runs: Sequence[Run], importer: str, project: Path) -> ExplorationResult | None:
    """What the first run's ensemble tells, and which facts change the choice between it and the second."""
    from ytterby.app.runs.explore import summarise
    from ytterby.ensembles import ExplorationResult as ResultClass

    if not runs:
        return None
    first, *others = runs
    if others:
        return summarise(first, importer, others[0])
    digest = _of_exploration(run_digest(first, importer, load(project)))
    found = kept_answer(digest, project, tuple[ResultClass, ...], lambda: _some(summarise(first, importer)))
    return found[0].model_copy(update={"run": str(first.folder)}) if found else None


def _some(found: ExplorationResult | None) -> tuple[ExplorationResult, ...]:
    return (found,) if found else ()


def gather_deep(run: Run, importer: str, project: Path) -> None:
    """Work out and keep what takes seconds of a run for an importer."""
    remedies_of(run, importer, project)
    branches_of(run, project)
    exploration_of([run], importer, project)


def draws_of(run: Run) -> pd.DataFrame | None:
    """Inputs and outcomes of each draw, where the run keeps them."""
    return run.draws if (run.folder / DRAWS).is_file() else None
