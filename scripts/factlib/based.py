"""The gathered tables of the base year: sectors, balance, ore baskets, projects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factlib import names
from factlib.reading import Row, common, read, sector
from factlib.rows import join, make

if TYPE_CHECKING:
    from pathlib import Path

SECTOR_QUANTITIES = names.mapping("sector_quantities")
PARTNERS = {"the US": "US", "Japan": "JP", "the EU": "EU", "South Korea": "KR", "China": "CN"}


def may_be_cited(row: dict[str, str]) -> bool:
    """Whether a row may go into the package: OECD and WIOD only as the single figures that the model needs."""
    if "OECD" in row["source"] and row["flag"] != "RECALLED":
        return row["quantity"] == "gross value added"
    if "WIOD" in row["source"] and row["flag"] != "RECALLED":
        return row["quantity"] == "exports to the US"
    return True


def sectors(folder: Path) -> list[Row]:
    """Value added, output, jobs and trade of the using sectors."""
    rows = []
    for row in filter(may_be_cited, read(folder, "sectors")):
        text = row["quantity"]
        partner = next((code for name, code in PARTNERS.items() if text.endswith((f"to {name}", f"with {name}"))), "")
        rows.append(
            make(
                **common(row),
                quantity=SECTOR_QUANTITIES.get(text, "output" if text.startswith("output") else ""),
                sector=sector(row["sector"]),
                region=names.region(row["country"]),
                partner=partner,
                scope=join(text, row["sector"]),
                licence="cited-figure" if "OECD" in row["source"] or "WIOD" in row["source"] else "",
            )
        )
    return rows


BALANCE = {
    "0_mined_TREO": "balance_mined_total",
    "1_mined": "balance_mined",
    "2_feed_exported": "balance_feed_export",
    "3_feed_imported": "balance_feed_import",
    "4_feed_to_stock": "balance_feed_stock",
    "5_loss_residue_rejected": "balance_loss",
    "6_primary_oxide": "balance_primary_oxide",
    "7_scrap_oxide": "balance_scrap_oxide",
    "8_net_trade_oxide_metal": "balance_net_trade",
    "9_use_magnets_gross": "balance_magnet_use",
    "10_use_other": "balance_other_use",
    "11_residual_stock_or_undocumented": "balance_residual",
    "20_magnet_gross_rough": "balance_magnet_rough",
    "21_magnet_finished": "balance_magnet_finished",
    "22_magnet_exports": "balance_magnet_exports",
    "23_magnet_imports": "balance_magnet_imports",
    "24_magnet_domestic_use": "balance_magnet_domestic",
    "30_trade_link": "balance_trade_link",
    "31_mine_source": "balance_mine_source",
    "40_sensitivity": "balance_sensitivity",
    "41_check": "balance_check",
}


def balance(folder: Path) -> list[Row]:
    """Convert the closed balance of 2024: assumed, since it is computed from a mix of seen and recalled rows."""
    rows = []
    for row in read(folder, "balance_2024"):
        group, site = row["group"], ""
        if row["line"].startswith("31_"):
            site, group = group.split(": ", 1)
        elif row["line"][:3] in {"40_", "41_"}:
            site, group = group, "World" if group.startswith("World") else "China"
        region, partner = names.places(group)
        basket = re.search(r"basket (\w+)", row["note"])
        rows.append(
            make(
                id=row["row_id"],
                quantity=BALANCE[row["line"]],
                value=row["value_t_oxide"],
                unit=row["unit"],
                flag=row["flag"],
                source=row["source"],
                element=names.element(row["element"]),
                commodity=names.PRODUCTS.get(row["element"].lower(), ""),
                region=region,
                partner=partner,
                period="2024",
                scope=join(row["line"], site and f"site: {site}", basket and f"basket: {basket[1]}" or ""),
                quality="C",
                note=row["note"],
            )
        )
    return rows


def baskets(folder: Path) -> list[Row]:
    """Share of each oxide in the rare-earth oxides of a deposit or ore type."""
    rows = []
    for row in read(folder, "ore_baskets"):
        ppm = row["complete"] == "ppm"
        rows.append(
            make(
                id=row["row_id"],
                quantity="ore_grade" if ppm else "basket_share",
                value=row["share_pct_norm"] or row["share_pct_as_published"],
                unit="ppm" if ppm else "ratio" if "ratio" in row["element"] else "% of TREO",
                flag=row["flag"],
                source=row["source"],
                element=names.element(row["element"]),
                region=names.region(row["country"]),
                period=names.period(row["year"]),
                quality=row["quality"],
                note=row["note"],
                scope=join(
                    f"deposit: {row['deposit_id']}",
                    row["ore_type"],
                    row["complete"],
                    row["basis"],
                    row["element"] if not names.element(row["element"]) else "",
                ),
                deposit=row["deposit_id"],
                deposit_name=row["deposit"],
                ore_type=row["ore_type"],
                status=row["status"],
                oxide=row["oxide"],
                share_as_published=row["share_pct_as_published"],
                sum_as_published=row["sum_as_published"],
                basis=row["basis"],
                complete=row["complete"],
            )
        )
    return rows


def project_unit(text: str) -> str:
    """Return the unit of a project's capacity; what it is capacity for stays in the scope."""
    return "t/day" if "mud/day" in text else "t gross" if "gross" in text else "t/y"


def projects(folder: Path) -> list[Row]:
    """US-Japan and allied projects; capacity is the value, the rest stays as columns."""
    rows = []
    for row in read(folder, "projects"):
        unit = project_unit(row["capacity_unit"]) if row["capacity"] else ""
        rows.append(
            make(
                id=row["row_id"],
                quantity="project",
                value=row["capacity"],
                unit=unit,
                flag=row["flag"],
                source=row["source"],
                quality=row["quality"],
                element=names.element(row["elements"]),
                region=names.region(row["country"]),
                period=names.period(row["start_year"]),
                scope=join(row["project"], f"stage: {row['stage']}", row["status"], row["capacity"] and row["capacity_unit"]),
                note=join(row["note"], row["recalled_fields"] and f"recalled fields: {row['recalled_fields']}"),
                project=row["project"],
                stage=row["stage"],
                partners=row["partners"],
                us_japan_link=row["us_japan_link"],
                elements=row["elements"],
                capacity_unit=row["capacity_unit"],
                start=row["start_year"],
                capex=row["capex"],
                capex_unit=row["capex_unit"],
                public_support=row["public_support"],
                status=row["status"],
                recalled_fields=row["recalled_fields"],
            )
        )
    return rows
