"""Memory of numeric work: what arrays leave behind is kept for the next ones."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Parameters of ``mallopt`` (glibc, ``malloc.h``)."""
KEPT = 1 << 26
"""Most freed memory that is kept [bytes]."""
LARGEST = 1 << 25
"""Blocks up to this size are taken from what is kept, the most that glibc allows [bytes]."""


@cache
def keep_freed_memory() -> bool:
    """Let the C library keep freed memory, where it is glibc; returns whether it does.

    The arrays of a draw, a megabyte each, come and go by the hundred. glibc gives such memory back to the system at once, which then
    fills each page with zeros anew: a quarter of the CPU time of an ensemble.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all([mallopt(TRIM_THRESHOLD, KEPT), mallopt(MMAP_THRESHOLD, LARGEST)])
