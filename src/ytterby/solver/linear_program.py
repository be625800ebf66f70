"""Linear and mixed-integer programmes as arrays, solved by HiGHS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from ytterby.errors import DataGapError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


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

    def compressed(self, columns: int) -> tuple[Ints, Ints, Floats]:
        """Compressed sparse rows: start, column index and value, duplicates summed."""
        key = np.concatenate(self.row) * columns + np.concatenate(self.column)
        places, inverse = np.unique(key, return_inverse=True)
        value = np.bincount(inverse, np.concatenate(self.value), len(places)).astype(np.float64, copy=False)
        start = np.searchsorted(places // columns, np.arange(self.count + 1)).astype(np.int64)
        return start, places % columns, value


class LinearProgram:
    """Minimise or maximise cost'x subject to row and column bounds; repeated solves start from the last basis.

    Parameters
    ----------
    low, high : ndarray (columns,)
        Bounds of the columns.
    rows : SparseRows
        Constraints.
    maximise : bool
        Direction of the objective.
    integer : ndarray of bool (columns,), optional
        Columns restricted to integers.
    """

    def __init__(
        self, low: Floats, high: Floats, rows: SparseRows, *, maximise: bool = False, integer: NDArray[np.bool_] | None = None
    ) -> None:
        model = highspy.HighsLp()
        start, index, value = rows.compressed(len(low))
        model.num_col_, model.num_row_ = len(low), rows.count
        model.col_cost_ = np.zeros(len(low))
        model.col_lower_, model.col_upper_ = np.asarray(low, float), np.asarray(high, float)
        model.row_lower_, model.row_upper_ = np.concatenate(rows.low), np.concatenate(rows.high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = start, index, value
        model.sense_ = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
        if integer is not None:
            model.integrality_ = [highspy.HighsVarType.kInteger if i else highspy.HighsVarType.kContinuous for i in integer]
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        self.solver.setOptionValue("mip_rel_gap", 1e-6)
        self.solver.passModel(model)
        self.columns = len(low)

    def cost(self, cost: Floats) -> None:
        """Replace the objective."""
        self.solver.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), np.asarray(cost, float))

    def bound(self, columns: Ints, low: Floats, high: Floats) -> None:
        """Replace the bounds of some columns."""
        self.solver.changeColsBounds(len(columns), np.asarray(columns, np.int32), np.asarray(low, float), np.asarray(high, float))

    def sense(self, *, maximise: bool) -> None:
        """Set the direction of the objective."""
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize)

    def solve(self) -> float | None:
        """Optimal objective, None if the programme is infeasible.

        Raises
        ------
        DataGapError
            If the programme is unbounded or the solver fails.
        """
        self.solver.run()
        status = self.solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise DataGapError(f"the linear programme of the network has no solution ({self.solver.modelStatusToString(status)})")
        return float(self.solver.getInfo().objective_function_value)

    @property
    def values(self) -> Floats:
        """Column values of the last solution."""
        return np.asarray(self.solver.getSolution().col_value)

    @property
    def row_duals(self) -> Floats:
        """Row duals of the last solution."""
        return np.asarray(self.solver.getSolution().row_dual)
