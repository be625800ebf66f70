"""Write ``evidence/lexicons/hosts.csv``: in which countries firms and sites of the packaged facts have their plants, and of what.

The evidence desk reads from it the country of a plant that an article calls by its site or its firm only, and what a deposit yields. It
takes the sites and operators of ``capacity.csv`` and the first partner of each plant in ``projects.csv``, where one country is given;
names that many firms share or that are no names of firms are left out.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import defaultdict
from pathlib import Path

from ytterby.evidence import read_table

ROOT = Path(__file__).parents[1] / "src" / "ytterby"
TABLES, TARGET = ROOT / "facts" / "data" / "tables", ROOT / "evidence" / "lexicons" / "hosts.csv"
PLANTS = frozenset(("mine", "separation", "metal", "alloy", "magnet", "recycling"))
"""Stages of projects that are plants."""
FEWEST = 4
"""Letters of a name that is not taken for another word."""
OTHER_THINGS = frozenset(
    (
        "Donald",
        "Marion",
        "Dynamo",
        "Independence",
        "Exeter",
        "Carina",
        "Peak",
        "Vulcan",
        "Northern Rare Earth",
        "Maaden-MP",
        "JAMSTEC",
        "JAMSTEC SIP",
    )
)
"""Names that also mean persons, goods or other places, that are firms among the sites, or agencies without plants."""
WIDER_PLACES = frozenset(("Perak", "Phalaborwa", "Shandong", "Sichuan", "Xiangkhouang"))
"""Provinces and towns among the mines, in which others mine other ores."""
NAME = re.compile(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")
"""A name: each of its words has a capital."""


def rows_of(name: str) -> list[dict[str, str]]:
    """Rows of a table of facts."""
    return list(csv.DictReader((TABLES / name).read_text("utf-8").splitlines()))


def scope_of(row: dict[str, str]) -> dict[str, str]:
    """Keys of a row's scope, such as site and operator."""
    return dict(part.split(": ", 1) for part in row["scope"].split("; ") if ": " in part)


def names_in(text: str) -> list[str]:
    """Names that stand between slashes, commas and brackets."""
    parts = (part.strip() for part in re.split(r"[/,();]", text))
    bodies = {row["code"].partition(":")[2] for row in read_table("en/organisations.csv") if row["kind"] == "body"}
    return [part for part in parts if len(part) >= FEWEST and NAME.fullmatch(part) and part not in bodies | OTHER_THINGS]


def known_firm(name: str) -> str:
    """Name of a firm as the lexicon of organisations has it; the name itself if it has none."""
    listed = [row["code"].partition(":")[2] for row in read_table("en/organisations.csv") if row["kind"] == "company"]
    fitting = [firm for firm in listed if firm == name or firm.startswith(f"{name} ")]
    return fitting[0] if len(fitting) == 1 else name


def deposits() -> dict[str, str]:
    """What each mine that is named after its deposit yields; the facts know mines of rare earths."""
    named = ((name, row) for row in rows_of("capacity.csv") for name in names_in(scope_of(row).get("site", "")))
    return {name: "rare_earths" for name, row in named if row["commodity"].startswith("mine.") and name not in WIDER_PLACES}


def hosts() -> dict[tuple[str, str], set[str]]:
    """Countries by kind (firm or site) and name."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows_of("capacity.csv"):
        scope = scope_of(row)
        if not scope.get("operator") or len(row["region"]) != len("XX"):
            continue
        for name in names_in(scope["operator"]):
            found["firm", known_firm(name)].add(row["region"])
        for name in names_in(scope.get("site", "")):
            found["site", name].add(row["region"])
    for row in rows_of("projects.csv"):
        if PLANTS.isdisjoint(re.split(r"\W+", row["stage"])) or len(row["region"]) != len("XX"):
            continue
        for name in names_in(row["partners"].split(";")[0]):
            found["firm", known_firm(name)].add(row["region"])
    return found


def table() -> str:
    """The table as text; a site has one country, and what is both a firm and a site is a firm."""
    found, mined, out = hosts(), deposits(), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("kind", "name", "countries", "materials"))
    for (kind, name), countries in sorted(found.items()):
        if kind == "firm" or (len(countries) == 1 and ("firm", name) not in found):
            writer.writerow((kind, name, " ".join(sorted(countries)), mined.get(name, "") if kind == "site" else ""))
    return out.getvalue()


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text("utf-8") == table() else "hosts.csv is not what the facts say: run scripts/build_hosts.py")
    TARGET.write_text(table(), "utf-8")
