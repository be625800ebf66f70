"""The main job: articles, scenarios and runs to one briefing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby.app.briefings.first_view import Material, opened, places_of, utc_day
from ytterby.app.briefings.inputs import BriefRequest, SortedInputs, drafted, sort
from ytterby.app.briefings.kept_simulations import gather_deep
from ytterby.app.briefings.material import backtest_hits, beside, material
from ytterby.app.briefings.written_briefing import WrittenBriefing
from ytterby.app.network.bases import base_system
from ytterby.app.projects.saved_results import SavedPages, read_saved
from ytterby.errors import InputError
from ytterby.facts import expand_regions, load

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ytterby.app.projects.saved_results import SavedResult
    from ytterby.evidence import ReadingResult
    from ytterby.exposure import ExposureResult
    from ytterby.scenario import Scenario
    from ytterby.store import Run


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
    places_of(order.importer)
    given = sort(order.inputs, order.project)
    return _saved_page(given, order) if given.saved else _gathered(given, order, progress).written(order.lang)


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


def gather_run(folder: Path, importer: str, project: Path) -> None:
    """Work out and keep what takes seconds of a run for an importer."""
    gather_deep(opened(folder), places_of(importer)[0], project)


def _gathered(given: SortedInputs, order: BriefRequest, progress: Callable[[int, int], None] | None) -> Material:
    """Material for the inputs; what is still to be run is run."""
    places = places_of(order.importer)
    order, hits = replace(order, importer=places[0]), backtest_hits(order.backtest)
    reading = _read(given.articles, order)
    scenarios, remarks = given.scenarios, tuple[str, ...]()
    if reading and not (scenarios or given.runs):
        scenarios, remarks = drafted(reading, load(order.project), order.project)
    runs = [opened(folder) for folder in given.runs] + [_run(scenario, order, progress) for scenario in scenarios]
    today = order.today or utc_day()
    first = material(order, expand_regions(order.importer), runs, reading, today, remarks, hits)
    others = tuple(beside(replace(order, importer=place), first, runs, today) for place in places[1:])
    return Material(replace(first, beside=others), today, tuple(run.folder for run in runs))


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
    day = today or utc_day()
    return WrittenBriefing(SavedPages.of(results).briefing(lang, project, day), day)


def exposure_page(found: ExposureResult, lang: str, project: Path) -> WrittenBriefing:
    """Page on an exposure alone.

    Parameters
    ----------
    found : ExposureResult
    lang : str
        Language of the page.
    project : Path
        Project folder whose imported figures win.
    """
    return exposure_material(found, project).written(lang)


def exposure_material(found: ExposureResult, project: Path) -> Material:
    """What is written about an exposure alone; arguments as of :func:`exposure_page`."""
    order, today = BriefRequest((), importer=found.importer, project=project), utc_day()
    system = base_system(found.year, load(project), project, found.chain)
    regions = expand_regions(found.importer, "--importer")
    return Material(material(order, regions, [], None, today, (), None, (found, system)), today)


def _read(articles: tuple[Path, ...], order: BriefRequest) -> ReadingResult | None:
    if not articles:
        return None
    from ytterby.app.articles.read import read

    return read(articles, project=order.project)


def _run(scenario: Scenario, order: BriefRequest, progress: Callable[[int, int], None] | None) -> Run:
    """Finished run of the scenario with these draws and seed, or a new one."""
    from ytterby.app.runs.run import existing, run

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
