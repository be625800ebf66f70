"""Conditional mean and spread of an outcome given an input: local linear regression over ranks of the draws.

The basis of all analyses of a finished ensemble that need no new run. A window contains the draws nearest to a centre in
the rank of the input, with ties kept together; inside it the linear trend of the outcome in the rank is removed. Draws are
sorted into a canonical order first, so that results do not depend on the order of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.ensembles.drivers import ranks
from ytterby.errors import InputError
from ytterby.execution import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Measure = Callable[["RankWindows", Array], Array]

MAX_CENTRES = 41
"""Number of window centres, evenly spaced over the draws."""
MIN_IN_WINDOW = 30
"""Smallest number of draws in a window: fewer cannot give its 5 % and 95 % quantiles."""
WINDOW_EXPONENT = 0.7
"""Window size grows with this power of the number of draws, so that its share shrinks and finer shapes are resolved."""
MIN_DRAWS = 2 * MIN_IN_WINDOW
BAND = (0.05, 0.95)
PERMUTATIONS = 99
"""Number of permutations of the outcome that give the null distribution."""
CHANCE = 0.05
"""Probability that at least one input without effect is reported (family-wise error)."""


class NumericInputs(NamedTuple):
    """Inputs as numbers: one column per numeric input, one indicator column per category of a categorical input.

    Attributes
    ----------
    inputs : tuple of str
        Input of each column.
    categories : tuple of str
        Category of an indicator column; empty for numeric inputs.
    values : array (draw, column)
    """

    inputs: tuple[str, ...]
    categories: tuple[str, ...]
    values: Array

    def of(self, *inputs: str) -> Array:
        """Columns of some inputs (draw, ...)."""
        return self.values[:, [i for i, name in enumerate(self.inputs) if name in inputs]]


def columns(inputs: pd.DataFrame) -> NumericInputs:
    """Columns of a table of inputs, sorted by name; constant inputs are left out.

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
    return NumericInputs(tuple(entry[0] for entry in varied), tuple(entry[1] for entry in varied), values)


def canonical_order(table: Array, last: Array) -> NDArray[np.int64]:
    """Order of the draws by their values, column by column, then by the outcome: independent of the given order (draw,)."""
    return np.lexsort((last, *table.T[::-1]))


def ordered_draws(inputs: pd.DataFrame, outcome: Array) -> tuple[NumericInputs, Array]:
    """Columns of the inputs and the outcome with the draws in canonical order.

    Raises
    ------
    InputError
        If the outcome is constant or not finite.
    """
    y = np.asarray(outcome, dtype=np.float64)
    if not np.isfinite(y).all():
        raise InputError(f"outcome: {int((~np.isfinite(y)).sum())} of {len(y)} draws have no finite value")
    if not len(y) or np.ptp(y) <= 0.0:
        raise InputError(f"outcome: is the same in all {len(y)} draws; there is nothing to explain")
    table = columns(inputs)
    order = canonical_order(table.values, y)
    return table._replace(values=table.values[order]), y[order]


class RankWindow(NamedTuple):
    """Draws around a centre and a basis of linear functions over them."""

    rows: NDArray[np.int64]
    basis: Array
    """Orthonormal basis of constants and slopes (row, 1 + slopes)."""
    centre: Array
    """The basis at the centre (1 + slopes,)."""


@dataclass(frozen=True, eq=False)
class RankWindows:
    """Windows over the draws in the ranks of one or several inputs.

    Parameters
    ----------
    table : array (draw, column)
        Columns of the inputs.
    """

    table: Array

    def __post_init__(self) -> None:
        if len(self.table) < MIN_DRAWS:
            raise InputError(f"draws: found {len(self.table)}; an analysis of inputs needs at least {MIN_DRAWS}")

    @cached_property
    def ranks(self) -> Array:
        """Mean rank of each value, scaled to 0-1; indicators stay 0 and 1 (draw, column)."""
        n = len(self.table)
        spread = (ranks(self.table) - 0.5) / n
        return np.where(np.isin(self.table, (0.0, 1.0)).all(axis=0), self.table, spread)

    @cached_property
    def plain(self) -> bool:
        """Whether this is a single input without ties; all such inputs have the same windows."""
        return self.table.shape[1] == 1 and len(np.unique(self.table)) == len(self.table)

    @cached_property
    def line(self) -> NDArray[np.int64]:
        """Draws by the ranks of the first input, then of the next."""
        return np.lexsort(self.ranks.T[::-1])

    @cached_property
    def centres(self) -> NDArray[np.int64]:
        """Draws at the centres of the windows, evenly spaced along the line."""
        return self.line[np.unique(np.linspace(0, len(self.line) - 1, MAX_CENTRES).round().astype(np.int64))]

    @cached_property
    def all(self) -> list[RankWindow]:
        """Windows around the centres."""
        return [self._window(int(row)) for row in self.centres]

    def _window(self, centre: int) -> RankWindow:
        away = np.abs(self.ranks - self.ranks[centre]).max(axis=1)
        size = max(MIN_IN_WINDOW, int(np.ceil(len(away) ** WINDOW_EXPONENT)))
        rows = np.flatnonzero(away <= np.partition(away, size - 1)[size - 1])
        lines = np.column_stack([np.ones(len(rows)), self.ranks[rows] - self.ranks[centre]])
        u, s, v = np.linalg.svd(lines, full_matrices=False)
        nonzero = s > 1e-9 * s[0]
        return RankWindow(rows, u[:, nonzero], v[nonzero, 0] / s[nonzero])


def mean_band_width(windows: RankWindows, y: Array) -> Array:
    """Mean width of the 90 % band inside the windows; ``y`` (draw, ...) to (...,)."""
    found = []
    for window in windows.all:
        low, high = np.quantile(_residuals(window, y), BAND, axis=0)
        found.append(high - low)
    return np.asarray(np.mean(found, axis=0))


def mean_residual_variance(windows: RankWindows, y: Array) -> Array:
    """Mean variance inside the windows, with the degrees of freedom of the fit subtracted; ``y`` (draw, ...) to (...,)."""
    found = [np.sum(_residuals(window, y) ** 2, axis=0) / (len(window.rows) - window.basis.shape[1]) for window in windows.all]
    return np.asarray(np.mean(found, axis=0))


def local_means(windows: RankWindows, y: Array) -> Array:
    """Mean outcome at each centre; ``y`` (draw, ...) to (centre, ...)."""
    return np.stack([window.centre @ (window.basis.T @ y[window.rows]) for window in windows.all])


def _residuals(window: RankWindow, y: Array) -> Array:
    inside = y[window.rows]
    return np.asarray(inside - window.basis @ (window.basis.T @ inside))


class PermutationTest:
    """Permutation test: an outcome and its permutations, which represent inputs without effect."""

    def __init__(self, y: Array) -> None:
        rng = np.random.default_rng(1)
        self.y = y
        self.shuffled = rng.permuted(np.tile(np.sort(y), (PERMUTATIONS, 1)), axis=1).T
        self._plain: dict[Measure, Array] = {}

    def aligned(self, windows: RankWindows) -> Array:
        """Permuted outcomes (draw, permutation), arranged along an input; the same permutations are used for every input."""
        laid = np.empty_like(self.shuffled)
        laid[windows.line] = self.shuffled
        return laid

    def gain(self, windows: RankWindows, measure: Measure) -> tuple[float, float]:
        """Relative reduction of a measure of spread given the input [1], and its standard deviation under the null hypothesis."""
        return self._gain(windows, measure, float(measure(windows, self.y)))

    def gains(self, each: Sequence[RankWindows], measure: Measure) -> list[tuple[float, float]]:
        """:meth:`gain` of each of many inputs.

        Those without ties have the same windows in their ranks: the outcome is arranged along each of them, and they are measured
        together. Sums inside a window are then taken in another order than for an input alone (relative differences of 1e-15).
        """
        plain = [windows for windows in each if windows.plain]
        measured = {id(windows): value for windows, value in zip(plain, self._measured_together(plain, measure), strict=True)}
        own = (measured[id(windows)] if windows.plain else float(measure(windows, self.y)) for windows in each)
        return [self._gain(windows, measure, value) for windows, value in zip(each, own, strict=True)]

    def _measured_together(self, plain: Sequence[RankWindows], measure: Measure) -> list[float]:
        """Measure of the outcome given each input without ties, as many at a time as there are permutations."""
        found: list[float] = []
        for first, stop in spans(len(plain), PERMUTATIONS):
            laid = np.empty((len(self.y), stop - first))
            laid[plain[0].line] = np.column_stack([self.y[windows.line] for windows in plain[first:stop]])
            found.extend(measure(plain[0], laid).tolist())
        return found

    def _gain(self, windows: RankWindows, measure: Measure, value: float) -> tuple[float, float]:
        permuted = self._permuted(windows, measure)
        usual = max(float(permuted.mean()), 1e-300)
        return 1.0 - value / usual, float(permuted.std(ddof=1)) / usual

    def _permuted(self, windows: RankWindows, measure: Measure) -> Array:
        """Measure of the permuted outcomes (permutation,); the same for every input without ties."""
        if not windows.plain:
            return measure(windows, self.aligned(windows))
        if measure not in self._plain:
            self._plain[measure] = measure(windows, self.aligned(windows))
        return self._plain[measure]


def significance_limit(inputs: int) -> float:
    """Standard deviations that any of this many inputs without effect exceeds with probability :data:`CHANCE` (Bonferroni)."""
    from scipy.special import ndtri

    return float(ndtri(1.0 - CHANCE / max(inputs, 1)))
