"""Value added, jobs and the dependent share of the using sectors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from ytterby.system.draft import activity_key
from ytterby.system.recipes import recipe

if TYPE_CHECKING:
    from ytterby.system.inputs import Inputs

CARS = ("cars_combustion", "cars_hybrid", "cars_battery")
CAR_KEYS = {"cars_combustion": "car_combustion", "cars_hybrid": "car_hybrid", "cars_battery": "car_battery"}
EXTRAPOLATED = 0.6
"""Half-range of a value scaled from other regions."""


def sector_table(inputs: Inputs, demands: pd.DataFrame) -> pd.DataFrame:
    """One row per sector and region that uses anything."""
    pairs = sorted({(sector, region) for sector, region in zip(demands["sector"], demands["region"], strict=True)})
    known = _known(inputs)
    shares = recipe("dependent").set_index("sector")
    rows = []
    for sector, region in pairs:
        base = "cars_combustion" if sector in CARS else sector
        value, jobs, half, kind, ids = known.get((base, region)) or _scaled(inputs, known, base, region)
        part = _car_share(inputs, sector, region) if sector in CARS else 1.0
        per = shares.loc[sector]
        rows.append(
            {"sector_region": f"{sector}@{region}", "sector": sector, "region": region, "value_added": value * part, "value_added_low": value * part * (1 - half),
             "value_added_high": value * part * (1 + half), "jobs": part * (jobs if jobs > 0 else value / 1e6 * per["jobs_per_musd"]),
             "dependent_share": per["share"], "kind": kind, "facts": ids}
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("sector_region")


Known = dict[tuple[str, str], tuple[float, float, float, str, str]]


def _known(inputs: Inputs) -> Known:
    """Value added [USD], jobs, half-range, kind and ids where facts give them."""
    known: Known = {}
    for row in recipe("sector_links").itertuples():
        jobs = inputs.one(row.job_fact).value * row.job_factor if row.job_fact else 0.0
        ids = f"{row.va_fact} {row.job_fact}".strip()
        known[row.sector, row.region] = (inputs.one(row.va_fact).value * row.va_factor, jobs, row.rel, row.kind, ids)
    return known


def _key_of(sector: str) -> str:
    rows = recipe("sector_links")
    return "car_total" if sector == "cars_combustion" else str(rows[rows["sector"] == sector]["key"].iloc[0])


def _scaled(inputs: Inputs, known: Known, sector: str, region: str) -> tuple[float, float, float, str, str]:
    """Value added per unit of activity of the known regions, geometric mean."""
    key = activity_key(inputs, _key_of(sector))
    found = [known[sector, other][0] / key[other] for sector_, other in known if sector_ == sector and key.get(other, 0.0) > 0]
    rate = math.exp(sum(math.log(value) for value in found) / len(found))
    return rate * key.get(region, min(key.values())), 0.0, EXTRAPOLATED, "assumed", ""


def _car_share(inputs: Inputs, sector: str, region: str) -> float:
    """Share of a drive in the region's output of motor vehicles (one key is a share of the world: scaled by world sizes)."""
    rows = recipe("activity")
    sizes = {}
    for name, key in CAR_KEYS.items():
        found = rows[(rows["key"] == key) & (rows["region"] == region)]
        sizes[name] = sum(inputs.cell(row.fact, row.value, row.rel).value for row in found.itertuples())
    total = sum(sizes.values())
    return sizes[sector] / total if total else 1.0 / len(CARS)
