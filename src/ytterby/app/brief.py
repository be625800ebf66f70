"""WrittenBriefing me: articles, scenarios and runs to one briefing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.app.bases import base_system, scenario_base
from ytterby.app.briefing_changes import changes_since_last
from ytterby.app.cited_facts import cited_facts
from ytterby.app.run import NOT_A_FORECAST
from ytterby.app.saved_results import SavedPages, is_saved, read_saved
from ytterby.app.watch import promises_on
from ytterby.errors import InputError, NotSimulatedError, UnknownNameError
from ytterby.facts import expand_regions, load, names
from ytterby.report import plain
from ytterby.report.briefing import (
    BriefedRun,
    BriefingInput,
    CitedFact,
    DatedDecision,
    DatedState,
    EpisodeRecord,
    RecordedStatement,
    write,
)
from ytterby.report.charts import region_outlines
from ytterby.report.render import html
from ytterby.result_model import ResultModel
from ytterby.store import DRAWS, is_run, read_run, write_bytes
from ytterby.system import RARE_EARTHS, newest_base_year

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from ytterby.app.saved_results import SavedResult
    from ytterby.ensembles import ExplorationResult, Remedy
    from ytterby.evidence import Promise, ReadingResult
    from ytterby.exposure import ExposureResult
    from ytterby.facts import Facts
    from ytterby.report.briefing import Briefing
    from ytterby.scenario import Scenario
    from ytterby.simulation import LabelledNetwork
    from ytterby.store import Run
    from ytterby.system import System

SCENARIO_SUFFIXES = (".yaml", ".yml")
REMEDY_DRAWS = 24
"""Draws of the main run on which measures are tried."""


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


class BriefingSummary(ResultModel):
    """What programs want to know of a briefing."""

    title: str
    lang: str
    answer: str
    """The answer in one sentence."""
    beside: tuple[str, ...]
    """The answer for each further importer."""
    support: str
    """Where the answer comes from, in a sentence."""
    warnings: tuple[str, ...]
    sections: tuple[str, ...]
    """Names of the sections."""
    notes: int
    """Number of notes."""
    runs: tuple[str, ...]
    """Run folders that it was written from."""


@dataclass(frozen=True, eq=False)
class WrittenBriefing:
    """A briefing with the date on which it was written and the runs that it was written from."""

    briefing: Briefing
    made: dt.date
    runs: tuple[Path, ...] = field(default=())

    def html(self) -> str:
        """The briefing as one HTML file."""
        return html(self.briefing)

    def pdf(self) -> bytes:
        """The briefing as a tagged PDF."""
        from ytterby.report.render import pdf

        return pdf(self.briefing, self.made)

    def save(self, path: Path, *, with_pdf: bool = False) -> list[Path]:
        """Write HTML, or PDF where the name ends so; with ``with_pdf`` both; each file is written whole.

        Raises
        ------
        InputError
            If the place cannot be written.
        """
        if path.is_dir():
            raise InputError(f"{path}: is a folder; give the name of a file such as {path / 'brief.html'}")
        made: dict[Path, Callable[[], bytes]] = {}
        if path.suffix != ".pdf":
            made[path] = lambda: self.html().encode()
        if path.suffix == ".pdf" or with_pdf:
            made[path.with_suffix(".pdf")] = self.pdf
        try:
            for place, content in made.items():  # the page first: where the PDF cannot be made, it is there
                write_bytes(place, content())
        except OSError as error:
            raise InputError(f"{path}: cannot be written ({error.strerror or error})") from None
        return sorted(made)

    def summary(self) -> BriefingSummary:
        """What programs want to know of the briefing."""
        return BriefingSummary(
            title=self.briefing.title,
            lang=self.briefing.lang,
            answer=plain(self.briefing.answer),
            beside=tuple(plain(text) for text in self.briefing.beside),
            support=plain(self.briefing.support),
            warnings=tuple(plain(line) for line in self.briefing.warnings),
            sections=tuple(section.name for section in self.briefing.sections),
            notes=len(self.briefing.notes),
            runs=tuple(str(folder) for folder in self.runs),
        )


def brief(order: BriefRequest, progress: Callable[[int, int], None] | None = None) -> WrittenBriefing:
    """Gather material for the inputs, run what is still to be run, and write the briefing.

    Parameters
    ----------
    order : BriefRequest
        The first scenario or run is the question, further ones are compared with it. Without any, the
        scenario that the articles draft is run, if the simulator knows its measures.
    progress : callable, optional
        Called with draws done and draws in all of each run.

    Raises
    ------
    InputError
        If an input is neither an article, a scenario nor a run folder, or names an unknown region.
    """
    _places(order.importer)
    given = sort(order.inputs)
    return _saved_page(given, order) if given.saved else _gathered(given, order, progress).written(order.lang)


@dataclass(frozen=True, eq=False)
class Material:
    """What a briefing is written from, in any language, with the day of writing and the runs."""

    inputs: BriefingInput
    made: dt.date
    runs: tuple[Path, ...] = ()

    def written(self, lang: str) -> WrittenBriefing:
        """The briefing in a language."""
        return WrittenBriefing(write(self.inputs, lang), self.made, self.runs)


def run_material(folder: Path, importer: str, project: Path, today: dt.date | None = None, *, deep: bool = True) -> Material:
    """What is written about a finished run, from the view of an importer.

    Parameters
    ----------
    folder : Path
        Run folder.
    importer : str
        Region or group.
    project : Path
        Project folder whose imported figures win.
    today : date, optional
        Day of writing.
    deep : bool
        As in :class:`BriefRequest`.
    """
    order = BriefRequest((str(folder),), importer=importer, project=project, today=today, deep=deep)
    return _gathered(SortedInputs(runs=(folder,)), order, None)


def _gathered(given: SortedInputs, order: BriefRequest, progress: Callable[[int, int], None] | None) -> Material:
    """Material for the inputs; what is still to be run is run."""
    places = _places(order.importer)
    order, hits = replace(order, importer=places[0]), _backtest(order.backtest)
    reading = _read(given.articles, order)
    scenarios, remarks = given.scenarios, tuple[str, ...]()
    if reading and not (scenarios or given.runs):
        scenarios, remarks = drafted(reading, load(order.project), order.project)
    runs = [read_run(folder) for folder in given.runs] + [_run(scenario, order, progress) for scenario in scenarios]
    today = order.today or _today()
    first = _material(order, expand_regions(order.importer), runs, reading, today, remarks, hits)
    beside = tuple(_beside(replace(order, importer=place), first, runs, today) for place in places[1:])
    return Material(replace(first, beside=beside), today, tuple(run.folder for run in runs))


def _saved_page(given: SortedInputs, order: BriefRequest) -> WrittenBriefing:
    """Page on saved plans, on an alliance, on talks or on duties.

    Raises
    ------
    InputError
        If articles, scenarios or runs stand beside them.
    """
    if given.articles or given.scenarios or given.runs:
        raise InputError(f"{given.saved[0]}: a saved result has a page of its own; brief on articles, scenarios and runs by another call")
    return result_page([read_saved(path) for path in given.saved], order.lang, order.project, order.today)


def result_page(results: Sequence[SavedResult], lang: str, project: Path, today: dt.date | None = None) -> WrittenBriefing:
    """Page on plans, the first with the others beside it, or on one other saved result.

    Parameters
    ----------
    results : sequence of PlanResult, or one CooperationResult, NegotiationResult or TradeResult
    lang : str
        Language of the page.
    project : Path
        Project folder whose imported figures win.
    today : date, optional
        Day of writing.

    Raises
    ------
    InputError
        For several results that are no plans, or plans beside one.
    """
    day = today or _today()
    return WrittenBriefing(SavedPages.of(results).briefing(lang, project, day), day)


def _places(text: str) -> tuple[str, ...]:
    """Codes of one importer or of several joined by commas, each once.

    Raises
    ------
    UnknownNameError
        If one is no region or group.
    """
    return tuple(dict.fromkeys(names.region(part.strip(), "--importer").code for part in text.split(",")))


def _beside(order: BriefRequest, first: BriefingInput, runs: list[Run], today: dt.date) -> BriefingInput:
    """What the briefing says of a further importer: the same runs with its own exposure, drivers and measures."""
    from ytterby.app.exposure import exposure

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
        exploration=_exploration(runs, order.importer),
        remedies=_remedies(runs[0], order) if runs else (),
    )


def exposure_page(found: ExposureResult, lang: str, project: Path, chain: str) -> WrittenBriefing:
    """Page on an exposure alone.

    Parameters
    ----------
    found : ExposureResult
    lang : str
        Language of the page.
    project : Path
        Project folder whose imported figures win.
    chain : str
        Minerals that the exposure is about.
    """
    return exposure_material(found, project, chain).written(lang)


def exposure_material(found: ExposureResult, project: Path, chain: str = RARE_EARTHS) -> Material:
    """What is written about an exposure alone; arguments as of :func:`exposure_page`."""
    order, today = BriefRequest((), importer=found.importer, project=project), _today()
    system = base_system(found.year, load(project), project, chain)
    regions = expand_regions(found.importer, "--importer")
    return Material(_material(order, regions, [], None, today, (), None, (found, system)), today)


def sort(inputs: Sequence[str]) -> SortedInputs:
    """Sort inputs into saved results, run folders, scenarios (bundled names or YAML files) and articles."""
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
        elif path.suffix or len(path.parts) > 1:
            raise InputError(f"{text}: no such file or folder; give an article, a scenario or a run folder")
        else:
            raise UnknownNameError("scenario, article or run folder", text, bundled())
    return SortedInputs(tuple(articles), tuple(scenarios), tuple(runs), tuple(saved))


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


def _read(articles: tuple[Path, ...], order: BriefRequest) -> ReadingResult | None:
    if not articles:
        return None
    from ytterby.app.read import read

    return read(articles, project=order.project)


def _run(scenario: Scenario, order: BriefRequest, progress: Callable[[int, int], None] | None) -> Run:
    """Finished run of the scenario with these draws and seed, or a new one."""
    from ytterby.app.run import existing, run

    found = existing(scenario, order.draws, order.seed, order.project)
    if found:
        return found
    return run(
        scenario,
        draws=order.draws,
        seed=order.seed,
        project=order.project,
        executor="processes" if order.workers > 1 else "serial",
        workers=order.workers,
        progress=progress,
    )


def _material(
    order: BriefRequest,
    regions: tuple[str, ...],
    runs: list[Run],
    reading: ReadingResult | None,
    today: dt.date,
    remarks: tuple[str, ...],
    hits: dict[str, Any] | None,
    exposed: tuple[ExposureResult, System] | None = None,
) -> BriefingInput:
    """What the briefing is written from; ``exposed`` is an exposure that is there already, with its base system."""
    from ytterby.app.exposure import exposure
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
        exploration=_exploration(runs, order.importer) if order.deep else None,
        remedies=_remedies(runs[0], order) if runs and order.deep else (),
        user_figures=len(facts.user_ids),
        outlines=region_outlines(facts.world_map(), _numeric(facts)),
        backtest=hits,
        record=episode_record(results[0].scenario, order.project) if results else None,
        calibrated=bool(runs) and all(run.summary.band != NOT_A_FORECAST for run in runs),
        as_of=str(facts.as_of),
        version=version("ytterby"),
        remarks=remarks,
    )


def _base_of(record: Mapping[str, Any], facts: Facts, project: Path) -> System | None:
    """Base system of a recorded run whose base was rolled forward; None for any other."""
    from ytterby.app.nowcast import loadable
    from ytterby.scenario import Scenario as ScenarioClass

    if not record or not record["scenario"].get("roll"):
        return None
    return scenario_base(ScenarioClass.model_validate(loadable(record["scenario"])), facts, project)


def _remedies(run: Run, order: BriefRequest) -> tuple[Remedy, ...]:
    """Simple measures on some draws of the first run; none where it stands on another base than the one at hand."""
    from ytterby.app.nowcast import loadable
    from ytterby.app.run import experiment_of
    from ytterby.ensembles import remedies
    from ytterby.scenario import Scenario as ScenarioClass

    if "base_digest" not in run.record:
        return ()
    scenario = ScenarioClass.model_validate(loadable(run.record["scenario"]))
    experiment = experiment_of(scenario, run.summary.draws, run.summary.seed, str(run.record["method"]), order.project, load(order.project))
    same = experiment.network.system.digest == run.record["base_digest"]
    return remedies(experiment, run.summary, order.importer, REMEDY_DRAWS) if same else ()


def _exploration(runs: list[Run], importer: str) -> ExplorationResult | None:
    """What the first run's ensemble tells, and which facts change the choice between it and the second."""
    from ytterby.app.explore import summarise

    return summarise(runs[0], importer, runs[1] if len(runs) > 1 else None) if runs else None


def episode_record(scenario: str, project: Path) -> EpisodeRecord | None:
    """Frozen statements on a bundled episode with their record; None for another scenario."""
    from ytterby.app.episode_backtest import recorded
    from ytterby.validation import episode_statements

    if scenario not in episode_statements.episodes():
        return None
    rows, by_no_change = recorded(scenario, project)
    return EpisodeRecord(tuple(RecordedStatement(**row) for row in rows), by_no_change)


def _backtest(path: Path | None) -> dict[str, Any] | None:
    """Hits of a replayed episode.

    Raises
    ------
    InputError
        If the file is absent or holds something else.
    """
    if path is None:
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        return {"episode": str(found["episode"]), "hits": int(found["hits"]), "of": int(found["of"])}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path}: is not what 'ytterby backtest EPISODE --json' prints ({error})") from None


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
    from ytterby.app.calendar import calendar_rows

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


def _facts(facts: Facts, system: System, runs: tuple[BriefedRun, ...], exposed: ExposureResult) -> Mapping[str, CitedFact]:
    """Figures that the base system, the runs and the controls rest on; ids that the facts do not know are left out."""
    names = {name for run in runs for name in run.facts} | {name for row in exposed.controls for name in row.facts}
    for table in (system.processes, system.links, system.demands, system.stockpiles, system.sectors, system.rolled):
        names.update(name for cell in table["facts"].dropna() for name in str(cell).split())
    return cited_facts(facts, names)


def _numeric(facts: Facts) -> dict[str, str]:
    """ISO alpha-2 code by numeric code."""
    codes = facts.countries()
    return dict(zip(codes["numeric"].str.zfill(3), codes["iso2"], strict=True))


def _today() -> dt.date:
    import datetime as dt

    return dt.datetime.now(tz=dt.UTC).date()
