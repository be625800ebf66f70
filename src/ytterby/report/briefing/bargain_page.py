"""The page on talks: whether the deal was inside the room, concessions, the room by day, what a new control and waiting do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ytterby.bargain import MONEY
from ytterby.report.briefing import bargain_charts, bargain_words
from ytterby.report.briefing.bargain_names import amounts, assumption, billions, note, of_unit, spelled_day, step, title
from ytterby.report.briefing.document import PageParts, Section, Table
from ytterby.report.briefing.result_frame import page
from ytterby.report.text import as_spans, capital, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from ytterby.bargain import NegotiationResult
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block, Briefing, Chart
    from ytterby.report.briefing.result_input import ResultFrame

MAX_CONCESSIONS, MAX_SENSITIVITIES = 10, 8
NEXT_TO_NIL = 5e6
"""Terms and steps below this for all parties are not listed [USD/year]."""


def write_talks(found: NegotiationResult, frame: ResultFrame, lang: str = "en") -> Briefing:
    """Page on talks.

    Parameters
    ----------
    found : NegotiationResult
    frame : ResultFrame
    lang : str

    Raises
    ------
    UnknownNameError
        If there is no message catalogue of the language.
    """
    writer = frame.writer(lang)
    words, first = writer.words, (writer, found)
    maps = bargain_charts.day_maps(*first)
    today = tuple(replace(chart, name="room") for chart in maps if chart.name == f"room-{found.day}")
    parts = PageParts(
        title(words, found),
        words.plain("bargain.subtitle"),
        bargain_words.answer(*first),
        bargain_words.support(*first),
        bargain_words.meta(*first),
        bargain_words.warnings(*first),
        (*today, *filter(None, (bargain_charts.parts(*first),))),
        bargain_words.points(*first),
        bargain_words.changes(*first),
        bargain_words.unknowns(words),
        tuple(section for section in (_exchanged(*first), _steps(*first), _days(writer, found, maps), _ends(*first)) if section),
        dates=bargain_words.dates(*first),
    )
    return page(parts, frame, writer, "bargain.brand", "bargain.points.title")


def talks_pictures(found: NegotiationResult) -> dict[str, Callable[[CitedWriter], Chart | None]]:
    """Pictures of talks by name; what draws one gives None where the result lacks what it shows."""
    return {"map": lambda writer: bargain_charts.all_days(writer, found), "parts": lambda writer: bargain_charts.parts(writer, found)}


def _named(found: NegotiationResult) -> dict[str, Mapping[str, Any]]:
    """Terms of the outcome and of the points of two rules, by key."""
    rows = {"actual": found.actual, "nash": found.nash, "kalai_smorodinsky": found.kalai_smorodinsky}
    return {key: row.terms for key, row in rows.items() if row is not None}


def _exchanged(writer: CitedWriter, found: NegotiationResult) -> Section | None:
    """Who gives and gets what, by term and package; None without any package."""
    words, named = writer.words, _named(found)
    if not named:
        return None
    heads = tuple(words.plain(f"bargain.point.{key}") for key in named)
    rows = tuple(
        (capital(row.names.get(words.lang, row.name)), *(step(words, terms[issue], row.kind) for terms in named.values()))
        for issue, row in found.issues.items()
        if not row.still
    )
    packages = Table(
        words.plain("bargain.packages.title"), (words.plain("table.issue"), *heads), rows, note(writer, found, "room"), words=len(heads) + 1
    )
    return Section("exchanged", words.plain("bargain.section.exchanged"), (packages, *_terms(writer, found)))


def _terms(writer: CitedWriter, found: NegotiationResult) -> Iterator[Table]:
    """What the outcome and the Nash point change for each party, by term."""
    words, ref = writer.words, note(writer, found, "parts", "issues", "assumptions")
    shown = {key: found.terms_by_part[key] for key in ("actual", "nash") if key in found.terms_by_part}
    names = [term for term in MONEY if any(abs(own[term]) > NEXT_TO_NIL for terms in shown.values() for own in terms.values())]
    if not shown or not names:
        return
    head = [
        words.plain("list.aside", name=words.region(party), aside=words.plain(f"bargain.point.{key}"))
        for key in shown
        for party in found.parties
    ]
    rows = [
        (
            capital(words.plain(f"bargain.term.{term}")),
            *(billions(words, terms[party][term]) for terms in shown.values() for party in found.parties),
        )
        for term in names
    ]
    sums = [billions(words, sum(terms[party][term] for term in MONEY)) for terms in shown.values() for party in found.parties]
    rows.append((capital(words.plain("bargain.parts.together")), *sums))
    yield Table(words.plain("bargain.terms.title"), (words.plain("table.what"), *head), tuple(rows), ref)


def _steps(writer: CitedWriter, found: NegotiationResult) -> Section | None:
    """Single steps from the outcome, or the Nash point, the best exchange first; None where none moves anything."""
    words, at = writer.words, "actual" if found.actual else "nash"
    rows = [row for row in found.concessions if row.at == at and max(map(abs, row.gains.values())) > NEXT_TO_NIL][:MAX_CONCESSIONS]
    if not rows:
        return None
    cells = tuple(
        (
            *bargain_words.exchange(words, found, row.issue, row.to),
            *amounts(words, found.parties, row.gains),
            words.plain("bargain.steps.free") if row.ratio is None else words.number(row.ratio, -2),
        )
        for row in rows
    )
    head = (words.plain("table.issue"), words.plain("table.goes_to"), *map(words.region, found.parties), words.plain("table.won_per_lost"))
    ref = note(writer, found, "steps", "issues", "assumptions")
    table = Table(words.plain(f"bargain.steps.{at}"), head, cells, ref, words=2)
    return Section("concessions", words.plain("bargain.section.concessions"), (table,))


def _days(writer: CitedWriter, found: NegotiationResult, maps: tuple[Chart, ...]) -> Section | None:
    """The room before and after each step, and what a new control does on each day; None where neither was asked for."""
    words = writer.words
    blocks: list[Block] = [*maps, *_rooms(writer, found), *_controls(writer, found)]
    return Section("days", words.plain("bargain.section.days"), tuple(blocks)) if blocks else None


def _rooms(writer: CitedWriter, found: NegotiationResult) -> Iterator[Table]:
    """No deal, gains of the outcome and of the Nash point on each day, and how no deal moved since the day before."""
    words, rows = writer.words, found.days
    if not rows:
        return
    cells = []
    for number, row in enumerate(rows):
        moved = bargain_words.changed_gains(rows[number - 1].no_deal, row.no_deal) if number else {}
        cells.append((
            spelled_day(words, row.day).text,
            *amounts(words, found.parties, moved), *amounts(words, found.parties, row.actual), *amounts(words, found.parties, row.nash),
            words.percent(row.feasible / row.count, 0),
        ))  # fmt: skip
    groups = ("no_deal_moves", "agreed", "nash")
    head = [
        words.plain("list.aside", name=words.plain(f"table.{key}"), aside=words.region(party)) for key in groups for party in found.parties
    ]
    names = (words.plain("table.date"), *head, words.plain("table.inside_room"))
    yield Table(words.plain("bargain.days.title"), names, tuple(cells), note(writer, found, "days", "no_deal", "assumptions"))


def _controls(writer: CitedWriter, found: NegotiationResult) -> Iterator[Table]:
    """What controls of the dominant supplier change on each day, or on the day of the talks."""
    words = writer.words
    rows = [(row.day, shift) for row in found.days for shift in row.control_shift] or [(found.day, row) for row in found.control_shift]
    if not rows:
        return
    cells = tuple(
        (
            words.translated(shift.label),
            spelled_day(words, day).text,
            *amounts(words, found.parties, shift.no_deal),
            *amounts(words, found.parties, shift.nash),
        )
        for day, shift in sorted(rows, key=lambda pair: [row.event for row in found.control_shift].index(pair[1].event))
    )
    head = [
        words.plain("list.aside", name=words.plain(f"table.{key}"), aside=words.region(party))
        for key in ("no_deal", "nash")
        for party in found.parties
    ]
    names = (words.plain("table.what"), words.plain("table.date"), *head)
    yield Table(words.plain("bargain.controls.title"), names, cells, note(writer, found, "controls", "controls"), words=2)


def _ends(writer: CitedWriter, found: NegotiationResult) -> Section | None:
    """Assumptions at the ends of their ranges, those that move the outcome most first; None without any."""
    words, ref = writer.words, note(writer, found, "sensitivity", "assumptions")
    rows = [row for row in found.sensitivity if row.at is not None]
    order = list(dict.fromkeys(row.input for row in rows))[:MAX_SENSITIVITIES]
    if not order:
        return None
    cells = tuple(
        (
            capital(assumption(words, row.input)),
            plain(as_spans(of_unit(words, row.at, row.unit, ref))),
            *amounts(words, found.parties, row.actual or row.nash),
            words.plain(f"bargain.step.{'yes' if row.inside else 'no'}") if row.inside is not None else "",
        )
        for name in order
        for row in rows
        if row.input == name and row.at is not None
    )
    head = (words.plain("table.input"), words.plain("table.at"), *map(words.region, found.parties), words.plain("table.inside"))
    table = Table(words.plain(f"bargain.ends.{'actual' if found.actual else 'nash'}"), head, cells, ref, words=1)
    return Section("assumptions", words.plain("bargain.section.assumptions"), (table,))
