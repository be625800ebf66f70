"""The free parameters of the calibration: their keys and prior ranges, from the table ``free``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.validation.tables import table

if TYPE_CHECKING:
    from numpy.typing import NDArray


def free_keys() -> tuple[str, ...]:
    """Keys of the free parameters."""
    return tuple(row["key"] for row in table("free"))


def spread(unit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Parameters at positions in [0, 1] of their uniform prior ranges (N, D)."""
    low, high = (np.array([float(row[end]) for row in table("free")]) for end in ("low", "high"))
    return np.asarray(low + (high - low) * unit)
