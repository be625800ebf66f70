"""Small Systems and hand-overs for the economy's tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ytterby.economy.parts import PartsModel
from ytterby.system import TABLES, System

USES = (
    ("component.small_motor@JP", "cars_combustion", 100.0, 8000.0),
    ("component.traction_motor@JP", "cars_battery", 50.0, 9000.0),
    ("component.small_motor@JP", "cars_battery", 30.0, 8000.0),
    ("component.drive@JP", "industry", 80.0, 5000.0),
    ("oxide.Ce@JP", "glass", 900.0, 60.0),
    ("component.small_motor@US", "cars_combustion", 120.0, 8000.0),
    ("oxide.La@US", "refining", 700.0, 90.0),
    ("component.drive@TW", "semiconductors", 3.0, 90000.0),
)
SECTORS = (
    ("cars_combustion", "JP", 7.0e10, 6.0e5, 0.95),
    ("cars_battery", "JP", 2.0e10, 1.5e5, 1.0),
    ("industry", "JP", 6.0e10, 5.0e5, 0.3),
    ("glass", "JP", 5.0e9, 4.2e4, 0.2),
    ("cars_combustion", "US", 1.4e11, 8.0e5, 0.95),
    ("refining", "US", 1.9e11, 6.5e4, 0.35),
    ("semiconductors", "TW", 1.0e11, 3.0e5, 0.5),
    ("ships", "JP", 6.0e9, 7.2e4, 0.2),
)


def demands() -> pd.DataFrame:
    plain = {"elasticity_short": 0.1, "elasticity_long": 0.4, "kind": "assumed", "facts": ""}
    rows = []
    for market, sector, use, choke in USES:
        commodity, region = market.split("@")
        own = {"demand": f"{market}|{sector}", "market": market, "commodity": commodity, "region": region, "sector": sector, "choke": choke}
        rows.append(own | {"use": use, "low": use, "high": use} | plain)
    return pd.DataFrame(rows).set_index("demand")


def sectors(spread: float = 0.2) -> pd.DataFrame:
    rows = []
    for sector, region, added, jobs, share in SECTORS:
        ends = {"value_added": added, "value_added_low": (1 - spread) * added, "value_added_high": (1 + spread) * added}
        own = {"sector_region": f"{sector}@{region}", "sector": sector, "region": region, "jobs": jobs, "dependent_share": share}
        rows.append(own | ends | {"kind": "assumed", "facts": ""})
    return pd.DataFrame(rows).set_index("sector_region")


def system(spread: float = 0.2) -> System:
    names = sorted({use[0] for use in USES})
    markets = pd.DataFrame({"market": names, "cover": 8.0}).set_index("market")
    empty = {name: pd.DataFrame(columns=list(TABLES.get(name, {}))) for name in ("processes", "recipes", "links", "contents", "stockpiles")}
    frames = empty | {"markets": markets, "demands": demands(), "sectors": sectors(spread)}
    return System(year=2024, adjustments=pd.DataFrame(), balance=pd.DataFrame(), **frames)


def parts(
    size: int = 1,
    *,
    number: float = 40.0,
    spread: float = 0.55,
    firm_share: float = 0.0,
    lumpy: float = 0.0,
    incomplete: float = 0.0,
    thrift: float = 0.0,
) -> PartsModel:
    return PartsModel(*(np.full(size, value) for value in (number, spread, firm_share, lumpy, incomplete, thrift)))


def dip(weeks: int, level: float, first: int, last: int, rebound: float = 1.0) -> np.ndarray:
    """Arrivals at 1, at ``level`` from ``first`` to before ``last``, then ``rebound``."""
    path = np.ones(weeks)
    path[first:last] = level
    path[last:] = rebound
    return path
