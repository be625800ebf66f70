"""The section on exposure: shares, map, Sankey, indicators, single points of failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.report.document import Chart, LegendItem, Para, Section, Table
from ytterby.report.flows import chain_ribbons, output_shares
from ytterby.report.map import world_map
from ytterby.report.palette import ALARM, BLUES, INK
from ytterby.report.pen import listed
from ytterby.report.sankey import node_masses, sankey
from ytterby.report.sections.common import main_supplier
from ytterby.report.sections.panels import exposure_ref, share_rows
from ytterby.report.text import capital

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ytterby.report.document import Block
    from ytterby.report.material import Material
    from ytterby.report.pen import Pen

LABELLED = 0.02
"""Share from which on a region has its name on the map."""


def section(material: Material, pen: Pen) -> Section | None:
    """Exposure now; nothing where neither exposure nor system is given."""
    blocks: list[Block] = []
    if material.exposure:
        blocks += _words(material, pen, material.exposure)
    if material.system is not None and material.outlines is not None:
        element = main_element(material)
        blocks += [_map(material, pen, element), _sankey(material, pen, element)]
    if material.exposure:
        blocks += _indicators(material, pen, material.exposure)
    return Section("exposure", pen.words.plain("section.exposure"), tuple(blocks)) if blocks else None


def main_element(material: Material) -> str:
    """Element of the picture: the one most of the worst shortfall consists of, else dysprosium."""
    assert material.system is not None
    contents = material.system.contents
    rows = material.run.summary.get("shortfall", []) if material.run else []
    for row in sorted(rows, key=lambda row: (row["region"] not in material.regions, -float(row.get("worst_share") or 0.0))):
        held = contents[(contents["commodity"] == row["commodity"]) & contents["element"].isin(["Dy", "Tb", "Nd", "Sm", "Y", "Gd"])]
        if len(held):
            heavy = held[held["element"].isin(["Dy", "Tb"])]
            return str((heavy if len(heavy) else held).sort_values("content")["element"].iloc[-1])
    return "Dy" if bool((contents["element"] == "Dy").any()) else str(contents["element"].iloc[0])


def headline(material: Material, pen: Pen) -> dict[str, Any]:
    """Fields of the sentences on exposure: element, supplier, traced and direct share."""
    assert material.exposure is not None
    supplier = main_supplier(material.exposure)
    row = max(share_rows(material, supplier), key=lambda row: float(row["share_traced"]))
    ref, words = exposure_ref(material, pen), pen.words
    traced = pen.share(float(row["share_traced"]), row.get("low"), row.get("high"), ref)
    direct = None if row.get("share_direct") is None else pen.share(float(row["share_direct"]), None, None, ref)
    stage = str(row["stage"])
    worked = words.worked(stage)
    found = {
        "element": words.element(row["element"]),
        "supplier": words.region(supplier),
        "traced": traced,
        "worked": worked,
        "within": words.within(material.importer),
    }
    return found | ({"direct": direct} if direct else {})


def _words(material: Material, pen: Pen, exposure: Mapping[str, Any]) -> list[Block]:
    fields = headline(material, pen)
    blocks: list[Block] = [Para(pen.words.say("exposure.lead" if "direct" in fields else "exposure.lead_plain", **fields), "lead")]
    score = exposure.get("geopolrisk")
    if score is not None:
        ref = pen.notes.add("geopolrisk", "derived", "GeoPolRisk", pen.words.plain("base.geopolrisk"))
        blocks.append(
            Para(
                pen.words.say(
                    "exposure.geopolrisk", within=fields["within"], value=pen.plain(float(score), ref), supplier=fields["supplier"]
                )
            )
        )
    return blocks


def _base_ref(material: Material, pen: Pen, key: str, element: str) -> str:
    assert material.system is not None
    words = pen.words
    title = words.plain("base.note_title", year=str(material.system.year))
    return pen.notes.add(
        f"base:{key}", "derived", title, words.plain(f"base.{key}", element=words.element(element)), facts=len(material.facts)
    )


def _map(material: Material, pen: Pen, element: str) -> Chart:
    assert material.system is not None
    assert material.outlines is not None
    words, name = pen.words, pen.words.element(element)
    mined, separated = (output_shares(material.system, element, stage) for stage in ("mine", "oxide"))
    ref = _base_ref(material, pen, "map", element)
    shown = {region for shares in (mined, separated) for region, share in shares.items() if share >= LABELLED}
    labels = {
        region: words.region(region) for region in (*shown, *material.regions) if region in material.outlines.labels and region != "ROW"
    }
    svg = world_map(
        material.outlines, separated, {region: share for region, share in mined.items() if share >= 0.002}, material.regions, labels
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
        words.plain("exposure.map", element=name),
        tuple(words.plain(f"table.{key}") for key in ("region", "mined", "separated")),
        tuple(rows),
        ref,
    )
    texts = {
        key: listed(
            words, [f"{words.region(region)} {words.percent(share, 0)}" for region, share in list(shares.items())[:4] if share >= 0.005]
        )
        for key, shares in (("mined", mined), ("separated", separated))
    }
    legend = (
        LegendItem("ramp", " ".join(BLUES), words.plain("exposure.map_legend_fill")),
        LegendItem("ring", ALARM, words.plain("exposure.map_legend_ring")),
        LegendItem("outline", INK, words.plain("exposure.map_legend_own", country=words.region(material.importer))),
    )
    alt = words.plain("alt.map", element=name, country=words.region(material.importer), **texts)
    return Chart("map", words.plain("exposure.map", element=name), svg, alt, table, ref, legend, width="full")


def _sankey(material: Material, pen: Pen, element: str) -> Chart:
    assert material.system is not None
    words, name, year = pen.words, pen.words.element(element), str(material.system.year)
    stages, ribbons = chain_ribbons(material.system, element)
    ref = _base_ref(material, pen, "sankey", element)
    masses = node_masses(ribbons, len(stages))
    heads = [words.plain(f"stage.{stage}") for stage in stages]

    def share(column: int, _group: str, mass: float) -> str:
        return words.percent(mass / sum(masses[column].values()), 0)

    svg = sankey(ribbons, heads, words.region, share)
    rows = [
        (
            f"{heads[ribbon.column]}, {words.region(ribbon.source)}",
            f"{heads[ribbon.column + 1]}, {words.region(ribbon.target)}",
            words.number(ribbon.value, max(len(str(int(ribbon.value))) - 2, 0)),
        )
        for ribbon in sorted(ribbons, key=lambda item: (item.column, -item.value))
        if ribbon.value >= 0.5
    ]
    table = Table(
        words.plain("exposure.sankey", element=name, year=year),
        tuple(words.plain(f"table.{key}") for key in ("from", "to", "mass")),
        tuple(rows),
        ref,
    )
    tops = [(heads[column], max(groups, key=lambda group: groups[group])) for column, groups in enumerate(masses)]
    items = [
        words.plain("alt.sankey_item", stage=head, top=words.region(top), share=share(column, top, masses[column][top]))
        for column, (head, top) in enumerate(tops)
    ]
    alt = words.plain("alt.sankey", element=name, list="; ".join(items))
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


def _indicators(material: Material, pen: Pen, exposure: Mapping[str, Any]) -> list[Block]:
    """Table of the most concentrated steps, and the single points of failure."""
    words, ref = pen.words, exposure_ref(material, pen)
    rows = sorted(exposure.get("indicators", []), key=lambda row: -float(row.get("hhi") or 0.0))[:6]
    blocks: list[Block] = []
    if rows:
        head = ("element", "stage", "hhi", "reliance", "n1", "cover", "survive")
        table = tuple(_indicator_row(pen, row) for row in rows)
        blocks.append(
            Table(
                words.plain("exposure.indicators", within=words.within(material.importer)),
                tuple(words.plain(f"table.{key}") for key in head),
                table,
                ref,
            )
        )
    points = [_point(pen, point) for point in exposure.get("single_points", [])[:4]]
    if points:
        blocks.append(Para(words.say("exposure.single", list="; ".join(points)), "small"))
    return blocks


def _indicator_row(pen: Pen, row: Mapping[str, Any]) -> tuple[str, ...]:
    words = pen.words
    stage = words.stage(str(row["stage"]))

    def cell(key: str, kind: str) -> str:
        value = row.get(key)
        if value is None:
            return ""
        return {"share": words.percent(float(value), 0), "days": words.number(float(value), 0), "index": words.number(float(value), -2)}[
            kind
        ]

    return (
        capital(words.element(row["element"])),
        stage,
        cell("hhi", "index"),
        cell("import_reliance", "share"),
        cell("n_minus_1_cover", "share"),
        cell("cover_days", "days"),
        cell("time_to_survive_days", "days"),
    )


def _point(pen: Pen, point: Any) -> str:
    """Words for a single point of failure, whatever its shape."""
    if isinstance(point, dict):
        place = pen.words.region(str(point.get("region", point.get("supplier", ""))))
        stage = str(point.get("stage", ""))
        step = pen.words.stage(stage)
        return ", ".join(part for part in (step, str(point.get("element", "")), place) if part)
    return str(point)
