"""Page on a firm's own parts, in the form of a briefing: what is missing first, where a week of stock helps, what to ask whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ytterby.report.briefing.cited_writer import ORIGINS, Notes
from ytterby.report.briefing.document import Briefing, Bullets, Chart, EventGroup, Para, Section, Span
from ytterby.report.briefing.labels_and_sources import LABELS
from ytterby.report.charts import Bar, StopBar, bar_chart, stops_chart
from ytterby.report.parts.tables import WHOLE, day, missing, outlook, parts_tables, supplier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.exposure import LicenceDate, PartExposure, PartsResult
    from ytterby.report.briefing.document import Spans, Table
    from ytterby.report.text import Words

SHOWN = 12
"""Parts in the chart, the first to be missing first."""
NEXT = 6
"""Dates on the first page."""
DEPENDENT = 0.01
"""Share upstream from which a part bought elsewhere is named as dependent [1]."""
MARGIN = dt.timedelta(days=60)
"""Time in the chart after the last first day of a shortage."""
COUNTED = {"goes on": "goes_on", "rescued": "goes_on", "unknown": "unknown"}
"""Group in which a part is counted, by its outlook, where nothing of it is missing."""


def parts_paper(found: PartsResult, words: Words, version: str, today: dt.date) -> Briefing:
    """Page on the parts of a firm.

    Parameters
    ----------
    found : PartsResult
    words : Words
        Language of the page.
    version : str
        Version of the program.
    today : date
        Day on which it is written.
    """
    notes = Notes(words, {})
    refs = _notes(found, words, notes)
    tables = parts_tables(found, words, refs)
    return Briefing(
        title(found, words),
        words.plain("parts.subtitle", file=found.file, count=words.number(len(found.parts), 0), date=words.day(found.on)),
        answer(found, words),
        support(found, words),
        _meta(found, words),
        warnings(found, words),
        _panels(found, words, tables[0], refs[0]),
        (),
        _changes(found, words),
        unknowns(found, words),
        tuple(_sections(found, words, tables)),
        lang=words.lang,
        notes=notes.all(),
        dates=_dates(found, words),
        labels=_labels(words, version, today),
        serif=words.fonts("serif"),
        sans=words.fonts("sans"),
    )


@dataclass(frozen=True)
class PartsLines:
    """What a terminal says of the parts besides their tables."""

    answer: Spans
    support: Spans
    warnings: tuple[Spans, ...]
    remarks: tuple[Spans, ...]
    last: tuple[Spans, ...]
    """Legend, open questions, and what becomes of the list."""


def parts_lines(found: PartsResult, words: Words) -> PartsLines:
    """Sentences of the page for a terminal."""
    asked = sum(len(row.ask) for row in found.questions)
    last = [words.say(f"parts.legend.{'scenario' if found.scenario else 'country'}")]
    if asked:
        suppliers = words.number(len(found.questions), 0)
        last.append(words.count("parts.open_questions", asked, count=words.number(asked, 0), suppliers=suppliers))
    last.append(words.say("list.named", name=found.file, list=words.plain("parts.stays_here")))
    return PartsLines(answer(found, words), support(found, words), warnings(found, words), tuple(remarks(found, words)), tuple(last))


def _labels(words: Words, version: str, today: dt.date) -> dict[str, str]:
    labels = {key: words.plain(f"page.{key}") for key in LABELS}
    labels |= {f"origin_{origin}": words.plain(f"origin.{origin}") for origin in ORIGINS}
    return labels | {"made": words.plain("page.made", version=version, date=words.time(today)), "brand": words.plain("parts.brand")}


def title(found: PartsResult, words: Words) -> str:
    """What happens, in a few words: the country that delivers nothing, or the title of the scenario."""
    if found.scenario is None:
        return words.plain("parts.title", country=words.country(found.country))
    return words.declared({f"title_{lang}": text for lang, text in found.scenario.title.items()}, "title")


def answer(found: PartsResult, words: Words) -> Spans:
    """Which part is missing first and when, and how many others are."""
    what = _event(found, words)
    first = next((row for row in found.parts if row.days_to_stop is not None), None)
    if first is None:
        end = words.day(found.on + dt.timedelta(days=int(7 * found.weeks)))
        lead = words.say("parts.answer.none", what=what, end=end)
    else:
        when = Span("strong", missing(words, found, first))
        lead = words.say("parts.answer.first", what=what, part=Span("strong", first.part), when=when, day=day(words, first))
    return words.chained((lead, counts(found, words)), "list.sentences")


def _event(found: PartsResult, words: Words) -> Spans:
    """What happens from when on."""
    since = words.day(found.on)
    if found.scenario:
        return words.say("parts.event.scenario", title=title(found, words), since=since)
    return words.say("parts.event.country", country=words.country(found.country), since=since)


def counts(found: PartsResult, words: Words) -> Spans:
    """How many parts stop (all of the need is missing), run short (a share of it), go on, or are unknown to the model."""
    keys = [COUNTED.get(row.outlook) or ("stops" if row.missing_share >= WHOLE else "slows") for row in found.parts]
    number = {key: keys.count(key) for key in ("stops", "slows", "goes_on", "unknown")}
    said = ["".join(span.text for span in words.count(f"parts.count.{key}", many, count=str(many))) for key, many in number.items() if many]
    return words.count("parts.count.all", len(found.parts), count=words.number(len(found.parts), 0), list=words.listed(said))


def support(found: PartsResult, words: Words) -> Spans:
    """Parts that are bought elsewhere and yet depend on the lost country."""
    if not found.country:
        return ()
    rows = [row for row in found.parts if row.country != found.country and (row.upstream_share or 0.0) >= DEPENDENT]
    named = [
        words.plain("list.aside", name=row.part, aside=f"{words.country(row.country)}, {words.percent(row.upstream_share or 0.0, 0)}")
        for row in rows
    ]
    return words.say("parts.support", country=words.country(found.country), list=words.listed(named)) if named else ()


def warnings(found: PartsResult, words: Words) -> tuple[Spans, ...]:
    """What a reader must know first: expired licences, parts that the model does not know, and how the file was read."""
    expired = [row.part for row in found.parts if row.licence_state == "expired"]
    unknown = [row.part for row in found.parts if row.outlook == "unknown"]
    uncounted = [row.part for row in found.parts if row.weeks_of_cover is None]
    named = (("expired", expired), ("unknown", unknown), ("no_cover", uncounted))
    said = [words.say(f"parts.warning.{key}", list=words.joined(names)) for key, names in named if names]
    said += [words.say(f"parts.note.{note.code}", list=words.joined(note.about)) for note in found.notes]
    return tuple(said)


def years(found: PartsResult, words: Words) -> str:
    """Base year; of parts of several minerals the year of each."""
    if len(found.bases) < 2:  # noqa: PLR2004
        return str(found.base_year)
    return words.listed(words.plain("list.aside", name=str(row.base_year), aside=words.plain(f"chain.{row.chain}")) for row in found.bases)


def bases(found: PartsResult, words: Words) -> Spans:
    """Which parts stand on which base, where they are of several minerals."""
    if len(found.bases) < 2:  # noqa: PLR2004
        return ()
    items = [
        words.say("parts.base", chain=words.plain(f"chain.{row.chain}"), year=str(row.base_year), list=words.joined(row.parts))
        for row in found.bases
    ]
    return words.say("parts.bases", list=words.chained(items, "list.clauses"))


def _meta(found: PartsResult, words: Words) -> tuple[tuple[str, Spans], ...]:
    as_of = dt.date.fromisoformat(found.as_of)
    base = words.say("parts.meta.base_text", year=years(found, words), date=words.day(as_of))
    rows = [(words.plain("parts.meta.base"), base)]
    if found.importer:
        rows.append((words.plain("parts.meta.importer"), words.say("list.sentence", text=words.region(found.importer))[:1]))
    if found.scenario and found.scenario.draws > 1:
        range_text = words.say("parts.meta.draws", draws=words.number(found.scenario.draws, 0))
    else:
        range_text = words.say("parts.meta.central" if found.scenario else "parts.meta.stocks")
    return (*rows, (words.plain("parts.meta.range"), range_text), (words.plain("parts.meta.file"), words.say("parts.stays_here")))


def _notes(found: PartsResult, words: Words, notes: Notes) -> tuple[str, str, str]:
    """Notes of the parts, the ladder and the licences: what their numbers come from."""
    year = years(found, words)
    if found.scenario:
        run = words.plain("parts.source.run", scenario=found.scenario.name, draws=words.number(found.scenario.draws, 0))
        first = notes.add("run", "simulated", words.plain("parts.source.run_title"), run)
    else:
        first = notes.add("share", "derived", words.plain("parts.source.share_title"), words.plain("parts.source.share", year=year))
        notes.add("stock", "assumed", words.plain("parts.source.stock_title"), words.plain("parts.source.stock"))
    second = notes.add("ladder", "derived", words.plain("parts.source.ladder_title"), words.plain("parts.source.ladder", year=year))
    third = notes.add("list", "reported", words.plain("parts.source.list_title"), words.plain("parts.source.list", file=found.file))
    return first, second, third


def _panels(found: PartsResult, words: Words, table: Table, ref: str) -> tuple[Chart, ...]:
    """Chart of the first day of each part, and of how much passed the lost country or is missing in the run."""
    rows = [row for row in found.parts if row.days_to_stop is not None][:SHOWN]
    if not rows:
        return ()
    bars = [_bar(found, words, row) for row in rows]
    ends = [bar.high or bar.middle or bar.low for bar in bars]
    last = min(max(ends) + MARGIN, found.on + dt.timedelta(days=int(7 * found.weeks)))
    svg = stops_chart(bars, found.on, last, words)
    alt = words.plain("parts.alt", list=words.joined([f"{row.part}: {missing(words, found, row)}" for row in rows]))
    first = Chart(
        "parts",
        words.plain("parts.chart"),
        svg,
        alt,
        table,
        ref,
        remark=words.say("parts.chart_remark" if found.country else "parts.chart_remark_run"),
    )
    return first, _amounts(found, words, rows, table, ref)


def _amounts(found: PartsResult, words: Words, rows: Sequence[PartExposure], table: Table, ref: str) -> Chart:
    """Share upstream of each part; in a scenario the need that is not met, in days of it."""
    if found.scenario:
        days = [(row.part, row.missing_days) for row in rows]
        bars = [Bar("", name, value, None, None, words.plain("unit.days", value=words.number(value, 0))) for name, value in days]
    else:
        shares = [(row.part, row.upstream_share or 0.0) for row in found.parts[:SHOWN]]
        bars = [Bar("", name, share, None, None, words.percent(share, 0)) for name, share in shares]
    key = "days" if found.scenario else "share"
    name = words.plain(f"parts.amount.{key}", country=words.country(found.country))
    alt = words.plain("list.named", name=name, list=words.joined([f"{bar.name}: {bar.label}" for bar in bars]))
    return Chart("amounts", name, bar_chart(bars, None if found.scenario else 1.0), alt, table, ref)


def _bar(found: PartsResult, words: Words, row: PartExposure) -> StopBar:
    days = (row.days_to_stop_low, row.days_to_stop, row.days_to_stop_high)
    low, middle, high = (None if item is None else found.on + dt.timedelta(days=int(item)) for item in days)
    return StopBar(row.part, low or found.on, middle, high, outlook(words, row), own=found.country in ("", row.country))


def _changes(found: PartsResult, words: Words) -> tuple[Spans, ...]:
    """What one week of stock, or one second source, of the first parts changes."""
    if not found.ladder:
        return ()
    step = found.ladder[0]
    names = words.listed(step.parts)
    week = words.say("parts.change.week", parts=names, days=words.number(int(step.one_week_gains), 0))
    if step.qualification_gains is None:
        return week, words.say("parts.change.second_all", parts=names)
    return week, words.say("parts.change.second", parts=names, days=words.number(int(step.qualification_gains), 0))


def _dates(found: PartsResult, words: Words) -> tuple[tuple[Span, Spans], ...]:
    """Next dates: licences that end, and parts that are missing."""
    held = [(row.date, words.day(row.date), _ends(words, row)) for row in found.licences if not row.expired]
    for row in found.parts:
        if row.missing_from:
            held.append((row.missing_from, missing(words, found, row), words.say("parts.date.missing", part=row.part)))
    rows = sorted(held, key=lambda row: row[0])[:NEXT] or [(found.on, words.day(found.on), words.say("parts.date.none"))]
    return tuple((Span("time", shown, when.isoformat()), text) for when, shown, text in rows)


def _ends(words: Words, row: LicenceDate) -> Spans:
    return words.say("parts.date.licence", supplier=supplier(words, row.supplier, row.country), parts=words.joined(row.parts))


def unknowns(found: PartsResult, words: Words) -> tuple[Spans, ...]:
    """What the list and the model do not say."""
    keys = ("run", "approval") if found.scenario else ("country", "stock")
    return tuple(words.say(f"parts.unknown.{key}") for key in (*keys, "word"))


def _sections(found: PartsResult, words: Words, tables: tuple[Table, Table | None, Table | None]) -> list[Section]:
    parts, ladder, licences = tables
    said = tuple(remarks(found, words))
    sections = [Section("parts", words.plain("parts.section.parts"), (parts, *((Bullets(said),) if said else ()), *_legend(found, words)))]
    if ladder:
        sections.append(Section("ladder", words.plain("parts.section.ladder"), (Para(words.say("parts.ladder_lead")), ladder)))
    if licences:
        sections.append(Section("licences", words.plain("parts.section.licences"), (licences,)))
    if found.questions:
        lead = Para(words.say("parts.ask_lead"))
        sections.append(Section("ask", words.plain("parts.section.ask"), (lead, *_questions(found, words))))
    return sections


def _legend(found: PartsResult, words: Words) -> tuple[Para, ...]:
    key = "scenario" if found.scenario else "country"
    return (Para(words.say(f"parts.legend.{key}"), "small"),)


def remarks(found: PartsResult, words: Words) -> list[Spans]:
    """Alternatives that take over in time, those that are no way out, and orders under which parts need a licence."""
    said = [words.say("parts.remark.rescued", part=row.part, name=row.rescued_by) for row in found.parts if row.rescued_by]
    country = words.country(found.country)
    for row in found.parts:
        for other in row.exposed_alternatives:
            share = words.percent(other.share, 0)
            said.append(words.say("parts.remark.exposed", part=row.part, name=other.name, share=share, country=country))
    based = bases(found, words)
    return [*([based] if based else []), *said, *_licences_needed(found, words), *_dual_use(found, words)]


def _licences_needed(found: PartsResult, words: Words) -> list[Spans]:
    """Parts whose export needs a licence, by order, and those of them of which the list says that they need none."""
    needed: dict[tuple[str, str], list[str]] = {}
    for row in found.parts:
        for control in row.controls:
            if control.kind == "licence" and control.state == "in force":
                needed.setdefault((control.order, control.since), []).append(row.part)
    said = []
    for (order, since), parts in needed.items():
        day = words.time(dt.date.fromisoformat(since))
        said.append(words.say("parts.remark.licence", parts=words.listed(parts), since=day, order=order))
    wrong = [row.part for row in found.parts if row.licence_needed_since and row.licence == "none"]
    return [*said, words.say("parts.remark.said_none", parts=words.listed(wrong))] if wrong else said


def _dual_use(found: PartsResult, words: Words) -> list[Spans]:
    """Parts that are among the dual-use goods of an order on all of them, by order."""
    held: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for row in found.parts:
        for control in row.controls:
            if control.listed_in and control.state == "in force":
                held.setdefault((control.order, control.listed_in), []).append(row.part)
    return [
        words.say("parts.remark.dual_use", parts=words.listed(parts), order=order, orders=words.joined(lists))
        for (order, lists), parts in held.items()
    ]


def _questions(found: PartsResult, words: Words) -> list[EventGroup]:
    country = words.country(found.country) if found.country else words.plain("parts.ask.any_country")
    groups = []
    for row in found.questions:
        lead = words.say("parts.ask.of", supplier=Span("strong", supplier(words, row.supplier, row.country)), parts=words.joined(row.parts))
        asked = tuple(words.say(f"parts.ask.{code}", country=country) for code in row.ask)
        groups.append(EventGroup((Para(lead), Bullets(asked))))
    return groups
