"""Readers of production by country: World Mining Data, BGS World Mineral Statistics, IEA Critical Minerals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.facts import reference_tables
from ytterby.facts.importers.published_rows import SCALES, collect, commodity_code, country, number, row, symbol
from ytterby.facts.importers.releases import Release, ReleaseFigures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.facts.importers.releases import ReleaseTable, Row

NO_FIGURE = "no number or no known country"
OTHER = "other commodities"
AUSTRIA = "World Mining Data (Austrian Federal Ministry of Finance), given by the user"
BASE_YEAR = 2024
"""Years after this are projections in the IEA's tables."""


def world_mining_data(table: ReleaseTable) -> ReleaseFigures:
    """Read World Mining Data as one long table."""
    return collect(_world_mining_data(table), ReleaseFigures())


def _world_mining_data(table: ReleaseTable) -> Iterator[Row | str]:
    for _, line in table.lines():
        element, region, value = symbol(line["commodity"]), reference_tables.iso2(line["country_iso3"]), number(line["production"])
        if not element or line["unit"] not in SCALES:
            yield OTHER
            continue
        yield _mined(element, region, line["year"], value, line["unit"], line["commodity"], line["source_flag"])


def world_mining_sheet(table: ReleaseTable) -> ReleaseFigures:
    """Read a sheet of the workbook 6.4 of World Mining Data: one mineral, one column a year, then the column of sources."""
    return collect(_world_mining_sheet(table), ReleaseFigures())


def _world_mining_sheet(table: ReleaseTable) -> Iterator[Row | str]:
    titles = [table.name.rpartition("[")[2].rstrip("]"), *(cell for _, cells in table.sheet.head(2) for cell in cells[:1])]
    element = next((code for code in map(symbol, titles) if code), "")
    for _, line in table.lines():
        unit = line["unit"].lower()
        if not element or unit not in SCALES:
            yield OTHER
            continue
        flag = next((cell for column, cell in line.items() if column.startswith(("data_source", "source"))), "")
        for column, cell in line.items():
            if re.fullmatch(r"(19|20)\d\d(_0)?", column):
                yield _mined(element, country(line["country"]), column[:4], number(cell, table.sheet.decimal), unit, titles[0], flag)


def _mined(element: str, region: str, year: str, value: str, unit: str, scope: str, flag: str) -> Row | str:
    if not region or not value:
        return NO_FIGURE
    return row(
        "mine_production",
        element,
        region,
        year,
        f"{float(value) * SCALES[unit]:.10g}",
        "t REO" if element == "TREO" else "t",
        commodity=commodity_code(element, refined=False),
        edition="World Mining Data",
        licence="user",
        source=AUSTRIA,
        note="estimated by the source" if flag.lower().startswith("e") else "",
        scope=scope,
    )


BGS = {
    "bgs_commodity_trans": "commodity",
    "bgs_sub_commodity_trans": "sub_commodity",
    "country_iso3_code": "iso3",
    "concat_figure_notes_text": "figure_note",
}
"""Columns as the interface of the BGS names them, and in older extracts."""


def bgs(table: ReleaseTable) -> ReleaseFigures:
    """Read production of World Mineral Statistics: oxides as oxide, minerals as gross weight."""
    return collect(_bgs(table), ReleaseFigures())


def _bgs(table: ReleaseTable) -> Iterator[Row | str]:
    for _, cells in table.lines():
        line = {BGS.get(column, column): cell for column, cell in cells.items()}
        region, value, oxide = (
            reference_tables.iso2(line["iso3"]),
            number(line["quantity"]),
            line["commodity"].lower() == "rare earth oxides",
        )
        if not line["commodity"].lower().startswith("rare earth"):
            yield OTHER
        elif line.get("bgs_statistic_type_trans", "Production") != "Production":
            yield "imports and exports"
        elif not region or not value or line["units"].lower() not in SCALES:
            yield NO_FIGURE
        else:
            yield row(
                "mine_production",
                "TREO",
                region,
                line["year"][:4],
                f"{float(value) * SCALES[line['units'].lower()]:.10g}",
                "t REO" if oxide else "t gross",
                commodity="mine.concentrate",
                edition="BGS WMS",
                licence="user",
                key=line.get("sub_commodity", ""),
                source="British Geological Survey, World Mineral Statistics, given by the user",
                scope="; ".join(part for part in (line["commodity"], line.get("sub_commodity", "")) if part),
                note=line.get("figure_note", ""),
            )


def iea(table: ReleaseTable) -> ReleaseFigures:
    """Read mining and refining by country of the IEA's Critical Minerals Data Explorer; projections are left out."""
    return collect(_iea(table), ReleaseFigures())


def _iea(table: ReleaseTable) -> Iterator[Row | str]:
    names = {"magnet rare earth": "MREE", "rare earth": "MREE"}
    for number_, line in table.lines():
        mineral = line["mineral"].lower().replace("-", " ")
        element = next((code for start, code in names.items() if mineral.startswith(start)), "") or symbol(line["mineral"])
        quantity = {"mining": "mine_production", "refining": "refined_production"}.get(line["stage"].lower(), "")
        region, value = country(line["country"]), number(line["value_kt"])
        if not element or not quantity:
            yield OTHER
        elif table.year(number_, "year", line["year"]) > BASE_YEAR:
            yield f"projections beyond {BASE_YEAR}"
        elif not region or not value:
            yield NO_FIGURE
        else:
            yield row(
                quantity,
                element,
                region,
                line["year"],
                f"{float(value) * 1000:.10g}",
                "t element" if element == "MREE" else "t",
                edition="IEA",
                licence="user",
                source="IEA Critical Minerals Data Explorer, given by the user",
                scope=f"{line['mineral']}, {line['stage']}",
            )


RELEASES = (
    Release(
        "World Mining Data",
        "tidy",
        frozenset({"commodity", "country_iso3", "unit", "source_flag", "year", "production"}),
        world_mining_data,
    ),
    Release("World Mining Data, workbook by minerals", "tidy", frozenset({"country", "unit", "2022"}), world_mining_sheet),
    Release("World Mining Data, workbook by minerals", "tidy", frozenset({"country", "unit", "2018"}), world_mining_sheet),
    Release(
        "BGS World Mineral Statistics",
        "tidy",
        frozenset({"year", "iso3", "commodity", "sub_commodity", "quantity", "units", "figure_note"}),
        bgs,
    ),
    Release(
        "BGS World Mineral Statistics, as downloaded",
        "tidy",
        frozenset({"bgs_commodity_trans", "bgs_statistic_type_trans", "country_iso3_code", "year", "quantity", "units"}),
        bgs,
    ),
    Release("IEA supply by country", "tidy", frozenset({"mineral", "stage", "country", "year", "value_kt"}), iea),
)
"""Formats of these sources."""
