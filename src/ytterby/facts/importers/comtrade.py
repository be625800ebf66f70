"""Reader of UN Comtrade downloads: totals are told from their parts (modes of transport, customs procedures, second partners)."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ytterby.facts import reference_tables, vocabulary
from ytterby.facts.importers.flows import Record, SummedFlows, heading
from ytterby.facts.importers.releases import Release, ReleaseFigures

if TYPE_CHECKING:
    from ytterby.facts.importers.releases import ReleaseTable

COLUMNS = {
    "year": ("refyear", "year"),
    "period": ("period",),
    "flow": ("flowcode", "trade_flow_code", "trade_flow"),
    "reporter": ("reporteriso", "reporter_iso"),
    "reporter_code": ("reportercode", "reporter_code"),
    "partner": ("partneriso", "partner_iso"),
    "partner_code": ("partnercode", "partner_code"),
    "hs": ("cmdcode", "commodity_code"),
    "weight": ("netwgt", "netweight_kg"),
    "unit": ("qtyunitabbr", "qty_unit"),
    "amount": ("qty",),
    "value": ("primaryvalue", "trade_value_us"),
    "type": ("typecode",),
    "edition": ("classificationcode", "classification"),
    "original": ("isoriginalclassification",),
    "partner2": ("partner2code",),
    "customs": ("customscode",),
    "transport": ("motcode",),
}
"""Columns by their plain names: in current downloads, and in old ones."""

IMPORTS, EXPORTS = frozenset({"M", "IMPORT", "IMPORTS", "1"}), frozenset({"X", "EXPORT", "EXPORTS", "2"})
"""Total imports and exports; re-imports, re-exports and processing trade (RM, RX, MIP, XIP, MOP, XOP) are parts of them."""

TOTALS = {"partner2": ("", "0", "W00"), "customs": ("", "C00"), "transport": ("", "0")}
"""Codes of the total in each dimension that splits a flow."""

Cells = dict[str, str]


class Declared(NamedTuple):
    """A line of a download and its cells."""

    line: int
    cells: Cells


def read(table: ReleaseTable) -> ReleaseFigures:
    """Read a download: annual or monthly flows between two countries, the importer's record before the exporter's.

    Values are as declared: imports CIF, exports FOB, in thousand USD; weights in tonnes.
    """
    flows = SummedFlows(table.name)
    names = {key: next((name for name in both if name in table.written), "") for key, both in COLUMNS.items()}
    groups: dict[tuple[str, ...], list[Declared]] = defaultdict(list)
    for line, row in table.lines():
        cells = {key: row.get(name, "") for key, name in names.items()}
        if reason := _left_out(cells):
            flows.left_out[reason] += 1
            continue
        place = ("year", "period", "flow", "reporter", "reporter_code", "partner", "partner_code", "hs")
        groups[tuple(cells[key] for key in place)].append(Declared(line, cells))
    for parts in groups.values():
        for declared in _totals(_one_edition(parts), flows):
            _add(table, names, declared, flows)
    return ReleaseFigures(frames=flows.frames(), left_out=flows.left_out)


def _left_out(cells: Cells) -> str:
    """Why a line is left out; empty if it counts."""
    if not heading(cells["hs"]):
        return "other goods"
    if cells["type"] not in {"", "C"}:
        return "services"
    if cells["edition"] and not cells["edition"].upper().startswith(("H", "HS")):
        return f"goods by another classification than HS ({cells['edition']})"
    if cells["flow"].upper() not in IMPORTS | EXPORTS:
        return f"parts of imports or exports (flow {cells['flow']})"
    if not cells["value"]:
        return "no value (primaryValue is empty)"
    return ""


def _one_edition(parts: list[Declared]) -> list[Declared]:
    """Lines of one revision of the HS: the one in which they were declared, else the newest."""
    editions = {part.cells["edition"] for part in parts}
    if len(editions) == 1:
        return parts
    declared = [part for part in parts if part.cells["original"].lower() == "true"]
    newest = max(part.cells["edition"] for part in declared or parts)
    return [part for part in declared or parts if part.cells["edition"] == newest]


def _totals(parts: list[Declared], flows: SummedFlows) -> list[Declared]:
    """Lines that together are the flow: its total where it is given, else the parts of the fewest dimensions."""
    kept = parts
    for dimension, totals in TOTALS.items():
        whole = [part for part in kept if part.cells[dimension] in totals]
        kept = whole or _without_nested(kept, dimension)
    flows.left_out["parts of a total that is given"] += len(parts) - len(kept)
    return kept


def _without_nested(parts: list[Declared], dimension: str) -> list[Declared]:
    """Lines without those whose mode of transport is part of another line's (2100, sea, of 2000, water)."""
    codes = {part.cells[dimension] for part in parts}
    nested = {code for code in codes if len(code) == 4 and not code.endswith("000") and f"{code[0]}000" in codes}  # noqa: PLR2004
    return [part for part in parts if dimension != "transport" or part.cells[dimension] not in nested]


def _add(table: ReleaseTable, names: Cells, declared: Declared, flows: SummedFlows) -> None:
    """Add a declared flow."""
    line, cells = declared
    reporter, partner = (_country(cells[name], cells[f"{name}_code"]) for name in ("reporter", "partner"))
    if not reporter or not partner:
        flows.left_out["no country codes (reporterISO, partnerISO)"] += 1
        return
    period = cells["period"]
    flows.add(
        Record(
            line,
            table.year(line, names["year"], cells["year"]),
            heading(cells["hs"]),
            reporter,
            partner,
            cells["flow"].upper() in IMPORTS,
            table.number(line, names["value"], cells["value"]) / 1000,
            _tonnes(table, names, line, cells),
            month=int(period[4:]) if len(period) == 6 and period[4:].isdigit() and 1 <= int(period[4:]) <= 12 else 0,  # noqa: PLR2004
            part="|".join(cells[name] for name in TOTALS if cells[name] not in TOTALS[name]),
        )
    )


def _tonnes(table: ReleaseTable, names: Cells, line: int, cells: Cells) -> float:
    """Net weight [t]; the quantity where it is in kilograms and the weight is empty."""
    if cells["weight"] not in {"", "NA"}:
        return table.number(line, names["weight"], cells["weight"]) / 1000
    if cells["unit"].lower() == "kg" and cells["amount"]:
        return table.number(line, names["amount"], cells["amount"]) / 1000
    return math.nan


def _country(iso3: str, code: str) -> str:
    """Country by its ISO code, else by its number; ``XX`` for areas that are not named, empty where there is none."""
    if code.removesuffix(".0") == "0":
        return "WLD"
    found = reference_tables.iso2(iso3) if iso3 else ""
    numbered = vocabulary.listed("baci_areas").get(code.removesuffix(".0"))
    if found or iso3 in {"W00", "WLD"}:
        return found or "WLD"
    return numbered["iso2"] if numbered else "XX" if iso3 or code else ""


def _needs(*more: str) -> frozenset[str]:
    return frozenset({"period", *more})


RELEASES = (
    Release("UN Comtrade", "comtrade", _needs("refyear", "flowcode", "cmdcode", "netwgt", "primaryvalue"), read),
    Release("UN Comtrade, old form", "comtrade", _needs("year", "trade_flow", "commodity_code", "netweight_kg", "trade_value_us"), read),
)
"""Formats of this source."""
