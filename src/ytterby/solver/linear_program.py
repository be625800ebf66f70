"""Linear and mixed-integer programmes as arrays, solved by HiGHS.

.. [1] Q. Huangfu, J. A. J. Hall, Parallelizing the dual revised simplex method, Math. Prog. Comp. 10 (2018), 119-142.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import highspy
import numpy as np

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Ended = Literal["optimal", "infeasible", "unbounded", "time", "failed"]
Method = Literal["simplex", "ipx"]
ENDED: dict[Any, Ended] = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kTimeLimit: "time",
}
"""What the statuses of HiGHS mean; all others are failures."""
MIP_GAP = 1e-6
"""Relative gap at which a mixed-integer programme counts as solved, unless another is asked for."""


class SparseRows:
    """Constraint matrix built from (row, column, value) triplets.

    Rows are added in blocks with their bounds, coefficients afterwards.
    """

    def __init__(self) -> None:
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.count = 0

    def block(self, low: Floats, high: Floats) -> Ints:
        """Add rows with lower and upper bounds (n,); return their indices (n,)."""
        self.low.append(np.asarray(low, float))
        self.high.append(np.asarray(high, float))
        numbers = np.arange(self.count, self.count + len(low))
        self.count += len(low)
        return numbers

    def put(self, row: Ints, column: Ints, value: Floats | float) -> None:
        """Add coefficients; those at the same position are summed."""
        self.row.append(np.asarray(row, np.int64))
        self.column.append(np.asarray(column, np.int64))
        self.value.append(np.broadcast_to(np.asarray(value, float), self.row[-1].shape))

    def put_matrix(self, row: int, column: int, matrix: Any) -> None:
        """Add a sparse matrix whose first row and column lie at these numbers."""
        block = matrix.tocoo()
        self.put(block.row.astype(np.int64) + row, block.col.astype(np.int64) + column, block.data)

    def compressed(self, columns: int) -> tuple[Ints, Ints, Floats]:
        """Compressed sparse rows: start, column index and value, duplicates summed."""
        key = np.concatenate(self.row) * columns + np.concatenate(self.column)
        places, inverse = np.unique(key, return_inverse=True)
        value = np.bincount(inverse, np.concatenate(self.value), len(places)).astype(np.float64, copy=False)
        start = np.searchsorted(places // columns, np.arange(self.count + 1)).astype(np.int64)
        return start, places % columns, value


class LinearProgram:
    """Minimise or maximise cost'x subject to row and column bounds; repeated solves start from the last basis [1]_.

    Parameters
    ----------
    low, high : ndarray (columns,)
        Bounds of the columns.
    rows : SparseRows
        Constraints.
    cost : ndarray (columns,), optional
        Objective; zero until set.
    maximise : bool
        Direction of the objective.
    integer : ndarray of bool (columns,), optional
        Columns restricted to integers.
    mip_gap : float
        Relative gap at which a mixed-integer programme counts as solved.
    """

    def __init__(
        self,
        low: Floats,
        high: Floats,
        rows: SparseRows,
        *,
        cost: Floats | None = None,
        maximise: bool = False,
        integer: NDArray[np.bool_] | None = None,
        mip_gap: float = MIP_GAP,
    ) -> None:
        self.columns = len(low)
        self.integer = np.zeros(self.columns, bool) if integer is None else np.asarray(integer, bool)
        self.solver = _silent_solver(mip_gap)
        start, index, value = rows.compressed(self.columns)
        self.solver.passModel(
            self.columns,
            rows.count,
            len(value),
            int(highspy.MatrixFormat.kRowwise),
            int(_sense(maximise=maximise)),
            0.0,
            np.zeros(self.columns) if cost is None else np.asarray(cost, float),
            np.asarray(low, float),
            np.asarray(high, float),
            np.concatenate([*rows.low, np.zeros(0)]),
            np.concatenate([*rows.high, np.zeros(0)]),
            start.astype(np.int32),
            index.astype(np.int32),
            value,
            self.integer.astype(np.int32),
        )

    def cost(self, cost: Floats) -> None:
        """Replace the objective."""
        self.solver.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), np.asarray(cost, float))

    def bound(self, columns: Ints, low: Floats, high: Floats) -> None:
        """Replace the bounds of some columns."""
        self.solver.changeColsBounds(len(columns), np.asarray(columns, np.int32), np.asarray(low, float), np.asarray(high, float))

    def row_bound(self, rows: Ints, low: Floats, high: Floats) -> None:
        """Replace the bounds of some rows."""
        self.solver.changeRowsBounds(len(rows), np.asarray(rows, np.int32), np.asarray(low, float), np.asarray(high, float))

    def add_rows(self, matrix: Any, low: Floats, high: Floats) -> None:
        """Add the rows of a sparse matrix (r, columns) with their bounds (r,); the basis stays valid."""
        rows = matrix.tocsr()
        self.solver.addRows(
            rows.shape[0],
            np.asarray(low, float),
            np.asarray(high, float),
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            rows.indices.astype(np.int32),
            rows.data.astype(float),
        )

    def sense(self, *, maximise: bool) -> None:
        """Set the direction of the objective."""
        self.solver.changeObjectiveSense(_sense(maximise=maximise))

    def relax_integers(self, columns: NDArray[np.bool_]) -> None:
        """Make columns continuous for good: a mask (columns,)."""
        chosen = np.flatnonzero(columns).astype(np.int32)
        self.solver.changeColsIntegrality(len(chosen), chosen, np.zeros(len(chosen), np.uint8))
        self.integer = self.integer & ~columns

    def fix_integers(self) -> None:
        """Fix integer columns at their values of the last solution and make them continuous: what remains has duals."""
        fixed = np.flatnonzero(self.integer)
        value = np.round(self.values[fixed])
        self.relax_integers(self.integer)
        self.bound(fixed, value, value)

    def run(self, *, time_limit: float | None = None, method: Method = "simplex", crossover: bool = True) -> Ended:
        """Solve from the last basis; how it ended.

        A solve that fails for numerical reasons is tried once more without what earlier solves left behind.

        Parameters
        ----------
        time_limit : float, optional
            Seconds from now.
        method : {"simplex", "ipx"}
            Dual simplex, or the interior-point method IPX; mixed-integer programmes have their own.
        crossover : bool
            Whether IPX ends in a basic solution.
        """
        limit = highspy.kHighsInf if time_limit is None else self.solver.getRunTime() + max(time_limit, 0.0)
        self.solver.setOptionValue("time_limit", limit)  # HiGHS counts the seconds of all solves of an instance
        self.solver.setOptionValue("solver", "choose" if self.integer.any() else method)
        self.solver.setOptionValue("run_crossover", "on" if crossover else "off")
        ended = self._run_once()
        return self.run_afresh() if ended == "failed" else ended

    def run_afresh(self) -> Ended:
        """Solve as in the last :meth:`run`, but without what earlier solves left behind and without presolve; how it ended."""
        self.solver.clearSolver()
        self.solver.setOptionValue("presolve", "off")
        ended = self._run_once()
        self.solver.setOptionValue("presolve", "choose")
        return ended

    def _run_once(self) -> Ended:
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:  # without columns HiGHS does not look at the rows
            return "optimal" if self._rows_hold_at_nil() else "infeasible"
        return ENDED.get(status, "failed")

    def _rows_hold_at_nil(self) -> bool:
        """Whether rows without coefficients hold within the tolerance of the solver."""
        held, slack = self.solver.getLp(), self.solver.getOptionValue("primal_feasibility_tolerance")[1]
        return bool(np.all(np.asarray(held.row_lower_) <= slack) and np.all(np.asarray(held.row_upper_) >= -slack))

    def solve(self) -> float | None:
        """Optimal objective, None if the programme is infeasible.

        Raises
        ------
        DataGapError
            If the programme is unbounded or the solver fails.
        """
        ended = self.run()
        if ended == "infeasible":
            return None
        if ended != "optimal":
            status = self.solver.modelStatusToString(self.solver.getModelStatus())
            raise DataGapError(f"the linear programme of the network has no solution ({status})")
        return self.objective

    @property
    def objective(self) -> float:
        """Objective of the last solution."""
        return float(self.solver.getInfo().objective_function_value)

    @property
    def dual_bound(self) -> float:
        """Bound of the optimum: the best bound of a mixed-integer programme, else the objective."""
        return float(self.solver.getInfo().mip_dual_bound) if self.integer.any() else self.objective

    @property
    def feasible(self) -> bool:
        """Whether the last solve left a feasible point."""
        return bool(self.solver.getInfo().primal_solution_status == highspy.kSolutionStatusFeasible)

    @property
    def iterations(self) -> int:
        """Simplex iterations of the last solve."""
        return int(self.solver.getInfo().simplex_iteration_count)

    @property
    def values(self) -> Floats:
        """Column values of the last solution."""
        return np.asarray(self.solver.getSolution().col_value, float)

    @property
    def row_duals(self) -> Floats:
        """Row duals of the last solution: change of the objective by unit of the binding bound."""
        return np.asarray(self.solver.getSolution().row_dual, float)

    @property
    def reduced_costs(self) -> Floats:
        """Reduced costs of the columns in the last solution."""
        return np.asarray(self.solver.getSolution().col_dual, float)

    @property
    def basis(self) -> Any:
        """Basis of the last solution, to be set again or handed to another programme of the same shape."""
        return self.solver.getBasis()

    @basis.setter
    def basis(self, basis: Any) -> None:
        self.solver.setBasis(basis)

    def stop_at(self, difference: float) -> None:
        """Let a mixed-integer programme count as solved when its bounds differ by no more than this."""
        self.solver.setOptionValue("mip_rel_gap", 0.0)
        self.solver.setOptionValue("mip_abs_gap", difference)


def with_basic_rows(basis: Any, count: int) -> Any:
    """The basis, changed in place, for a programme with so many further rows, which are basic."""
    if count:
        basis.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * count]
    return basis


def of_some_rows(basis: Any, rows: Ints) -> Any:
    """A basis for a programme with some of the rows only; the others must be basic."""
    status = basis.row_status
    return _basis(list(basis.col_status), [status[row] for row in rows.tolist()])


def _basis(columns: list[Any], rows: list[Any]) -> Any:
    basis = highspy.HighsBasis()
    basis.col_status, basis.row_status, basis.valid = columns, rows, True
    return basis


class _Silent(highspy.Highs):  # type: ignore[misc] # highspy is not typed here
    """Instance of HiGHS that prints nothing, not even when it is made: from highspy 1.16 on, enabling callbacks prints a banner."""

    def enableCallbacks(self) -> None:  # noqa: N802 - name of highspy
        self.silent()
        super().enableCallbacks()


def _silent_solver(mip_gap: float) -> Any:
    """Instance of HiGHS that prints nothing and works in one thread."""
    solver = _Silent()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", mip_gap)
    return solver


def _sense(*, maximise: bool) -> Any:
    return highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
