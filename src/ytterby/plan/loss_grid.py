"""Losses of a year of a restriction by its depth, its age, its weeks and how full stocks are: what paths of restrictions are read from.

Nearly nothing is lost until the stocks along the chain are gone, and then the loss rises with a high power of what is missing. So the
grid is finer than the designed runs, between which cuts are linear (:mod:`ytterby.plan.shock_response`), and stocks are a dimension of
it: a stop that follows years of licences finds them half empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.decisions import REFILL
from ytterby.plan.loss_design import YEAR
from ytterby.plan.shock_draws import Restrictions
from ytterby.plan.shock_response import active_by_year, between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FILLED = (0.0, 0.5, 1.0)
"""How full stocks along the chain are at the start of the year, over those of the base [1]."""
AGES = 2
"""First and later years of a restriction, which have cuts and curves of their own."""
WEEKS = (26, 52)
"""Weeks in force in the year."""
STEP = 0.1
"""Largest difference of depths that are next to each other [1]."""


def depths_between(designed: Sequence[float]) -> Floats:
    """Depths (depth,) that hold the designed ones and, from nil on, are at most :data:`STEP` apart; without nil itself."""
    parts = [np.linspace(low, high, round(np.ceil((high - low) / STEP - 1e-9)), endpoint=False) for low, high in pairwise((0.0, *designed))]
    return np.append(np.concatenate(parts), designed[-1])[1:]


def points(scope: str, depths: Floats) -> tuple[Restrictions, Floats]:
    """A restriction on a path of its own for each point of the grid, in its order, and how full stocks are (point,)."""
    depth, filled, age, weeks = (each.ravel() for each in np.meshgrid(depths, FILLED, np.arange(AGES), WEEKS, indexing="ij"))
    name = np.full(len(depth), scope)
    return Restrictions(np.arange(len(depth)), -age, name, name, depth, (age * YEAR + weeks).astype(float)), filled


def filled_by_year(cut: Floats, stocks: Floats) -> Floats:
    """How full the stocks of parties are at the start of each year (path, year, party), full at first.

    Parameters
    ----------
    cut : array (path, year, party)
        Largest share of the supply of materials that is missing; where nothing is, stocks are filled up.
    stocks : array (party,)
        What the parties can draw on, over a year's supply.
    """
    full = np.ones(cut.shape)
    for year in range(1, cut.shape[1]):
        before = cut[:, year - 1]
        change = np.where(before > 0.0, -before / stocks, REFILL)
        full[:, year] = np.clip(full[:, year - 1] + change, 0.0, 1.0)
    return full


@dataclass(frozen=True, eq=False)
class LossGrid:
    """Losses in a year of a restriction that stands alone."""

    depths: dict[str, Floats]
    """(depth,) by scope, without nil [1]."""
    tables: dict[str, Floats]
    """(depth, filled, age, weeks, party) by scope [USD]."""

    def losses(self, restrictions: Restrictions, full: Floats) -> Floats:
        """Losses (path, year, party) [USD], linear between the points of the grid; of restrictions that meet the costliest counts.

        Parameters
        ----------
        restrictions : Restrictions
        full : array (path, year, party)
            How full the stocks along the chain of each party are at the start of the year.
        """
        found = np.zeros(full.shape)
        for year, active in active_by_year(restrictions, full.shape[1]):
            loss = np.zeros((len(active.rows), full.shape[2]))
            for scope in self.tables:
                own = np.flatnonzero(restrictions.scope[active.rows] == scope)
                of = restrictions.depth[active.rows[own]], active.weeks[own], np.minimum(active.age[own], AGES - 1)
                loss[own] = self._read(scope, of, full[active.path[own], year])
            np.maximum.at(found[:, year], active.path, loss)
        return found

    def _read(self, scope: str, of: tuple[Floats, Floats, Ints], full: Floats) -> Floats:
        """Losses (row, party) of restrictions of some depth, weeks and age (row,), by stocks (row, party); nil at depth or weeks nil."""
        depth, weeks, age = of
        table = np.pad(self.tables[scope], ((1, 0), (0, 0), (0, 0), (1, 0), (0, 0)))
        d, deeper = between(np.append(0.0, self.depths[scope]), depth)
        w, longer = between(np.array((0.0, *WEEKS)), weeks)
        f, fuller = between(np.array(FILLED), full)
        found, party = np.zeros(full.shape), np.arange(full.shape[1])
        for i, j, k in product((0, 1), repeat=3):
            share = (_share(deeper, i) * _share(longer, j))[:, None] * _share(fuller, k)
            found += share * table[(d + i)[:, None], f + k, age[:, None], (w + j)[:, None], party]
        return found


def _share(share: Floats, up: int) -> Floats:
    """Weight of the upper or the lower of two neighbours."""
    return share if up else 1.0 - share
