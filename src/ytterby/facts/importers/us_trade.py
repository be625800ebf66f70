"""Readers of the trade statistics of the United States: USITC DataWeb and the interface of the Census Bureau."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from ytterby.errors import FactError
from ytterby.facts import reference_tables, trade_goods, vocabulary
from ytterby.facts.importers.releases import Release, ReleaseFigures

if TYPE_CHECKING:
    from ytterby.facts.importers.releases import ReleaseTable, Row

COLUMNS = ["flow", "year", "group", "treatment", "partner", "value_usd", "duty_usd"]
VALUES = {"customs value": "imports", "fas value": "exports"}
"""Flow of each kind of value of DataWeb: imports for consumption at customs value, exports free alongside ship."""

DUTIES = "calculated duties"
COARSE = 8
"""Digits below which a line of imports does not tell which duties it pays."""

CANNOT_TELL = "codes of fewer than 8 digits do not tell exempt goods: all lines that have no duties of their own count as general"
Cell = tuple[str, int, str, str]
"""Flow, year, customs code, country as it is written."""


@dataclass
class TradeLines:
    """Values and duties by flow, year, customs code and country."""

    found: ReleaseFigures = field(default_factory=ReleaseFigures)
    values: dict[Cell, float] = field(default_factory=dict)
    duties: dict[Cell, float] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    """ISO code of each country as it is written; ``ROW`` for one that has none."""

    def add(self, into: dict[Cell, float], cell: Cell, amount: float, where: str) -> None:
        """Add an amount in USD.

        Raises
        ------
        FactError
            If the cell has one already.
        """
        if cell in into:
            flow, year, code, country = cell
            raise FactError(f"{where}: {flow} of {code}, {country}, {year} stand there twice; give each line once")
        into[cell] = amount

    def finest(self) -> list[Cell]:
        """Cells of the finest level of codes, without the sum of the EU where its members are there."""
        digits = max((len(code) for _, _, code, _ in self.values), default=0)
        codes = set(self.countries.values())
        with_members = any(code != "EU" and trade_goods.partner_of(code) == "EU" for code in codes)
        kept = [cell for cell in self.values if len(cell[2]) == digits and not (with_members and self.countries[cell[3]] == "EU")]
        if left := len(self.values) - len(kept):
            self.found.left_out["sums of lines or of members that are given themselves"] += left
        return kept

    def table(self) -> ReleaseFigures:
        """The table ``us_trade``: value and duty by group, treatment and partner [USD]."""
        import pandas as pd

        sums: dict[tuple[str, int, str, str, str], list[tuple[float, float]]] = defaultdict(list)
        for cell in self.finest():
            flow, year, code, country = cell
            treatment = trade_goods.treatment_of(code) if flow == "imports" else trade_goods.GENERAL
            key = (flow, year, trade_goods.group_of(code), treatment, trade_goods.partner_of(self.countries[country]))
            sums[key].append((self.values[cell], self.duties.get(cell, 0.0)))
        rows = [(*key, *(math.fsum(part) for part in zip(*parts, strict=True))) for key, parts in sorted(sums.items())]
        if rows:
            self.found.frames["us_trade"] = pd.DataFrame(rows, columns=COLUMNS)
        if any(flow == "imports" and len(code) < COARSE for flow, _, code, _ in self.values):
            self.found.notes.append(CANNOT_TELL)
        return self.found


def dataweb(table: ReleaseTable) -> ReleaseFigures:
    """Read an annual query of DataWeb by HTS number and country: one column a year."""
    lines, years = TradeLines(), [name for name in table.written if re.fullmatch(r"(19|20)\d\d", name)]
    for line, row in table.lines():
        kind, code, country = row["data_type"].lower(), digits_of(row["hts_number"]), row["country"]
        lines.countries[country] = country_of(country)
        if kind not in {*VALUES, DUTIES} or not code or not lines.countries[country]:
            lines.found.left_out[reason(kind, code)] += 1
            continue
        for year in years:
            amount = table.number(line, year, row[year]) if row[year] else 0.0
            if amount:
                flow = VALUES.get(kind, "imports")
                lines.add(
                    lines.duties if kind == DUTIES else lines.values, (flow, int(year), code, country), amount, f"{table.name}:{line}"
                )
    return lines.table()


def reason(kind: str, code: str) -> str:
    """Why a line of DataWeb is left out."""
    if not code:
        return "sums of the query"
    return f"other values ({kind})" if kind not in {*VALUES, DUTIES} else "places that are no country"


def census(table: ReleaseTable) -> ReleaseFigures:
    """Read annual lines of the Census interface: imports for consumption at customs value with calculated duties."""
    lines = TradeLines()
    for line, row in table.lines():
        code, country = digits_of(row["i_commodity"]), row["cty_code"]
        lines.countries[country] = census_country(country)
        if not code or not lines.countries[country]:
            lines.found.left_out["sums of goods or of countries"] += 1
            continue
        cell = ("imports", census_year(table, line, row), code, country)
        lines.add(lines.values, cell, table.number(line, "con_val_yr", row["con_val_yr"]), f"{table.name}:{line}")
        lines.duties[cell] = table.number(line, "cal_dut_yr", row["cal_dut_yr"] or "0")
    return lines.table()


def census_year(table: ReleaseTable, line: int, row: Row) -> int:
    """Year of a line; sums of the year so far stand in its last month.

    Raises
    ------
    FactError
        If a line is of an earlier month.
    """
    text = row.get("time") or row.get("year", "")
    if not re.fullmatch(r"(19|20)\d\d(-12.*)?", text):
        raise FactError(f"{table.name}:{line}: '{text[:60]}' is no whole year; ask for December, whose yearly sums hold all months")
    return int(text[:4])


def digits_of(code: str) -> str:
    """Customs code of two to ten digits; empty for anything else."""
    plain = code.strip().strip("'\"").replace(".", "").replace(" ", "")
    return plain if re.fullmatch(r"(\d\d){1,5}", plain) else ""


def census_country(code: str) -> str:
    """Country of a Census code; empty for sums of countries other than the EU."""
    return vocabulary.listed("census_areas").get(code.zfill(4), {}).get("iso2", "")


@cache
def _names() -> dict[str, str]:
    listed = {row["name"].lower(): row["iso2"] for row in vocabulary.listed("census_areas").values()}
    return reference_tables.country_names() | listed


def country_of(name: str) -> str:
    """Country of a name of DataWeb; empty for one that is not known."""
    plain = name.strip().lower()
    return _names().get(plain) or _names().get(re.sub(r" \(.*", "", plain), "")


RELEASES = (
    Release("USITC DataWeb", "ustrade", frozenset({"data_type", "hts_number", "country"}), dataweb),
    Release("US Census, imports", "ustrade", frozenset({"cty_code", "i_commodity", "con_val_yr", "cal_dut_yr"}), census),
)
"""Formats of these sources."""
