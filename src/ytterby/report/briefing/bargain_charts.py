"""Pictures of the page on talks, each with its table: the map of utilities by day, and who gives and gets what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.bargain import MONEY
from ytterby.report.briefing.bargain_names import BILLION, amounts, billions, note, spelled_day
from ytterby.report.briefing.document import Chart, LegendItem, Table
from ytterby.report.briefing.result_frame import named
from ytterby.report.charts import ACCENT, MUTED, BargainPanel, GiveTake, bargain_map_chart, give_take_chart
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.bargain import DayRow, NegotiationResult
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.text import Words

SMALL = 5e6
"""Term that is left out of the bars [USD/year]."""
POINTS = ("nash", "kalai_smorodinsky", "actual")


def day_maps(writer: CitedWriter, found: NegotiationResult) -> tuple[Chart, ...]:
    """Map of the first two parties on each day that the talks compare, all on the same scales; none where that was not asked for."""
    panels = [panel(writer.words, found, row) for row in found.days]
    return tuple(_map(writer, found, row, each, panels) for row, each in zip(found.days, panels, strict=True))


def all_days(writer: CitedWriter, found: NegotiationResult) -> Chart | None:
    """The same maps in one picture, for files."""
    if not found.days:
        return None
    words, panels = writer.words, [panel(writer.words, found, row) for row in found.days]
    title, ref = words.plain("bargain.map.title"), note(writer, found, "map")
    svg = bargain_map_chart(panels, _axes(words, found), words)
    alt = words.plain("bargain.map.alt", list=words.joined((_told(words, found, row) for row in found.days), "list.clauses"))
    return Chart("map", title, svg, alt, _map_table(writer, found, found.days), ref, width="full")


def _map(writer: CitedWriter, found: NegotiationResult, row: DayRow, own: BargainPanel, panels: Sequence[BargainPanel]) -> Chart:
    words = writer.words
    untitled = BargainPanel("", own.cloud, own.front, own.points)
    svg = bargain_map_chart([untitled], _axes(words, found), words, panels)
    legend = (
        LegendItem("line", ACCENT, words.plain("bargain.map.front")),
        LegendItem("dot", MUTED, words.plain("bargain.map.cloud", count=words.number(row.count, 0))),
    )
    alt = words.plain("bargain.map.alt", list=_told(words, found, row))
    return Chart(
        f"room-{row.day}", words.plain("bargain.map.day", day=own.title), svg, alt, _map_table(writer, found, [row]),
        note(writer, found, "map"), legend,
    )  # fmt: skip


def panel(words: Words, found: NegotiationResult, row: DayRow) -> BargainPanel:
    """The bargain of the first two parties on a day."""
    first, second = found.parties[:2]
    points = {words.plain("bargain.point.no_deal"): (0.0, 0.0)}
    for key in POINTS:
        gains = getattr(row, key)
        if gains:
            points[words.plain(f"bargain.point.{key}")] = (gains[first] / BILLION, gains[second] / BILLION)
    cloud, front = ([(each[first] / BILLION, each[second] / BILLION) for each in some] for some in (row.cloud, row.front))
    return BargainPanel(spelled_day(words, row.day).text, cloud, front, points)


def _axes(words: Words, found: NegotiationResult) -> tuple[str, str]:
    unit = words.plain("axis.usd_billion_year")
    first, second = (words.plain("bargain.map.axis", party=capital(named(words, code)), unit=unit) for code in found.parties[:2])
    return first, second


def _told(words: Words, found: NegotiationResult, row: DayRow) -> str:
    """Points of a day in words."""
    points = [(key, getattr(row, key)) for key in POINTS if getattr(row, key)]
    items = [
        words.plain(
            "alt.share_item",
            name=words.plain(f"bargain.point.{key}"),
            value=words.listed(f"{words.region(code)} {billions(words, gains[code])}" for code in found.parties[:2]),
        )
        for key, gains in points
    ]
    return words.plain("bargain.map.alt_day", day=spelled_day(words, row.day).text, list=words.joined(items))


def _map_table(writer: CitedWriter, found: NegotiationResult, rows: Sequence[DayRow]) -> Table:
    """Gains of named points over no deal."""
    words, ref = writer.words, note(writer, found, "map")
    cells = tuple(
        (
            words.plain(f"bargain.point.{key}"),
            *((spelled_day(words, row.day).text,) if len(rows) > 1 else ()),
            *amounts(words, found.parties, getattr(row, key)),
        )
        for row in rows
        for key in POINTS
        if getattr(row, key)
    )
    head = (words.plain("table.what"), *((words.plain("table.when"),) if len(rows) > 1 else ()), *map(words.region, found.parties))
    return Table(words.plain("bargain.gains.title"), head, cells, ref, words=len(head) - len(found.parties))


def parts(writer: CitedWriter, found: NegotiationResult) -> Chart | None:
    """Who gives and gets what in what was agreed, or at the Nash point; None where there is neither."""
    words = writer.words
    name = "actual" if "actual" in found.terms_by_part else "nash"
    terms = found.terms_by_part.get(name)
    if not terms:
        return None
    shown = [term for term in MONEY if any(abs(row[term]) > SMALL for row in terms.values())]
    names = {term: capital(words.plain(f"bargain.term.{term}")) for term in shown}
    bars = [GiveTake(capital(named(words, party)), {names[term]: row[term] / BILLION for term in shown}) for party, row in terms.items()]
    rows = tuple((names[term], *amounts(words, found.parties, {party: row[term] for party, row in terms.items()})) for term in shown)
    title = words.plain(f"bargain.parts.{name}")
    table = Table(title, (words.plain("table.what"), *map(words.region, found.parties)), rows, note(writer, found, "parts"))
    items = [words.plain("alt.share_item", name=row[0], value=words.joined(row[1:])) for row in rows]
    who = words.listed(words.region(code) for code in found.parties)
    alt = words.plain("bargain.parts.alt", who=who, list=words.joined(items, "list.clauses"))
    titled = words.plain("panel.in_unit", title=title, unit=words.plain("axis.usd_billion_year"))
    svg = give_take_chart(bars, words.plain("bargain.parts.together"), words)
    return Chart("give-take", titled, svg, alt, table, note(writer, found, "parts"))
