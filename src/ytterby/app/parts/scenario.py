"""What suppliers deliver in a run of a scenario: approvals and arrivals of their region, and what the buyers of their own market get."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure import Deliveries
from ytterby.facts import expand_regions, region_of
from ytterby.measures import resolve
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from ytterby.exposure import Part
    from ytterby.scenario import Scenario
    from ytterby.store import Run
    from ytterby.system import System

    Floats = NDArray[np.float64]

RANGE = ("0.05", "0.5", "0.95")
"""Quantiles of the weekly values that make up the range."""
REFUSING = ("ban", "quota")
"""Measures against which a licence in hand does not help."""
THRIFT = 0.1
"""Share by which buyers cut their orders when prices rise, or go elsewhere: no sign that a part cannot be had (assumed) [1]."""
ON_EXPORTS = ("licence", *REFUSING)
SHIPPING = ("single", "general", "held")
"""States of a licence under which a part ships until it expires."""


@dataclass(frozen=True, eq=False)
class RunDeliveries:
    """Deliveries in a run, as a share of what the base system has, from a day on."""

    run: Run
    system: System
    scenario: Scenario
    home: tuple[str, ...]
    """Regions in which the firm works; all foreign destinations together where it is not said."""
    on: dt.date

    @property
    def weeks(self) -> float:
        """Weeks from the day to the end of the run."""
        return float((self._mondays[-1] + dt.timedelta(days=7) - self.on).days) / 7.0

    def source(self, part: Part, country: str) -> Deliveries | None:
        """What is delivered of a part from a country; None if the run has no figure.

        From a region whose exports of it the scenario restricts: shipments over those of the base, to the firm's region. From
        any other: what the buyers in the supplier's own market get. Up to :data:`THRIFT` less counts as whole. A valid licence
        keeps its supplier's deliveries whole until it expires, where the scenario asks for licences and forbids nothing.
        """
        region = region_of(country)
        kinds = self._restrictions(part.commodity, region)
        share = self._shipped(part.commodity, region) if kinds else None
        share = self._served(part.commodity, region) if share is None else share
        if share is None:
            return None
        found = self._from_the_day(np.where(share >= 1.0 - THRIFT, np.maximum(share, 1.0), share))
        licensed = part.licence in SHIPPING and country == part.country and kinds and not kinds & {*REFUSING}
        return _until(found, part.licence_expiry, self.on) if licensed else found

    @cached_property
    def _data(self) -> xr.Dataset:
        return self.run.dataset

    @cached_property
    def _mondays(self) -> list[dt.date]:
        return [dt.date.fromisoformat(str(week)[:10]) for week in self._data["week"].to_numpy()]

    def _restrictions(self, commodity: str, region: str) -> set[str]:
        """Kinds of measures on exports of a commodity from a region to where the firm works."""
        held = list(dict.fromkeys(self.system.markets["commodity"]))
        contents = self._contents
        found = set()
        for measure in self.scenario.all_measures():
            if measure.kind in ON_EXPORTS and commodity in resolve(measure.on, held, contents):
                origins = {code for name in measure.from_ for code in expand_regions(name)}
                goals = {code for name in measure.to for code in expand_regions(name)}
                if region in origins and region not in self.home and (not self.home or goals & {*self.home}):
                    found.add(measure.kind)
        return found

    @cached_property
    def _contents(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        table = self.system.contents
        for commodity, element, share in zip(table["commodity"], table["element"], table["content"], strict=True):
            found.setdefault(str(commodity), {})[str(element)] = float(share)
        return found

    def _shipped(self, commodity: str, region: str) -> Floats | None:
        """Shipments from a region over those of the base (3, week); None if there are none."""
        links = self.system.links
        origins = links["origin"].str.partition("@")[2]
        goals = links["destination"].str.partition("@")[2]
        chosen = (links["commodity"] == commodity) & (origins == region) & (goals != region)
        near = chosen & goals.isin(self.home)
        names = list(links.index[near if near.any() else chosen])
        place = {str(name): number for number, name in enumerate(self._data["link"].to_numpy())}
        held = [name for name in names if name in place]
        base = float(links.loc[held, "flow"].sum()) / WEEKS_PER_YEAR
        return self._ranged("flow", [place[name] for name in held]) / base if base > 0 else None

    def _served(self, commodity: str, region: str) -> Floats | None:
        """What industry and users of a market take over what they took before (3, week); None without a market."""
        market = self.system.market(commodity, region)
        place = {str(name): number for number, name in enumerate(self._data["market"].to_numpy())}
        if market not in place or market not in self.system.markets.index:
            return None
        used = float(self.system.markets["use"].loc[market]) / WEEKS_PER_YEAR
        return self._ranged("consumption", [place[market]]) / used if used > 0 else None

    def _ranged(self, measure: str, places: list[int]) -> Floats:
        """Sum of a measure over some places (3, week), ends of the range first and last; a central run has no range."""
        values = self._data[measure]
        last = values.dims[-1]
        chosen = values.isel({last: places}).sum(str(last))
        if "quantile" not in values.dims:
            return np.repeat(chosen.to_numpy()[None, :], 3, axis=0).astype(float)
        return np.asarray(chosen.sel(quantile=list(RANGE)).to_numpy(), dtype=float)

    def _from_the_day(self, share: Floats) -> Deliveries:
        """Deliveries from the day on; weeks before the run are as ever."""
        begins = np.array([(monday - self.on).days / 7.0 for monday in self._mondays])
        if begins[0] > 0:
            begins, share = np.concatenate([[0.0], begins]), np.concatenate([np.ones((3, 1)), share], axis=1)
        first = max(int(np.searchsorted(begins, 0.0, side="right")) - 1, 0)
        return Deliveries(np.maximum(begins[first:], 0.0), np.maximum(share[:, first:], 0.0))


def _until(found: Deliveries, expiry: dt.date | None, on: dt.date) -> Deliveries:
    """Whole deliveries until a licence expires, then as found; one without a date is not counted on."""
    weeks = (expiry - on).days / 7.0 if expiry else 0.0
    if weeks <= 0:
        return found
    later = found.at[found.at > weeks]
    at = np.concatenate([[0.0, weeks], later])
    share = found.on(at)
    share[:, 0] = 1.0
    return Deliveries(at, share)
