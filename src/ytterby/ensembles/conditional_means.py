"""What an outcome does when an input is known: local-linear windows over the ranks of a table of draws.

The room for all that is asked of a finished ensemble without a new run: the band and the mean of an
outcome given an input. A window holds the draws nearest to a centre, in ranks of the input, ties
together; inside it the outcome is freed of its straight trend in the rank. Draws are put into an order
of their own first, so that the order in which they come changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Measure = Callable[["RankWindows", Array], Array]

CENTRES = 41
"""Places at which an outcome is looked at, evenly spread over the draws."""
MIN_IN_WINDOW = 30
"""Draws in a window at least: fewer say nothing about its 5 % and 95 % quantiles."""
GROWTH = 0.7
"""Power of the number of draws with which a window grows: its share shrinks, as it must to see finer shapes."""
MIN_DRAWS = 2 * MIN_IN_WINDOW
BAND = (0.05, 0.95)
SHUFFLES = 99
"""Shuffled outcomes from which chance is judged."""
CHANCE = 0.05
"""Probability that any input at all is named by chance alone."""


class Columns(NamedTuple):
    """Inputs as numbers: one column a numeric input, one indicator a category of an input in words.

    Attributes
    ----------
    inputs : tuple of str
        Input of each column.
    categories : tuple of str
        Category that an indicator stands for; empty for numbers.
    values : array (draw, column)
    """

    inputs: tuple[str, ...]
    categories: tuple[str, ...]
    values: Array

    def of(self, *inputs: str) -> Array:
        """Columns of some inputs (draw, ...)."""
        return self.values[:, [i for i, name in enumerate(self.inputs) if name in inputs]]


def columns(inputs: pd.DataFrame) -> Columns:
    """Columns of a table of inputs, sorted by name; inputs that never change are left out.

    Raises
    ------
    InputError
        If a number is missing.
    """
    found: list[tuple[str, str, Array]] = []
    for name in sorted(inputs.columns):
        column = inputs[name]
        if column.dtype.kind in "fiub":
            found.append((name, "", column.to_numpy(dtype=np.float64)))
        else:
            words = column.astype(str).to_numpy()
            found += [(name, word, (words == word).astype(np.float64)) for word in sorted(set(words))]
    if lacking := [name for name, _, values in found if not np.isfinite(values).all()]:
        raise InputError(f"draws: input '{lacking[0]}' holds values that are missing or not finite")
    varied = [entry for entry in found if np.ptp(entry[2]) > 0.0]
    values = np.column_stack([entry[2] for entry in varied]) if varied else np.empty((len(inputs), 0))
    return Columns(tuple(entry[0] for entry in varied), tuple(entry[1] for entry in varied), values)


def own_order(table: Array, last: Array) -> NDArray[np.int64]:
    """Order of draws by their values, first column first, then by the outcome: the same whatever order they come in."""
    return np.lexsort((last, *table.T[::-1]))


def arranged(inputs: pd.DataFrame, outcome: Array) -> tuple[Columns, Array]:
    """Columns of the inputs and the outcome with the draws in their own order.

    Raises
    ------
    InputError
        With an outcome that never changes or is not finite.
    """
    y = np.asarray(outcome, dtype=np.float64)
    if not np.isfinite(y).all():
        raise InputError(f"outcome: {int((~np.isfinite(y)).sum())} of {len(y)} draws have no finite value")
    if not len(y) or np.ptp(y) <= 0.0:
        raise InputError(f"outcome: is the same in all {len(y)} draws; there is nothing to explain")
    table = columns(inputs)
    order = own_order(table.values, y)
    return table._replace(values=table.values[order]), y[order]


class RankWindow(NamedTuple):
    """Draws around a centre and the basis of straight lines over them."""

    rows: NDArray[np.int64]
    basis: Array
    """Orthonormal basis of constants and slopes (row, 1 + slopes)."""
    centre: Array
    """The basis at the centre (1 + slopes,)."""


@dataclass(frozen=True, eq=False)
class RankWindows:
    """RankWindows over the draws of one or several inputs.

    Parameters
    ----------
    table : array (draw, column)
        Columns of the inputs.
    """

    table: Array

    def __post_init__(self) -> None:
        if len(self.table) < MIN_DRAWS:
            raise InputError(f"draws: found {len(self.table)}; what an input tells needs at least {MIN_DRAWS}")

    @cached_property
    def ranks(self) -> Array:
        """Mean rank of each value, 0 to 1; an indicator keeps its 0 and 1 (draw, column)."""
        from scipy.stats import rankdata

        n = len(self.table)
        spread = (rankdata(self.table, axis=0) - 0.5) / n
        return np.where(np.isin(self.table, (0.0, 1.0)).all(axis=0), self.table, spread)

    @cached_property
    def plain(self) -> bool:
        """Whether this is one input without ties: all such have the same windows."""
        return self.table.shape[1] == 1 and len(np.unique(self.table)) == len(self.table)

    @cached_property
    def line(self) -> NDArray[np.int64]:
        """Draws by the ranks of the first input, then of the next."""
        return np.lexsort(self.ranks.T[::-1])

    @cached_property
    def centres(self) -> NDArray[np.int64]:
        """Draws around which windows lie, evenly spread along the line."""
        return self.line[np.unique(np.linspace(0, len(self.line) - 1, CENTRES).round().astype(np.int64))]

    @cached_property
    def all(self) -> list[RankWindow]:
        """RankWindows around the centres."""
        return [self._window(int(row)) for row in self.centres]

    def _window(self, centre: int) -> RankWindow:
        away = np.abs(self.ranks - self.ranks[centre]).max(axis=1)
        size = max(MIN_IN_WINDOW, int(np.ceil(len(away) ** GROWTH)))
        rows = np.flatnonzero(away <= np.partition(away, size - 1)[size - 1])
        lines = np.column_stack([np.ones(len(rows)), self.ranks[rows] - self.ranks[centre]])
        u, s, v = np.linalg.svd(lines, full_matrices=False)
        kept = s > 1e-9 * s[0]
        return RankWindow(rows, u[:, kept], v[kept, 0] / s[kept])


def widths(windows: RankWindows, y: Array) -> Array:
    """Mean width of the 90 % band inside the windows; ``y`` (draw, ...) to (...,)."""
    found = []
    for window in windows.all:
        low, high = np.quantile(_rest(window, y), BAND, axis=0)
        found.append(high - low)
    return np.asarray(np.mean(found, axis=0))


def variance_left(windows: RankWindows, y: Array) -> Array:
    """Mean variance inside the windows, corrected for the lines that were fitted; ``y`` (draw, ...) to (...,)."""
    found = [np.sum(_rest(window, y) ** 2, axis=0) / (len(window.rows) - window.basis.shape[1]) for window in windows.all]
    return np.asarray(np.mean(found, axis=0))


def means(windows: RankWindows, y: Array) -> Array:
    """Mean outcome at each centre; ``y`` (draw, ...) to (centre, ...)."""
    return np.stack([window.centre @ (window.basis.T @ y[window.rows]) for window in windows.all])


def _rest(window: RankWindow, y: Array) -> Array:
    inside = y[window.rows]
    return np.asarray(inside - window.basis @ (window.basis.T @ inside))


class Chance:
    """An outcome with its shuffles: what inputs do that say nothing about it."""

    def __init__(self, y: Array) -> None:
        rng = np.random.default_rng(1)
        self.y = y
        self.shuffled = rng.permuted(np.tile(np.sort(y), (SHUFFLES, 1)), axis=1).T
        self._plain: dict[Measure, Array] = {}

    def along(self, windows: RankWindows) -> Array:
        """Shuffled outcomes (draw, shuffle), laid along the line of an input: each input meets the same ones."""
        laid = np.empty_like(self.shuffled)
        laid[windows.line] = self.shuffled
        return laid

    def gain(self, windows: RankWindows, measure: Measure) -> tuple[float, float]:
        """Relative fall of a measure of spread when the input is known, and its standard deviation by chance."""
        by_chance = self._by_chance(windows, measure)
        usual = max(float(by_chance.mean()), 1e-300)
        return 1.0 - float(measure(windows, self.y)) / usual, float(by_chance.std(ddof=1)) / usual

    def _by_chance(self, windows: RankWindows, measure: Measure) -> Array:
        """Measure of the shuffled outcomes (shuffle,); the same for every input without ties."""
        if not windows.plain:
            return measure(windows, self.along(windows))
        if measure not in self._plain:
            self._plain[measure] = measure(windows, self.along(windows))
        return self._plain[measure]


def edge(inputs: int) -> float:
    """Standard deviations above which one of so many inputs rises by chance with probability :data:`CHANCE` only."""
    from scipy.stats import norm

    return float(norm.ppf(1.0 - CHANCE / max(inputs, 1)))
