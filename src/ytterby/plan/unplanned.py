"""What parties lose without a plan under one set of restrictions after another, each begun with what the last one left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.problem import PlanProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.plan.availability import Delivered
    from ytterby.plan.programme import AllianceProgramme

    Floats = NDArray[np.float64]


class UnplannedProgramme:
    """Losses of the members of a programme who build nothing but what pays alone.

    Parameters
    ----------
    programme : AllianceProgramme
    """

    def __init__(self, programme: AllianceProgramme) -> None:
        self.programme = programme
        self._last: PlanProblem | None = None

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions of the members."""
        return tuple(region for party in self.programme.members for region in party.regions)

    def lost(self, left: Delivered) -> Floats:
        """Loss by what restrictions leave (scenario, year, 1) [million USD of that year], of all members together."""
        count = len(left.restricted)
        weights = np.full(count, 1.0 / count)
        problem = PlanProblem(self.programme, left, weights, {}) if self._last is None else self._last.facing(left, weights)
        y = problem.judged(problem.nothing, problem.recourse, 0.0, keep=True).y
        self._last = problem
        found = np.zeros((count, len(self.programme.reference.years), 1))
        for block in self.programme.blocks:
            own = self.programme.program.place_of(block.name("loss"))
            found[..., 0] += y[:, own.ravel()].toarray().reshape(count, *own.shape).sum(axis=2)
        return found
