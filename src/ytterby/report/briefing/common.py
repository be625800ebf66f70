"""Shared by several sections: notes of runs, names of drivers, losses of the importer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.facts.vocabulary import sectors
from ytterby.report.charts import ALARM, MUTED, Marker
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.ensembles.run_summary import SectorLoss
    from ytterby.exposure.results import ExposureResult
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput, DatedState
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Span
    from ytterby.report.text import Words

MAX_DRIVERS = 5


def day(text: Any) -> date | None:
    """Date of an ISO text; ``None`` if empty."""
    return date.fromisoformat(str(text)[:10]) if text else None


def run_ref(writer: CitedWriter, run: BriefedRun, key: str, what: str) -> str:
    """Note on a simulated number: what it is, number of draws, run folder and facts."""
    sentence = "run.common" if run.draws > 1 else "run.common_single"
    common = writer.words.plain(sentence, draws=str(run.draws), seed=str(run.seed), folder=run.folder)
    title = writer.words.plain("run.note_title", scenario=title_of(writer, run))
    return writer.notes.add(
        f"{run.folder}:{key}", "simulated", title, writer.words.plain("list.sentence", text=what), facts=len(run.facts), common=common
    )


def title_of(writer: CitedWriter, run: BriefedRun) -> str:
    """Title of a run's scenario in the language of the briefing, or its name if it has no title."""
    return writer.words.declared(run.declared, "title") or run.scenario


def markers(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> tuple[Marker, ...]:
    """Markers for today and for the first day of the scenario's first measure, if they are within the run."""
    first, last = run.dates()
    starts = sorted(start for start in (day(measure.get("start")) for measure in run.measures) if start)
    found = [Marker(starts[0], writer.words.plain("measure.start_short"), MUTED)] if starts else []
    found += [Marker(inputs.today, writer.words.plain("axis.today"), ALARM)]
    return tuple(marker for marker in found if first <= marker.when <= last)


def measure_name(writer: CitedWriter, measure: Mapping[str, Any]) -> str:
    """Name of a measure: its kind and the country that takes it."""
    kind = writer.words.code("kind", measure["kind"])
    origins = measure.get("from") or measure.get("from_") or measure.get("owner") or ()
    names = [writer.words.region(code) for code in ([origins] if isinstance(origins, str) else list(origins))[:3]]
    return capital(
        writer.words.plain("measure.starts", kind=kind, **{"from": writer.words.joined(names)}) if names and "all" not in names else kind
    )


def state_name(writer: CitedWriter, state: DatedState) -> str:
    """Description of a dated state in the language of the briefing, or as in the facts if there is no translation."""
    return writer.words.plain(f"state.{state.fact}") if writer.words.has(f"state.{state.fact}") else state.what


def state_ref(writer: CitedWriter, state: DatedState) -> str:
    """Note on the fact on which a state is based."""
    return writer.notes.add(
        f"fact:{state.fact}", "reported", state.fact, f"{state.what}. {writer.words.source(state.source)}".strip(), state.url
    )


def driver_name(writer: CitedWriter, run: BriefedRun, key: str) -> str:
    """Name of a drawn input such as ``behaviour.price_gain``, ``cover.magnet@JP`` or ``economy.parts.cars_*..parts``."""
    words, (group, _, rest) = writer.words, key.partition(".")
    if words.has(f"driver.{key}"):
        return capital(words.plain(f"driver.{key}"))
    if group == "economy":
        return _economy_driver(words, rest.split("."))
    if group == "measures":
        return _measure_driver(writer, run, rest)
    stage, _, place = rest.partition("@")
    if group in ("cover", "price") and words.has(f"driver.stage.{stage}"):
        within = words.within("OTHER" if place == "other" else place) if place else ""
        return capital(words.plain(f"driver.{group}", stage=words.plain(f"driver.stage.{stage}"), within=within))
    return words.plain("driver.unknown", key=key)


def _economy_driver(words: Words, parts: list[str]) -> str:
    """Name of an assumption of the economic model: table, sector, commodity (may contain dots), parameter."""
    table, sector, commodity, parameter = parts[0], parts[1], ".".join(parts[2:-1]), parts[-1]
    key = f"driver.{table}.{parameter}"
    what = words.plain(key) if words.has(key) else f"{table}: {parameter}"
    places = [words.sector(sector) if sector in sectors() else words.plain("driver.cars") if sector == "cars_*" else ""]
    places += [
        words.plain(f"driver.stage.{commodity.partition('.')[0]}") if words.has(f"driver.stage.{commodity.partition('.')[0]}") else ""
    ]
    names = words.joined(name for name in places if name)
    return capital(words.plain("list.named", name=what, list=names) if names else what)


def _measure_driver(writer: CitedWriter, run: BriefedRun, rest: str) -> str:
    """Name of a field of a measure, such as ``alarm.factor`` or ``permits.approval_by_end_use.defence``."""
    words, (place, _, field) = writer.words, rest.partition(".")
    named = {str(index): measure for index, measure in enumerate(run.measures)} | {str(m["name"]): m for m in run.measures if m.get("name")}
    head, _, of = field.partition(".")
    what = words.code("field", head)
    what = words.plain("list.pair", first=what, last=words.sector(of) if of in sectors() else words.country(of)) if of else what
    return words.plain("driver.measure", what=measure_name(writer, named[place]), field=what) if place in named else rest


def own_losses(inputs: BriefingInput, run: BriefedRun) -> list[SectorLoss]:
    """Losses of the importer's sectors, largest first."""
    rows = [row for row in run.summary.losses if row.country in (*inputs.regions, inputs.importer)]
    return sorted(rows, key=lambda row: -row.value_added_usd)


def loss_of(run: BriefedRun, place: str, rows: list[SectorLoss]) -> tuple[float, float, float]:
    """Loss of a place with its band [USD]: over the draws where the run has it, else the sectors' sums.

    The sums of the sectors' bounds are an outer band of the total.
    """
    if row := run.summary.headline.get(place):
        return row.value_added_usd, row.low, row.high
    return sum(row.value_added_usd for row in rows), sum(row.low for row in rows), sum(row.high for row in rows)


def loss_span(writer: CitedWriter, run: BriefedRun, place: str, rows: list[SectorLoss]) -> Span:
    """Text of :func:`loss_of` with the reference to its note."""
    value, low, high = loss_of(run, place, rows)
    return writer.money(value, low, high, run_ref(writer, run, "losses", writer.words.plain("run.losses")))


def main_supplier(exposure: ExposureResult) -> str:
    """Supplier with the largest traced share, averaged over elements, stages and uses."""
    sums: dict[str, float] = {}
    for row in exposure.suppliers:
        sums[row.supplier] = sums.get(row.supplier, 0.0) + row.share_traced
    foreign = {name: value for name, value in sums.items() if name not in ("secondary", "undocumented", exposure.importer)}
    return max(foreign, key=lambda name: foreign[name]) if foreign else ""
