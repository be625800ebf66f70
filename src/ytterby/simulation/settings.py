"""Contract shares, qualification times and seasons: rows of CSV files turned into arrays."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import ScenarioError
from ytterby.facts.vocabulary import split_market
from ytterby.tables import rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


ROOM = "ytterby.simulation"


def contract_shares(destinations: Sequence[str]) -> NDArray[np.float64]:
    """Share of each link under contract, by the region of its destination market (L,) [1]."""
    share = {row["region"]: float(row["share"]) for row in rows(ROOM, "contracts")}
    return np.array([share.get(split_market(market)[1], share["*"]) for market in destinations])


def qualification_weeks(commodities: Sequence[str]) -> NDArray[np.float64]:
    """Weeks to qualify a new supplier of each link's commodity, 0 where none is needed (L,)."""
    return np.array(
        [next((float(row["weeks"]) for row in rows(ROOM, "qualification") if fnmatchcase(name, row["goods"])), 0.0) for name in commodities]
    )


def smuggled(base_year: int, origin: str, commodity: str) -> bool:
    """Whether goods from a region may pass a restriction undeclared on the base of a year."""
    own = (row for row in rows(ROOM, "smuggling") if int(row["base_year"]) == base_year and row["origin"] == origin)
    return any(fnmatchcase(commodity, row["goods"]) for row in own)


def price_level() -> tuple[float, float]:
    """Relative low and high of base prices [1]."""
    row = next(row for row in rows(ROOM, "levels") if row["name"] == "price")
    return float(row["low"]), float(row["high"])


def seasonal_losses(mondays: NDArray[np.datetime64]) -> dict[str, NDArray[np.float64]]:
    """Share of its activity that a region loses in each week to the season (W,) [1], by region.

    Chinese New Year stops plants for weeks; the other weeks of the year make up for it (negative losses), so that the
    factor on activity has mean one over the Mondays of every calendar year.

    Raises
    ------
    ScenarioError
        If the date of a year's Chinese New Year is not in the table.
    """
    days = np.array([row["date"] for row in rows(ROOM, "new_year")], dtype="datetime64[D]")
    place = mondays.astype("datetime64[Y]").astype(int) - days[0].astype("datetime64[Y]").astype(int)
    if place.min() < 0 or place.max() >= len(days):
        raise ScenarioError(f"calendar.season: Chinese New Year is known from {days[0]} to {days[-1]} only; leave it out or move the weeks")
    year = days[place].astype("datetime64[Y]")
    mondays_of_year = np.busday_count(year.astype("datetime64[D]"), (year + 1).astype("datetime64[D]"), weekmask="Mon")
    offset = (mondays - np.busday_offset(days[place], 0, roll="backward", weekmask="Mon")).astype(int) // 7
    lost: dict[str, dict[int, float]] = {}
    for row in rows(ROOM, "seasons"):
        lost.setdefault(row["region"], {})[int(row["offset"])] = float(row["loss"])
    return {
        region: 1.0 - (1.0 - np.array([by_week.get(week, 0.0) for week in offset])) / (1.0 - sum(by_week.values()) / mondays_of_year)
        for region, by_week in lost.items()
    }
