"""Columns with a label each, such as demands and their markets."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

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
