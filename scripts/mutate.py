"""Deliberate errors in the rules of the program, by hand: which of them no test sees.

    python scripts/mutate.py --count 6 economy/lost_output.py facts/periods.py

Of all single changes of comparisons, operations, conditions and constants in a module, ``--count`` are drawn with a fixed seed. Each is
put into a copy of the sources, and the quick tests of the module are run until one fails. What takes more than five times as long as
without an error counts as seen. The working tree is not touched.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import numba  # noqa: F401 (loaded once, for all processes that are forked)
import pandas as pd  # noqa: F401
import pydantic  # noqa: F401
import pytest
import scipy.sparse  # noqa: F401
import xarray as xr  # noqa: F401
from mutationlib.errors import errors
from mutationlib.modules import MODULES

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 600.0
"""Time that the tests of a module may take [s]."""


def passes(copy: Path, tests: tuple[str, ...], seconds: float) -> bool:
    """Whether the tests pass on a copy of the sources within a time, in a process of its own that finds the libraries loaded."""
    child = os.fork()
    if not child:
        try:
            os._exit(_tests(copy, tests))
        except BaseException:  # noqa: BLE001 (nothing of the parent's may be done in the child)
            os._exit(99)
    return _ended(child, seconds) == 0


def _tests(copy: Path, tests: tuple[str, ...]) -> int:
    """Exit code of the tests on a copy, without a word."""
    os.chdir(copy)
    sys.path.insert(0, str(copy / "src"))
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": str(copy / "src"), "NUMBA_CACHE_DIR": str(copy / "numba")}
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    return int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-m", "not slow", "--hypothesis-seed=1", *tests]))


def _ended(child: int, seconds: float) -> int:
    """Status of a process once it has ended; after the time it is ended."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] or 1


def survivors(copy: Path, module: str, count: int) -> tuple[int, list[str]]:
    """Number of errors tried in a module, and those that no test saw."""
    place = copy / "src/ytterby" / module
    text = place.read_text("utf-8")
    found = errors(text)
    drawn = random.Random(module).sample(found, min(count, len(found)))
    began = time.monotonic()
    if not passes(copy, MODULES[module], LONGEST):
        return 0, [f"its tests fail, or take longer than {LONGEST:g} s, without an error"]
    longest = 5.0 * (time.monotonic() - began) + 20.0
    lived = []
    for error in drawn:
        place.write_text(error.applied(text), "utf-8")
        if passes(copy, MODULES[module], longest):
            lived.append(error.shown(text))
    place.write_text(text, "utf-8")
    return len(drawn), lived


def main() -> None:
    """Go through the modules that are named, all without a name."""
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("modules", nargs="*", help="below src/ytterby")
    given.add_argument("--count", type=int, default=10)
    chosen = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("src", "tests", "scripts", "examples", "docs"):
            shutil.copytree(ROOT / name, copy / name)
        shutil.copy(ROOT / "pyproject.toml", copy)
        for module in chosen.modules or MODULES:
            tried, lived = survivors(copy, module, chosen.count)
            print(f"{module}: {tried} tried, {tried - len(lived)} killed", flush=True)
            print("".join(f"  lived {line}\n" for line in lived), end="", flush=True)


if __name__ == "__main__":
    main()
