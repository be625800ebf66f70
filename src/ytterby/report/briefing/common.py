"""Shared by several sections: notes of runs, names of drivers, losses of the importer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ytterby.facts import expand_regions
from ytterby.report.briefing import input_names
from ytterby.report.briefing.document import Span
from ytterby.report.charts import ALARM, MUTED, Marker
from ytterby.report.text import capital
from ytterby.system import united

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ytterby.ensembles import FirstStop, SectorLoss, Shortfall
    from ytterby.exposure import ExposureResult
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput, DatedState
    from ytterby.report.briefing.cited_writer import CitedWriter

MAX_DRIVERS = 5
SMALLEST_USD = 5e5
"""Losses below it are called next to nothing [USD]."""
MIN_STOPS = 0.05
"""Stops in a smaller share of the draws are told by their number only."""
MAX_SECTORS = 2
MIN_SHARE = 0.1
"""A sector is named among the hardest hit from this share of the loss of the first."""


def day(text: Any) -> date | None:
    """Date of an ISO text; ``None`` if empty."""
    return date.fromisoformat(str(text)[:10]) if text else None


def run_ref(writer: CitedWriter, run: BriefedRun, key: str, what: str, facts: Iterable[str] = (), of: str = "") -> str:
    """Note on a simulated number: of whom, what, number of draws, run folder and facts."""
    sentence = "run.common" if run.draws > 1 else "run.common_single"
    common = writer.words.plain(sentence, draws=str(run.draws), seed=str(run.seed), folder=run.folder)
    title = writer.words.plain("run.note_title", scenario=title_of(writer, run))
    told = writer.words.plain("list.sentence", text=what)
    if of:
        told = writer.words.plain("list.sentences", first=writer.words.plain("list.sentence", text=of), last=told)
    return writer.notes.add(f"{run.folder}:{key}", "simulated", title, told, facts=facts, common=common)


def scenario_ref(writer: CitedWriter, run: BriefedRun) -> str:
    """Note of the scenario: the facts that it and its measures name."""
    facts = (*run.declared.get("facts", ()), *measure_facts(run.measures))
    return run_ref(writer, run, "scenario", writer.words.plain("run.scenario"), dict.fromkeys(facts))


def stop_ref(writer: CitedWriter, run: BriefedRun, rows: Iterable[FirstStop], of: str = "") -> str:
    """Note of first stops: the facts of the sectors and of the inputs that stop them."""
    facts = united_facts((row.facts, row.probability) for row in rows)
    return run_ref(writer, run, f"stops:{of}", writer.words.plain("run.stops"), facts, of)


def short_ref(writer: CitedWriter, run: BriefedRun, rows: Iterable[Shortfall], of: str = "") -> str:
    """Note of unmet needs: the facts of the markets and of the measures on them."""
    facts = united_facts((row.facts, row.worst_share) for row in rows)
    return run_ref(writer, run, f"shortfall:{of}", writer.words.plain("run.shortfall"), facts, of)


def loss_ref(writer: CitedWriter, run: BriefedRun, rows: Iterable[SectorLoss], place: str) -> str:
    """Note of the losses of a place, or of ``all``: the facts of its sectors and of the inputs that stop them."""
    of = "" if place == "all" else capital(writer.words.region(place))
    return run_ref(writer, run, f"losses:{place}", writer.words.plain("run.losses"), loss_facts(rows), of)


def loss_facts(rows: Iterable[SectorLoss]) -> tuple[str, ...]:
    """Ids of the facts behind losses, by loss."""
    return united_facts((row.facts, row.value_added_usd) for row in rows)


def losses_at(run: BriefedRun, places: Iterable[str]) -> list[SectorLoss]:
    """Losses of the sectors in some regions or groups, or in ``all``."""
    inside = {region for place in places for region in ((place,) if place == "all" else expand_regions(place))}
    return [row for row in run.summary.losses if "all" in inside or row.country in inside]


def measure_facts(measures: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Ids of the facts that measures name, in their order."""
    return tuple(dict.fromkeys(str(name) for measure in measures for name in measure.get("facts") or ()))


def united_facts(rows: Iterable[tuple[Iterable[str], float]]) -> tuple[str, ...]:
    """Ids of the facts behind some rows, each with its weight."""
    pairs = list(rows)
    return united((facts for facts, _ in pairs), (weight for _, weight in pairs))


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
    """Name of a measure as a heading: its kind and the countries that take it."""
    return input_names.measure_name(writer.words, measure)


def state_name(writer: CitedWriter, state: DatedState) -> str:
    """Description of a dated state in the language of the briefing, or as in the facts if there is no translation."""
    return writer.words.plain(f"state.{state.fact}") if writer.words.has(f"state.{state.fact}") else state.what


def state_ref(writer: CitedWriter, state: DatedState) -> str:
    """Note on the fact on which a state is based."""
    return writer.notes.add_fact(state.fact, "reported", state.what, state.source, state.url)


def driver_name(writer: CitedWriter, run: BriefedRun, key: str) -> str:
    """Name of a drawn input such as ``behaviour.price_gain``, ``cover.magnet@JP`` or ``economy.parts.cars_*..parts``."""
    return input_names.input_name(writer.words, run.declared, key)


def own_losses(inputs: BriefingInput, run: BriefedRun) -> list[SectorLoss]:
    """Losses of the importer's sectors, largest first; those that are next to nothing in half of the draws by their upper end."""
    rows = [row for row in run.summary.losses if row.country in (*inputs.regions, inputs.importer)]
    return sorted(rows, key=lambda row: (-row.value_added_usd if row.value_added_usd >= SMALLEST_USD else 0.0, -row.high))


def hardest(inputs: BriefingInput, run: BriefedRun) -> list[SectorLoss]:
    """Sectors of the importer with the largest losses, at most two."""
    rows = [row for row in own_losses(inputs, run) if row.high >= SMALLEST_USD][:MAX_SECTORS]
    return [row for row in rows if row.value_added_usd >= MIN_SHARE * rows[0].value_added_usd or row is rows[0]]


def stop_of(run: BriefedRun, row: SectorLoss) -> FirstStop | None:
    """Stop of a sector hit hard, if it stops in some draw."""
    return next((stop for stop in run.summary.first_stops if (stop.sector, stop.country) == (row.sector, row.country)), None)


def main_stop(inputs: BriefingInput, run: BriefedRun) -> FirstStop | None:
    """Stop of the hardest hit sector that stops in a twentieth of the draws, else the importer's stop that comes in most draws."""
    found = [stop for row in hardest(inputs, run) if (stop := stop_of(run, row)) and stop.probability >= MIN_STOPS]
    own = (row for row in run.summary.first_stops if row.country in inputs.regions and row.probability >= MIN_STOPS)
    return found[0] if found else max(own, key=lambda row: row.probability, default=None)


def loss_of(run: BriefedRun, place: str, rows: list[SectorLoss]) -> tuple[float, float, float]:
    """Loss of a place with its band [USD]: over the draws where the run has it, else the sectors' sums.

    The sums of the sectors' bounds are an outer band of the total.
    """
    if row := run.summary.headline.get(place):
        return row.value_added_usd, row.low, row.high
    return sum(row.value_added_usd for row in rows), sum(row.low for row in rows), sum(row.high for row in rows)


def loss_span(writer: CitedWriter, run: BriefedRun, place: str, rows: list[SectorLoss]) -> Span:
    """Text of :func:`loss_of` with the reference to its note."""
    return loss_amount(writer, loss_of(run, place, rows), loss_ref(writer, run, rows, place), band=True)


def loss_amount(writer: CitedWriter, amount: tuple[float, float, float], ref: str, *, band: bool = False, short: bool = False) -> Span:
    """An amount; its upper end where its middle is next to nothing, in short without saying so, and no figure where both are."""
    middle, _, high = amount
    if middle >= SMALLEST_USD:
        return writer.money(*amount, ref, band=band)
    if high < SMALLEST_USD:
        return Span("num", writer.words.plain("answer.nothing"), ref)
    return Span(
        "num", writer.words.plain("answer.up_to" if short else "answer.at_most", high=writer.money(high, None, None, ref).text), ref
    )


def main_supplier(exposure: ExposureResult) -> str:
    """Supplier with the largest traced share, averaged over elements, stages and uses."""
    sums: dict[str, float] = {}
    for row in exposure.suppliers:
        sums[row.supplier] = sums.get(row.supplier, 0.0) + row.share_traced
    foreign = {name: value for name, value in sums.items() if name not in ("secondary", "undocumented", exposure.importer)}
    return max(foreign, key=lambda name: foreign[name]) if foreign else ""
