"""What a briefing is written from: exposure, runs, measures tried, dated decisions, promises and the figures that are cited.

A first view names this module without calling it: what only simulations need is loaded inside of the functions.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ytterby.app.articles.watch import promises_on
from ytterby.app.briefings.briefing_changes import changes_since_last
from ytterby.app.briefings.first_view import outlines_of
from ytterby.app.briefings.kept_simulations import branches_of, draws_of, exploration_of, remedies_of
from ytterby.app.figures.cited_facts import cited_facts
from ytterby.app.network.bases import base_system, scenario_base
from ytterby.ensembles import NOT_A_FORECAST
from ytterby.errors import InputError
from ytterby.facts import expand_regions, load
from ytterby.given_files import first_fault, given_json
from ytterby.report.briefing import BriefedRun, BriefingInput, CitedFact, DatedDecision, DatedState
from ytterby.system import RARE_EARTHS, newest_base_year

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from ytterby.app.briefings.inputs import BriefRequest
    from ytterby.evidence import Promise, ReadingResult
    from ytterby.exposure import ExposureResult
    from ytterby.facts import Facts
    from ytterby.store import Run
    from ytterby.system import System
    from ytterby.validation import BacktestResult


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
    from ytterby.app.records.episode_backtest import episode_record
    from ytterby.evidence import chain_of

    facts = load(order.project)
    record = runs[0].record if runs else {}
    chain = str(record.get("chain", chain_of(reading.events) if reading and not runs else RARE_EARTHS))
    year = int(record.get("base_year", newest_base_year(chain)))
    system = exposed[1] if exposed else _base_of(record, facts, order.project) or base_system(year, facts, order.project, chain)
    results = tuple(BriefedRun(run.folder.name, run.record, run.summary, run.dataset, draws_of(run)) for run in runs)
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
        exploration=exploration_of(runs, order.importer, order.project) if order.deep else None,
        remedies=remedies_of(runs[0], order.importer, order.project) if runs and order.deep else (),
        branches=branches_of(runs[0], order.project) if runs and order.deep else (),
        user_figures=len(facts.user_ids),
        outlines=outlines_of(facts, order.project),
        backtest=hits,
        record=episode_record(results[0].scenario, order.project) if results else None,
        calibrated=bool(runs) and all(run.summary.band != NOT_A_FORECAST for run in runs),
        as_of=str(facts.as_of),
        version=version("ytterby"),
        remarks=remarks,
    )


def _base_of(record: Mapping[str, Any], facts: Facts, project: Path) -> System | None:
    """Base system of a recorded run whose base was rolled forward; None for any other."""
    from ytterby.app.runs.nowcast import loadable
    from ytterby.scenario import Scenario as ScenarioClass

    if not record or not record["scenario"].get("roll"):
        return None
    return scenario_base(ScenarioClass.model_validate(loadable(record["scenario"])), facts, project)


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
        exploration=exploration_of(runs, order.importer, order.project),
        remedies=remedies_of(runs[0], order.importer, order.project) if runs else (),
    )


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


def backtest_hits(path: Path | None) -> BacktestResult | None:
    """Hits of a replayed episode.

    Raises
    ------
    InputError
        If the file is absent or holds something else.
    """
    from ytterby.validation import BacktestResult as ResultClass

    if path is None:
        return None
    unlike = "is not what 'ytterby backtest EPISODE --json' prints"
    found = given_json(path, unlike)
    hits = {name: found.get(name) for name in ResultClass.model_fields} if isinstance(found, dict) else {}
    try:
        return ResultClass.model_validate(hits, strict=True)
    except ValidationError as error:
        raise InputError(f"{path}: {unlike} ({first_fault(error)})") from None
