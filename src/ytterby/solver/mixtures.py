"""Mixtures of evaluated first stages: what is known to be attainable without solving a scenario.

The objective is convex, so that a mixture of first stages costs at most the mixture of their objectives (inner linearisation [1]_),
as the cuts say what it costs at least. Under other budgets and limits all points evaluated before serve again.

.. [1] A. M. Geoffrion, Elements of large-scale mathematical programming, Management Science 16 (1970), 652-691.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from ytterby.solver.linear_program import LinearProgram, SparseRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.stages import FirstStage

    Floats = NDArray[np.float64]

USED = 1e-9
"""Smaller shares of a mixture are rounding of the solver."""
KEPT = 1e-9
"""Relative excess over a bound that is rounding."""


class Mixture(NamedTuple):
    """A mixture of evaluated points."""

    share: Floats
    """Share of each point (p,)."""
    x: Floats
    """First stage (n,)."""
    value: float
    """Upper bound of its objective [USD]."""


class Mixtures:
    """Mixtures of points that keep all rows and bounds of a first stage.

    Parameters
    ----------
    first : FirstStage
        Rows and bounds; integers are relaxed.
    points : ndarray (p, n)
        Evaluated first stages, which need not be feasible by themselves.
    values : ndarray (p,)
        Their objectives [USD].
    """

    def __init__(self, first: FirstStage, points: Floats, values: Floats) -> None:
        self.points, self.values, self.scale = points, values, max(float(np.abs(values).max(initial=0.0)), 1e-300)
        broken = ((points < first.low) | (points > first.high)).any(axis=0)
        rows = SparseRows()
        rows.block(np.ones(1), np.ones(1))
        rows.block(first.row_low, first.row_high)
        rows.block(first.low[broken], first.high[broken])
        self.over = int(rows.block(np.array([-np.inf]), np.array([np.inf]))[0])
        held = np.vstack([np.ones(len(points)), np.asarray(first.A @ points.T), points.T[broken], values / self.scale])
        rows.put_matrix(0, 0, sparse.coo_matrix(held))
        self.program = LinearProgram(np.zeros(len(points)), np.ones(len(points)), rows)

    def best(self) -> Mixture | None:
        """Mixture whose objective is surely low; None if no mixture is feasible."""
        return self._least(self.values / self.scale, np.inf)

    def extreme(self, direction: Floats, bound: float) -> Mixture | None:
        """Mixture with the least direction'x whose objective is surely at most a bound [USD]; None if there is none."""
        return self._least(self.points @ direction, bound + KEPT * abs(bound))

    def _least(self, cost: Floats, bound: float) -> Mixture | None:
        self.program.cost(cost)
        self.program.row_bound(np.array([self.over]), np.array([-np.inf]), np.array([bound / self.scale]))
        if self.program.run() != "optimal":
            return None
        share = np.where(self.program.values > USED, self.program.values, 0.0)
        share = share / share.sum()
        return Mixture(share, share @ self.points, float(share @ self.values))
