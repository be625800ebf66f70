"""Width of vector registers by number format, and memory that is aligned to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = {"float64": 8, "float32": 16}
"""Draws in a batch by number format: one 64-byte register; processors with narrower registers use several instructions."""
LINE = 64
"""Bytes in a cache line; every row begins at one."""


def aligned(rows: int, dtype: str) -> NDArray[np.float64]:
    """Rows of vectors filled with zeros, aligned to cache lines (rows, WIDTH)."""
    width = WIDTH[dtype]
    space = np.zeros(rows * width + LINE // np.dtype(dtype).itemsize, dtype=dtype)
    skip = -space.ctypes.data % LINE // space.itemsize
    return space[skip : skip + rows * width].reshape(rows, width)
