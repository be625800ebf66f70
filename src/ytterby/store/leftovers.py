"""Unfinished files and folders: their names tell who writes them, so that those of killed processes are swept and no others."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import socket
import tempfile
import time
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PART = ".part-"
"""Prefix of the names of unfinished files and folders."""
SCRATCH = "ytterby-"
"""Prefix of the names of temporary folders in the system's place for them."""
OLD = 86_400.0
"""Age at which what another machine left unfinished, or an older version, is taken to be left over [s]."""


@cache
def machine() -> str:
    """Mark of this machine since its start, and of the space in which it counts processes; a process id means nothing outside it."""
    parts = [socket.gethostname()]
    for place in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with suppress(OSError):
            parts.append(str(Path(place).readlink()) if place.endswith("pid") else Path(place).read_text("ascii"))
    return hashlib.sha256(" ".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:8]


def part_name(prefix: str = PART) -> str:
    """Name of an unfinished file or folder of this process, never used before."""
    return f"{prefix}{machine()}-{os.getpid()}-{secrets.token_hex(4)}"


def is_left_over(path: Path, prefix: str = PART) -> bool:
    """Whether an unfinished file or folder belongs to no living process.

    One written on this machine is left over if its process is gone; of any other only its age tells.
    """
    with suppress(ValueError):
        mark, process, _ = path.name.removeprefix(prefix).split("-")
        if mark == machine():
            return not _lives(int(process))
    with suppress(OSError):
        return time.time() - path.stat().st_mtime >= OLD
    return False


def _lives(process: int) -> bool:
    """Whether a process is there; one that may not be asked is."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def left_over(folder: Path, prefix: str = PART) -> list[Path]:
    """Unfinished files and folders in a folder that belong to no living process."""
    if not folder.is_dir():
        return []
    return [path for path in folder.glob(f"{prefix}*") if is_left_over(path, prefix)]


def sweep(folder: Path) -> None:
    """Remove what killed processes left unfinished, and restore a folder whose replacement was interrupted."""
    for part in left_over(folder):
        with suppress(OSError):
            if part.is_symlink() or not part.is_dir():
                part.unlink(missing_ok=True)
                continue
            for replaced in (child for child in part.iterdir() if child.is_dir()):
                if not (folder / replaced.name).exists():
                    replaced.rename(folder / replaced.name)
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Temporary folder for the duration of the block; those of killed processes are removed first."""
    place = Path(tempfile.gettempdir())
    for old in left_over(place, SCRATCH):
        if not old.is_symlink() and old.name.count("-") == SCRATCH.count("-") + 2:
            shutil.rmtree(old, ignore_errors=True)
    folder = place / part_name(SCRATCH)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
