"""Start: choose a country, and see how dependent it is, what stops first, what changed, and what helps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.report.briefing import (
    CitedWriter,
    Notes,
    exposure,
    goods_words,
    headline,
    main_supplier,
    order_words,
    panels,
    remedies,
    state_words,
)
from ytterby.report.charts import shade
from ytterby.web.clock import today
from ytterby.web.examples import in_work, is_example
from ytterby.web.map import shapes
from ytterby.web.materials import first_look, newest_run, outlook
from ytterby.web.page import Page
from ytterby.web.pages.common import base_line, shows
from ytterby.web.told_decisions import told_decision

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import Material, RunEntry
    from ytterby.exposure import UnderControl
    from ytterby.report.briefing import Chart, Section, Spans
    from ytterby.web.asked import Asked
    from ytterby.web.told_decisions import ToldDecision

router = APIRouter()
ELEMENTS = 5
"""Elements whose dependence is shown."""
RECENT = dt.timedelta(days=60)
"""Changes of the law within this time are news."""
STRESS = "total-stop"
"""Scenario that is shown beside the next event: what the worst case would do."""
MOST_CHANGES = 4
MOST_DATES = 4


@dataclass(frozen=True)
class OrderChange:
    """An order on the country's goods, and how its state changed."""

    order: str
    goods: str
    state: str
    recent: bool
    day: dt.date


@dataclass(frozen=True)
class NextDate:
    """A dated decision with the chance of each way, and the run that plays it."""

    day: dt.date
    what: ToldDecision
    branches: tuple[tuple[str, str], ...]
    run: str


@dataclass(frozen=True)
class Outlook:
    """What a finished run says of the country: in sentences, and as a picture."""

    run: RunEntry
    title: str
    told: tuple[Spans, ...]
    picture: Chart | None
    example: bool


@shows(router, "/", "start.html")
def start(asked: Asked, bench: Workbench) -> Page:
    """The first view of a country."""
    words = asked.words
    shown = shown_runs(bench)
    runs = [run for run, _ in shown]
    exposed = first_look(bench, asked.importer)
    materials = {run.id: outlook(bench, run.id, asked.importer, deep=deep) for run, deep in shown}
    kinds = {name: fact.kind for each in (exposed, *materials.values()) for name, fact in each.inputs.facts.items()}
    writer = CitedWriter(words, Notes(words, kinds))
    answer, dependence = _answer(exposed, writer), panels.shares(exposed.inputs, writer, ELEMENTS)
    outlooks = [_outlook(bench, run, materials[run.id], writer) for run in runs]
    return Page(
        "start",
        asked.text("start_title", within=words.within(asked.importer)),
        answer=answer,
        brief=f"/briefs/run/{runs[0].id}" if runs else "/briefs/exposure.html",
        more={
            "dependence": dependence,
            "base_line": next((line for each in materials.values() if (line := base_line(asked, "start_base", each.inputs))), ""),
            "outlooks": outlooks,
            "in_work": in_work(bench),
            "helps": _helps(list(materials.values()), writer),
            "changes": changes(asked, exposed.inputs.exposure.controls if exposed.inputs.exposure else ()),
            "dates": _dates(asked, bench),
            "map": country_map(asked, exposed),
        },
        notes=writer.notes.all(),
    )


def shown_runs(bench: Workbench) -> list[tuple[RunEntry, bool]]:
    """Runs of the first view, each with whether what helps in it is shown too: that of the last."""
    runs = list(dict.fromkeys(run for run in (next_event(bench), newest_run(bench, STRESS)) if run))
    return [(run, run is runs[-1]) for run in runs]


def _outlook(bench: Workbench, run: RunEntry, material: Material, writer: CitedWriter) -> Outlook:
    inputs = material.inputs
    assert inputs.run is not None
    picture = panels.stops(inputs, writer, inputs.run) or panels.losses(inputs, writer, inputs.run)
    named = replace(picture, name=f"{picture.name}-{run.scenario}") if picture else None
    title = writer.words.declared(inputs.run.declared, "title") or run.scenario
    told = headline.run_sentences(inputs, writer, inputs.run)
    return Outlook(run, title, told, named, is_example(bench, run.id))


def _helps(materials: list[Material], writer: CitedWriter) -> Section | None:
    """What helps in the run that costs the country most."""
    found = [material for material in materials if material.inputs.remedies]
    worst = max(found, key=lambda material: material.inputs.remedies[0].loss_usd, default=None)
    return remedies.section(worst.inputs, writer) if worst else None


def next_event(bench: Workbench) -> RunEntry | None:
    """Finished run of a dated decision: the next one ahead, else the last that passed without a later fact; else any run."""
    rows = [row for row in bench.dates().calendar if row.scenario]
    ahead = [row for row in rows if row.status == "ahead"]
    for row in (*ahead, *reversed([row for row in rows if row.status == "open"])):
        if run := newest_run(bench, str(row.scenario)):
            return run
    runs = bench.runs().runs
    return runs[0] if runs else None


def _answer(material: Material, writer: CitedWriter) -> Spans:
    """How dependent the country is, in a sentence."""
    fields = exposure.headline(material.inputs, writer)
    return writer.words.say("answer.exposure" if "direct" in fields else "answer.exposure_plain", **fields)


def changes(asked: Asked, rows: tuple[UnderControl, ...]) -> list[OrderChange]:
    """Orders on the country's goods by the day on which their state last changed, newest first; of one order and state one line."""
    found: dict[tuple[str, str], OrderChange] = {}
    for row in rows:
        day = dt.date.fromisoformat(row.until if row.state == "expired" and row.until else row.since)
        if day > today():
            continue
        told = OrderChange(
            order_words(asked.words, row), goods_words(asked.words, row), state_words(asked.words, row), today() - day <= RECENT, day
        )
        found.setdefault((told.order, told.state), told)
    return sorted(found.values(), key=lambda change: change.day, reverse=True)[:MOST_CHANGES]


def _dates(asked: Asked, bench: Workbench) -> list[NextDate]:
    """Decisions ahead; those that have passed are left to the watch."""
    rows = [row for row in bench.dates().calendar if row.status == "ahead"]
    found = []
    for row in rows[:MOST_DATES]:
        branches = tuple((asked.words.translated(branch.label), asked.words.percent(branch.p, 0)) for branch in row.branches)
        run = newest_run(bench, str(row.scenario)) if row.scenario else None
        found.append(NextDate(row.day, told_decision(asked.words, bench, row), branches, run.id if run else ""))
    return found


@dataclass(frozen=True)
class MapCountry:
    """A region of the map that can be chosen."""

    code: str
    name: str
    path: str
    ink: str
    told: str
    own: bool


def country_map(asked: Asked, material: Material) -> dict[str, object]:
    """Regions as paths with links, shaded by the share of the chosen country's main element that passed them."""
    inputs, words = material.inputs, asked.words
    outlines, exposed = inputs.outlines, inputs.exposure
    assert outlines is not None
    assert exposed is not None
    element = panels.dependences(inputs, main_supplier(exposed))[0].element
    passed = {row.supplier: row.share for row in exposed.passed if row.element == element and row.end_use == "all"}
    rows = [
        MapCountry(
            code, words.region(code), path, shade(passed.get(code, 0.0)), words.percent(passed.get(code, 0.0), 0), code in inputs.regions
        )
        for code, path in outlines.regions.items()
    ]
    return {
        "width": outlines.width, "height": outlines.height, "rows": sorted(rows, key=lambda row: row.own), "borders": outlines.borders,
        "element": words.element(element), "shapes": shapes(outlines),
    }  # fmt: skip
