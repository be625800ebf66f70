"""Single points of failure: the smallest set of countries whose loss stops a use, by mixed-integer interdiction (E15).

A use is stopped when at most a tenth of it reaches its users without passing a lost country, with today's supply lines and
pro rata rationing. Shares that pass several countries overlap and cannot be added, so the programme determines the set and
its share together. It needs no big-M constants, since losing more countries only relaxes its constraints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.tracing import passed_through
from ytterby.solver import LinearProgram, SparseRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.exposure.tracing import UpstreamWalk

    Floats = NDArray[np.float64]

STOPPED = 0.1
"""A use counts as stopped when at most this share of it remains."""
ROUNDING = 1e-7
"""Shares and mean passes below this are treated as zero."""
TIE = 0.5
"""Weight of the remaining use in the objective, below 1: among sets of equal size the most harmful is chosen."""


@dataclass(frozen=True)
class CutSet:
    """A smallest set of countries whose loss stops a use."""

    countries: tuple[str, ...]
    """Empty if even the loss of all foreign countries does not stop it."""
    left: float
    """Share of the use that remains after their loss, without re-routing [1]."""
    stopped: bool


def left_without(walk: UpstreamWalk, weight: Floats, lost: tuple[str, ...]) -> float:
    """Share of a use that never passed a process in the lost regions [1]."""
    return max(float(weight.sum() - weight @ passed_through(walk, *lost)), 0.0)


def single_point(
    walk: UpstreamWalk,
    weight: Floats,
    home: tuple[str, ...],
    threshold: float = STOPPED,
    known: Mapping[str, Floats] | None = None,
) -> CutSet:
    """Smallest set of regions outside ``home`` whose loss leaves at most ``threshold`` of a use.

    Parameters
    ----------
    walk : UpstreamWalk
    weight : ndarray (M,)
        Share of the use by market.
    home : tuple of str
        Regions of the importer, which cannot be lost.
    threshold : float
        Share of the use below which it counts as stopped.
    known : mapping of str to ndarray (M,), optional
        Results of :func:`~ytterby.exposure.tracing.passed_through` for single regions, if already computed.
    """
    others = tuple(sorted(set(walk.network.process_region) - set(home)))
    if left_without(walk, weight, others) > threshold + ROUNDING:
        return CutSet((), 1.0, stopped=False)
    alone = {region: max(float(1.0 - weight @ (known[region] if known else passed_through(walk, region))), 0.0) for region in others}
    worst = min(alone, key=lambda region: alone[region])
    chosen = (worst,) if alone[worst] <= threshold else _interdict(walk, weight, others, threshold)
    return CutSet(chosen, left_without(walk, weight, chosen), stopped=True)


def _interdict(walk: UpstreamWalk, weight: Floats, others: tuple[str, ...], threshold: float) -> tuple[str, ...]:
    """Smallest set of regions such that enough of the use passes them (E15).

    Columns: loss of each region (binary), share of each process's output that passed a lost region. The constraints bound
    this share from above by its true value, so a set that meets the threshold in the programme meets it in fact.
    """
    met = weight @ walk.last_producer
    near = met @ walk.leontief > ROUNDING
    regions, count = walk.network.process_region[near], int(near.sum())
    share = len(others) + np.arange(count)
    before = (walk.from_market @ walk.last_producer)[np.ix_(near, near)]
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
