"""What a briefing is written from: exposure, runs, measures tried, dated decisions, promises and the figures that are cited."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ytterby.app.articles.watch import promises_on
from ytterby.app.briefings.briefing_changes import changes_since_last
from ytterby.app.briefings.inputs import BriefRequest
from ytterby.app.figures.cited_facts import cited_facts
from ytterby.app.network.bases import base_system, scenario_base
from ytterby.app.projects.kept_answers import answer_digest, is_kept, kept_answer
from ytterby.app.records.episode_backtest import episode_record
from ytterby.app.runs.record import NOT_A_FORECAST
from ytterby.errors import InputError
from ytterby.facts import expand_regions, load
from ytterby.given_files import first_fault, given_json
from ytterby.report.briefing import BriefedRun, BriefingInput, CitedFact, DatedDecision, DatedState
from ytterby.report.charts import region_outlines
from ytterby.store import DRAWS, FILES
from ytterby.system import RARE_EARTHS, newest_base_year
from ytterby.validation import BacktestResult

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.ensembles import ExplorationResult, PairedBranch, Remedy
    from ytterby.evidence import Promise, ReadingResult
    from ytterby.exposure import ExposureResult
    from ytterby.facts import Facts
    from ytterby.report.charts import Outlines
    from ytterby.simulation import Experiment
    from ytterby.store import Run
    from ytterby.system import System

REMEDY_DRAWS = 24
"""Draws of the main run on which measures are tried."""
BRANCH_DRAWS = 48
"""Draws of the main run on which the branches of its fork are compared."""


def material(
    order: BriefRequest,
    regions: tuple[str, ...],
    runs: list[Run],
    reading: ReadingResult | None,
    today: dt.date,
    remarks: tuple[str, ...],
    hits: BacktestResult | None,
    exposed: tuple[ExposureResult, System] | None = None,
) -> BriefingInput:
    """What the briefing is written from; ``exposed`` is an exposure that is there already, with its base system."""
    from ytterby.app.exposures.exposure import exposure
    from ytterby.evidence import chain_of

    facts = load(order.project)
    record = runs[0].record if runs else {}
    chain = str(record.get("chain", chain_of(reading.events) if reading and not runs else RARE_EARTHS))
    year = int(record.get("base_year", newest_base_year(chain)))
    system = exposed[1] if exposed else _base_of(record, facts, order.project) or base_system(year, facts, order.project, chain)
    results = tuple(BriefedRun(run.folder.name, run.record, run.summary, run.dataset, _draws(run)) for run in runs)
    promises = _promises(facts, reading, order.project, today)
    since, changed = changes_since_last(reading, promises.values(), order.project, today) if reading else (None, ())
    shown = exposed[0] if exposed else exposure(order.importer, year=year, project=order.project, chain=chain, system=system, on=today)
    return BriefingInput(
        importer=order.importer,
        regions=regions,
        today=today,
        runs=results,
        exposure=shown,
        system=system,
        evidence=reading.to_dict() if reading else None,
        texts={document.name: document.text for document in reading.documents} if reading else {},
        states=_states(facts, today),
        calendar=_calendar(facts, order.project, today, promises),
        promises=tuple(promises.values()),
        since=since,
        changes=changed,
        facts=_facts(facts, system, results, shown),
        exploration=_exploration(runs, order) if order.deep else None,
        remedies=_remedies(runs[0], order) if runs and order.deep else (),
        branches=_branches(runs[0], order.project) if runs and order.deep else (),
        user_figures=len(facts.user_ids),
        outlines=_outlines(facts),
        backtest=hits,
        record=episode_record(results[0].scenario, order.project) if results else None,
        calibrated=bool(runs) and all(run.summary.band != NOT_A_FORECAST for run in runs),
        as_of=str(facts.as_of),
        version=version("ytterby"),
        remarks=remarks,
    )


def outlook(run: Run, importer: str, project: Path, today: dt.date, *, deep: bool = True) -> BriefingInput:
    """What a first view says of a run for an importer: its outcome and what helps, without exposure, dates and map."""
    facts, record = load(project), run.record
    system = _system_of(run, facts, project)
    results = (BriefedRun(run.folder.name, record, run.summary, lambda: run.dataset),)
    order = BriefRequest((str(run.folder),), importer=importer, project=project, today=today)
    return BriefingInput(
        importer=importer,
        regions=expand_regions(importer),
        today=today,
        runs=results,
        system=system,
        facts=_facts(facts, system, results, None),
        remedies=_remedies(run, order) if deep else (),
        branches=_branches(run, project) if deep else (),
        calibrated=run.summary.band != NOT_A_FORECAST,
        as_of=str(facts.as_of),
        version=version("ytterby"),
    )


@lru_cache(maxsize=4)
def _system_of(run: Run, facts: Facts, project: Path) -> System:
    """Base system of a run, for all importers."""
    record = run.record
    return _base_of(record, facts, project) or base_system(int(record["base_year"]), facts, project, str(record["chain"]))


@lru_cache(maxsize=2)
def _outlines(facts: Facts) -> Outlines:
    """Outlines of the regions, which take a tenth of a second to project."""
    return region_outlines(facts.world_map(), _numeric(facts))


def _base_of(record: Mapping[str, Any], facts: Facts, project: Path) -> System | None:
    """Base system of a recorded run whose base was rolled forward; None for any other."""
    from ytterby.app.runs.nowcast import loadable
    from ytterby.scenario import Scenario as ScenarioClass

    if not record or not record["scenario"].get("roll"):
        return None
    return scenario_base(ScenarioClass.model_validate(loadable(record["scenario"])), facts, project)


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


def _branches(run: Run, project: Path) -> tuple[PairedBranch, ...]:
    """Each branch of the first fork on the same draws of a run; none where it stands on another base than the one at hand."""
    from ytterby.ensembles import PairedBranch as BranchClass

    if not _has_branches(run):
        return ()
    return kept_answer(_of_branches(run, load(project)), project, tuple[BranchClass, ...], lambda: _forced(run, project))


def _forced(run: Run, project: Path) -> tuple[PairedBranch, ...]:
    """The simulations of :func:`_branches`."""
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


def _remedies(run: Run, order: BriefRequest) -> tuple[Remedy, ...]:
    """Simple measures on some draws of the first run; none where it stands on another base than the one at hand."""
    from ytterby.ensembles import Remedy as RemedyClass

    if "base_digest" not in run.record:
        return ()
    digest = _of_remedies(run_digest(run, order.importer, load(order.project)))
    return kept_answer(digest, order.project, tuple[RemedyClass, ...], lambda: _tried(run, order))


def _tried(run: Run, order: BriefRequest) -> tuple[Remedy, ...]:
    """The simulations of :func:`_remedies`."""
    from ytterby.ensembles import remedies

    experiment = _experiment(run, load(order.project), order.project)
    return remedies(experiment, run.summary, order.importer, REMEDY_DRAWS, _lost(run, order.importer)) if experiment else ()


def _lost(run: Run, importer: str) -> NDArray[np.float64] | None:
    """Loss of an importer in each draw of a run (draw,) [USD]; None where the run does not keep it."""
    table, key = _draws(run), f"outcome.value_added_lost.{importer}"
    return table[key].to_numpy() if table is not None and key in table else None


def _exploration(runs: list[Run], order: BriefRequest) -> ExplorationResult | None:
    """What the first run's ensemble tells, and which facts change the choice between it and the second."""
    from ytterby.app.runs.explore import summarise
    from ytterby.ensembles import ExplorationResult as ResultClass

    if not runs:
        return None
    first, *others = runs
    if others:
        return summarise(first, order.importer, others[0])
    digest = _of_exploration(run_digest(first, order.importer, load(order.project)))
    found = kept_answer(digest, order.project, tuple[ResultClass, ...], lambda: _some(summarise(first, order.importer)))
    return found[0].model_copy(update={"run": str(first.folder)}) if found else None


def _some(found: ExplorationResult | None) -> tuple[ExplorationResult, ...]:
    return (found,) if found else ()


def gather_deep(run: Run, importer: str, project: Path) -> None:
    """Work out and keep what takes seconds of a run for an importer."""
    order = BriefRequest((str(run.folder),), importer=importer, project=project)
    _remedies(run, order)
    _branches(run, project)
    _exploration([run], order)


def beside(order: BriefRequest, first: BriefingInput, runs: list[Run], today: dt.date) -> BriefingInput:
    """What the briefing says of a further importer: the same runs with its own exposure, drivers and measures."""
    from ytterby.app.exposures.exposure import exposure

    assert first.exposure is not None
    assert first.system is not None
    year, chain = first.exposure.year, first.system.chain
    shown = exposure(order.importer, year=year, project=order.project, chain=chain, system=first.system, on=today)
    return replace(
        first,
        importer=order.importer,
        regions=expand_regions(order.importer),
        exposure=shown,
        evidence=None,
        exploration=_exploration(runs, order),
        remedies=_remedies(runs[0], order) if runs else (),
    )


def _draws(run: Run) -> pd.DataFrame | None:
    """Inputs and outcomes of each draw, where the run keeps them."""
    return run.draws if (run.folder / DRAWS).is_file() else None


def _states(facts: Facts, today: dt.date) -> tuple[DatedState, ...]:
    """Dated regimes that ended before today without a later fact."""
    found = []
    for state in facts.expired_states(today):
        row = facts.row(state.id)
        found.append(DatedState(state.description, state.end, state.id, str(row["source"]), str(row["url"])))
    return tuple(sorted(found, key=lambda state: state.end, reverse=True))


def _calendar(facts: Facts, project: Path, today: dt.date, promises: Mapping[str, Promise]) -> tuple[DatedDecision, ...]:
    """Dated decisions ahead, as ``ytterby calendar`` has them; of what articles promise that which the briefing's own tell."""
    from ytterby.app.dates.calendar import calendar_rows

    found = []
    for row in calendar_rows(facts, project, today):
        if row.status == "ahead" and (not row.promise or row.facts or row.id in promises):
            id_, scenario = promises[row.id].id if row.id in promises else row.id, "" if row.draft else row.scenario or ""
            found.append(DatedDecision(id_, row.decision, row.day, (*row.facts, "")[0], row.source, row.url, scenario))
    return tuple(found)


def _promises(facts: Facts, reading: ReadingResult | None, project: Path, today: dt.date) -> dict[str, Promise]:
    """Commitments that the briefing's articles tell, by their id among all of the project, with their id in this reading's ledger."""
    rows = reading.ledger if reading else ()
    found = {}
    for promise in promises_on(facts, project, today) if rows else ():
        claims = {step["claim"] for step in promise.status_path}
        row = next((row for row in rows if claims & set(row.claims)), None)
        if row:
            found[promise.id] = replace(promise, id=row.id)
    return found


def _facts(facts: Facts, system: System, runs: tuple[BriefedRun, ...], exposed: ExposureResult | None) -> Mapping[str, CitedFact]:
    """Figures that the base system, the runs and the controls rest on; ids that the facts do not know are left out."""
    names = {name for run in runs for name in run.facts} | {name for row in (exposed.controls if exposed else ()) for name in row.facts}
    for table in (system.processes, system.links, system.demands, system.stockpiles, system.sectors, system.rolled):
        names.update(name for cell in table["facts"].dropna() for name in str(cell).split())
    return cited_facts(facts, names)


def _numeric(facts: Facts) -> dict[str, str]:
    """ISO alpha-2 code by numeric code."""
    codes = facts.countries()
    return dict(zip(codes["numeric"].str.zfill(3), codes["iso2"], strict=True))


def backtest_hits(path: Path | None) -> BacktestResult | None:
    """Hits of a replayed episode.

    Raises
    ------
    InputError
        If the file is absent or holds something else.
    """
    if path is None:
        return None
    unlike = "is not what 'ytterby backtest EPISODE --json' prints"
    found = given_json(path, unlike)
    hits = {name: found.get(name) for name in BacktestResult.model_fields} if isinstance(found, dict) else {}
    try:
        return BacktestResult.model_validate(hits, strict=True)
    except ValidationError as error:
        raise InputError(f"{path}: {unlike} ({first_fault(error)})") from None
