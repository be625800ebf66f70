"""Section on exposure: shares, map, Sankey diagram, indicators, single points of failure."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from ytterby.exposure import GeoPolRiskDetail
from ytterby.report.briefing.chain_masses import chain_facts, chain_ribbons, output_facts, output_shares
from ytterby.report.briefing.common import main_stop, main_supplier
from ytterby.report.briefing.controls import under_control
from ytterby.report.briefing.document import Chart, EventGroup, LegendItem, Para, Section, Span, Table
from ytterby.report.briefing.panels import MAIN_ELEMENTS, dependence_ref, dependences, exposure_ref
from ytterby.report.charts import ALARM, BLUES, INK, node_masses, sankey_chart, world_map_chart
from ytterby.report.text import capital
from ytterby.system import RARE_EARTHS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ytterby.exposure import ElementUse, ExposureResult, Indicator, SupplierShare
    from ytterby.report.briefing.briefing_input import BriefingInput
    from ytterby.report.briefing.cited_writer import CitedWriter
    from ytterby.report.briefing.document import Block, Spans
    from ytterby.report.text import Words

MIN_GAP = 0.05
"""Smallest difference between traced and direct share at which the direct share is mentioned [1]."""
MAX_INDICATORS = 5
MAX_SETS = 2
LABELLED = 0.02
"""Smallest share at which a region is labelled on the map [1]."""


class Wording(NamedTuple):
    """Terms for map and chain: rare earths are separated and measured as oxide, other minerals are refined and measured as metal."""

    stage: str
    head: str
    title: str
    fill: str
    alt: str
    map_note: str
    chain_note: str
    mass: str


SEPARATION = Wording("oxide", "separated", "exposure.map", "exposure.map_legend_fill", "alt.map", "map", "sankey", "mass")
REFINING = Wording(
    "metal", "refined", "exposure.map_refined", "exposure.map_legend_fill_refined", "alt.map_refined", "map_refined", "sankey_refined",
    "mass_refined",
)  # fmt: skip


def section(inputs: BriefingInput, writer: CitedWriter) -> Section | None:
    """Section on exposure; None if neither exposure nor system is given."""
    blocks: list[Block] = [EventGroup(_words(inputs, writer, inputs.exposure))] if inputs.exposure else []
    if inputs.system is not None and inputs.outlines is not None:
        element = main_element(inputs)
        blocks += [_map(inputs, writer, element), _sankey(inputs, writer, element)]
    if inputs.exposure:
        blocks += _indicators(inputs, writer, inputs.exposure)
    for other in inputs.beside:
        if other.exposure:
            blocks += [EventGroup(_words(other, writer, other.exposure)), *_indicators(other, writer, other.exposure)]
    if table := under_control(inputs, writer):
        blocks.append(table)
    return Section("exposure", writer.words.plain("section.exposure"), tuple(blocks)) if blocks else None


def main_element(inputs: BriefingInput) -> str:
    """Element shown: that of the bottleneck behind the largest loss, else of the worst shortfall, else dysprosium."""
    assert inputs.system is not None
    contents = inputs.system.contents
    for commodity in _scarce(inputs):
        held = contents[(contents["commodity"] == commodity) & contents["element"].isin(["Dy", "Tb", "Nd", "Sm", "Y", "Gd"])]
        if len(held):
            heavy = held[held["element"].isin(["Dy", "Tb"])]
            return str((heavy if len(heavy) else held).sort_values("content")["element"].iloc[-1])
    return "Dy" if bool((contents["element"] == "Dy").any()) else str(contents["element"].iloc[0])


def _scarce(inputs: BriefingInput) -> list[str]:
    """Commodities that are short, the bottleneck first, then by the worst week, those of the importer first."""
    if inputs.run is None:
        return []
    stop = main_stop(inputs, inputs.run)
    rows = sorted(inputs.run.summary.shortfall, key=lambda row: (row.region not in inputs.regions, -row.worst_share))
    return [*([stop.input] if stop and stop.input else []), *(row.commodity for row in rows)]


def headline(inputs: BriefingInput, writer: CitedWriter) -> dict[str, Any]:
    """Fields of the sentences on exposure: element, supplier, and its traced, direct and embedded share."""
    assert inputs.exposure is not None
    supplier, words = main_supplier(inputs.exposure), writer.words
    row = dependences(inputs, supplier)[0]
    ref = dependence_ref(
        inputs, writer, (row,), words.plain("list.pair", first=capital(words.element(row.element)), last=words.region(supplier))
    )
    found = {
        "element": words.element(row.element),
        "supplier": words.region(supplier),
        "traced": writer.share(row.traced, row.low, row.high, ref),
        "within": words.within(inputs.importer),
    }
    if row.direct < row.traced - MIN_GAP:
        found["direct"] = writer.share(row.direct, None, None, ref)
        found["embedded"] = writer.share(row.embedded, row.embedded_low, row.embedded_high, ref)
    return found


def _words(inputs: BriefingInput, writer: CitedWriter, exposure: ExposureResult) -> tuple[Para, ...]:
    """Sentences on the main element, on the GeoPolRisk score and on the single points of failure."""
    fields, words = headline(inputs, writer), writer.words
    found = [Para(words.say("exposure.lead" if "direct" in fields else "exposure.lead_plain", **fields), "lead")]
    if isinstance(exposure.geopolrisk_detail, GeoPolRiskDetail):
        value = writer.plain(exposure.geopolrisk_detail.score, _geopolrisk_ref(writer, exposure.geopolrisk_detail))
        found.append(Para(words.say("exposure.geopolrisk", within=fields["within"], value=value, supplier=fields["supplier"])))
    return (*found, *(Para(told, "small") for told in _points(inputs, writer, exposure)))


def _geopolrisk_ref(writer: CitedWriter, detail: GeoPolRiskDetail) -> str:
    """Note on the GeoPolRisk score with its factors."""
    hhi, risk = (writer.words.number(factor, -2) for factor in (detail.hhi, detail.import_risk))
    text = writer.words.plain("base.geopolrisk", hhi=hhi, risk=risk, source=detail.production)
    return writer.notes.add(f"geopolrisk:{text}", "derived", "GeoPolRisk", text)


def _base_ref(inputs: BriefingInput, writer: CitedWriter, key: str, element: str, facts: Iterable[str]) -> str:
    assert inputs.system is not None
    words = writer.words
    title = words.plain("base.note_title", year=inputs.base_year)
    return writer.notes.add(f"base:{key}", "derived", title, words.plain(f"base.{key}", element=words.element(element)), facts=facts)


def _map(inputs: BriefingInput, writer: CitedWriter, element: str) -> Chart:
    assert inputs.system is not None
    assert inputs.outlines is not None
    words, name = writer.words, writer.words.element(element)
    said = _wording(inputs)
    stages = ("mine", said.stage)
    mined, separated = (output_shares(inputs.system, element, stage) for stage in stages)
    ref = _base_ref(inputs, writer, said.map_note, element, output_facts(inputs.system, element, stages))
    shown = {region for shares in (mined, separated) for region, share in shares.items() if share >= LABELLED}
    labels = {region: words.region(region) for region in (*shown, *inputs.regions) if region in inputs.outlines.labels and region != "ROW"}
    svg = world_map_chart(
        inputs.outlines, separated, {region: share for region, share in mined.items() if share >= 0.002}, inputs.regions, labels
    )
    rows = [
        (
            words.region(region),
            *(words.percent(shares.get(region, 0.0), 0 if shares.get(region, 0.0) >= 0.01 else -0) for shares in (mined, separated)),
        )
        for region in dict.fromkeys((*mined, *separated))
        if max(mined.get(region, 0.0), separated.get(region, 0.0)) >= 0.005
    ]
    table = Table(
        words.plain(said.title, element=name),
        tuple(words.plain(f"table.{key}") for key in ("region", "mined", said.head)),
        tuple(rows),
        ref,
    )
    texts = {
        key: words.listed(
            f"{words.region(region)} {words.percent(share, 0)}" for region, share in list(shares.items())[:4] if share >= 0.005
        )
        for key, shares in (("mined", mined), ("separated", separated))
    }
    legend = (
        LegendItem("ramp", " ".join(BLUES), words.plain(said.fill)),
        LegendItem("ring", ALARM, words.plain("exposure.map_legend_ring")),
        LegendItem("outline", INK, words.plain("exposure.map_legend_own", country=words.region(inputs.importer))),
    )
    alt = words.plain(said.alt, element=name, country=words.region(inputs.importer), **texts)
    return Chart("map", words.plain(said.title, element=name), svg, alt, table, ref, legend)


def _wording(inputs: BriefingInput) -> Wording:
    """Terms for the chain of the base."""
    assert inputs.system is not None
    return SEPARATION if inputs.system.chain == RARE_EARTHS else REFINING


def _sankey(inputs: BriefingInput, writer: CitedWriter, element: str) -> Chart:
    assert inputs.system is not None
    words, name, year = writer.words, writer.words.element(element), inputs.base_year
    stages, ribbons = chain_ribbons(inputs.system, element)
    said = _wording(inputs)
    ref = _base_ref(inputs, writer, said.chain_note, element, chain_facts(inputs.system, element))
    masses = node_masses(ribbons, len(stages))
    heads = [words.stage(stage, element) for stage in stages]

    def share(column: int, _group: str, mass: float) -> str:
        return words.percent(mass / sum(masses[column].values()), 0)

    svg = sankey_chart(ribbons, heads, words.region, share)
    rows = [
        (
            words.plain("exposure.step", stage=heads[ribbon.column], place=words.region(ribbon.source)),
            words.plain("exposure.step", stage=heads[ribbon.column + 1], place=words.region(ribbon.target)),
            words.number(ribbon.value, max(len(str(int(ribbon.value))) - 2, 0)),
        )
        for ribbon in sorted(ribbons, key=lambda item: (item.column, -item.value))
        if ribbon.value >= 0.5
    ]
    table = Table(
        words.plain("exposure.sankey", element=name, year=year),
        tuple(words.plain(f"table.{key}") for key in ("from", "to", said.mass)),
        tuple(rows),
        ref,
    )
    tops = [(heads[column], max(groups, key=lambda group: groups[group])) for column, groups in enumerate(masses)]
    items = [
        words.plain("alt.sankey_item", stage=head, top=words.region(top), share=share(column, top, masses[column][top]))
        for column, (head, top) in enumerate(tops)
    ]
    alt = words.plain("alt.sankey", element=name, list=words.joined(items, "list.clauses"))
    return Chart(
        "sankey",
        words.plain("exposure.sankey", element=name, year=year),
        svg,
        alt,
        table,
        ref,
        remark=words.say("exposure.sankey_remark"),
        width="full",
    )


def _indicators(inputs: BriefingInput, writer: CitedWriter, exposure: ExposureResult) -> list[Block]:
    """Table of the most vulnerable stage of the main elements, and the single points of failure."""
    words = writer.words
    worst = {row.element: row for row in exposure.weakest()}
    rows = [worst[element] for element in MAIN_ELEMENTS if element in worst][:MAX_INDICATORS]
    blocks: list[Block] = []
    if rows:
        head = tuple(words.plain(f"table.{key}") for key in ("element", "stage", "hhi", "reliance", "n1", "cover", "survive"))
        title = words.plain("exposure.indicators", within=words.within(inputs.importer))
        bought = {use.element: use for use in exposure.uses}
        steps = {(row.element, row.stage) for row in rows}
        behind = ((row.facts, row.share_traced) for row in _whole_uses(exposure) if (row.element, row.stage) in steps)
        ref = exposure_ref(inputs, writer, behind, title)
        blocks.append(Table(title, head, tuple(_indicator_row(writer, row, bought[row.element]) for row in rows), ref, words=2))
    return blocks


def _indicator_row(writer: CitedWriter, row: Indicator, use: ElementUse) -> tuple[str, ...]:
    words = writer.words
    shown = (
        (row.n_minus_1_cover, _whole),
        (row.cover_days, _days),
        (row.time_to_survive_days, _days),
    )
    cells = ("" if value is None else show(words, value) for value, show in shown)
    concentration = "" if row.hhi is None else _hundredths(words, row.hhi)
    return (capital(words.element(row.element)), words.stage(row.stage, row.element), concentration, _reliance(words, use), *cells)


def _reliance(words: Words, use: ElementUse) -> str:
    """Import reliance in the form in which most of the element is bought; empty where nothing is imported."""
    if use.bought_as is None or use.import_reliance is None:
        return ""
    share = words.plain("exposure.net_exporter") if use.net_exporter else _whole(words, use.import_reliance)
    return words.plain("exposure.reliance", share=share, form=words.form(use.bought_as, use.element))


def _hundredths(words: Words, value: float) -> str:
    return words.number(value, -2)


def _whole(words: Words, share: float) -> str:
    return words.percent(share, 0)


def _days(words: Words, days: float) -> str:
    return words.number(days, 0 if days < 100.0 else 1)


def _points(inputs: BriefingInput, writer: CitedWriter, exposure: ExposureResult) -> list[Spans]:
    """Sentences on the smallest sets of countries whose loss stops a use, by set, each with its mark."""
    words, found, left = writer.words, dict[tuple[str, ...], list[str]](), dict[tuple[str, ...], float]()
    single = {point.countries for point in exposure.single_points if point.is_single}
    for point in exposure.single_points:
        if point.end_use == "all" and point.stopped:
            found.setdefault(point.countries, []).append(point.element)
            left[point.countries] = max(left.get(point.countries, 0.0), point.left)
    sets = sorted(found.items(), key=lambda item: (len(item[0]), -len(item[1])))[:MAX_SETS]
    told: list[Spans] = []
    for codes, elements in sets:
        place, names = words.listed(words.region(code) for code in codes), words.listed(words.element(name) for name in elements)
        rows = ((row.facts, row.share_traced) for row in _whole_uses(exposure) if row.element in elements and row.supplier in codes)
        key = "exposure.single" if codes in single else "exposure.region" if len(codes) == 1 else "exposure.together"
        ref = exposure_ref(inputs, writer, rows, capital(words.plain("list.pair", first=names, last=place)))
        told.append((*words.say(key, place=place, list=names, left=_at_most(words, left[codes])), Span("mark", "", ref)))
    return told


def _at_most(words: Words, share: float) -> str:
    """Share in whole per cents, rounded up."""
    return words.percent(ceil(100.0 * share - 1e-9) / 100.0, 0)


def _whole_uses(exposure: ExposureResult) -> list[SupplierShare]:
    """Shares of suppliers in all end uses together."""
    return [row for row in exposure.suppliers if row.end_use == "all"]
