"""Work that is used again: rows left out, bases, evaluated points and their mixtures, ranges that share their cuts."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from tests.solver.programmes import network, shapeless
from ytterby.solver import evaluate, near_optimal, near_optimal_ranges, scenarios, solve_two_stage
from ytterby.solver.cuts import Cuts
from ytterby.solver.mixtures import Mixtures
from ytterby.solver.standard_form import Risk, ScenarioStandardForm

EXACT = {"gap": 1e-9}


def points(first, form, count, seed=1):
    """Drawn first stages within their bounds, each with an eta in the unit of the form."""
    rng = np.random.default_rng(seed)
    x = first.low + rng.random((count, len(first.low))) * (first.high - first.low)
    return np.column_stack([x, rng.uniform(0, 50, count)])


def with_idle_rows(recourse, count):
    """The same recourse with rows over all decisions that nothing exhausts: other rows with one coefficient are bounds already."""
    W, T = (
        sparse.vstack([part, sparse.csr_matrix(np.full((count, part.shape[1]), fill))])
        for part, fill in ((recourse.W, 1.0), (recourse.T, 0.0))
    )
    low, high = (
        np.concatenate([end, np.full((*np.shape(end)[:-1], count), far)], axis=-1)
        for end, far in ((recourse.row_low, -1e9), (recourse.row_high, 1e9))
    )
    return replace(recourse, W=W.tocsr(), T=T.tocsr(), row_low=low, row_high=high)


@pytest.mark.parametrize("make", [network, shapeless])
@pytest.mark.parametrize("seed", range(6))
def test_rows_left_out_change_no_answer(make, seed, monkeypatch):
    first, recourse = make(seed, scenarios=16)
    if make is network:
        recourse = with_idle_rows(recourse, 3)
    form = ScenarioStandardForm.of(recourse, Risk())
    monkeypatch.setattr(scenarios, "SETTLED", 2)
    slim = scenarios.ScenarioPrograms(form)
    for point in points(first, form, 6):
        found = slim.at(point)
        whole = scenarios.ScenarioPrograms(form)
        monkeypatch.setattr(scenarios.ScenarioProgram, "slim", True, raising=False)  # nothing is left out of these
        other = whole.at(point)
        monkeypatch.setattr(scenarios.ScenarioProgram, "slim", False, raising=False)
        at = found.constant + found.gradient @ point
        assert at == pytest.approx(other.constant + other.gradient @ point, rel=1e-7, abs=1e-7)
        rows = (recourse.W @ found.y.toarray().T).T + recourse.T @ point[:-1]
        assert np.maximum(recourse.row_low - rows, rows - recourse.row_high).max() < 1e-6
    if make is network:
        assert any(len(chain.left_out) for chain in slim.chains)


def test_cuts_of_slim_programmes_hold_everywhere():
    first, recourse = network(3, scenarios=24)
    form = ScenarioStandardForm.of(recourse, Risk())
    cuts = Cuts.none(form)
    for point in points(first, form, 4):
        cuts = cuts.joined(point, cuts.programs.at(point))
    for point in points(first, form, 12, seed=2):
        exact = scenarios.ScenarioPrograms(form).at(point)
        value = exact.constant + exact.gradient @ point
        assert np.all(cuts.at(point[None])[0] <= value + 1e-7 * (1 + np.abs(value)))


@pytest.mark.parametrize("seed", range(4))
def test_a_mixture_costs_at_most_what_it_says(seed):
    first, recourse = network(seed)
    solution = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    tried, values = solution.cuts.tried[:, :-1], solution.cuts.objectives(first, recourse.probability)
    assert values.min() == pytest.approx(solution.upper_bound)
    poorer = replace(first, row_high=np.append(0.5 * (first.cost @ solution.x), first.row_high[1:]))
    best = Mixtures(poorer, tried, values).best()
    assert np.all(first.A @ best.x <= poorer.row_high + 1e-9)
    fixed = replace(first, low=best.x, high=best.x, A=first.A[:0], row_low=np.zeros(0), row_high=np.zeros(0), limits=None)
    assert solve_two_stage(fixed, recourse, method="whole").upper_bound <= best.value * (1 + 1e-7)
    bound = solution.upper_bound * 1.1
    some = Mixtures(first, tried, values).extreme(first.cost, bound)
    assert some.value <= bound * (1 + 1e-8)
    assert first.cost @ some.x <= first.cost @ solution.x + 1e-6


def test_the_extreme_of_mixtures_is_the_least():
    """Where the bound leaves room, the least and the largest value of a function are those of single points, and they differ."""
    first, _ = network(1)
    tried = first.low + np.array([[0.1], [0.5], [0.3]]) * (first.high - first.low)
    free = replace(first, row_low=np.full(3, -np.inf), row_high=np.full(3, np.inf))
    found = Mixtures(free, tried, np.array([2.0, 1.0, 3.0])).extreme(np.ones(6), 100.0)
    assert np.ones(6) @ found.x == pytest.approx((tried @ np.ones(6)).min())
    assert np.ones(6) @ Mixtures(free, tried, np.array([2.0, 1.0, 3.0])).extreme(-np.ones(6), 100.0).x == pytest.approx(tried[1].sum())


@pytest.mark.parametrize("share", [0.25, 0.75])
def test_a_slack_budget_is_given_up_along_the_direction(share):
    """Between the best of two points and one that costs more, a mixture goes towards the cheaper spending as far as the bound lets it."""
    first, _ = network(1)
    tried = np.array([first.high, first.low])
    free = replace(first, row_low=np.full(3, -np.inf), row_high=np.full(3, np.inf))  # no budget is short
    found = Mixtures(free, tried, np.array([100.0, 140.0])).extreme(first.cost, 100.0 + 40.0 * share)
    assert found.share == pytest.approx([1.0 - share, share], abs=1e-6)
    assert first.cost @ found.x == pytest.approx((1.0 - share) * first.cost @ first.high + share * first.cost @ first.low)


def test_no_mixture_where_all_points_break_a_limit():
    first, _ = network(1)
    assert Mixtures(first, first.high[None] * 10.0, np.ones(1)).best() is None


@pytest.mark.parametrize("seed", range(3))
def test_ranges_together_equal_ranges_alone(seed):
    first, recourse = network(seed)
    solution = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    directions = [*np.eye(6)[:3], -np.ones(6)]
    own = {"bound": solution.upper_bound * 1.05, "tolerance": 1e-6}
    together = near_optimal_ranges(first, recourse, solution, directions, **own)
    for direction, found in zip(directions, together, strict=True):
        alone = near_optimal(first, recourse, solution, direction, **own)
        assert found.attained == pytest.approx(alone.attained, abs=1e-4)
        assert found.outer == pytest.approx(alone.outer, abs=1e-4)
        assert direction @ found.x == pytest.approx(found.attained)
    assert sum(found.rounds for found in together) <= len(together[-1].cuts.tried)


def test_a_search_with_cuts_of_the_optimum_needs_one_round():
    first, recourse = network(2, scenarios=12)
    solution = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    again = solve_two_stage(first, recourse, method="decomposition", cuts=solution.cuts, gap=1e-6)
    assert again.rounds <= 1
    assert again.upper_bound == pytest.approx(solution.upper_bound)
    assert again.y.shape == solution.y.shape
    assert again.y.toarray() @ recourse.loss == pytest.approx(again.loss)


def test_a_start_that_is_new_is_tried_beside_what_is_known():
    first, recourse = network(2, scenarios=12)
    nothing = solve_two_stage(replace(first, high=first.low, row_low=np.full(3, -np.inf)), recourse, method="decomposition", **EXACT)
    best = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    found = solve_two_stage(first, recourse, method="decomposition", cuts=nothing.cuts, start=best.x, gap=1.0)
    assert found.upper_bound <= best.upper_bound * (1 + 1e-3)  # eta is not yet the best


def test_evaluations_hand_on_their_bases():
    first, recourse = network(4, scenarios=12)
    x = first.high / 3
    one = evaluate(x, recourse, eta=3.0)
    again = evaluate(x, recourse, eta=3.0, cuts=one.cuts)
    assert again.loss == pytest.approx(one.loss)
    assert len(again.cuts.tried) == 2
    assert all(chain.program.iterations == 0 for chain in again.cuts.programs.chains)
