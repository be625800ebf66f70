"""What a run says of itself: the findings of its draws, its dataset, and the record of what it rests on."""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.app.runs.draws import totals_of
from ytterby.economy import LossTotals
from ytterby.ensembles import FOCUS, NOT_A_FORECAST, focus_columns, places_of
from ytterby.ensembles import summary_tables as tables
from ytterby.execution import cores
from ytterby.simulation import ResultProvenance, central_path, results_dataset
from ytterby.validation import posterior_digest

if TYPE_CHECKING:
    from pathlib import Path

    import xarray as xr

    from ytterby.app.runs.draws import RunRequest
    from ytterby.ensembles import DrawAssessment
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.simulation import ChunkedArray, Experiment
    from ytterby.system import System

UNDECLARED = "undeclared"
"""Name of the group of smuggling links; its wedge is their rent."""


def findings(job: DrawAssessment, arrays: dict[str, ChunkedArray], request: RunRequest) -> dict[str, Any]:
    """Fields of the summary that come out of the draws."""
    experiment = job.experiment
    system, mondays, found = experiment.network.system, experiment.scenario.mondays, totals_of(arrays)
    totals = LossTotals(system.sectors, found["gross"], found["net"], found["sales"], found["worst"])
    focus, places = focus_columns(system.sectors, FOCUS), places_of(system.sectors)
    headline = totals.usd("gross")[:, focus].sum(axis=1)
    outcome = headline if np.ptp(headline) > 0 else found["shortfall_total"].sum(axis=1)
    ranked = tables.ranked_drivers(job.inputs, outcome, request.scenario, experiment.calibrated) if experiment.draws else ()
    goods, provenance = list(system.demands["commodity"]), ResultProvenance(experiment.network, request.scenario)
    weeks = (found["first_stop"], found["line_stop"], found["binding"], found["firms"])
    stops = tables.first_stops(*weeks, system.sectors, goods, mondays, provenance)
    lost = tables.loss_rows(totals, stops, provenance)
    stopped = tables.stopping_inputs(stops, lost)
    return {
        "scenario": request.scenario.name,
        "title": request.scenario.titles,
        "start": str(mondays[0]),
        "draws": request.draws,
        "seed": request.seed,
        "weeks": request.scenario.weeks,
        "first_stops": stops,
        "shortfall": tables.shortfalls(arrays["shortfall"], found, stopped, experiment.views, mondays, provenance),
        "losses": lost,
        "headline": tables.headline(totals, places),
        "stops": tables.stopping(totals, found["first_stop"], places),
        "branches": tables.branches(request.scenario, job.inputs, totals, found["first_stop"], places),
        "indirect": tables.indirect_rows(system.sectors, arrays["value_added_lost"], request.project),
        "drivers": ranked[: tables.TOP_DRIVERS],
        "evidence_grade": tables.evidence_grade(ranked),
        "band": NOT_A_FORECAST,
    }


def standing(facts: Facts, experiment: Experiment, folder: Path) -> dict[str, Any]:
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


def dataset_of(request: RunRequest, experiment: Experiment, facts: Facts, arrays: dict[str, ChunkedArray]) -> xr.Dataset:
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


def record_of(request: RunRequest, experiment: Experiment, facts: Facts, seconds: float) -> dict[str, Any]:
    """Record of a run: what was run, and the versions and figures that it rests on."""
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
