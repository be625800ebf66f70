"""Contract shares and qualification times: rows of CSV files turned into arrays of links."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

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
