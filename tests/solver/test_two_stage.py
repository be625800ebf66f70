"""Two-stage programmes: the decomposition against the whole, bounds, duals, cuts used again, time."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from tests.solver.programmes import network, shapeless
from ytterby.errors import DataGapError, InputError
from ytterby.solver import (
    ConflictingLimitsError,
    conditional_value_at_risk,
    evaluate,
    near_optimal,
    solve_two_stage,
    value_at_risk,
)
from ytterby.solver.linear_program import LinearProgram
from ytterby.solver.scenarios import ScenarioPrograms

EXACT = {"gap": 1e-9}


def objective(first, recourse, solution, weight=0.5, alpha=0.9):
    """Objective of a solution from its decisions alone, CVaR as the best of all losses taken for eta."""
    y = solution.y.toarray()
    resource_cost = np.broadcast_to(recourse.resource_cost, y.shape)
    p, loss, resource = recourse.probability, y @ recourse.loss, (y * resource_cost).sum(axis=1)
    cvar = min(eta + p @ np.maximum(loss - eta, 0) / (1 - alpha) for eta in loss)
    return first.cost @ solution.x + p @ (loss + resource) + weight * cvar


def violation(first, recourse, solution):
    """Largest violation of any bound or row by a solution."""
    y = solution.y.toarray()
    rows = (recourse.W @ y.T).T + recourse.T @ solution.x
    held = [
        (solution.x, first.low, first.high),
        (first.A @ solution.x, first.row_low, first.row_high),
        (y, recourse.low, recourse.high),
        (rows, recourse.row_low, recourse.row_high),
    ]
    return max(float(np.maximum(low - value, value - high).max()) for value, low, high in held)


@pytest.mark.parametrize("make", [network, shapeless])
@pytest.mark.parametrize("seed", range(20))
def test_decomposition_equals_the_whole(make, seed):
    first, recourse = make(seed)
    whole = solve_two_stage(first, recourse, method="whole")
    interior = solve_two_stage(first, recourse, method="ipx-whole")
    parts = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    size = 1e-7 * (1 + abs(whole.upper_bound))
    assert parts.upper_bound == pytest.approx(whole.upper_bound, abs=size)
    assert interior.upper_bound == pytest.approx(whole.upper_bound, abs=size)
    assert parts.lower_bound == pytest.approx(whole.upper_bound, abs=size)
    for solution in (whole, interior, parts):
        assert solution.ended == "gap"
        assert solution.lower_bound <= solution.upper_bound + size
        assert objective(first, recourse, solution) == pytest.approx(solution.upper_bound, abs=size)
        assert violation(first, recourse, solution) < 1e-5


@pytest.mark.parametrize("seed", range(6))
def test_integer_first_stage_equals_the_whole(seed):
    first, recourse = network(seed, integer=True)
    whole = solve_two_stage(first, recourse, method="whole", **EXACT)
    parts = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    assert parts.upper_bound == pytest.approx(whole.upper_bound, rel=1e-7)
    assert parts.lower_bound == pytest.approx(parts.upper_bound, rel=1e-7)
    assert np.array_equal(parts.x[first.integer], np.round(parts.x[first.integer]))
    relaxed = solve_two_stage(replace(first, integer=None), recourse, **EXACT)
    assert relaxed.upper_bound <= parts.upper_bound * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("integer", [False, True])
def test_row_duals_lie_between_the_finite_differences(seed, integer):
    """Integers are held at their values: the duals are those of the programme that is left."""
    first, recourse = network(seed, integer=integer)
    solution = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    if integer:
        held = np.where(first.integer, solution.x, np.nan)
        low, high = (np.where(first.integer, held, bound) for bound in (first.low, first.high))
        first = replace(first, integer=None, low=low, high=high)

    def moved(row, step):
        """Optimum with both bounds of a row moved; infinite where nothing is feasible then."""
        high, low = first.row_high.copy(), first.row_low.copy()
        high[row] += step
        low[row] += step
        try:
            return solve_two_stage(replace(first, row_high=high, row_low=low), recourse, method="whole").upper_bound
        except ConflictingLimitsError:
            return np.inf

    steps = 1e-4 * np.abs(first.row_high)
    for row, step in enumerate(steps):
        right, left = (moved(row, step) - solution.upper_bound) / step, (solution.upper_bound - moved(row, -step)) / step
        rounding = 1e-8 * solution.upper_bound / step
        assert left - rounding <= solution.row_duals[row] <= right + rounding  # the optimum is convex in the bounds
        if right - left < 1e-3 * abs(left):
            assert solution.row_duals[row] == pytest.approx(right, rel=1e-2, abs=rounding)


def test_some_duals_bind():
    assert any(np.abs(solve_two_stage(*network(seed), **EXACT).row_duals).max() > 0.1 for seed in range(8))


@pytest.mark.parametrize("seed", range(6))
def test_cuts_serve_other_budgets_limits_and_probabilities(seed):
    first, recourse = network(seed)
    cuts = solve_two_stage(first, recourse, method="decomposition", **EXACT).cuts
    other_high = first.row_high * np.array([0.4, 1.0, 0.5])
    p = recourse.probability[::-1].copy()
    for changed, scenarios in (
        (replace(first, row_high=other_high), recourse),
        (replace(first, A=first.A[:2], row_low=first.row_low[:2], row_high=first.row_high[:2], limits=None), recourse),
        (replace(first, cost=2 * first.cost), recourse),
        (first, replace(recourse, probability=p)),
    ):
        again = solve_two_stage(changed, scenarios, method="decomposition", cuts=cuts, **EXACT)
        fresh = solve_two_stage(changed, scenarios, method="whole")
        assert again.upper_bound == pytest.approx(fresh.upper_bound, rel=1e-7)
        assert again.lower_bound == pytest.approx(fresh.upper_bound, rel=1e-7)


def test_cuts_hold_at_every_first_stage():
    first, recourse = network(3)
    solution = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    rng, cuts = np.random.default_rng(1), solution.cuts
    unit = cuts.programs.form.unit
    for _ in range(20):
        x, eta = rng.uniform(first.low, first.high), rng.uniform(0, 2 * solution.eta)
        found = evaluate(x, recourse, eta=eta, weight=0.5, alpha=0.9)
        cost = found.loss + found.resource + 0.5 / 0.1 * np.maximum(found.loss - eta, 0)
        told = cuts.at(np.append(x, eta / unit)[None])[0] * unit
        assert np.all(told <= cost + 1e-6 * np.abs(cost))


def test_foreign_cuts_are_refused():
    first, recourse = network(1)
    cuts = solve_two_stage(first, recourse, method="decomposition").cuts
    with pytest.raises(InputError, match="alpha"):
        solve_two_stage(first, recourse, cuts=cuts, alpha=0.8, method="decomposition")
    with pytest.raises(InputError, match="another recourse"):
        solve_two_stage(first, network(2)[1], cuts=cuts, method="decomposition")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("weight", [0.0, 0.5, 5.0])
def test_cvar_equals_sorting(seed, alpha, weight):
    first, recourse = network(seed, scenarios=9)
    solution = solve_two_stage(first, recourse, weight=weight, alpha=alpha, **EXACT)
    order = np.argsort(solution.loss)[::-1]
    left, tail = 1 - alpha, 0.0
    for s in order:
        taken = min(left, recourse.probability[s])
        left, tail = left - taken, tail + taken * solution.loss[s]
    assert solution.cvar == pytest.approx(tail / (1 - alpha), rel=1e-9, abs=1e-9)
    assert objective(first, recourse, solution, weight, alpha) == pytest.approx(solution.upper_bound, rel=1e-9)
    assert solution.eta == value_at_risk(solution.loss, recourse.probability, alpha)


def test_cvar_splits_the_loss_at_the_border():
    loss, p = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0.4, 0.3, 0.2, 0.1])
    assert conditional_value_at_risk(loss, p, 0.8) == pytest.approx((0.1 * 4 + 0.1 * 3) / 0.2)
    assert conditional_value_at_risk(loss, p, 0.0) == pytest.approx(p @ loss)
    assert conditional_value_at_risk(loss, p, 0.95) == pytest.approx(4.0)


@pytest.mark.parametrize("scale", [1e-6, 1e9])
def test_the_size_of_money_changes_nothing_else(scale):
    one, other = (solve_two_stage(*network(4, scale=size), method="decomposition", **EXACT) for size in (1.0, scale))
    assert other.upper_bound / scale == pytest.approx(one.upper_bound, rel=1e-7)
    assert other.row_duals[0] == pytest.approx(one.row_duals[0], rel=1e-6)  # money by money


def test_columns_of_very_different_size():
    """Decisions in grams and in megatonnes, as they may stand in one plan."""
    first, recourse = network(5)
    size = 10.0 ** np.array([-6, 0, 6, 3, -3, 5])
    spread = sparse.diags(1 / size)
    scaled = replace(first, cost=first.cost / size, A=(first.A @ spread).tocsr(), low=first.low * size, high=first.high * size)
    parts = solve_two_stage(scaled, replace(recourse, T=(recourse.T @ spread).tocsr()), method="decomposition", **EXACT)
    assert parts.upper_bound == pytest.approx(solve_two_stage(first, recourse, method="whole").upper_bound, rel=1e-6)


def test_results_do_not_depend_on_the_number_of_threads():
    one, two = (solve_two_stage(*network(2, scenarios=11), method="decomposition", workers=n, **EXACT) for n in (1, 3))
    assert np.array_equal(one.x, two.x)
    assert np.array_equal(one.loss, two.loss)
    assert (one.upper_bound, one.lower_bound) == (two.upper_bound, two.lower_bound)


def test_gap_may_be_absolute_or_by_the_gain():
    first, recourse = network(7, scenarios=12)
    nothing = solve_two_stage(replace(first, high=first.low, row_low=np.full(3, -np.inf)), recourse, **EXACT).upper_bound
    loose = solve_two_stage(first, recourse, gap=0.05, reference=nothing)
    assert loose.gap == pytest.approx((loose.upper_bound - loose.lower_bound) / (nothing - loose.upper_bound))
    assert loose.gap <= 0.05
    wide = solve_two_stage(first, recourse, gap=0.0, absolute_gap=0.2 * abs(nothing))
    assert wide.upper_bound - wide.lower_bound <= 0.2 * abs(nothing)
    assert wide.rounds <= loose.rounds


def test_bounds_are_told_each_round_and_never_cross():
    told = []
    first, recourse = network(9, scenarios=12)
    solution = solve_two_stage(first, recourse, method="decomposition", progress=lambda *bounds: told.append(bounds), **EXACT)
    rounds, lower, upper = (np.array(column) for column in zip(*told, strict=True))
    assert rounds[-1] == solution.rounds
    assert np.all(np.diff(lower) >= 0)
    assert np.all(np.diff(upper) <= 0)
    assert np.all(lower <= upper + 1e-6 * abs(upper[-1]))


def test_a_larger_budget_costs_no_more_and_its_dual_bounds_the_gain():
    first, recourse = network(6, scenarios=10)
    cuts, before = None, None
    for budget in (2.0, 4.0, 8.0, 16.0):
        found = solve_two_stage(
            replace(first, row_high=first.row_high * [budget / 25, 1, 1]), recourse, method="decomposition", cuts=cuts, **EXACT
        )
        if before is not None:
            assert found.upper_bound <= before.upper_bound * (1 + 1e-8)
            assert found.upper_bound >= before.lower_bound + before.row_duals[0] * budget / 2 - 1e-6 * before.upper_bound
        cuts, before = found.cuts, found


def test_a_start_is_taken_where_it_is_feasible():
    first, recourse = network(2, scenarios=10)
    best = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    again = solve_two_stage(first, recourse, method="decomposition", start=best.x, gap=1e-3)
    assert again.upper_bound <= best.upper_bound * (1 + 1e-6)
    wrong = solve_two_stage(first, recourse, method="decomposition", start=first.high * 2, **EXACT)
    assert wrong.upper_bound == pytest.approx(best.upper_bound, rel=1e-7)


@pytest.mark.parametrize("method", ["decomposition", "whole", "ipx-whole"])
def test_without_time_nothing_is_claimed(method):
    first, recourse = network(1, scenarios=10)
    solution = solve_two_stage(first, recourse, method=method, time_limit=0.0)
    assert solution.ended == "time"
    assert solution.lower_bound == -np.inf
    assert solution.upper_bound == np.inf
    assert np.isnan(solution.loss).all()
    assert np.isnan(solution.x).all()


def test_time_ends_with_bounds_that_hold(monkeypatch):
    """The clock is wound forward after a few rounds."""
    first, recourse = network(8, scenarios=12)
    best = solve_two_stage(first, recourse, method="whole").upper_bound
    wound = []
    real = __import__("time").monotonic

    def late(rounds, _lower, _upper):
        if rounds == 3:
            wound.append(1e6)

    monkeypatch.setattr("time.monotonic", lambda: real() + sum(wound))
    solution = solve_two_stage(first, recourse, method="decomposition", time_limit=1e5, progress=late, gap=0.0)
    assert solution.ended == "time"
    assert solution.rounds == 3
    assert solution.lower_bound <= best <= solution.upper_bound
    assert solution.gap > 0
    assert objective(first, recourse, solution) == pytest.approx(solution.upper_bound)


def test_few_scenarios_are_solved_whole():
    assert solve_two_stage(*network(1, scenarios=3)).method == "ipx-whole"
    assert solve_two_stage(*network(1, scenarios=4)).method == "decomposition"


def test_unbounded_columns_of_the_first_stage():
    first, recourse = network(3)
    solution = solve_two_stage(replace(first, high=np.full(6, np.inf)), recourse, method="decomposition", **EXACT)
    whole = solve_two_stage(replace(first, high=np.full(6, np.inf)), recourse, method="whole")
    assert solution.upper_bound == pytest.approx(whole.upper_bound, rel=1e-7)
    assert solution.lower_bound == pytest.approx(whole.upper_bound, rel=1e-7)


def test_unbounded_and_infeasible_programmes_are_told():
    first, recourse = network(3)
    free = replace(first, high=np.full(6, np.inf), row_high=np.full(3, np.inf), cost=-first.cost)
    for method in ("whole", "decomposition"):
        with pytest.raises(DataGapError):
            solve_two_stage(free, recourse, method=method)
    with pytest.raises(ConflictingLimitsError, match="plants"):
        solve_two_stage(replace(first, row_low=np.array([-np.inf, 1e3, -np.inf])), recourse, method="decomposition")
    scarce = replace(recourse, high=np.zeros_like(recourse.high))
    with pytest.raises(DataGapError, match="scenario"):
        solve_two_stage(first, scarce, method="decomposition")


@pytest.mark.parametrize("seed", range(3))
def test_a_start_that_rounding_puts_outside_its_bounds_is_taken_within_them(seed):
    """It counts as feasible, and plants and stocks of a little less than nothing would leave the scenarios without a solution."""
    first, recourse = network(seed)
    first = replace(first, row_low=np.full_like(first.row_low, -np.inf))
    found = solve_two_stage(first, recourse, start=first.low - 5e-7, method="decomposition", **EXACT)
    assert found.upper_bound == pytest.approx(solve_two_stage(first, recourse, method="whole", gap=1e-9).upper_bound, rel=1e-7)


def test_every_point_of_the_search_is_within_the_bounds_to_the_bit(monkeypatch):
    """The solver lets decisions leave their bounds by its tolerance."""
    first, recourse = network(2)
    values, tried = LinearProgram.values.fget, []
    monkeypatch.setattr(LinearProgram, "values", property(lambda self: values(self) - 5e-7))
    at = ScenarioPrograms.at

    def noted(programs, point, *rest, **more):
        tried.append(point[:-1])
        return at(programs, point, *rest, **more)

    monkeypatch.setattr(ScenarioPrograms, "at", noted)
    solve_two_stage(first, recourse, start=first.low, method="decomposition", gap=1e-3)
    assert len(tried) > 2
    assert all(np.all(x >= first.low) and np.all(x <= first.high) for x in tried)


def test_a_scenario_is_solved_from_nothing_before_it_is_called_infeasible(monkeypatch):
    """A basis of another scenario may mislead the solver where nothing is left over."""
    first, recourse = network(1)
    expected = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    once, runs = LinearProgram._run_once, {}

    def run_once(program):
        ended = once(program)
        if program.columns > recourse.W.shape[1]:  # of a scenario: every first solve misleads
            runs[id(program)] = runs.get(id(program), 0) + 1
            return "infeasible" if runs[id(program)] % 2 else ended
        return ended

    monkeypatch.setattr(LinearProgram, "_run_once", run_once)
    found = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    assert sum(runs.values()) > 2
    assert found.upper_bound == pytest.approx(expected.upper_bound, rel=1e-9)


def test_shapes_and_names_are_checked():
    first, recourse = network(1)
    for wrong in ({"cost": first.cost[1:]}, {"row_low": first.row_low[1:]}, {"limits": ("one",)}, {"integer": np.zeros(2, bool)}):
        with pytest.raises(InputError, match="first stage"):
            replace(first, **wrong)
    for wrong in (
        {"loss": recourse.loss[1:]},
        {"high": recourse.high[1:]},
        {"probability": 2 * recourse.probability},
        {"T": recourse.T[1:]},
    ):
        with pytest.raises(InputError, match="recourse"):
            replace(recourse, **wrong)
    with pytest.raises(InputError, match="did you mean 'whole'"):
        solve_two_stage(first, recourse, method="wole")
    for wrong in ({"alpha": 1.0}, {"weight": -1.0}):
        with pytest.raises(InputError):
            solve_two_stage(first, recourse, **wrong)


def test_evaluation_of_the_own_scenarios_is_the_solution():
    first, recourse = network(4, scenarios=12)
    solution = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    found = evaluate(solution.x, recourse, eta=solution.eta, keep=True)
    cost = solution.loss + solution.resource + 5 * np.maximum(solution.loss - solution.eta, 0)
    assert found.loss + found.resource + 5 * np.maximum(found.loss - solution.eta, 0) == pytest.approx(cost, rel=1e-7)
    assert found.y.shape == solution.y.shape


def test_evaluation_solves_each_scenario_alone():
    first, recourse = network(4, scenarios=12)
    x = first.high / 3
    found = evaluate(x, recourse)
    for s in range(12):
        one = replace(
            recourse,
            **{name: getattr(recourse, name)[s : s + 1] for name in ("high", "row_low", "row_high")},
            probability=np.ones(1),
        )
        fixed = replace(first, low=x, high=x, A=first.A[:0], row_low=np.zeros(0), row_high=np.zeros(0), limits=None)
        alone = solve_two_stage(fixed, one, weight=0.0)
        assert found.loss[s] + found.resource[s] == pytest.approx(alone.loss[0] + alone.resource[0], rel=1e-8)


@pytest.mark.parametrize("seed", range(4))
def test_near_optimal_ranges_equal_those_of_the_whole(seed):
    first, recourse = network(seed)
    solution = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    bound = solution.upper_bound * 1.05
    direction = np.repeat([1.0, 0.0], 3)
    cuts = solution.cuts
    for most in (False, True):
        found = near_optimal(first, recourse, solution, direction, bound=bound, maximise=most, tolerance=1e-6, cuts=cuts)
        cuts = found.cuts
        sign = -1.0 if most else 1.0
        assert found.ended == "gap"
        assert sign * found.outer <= sign * found.attained + 1e-9
        assert found.outer == pytest.approx(found.attained, abs=1e-4)
        assert direction @ found.x == pytest.approx(found.attained)
        # the first stage keeps the bound, and no step beyond it does
        at = replace(first, low=np.maximum(found.x, 0), high=np.maximum(found.x, 0))
        assert solve_two_stage(at, recourse, method="whole").upper_bound <= bound * (1 + 1e-6)
        beyond = replace(
            first,
            A=sparse.vstack([first.A, direction * sign]).tocsr(),
            row_low=np.append(first.row_low, -np.inf),
            row_high=np.append(first.row_high, sign * found.outer - 1e-3),
            limits=(*first.limits, "beyond"),
        )
        with suppress(ConflictingLimitsError):
            assert solve_two_stage(beyond, recourse, method="whole").upper_bound > bound


def test_near_optimal_refuses_a_bound_below_the_optimum():
    first, recourse = network(1)
    solution = solve_two_stage(first, recourse, method="decomposition", **EXACT)
    with pytest.raises(InputError, match="bound"):
        near_optimal(first, recourse, solution, np.ones(6), bound=0.9 * solution.upper_bound)
