"""What a plan starts from and what it is judged by: losses without a plan, read from designed restrictions, and fresh paths in batches."""

import numpy as np
import pytest

from ytterby.facts import candidates, load, select_candidates
from ytterby.plan import PlanData, fresh, judged_on, parties_of, shock_paths
from ytterby.plan.availability import delivered
from ytterby.plan.loss_runs import designed_runs
from ytterby.plan.loss_table import loss_curves
from ytterby.plan.programme import AllianceProgramme
from ytterby.plan.reference_path import reference_path
from ytterby.plan.shock_reduction import cvar
from ytterby.plan.shock_response import Response
from ytterby.plan.shocks import DISCOUNT
from ytterby.plan.unplanned_losses import FIRST, USD, designed_losses, lost, yearly_cuts
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
    return USD * lost(programme, left)[..., 0] @ reference.discount(DISCOUNT)


@pytest.mark.xfail(strict=True, reason="since the loss table of complements the mean read for Japan lies 19 % above the programme's")
def test_losses_of_paths_are_those_of_the_programme(of_seed, facts, system):
    """Over 60 fresh paths; the simulator's own loss had half as much again in the mean and 0.95 as correlation."""
    paths = fresh(of_seed[1], 60, 5)
    exact, read = programme_losses(paths, facts, system), paths.loss[:, 0]
    assert np.corrcoef(exact, read)[0, 1] > 0.97
    assert read.mean() == pytest.approx(exact.mean(), rel=0.1)


def test_a_designed_restriction_is_read_back(facts, system):
    """A year's stop in the middle of the plan costs what a programme of these years alone says."""
    response, tables = Response(designed_runs(system)), designed_losses(system, facts, ("JP", "US"))
    place = response.designs.index(("all", 0.8, 52))
    one = response.each_alone.where(response.each_alone.path == place)
    one = one._replace(path=np.zeros(1, dtype=np.int64))
    cut, later = response.cuts(one, 1, 3)
    reference = reference_path(system, facts).years_from(FIRST, 3)
    programme = AllianceProgramme(parties_of(["US"], system), reference, loss_curves(reference.system), ())
    exact = lost(programme, delivered(reference, yearly_cuts(reference, cut, later, np.ones((1, 3)))))
    read = response.losses_from(tables, one, 1, 3)[0, :, 1]
    assert read.sum() == pytest.approx(USD * exact.sum(), rel=1e-6)


@pytest.mark.xfail(strict=True, reason="since the loss table of complements the seeds' mean losses lie 19 % apart")
def test_seeds_start_from_alike_losses(of_seed, facts, system):
    """Mean and worst tenth of the programme's own loss on the kept paths, by seed."""
    loss = {seed: programme_losses(paths, facts, system) for seed, paths in of_seed.items()}
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
        assert parts.objective == pytest.approx(whole.objective, rel=1e-9)
        assert parts.cvar == pytest.approx(whole.cvar, rel=1e-9)
        assert parts.expected_loss == pytest.approx(whole.expected_loss, rel=1e-7)  # ties between cost and loss are the solver's
        assert parts.loss == pytest.approx(whole.loss, rel=1e-6, abs=1e-3)  # of each path, in their order
