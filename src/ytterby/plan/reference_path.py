"""The years of a plan without restrictions: the base rolled forward along a path of demand, with the plants under construction.

Between the years that are rolled, flows are interpolated; the balance is linear, so every year is balanced as the rolled ones are.
Equation P1 in ``docs/explanation/plan.md``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ytterby.plan.chain import YearlyFlows
from ytterby.system import DEFAULT_PATH, changes_until, roll
from ytterby.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ytterby.facts import Facts
    from ytterby.system import System

    Floats = NDArray[np.float64]

FIRST, LAST = 2026, 2040
"""First and last year of a plan."""
LEFT_OVER = 0.2
"""Share of what is made that is left over, from which on it counts: of cerium and lanthanum, not of what stocks take in."""
KNOTS = (2026, 2028, 2030, 2035, 2040)
"""Years whose base is rolled; those in between are interpolated."""


@dataclass(frozen=True, eq=False)
class ReferencePath:
    """Flows of each year without a restriction; arrays (year, row of the table), t/year."""

    years: tuple[int, ...]
    system: System
    """Network of the last year, whose labels all tables have."""
    use: Floats
    """Final uses (year, demand)."""
    flow: Floats
    """(year, link)."""
    activity: Floats
    """(year, process)."""
    capacity: Floats
    """(year, process)."""
    production: Floats
    """Inputs (negative) and outputs of processes (year, row of ``system.recipes``)."""
    residual: Floats
    """What leaves a market besides its uses (year, market)."""
    price_factor: float = 1.0
    """Factor on the base prices of all goods."""
    length: int = 1
    """Years that each of the years stands for, from itself on."""
    ahead: float = 1.0
    """Share of the first year that is still ahead on the day of the plan: what went before is no consequence of it [1]."""

    def weights(self, rate: float) -> Floats:
        """Present value, at the first year, of a dollar a year in what is ahead of each year (year,): for flows and losses."""
        return self._factors(rate, self.ahead)

    def discount(self, rate: float) -> Floats:
        """Present value, at the first year, of a dollar in every year that each of the years stands for (year,)."""
        return self._factors(rate, 1.0)

    def _factors(self, rate: float, first: float) -> Floats:
        factors = (1.0 + rate) ** -np.arange(len(self.years) * self.length)
        factors[0] = first
        return np.asarray(factors.reshape(-1, self.length).sum(axis=1))

    def years_from(self, first: int, count: int) -> ReferencePath:
        """Some years by themselves."""
        own = slice(self.years.index(first), self.years.index(first) + count)
        return replace(
            self, years=self.years[own], use=self.use[own], flow=self.flow[own], activity=self.activity[own], capacity=self.capacity[own],
            production=self.production[own], residual=self.residual[own],
        )  # fmt: skip

    def flows(self, year: int) -> YearlyFlows:
        """Flows of the year with that number."""
        return YearlyFlows(self.system, self.production[year], self.flow[year], self.residual[year])

    @cached_property
    def price(self) -> pd.Series:
        """Price of each commodity, mean over the world weighted by use [USD/t]; one for all, so that trade alone earns nothing."""
        markets = self.system.markets
        weight = markets["use"].clip(lower=1e-9)
        mean = (markets["price"] * weight).groupby(markets["commodity"]).sum() / weight.groupby(markets["commodity"]).sum()
        return mean * KG_PER_T * self.price_factor

    @cached_property
    def saleable(self) -> dict[str, float]:
        """Share of what is made of a commodity that anybody uses in the base year; the rest is left over [1]."""
        totals = self.system.markets.groupby("commodity")[["production", "residual"]].sum()
        left = (totals["residual"].clip(lower=0.0) / totals["production"].clip(lower=1e-9)).clip(upper=1.0)
        return {str(name): 1.0 - float(share) if share > LEFT_OVER else 1.0 for name, share in left.items()}

    @cached_property
    def throughput(self) -> Floats:
        """Supply of each market from processes, imports and negative residuals (year, market) [t/year]."""
        s = self.system
        place = {market: i for i, market in enumerate(s.markets.index)}
        total = np.maximum(-self.residual, 0.0)
        made = np.array([place[market] for market in s.recipes["market"]])
        arriving = np.array([place[market] for market in s.links["destination"]])
        for year in range(len(self.years)):
            total[year] += np.bincount(made, np.maximum(self.production[year], 0.0), len(place))
            total[year] += np.bincount(arriving, self.flow[year], len(place))
        return total


def share_ahead(day: dt.date, first: int = FIRST) -> float:
    """Share of the first year of a plan that is ahead on a day: all of it before the year, nothing after it [1]."""
    begin, end = dt.date(first, 1, 1), dt.date(first + 1, 1, 1)
    return min(max((end - day).days / (end - begin).days, 0.0), 1.0)


def reference_path(
    system: System,
    facts: Facts,
    path: str = DEFAULT_PATH,
    years: tuple[int, ...] = tuple(range(FIRST, LAST + 1)),
    known: dt.date | None = None,
) -> ReferencePath:
    """Reference path of a base along a path of demand.

    Parameters
    ----------
    system : System
        Base of a year, not rolled.
    facts : Facts
        Plants under construction and growth.
    path : str
        One of :func:`ytterby.system.demand_paths`.
    years : tuple of int
        Years of the plan.
    known : date, optional
        Day of the plan: plants that opened later are not in the years.
    """
    return _rolled(system, facts, path, years, known)  # one key, however it is asked for: the rolling takes seconds


@lru_cache(maxsize=4)
def _rolled(system: System, facts: Facts, path: str, years: tuple[int, ...], known: dt.date | None) -> ReferencePath:
    """Reference path, kept; parameters as of :func:`reference_path`."""
    rolled = {knot: roll(system, changes_until(system, facts, dt.date(knot, 7, 1), path, known=known)) for knot in _knots(years)}
    last = rolled[max(rolled)]

    def values(read: Callable[[System], pd.Series]) -> Floats:
        labels = read(last).index
        known = np.array([read(rolled[knot]).reindex(labels, fill_value=0.0).to_numpy(float) for knot in rolled])
        return np.array([_between(list(rolled), known, year) for year in years])

    return ReferencePath(
        years=years,
        system=last,
        use=values(lambda s: s.demands["use"]),
        flow=values(lambda s: s.links["flow"]),
        activity=values(lambda s: s.processes["activity"]),
        capacity=values(lambda s: s.processes["capacity"]),
        production=values(_production),
        residual=values(lambda s: s.markets["residual"]),
    )


def _knots(years: tuple[int, ...]) -> tuple[int, ...]:
    """Years to roll for some years: those of :data:`KNOTS` around them."""
    low = max((knot for knot in KNOTS if knot <= min(years)), default=KNOTS[0])
    high = min((knot for knot in KNOTS if knot >= max(years)), default=KNOTS[-1])
    return tuple(knot for knot in KNOTS if low <= knot <= high)


def _between(knots: list[int], known: Floats, year: int) -> Floats:
    """Values of a year by linear interpolation of those of the knots (knot, row)."""
    after = min(int(np.searchsorted(knots, year)), len(knots) - 1)
    if knots[after] == year or after == 0:
        return np.asarray(known[after])
    share = (year - knots[after - 1]) / (knots[after] - knots[after - 1])
    return np.asarray((1.0 - share) * known[after - 1] + share * known[after])


def _production(system: System) -> pd.Series:
    """Inputs (negative) and outputs by process and market [t/year]."""
    recipes = system.recipes
    made = recipes["coefficient"] * recipes["process"].map(system.processes["activity"])
    return pd.Series(made.to_numpy(), index=pd.MultiIndex.from_frame(recipes[["process", "market"]]))
