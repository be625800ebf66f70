"""History: what the model said of past crises beside what is recorded, misses first; replays; how likely new restrictions are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.app import EPISODES, episode_record
from ytterby.report import capital, plain_place
from ytterby.report.briefing import Chart, Span, Table, record
from ytterby.report.charts import Bar, ScoredTarget, bar_chart, statement_rows_chart
from ytterby.web.page import Page, writer_of
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import BacktestTarget, HazardRow
    from ytterby.report import Words
    from ytterby.report.briefing import CitedWriter, EpisodeRecord
    from ytterby.web.asked import Asked

router = APIRouter()
JUDGED = ("china-licences-2025", "gallium-germanium-2023", "antimony-2024", "myanmar-stop")
"""Episodes with statements that were frozen before their record was looked at."""
YEARS = 5
"""Horizon of the probabilities [year]."""
MOST_RISKS = 10
NAME_WIDTH = 300.0
"""Room for the words of a statement [user units]."""
DRAWS = 100


@shows(router, "/history", "history.html")
def history(asked: Asked, bench: Workbench) -> Page:
    """Record of the model, and the risk of new restrictions."""
    project = bench.settings.project
    found = {name: told for name in JUDGED if (told := episode_record(name, project)) and told.statements}
    kinds = {row.id: row.kind for row in bench.facts().facts}
    writer = writer_of(asked, kinds)
    titles = {row.name: row.title for row in bench.scenarios(asked.lang).scenarios}
    hits, of = (sum(numbers) for numbers in zip(*((told.hits, len(told.statements)) for told in found.values()), strict=True))
    calm = sum(told.hits_of_no_change for told in found.values())
    inside = sum(row.low <= row.record <= row.high for told in found.values() for row in told.statements)
    ref = writer.notes.add("record", "derived", asked.words.plain("section.record"), asked.words.plain("record.note"))
    counts = {key: Span("num", str(value), ref) for key, value in (("hits", hits), ("of", of), ("calm", calm))}
    charts = [_episode(asked, writer, name, titles.get(name, name), told) for name, told in found.items()]
    risk = _risk(asked, writer, bench.hazard(years=YEARS).rows)
    return Page(
        "history",
        asked.text("history_title"),
        answer=asked.words.say("web-history_answer", **counts),
        more={
            "charts": charts,
            "hits_told": asked.text("history_hits", inside=str(inside), of=str(of)),
            "risk": risk,
            "episodes": {name: titles.get(name, _told(asked, name)) for name in EPISODES},
            "jobs": [job for job in bench.backtests().jobs if job.state == "done"],
            "draws": DRAWS,
        },
        notes=writer.notes.all(),
    )


@shows(router, "/history/{id_}", "replay.html")
def replay(asked: Asked, bench: Workbench, id_: str) -> Page:
    """Targets of a finished replay, misses first."""
    found, words = bench.backtest(id_), asked.words
    rows = tuple(_target(words, row) for row in sorted(found.targets, key=lambda row: (row.hit is None, row.hit)))
    head = ("statement", "what", "unit", "record", "model", "low_80", "high_80", "hit")
    told = tuple(words.plain(f"table.{key}") if words.has(f"table.{key}") else asked.text(key) for key in head)
    title = _told(asked, found.episode)
    answer = asked.text("replay_answer", hits=str(found.hits), of=str(found.of))
    return Page("history", title, answer=(Span("text", answer),), more={"targets": Table(title, told, rows, words=3)})


def _target(words: Words, row: BacktestTarget) -> tuple[str, ...]:
    """A target of a replay: what it is, its record, the model with its band, and whether it was hit; nothing where it is only compared."""
    numbers = (_number(words, value) for value in (row.target, row.model, row.low, row.high))
    hit = "" if row.hit is None else words.plain("record.hit" if row.hit else "record.miss")
    return (row.id, row.what, row.unit, *numbers, hit)


def _told(asked: Asked, name: str) -> str:
    return asked.text(f"episode_{name}") if asked.words.has(f"web-episode_{name}") else EPISODES[name].title


def _episode(asked: Asked, writer: CitedWriter, name: str, title: str, told: EpisodeRecord) -> Chart:
    """Statements on an episode as multiples of the base, misses first, with their record."""
    words = asked.words
    ref = writer.notes.add(
        f"record:{name}", "derived", title, words.plain("record.note"), facts=dict.fromkeys(row.fact for row in told.statements)
    )
    drawn = [
        (record.statement_words(writer, row), ScoredTarget(row.record, row.model, row.low, row.high, row.hit))
        for row in told.statements
        if row.kind != "onset"
    ]
    cells = tuple(
        (
            record.statement_words(writer, row),
            *(words.number(value, -2) for value in (row.model, row.low, row.high, row.record)),
            words.plain("record.hit" if row.hit else "record.miss"),
        )
        for row in told.statements
    )
    head = tuple(words.plain(f"table.{key}") for key in ("statement", "model", "low_80", "high_80", "record", "hit"))
    alt = asked.text("history_episode_alt", title=title, hits=str(told.hits), of=str(len(told.statements)))
    svg = statement_rows_chart(name, drawn, asked.text("history_axis"), NAME_WIDTH)
    return Chart(f"record-{name}", title, svg, alt, Table(title, head, cells, ref), ref, width="full")


def _risk(asked: Asked, writer: CitedWriter, rows: tuple[HazardRow, ...]) -> Chart:
    """Most probable new restrictions by supplier and family."""
    words, title = asked.words, asked.text("risk_caption", years=str(YEARS))
    shown = rows[:MOST_RISKS]
    names = [words.plain("list.aside", name=words.country(row.country), aside=_family(words, row.family)) for row in shown]
    ref = writer.notes.add("hazard", "derived", title, asked.text("risk_note"))
    bars = [
        Bar("", name, row.probability, row.low, row.high, words.percent(row.probability, 0)) for name, row in zip(names, shown, strict=True)
    ]
    cells = tuple(
        (name, *(words.percent(value, 0) for value in (row.probability, row.low, row.high)), words.number(row.number.mean, -1))
        for name, row in zip(names, shown, strict=True)
    )
    head = tuple(asked.text(f"risk_{key}") for key in ("what", "p", "low", "high", "number"))
    alt = asked.text(
        "risk_alt",
        list=words.joined((f"{name} {words.percent(row.probability, 0)}" for name, row in zip(names, shown, strict=True)), "list.clauses"),
    )
    return Chart(
        "risk", title, bar_chart(bars, 1.0), alt, Table(title, head, cells, ref), ref, remark=(Span("text", asked.text("risk_remark")),)
    )


def _family(words: Words, family: str) -> str:
    return words.plain(f"web-family_{family}") if words.has(f"web-family_{family}") else capital(family.replace("_", " "))


def _number(words: Words, value: float) -> str:
    return words.number(value, min(plain_place(value, 3), 0))
