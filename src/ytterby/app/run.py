"""Simulate a scenario and keep the run: folder, summary, index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app import run_summary as sums
from ytterby.economy.losses import Totals
from ytterby.ensembles.draw_assessment import TOTALS, DrawAssessment
from ytterby.ensembles.outcomes import FOCUS, draw_table
from ytterby.ensembles.sobol_design import base_points, indices_of, require_sobol
from ytterby.execution import map_chunks, spans
from ytterby.facts.load import load
from ytterby.scenario.designs import require_seed
from ytterby.scenario.files import load_scenario
from ytterby.simulation.chunked_array import ChunkedArray
from ytterby.simulation.labelled_network import LabelledNetwork
from ytterby.simulation.provenance import ResultProvenance
from ytterby.simulation.results import STATISTICS, SeriesWriter
from ytterby.simulation.run import Experiment, central_path
from ytterby.store.chunks import ChunkStore
from ytterby.store.project import ProjectStore
from ytterby.store.runs import Run, is_run, read_run, require_place, run_name, write_run
from ytterby.system.build import build
from ytterby.validation.posterior import posterior_digest, posterior_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.execution.chunks import Executor
    from ytterby.facts.load import Facts
    from ytterby.scenario.scenario import Scenario

CHUNK = 16
"""Draws in a chunk: whole blocks of the kernel, a checkpoint of some 20 MB."""
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
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Simulate a scenario and write its run folder.

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
    progress : callable, optional
        Called with draws done and draws in all.

    Returns
    -------
    Run
        Folder, record, summary and series.
    """
    from ytterby.scenario.scenario import Scenario as ScenarioClass

    chosen = scenario if isinstance(scenario, ScenarioClass) else load_scenario(scenario)
    return _run(RunRequest(chosen, draws, seed, method, project, out, executor, workers, address, sobol), progress)


def _run(request: RunRequest, progress: Callable[[int, int], None] | None) -> Run:
    began = time.perf_counter()
    if request.sobol:
        require_sobol(request.draws)
    require_seed(request.seed)
    facts = load(request.project)
    system = build(request.scenario.base_year, facts, request.scenario.chain)
    fitted = posterior_rows(request.draws, request.seed, prefix="behaviour.") if request.draws > 1 else None
    draws = 0 if request.draws <= 1 else request.draws
    experiment = Experiment(LabelledNetwork.of(system), request.scenario, draws, request.seed, request.method, fitted)
    base = f"{system.digest} {request.method} {posterior_digest()}"
    name = run_name(request.scenario.name, request.scenario.digest, base, request.draws, request.seed)
    store = ProjectStore(request.project)
    folder = request.out or store.runs_folder / name
    require_place(folder)
    key = f"{request.scenario.digest} {base} {request.draws} {request.seed} {CHUNK} {version('ytterby')}"
    checkpoints = ChunkStore(request.project / "chunks" / name, key)
    job = DrawAssessment(experiment)
    arrays = _simulate(job, request, checkpoints, progress)
    document = _summary(job, arrays, request)
    if request.sobol and document["drivers"]:
        document["sobol"] = _sobol(job, [row["input"] for row in document["drivers"]], request, progress)
    document |= _standing(facts, experiment, folder)
    document["seconds"] = round(time.perf_counter() - began, 3)
    record = _record(request, experiment, facts, document["seconds"])
    table = draw_table(job, _totals(arrays), FOCUS) if experiment.draws else None
    write_run(folder, record, document, _series(experiment, arrays), table)
    checkpoints.clear()
    store.add_run(folder)
    return read_run(folder)


def _simulate(
    job: DrawAssessment, request: RunRequest, checkpoints: ChunkStore, progress: Callable[[int, int], None] | None
) -> dict[str, ChunkedArray]:
    """Arrays of all draws (draw, ...); chunks go to disk at once, so that memory does not grow with the draws.

    Chunks that a killed run has finished are not simulated again.
    """
    total = max(1, job.experiment.draws)
    pieces = spans(total, CHUNK)
    done = checkpoints.done() if len(pieces) > 1 else set()
    missing = [i for i in range(len(pieces)) if i not in done]
    finished = total - sum(pieces[i][1] - pieces[i][0] for i in missing)
    arrays: dict[str, NDArray[Any]] = {}
    results = map_chunks(job.chunk, [pieces[i] for i in missing], request.executor, workers=request.workers, address=request.address)
    for i, arrays in zip(missing, results, strict=True):
        if len(pieces) > 1:
            checkpoints.put(i, arrays)
        finished += pieces[i][1] - pieces[i][0]
        if progress:
            progress(finished, total)
    if len(pieces) == 1:
        return {name: ChunkedArray.of(values) for name, values in arrays.items()}
    views = [checkpoints.views(i) for i in range(len(pieces))]
    return {name: ChunkedArray([chunk[name] for chunk in views]) for name in views[0]}


def _totals(arrays: dict[str, ChunkedArray]) -> dict[str, NDArray[Any]]:
    """What is kept of each draw without weeks (draw, ...), in memory."""
    return {name: arrays[name].whole() for name in TOTALS}


def _summary(job: DrawAssessment, arrays: dict[str, ChunkedArray], request: RunRequest) -> dict[str, Any]:
    experiment = job.experiment
    system, mondays, found = experiment.network.system, experiment.scenario.mondays, _totals(arrays)
    totals = Totals(system.sectors, found["gross"], found["net"], found["sales"], found["worst"])
    focus = sums.focus_columns(system.sectors, FOCUS)
    headline = totals.usd("gross")[:, focus].sum(axis=1)
    outcome = headline if np.ptp(headline) > 0 else found["shortfall_total"].sum(axis=1)
    ranked = sums.drivers(job.inputs, outcome, request.scenario, experiment.calibrated) if experiment.draws else []
    goods, provenance = list(system.demands["commodity"]), ResultProvenance(experiment.network, request.scenario)
    weeks = (found["first_stop"], found["line_stop"], found["binding"])
    stops = sums.first_stops(*weeks, system.sectors, goods, mondays, provenance)
    short = (arrays["shortfall"], found["shortfall_total"], found["shortfall_peak"])
    return {
        "scenario": request.scenario.name,
        "title": {"en": request.scenario.title("en"), "de": request.scenario.title("de")},
        "start": str(mondays[0]),
        "draws": request.draws,
        "seed": request.seed,
        "weeks": request.scenario.weeks,
        "first_stops": stops,
        "shortfall": sums.shortfalls(*short, experiment.views, mondays, provenance),
        "losses": sums.loss_rows(totals, stops, provenance),
        "headline": sums.headline(totals, FOCUS),
        "indirect": sums.indirect_rows(system.sectors, arrays["value_added_lost"], request.project),
        "drivers": ranked[: sums.TOP_DRIVERS],
        "evidence_grade": sums.evidence_grade(ranked),
        "band": NOT_A_FORECAST,
    }


def _sobol(job: DrawAssessment, chosen: list[str], request: RunRequest, progress: Callable[[int, int], None] | None) -> dict[str, Any]:
    """Sobol indices of the chosen inputs; a killed design goes on from its checkpoints."""
    experiment, n = job.experiment, base_points(request.draws)
    scenario = request.scenario
    key = f"sobol {scenario.digest} {experiment.network.system.digest} {n} {request.seed} {' '.join(chosen)} {CHUNK} {version('ytterby')}"
    checkpoints = ChunkStore(request.project / "chunks" / f"{run_name(scenario.name, key, '', n, request.seed)}-sobol", key)
    found = indices_of(
        experiment.network,
        request.scenario,
        lambda points: {name: values.whole() for name, values in _simulate(points, request, checkpoints, progress).items()},
        tuple(chosen),
        n,
        seed=request.seed,
    )
    checkpoints.clear()
    return found


def _standing(facts: Facts, experiment: Experiment, folder: Path) -> dict[str, Any]:
    """What every output carries: newest fact, expired states, whose figures, where it lies."""
    expired = facts.expired_states(sums.today())
    return {
        "run": str(folder),
        "as_of": str(facts.as_of),
        "base_year": experiment.network.system.year,
        "chain": experiment.network.system.chain,
        "base_as_of": experiment.network.system.as_of,
        "user_figures": len(facts.user_ids),
        "warnings": [f"{state.subject}: state ended on {state.end}; what followed is not in the facts ({state.id})" for state in expired],
    }


def _series(experiment: Experiment, arrays: dict[str, ChunkedArray]) -> Iterator[pd.DataFrame]:
    """Rows of the series, measure by measure."""
    network, views = experiment.network, experiment.views
    writer = SeriesWriter(views, experiment.scenario.mondays, network.system.year, single=experiment.draws == 0)
    for name in ("price", "price_deal", "price_marginal", "production", "consumption", "shortfall"):
        yield writer.markets(name, arrays[name])
    stock = writer.markets("stock", arrays["stock"])
    yield stock
    yield writer.cover(stock, views.base_outflow)
    yield writer.markets("licence_backlog", arrays["licence_backlog"])
    yield writer.flows(arrays["flow"])
    if groups := arrays["price_wedge"].columns:
        names = [*sums.quota_names(central_path(experiment.scenario)), (sums.UNDECLARED, "")]
        yield writer.wedges(arrays["price_wedge"], names[:groups])
    for name in ("value_added_lost", "jobs_at_risk"):
        yield writer.sectors(name, arrays[name], network.system.sectors)
    for name in STATISTICS:
        yield writer.statistics(name, arrays[name].whole())


def _record(request: RunRequest, experiment: Experiment, facts: Facts, seconds: float) -> dict[str, Any]:
    scenario = request.scenario
    return {
        "scenario": scenario.model_dump(mode="json", by_alias=True),
        "scenario_digest": scenario.digest,
        "base_digest": experiment.network.system.digest,
        "base_year": scenario.base_year,
        "chain": scenario.chain,
        "draws": request.draws,
        "seed": request.seed,
        "method": request.method,
        "posterior": posterior_digest(),
        "calibrated": sorted(experiment.calibrated),
        "versions": {"ytterby": version("ytterby"), "numpy": np.__version__},
        "facts": sums.fact_ids(scenario, experiment.network.system),
        "user_figures": sorted(facts.user_ids),
        "seconds": seconds,
    }


def existing(scenario: Scenario, draws: int, seed: int, project: Path) -> Run | None:
    """A finished run of the same scenario, base, draws and seed in the project, if there is one."""
    system = build(scenario.base_year, load(project), scenario.chain)
    folder = ProjectStore(project).runs_folder / run_name(
        scenario.name, scenario.digest, f"{system.digest} streams {posterior_digest()}", draws, seed
    )
    return read_run(folder) if is_run(folder) else None
