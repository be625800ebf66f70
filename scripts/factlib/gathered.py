"""The gathered tables (``../shared/facts/*.csv``), one function per file, to rows of the package."""

from __future__ import annotations

import csv
import re
from pathlib import Path  # noqa: TC003

from factlib import names
from factlib.rows import join, make, number

Row = dict[str, object]

STAGE_PRODUCTS = {"mine": "mine.concentrate", "feed_trade": "mine.concentrate", "separation": "oxide", "metal": "metal", "magnet": "magnet.NdFeB",
                  "recycling": "scrap.magnet"}  # fmt: skip
PRODUCTION = {"mine": "mine_production", "separation": "separation_production", "metal": "metal_production", "magnet": "magnet_production",
              "recycling": "recycling_production"}  # fmt: skip

SECTORS = {
    "electronics": "electronics", "wind": "wind", "wind turbine": "wind", "wind onshore": "wind", "wind turbines": "wind", "defence": "defence",
    "defence and aerospace": "defence", "aerospace": "defence", "semiconductor": "semiconductors", "semiconductors": "semiconductors",
    "semiconductor equipment makers": "semiconductors", "industrial": "industry", "industrial motors, robots": "industry",
    "industrial motors, servo, robots": "industry", "robots / industrial": "industry", "humanoid robots": "industry", "medical": "medical",
    "medical (mri etc.)": "medical", "appliance": "appliances", "appliances": "appliances", "air conditioners": "appliances", "elevators": "appliances",
    "inverter air conditioners": "appliances", "air conditioners and appliances": "appliances", "air conditioner": "appliances",
    "construction": "appliances", "shipbuilding": "ships", "lighting": "lighting", "phosphor": "lighting", "phosphors": "lighting",
    "phosphors, lasers, scintillators": "lighting", "refining": "refining", "catalyst: fcc": "refining", "oil refining": "refining", "glass": "glass",
    "polishing": "glass", "batteries nimh": "batteries", "battery": "batteries", "metallurgy": "metallurgy",
    "metallurgy and alloys excl. batteries": "metallurgy", "other": "other", "ev": "cars_battery", "ev traction": "cars_battery",
    "xev traction": "cars_battery", "ev motors": "cars_battery", "new-energy vehicles": "cars_battery", "hybrid cars": "cars_hybrid",
    "hev motor": "cars_hybrid", "automotive other (eps, micro motors, sensors)": "cars_combustion", "catalyst: automotive": "cars_combustion",
    "consumer electronics, hdd, audio": "electronics", "consumer electronics": "electronics", "medical devices": "medical",
    "motor vehicles": "motor_vehicles", "machinery": "machinery", "electrical machinery/motors": "electrical_machinery",
    "transport equipment": "transport_equipment", "other transport equipment": "other_transport_equipment", "shipbuilding ": "ships",
    "electrical and optical equipment": "electrical_optical", "all goods": "all_goods", "non-metallic minerals": "non_metallic_minerals",
    "miscellaneous manufacturing": "misc_manufacturing", "semiconductor equipment": "semiconductor_equipment", "all": "all_industries",
    "electronics and electrical machinery": "electrical_optical", "all manufacturing": "manufacturing", "motor vehicles, plug-in": "cars_battery",
}  # fmt: skip
"""End uses and industries as published to sector codes."""


def sector(name: str) -> str:
    """Sector code of an end use or industry, empty if none fits."""
    return SECTORS.get(name.strip().lower(), "")


def read(folder: Path, name: str) -> list[dict[str, str]]:
    """Rows of one gathered file."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def common(row: dict[str, str]) -> dict[str, str]:
    """Fields that most files name alike."""
    return {
        "id": row["row_id"], "low": row.get("value_low", ""), "high": row.get("value_high", ""), "unit": row.get("unit", ""),
        "flag": row["flag"], "source": row["source"], "quality": row.get("quality", ""), "note": row.get("note", ""),
        "period": names.period(row.get("year", "")), "value": row.get("value_base", ""),
    }  # fmt: skip


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
        quantity = PRODUCTION[stage.split()[0]] if kind == "production" else "market_share" if kind == "share" else kind
        held = "held out: comparison only" if kind == "share" else ""
        fields = common(row) | {"value": row["value_t"]}
        rows.append(make(
            **fields, quantity=quantity, element=names.element(row["element_scope"]), commodity=product(stage, row["element_scope"]),
            region=names.region(row["country"]), partner="CN" if stage == "feed_trade" and "Comtrade" in row["source"] else "",
            scope=join(f"stage: {stage}", row["site"] and f"site: {row['site']}", row["operator"] and f"operator: {row['operator']}",
                       row["status"], row["element_scope"] if not names.element(row["element_scope"]) else "", held),
        ))  # fmt: skip
    return rows


DEMAND = {"by_application": "use", "by_application_share": "use_share", "element_split": "element_split", "forecast": "forecast",
          "forecast_supply": "forecast_supply", "magnet_use": "use", "magnet_use_share": "use_share", "magnet_composition": "magnet_composition",
          "by_country": "use", "trade": "trade", "by_element": "use"}  # fmt: skip


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
        rows.append(make(
            **common(row), quantity="import_share" if source_share else DEMAND[category], commodity=commodity, region=region, partner=partner,
            element=names.element(row["element"]), sector=sector(application),
            scope=join(category, application, row["scope"], row["country"] if "(" in row["country"] else ""),
        ))  # fmt: skip
    return rows


TECHNICAL = {"yield": "yield", "stoichiometry": "stoichiometry", "lead_time": "lead_time", "ramp_up": "ramp_up", "capex": "capex", "opex": "opex",
             "consumption": "reagent_use"}  # fmt: skip


def technical(folder: Path) -> list[Row]:
    """Yields, stoichiometry, lead times, ramps, capital and running costs, reagents."""
    rows = []
    for row in read(folder, "yields_leadtimes_costs"):
        exact = row["group"] == "stoichiometry"
        quantity = TECHNICAL[row["group"]]
        if row["parameter"] == "average selling price achieved":
            quantity = "price"
        elif "employment" in row["parameter"] or row["unit"].startswith("persons"):
            quantity = "employment"
        element = names.element_in(row["process_or_site"]) if exact else names.element_in(row["parameter"])
        rows.append(make(
            **common(row), quantity=quantity, exact=exact, element="Pm" if row["process_or_site"] == "Pm2O3" else element,
            region=names.region(row["country"]),
            scope=join(f"stage: {row['stage']}", row["parameter"], row["process_or_site"], row["scope"]),
        ))  # fmt: skip
    return rows


def prices(folder: Path) -> list[Row]:
    """Prices, floors, tariffs and taxes, export licences as text."""
    rows = []
    for row in read(folder, "prices"):
        kind, element = row["kind"], names.element(row["element"])
        form = {"oxide": f"oxide.{element}", "metal": f"metal.{element}", "alloy": "alloy.NdFeB" if row["element"] == "NdFeB" else f"alloy.{element or 'TREO'}",
                "concentrate": "mine.concentrate", "floor": f"oxide.{element}"}.get(kind, "magnet.NdFeB" if row["element"] == "NdFeB" else "")  # fmt: skip
        quantity = {"floor": "price_floor", "trade_value": "unit_value"}.get(kind, "price")
        if kind == "tariff_tax":
            text = row["product"].lower()
            quantity = "regime" if row["unit"] == "regime" else "tax_rate" if "tax" in text or text == "vat" else "tariff_rate"
        if row["unit"] == "ratio":
            quantity = "price_ratio"
        fields = common(row)
        month = names.period(row["period"])
        region = names.region(row["market"])
        rows.append(make(
            **fields | {"period": month or fields["period"]}, quantity=quantity, element=element, commodity=form if "." in form and form[-1] != "." else "",
            region="CN" if "from" in row["product"] and kind == "trade_value" else region,
            partner=names.region(row["product"].rsplit(" ", 1)[-1]) if row["product"].startswith("HS2846 ") else "",
            scope=join(row["product"], row["purity"] and f"purity {row['purity']}", row["market"], "" if month else row["period"]),
        ))  # fmt: skip
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
        make(**common(row), quantity=ENVIRONMENT[row["category"]], region=names.region(row["country"]),
             element=names.element_in(row["route"]) if row["category"] == "GHG" else "",
             scope=join(f"route: {row['route']}" if row["route"] else "", f"stage: {row['stage']}" if row["stage"] else "", row["indicator"], row["scope"]))
        for row in read(folder, "environment")
    ]  # fmt: skip


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
        rows.append(make(
            **common(row), quantity=quantity, element=names.element(row["element"]), sector=sector(row["application"]),
            commodity=names.PRODUCTS.get(row["element"].lower(), ""), region=names.region(row["country"]),
            scope=join(topic, row["application"], row["element"] if not names.element(row["element"]) else "", row["time_scale"], row["limit"]),
        ))  # fmt: skip
    return rows


def stocks(folder: Path) -> list[Row]:
    """Government and company stocks."""
    rows = []
    for row in read(folder, "stockpiles"):
        unit = names.unit(row["unit"]).code
        quantity = "stock_budget" if unit in {"bn JPY", "M USD"} else "stock_cover" if unit in {"day", "month", "week"} else "stock"
        rows.append(make(
            **common(row), quantity=quantity, element=names.element(row["element"]), commodity=names.PRODUCTS.get(row["element"].lower(), ""),
            region=names.region(row["country"]), scope=join(row["type"], f"holder: {row['holder']}", row["material"], row["scope"]),
        ))  # fmt: skip
    return rows


SECTOR_QUANTITIES = {
    "gross value added": "value_added", "employment": "employment", "output": "output", "exports to the US": "trade", "new capacity": "capacity_added",
    "compensation of employees": "compensation", "military expenditure": "budget", "share of wafer capacity": "market_share", "capacity": "capacity",
    "sales": "sales", "share of completions": "market_share", "fluid catalytic cracking capacity": "capacity", "exports, all destinations": "trade",
    "share of new orders": "market_share", "share of sales": "market_share", "exports of parts to the US": "trade", "GDP": "gdp",
    "exports to Japan": "trade", "trade balance with Japan": "trade_balance", "trade balance with the EU": "trade_balance",
    "trade balance with South Korea": "trade_balance", "trade balance with China": "trade_balance", "employment, related industries": "employment",
    "budget": "budget", "procurement budget": "budget", "share of turbine output": "market_share",
}  # fmt: skip
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
        rows.append(make(
            **common(row), quantity=SECTOR_QUANTITIES.get(text, "output" if text.startswith("output") else ""), sector=sector(row["sector"]),
            region=names.region(row["country"]), partner=partner, scope=join(text, row["sector"]),
            licence="cited-figure" if "OECD" in row["source"] or "WIOD" in row["source"] else "",
        ))  # fmt: skip
    return rows


def intensities(folder: Path) -> list[Row]:
    """Magnet or element per product."""
    return [
        make(**common(row), quantity="intensity", element=names.element(row["element"]) or names.element(row["material"]), sector=sector(row["sector"]),
             commodity=names.PRODUCTS.get(row["material"].lower(), ""), region="WORLD",
             scope=join(row["product"], row["material"], row["sector"], row["scope"]))
        for row in read(folder, "intensities")
    ]  # fmt: skip


BALANCE = {
    "0_mined_TREO": "balance_mined_total", "1_mined": "balance_mined", "2_feed_exported": "balance_feed_export", "3_feed_imported": "balance_feed_import",
    "4_feed_to_stock": "balance_feed_stock", "5_loss_residue_rejected": "balance_loss", "6_primary_oxide": "balance_primary_oxide",
    "7_scrap_oxide": "balance_scrap_oxide", "8_net_trade_oxide_metal": "balance_net_trade", "9_use_magnets_gross": "balance_magnet_use",
    "10_use_other": "balance_other_use", "11_residual_stock_or_undocumented": "balance_residual", "20_magnet_gross_rough": "balance_magnet_rough",
    "21_magnet_finished": "balance_magnet_finished", "22_magnet_exports": "balance_magnet_exports", "23_magnet_imports": "balance_magnet_imports",
    "24_magnet_domestic_use": "balance_magnet_domestic", "30_trade_link": "balance_trade_link", "31_mine_source": "balance_mine_source",
    "40_sensitivity": "balance_sensitivity", "41_check": "balance_check",
}  # fmt: skip


def balance(folder: Path) -> list[Row]:
    """The closed balance of 2024: assumed, since it is computed from a mix of seen and recalled rows."""
    rows = []
    for row in read(folder, "balance_2024"):
        group, site = row["group"], ""
        if row["line"].startswith("31_"):
            site, group = group.split(": ", 1)
        elif row["line"][:3] in {"40_", "41_"}:
            site, group = group, "World" if group.startswith("World") else "China"
        region, partner = names.places(group)
        basket = re.search(r"basket (\w+)", row["note"])
        rows.append(make(
            id=row["row_id"], quantity=BALANCE[row["line"]], value=row["value_t_oxide"], unit=row["unit"], flag=row["flag"], source=row["source"],
            element=names.element(row["element"]), commodity=names.PRODUCTS.get(row["element"].lower(), ""), region=region, partner=partner, period="2024",
            scope=join(row["line"], site and f"site: {site}", basket and f"basket: {basket[1]}" or ""), quality="C", note=row["note"],
        ))  # fmt: skip
    return rows


def baskets(folder: Path) -> list[Row]:
    """Share of each oxide in the rare-earth oxides of a deposit or ore type."""
    rows = []
    for row in read(folder, "ore_baskets"):
        ppm = row["complete"] == "ppm"
        rows.append(make(
            id=row["row_id"], quantity="ore_grade" if ppm else "basket_share", value=row["share_pct_norm"] or row["share_pct_as_published"],
            unit="ppm" if ppm else "ratio" if "ratio" in row["element"] else "% of TREO", flag=row["flag"], source=row["source"], element=names.element(row["element"]),
            region=names.region(row["country"]), period=names.period(row["year"]), quality=row["quality"], note=row["note"],
            scope=join(f"deposit: {row['deposit_id']}", row["ore_type"], row["complete"], row["basis"], row["element"] if not names.element(row["element"]) else ""),
            deposit=row["deposit_id"], deposit_name=row["deposit"], ore_type=row["ore_type"], status=row["status"], oxide=row["oxide"],
            share_as_published=row["share_pct_as_published"], sum_as_published=row["sum_as_published"], basis=row["basis"], complete=row["complete"],
        ))  # fmt: skip
    return rows


def projects(folder: Path) -> list[Row]:
    """US-Japan and allied projects; capacity is the value, the rest stays as columns."""
    rows = []
    for row in read(folder, "projects"):
        unit = row["capacity_unit"].split(" ")[0] if row["capacity"] else ""
        rows.append(make(
            id=row["row_id"], quantity="project", value=row["capacity"], unit=unit, flag=row["flag"], source=row["source"], quality=row["quality"],
            element=names.element(row["elements"]), region=names.region(row["country"]), period=names.period(row["start_year"]),
            scope=join(row["project"], f"stage: {row['stage']}", row["status"], row["capacity"] and row["capacity_unit"]),
            note=join(row["note"], row["recalled_fields"] and f"recalled fields: {row['recalled_fields']}"),
            project=row["project"], stage=row["stage"], partners=row["partners"], us_japan_link=row["us_japan_link"], elements=row["elements"],
            capacity_unit=row["capacity_unit"], start=row["start_year"], capex=row["capex"], capex_unit=row["capex_unit"],
            public_support=row["public_support"], status=row["status"], recalled_fields=row["recalled_fields"],
        ))  # fmt: skip
    return rows


WORDED = (
    (r"^deadline", "deadline"), (r"smuggled|illegal share|actual outflow", "illegal_supply"), (r"quota utilisation", "quota_utilisation"),
    (r"cut of half-year export quota", "quota_change"), (r"export quota", "export_quota"), (r"quota", "quota"), (r"price floor|floor price", "price_floor"), (r"price multiple|largest price", "price_multiple"),
    (r"FOB/ex-works ratio", "price_ratio"), (r"FOB minus domestic", "price_wedge"), (r"price.*(change|rise|index)|average price rise", "price_index"),
    (r"price passes the floor", "price"), (r"^price|peak price|unit value|antimony trioxide price|to support price", "price"),
    (r"(export|car|base|added|reciprocal).* ?(duty|duties|tariff)|tariff|VAT|surcharge|15% all-in", "tariff_rate"),
    (r"mine production|REE production|mining quota|Mountain Pass production|quarter|run rate|REO supplied|forecast of Chinese production", "mine_production"),
    (r"lead time", "lead_time"), (r"capacity", "capacity"), (r"demand|consumption|size of REE product market", "use"),
    (r"elasticity", "elasticity"), (r"share|dependence", "market_share"), (r"imports|exports|shipments", "trade"), (r"stock|Vault", "stock_cover"),
    (r"budget|subsidies|loan|equity|finance|commitment|tranche|pipeline|each side|letter of intent|reserve fund|production alliance", "funding"),
    (r"GDP|loss|GVA|value added|welfare|output at risk", "study_result"), (r"de-minimis", "threshold"),
    (r"offtake|supply planned|take$|feed|test lift|cut|Dy ", "commitment"),
)  # fmt: skip


def worded(text: str, unit: str) -> str:
    """Machine quantity for a quantity in words."""
    if unit == "round":
        return "negotiation"
    if names.unit(unit).code == "event":
        return "event"
    return next((name for pattern, name in WORDED if re.search(pattern, text, re.IGNORECASE)), "study_result")


def split_note(note: str) -> tuple[str, str]:
    """Quality mark and the rest of a note that begins with ``Q=A``."""
    found = re.match(r"Q=([ABC])(?: secondary)?;? ?(.*)", note)
    return (found[1], found[2]) if found else ("", note)


def dated(folder: Path, name: str) -> list[Row]:
    """Rows of the episode, of the dated events and of the published results."""
    rows, source = [], ""
    for row in read(folder, name):
        source = source if row["source"] == "same" else row["source"]
        start, end = row.get("date_start", ""), row.get("date_end", "")
        period = names.period(row["date_or_period"]) or (start if start == end or not end else f"{start}/{end}")
        if row["date_or_period"] == "2024 (Jan-Nov)":
            period = "2024-01/2024-11"
        quality, note = split_note(row["note"])
        region, partner = names.places(row["scope"])
        what = row["quantity"]
        quantity = "study_result" if name == "published_results" else worded(what, row["unit"])
        commodity = f"oxide.{names.element_in(what)}" if quantity == "price" and names.OXIDE.search(what) else ""
        rows.append(make(
            id=row["id"], quantity=quantity, value=row["value"], low=row["value_low"], high=row["value_high"],
            unit=row["unit"], flag=row["flag"], source=source, url=row["url_or_path"], element=names.element_in(what),
            commodity=commodity, region=region, partner=partner, period=period, scope=join(row["scope"], what), quality=quality, note=note,
            what=what, place=row["scope"], date_or_period=row["date_or_period"],
            **({"date_start": start, "date_end": end} if name.startswith("events") else {}),
            **({"target": row["target"], "fit_until_2011_03": row["fit_until_2011_03"]} if name.startswith("episode") else {}),
        ))  # fmt: skip
    return rows


def tables(folder: Path) -> dict[str, list[Row]]:
    """All tables made from the gathered files, by name of the packaged file."""
    made = {
        "capacity": capacity(folder), "demand": demand(folder), "technical": technical(folder), "prices": prices(folder),
        "environment": environment(folder), "recycling": recycling(folder), "stocks": stocks(folder), "sectors": sectors(folder),
        "intensities": intensities(folder), "balance": balance(folder), "baskets": baskets(folder), "projects": projects(folder),
        "episode": dated(folder, "episode_2009_2015"), "events": dated(folder, "events_2020_2026"), "published": dated(folder, "published_results"),
    }  # fmt: skip
    return made


__all__ = ["number", "tables"]
