"""The gathered tables of supply and use (``../shared/facts/*.csv``), one function per file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factlib import names
from factlib.reading import Row, common, read, sector, vat
from factlib.rows import join, make

if TYPE_CHECKING:
    from pathlib import Path

STAGE_PRODUCTS = {
    "mine": "mine.concentrate",
    "feed_trade": "mine.concentrate",
    "separation": "oxide",
    "metal": "metal",
    "magnet": "magnet.NdFeB",
    "recycling": "scrap.magnet",
}
PRODUCTION = {
    "mine": "mine_production",
    "separation": "separation_production",
    "metal": "metal_production",
    "magnet": "magnet_production",
    "recycling": "recycling_production",
}


def product(stage: str, scope: str) -> str:
    """Commodity of a stage and an element scope."""
    key = scope.strip().lower()
    if key in names.PRODUCTS:
        return names.PRODUCTS[key]
    base = STAGE_PRODUCTS.get(stage.split()[0], "")
    if base in {"oxide", "metal"}:
        form = "alloy" if "alloy" in key and "metal" not in key else "metal" if base == "metal" else base
        return f"{form}.{names.element(scope) or 'TREO'}"
    return "oxide.TREO" if stage == "feed_trade" and "hs2846" in key else base


def capacity(folder: Path) -> list[Row]:
    """Production, capacity, quotas, reserves, feed trade and shares by site and country."""
    rows = []
    for row in read(folder, "capacity"):
        if "UN Comtrade" in row["source"] and row["flag"] == "SEEN" and row["year"] != "2024":
            continue  # single cited figures of the base year only: the extract may not be shipped as a table
        stage, kind = row["stage"], row["kind"]
        quantity = {
            "production": PRODUCTION.get(stage.split()[0], ""),
            "share": "forecast" if row["year"] > "2026" else "market_share",
        }.get(kind, kind)
        held = "held out: comparison only" if kind == "share" else ""
        fields = common(row) | {"value": row["value_t"]}
        rows.append(
            make(
                **fields,
                quantity=quantity,
                element=names.element(row["element_scope"]),
                commodity=product(stage, row["element_scope"]),
                region=names.region(row["country"]),
                partner="CN" if stage == "feed_trade" and "Comtrade" in row["source"] else "",
                scope=join(
                    f"stage: {stage}",
                    "exports of the region to China" if stage == "feed_trade" and "Comtrade" in row["source"] else "",
                    row["site"] and f"site: {row['site']}",
                    row["operator"] and f"operator: {row['operator']}",
                    row["status"],
                    row["element_scope"] if not names.element(row["element_scope"]) else "",
                    held,
                ),
            )
        )
    return rows


DEMAND = {
    "by_application": "use",
    "by_application_share": "use_share",
    "element_split": "element_split",
    "forecast": "forecast",
    "forecast_supply": "forecast_supply",
    "magnet_use": "use",
    "magnet_use_share": "use_share",
    "magnet_composition": "magnet_composition",
    "by_country": "use",
    "trade": "trade",
    "by_element": "use",
}


def demand(folder: Path) -> list[Row]:
    """Use by application, element and country, forecasts and magnet composition."""
    rows = []
    for row in read(folder, "demand"):
        application, category = row["application"], row["category"]
        source_share = application.startswith("US import source")
        region, partner = (
            ("US", names.region(row["country"].split(" (")[0])) if source_share else (names.region(row["country"].split(" (")[0]), "")
        )
        magnet = row["element"] in {"NdFeB", "SmCo", "8505"}
        if magnet:
            commodity = names.PRODUCTS.get(row["element"].lower(), "magnet.all")
        elif category == "magnet_composition":
            commodity = "magnet.SmCo" if application.startswith("Sm") else "magnet.CeFeB" if application == "CeFeB" else "magnet.NdFeB"
        else:
            commodity = "metal.TREO" if row["element"] == "metals" else f"oxide.{names.element(row['element']) or 'TREO'}"
        rows.append(
            make(
                **common(row),
                quantity="import_share" if source_share else DEMAND[category],
                commodity=commodity,
                region=region,
                partner=partner,
                element=names.element(row["element"]),
                sector=sector(application),
                scope=join(category, application, row["scope"], row["country"] if "(" in row["country"] else ""),
            )
        )
    return rows


TECHNICAL = {
    "yield": "yield",
    "stoichiometry": "stoichiometry",
    "lead_time": "lead_time",
    "ramp_up": "ramp_up",
    "capex": "capex",
    "opex": "opex",
    "consumption": "reagent_use",
}


def technical(folder: Path) -> list[Row]:
    """Convert yields, stoichiometry, lead times, ramps, capital and running costs, reagents."""
    rows = []
    for row in read(folder, "yields_leadtimes_costs"):
        exact = row["group"] == "stoichiometry"
        quantity = TECHNICAL[row["group"]]
        if row["parameter"] == "average selling price achieved":
            quantity = "price"
        elif "employment" in row["parameter"] or row["unit"].startswith("persons"):
            quantity = "employment"
        element = names.element_in(row["process_or_site"]) if exact else names.element_in(row["parameter"])
        rows.append(
            make(
                **common(row),
                quantity=quantity,
                exact=exact,
                element="Pm" if row["process_or_site"] == "Pm2O3" else element,
                region=names.region(row["country"]),
                scope=join(f"stage: {row['stage']}", row["parameter"], row["process_or_site"], row["scope"]),
            )
        )
    return rows


def prices(folder: Path) -> list[Row]:
    """Prices, floors, tariffs and taxes, export licences as text."""
    rows = []
    for row in read(folder, "prices"):
        kind, element = row["kind"], names.element(row["element"])
        form = {
            "oxide": f"oxide.{element}",
            "metal": f"metal.{element}",
            "alloy": "alloy.NdFeB" if row["element"] == "NdFeB" else f"alloy.{element or 'TREO'}",
            "concentrate": "mine.concentrate",
            "floor": f"oxide.{element}",
        }.get(kind, "magnet.NdFeB" if row["element"] == "NdFeB" else "")
        quantity = {"floor": "price_floor", "trade_value": "unit_value"}.get(kind, "price")
        if kind == "tariff_tax":
            text = row["product"].lower()
            quantity = "regime" if row["unit"] == "regime" else "tax_rate" if "tax" in text or text == "vat" else "tariff_rate"
        if row["unit"] == "ratio":
            quantity = "price_ratio"
        fields = common(row)
        month = names.period(row["period"])
        region = names.region(row["market"])
        rows.append(
            make(
                **{name: text for name, text in fields.items() if name != "note"} | {"period": month or fields["period"]},
                quantity=quantity,
                element=element,
                commodity=form if "." in form and form[-1] != "." else "",
                region="CN" if "from" in row["product"] and kind == "trade_value" else region,
                partner=names.region(row["product"].rsplit(" ", 1)[-1]) if row["product"].startswith("HS2846 ") else "",
                scope=join(row["product"], row["purity"] and f"purity {row['purity']}", row["market"], "" if month else row["period"]),
                note=join(row["note"], vat(row["market"]) if quantity == "price" else ""),
            )
        )
    return rows


ENVIRONMENT = {
    "GHG": "emissions",
    "energy": "energy",
    "water_waste": "waste",
    "radioactivity": "radioactivity",
    "standard": "standard",
    "land_social": "land_use",
}


def environment(folder: Path) -> list[Row]:
    """Emissions, energy, water and waste, radioactivity; standards as text."""
    return [
        make(
            **common(row),
            quantity=ENVIRONMENT[row["category"]],
            region=names.region(row["country"]),
            element=names.element_in(row["route"]) if row["category"] == "GHG" else "",
            scope=join(
                f"route: {row['route']}" if row["route"] else "",
                f"stage: {row['stage']}" if row["stage"] else "",
                row["indicator"],
                row["scope"],
            ),
        )
        for row in read(folder, "environment")
    ]


RECYCLING = {
    "eol_recycling": "recycling_rate",
    "new_scrap": "scrap",
    "target": "target",
    "process": "recycling_process",
    "substitution": "substitution",
}


def recycling(folder: Path) -> list[Row]:
    """End-of-life recycling, new scrap, targets, processes, substitutes and elasticities."""
    rows = []
    for row in read(folder, "recycling_substitution"):
        topic = row["topic"]
        quantity = (
            "lifetime" if topic == "product lifetime" else "elasticity" if row["unit"] == "elasticity" else RECYCLING[row["category"]]
        )
        rows.append(
            make(
                **common(row),
                quantity=quantity,
                element=names.element(row["element"]),
                sector=sector(row["application"]),
                commodity=names.PRODUCTS.get(row["element"].lower(), ""),
                region=names.region(row["country"]),
                scope=join(
                    topic, row["application"], row["element"] if not names.element(row["element"]) else "", row["time_scale"], row["limit"]
                ),
            )
        )
    return rows


def stocks(folder: Path) -> list[Row]:
    """Government and company stocks."""
    rows = []
    for row in read(folder, "stockpiles"):
        unit = names.unit(row["unit"]).code
        quantity = "stock_budget" if unit in {"bn JPY", "M USD"} else "stock_cover" if unit in {"day", "month", "week"} else "stock"
        if row["type"].startswith("acquisition"):
            quantity = "commitment"
        rows.append(
            make(
                **common(row),
                quantity=quantity,
                element=names.element(row["element"]),
                commodity=names.PRODUCTS.get(row["element"].lower(), ""),
                region=names.region(row["country"]),
                scope=join(row["type"], f"holder: {row['holder']}", row["material"], row["scope"]),
            )
        )
    return rows


def intensities(folder: Path) -> list[Row]:
    """Magnet or element per product."""
    return [
        make(
            **common(row),
            quantity="intensity",
            element=names.element(row["element"]) or names.element(row["material"]),
            sector=sector(row["sector"]),
            commodity=names.PRODUCTS.get(row["material"].lower(), ""),
            region="WORLD",
            scope=join(row["product"], row["material"], row["sector"], row["scope"]),
        )
        for row in read(folder, "intensities")
    ]
