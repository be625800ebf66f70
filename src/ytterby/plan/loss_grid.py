"""Losses of restrictions that stand alone, by depth, age and weeks in force: what paths of restrictions are read from.

Nearly nothing is lost until the stocks along the chain are gone, and then the loss rises with a high power of what is missing; so
the grid is fine where the cuts of a plan are linear (:mod:`ytterby.plan.shock_response`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.loss_design import YEAR
from ytterby.plan.shock_draws import Restrictions
from ytterby.plan.shock_response import active_by_year, between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

AGES = 3
"""Years of a restriction that are told apart: the first, the second, and any later one, in which the stocks along the chain are gone."""
WEEKS = (0, 13, 26, 39, 52)
"""Weeks in force in a year between which losses are linear."""
STEP = 0.05
"""Largest difference of depths between which losses are linear [1]."""


def depths_between(designed: Sequence[float]) -> Floats:
    """Depths (depth,) from nil on that hold the designed ones and are at most :data:`STEP` apart."""
    knots = np.array([0.0, *designed])
    parts = [np.linspace(low, high, int(np.ceil((high - low) / STEP - 1e-9)), endpoint=False) for low, high in zip(knots, knots[1:], strict=False)]
    return np.append(np.concatenate(parts), knots[-1])


def alone(scope: str, depths: Floats) -> Restrictions:
    """A restriction of each depth (depth,) that ends in each age after each number of weeks, each on a path of its own, in this order."""
    depth, age, weeks = (each.ravel() for each in np.meshgrid(depths, np.arange(AGES), WEEKS, indexing="ij"))
    count, name = len(depth), np.full(len(depth), scope)
    return Restrictions(np.arange(count), np.zeros(count, dtype=np.int64), name, name, depth, (age * YEAR + weeks).astype(float))


@dataclass(frozen=True, eq=False)
class LossGrid:
    """Losses in the last year of restrictions that stand alone."""

    depths: dict[str, Floats]
    """(depth,) by scope [1]."""
    tables: dict[str, Floats]
    """(depth, age, weeks, party) by scope, of ages of :data:`AGES` and of :data:`WEEKS` [USD]."""

    def losses(self, restrictions: Restrictions, paths: int, years: int) -> Floats:
        """Losses (path, year, party) [USD], linear between the points of the grid; of restrictions that meet the costliest counts."""
        found = np.zeros((paths, years, next(iter(self.tables.values())).shape[-1]))
        for year, active in active_by_year(restrictions, years):
            loss = np.zeros((len(active.rows), found.shape[-1]))
            for scope, table in self.tables.items():
                own = np.flatnonzero(restrictions.scope[active.rows] == scope)
                if len(own):
                    left, share = between(self.depths[scope], restrictions.depth[active.rows[own]])
                    after = _at_weeks(table, left + 1, active.age[own], active.weeks[own])
                    loss[own] = (1.0 - share)[:, None] * _at_weeks(table, left, active.age[own], active.weeks[own]) + share[:, None] * after
            np.maximum.at(found[:, year], active.path, loss)
        return found


def _at_weeks(table: Floats, depth: NDArray[np.int64], age: NDArray[np.int64], weeks: Floats) -> Floats:
    """Losses (row, party) at depths of the grid by number, after some weeks of a year of some age (row,)."""
    left, share = between(np.array(WEEKS, dtype=float), weeks)
    at = np.minimum(age, AGES - 1)
    return np.asarray((1.0 - share)[:, None] * table[depth, at, left] + share[:, None] * table[depth, at, left + 1])
