"""Duties: 24 months of all groups and partners, a thousand draws, twenty thousand packages of duties.

Run by hand: ``make bench``. Asked are 50 ms for the months and 3 s for the draws.
"""

import datetime as dt
import time

import numpy as np
import pytest

from benchmarks.registry import machine
from ytterby.economy import trade
from ytterby.facts import load
from ytterby.scenario import load_scenario

BASE = trade.trade_base(load())
SCENARIO = load_scenario("us-tariffs-japan-2025")
SHORT = trade.central(BASE.groups, BASE.suppliers, "short")
FIRST, MONTHS = dt.date(2025, 1, 1), 24
timed = pytest.mark.benchmark(timer=time.thread_time, group="duties")


def months():
    path = trade.paths(BASE, SCENARIO.branch((0,)), FIRST, MONTHS)[0]
    return trade.central_outcome(BASE, path.duty, SHORT)


@timed
def test_months(benchmark):
    benchmark(months)
    benchmark.extra_info |= machine() | {"groups": len(BASE.groups), "partners": len(BASE.suppliers) - 1, "months": MONTHS}


@timed
def test_a_thousand_draws(benchmark):
    duty = trade.paths(BASE, SCENARIO, FIRST, MONTHS)[0].duty
    drawn = trade.drawn(BASE.groups, BASE.suppliers, "short", 1000, 1)
    benchmark.pedantic(lambda: [sums for _, _, sums in trade.drawn_outcomes(BASE, duty, drawn)], rounds=2)


@timed
def test_twenty_thousand_packages(benchmark):
    duty = np.repeat(BASE.duty[None], 20_000, axis=0)
    duty[:, :, BASE.supplier("JP")] += np.random.default_rng(1).uniform(0, 0.3, (20_000, len(BASE.groups)))
    chunks = np.split(duty, 20)
    benchmark.pedantic(lambda: [trade.totals(BASE, trade.outcome(BASE, part, SHORT)) for part in chunks], rounds=2)
