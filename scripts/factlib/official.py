"""Rows from official releases in the raw data: USGS, US tariff schedule, customs, input-output coefficients."""

from __future__ import annotations

import csv
import re
from pathlib import Path  # noqa: TC003

from factlib import names
from factlib.rows import join, make, number

Row = dict[str, object]
OWN_CODES = {"China": "CN", "Myanmar": "MM"}
MINERALS = {
    "Gallium": "Ga", "Germanium": "Ge", "Antimony": "Sb", "Graphite (Natural)": "graphite", "Tungsten": "W", "Bismuth": "Bi", "Tellurium": "Te",
    "Indium": "In", "Magnesium Metal": "Mg", "Molybdenum": "Mo",
}  # fmt: skip
FULL_NAMES = {
    "lanthanum": "La", "cerium": "Ce", "praseodymium": "Pr", "neodymium": "Nd", "samarium": "Sm", "europium": "Eu", "gadolinium": "Gd", "terbium": "Tb",
    "dysprosium": "Dy", "holmium": "Ho", "erbium": "Er", "thulium": "Tm", "ytterbium": "Yb", "lutetium": "Lu", "yttrium": "Y", "y2o3": "Y",
    "scandium": "Sc", "mischmetal": "LaCe", "ndpr": "NdPr",
}  # fmt: skip
PUBLIC, MIT = "public-domain-us", "mit"


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a raw CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
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
        rows.append(make(
            id=f"{row['edition']}-{'RES' if reserve else 'MINE'}-{code}-{row['year']}", quantity="reserve" if reserve else "mine_production",
            value=row["value_t_reo"], unit="t REO", flag="SEEN", source=f"USGS Mineral Commodity Summaries {row['edition'][3:]}, rare earths, data release",
            url="https://www.usgs.gov/centers/national-minerals-information-center", edition=edition, element="TREO", commodity="" if reserve else "mine.concentrate", region=code, period=row["year"], quality="A", licence=PUBLIC,
            scope=row["measure"],
            note=join("estimated by USGS" if row["estimated_by_usgs"] == "True" else "", "the production quota, not the output" if code == "CN" and not reserve else ""),
        ))  # fmt: skip
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
        bounds = {"low": low, "high": high} if high and number(low) == number(low) and number(high) == number(high) else {}
        rows.append(make(
            id=f"{row['edition']}-PRICE-{element}-{form}-{row['year']}", quantity="price", value=row["price"], unit="USD/kg", flag="SEEN",
            source=f"USGS Mineral Commodity Summaries {year}, prices" + (" (Argus)" if year > "2016" else ""), edition=f"MCS {year}", element=element,
            commodity=f"{form}.{element}", region="WORLD" if element == "Sc" else "CN", period=row["year"], quality="A", licence=PUBLIC,
            scope=join(product, row["basis"], "FOB China" if element != "Sc" else ""), **bounds,
        ))  # fmt: skip
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
        if number(row["production"]) != number(row["production"]):
            continue
        quota = code == "CN" and "2010" <= year <= "2013"
        rows.append(make(
            **fields, id=f"YB-MINE-{code}-{year}", quantity="quota" if quota else "mine_production", value=row["production"], element="TREO",
            commodity="mine.concentrate", region=code, period=year, scope=f"mine production, {row['country']}",
            note=join("the production quota, not the output (BGS gives 118,900 t for 2010)" if quota else "", "repeats the figure of 2014" if (code, year) == ("CN", "2015") else ""),
        ))  # fmt: skip
    for row in read(folder / "usgs_ree_oxide_prices_1998_2015.csv"):
        if number(row["price_usd_per_kg_oxide"]) != number(row["price_usd_per_kg_oxide"]):
            continue
        year, element = str(int(float(row["year"]))), names.element(row["element"]) or "LaCe"
        rows.append(make(
            **fields | {"unit": "USD/kg"}, id=f"YB-PRICE-{element}-{year}", quantity="list_price" if year < "2009" else "price", value=row["price_usd_per_kg_oxide"], element=element,
            commodity=f"oxide.{element}" if element != "LaCe" else "alloy.LaCe", region="US", period=year, scope=join("producer list price" if year < "2009" else "", row["notes"]),
            note="flat list price that stood above spot; not a market price" if year < "2009" else "",
        ))  # fmt: skip
    return unique(rows)


def other_minerals(raw: Path) -> list[Row]:
    """World production of the other minerals under Chinese export control, MCS 2026."""
    rows = []
    for row in read(raw / "usgs_mcs" / "mcs2026_world_production_reserves_critical_minerals.csv"):
        symbol = MINERALS.get(row["commodity"])
        if symbol is None or row["statistics"] not in {"Production", "Reserves"} or number(row["value"]) != number(row["value"]):
            continue
        scale = {"metric tons": 1.0, "kilograms": 1e-3, "thousand metric tons": 1e3}[row["unit"]]
        reserve = row["statistics"] == "Reserves"
        code = names.region(row["country"])
        rows.append(make(
            id=f"MCS2026-{symbol}-{'RES' if reserve else 'PROD'}-{code}-{row['year']}", quantity="reserve" if reserve else "mine_production" if "ine" in row["statistics_detail"] else "refined_production",
            value=f"{number(row['value']) * scale:g}", unit="t", flag="SEEN", source="USGS Mineral Commodity Summaries 2026, data release", edition="MCS 2026", element=symbol,
            url="https://www.usgs.gov/centers/national-minerals-information-center", commodity=f"{'mine' if 'ine' in row['statistics_detail'] or reserve else 'metal'}.{symbol}",
            region=code, period=row["year"], quality="A", licence=PUBLIC, scope=row["statistics_detail"].lower(), note=row["notes"],
        ))  # fmt: skip
    return unique(rows)


def controls(raw: Path) -> list[Row]:
    """Chinese export controls of 2023 to 2025 as compiled, and shares of supply that are held out for comparison."""
    folder, rows = raw / "export_controls_compiled", []
    for index, row in enumerate(read(folder / "export_control_events.csv"), 1):
        rows.append(make(
            id=f"CTL{index:03d}", quantity="event", value="", unit="event", flag="SEEN", source=row["evidence_opened"], region="CN",
            period=row["date"], quality="B", scope=join(row["measure"], row["materials"], row["date_kind"]), note=row["description"],
            licence="cited-figure",
        ))  # fmt: skip
    for index, row in enumerate(read(folder / "dependence_facts.csv"), 1):
        assumed = "assumption" in row["basis"]
        rows.append(make(
            id=f"DEP{index:03d}", quantity="market_share" if row["market"] == "World" else "import_share", value=f"{float(row['value']) * 100:g}", unit="%",
            flag="RECALLED" if assumed else "SEEN", source=row["basis"], url="", region=ISO3[row["market"]], partner="" if row["market"] == "World" else ISO3[row["supplier"]],
            period=row["year"], quality="B", licence="public-domain-us" if "USGS" in row["basis"] else "cited-figure",
            scope=join(row["indicator"], f"supplier {ISO3[row['supplier']]}", "held out: comparison only"), note=row["evidence_opened"],
        ))  # fmt: skip
    return rows


ISO3 = {"CHN": "CN", "USA": "US", "JPN": "JP", "MYS": "MY", "World": "WORLD", "OTHER": "ROW", "WLD": "WORLD"}
HEADINGS = {"280530": "metal.TREO", "284610": "oxide.Ce", "284690": "oxide.TREO", "850511": "magnet.all"}
CARS = {"870340": "cars_hybrid", "870380": "cars_battery", "870323": "cars_combustion"}


def tariffs(raw: Path) -> list[Row]:
    """US most-favoured-nation duties of 2025 on rare earths, magnets and cars; unweighted means of four chapters."""
    source = "USITC Harmonized Tariff Schedule of the United States 2025, general rates"
    fields = {"unit": "%", "flag": "SEEN", "source": source, "url": "https://hts.usitc.gov", "edition": "HTS 2025", "licence": PUBLIC, "quality": "A",
              "quantity": "tariff_rate", "region": "US", "partner": "WORLD", "period": "2025"}  # fmt: skip
    rates = read(raw / "us_tariffs_yale_budget_lab" / "mfn_rates_2025_hts8.csv")
    rows = []
    for row in rates:
        heading = row["hs8"][:6]
        if heading in HEADINGS or heading in CARS:
            rows.append(make(**fields, id=f"HTS{row['hs8']}", value=f"{float(row['mfn_rate']) * 100:g}", commodity=HEADINGS.get(heading, ""),
                             sector=CARS.get(heading, ""), scope=f"HTS {row['hs8']}, most favoured nation"))  # fmt: skip
    for chapter, industry in {"84": "machinery", "85": "electrical_machinery", "87": "motor_vehicles", "90": "medical"}.items():
        values = [
            float(row["mfn_rate"]) * 100 for row in rates if row["hs8"].startswith(chapter) and row["rate_type"] in {"ad_valorem", "free"}
        ]
        rows.append(make(**fields | {"flag": "DERIVED", "source": source + "; computed here"}, id=f"HTS{chapter}", value=f"{sum(values) / len(values):.3g}", low=f"{min(values):g}",
                         high=f"{max(values):g}", sector=industry, scope=f"HTS chapter {chapter}, unweighted mean of {len(values)} ad valorem lines"))  # fmt: skip
    return rows


def magnet_imports(raw: Path) -> list[Row]:
    """US imports of HS 850511 in 2024 by partner: single cited figures of the base year."""
    rows = []
    for row in read(raw / "us_imports_magnets_850511" / "us_imports_850511_top10_2018_2025.csv"):
        if row["year"] != "2024":
            continue
        partner = ISO3.get(row["partner_iso3"]) or ISO2[row["partner_iso3"]]
        rows.append(make(
            id=f"USM2024-{partner}", quantity="trade", value=f"{float(row['import_value_usd']) / 1e6:.6g}", unit="M USD", flag="SEEN" if row["status"] == "reported" else "DERIVED",
            source="US Census Bureau, general imports of HS 850511, CIF, via UN Comtrade (single figures)", url="https://github.com/akashok1/semiconductor-rare-earth-supply-chain-risk",
            commodity="magnet.all", region="US", partner=partner, period="2024", quality="B", licence="cited-figure",
            scope="imports of HS 850511: all magnets of metal, ferrite, alnico and SmCo among them; region imports from partner",
        ))  # fmt: skip
    return rows


ISO2 = {"DEU": "DE", "PHL": "PH", "KOR": "KR", "MEX": "MX", "TWN": "TW", "GBR": "GB", "CHE": "CH", "VNM": "VN", "MYS": "MY", "THA": "TH", "FIN": "FI",
        "AUT": "AT", "IND": "IN", "CAN": "CA", "HKG": "HK", "SVN": "SI", "ITA": "IT", "FRA": "FR", "SGP": "SG", "NLD": "NL", "IDN": "ID"}  # fmt: skip


def tables(raw: Path) -> dict[str, list[Row]]:
    """All tables made from the raw releases, by name of the packaged file."""
    return {
        "usgs": mine_production(raw) + oxide_prices(raw), "usgs_history": history(raw), "minerals": other_minerals(raw),
        "controls": controls(raw), "tariffs": tariffs(raw) + magnet_imports(raw),
    }  # fmt: skip
