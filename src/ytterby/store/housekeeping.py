"""What a project folder holds, by kind, and what of it can be freed without losing a result."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 (a dataclass reads its annotations)
from typing import TYPE_CHECKING

from ytterby.store.checkpoints import ANSWERS, BASES, EXPOSURES, SHOCKS
from ytterby.store.leftovers import left_over, sweep
from ytterby.store.locks import SUFFIX, is_held
from ytterby.store.project import FILE, RUNS

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNKS, SCREENS, FACTS, COALITIONS, PROGRAMMES = "chunks", "screens", "facts", "coalitions", "programmes"
JOBS, UPLOADS = "jobs", "uploads"
MAX_CHUNK_AGE = 30 * 86_400.0
"""Age from which the finished parts of a run that was never taken up again are removed at the next start [s]."""


@dataclass(frozen=True)
class Holding:
    """What a project holds of one kind."""

    kind: str
    what: str
    entries: int
    size: int
    """[bytes]"""
    freed: bool
    """Whether ``ytterby project clean`` removes it."""


def lock_of(project: Path, name: str) -> Path:
    """Lock of a run or screen by its name."""
    return project / CHUNKS / f"{name}{SUFFIX}"


def unfinished(project: Path) -> list[Path]:
    """Folders with finished parts of runs that no process is working on."""
    folder = project / CHUNKS
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if path.is_dir() and not _in_work(project, path.name)]


def _in_work(project: Path, name: str) -> bool:
    """Whether the run that a folder of parts belongs to is being worked; parts of Sobol designs have its name and more."""
    locks = (project / CHUNKS).glob(f"*{SUFFIX}")
    return any(is_held(lock) for lock in locks if name == lock.name.removesuffix(SUFFIX) or name.endswith("-sobol"))


def free_old_chunks(project: Path) -> None:
    """Remove the parts of runs that nobody took up for :data:`MAX_CHUNK_AGE`, and what killed processes left in the project."""
    for folder in unfinished(project):
        with suppress(OSError):
            sweep(folder)
            if time.time() - folder.stat().st_mtime > MAX_CHUNK_AGE:
                shutil.rmtree(folder, ignore_errors=True)
    for folder in (project, *(project / name for name in (CHUNKS, RUNS, BASES, EXPOSURES, ANSWERS, SHOCKS, FACTS))):
        sweep(folder)


def holdings(project: Path) -> list[Holding]:
    """What a project folder holds, by kind; kinds of which there is nothing are left out."""
    places = {
        "runs": ("finished runs", _entries(project / RUNS), False),
        "screens": ("screens", _entries(project / SCREENS), False),
        "facts": ("figures of the user", _entries(project / FACTS), False),
        "store": ("claims, reviews, index of runs", list(project.glob(f"{FILE}*")), False),
        "jobs": ("jobs of the web workbench, with what they made", [*_entries(project / JOBS), *project.glob(f"{JOBS}.sqlite*")], False),
        "uploads": ("files given to the web workbench", _entries(project / UPLOADS), False),
        "bases": ("base systems, built again when needed", _entries(project / BASES), True),
        "exposures": ("exposures, worked out again when needed", _entries(project / EXPOSURES), True),
        "answers": ("answers that take seconds, worked out again when needed", _entries(project / ANSWERS), True),
        "shocks": ("drawn paths of shocks, drawn again when needed", _entries(project / SHOCKS), True),
        "coalitions": ("solved coalitions, solved again when needed", _entries(project / COALITIONS), True),
        "programmes": ("tables of programmes on minerals, made again when needed", _entries(project / PROGRAMMES), True),
        "chunks": ("finished parts of runs that were stopped", unfinished(project), True),
        "left-overs": ("unfinished work of killed processes", _left_over(project), True),
    }
    found = [Holding(kind, what, len(paths), sum(map(size_of, paths)), freed) for kind, (what, paths, freed) in places.items()]
    return [holding for holding in found if holding.entries]


def clean(project: Path) -> list[Holding]:
    """Remove what can be freed without losing a result; return what was removed.

    Finished runs, screens, figures and the store stay, and so does everything that another process is working on.
    """
    freed = [holding for holding in holdings(project) if holding.freed]
    made_again = [path for name in (BASES, EXPOSURES, ANSWERS, SHOCKS, COALITIONS, PROGRAMMES) for path in _entries(project / name)]
    for path in (*unfinished(project), *made_again):
        _remove(path)
    for folder in _folders(project):
        sweep(folder)
    return freed


def _folders(project: Path) -> Iterator[Path]:
    """Folders of a project in which unfinished work can lie."""
    yield project
    for name in (RUNS, CHUNKS, BASES, EXPOSURES, ANSWERS, SHOCKS, FACTS, SCREENS, COALITIONS, PROGRAMMES):
        if (project / name).is_dir():
            yield project / name
            yield from (path for path in (project / name).iterdir() if name in (CHUNKS, SCREENS) and path.is_dir())


def _left_over(project: Path) -> list[Path]:
    return [path for folder in _folders(project) for path in left_over(folder)]


def _entries(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")] if folder.is_dir() else []


def size_of(path: Path) -> int:
    """Size of a file, or of all files in a folder [bytes]; links are not followed."""
    files = [path] if path.is_symlink() or not path.is_dir() else path.rglob("*")
    total = 0
    for file in files:
        with suppress(OSError):
            total += file.lstat().st_size
    return total


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
