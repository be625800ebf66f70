"""Deterrence: restrictions that would hit less are imposed less often (K14); how strongly so before the answer is another.

The hazard of restrictions is multiplied by exp(-delta x share of the loss that the plan removes). Nobody has measured delta; it is 0
unless the user gives another, and the smallest one at which the answer flips is searched for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.cooperation.games import Game
from ytterby.cooperation.shares import least_core, shapley

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.cooperation.values import Values

    Floats = NDArray[np.float64]

MOST = 3.0
"""Largest delta that is tried: a plan that removes all losses would make restrictions twenty times rarer."""
TRIED = 61


class DeterrenceFlip(NamedTuple):
    """The smallest delta at which an answer is another."""

    delta: float
    answer: str
    """``largest share`` or ``core``."""
    before: str
    after: str


class Deterred:
    """The game of an alliance when plans deter.

    Parameters
    ----------
    values : Values
        Solved coalitions.
    """

    most = MOST

    def __init__(self, values: Values) -> None:
        self.values = values
        self.n = len(values.coalitions.parties)
        count = len(values.coalitions.members)
        unplanned = np.array([self._loss_without_plan(1 << i) for i in range(self.n)])
        self.upper = np.array([0.0, *(values.solved[each].upper for each in range(1, count))])
        self.loss = np.array([0.0, *(values.solved[each].loss for each in range(1, count))])
        before = values.coalitions.members @ unplanned
        self.removed = np.divide(before - self.loss, before, out=np.zeros(count), where=before > 0.0)
        """Share of the loss without any plan that each coalition's plan removes (coalition,)."""

    def _loss_without_plan(self, single: int) -> float:
        outcome = self.values.coalitions.problem(single).before
        return outcome.expected_loss + outcome.weight * outcome.cvar

    def game(self, delta: float) -> Game:
        """Values when the hazard is multiplied by exp(-delta x share removed), the plans being what they are [million USD]."""
        objective = self.upper - self.loss * (1.0 - np.exp(-delta * self.removed))
        single = objective[1 << np.arange(self.n)]
        found = self.values.coalitions.members @ single - objective
        told = np.where(np.abs(found) <= self.values.gap, 0.0, found)
        told[1 << np.arange(self.n)] = told[0] = 0.0
        return Game(self.values.game.parties, told)

    def flip(self) -> DeterrenceFlip | None:
        """The smallest delta up to :data:`MOST` at which another party has the largest share, or the core is empty or no more.

        Another share is larger only if it is so by more than the gap.
        """
        first = self.game(0.0)
        leader, core = int(np.argmax(shapley(first))), self._core(first)
        for delta in np.linspace(0.0, MOST, TRIED)[1:]:
            game = self.game(float(delta))
            shares = shapley(game)
            now = int(np.argmax(shares))
            if shares[now] - shares[leader] > self.values.gap:
                return DeterrenceFlip(float(delta), "largest share", game.parties[leader], game.parties[now])
            if (found := self._core(game)) != core:
                return DeterrenceFlip(float(delta), "core", core, found)
        return None

    def _core(self, game: Game) -> str:
        return "empty" if least_core(game).eps > self.values.gap else "not empty"
