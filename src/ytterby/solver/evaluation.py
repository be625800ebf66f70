"""What a given first stage leads to in scenarios that it was not made for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.solver.cuts import Cuts
from ytterby.solver.decomposition import NO_EXCESS
from ytterby.solver.risk import conditional_value_at_risk
from ytterby.solver.standard_form import Risk, ScenarioStandardForm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.stages import Recourse

    Floats = NDArray[np.float64]


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
    cuts : Cuts
        Those given and those of this point, to be handed on.
    """

    loss: Floats
    resource: Floats
    probability: Floats
    cuts: Cuts = field(repr=False)
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
    cuts: Cuts | None = None,
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
    cuts : Cuts, optional
        Of earlier work on the same recourse: each scenario starts from its last basis.
    workers : int, optional
        Threads; the result does not depend on their number. By default one a core.

    Raises
    ------
    DataGapError
        If a scenario is infeasible at this first stage.
    """
    risk = Risk(weight, alpha)
    if cuts is None:
        cuts = Cuts.none(ScenarioStandardForm.of(recourse, risk))
    else:
        cuts.require_same(recourse, risk)
    point = np.append(x, NO_EXCESS if eta is None else eta / cuts.programs.form.unit)
    answers = cuts.programs.at(point, workers, keep=keep)
    assert answers is not None, "no end was set"
    return Evaluation(answers.loss, answers.resource, recourse.probability, cuts.joined(point, answers), answers.y)
