"""Outlook section: fan charts of use or cover and of prices, and a table of shortfalls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.ensembles import Shortfall
from ytterby.report.briefing.common import day, main_stop, markers, run_ref, short_ref
from ytterby.report.briefing.document import Chart, LegendItem, Para, Section, Table
from ytterby.report.charts import ACCENT, ALARM, fan_chart
from ytterby.report.digits import band_place, plain_place
from ytterby.report.text import capital

if TYPE_CHECKING:
    from datetime import date

    from ytterby.report.briefing.briefing_input import BriefedRun, BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block, Spans
    from ytterby.report.charts import Fan
    from ytterby.report.text import Field, Words

MAX_GOODS = 2
"""Number of goods shown in charts; one if there are also articles."""
MAX_ROWS = 3
MIN_SHARE = 0.005
"""Shortfalls whose worst week is a smaller share of use print as nothing."""
SHOWN = ("consumption", "cover_days", "stock")
"""Variables of supply in order of preference."""
SPARED = ("cover_days", "consumption", "stock")
"""The same for a good that is served out of stocks: its use hardly moves, its cover does."""
UNITS = {"consumption": "axis.t_week", "cover_days": "axis.days", "stock": "axis.t"}


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Outlook section; None without a run."""
    run = inputs.run
    if run is None:
        return None
    rows = shortfalls(inputs, run)
    spared = _spared_bottleneck(inputs, run, rows)
    shown = [*([spared] if spared else []), *rows]
    blocks: list[Block] = [_lead(inputs, writer, run, rows, spared)]
    for row in shown[: 1 if inputs.evidence else MAX_GOODS]:
        charts = (supply(inputs, writer, run, row), prices(inputs, writer, run, row))
        blocks += [chart for chart in charts if chart]
    blocks += [Para(told)] if rows and (told := two_prices(writer, run, rows[0])) else []
    blocks += [_table(inputs, writer, run)] if any(row.worst_lack >= MIN_SHARE for row in run.summary.shortfall) else []
    return Section("outlook", writer.words.plain("section.outlook"), tuple(blocks))


def shortfalls(inputs: BriefingInput, run: BriefedRun) -> list[Shortfall]:
    """What the importer lacks in half of the draws: the bottleneck behind the largest loss first, then by worth at the base price."""
    rows = [row for row in run.summary.shortfall if row.region in (*inputs.regions, inputs.importer) and row.worst_lack >= MIN_SHARE]
    stop, first = main_stop(inputs, run), _stopping(run)
    return sorted(
        rows,
        key=lambda row: (
            stop is None or row.commodity != stop.input,
            (row.commodity, row.region) not in first,
            -_worth(run, row),
            -row.worst_lack,
        ),
    )


def _worth(run: BriefedRun, row: Shortfall) -> float:
    """What is lacking at the price of the first week, so that grams of a rare oxide do not stand before tonnes of magnets [1,000 USD]."""
    fan = run.fan("price", row.commodity, row.region, "", ACCENT)
    return (row.total_t + row.priced_out_t + row.from_stock_t) * (fan.median[0] if fan else 0.0)


def _spared_bottleneck(inputs: BriefingInput, run: BriefedRun, rows: list[Shortfall]) -> Shortfall | None:
    """Input of the headline's stop where the importer lacks it in less than half of the draws, so that it is among no rows; else None."""
    stop = main_stop(inputs, run)
    if stop is None or not stop.input or any(row.commodity == stop.input for row in rows):
        return None
    return Shortfall(
        commodity=stop.input, region=stop.country, sum_of_regions=False, total_t=0.0, total_t_low=0.0, total_t_high=0.0,
        worst_share=0.0, worst_share_high=0.0, worst_date=None, recovered=None, facts=stop.facts,
    )  # fmt: skip


def _stopping(run: BriefedRun) -> set[tuple[str | None, str]]:
    """Inputs that stop a sector in half of the draws, with the region."""
    return {(stop.input, stop.country) for stop in run.summary.first_stops if stop.date}


def _lead(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, rows: list[Shortfall], spared: Shortfall | None) -> Para:
    words, within = writer.words, writer.words.within(inputs.importer)
    before = [_spared_lead(writer, run, spared)] if spared else []
    if not rows:
        return Para(words.chained((*before, words.say("outlook.lead_calm", within=within)), "list.sentences"), "lead")
    row = rows[0]
    goods = capital(words.commodity(row.commodity))
    ref = short_ref(writer, run, (row,), words.plain("list.pair", first=goods, last=words.region(row.region)))
    worst = day(row.worst_date)
    fields: dict[str, Field] = {"commodity": goods, "within": within}
    if row.worst_share < MIN_SHARE or worst is None:
        told = words.say("outlook.lead_dear", lack=writer.share(row.worst_lack, None, None, ref), **fields)
    else:
        fields["total"] = writer.number(row.total_t, row.total_t_low, row.total_t_high, ref, "t")
        fields["worst"] = writer.share(row.worst_share, None, None, ref)
        told = words.say("outlook.lead", date=words.time(worst), **fields)
    return Para(words.chained((*before, told, _beside(writer, row, ref)), "list.sentences"), "lead")


def _spared_lead(writer: CitedWriter, run: BriefedRun, row: Shortfall) -> Spans:
    """How far the cover of a bottleneck falls that is short in less than half of the draws; empty where the run has no cover of it."""
    fan = run.fan("cover_days", row.commodity, row.region, "", ACCENT)
    if fan is None:
        return ()
    words, ref = writer.words, _series(writer, run, "cover_days", row)
    days = {"usual": fan.median[0], "median": min(fan.median), "low": min(fan.low90)}
    fields: dict[str, Field] = {key: writer.number(value, None, None, ref) for key, value in days.items()}
    return words.say("outlook.lead_spared", commodity=words.commodity(row.commodity), within=words.within(row.region), **fields)


def _beside(writer: CitedWriter, row: Shortfall, ref: str) -> Spans:
    """Sentence on what is priced out and what comes from stocks; empty where that is next to nothing."""
    amounts = {"priced_out": row.priced_out_t, "from_stock": row.from_stock_t}
    if row.lack_share < row.worst_share + MIN_SHARE:
        return ()
    fields: dict[str, Field] = {key: writer.number(amount, None, None, ref, "t") for key, amount in amounts.items()}
    return writer.words.say("outlook.beside", **fields)


def supply(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, row: Shortfall) -> Chart | None:
    """Fan of the use of a good that runs short, or of its cover or stock where the run has no use."""
    words, commodity, region = writer.words, row.commodity, row.region
    for measure in SHOWN if row.worst_share >= MIN_SHARE or row.priced_out_t > row.from_stock_t else SPARED:
        fan = run.fan(measure, commodity, region, words.region(region), ACCENT)
        if fan:
            key = "supply" if measure == "consumption" else "cover"
            title = capital(words.plain(f"outlook.{key}", commodity=words.commodity(commodity), within=words.within(region)))
            return fans_of(
                inputs,
                writer,
                run,
                (fan,),
                title,
                words.plain(UNITS[measure]),
                f"{measure}-{commodity}-{region}",
                _series(writer, run, measure, row),
            )
    return None


def prices(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, row: Shortfall) -> Chart | None:
    """Fans of the price of a good that runs short, inside the restricting country and at the importer."""
    words, inside, commodity, region = writer.words, restricting(run), row.commodity, row.region
    found = [
        (where, run.fan("price", commodity, where, words.region(where), ink)) for where, ink in ((inside, ALARM), (region, ACCENT)) if where
    ]
    fans = tuple(fan for _, fan in found if fan)
    if not fans:
        return None
    title = capital(words.plain("outlook.price", commodity=words.commodity(commodity)))
    chart = fans_of(inputs, writer, run, fans, title, words.plain("axis.usd_kg"), f"price-{commodity}", _series(writer, run, "price", row))
    return chart


def two_prices(writer: CitedWriter, run: BriefedRun, row: Shortfall) -> Spans:
    """Sentence on the deal price and the marginal price in the worst week of a shortfall; empty if a price is missing."""
    worst = day(row.worst_date)
    if worst is None:
        return ()
    found: dict[str, Field] = {}
    for key, measure in (("deal", "price_deal"), ("marginal", "price_marginal")):
        fan = run.fan(measure, row.commodity, row.region, "", ACCENT)
        if fan is None or worst not in fan.dates:
            return ()
        at = fan.dates.index(worst)
        ref = _series(writer, run, measure, row)
        found[key] = writer.number(fan.median[at], fan.low90[at], fan.high90[at], ref)
    return writer.words.say("outlook.two_prices", date=writer.words.time(worst), **found)


def restricting(run: BriefedRun) -> str:
    """Restricting region: the origin of the first measure that names one, or China."""
    for measure in run.measures:
        origins = measure.get("from") or measure.get("from_") or ()
        names = [origins] if isinstance(origins, str) else list(origins)
        if names and names[0] != "all":
            return str(names[0])
    return "CN"


def _series(writer: CitedWriter, run: BriefedRun, measure: str, row: Shortfall) -> str:
    """Note of a series of a market: the facts behind the market."""
    words, commodity, region = writer.words, row.commodity, row.region
    what = words.plain(
        "run.series", measure=words.plain(f"measures.{measure}"), commodity=words.commodity(commodity), within=words.within(region)
    )
    return run_ref(writer, run, f"series:{measure}:{commodity}:{region}", what, row.facts)


def fans_of(
    inputs: BriefingInput, writer: CitedWriter, run: BriefedRun, fans: tuple[Fan, ...], title: str, unit: str, name: str, ref: str
) -> Chart:
    """Chart of fans in one unit, with its table."""
    words = writer.words
    svg = fan_chart(fans, unit, words, markers(inputs, writer, run))
    opens = all(fan.starts_with_width() for fan in fans) or run.draws == 1
    legend = tuple(LegendItem("dash" if fan.dash else "line", fan.ink, fan.name) for fan in fans)
    alt = " ".join(_alt(writer, fan, f"{title}, {fan.name}" if len(fans) > 1 else title, unit) for fan in fans)
    return Chart(
        name.replace(".", "-"),
        title,
        svg,
        alt,
        _fan_table(writer, fans, title, ref),
        ref,
        legend if len(fans) > 1 else (),
        () if opens else words.say("warn.start"),
    )


def _alt(writer: CitedWriter, fan: Fan, what: str, unit: str) -> str:
    words = writer.words
    place = band_place(fan.median[-1], fan.low90[-1], fan.high90[-1])
    numbers = {"first": fan.median[0], "last": fan.median[-1], "low": fan.low90[-1], "high": fan.high90[-1]}
    texts = {key: words.number(value, place) for key, value in numbers.items()}
    return words.plain(
        "alt.fan", what=what, unit=unit, start=words.day(fan.dates[0], "month"), end=words.day(fan.dates[-1], "month"), **texts
    )


def _fan_table(writer: CitedWriter, fans: tuple[Fan, ...], title: str, ref: str) -> Table:
    """Table of quarterly values: first week of each quarter of the run, and the last week."""
    words, rows = writer.words, []
    for fan in fans:
        picked = sorted({*range(0, len(fan.dates), 13), len(fan.dates) - 1})
        for index in picked:
            values = (fan.low90[index], fan.median[index], fan.high90[index])
            place = band_place(values[1], values[0], values[2])
            rows.append(
                (
                    words.short_day(fan.dates[index]),
                    *((fan.name,) if len(fans) > 1 else ()),
                    *(words.number(value, place) for value in values),
                )
            )
    head = ("date", *(("region",) if len(fans) > 1 else ()), "early_value", "middle", "late_value")
    return Table(title, tuple(words.plain(f"table.{key}") for key in head), tuple(rows), ref, words=len(head) - 3)


def _recovery(words: Words, row: Shortfall, recovered: date | None) -> str:
    """Day from which all who want it are served; empty where no one ever goes unserved."""
    if recovered:
        return words.short_day(recovered)
    return words.plain("outlook.not_recovered") if row.worst_share >= MIN_SHARE else ""


def _table(inputs: BriefingInput, writer: CitedWriter, run: BriefedRun) -> Table:
    """What users of all regions lack most, the importer's first."""
    words = writer.words
    own = shortfalls(inputs, run)
    others = [row for row in run.summary.shortfall if row not in own and row.worst_lack >= MIN_SHARE]
    first = _stopping(run)
    others.sort(key=lambda row: ((row.commodity, row.region) not in first, -row.worst_lack))
    chosen = (own + others)[:MAX_ROWS]
    ref, rows = short_ref(writer, run, chosen), []
    for row in chosen:
        since, recovered = day(row.lack_since), day(row.recovered)
        rows.append(
            (
                capital(words.commodity(row.commodity)),
                words.region(row.region),
                *(words.number(amount, plain_place(amount)) for amount in (row.total_t, row.priced_out_t, row.from_stock_t)),
                words.percent(row.worst_lack, 0),
                words.short_day(since) if since else "",
                _recovery(words, row, recovered),
            )
        )
    head = ("commodity", "region", "unserved", "priced_out", "from_stock", "worst", "lack_since", "recovered")
    return Table(words.plain("outlook.shortfalls"), tuple(words.plain(f"table.{key}") for key in head), tuple(rows), ref, words=2)
