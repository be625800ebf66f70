"""Rows from official releases in the raw data: USGS, US tariff schedule, customs, input-output coefficients."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path  # noqa: TC003

from factlib import names
from factlib.rows import join, make, number

Row = dict[str, object]
MINERALS = {
    "Gallium": "Ga",
    "Germanium": "Ge",
    "Antimony": "Sb",
    "Graphite (Natural)": "graphite",
    "Tungsten": "W",
    "Bismuth": "Bi",
    "Tellurium": "Te",
    "Indium": "In",
    "Magnesium Metal": "Mg",
    "Molybdenum": "Mo",
}
FULL_NAMES = names.mapping("elements_long")
NMIC = "https://www.usgs.gov/centers/national-minerals-information-center"
PUBLIC, MIT = "public-domain-us", "mit"


def read(path: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """Rows of a raw CSV."""
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def slug(text: str) -> str:
    """Letters and digits of a text, joined by hyphens."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def full_element(text: str) -> str:
    """Element that a product's full name begins with."""
    if "NdPr" in text or "Neodymium-praseodymium" in text:
        return "NdPr"
    return next((symbol for name, symbol in FULL_NAMES.items() if name in text.lower()), "")


def mine_production(raw: Path) -> list[Row]:
    """Mine production and reserves by country, one row per edition of the Mineral Commodity Summaries."""
    rows = []
    for row in read(raw / "usgs_mcs" / "usgs_ree_production_reserves_long_2020_2025.csv"):
        reserve, edition = row["measure"] == "reserves", f"MCS {row['edition'][3:]}"
        code = names.region(row["country"])
        rows.append(
            make(
                id=f"{row['edition']}-{'RES' if reserve else 'MINE'}-{code}-{row['year']}",
                quantity="reserve" if reserve else "mine_production",
                value=row["value_t_reo"],
                unit="t REO",
                flag="SEEN",
                source=f"USGS Mineral Commodity Summaries {row['edition'][3:]}, rare earths, data release",
                url=NMIC,
                edition=edition,
                element="TREO",
                commodity="" if reserve else "mine.concentrate",
                region=code,
                period=row["year"],
                quality="A",
                licence=PUBLIC,
                scope=row["measure"],
                note=join(
                    "estimated by USGS" if row["estimated_by_usgs"] == "True" else "",
                    "the production quota, not the output" if code == "CN" and not reserve else "",
                ),
            )
        )
    return unique(rows)


def unique(rows: list[Row]) -> list[Row]:
    """Rows with ids made unique by a letter, in the order of the source."""
    seen: dict[str, int] = {}
    for row in rows:
        count = seen[row["id"]] = seen.get(row["id"], 0) + 1
        if count > 1:
            row["id"] = f"{row['id']}-{count}"
    return rows


def oxide_prices(raw: Path) -> list[Row]:
    """Annual prices of oxides and metals by edition."""
    rows = []
    for row in read(raw / "usgs_mcs" / "usgs_ree_prices_long_2011_2025.csv"):
        product = row["product"].split("range of average values: ")[-1]
        element, year = full_element(product), row["edition"][3:]
        form = "alloy" if "alloy" in product or "Mischmetal" in product else "metal" if "metal" in product else "oxide"
        low, _, high = row["as_published"].replace("–", "-").partition("-")
        bounds = {"low": low, "high": high} if not (math.isnan(number(low)) or math.isnan(number(high))) else {}
        rows.append(
            make(
                id=f"{row['edition']}-PRICE-{element}-{form}-{row['year']}",
                quantity="price",
                value=row["price"],
                unit="USD/kg",
                flag="SEEN",
                source=f"USGS Mineral Commodity Summaries {year}, prices" + (" (Argus)" if year > "2016" else ""),
                edition=f"MCS {year}",
                element=element,
                url=NMIC,
                commodity=f"{form}.{element}",
                region="WORLD" if element == "Sc" else "CN",
                period=row["year"],
                quality="A",
                licence=PUBLIC,
                scope=join(product, row["basis"], "FOB China" if element != "Sc" else ""),
                **bounds,
            )
        )
    return unique(rows)


def history(raw: Path) -> list[Row]:
    """Mine production and oxide list prices of 1998 to 2015 from the Minerals Yearbooks."""
    source = "Theler, Kauwe and Sparks 2020 (doi 10.1007/s40192-020-00173-5), compiled from the USGS Minerals Yearbooks"
    fields = {
        "unit": "t REO",
        "flag": "SEEN",
        "source": source,
        "url": "https://github.com/sp8rks/USGS_HHI",
        "edition": "sp8rks 2020",
        "licence": MIT,
        "quality": "B",
    }
    folder = raw / "usgs_hhi_sp8rks"
    rows = []
    for row in read(folder / "usgs_rare_earths_production_1998_2015.csv"):
        year, code = str(int(float(row["year"]))), names.region(row["country"])
        if math.isnan(number(row["production"])):
            continue
        quota = code == "CN" and "2010" <= year <= "2013"
        rows.append(
            make(
                **fields,
                id=f"YB-MINE-{code}-{year}",
                quantity="quota" if quota else "mine_production",
                value=row["production"],
                element="TREO",
                commodity="mine.concentrate",
                region=code,
                period=year,
                scope=f"mine production, {row['country']}",
                note=join(
                    "the production quota, not the output (BGS gives 118,900 t for 2010)" if quota else "",
                    "repeats the figure of 2014" if (code, year) == ("CN", "2015") else "",
                ),
            )
        )
    for row in read(folder / "usgs_ree_oxide_prices_1998_2015.csv"):
        if math.isnan(number(row["price_usd_per_kg_oxide"])):
            continue
        year, element = str(int(float(row["year"]))), names.element(row["element"]) or "LaCe"
        rows.append(
            make(
                **fields | {"unit": "USD/kg"},
                id=f"YB-PRICE-{element}-{year}",
                quantity="list_price" if year < "2009" else "price",
                value=row["price_usd_per_kg_oxide"],
                element=element,
                commodity=f"oxide.{element}" if element != "LaCe" else "alloy.LaCe",
                region="US",
                period=year,
                scope=join("producer list price" if year < "2009" else "", row["notes"]),
                note="flat list price that stood above spot; not a market price" if year < "2009" else "",
            )
        )
    return unique(rows)


SCALES = {"metric tons": 1.0, "kilograms": 1e-3, "thousand metric tons": 1e3}


def other_minerals(raw: Path) -> list[Row]:
    """World production, capacity and reserves of the other minerals under Chinese export control, MCS 2026."""
    rows = []
    for row in read(raw / "usgs_mcs" / "mcs2026_world_production_reserves_critical_minerals.csv"):
        symbol, detail = MINERALS.get(row["commodity"]), row["statistics_detail"]
        if symbol is None or math.isnan(number(row["value"])):
            continue
        mined = detail.startswith(("Mine", "Reserves"))
        made = "mine_production" if mined else "refined_production"
        quantity = {"Production": made, "Capacity": "capacity", "Reserves": "reserve"}[row["statistics"]]
        code = names.region(row["country"])
        rows.append(
            make(
                id=f"MCS2026-{symbol}-{row['statistics'][:3].upper()}-{code}-{row['year']}",
                quantity=quantity,
                unit="t",
                value=f"{number(row['value']) * SCALES[row['unit']]:.10g}",
                flag="SEEN",
                source="USGS Mineral Commodity Summaries 2026, data release",
                edition="MCS 2026",
                element=symbol,
                url=NMIC,
                commodity=f"{'mine' if mined else 'metal'}.{symbol}",
                region=code,
                period=row["year"],
                quality="A",
                licence=PUBLIC,
                scope=detail.lower(),
                note=row["notes"],
            )
        )
    return unique(rows)


def antimony_before_the_control(raw: Path) -> list[Row]:
    """Mine production of antimony in 2023, the last year before China's licences, MCS 2025."""
    rows = []
    for row in read(raw / "usgs_mcs" / "mcs2025_world_data.csv", "latin-1"):
        if row["COMMODITY"].strip() != "Antimony" or math.isnan(number(row["PROD_2023"])):
            continue
        code = names.region(re.sub(r" \(rounded\).*", "", row["COUNTRY"]).strip())
        rows.append(
            make(
                id=f"MCS2025-Sb-PRO-{code}-2023",
                quantity="mine_production",
                unit="t",
                value=row["PROD_2023"],
                flag="SEEN",
                source="USGS Mineral Commodity Summaries 2025, data release",
                edition="MCS 2025",
                element="Sb",
                url=NMIC,
                commodity="mine.Sb",
                region=code,
                period="2023",
                quality="A",
                licence=PUBLIC,
                scope="mine production",
                note=row["PROD_NOTES"],
            )
        )
    return unique(rows)


SALIENT = {
    "Production": "mine_production",
    "Import": "trade",
    "Export": "trade",
    "Consumption": "use",
    "Net import reliance": "import_reliance",
}
SALIENT_CODES = {"RARE EARTHS": "TREO", "RARE EARTHS (Heavy)": "HREE", "SCANDIUM": "Sc", "YTTRIUM": "Y"}


def salient(raw: Path) -> list[Row]:
    """US production, trade, consumption and net import reliance of 2021 to 2025, MCS 2026."""
    rows = []
    for row in read(raw / "usgs_mcs" / "mcs2026_rare_earths_yttrium_scandium.csv"):
        kind, element, detail = row["statistics"], SALIENT_CODES[row["mcs_chapter"]], row["statistics_detail"]
        if not row["section"].startswith("Salient") or kind not in SALIENT:
            continue
        quantity = "separation_production" if detail == "Production: Compounds and metals" else SALIENT[kind]
        percent = kind == "Net import reliance"
        rows.append(
            make(
                id=f"MCS2026-US-{element}-{kind[:3].upper()}-{row['year']}",
                quantity=quantity,
                value=row["value"].replace("Less than ", "").replace(">", ""),
                unit="%" if percent else "t REO" if element in {"TREO", "HREE"} else "t oxide",
                flag="SEEN",
                source="USGS Mineral Commodity Summaries 2026, data release, salient statistics of the United States",
                edition="MCS 2026",
                url=NMIC,
                element=element,
                region="US",
                partner="WORLD" if kind in {"Import", "Export"} else "",
                commodity="mine.concentrate" if "concentrates" in detail else "",
                period=row["year"],
                quality="A",
                licence=PUBLIC,
                scope=detail,
                note=row["notes"],
            )
        )
    return unique(rows)
