"""Rows on the rules of trade: export controls, held-out shares, US duties, US magnet imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factlib import names
from factlib.official import PUBLIC, Row, read
from factlib.rows import join, make

if TYPE_CHECKING:
    from pathlib import Path

ISO3 = names.mapping("iso3")


def controls(raw: Path) -> list[Row]:
    """Chinese export controls of 2023 to 2025 as compiled, and shares of supply that are held out for comparison."""
    folder, rows = raw / "export_controls_compiled", []
    for index, row in enumerate(read(folder / "export_control_events.csv"), 1):
        rows.append(
            make(
                id=f"CTL{index:03d}",
                quantity="event",
                value="",
                unit="event",
                flag="SEEN",
                source=row["evidence_opened"],
                region="CN",
                period=row["date"],
                quality="B",
                scope=join(row["measure"], row["materials"], row["date_kind"]),
                note=row["description"],
                licence="cited-figure",
            )
        )
    for index, row in enumerate(read(folder / "dependence_facts.csv"), 1):
        assumed = "assumption" in row["basis"]
        rows.append(
            make(
                id=f"DEP{index:03d}",
                quantity="market_share" if row["market"] == "World" else "import_share",
                value=f"{float(row['value']) * 100:g}",
                unit="%",
                flag="RECALLED" if assumed else "SEEN",
                source=row["basis"],
                url=row["evidence_opened"],
                region=ISO3[row["market"]],
                partner="" if row["market"] == "World" else ISO3[row["supplier"]],
                period=row["year"],
                quality="B",
                licence="public-domain-us" if "USGS" in row["basis"] else "cited-figure",
                scope=join(row["indicator"], f"supplier {ISO3[row['supplier']]}", "held out: comparison only"),
            )
        )
    return rows


HEADINGS = {"280530": "metal.TREO", "284610": "oxide.Ce", "284690": "oxide.TREO", "850511": "magnet.all"}
CARS = {"870340": "cars_hybrid", "870380": "cars_battery", "870323": "cars_combustion"}


def tariffs(raw: Path) -> list[Row]:
    """US most-favoured-nation duties of 2025 on rare earths, magnets and cars; unweighted means of four chapters."""
    source = "USITC Harmonized Tariff Schedule of the United States 2025, general rates"
    fields = {
        "unit": "%",
        "flag": "SEEN",
        "source": source,
        "url": "https://hts.usitc.gov",
        "edition": "HTS 2025",
        "licence": PUBLIC,
        "quality": "A",
        "quantity": "tariff_rate",
        "region": "US",
        "partner": "WORLD",
        "period": "2025",
    }
    rates = read(raw / "us_tariffs_yale_budget_lab" / "mfn_rates_2025_hts8.csv")
    rows = []
    for row in rates:
        heading = row["hs8"][:6]
        if heading in HEADINGS or heading in CARS:
            rows.append(
                make(
                    **fields,
                    id=f"HTS{row['hs8']}",
                    value=f"{float(row['mfn_rate']) * 100:g}",
                    commodity=HEADINGS.get(heading, ""),
                    sector=CARS.get(heading, ""),
                    scope=join(
                        f"HTS {row['hs8']}, most favoured nation", "all magnets of metal, ferrite among them" if heading == "850511" else ""
                    ),
                )
            )
    for chapter, industry in {"84": "machinery", "85": "electrical_machinery", "87": "motor_vehicles", "90": "medical"}.items():
        values = [
            float(row["mfn_rate"]) * 100 for row in rates if row["hs8"].startswith(chapter) and row["rate_type"] in {"ad_valorem", "free"}
        ]
        rows.append(
            make(
                **fields | {"flag": "DERIVED", "source": source + "; computed here"},
                id=f"HTS{chapter}",
                value=f"{sum(values) / len(values):.3g}",
                low=f"{min(values):g}",
                high=f"{max(values):g}",
                sector=industry,
                scope=f"HTS chapter {chapter}, unweighted mean of {len(values)} ad valorem lines",
            )
        )
    return rows


def magnet_imports(raw: Path) -> list[Row]:
    """US imports of HS 850511 in 2024 by partner: single cited figures of the base year."""
    rows = []
    for row in read(raw / "us_imports_magnets_850511" / "us_imports_850511_top10_2018_2025.csv"):
        if row["year"] != "2024":
            continue
        partner = ISO3[row["partner_iso3"]]
        rows.append(
            make(
                id=f"USM2024-{partner}",
                quantity="trade",
                value=f"{float(row['import_value_usd']) / 1e6:.6g}",
                unit="M USD",
                flag="SEEN" if row["status"] == "reported" else "DERIVED",
                source="US Census Bureau, general imports of HS 850511, CIF, via UN Comtrade (single figures)",
                url="https://github.com/akashok1/semiconductor-rare-earth-supply-chain-risk",
                commodity="magnet.all",
                region="US",
                partner=partner,
                period="2024",
                quality="B",
                licence="cited-figure",
                scope="imports of HS 850511: all magnets of metal, ferrite, alnico and SmCo among them; region imports from partner",
            )
        )
    return rows
