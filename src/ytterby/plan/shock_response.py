"""From an order to what arrives: cuts by year, group and destination of a restriction, read from the designed runs.

A restriction of some scope, depth and length is placed between the designed runs of that scope: linear in the depth, and in the
weeks in force of its first and its later years. So diversion through third countries, goods in transit, the queue of licences and
components that come instead of magnets are those of the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.loss_design import YEAR
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.plan.loss_runs import DesignedRun
    from ytterby.plan.shock_draws import Restrictions

    Floats = NDArray[np.float64]

HALF = 26
"""Weeks of the shortest designed run."""


@dataclass(frozen=True, eq=False)
class Response:
    """Cuts of the designed runs by scope and depth."""

    runs: tuple[DesignedRun, ...]

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Scopes that have been run."""
        return tuple(dict.fromkeys(run.design.scope for run in self.runs))

    @cached_property
    def _tables(self) -> dict[str, tuple[Floats, Floats]]:
        """Depths (depth,), and cuts (depth, point, group, destination) after 26 and 52 weeks and in a later year, of each scope."""
        found = {}
        for scope in self.scopes:
            own = {(run.design.weeks, run.design.depth): run.cut for run in self.runs if run.design.scope == scope}
            depths = sorted({depth for _, depth in own})
            cuts = [[own[26, depth][0], own[52, depth][0], own[104, depth][1]] for depth in depths]
            found[scope] = (np.array([0.0, *depths]), np.concatenate([np.zeros((1, 3, *cuts[0][0].shape)), np.array(cuts)]))
        return found

    def cuts(self, rows: Restrictions, paths: int, years: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Cuts (path, year, group, destination), and whether the shortage began earlier (path, year, destination).

        Restrictions that meet add up to the deepest of them in each group and destination.
        """
        shape = (paths, years, len(GROUPS), len(DESTINATIONS))
        deepest, relief = np.zeros(shape), np.zeros(shape)
        worst = {late: np.zeros((paths, years, len(DESTINATIONS))) for late in (False, True)}
        for year in range(years):
            age = year - rows.start
            weeks = np.clip(rows.weeks - YEAR * np.maximum(age, 0), 0.0, YEAR)
            active = np.flatnonzero((age >= 0) & (weeks > 0.0))
            cut = self._of_year(rows, active, weeks[active], age[active])
            at = rows.path[active]
            np.maximum.at(deepest[:, year], at, cut)
            np.minimum.at(relief[:, year], at, cut)
            for late in (False, True):
                own = (age[active] > 0) == late
                np.maximum.at(worst[late][:, year], at[own], cut[own].max(axis=1, initial=0.0))
        return np.where(deepest > 0.0, deepest, relief), (worst[True] > 0.0) & (worst[True] >= worst[False])

    def _of_year(self, rows: Restrictions, active: NDArray[np.int64], weeks: Floats, age: NDArray[np.int64]) -> Floats:
        """Cuts (active, group, destination) of the restrictions in force in a year."""
        cut = np.zeros((len(active), len(GROUPS), len(DESTINATIONS)))
        for scope in self.scopes:
            own = np.flatnonzero(rows.scope[active] == scope)
            if not len(own):
                continue
            points = self._at_depth(scope, rows.depth[active[own]])
            half, whole, later = points[:, 0], points[:, 1], points[:, 2]
            n = weeks[own][:, None, None]
            rising = np.where(n <= HALF, half * n / HALF, half + (whole - half) * (n - HALF) / (YEAR - HALF))
            cut[own] = np.where((age[own] > 0)[:, None, None], later * n / YEAR, rising)
        return cut

    def _at_depth(self, scope: str, depth: Floats) -> Floats:
        """Cuts (row, point, group, destination) at depths (row,), linear between the designed ones."""
        depths, cuts = self._tables[scope]
        right = np.clip(np.searchsorted(depths, depth), 1, len(depths) - 1)
        share = ((depth - depths[right - 1]) / (depths[right] - depths[right - 1]))[:, None, None, None]
        return np.asarray(cuts[right - 1] + np.clip(share, 0.0, 1.0) * (cuts[right] - cuts[right - 1]))
