"""The page on duties: what dated duties cost whom, by step, partner and group of goods, and what the replay says of the model."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ytterby.facts import vocabulary
from ytterby.report.briefing.bargain_names import billions
from ytterby.report.briefing.document import Chart, PageParts, Section, Span, Table
from ytterby.report.briefing.result_frame import named, page
from ytterby.report.charts import DutyStep, duty_steps_chart
from ytterby.report.digits import FEW_DRAWS, band_place
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Callable

    from ytterby.economy.trade import DutyPeriodRow, TradeBranch, TradeParty, TradeResult
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block, Briefing, Spans
    from ytterby.report.briefing.result_input import ResultFrame
    from ytterby.report.text import Field, Words

BILLION, PERCENT = 1e9, 100.0
MAX_GROUPS, MAX_PARTNERS = 12, 8
LEAST_USD = 5e7
"""Smaller changes of a group's sales are not listed [USD]."""
SHOWN = ("cars", "car_parts")
"""Groups whose duty is drawn beside the mean of all goods."""
ALL_OTHERS = "ROW"
UNKNOWN = ("rates", "others", "second_round", "home", "other_duties", "agreement")
UNITS = {"%": "unit.percent", "percentage points": "unit.points", "bn JPY": "unit.bn_jpy"}
"""Words of the units of the replay."""
SEEN = Span("time", "2025", "2025")
"""Year whose prices were known when the pass-through was chosen."""
MINUS = "\u2212"
MOST_NAMED = 3
"""Partners of which the answer tells."""


def write_duties(found: TradeResult, frame: ResultFrame, lang: str = "en") -> Briefing:
    """Page on duties.

    Parameters
    ----------
    found : TradeResult
    frame : ResultFrame
    lang : str

    Raises
    ------
    UnknownNameError
        If there is no message catalogue of the language.
    """
    writer = frame.writer(lang)
    words, first = writer.words, (writer, found)
    parts = PageParts(
        _title(words, found),
        words.plain("duties.subtitle"),
        _answer(*first),
        _home(*first),
        _meta(*first),
        _warnings(*first),
        (),
        _points(*first),
        _changes(*first),
        tuple(words.say(f"duties.unknown.{key}") for key in UNKNOWN),
        tuple(section for section in (_steps(*first), _partners(*first), _groups(*first), _replay(*first)) if section),
    )
    return page(parts, frame, writer, "duties.brand", "duties.points.title")


def duties_pictures(found: TradeResult) -> dict[str, Callable[[CitedWriter], Chart | None]]:
    """Pictures of duties by name."""
    return {"steps": lambda writer: steps_chart(writer, found)}


def _note(writer: CitedWriter, found: TradeResult, key: str) -> str:
    words = writer.words
    common = words.plain("duties.note.common", draws=str(found.draws), seed=str(found.seed))
    return writer.notes.add(
        f"duties:{key}", "derived", words.plain("duties.note.title"), words.plain(f"duties.note.{key}"), facts=found.facts, common=common
    )


def _title(words: Words, found: TradeResult) -> str:
    return found.titles.get(words.lang) or words.translated(found.title)


def _partner(words: Words, code: str) -> str:
    """Name of a partner inside a sentence."""
    return (
        words.plain("duties.all_others")
        if code == ALL_OTHERS
        else named(words, code)
        if words.has(f"named.{code}")
        else words.country(code)
    )


def _goods(words: Words, code: str) -> str:
    term = vocabulary.trade_groups().get(code)
    return term.name(words.lang) if term else code


def _month(words: Words, text: str) -> Span:
    when = date.fromisoformat(f"{text}-01")
    return Span("time", words.day(when, "month"), text)


def _answer(writer: CitedWriter, found: TradeResult) -> Spans:
    """What the named partners sell, keep and employ less or more, in the year that is added up."""
    words, ref = writer.words, _note(writer, found, "partners")
    rows = [row for row in found.parties[1:] if row.party in found.named][:MOST_NAMED]
    told = [_sold(writer, found, row, ref) for row in rows]
    when = words.say(
        "duties.answer.year", first=_month(words, found.year[0]), last=_month(words, found.year[1]), against=_against(words, found)
    )
    return words.chained([*told, when], "list.sentences")


def _against(words: Words, found: TradeResult) -> Spans:
    """What changes are counted from."""
    if len(found.against) == len("2024"):
        return (Span("time", found.against, found.against),)
    return words.say("duties.against", day=words.time(date.fromisoformat(found.against)))


def _sold(writer: CitedWriter, found: TradeResult, row: TradeParty, ref: str) -> Spans:
    words = writer.words
    low, high = sorted(abs(end) for end in row.band.get("exports", (row.exports, row.exports)))
    one_way = row.band.get("exports", (1.0, 1.0))[0] * row.band.get("exports", (1.0, 1.0))[1] > 0.0
    fields: dict[str, Field] = {
        "who": capital(_partner(words, row.party)), "home": named(words, found.parties[0].party),
        "usd": writer.money(abs(row.exports), low if one_way else None, high if one_way else None, ref),
    }  # fmt: skip
    side = "less" if row.exports < 0.0 else "more"
    if row.value_added is None or row.jobs_with_suppliers is None:
        return words.say(f"duties.answer.{side}", **fields)
    jobs = Span("num", _jobs(words, row.jobs_with_suppliers, row.band.get("jobs_with_suppliers")).lstrip(MINUS), ref)
    lost = "less" if row.value_added < 0.0 else "more"
    content = words.say(f"duties.answer.content_{lost}", added=writer.money(abs(row.value_added), None, None, ref), jobs=jobs)
    return words.chained([words.say(f"duties.answer.{side}", **fields), content], "list.sentences")


def _jobs(words: Words, jobs: float, band: tuple[float, float] | None = None) -> str:
    """Number of jobs at the digits that its band supports, to two digits where it has none."""
    return words.number(jobs, max(band_place(jobs, *(band or (None, None))), 0))


def _home(writer: CitedWriter, found: TradeResult) -> Spans:
    """What the importing country takes in and what its buyers pay."""
    words, ref, home = writer.words, _note(writer, found, "home"), found.parties[0]
    paid = sum(row.revenue - row.base * row.duty_before for row in found.groups)
    fields = {"paid": paid, "revenue": home.revenue, "buyers": -(home.consumers + home.users)}
    amounts = {key: writer.money(usd, None, None, ref) for key, usd in fields.items()}
    return words.say("duties.home", who=capital(named(words, home.party)), **amounts)


def _meta(writer: CitedWriter, found: TradeResult) -> tuple[tuple[str, Spans], ...]:
    words, ref = writer.words, _note(writer, found, "partners")
    draws = words.say("bargain.meta.draws_value", draws=Span("num", str(found.draws), ref), seed=Span("num", str(found.seed), ref))
    years = words.say("duties.meta.year_value", first=_month(words, found.year[0]), last=_month(words, found.year[1]))
    rows: list[tuple[str, Spans]] = [
        ("duties.meta.on", (Span("text", capital(words.listed(_partner(words, code) for code in found.named))),)),
        ("duties.meta.year", years),
        ("bargain.meta.horizon", words.say(f"bargain.horizon.{found.horizon}")),
    ]
    rows += [("bargain.meta.draws", draws)] if found.draws else []
    return tuple((words.plain(key), spans) for key, spans in rows)


def _warnings(writer: CitedWriter, found: TradeResult) -> tuple[Spans, ...]:
    words, ref = writer.words, _note(writer, found, "home")
    lines = [words.say("duties.warn.assumed")]
    home = found.recalled.get("home")
    if home:
        lines.append(words.say("duties.warn.home", share=writer.plain_share(home, ref)))
    if 0 < found.draws < FEW_DRAWS:
        lines.append(words.say("bargain.warn.draws", draws=Span("num", str(found.draws), ref)))
    return tuple(lines)


def _points(writer: CitedWriter, found: TradeResult) -> tuple[Spans, ...]:
    """The dearest step, and the one that gave back most."""
    words, ref = writer.words, _note(writer, found, "steps")
    if not found.steps:
        return ()
    dearest = max(found.steps, key=_cost)
    lines = [words.say("duties.points.dearest", date=_day(words, dearest), cost=writer.money(_cost(dearest), None, None, ref),
                       paid=writer.money(dearest.revenue, None, None, ref))]  # fmt: skip
    pairs = list(zip(found.steps, found.steps[1:], strict=False))
    if pairs:
        before, after = max(pairs, key=lambda pair: _cost(pair[0]) - _cost(pair[1]))
        given = _cost(before) - _cost(after)
        if given > 0.0:
            lost = before.revenue - after.revenue
            lines.append(words.say("duties.points.relief", date=_day(words, after), gain=writer.money(given, None, None, ref),
                                   lost=writer.money(lost, None, None, ref)))  # fmt: skip
    return tuple(lines)


def _cost(step: DutyPeriodRow) -> float:
    """What a step takes from the named partners [USD/year]: value added, or the fall of their prices where that is all that is known."""
    return step.price_loss if step.value_added is None else -step.value_added


def _day(words: Words, step: DutyPeriodRow) -> Span:
    return words.time(date.fromisoformat(step.start))


def _changes(writer: CitedWriter, found: TradeResult) -> tuple[Spans, ...]:
    """What holds after the last fork, and what adaptation does."""
    words, ref = writer.words, _note(writer, found, "steps")
    forks = [row for row in found.branches if row.label]
    items = [_branch(writer, row, ref) for row in forks]
    return (*items, words.say("duties.change.horizon"), words.say("duties.change.pass_through", year=SEEN))


def _branch(writer: CitedWriter, row: TradeBranch, ref: str) -> Spans:
    words = writer.words
    added = words.plain("duties.no_table") if row.value_added is None else writer.money(row.value_added, None, None, ref)
    shares = {"p": writer.plain_share(row.p, ref), "duty": writer.plain_share(row.duty, ref)}
    return words.say("duties.change.branch", label=words.translated(row.label), added=added, **shares)


def _steps(writer: CitedWriter, found: TradeResult) -> Section | None:
    """Duties as steps over time, with what each cost whom."""
    if not found.steps:
        return None
    chart = steps_chart(writer, found)
    blocks: list[Block] = [chart, chart.table]
    return Section("steps", writer.words.plain("duties.section.steps"), tuple(blocks))


def steps_chart(writer: CitedWriter, found: TradeResult) -> Chart:
    """Duties as steps over time, and below what each cost whom a year."""
    words = writer.words
    ref = _note(writer, found, "steps")
    last = date.fromisoformat(f"{found.months[-1].month}-28")
    names = {key: words.plain(f"duties.steps.{key}") for key in ("exporters", "paid", "buyers")}
    steps = [
        DutyStep(
            date.fromisoformat(row.start),
            {words.plain("duties.all_goods"): row.mean, **{_goods(words, name): row.duty[name] for name in SHOWN if name in row.duty}},
            {names["exporters"]: -_cost(row) / BILLION, names["paid"]: row.revenue / BILLION, names["buyers"]: -row.buyers / BILLION},
        )
        for row in found.steps
    ]
    titles = (words.plain("duties.steps.duty"), words.plain("duties.steps.cost"))
    title = words.plain("duties.steps.title")
    top = max(found.steps, key=lambda row: row.mean)
    alt = words.plain(
        "duties.steps.alt", who=words.listed(_partner(words, code) for code in found.named), share=words.percent(top.mean, -1),
        day=_day(words, top).text, paid=billions(words, top.revenue),
    )  # fmt: skip
    return Chart("duty-steps", title, duty_steps_chart(steps, last, titles, words), alt, _step_table(writer, found, ref), ref, width="full")


def _step_table(writer: CitedWriter, found: TradeResult, ref: str) -> Table:
    words = writer.words
    rows = tuple(
        (
            _day(words, row).text,
            *(words.percent(row.duty[name], -1) for name in SHOWN if name in row.duty),
            words.percent(row.mean, -1),
            billions(words, -_cost(row)),
            billions(words, row.revenue),
            billions(words, -row.buyers),
            "" if row.jobs is None else _jobs(words, row.jobs),
        )
        for row in found.steps
    )
    goods = [_goods(words, name) for name in SHOWN if name in found.steps[0].duty]
    sums = [words.plain(f"duties.steps.{key}") for key in ("exporters", "paid", "buyers")]
    head = (
        words.plain("table.from"), *(capital(name) for name in goods), capital(words.plain("duties.all_goods")), *map(capital, sums),
        words.plain("table.jobs_changed"),
    )  # fmt: skip
    return Table(words.plain("duties.steps.table"), head, rows, ref)


def _partners(writer: CitedWriter, found: TradeResult) -> Section:
    """Change of the sales of each partner, and of the accounts of the importing country."""
    words, ref, home = writer.words, _note(writer, found, "partners"), found.parties[0]
    rows = tuple(
        (
            capital(_partner(words, row.party)),
            billions(words, row.exports),
            _ends(words, row, "exports"),
            billions(words, -row.price_loss),
            "" if row.value_added is None else billions(words, row.value_added),
            "" if row.jobs_with_suppliers is None else _jobs(words, row.jobs_with_suppliers, row.band.get("jobs_with_suppliers")),
        )
        for row in found.parties[1 : MAX_PARTNERS + 1]
    )
    keys = ("partner", "sales", "band", "by_price", "added_value", "jobs_changed")
    sales = Table(words.plain("duties.partners.title"), tuple(words.plain(f"table.{key}") for key in keys), rows, ref)
    sums = {"revenue": home.revenue, "consumers": home.consumers, "users": home.users, "value_added": home.value_added}
    accounts = tuple(
        (words.plain(f"duties.home.{key}"), billions(words, value), _ends(words, home, key))
        for key, value in sums.items()
        if value is not None
    )
    names = (words.plain("table.what"), words.plain("axis.usd_billion_year"), words.plain("table.band"))
    title = words.plain("duties.home.title", who=capital(named(words, home.party)))
    own = Table(title, names, accounts, _note(writer, found, "home"), "half")
    return Section("partners", words.plain("duties.section.partners"), (own, sales))


def _ends(words: Words, row: TradeParty, key: str) -> str:
    """Band of a field in billions; empty without draws."""
    if key not in row.band:
        return ""
    low, high = (billions(words, end) for end in row.band[key])
    return words.plain("range.of", low=low, high=high)


def _groups(writer: CitedWriter, found: TradeResult) -> Section | None:
    """Goods of the named partners: duty, price, volume, change of value."""
    words, several = writer.words, len(found.named) > 1
    rows = [row for row in found.groups if abs(row.change) >= LEAST_USD][:MAX_GROUPS]
    if not rows:
        return None
    cells = tuple(
        (
            capital(_goods(words, row.group)),
            *((capital(_partner(words, row.partner)),) if several else ()),
            billions(words, row.base).lstrip("+"),
            words.plain("range.of", low=words.number(PERCENT * row.duty_before, -1), high=words.number(PERCENT * row.duty, -1)),
            words.number(PERCENT * (row.export_price - 1.0), -1),
            words.number(PERCENT * (row.volume - 1.0), -1),
            billions(words, row.change),
        )
        for row in rows
    )
    keys = ("goods", *(("partner",) if several else ()), "before", "duty_percent", "export_price", "volume", "change_value")
    head = tuple(words.plain(f"table.{key}") for key in keys)
    table = Table(words.plain("duties.groups.title"), head, cells, _note(writer, found, "groups"), words=2 if several else 1)
    return Section("groups", words.plain("duties.section.groups"), (table,))


def _replay(writer: CitedWriter, found: TradeResult) -> Section | None:
    """Published figures beside those of the model; None for scenarios without a replay."""
    words = writer.words
    if not found.replay or found.replay_score is None:
        return None
    score = found.replay_score
    cells = tuple(
        (
            words.plain(f"duties.replay.{row.target}") if words.has(f"duties.replay.{row.target}") else row.what,
            _figure(words, row.published, row.unit),
            _figure(words, row.model, row.unit),
            words.plain("range.of", low=_figure(words, row.low, row.unit), high=_figure(words, row.high, row.unit)),
            words.plain("duties.replay.compared" if row.hit is None else "bargain.step.yes" if row.hit else "bargain.step.no"),
        )
        for row in found.replay
    )
    counts = {"met": score.within_rule, "of": score.of, "unseen": score.unseen}
    caption = words.plain("duties.replay.title", **{key: str(value) for key, value in counts.items()})
    keys = ("what", "published", "model", "band", "hit")
    table = Table(caption, tuple(words.plain(f"table.{key}") for key in keys), cells, _note(writer, found, "replay"))
    return Section("replay", words.plain("duties.section.replay"), (table,))


def _figure(words: Words, value: float, unit: str) -> str:
    """Figure of the replay with its unit."""
    text = words.number(value, -1 if abs(value) < PERCENT else 0)
    return words.plain(UNITS[unit], value=text) if unit in UNITS else f"{text} {unit}"
