"""Talks: twenty thousand packages from end to end, two hundred sensitivities of them, and the table of programmes beside eight plans.

Run by hand: ``make bench``. Asked are 2 s for an answer with the table at hand, 20 s for two hundred sensitivities, and for the table no
more than eight plans take. Answers and sensitivities use a table of made-up programmes, which has the same size as a real one.
"""

import time
from pathlib import Path
from tempfile import mkdtemp

import pytest
from tests.bargain.conftest import table_of

from benchmarks.registry import machine
from ytterby.app import NegotiateRequest, Negotiation, PlanRequest, concluded, plan
from ytterby.bargain import chosen

timed = pytest.mark.benchmark(timer=time.process_time, group="talks")
PROJECT = Path(mkdtemp())
PLANS = 8


def talks(draws=50):
    found = Negotiation(NegotiateRequest(draws=draws, project=PROJECT))
    found.__dict__["_minerals"] = (table_of(), "made up")
    _ = found.bargain.packages.steps, found.bargain.defence
    return found


@timed
def test_an_answer(benchmark):
    benchmark.pedantic(concluded, setup=lambda: ((talks(),), {}), rounds=3)
    benchmark.extra_info |= machine() | {"packages": len(talks().bargain.packages.steps)}


@timed
def test_two_hundred_sensitivities(benchmark):
    benchmark.pedantic(lambda work: [chosen(room, "nash") for room in work.drawn_rooms], setup=lambda: ((talks(200),), {}), rounds=2)


@timed
def test_weights_moved_together(benchmark):
    from ytterby.bargain import WeightsForNash

    work = talks(0)
    search = WeightsForNash(work.evaluation, work.weights, work.actual)
    benchmark.pedantic(search.found, rounds=3)


@timed
def test_the_table_of_programmes(benchmark):
    benchmark.pedantic(lambda: Negotiation(NegotiateRequest(project=PROJECT / "table")).minerals, rounds=1)


@timed
def test_the_table_from_the_project(benchmark):
    project = PROJECT / "table"
    _ = Negotiation(NegotiateRequest(project=project)).minerals
    benchmark.pedantic(lambda: Negotiation(NegotiateRequest(project=project)).minerals, rounds=3)


@timed
def test_eight_plans(benchmark):
    """Of the pair, each with paths of its own."""
    requests = [PlanRequest(("JP", "US"), scenarios=4, seed=seed, fresh=0, project=PROJECT / "plans") for seed in range(1, PLANS + 1)]
    benchmark.pedantic(lambda: [plan(request) for request in requests], rounds=1)
