"""Columns with a label each, such as demands and their markets."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
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


class ReportedGroups(NamedTuple):
    """Groups of columns that are reported beside the columns themselves; a column may be in none."""

    inside: Ints
    """(place,) columns of all groups, those of a group next to each other."""
    first: Ints
    """(group + 1,) first place of each group, and the end of the last."""
    weight: Floats
    """(place,) weight in the mean of the group."""

    def of_row(self, values: Floats, *, mean: bool = False) -> Floats:
        """Sum of the values (column,) of each group, or the mean of its finite ones (group,).

        The bits are those of :func:`ytterby.simulation.market_sums.write_report`; who only names the base loads no compiler.
        """
        found = []
        for start, stop in pairwise(self.first.tolist()):
            own = list(zip(values[self.inside[start:stop]].tolist(), self.weight[start:stop].tolist(), strict=True))
            known = [(value, weight) for value, weight in own if isfinite(value)]
            weights = _added(weight for _, weight in known)
            if not mean:
                found.append(_added(value for value, _ in own))
            elif weights > 0.0:
                found.append(_added(value * weight for value, weight in known) / weights)
            else:
                found.append(np.nan)
        return np.array(found)


def _added(terms: Iterable[float]) -> float:
    """Terms added one after another; ``sum`` compensates for rounding from Python 3.12 on."""
    total = 0.0
    for term in terms:
        total += term
    return total
