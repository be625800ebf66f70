"""Section on what helps: simple measures simulated on the same draws as the scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.report.briefing.common import run_ref
from ytterby.report.briefing.document import Chart, Para, Section, Span, Table
from ytterby.report.charts import ACCENT, MUTED, Bar, bar_chart, value_label
from ytterby.report.digits import band_place
from ytterby.report.text import capital

if TYPE_CHECKING:
    from ytterby.ensembles import Remedy
    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Spans
    from ytterby.report.text import Field

MILLION = 1e6
MIN_SHARE = 0.1
"""A measure is said to help on the first page from this share of the loss."""
LEAST_SHARE = 0.005
"""Smaller shares of the loss print as nothing."""


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Section on what helps; None where no measure was tried."""
    run, rows = inputs.run, inputs.remedies
    if run is None or not rows:
        return None
    words, ref = writer.words, _ref(writer, run)
    lead = words.say("helps.lead", within=words.within(inputs.importer), loss=writer.money(rows[0].loss_usd, None, None, ref))
    caution: dict[str, Field] = {"draws": Span("num", str(rows[0].draws), ref), "all": words.number(float(run.draws), 0)}
    told = [words.say(f"helps.{row.kind}", goods=_goods(writer, row), places=_places(writer, row)) for row in rows]
    return Section(
        "helps",
        words.plain("section.helps"),
        (
            Para(words.chained((lead, *told), "list.sentences"), "lead"),
            _chart(writer, rows, ref),
            Para(words.chained((*_carried(writer, rows), words.say("helps.caution", **caution)), "list.sentences")),
        ),
    )


def _told(amount: float, loss: float) -> float:
    """Amount as it is printed: nothing where it is below a two-hundredth of the loss."""
    return amount if abs(amount) >= LEAST_SHARE * loss else 0.0


def _carried(writer: CitedWriter, rows: tuple[Remedy, ...]) -> list[Spans]:
    """Sentence where a mean lies outside of its band, as it may where a few draws carry it."""
    outside = [row for row in rows if not row.low <= _told(row.avoided_usd, row.loss_usd) <= row.high]
    return [writer.words.say("helps.carried")] if outside else []


def best(inputs: BriefingInput, writer: CitedWriter) -> Spans:
    """Sentence on the measure that helps most, if it avoids a tenth of the loss; the section says the rest."""
    run = inputs.run
    row = inputs.remedies[0] if inputs.remedies else None
    if run is None or row is None or row.avoided_usd < MIN_SHARE * row.loss_usd:
        return ()
    words, ref = writer.words, _ref(writer, run)
    share = writer.plain_share(row.avoided_usd / row.loss_usd, ref)
    return words.say(f"helps.best_{row.kind}", goods=_goods(writer, row), share=share)


def _ref(writer: CitedWriter, run: BriefedRun) -> str:
    """Note on how the measures are compared."""
    return run_ref(writer, run, "helps", writer.words.plain("run.helps"))


def _goods(writer: CitedWriter, row: Remedy) -> str:
    return writer.words.listed(writer.words.commodity(name) for name in row.goods)


def _places(writer: CitedWriter, row: Remedy) -> str:
    return writer.words.listed(dict.fromkeys(writer.words.region(code) for code in row.places))


def _chart(writer: CitedWriter, rows: tuple[Remedy, ...], ref: str) -> Chart:
    """Bars of the loss that each measure avoids, with its table."""
    words, bars, lines = writer.words, [], []
    for row in rows:
        value, low, high = (_told(amount, row.loss_usd) / MILLION for amount in (row.avoided_usd, row.low, row.high))
        name = capital(words.plain(f"helps.name_{row.kind}"))
        bars.append(Bar("", name, max(value, 0.0), None, None, value_label(words, value, low, high), ACCENT if row is rows[0] else MUTED))
        place = band_place(value, low, high)
        cost = words.number(row.value_usd / MILLION, 0) if row.value_usd else ""
        lines.append(
            (name, *(words.number(item, place) for item in (value, low, high)), words.percent(row.avoided_usd / row.loss_usd, 0), cost)
        )
    head = ("measure", "avoided", "low", "high", "share_avoided", "stock_value")
    title = words.plain("helps.title")
    items = [words.plain("alt.share_item", name=bar.name, value=bar.label) for bar in bars]
    return Chart(
        "helps",
        words.plain("panel.in_unit", title=title, unit=words.plain("axis.usd_million")),
        bar_chart(bars),
        words.plain("alt.helps", list=words.joined(items, "list.clauses")),
        Table(title, tuple(words.plain(f"table.{key}") for key in head), tuple(lines), ref),
        ref,
    )
