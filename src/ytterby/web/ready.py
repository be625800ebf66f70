"""What is there after installation: an example project and the answers for every country, made by ``python -m ytterby.web.ready``.

They are made by the code that answers otherwise, and kept in the package under digests of figures and program, so that what another program
or other figures made is never used. Without them a server works everything out when it is asked for.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ytterby import app
from ytterby.api import Settings, Workbench
from ytterby.errors import StoreError
from ytterby.execution import give_way
from ytterby.facts import groups, regions
from ytterby.store import READY, json_bytes, new_folder, read_json, write_bytes
from ytterby.web import examples
from ytterby.web.rendering import compile_templates
from ytterby.web.shipped import EXAMPLE, STAMP, digest

if TYPE_CHECKING:
    from pathlib import Path

CACHES = ("bases", "exposures", "answers")
LEFT = ("chunks", "facts", "jobs.lock")
TICK = 0.2
LONGEST = 1800.0
"""Longest time that the example project may take [s]."""


def make_example(*, whole: bool) -> None:
    """Make the example project of the package: articles, runs and briefings, and if it is to be whole a result of each other kind."""
    if (READY / STAMP).is_file() and read_json(READY / STAMP).get("digest") == digest(READY):
        return
    shutil.rmtree(READY / EXAMPLE, ignore_errors=True)
    with new_folder(READY / EXAMPLE) as folder:
        bench = Workbench(Settings(project=folder))
        examples.ask(bench)
        _work(bench)
        examples.ask_for_briefings(bench)
        if whole:
            examples.ask_for_results(bench)
        _work(bench)
        for name in CACHES:
            _move(folder / name, READY / name)
        for name in LEFT:
            shutil.rmtree(folder / name, ignore_errors=True)
    write_bytes(READY / STAMP, json_bytes({"digest": digest(READY)}))


def _work(bench: Workbench) -> None:
    """Work at the queue until it is empty.

    Raises
    ------
    StoreError
        If a job fails, or all take too long.
    """
    end = time.monotonic() + LONGEST
    while any(job.state in ("queued", "running") for job in bench.jobs.all().jobs):
        if time.monotonic() > end:
            bench.jobs.stop()
            raise StoreError(f"the examples took more than {LONGEST:g} s")
        bench.jobs.tick()
        time.sleep(TICK)
    bench.jobs.tick()
    for job in bench.jobs.all().jobs:
        if job.state != "done":
            raise StoreError(f"the example '{job.kind}' {job.state}: {job.error}")


def _move(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for path in source.glob("*.json"):
        path.replace(target / path.name)
    shutil.rmtree(source, ignore_errors=True)


def make_answers() -> None:
    """Make the answers for every country and group: its exposure, and what helps it in the example that costs it most."""
    project = READY / EXAMPLE
    runs = {run.scenario: app.run_of(run.id, project).folder for run in app.list_runs(project).runs}
    year = Settings().base_year
    Workbench(Settings(project=READY)).hazard()
    app.calendar(project=READY, costs=False)
    app.history(project=READY)
    for importer in dict.fromkeys((app.DEFAULT_IMPORTER, *regions(), *groups())):
        app.exposure(importer, year, project=READY)
        app.gather_run(runs[examples.SCENARIOS[-1]], importer, READY)
    for folder in runs.values():
        app.gather_run(folder, app.DEFAULT_IMPORTER, READY)


LOWEST = 19
"""The lowest rank."""


def later() -> None:
    """Let a process of the lowest rank make everything, after this one has ended."""
    command = [sys.executable, "-m", "ytterby.web.ready", "--idle"]
    null = subprocess.DEVNULL
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    subprocess.Popen(command, stdin=null, stdout=null, stderr=null, start_new_session=True, env=environment)  # noqa: S603 (our own module)


def wait_for_others() -> None:
    """Work only when nothing else does."""
    give_way(LOWEST)
    if hasattr(os, "sched_setscheduler"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def main() -> None:
    """Make what is not there yet."""
    parser = argparse.ArgumentParser(description="Make the example project and the answers for every country.")
    parser.add_argument("--later", action="store_true", help="in the background, when nothing else works")
    parser.add_argument("--whole", action="store_true", help="also a plan, an alliance and talks")
    parser.add_argument("--idle", action="store_true", help="when nothing else works")
    asked = parser.parse_args()
    if asked.later:
        later()
        return
    if asked.idle:
        wait_for_others()
    compile_templates()
    make_example(whole=asked.whole)
    make_answers()


if __name__ == "__main__":
    main()
