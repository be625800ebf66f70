"""Solution of a two-stage programme: the best evaluated point, its bounds, and what supports them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ytterby.solver.risk import LossByScenario

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ytterby.solver.cuts import Cuts
    from ytterby.solver.stages import Reason, Way

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TwoStageSolution(LossByScenario):
    """Best evaluated point of a two-stage programme, its bounds, and what supports them.

    Attributes
    ----------
    x : ndarray (n,)
        Decisions of the first stage.
    eta : float
        Value at risk of the loss [USD].
    loss, resource : ndarray (S,)
        Loss and resource cost of each scenario at `x` [USD]; NaN if time ran out before any point was evaluated.
    y : sparse matrix (S, y)
        Decisions of each scenario at `x`.
    probability : ndarray (S,)
        Probabilities of the scenarios.
    weight, alpha : float
        Weight and level of the CVaR.
    first_stage_cost : float
        c'x [USD].
    upper_bound : float
        Objective of the evaluated point (`x`, `y`), with the CVaR by sorting [USD]; infinite if none was evaluated.
    lower_bound : float
        Bound that no first stage beats [USD].
    gap : float
        (upper - lower) by the same reference as the gap asked for.
    row_duals : ndarray (m,)
        Change of the optimum by unit of the binding bound of each row of the first stage [USD a unit]. They support the lower bound:
        with another right-hand side b the optimum is at least ``lower_bound + row_duals @ (b - binding bound)``, so that they are the
        duals of the whole programme as far as the gap is closed. Integers are held at their values in `x`.
    reduced_costs : ndarray (n,)
        The same of the bounds of the decisions.
    cuts : Cuts
        Lower bounds of the scenarios' costs, to be handed to further solves.
    rounds : int
        Evaluated points.
    seconds : float
        Wall time.
    ended : {"gap", "time"}
        What ended the search.
    method : {"decomposition", "whole", "ipx-whole"}
        The way that was gone.
    """

    x: Floats
    eta: float
    loss: Floats
    resource: Floats
    y: Any
    probability: Floats
    weight: float
    alpha: float
    first_stage_cost: float
    upper_bound: float
    lower_bound: float
    gap: float
    row_duals: Floats
    reduced_costs: Floats
    cuts: Cuts | None = field(repr=False)
    rounds: int
    seconds: float
    ended: Reason
    method: Way
