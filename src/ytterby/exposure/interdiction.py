"""Single points of failure: the smallest set of countries whose loss stops a use, by mixed-integer interdiction (E15).

A use is stopped when at most a tenth of it reaches its users without passing a lost country, with today's lines and pro
rata rationing. The share that passes a set of countries is no sum over them; the programme finds the set and the share
together, without big constants, since more lost countries only ever relax its constraints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.tracing import passed
from ytterby.solver.linear_program import LinearProgram, SparseRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.exposure.tracing import Chain

    Floats = NDArray[np.float64]

STOPPED = 0.1
"""A use counts as stopped when at most this share of it is left."""
ROUNDING = 1e-7
"""Passes and shares below this are not followed."""
TIE = 0.5
"""Weight of what is left beside the number of countries (below 1): among sets of one size the most harmful is named."""


@dataclass(frozen=True)
class CutSet:
    """A smallest set of countries whose loss stops a use."""

    countries: tuple[str, ...]
    """Empty where no loss of other countries stops it."""
    left: float
    """Share of the use that is left in place after their loss [1]."""
    stopped: bool


def left_without(walk: Chain, weight: Floats, lost: tuple[str, ...]) -> float:
    """Share of a use that never passed a process in the lost regions [1]."""
    return max(float(weight.sum() - weight @ passed(walk, *lost)), 0.0)


def single_point(
    walk: Chain,
    weight: Floats,
    home: tuple[str, ...],
    threshold: float = STOPPED,
    known: Mapping[str, Floats] | None = None,
) -> CutSet:
    """Smallest set of regions outside ``home`` whose loss leaves at most ``threshold`` of a use.

    Parameters
    ----------
    walk : Chain
    weight : ndarray (M,)
        Share of the use by market.
    home : tuple of str
        Regions of the importer, which cannot be lost.
    threshold : float
        Share of the use below which it counts as stopped.
    known : mapping of str to ndarray (M,), optional
        What :func:`~ytterby.exposure.tracing.passed` gives for single regions, where it was computed before.
    """
    others = tuple(sorted(set(walk.network.process_region) - set(home)))
    if left_without(walk, weight, others) > threshold + ROUNDING:
        return CutSet((), 1.0, stopped=False)
    alone = {region: max(float(1.0 - weight @ (known[region] if known else passed(walk, region))), 0.0) for region in others}
    worst = min(alone, key=lambda region: alone[region])
    chosen = (worst,) if alone[worst] <= threshold else _interdict(walk, weight, others, threshold)
    return CutSet(chosen, left_without(walk, weight, chosen), stopped=True)


def _interdict(walk: Chain, weight: Floats, others: tuple[str, ...], threshold: float) -> tuple[str, ...]:
    """Fewest lost regions such that enough of the use passes them (E15).

    Columns: loss of each region (binary), share of each process's output that passed a lost region. The share may be
    less than it is and never more, so a set that meets the threshold in the programme meets it in truth.
    """
    met = weight @ walk.makers
    near = met @ walk.passes > ROUNDING
    regions, count = walk.network.process_region[near], int(near.sum())
    share = len(others) + np.arange(count)
    before = (walk.taken @ walk.makers)[np.ix_(near, near)]
    rows = SparseRows()
    numbers = rows.block(np.full(count, -np.inf), np.zeros(count))
    rows.put(numbers, share, 1.0)
    at, by = np.nonzero(before > ROUNDING)
    rows.put(numbers[at], share[by], -before[at, by])
    place = {region: column for column, region in enumerate(others)}
    lost = np.array([place.get(region, -1) for region in regions], np.int64)
    rows.put(numbers[lost >= 0], lost[lost >= 0], -1.0)
    numbers = rows.block(np.array([1.0 - threshold - ROUNDING]), np.array([np.inf]))
    rows.put(np.repeat(numbers, count), share, met[near])
    binary = np.arange(len(others) + count) < len(others)
    programme = LinearProgram(np.zeros(len(binary)), np.ones(len(binary)), rows, integer=binary)
    programme.cost(np.concatenate([np.ones(len(others)), -TIE * met[near]]))
    programme.solve()
    return tuple(region for region, chosen in zip(others, programme.values, strict=False) if chosen > 0.5)
