"""The designed runs as they ship: the shock of each in a plan's terms, and what the simulator lost and missed in each year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ytterby import tables
from ytterby.facts import expand_regions
from ytterby.plan.loss_design import YEAR, YEARS, Design
from ytterby.plan.shock_groups import DESTINATIONS, GROUPS, PARTIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.plan.loss_design import YearlyMeans
    from ytterby.system import System

    Floats = NDArray[np.float64]

ROOM = "ytterby.plan"
LOSSES, MISSING, CUTS = "designed_losses.csv.xz", "designed_missing.csv.xz", "designed_cuts.csv.xz"
KEYS = ("scope", "weeks", "depth", "year")
COMPONENT, MAGNETS = "component", ("magnet", "heavy_magnet")
"""Groups of goods that may come instead of others."""
DIGITS = 4
"""Significant digits of the losses, and places after the point of the shares, as they ship."""


@dataclass(frozen=True, eq=False)
class DesignedRun:
    """One designed run, by year of 52 weeks from the start of the shock."""

    design: Design
    cut: Floats
    """(year, group, destination) the shock in a plan's terms: share of the dominant supplier's base exports that does not arrive, net of
    what others send more, at most 1; negative only for components and magnets that come instead of others; nil after the end."""
    loss: Floats
    """(year, sector) value added lost [USD]."""
    missing: Floats
    """(year, demand) missing share of arrivals at the users [1]; demands outside the parties of the design are 0."""

    @property
    def years_in_force(self) -> int:
        """Years in which the measure is in force for at least a week."""
        return -(-self.design.weeks // YEAR)

    @property
    def later(self) -> NDArray[np.bool_]:
        """(year,) whether the shortage began in an earlier year."""
        return np.arange(YEARS) > 0


def designed_runs(system: System) -> tuple[DesignedRun, ...]:
    """The packaged designed runs, bans first, in the order of the design; sectors and demands in the order of the System."""
    losses, missing, cuts = (_shipped(name) for name in (LOSSES, MISSING, CUTS))
    on_sectors = losses.reindex(columns=[str(name) for name in system.sectors.index], fill_value=0.0)
    on_demands = missing.reindex(columns=[str(name) for name in system.demands.index], fill_value=0.0)
    loss, short = (frame.to_numpy().reshape(-1, YEARS, frame.shape[1]) for frame in (on_sectors, on_demands))
    cut = cuts.to_numpy().reshape(-1, YEARS, len(GROUPS), len(DESTINATIONS))
    found = [Design(str(scope), int(weeks), float(depth)) for scope, weeks, depth, _ in losses.index[::YEARS]]
    return tuple(DesignedRun(design, cut[i], loss[i] * 1e6, short[i]) for i, design in enumerate(found))


@cache
def _shipped(name: str) -> pd.DataFrame:
    """A packaged table of designed runs; index scope, weeks, depth, year."""
    types = {"scope": "str", "weeks": "int64", "year": "int64"}
    return tables.read_frame(files(ROOM) / "tables" / name, types, "float64").set_index(list(KEYS))


def frames_of(system: System, means: Mapping[Design, YearlyMeans]) -> dict[str, pd.DataFrame]:
    """The packaged tables by file name, from the means of the runs: losses in USD million, shares, and cuts."""
    rows = [(design, found, year) for design, found in means.items() for year in range(YEARS)]
    index = pd.MultiIndex.from_tuples([(*design, year) for design, _, year in rows], names=KEYS)
    demands = _of_parties(system.demands["region"])
    cells = [f"{group}@{place}" for group in GROUPS for place in DESTINATIONS]
    loss = np.array([found.loss[year] / 1e6 for _, found, year in rows])
    missing = np.array([found.arrivals[year, demands] for _, found, year in rows])
    cut = np.array([_in_force(design, found)[year].ravel() for design, found, year in rows])
    return {
        LOSSES: pd.DataFrame(_significant(loss), index, system.sectors.index),
        MISSING: pd.DataFrame(np.round(missing, DIGITS), index, system.demands.index[demands]),
        CUTS: pd.DataFrame(np.round(cut, DIGITS) + 0.0, index, cells),
    }


def _in_force(design: Design, found: YearlyMeans) -> Floats:
    """Cut (year, group, destination) in the years in which the measure is in force.

    More than in the base counts where it comes instead of something and is used: components instead of magnets, and magnets
    instead of own ones where raw materials are stopped. More of other goods is hoarded or caught up from a queue, and more for
    others than those who are hit is passed on; it is no supply for the year's use.
    """
    force = np.array([design.weeks_in(year) > 0 for year in range(YEARS)])
    hit = np.array([design.hits(place) for place in DESTINATIONS])
    used = np.array([[group == COMPONENT or (group in MAGNETS and here) for here in hit] for group in GROUPS])
    cut = np.where(used[None], found.cut, np.maximum(found.cut, 0.0))
    return np.where(force[:, None, None], np.minimum(cut, 1.0), 0.0)


def _of_parties(regions: pd.Series) -> NDArray[np.int64]:
    own = {region for party in PARTIES for region in expand_regions(party)}
    return np.flatnonzero(regions.isin(own).to_numpy())


def _significant(values: Floats) -> Floats:
    """Values with :data:`DIGITS` significant digits; less than a thousandth of a million is nil."""
    size = np.floor(np.log10(np.maximum(np.abs(values), 1e-3)))
    step = 10.0 ** (size - DIGITS + 1)
    return np.where(np.abs(values) < 1e-3, 0.0, np.round(values / step) * step)
