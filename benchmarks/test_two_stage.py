"""Two-stage programmes of the size of a plan: one plan, a curve of budgets, ranges, fresh paths; the whole by IPX beside it.

Run by hand: ``make bench``. CPU time of all threads is counted; on two free cores the wall time is little more than half of it.
"""

import time
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.registry import machine
from benchmarks.two_stage import programme
from ytterby.solver import evaluate, near_optimal, solve_two_stage

timed = pytest.mark.benchmark(timer=time.process_time, group="two-stage programme, 20 scenarios, gap 1e-2 of the gain")
BUDGETS = (5e7, 2.5e8, 1e9, 2.5e9, 5e9, 1e10)


@cache
def nothing(parties=1):
    """First stage, recourse, and the solution that builds nothing."""
    first, recourse = programme(parties=parties)
    return first, recourse, solve_two_stage(replace(first, high=first.low), recourse, gap=1e-4)


@cache
def plan():
    first, recourse, none = nothing()
    return solve_two_stage(first, recourse, gap=1e-2, reference=none.upper_bound, cuts=none.cuts)


def note(benchmark, parties=1, **extra):
    first, recourse, _ = nothing(parties)
    benchmark.extra_info |= machine() | {"decisions": len(first.cost), "columns": recourse.W.shape[1], "rows": recourse.W.shape[0]} | extra


@timed
@pytest.mark.parametrize("parties", [1, 2])
def test_plan_from_nothing(benchmark, parties):
    first, recourse, none = nothing(parties)
    found = benchmark.pedantic(solve_two_stage, (first, recourse), {"gap": 1e-2, "reference": none.upper_bound}, rounds=1)
    assert found.gap <= 1e-2
    note(benchmark, parties, search_rounds=found.rounds)


@timed
def test_whole_by_ipx(benchmark):
    first, recourse, _ = nothing()
    whole = benchmark.pedantic(solve_two_stage, (first, recourse), {"method": "ipx-whole"}, rounds=1)
    assert plan().lower_bound <= whole.upper_bound * (1 + 1e-7)
    assert whole.lower_bound <= plan().upper_bound * (1 + 1e-7)
    note(benchmark)


@timed
def test_curve_of_six_budgets(benchmark):
    first, recourse, none = nothing()

    def curve():
        cuts = plan().cuts
        for budget in BUDGETS:
            high = np.append(budget, first.row_high[1:])
            cuts = solve_two_stage(replace(first, row_high=high), recourse, gap=1e-2, reference=none.upper_bound, cuts=cuts).cuts
        return len(cuts)

    note(benchmark, cuts=benchmark.pedantic(curve, rounds=1))


@timed
def test_range_of_one_group(benchmark):
    first, recourse, none = nothing()
    solution = plan()
    bound = solution.upper_bound + 0.05 * (none.upper_bound - solution.upper_bound)
    direction = np.where(np.arange(len(first.cost)) < 75, first.cost, 0.0)
    found = benchmark.pedantic(near_optimal, (first, recourse, solution, direction), {"bound": bound, "maximise": True}, rounds=1)
    note(benchmark, search_rounds=found.rounds)


@timed
def test_500_fresh_paths(benchmark):
    """The same network under other restrictions, drawn with the same seed for all that is no path."""
    _, recourse = programme(scenarios=500)
    found = benchmark.pedantic(evaluate, (plan().x, recourse), {"eta": plan().eta}, rounds=1)
    assert len(found.loss) == 500
    note(benchmark)
