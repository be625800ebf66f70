"""Sums over the columns of each label, for compiled code."""

from __future__ import annotations

from ytterby.simulation.kernels import compiled


@compiled
def sum_columns(values, groups, total):  # type: ignore[no-untyped-def]
    """Sum of the values of each label, in the order of the columns; the sum of a stretch stays in a register."""
    total[:] = 0.0
    for i in range(len(groups.label)):
        added = total[groups.label[i]]
        for k in range(groups.first[i], groups.first[i + 1]):
            added += values[k]
        total[groups.label[i]] = added
