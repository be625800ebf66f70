"""What answers of a project depend on beside their question: small stamps that change when their content does."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ytterby.facts import load
from ytterby.store import ProjectStore

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

READ = ("document", "claim", "event", "reviewed")
"""Kinds of records that readings and judgements write."""


class ProjectState(NamedTuple):
    """Stamps of a project."""

    figures: str
    """Of the figures, the user's among them."""
    articles: str
    """Of what was read and judged."""
    files: tuple[tuple[int, int], ...]
    """Of the store's files and the folder of runs: times and sizes."""


def project_state(project: Path) -> ProjectState:
    """Stamps of a project as it is now; cheap enough to be asked for with each question."""
    store = ProjectStore(project)
    files = _stamps((store.path, store.path.with_name(f"{store.path.name}-wal")))
    return ProjectState(load(project).digest, _articles(project, files) if files else "", (*files, *_stamps([store.runs_folder])))


def _stamps(paths: Iterable[Path]) -> tuple[tuple[int, int], ...]:
    found = []
    for path in paths:
        with suppress(OSError):
            file = path.stat()
            found.append((file.st_mtime_ns, file.st_size))
    return tuple(found)


@lru_cache(maxsize=8)
def _articles(project: Path, files: tuple[tuple[int, int], ...]) -> str:  # noqa: ARG001 (the key of the cache)
    return ProjectStore(project).records_stamp(READ)
