"""What a plan starts from and what it is judged by: losses without a plan, read from designed restrictions, and fresh paths in batches."""

import numpy as np
import pytest

from ytterby.facts import candidates, load, select_candidates
from ytterby.plan import PlanData, fresh, judged_on, parties_of, shock_paths
from ytterby.plan.availability import delivered
from ytterby.plan.loss_grid import depths_between, filled_by_year
from ytterby.plan.loss_runs import designed_runs
from ytterby.plan.loss_table import loss_curves
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.reference_path import reference_path
from ytterby.plan.shock_draws import Restrictions
from ytterby.plan.shock_reduction import cvar
from ytterby.plan.shock_response import Response
from ytterby.plan.unplanned_losses import MIDDLE, USD, lost, unplanned, yearly_cuts
from ytterby.system import build


@pytest.fixture(scope="module")
def facts():
    return load()


@pytest.fixture(scope="module")
def system():
    return build(2024)


@pytest.fixture(scope="module")
def of_seed(facts, system):
    return {seed: shock_paths(facts, system, ("JP",), seed=seed) for seed in (1, 2, 3)}


def programme_losses(paths, facts, system):
    """Present value of Japan's loss without a plan, by a programme of all years for each path [USD]."""
    reference = reference_path(system, facts)
    programme = AllianceProgramme(parties_of(["JP"], system), reference, loss_curves(reference.system), ())
    left = delivered(reference, yearly_cuts(reference, paths.cut, paths.later, paths.price))
    return USD * lost(programme, left)[..., 0] @ paths.source.weights


def test_losses_of_kept_paths_are_those_of_the_programme(of_seed, facts, system):
    for paths in of_seed.values():
        assert paths.loss[:, 0] == pytest.approx(programme_losses(paths, facts, system), rel=1e-6, abs=1e3)


@pytest.fixture(scope="module", params=[5, 7])
def fresh_losses(request, of_seed, facts, system):
    """Losses of 60 fresh paths by the programme and as told."""
    paths = fresh(of_seed[1], 60, request.param)
    return programme_losses(paths, facts, system), paths.loss[:, 0]


def test_losses_of_fresh_paths_go_with_those_of_the_programme(fresh_losses):
    exact, told = fresh_losses
    assert np.corrcoef(exact, told)[0, 1] > 0.99


def test_losses_of_fresh_paths_are_near_those_of_the_programme(fresh_losses):
    """All as read at one level, the mean was 13 % too low for one seed and 18 % too high for the other: a few paths have most of it."""
    exact, told = fresh_losses
    assert told.mean() == pytest.approx(exact.mean(), rel=0.1)


def test_the_worst_fresh_paths_lose_what_the_programme_says(fresh_losses):
    exact, told = fresh_losses
    worst = np.argsort(-told)[:6]
    assert told[worst] == pytest.approx(exact[worst], rel=1e-6)


def single(scope, depth, weeks=52.0, start=0):
    return Restrictions(*(np.array([value]) for value in (0, start, scope, scope, depth, weeks)))


@pytest.fixture(scope="module")
def american(facts, system):
    return unplanned(system, facts, ("US",))


def put_to_programme(american, system, rows, filled=1.0):
    """Loss of the United States in the first year of a restriction [USD]."""
    reference = reference_path(system, american.facts).years_from(MIDDLE, 1)
    cut, later = Response(designed_runs(system)).cuts(rows, 1, 1)
    [programme] = american.programmes(reference)
    return USD * lost(programme, delivered(reference, yearly_cuts(reference, cut, later, np.ones((1, 1))), filled)).sum()


@pytest.mark.parametrize("filled", [0.0, 1.0])
def test_a_point_of_the_grid_is_read_back(american, system, filled):
    read = american.grid.losses(single("all", 0.8), np.full((1, 1, 1), filled)).sum()
    assert read == pytest.approx(put_to_programme(american, system, single("all", 0.8), filled), rel=1e-6)


@pytest.mark.parametrize("depth", [0.25, 0.55, 0.75, 0.95])
def test_between_points_little_is_lost_that_is_not(american, system, depth):
    """A straight line between designed runs told losses below the depth where they begin, and a third too much above it."""
    read = american.grid.losses(single("all", depth), np.ones((1, 1, 1))).sum()
    whole = put_to_programme(american, system, single("all", 1.0))
    assert read == pytest.approx(put_to_programme(american, system, single("all", depth)), rel=0.15, abs=0.005 * whole)


def test_deeper_longer_and_with_less_in_stock_costs_more(american):
    def total(depth, weeks, filled=1.0):
        return american.grid.losses(single("all", depth, weeks), np.full((1, 4, 1), filled)).sum()

    assert 0.0 == total(0.0, 104.0) <= total(0.5, 52.0) < total(0.75, 52.0) < total(1.0, 52.0)
    assert total(0.9, 26.0) < total(0.9, 52.0) < total(0.9, 104.0) < total(0.9, 180.0)
    assert total(0.8, 52.0) < total(0.8, 52.0, 0.5) < total(0.8, 52.0, 0.0)


def test_stocks_are_drawn_on_by_what_is_missing_and_filled_up_afterwards():
    full = filled_by_year(np.array([0.1, 0.1, 0.3, 0.0, 0.0, 0.0]).reshape(1, 6, 1), np.array([0.4]))
    assert full.ravel() == pytest.approx([1.0, 0.75, 0.5, 0.0, 0.5, 1.0])


def test_depths_hold_the_designed_ones_and_are_near_each_other():
    depths = depths_between([0.05, 0.3, 0.5, 1.0])
    assert {0.05, 0.3, 0.5, 1.0} <= set(depths.tolist())
    assert np.diff(depths, prepend=0.0).max() <= 0.1 + 1e-9
    assert depths[0] > 0.0


def test_seeds_start_from_alike_losses(of_seed):
    """Mean and worst tenth of the programme's own loss on the kept paths, by seed."""
    loss = {seed: paths.loss[:, 0] for seed, paths in of_seed.items()}
    mean = np.array([of_seed[seed].weights @ each for seed, each in loss.items()])
    worst = np.array([cvar(each, of_seed[seed].weights) for seed, each in loss.items()])
    assert np.ptp(mean) < 0.1 * mean.mean()
    assert np.ptp(worst) < 0.15 * worst.mean()


def test_batches_change_no_judgement(of_seed, facts, system):
    data = PlanData(system, facts, tuple(select_candidates(candidates(), as_of="")), of_seed[1])
    problem = data.problem(parties_of(["JP"], system), {"": 1e3})
    some = np.where(problem.free, np.random.default_rng(1).random(len(problem.nothing)) * 0.2, problem.nothing)
    paths, plans = fresh(of_seed[1], 12, 5), [problem.nothing, some]
    for whole, parts in zip(*(judged_on(data, problem, paths, plans, 1e3, batch=size) for size in (12, 5)), strict=True):
        assert parts.objective == pytest.approx(whole.objective, rel=1e-8)  # the solver's tolerances: 3e-9 seen
        assert parts.cvar == pytest.approx(whole.cvar, rel=1e-9)
        assert parts.expected_loss == pytest.approx(whole.expected_loss, rel=1e-7)  # ties between cost and loss are the solver's
        assert parts.loss == pytest.approx(whole.loss, rel=1e-6, abs=1e-3)  # of each path, in their order
