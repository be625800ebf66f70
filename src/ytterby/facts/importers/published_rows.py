"""Rows of figures from published tables: names of commodities and countries, units, ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.facts import reference_tables, vocabulary
from ytterby.facts.numbers import number_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ytterby.facts.importers.releases import ReleaseFigures, Row

MINERALS = {
    "rare earth": "TREO",
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

SCALES = {
    "metric tons": 1.0,
    "metr. t": 1.0,
    "metric tonnes": 1.0,
    "tonnes (metric)": 1.0,
    "kilograms": 1e-3,
    "kg": 1e-3,
    "thousand metric tons": 1e3,
}
"""Tonnes per published unit."""


def symbol(commodity: str) -> str:
    """Code of a commodity by its published name; empty if it is left out."""
    name = commodity.strip().lower().replace("rare-earth", "rare earth")
    return next((code for start, code in MINERALS.items() if name.startswith(start)), "")


def number(text: str, decimal: str = ".") -> str:
    """Published number as plain digits; empty for entries such as ``W``, ``NA``, ``>90`` or a dash."""
    value = number_or_none(text, decimal)
    return "" if value is None else f"{value:.12g}"


def country(name: str) -> str:
    """Code of a country by its published name; empty if it is unknown."""
    plain = re.sub(r"[\d,]+$", "", name.strip()).strip().lower()
    known = vocabulary.listed("country_names").get(plain) or vocabulary.listed("country_names").get(name.strip().lower())
    return known["code"] if known else reference_tables.country_names().get(plain, "")


def commodity_code(element: str, *, refined: bool) -> str:
    """Commodity of a mined or refined mineral."""
    return f"metal.{element}" if refined else "mine.concentrate" if element == "TREO" else f"mine.{element}"


def row(quantity: str, element: str, region: str, period: str, value: str, unit: str, **more: str) -> Row:
    """Row with all columns of the schema."""
    given = {"quantity": quantity, "element": element, "region": region, "period": period, "value": value, "unit": unit, **more}
    result = {name: given.get(name, "") for name in vocabulary.listed("columns")}
    result["kind"], result["source_status"], result["quality"] = "reported", "user", result["quality"] or "A"
    parts = (more.get("edition", ""), quantity, result["commodity"] or element, region, period, more.get("key", ""))
    result["id"] = "user:" + "-".join(part.replace(" ", "") for part in parts if part)
    return result


def collect(rows: Iterable[Row | str], found: ReleaseFigures) -> ReleaseFigures:
    """Add rows with unique ids; a text in place of a row says why a line was left out, repeated rows count once."""
    seen: dict[str, int] = {}
    for entry in _once(rows, found):
        if isinstance(entry, str):
            found.left_out[entry] += 1
            continue
        count = seen[entry["id"]] = seen.get(entry["id"], 0) + 1
        found.rows.append(entry if count == 1 else entry | {"id": f"{entry['id']}-{count}"})
    return found


def _once(rows: Iterable[Row | str], found: ReleaseFigures) -> Iterator[Row | str]:
    given = set()
    for entry in rows:
        mark = entry if isinstance(entry, str) else tuple(entry.values())
        if not isinstance(entry, str) and mark in given:
            found.left_out["repeated rows"] += 1
            continue
        given.add(mark)
        yield entry
