"""Limits that contradict each other: the smallest set by trying all sets, and nothing else."""

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from ytterby.solver import ConflictingLimitsError, FirstStage, LinearProgram, SparseRows
from ytterby.solver.conflicts import smallest_conflict


def stage(rows, low, high, limits, columns=3, integer=None):
    return FirstStage(
        cost=np.zeros(columns),
        A=sparse.csr_matrix(np.array(rows, float)),
        row_low=np.array(low, float),
        row_high=np.array(high, float),
        low=np.zeros(columns),
        high=np.full(columns, 10.0),
        integer=integer,
        limits=tuple(limits),
    )


def feasible(first, chosen):
    """Whether the rows of some limits, and those of none, hold together."""
    kept = [i for i, name in enumerate(first.limits) if name == "" or name in chosen]
    rows = SparseRows()
    rows.block(first.row_low[kept], first.row_high[kept])
    rows.put_matrix(0, 0, first.A[kept])
    return LinearProgram(first.low, first.high, rows, integer=first.integer).solve() is not None


def by_trying(first):
    """Size of the smallest infeasible set of limits, by trying all; None if there is none."""
    names = sorted(set(first.limits) - {""})
    for size in range(len(names) + 1):
        if any(not feasible(first, chosen) for chosen in combinations(names, size)):
            return size
    return None


def random_stage(seed):
    """Nine rows of six limits and of none, some decisions integer."""
    rng = np.random.default_rng(seed)
    m, n = 9, 4
    low = np.append(rng.uniform(-5, 12, m - 2), [-8.0, -8.0])
    names = [*(f"limit {i % 6}" for i in range(m - 2)), "", ""]
    return stage(rng.normal(size=(m, n)).round(1), low, np.full(m, np.inf), names, n, rng.random(n) < 0.3)


@pytest.mark.parametrize("seed", range(30))
def test_no_smaller_set_is_infeasible(seed):
    first = random_stage(seed)
    found, size = smallest_conflict(first), by_trying(first)
    assert (found is None) == (size is None)
    if found is not None:
        assert len(found) == size
        assert not feasible(first, found)


def test_the_tries_found_sets_of_several_sizes():
    """What the test above compares is not always the same."""
    assert {1, 2, 3} <= {by_trying(random_stage(seed)) for seed in range(30)}


def test_the_smallest_of_two_conflicts_is_named():
    """Three limits contradict each other, and so do two others."""
    first = stage(
        [[1, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]],
        [-np.inf, 2, 2, 6, -np.inf],
        [3, np.inf, np.inf, np.inf, 5],
        ["budget", "mines", "plants", "target", "water"],
    )
    assert smallest_conflict(first) == ("target", "water")


def test_rows_of_one_limit_belong_together():
    first = stage([[1, 0, 0], [0, 1, 0], [1, 1, 0]], [-np.inf, -np.inf, 5], [1, 1, np.inf], ["budget", "budget", "target"])
    assert smallest_conflict(first) == ("budget", "target")


def test_without_conflict_and_without_limits():
    rows, low, high = [[1, 0, 0], [1, 0, 0]], [-np.inf, 5], [1, np.inf]
    assert smallest_conflict(stage(rows, [0, 0], high, ["a", "b"])) is None
    assert smallest_conflict(stage(rows, low, high, ["", ""])) == ()
    assert "without any limit" in str(ConflictingLimitsError(()))
    assert ConflictingLimitsError(("a", "b")).limits == ("a", "b")
