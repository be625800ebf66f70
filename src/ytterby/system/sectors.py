"""Value added, jobs and the dependent share of the using sectors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ytterby.system.stages import activity_shares, activity_sizes

if TYPE_CHECKING:
    from ytterby.system.inputs import FigureExpressions

CARS = {"cars_combustion": "car_combustion", "cars_hybrid": "car_hybrid", "cars_battery": "car_battery"}
"""Drives and their keys: they share the value added of motor vehicles by production."""

MOTOR_VEHICLES = "motor_vehicles"
EXTRAPOLATED = 0.6
"""Half-range of a value scaled from other regions."""

MILLION = 1e6


@dataclass(frozen=True)
class Worth:
    """Value added [USD/year] with its relative half-range, and jobs (0 = not known)."""

    value: float
    jobs: float
    half: float
    kind: str
    facts: str


def sector_table(inputs: FigureExpressions, demands: pd.DataFrame) -> pd.DataFrame:
    """One row per sector and region that uses anything."""
    known = _known(inputs)
    rows = []
    for sector, region in sorted(set(zip(demands["sector"], demands["region"], strict=True))):
        base = MOTOR_VEHICLES if sector in CARS else sector
        worth = known.get((base, region)) or _scaled(inputs, known, base, region)
        part = _car_share(inputs, sector, region) if sector in CARS else 1.0
        rule = inputs.assumptions.one("dependent", sector=sector)
        rows.append(
            {"sector_region": f"{sector}@{region}", "sector": sector, "region": region, "value_added": worth.value * part,
             "value_added_low": worth.value * part * (1 - worth.half), "value_added_high": worth.value * part * (1 + worth.half),
             "jobs": part * (worth.jobs or worth.value / MILLION * rule.jobs_per_musd), "dependent_share": rule.share, "kind": worth.kind,
             "facts": worth.facts}
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("sector_region")


def _known(inputs: FigureExpressions) -> dict[tuple[str, str], Worth]:
    """Worth by sector and region where facts give it."""
    known = {}
    for row in inputs.rows("sector_links"):
        jobs = inputs.one(row.job_fact).value * row.job_factor if row.job_fact else 0.0
        value = inputs.one(row.va_fact).value * row.va_factor
        known[row.sector, row.region] = Worth(value, jobs, row.rel, row.kind, f"{row.va_fact} {row.job_fact}".strip())
    return known


def _scaled(inputs: FigureExpressions, known: dict[tuple[str, str], Worth], sector: str, region: str) -> Worth:
    """Worth by the regional key of the sector, at the geometric mean of the known regions."""
    key = activity_shares(inputs, inputs.assumptions.one("sector_links", sector=sector).key)
    rates = [worth.value / key[other] for (name, other), worth in known.items() if name == sector and key.get(other, 0.0) > 0]
    rate = math.exp(math.fsum(math.log(value) for value in rates) / len(rates))
    return Worth(rate * key.get(region, min(key.values())), 0.0, EXTRAPOLATED, "assumed", "")


def _car_share(inputs: FigureExpressions, sector: str, region: str) -> float:
    """Share of a drive in the region's output of motor vehicles."""
    sizes = {name: activity_sizes(inputs, key).get(region, 0.0) for name, key in CARS.items()}
    total = sum(sizes.values())
    return sizes[sector] / total if total else 1.0 / len(CARS)
