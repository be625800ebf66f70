"""The first view of a country: what it says of an exposure and of finished runs, and the material of briefings as such.

A server that has just started answers with it, so that nothing is loaded here that only simulations and whole briefings need.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from ytterby.app.briefings.kept_simulations import branches_of, has_deep, remedies_of
from ytterby.app.figures.cited_facts import cited_facts
from ytterby.app.projects.kept_answers import answer_digest, kept_answer
from ytterby.ensembles import NOT_A_FORECAST
from ytterby.execution import program_digest
from ytterby.facts import expand_regions, load, names
from ytterby.report.briefing import BriefedRun, BriefingInput
from ytterby.report.charts import region_outlines
from ytterby.store import RECORD, read_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ytterby.app.briefings.written_briefing import WrittenBriefing
    from ytterby.exposure import ExposureResult
    from ytterby.facts import Facts
    from ytterby.report.briefing import CitedFact
    from ytterby.report.charts import Outlines
    from ytterby.store import Run


@dataclass(frozen=True, eq=False)
class Material:
    """What a briefing is written from, in any language, with the day of writing and the runs."""

    inputs: BriefingInput
    made: dt.date
    runs: tuple[Path, ...] = ()

    def written(self, lang: str) -> WrittenBriefing:
        """The briefing in a language."""
        from ytterby.app.briefings.written_briefing import WrittenBriefing as Written
        from ytterby.report.briefing import write

        return Written(write(self.inputs, lang), self.made, self.runs)


def run_outlook(folder: Path, importer: str, project: Path, today: dt.date | None = None, *, deep: bool = True) -> Material:
    """What a first view says of a finished run; arguments as of :func:`run_material`."""
    day = today or utc_day()
    return Material(_of_run(opened(folder), places_of(importer)[0], project, day, deep=deep), day, (folder,))


def is_gathered(folder: Path, importer: str, project: Path) -> bool:
    """Whether what takes seconds is kept of a run for an importer, so that :func:`run_material` is quick."""
    return has_deep(opened(folder), places_of(importer)[0], project)


def exposure_outlook(found: ExposureResult, project: Path, today: dt.date | None = None) -> Material:
    """What a first view says of an exposure; arguments as of :func:`exposure_page`."""
    day = today or utc_day()
    return Material(_of_exposure(found, project, day), day)


def _of_run(run: Run, importer: str, project: Path, today: dt.date, *, deep: bool = True) -> BriefingInput:
    """What a first view says of a run for an importer: its outcome and what helps, without exposure, base, dates and map."""
    facts = load(project)
    results = (BriefedRun(run.folder.name, run.record, run.summary, lambda: run.dataset),)
    return BriefingInput(
        importer=importer,
        regions=expand_regions(importer),
        today=today,
        runs=results,
        facts=_all_facts(facts),
        remedies=remedies_of(run, importer, project) if deep else (),
        branches=branches_of(run, project) if deep else (),
        calibrated=run.summary.band != NOT_A_FORECAST,
        as_of=str(facts.as_of),
        version=version("ytterby"),
    )


def _of_exposure(found: ExposureResult, project: Path, today: dt.date) -> BriefingInput:
    """What a first view says of an exposure: the shares and the map, without base, dates and promises."""
    facts = load(project)
    return BriefingInput(
        importer=found.importer,
        regions=expand_regions(found.importer, "--importer"),
        today=today,
        exposure=found,
        facts=_all_facts(facts),
        outlines=outlines_of(facts, project),
        as_of=str(facts.as_of),
        version=version("ytterby"),
    )


@lru_cache(maxsize=2)
def _all_facts(facts: Facts) -> Mapping[str, CitedFact]:
    """All figures: which of them a base rests on is told by the base alone, which a first view does without."""
    return cited_facts(facts, set(facts.table.index))


@lru_cache(maxsize=2)
def outlines_of(facts: Facts, project: Path) -> Outlines:
    """Outlines of the regions; to project and thin them takes a quarter of a second."""
    from ytterby.report.charts import Outlines as OutlinesClass

    digest = answer_digest("outlines", facts.digest, program_digest(("report", "facts"), endings=(".py", ".json.gz")))
    return kept_answer(digest, project, OutlinesClass, lambda: region_outlines(facts.world_map(), _numeric(facts)))


def opened(folder: Path) -> Run:
    """A finished run; its files are read once as long as they are the same, since that looks whether they are as written."""
    record = folder / RECORD
    return _read_once(folder, record.stat().st_mtime_ns if record.is_file() else 0)


@lru_cache(maxsize=8)
def _read_once(folder: Path, changed: int) -> Run:  # noqa: ARG001 (the key of the cache)
    return read_run(folder)


def places_of(text: str) -> tuple[str, ...]:
    """Codes of one importer or of several joined by commas, each once.

    Raises
    ------
    UnknownNameError
        If one is no region or group.
    """
    return tuple(dict.fromkeys(names.region(part.strip(), "--importer").code for part in text.split(",")))


def _numeric(facts: Facts) -> dict[str, str]:
    """ISO alpha-2 code by numeric code."""
    codes = facts.countries()
    return dict(zip(codes["numeric"].str.zfill(3), codes["iso2"], strict=True))


def utc_day() -> dt.date:
    """Today in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()
