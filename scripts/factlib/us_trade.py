"""Trade of the United States and its duties: lists of goods by treatment, customs codes of countries, gathered rows on duties."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd

from factlib import names
from factlib.dated import split_note, worded
from factlib.reading import Row, read
from factlib.rows import join, make
from ytterby.facts import load

RECORD = Path(__file__).parent / "record"
SCHEDULE = "us_tariffs_yale_budget_lab"
WANTED = re.compile(r"TRD0(0[1-9]|1\d|2[0-3])[ab]?|D06[0-47][ab]?|C06[5-7]|ASM00[1-8]")
"""Gathered rows on duties: trade of 2024 and what was seen of 2025, estimates for Japan's GDP, dated duties, assumed elasticities."""

UNITS = {"JPY/USD": "ratio", "assumed": "", "1": ""}
PLACES = {"US market": "US", "all": "", "trade": "", "seven Japanese car makers": "Japan"}
SPAN = re.compile(r"\d{4}-\d{2}/\d{4}-\d{2}")
CUSTOMS_NAMES = {
    "korea, south": "KR", "korea, north": "KP", "germany (federal republic of germany)": "DE", "czech republic": "CZ", "turkey": "TR",
    "burma (myanmar)": "MM", "burma": "MM", "macau": "MO", "hong kong": "HK", "russia": "RU", "vietnam": "VN", "laos": "LA",
    "south korea (republic of korea)": "KR", "north korea (democratic people's republic of korea)": "KP",
    "denmark, except greenland": "DK", "samoa (western samoa)": "WS", "syria (syrian arab republic)": "SY",
    "moldova (republic of moldova)": "MD", "tanzania (united republic of tanzania)": "TZ", "yemen (republic of yemen)": "YE",
    "laos (lao people's democratic republic)": "LA", "cote d'ivoire": "CI", "congo, republic of the congo": "CG",
    "reunion": "FR", "curacao": "CW", "kosovo": "XK",
    "congo, democratic republic of the congo (formerly za": "CD", "european union": "EU", "united kingdom": "GB", "taiwan": "TW",
}  # fmt: skip
"""Names of the customs list that the table of countries has in another form."""


def lines(folder: Path, name: str, column: str) -> set[str]:
    """First eight digits of the codes in one column of a list."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return {row[column][:8] for row in csv.DictReader(file)}


ELECTRONICS = ("8471", "847330", "8486", "85171300", "85176200", "85235100", "8524", "85285200", "8541", "8542")
"""Headings exempt for all since 5 April 2025 (presidential memorandum of 11 April 2025); some stand on the aircraft list as well."""


def treatments(raw: Path) -> pd.DataFrame:
    """Codes of eight digits that are exempt from the duties under emergency powers, and which of them from section 122 too.

    Codes that are exempt only where the goods go into civil aircraft are left out: how much of a line does is not known.
    """
    folder = raw / SCHEDULE
    emergency, surcharge = lines(folder, "ieepa_exempt_products.csv", "hts10"), lines(folder, "s122_exempt_products.csv", "hts8")
    with (folder / "floor_exempt_products.csv").open(encoding="utf-8", newline="") as file:
        aircraft = {row["hts8"] for row in csv.DictReader(file) if row["category"] == "civil_aircraft"}
    kept = {code for code in emergency if code not in aircraft or code.startswith(ELECTRONICS)}
    both = {code: "exempt" if code in surcharge else "exempt_2025" for code in kept}
    return pd.DataFrame(sorted(both.items()), columns=["prefix", "treatment"])


def areas(raw: Path) -> str:
    """Census codes and names of countries with their ISO code, as CSV; one whose name is in no table is part of the rest."""
    known = country_names() | names.PLACES | CUSTOMS_NAMES
    with (raw / SCHEDULE / "census_country_codes.csv").open(encoding="utf-8", newline="") as file:
        found = [(row["Code"], row["Name"].strip(), known.get(row["Name"].strip().lower(), "ROW")) for row in csv.DictReader(file)]
    rows = sorted([*found, ("0003", "European Union", "EU")])
    return "code,name,iso2\n" + "".join(f'{code},"{name}",{country}\n' for code, name, country in rows)


def country_names() -> dict[str, str]:
    """ISO code by English name in lower case."""
    table = load().countries()
    return {name.lower(): code for column in ("name_un", "name") for name, code in zip(table[column], table["iso2"], strict=True) if name}


def imports() -> pd.DataFrame:
    """Imports of 2024 by group, treatment and partner, as added up by ``scripts/build_us_trade.py``."""
    return pd.read_csv(RECORD / "us_trade_2024.csv", keep_default_na=False, dtype={"year": "int64"})


def preferences() -> pd.DataFrame:
    """Share of the imports from Canada and Mexico of 2024 that claimed their agreement, by group and treatment."""
    return pd.read_csv(RECORD / "us_preferences_2024.csv", keep_default_na=False)


def duties(folder: Path) -> list[Row]:
    """Rows on duties of the gathered additions."""
    rows = []
    for row in read(folder, "additions"):
        if not WANTED.fullmatch(row["id"]):
            continue
        quality, note = split_note(row["note"])
        region, partner = names.places(PLACES.get(row["scope"], row["scope"]))
        what, start = row["quantity"], row["date_or_period"]
        rows.append(
            make(
                id=row["id"],
                quantity=quantity_of(row["id"], what, row["unit"]),
                value=row["value"],
                low=row["value_low"],
                high=row["value_high"],
                unit=UNITS.get(row["unit"], row["unit"]),
                flag=row["flag"],
                source=row["source"],
                url=row["url_or_path"],
                region=region,
                partner=partner,
                period=start if SPAN.fullmatch(start) else names.period(start),
                scope=join(row["scope"], what),
                quality=quality,
                note=note,
                licence="own-estimate" if row["source"] == "assumed" else "",
                what=what,
                place=row["scope"],
            )
        )
    return rows


def quantity_of(id_: str, what: str, unit: str) -> str:
    """Machine quantity of a row."""
    if id_.startswith("D") or id_ in {"TRD020", "TRD004", "TRD010", "TRD011"} or id_ > "TRD014" and id_.startswith("TRD"):
        return "study_result"
    if id_.startswith("ASM"):
        return "elasticity"
    known = {"TRD012": "price_ratio", "TRD014": "gdp", "C065": "tariff_rate"}
    return known.get(id_) or ("trade" if id_.startswith("TRD") else worded(what, unit))
