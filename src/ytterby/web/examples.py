"""Examples, so that no page is empty on the first day: runs of bundled scenarios, a plan, an alliance and talks; each is marked."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ytterby.api import (
    BriefArguments,
    BriefInput,
    CooperateArguments,
    NegotiateArguments,
    PlanArguments,
    ReadArguments,
    Refusal,
    RunArguments,
)
from ytterby.app import GivenFile, examples_folder
from ytterby.errors import StoreError, UnknownNameError
from ytterby.web.shipped import install

if TYPE_CHECKING:
    from pathlib import Path

    from ytterby.api import Job, JobArguments, Workbench

EXAMPLES_FILE = "examples.json"
"""File of a project that names the jobs by which examples are made."""
SCENARIOS = ("suspension-ends-2026", "total-stop")
"""The next dated event that minerals hang on, and the worst case beside it."""
DRAWS, SEED = 200, 1
ARTICLES = (".txt", ".md", ".html")
"""Endings of the example articles; their marked answers lie beside them."""
RESULTS: dict[str, JobArguments] = {
    "negotiate": NegotiateArguments(talks="us-japan-2025", each_day=True, without_minerals=True),
    "plan": PlanArguments(allies=("JP",), scenarios=12, sensitivity=True),
    "cooperate": CooperateArguments(allies=("JP", "US", "KR"), scenarios=8, periods=5, fresh=0),
}
"""Small ones of each other kind, the quickest first: they come after the runs, in the background or when a page is asked for them."""


def begin(bench: Workbench) -> None:
    """Take the examples of the package, or ask for them, where a project has no run at all; who starts a server twice asks once."""
    project = bench.settings.project
    if bench.settings.read_only or bench.runs().runs:
        return
    with suppress(StoreError, Refusal, OSError):  # a project that cannot be written is shown as it is
        project.mkdir(parents=True, exist_ok=True)
        with (project / EXAMPLES_FILE).open("x"):  # one process of the server does it
            pass
        if not install(project):
            ask(bench)
        ask_for_results(bench)


def ask(bench: Workbench) -> None:
    """Ask for the articles, on which the key of all other jobs depends, and then for the runs."""
    jobs = [_reading(bench), *(bench.jobs.start("run", arguments, can_wait=True).id for arguments in _runs())]
    _note(bench.settings.project, jobs)


def ask_for_results(bench: Workbench) -> None:
    """Ask for a result of each other kind; one that is there is not made again."""
    for kind, arguments in RESULTS.items():
        bench.jobs.start(kind, arguments, can_wait=True)


def ask_for_briefings(bench: Workbench) -> None:
    """Ask for the briefing on each run that is an example."""
    ids = [str(job.result["run"]) for job in _jobs(bench) if job.kind == "run" and job.state == "done"]
    orders = [BriefArguments(inputs=(BriefInput(kind="run", id=id_),)) for id_ in ids]
    _note(bench.settings.project, [*(job.id for job in _jobs(bench)), *(bench.jobs.start("brief", order).id for order in orders)])


def _reading(bench: Workbench) -> str:
    """Id of the job that reads the example articles."""
    folder = examples_folder() / "articles"
    given = [
        GivenFile(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.suffix in ARTICLES and path.stem != "SOURCES"
    ]
    upload = bench.keep_upload(given)
    return bench.jobs.start("read", ReadArguments(uploads=(upload.id,)), can_wait=True).id


def _runs() -> list[RunArguments]:
    return [RunArguments(scenario=name, draws=DRAWS, seed=SEED) for name in SCENARIOS]


def _note(project: Path, jobs: list[str]) -> None:
    (project / EXAMPLES_FILE).write_text(json.dumps(jobs), "utf-8")


def is_example_reading(bench: Workbench) -> bool:
    """Whether all that the project has read are the example articles."""
    read = {job.id for job in bench.jobs.all("read", "done").jobs}
    return bool(read) and read <= {job.id for job in _jobs(bench)}


def arguments_of(kind: str) -> dict[str, Any]:
    """What the example of a kind of results is asked with."""
    return RESULTS[kind].model_dump(mode="json", exclude_unset=True)


def is_example_result(job: Job) -> bool:
    """Whether a job is asked for what is an example."""
    return job.kind in RESULTS and dict(job.arguments) == arguments_of(job.kind)


def is_example(bench: Workbench, id_: str) -> bool:
    """Whether a run was made as an example."""
    return id_ in {str(job.result.get("run", "")) for job in _jobs(bench)}


def in_work(bench: Workbench) -> str:
    """Id of the first job of an example that is still to be done; empty where all are."""
    return next((job.id for job in _jobs(bench) if job.state in ("queued", "running")), "")


def _jobs(bench: Workbench) -> list[Job]:
    found = []
    for id_ in _listed(bench.settings.project / EXAMPLES_FILE, _stamp(bench.settings.project / EXAMPLES_FILE)):
        with suppress(UnknownNameError):
            found.append(bench.jobs.find(id_))
    return found


def _stamp(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


@lru_cache(maxsize=8)
def _listed(path: Path, stamp: float) -> tuple[str, ...]:  # noqa: ARG001 (the key of the cache)
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(str(name) for name in found) if isinstance(found, list) else ()
