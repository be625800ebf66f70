"""A two-stage programme in the form that is solved: value at risk as a decision of the first stage, money in a handy unit.

CVaR is the least value of eta + sum_s p_s max(0, loss_s - eta) / (1 - alpha) [1]_: eta is one more decision of the first stage, the
excess z_s >= loss_s - eta one more of each scenario. A *point* is a first stage with its eta.

.. [1] R. T. Rockafellar, S. Uryasev, Optimization of conditional value-at-risk, J. Risk 2 (2000), 21-41.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from ytterby.errors import InputError
from ytterby.solver.bound_rows import BoundRows
from ytterby.solver.linear_program import LinearProgram, SparseRows
from ytterby.solver.risk import conditional_value_at_risk, value_at_risk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.solver.stages import FirstStage, Recourse

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Risk:
    """Weight of the conditional value at risk of the loss in the objective, and its level alpha."""

    weight: float = 0.5
    alpha: float = 0.9

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise InputError(f"weight: found {self.weight}; must be at least 0")
        if not 0 <= self.alpha < 1:
            raise InputError(f"alpha: found {self.alpha}; allowed 0 to below 1")


@dataclass(frozen=True)
class ScenarioStandardForm:
    """Recourse with the excess of the loss over eta as last column and its row as last row; costs in `unit` USD.

    Attributes
    ----------
    recourse : Recourse
        What it was made of.
    risk : Risk
        Weight and level.
    unit : float
        Unit of money [USD], a power of two.
    W : sparse matrix (k + 1, y + 1)
        Coefficients of the scenario's decisions.
    T : sparse matrix (k + 1, n + 1)
        Coefficients of the point.
    """

    recourse: Recourse
    risk: Risk
    unit: float
    W: Any
    T: Any

    @classmethod
    def of(cls, recourse: Recourse, risk: Risk) -> ScenarioStandardForm:
        """Put a recourse into this form."""
        unit = _handy_unit(recourse)
        loss = sparse.csr_matrix(recourse.loss / unit)
        one = sparse.csr_matrix([[-1.0]])
        return cls(
            recourse,
            risk,
            unit,
            sparse.bmat([[recourse.W, None], [loss, one]], "csc"),
            sparse.block_diag([recourse.T, one], "csc"),
        )

    def cost(self, scenario: int) -> Floats:
        """Costs of the decisions (y + 1,) [unit]."""
        excess = self.risk.weight / (1.0 - self.risk.alpha)
        return np.append((self.resource_cost(scenario) + self.recourse.loss) / self.unit, excess)

    def bounds(self, scenario: int) -> tuple[Floats, Floats]:
        """Bounds of the decisions (y + 1,)."""
        return np.append(_row(self.recourse.low, scenario), 0.0), np.append(_row(self.recourse.high, scenario), np.inf)

    def row_bounds(self, scenario: int) -> tuple[Floats, Floats]:
        """Bounds of the rows (k + 1,)."""
        return np.append(_row(self.recourse.row_low, scenario), -np.inf), np.append(_row(self.recourse.row_high, scenario), 0.0)

    @cached_property
    def costs_differ(self) -> bool:
        """Whether the costs differ by scenario."""
        return np.ndim(self.recourse.resource_cost) > 1

    @cached_property
    def by_row(self) -> tuple[Any, Any]:
        """Coefficients of the decisions as compressed rows (k + 1, y + 1), and transposed (y + 1, k + 1)."""
        return self.W.tocsr(), self.W.T.tocsr()

    @cached_property
    def moving_rows(self) -> NDArray[np.bool_]:
        """Rows whose bounds differ by scenario or move with the point (k + 1,)."""
        touched = np.diff(self.T.tocsr().indptr) > 0
        touched[:-1] |= differing(self.recourse.row_low, self.recourse.row_high)
        return np.asarray(touched)

    @cached_property
    def moving_columns(self) -> Ints:
        """Numbers of the decisions whose bounds differ by scenario, or move with rows that bound them."""
        moving = np.append(differing(self.recourse.low, self.recourse.high), False)
        moving[self.bound_rows.columns] = True
        return np.flatnonzero(moving)

    @cached_property
    def bound_rows(self) -> BoundRows:
        """Rows that are bounds of a column."""
        return BoundRows.of(self.by_row[0])

    def loss(self, y: Floats) -> float:
        """Loss of a scenario's decisions (y,) [USD]."""
        return inner(self.recourse.loss, y)

    def resource(self, scenario: int, y: Floats) -> float:
        """Resource cost of a scenario's decisions (y,) [USD]."""
        return inner(self.resource_cost(scenario), y)

    def resource_cost(self, scenario: int) -> Floats:
        """Resource cost by unit of a scenario's decisions (y,) [USD]."""
        return _row(self.recourse.resource_cost, scenario)


def inner(a: Floats, b: Floats) -> float:
    """Sum of products (n,). Threads of BLAS would wait for each other longer than they work, the more so on a busy machine."""
    return float(np.einsum("i,i->", a, b))


def objective(first: FirstStage, risk: Risk, probability: Floats, x: Floats, loss: Floats, resource: Floats) -> float:
    """Objective of a first stage and its scenarios' losses and resource costs (S,), with the CVaR by sorting [USD]."""
    cvar = conditional_value_at_risk(loss, probability, risk.alpha)
    return float(first.cost @ x + probability @ (resource + loss) + risk.weight * cvar)


def first_stage_program(first: FirstStage, extra: int = 0, cost: Floats | None = None) -> LinearProgram:
    """Rows and bounds of the first stage, followed by `extra` free columns without coefficients.

    Parameters
    ----------
    first : FirstStage
        Decisions and rows.
    extra : int
        Number of further columns.
    cost : ndarray (n + extra,), optional
        Objective; zero until set.
    """
    rows = SparseRows()
    rows.block(first.row_low, first.row_high)
    rows.put_matrix(0, 0, first.A)
    free = np.full(extra, np.inf)
    integer = np.zeros(len(first.cost), bool) if first.integer is None else first.integer
    return LinearProgram(
        np.append(first.low, -free), np.append(first.high, free), rows, cost=cost, integer=np.append(integer, np.zeros(extra, bool))
    )


def loss_range(recourse: Recourse) -> tuple[float, float]:
    """Least and largest loss that the bounds of the decisions allow in any scenario [USD]; the value at risk lies between."""
    held = np.flatnonzero(recourse.loss)
    at_low, at_high = (np.atleast_2d(bound)[:, held] * recourse.loss[held] for bound in (recourse.low, recourse.high))
    return float(np.minimum(at_low, at_high).sum(axis=1).min()), float(np.maximum(at_low, at_high).sum(axis=1).max())


def best_eta(risk: Risk, probability: Floats, loss: Floats) -> float:
    """Eta that is best for given losses (S,): their value at risk [USD]."""
    return value_at_risk(loss, probability, risk.alpha)


def _handy_unit(recourse: Recourse) -> float:
    """Power of two near the geometric mean of the costs by unit: tolerances of the solver are absolute [USD]."""
    cost = np.abs(np.append(np.ravel(recourse.resource_cost), recourse.loss))
    cost = cost[cost > 0]
    return float(2.0 ** np.round(np.log2(cost).mean())) if len(cost) else 1.0


def differing(*bounds: Floats) -> NDArray[np.bool_]:
    """Where any of some bounds, each by scenario (S, size) or common (size,), differs between scenarios (size,)."""
    found = np.any([np.any(bound != bound[0], axis=0) if np.ndim(bound) > 1 else np.zeros(len(bound), bool) for bound in bounds], axis=0)
    return np.asarray(found)


def _row(array: Floats, scenario: int) -> Floats:
    """What holds in a scenario, of an array by scenario or a common one."""
    return array[scenario] if np.ndim(array) > 1 else array
