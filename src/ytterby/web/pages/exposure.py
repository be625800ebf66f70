"""Exposure: where a country depends on whom, by element and stage, what its loss would do, how it came to be, beside another country."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.app import elements_beside_rare_earths, import_shares
from ytterby.facts import names, symbols
from ytterby.report import capital
from ytterby.report.briefing import Chart, CitedWriter, LegendItem, Notes, Section, Table, exposure, main_supplier, panels, united_facts
from ytterby.report.charts import INK, import_history_panels
from ytterby.web.materials import about_exposure
from ytterby.web.page import Page
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import Material
    from ytterby.exposure import ExposureResult, ImportYear
    from ytterby.report import Words
    from ytterby.report.briefing import Spans
    from ytterby.web.asked import Asked

router = APIRouter()
ELEMENTS = 8
"""Elements whose dependence is drawn; the tables have all."""
STAGES = ("mine", "oxide", "metal", "magnet")
"""Stages of the table of suppliers."""
MOST_SUPPLIERS = 3


@shows(router, "/exposure", "exposure.html")
def page(asked: Asked, bench: Workbench) -> Page:
    """Everything on the exposure of a country."""
    element = asked.query.get("element") or None
    material = about_exposure(bench, asked.importer, element)
    other = asked.query.get("against", "")
    beside = about_exposure(bench, other, element) if other and other != asked.importer else None
    materials = [material, *([beside] if beside else [])]
    kinds = {name: fact.kind for each in materials for name, fact in each.inputs.facts.items()}
    writer = CitedWriter(asked.words, Notes(asked.words, kinds))
    answer, warnings = asked.words.chained((_answer(each, writer) for each in materials), "list.sentences"), exposure_warnings(material)
    pictures = [_named(panels.shares(each.inputs, writer, ELEMENTS), each.inputs.importer) for each in materials]
    found = material.inputs.exposure
    assert found is not None
    section = exposure.section(material.inputs, writer)
    return Page(
        "exposure",
        asked.text("exposure_title", country=asked.words.region(asked.importer)),
        answer=answer,
        brief="/briefs/exposure.html",
        more={
            "pictures": [picture for picture in pictures if picture],
            "history": history_chart(asked, bench, [each.inputs.importer for each in materials], main_supplier(found), writer),
            "blocks": section.blocks if section else (),
            "tables": [table for each in materials for table in _tables(asked, each, writer)],
            "against": other,
            "elements": [(code, asked.words.element(code)) for code in _known(bench)],
            "element": element and names.element(element).code,
            "caveats": warnings,
        },
        notes=writer.notes.all(),
    )


def _known(bench: Workbench) -> list[str]:
    """Elements of all minerals that have a base, in the order of the vocabulary."""
    held = {row.element for row in bench.chain().elements} | set(elements_beside_rare_earths())
    return [name for name in symbols() if name in held]


def _named(chart: Chart | None, importer: str) -> Chart | None:
    """Chart under a name of its own, where those of two countries stand side by side."""
    return replace(chart, name=f"{chart.name}-{importer.lower()}") if chart else None


def exposure_warnings(material: Material) -> tuple[str, ...]:
    """Caveats of the result, in the words of the command."""
    return material.inputs.exposure.warnings if material.inputs.exposure else ()


def _answer(material: Material, writer: CitedWriter) -> Spans:
    fields = exposure.headline(material.inputs, writer)
    return writer.words.say("answer.exposure" if "direct" in fields else "answer.exposure_plain", **fields)


def history_chart(asked: Asked, bench: Workbench, importers: list[str], supplier: str, writer: CitedWriter) -> Chart | None:
    """Shares of the supplier in imports since 1995, as customs see them and traced; None without customs records."""
    words, rows = asked.words, bench.history(tuple(importers), supplier).history
    by_importer = {importer: sorted((row for row in rows if row.importer == importer), key=lambda row: row.year) for importer in importers}
    known = {importer: years for importer, years in by_importer.items() if any(row.traced is not None for row in years)}
    if not known:
        return None
    name = words.region(supplier)
    title = asked.text("history_caption", supplier=name)
    ref = writer.notes.add(f"history:{supplier}", "derived", title, asked.text("history_note", supplier=name))
    cells = tuple(_history_row(words, row) for years in known.values() for row in years if row.traced is not None)
    head = (
        asked.text("country_only"),
        asked.text("year"),
        *(words.plain(f"table.{key}") for key in ("share_direct", "share_traced", "low", "high")),
    )
    told = [
        asked.text("history_alt", country=words.region(importer), first=_year_words(words, years[0]), last=_year_words(words, years[-1]))
        for importer, rows in known.items()
        if (years := [row for row in rows if row.traced is not None])
    ]
    legend = (LegendItem("line", INK, words.plain("panel.traced")), LegendItem("dash", INK, words.plain("panel.direct")))
    ends = (asked.text("end_traced"), asked.text("end_direct"))
    shares = [import_shares(years, words.region(importer)) for importer, years in known.items()]
    svg = import_history_panels(shares, ends, asked.text("no_data"))
    return Chart("history", title, svg, " ".join(told), Table(title, head, cells, ref, words=1), ref, legend)


def _history_row(words: Words, row: ImportYear) -> tuple[str, ...]:
    shares = (row.direct, row.traced, row.low, row.high)
    return (words.region(row.importer), str(row.year), *("" if share is None else words.percent(share, 0) for share in shares))


def _year_words(words: Words, row: ImportYear) -> str:
    return f"{row.year} {words.percent(row.traced or 0.0, 0)}"


def _tables(asked: Asked, material: Material, writer: CitedWriter) -> list[Section]:
    """Suppliers by stage, what their loss does, and single points of failure, of one country."""
    found = material.inputs.exposure
    assert found is not None
    parts = [table for table in (_suppliers(asked, found, writer), _losses(asked, found, writer), _points(asked, found)) if table]
    name = asked.words.region(found.importer)
    return [Section(f"tables-{found.importer.lower()}", asked.text("exposure_tables", country=name), tuple(parts))]


def _suppliers(asked: Asked, found: ExposureResult, writer: CitedWriter) -> Table:
    """First suppliers of each element by stage, with their traced share and its bounds."""
    words, rows = asked.words, []
    title = asked.text("suppliers_caption", country=words.region(found.importer))
    for use in found.uses:
        cells = []
        for stage in STAGES:
            here = [row for row in found.suppliers if (row.element, row.stage, row.end_use) == (use.element, stage, "all")]
            first = sorted(here, key=lambda row: -row.share_traced)[:MOST_SUPPLIERS]
            cells.append(
                words.joined(
                    f"{_place(words, row.supplier)} {words.percent(row.share_traced, 0)}" for row in first if row.share_traced >= 0.005
                )
            )
        rows.append((capital(words.element(use.element)), *cells))
    behind = ((row.facts, row.share_traced) for row in found.suppliers if row.end_use == "all")
    ref = writer.notes.add(f"suppliers:{found.importer}", "derived", title, words.plain("base.exposure"), facts=united_facts(behind))
    return Table(
        title,
        (words.plain("table.element"), *(words.stage(stage, *(use.element for use in found.uses)) for stage in STAGES)),
        tuple(rows),
        ref,
        words=5,
    )


def _place(words: Words, code: str) -> str:
    return words.region(code) if not words.has(f"web-supplier_{code}") else words.plain(f"web-supplier_{code}")


def _losses(asked: Asked, found: ExposureResult, writer: CitedWriter) -> Table:
    """What remains when the largest supplier of a stage is lost, and how long stocks last."""
    words = asked.words
    title = asked.text("n1_caption", country=words.region(found.importer))
    rows = tuple(
        (
            capital(words.element(row.element)),
            words.stage(row.stage, row.element),
            _place(words, row.supplier or ""),
            "" if row.hhi is None else words.number(row.hhi, -2),
            words.percent(row.n_minus_1_in_place, 0),
            words.percent(row.n_minus_1_cover, 0),
            "" if row.cover_days is None else words.number(row.cover_days, 0),
            asked.text("beyond") if row.time_to_survive_days is None else words.number(row.time_to_survive_days, 0),
        )
        for row in sorted(
            found.indicators, key=lambda row: (list(symbols()).index(row.element), STAGES.index(row.stage) if row.stage in STAGES else 9)
        )
        if row.supplier
    )
    head = tuple(asked.text(f"n1_{key}") for key in ("element", "stage", "supplier", "hhi", "in_place", "cover", "days", "survive"))
    ref = writer.notes.add(f"n1:{found.importer}", "derived", title, asked.text("n1_note"))
    return Table(title, head, rows, ref, words=3)


def _points(asked: Asked, found: ExposureResult) -> Table | None:
    """Smallest set of countries whose loss takes away the input that stops most of an end use."""
    words = asked.words
    rows = tuple(
        (
            capital(words.element(row.element)),
            words.sector(row.end_use),
            words.listed(words.region(code) for code in row.countries),
            words.percent(row.left, 0),
        )
        for row in found.points_by_use()
    )
    if not rows:
        return None
    head = tuple(asked.text(f"points_{key}") for key in ("element", "use", "countries", "left"))
    return Table(asked.text("points_caption", country=words.region(found.importer)), head, rows, words=3)
