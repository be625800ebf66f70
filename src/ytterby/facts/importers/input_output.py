"""Readers of input-output tables: OECD and WIOD."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts import reference_tables
from ytterby.facts.importers.releases import Release, ReleaseFigures, plain_name

if TYPE_CHECKING:
    import pandas as pd

    from ytterby.facts.importers.releases import ReleaseTable

WIOD_ROWS = ("gross_output_musd", "intermediate_inputs_musd", "value_added_incl_taxes_margins_musd")
MISSING = frozenset({"", "NA"})


def label(table: ReleaseTable, source: str) -> str:
    """Name of an input-output table from its source, and the economy and year in the name of the file.

    Raises
    ------
    FactError
        If the name of the file contains no year.
    """
    found = re.search(r"(?:([A-Z]{3})_)?(\d{4})", table.sheet.path.name)
    if found is None:
        raise FactError(f"{table.name}: an input-output table needs its year in the file's name, such as oecd_iot_JPN_2018.csv")
    economy = reference_tables.iso2(found[1]) if found[1] else ""
    return "-".join(part for part in (source, economy, found[2]) if part)


def _frame(cells: list[tuple[str, str, str, float]]) -> ReleaseFigures:
    """Cells that are not zero as the table ``io`` [M USD]."""
    import pandas as pd

    frame: pd.DataFrame = pd.DataFrame([cell for cell in cells if cell[3] != 0], columns=["table", "row", "column", "value"])
    return ReleaseFigures(frames={"io": frame} if len(frame) else {})


def square(table: ReleaseTable, source: str, key: str) -> ReleaseFigures:
    """Read a square table: one row and one column an industry."""
    name, cells = label(table, source), []
    for line, row in table.lines():
        for column, text in row.items():
            if column in {key, "description"}:
                continue
            value = 0.0 if text in MISSING else table.number(line, column, text, signed=True)
            cells.append((name, row[key], table.written[column], value))
    return _frame(cells)


def oecd(table: ReleaseTable) -> ReleaseFigures:
    """Read a national input-output table of the OECD."""
    return square(table, "oecd", "code")


def wiod(table: ReleaseTable) -> ReleaseFigures:
    """Read the aggregated world input-output table."""
    return square(table, "wiod", "row")


def _economy(code: str) -> str:
    return reference_tables.iso2(code) or code


def oecd_value_added(table: ReleaseTable) -> ReleaseFigures:
    """Read value added, taxes and output by industry of the OECD tables."""
    cells = [
        (f"oecd-{_economy(row['country'])}-{row['year']}", row["row_code"], row["sector_code"], _signed(table, line, "value_musd", row))
        for line, row in table.lines()
    ]
    return _frame(cells)


def wiod_output(table: ReleaseTable) -> ReleaseFigures:
    """Read output and value added by country and industry of the world input-output table."""
    year = label(table, "").split("-")[-1]
    cells = [
        (f"wiod-{_economy(row['country'])}-{year}", what.replace("_musd", ""), row["industry_code"], _signed(table, line, what, row))
        for line, row in table.lines()
        for what in WIOD_ROWS
    ]
    return _frame(cells)


def _signed(table: ReleaseTable, line: int, column: str, row: dict[str, str]) -> float:
    return table.number(line, column, row[column], signed=True)


def _columns(*written: str) -> frozenset[str]:
    return frozenset(plain_name(column) for column in written)


RELEASES = (
    Release("OECD input-output table", "oecd", _columns("Code", "Description", "HFCE", "GFCF", "EXPO"), oecd),
    Release("OECD value added", "oecd", _columns("country", "year", "row_code", "sector_code", "value_musd"), oecd_value_added),
    Release("WIOD table", "wiod", _columns("row", "CHN.c1", "gross_output"), wiod),
    Release("WIOD output", "wiod", _columns("country", "industry_code", *WIOD_ROWS), wiod_output),
)
"""Formats of these sources."""
