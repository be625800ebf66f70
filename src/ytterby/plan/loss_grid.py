"""Losses of a year of a restriction by its depth, its age, its weeks and how full stocks are: what paths of restrictions are read from.

Nearly nothing is lost until the stocks along the chain are gone, and then the loss rises with a high power of what is missing. So the
grid is finer than the designed runs, between which cuts are linear (:mod:`ytterby.plan.shock_response`), and stocks are a dimension of
it: a stop that follows years of licences finds them half empty.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    Bools = NDArray[np.bool_]

FILLED = (0.0, 0.5, 1.0)
"""How full stocks along the chain are at the start of the year, over those of the base [1]."""
AGES = 2
"""First and later years of a restriction, which have cuts and curves of their own."""
WEEKS = (0, 13, 26, 39, 52)
"""Weeks in force in the year."""
STEP = 0.05
"""Largest difference of depths that are next to each other [1]."""
DRAWN = 0.5
"""Share of the stocks of the base that a restricted year draws on: they last for about two (assumed)."""


def depths_between(designed: Sequence[float]) -> Floats:
    """Depths (depth,) from nil on that hold the designed ones and are at most :data:`STEP` apart."""
    knots = np.array([0.0, *designed])
    parts = [np.linspace(low, high, round(np.ceil((high - low) / STEP - 1e-9)), endpoint=False) for low, high in zip(knots, knots[1:])]
    return np.append(np.concatenate(parts), knots[-1])


def alone(scope: str, depths: Floats) -> tuple[Restrictions, Floats]:
    """A restriction on a path of its own for each point of the grid, in its order, and how full stocks are (point,)."""
    depth, filled, age, weeks = (each.ravel() for each in np.meshgrid(depths, FILLED, np.arange(AGES), WEEKS, indexing="ij"))
    name = np.full(len(depth), scope)
    return Restrictions(np.arange(len(depth)), -age, name, name, depth, (age * YEAR + weeks).astype(float)), filled


def filled(hit: Bools) -> Floats:
    """How full stocks are at the start of each year (..., year), full at first, where a restriction hits in some years (..., year)."""
    found = np.ones(hit.shape)
    for year in range(1, hit.shape[-1]):
        change = np.where(hit[..., year - 1], -DRAWN, REFILL)
        found[..., year] = np.clip(found[..., year - 1] + change, 0.0, 1.0)
    return found


@dataclass(frozen=True, eq=False)
class LossGrid:
    """Losses in a year of a restriction that stands alone."""

    depths: dict[str, Floats]
    """(depth,) by scope [1]."""
    tables: dict[str, Floats]
    """(depth, filled, age, weeks, party) by scope [USD]."""

    def losses(self, restrictions: Restrictions, full: Floats) -> Floats:
        """Losses (path, year, party) [USD], linear between the points of the grid; of restrictions that meet the costliest counts.

        Parameters
        ----------
        restrictions : Restrictions
        full : array (path, year, party)
            How full the stocks along the chain of each party are.
        """
        found = np.zeros(full.shape)
        for year, active in active_by_year(restrictions, full.shape[1]):
            loss = np.zeros((len(active.rows), full.shape[2]))
            for scope, table in self.tables.items():
                own = np.flatnonzero(restrictions.scope[active.rows] == scope)
                depth, age, weeks = restrictions.depth[active.rows[own]], np.minimum(active.age[own], AGES - 1), active.weeks[own]
                loss[own] = self._read(table, self.depths[scope], (depth, age, weeks), full[active.path[own], year])
            np.maximum.at(found[:, year], active.path, loss)
        return found

    @staticmethod
    def _read(table: Floats, depths: Floats, of: tuple[Floats, NDArray[np.int64], Floats], full: Floats) -> Floats:
        """Losses (row, party) of restrictions of some depth, age and weeks (row,), by stocks (row, party)."""
        depth, age, weeks = of
        found, party = np.zeros(full.shape), np.arange(full.shape[1])
        (d, d_share), (w, w_share) = between(depths, depth), between(np.array(WEEKS, dtype=float), weeks)
        f, f_share = between(np.array(FILLED), full)
        for up in np.ndindex(2, 2, 2):
            share = _share(d_share, up[0])[:, None] * _share(w_share, up[1])[:, None] * _share(f_share, up[2])
            found += share * table[(d + up[0])[:, None], f + up[2], age[:, None], (w + up[1])[:, None], party]
        return found


def _share(share: Floats, up: int) -> Floats:
    return share if up else 1.0 - share
