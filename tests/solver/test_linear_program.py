"""The door to HiGHS: bounds, bases, duals, integers, time, and silence."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from ytterby.errors import DataGapError
from ytterby.solver import LinearProgram, SparseRows


def random_program(seed, rows=12, columns=20, **options):
    rng = np.random.default_rng(seed)
    A, x = sparse.random(rows, columns, 0.4, "csr", random_state=rng), rng.random(columns)
    low, cost = A @ x - 0.1, rng.uniform(0.1, 1, columns)
    held = SparseRows()
    numbers = held.block(low, np.full(rows, np.inf))
    held.put_matrix(numbers[0], 0, A)
    return LinearProgram(np.zeros(columns), np.full(columns, 2.0), held, cost=cost, **options), A, low, cost


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("method", ["simplex", "ipx"])
def test_optimum_and_duals_of_scipy(seed, method):
    program, A, low, cost = random_program(seed)
    other = linprog(cost, A_ub=-A, b_ub=-low, bounds=(0, 2))
    assert program.run(method=method) == "optimal"
    assert program.objective == pytest.approx(other.fun)
    assert program.row_duals == pytest.approx(-other.ineqlin.marginals, abs=1e-7)
    assert program.reduced_costs == pytest.approx(cost - A.T @ program.row_duals, abs=1e-9)
    assert program.row_duals @ low + 2 * np.minimum(program.reduced_costs, 0).sum() == pytest.approx(program.objective)


def test_a_matrix_in_blocks_equals_its_triplets():
    blocks, triplets = SparseRows(), SparseRows()
    A, B = sparse.csr_matrix([[1.0, 0, 2], [0, 3, 0]]), sparse.csr_matrix([[4.0], [5.0]])
    for held in (blocks, triplets):
        held.block(np.zeros(2), np.ones(2))
        held.block(np.zeros(2), np.ones(2))
    blocks.put_matrix(0, 0, A)
    blocks.put_matrix(2, 3, B)
    triplets.put(np.array([0, 0, 1, 2, 3]), np.array([0, 2, 1, 3, 3]), np.array([1.0, 2, 3, 4, 5]))
    for one, other in zip(blocks.compressed(4), triplets.compressed(4), strict=True):
        assert np.array_equal(one, other)


def test_a_basis_saves_iterations():
    program, A, low, _ = random_program(3, 150, 300)
    program.run()
    cold, basis = program.iterations, program.basis
    rows = np.arange(len(low))
    program.row_bound(rows, 0.5 * low, np.full(len(low), np.inf))
    program.run()
    program.row_bound(rows, low, np.full(len(low), np.inf))
    program.basis = basis
    program.run()
    assert cold > 50
    assert program.iterations == 0


def test_added_rows_bind():
    program, A, low, cost = random_program(4)
    before = program.solve()
    program.add_rows(sparse.csr_matrix(np.ones((1, len(cost)))), np.array([program.values.sum() + 1]), np.array([np.inf]))
    after = program.solve()
    assert after > before
    assert program.row_duals[-1] > 0


def test_duals_with_integers_fixed():
    """The least integer cover of 2.5 is 3; the continuous rest has the dual of its own price."""
    rows = SparseRows()
    rows.put_matrix(rows.block(np.array([2.5, 1.5]), np.full(2, np.inf))[0], 0, sparse.csr_matrix([[1.0, 0.0], [0.5, 1.0]]))
    program = LinearProgram(np.zeros(2), np.full(2, 9.0), rows, cost=np.array([1.0, 0.3]), integer=np.array([True, False]))
    assert program.solve() == pytest.approx(3.0)
    assert program.dual_bound == pytest.approx(3.0)
    assert np.round(program.values) == pytest.approx([3, 0])
    rows_high = np.full(2, np.inf)
    program.row_bound(np.arange(2), np.array([2.5, 2.0]), rows_high)
    program.solve()
    program.fix_integers()
    assert program.solve() == pytest.approx(3.15)
    assert program.row_duals == pytest.approx([0.0, 0.3])


def test_ends_are_told_apart():
    def of(low, high, cost, row=(0.0, np.inf), **options):
        rows = SparseRows()
        rows.put_matrix(rows.block(np.array([row[0]]), np.array([row[1]]))[0], 0, sparse.csr_matrix(np.ones((1, len(cost)))))
        return LinearProgram(np.array(low), np.array(high), rows, cost=np.array(cost), **options)

    assert of([0.0], [1.0], [1.0], (2.0, 3.0)).run() == "infeasible"
    assert of([0.0], [1.0], [1.0], (2.0, 3.0)).solve() is None
    assert of([0.0, 0.0], [np.inf, np.inf], [-1.0, 1.0]).run() == "unbounded"
    with pytest.raises(DataGapError):
        of([0.0, 0.0], [np.inf, np.inf], [-1.0, 1.0]).solve()
    assert of([0.0], [1.0], [1.0], (0.5, 3.0)).run() == "optimal"
    assert of([0.0], [1.0], [1.0], maximise=True).solve() == pytest.approx(1.0)


@pytest.mark.parametrize(("low", "high", "ended"), [(-1.0, 0.0, "optimal"), (1.0, 2.0, "infeasible"), (-2.0, -1.0, "infeasible")])
def test_a_programme_without_columns_rests_on_its_rows(low, high, ended):
    rows = SparseRows()
    rows.block(np.full(3, low), np.full(3, high))
    rows.put_matrix(0, 0, sparse.csr_matrix((3, 0)))
    assert LinearProgram(np.zeros(0), np.zeros(0), rows).run() == ended


def test_time_is_counted_anew_for_each_solve():
    program, A, low, _ = random_program(5, 400, 800)
    assert program.run() == "optimal"
    program.solver.clearSolver()
    assert program.run(time_limit=0.0) == "time"
    program.solver.clearSolver()
    assert program.run(time_limit=100.0) == "optimal"


def test_nothing_is_printed():
    code = (
        "import numpy as np\nfrom ytterby.solver import LinearProgram, SparseRows\nrows = SparseRows()\n"
        "rows.put(rows.block(np.ones(1), np.full(1, 9.0)), np.zeros(1, int), 1.0)\n"
        "program = LinearProgram(np.zeros(1), np.ones(1), rows, cost=np.ones(1), integer=np.ones(1, bool))\n"
        "assert program.solve() == 1.0\nassert program.run(method='ipx') == 'optimal'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert (done.stdout, done.stderr) == ("", "")
