"""Columns with a label each, such as demands and their markets, and sums over the columns of a label in compiled code."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation.kernels import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


class ColumnGroups(NamedTuple):
    """Columns in stretches of equal labels; a label may have several stretches, or none."""

    label: Ints
    """(stretch,)"""
    first: Ints
    """(stretch + 1,) first column of each stretch, and the end of the last."""
    labels: int

    @classmethod
    def of(cls, label: Ints, labels: int) -> ColumnGroups:
        """Stretches of the labels of columns (column,), which lie between 0 and ``labels``."""
        first = np.flatnonzero(np.diff(label, prepend=-1))
        return cls(label[first], np.append(first, len(label)), labels)


@compiled
def sum_columns(values, groups, total):  # type: ignore[no-untyped-def]
    """Sum of the values of each label, in the order of the columns; the sum of a stretch stays in a register."""
    total[:] = 0.0
    for i in range(len(groups.label)):
        added = total[groups.label[i]]
        for k in range(groups.first[i], groups.first[i + 1]):
            added += values[k]
        total[groups.label[i]] = added
