"""Talks: twenty thousand packages from end to end, and two hundred sensitivities of them, with programmes on minerals left out.

Run by hand: ``make bench``. Asked are 2 s for an answer and 20 s for two hundred sensitivities.
"""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from benchmarks.registry import machine
from ytterby.app import NegotiateRequest, Negotiation, concluded
from ytterby.bargain import chosen

timed = pytest.mark.benchmark(timer=time.thread_time, group="talks")
PROJECT = Path(TemporaryDirectory().name)


def talks(draws=50):
    found = Negotiation(NegotiateRequest(without_minerals=True, draws=draws, project=PROJECT))
    _ = found.bargain.packages.steps, found.bargain.defence
    return found


@timed
def test_an_answer(benchmark):
    benchmark.pedantic(concluded, setup=lambda: ((talks(),), {}), rounds=3)
    benchmark.extra_info |= machine() | {"packages": len(talks().bargain.packages.steps)}


@timed
def test_two_hundred_sensitivities(benchmark):
    benchmark.pedantic(lambda work: [chosen(room, "nash") for room in work.drawn_rooms], setup=lambda: ((talks(200),), {}), rounds=2)
