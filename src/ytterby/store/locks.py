"""Locks between processes: the same work is done once, the others wait for it."""

from __future__ import annotations

import importlib.util
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ytterby.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HAS_LOCKS = importlib.util.find_spec("fcntl") is not None
"""Whether the system has such locks; on Windows the same work is done twice."""
if HAS_LOCKS:
    import fcntl

SUFFIX = ".lock"


@contextmanager
def held(path: Path, waiting: Callable[[], None] | None = None) -> Iterator[bool]:
    """Hold a lock for the duration of the block; a process that is killed gives it back.

    Parameters
    ----------
    path : Path
        File of the lock; it is made, and removed by the last who holds it.
    waiting : callable, optional
        Called once if another process holds the lock.

    Yields
    ------
    bool
        Whether another process had to be waited for.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    if not HAS_LOCKS:
        yield False
        return
    waited, handle = False, _opened(path)
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting and not waited:
                waiting()
            waited = True
            fcntl.flock(handle, fcntl.LOCK_EX)
        if _is_same(path, handle):
            break
        os.close(handle)  # the holder removed the file while this process waited
        handle = _opened(path)
    try:
        yield waited
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def taken(path: Path) -> int | None:
    """Take a lock for a process that will inherit it: the descriptor, which holds it while anyone has it open; None without locks.

    Raises
    ------
    StoreError
        If another process holds it, or the file cannot be written.
    """
    if not HAS_LOCKS:
        return None
    handle = _opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise StoreError(f"{path}: is held by another process") from None
    return handle


def is_held(path: Path) -> bool:
    """Whether some process holds a lock."""
    if not HAS_LOCKS or not path.exists():
        return False
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _opened(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StoreError(f"{path.parent}: cannot be written ({error.strerror or error})") from None


def _is_same(path: Path, handle: int) -> bool:
    """Whether the path still names the open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
