"""World: what is made where and goes from where to where, by element, stage and year; a country or a flow opens beside the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter

from ytterby.app import trade_years
from ytterby.facts import load, regions, symbols
from ytterby.report import capital, plain_place
from ytterby.report.briefing import Chart, LegendItem, Span, Table, act_words
from ytterby.report.charts import ALARM, BLUES, Ribbon, Svg, ink_of, node_masses, sankey_chart, shade
from ytterby.web.control_words import state_phrase
from ytterby.web.map import arc, outlines_of, shapes
from ytterby.web.page import Page, writer_of
from ytterby.web.pages.common import shows

if TYPE_CHECKING:
    from ytterby.api import Workbench
    from ytterby.app import FlowsResult, RegionFlow
    from ytterby.report import Field, Words
    from ytterby.report.briefing import CitedWriter, Spans
    from ytterby.web.asked import Asked

router = APIRouter()
DEFAULT_ELEMENT, DEFAULT_STAGE = "Dy", "oxide"
MOST_ARCS = 40
"""Flows drawn on the map; the table has all."""
THICKEST, THINNEST = 22.0, 0.7
"""Width of the largest flow, to which the others are in proportion, and the least width that is seen [units of a map 1000 wide]."""
MOST_ROWS = 60
YEAR = 4
"""Digits of a year."""
MOST_SIDE = 8


@dataclass(frozen=True)
class View:
    """What is shown: flows of a stage, or of a year's customs records."""

    found: FlowsResult
    stage: str
    flows: tuple[RegionFlow, ...]

    @property
    def shares(self) -> dict[str, float]:
        """Share of each region in what the map shades: output at the stage, else exports [1]."""
        if self.found.basis == "base":
            return {row.region: row.share for row in self.found.outputs if row.stage == self.stage}
        sums: dict[str, float] = {}
        for row in self.flows:
            sums[row.origin] = sums.get(row.origin, 0.0) + row.t
        whole = sum(sums.values())
        return {region: mass / whole for region, mass in sorted(sums.items(), key=lambda item: -item[1])} if whole else {}


@shows(router, "/world", "world.html")
def world(asked: Asked, bench: Workbench) -> Page:
    """The map with its flows, the chain as a Sankey diagram, and what was clicked."""
    view, years = _view(asked, bench), _years(bench)
    writer = writer_of(asked, _kinds(bench, view))
    chosen = asked.query.get("at", "")
    chart, chain = map_chart(asked, view, writer), _chain(asked, view.found, writer)
    return Page(
        "world",
        asked.text("world_title"),
        answer=_answer(asked, view, writer),
        notes=writer.notes.all(),
        brief="/briefs/exposure.html",
        more={
            "view": view,
            "map": drawn_map(asked, view, bench),
            "chart": chart,
            "chain": chain,
            "side": _side(asked, bench, view, chosen),
            "years": years,
            "year": view.found.year,
            "elements": [(code, asked.words.element(code)) for code in symbols() if code in _held(bench)],
            "element": view.found.element or _element(asked),
            "stage": view.stage or _stage(asked, ()),
            "stages": [
                (stage, asked.words.stage(stage, view.found.element or ""))
                for stage in (view.found.stages or ("mine", "oxide", "metal", "magnet"))
            ],
        },
    )


def _view(asked: Asked, bench: Workbench) -> View:
    base, text = bench.settings.base_year, asked.query.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == YEAR else base
    element = _element(asked)
    found = bench.flows(element, year)
    if found.basis == "customs":
        return View(found, "", found.flows)
    stage = _stage(asked, found.stages)
    return View(found, stage, tuple(row for row in found.flows if row.stage == stage))


def _element(asked: Asked) -> str:
    return asked.query.get("element") or DEFAULT_ELEMENT


def _stage(asked: Asked, stages: tuple[str, ...]) -> str:
    wanted = asked.query.get("stage") or DEFAULT_STAGE
    return wanted if wanted in stages or not stages else stages[0]


def _years(bench: Workbench) -> tuple[int, int]:
    """First and last year of the slider."""
    known = trade_years(load(bench.settings.project))
    return known[0], max(known[-1], bench.settings.base_year)


def _held(bench: Workbench) -> set[str]:
    """Elements of the base system."""
    return {row.element for row in bench.chain().elements}


def _kinds(bench: Workbench, view: View) -> dict[str, str]:
    """Kinds of the figures that the view names."""
    named = {name for rows in (view.found.outputs, view.found.flows) for row in rows for name in row.facts}
    return {row.id: row.kind for row in bench.facts().facts if row.id in named} if named else {}


def _answer(asked: Asked, view: View, writer: CitedWriter) -> Spans:
    """Who makes most, and the largest flow."""
    words, shares = asked.words, view.shares
    if not shares or not view.flows:
        return words.say("web-world_nothing")
    top, largest, ref = next(iter(shares)), view.flows[0], _ref(asked, view, writer)
    fields: dict[str, Field] = {
        "top": words.region(top),
        "share": writer.plain_share(shares[top], ref),
        "origin": words.region(largest.origin),
        "destination": words.region(largest.destination),
        "mass": writer.number(largest.t, largest.low, largest.high, ref, "t"),
        "year": str(view.found.year),
    }
    if view.found.basis == "customs":
        return words.say("web-world_answer_customs", **fields)
    key = f"web-world_answer_{view.stage}"
    return words.say(key, element=words.element(view.found.element or ""), **fields)


def _ref(asked: Asked, view: View, writer: CitedWriter) -> str:
    """Note on where the flows come from."""
    words, found = asked.words, view.found
    if found.basis == "customs":
        return writer.notes.add("customs", "reported", "BACI", words.plain("web-world_customs", year=str(found.year)))
    rows = [row for row in found.outputs if row.stage == view.stage]
    facts = dict.fromkeys(name for each in (rows, view.flows[:10]) for row in each for name in row.facts)
    title = words.plain("base.note_title", year=str(found.year))
    return writer.notes.add(
        "flows", "derived", title, words.plain("web-world_base", element=words.element(found.element or "")), facts=facts
    )


def map_chart(asked: Asked, view: View, writer: CitedWriter) -> Chart:
    """The map's frame: its title, alternative text, table and note; the drawing is made by the page's template."""
    words, shares = asked.words, view.shares
    title = _title(asked, view)
    rows = tuple(
        (words.region(row.origin), words.region(row.destination), *(_mass(words, value) for value in (row.t, row.low, row.high)))
        for row in view.flows[:MOST_ROWS]
    )
    mass = words.plain("table.mass") if view.stage else asked.text("tonnes")
    head = (*(words.plain(f"table.{key}") for key in ("from", "to")), mass, *(words.plain(f"table.{key}") for key in ("low", "high")))
    ref = _ref(asked, view, writer)
    legend = (
        LegendItem("ramp", " ".join(BLUES), asked.text("world_legend_output" if view.stage else "world_legend_exports")),
        LegendItem("line", ALARM, asked.text("world_legend_flow")),
    )
    items = [f"{words.region(region)} {words.percent(share, 0)}" for region, share in list(shares.items())[:4] if share >= 0.005]
    arcs = [
        asked.text("world_flow", origin=words.region(r.origin), destination=words.region(r.destination), mass=_mass(words, r.t))
        for r in view.flows[:4]
    ]
    alt = asked.text("world_alt", title=title, shares=words.joined(items), flows=words.joined(arcs, "list.clauses"))
    return Chart("world", title, Svg(1000, 500), alt, Table(title, head, rows, ref, words=2), ref, legend, width="full")


def _title(asked: Asked, view: View) -> str:
    words = asked.words
    if view.found.basis == "customs":
        return asked.text("world_map_customs", year=str(view.found.year))
    return asked.text(
        "world_map_base",
        element=capital(words.element(view.found.element or "")),
        stage=words.stage(view.stage, view.found.element or ""),
        year=str(view.found.year),
    )


def _mass(words: Words, value: float | None) -> str:
    return "" if value is None else words.number(value, min(plain_place(value, 3), 0))


def drawn_map(asked: Asked, view: View, bench: Workbench) -> dict[str, object]:
    """Regions and arcs of the map, each with its address."""
    outlines, words, shares, chosen = outlines_of(bench.settings.project), asked.words, view.shares, asked.query.get("at", "")
    largest = max((row.t for row in view.flows), default=1.0)
    land = [
        {
            "path": path,
            "code": code,
            "ink": shade(shares.get(code, 0.0)),
            "href": asked.url(at=code),
            "told": f"{words.region(code)}: {words.percent(shares.get(code, 0.0), 0)}",
            "own": chosen == code,
        }
        for code, path in sorted(outlines.regions.items(), key=lambda item: item[0] == chosen)
    ]
    arcs = [
        {
            "path": arc(outlines.labels[row.origin], outlines.labels[row.destination]),
            "ink": ink_of(row.origin),
            "width": round(max(THICKEST * row.t / largest, THINNEST), 2),
            "href": asked.url(at=f"{row.origin}-{row.destination}"),
            "told": asked.text(
                "world_flow", origin=words.region(row.origin), destination=words.region(row.destination), mass=f"{_mass(words, row.t)} t"
            ),
            "own": chosen == f"{row.origin}-{row.destination}",
        }
        for row in reversed(view.flows[:MOST_ARCS])
        if row.origin in outlines.labels and row.destination in outlines.labels
    ]
    names = [
        {
            "x": round(outlines.labels[code][0], 1),
            "y": round(outlines.labels[code][1], 1),
            "name": words.region(code),
            "told": words.percent(share, 0),
        }
        for code, share in shares.items()
        if share >= 0.03 and code in outlines.labels and code != "ROW"
    ]
    return {
        "width": outlines.width,
        "height": outlines.height,
        "land": land,
        "arcs": arcs,
        "names": names,
        "borders": outlines.borders,
        "shapes": shapes(outlines),
    }


def _chain(asked: Asked, found: FlowsResult, writer: CitedWriter) -> Chart | None:
    """The element's chain from mine to use as a Sankey diagram; None for customs records."""
    if not found.ribbons:
        return None
    words = asked.words
    ribbons = [Ribbon(row.column, row.source, row.target, row.t) for row in found.ribbons]
    heads = [words.stage(stage, found.element or "") for stage in found.ribbon_stages]
    masses = node_masses(ribbons, len(heads))

    def share(column: int, _group: str, mass: float) -> str:
        return words.percent(mass / sum(masses[column].values()), 0)

    title = words.plain("exposure.sankey", element=words.element(found.element or ""), year=str(found.year))
    rows = tuple(
        (
            words.plain("exposure.step", stage=heads[row.column], place=words.region(row.source)),
            words.plain("exposure.step", stage=heads[row.column + 1], place=words.region(row.target)),
            _mass(words, row.value),
        )
        for row in sorted(ribbons, key=lambda row: (row.column, -row.value))
    )
    tops = [(heads[column], max(groups, key=lambda group: groups[group])) for column, groups in enumerate(masses)]
    items = [
        words.plain("alt.sankey_item", stage=head, top=words.region(top), share=share(column, top, masses[column][top]))
        for column, (head, top) in enumerate(tops)
    ]
    alt = words.plain("alt.sankey", element=words.element(found.element or ""), list=words.joined(items, "list.clauses"))
    facts = dict.fromkeys(name for row in found.outputs for name in row.facts)
    note = writer.notes.add(
        "chain",
        "derived",
        words.plain("base.note_title", year=str(found.year)),
        words.plain("base.sankey", element=words.element(found.element or "")),
        facts=facts,
    )
    table = Table(title, tuple(words.plain(f"table.{key}") for key in ("from", "to", "mass")), rows, note, words=2)
    svg = sankey_chart(ribbons, heads, words.region, share)
    remark = (*words.say("exposure.sankey_remark"), Span("text", " "), *words.say("web-world_chain_counts"))
    return Chart("sankey", title, svg, alt, table, note, remark=remark, width="full")


def _side(asked: Asked, bench: Workbench, view: View, chosen: str) -> dict[str, object] | None:
    """What stands beside the map: a country with what it makes, buys, sells and controls, or a flow with its figures."""
    start, _, end = chosen.partition("-")
    if start not in regions() or (end and end not in regions()):
        return None
    return _flow_side(asked, view, start, end) if end else _country_side(asked, bench, view, start)


def _flow_side(asked: Asked, view: View, start: str, end: str) -> dict[str, object]:
    words = asked.words
    row = next((row for row in view.flows if (row.origin, row.destination) == (start, end)), None)
    out = sum(each.t for each in view.flows if each.origin == start)
    into = sum(each.t for each in view.flows if each.destination == end)
    lines: list[tuple[str, str]] = []
    if row:
        band = words.plain("range.dates", low=_mass(words, row.low), high=_mass(words, row.high)) if row.low is not None else ""
        lines.append((asked.text("mass"), f"{_mass(words, row.t)} t" + (f" ({band})" if band else "")))
        if row.value_usd is not None:
            lines.append(
                (
                    asked.text("value"),
                    f"{words.number(row.value_usd / 1e6, min(plain_place(row.value_usd / 1e6, 2), 0))} {words.plain('axis.usd_million')}",
                )
            )
        lines.append((asked.text("share_of_exports", country=words.region(start)), words.percent(row.t / out, 0)))
        lines.append((asked.text("share_of_imports", country=words.region(end)), words.percent(row.t / into, 0)))
    title = asked.text("arrow", origin=words.region(start), destination=words.region(end))
    return {"title": title, "lines": lines, "facts": row.facts if row else (), "tables": [], "controls": [], "code": ""}


def _country_side(asked: Asked, bench: Workbench, view: View, code: str) -> dict[str, object]:
    words = asked.words
    made = [
        (words.stage(row.stage, view.found.element or ""), f"{_mass(words, row.t)} t ({words.percent(row.share, 0)})")
        for row in view.found.outputs
        if row.region == code
    ]
    bought = [(words.region(row.origin), f"{_mass(words, row.t)} t") for row in view.flows if row.destination == code][:MOST_SIDE]
    sold = [(words.region(row.destination), f"{_mass(words, row.t)} t") for row in view.flows if row.origin == code][:MOST_SIDE]
    facts = dict.fromkeys(name for row in view.found.outputs if row.region == code for name in row.facts)
    tables = [(asked.text(key), rows) for key, rows in (("makes", made), ("buys_from", bought), ("sells_to", sold)) if rows]
    held = (
        {
            act_words(words, row.order): (state_phrase(words, row), None if act_words(words, row.order) != row.order else "en")
            for row in bench.controls(by=code).controls
            if row.state in ("in force", "expired", "suspended") and row.kind != "customs"
        }
        if code in _single()
        else {}
    )
    return {
        "title": words.region(code),
        "lines": [],
        "facts": list(facts)[:12],
        "tables": tables,
        "controls": [(order, *told) for order, told in held.items()][:6],
        "code": code,
    }


def _single() -> set[str]:
    """Regions that are one country."""
    return {code for code, term in regions().items() if not term.members}
