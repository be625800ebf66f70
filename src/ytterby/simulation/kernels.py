"""Functions compiled by numba: kept on disk, compiled by one process while others wait, and known by a digest of their source."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from numba import njit, typeof
from numba.extending import register_jitable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

compiled = register_jitable
"""Decorator: plain Python runs the function as written, compiled functions call a compiled version."""
inlined: Callable[[Any], Any] = register_jitable(forceinline=True)
"""Decorator: as :data:`compiled`, and always inlined into the caller."""


class Kernel:
    """A compiled function that is kept on disk; of all processes that call it for the first time, one compiles it and the others wait.

    Parameters
    ----------
    function : callable
        Its first array tells the number format; the types of all other arguments follow from it.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.dispatcher = njit(cache=True, nogil=True, error_model="numpy")(function)
        self._ready: set[str] = set()

    def __call__(self, *args: Any) -> Any:
        """Result of the function, compiled where this is still to be done."""
        number = next(str(arg.dtype) for arg in args if isinstance(arg, np.ndarray))
        if number not in self._ready:
            with _alone(Path(self.dispatcher.stats.cache_path) / COMPILING):
                self.dispatcher.compile(tuple(typeof(arg) for arg in args))
            self._ready.add(number)
        return self.dispatcher(*args)


COMPILING = "compiling.lock"
"""File beside the compiled code, locked while a process compiles."""


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Hold a lock between processes, where the system has locks and the folder can be written."""
    try:
        import fcntl

        place.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_CREAT | os.O_RDWR, 0o600)
    except (ImportError, OSError):
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def kernel(function: Callable[..., Any]) -> Kernel:
    """Decorator: see :class:`Kernel`; what is inlined into it belongs into :func:`source_digest`."""
    return Kernel(function)


INLINED = tuple(
    Path(__file__).with_name(f"{name}.py") for name in ("kernels", "registers", "simd", "simd_fields", "simd_functions", "column_sums")
)
"""Source that kernels of other modules inline: vectors, sums over columns."""


def source_digest(*files: Path) -> int:
    """CRC-32 of source files and of :data:`INLINED`, for the closure of a kernel.

    numba keeps compiled code by the date of the file of the kernel alone, and by its closure: with the digest in it, code that was
    compiled from another version of what is inlined into the kernel is not used again.
    """
    total = 0
    for file in (*INLINED, *files):
        total = crc32(file.read_bytes(), total)
    return total
