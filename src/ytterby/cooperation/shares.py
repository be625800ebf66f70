"""Shares of the value of a game: Shapley, least core, nucleolus, and rules of proportion.

Equations K4-K7 in ``docs/explanation/together.md``.

.. [1] L. S. Shapley, A value for n-person games, Contributions to the Theory of Games II, Princeton 1953, 307-317.
.. [2] D. Schmeidler, The nucleolus of a characteristic function game, SIAM J. Appl. Math. 17 (1969), 1163-1170.
.. [3] A. Kopelowitz, Computation of the kernels of simple games and the nucleolus of n-person games, Jerusalem 1967.
.. [4] J. Derks, J. Kuipers, Implementing the simplex method for computing the prenucleolus, Maastricht 1997: coalitions in the span of
   those already settled need no row.
"""

from __future__ import annotations

from functools import cache
from math import factorial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.sparse as sp

from ytterby.cooperation.games import membership
from ytterby.errors import InputError
from ytterby.solver import LinearProgram, SparseRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.cooperation.games import Game

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

ROUNDING = 1e-9
"""Violation of a row that is rounding, in units of the largest value."""
SETTLED = 1e-7
"""Dual value from which on a row is tight in every solution of its stage."""
MANY = 9
"""Parties from which on rows are generated as they are violated."""
ROWS_AT_ONCE = 20


@cache
def shapley_weights(n: int) -> Floats:
    """K4: weight of each coalition's value in each party's share (party, coalition)."""
    inside = membership(n)
    size = inside.sum(axis=1)
    joining = np.array([factorial(max(s - 1, 0)) * factorial(n - s) / factorial(n) for s in range(n + 1)])
    staying = np.array([factorial(s) * factorial(max(n - s - 1, 0)) / factorial(n) for s in range(n + 1)])
    return np.asarray(np.where(inside, joining[size][:, None], -staying[size][:, None]).T)


def shapley(game: Game) -> Floats:
    """Shapley value [1]_ (party,): mean over all orders of joining of what a party adds."""
    return np.asarray(shapley_weights(len(game.parties)) @ game.values)


class LeastCore(NamedTuple):
    """K5: the shares under which the coalition that does worst does best."""

    eps: float
    """Least excess that some coalition must have; the core is empty where it is above 0, and the room in it is its negative."""
    blocking: tuple[int, ...]
    """Coalitions that settle it: their excess is ``eps`` in every such share."""


def least_core(game: Game) -> LeastCore:
    """Least core over all ways to share the whole; with a single party nobody can leave, and ``eps`` is 0."""
    if len(game.parties) == 1:
        return LeastCore(0.0, ())
    stages = _Stages(game, imputations=False)
    stages.next()
    return LeastCore(stages.eps[0] * stages.unit, tuple(int(number) for number, stage in stages.settled if stage == 0))


def nucleolus(game: Game) -> Floats:
    """K6: nucleolus [2]_ (party,): the largest excess as small as can be, then the next, and so on, nobody below its own value.

    A sequence of linear programmes [3]_. In each, coalitions whose row has a dual value are tight in every solution and keep
    their excess from then on; coalitions in the span of such ones need no row [4]_. The shares then solve the tight equations.

    Raises
    ------
    InputError
        If the parties' own values add up to more than that of all together: there is nothing to share.
    """
    n = len(game.parties)
    if game.values[1 << np.arange(n)].sum() > game.whole + ROUNDING * max(1.0, abs(game.whole)):
        raise InputError("the parties' own values add up to more than the value of all together; no share gives each its own")
    stages = _Stages(game, imputations=True)
    while stages.rank < n:
        stages.next()
    return stages.shares()


class _Stages:
    """Linear programmes of the nucleolus, one after the other; values in units of the largest."""

    def __init__(self, game: Game, *, imputations: bool) -> None:
        self.n = len(game.parties)
        self.unit = float(np.abs(game.values).max()) or 1.0
        self.values, self.members = game.values / self.unit, game.members.astype(float)
        own = self.values[1 << np.arange(self.n)]
        self.low = own if imputations else np.full(self.n, -np.inf)
        self.eps: list[float] = []
        self.settled: list[tuple[int, int]] = [(len(self.values) - 1, -1)]
        """Coalitions whose excess is known, with the number of its stage; -1 where the members get their value."""
        self.span = [np.full(self.n, 1.0 / np.sqrt(self.n))]
        self.open = np.ones(len(self.values), dtype=bool)
        self.open[[0, -1]] = False

    @property
    def rank(self) -> int:
        """Number of independent equations among those settled."""
        return len(self.span)

    def _beyond(self, row: Floats) -> Floats:
        """Part of a row, or of each of some rows, that is not in the span."""
        units = np.array(self.span)
        for _ in range(2):  # twice, against rounding
            row = row - (row @ units.T) @ units
        return row

    def _settle(self, coalition: int, stage: int) -> None:
        self.settled.append((coalition, stage))
        rest = self._beyond(self.members[coalition])
        if (length := np.linalg.norm(rest)) > 1e-6:
            self.span.append(rest / length)

    def next(self) -> None:
        """Solve a stage and settle what is tight in all of its solutions."""
        stage = len(self.eps)
        rows, program = self._solved()
        duals = program.row_duals
        first = len(duals) - len(rows)
        self.eps.append(program.values[-1])
        for number, dual in zip(rows, duals[first:], strict=True):
            if dual > SETTLED:
                self._settle(int(number), stage)
        for party in np.flatnonzero((program.reduced_costs[: self.n] > SETTLED) & np.isfinite(self.low)):
            self._settle(1 << int(party), -1)
        numbers = np.flatnonzero(self.open)
        beyond = np.linalg.norm(self._beyond(self.members[numbers]), axis=1)
        self.open[numbers[beyond <= 1e-6]] = False

    def _solved(self) -> tuple[Ints, LinearProgram]:
        """Rows of open coalitions that were needed, and the solved programme: least eps with x(S) + eps >= v(S)."""
        chosen = self._first_rows()
        program = self._program(chosen)
        while True:
            if program.solve() is None:
                raise InputError("no share gives each party its own value")
            x, eps = program.values[:-1], program.values[-1]
            short = np.where(self.open, self.values - self.members @ x - eps, -np.inf)
            short[chosen] = -np.inf
            worst = np.argsort(-short, kind="stable")[:ROWS_AT_ONCE]
            worst = worst[short[worst] > ROUNDING]
            if not len(worst):
                return chosen, program
            matrix = sp.csr_matrix(np.column_stack([self.members[worst], np.ones(len(worst))]))
            program.add_rows(matrix, self.values[worst], np.full(len(worst), np.inf))
            chosen = np.append(chosen, worst)

    def _first_rows(self) -> Ints:
        """All open coalitions of few parties; of many, the single parties and all but one, and some coalition in any case."""
        numbers = np.flatnonzero(self.open)
        if self.n < MANY:
            return numbers
        size = self.members[numbers].sum(axis=1)
        few = numbers[(size == 1) | (size == self.n - 1)]
        return few if len(few) else numbers[:ROWS_AT_ONCE]

    def _program(self, chosen: Ints) -> LinearProgram:
        rows = SparseRows()
        known, right = self._equations()
        rows.block(right, right)
        rows.put_matrix(0, 0, sp.csr_matrix(known))
        numbers = rows.block(self.values[chosen], np.full(len(chosen), np.inf))
        rows.put_matrix(int(numbers[0]), 0, sp.csr_matrix(np.column_stack([self.members[chosen], np.ones(len(chosen))])))
        low, high = np.append(self.low, -np.inf), np.full(self.n + 1, np.inf)
        return LinearProgram(low, high, rows, cost=np.append(np.zeros(self.n), 1.0))

    def _equations(self) -> tuple[Floats, Floats]:
        """Members of independent settled coalitions (row, party), and what they get together (row,)."""
        kept: list[int] = []
        units: list[Floats] = []
        for place, (coalition, _) in enumerate(self.settled):
            rest = self.members[coalition]
            for unit in units * 2:
                rest = rest - (unit @ rest) * unit
            if np.linalg.norm(rest) > 1e-6:
                units.append(rest / np.linalg.norm(rest))
                kept.append(place)
        coalitions = np.array([self.settled[place][0] for place in kept])
        below = np.array([0.0 if (stage := self.settled[place][1]) < 0 else self.eps[stage] for place in kept])
        return self.members[coalitions], self.values[coalitions] - below

    def shares(self) -> Floats:
        """Shares that solve the equations of all tight coalitions, whose excesses are unknowns too (party,).

        The programmes are exact to the solver's tolerance only; the equations are to rounding.
        """
        stages = len(self.eps)
        left = np.zeros((len(self.settled), self.n + stages))
        for row, (coalition, stage) in enumerate(self.settled):
            left[row, : self.n] = self.members[coalition]
            if stage >= 0:
                left[row, self.n + stage] = 1.0
        right = self.values[[coalition for coalition, _ in self.settled]]
        return np.asarray(np.linalg.lstsq(left, right, rcond=None)[0][: self.n] * self.unit)


def proportional(game: Game, weights: Mapping[str, float]) -> Floats:
    """K7: shares in proportion to weights of the parties, such as use, GDP or what each would gain alone (party,).

    Raises
    ------
    InputError
        If a weight is below 0, or all are 0.
    """
    found = np.array([weights[party] for party in game.parties])
    if not np.isfinite(found).all() or found.min() < 0.0 or found.sum() <= 0.0:
        raise InputError("shares by proportion need weights of at least 0 that are not all 0")
    return np.asarray(game.whole * found / found.sum())
