"""Plans of one, two and six parties on the real data: `benchmarks/plans.py` prints every stage; here each is one row.

Run by hand: ``make bench``. Each alliance has a process of its own, so that its memory is its own.
"""

import subprocess
import sys

import pytest

from benchmarks.registry import machine

CASES = {"JP": ["--rivals"], "JP,US": [], "JP,US,EU,KR,AU,IN": ["--only", "plan"]}


@pytest.mark.benchmark(group="plans, 20 scenarios, gap 1e-2 of the gain")
@pytest.mark.parametrize("allies", CASES)
def test_plan(benchmark, allies):
    command = [sys.executable, "-m", "benchmarks.plans", allies, *CASES[allies]]
    done = benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True, text=True), rounds=1)
    print(done.stdout)
    assert "PLAN" in done.stdout
    benchmark.extra_info |= machine() | {"rows": done.stdout.splitlines()}
