"""Panels of the first page: first production stops, shares of the main supplier, losses, comparison of measures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ytterby.facts import expand_regions
from ytterby.report.briefing.common import (
    SMALLEST_USD,
    day,
    loss_facts,
    loss_of,
    loss_ref,
    main_supplier,
    markers,
    measure_facts,
    own_losses,
    run_ref,
    stop_ref,
    title_of,
    united_facts,
)
from ytterby.report.briefing.document import Chart, Table
from ytterby.report.charts import ACCENT, ALARM, MUTED, Bar, StopBar, bar_chart, stops_chart, value_label
from ytterby.report.digits import band_place
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.ensembles import FirstStop, SectorLoss
    from ytterby.exposure import Dependence
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans

MAX_STOPS = 7
MAX_BARS = 3
MAX_ELEMENTS = 3
MAIN_ELEMENTS = ("Dy", "Tb", "Nd", "Y", "Sm", "Gd", "Pr")
"""Elements shown first: those used in magnets and those under export controls."""


def panels(inputs: BriefingInput, writer: CitedWriter) -> tuple[Chart, ...]:
    """Charts of the first page for which there are data; of several importers the same charts stand side by side."""
    run, sides = inputs.run, (inputs, *inputs.beside)
    everyone = replace(inputs, regions=tuple(name for each in sides for name in each.regions))
    found: list[Chart | None] = [stops(everyone, writer, run)] if run else []
    found += [_of(shares(each, writer), each, writer, sides) for each in sides]
    if run and len(inputs.runs) > 1:
        found += [_of(measures(each, writer, run), each, writer, sides) for each in sides]
    elif run:
        found += [_of(losses(each, writer, run), each, writer, sides) for each in sides]
    return tuple(chart for chart in found if chart)


def _of(chart: Chart | None, inputs: BriefingInput, writer: CitedWriter, sides: tuple[BriefingInput, ...]) -> Chart | None:
    """Chart named by its importer, where several stand side by side."""
    if chart is None or len(sides) == 1:
        return chart
    place = writer.words.region(inputs.importer)
    title = chart.title if place in chart.title else writer.words.plain("list.aside", name=chart.title, aside=place)
    return replace(chart, name=f"{chart.name}-{inputs.importer.lower()}", title=title, table=replace(chart.table, caption=title))


def stops(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Chart | None:
    """Chart of first production stops in the countries that were asked for, and of no others; None where nothing stops anywhere."""
    if not any(row.date_low or row.date for row in run.summary.first_stops):
        return None
    words, rows = writer.words, _chosen(inputs, run)
    ref = stop_ref(writer, run, rows)
    names = [stop_name(writer, row) for row in rows]
    odds = [writer.odds_text(row.probability, run.draws) if run.draws > 1 else "" for row in rows]
    bars = [
        StopBar(name, low, day(row.date), day(row.date_high), chance, own=True)
        for row, name, chance in zip(rows, names, odds, strict=True)
        if (low := day(row.date_low) or day(row.date))
    ]
    sides = [side for side in (inputs, *inputs.beside) if not any(row.country in expand_regions(side.importer) for row in rows)]
    calm = [_no_stop(writer, run, side.importer) for side in sides]
    calm_rows = [(bar.name, words.plain("table.never"), words.plain("table.never"), words.plain("table.never"), bar.odds) for bar in calm]
    table = Table(
        words.plain("panel.stops"),
        tuple(words.plain(f"table.{key}") for key in ("who", "early", "middle", "late", "odds")),
        (*(_stop_row(writer, row, name, chance) for row, name, chance in zip(rows, names, odds, strict=True)), *calm_rows),
        ref,
    )
    today = [marker for marker in markers(inputs, writer, run) if marker.when == inputs.today]
    svg = stops_chart([*bars, *calm], *run.dates(), words, today)
    remark = words.say("panel.stops_remark") if bars else ()
    return Chart("stops", words.plain("panel.stops"), svg, _stops_alt(writer, bars, calm), table, ref, remark=remark)


def _stops_alt(writer: CitedWriter, bars: list[StopBar], calm: list[StopBar]) -> str:
    """What the chart shows, in words: the first stop, or that there is none."""
    words = writer.words
    if not bars:
        return words.joined((words.plain("alt.share_item", name=bar.name, value=bar.odds) for bar in calm), "list.clauses")
    first = words.plain("alt.stops_first", who=bars[0].name, when=words.day(bars[0].middle or bars[0].low, "month"))
    return words.plain("alt.stops", first=first)


def _no_stop(writer: CitedWriter, run: BriefedRun, importer: str) -> StopBar:
    """Row of a country that was asked for where none of its sectors stops: in how many draws that is so."""
    words, last = writer.words, run.dates()[1]
    odds = writer.of_draws(1.0 - run.summary.stops.get(importer, 0.0), run.draws, "").text
    told = words.plain("panel.no_stop", odds=odds) if run.draws > 1 else words.plain("panel.no_stop_at_all")
    return StopBar(capital(words.region(importer)), last, None, last, told, own=True)


def stop_name(writer: CitedWriter, row: FirstStop) -> str:
    """Sector and country of a stop."""
    words = writer.words
    return words.plain("panel.line", sector=capital(words.sector(row.sector)), place=words.region(row.country))


def _chosen(inputs: BriefingInput, run: BriefedRun) -> list[FirstStop]:
    """First rows by date of the countries that were asked for."""
    rows = [row for row in run.summary.first_stops if row.country in inputs.regions and (row.date_low or row.date)]
    return sorted(rows, key=lambda row: (row.date or "9999", str(row.date_low)))[:MAX_STOPS]


def _stop_row(writer: CitedWriter, row: FirstStop, name: str, odds: str) -> tuple[str, ...]:
    words = writer.words
    low, middle, high = day(row.date_low), day(row.date), day(row.date_high)
    return (
        name,
        words.short_day(low) if low else "",
        words.short_day(middle) if middle else words.plain("table.never"),
        words.short_day(high) if high else words.plain("table.open"),
        odds,
    )


def exposure_ref(inputs: BriefingInput, writer: CitedWriter, rows: Iterable[tuple[Iterable[str], float]], of: str) -> str:
    """Note of some rows of the exposure: of what, how it is calculated, on which facts; each row is its facts and its weight."""
    assert inputs.exposure is not None
    words = writer.words
    title = words.plain("base.exposure_title", within=words.within(inputs.importer), year=inputs.base_year)
    text, facts = words.plain("list.sentence", text=of), united_facts(rows)
    return writer.notes.add(f"exposure:{inputs.importer}:{of}", "derived", title, text, facts=facts, common=words.plain("base.exposure"))


def uses_ref(inputs: BriefingInput, writer: CitedWriter) -> str:
    """Note of the importer's uses: the facts behind its imports and uses, by mass."""
    assert inputs.exposure is not None
    return exposure_ref(inputs, writer, ((row.facts, row.use_t) for row in inputs.exposure.uses), writer.words.plain("base.uses"))


def dependences(inputs: BriefingInput, supplier: str) -> list[Dependence]:
    """Dependence of the importer's uses on a supplier, by element, the main elements first."""
    assert inputs.exposure is not None
    order = {symbol: rank for rank, symbol in enumerate(MAIN_ELEMENTS)}
    found = [inputs.exposure.dependence(row.element, supplier) for row in inputs.exposure.uses]
    return sorted((row for row in found if row.traced > 0.0), key=lambda row: (order.get(row.element, 99), -row.traced))


def dependence_ref(inputs: BriefingInput, writer: CitedWriter, rows: Iterable[Dependence], of: str) -> str:
    """Note of the dependence on a supplier: the facts behind its shares at all stages."""
    assert inputs.exposure is not None
    wanted = {(row.element, row.supplier) for row in rows}
    stages = [row for row in inputs.exposure.suppliers if (row.element, row.supplier) in wanted and row.end_use == "all"]
    return exposure_ref(inputs, writer, ((row.facts, row.share_traced) for row in stages), of)


def shares(inputs: BriefingInput, writer: CitedWriter, elements: int = MAX_ELEMENTS) -> Chart | None:
    """Bar chart of the direct, embedded and traced share of the main supplier, by element, the first few of them."""
    if not inputs.exposure or not (supplier := main_supplier(inputs.exposure)):
        return None
    words, rows = writer.words, dependences(inputs, supplier)[:elements]
    if not rows:
        return None
    title = words.plain("panel.shares", supplier=words.region(supplier), within=words.within(inputs.importer))
    ref = dependence_ref(inputs, writer, rows, title)
    bars = [bar for row in rows for bar in _share_bars(writer, row)]
    head = ("element", "share_direct", "share_embedded", "share_traced", "low", "high")
    table = Table(title, tuple(words.plain(f"table.{key}") for key in head), tuple(_share_row(writer, row) for row in rows), ref)
    items = [words.plain("alt.share_item", name=bar.group + " " + bar.name, value=bar.label) for bar in bars]
    alt = words.plain("alt.shares", supplier=words.region(supplier), list=words.joined(items, "list.clauses"))
    remark = words.chained((words.say("panel.shares_remark"), *_rolled(inputs, writer)), "list.sentences")
    return Chart("shares", title, bar_chart(bars, 1.0), alt, table, ref, remark=remark)


def _rolled(inputs: BriefingInput, writer: CitedWriter) -> tuple[Spans, ...]:
    """On which base the shares stand, where that is not the base year itself."""
    at = day(inputs.system.at) if inputs.system is not None and inputs.system.at else None
    if at is None or inputs.system is None:
        return ()
    return (writer.words.say("panel.rolled", year=str(inputs.system.year), month=writer.words.day(at, "month")),)


def _share_bars(writer: CitedWriter, row: Dependence) -> list[Bar]:
    words, group = writer.words, capital(writer.words.element(row.element))
    parts = (
        ("direct", row.direct, None, None, MUTED),
        ("embedded", row.embedded, row.embedded_low, row.embedded_high, ALARM),
        ("traced", row.traced, row.low, row.high, ACCENT),
    )
    return [
        Bar(group, words.plain(f"panel.{kind}"), value, low, high, value_label(words, value, low, high, percent=True), ink)
        for kind, value, low, high, ink in parts
        if value > 0.0 or kind != "embedded"
    ]


def _share_row(writer: CitedWriter, row: Dependence) -> tuple[str, ...]:
    words = writer.words
    low, high = (None if end is None else 100.0 * end for end in (row.low, row.high))
    place = max(band_place(100.0 * row.traced, low, high), 0)
    cells = (row.direct, row.embedded, row.traced, row.low, row.high)
    return (capital(words.element(row.element)), *("" if cell is None else words.percent(cell, place) for cell in cells))


def losses(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Chart | None:
    """Bars of the importer's losses by sector, in millions of USD."""
    own = own_losses(inputs, run)
    rows = own[:MAX_BARS]
    if not rows:
        return None
    words, ref = writer.words, loss_ref(writer, run, own, inputs.importer)
    bars = []
    for row in rows:
        value, low, high = row.value_added_usd / 1e6, row.low / 1e6, row.high / 1e6
        label = value_label(words, value, low, high)
        if row.value_added_usd < SMALLEST_USD:
            label = words.plain("range.dates", low=words.number(0.0, 0), high=value_label(words, high, None, None))
        bars.append(Bar("", capital(words.sector(row.sector)), value, low, high, label))
    head = ("sector", "loss", "low", "high", "jobs")
    table = Table(
        words.plain("panel.losses"), tuple(words.plain(f"table.{key}") for key in head), tuple(loss_row(writer, row) for row in rows), ref
    )
    items = [words.plain("alt.share_item", name=bar.name, value=bar.label) for bar in bars]
    title = words.plain("panel.in_unit", title=words.plain("panel.losses"), unit=words.plain("axis.usd_million"))
    return Chart(
        "losses",
        title,
        bar_chart(bars),
        words.plain("alt.losses", list=words.joined(items, "list.clauses")),
        table,
        ref,
        remark=words.say("panel.losses_remark"),
    )


def loss_row(writer: CitedWriter, row: SectorLoss) -> tuple[str, ...]:
    """Row of a table of losses: sector, loss with band in millions, jobs."""
    words = writer.words
    value, low, high = row.value_added_usd / 1e6, row.low / 1e6, row.high / 1e6
    value = value if row.value_added_usd >= SMALLEST_USD else 0.0
    place = band_place(value, low, high)
    return (
        capital(words.sector(row.sector)),
        *(words.number(item, place) for item in (value, low, high)),
        words.number(row.jobs, 2 if row.jobs >= 1000 else 1),
    )


def measures(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Chart | None:
    """Bars of the loss that each further run avoids against the first."""
    words, own = writer.words, own_losses(inputs, run)
    base = loss_of(run, inputs.importer, own)[0]
    new = measure_facts(measure for other in inputs.runs[1:] for measure in added(run, other))
    ref = run_ref(writer, run, "measures", words.plain("run.measures"), dict.fromkeys((*new, *loss_facts(own))))
    bars, rows = [], []
    for other in inputs.runs[1:]:
        avoided = (base - loss_of(other, inputs.importer, own_losses(inputs, other))[0]) / 1e6
        earliest = min((start for start in (day(measure.get("start")) for measure in added(run, other)) if start), default=None)
        bars.append(Bar("", title_of(writer, other), avoided, None, None, value_label(words, avoided, None, None)))
        rows.append((title_of(writer, other), bars[-1].label, words.short_day(earliest) if earliest else ""))
    table = Table(
        words.plain("panel.measures"), tuple(words.plain(f"table.{key}") for key in ("scenario", "avoided", "earliest")), tuple(rows), ref
    )
    items = [words.plain("alt.share_item", name=bar.name, value=bar.label) for bar in bars]
    remark = words.say("panel.measures_remark", scenario=title_of(writer, run), within=words.within(inputs.importer))
    title = words.plain("panel.in_unit", title=words.plain("panel.measures"), unit=words.plain("axis.usd_million"))
    return Chart(
        "measures", title, bar_chart(bars), words.plain("alt.measures", list=words.joined(items, "list.clauses")), table, ref, remark=remark
    )


def added(run: BriefedRun, other: BriefedRun) -> list[dict[str, Any]]:
    """Measures in another run that are not in the first."""
    return [measure for measure in other.measures if measure not in run.measures]
