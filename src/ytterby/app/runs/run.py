"""Simulate a scenario and keep the run: folder, summary, index."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app.network.bases import scenario_base
from ytterby.app.runs.draws import RunRequest, chunks_key, simulate_draws, sobol_indices, totals_of
from ytterby.app.runs.record import dataset_of, findings, record_of, standing
from ytterby.ensembles import DrawAssessment, RunSummary, draw_table, peak_prices, require_sobol
from ytterby.facts import load
from ytterby.scenario import load_scenario, require_seed
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.store import (
    CheckpointStore,
    ProjectStore,
    Run,
    free_old_chunks,
    held,
    is_run,
    lock_of,
    read_run,
    require_place,
    run_name,
    write_run,
)
from ytterby.validation import posterior_digest, posterior_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.execution import Executor
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.system import System


def run(
    scenario: str | Path | Scenario,
    *,
    draws: int = 1,
    seed: int = 1,
    method: str = "streams",
    project: Path = Path(".ytterby"),
    out: Path | None = None,
    executor: Executor = "serial",
    workers: int | None = None,
    address: str | None = None,
    sobol: bool = False,
    created: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    waiting: Callable[[], None] | None = None,
    facts: Facts | None = None,
    base: System | None = None,
) -> Run:
    """Simulate a scenario and write its run folder.

    The same run started twice is worked once: the second waits for the first and takes its result.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Bundled name, YAML file or Scenario.
    draws : int
        1 for the central run, else the size of the ensemble.
    seed : int
        Seed of the ensemble.
    method : {"streams", "lhs", "sobol"}
        Design of the ensemble.
    project : Path
        Project folder: index of runs, checkpoints, the user's figures.
    out : Path, optional
        Run folder; by default inside the project.
    executor, workers, address
        Where chunks run; they change no digit.
    sobol : bool
        Also Sobol indices of the inputs that matter most, on a design of their own (needs the extra ``explore``).
    created : str, optional
        Time that the dataset names as its own (ISO); by default the time of the call.
    progress : callable, optional
        Called with draws done and draws in all.
    waiting : callable, optional
        Called if the same run is being worked by another process, which is waited for.
    facts : Facts, optional
        Figures in place of the project's.
    base : System, optional
        Base system in place of the one that is built for the scenario's year; a scenario that is rolled forward starts from it.

    Returns
    -------
    Run
        Folder, record, summary and dataset.
    """
    from ytterby.scenario import Scenario as ScenarioClass

    chosen = scenario if isinstance(scenario, ScenarioClass) else load_scenario(scenario)
    written = _now() if created is None else created
    order = RunRequest(chosen, draws, seed, method, project, out, executor, workers, address, sobol, written, waiting, facts, base)
    return _run(order, progress)


def _run(request: RunRequest, progress: Callable[[int, int], None] | None) -> Run:
    began = time.perf_counter()
    if request.sobol:
        require_sobol(request.draws)
    require_seed(request.seed)
    facts = request.facts or load(request.project)
    experiment = experiment_of(request.scenario, request.draws, request.seed, request.method, request.project, facts, request.base)
    system = experiment.network.system
    base = f"{system.digest} {request.method} {posterior_digest()}"
    name = run_name(request.scenario.name, request.scenario.digest, base, request.draws, request.seed)
    store = ProjectStore(request.project)
    folder = request.out or store.runs_folder / name
    require_place(folder)
    free_old_chunks(request.project)
    with held(lock_of(request.project, name), request.waiting) as waited:
        if waited and (found := _same_run(folder, experiment, request)):
            return found
        return _worked_out(request, experiment, facts, base, name, folder, began, progress)


def _same_run(folder: Path, experiment: Experiment, request: RunRequest) -> Run | None:
    """The run in a folder if it is the one that was asked for."""
    if not is_run(folder):
        return None
    found = read_run(folder)
    wanted: dict[str, object] = {
        "scenario_digest": request.scenario.digest,
        "base_digest": experiment.network.system.digest,
        "posterior": posterior_digest(),
    }
    wanted |= {"draws": request.draws, "seed": request.seed, "method": request.method}
    return found if all(found.record.get(name) == value for name, value in wanted.items()) else None


def _worked_out(  # noqa: PLR0913
    request: RunRequest,
    experiment: Experiment,
    facts: Facts,
    base: str,
    name: str,
    folder: Path,
    began: float,
    progress: Callable[[int, int], None] | None,
) -> Run:
    """Simulate, and write the run folder."""
    store = ProjectStore(request.project)
    key = chunks_key(request.scenario.digest, base, request.draws, request.seed)
    checkpoints = CheckpointStore(request.project / "chunks" / name)
    job = DrawAssessment(experiment)
    arrays = simulate_draws(job, request, checkpoints, key, progress)
    found = findings(job, arrays, request)
    if request.sobol and found["drivers"]:
        found["sobol"] = sobol_indices(job, [row.input for row in found["drivers"]], request, progress)
    seconds = round(time.perf_counter() - began, 3)
    results = dataset_of(request, experiment, facts, arrays)
    found["peak_prices"] = peak_prices(results, experiment)
    summary = RunSummary(**found, **standing(facts, experiment, folder), seconds=seconds)
    record = record_of(request, experiment, facts, seconds)
    table = draw_table(job, totals_of(arrays)) if experiment.draws else None
    write_run(folder, record, summary, results, table)
    checkpoints.clear()
    store.add_run(folder)
    return read_run(folder)


def experiment_of(  # noqa: PLR0913, PLR0917
    scenario: Scenario, draws: int, seed: int, method: str, project: Path, facts: Facts, base: System | None = None
) -> Experiment:
    """The scenario on its base with the design of its draws, behaviour drawn from the calibration; one draw is the central run."""
    network = LabelledNetwork.of(scenario_base(scenario, facts, project, base))
    fitted = posterior_rows(draws, seed, prefix="behaviour.") if draws > 1 else None
    return Experiment(network, scenario, 0 if draws <= 1 else draws, seed, method, fitted)


def existing(scenario: Scenario, draws: int, seed: int, project: Path) -> Run | None:
    """A finished run of the same scenario, base, draws and seed in the project, if there is one."""
    system = scenario_base(scenario, load(project), project)
    folder = ProjectStore(project).runs_folder / run_name(
        scenario.name, scenario.digest, f"{system.digest} streams {posterior_digest()}", draws, seed
    )
    return read_run(folder) if is_run(folder) else None


def _now() -> str:
    """Time at which a run is written, to the second (ISO, UTC)."""
    return dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
