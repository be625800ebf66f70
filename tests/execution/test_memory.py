"""Freed memory is kept: the next arrays cause no page faults."""

import platform
import subprocess
import sys

import pytest

COUNT = """
import resource, sys
import numpy as np
from ytterby.execution.memory import keep_freed_memory
if sys.argv[1] == "keep":
    assert keep_freed_memory()
def work():
    parts = [np.ones(150_000) for _ in range(12)]
    return sum(part[0] for part in parts)
work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library has no such setting")
def test_arrays_of_a_draw_cause_no_page_faults():
    faults = {mode: int(subprocess.check_output([sys.executable, "-c", COUNT, mode])) for mode in ("keep", "give back")}
    assert faults["keep"] < 100 < faults["give back"] / 10
