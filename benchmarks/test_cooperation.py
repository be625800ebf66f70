"""Alliances on the network of 2024: values of all coalitions, and rules of sharing for ten parties.

Run by hand: ``make bench``. CPU time of all threads is counted. The paths of restrictions are drawn before the clock starts.
"""

import resource
import time
from functools import cache

import numpy as np
import pytest

from benchmarks.registry import machine
from ytterby.cooperation import Coalitions, Game, Terms, least_core, membership, nucleolus, shapley, values_of
from ytterby.facts import candidates, load, select_candidates
from ytterby.plan import PlanData, parties_of, shock_paths
from ytterby.system import build

timed = pytest.mark.benchmark(timer=time.process_time, group="alliances, gap 1 % of the value of all together")
rules = pytest.mark.benchmark(timer=time.process_time, group="rules of sharing, ten parties with given values")
BUDGET = 1000.0
"""[million USD]"""


@cache
def coalitions(codes, scenarios, periods):
    """Coalitions whose data are made, with nothing solved."""
    system, facts = build(2024), load()
    parties = parties_of(codes, system)
    shocks = shock_paths(facts, system, codes, seed=1, keep=scenarios)
    chosen = tuple(select_candidates(candidates(), as_of=""))
    data = PlanData(system, facts, chosen, shocks, periods=periods, planners=parties)
    _ = data.probability, data.maker
    return Coalitions(data, parties, Terms(dict.fromkeys(codes, BUDGET)))


@timed
@pytest.mark.parametrize(
    ("codes", "scenarios", "periods"),
    [(("EU", "JP", "US"), 12, None), (("AU", "EU", "IN", "JP", "KR", "US"), 8, 5)],
    ids=["7 coalitions of 3, 15 years", "63 coalitions of 6, 5 steps"],
)
def test_values_of_all_coalitions(benchmark, codes, scenarios, periods):
    made = coalitions(codes, scenarios, periods)
    found = benchmark.pedantic(values_of, (made,), rounds=1)
    assert found.game.worst_pair >= -found.gap
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    benchmark.extra_info |= machine() | {"value": found.game.whole, "gap": found.gap, "peak_mb": peak}


@rules
@pytest.mark.parametrize("rule", [shapley, least_core, nucleolus])
def test_rules_of_sharing(benchmark, rule):
    size = membership(10).sum(axis=1)
    values = np.where(size > 1, size**1.5 * np.random.default_rng(1).uniform(0.8, 1.0, 1024), 0.0)
    benchmark(rule, Game(tuple("ABCDEFGHIJ"), values))
    benchmark.extra_info |= machine()
