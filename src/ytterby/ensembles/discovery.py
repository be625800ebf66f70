"""Scenario discovery: the box of inputs in which an outcome is mostly bad (PRIM).

The patient rule induction method of Friedman and Fisher, *Bump hunting in high-dimensional data*,
Statistics and Computing 9 (1999) 123-143, as used for scenario discovery by Bryant and Lempert,
*Thinking inside the box*, Technological Forecasting and Social Change 77 (2010) 34-49: repeatedly peel
off a small share of the draws where this raises the density of cases most; select the box with the best balance of
coverage and density; then optimise each bound separately (a pasting step that may also peel).

Ensembles have more inputs than cases, so that some inputs always appear relevant by chance. Therefore only the inputs
whose distributions differ most between cases and others (two-sample Kolmogorov-Smirnov) are candidates. They are added one
by one (forward selection) if the box improves and all its limits are significant (quasi-p-value, multiplied by the number
of all inputs and of independent positions of a bound), and the box is evaluated by cross-validation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.ensembles.conditional_means import NumericInputs, canonical_order, columns
from ytterby.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

PEEL = 0.05
"""Share of the draws in the box removed by one peel."""
MIN_MASS = 0.05
"""A box contains at least this share of all draws."""
MIN_CASES = 10
"""A box contains at least this many draws; a search needs at least this many cases and other draws."""
SCREENED = 12
"""Largest number of candidate inputs."""
MAX_INPUTS = 4
"""Largest number of inputs limited by a box, so that it stays interpretable."""
PLACES = 4
"""Effective number of independent positions of a bound; with 4 the false-positive rate on noise equals CHANCE."""
CHANCE = 0.05
"""Significance level of the quasi-p-value of a limit."""


class BoxBounds(NamedTuple):
    """Bounds of a box, inclusive (column,); infinite if a column is not limited."""

    low: Array
    high: Array

    def holds(self, values: Array) -> Mask:
        """Which draws lie inside (draw,)."""
        return np.asarray(((values >= self.low) & (values <= self.high)).all(axis=1))

    def moved(self, column: int, low: float, high: float) -> BoxBounds:
        """Limits with one column changed."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[column], highs[column] = low, high
        return BoxBounds(lows, highs)

    @property
    def closed(self) -> NDArray[np.int64]:
        """Columns that are limited."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))


@dataclass(frozen=True)
class BoxLimit:
    """One limit of the box.

    Attributes
    ----------
    input, category : str
        Input, and its category if it is categorical.
    low, high : float or None
        Bounds in the unit of the input; None if open.
    share_low, share_high : float
        The same bounds as shares of all draws below them.
    p : float
        Quasi-p-value: probability of this density by chance, times the number of inputs and of positions of a bound.
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
    """A box on the peeling trajectory."""

    coverage: float
    density: float
    mass: float
    limits: int


@dataclass(frozen=True)
class Box:
    """Region of the inputs that contains most cases of interest.

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
        Most significant first; empty if no limit is significant.
    peels : tuple of Peel
        The peeling trajectory before pasting; the selected box has the index ``chosen``.
    tested_coverage, tested_density : float or None
        The same by two-fold cross-validation.
    """

    coverage: float
    density: float
    mass: float
    base: float
    limits: tuple[BoxLimit, ...]
    peels: tuple[Peel, ...]
    chosen: int
    tested_coverage: float | None = None
    tested_density: float | None = None


def discover(inputs: pd.DataFrame, cases: Mask, *, peel: float = PEEL, min_mass: float = MIN_MASS) -> Box:
    """Box of the inputs with high coverage and density of cases.

    Parameters
    ----------
    inputs : DataFrame
        One row per draw; numbers or categories.
    cases : array of bool (draw,)
        Which draws are of interest.
    peel : float
        Share of the box removed by one peel.
    least : float
        Smallest share of all draws in a box.

    Raises
    ------
    InputError
        If there are too few cases or too few other draws.
    """
    table, hits = columns(inputs), np.asarray(cases, dtype=bool)
    if min(hits.sum(), (~hits).sum()) < MIN_CASES:
        raise InputError(f"discovery: found {hits.sum()} cases in {len(hits)} draws; {MIN_CASES} of each kind are needed")
    found = _search(table, hits, peel, min_mass)
    if not found.box.limits:
        return found.box
    order = canonical_order(table.values, hits.astype(np.float64))
    return _cross_validated(found.box, table, hits, order, peel, min_mass)


class _Found(NamedTuple):
    """A box with its limits and the columns that they are for."""

    box: Box
    limits: BoxBounds
    at: NDArray[np.int64]


def _search(table: NumericInputs, hits: Mask, peel: float, min_mass: float) -> _Found:
    """Best box by forward selection of inputs."""
    best, tried = _box(table, hits, frozenset(), peel, min_mass), _screened(table, hits)
    selected: frozenset[str] = frozenset()
    while len(selected) < MAX_INPUTS:
        boxes = [(name, _box(table, hits, selected | {name}, peel, min_mass)) for name in tried if name not in selected]
        usable = [(name, found) for name, found in boxes if _significant(found.box, selected | {name})]
        name, found = max(usable, key=lambda entry: _balance(entry[1].box), default=("", best))
        if _balance(found.box) <= _balance(best.box):
            break
        best, selected = found, selected | {name}
    return best


def _significant(box: Box, names: frozenset[str]) -> bool:
    """Whether all inputs are limited and every limit is significant."""
    return {limit.input for limit in box.limits} == names and all(limit.p <= CHANCE for limit in box.limits)


def _box(table: NumericInputs, hits: Mask, names: frozenset[str], peel: float, min_mass: float) -> _Found:
    """Box over some inputs."""
    at = np.array([i for i, name in enumerate(table.inputs) if name in names], dtype=np.int64)
    values = table.values[:, at]
    path = _peel(values, hits, peel, min_mass)
    peels = tuple(_measured(values, hits, limits) for limits in path)
    chosen = max(range(len(peels)), key=lambda i: (_balance(peels[i]), -i))
    limits = _refined(values, hits, path[chosen], peel)
    end, chances = _measured(values, hits, limits), _chances(values, hits, limits, PLACES * len(set(table.inputs)))
    rows = sorted((_row(table, int(at[i]), limits, i, p) for i, p in chances.items()), key=lambda row: (row.p, row.input, row.category))
    return _Found(Box(end.coverage, end.density, end.mass, float(hits.mean()), tuple(rows), peels, chosen), limits, at)


def _screened(table: NumericInputs, hits: Mask) -> list[str]:
    """Inputs by the difference of their distributions between cases and others, largest first."""
    apart: dict[str, float] = {}
    for i, name in enumerate(table.inputs):
        column = table.values[:, i]
        apart[name] = max(_distance(np.sort(column[hits]), np.sort(column[~hits])), apart.get(name, 0.0))
    return sorted(apart, key=lambda name: (-apart[name], name))[:SCREENED]


def _distance(a: Array, b: Array) -> float:
    """Largest difference of the distributions of two sorted samples (Kolmogorov-Smirnov)."""
    each = np.concatenate([a, b])
    apart = np.searchsorted(a, each, side="right") / len(a) - np.searchsorted(b, each, side="right") / len(b)
    return float(np.abs(apart).max())


def _balance(peel: Peel | Box) -> float:
    """Harmonic mean of coverage and density."""
    total = peel.coverage + peel.density
    return 2.0 * peel.coverage * peel.density / total if total else 0.0


def _measured(values: Array, hits: Mask, limits: BoxBounds) -> Peel:
    inside = limits.holds(values)
    found = int(hits[inside].sum())
    return Peel(found / int(hits.sum()), found / max(int(inside.sum()), 1), float(inside.mean()), len(limits.closed))


def _peel(values: Array, hits: Mask, share: float, min_mass: float) -> list[BoxBounds]:
    """Peeling trajectory: nested boxes from all draws to the smallest box."""
    free = np.full(values.shape[1], np.inf)
    path = [BoxBounds(-free, free)]
    floor = max(MIN_CASES, int(np.ceil(min_mass * len(values))))
    while values.shape[1]:
        inside = path[-1].holds(values)
        step = _best_peel(values[inside], hits[inside], share, floor)
        if step is None:
            break
        column, low, high = step
        before = path[-1]
        path.append(before.moved(column, max(before.low[column], low), min(before.high[column], high)))
    return path


def _best_peel(x: Array, y: Mask, share: float, floor: int) -> tuple[int, float, float] | None:
    """Column and new bounds of the peel with the largest gain of density per draw removed; None at the smallest box allowed."""
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
        remaining = x[keep[:, column], column]
        middle = (edge[column] + (remaining.min() if side == "low" else remaining.max())) / 2.0
        best = (float(gain[column]), column, *((middle, np.inf) if side == "low" else (-np.inf, middle)))
    return best[1:] if best else None


def _chances(values: Array, hits: Mask, limits: BoxBounds, searched: int) -> dict[int, float]:
    """Quasi-p-value of each limited column: probability that the limit raises the density as much by chance."""
    from scipy.special import betainc

    inside, found = limits.holds(values), {}
    for column in limits.closed.tolist():
        without = limits.moved(column, -np.inf, np.inf).holds(values)
        drawn, seen, share = int(inside.sum()), int(hits[inside].sum()), float(hits[without].mean())
        chance = betainc(seen, drawn - seen + 1, share) if seen > 0 else 1.0  # of so many cases or more, binomial
        found[column] = min(1.0, float(chance) * searched)
    return found


def _refined(values: Array, hits: Mask, limits: BoxBounds, share: float) -> BoxBounds:
    """Move each bound in turn to its best position until no bound moves."""
    best, moved = _balance(_measured(values, hits, limits)), True
    while moved:
        moved = False
        for column in range(values.shape[1]):
            for other in _places(values[:, column], limits, column, share):
                balance = _balance(_measured(values, hits, other))
                if balance > best:
                    best, limits, moved = balance, other, True
    return limits


def _places(column: Array, limits: BoxBounds, at: int, share: float) -> list[BoxBounds]:
    """Limits with the lower or upper bound of a column open or at a quantile, in steps of the peeling share."""
    ordered = np.unique(column)
    cuts = np.unique((np.arange(share, 1.0, share) * len(ordered)).astype(np.int64))
    ends = [float(ordered[i - 1] + ordered[i]) / 2.0 for i in cuts if i > 0]
    low, high = float(limits.low[at]), float(limits.high[at])
    lows = [limits.moved(at, end, high) for end in (-np.inf, *ends) if end < high and end != low]
    return lows + [limits.moved(at, low, end) for end in (np.inf, *ends) if end > low and end != high]


def _row(table: NumericInputs, column: int, limits: BoxBounds, i: int, p: float) -> BoxLimit:
    low, high, values = float(limits.low[i]), float(limits.high[i]), table.values[:, column]
    ends = (low if np.isfinite(low) else None, high if np.isfinite(high) else None)
    return BoxLimit(table.inputs[column], table.categories[column], *ends, float((values < low).mean()), float((values <= high).mean()), p)


def _cross_validated(box: Box, table: NumericInputs, hits: Mask, order: NDArray[np.int64], peel: float, min_mass: float) -> Box:
    """Box with cross-validated coverage and density; without them if a half has too few cases."""
    inside = cases = found = 0
    for turn in (0, 1):
        seen, unseen = order[turn::2], order[1 - turn :: 2]
        if min(hits[seen].sum(), (~hits[seen]).sum()) < MIN_CASES:
            return box
        half = _search(table._replace(values=table.values[seen]), hits[seen], peel, min_mass)
        held = half.limits.holds(table.values[unseen][:, half.at])
        inside, cases, found = inside + int(held.sum()), cases + int(hits[unseen].sum()), found + int(hits[unseen][held].sum())
    return replace(box, tested_coverage=found / cases, tested_density=found / inside if inside else None)
