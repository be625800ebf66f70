"""The page on a plan: what public money buys, which choices are safe, what stays and why, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.plan import RESIMULATED_AT, RESIMULATED_DEPTH, project_name
from ytterby.report.briefing import plan_charts, plan_words
from ytterby.report.briefing.document import Bullets, EventGroup, PageParts, Para, Section, Span, Table
from ytterby.report.briefing.plan_words import name_of, note
from ytterby.report.briefing.result_frame import marked_once, measure, measure_facts, millions, page, together
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ytterby.plan import ComparisonRow, FundedRow, PaysAloneRow, PlanResult
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block, Briefing, Chart, Spans
    from ytterby.report.briefing.result_input import ResultFrame
    from ytterby.report.text import Words

MAX_MEASURES, MAX_STAYS, MAX_ALONE = 12, 6, 12
LEAST_USD = 5e5
"""Losses and sums of money below this are not listed [USD]."""


def write_plan(plans: tuple[PlanResult, ...], frame: ResultFrame, lang: str = "en") -> Briefing:
    """Page on a plan.

    Parameters
    ----------
    plans : tuple of PlanResult
        The first is the page's own; the curves and promises of the others stand beside it.
    frame : ResultFrame
    lang : str

    Raises
    ------
    UnknownNameError
        If there is no message catalogue of the language.
    """
    writer, found = frame.writer(lang), plans[0]
    words, first = writer.words, (writer, found)
    parts = PageParts(
        words.plain("plan.title", who=together(words, found.parties)),
        words.plain("plan.subtitle"),
        plan_words.answer(*first),
        plan_words.support(*first),
        plan_words.meta(*first),
        plan_words.warnings(writer, found, frame),
        tuple(chart for chart in (plan_charts.curve(writer, plans), plan_charts.near(*first)) if chart),
        plan_words.points(*first),
        plan_words.changes(*first),
        plan_words.unknowns(*first),
        tuple(
            section for section in (_pay(*first), _stays(*first), _compared(*first), _funded(*first), _promise(writer, plans)) if section
        ),
        plan_words.others(writer, plans),
    )
    return page(parts, frame, writer, "plan.brand", "page.safe")


def plan_pictures(plans: tuple[PlanResult, ...]) -> dict[str, Callable[[CitedWriter], Chart | None]]:
    """Pictures of plans by name; what draws one gives None where the plan lacks what it shows."""
    first = plans[0]
    return {
        "curve": lambda writer: plan_charts.curve(writer, plans),
        "near": lambda writer: plan_charts.near(writer, first),
        "spending": lambda writer: plan_charts.spending(writer, first),
        "promise": lambda writer: plan_charts.promises(writer, plans),
    }


def _pay(writer: CitedWriter, found: PlanResult) -> Section | None:
    """What to pay for; None for an empty plan."""
    words = writer.words
    if not found.portfolio:
        return None
    table, chart = _portfolio(writer, found), plan_charts.spending(writer, found)
    told = [Para(marked_once(line)) for line in (plan_words.heavy_left_out(writer, found), plan_words.price_war(writer, found)) if line]
    blocks: list[Block] = [table, *([chart] if chart else []), *told, *_alone(writer, found)]
    return Section("pay", words.plain("plan.section.pay"), tuple(blocks))


def _portfolio(writer: CitedWriter, found: PlanResult) -> Table:
    """Measures by public money, with when they help and what leaving each out would cost."""
    words, several = writer.words, len(found.parties) > 1
    shown = [row for row in found.portfolio if row.public_usd >= LEAST_USD][:MAX_MEASURES] or list(found.portfolio[:MAX_MEASURES])
    ref = note(writer, found, "portfolio", measure_facts(row.measure for row in shown))
    rows = tuple(
        (
            measure(words, row.measure, row.name),
            *((" + ".join(words.region(code) for code in row.party.split("+")),) if several else ()),
            str(row.year),
            str(row.usable_from or ""),
            plan_words.size(words, row),
            millions(words, row.public_usd),
            millions(words, row.avoids_usd),
        )
        for row in shown
    )
    head = ("measure", *(("party",) if several else ()), "committed", "helps_from", "size", "public", "worth")
    counts = {"shown": str(len(shown)), "all": str(len(found.portfolio))}
    caption = words.plain("plan.portfolio.caption", **counts)
    return Table(caption, tuple(words.plain(f"table.{key}") for key in head), rows, ref, words=2 if several else 1)


def _alone(writer: CitedWriter, found: PlanResult) -> Iterator[EventGroup]:
    """What pays by itself and so needs no public money."""
    words, rows = writer.words, found.pays_alone
    if rows:
        ref = note(writer, found, "alone", measure_facts(row.measure for row in rows))
        names = {row.measure: _named_alone(writer, row, ref) for row in rows}
        count = Span("num", str(len(names)), ref)
        lead, shown = Para(words.say("plan.alone", count=count)), list(names.values())[:MAX_ALONE]
        more = len(names) - MAX_ALONE
        left = [words.say("plan.alone.more", count=Span("num", str(more), ref))] if more > 0 else []
        yield EventGroup((lead, Bullets((*shown, *left))))


def _named_alone(writer: CitedWriter, row: PaysAloneRow, ref: str) -> Spans:
    """A measure that pays by itself, with the fall of prices at which it no longer would."""
    words, name = writer.words, measure(writer.words, row.measure, row.name)
    if row.price_fall is None:
        return (Span("text", name),)
    until = words.say("plan.alone.until", share=writer.plain_share(row.price_fall, ref))
    return words.say("list.aside", name=name, aside=until)


def _compared(writer: CitedWriter, found: PlanResult) -> Section | None:
    """What governments put up for the same purpose, beside the plan; None where nothing is on record."""
    words, several = writer.words, len(found.parties) > 1
    if not found.compared_with:
        return None
    ref = note(writer, found, "compared", tuple(row.fact for row in found.compared_with))
    cells = tuple(
        (
            _recorded(words, row),
            *((words.region(row.party),) if several else ()),
            row.period,
            *(_amount(words, value, row.unit) for value in (row.recorded, row.plan)),
        )
        for row in found.compared_with
    )
    head = ("what", *(("party",) if several else ()), "when", "recorded", "this_plan")
    title = words.plain("plan.compared.title")
    table = Table(title, tuple(words.plain(f"table.{key}") for key in head), cells, ref, words=3 if several else 2)
    return Section("compared", words.plain("plan.section.compared"), (table,))


def _funded(writer: CitedWriter, found: PlanResult) -> Section | None:
    """Projects that the parties have really funded, and why the plan takes them or not; None where none is on record."""
    words, several = writer.words, len(found.parties) > 1
    if not found.funded:
        return None
    ref = note(writer, found, "funded", tuple(dict.fromkeys(row.fact for row in found.funded)))
    cells = tuple(
        (
            _project(words, row),
            *((words.region(row.party),) if several else ()),
            row.period,
            "" if row.amount is None else f"{words.number(row.amount, _places(row.amount))} {row.unit}",
            _standing(words, row),
        )
        for row in found.funded
    )
    head = ("project", *(("party",) if several else ()), "when", "recorded", "this_plan")
    title = words.plain("plan.funded.title")
    table = Table(title, tuple(words.plain(f"table.{key}") for key in head), cells, ref, words=5 if several else 4)
    return Section("funded", words.plain("plan.section.funded"), (table,))


def _project(words: Words, row: FundedRow) -> str:
    """Name of a project, with the plant that stands for it; said to be recalled where no source was seen."""
    plant = [measure(words, row.measure, row.name)] if row.measure else []
    asides = [*plant, *([words.plain("plan.recalled")] if row.recalled else [])]
    name = project_name(row, words.lang)
    for aside in asides:
        name = words.plain("list.aside", name=name, aside=aside)
    return name


def _places(amount: float) -> int:
    """Decimals of an amount as recorded, as a decimal place."""
    return -len(f"{amount:g}".partition(".")[2])


def _standing(words: Words, row: FundedRow) -> str:
    """What the plan does with a funded project, or what keeps it out."""
    share = {"taken": row.share, "dearer": row.too_dear_by, "alone": row.price_fall}.get(row.why)
    if share is None:
        return words.plain(f"plan.funded.{row.why}")
    return words.plain("plan.funded.alone_until" if row.why == "alone" else f"plan.funded.{row.why}", share=words.percent(share, 0))


def _recorded(words: Words, row: ComparisonRow) -> str:
    """Name of a recorded commitment; said to be recalled where no source was seen."""
    known = words.has(f"plan.recorded.{row.fact}")
    name = measure(words, row.measure, row.what) if row.measure else words.plain(f"plan.recorded.{row.fact}") if known else row.what
    return words.plain("list.aside", name=name, aside=words.plain("plan.recalled")) if row.recalled else name


def _amount(words: Words, value: float, unit: str) -> str:
    """Tonnes of a stock, else millions of USD."""
    return words.plain("unit.t", value=words.number(value, 0)) if unit == "t" else millions(words, value)


def _stays(writer: CitedWriter, found: PlanResult) -> Section | None:
    """What stays and why; None where nothing is lost without the plan."""
    words, rows = writer.words, [row for row in found.residual if row.loss_usd >= LEAST_USD][:MAX_STAYS]
    if found.risk_before < plan_words.CALM_USD:
        return None
    ref = note(writer, found, "stays")
    share = writer.plain_share(found.risk_after / found.risk_before, ref)
    amounts = {"after": writer.money(found.risk_after, None, None, ref), "before": writer.money(found.risk_before, None, None, ref)}
    blocks: list[Block] = [Para(marked_once(words.say("plan.stays.lead", share=share, **amounts)), "lead")]
    if rows:
        several = len(found.parties) > 1
        cells = tuple(
            (
                capital(words.sector(row.sector)),
                *((words.region(row.party),) if several else ()),
                capital(words.commodity(row.input)),
                words.plain(f"plan.why.{row.why.replace(' ', '_')}"),
                millions(words, row.loss_usd),
                millions(words, row.before_usd),
            )
            for row in rows
        )
        head = ("sector", *(("party",) if several else ()), "scarcest", "why_left", "left", "without")
        blocks.append(
            Table(
                words.plain("plan.stays.title"), tuple(words.plain(f"table.{key}") for key in head), cells, ref, words=4 if several else 3
            )
        )
    return Section("stays", words.plain("plan.section.stays"), tuple(blocks))


def _promise(writer: CitedWriter, plans: tuple[PlanResult, ...]) -> Section | None:
    """What the plan promises beside other roads to the same; None where it was not tried in the simulator."""
    words = writer.words
    if not any(found.risk_resimulated for found in plans):
        return None
    chart: Chart | None = plan_charts.promises(writer, plans)
    assert chart is not None
    lines = [line for found in plans for line in _simulated(writer, found, len(plans) > 1)]
    blocks: list[Block] = [chart]
    return Section("promise", words.plain("plan.section.promise"), (*blocks, *lines))


def _simulated(writer: CitedWriter, found: PlanResult, several: bool) -> Iterator[Para]:
    """What the weekly simulator says of the plan, and of others who gain by it."""
    again, words = found.risk_resimulated, writer.words
    if again is None:
        return
    ref = note(writer, found, "simulated", origin="simulated")
    fields = {
        "draws": Span("num", str(again.draws), ref), "start": words.time(RESIMULATED_AT),
        "depth": writer.plain_share(RESIMULATED_DEPTH, ref), "mean": writer.money(again.mean, again.low, again.high, ref),
        "promised": writer.money(again.promised, None, None, ref),
    }  # fmt: skip
    told = words.say("plan.promise.told", **fields)
    lines = [words.say("list.named", name=name_of(writer, found), list=told) if several else told]
    others = sorted(again.spillover.items(), key=lambda pair: -pair[1])
    gaining = [
        words.say("list.aside", name=words.region(code), aside=writer.money(usd, None, None, ref))
        for code, usd in others
        if usd >= LEAST_USD
    ]
    if gaining:
        lines.append(words.say("plan.promise.spill", list=words.chained(gaining, "list.pair")))
    losing = [
        words.say("list.aside", name=words.region(code), aside=writer.money(-usd, None, None, ref))
        for code, usd in others
        if usd <= -LEAST_USD
    ]
    if losing:
        lines.append(words.say("plan.promise.harm", list=words.chained(losing, "list.pair")))
    yield Para(marked_once(words.chained(lines, "list.sentences")))
