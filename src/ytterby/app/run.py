"""Simulate a scenario and keep the run: folder, summary, index."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.bases import scenario_base
from ytterby.economy import LossTotals
from ytterby.ensembles import (
    FOCUS,
    TOTALS,
    DrawAssessment,
    RunSummary,
    base_points,
    draw_table,
    focus_columns,
    indices_of,
    places_of,
    require_sobol,
)
from ytterby.ensembles import summary_tables as tables
from ytterby.execution import cores, digest_of, map_chunks, spans
from ytterby.facts import load
from ytterby.scenario import load_scenario, require_seed
from ytterby.simulation import ChunkedArray, Experiment, LabelledNetwork, ResultProvenance, central_path, results_dataset
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
    from collections.abc import Callable, Iterator

    import xarray as xr
    from numpy.typing import NDArray

    from ytterby.ensembles import SobolIndices
    from ytterby.execution import Executor
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.system import System

CHUNK = 16
"""Draws in a chunk: whole blocks of the kernel, a checkpoint of some 20 MB."""
UNDECLARED = "undeclared"
"""Name of the group of smuggling links; its wedge is their rent."""
NOT_A_FORECAST = "range of assumptions, not a forecast interval"


@dataclass(frozen=True)
class RunRequest:
    """What to run and how; everything that changes numbers is in scenario, draws, seed and method."""

    scenario: Scenario
    draws: int = 1
    seed: int = 1
    method: str = "streams"
    project: Path = Path(".ytterby")
    out: Path | None = None
    executor: Executor = "serial"
    workers: int | None = None
    address: str | None = None
    sobol: bool = False
    created: str = ""
    waiting: Callable[[], None] | None = None
    facts: Facts | None = None
    base: System | None = None


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
    key = f"{request.scenario.digest} {base} {request.draws} {request.seed} {CHUNK} {version('ytterby')}"
    checkpoints = CheckpointStore(request.project / "chunks" / name)
    job = DrawAssessment(experiment)
    arrays = _simulate(job, request, checkpoints, key, progress)
    found = _findings(job, arrays, request)
    if request.sobol and found["drivers"]:
        found["sobol"] = _sobol(job, [row.input for row in found["drivers"]], request, progress)
    seconds = round(time.perf_counter() - began, 3)
    summary = RunSummary(**found, **_standing(facts, experiment, folder), seconds=seconds)
    record = _record(request, experiment, facts, seconds)
    table = draw_table(job, _totals(arrays)) if experiment.draws else None
    write_run(folder, record, summary, _dataset(request, experiment, facts, arrays), table)
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


def _simulate(
    job: DrawAssessment,
    request: RunRequest,
    checkpoint: CheckpointStore,
    key: str,
    progress: Callable[[int, int], None] | None,
) -> dict[str, ChunkedArray]:
    """Arrays of all draws (draw, ...); chunks go to disk at once, so that memory does not grow with the draws.

    Chunks that a killed run has finished are not simulated again; ``key`` says what they depend on beside their draws.
    """
    total = max(1, job.experiment.draws)
    pieces = spans(total, CHUNK)
    if len(pieces) == 1:
        [arrays] = _worked(job, pieces, request)
        if progress:
            progress(total, total)
        return {name: ChunkedArray.of(values) for name, values in arrays.items()}
    digests = [digest_of(key, *piece) for piece in pieces]
    missing = [i for i, digest in enumerate(digests) if checkpoint.get(digest) is None]
    finished = total - sum(pieces[i][1] - pieces[i][0] for i in missing)
    for i, _ in zip(missing, _kept(job, checkpoint, [(pieces[i], digests[i]) for i in missing], request), strict=True):
        finished += pieces[i][1] - pieces[i][0]
        if progress:
            progress(finished, total)
    parts = [part for part in map(checkpoint.get, digests) if part is not None]
    assert len(parts) == len(pieces), "a part that was put is there"
    return {name: ChunkedArray([partial(part.__getitem__, name) for part in parts]) for name in parts[0]}


def _kept(job: DrawAssessment, checkpoint: CheckpointStore, work: list[tuple[tuple[int, int], str]], request: RunRequest) -> Iterator[None]:
    """Chunks (span, digest) as they are kept: by the workers themselves, where these see the same folder."""
    if request.executor == "dask":
        for (_, digest), arrays in zip(work, _worked(job, [span for span, _ in work], request), strict=True):
            checkpoint.put(digest, arrays)
            yield
        return
    for digest in map_chunks(partial(_work_and_keep, job, checkpoint), work, request.executor, workers=request.workers):
        checkpoint.note(digest)
        yield


def _work_and_keep(job: DrawAssessment, checkpoint: CheckpointStore, chunk: tuple[tuple[int, int], str]) -> str:
    """Keep the arrays of a chunk (span, digest); returns the digest."""
    span, digest = chunk
    checkpoint.put(digest, job.chunk(span))
    return digest


def _worked(job: DrawAssessment, pieces: list[tuple[int, int]], request: RunRequest) -> Iterator[dict[str, NDArray[Any]]]:
    return map_chunks(job.chunk, pieces, request.executor, workers=request.workers, address=request.address)


def _totals(arrays: dict[str, ChunkedArray]) -> dict[str, NDArray[Any]]:
    """What is kept of each draw without weeks (draw, ...), in memory."""
    return {name: arrays[name].to_numpy() for name in TOTALS}


def _findings(job: DrawAssessment, arrays: dict[str, ChunkedArray], request: RunRequest) -> dict[str, Any]:
    """Fields of the summary that come out of the draws."""
    experiment = job.experiment
    system, mondays, found = experiment.network.system, experiment.scenario.mondays, _totals(arrays)
    totals = LossTotals(system.sectors, found["gross"], found["net"], found["sales"], found["worst"])
    focus, places = focus_columns(system.sectors, FOCUS), places_of(system.sectors)
    headline = totals.usd("gross")[:, focus].sum(axis=1)
    outcome = headline if np.ptp(headline) > 0 else found["shortfall_total"].sum(axis=1)
    ranked = tables.ranked_drivers(job.inputs, outcome, request.scenario, experiment.calibrated) if experiment.draws else ()
    goods, provenance = list(system.demands["commodity"]), ResultProvenance(experiment.network, request.scenario)
    weeks = (found["first_stop"], found["line_stop"], found["binding"], found["firms"])
    stops = tables.first_stops(*weeks, system.sectors, goods, mondays, provenance)
    short = (arrays["shortfall"], found["shortfall_total"], found["shortfall_peak"])
    return {
        "scenario": request.scenario.name,
        "title": request.scenario.titles,
        "start": str(mondays[0]),
        "draws": request.draws,
        "seed": request.seed,
        "weeks": request.scenario.weeks,
        "first_stops": stops,
        "shortfall": tables.shortfalls(*short, experiment.views, mondays, provenance),
        "losses": tables.loss_rows(totals, stops, provenance),
        "headline": tables.headline(totals, places),
        "stops": tables.stopping(totals, found["first_stop"], places),
        "branches": tables.branches(request.scenario, job.inputs, totals, found["first_stop"], places),
        "indirect": tables.indirect_rows(system.sectors, arrays["value_added_lost"], request.project),
        "drivers": ranked[: tables.TOP_DRIVERS],
        "evidence_grade": tables.evidence_grade(ranked),
        "band": NOT_A_FORECAST,
    }


def _sobol(job: DrawAssessment, chosen: list[str], request: RunRequest, progress: Callable[[int, int], None] | None) -> SobolIndices:
    """Sobol indices of the chosen inputs; a killed design goes on from its checkpoints."""
    experiment, n = job.experiment, base_points(request.draws)
    scenario = request.scenario
    key = f"sobol {scenario.digest} {experiment.network.system.digest} {n} {request.seed} {' '.join(chosen)} {CHUNK} {version('ytterby')}"
    name = f"{run_name(scenario.name, key, '', n, request.seed)}-sobol"
    checkpoints = CheckpointStore(request.project / "chunks" / name)
    found = indices_of(
        experiment.network,
        request.scenario,
        lambda points: {name: values.to_numpy() for name, values in _simulate(points, request, checkpoints, key, progress).items()},
        tuple(chosen),
        n,
        seed=request.seed,
    )
    checkpoints.clear()
    return found


def _standing(facts: Facts, experiment: Experiment, folder: Path) -> dict[str, Any]:
    """Fields of the summary that every output carries: newest fact, expired states, whose figures, where it lies."""
    expired = facts.expired_states(_today())
    return {
        "run": str(folder),
        "as_of": str(facts.as_of),
        "base_year": experiment.network.system.year,
        "chain": experiment.network.system.chain,
        "base_as_of": experiment.network.system.as_of,
        "user_figures": len(facts.user_ids),
        "warnings": [f"{state.subject}: was to end on {state.end}; whether it did is not in the facts ({state.id})" for state in expired],
    }


def _threads(request: RunRequest) -> int:
    """Threads that sort draws into quantiles: as many as there are processes on this machine."""
    return (request.workers or cores()) if request.executor in ("processes", "threads") else 1


def _dataset(request: RunRequest, experiment: Experiment, facts: Facts, arrays: dict[str, ChunkedArray]) -> xr.Dataset:
    """Results of all draws with the attributes that say what they are."""
    names = [*_quota_names(central_path(experiment.scenario)), (UNDECLARED, "")]
    groups = names[: arrays["price_wedge"].columns]
    system, single = experiment.network.system, experiment.draws == 0
    found = results_dataset(
        arrays, experiment.views, experiment.scenario.mondays, system.sectors, groups, single=single, threads=_threads(request)
    )
    return found.assign_attrs(
        title=request.scenario.title("en"),
        scenario=request.scenario.name,
        scenario_hash=request.scenario.digest,
        system_hash=system.digest,
        draws=request.draws,
        seed=str(request.seed),
        method=request.method,
        version=version("ytterby"),
        created=request.created,
        as_of=str(facts.as_of),
    )


def _record(request: RunRequest, experiment: Experiment, facts: Facts, seconds: float) -> dict[str, Any]:
    scenario = request.scenario
    return {
        "scenario": scenario.model_dump(mode="json", by_alias=True),
        "scenario_digest": scenario.digest,
        "base_digest": experiment.network.system.digest,
        "base_year": scenario.base_year,
        "base_at": experiment.network.system.at,
        "chain": scenario.chain,
        "draws": request.draws,
        "seed": request.seed,
        "method": request.method,
        "posterior": posterior_digest(),
        "calibrated": sorted(experiment.calibrated),
        "versions": {"ytterby": version("ytterby"), "numpy": np.__version__},
        "facts": _fact_ids(scenario, experiment.network.system),
        "user_figures": sorted(facts.user_ids),
        "seconds": seconds,
    }


def existing(scenario: Scenario, draws: int, seed: int, project: Path) -> Run | None:
    """A finished run of the same scenario, base, draws and seed in the project, if there is one."""
    system = scenario_base(scenario, load(project), project)
    folder = ProjectStore(project).runs_folder / run_name(
        scenario.name, scenario.digest, f"{system.digest} streams {posterior_digest()}", draws, seed
    )
    return read_run(folder) if is_run(folder) else None


def _quota_names(scenario: Scenario) -> list[tuple[str, str]]:
    """Name and origin of each quota group, in the order of the simulator."""
    quotas = [m for m in scenario.measures if m.kind == "quota"]
    named: dict[str, str] = {}
    for i, measure in enumerate(quotas):
        named.setdefault(getattr(measure, "group", None) or f"quota-{i}", "+".join(measure.from_))
    return list(named.items())


def _fact_ids(scenario: Scenario, system: System) -> list[str]:
    """Ids of all facts that the scenario and the base system rest on."""
    ids = set(scenario.facts)
    for measure in scenario.all_measures():
        ids.update(measure.facts)
    for frame in (system.processes, system.links, system.demands, system.stockpiles, system.sectors, system.rolled):
        for cell in frame["facts"].dropna():
            ids.update(str(cell).split())
    return sorted(ids)


def _today() -> dt.date:
    """The day of the run, for the warning about expired states."""
    return dt.datetime.now(tz=dt.UTC).date()


def _now() -> str:
    """Time at which a run is written, to the second (ISO, UTC)."""
    return dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
