"""Figures by which a base is known again on another machine.

Solvers and sums differ in the last bits from machine to machine, so a digest of a base is good for one machine only. A base is known again
by a few sums of each column of numbers, within a tolerance.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.system import System

TABLES = ("markets", "processes", "recipes", "links", "demands")
"""Tables of a System that a replay reads."""
TOLERANCE = 1e-6
"""Largest difference of a sum, relative to the sum of magnitudes on its scale, or absolute where that is below one."""
DIGITS = 10
"""Significant digits of recorded sums."""


def base_figures(system: System) -> dict[str, tuple[float, ...]]:
    """Three sums of each column of numbers, by ``table.column``.

    The sum of the magnitudes; that of ``log(1 + magnitude)``, in which small figures count too; and that of the latter with their signs,
    each times a weight between 0 and 1. The weight comes from the label of the row and the names of what it connects, so that neither
    a figure nor a row can change places with another unseen. Evidence (ids of facts, kinds) does not count.
    """
    found: dict[str, tuple[float, ...]] = {}
    for name in TABLES:
        table = getattr(system, name)
        weight = _weights(table)
        for column in table.select_dtypes("number"):
            values = np.nan_to_num(table[column].to_numpy(dtype=np.float64))
            size = np.log1p(np.abs(values))
            sums = np.abs(values).sum(), size.sum(), weight @ (np.sign(values) * size)
            found[f"{name}.{column}"] = tuple(float(f"{total:.{DIGITS}g}") for total in sums)
    return found


def same_figures(one: Mapping[str, Sequence[float]], other: Mapping[str, Sequence[float]]) -> bool:
    """Whether two bases are the same, by :func:`base_figures`, within :data:`TOLERANCE`."""
    return one.keys() == other.keys() and all(_near(one[column], other[column]) for column in one)


def _near(one: Sequence[float], other: Sequence[float]) -> bool:
    scales = np.maximum(1.0, np.array(one)[[0, 1, 1]])
    return bool(np.all(np.abs(np.array(one) - np.array(other)) <= TOLERANCE * scales))


def _weights(table: pd.DataFrame) -> NDArray[np.float64]:
    ends = [table[name].astype(str) for name in ("process", "market", "origin", "destination") if name in table]
    labels = [" ".join(parts) for parts in zip(table.index.astype(str), *ends, strict=True)]
    return np.array([zlib.crc32(label.encode()) / 2**32 for label in labels])
