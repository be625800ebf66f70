"""Explore an ensemble: where it gets bad (scenario discovery), what to ask first, what explains the spread."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.runs.compare import find_run
from ytterby.ensembles import (
    EVERYWHERE,
    HEADLINE,
    MIN_DRAWS,
    OUTCOME,
    AskingResult,
    DiscoveryResult,
    ExplorationResult,
    discovery,
    first_order,
    pick,
)
from ytterby.ensembles import value_of_information as facts
from ytterby.errors import InputError, UnknownNameError
from ytterby.facts import names
from ytterby.store import DRAWS as DRAWS_FILE
from ytterby.store import Run

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.scenario import Scenario

    Array = NDArray[np.float64]

DRAWS = 400
"""Draws of an ensemble that is made for a search."""
WORST = 0.8
"""Without a threshold the worst fifth of the draws are the cases of interest."""
MAX_ROWS = 10
PROJECT = Path(".ytterby")


def explore(
    run: str | Path | Run,
    *,
    outcome: str = HEADLINE,
    above: float | None = None,
    below: float | None = None,
    against: str | Path | Run | None = None,
    project: Path = PROJECT,
) -> ExplorationResult:
    """Everything that a finished ensemble tells without a new run.

    Parameters
    ----------
    run : str, Path or Run
        Run folder, name in the project, or Run.
    outcome : str
        Column of ``draws.parquet`` without ``outcome.``; places joined by ``+`` are added.
    above, below : float, optional
        Draws beyond it are the cases of interest; by default the worst fifth.
    against : str, Path or Run, optional
        Another run of the same draws: which facts change the choice between the two.

    Returns
    -------
    ExplorationResult
    """
    one = opened(run, project)
    return ExplorationResult(
        run=str(one.folder),
        scenario=one.summary.scenario,
        draws=one.summary.draws,
        outcome=(outcome := coded(outcome)),
        discovery=discover(one, outcome, above=above, below=below, project=project),
        asking=asking(one, outcome, against=against, project=project),
        first_order=first_order(inputs_of(one), outcome_of(one, outcome))[:MAX_ROWS],
    )


def summarise(run: Run, importer: str, other: Run | None = None) -> ExplorationResult | None:
    """As :func:`explore` for an importer's loss (all countries' where the run does not keep it); None where there is too little to tell.

    ``other`` is compared where it has the same draws.
    """
    if not (run.folder / DRAWS_FILE).is_file() or len(run.draws) < MIN_DRAWS:
        return None
    outcome = f"value_added_lost.{importer}"
    if OUTCOME + outcome not in run.draws:
        outcome = f"value_added_lost.{EVERYWHERE}"
    values = outcome_of(run, outcome)
    if (values > np.quantile(values, WORST)).sum() < discovery.MIN_CASES:
        return None
    return explore(run, outcome=outcome, against=other if other and comparable(run, other, outcome) else None)


def coded(outcome: str) -> str:
    """Outcome with its places as codes: ``value_added_lost.Japan`` is ``value_added_lost.JP``."""
    what, dot, places = outcome.rpartition(".")
    return what + dot + "+".join(_place(name) for name in places.split("+"))


def _place(name: str) -> str:
    try:
        return names.region(name).code
    except UnknownNameError:
        return name


def comparable(one: Run, two: Run, outcome: str) -> bool:
    """Whether two runs have the same draws, and not the same outcome in all."""
    if not (two.folder / DRAWS_FILE).is_file():
        return False
    try:
        same_draws(one, two)
    except InputError:
        return False
    return bool(np.ptp(outcome_of(two, outcome) - outcome_of(one, outcome)) > 0.0)


def discover(
    source: str | Path | Run | Scenario,
    outcome: str = HEADLINE,
    *,
    above: float | None = None,
    below: float | None = None,
    project: Path = PROJECT,
) -> DiscoveryResult:
    """Box of the inputs in which an outcome lies above (or below) a threshold.

    Parameters
    ----------
    source : str, Path, Run or Scenario
        A finished run; a Scenario is run first.
    outcome, above, below
        As in :func:`explore`.

    Raises
    ------
    InputError
        With both thresholds, or too few cases.
    """
    run = opened(source, project)
    values = outcome_of(run, outcome)
    if above is not None and below is not None:
        raise InputError("discovery: give --above or --below, not both")
    if below is not None:
        cases = values < below
    else:
        above = float(np.quantile(values, WORST)) if above is None else above
        cases = values > above
    box = discovery.discover(_with_branches(run), cases)
    found = {field.name: getattr(box, field.name) for field in fields(box)}
    return DiscoveryResult(outcome=outcome, above=above, below=below, cases=int(cases.sum()), **found)


def asking(
    run: str | Path | Run, outcome: str = HEADLINE, *, against: str | Path | Run | None = None, project: Path = PROJECT
) -> AskingResult:
    """Facts that, if known, would narrow the 90 % band of an outcome most, or change the choice between two runs.

    Which way a fork goes is no fact that one could ask for. With ``against``, ``flips`` holds the facts that change the choice, and
    ``choice`` says which run is better on the mean of the draws.
    """
    one = opened(run, project)
    inputs = inputs_of(one)
    found = facts.information_value(inputs[[name for name in inputs if not is_decision(str(name))]], outcome_of(one, outcome))
    choice = {"flips": ()} if against is None else _flips(one, opened(against, project), outcome)
    return AskingResult(
        outcome=outcome,
        low=found.low,
        high=found.high,
        facts=found.facts[:MAX_ROWS],
        named=found.named,
        together=found.together,
        **choice,
    )


def _with_branches(run: Run) -> pd.DataFrame:
    """Inputs of a run's draws, with the branch that is taken in place of the uniform number that chose it."""
    table, forks = inputs_of(run), run.record.get("scenario", {}).get("forks", ())
    taken = {}
    for name in filter(is_decision, table.columns):
        branches = forks[int(name.removeprefix("forks."))]["branches"]
        ends = np.cumsum([branch["p"] for branch in branches])[:-1]
        labels = np.array([str(branch.get("label") or f"branch {i}") for i, branch in enumerate(branches)], dtype=object)
        taken[name] = labels[np.searchsorted(ends, table[name].to_numpy(), side="right")]
    return table.assign(**taken)


def _flips(one: Run, two: Run, outcome: str) -> dict[str, Any]:
    """Which facts change the choice between two runs of the same draws."""
    shared = same_draws(one, two)
    difference = outcome_of(two, outcome) - outcome_of(one, outcome)
    better = one if difference.mean() > 0 else two
    return {
        "runs": (str(one.folder), str(two.folder)),
        "scenarios": (one.summary.scenario, two.summary.scenario),
        "choice": better.summary.scenario,
        "difference": float(difference.mean()),
        "flips": facts.choice_flips(shared, difference),
    }


def same_draws(one: Run, two: Run) -> pd.DataFrame:
    """Inputs of both runs; those that only one has are the other's scenario's own and vary in it alone.

    Raises
    ------
    InputError
        If draws differ in number or in an input that both have.
    """
    import pandas as pd

    a, b = inputs_of(one), inputs_of(two)
    hint = "run both scenarios with the same --draws, --seed and --design"
    if len(a) != len(b):
        raise InputError(f"the runs have {len(a)} and {len(b)} draws; {hint}")
    if different := [name for name in a.columns.intersection(b.columns) if not a[name].equals(b[name])]:
        raise InputError(f"the runs drew different values of '{different[0]}'; {hint}")
    return pd.concat([a, b[b.columns.difference(a.columns)]], axis=1)


def opened(source: str | Path | Run | Scenario, project: Path) -> Run:
    """Run of a folder, a name in the project, or of a scenario that is run now."""
    from ytterby.scenario import Scenario as ScenarioClass

    if isinstance(source, Run):
        return source
    if isinstance(source, ScenarioClass):
        from ytterby.app.runs.run import run

        return run(source, draws=DRAWS, project=project)
    return find_run(source, project)


def is_decision(name: str) -> bool:
    """Whether an input of a run says which way a fork goes."""
    return name.removeprefix("forks.").isdigit()


def inputs_of(run: Run) -> pd.DataFrame:
    """Inputs of a run's draws, one column a key."""
    return run.draws[[name for name in run.draws.columns if not name.startswith(OUTCOME)]]


def outcome_of(run: Run, outcome: str) -> Array:
    """One outcome of a run's draws (draw,)."""
    table = {name.removeprefix(OUTCOME): run.draws[name].to_numpy() for name in run.draws.columns if name.startswith(OUTCOME)}
    return pick(table, outcome, run.summary.weeks)
