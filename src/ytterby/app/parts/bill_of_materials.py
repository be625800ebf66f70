"""Use case: a firm's own parts when a country delivers nothing more, or in a scenario; the file stays on the machine."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.app.dates.controls import register_lines
from ytterby.app.exposures.goods_under_control import controls_of_part, licence_since
from ytterby.app.parts.questions import MATERIAL, licence_dates, supplier_questions
from ytterby.errors import InputError, UnknownNameError
from ytterby.exposure import (
    WEEKS,
    Deliveries,
    ExposedAlternative,
    Known,
    LostCountry,
    PartExposure,
    PartsBase,
    PartsList,
    PartsResult,
    PartsScenario,
    ReadingNote,
)
from ytterby.facts import region_of
from ytterby.report.parts import EXAMPLES
from ytterby.system import RARE_EARTHS, base_years, chains, newest_base_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ytterby.exposure import Part, PartResult, PartsOutlook
    from ytterby.facts import Facts
    from ytterby.scenario import Scenario
    from ytterby.store import Run
    from ytterby.system import System

STAYS_HERE = "the file was read on this machine and nothing of it was kept or sent"


@dataclass(frozen=True)
class PartsRequest:
    """Which list, and after which shock."""

    path: Path
    country: str | None = None
    """Country that delivers nothing more, by code or name; without it the one that supplies most parts."""
    scenario: str | None = None
    """Scenario (bundled name or file) or run (folder or name) in place of that."""
    on: dt.date | None = None
    """First day; without it today, of a scenario its start."""
    importer: str = ""
    """Region in which the firm works."""
    year: int | None = None
    chain: str = ""
    """Minerals; without it those of the parts."""
    draws: int = 1
    """Draws of a scenario that is still to be run."""
    seed: int = 1
    project: Path = Path(".ytterby")


def bom(request: PartsRequest, progress: Callable[[int, int], None] | None = None) -> PartsResult:
    """When every part of a file is missing if a country delivers no more, or in a scenario.

    Raises
    ------
    InputError
        With file, row, column, the value found and what is allowed; all faults of the file together.
    """
    from ytterby.exposure import country_of
    from ytterby.facts import load

    facts = load(request.project)
    countries = facts.countries()
    codes = dict(zip(countries["iso2"], countries["iso3"], strict=True))
    lost = country_of(request.country, codes) if request.country else ""
    if request.scenario:
        run, system = _run_of(request, facts, progress)
        return _in_scenario(request, _with_bases(request, facts, codes, system), facts, run)
    based = _with_bases(request, facts, codes, _base(request, facts, request.chain or RARE_EARTHS))
    return _without_country(request, based, facts, lost or _commonest(based.listed.parts))


@dataclass(frozen=True)
class _BasedParts:
    """Parts of a list, and the base of the minerals of each by its commodity."""

    listed: PartsList
    systems: dict[str, System]

    def base(self, part: Part | PartExposure) -> System:
        """Base that a part stands on."""
        return self.systems[part.commodity]

    def bases(self, rows: Iterable[PartExposure]) -> tuple[PartsBase, ...]:
        """The bases with their parts, the largest first."""
        found: dict[str, list[str]] = {}
        known = {system.chain: system for system in self.systems.values()}
        for row in rows:
            found.setdefault(self.base(row).chain, []).append(row.part)
        return tuple(
            PartsBase(chain=chain, base_year=known[chain].year, system=known[chain].digest[:12], parts=tuple(parts))
            for chain, parts in sorted(found.items(), key=lambda item: -len(item[1]))
        )


def _with_bases(request: PartsRequest, facts: Facts, codes: dict[str, str], first: System) -> _BasedParts:
    """Parts with the bases of their minerals; where minerals or a scenario were asked for, those of other minerals are left out and named.

    Raises
    ------
    InputError
        With all faults of the file; or if no part is left.
    """
    try:
        listed = _parts(request, Known(frozenset(first.contents["commodity"]), codes))
        return _BasedParts(listed, {part.commodity: first for part in listed.parts})
    except InputError:
        known = [first, *(_base(request, facts, chain) for chain in chains() if chain != first.chain)]
    systems: dict[str, System] = {}
    for system in known:
        systems = {str(good): system for good in system.contents["commodity"]} | systems
    based = _BasedParts(_parts(request, Known(frozenset(systems), codes)), systems)
    return _only(based, first) if request.chain or request.scenario else based


def _only(based: _BasedParts, first: System) -> _BasedParts:
    """Parts of one base, with a note on the others."""
    kept = tuple(part for part in based.listed.parts if based.base(part) is first)
    left = tuple(f"{part.part} ({part.grade})" for part in based.listed.parts if part not in kept)
    if not kept:
        raise InputError(f"no part is of the minerals asked for, {first.chain}: {', '.join(left)}")
    return replace(based, listed=PartsList(kept, (*based.listed.notes, ReadingNote(code="other_minerals", about=left))))


def _base(request: PartsRequest, facts: Facts, chain: str) -> System:
    """Base of the year asked for, or the newest where the chain has none of that year and was not asked for."""
    from ytterby.app.network.bases import base_system

    asked = request.year if request.chain == chain or request.year in base_years(chain) or chain == RARE_EARTHS else None
    return base_system(asked or newest_base_year(chain), facts, request.project, chain)


def _parts(request: PartsRequest, known: Known) -> PartsList:
    from ytterby.app.parts.file import read_parts_file

    found = read_parts_file(request.path, known)
    examples = tuple(part.part for part in found.parts if part.part in {str(row[0]) for row in EXAMPLES})
    return PartsList(found.parts, (*found.notes, ReadingNote(code="examples", about=examples))) if examples else found


def _without_country(request: PartsRequest, based: _BasedParts, facts: Facts, lost: str) -> PartsResult:
    from ytterby.exposure import assess_parts, own_words

    losses = {system.chain: LostCountry(system, region_of(lost)) for system in map(based.base, based.listed.parts)}
    first = request.on or dt.datetime.now(dt.UTC).date()

    def source(part: Part, country: str) -> Deliveries | None:
        at, loss = region_of(country), losses[based.base(part).chain]
        if country == lost:
            return Deliveries.nothing(loss.share(part.commodity, at))
        found = loss.deliveries(part.commodity, at)
        return own_words(part, found, loss.covers(part.commodity, at)) if country == part.country else found

    found = assess_parts(based.listed.parts, first, source, _prices(based), WEEKS)
    rows = tuple(_row(result, first, losses[based.base(result.part).chain], lost) for result in found.parts)
    return _result(request, based, facts, found, rows, country=lost, scenario=None, on=first, weeks=WEEKS)


def _in_scenario(request: PartsRequest, based: _BasedParts, facts: Facts, run: Run) -> PartsResult:
    from ytterby.app.parts.scenario import RunDeliveries
    from ytterby.exposure import assess_parts
    from ytterby.facts import expand_regions

    scenario = _scenario_of(run)
    first = request.on or scenario.start
    home = expand_regions(request.importer, "--importer") if request.importer else ()
    deliveries = RunDeliveries(run, based.base(based.listed.parts[0]), scenario, home, first)
    found = assess_parts(based.listed.parts, first, deliveries.source, _prices(based), deliveries.weeks)
    rows = tuple(_row(result, first, None, "") for result in found.parts)
    summary = run.summary
    named = PartsScenario(
        name=summary.scenario,
        title=summary.title,
        run=str(run.folder),
        draws=summary.draws,
        weeks=summary.weeks,
        base_year=summary.base_year,
    )
    return _result(request, based, facts, found, rows, country="", scenario=named, on=first, weeks=deliveries.weeks)


def _result(  # noqa: PLR0913
    request: PartsRequest,
    based: _BasedParts,
    facts: Facts,
    found: PartsOutlook,
    rows: tuple[PartExposure, ...],
    *,
    country: str,
    scenario: PartsScenario | None,
    on: dt.date,
    weeks: float,
) -> PartsResult:
    rows = tuple(row.model_copy(update={"chain": based.base(row).chain, "base_year": based.base(row).year}) for row in rows)
    bases = based.bases(rows)
    return PartsResult(
        file=request.path.name,
        country=country,
        scenario=scenario,
        importer=request.importer,
        on=on,
        weeks=weeks,
        as_of=facts.as_of.isoformat(),
        parts=_under_control(rows, facts, request, on),
        first_stop_days=min((row.days_to_stop for row in rows if row.days_to_stop is not None), default=None),
        next_expiry=found.next_expiry,
        next_expiry_parts=found.next_expiry_parts,
        licences=tuple(licence_dates(rows, on)),
        ladder=found.ladder,
        questions=tuple(supplier_questions(rows, based.listed.parts, country)),
        notes=based.listed.notes,
        stays_here=STAYS_HERE,
        user_figures=facts.user_statement or "",
        bases=bases,
        system=bases[0].system,
        base_year=bases[0].base_year,
    )


def _commonest(parts: Iterable[Part]) -> str:
    """Country that supplies most parts, by name among equals."""
    counts = Counter(part.country for part in parts)
    return min(counts, key=lambda code: (-counts[code], code))


def _prices(based: _BasedParts) -> dict[str, float]:
    """Median price over the regions of each part's commodity, in its base [USD/kg]."""
    chosen = {part.commodity: based.base(part) for part in based.listed.parts}
    medians = {system.chain: system.markets.groupby("commodity")["price"].median() for system in chosen.values()}
    return {name: float(medians[system.chain][name]) for name, system in chosen.items() if name in medians[system.chain]}


def _row(result: PartResult, on: dt.date, loss: LostCountry | None, lost: str) -> PartExposure:
    part, lasts = result.part, result.lasts
    low, central, high = lasts or (None, None, None)
    covers = loss.covers(part.commodity, region_of(part.country)) if loss else None
    counts = bool(loss) and part.country != lost and (result.upstream or 0.0) >= MATERIAL and covers is not None
    cover = part.supplier_cover if part.supplier_cover is not None else covers[1] if covers else None
    return PartExposure(
        part=part.part,
        line=part.line,
        grade=part.grade,
        commodity=part.commodity,
        grams=part.grams,
        supplier=part.supplier,
        country=part.country,
        weeks_of_cover=part.weeks_of_cover,
        outlook=result.outlook,
        days_to_stop=central.day if central else None,
        days_to_stop_low=low.day if low else None,
        days_to_stop_high=high.day if high else None,
        missing_from=_day(on, central.day if central else None),
        missing_share=central.missing_share if central else 0.0,
        missing_days=central.missing_days if central else 0.0,
        missing_until=_day(on, central.until if central else None),
        licence=part.licence,
        licence_state=result.licence_state,
        licence_expiry=part.licence_expiry,
        days_without_renewal=result.days_without_renewal,
        rescued_by=result.rescued_by,
        exposed_alternatives=tuple(ExposedAlternative(name=name, share=share) for name, share in result.exposed_alternatives),
        upstream_share=result.upstream,
        supplier_cover=cover if counts else None,
        supplier_cover_assumed=counts and part.supplier_cover is None,
    )


def _under_control(rows: tuple[PartExposure, ...], facts: Facts, request: PartsRequest, on: dt.date) -> tuple[PartExposure, ...]:
    """Parts with the orders of the register under which they stand on a day."""
    lines, found = register_lines(facts, request.project), []
    for row in rows:
        controls = controls_of_part(lines, row.commodity, row.country, on, request.importer)
        found.append(row.model_copy(update={"controls": controls, "licence_needed_since": licence_since(controls)}))
    return tuple(found)


def _day(on: dt.date, days: float | None) -> dt.date | None:
    """Day after so many whole days."""
    return None if days is None else on + dt.timedelta(days=int(days))


def _run_of(request: PartsRequest, facts: Facts, progress: Callable[[int, int], None] | None) -> tuple[Run, System]:
    """The run that was named, or that of the scenario that was named, with the system that it stands on.

    Raises
    ------
    InputError
        If the run stands on other figures than those at hand, or ends before the first day.
    """
    from ytterby.app.network.bases import scenario_base

    run = _named_run(str(request.scenario), request, progress)
    scenario = _scenario_of(run)
    system = scenario_base(scenario, facts, request.project)
    if run.record["base_digest"] != system.digest:
        raise InputError(
            f"--scenario {request.scenario}: the run stands on another base system (other figures, or another version); run it again"
        )
    end = scenario.start + dt.timedelta(weeks=scenario.weeks)
    if request.on and request.on >= end:
        raise InputError(f"--on {request.on}: the run ends on {end}")
    return run, system


def _named_run(name: str, request: PartsRequest, progress: Callable[[int, int], None] | None) -> Run:
    """Run folder, run in the project's index, or scenario, which is run unless it has been before."""
    from ytterby.app.runs.run import existing, run
    from ytterby.scenario import bundled, load_scenario
    from ytterby.store import ProjectStore, is_run, read_run

    path, project = Path(name), request.project
    if name in bundled() or path.suffix in {".yaml", ".yml"}:
        scenario = load_scenario(name)
        return existing(scenario, request.draws, request.seed, project) or run(
            scenario, draws=request.draws, seed=request.seed, project=project, progress=progress
        )
    folder = path if is_run(path) else ProjectStore(project).run_folder(name)
    if not is_run(folder):
        raise UnknownNameError("scenario or run", name, bundled(), "--scenario")
    return read_run(folder)


def _scenario_of(run: Run) -> Scenario:
    from ytterby.app.runs.nowcast import loadable
    from ytterby.scenario import Scenario as ScenarioClass

    return ScenarioClass.model_validate(loadable(run.record["scenario"]))
