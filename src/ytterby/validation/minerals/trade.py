"""Annual trade of a mineral from BACI with missing or implausible weights imputed, and the natural variability of trade."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.facts import Facts

    Floats = NDArray[np.float64]

MAX_DEVIATION = 30.0
"""A unit value that differs from the typical one by more than this factor is taken as an error of the weight."""
MIN_TRADER_SHARE = 0.01
"""Traders below this share of the world's weight in the base years are aggregated as ``REST``."""
BASE_YEARS = 3
BEFORE = 5
"""Years before the base years that are included to estimate the trend."""
FLOOR = 0.02
"""Added to ratios to the base before taking logarithms, so that the logarithm of a zero flow is finite."""


@dataclass(frozen=True, eq=False)
class AnnualTrade:
    """Flows ``tonnes`` (years, exporters, importers) of a mineral by year [t gross]."""

    years: tuple[int, ...]
    exporters: tuple[str, ...]
    importers: tuple[str, ...]
    tonnes: Floats

    def between(self, first: int, last: int) -> Floats:
        """Flows (years, exporters, importers) of the years from ``first`` to ``last``."""
        return self.tonnes[self.years.index(first) : self.years.index(last) + 1]


def weights(flows: pd.DataFrame) -> pd.Series:
    """Weight of each flow [t]: as declared, or value over the typical unit value if the weight is missing or implausible.

    The typical value per tonne is the median of the exporter and heading over all years (grades differ between countries)
    times the median deviation of the heading's year (prices move).
    """
    declared = flows["quantity_t"]
    unit: pd.Series = (flows["value_kusd"] / declared.where(declared > 0)).map(np.log)
    own = unit.groupby([flows["hs"], flows["exporter"]]).transform("median")
    middle = unit.groupby(flows["hs"]).transform("median")
    typical = own.fillna(middle)
    typical = typical + (unit - typical).groupby([flows["hs"], flows["year"]]).transform("median")
    sound = (unit - typical).abs() < np.log(MAX_DEVIATION)
    return declared.where(sound, flows["value_kusd"] / np.exp(typical))


@cache
def flows_of(facts: Facts, headings: tuple[str, ...]) -> pd.DataFrame:
    """Flows of headings with imputed weights: ``year, hs, exporter, importer, tonnes``; flows within a country left out."""
    import pandas as pd

    table = pd.concat([part[part["hs"].isin(headings)] for part in (facts.trade(), facts.minerals_trade())])
    table = table[table["exporter"] != table["importer"]]
    return table.assign(tonnes=weights(table)).dropna(subset=["tonnes"])


def trade(facts: Facts, headings: Sequence[str], supplier: str, base: tuple[int, int], last: int) -> AnnualTrade:
    """Trade of a mineral from :data:`BEFORE` years before the base years to ``last``.

    Countries below 1 % of the base years' trade, except the supplier and its five largest buyers, are aggregated as ``REST``.
    """
    flows = flows_of(facts, tuple(headings))
    flows = flows[flows["year"].between(base[0] - BEFORE, last)]
    early = flows[flows["year"].between(*base)]
    buyers = early[early["exporter"] == supplier].groupby("importer")["tonnes"].sum().nlargest(5).index
    who = {"exporter": {supplier}, "importer": set(buyers)}
    names = {}
    for side, named in who.items():
        share = early.groupby(side)["tonnes"].sum() / early["tonnes"].sum()
        named |= set(share.index[share >= MIN_TRADER_SHARE])
        names[side] = (*sorted(named - {"REST"}), "REST")
        flows = flows.assign(**{side: flows[side].where(flows[side].isin(named), "REST")})
    years = tuple(range(base[0] - BEFORE, last + 1))
    cube = np.zeros((len(years), len(names["exporter"]), len(names["importer"])))
    place = [{name: i for i, name in enumerate(listed)} for listed in (years, names["exporter"], names["importer"])]
    at = tuple(flows[column].map(index).to_numpy() for column, index in zip(("year", "exporter", "importer"), place, strict=True))
    np.add.at(cube, at, flows["tonnes"].to_numpy())
    return AnnualTrade(years, names["exporter"], names["importer"], cube)


def growth(found: AnnualTrade, base: tuple[int, int]) -> float:
    """Yearly growth of the world's trade (logarithm): slope over the years up to the end of the base, at most 15 % either way."""
    total = found.between(found.years[0], base[1]).sum(axis=(1, 2))
    steps = np.arange(len(total), dtype=float)
    known = total > 0.0
    slope = np.polyfit(steps[known], np.log(total[known]), 1)[0] if known.sum() > BASE_YEARS else 0.0
    return float(np.clip(slope, -0.15, 0.15))


def log_ratio(value: Floats | float, base: Floats | float = 1.0) -> Floats:
    """Logarithm of a flow over its base, after adding :data:`FLOOR`."""
    return np.asarray(np.log((np.asarray(value) / base + FLOOR) / (1.0 + FLOOR)))


LEVELS = np.linspace(0.025, 0.975, 20)
"""Levels of the quantiles that describe the natural variability of trade."""
LARGE = {"seller": 0.05, "buyer": 0.05, "flow": 0.02}
"""Share of the world's trade in the base years above which a seller, buyer or flow is included."""


def drift(
    facts: Facts, headings: Sequence[tuple[str, ...]], affected: set[tuple[str, str]], last: int, ahead: int = 8
) -> dict[str, Floats]:
    """Natural variability of annual trade after a base of three years: log ratios of flows without restrictions.

    Parameters
    ----------
    facts : Facts
        The figures.
    headings : sequence of tuple of str
        Minerals, each by its headings.
    affected : set of (exporter, heading)
        Pairs that are left out.
    last : int
        Last year included.
    ahead : int
        Years ahead.

    Returns
    -------
    dict
        ``path`` (ahead, quantiles) of a seller's total by year; ``seller``, ``buyer``, ``flow`` (quantiles) of the mean of years 1
        to 3. The first year after the base is year 0.
    """
    paths: list[list[float]] = [[] for _ in range(ahead)]
    means: dict[str, list[float]] = {name: [] for name in LARGE}
    years = range(1995, last + 1)
    for group in headings:
        flows = flows_of(facts, group)
        world = flows.groupby("year")["tonnes"].sum().reindex(years).fillna(0.0).rolling(BASE_YEARS).mean()
        free = flows[[(e, h) not in affected for e, h in zip(flows["exporter"], flows["hs"], strict=True)]]
        for kind, keys in (("seller", ["exporter"]), ("buyer", ["importer"]), ("flow", ["exporter", "importer"])):
            table = free.pivot_table(index="year", columns=keys, values="tonnes", aggfunc="sum").reindex(years).fillna(0.0)
            base = table.rolling(BASE_YEARS).mean()
            base = base.where(base.div(world, axis=0) > LARGE[kind])
            means[kind] += _known(table.rolling(BASE_YEARS).mean().shift(-BASE_YEARS - 1) / base)
            if kind == "seller":
                for k in range(ahead):
                    paths[k] += _known(table.shift(-k - 1) / base)
    found = {name: np.quantile(values, LEVELS) for name, values in means.items()}
    return {"path": np.array([np.quantile(values, LEVELS) for values in paths]), **found}


def _known(ratio: pd.DataFrame) -> list[float]:
    values = ratio.to_numpy()
    return list(log_ratio(values[np.isfinite(values)]))
