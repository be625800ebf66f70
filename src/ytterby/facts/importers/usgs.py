"""Readers of the data releases of the USGS Mineral Commodity Summaries, editions 2022 to 2026."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.facts.importers.published_rows import SCALES, collect, commodity_code, country, number, row, symbol
from ytterby.facts.importers.releases import Release, ReleaseFigures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.facts.importers.releases import ReleaseTable, Row

OXIDES = {"CeO2": "Ce", "Dy2O3": "Dy", "Eu2O3": "Eu", "La2O3": "La", "Nd2O3": "Nd", "TbO2": "Tb", "Y2O3": "Y"}
"""Elements by the names of oxides in columns of prices."""

NMIC = "https://www.usgs.gov/centers/national-minerals-information-center"
NO_FIGURE = "no number or no known country"
OTHER = "other commodities, capacities and parts of a total"


def figure(quantity: str, element: str, name: str, period: str, value: str, published_unit: str, edition: str, **more: str) -> Row | str:
    """Row of the Mineral Commodity Summaries; a reason if it has no number or no known country."""
    region, plain = country(name), number(value)
    if not region or not plain:
        return NO_FIGURE
    refined = quantity == "refined_production"
    return row(
        quantity,
        element,
        region,
        period,
        f"{float(plain) * SCALES[published_unit]:.10g}",
        "t REO" if element == "TREO" else "t",
        edition=f"MCS {edition}",
        commodity="" if quantity == "reserve" and element == "TREO" else commodity_code(element, refined=refined),
        source=f"USGS Mineral Commodity Summaries {edition}, data release given by the user",
        url=NMIC,
        licence="public-domain-us",
        note="the production quota, not the output" if (region, element, quantity) == ("CN", "TREO", "mine_production") else "",
        **more,
    )


def stage(text: str) -> str:
    """Quantity of a published kind of production; empty for capacities and parts of a total."""
    low = text.strip().lower().removesuffix(": rounded")
    if ":" in low or "capacity" in low:
        return ""
    return "mine_production" if low.startswith("mine") or "mine production" in low else "refined_production"


def one_commodity(table: ReleaseTable) -> ReleaseFigures:
    """Read the world table of rare earths, the file of one commodity of the editions 2022 to 2025."""
    return collect(_one_commodity(table), ReleaseFigures())


def _one_commodity(table: ReleaseTable) -> Iterator[Row | str]:
    for _, line in table.lines():
        kind, edition = line["type"], line["source"][3:]
        if "rare earth" not in kind.lower().replace("-", " "):
            yield f"a table of another mineral ({kind[:60]})"
            continue
        if "mine production" not in kind.lower():
            yield OTHER
            continue
        for column, cell in line.items():
            if found := re.fullmatch(r"prod_t_(?:est_)?(\d{4})", column):
                yield figure("mine_production", "TREO", line["country"], found[1], cell, "metric tons", edition, scope=kind)
            elif column == "reserves_t":
                yield figure("reserve", "TREO", line["country"], str(int(edition) - 1), cell, "metric tons", edition, scope="reserves")


def all_commodities(table: ReleaseTable) -> ReleaseFigures:
    """Read the world tables of all commodities of the edition 2025 (one column per year)."""
    return collect(_all_commodities(table), ReleaseFigures())


def _all_commodities(table: ReleaseTable) -> Iterator[Row | str]:
    for _, line in table.lines():
        element, edition, quantity, unit = symbol(line["commodity"]), line["source"][3:], stage(line["type"]), line["unit_meas"]
        if not element or unit not in SCALES:
            yield OTHER
            continue
        for column, cell in line.items():
            if quantity and (found := re.fullmatch(r"prod_(?:est_)?(\d{4})", column)):
                yield figure(quantity, element, line["country"], found[1], cell, unit, edition, scope=line["type"])
            elif found := re.fullmatch(r"reserves_(\d{4})", column):
                yield figure("reserve", element, line["country"], found[1], cell, unit, edition, scope="reserves")


def long_form(table: ReleaseTable) -> ReleaseFigures:
    """Read the data release of the edition 2026 (one row per figure); salient statistics are left out."""
    return collect(_long_form(table), ReleaseFigures())


def _long_form(table: ReleaseTable) -> Iterator[Row | str]:
    for _, line in table.lines():
        element, kind, detail = symbol(line["mcs_chapter"]), line["statistics"], line["statistics_detail"]
        world = line["section"].startswith("World")
        if not element or not world or line["unit"] not in SCALES or "(heavy)" in line["mcs_chapter"].lower():
            yield OTHER if world else "salient statistics of the United States"
            continue
        quantity = "reserve" if kind == "Reserves" else stage(detail)
        if not quantity or kind not in {"Production", "Reserves"}:
            yield OTHER
            continue
        yield figure(quantity, element, line["country"], line["year"], line["value"], line["unit"], "2026", scope=detail)


def salient(table: ReleaseTable) -> ReleaseFigures:
    """Read the prices of oxides from the salient statistics of the editions 2022 to 2025."""
    return collect(_salient(table), ReleaseFigures())


def _salient(table: ReleaseTable) -> Iterator[Row | str]:
    oxides = {name.lower(): element for name, element in OXIDES.items()}
    for _, line in table.lines():
        for column, cell in line.items():
            found = re.fullmatch(r"price_(\w+)_dkg", column)
            if found is None or found[1] not in oxides:
                continue
            if not number(cell):
                yield NO_FIGURE
                continue
            element, edition = oxides[found[1]], line["datasource"][3:]
            yield row(
                "price",
                element,
                "CN",
                line["year"],
                number(cell),
                "USD/kg",
                commodity=f"oxide.{element}",
                edition=f"MCS {edition}",
                source=f"USGS Mineral Commodity Summaries {edition}, salient statistics given by the user",
                url=NMIC,
                licence="public-domain-us",
                scope="annual average, FOB China, rounded to whole dollars",
            )


RELEASES = (
    Release("USGS MCS world table of one commodity", "tidy", frozenset({"source", "country", "type"}), one_commodity),
    Release("USGS MCS world tables", "tidy", frozenset({"source", "commodity", "country", "type", "unit_meas"}), all_commodities),
    Release(
        "USGS MCS data release",
        "tidy",
        frozenset({"mcs_chapter", "section", "country", "statistics", "statistics_detail", "unit", "year", "value"}),
        long_form,
    ),
    Release("USGS MCS salient statistics", "tidy", frozenset({"datasource", "commodity", "year"}), salient),
)
"""Formats of this source."""
