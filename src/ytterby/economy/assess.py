"""From the simulator's arrays to stops, losses and their tables in one call, and the joining of blocks of draws."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy.groups import Groups
from ytterby.economy.input_output import Economy, indirect_model
from ytterby.economy.losses import BAND, Losses, Totals, loss_model, losses, table
from ytterby.economy.routes import Indirect, indirect, indirect_jobs
from ytterby.economy.stops import StopResult, parts_model, sector_stops, stop_dates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.system.system import System

    Array = NDArray[np.float64]


class Hand(NamedTuple):
    """What the simulator hands over; arrays lead with a draw axis."""

    served: Array
    """(draw, week, demand) delivered over wanted final use, 0-1."""
    arrival_ratio: Array
    """(draw, week, market) what reaches the users of a market over their base use."""
    cover0: Array
    """(market,) or (draw, market) cover at the start [weeks]."""
    need: Array | None = None
    """(draw, week, market) wanted use over base use; 1 where it is not recorded."""
    want: Array | None = None
    """(draw, week, demand) the same for each demand; the market's where it is not recorded."""


@dataclass(frozen=True, eq=False)
class Assessment:
    """Stops and losses of a block of draws, by week."""

    demands: pd.DataFrame
    stops: StopResult
    losses: Losses
    indirect: dict[str, Indirect]

    def summary(self) -> Summary:
        """Dates and sums over the weeks, small enough to keep for all draws."""
        groups = Groups.of(self.demands, self.losses.sectors)
        first, line, binding = sector_stops(self.stops, groups)
        suppliers = {region: _summed(loss, self.losses.sectors, region) for region, loss in self.indirect.items()}
        return Summary(self.demands, first, line, binding, self.losses.totals(), suppliers)


class Suppliers(NamedTuple):
    """Indirect loss of a region over all weeks; arrays (draw,)."""

    route: str
    value_added: Array
    low: Array
    high: Array
    jobs: Array
    """Person-years."""


def _summed(loss: Indirect, sectors: pd.DataFrame, region: str) -> Suppliers:
    from ytterby.units import WEEKS_PER_YEAR

    jobs = indirect_jobs(loss, sectors, region).sum(axis=-1) / WEEKS_PER_YEAR
    value, low, high = (part.sum(axis=-1) for part in (loss.value_added, loss.low, loss.high))
    return Suppliers(loss.route, value, low, high, jobs)


def _joined(parts: list[Suppliers]) -> Suppliers:
    value, low, high, jobs = (np.concatenate(column) for column in list(zip(*parts, strict=True))[1:])
    return Suppliers(parts[0].route, value, low, high, jobs)


@dataclass(frozen=True, eq=False)
class Summary:
    """Stops and losses of draws without their weeks."""

    demands: pd.DataFrame
    first_stop: Array
    """(draw, sector) week, NaN if never."""
    line_stop: Array
    binding: NDArray[np.int64]
    """(draw, sector) demand whose input runs out first, -1 if none."""
    totals: Totals
    suppliers: dict[str, Suppliers]

    @classmethod
    def join(cls, parts: Sequence[Summary]) -> Summary:
        """Put blocks of draws of the same System together, in their order."""
        first, totals = parts[0], [part.totals for part in parts]
        fields = ("gross", "net", "sales", "worst")
        joined = Totals(first.totals.sectors, *(np.concatenate([getattr(item, name) for item in totals]) for name in fields))
        suppliers = {region: _joined([part.suppliers[region] for part in parts]) for region in first.suppliers}
        starts, lines = (np.concatenate([getattr(part, name) for part in parts]) for name in ("first_stop", "line_stop"))
        return cls(first.demands, starts, lines, np.concatenate([part.binding for part in parts]), joined, suppliers)

    def first_stops(self, start: dt.date) -> pd.DataFrame:
        """Who stops first: one row per sector and country that stops in at least one draw, earliest first.

        ``date`` is the median over draws of the first stop, ``date_low`` and ``date_high`` the 5 % and 95 %
        quantiles, ``line_date`` the median of the line stop; a draw without a stop counts as never, and never
        is None. ``probability`` is the share of draws with a stop, ``input`` the commodity that binds most often.
        """
        import pandas as pd

        sectors = self.totals.sectors
        rows = []
        for i in np.flatnonzero(np.isfinite(self.first_stop).any(axis=0)):
            dates = [_date(start, self.first_stop[:, i], level) for level in (0.5, *BAND)]
            bound = self.binding[:, i][self.binding[:, i] >= 0]
            rows.append(
                {
                    "sector": sectors["sector"].iloc[i],
                    "country": sectors["region"].iloc[i],
                    **dict(zip(("date", "date_low", "date_high"), dates, strict=True)),
                    "line_date": _date(start, self.line_stop[:, i], 0.5),
                    "probability": float(np.isfinite(self.first_stop[:, i]).mean()),
                    "input": self.demands["commodity"].iloc[np.bincount(bound).argmax()],
                }
            )
        columns = ["sector", "country", "date", "date_low", "date_high", "line_date", "probability", "input"]
        frame = pd.DataFrame(rows, columns=columns)
        order = frame["date"].fillna(dt.date.max).astype(str) + frame["date_low"].astype(str) + frame["sector"] + frame["country"]
        return frame.loc[order.sort_values(kind="stable").index].reset_index(drop=True)

    def losses(self) -> pd.DataFrame:
        """Value added and jobs by sector and country: :func:`ytterby.economy.losses.table`."""
        return table(self.totals)

    def regions(self, gdp: Mapping[str, float] | None = None) -> pd.DataFrame:
        """Loss by country: direct gross and net, indirect with its route, total gross with low and high, jobs.

        The net total keeps, of the indirect loss, the share that is kept of the direct one (assumed). With
        ``gdp`` [USD] the total is also given in percent. Indirect figures are NaN where the route is ``none``.
        """
        import pandas as pd

        return pd.DataFrame([self._region(region, (gdp or {}).get(region)) for region in self.suppliers])

    def _region(self, region: str, gdp: float | None) -> dict[str, object]:
        member = (self.totals.sectors["region"] == region).to_numpy()
        columns = ("value_added", "value_added_low", "value_added_high")
        ends = {name: self.totals.usd("gross", name)[..., member].sum(axis=-1) for name in columns}
        direct, net = ends["value_added"], self.totals.usd("net")[..., member].sum(axis=-1)
        suppliers = self.suppliers[region]
        added, low, high, jobs = (np.nan_to_num(part) for part in suppliers[1:])
        kept = np.divide(net, direct, out=np.ones_like(direct), where=direct > 0.0)
        row: dict[str, object] = {
            "country": region,
            "direct_usd": float(np.median(direct)),
            "direct_net_usd": float(np.median(net)),
            "indirect_usd": float(np.median(suppliers.value_added)),
            "route": suppliers.route,
            "value_added_usd": float(np.median(direct + added)),
            "net_usd": float(np.median(net + kept * added)),
            "low": float(np.quantile(ends["value_added_low"] + low, BAND[0])),
            "high": float(np.quantile(ends["value_added_high"] + high, BAND[1])),
            "jobs": float(np.median(self.totals.jobs()[..., member].sum(axis=-1) + jobs)),
        }
        return row | ({"percent_of_gdp": 100.0 * float(np.median(direct + added)) / gdp} if gdp else {})


def _date(start: dt.date, weeks: Array, level: float) -> dt.date | None:
    """Quantile of dates; a draw that never stops is later than all."""
    week = np.sort(np.where(np.isnan(weeks), np.inf, weeks))[min(int(level * len(weeks)), len(weeks) - 1)]
    return start + dt.timedelta(weeks=int(week)) if np.isfinite(week) else None


def assess(
    hand: Hand,
    system: System,
    tables: Mapping[str, tuple[Economy, ...]],
    *,
    quantiles: Mapping[str, Array] | None = None,
    onset: int | Array = 0,
) -> Assessment:
    """Compute stops and losses of a block of draws.

    Parameters
    ----------
    hand : Hand
    system : System
    tables : mapping
        Input-output tables by region: :func:`ytterby.economy.routes.economies`.
    quantiles : mapping, optional
        Arrays (draw, row) by recipe: :func:`ytterby.economy.recipes.quantiles` for the same draws; without them
        the central values hold.
    onset : int or array (demand,)
        Week in which firms begin to look for substitutes: the first week of the restriction.
    """
    import pandas as pd

    given = dict(quantiles or {})
    demands, sectors = system.demands, system.sectors
    market = system.markets.index.get_indexer(pd.Index(demands["market"]))
    parts = parts_model(demands, given.get("parts"))
    stops = stop_dates(hand.served, hand.arrival_ratio, hand.cover0, market, parts, need=hand.need, want=hand.want)
    chosen = {name: given.get(name) for name in ("parts", "substitution", "recapture")}
    lost = losses(stops.output, demands, sectors, loss_model(demands, sectors, **chosen), onset=onset)
    return Assessment(demands, stops, lost, indirect(lost.lost, sectors, tables, indirect_model(given.get("indirect"))))
