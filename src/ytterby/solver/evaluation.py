"""What a given first stage leads to in scenarios that it was not made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.solver.decomposition import NO_EXCESS
from ytterby.solver.risk import conditional_value_at_risk
from ytterby.solver.scenarios import ScenarioPrograms
from ytterby.solver.standard_form import Risk, ScenarioForm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.stages import Recourse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Evaluation:
    """Losses and resource costs of a first stage by scenario.

    Attributes
    ----------
    loss, resource : ndarray (S,)
        Loss and resource cost [USD].
    probability : ndarray (S,)
        Probabilities of the scenarios.
    y : sparse matrix (S, y), or None
        Decisions of the scenarios, where they were asked for.
    """

    loss: Floats
    resource: Floats
    probability: Floats
    y: Any = None

    @property
    def expected_loss(self) -> float:
        """Expected loss [USD]."""
        return float(self.probability @ self.loss)

    def cvar(self, alpha: float) -> float:
        """Conditional value at risk of the loss at a level [USD]."""
        return conditional_value_at_risk(self.loss, self.probability, alpha)


def evaluate(
    x: Floats,
    recourse: Recourse,
    *,
    eta: float | None = None,
    weight: float = 0.5,
    alpha: float = 0.9,
    keep: bool = False,
    workers: int | None = None,
) -> Evaluation:
    """Best decisions of each scenario at a given first stage.

    Scenarios are ordered so that neighbours resemble each other, since each starts from the basis of the one before.

    Parameters
    ----------
    x : ndarray (n,)
        First stage.
    recourse : Recourse
        Scenarios.
    eta : float, optional
        Value at risk of the solution that is evaluated [USD]: losses above it weigh weight / (1 - alpha) more. By default
        each scenario's resource cost and loss weigh alike.
    weight, alpha : float
        Weight and level of the CVaR.
    keep : bool
        Whether the decisions of the scenarios are returned.
    workers : int, optional
        Threads; the result does not depend on their number. By default one a core.

    Raises
    ------
    DataGapError
        If a scenario is infeasible at this first stage.
    """
    form = ScenarioForm.of(recourse, Risk(weight, alpha))
    programs = ScenarioPrograms(form, similar_order(recourse))
    answers = programs.at(np.append(x, NO_EXCESS if eta is None else eta / form.unit), workers, keep=keep)
    assert answers is not None, "no end was set"
    return Evaluation(answers.loss, answers.resource, recourse.probability, answers.y)


def similar_order(recourse: Recourse) -> Ints:
    """Order of the scenarios (S,) in which each is followed by the one nearest to it among those left; begins with the first."""
    features = _differences(recourse)
    square = (features**2).sum(axis=1)
    distance = square[:, None] + square[None, :] - 2.0 * features @ features.T
    np.fill_diagonal(distance, np.inf)
    order = [0]
    for _ in range(len(features) - 1):
        distance[:, order[-1]] = np.inf
        order.append(int(np.argmin(distance[order[-1]])))
    return np.array(order)


def _differences(recourse: Recourse) -> NDArray[np.float32]:
    """Bounds that differ by scenario, each scaled by its largest difference (S, features)."""
    parts = [np.zeros((recourse.scenarios, 0))]
    for bound in (recourse.low, recourse.high, recourse.row_low, recourse.row_high):
        if np.ndim(bound) > 1:
            finite = np.where(np.isfinite(bound), bound, 0.0)
            spread = np.ptp(finite, axis=0)
            parts.append(finite[:, spread > 0] / spread[spread > 0])
    return np.hstack(parts).astype(np.float32)
