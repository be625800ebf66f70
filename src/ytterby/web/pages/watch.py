"""Watch: decisions ahead with their branches, goods under control, promises and what became of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.report import band_place, plain_place
from ytterby.report.briefing import Chart, Span, Table, act_words
from ytterby.report.charts import ALARM, DatedRow, Marker, timeline_chart
from ytterby.web.control_words import state_phrase
from ytterby.web.materials import newest_run
from ytterby.web.page import Page
from ytterby.web.pages.common import shows
from ytterby.web.told_dates import period_words
from ytterby.web.told_decisions import told_decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.api import Workbench
    from ytterby.app import CalendarRow, ControlChange, ControlRow, WatchedPromise
    from ytterby.report import Words
    from ytterby.web.asked import Asked
    from ytterby.web.told_decisions import ToldDecision

router = APIRouter()
STATES = ("in force", "suspended", "announced", "expired", "unconfirmed", "ended", "not enforced")
MARGIN = dt.timedelta(days=30)
"""Time that is shown before the first and after the last decision."""
SINCE = dt.timedelta(days=92)
"""Changes within this time are told."""
MOST_CHANGES = 20
RESTRICTIONS_FIRST = "customs"
"""Kind of ordinary duties, which are no restriction and are left out."""


@dataclass(frozen=True)
class DecisionItem:
    """A dated decision as the page shows it."""

    day: dt.date
    what: ToldDecision
    status: str
    branches: tuple[tuple[str, str, float, bool], ...]
    scenario: str
    run: str
    cost: str
    facts: tuple[str, ...]


@shows(router, "/watch", "watch.html")
def watch(asked: Asked, bench: Workbench) -> Page:
    """Calendar, register and promises."""
    words = asked.words
    by, state = asked.query.get("by", ""), asked.query.get("state", "")
    register = bench.controls(since=_day(bench) - SINCE)
    rows = [row for row in register.controls if row.kind != RESTRICTIONS_FIRST]
    shown = [row for row in rows if (not by or row.by == by) and (not state or row.state == state)]
    after = {(row.order, row.good, row.by, row.to): state_phrase(words, row) for row in rows}
    calendar = bench.calendar()
    promises = bench.watch()
    ahead = [row for row in calendar.calendar if row.status == "ahead"]
    counts = register.counts
    fields = {
        "force": words.number(counts.get("in force", 0), 0),
        "suspended": words.number(counts.get("suspended", 0), 0),
        "expired": words.number(counts.get("expired", 0), 0),
    }
    if ahead:
        fields |= {"next": told_decision(words, bench, ahead[0]).plain(words), "day": words.day(ahead[0].day)}
    decisions = [_decision(asked, bench, row) for row in calendar.calendar]
    return Page(
        "watch",
        asked.text("watch_title"),
        answer=(Span("text", asked.text("watch_answer" if ahead else "watch_answer_calm", **fields)),),
        more={
            "decisions": decisions,
            "timeline": _timeline(asked, decisions, _day(bench)) if decisions else None,
            "controls": [_control(words, row) for row in shown],
            "countries": sorted({(row.by, words.country(row.by)) for row in rows}, key=lambda item: item[1]),
            "states": [(name, _state(words, name)) for name in STATES if any(row.state == name for row in rows)],
            "by": by,
            "state": state,
            "changes": [_change(words, change, after) for change in reversed(register.changes)][:MOST_CHANGES],
            "promises": [_promise(words, row) for row in promises.watch],
        },
    )


def _timeline(asked: Asked, decisions: list[DecisionItem], on: dt.date) -> Chart:
    """The decisions on one axis of time, from the first or today to some weeks after the last."""
    words, title = asked.words, asked.text("timeline_title")
    rows = [
        DatedRow(row.day, row.what.plain(words), tuple((label, p) for label, p, _, _ in row.branches), row.status == "open")
        for row in decisions
    ]
    days = [on, *(row.when for row in rows)]
    first, last = min(days) - MARGIN, max(days) + MARGIN
    cells = tuple((words.short_day(row.when), row.name, words.joined(f"{label} {p}" for label, p in row.branches)) for row in rows)
    head = (asked.text("day"), asked.text("timeline_what"), asked.text("timeline_branches"))
    alt = asked.text("timeline_alt", list=words.joined((f"{day} {what}" for day, what, _ in cells), "list.clauses"))
    svg = timeline_chart(rows, first, last, words, [Marker(on, words.plain("axis.today"), ALARM)])
    return Chart("timeline", title, svg, alt, Table(title, head, cells, words=3), "", width="full")


def _day(bench: Workbench) -> dt.date:
    """Day of the register."""
    return dt.date.fromisoformat(bench.calendar().on)


def _decision(asked: Asked, bench: Workbench, row: CalendarRow) -> DecisionItem:
    words = asked.words
    branches = tuple((words.translated(branch.label), words.percent(branch.p, 0), branch.p, branch.assumed) for branch in row.branches)
    run = newest_run(bench, row.scenario) if row.scenario else None
    bundled = row.scenario if row.scenario and not row.draft else ""
    cost = _cost(words, row)
    return DecisionItem(row.day, told_decision(words, bench, row), row.status, branches, bundled, run.id if run else "", cost, row.facts)


def _cost(words: Words, row: CalendarRow) -> str:
    """What a week's delay costs in million USD, at the digits that its band supports, with the band; empty where it is not known."""
    if row.cost_of_delay is None:
        return ""
    ends = (row.cost_of_delay_low, row.cost_of_delay_high)
    value, low, high = (None if each is None else each / 1e6 for each in (row.cost_of_delay, *ends))
    assert value is not None
    if low is None or high is None:
        return words.number(value, plain_place(value, 2))
    place = band_place(value, low, high)
    return words.plain("web-delay_band", value=words.number(value, place), low=words.number(low, place), high=words.number(high, place))


def _control(words: Words, row: ControlRow) -> dict[str, object]:
    return {
        "good": words.translated(row.good),
        "order": act_words(words, row.order),
        "order_lang": _lang(words, row.order),
        "by": words.country(row.by),
        "to": "" if row.to == "all" else words.country(row.to),
        "kind": words.plain(f"web-control_{row.kind}") if words.has(f"web-control_{row.kind}") else row.kind,
        "state": _state(words, row.state),
        "alarm": row.state in ("in force", "expired"),
        "told": state_phrase(words, row),
        "since": row.from_,
        "until": row.until or "",
        "hs": ", ".join(row.hs[:3]) + (" …" if len(row.hs) > 3 else ""),
        "facts": row.facts,
    }


def _change(words: Words, row: ControlChange, after: Mapping[tuple[str, str, str, str], str]) -> tuple[str, str, str | None, str, str]:
    """Day, order with the language it is told in, good, and the state after it."""
    told = after.get((row.order, row.good, row.by, row.to), row.after)
    return _short(words, row.date), act_words(words, row.order), _lang(words, row.order), words.translated(row.good), told


def _lang(words: Words, order: str) -> str | None:
    """Language of an order's name where it is not that of the page."""
    return "en" if act_words(words, order) == order else None


def _short(words: Words, day: str) -> str:
    """Day of the store as the page writes it; what is no full day stays."""
    try:
        return words.short_day(dt.date.fromisoformat(day))
    except ValueError:
        return day


def _state(words: Words, name: str) -> str:
    return words.plain(f"web-state_{name.replace(' ', '_')}")


def _promise(words: Words, row: WatchedPromise) -> dict[str, object]:
    key = f"web-outcome_{row.outcome.replace(' ', '_')}"
    return {
        "promise": row.promise,
        "who": words.joined(words.country(code) if len(code) <= 4 else code for code in row.who),
        "due": period_words(words, row.due),
        "outcome": words.plain(key) if words.has(key) else row.outcome,
        "overdue": row.overdue,
        "seen": _short(words, row.last_seen or ""),
        "fact": row.fact,
        "sources": row.sources,
    }
