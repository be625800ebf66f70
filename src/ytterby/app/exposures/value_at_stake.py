"""Value added that a supplier's stop could take away (E16): what passed the supplier, and what its lack stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import unbuffered
from ytterby.exposure import SupplierStake, ValueAtStake

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.exposure import ElementExposure
    from ytterby.system import System

    Array = NDArray[np.float64]

ENDS = ((0.0, "value_added_low"), (None, "value_added"), (1.0, "value_added_high"))
"""Low end, centre and high end: quantile of the assumed tables, and column of the sectors."""
SMALLEST = 0.001
"""Share of a sector's output below which it is not told as at stake [1]."""


class _Passed(NamedTuple):
    """Share of each demand's input that passed a supplier; of several elements in it that of the most exposed one."""

    shares: tuple[Array, Array, Array]
    """Low end, centre, high end (demand,) [1]."""
    element: NDArray[np.object_]
    """Symbol of that element (demand,)."""


def value_at_stake(system: System, home: tuple[str, ...], exposures: Iterable[ElementExposure]) -> dict[str, list[ValueAtStake]]:
    """Value added of each end use at stake without a supplier, largest first, by supplier.

    Parameters
    ----------
    system : System
    home : tuple of str
        Regions of the importer.
    exposures : iterable of ElementExposure
        Of all elements assessed.
    """
    demands = system.demands[system.demands["region"].isin(home)]
    sectors = system.sectors[system.sectors["region"].isin(home)]
    return {supplier: _rows(demands, sectors, supplier, found) for supplier, found in _passed(demands, exposures).items()}


def largest_by_sector(stakes: Mapping[str, Sequence[ValueAtStake]]) -> list[ValueAtStake]:
    """Row of each sector for the supplier on which most of it hangs, largest first."""
    best: dict[str, ValueAtStake] = {}
    for rows in stakes.values():
        for row in rows:
            if row.sector not in best or row.at_stake_usd > best[row.sector].at_stake_usd:
                best[row.sector] = row
    return sorted(best.values(), key=lambda row: -row.at_stake_usd)


def by_supplier(stakes: Mapping[str, Sequence[ValueAtStake]], gdp: float | None) -> list[SupplierStake]:
    """Sums over all sectors for each supplier, largest first; the ends are sums of ends, as if all ranges were used up at once.

    Parameters
    ----------
    stakes : mapping of str to sequence of ValueAtStake
        By supplier.
    gdp : float or None
        GDP of the importer [USD/year].
    """
    found = []
    for supplier, rows in stakes.items():
        low, value, high = (sum(getattr(row, name) for row in rows) for name in ("low", "at_stake_usd", "high"))
        of_gdp = (None, None, None) if not gdp else (low / gdp, value / gdp, high / gdp)
        names = ("gdp_share_low", "gdp_share", "gdp_share_high")
        jobs = sum(row.jobs for row in rows)
        shares = dict(zip(names, of_gdp, strict=True))
        found.append(SupplierStake(supplier=supplier, at_stake_usd=value, low=low, high=high, jobs=jobs, **shares))
    return sorted(found, key=lambda row: -row.at_stake_usd)


def main_elements(system: System, home: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Elements in the input whose lack stops most of each end use; several inputs where they stop equally much."""
    demands = system.demands[system.demands["region"].isin(home)]
    sectors = system.sectors[system.sectors["region"].isin(home)]
    stops = demands.assign(stops=unbuffered(demands, sectors, np.ones(len(demands))).by_input)
    held = system.contents[system.contents["content"] > 0].groupby("commodity")["element"].agg(set)
    found: dict[str, frozenset[str]] = {}
    for sector, part in stops.groupby("sector"):
        first = part.loc[part["stops"] >= part["stops"].max() * (1.0 - 1e-9), "commodity"].unique()
        found[str(sector)] = frozenset(element for commodity in first for element in held.get(commodity, ()))
    return found


def _passed(demands: pd.DataFrame, exposures: Iterable[ElementExposure]) -> dict[str, _Passed]:
    """What passed each supplier, by supplier."""
    most: dict[str, dict[str, tuple[float, float, float, str]]] = {}
    for exposure in exposures:
        for market, suppliers in exposure.dependence.items():
            for supplier, ends in suppliers.items():
                at = most.setdefault(supplier, {})
                at[market] = max(at.get(market, (-1.0, 0.0, 0.0, "")), (*ends, exposure.element))
    return {supplier: _aligned(demands, at) for supplier, at in most.items()}


def _aligned(demands: pd.DataFrame, at: Mapping[str, tuple[float, float, float, str]]) -> _Passed:
    found = [at.get(market, (0.0, 0.0, 0.0, "")) for market in demands["market"]]
    low, value, high = (np.array([row[place] for row in found]) for place in (1, 0, 2))
    return _Passed((low, value, high), np.array([row[3] for row in found], dtype=object))


def _rows(demands: pd.DataFrame, sectors: pd.DataFrame, supplier: str, passed: _Passed) -> list[ValueAtStake]:
    ends = [unbuffered(demands, sectors, share, quantile) for share, (quantile, _) in zip(passed.shares, ENDS, strict=True)]
    usd = [end.by_sector * sectors[column].to_numpy(float) for end, (_, column) in zip(ends, ENDS, strict=True)]
    centre, jobs = ends[1], sectors["jobs"].to_numpy(float)
    rows: list[ValueAtStake] = []
    for sector, places in sectors.reset_index(drop=True).groupby("sector").indices.items():
        whole = float(sectors["value_added"].to_numpy(float)[places].sum())
        low, value, high = (float(end[places].sum()) for end in usd)
        if not value > SMALLEST * whole:
            continue
        worst = int(centre.binding[max(places, key=lambda place: usd[1][place])])
        rows.append(
            ValueAtStake(
                sector=str(sector), element=str(passed.element[worst]), input=str(demands["commodity"].iloc[worst]), supplier=supplier,
                passed=float(passed.shares[1][worst]), value_added_usd=whole, share=value / whole, at_stake_usd=value, low=low, high=high,
                jobs=float((centre.by_sector * jobs)[places].sum()), assumed=bool((sectors["kind"].to_numpy()[places] == "assumed").any()),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: -row.at_stake_usd)
