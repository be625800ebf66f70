"""Readers of the Worldwide Governance Indicators: the published long table, the table of six columns, and an extract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts import reference_tables
from ytterby.facts.importers.releases import Release, ReleaseFigures

if TYPE_CHECKING:
    from ytterby.facts.importers.releases import ReleaseTable

MISSING = frozenset({"", "NA", "..", "#N/A", "."})
POLITICAL_STABILITY = "pv"
LARGEST = 5.0
"""Largest size of an estimate; most lie within 2.5."""


def read(table: ReleaseTable) -> ReleaseFigures:
    """Read political stability: estimate -2.5..2.5 and the risk 0..1 of GeoPolRisk, ``0.5 - estimate / 5``."""
    import pandas as pd

    names = set(table.written)
    code = "code" if "code" in names else "iso3"
    estimate = "political_stability" if "political_stability" in names else "estimate"
    found, given = ReleaseFigures(), dict[tuple[str, int], set[float]]()
    for line, row in table.lines():
        region = reference_tables.iso2(row[code])
        if row.get("indicator", POLITICAL_STABILITY).lower() != POLITICAL_STABILITY:
            found.left_out["other indicators than political stability"] += 1
        elif row[estimate] in MISSING:
            found.left_out["no estimate"] += 1
        elif not region:
            found.left_out["no known country"] += 1
        else:
            given.setdefault((region, table.year(line, "year", row["year"])), set()).add(_estimate(table, line, estimate, row[estimate]))
    once = [(*key, *values) for key, values in given.items() if len(values) == 1]  # of two estimates, neither is reliable
    found.left_out["two different estimates of a country and year"] += len(given) - len(once)
    frame = pd.DataFrame(once, columns=["country", "year", "estimate"])
    frame["risk"], frame["vintage"] = (0.5 - frame["estimate"] / 5).clip(0, 1), "user"
    found.frames = {"governance": frame.sort_values(["country", "year"])} if len(frame) else {}
    return found


def _estimate(table: ReleaseTable, line: int, column: str, cell: str) -> float:
    """Estimate of a cell.

    Raises
    ------
    FactError
        If it is not between -5 and 5.
    """
    value = table.number(line, column, cell, signed=True)
    if abs(value) > LARGEST:
        raise FactError(f"{table.name}:{line}: '{cell}' in column {table.written[column]} is not an estimate between -5 and 5")
    return value


RELEASES = (
    Release("WGI as published", "wgi", frozenset({"code", "year", "indicator", "estimate"}), read),
    Release("WGI political stability", "wgi", frozenset({"iso3", "year", "estimate"}), read),
    Release("WGI six indicators", "wgi", frozenset({"code", "year", "political_stability", "rule_of_law"}), read),
)
"""Formats of this source."""
