"""Wide tables shipped beside the rows: trade, governance, GDP, US input-output accounts, map outlines."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pandas as pd

UNKNOWN = {490: "TW", 516: "NA", 697: "XX", 711: "ZA", 58: "BE"}
"""BACI areas without ISO code: Other Asia is Taiwan, EFTA n.e.s. is unknown, the customs union South Africa."""

RECORD = Path(__file__).parent / "record"

SMALLEST = 10.0
"""Flows of other minerals below 10,000 USD are left out; they are 0.01 % of the value."""


def partner_codes(raw: Path) -> dict[int, str]:
    """ISO alpha-2 by BACI area code."""
    with (raw / "baci_cepii_geopolrisk" / "baci_country_codes_v202401b.csv").open(encoding="utf-8") as file:
        codes = {int(row["country_code"]): row["country_iso2"] for row in csv.DictReader(file)}
    return codes | UNKNOWN


def flows(table: pd.DataFrame, codes: dict[int, str], digits: int) -> pd.DataFrame:
    """Year, heading, exporter, importer, value and weight; a declared weight of nil is no weight."""
    weight = table["quantity_t"].where(table["quantity_t"] > 0)
    frame = pd.DataFrame(
        {
            "year": table["year"],
            "hs": table["hs6"].astype(str),
            "exporter": table["exporter_code"].map(codes),
            "importer": table["importer_code"].map(codes),
            "value_kusd": table["value_kusd"].round(digits),
            "quantity_t": weight.round(3),
        }
    )
    return frame.sort_values(["hs", "year", "exporter", "importer"], kind="stable")


def trade(raw: Path) -> pd.DataFrame:
    """BACI flows of rare-earth metals and compounds, 1995-2024."""
    return flows(pd.read_csv(raw / "baci_cepii_geopolrisk" / "baci_hs92_rare_earths_1995_2024.csv"), partner_codes(raw), 3)


def minerals_trade(raw: Path) -> pd.DataFrame:
    """BACI flows of twenty other critical minerals above 10,000 USD, 1995-2024."""
    path = raw / "baci_cepii_geopolrisk" / "baci_hs92_other_critical_minerals_1995_2024.parquet"
    table = duckdb.read_parquet(str(path)).df()
    return flows(table[table["value_kusd"] >= SMALLEST], partner_codes(raw), 1)


def country_codes(raw: Path) -> pd.DataFrame:
    """Codes and names of countries, with the areas that BACI alone knows."""
    table = pd.read_csv(raw / "country_codes_datahub" / "country_codes.csv", keep_default_na=False, dtype=str)
    names = ["ISO3166-1-Alpha-2", "ISO3166-1-Alpha-3", "ISO3166-1-numeric", "CLDR display name", "UNTERM English Short"]
    frame = table[names].set_axis(["iso2", "iso3", "numeric", "name", "name_un"], axis=1)
    return frame[frame["iso2"] != ""].sort_values("iso2")


def governance(raw: Path, iso: dict[str, str]) -> pd.DataFrame:
    """Political stability (WGI) by country and year: estimate and the 0-1 risk of GeoPolRisk.

    The source mixes Guyana with French Guiana: of two estimates for a country and year, that of the
    update of 2022 is kept, and none where that update says nothing.
    """
    table = pd.read_csv(raw / "wgi_political_stability_geopolrisk" / "wgi_political_stability_1996_2024.csv")
    frame = pd.DataFrame(
        {"iso3": table["iso3"], "country": table["iso3"].map(iso), "year": table["year"], "estimate": table["estimate"].round(4)}
    )
    frame = frame.dropna().drop_duplicates()
    other = pd.read_csv(raw / "wgi_six_indicators_2022_update" / "wgi_estimates_1996_2021.csv").set_index(["code", "year"])[
        "political_stability"
    ]
    agrees = (frame["estimate"] - other.reindex(pd.MultiIndex.from_frame(frame[["iso3", "year"]])).to_numpy()).abs() < 0.05
    frame = frame[~frame.duplicated(["country", "year"], keep=False) | agrees]
    frame["risk"] = (0.5 - frame["estimate"] / 5).clip(0, 1).round(4)
    frame["vintage"] = frame["year"].ge(2023).map({True: "later", False: "2022"})
    return frame.drop(columns="iso3").sort_values(["country", "year"])


def gdp(raw: Path, iso: dict[str, str]) -> pd.DataFrame:
    """GDP in current USD by country and year, World Bank aggregates left out."""
    table = pd.read_csv(raw / "gdp_worldbank_datahub" / "gdp_current_usd_1960_2023.csv")
    frame = pd.DataFrame({"country": table["Country Code"].map(iso), "year": table["Year"], "gdp_usd": table["Value"].round(0)})
    return frame.dropna(subset=["country"]).sort_values(["country", "year"])


def industry() -> pd.DataFrame:
    """Value added of industry (ISIC B-F) by country and year, as a share of GDP."""
    table = pd.read_csv(RECORD / "industry_share.csv", keep_default_na=False)
    return table.assign(percent=table["percent"].astype(float).round(3)).sort_values(["country", "year"])


def io_us(raw: Path) -> pd.DataFrame:
    """US accounts of 2024 in long form: table, row, column, value (M USD or coefficient); zeroes left out."""
    folder, parts = raw / "bea_io_2024_summary", []
    wide = {
        "use_domestic": "bea_use_domestic",
        "use_import": "bea_use_import",
        "requirements_total": "bea_requirements_total",
        "requirements_domestic": "bea_requirements_domestic",
    }
    for name, file in wide.items():
        table = (
            pd.read_csv(folder / f"{file}.csv", dtype={"bea_code": str})
            .melt("bea_code", var_name="column")
            .rename(columns={"bea_code": "row"})
        )
        parts.append(table[table["value"] != 0].assign(table=name))
    for name, file, column in (("output", "bea_industry_output", "output"), ("consumption", "bea_pce_by_commodity", "pce")):
        table = pd.read_csv(folder / f"{file}.csv", dtype={"bea_code": str})
        parts.append(pd.DataFrame({"table": name, "row": table["bea_code"], "column": name, "value": table[column]}))
    parts.append(value_added(folder))
    frame = pd.concat(parts)[["table", "row", "column", "value"]]
    return frame.assign(value=frame["value"].round(7))


def value_added(folder: Path) -> pd.DataFrame:
    """Value added and its parts by industry, from the full use table."""
    rows = list(csv.reader((folder / "bea_use_of_commodities_by_industry_summary_2024_full.csv").open(encoding="utf-8")))
    header = next(row for row in rows if "3361MV" in row)
    wanted = {
        "V001": "compensation",
        "V002": "taxes_less_subsidies",
        "V003": "gross_operating_surplus",
        "VABAS": "value_added",
        "VAPRO": "value_added_producer",
    }
    found = [
        {"table": "value_added", "row": wanted[row[0].strip()], "column": code, "value": float(cell.replace(",", ""))}
        for row in rows
        if row and row[0].strip() in wanted
        for code, cell in zip(header[2:], row[2:], strict=False)
        if code and cell.strip() not in {"", "---"}
    ]
    return pd.DataFrame(found)


def outlines(raw: Path) -> str:
    """Country outlines (TopoJSON, 110m) without Antarctica and the land layer."""
    atlas = json.loads((raw / "natural_earth_world_atlas" / "countries-110m.json").read_text("utf-8"))
    atlas["objects"].pop("land", None)
    shapes = atlas["objects"]["countries"]["geometries"]
    atlas["objects"]["countries"]["geometries"] = [shape for shape in shapes if shape.get("id") != "010"]
    return json.dumps(atlas, ensure_ascii=False, separators=(",", ":"))
