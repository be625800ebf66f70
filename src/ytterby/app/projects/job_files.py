"""What the web workbench keeps of its jobs, and names that it looks up before anything is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ytterby.app.projects.saved_results import ALLIANCE, PLAN
from ytterby.errors import UnknownNameError
from ytterby.store import JobIndex, json_bytes, read_json, write_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KINDS = {"plan": PLAN, "cooperate": ALLIANCE}
"""File of a saved result by the kind of the job that made it."""


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a result as JSON, whole or not at all."""
    write_bytes(path, json_bytes(document))


def write_file(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all."""
    write_bytes(path, content)


def read_document(path: Path) -> Any:
    """A result that was written as JSON.

    Raises
    ------
    StoreError
        If it is missing or damaged.
    """
    return read_json(path)


def bundled_scenarios() -> tuple[str, ...]:
    """Names of the bundled scenarios."""
    from ytterby.scenario import bundled

    return bundled()


def require_talks(name: str) -> None:
    """Check that talks are bundled; a name is looked up, never taken as a place.

    Raises
    ------
    UnknownNameError
        If they are not.
    """
    from ytterby.bargain import bundled_talks

    if name not in bundled_talks():
        raise UnknownNameError("talks", name, bundled_talks())


def saved_result(job: str, kind: str, project: Path) -> Path:
    """Folder with the plan or alliance that a job of this kind has made; the id is looked up, never taken as a place.

    Raises
    ------
    UnknownNameError
        If there is no such job, or it is not done.
    """
    index = JobIndex(project)
    known = {row.id for row in index.all(kind, "done")}
    if job not in known:
        raise UnknownNameError(kind, job, known or ["none yet"])
    return index.folder(job)
