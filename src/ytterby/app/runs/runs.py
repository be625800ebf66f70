"""The runs of a project: their list, and what came of each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.ensembles import RunSummary
from ytterby.errors import UnknownNameError
from ytterby.result_model import ResultModel
from ytterby.store import ProjectStore, read_run

if TYPE_CHECKING:
    from ytterby.store import Run


class RunEntry(ResultModel):
    """A finished run in a list."""

    id: str
    """Name of its folder."""
    scenario: str
    seed: int
    draws: int
    """1 for the central run."""
    weeks: int
    """Horizon [week]."""
    created: str
    """When it was finished, in UTC."""
    digest: str
    """Names the content of the scenario."""
    base: str
    """Names the base system."""
    version: str
    """Of the program."""


class RunList(ResultModel):
    """Runs in the project, newest first."""

    runs: tuple[RunEntry, ...]


class RunDetail(ResultModel):
    """One run: what went in, and what came of it."""

    run: RunEntry
    scenario: dict[str, Any]
    """The scenario, keys as in its file."""
    summary: RunSummary
    """As ``ytterby run --json`` prints it."""


def list_runs(project: Path) -> RunList:
    """Runs in the folder of a project; those that were written elsewhere are left out."""
    rows = ProjectStore(project).runs() if project.is_dir() else []
    return RunList(runs=tuple(_entry(row) for row in rows if row["folder"] == Path(row["folder"]).name))


def run_of(id_: str, project: Path) -> Run:
    """Run of a project by its id; the id is looked up, never taken as a place.

    Raises
    ------
    UnknownNameError
        If the project has no such run.
    """
    return read_run(run_folder(id_, project))


def run_folder(id_: str, project: Path) -> Path:
    """Folder of a run of a project by its id, which is looked up; its files are not read.

    Raises
    ------
    UnknownNameError
        If the project has no such run.
    """
    known = [entry.id for entry in list_runs(project).runs]
    if id_ not in known:
        raise UnknownNameError("run", id_, known or ["none yet"])
    return ProjectStore(project).runs_folder / id_


def show_run(id_: str, project: Path) -> RunDetail:
    """One run of a project.

    Raises
    ------
    UnknownNameError
        If the project has no such run.
    """
    found = run_of(id_, project)
    entry = next(entry for entry in list_runs(project).runs if entry.id == id_)
    return RunDetail(run=entry, scenario=found.record["scenario"], summary=found.summary)


def _entry(row: dict[str, Any]) -> RunEntry:
    names = [name for name in RunEntry.model_fields if name not in ("id", "created")]
    return RunEntry(id=str(row["run"]), created=row["created"].isoformat(" ", "seconds"), **{name: row[name] for name in names})
