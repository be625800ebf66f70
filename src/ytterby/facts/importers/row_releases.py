"""Readers of official releases that are stored as rows of figures: USGS Mineral Commodity Summaries, World Mining Data, BGS."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from typing import IO

from ytterby.errors import FactError
from ytterby.facts import reference_tables, vocabulary

Row = dict[str, str]
Lines = Iterable[dict[str, str]]

MINERALS = {
    "rare earths": "TREO",
    "gallium": "Ga",
    "germanium": "Ge",
    "antimony": "Sb",
    "graphite": "graphite",
    "tungsten": "W",
    "bismuth": "Bi",
    "tellurium": "Te",
    "indium": "In",
    "molybdenum": "Mo",
    "magnesium metal": "Mg",
}
"""Code of each commodity by the beginning of its published name; other commodities are left out."""

SCALES = {"metric tons": 1.0, "metr. t": 1.0, "tonnes (metric)": 1.0, "kilograms": 1e-3, "kg": 1e-3, "thousand metric tons": 1e3}
"""Tonnes per published unit."""

OXIDES = {"CeO2": "Ce", "Dy2O3": "Dy", "Eu2O3": "Eu", "La2O3": "La", "Nd2O3": "Nd", "TbO2": "Tb", "Y2O3": "Y"}
NMIC = "https://www.usgs.gov/centers/national-minerals-information-center"


def symbol(commodity: str) -> str:
    """Code of a commodity by its published name; empty if it is left out."""
    name = commodity.strip().lower()
    return next((code for start, code in MINERALS.items() if name.startswith(start)), "")


def number(text: str) -> str:
    """Published number without thousands separators; empty for entries such as ``W``, ``NA`` or ``>90``."""
    plain = text.strip().replace(",", "")
    return plain if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", plain, re.IGNORECASE) else ""


def country(name: str) -> str:
    """Code of a country by its published name; empty if it is unknown."""
    plain = re.sub(r"[\d,]+$", "", name.strip()).strip().lower()
    known = vocabulary.listed("country_names").get(plain) or vocabulary.listed("country_names").get(name.strip().lower())
    return known["code"] if known else reference_tables.country_names().get(plain, "")


def row(quantity: str, element: str, region: str, period: str, value: str, unit: str, **more: str) -> Row:
    """Row with all columns of the schema."""
    given = {"quantity": quantity, "element": element, "region": region, "period": period, "value": value, "unit": unit, **more}
    result = {name: given.get(name, "") for name in vocabulary.listed("columns")}
    result["kind"], result["source_status"], result["quality"] = "reported", "user", result["quality"] or "A"
    parts = (more.get("edition", ""), quantity, result["commodity"] or element, region, period, more.get("key", ""))
    result["id"] = "user:" + "-".join(part.replace(" ", "") for part in parts if part)
    return result


def usgs(quantity: str, element: str, name: str, period: str, value: str, published_unit: str, edition: str, **more: str) -> Row | None:
    """Row of the Mineral Commodity Summaries; None if it has no number or no known country."""
    region, figure = country(name), number(value)
    if not region or not figure:
        return None
    tonnes = f"{float(figure) * SCALES[published_unit]:.10g}"
    refined = quantity == "refined_production"
    return row(
        quantity,
        element,
        region,
        period,
        tonnes,
        "t REO" if element == "TREO" else "t",
        edition=f"MCS {edition}",
        commodity="" if quantity == "reserve" and element == "TREO" else commodity_code(element, refined=refined),
        source=f"USGS Mineral Commodity Summaries {edition}, data release given by the user",
        url=NMIC,
        licence="public-domain-us",
        note="the production quota, not the output" if (region, element, quantity) == ("CN", "TREO", "mine_production") else "",
        **more,
    )


def commodity_code(element: str, *, refined: bool) -> str:
    """Commodity of a mined or refined mineral."""
    return f"metal.{element}" if refined else "mine.concentrate" if element == "TREO" else f"mine.{element}"


def stage(text: str) -> str:
    """Quantity of a published kind of production; empty for capacities and parts of a total."""
    low = text.strip().lower().removesuffix(": rounded")
    if ":" in low or "capacity" in low:
        return ""
    return "mine_production" if low.startswith("mine") or "mine production" in low else "refined_production"


def world_rare_earths(lines: Lines) -> Iterator[Row | None]:
    """Read the world table of rare earths of the editions 2022 to 2024."""
    for line in lines:
        edition = line["Source"][3:]
        for column, cell in line.items():
            if found := re.fullmatch(r"Prod_t_(?:est_)?(\d{4})", column, re.IGNORECASE):
                yield usgs("mine_production", "TREO", line["Country"], found[1], cell, "metric tons", edition, scope=line["Type"])
            elif column == "Reserves_t":
                yield usgs("reserve", "TREO", line["Country"], str(int(edition) - 1), cell, "metric tons", edition, scope="reserves")


def world_wide(lines: Lines) -> Iterator[Row | None]:
    """Read the world tables of all commodities of the edition 2025 (one column per year)."""
    for line in lines:
        element, edition, quantity = symbol(line["COMMODITY"]), line["SOURCE"][3:], stage(line["TYPE"])
        if not element or line["UNIT_MEAS"] not in SCALES:
            continue
        for column, cell in line.items():
            if quantity and (found := re.fullmatch(r"PROD_(?:EST_ ?)?(\d{4})", column)):
                yield usgs(quantity, element, line["COUNTRY"], found[1], cell, line["UNIT_MEAS"], edition, scope=line["TYPE"])
            elif found := re.fullmatch(r"RESERVES_(\d{4})", column):
                yield usgs("reserve", element, line["COUNTRY"], found[1], cell, line["UNIT_MEAS"], edition, scope="reserves")


def world_long(lines: Lines) -> Iterator[Row | None]:
    """Read the data release of the edition 2026 (one row per figure); salient statistics are left out."""
    for line in lines:
        element, kind = symbol(line["mcs_chapter"]), line["statistics"]
        if not element or not line["section"].startswith("World") or line["unit"] not in SCALES or "(Heavy)" in line["mcs_chapter"]:
            continue
        quantity = "reserve" if kind == "Reserves" else stage(line["statistics_detail"])
        if quantity and kind in {"Production", "Reserves"}:
            yield usgs(
                quantity, element, line["country"], line["year"], line["value"], line["unit"], "2026", scope=line["statistics_detail"]
            )


def salient(lines: Lines) -> Iterator[Row | None]:
    """Read the prices of oxides from the salient statistics of the editions 2022 to 2024."""
    for line in lines:
        for column, cell in line.items():
            found = re.fullmatch(r"Price_(\w+)_dkg", column)
            if found is None or found[1] not in OXIDES or not number(cell):
                continue
            element, edition = OXIDES[found[1]], line["DataSource"][3:]
            yield row(
                "price",
                element,
                "CN",
                line["Year"],
                number(cell),
                "USD/kg",
                commodity=f"oxide.{element}",
                edition=f"MCS {edition}",
                source=f"USGS Mineral Commodity Summaries {edition}, salient statistics given by the user",
                url=NMIC,
                licence="public-domain-us",
                scope="annual average, FOB China, rounded to whole dollars",
            )


def world_mining_data(lines: Lines) -> Iterator[Row | None]:
    """Read the production table of World Mining Data."""
    for line in lines:
        element, region, value = symbol(line["commodity"]), reference_tables.iso2(line["country_iso3"]), number(line["production"])
        if not element or not region or not value or line["unit"] not in SCALES:
            yield None
            continue
        yield row(
            "mine_production",
            element,
            region,
            line["year"],
            value,
            "t REO" if element == "TREO" else "t",
            commodity=commodity_code(element, refined=False),
            edition="World Mining Data",
            licence="user",
            source="World Mining Data (Austrian Federal Ministry of Finance), given by the user",
            note="estimated by the source" if line["source_flag"] == "e" else "",
            scope=line["commodity"],
        )


def bgs(lines: Lines) -> Iterator[Row | None]:
    """Read production of World Mineral Statistics: oxides as oxide, minerals as gross weight."""
    for line in lines:
        region, value, oxide = reference_tables.iso2(line["iso3"]), number(line["quantity"]), line["commodity"] == "rare earth oxides"
        if not region or not value or not line["commodity"].startswith("rare earth"):
            yield None
            continue
        yield row(
            "mine_production",
            "TREO",
            region,
            line["year"],
            value,
            "t REO" if oxide else "t gross",
            commodity="mine.concentrate",
            edition="BGS WMS",
            licence="user",
            key=line["sub_commodity"],
            source="British Geological Survey, World Mineral Statistics, given by the user",
            scope="; ".join(part for part in (line["commodity"], line["sub_commodity"]) if part),
            note=line["figure_note"],
        )


Reader = Callable[[Lines], Iterator[Row | None]]
READERS: dict[str, tuple[frozenset[str], Reader]] = {
    "USGS MCS world table of rare earths": (frozenset({"Source", "Country", "Type"}), world_rare_earths),
    "USGS MCS world tables": (frozenset({"SOURCE", "COMMODITY", "COUNTRY", "TYPE", "UNIT_MEAS"}), world_wide),
    "USGS MCS data release": (
        frozenset({"mcs_chapter", "section", "country", "statistics", "statistics_detail", "unit", "year", "value"}),
        world_long,
    ),
    "USGS MCS salient statistics": (frozenset({"DataSource", "Commodity", "Year"}), salient),
    "World Mining Data": (frozenset({"commodity", "country_iso3", "unit", "source_flag", "year", "production"}), world_mining_data),
    "BGS World Mineral Statistics": (frozenset({"year", "iso3", "commodity", "sub_commodity", "quantity", "units", "figure_note"}), bgs),
}
"""Formats by name: columns by which they are recognised, and reader, which yields None for a line left out."""


def lines_of(file: IO[str], name: str) -> Iterator[Row]:
    """Lines of a CSV file by column.

    Raises
    ------
    FactError
        If a line has more or fewer cells than the header, with file and line.
    """
    reader = csv.DictReader(file)
    for line in reader:
        if None in line or None in line.values():
            raise FactError(f"{name}:{reader.line_num}: has not as many cells as the header")
        yield line


def read(file: IO[str], name: str, reader: Reader) -> tuple[list[Row], int]:
    """Rows of a release with unique ids, and the number of figures left out."""
    found, left_out, seen = [], 0, dict[str, int]()
    for entry in reader(lines_of(file, name)):
        if entry is None:
            left_out += 1
            continue
        count = seen[entry["id"]] = seen.get(entry["id"], 0) + 1
        found.append(entry if count == 1 else entry | {"id": f"{entry['id']}-{count}"})
    return found, left_out
