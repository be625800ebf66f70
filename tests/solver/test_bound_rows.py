"""Rows with one coefficient stand as bounds of their column: the same answers and cuts as if they were rows."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from tests.solver.programmes import network
from tests.solver.test_kept_work import points
from ytterby.errors import DataGapError
from ytterby.solver import scenarios, solve_two_stage
from ytterby.solver.bound_rows import BoundRows
from ytterby.solver.standard_form import Risk, ScenarioStandardForm

NONE = BoundRows(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def with_bounds(recourse, seed):
    """The same recourse with rows that bound half of the columns, some by what is decided first, with coefficients of both signs."""
    rng = np.random.default_rng(seed)
    columns = np.flatnonzero(rng.random(len(recourse.loss)) < 0.5)
    count, decisions = len(columns), recourse.T.shape[1]
    of = rng.choice([-2.0, -1.0, 0.5, 1.0], count)
    W = sparse.csr_matrix((of, (np.arange(count), columns)), (count, len(recourse.loss)))
    moved = rng.random(count) < 0.5
    T = sparse.csr_matrix(
        (-np.abs(of[moved]) * np.sign(of[moved]), (np.flatnonzero(moved), rng.integers(0, decisions, moved.sum()))), (count, decisions)
    )
    most = rng.uniform(5.0, 30.0, count) * np.abs(of)
    low, high = np.where(of < 0, -most, -np.inf), np.where(of > 0, most, np.inf)
    ends = [
        np.concatenate([end, np.broadcast_to(own, (*np.shape(end)[:-1], count))], axis=-1)
        for end, own in ((recourse.row_low, low), (recourse.row_high, high))
    ]
    stacked = [sparse.vstack([above, below]).tocsr() for above, below in ((recourse.W, W), (recourse.T, T))]
    return replace(recourse, W=stacked[0], T=stacked[1], row_low=ends[0], row_high=ends[1])


def as_rows(form):
    """The same form in which all rows stay rows."""
    form = replace(form)
    form.__dict__["bound_rows"] = NONE
    return form


@pytest.mark.parametrize("seed", range(8))
def test_answers_and_cuts_are_those_of_rows(seed):
    first, recourse = network(seed, scenarios=6)
    form = ScenarioStandardForm.of(with_bounds(recourse, seed), Risk())
    assert len(form.bound_rows.rows) > 3
    bounded, rowed = scenarios.ScenarioPrograms(form), scenarios.ScenarioPrograms(as_rows(form))
    tried = points(first, form, 6)
    answers = [(bounded.at(point), rowed.at(point)) for point in tried]
    for point, (ours, other) in zip(tried, answers, strict=True):
        at = ours.constant + ours.gradient @ point
        assert at == pytest.approx(other.constant + other.gradient @ point, rel=1e-9, abs=1e-9)
        rows = (form.recourse.W @ ours.y.toarray().T).T + form.recourse.T @ point[:-1]
        assert np.maximum(form.recourse.row_low - rows, rows - form.recourse.row_high).max() < 1e-7
        for elsewhere, (_, exact) in zip(tried, answers, strict=True):  # a cut lies below what is found anywhere else
            assert np.all(ours.constant + ours.gradient @ elsewhere <= exact.constant + exact.gradient @ elsewhere + 1e-7)
    assert len(bounded.chains[0].held) < len(rowed.chains[0].held)


def test_a_plan_is_that_of_the_whole():
    first, recourse = network(2, scenarios=8)
    recourse = with_bounds(recourse, 2)
    whole = solve_two_stage(first, recourse, method="whole", gap=1e-9)
    assert solve_two_stage(first, recourse, gap=1e-9).upper_bound == pytest.approx(whole.upper_bound, rel=1e-7)


def test_bounds_that_cross_by_rounding_meet_and_others_do_not():
    rows = BoundRows.of(sparse.csr_matrix([[2.0, 0.0], [0.0, -1.0]]))
    zero = np.zeros(2)
    low, high = rows.tightened(zero, np.ones(2), np.full(2, -np.inf), np.array([-1e-15, np.inf]))
    assert (low.tolist(), high.tolist()) == ([0.0, 0.0], [0.0, 1.0])
    low, high = rows.tightened(zero, np.ones(2), np.full(2, -np.inf), np.array([-1.0, np.inf]))
    assert high[0] == -0.5 < low[0]


def test_what_cannot_hold_is_told():
    first, recourse = network(1, scenarios=4)
    recourse = with_bounds(recourse, 1)
    form = ScenarioStandardForm.of(replace(recourse, row_high=np.where(np.isfinite(recourse.row_high), recourse.row_high, -1e6)), Risk())
    with pytest.raises(DataGapError, match="no solution"):
        scenarios.ScenarioPrograms(form).at(points(first, form, 1)[0])


def test_of_two_bounds_the_first_is_one_and_the_other_stays_a_row():
    rows = BoundRows.of(sparse.csr_matrix([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 3.0]]))
    assert rows.rows.tolist() == [0, 3]
    assert rows.others(4).tolist() == [1, 2]
