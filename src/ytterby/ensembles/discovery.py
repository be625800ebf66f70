"""Scenario discovery: the box of inputs in which an outcome is mostly bad (PRIM).

The patient rule induction method of Friedman and Fisher, *Bump hunting in high-dimensional data*,
Statistics and Computing 9 (1999) 123-143, as used for scenario discovery by Bryant and Lempert,
*Thinking inside the box*, Technological Forecasting and Social Change 77 (2010) 34-49: peel off a
small share of the draws again and again, each time where the cases of interest become densest; keep
the box with the best balance of coverage and density; then move each end of it, alone, to where the balance is best
(a pasting that may also cut).

Ensembles here have more inputs than cases, and among so many some always look telling. So only the
inputs whose values differ most between cases and others (two-sample Kolmogorov-Smirnov) are tried; one
after the other is taken in where the box becomes better and chance explains none of its limits (quasi-p-value,
multiplied by the number of all inputs and of places for an end); and the box is judged on draws that its search had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.ensembles.conditional_means import Columns, columns, own_order
from ytterby.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

PEEL = 0.05
"""Share of the draws in the box that one peel takes away."""
MIN_MASS = 0.05
"""A box holds at least this share of all draws ..."""
MIN_CASES = 10
"""... and at least this many draws; nor is there a search with fewer cases, or fewer that are no cases."""
SCREENED = 12
"""Inputs that are tried at most."""
MAX_INPUTS = 4
"""Inputs that a box limits at most: more cannot be kept in mind."""
PLACES = 4
"""Independent places for an end: neighbours are nearly the same, and with 4 noise has a box as rarely as CHANCE says."""
CHANCE = 0.05
"""A limit with a larger quasi-p-value is not believed."""


class Limits(NamedTuple):
    """Ends of a box, closed (column,); infinite where a column is free."""

    low: Array
    high: Array

    def holds(self, values: Array) -> Mask:
        """Which draws lie inside (draw,)."""
        return np.asarray(((values >= self.low) & (values <= self.high)).all(axis=1))

    def moved(self, column: int, low: float, high: float) -> Limits:
        """Limits with one column changed."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[column], highs[column] = low, high
        return Limits(lows, highs)

    @property
    def closed(self) -> NDArray[np.int64]:
        """Columns that are limited."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))


@dataclass(frozen=True)
class Limit:
    """One limit of the box.

    Attributes
    ----------
    input, category : str
        Input, and the category that is asked for or barred (``is_category``) where it is in words.
    low, high : float or None
        Ends in the input's own numbers; None where open.
    share_low, share_high : float
        The same ends as shares of all draws that lie below.
    p : float
        Probability that chance alone makes the box as dense, times the number of inputs and of places for an end.
    """

    input: str
    category: str
    low: float | None
    high: float | None
    share_low: float
    share_high: float
    p: float


@dataclass(frozen=True)
class Peel:
    """A box on the way from all draws to few."""

    coverage: float
    density: float
    mass: float
    limits: int


@dataclass(frozen=True)
class Box:
    """Where the cases of interest lie.

    Attributes
    ----------
    coverage : float
        Share of all cases that lie in the box.
    density : float
        Share of the draws in the box that are cases.
    mass : float
        Share of all draws that lie in the box.
    base : float
        Share of all draws that are cases.
    limits : tuple of Limit
        Strongest first; empty where no limit is more than chance.
    peels : tuple of Peel
        The way from all draws to few, before ends were moved; the box that was chosen is number ``chosen``.
    tested_coverage, tested_density : float or None
        The same on draws that the search had not seen: two halves, each searched and judged on the other.
    """

    coverage: float
    density: float
    mass: float
    base: float
    limits: tuple[Limit, ...]
    peels: tuple[Peel, ...]
    chosen: int
    tested_coverage: float | None = None
    tested_density: float | None = None


def discover(inputs: pd.DataFrame, cases: Mask, *, peel: float = PEEL, least: float = MIN_MASS) -> Box:
    """Box of the inputs in which most cases lie and most draws are cases.

    Parameters
    ----------
    inputs : DataFrame
        One row a draw; numbers or words.
    cases : array of bool (draw,)
        Which draws are of interest.
    peel : float
        Share of the box that one peel takes.
    least : float
        Least share of all draws in a box.

    Raises
    ------
    InputError
        With too few cases, or too few draws that are none.
    """
    table, hits = columns(inputs), np.asarray(cases, dtype=bool)
    if min(hits.sum(), (~hits).sum()) < MIN_CASES:
        raise InputError(f"discovery: found {hits.sum()} cases in {len(hits)} draws; at least {MIN_CASES} must be, and {MIN_CASES} not be")
    found = _search(table, hits, peel, least)
    if not found.box.limits:
        return found.box
    order = own_order(table.values, hits.astype(np.float64))
    return _tested(found.box, table, hits, order, peel, least)


class _Found(NamedTuple):
    """A box with its limits and the columns that they are for."""

    box: Box
    limits: Limits
    at: NDArray[np.int64]


def _search(table: Columns, hits: Mask, peel: float, least: float) -> _Found:
    """Box over the inputs that are taken in one by one, each time the one that makes the best box."""
    best, tried = _box(table, hits, frozenset(), peel, least), _screened(table, hits)
    taken: frozenset[str] = frozenset()
    while len(taken) < MAX_INPUTS:
        boxes = [(name, _box(table, hits, taken | {name}, peel, least)) for name in tried if name not in taken]
        usable = [(name, found) for name, found in boxes if _believed(found.box, taken | {name})]
        name, found = max(usable, key=lambda entry: _balance(entry[1].box), default=("", best))
        if _balance(found.box) <= _balance(best.box):
            break
        best, taken = found, taken | {name}
    return best


def _believed(box: Box, names: frozenset[str]) -> bool:
    """Whether all inputs are limited and chance explains no limit."""
    return {limit.input for limit in box.limits} == names and all(limit.p <= CHANCE for limit in box.limits)


def _box(table: Columns, hits: Mask, names: frozenset[str], peel: float, least: float) -> _Found:
    """Box over some inputs."""
    at = np.array([i for i, name in enumerate(table.inputs) if name in names], dtype=np.int64)
    values = table.values[:, at]
    way = _peel(values, hits, peel, least)
    peels = tuple(_measured(values, hits, limits) for limits in way)
    chosen = max(range(len(peels)), key=lambda i: (_balance(peels[i]), -i))
    limits = _refined(values, hits, way[chosen], peel)
    end, chances = _measured(values, hits, limits), _chances(values, hits, limits, PLACES * len(set(table.inputs)))
    rows = sorted((_row(table, int(at[i]), limits, i, p) for i, p in chances.items()), key=lambda row: (row.p, row.input, row.category))
    return _Found(Box(end.coverage, end.density, end.mass, float(hits.mean()), tuple(rows), peels, chosen), limits, at)


def _screened(table: Columns, hits: Mask) -> list[str]:
    """Inputs whose values differ most between cases and others, these first."""
    from scipy.stats import ks_2samp

    apart: dict[str, float] = {}
    for i, name in enumerate(table.inputs):
        column = table.values[:, i]
        far = float(ks_2samp(column[hits], column[~hits], method="asymp").statistic)
        apart[name] = max(far, apart.get(name, 0.0))
    return sorted(apart, key=lambda name: (-apart[name], name))[:SCREENED]


def _balance(peel: Peel | Box) -> float:
    """Harmonic mean of coverage and density."""
    total = peel.coverage + peel.density
    return 2.0 * peel.coverage * peel.density / total if total else 0.0


def _measured(values: Array, hits: Mask, limits: Limits) -> Peel:
    inside = limits.holds(values)
    found = int(hits[inside].sum())
    return Peel(found / int(hits.sum()), found / max(int(inside.sum()), 1), float(inside.mean()), len(limits.closed))


def _peel(values: Array, hits: Mask, share: float, least: float) -> list[Limits]:
    """Boxes from all draws to few, each inside the one before."""
    free = np.full(values.shape[1], np.inf)
    way = [Limits(-free, free)]
    floor = max(MIN_CASES, int(np.ceil(least * len(values))))
    while values.shape[1]:
        inside = way[-1].holds(values)
        step = _best_peel(values[inside], hits[inside], share, floor)
        if step is None:
            break
        column, low, high = step
        before = way[-1]
        way.append(before.moved(column, max(before.low[column], low), min(before.high[column], high)))
    return way


def _best_peel(x: Array, y: Mask, share: float, floor: int) -> tuple[int, float, float] | None:
    """Column and new ends whose peel does most for the density by the draws that it costs; None where the box is as small as it may be."""
    n, k = len(x), max(1, int(share * len(x)))
    weight, ordered = y.astype(np.float64), np.sort(x, axis=0)
    best: tuple[float, int, float, float] | None = None
    for side, edge in (("low", ordered[k - 1]), ("high", ordered[n - k])):
        keep = x > edge if side == "low" else x < edge
        count = keep.sum(axis=0)
        lifts = np.where(count >= floor, (weight @ keep) / np.maximum(count, 1) - weight.mean(), -np.inf)
        gain = lifts / np.maximum(n - count, 1)
        column = int(gain.argmax())
        if not np.isfinite(gain[column]) or (best and gain[column] <= best[0]):
            continue
        kept = x[keep[:, column], column]
        middle = (edge[column] + (kept.min() if side == "low" else kept.max())) / 2.0
        best = (float(gain[column]), column, *((middle, np.inf) if side == "low" else (-np.inf, middle)))
    return best[1:] if best else None


def _chances(values: Array, hits: Mask, limits: Limits, searched: int) -> dict[int, float]:
    """Quasi-p-value of each limited column: whether chance makes the box denser than it is without this limit."""
    from scipy.stats import binom

    inside, found = limits.holds(values), {}
    for column in limits.closed.tolist():
        without = limits.moved(column, -np.inf, np.inf).holds(values)
        chance = binom.sf(int(hits[inside].sum()) - 1, int(inside.sum()), float(hits[without].mean()))
        found[column] = min(1.0, float(chance) * searched)
    return found


def _refined(values: Array, hits: Mask, limits: Limits, share: float) -> Limits:
    """Move one end after the other to the best of its places, until none moves."""
    best, moved = _balance(_measured(values, hits, limits)), True
    while moved:
        moved = False
        for column in range(values.shape[1]):
            for other in _places(values[:, column], limits, column, share):
                balance = _balance(_measured(values, hits, other))
                if balance > best:
                    best, limits, moved = balance, other, True
    return limits


def _places(column: Array, limits: Limits, at: int, share: float) -> list[Limits]:
    """Limits with the low or the high end of a column open, or at a place between draws that leaves that share, twice it, ..."""
    ordered = np.unique(column)
    cuts = np.unique((np.arange(share, 1.0, share) * len(ordered)).astype(np.int64))
    ends = [float(ordered[i - 1] + ordered[i]) / 2.0 for i in cuts if i > 0]
    low, high = float(limits.low[at]), float(limits.high[at])
    lows = [limits.moved(at, end, high) for end in (-np.inf, *ends) if end < high and end != low]
    return lows + [limits.moved(at, low, end) for end in (np.inf, *ends) if end > low and end != high]


def _row(table: Columns, column: int, limits: Limits, i: int, p: float) -> Limit:
    low, high, values = float(limits.low[i]), float(limits.high[i]), table.values[:, column]
    ends = (low if np.isfinite(low) else None, high if np.isfinite(high) else None)
    return Limit(table.inputs[column], table.categories[column], *ends, float((values < low).mean()), float((values <= high).mean()), p)


def _tested(box: Box, table: Columns, hits: Mask, order: NDArray[np.int64], peel: float, least: float) -> Box:
    """Box with coverage and density on draws that its search had not seen; left out where a half has too few cases."""
    inside = cases = found = 0
    for turn in (0, 1):
        seen, unseen = order[turn::2], order[1 - turn :: 2]
        if min(hits[seen].sum(), (~hits[seen]).sum()) < MIN_CASES:
            return box
        half = _search(table._replace(values=table.values[seen]), hits[seen], peel, least)
        held = half.limits.holds(table.values[unseen][:, half.at])
        inside, cases, found = inside + int(held.sum()), cases + int(hits[unseen].sum()), found + int(hits[unseen][held].sum())
    return replace(box, tested_coverage=found / cases, tested_density=found / inside if inside else None)
