"""Readers of customs statistics of Europe and Japan: Eurostat Comext, Destatis GENESIS, e-Stat."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from ytterby.facts import reference_tables, vocabulary
from ytterby.facts.exchange_rates import thousand_dollars
from ytterby.facts.importers.flows import AGGREGATES, MONTHS, Record, SummedFlows, heading
from ytterby.facts.importers.releases import Release, ReleaseFigures

if TYPE_CHECKING:
    from ytterby.facts.importers.releases import ReleaseTable, Row

GERMAN = "de_DE"
"""Locale of the labels of Destatis."""

OTHER_CODES = {"EL": "GR", "UK": "GB", "XI": "GB", "XU": "GB"}
"""Codes of countries that Eurostat writes in another way than ISO 3166."""

ANNUAL = 52
"""Month of a whole year in bulk files of Eurostat."""

TOTAL_REGIME = "4"
"""Statistical procedure that is the sum of the others in older bulk files."""

RATES = "values are turned into USD at the mean rate of the year (assumed, within 1 %); a year without a rate has tonnes only"
Cell = tuple[str, str, str, bool, str]
"""Year and month, reporter, partner, whether imported, customs code."""


def comext(table: ReleaseTable) -> ReleaseFigures:
    """Read data of Eurostat's interface (SDMX-CSV): one line an indicator, tonnes in 100 kg."""
    flows, values, weights, lines = SummedFlows(table.name), dict[Cell, float](), dict[Cell, float](), dict[Cell, int]()
    for line, row in table.lines():
        if not heading(row["product"]) or row["flow"] not in {"1", "2"}:
            flows.left_out["other goods"] += 1
            continue
        if not row["obs_value"]:
            flows.left_out["no value"] += 1
            continue
        cell = (row["time_period"].replace("-", ""), _eu(row["reporter"]), _eu(row["partner"]), row["flow"] == "1", row["product"])
        figure, indicator = table.number(line, "obs_value", row["obs_value"]), row["indicators"].upper()
        lines.setdefault(cell, line)
        if indicator.startswith("VALUE"):
            values[cell] = figure
        elif indicator in {"QUANTITY_IN_100KG", "QUANTITY_KG", "QUANTITY_IN_KG"}:
            weights[cell] = figure / (10 if indicator == "QUANTITY_IN_100KG" else 1000)
        else:
            flows.left_out["other indicators"] += 1
    for cell, line in lines.items():
        _add(flows, line, cell, thousand_euros(values.get(cell, math.nan), cell), weights.get(cell, math.nan))
    return ReleaseFigures(frames=flows.frames(), left_out=flows.left_out, notes=[RATES])


def comext_bulk(table: ReleaseTable) -> ReleaseFigures:
    """Read monthly bulk files of Eurostat, old and new: tonnes in kilograms; procedures are added up."""
    named = {"reporter": ("declarant_iso", "reporter"), "partner": ("partner_iso", "partner"), "value": ("value_in_euros", "value_eur")}
    named |= {"weight": ("quantity_in_kg", "quantity_kg"), "regime": ("stat_regime", "stat_procedure")}
    names = {key: next((name for name in both if name in table.written), "") for key, both in named.items()}
    flows, sums = SummedFlows(table.name), defaultdict[Cell, dict[str, tuple[int, float, float]]](dict)
    for line, row in table.lines():
        code = row["product_nc"]
        if not heading(code) or row["flow"] not in {"1", "2"}:
            flows.left_out["other goods"] += 1
            continue
        cell = (row["period"], _eu(row[names["reporter"]]), _eu(row[names["partner"]]), row["flow"] == "1", code)
        figures = [table.number(line, names[key], row[names[key]]) for key in ("value", "weight")]
        before = sums[cell].get(row.get(names["regime"], ""), (line, 0.0, 0.0))
        sums[cell][row.get(names["regime"], "")] = (before[0], before[1] + figures[0], before[2] + figures[1])
    for cell, regimes in sums.items():
        parts = [regimes[TOTAL_REGIME]] if TOTAL_REGIME in regimes else list(regimes.values())
        value, weight = (math.fsum(part[place] for part in parts) for place in (1, 2))
        _add(flows, parts[0][0], cell, thousand_euros(value, cell), weight / 1000)
    return ReleaseFigures(frames=flows.frames(), left_out=flows.left_out, notes=[RATES])


def thousand_euros(euros: float, cell: Cell) -> float:
    """Euros of a cell in thousand USD of its year."""
    return thousand_dollars(euros, "EUR", int(cell[0][:4])) if cell[0][:4].isdigit() else math.nan


def _eu(code: str) -> str:
    """Country of a code of Eurostat; sums of countries keep theirs, and what is not named becomes ``XX``."""
    plain = OTHER_CODES.get(code, code)
    if plain in AGGREGATES or len(plain) > 2:  # noqa: PLR2004
        return "WLD"
    return plain if plain in _countries() else "XX"


@cache
def _countries() -> frozenset[str]:
    return frozenset(reference_tables.read("countries")["iso2"])


def _add(flows: SummedFlows, line: int, cell: Cell, value: float, weight: float) -> None:
    """Add a flow of a period such as 2024, 202405 or 202452."""
    period, reporter, partner, importing, code = cell
    if not re.fullmatch(r"(19|20)\d\d(\d\d)?", period):
        flows.left_out["periods that are neither a year nor a month"] += 1
        return
    month = int(period[4:] or 0)
    month = 0 if month == ANNUAL else month
    if month > MONTHS:
        flows.left_out["periods that are neither a year nor a month"] += 1
        return
    flows.add(Record(line, int(period[:4]), heading(code), reporter, partner, importing, value, weight, month, code))


def destatis(table: ReleaseTable) -> ReleaseFigures:
    """Read a flat file (ffcsv) of Destatis GENESIS, table 51000: Germany's trade by goods and countries."""
    flows, values, weights, lines = SummedFlows(table.name), dict[Cell, float](), dict[Cell, float](), dict[Cell, int]()
    for line, row in table.lines():
        labels = _labels(row)
        code = next((plain for code, _ in labels if heading(plain := code.removeprefix("WA"))), "")
        partner = next(filter(None, map(_german, labels)), "")
        what, unit = row["value_variable_label"].lower(), row["value_unit"].lower()
        if not code or not partner or not row["value"].strip("-./ x"):
            flows.left_out["other goods, countries that are not named, or no value"] += 1
            continue
        importing = any(word in what for word in ("einfuhr", "import"))
        cell = (_german_period(row), "DE", partner, importing, code)
        figure = table.number(line, "value", row["value"])
        if "gewicht" in what or "weight" in what:
            weights[cell] = figure * {"t": 1.0, "dt": 0.1, "kg": 0.001}.get(unit, math.nan)
        elif ("wert" in what or "value" in what) and "eur" in unit:
            values[cell] = figure * (1000 if re.search("tsd|1000|tausend|thousand", unit) else 1)
        else:
            flows.left_out["other indicators"] += 1
            continue
        lines.setdefault(cell, line)
    for cell, line in lines.items():
        _add(flows, line, cell, thousand_euros(values.get(cell, math.nan), cell), weights.get(cell, math.nan))
    return ReleaseFigures(frames=flows.frames(), left_out=flows.left_out, notes=[RATES])


def _labels(row: Row) -> list[tuple[str, str]]:
    """Code and label of each variable of a line."""
    places = range(1, 6)
    return [(row.get(f"{i}_variable_attribute_code", ""), row.get(f"{i}_variable_attribute_label", "")) for i in places]


def _german(pair: tuple[str, str]) -> str:
    """Country of a German or English label."""
    return _names().get(pair[1].strip().lower(), "")


@cache
def _names() -> dict[str, str]:
    """Codes of countries by their German and English names in lower case."""
    from babel import Locale

    names = {
        name.lower(): code
        for locale in (Locale("en"), Locale.parse(GERMAN))
        for code, name in locale.territories.items()
        if len(code) == 2 and code in _countries()  # noqa: PLR2004
    }
    return (
        names
        | reference_tables.country_names()
        | {"vereinigte staaten von amerika": "US", "vereinigte staaten": "US", "republik korea": "KR"}
    )


def _german_period(row: Row) -> str:
    """Year, or year and month, of a line: months stand in a variable of their own (``MONAT05``)."""
    month = next((code[5:] for code, _ in _labels(row) if re.fullmatch(r"MONAT\d\d", code)), "")
    return row["time"][:4] + month


def estat(table: ReleaseTable) -> ReleaseFigures:
    """Read Japan's trade statistics of e-Stat by goods and countries: kilograms, thousand yen, one column a month."""
    flows, months = SummedFlows(table.name), [name for name in table.written if re.fullmatch(r"value_[a-z]{3}", name)]
    rows = list(table.lines())
    complete = not months or (len(months) == MONTHS and any(row[months[-1]].strip("0") for _, row in rows))
    for line, row in rows:
        code, partner = row["hs"].strip("'\""), vocabulary.listed("japan_areas").get(row["country"].lstrip("0"), {}).get("iso2", "XX")
        if not heading(code) or row["exp_or_imp"] not in {"1", "2"}:
            flows.left_out["other goods"] += 1
        elif not complete:
            flows.left_out[f"a year that is not complete ({row['year']}); only whole years are read"] += 1
        else:
            year = table.year(line, "year", row["year"])
            value = thousand_dollars(1000 * table.number(line, "value_year", row["value_year"]), "JPY", year)
            flows.add(
                Record(line, year, heading(code), "JP", partner, row["exp_or_imp"] == "2", value, _kilograms(table, line, row), 0, code)
            )
    return ReleaseFigures(frames=flows.frames(), left_out=flows.left_out, notes=[RATES])


def _kilograms(table: ReleaseTable, line: int, row: Row) -> float:
    """Tonnes of a line, from the quantity whose unit is a mass."""
    scale = {"KG": 1e-3, "MT": 1.0, "TO": 1.0, "GR": 1e-6}
    for place in ("2", "1"):
        if (unit := row[f"unit{place}"].strip().upper()) in scale:
            return table.number(line, f"quantity{place}_year", row[f"quantity{place}_year"]) * scale[unit]
    return math.nan


RELEASES = (
    Release(
        "Eurostat Comext",
        "flows",
        frozenset({"freq", "reporter", "partner", "product", "flow", "indicators", "time_period", "obs_value"}),
        comext,
    ),
    Release(
        "Eurostat Comext, bulk file",
        "flows",
        frozenset({"declarant_iso", "partner_iso", "product_nc", "flow", "period", "value_in_euros", "quantity_in_kg"}),
        comext_bulk,
    ),
    Release(
        "Eurostat Comext, bulk file",
        "flows",
        frozenset({"reporter", "partner", "product_nc", "flow", "period", "value_eur", "quantity_kg"}),
        comext_bulk,
    ),
    Release(
        "Destatis GENESIS",
        "flows",
        frozenset(
            {
                "statistics_code",
                "time",
                "1_variable_attribute_code",
                "2_variable_attribute_code",
                "value",
                "value_unit",
                "value_variable_label",
            }
        ),
        destatis,
    ),
    Release(
        "Japan e-Stat",
        "flows",
        frozenset({"exp_or_imp", "year", "hs", "country", "unit1", "unit2", "quantity1_year", "quantity2_year", "value_year"}),
        estat,
    ),
)
"""Formats of these sources."""
