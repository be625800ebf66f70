"""Names in the gathered files to the closed codes of the package: regions, elements, units, periods."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from ytterby.facts import vocabulary

MAPS = Path(__file__).parent / "maps"


def mapping(name: str) -> dict[str, str]:
    """Return a two-column map of published names to codes."""
    with (MAPS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return dict(list(csv.reader(file))[1:])


PLACES = {name: row["code"] for name, row in vocabulary.listed("country_names").items()} | mapping("places") | {"": ""}
"""Lower-case names to ISO 3166 alpha-2, a group of the vocabulary, ``WORLD``, ``WORLD-CN``, or ``REST``.

``REST`` is all that the source's table does not name; it is not the region ``ROW`` of the vocabulary.
"""

BILATERAL = (
    (re.compile(r"^(.+) > (.+)$"), ("region", "partner")),
    (re.compile(r"^(.+?) (?:to|on) (.+)$"), ("region", "partner")),
    (re.compile(r"^(.+?) from (.+?)(?: \(.+\))?$"), ("region", "partner")),
    (re.compile(r"^(.+?), (all origins)$"), ("region", "partner")),
    (re.compile(r"^(.+?) \(via (.+)\)$"), ("region", "partner")),
)


def region(name: str) -> str:
    """Code of a place; several countries are joined by ``+`` in alphabetical order."""
    key = name.strip().lower()
    if key in PLACES:
        return PLACES[key]
    parts = [part.strip() for part in re.split(r"\s*[/+,]\s*| and ", key) if part.strip()]
    if len(parts) < 2 or any(part not in PLACES for part in parts):
        raise KeyError(f"region '{name}' is not known")
    codes = {PLACES[part] for part in parts}
    return "+".join(sorted(codes))


def places(name: str) -> tuple[str, str]:
    """Region and partner that a scope such as ``China to Japan`` names."""
    if name.strip().lower() in PLACES:
        return region(name), ""
    for pattern, _ in BILATERAL:
        if found := pattern.match(name.strip()):
            return region(found[1]), region(found[2])
    return region(name), ""


LANTHANIDES = ["La", "Ce", "Pr", "Nd", "Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu"]
ELEMENTS = ["Sc", "Y", *LANTHANIDES]
AGGREGATES = mapping("elements")
PRODUCTS = mapping("products")


def element(name: str) -> str:
    """Symbol or aggregate (``NdPr``, ``DyTb``, ``LaCe``, ``SEG``, ``MREE``, ``LREE``, ``HREE``, ``TREO``), empty for a product."""
    text = name.strip()
    return text if text in ELEMENTS else AGGREGATES.get(text.lower(), "")


OXIDE = re.compile(r"\b(La2O3|CeO2|Pr6O11|Nd2O3|Sm2O3|Eu2O3|Gd2O3|Tb4O7|Dy2O3|Ho2O3|Er2O3|Tm2O3|Yb2O3|Lu2O3|Y2O3|Sc2O3)\b")
PLAIN = re.compile(r"\b(NdPr|PrNd|" + "|".join(sorted(ELEMENTS, key=len, reverse=True)) + r")\b")


def element_in(text: str) -> str:
    """First element or pair named in running text, empty if none."""
    if found := OXIDE.search(text):
        return re.match(r"[A-Z][a-z]?", found[1])[0]
    if found := PLAIN.search(text):
        return element(found[1])
    return ""


@dataclass(frozen=True)
class Unit:
    """A unit of the closed list and what its published form said beyond it."""

    code: str
    of: str = ""


UNITS = mapping("units")
UNIT_PATTERNS = mapping("unit_patterns")


def unit(name: str) -> Unit:
    """Return the unit of the closed list for a published unit."""
    text = name.strip()
    if text in UNITS:
        return Unit(UNITS[text])
    for pattern, code in UNIT_PATTERNS.items():
        if found := re.fullmatch(pattern, text):
            return Unit(code, (found[1] or "").strip())
    raise KeyError(f"unit '{name}' is not known")


PERIODS = (
    (r"\d{4}(-\d{2}){0,2}", lambda m: m[0]),
    (r"\d{4}-[HQ]\d", lambda m: m[0]),
    (r"(\d{4}) ([HQ]\d)", lambda m: f"{m[1]}-{m[2]}"),
    (r"FY(\d{4}).*", lambda m: m[1]),
    (r"(\d{4})-(\d{2})\.\.(\d{2})", lambda m: f"{m[1]}-{m[2]}/{m[1]}-{m[3]}"),
    (r"(\d{4}-\d{2}-\d{2})\.\.(\d{2})", lambda m: f"{m[1]}/{m[1][:8]}{m[2]}"),
    (r"(\d{4})-(\d{4})", lambda m: f"{m[1]}/{m[2]}"),
    (r"(\d{4}-\d{2}) to (\d{4}-\d{2})", lambda m: f"{m[1]}/{m[2]}"),
    (r"(\d{4}-\d{2}) to (\d{4})", lambda m: f"{m[1]}/{m[2]}"),
    (r"(\d{4}) (?:to|and|/) (\d{4})(-\d{2}-\d{2})?", lambda m: f"{m[1]}/{m[2]}{m[3] or ''}"),
    (r"(\d{4}) year-end", lambda m: f"{m[1]}-12-31"),
    (r"(\d{4}-\d{2}) \(approx\.\)", lambda m: m[1]),
    (r"(\d{4}-\d{2})/(\d{2}).*", lambda m: f"{m[1]}/{m[1][:5]}{m[2]}"),
    (r"(?:from|since|before|by|plan for|to) (\d{4}).*", lambda m: m[1]),
    (r"plan for Q4 (\d{4})", lambda m: f"{m[1]}-Q4"),
    (r"(\d{4})s", lambda m: f"{m[1]}/{m[1][:3]}9"),
    (r"(\d{4}) (?:plan|peak)", lambda m: m[1]),
    (r"(\d{4})-(\d{2}) vs .*", lambda m: m[1]),
    (r"(\d{4}-H\d) vs .*", lambda m: m[1]),
    (r"end-2009 to Q3 2011", lambda _: "2009/2011-Q3"),
    (r"Oct 2009 to Jun 2011", lambda _: "2009-10/2011-06"),
    (r"six weeks to Jun 2011", lambda _: "2011-05/2011-06"),
    (r"Jan to Aug 2010", lambda _: "2010-01/2010-08"),
    (r"after (\d{4})", lambda m: m[1]),
)


def period(text: str) -> str:
    """ISO-like period: year, year-month, date, half or quarter, or two of them joined by ``/``; empty if none is named."""
    name = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d{2})", name):
        if int(found[2]) > 12:  # "2021-24" is a span of years, "2021-04" a month
            return f"{found[1]}/{found[1][:2]}{found[2]}"
        return name
    for pattern, make in PERIODS:
        if found := re.fullmatch(pattern, name):
            return make(found)
    return ""
