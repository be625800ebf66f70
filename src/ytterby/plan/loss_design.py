"""The designed set of simulator runs on which the loss table rests: depth x duration x scope, and what each run gives by year.

A run is the bundled scenario ``total-stop`` with another depth, end, and list of goods and destinations: the run of all goods for
all destinations at depth 1 for a year is that scenario. Losses are means over the draws of an ensemble, as an expected loss is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.ensembles import DrawAssessment
from ytterby.plan.shock_groups import PARTIES, TradeGroups
from ytterby.scenario import Scenario
from ytterby.simulation import Experiment, LabelledNetwork
from ytterby.validation import posterior_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.simulation import Draw
    from ytterby.system import System

    Floats = NDArray[np.float64]

YEAR = 52
"""Weeks of a plan's year."""
YEARS = 3
"""Simulated years: the longest shock and one year after it."""
START = dt.date(2027, 1, 4)
"""First day of every designed run, that of the bundled ``total-stop``; the base does not change with time."""
DEPTHS = (0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1.0)
DURATIONS = (26, 52, 104)
"""[weeks]"""
RARE_EARTHS = ("rare_earths", "magnet.*")
SCOPES: dict[str, tuple[tuple[str, ...], str]] = {
    "all": (RARE_EARTHS, "all"),
    "components": ((*RARE_EARTHS, "component.*"), "all"),
    "heavy": (("medium", "heavy", "Sc"), "all"),
    "magnets": (("magnet.*",), "all"),
    **{party: (RARE_EARTHS, party) for party in PARTIES},
    "raw": (("rare_earths",), "all"),
}
"""Goods and destination of each scope; a party's name is a shock against it alone, ``raw`` leaves magnets free, as quotas did."""
BUYERS = ("JP", "KR", "TW", "US", "EU", "GB", "IN")
"""Who builds stocks in alarm where all are hit, as in ``total-stop``."""
ALARM = {
    "factor": {"dist": "triangular", "low": 1.0, "mode": 1.5, "high": 3.0},
    "half_life_weeks": {"dist": "triangular", "low": 8.0, "mode": 26.0, "high": 52.0},
}
"""Stocks built in alarm, as in ``total-stop`` (assumed there)."""
LICENCE = "licence-"
"""Prefix of the scopes of runs with licences."""
REFUSED = (0.05, 0.3, 0.5, 0.7, 0.9)
"""Shares of applications refused in the runs with licences [1]."""
LICENCE_DAYS = {"dist": "triangular", "low": 20.0, "mode": 45.0, "high": 90.0}
"""Working days until a licence is decided: the statutory time and its range in ``china-licences-2025``."""


class Design(NamedTuple):
    """One designed run."""

    scope: str
    """Of :data:`SCOPES`; with the prefix ``licence-``, licences on those goods instead of a ban."""
    weeks: int
    """Duration [weeks]."""
    depth: float
    """Share of the exports in scope that is stopped; of a licence, share of applications refused [1]."""

    @property
    def held_out(self) -> bool:
        """Whether the run is kept from the fit: a chequerboard of depth and duration, shifted from scope to scope."""
        place = DEPTHS.index(self.depth) + DURATIONS.index(self.weeks) + list(SCOPES).index(self.scope)
        return place % 2 == 1

    @property
    def is_ban(self) -> bool:
        """Whether the exports are banned, not licensed: the runs on which the loss table is fitted."""
        return not self.scope.startswith(LICENCE)

    def hits(self, destination: str) -> bool:
        """Whether goods for a destination are stopped: all are, but in a shock aimed at one party."""
        target = SCOPES[self.scope.removeprefix(LICENCE)][1]
        return target in ("all", destination)

    def weeks_in(self, year: int) -> int:
        """Weeks of a year in which the measure is in force."""
        return min(max(self.weeks - YEAR * year, 0), YEAR)


def designs() -> tuple[Design, ...]:
    """All designed runs of the loss table."""
    return tuple(Design(*row) for row in product(SCOPES, DURATIONS, DEPTHS))


def licence_designs() -> tuple[Design, ...]:
    """Runs with licences on heavy elements and on all goods: what an order with its statutory days lets through."""
    scopes = (LICENCE + "heavy", LICENCE + "all")
    return tuple(Design(*row) for row in product(scopes, DURATIONS, REFUSED))


def scenario_of(design: Design) -> Scenario:
    """Scenario of a designed run: the measure and the alarm of buyers, over :data:`YEARS` years."""
    scope = design.scope.removeprefix(LICENCE)
    goods, target = SCOPES[scope]
    common: dict[str, Any] = {"on": goods, "start": START}
    last = START + dt.timedelta(weeks=design.weeks, days=-1)
    trade = common | {"from": "CN", "to": target, "end": last, "name": "stop"}
    alarm = common | {"kind": "hoarding", "name": "alarm", "holders": BUYERS if target == "all" else target, "factor": 1.5}
    draws: dict[str, Any] = {f"measures.alarm.{key}": spread for key, spread in ALARM.items()}
    if design.scope.startswith(LICENCE):
        trade |= {"kind": "licence", "approval_rate": 1.0 - design.depth, "processing_days": 45, "days": "working"}
        draws["measures.stop.processing_days"] = LICENCE_DAYS
    else:
        trade |= {"kind": "ban", "depth": design.depth}
    return Scenario.model_validate(
        {
            "name": "designed-run",
            "title_en": "Designed run",
            "start": START,
            "weeks": YEAR * YEARS,
            "base_year": 2024,
            "measures": [trade, alarm | {"half_life_weeks": 26}],
            "draws": draws,
        }
    )


class YearlyMeans(NamedTuple):
    """What a designed run gives by year of :data:`YEAR` weeks, means over the draws."""

    loss: Floats
    """(year, sector) value added lost, gross [USD]."""
    missing: Floats
    """(year, demand) missing share of consumption: 1 - consumption/wanted at base prices, weeks without a shortage at 0 [1]."""
    arrivals: Floats
    """(year, demand) missing share of arrivals at the users, weeks without a shortage at 0 [1]."""
    cut: Floats
    """(year, group, destination) the shock in a plan's terms: what does not arrive from outside the destination, over the base exports
    of the dominant supplier to it [1]; negative where more arrives than in the base."""


@dataclass(frozen=True, eq=False)
class DesignAssessment(DrawAssessment):
    """Assessment of a designed run, which keeps yearly means instead of weekly series."""

    end: int = YEAR
    """Week in which the measure ends."""

    @cached_property
    def trade(self) -> TradeGroups:
        """Groups of links in which the shock is stated."""
        return TradeGroups(self.experiment.network.system)

    def means(self) -> YearlyMeans:
        """Means over all draws."""
        total: list[Any] = [0.0] * len(YearlyMeans._fields)
        numbers = range(max(1, self.experiment.draws))
        models = self._models(numbers)
        for i, draw in self.experiment.simulate(numbers, passing=True):
            found = self._economy(draw, models.of(i))
            parts = (
                found["value_added_lost"].astype(float).reshape(YEARS, YEAR, -1).sum(axis=1),
                yearly_shortage(1.0 - draw.trace.served / np.maximum(draw.net.use, 1e-12)),
                yearly_shortage(1.0 - draw.arrival_ratio),
                self._cut(draw),
            )
            total = [done + part / len(numbers) for done, part in zip(total, parts, strict=True)]
        return YearlyMeans(*total)

    def _cut(self, draw: Draw) -> Floats:
        net, trade = draw.net, self.trade
        base, exports = trade.total(net.flow), trade.total(net.flow, trade.origin < 0)
        missing = (base - trade.total(arrived(draw.trace.shipped, net.flow, net.transit))) / np.maximum(exports, 1e-12)
        missing[self.end :] = np.maximum(missing[self.end :], 0.0)  # what is caught up afterwards is no negative cut
        share = np.where(exports > MIN_EXPORTS, missing, 0.0)
        return np.asarray(share.reshape(YEARS, YEAR, *share.shape[1:]).mean(axis=1))


MIN_EXPORTS = 1e-3
"""Base exports of a group to a destination below which no cut is stated [t/week]."""


def yearly_shortage(missing: Floats) -> Floats:
    """Mean over each year of the positive part of a weekly missing share (week, ...): a later surplus does not undo a shortage."""
    return np.asarray(np.maximum(missing, 0.0).reshape(YEARS, YEAR, *missing.shape[1:]).mean(axis=1))


def arrived(shipped: Floats, flow: Floats, transit: NDArray[np.int64]) -> Floats:
    """What arrives by week and link (week, link) [t]: shipments later by their transit, and base flows before."""
    week = np.arange(len(shipped))[:, None] - transit[None, :]
    return np.where(week >= 0, np.take_along_axis(shipped, np.maximum(week, 0), axis=0), flow)


def run_designs(system: System, chosen: tuple[Design, ...], draws: int, seed: int) -> Iterator[tuple[Design, YearlyMeans]]:
    """Simulate designed runs one after another.

    Parameters
    ----------
    system : System
        The base.
    chosen : tuple of Design
    draws, seed : int
        Ensemble of each run; behaviour is drawn from the calibration, as in ``ytterby run``.
    """
    network = LabelledNetwork.of(system)
    fitted = posterior_rows(draws, seed, prefix="behaviour.")
    for design in chosen:
        experiment = Experiment(network, scenario_of(design), draws, seed, "streams", fitted)
        yield design, DesignAssessment(experiment, end=design.weeks).means()
