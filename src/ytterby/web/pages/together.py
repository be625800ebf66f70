"""Together: what an alliance is worth, by coalition; how it may be shared, who would leave, who pays whom, whom to invite."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.report.briefing import Chart, Section, Table, millions, rule_name
from ytterby.report.briefing import coalition as coalition_name
from ytterby.report.charts import SignedBar, signed_bars_chart
from ytterby.web.pages.common import shows
from ytterby.web.pages.results import FinishedResult, ResultKind, find, result_view, usual_parties

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.web.asked import Asked
    from ytterby.web.page import Page

router = APIRouter()
KIND = ResultKind("together", "cooperate", ("JP", "US"), lambda bench, id_: bench.alliance(id_))
MILLION = 1e6
SEVERAL = 2
"""Coalitions from which on their values are drawn beside each other."""
MAX_ROWS = 12


@shows(router, "/together", "result.html")
def together(asked: Asked, bench: Workbench) -> Page:
    """The newest alliance of the country asked about, or how to make a first one."""
    return _page(asked, bench, find(asked, bench, KIND))


@shows(router, "/together/{id_}", "result.html")
def one_alliance(asked: Asked, bench: Workbench, id_: str) -> Page:
    """An alliance."""
    return _page(asked, bench, find(asked, bench, KIND, id_))


def _page(asked: Asked, bench: Workbench, found: FinishedResult | None) -> Page:
    page = result_view(asked, bench, KIND, found, {"chosen": usual_parties(asked, 2)})
    if found is None:
        return page
    values, leave = _values(asked, found), _leave(asked, found)
    panels = (*([values] if values else []), *page.panels)
    return replace(page, panels=panels, sections=(*([leave] if leave else []), *page.sections))


def _values(asked: Asked, found: FinishedResult) -> Chart | None:
    """Value of every coalition, the largest first; None where there is one coalition only."""
    words, result = asked.words, found.result
    rows = sorted(((name, usd) for name, usd in result.values.items() if "+" in name), key=lambda pair: -pair[1])
    if len(rows) < SEVERAL:
        return None
    ref = found.ref(words.plain("together.note.worth"))
    bars = [SignedBar(coalition_name(words, name), usd / MILLION, millions(words, usd)) for name, usd in rows]
    title, unit = asked.text("values_title"), words.plain("axis.usd_million")
    titled = words.plain("panel.in_unit", title=title, unit=unit)
    undecided = {coalition_name(words, name) for name in result.undecided}
    cells = tuple((bar.name, bar.label, asked.text("values_undecided") if bar.name in undecided else "") for bar in bars)
    table = Table(title, (words.plain("table.coalition"), words.plain("table.usd_million"), ""), cells, ref)
    items = words.joined((words.plain("alt.share_item", name=bar.name, value=bar.label) for bar in bars), "list.clauses")
    remark = words.say("web-values_remark", error=millions(words, result.gap_usd))
    return Chart("values", titled, signed_bars_chart(bars), f"{titled}. {items}", table, ref, remark=remark)


def _leave(asked: Asked, found: FinishedResult) -> Section | None:
    """Coalitions that do worst under each rule, and whether they would do better by themselves."""
    words, result = asked.words, found.result
    rows = sorted(result.excess, key=lambda row: -row.excess)[:MAX_ROWS]
    if not rows:
        return None
    ref = found.ref(words.plain("together.note.excess"))
    cells = tuple(
        (
            rule_name(words, row.rule),
            coalition_name(words, row.coalition),
            asked.text("leaves" if row.excess > result.gap_usd else "stays"),
            millions(words, row.excess),
        )
        for row in rows
    )
    head = (words.plain("table.rule"), words.plain("table.coalition"), asked.text("would_it"), asked.text("excess"))
    return Section("leave", asked.text("leave_title"), (Table(asked.text("excess_caption"), head, cells, ref, words=3),))
