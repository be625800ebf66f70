"""The two stages of a stochastic linear programme as its user states them, and what comes back.

    min  c'x + sum_s p_s (resource_s + loss_s) + weight CVaR_alpha(loss)
    s.t. row_low <= A x <= row_high,  low <= x <= high,  some x integer,
         row_low_s <= W y_s + T x <= row_high_s,  low_s <= y_s <= high_s   for each scenario s,

where resource_s = resource_cost'y_s and loss_s = loss'y_s. Every x of the first stage must leave each scenario a feasible y
(relatively complete recourse), for example by shortages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ytterby.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Way = Literal["auto", "decomposition", "whole", "ipx-whole"]
Reason = Literal["gap", "time"]


@dataclass(frozen=True)
class FirstStage:
    """Decisions before the scenario is known.

    Parameters
    ----------
    cost : ndarray (n,)
        Cost by unit of each decision [USD].
    A : sparse matrix (m, n)
        Coefficients of the rows.
    row_low, row_high : ndarray (m,)
        Bounds of the rows.
    low, high : ndarray (n,)
        Bounds of the decisions.
    integer : ndarray of bool (n,), optional
        Decisions restricted to integers.
    limits : tuple of str (m,), optional
        Name of the limit that each row belongs to; rows of one limit share their name, rows with an empty name hold always.
        Where the limits contradict each other, they are named by these names.

    Raises
    ------
    InputError
        If shapes do not fit each other.
    """

    cost: Floats
    A: Any
    row_low: Floats
    row_high: Floats
    low: Floats
    high: Floats
    integer: NDArray[np.bool_] | None = None
    limits: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        m, n = self.A.shape
        _same("first stage", {"cost": self.cost, "low": self.low, "high": self.high}, (n,))
        _same("first stage", {"row_low": self.row_low, "row_high": self.row_high}, (m,))
        if self.integer is not None:
            _same("first stage", {"integer": self.integer}, (n,))
        if self.limits is not None and len(self.limits) != m:
            raise InputError(f"first stage: limits has {len(self.limits)} names; A has {m} rows")


@dataclass(frozen=True)
class Recourse:
    """Decisions after the scenario is known: common coefficients, bounds by scenario.

    Parameters
    ----------
    W : sparse matrix (k, y)
        Coefficients of the scenario's decisions.
    T : sparse matrix (k, n)
        Coefficients of the first stage's decisions.
    resource_cost : ndarray (y,) or (S, y)
        Resource cost by unit [USD, present value].
    loss : ndarray (y,)
        Loss by unit [USD, present value].
    low, high : ndarray (y,) or (S, y)
        Bounds of the decisions.
    row_low, row_high : ndarray (k,) or (S, k)
        Bounds of the rows.
    probability : ndarray (S,)
        Probabilities of the scenarios, which sum to 1.

    Raises
    ------
    InputError
        If shapes do not fit each other or the probabilities are none.
    """

    W: Any
    T: Any
    resource_cost: Floats
    loss: Floats
    low: Floats
    high: Floats
    row_low: Floats
    row_high: Floats
    probability: Floats

    def __post_init__(self) -> None:
        k, y = self.W.shape
        _same("recourse", {"loss": self.loss}, (y,))
        if self.T.shape[0] != k:
            raise InputError(f"recourse: T has {self.T.shape[0]} rows; W has {k}")
        for size, names in ((y, ("resource_cost", "low", "high")), (k, ("row_low", "row_high"))):
            for name in names:
                shape = np.shape(getattr(self, name))
                if shape not in {(size,), (len(self.probability), size)}:
                    raise InputError(f"recourse: {name} has the shape {shape}; expected ({size},) or ({len(self.probability)}, {size})")
        if len(self.probability) == 0 or np.any(self.probability < 0) or abs(float(np.sum(self.probability)) - 1.0) > 1e-9:
            raise InputError("recourse: probability must hold numbers of at least 0 that sum to 1")

    @property
    def scenarios(self) -> int:
        """Number of scenarios S."""
        return len(self.probability)


def _same(where: str, arrays: dict[str, Any], shape: tuple[int, ...]) -> None:
    for name, array in arrays.items():
        if np.shape(array) != shape:
            raise InputError(f"{where}: {name} has the shape {np.shape(array)}; expected {shape}")
