"""From an order to what arrives: cuts by year of a restriction, read from the designed runs.

A restriction of some scope, depth and length is placed between the designed runs of that scope: linear in the depth, and in the
weeks in force of its first and its later years. So diversion through third countries, goods in transit, the queue of licences and
components that come instead of magnets are those of the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.plan.loss_design import YEAR
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.plan.loss_runs import DesignedRun
    from ytterby.plan.shock_draws import Restrictions

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HALF = 26
"""Weeks of the shortest designed run."""


class Active(NamedTuple):
    """Restrictions in force in a year."""

    rows: Ints
    """Their places among all restrictions."""
    path: Ints
    weeks: Floats
    """Weeks in force in the year."""
    age: Ints
    """Years since they began."""


@dataclass(frozen=True, eq=False)
class Response:
    """Cuts of the designed runs by scope and depth."""

    runs: tuple[DesignedRun, ...]

    @cached_property
    def _by_scope(self) -> dict[str, dict[tuple[float, int], DesignedRun]]:
        """Runs of each scope by depth and duration."""
        found: dict[str, dict[tuple[float, int], DesignedRun]] = {}
        for run in self.runs:
            found.setdefault(run.design.scope, {})[run.design.depth, run.design.weeks] = run
        return found

    @cached_property
    def depths(self) -> dict[str, list[float]]:
        """Depths of the designed runs of each scope, in ascending order [1]."""
        return {scope: sorted({depth for depth, _ in own}) for scope, own in self._by_scope.items()}

    @cached_property
    def _cuts(self) -> dict[str, Floats]:
        """Cuts (depth, point, group, destination) of each scope after half a year and a whole one, and in a later year."""

        def points(own: dict[tuple[float, int], DesignedRun], depth: float) -> list[Floats]:
            return [own[depth, HALF].cut[0], own[depth, YEAR].cut[0], own[depth, 2 * YEAR].cut[1]]

        return {scope: _from_nil([points(own, depth) for depth in self.depths[scope]]) for scope, own in self._by_scope.items()}

    def cuts(
        self, restrictions: Restrictions, paths: int, years: int, destinations: Sequence[int] = range(len(DESTINATIONS))
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """Cuts (path, year, group, destination), and whether the shortage began earlier (path, year, destination).

        Of restrictions that meet the deepest counts in each group and destination. All destinations by default: tens of thousands of
        paths take half a gigabyte.
        """
        shape = (paths, years, len(GROUPS), len(destinations))
        deepest, relief = np.zeros(shape), np.zeros(shape)
        worst = {late: np.zeros((paths, years, len(destinations))) for late in (False, True)}
        for year, active in active_by_year(restrictions, years):
            later = active.age > 0
            cut = np.zeros((len(active.rows), *shape[2:]))
            for own, points in self._placed(restrictions, active, destinations):
                half, whole, after = points[:, 0], points[:, 1], points[:, 2]
                weeks = active.weeks[own][:, None, None]
                cut[own] = np.where(later[own][:, None, None], after * weeks / YEAR, _rising(half, whole, weeks))
            np.maximum.at(deepest[:, year], active.path, cut)
            np.minimum.at(relief[:, year], active.path, cut)
            for late in (False, True):
                mine = later == late
                np.maximum.at(worst[late][:, year], active.path[mine], cut[mine].max(axis=1, initial=0.0))
        return np.where(deepest > 0.0, deepest, relief), (worst[True] > 0.0) & (worst[True] >= worst[False])

    def _placed(self, restrictions: Restrictions, active: Active, destinations: Sequence[int]) -> Iterator[tuple[Ints, Floats]]:
        """Active restrictions of each scope, and the cuts at their depth (row, point, group, destination), linear between depths."""
        for scope, everywhere in self._cuts.items():
            table = everywhere[..., list(destinations)]
            own = np.flatnonzero(restrictions.scope[active.rows] == scope)
            if len(own):
                left, share = between(np.array([0.0, *self.depths[scope]]), restrictions.depth[active.rows[own]])
                yield own, table[left] + share[:, None, None, None] * (table[left + 1] - table[left])


def _from_nil(points: list[list[Floats]]) -> Floats:
    """Table by depth, with nothing at depth 0 before."""
    table = np.array(points)
    return np.concatenate([np.zeros((1, *table.shape[1:])), table])


def _rising(half: Floats, whole: Floats, weeks: Floats) -> Floats:
    """Value after some weeks of the first year, linear between nothing, half a year and a whole one."""
    return np.where(weeks <= HALF, half * weeks / HALF, half + (whole - half) * (weeks - HALF) / (YEAR - HALF))


def between(knots: Floats, values: Floats) -> tuple[Ints, Floats]:
    """Place of the knot below each value (value,), and how far it lies on the way to the next one, 0-1 (value,)."""
    left = np.clip(np.searchsorted(knots, values) - 1, 0, len(knots) - 2)
    return left, np.clip((values - knots[left]) / (knots[left + 1] - knots[left]), 0.0, 1.0)


def active_by_year(restrictions: Restrictions, years: int) -> Iterator[tuple[int, Active]]:
    """Restrictions in force in each year."""
    for year in range(years):
        age = year - restrictions.start
        left = restrictions.weeks - float(YEAR) * np.maximum(age, 0)
        rows = np.flatnonzero((age >= 0) & (left > 0.0))
        yield year, Active(rows, restrictions.path[rows], np.minimum(left[rows], YEAR), age[rows])
