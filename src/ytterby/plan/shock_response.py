"""From an order to what arrives and what is lost: cuts and losses by year of a restriction, read from the designed runs.

A restriction of some scope, depth and length is placed between the designed runs of that scope: linear in the depth, and in the
weeks in force of its first and its later years. So diversion through third countries, goods in transit, the queue of licences and
components that come instead of magnets are those of the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.facts import expand_regions
from ytterby.plan.loss_design import YEAR
from ytterby.plan.shock_draws import Restrictions
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.plan.loss_runs import DesignedRun
    from ytterby.system import System

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
    later: NDArray[np.bool_]
    """Whether they began in an earlier year."""
    last: NDArray[np.bool_]
    """Whether they end in this year."""


@dataclass(frozen=True, eq=False)
class Response:
    """Cuts and losses of the designed runs by scope and depth."""

    runs: tuple[DesignedRun, ...]

    @cached_property
    def _by_scope(self) -> dict[str, dict[tuple[float, int], DesignedRun]]:
        """Runs of each scope by depth and duration."""
        found: dict[str, dict[tuple[float, int], DesignedRun]] = {}
        for run in self.runs:
            found.setdefault(run.design.scope, {})[run.design.depth, run.design.weeks] = run
        return found

    @cached_property
    def _depths(self) -> dict[str, list[float]]:
        return {scope: sorted({depth for depth, _ in own}) for scope, own in self._by_scope.items()}

    @cached_property
    def _cuts(self) -> dict[str, Floats]:
        """Cuts (depth, point, group, destination) of each scope after half a year and a whole one, and in a later year."""

        def points(own: dict[tuple[float, int], DesignedRun], depth: float) -> list[Floats]:
            return [own[depth, HALF].cut[0], own[depth, YEAR].cut[0], own[depth, 2 * YEAR].cut[1]]

        return {scope: _from_nil([points(own, depth) for depth in self._depths[scope]]) for scope, own in self._by_scope.items()}

    def cuts(self, restrictions: Restrictions, paths: int, years: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Cuts (path, year, group, destination), and whether the shortage began earlier (path, year, destination).

        Of restrictions that meet the deepest counts in each group and destination.
        """
        shape = (paths, years, len(GROUPS), len(DESTINATIONS))
        deepest, relief = np.zeros(shape), np.zeros(shape)
        worst = {late: np.zeros((paths, years, len(DESTINATIONS))) for late in (False, True)}
        for year, active in _by_year(restrictions, years):
            cut = np.zeros((len(active.rows), *shape[2:]))
            for own, points in self._placed(self._cuts, restrictions, active):
                half, whole, later = points[:, 0], points[:, 1], points[:, 2]
                weeks = active.weeks[own][:, None, None]
                cut[own] = np.where(active.later[own][:, None, None], later * weeks / YEAR, _rising(half, whole, weeks))
            np.maximum.at(deepest[:, year], active.path, cut)
            np.minimum.at(relief[:, year], active.path, cut)
            for late in (False, True):
                mine = active.later == late
                np.maximum.at(worst[late][:, year], active.path[mine], cut[mine].max(axis=1, initial=0.0))
        return np.where(deepest > 0.0, deepest, relief), (worst[True] > 0.0) & (worst[True] >= worst[False])

    @cached_property
    def designs(self) -> tuple[tuple[str, float, int], ...]:
        """Scope, depth and weeks of each designed run."""
        return tuple((run.design.scope, run.design.depth, run.design.weeks) for run in self.runs)

    @property
    def each_alone(self) -> Restrictions:
        """The restriction of each designed run on a path of its own, from the first year on."""
        scope, depth, weeks = (np.array(column) for column in zip(*self.designs, strict=True))
        count = len(self.designs)
        return Restrictions(np.arange(count), np.zeros(count, dtype=np.int64), scope, scope, depth, weeks.astype(float))

    def losses(self, system: System, parties: tuple[str, ...], restrictions: Restrictions, paths: int, years: int) -> Floats:
        """Simulated losses (path, year, party) [USD] without any plan; of restrictions that meet the costliest counts."""
        own = [np.flatnonzero(system.sectors["region"].isin(expand_regions(party)).to_numpy()) for party in parties]
        simulated = np.array([[run.loss[:, sectors].sum(axis=1) for sectors in own] for run in self.runs]).swapaxes(1, 2)
        return self.losses_from(self.tables(simulated), restrictions, paths, years)

    def losses_from(self, tables: dict[str, Floats], restrictions: Restrictions, paths: int, years: int) -> Floats:
        """Losses (path, year, party) as of tables by scope; of restrictions that meet the costliest counts."""
        found = np.zeros((paths, years, next(iter(tables.values())).shape[-1]))
        for year, active in _by_year(restrictions, years):
            loss = np.zeros((len(active.rows), found.shape[-1]))
            for own, points in self._placed(tables, restrictions, active):
                half, whole, first, later, after = (points[:, i] for i in range(5))
                weeks, last = active.weeks[own][:, None], active.last[own][:, None]
                begun = np.where(last, _rising(half, whole, weeks), first)
                loss[own] = np.where(active.later[own][:, None], later * weeks / YEAR + np.where(last, after, 0.0), begun)
            np.maximum.at(found[:, year], active.path, loss)
        return found

    def tables(self, losses: Floats) -> dict[str, Floats]:
        """Losses (run, year, party) of the designed runs by scope (depth, point, party).

        Points are half a year, a whole one, the first year of a longer one, a later year, and after the end.
        """
        of = dict(zip(self.designs, losses, strict=True))

        def points(scope: str, depth: float) -> list[Floats]:
            half, whole, longer = (of[scope, depth, weeks] for weeks in (HALF, YEAR, 2 * YEAR))
            return [half.sum(axis=0), whole.sum(axis=0), *(longer[i] for i in range(3))]

        return {scope: _from_nil([points(scope, depth) for depth in depths]) for scope, depths in self._depths.items()}

    def _placed(self, tables: dict[str, Floats], restrictions: Restrictions, active: Active) -> Iterator[tuple[Ints, Floats]]:
        """Active restrictions of each scope, and what the tables hold at their depth (row, point, ...), linear between depths."""
        for scope, table in tables.items():
            own = np.flatnonzero(restrictions.scope[active.rows] == scope)
            if not len(own):
                continue
            depth, depths = restrictions.depth[active.rows[own]], np.array([0.0, *self._depths[scope]])
            right = np.clip(np.searchsorted(depths, depth), 1, len(depths) - 1)
            share = np.clip((depth - depths[right - 1]) / (depths[right] - depths[right - 1]), 0.0, 1.0)
            share = share.reshape(-1, *[1] * (table.ndim - 1))
            yield own, table[right - 1] + share * (table[right] - table[right - 1])


def _from_nil(points: list[list[Floats]]) -> Floats:
    """Table by depth, with nothing at depth 0 before."""
    table = np.array(points)
    return np.concatenate([np.zeros((1, *table.shape[1:])), table])


def _rising(half: Floats, whole: Floats, weeks: Floats) -> Floats:
    """Value after some weeks of the first year, linear between nothing, half a year and a whole one."""
    return np.where(weeks <= HALF, half * weeks / HALF, half + (whole - half) * (weeks - HALF) / (YEAR - HALF))


def _by_year(restrictions: Restrictions, years: int) -> Iterator[tuple[int, Active]]:
    """Restrictions in force in each year."""
    for year in range(years):
        age = year - restrictions.start
        left = restrictions.weeks - float(YEAR) * np.maximum(age, 0)
        rows = np.flatnonzero((age >= 0) & (left > 0.0))
        yield year, Active(rows, restrictions.path[rows], np.minimum(left[rows], YEAR), age[rows] > 0, left[rows] <= YEAR)
