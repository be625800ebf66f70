"""Runs: what has been simulated, what came of each, a form for a new one, and the difference of two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.report import capital, plain_place
from ytterby.report.briefing import CitedWriter, Notes, Span, Table, run_series
from ytterby.web.examples import is_example
from ytterby.web.materials import about_run
from ytterby.web.page import Page
from ytterby.web.pages.common import base_line, shows

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import Material, RunEntry
    from ytterby.web.asked import Asked

router = APIRouter()
DRAWS = 200
"""Draws that the form suggests."""
LEAST_USD = 5e5
"""Differences below it are left out [USD]."""
MOST_ROWS = 12
USUAL = "oxide.Dy"
"""Good whose series is shown until another is asked for."""


@shows(router, "/runs", "runs.html")
def runs(asked: Asked, bench: Workbench) -> Page:
    """Finished runs, newest first, and a form for a new one."""
    found, titles = bench.runs().runs, {row.name: row.title for row in bench.scenarios(asked.lang).scenarios}
    count = asked.words.number(len(found), 0)
    rows = [(run, titles.get(run.scenario, run.scenario), is_example(bench, run.id)) for run in found]
    return Page(
        "runs",
        asked.text("runs_title"),
        answer=(Span("text", asked.text("runs_lead" if found else "runs_none", count=count)),),
        more={"rows": rows, "titles": titles, "chosen": asked.query.get("scenario", ""), "draws": DRAWS},
    )


@shows(router, "/runs/{id_}", "run.html")
def run(asked: Asked, bench: Workbench, id_: str) -> Page:
    """What came of a run, from the view of a country."""
    material = about_run(bench, id_, asked.importer)
    told = material.written(asked.lang).briefing
    titles = {row.name: row.title for row in bench.scenarios(asked.lang).scenarios}
    others = [other for other in bench.runs().runs if other.id != id_]
    entry = next(run for run in bench.runs().runs if run.id == id_)
    against = asked.query.get("against", "")
    goods, (measure, good) = _goods(material), _wanted(asked, material)
    writer = CitedWriter(asked.words, Notes(asked.words, {}))
    assert material.inputs.run is not None
    chart = run_series.series(material.inputs, writer, material.inputs.run, measure, good) if good else None
    return Page(
        "runs",
        told.title,
        told.subtitle,
        told.answer,
        told.support,
        told.warnings,
        told.panels,
        told.sections,
        told.notes,
        brief=f"/briefs/run/{id_}",
        example=is_example(bench, id_),
        more={
            "told": told,
            "base_line": base_line(asked, "run_base", material.inputs),
            "run": entry,
            "others": others,
            "titles": titles,
            "difference": _difference(asked, bench, entry, against) if against in {other.id for other in others} else None,
            "against": against,
            "series": replace(chart, ref="") if chart else None,
            "series_note": writer.notes.all(),
            "measures": [(name, asked.words.plain(f"measures.{name}")) for name in run_series.SERIES],
            "measure": measure,
            "by_sector": measure in run_series.BY_SECTOR,
            "goods": [(code, capital(asked.words.commodity(code))) for code in goods],
            "good": good,
        },
    )


def _goods(material: Material) -> list[str]:
    """Goods with a market in the importer's regions, as the run has them."""
    run = material.inputs.run
    assert run is not None
    markets = (str(market).partition("@") for market in run.dataset["market"].to_numpy())
    return sorted({code for code, _, region in markets if region in material.inputs.regions})


def _wanted(asked: Asked, material: Material) -> tuple[str, str]:
    """Variable and good asked for, by default the price of dysprosium oxide."""
    measure, good, goods = asked.query.get("series", ""), asked.query.get("good", ""), _goods(material)
    usual = USUAL if USUAL in goods else next(iter(goods), "")
    return measure if measure in run_series.SERIES else next(iter(run_series.SERIES)), good if good in goods else usual


def _difference(asked: Asked, bench: Workbench, entry: RunEntry, against: str) -> Table:
    """What the other run has more or less than this one, by sector and country, in the country asked for first."""
    words, found = asked.words, bench.compare(entry.id, against)
    rows = sorted(found.losses, key=lambda row: (row.country != asked.importer, -abs(row.difference)))
    cells = tuple(
        (
            words.region(row.country),
            words.sector(row.sector),
            *(words.number(value / 1e6, min(plain_place(value / 1e6), 0)) for value in (row.first, row.second, row.difference)),
        )
        for row in rows
        if abs(row.difference) >= LEAST_USD
    )[:MOST_ROWS]
    head = (
        *(words.plain(f"table.{key}") for key in ("country", "sector")),
        *(asked.text(f"compare_{key}") for key in ("this", "other", "more")),
    )
    return Table(asked.text("compare_caption"), head, cells, words=2)
