"""Sobol indices: how much of an outcome's variance each input explains alone, and with all others.

Two methods. :func:`first_order` estimates them from a finished ensemble: one minus the mean residual variance in
windows of an input (:mod:`ytterby.ensembles.conditional_means`). :func:`indices` evaluates a function on a Saltelli
design (Saltelli et al., *Variance based sensitivity analysis of model output*, Computer Physics
Communications 181 (2010) 259-270) with SALib, which is an optional package.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.ensembles.conditional_means import PermutationTest, RankWindows, mean_residual_variance, ordered_draws, significance_limit
from ytterby.ensembles.run_summary import SobolIndex
from ytterby.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

OTHERS = "others"
"""Group of all inputs without their own index, which vary together."""
MIN_BASE, MAX_BASE = 8, 2**20
RESAMPLES = 200
"""Resamples of the confidence interval."""
CONFIDENCE = 0.9


@dataclass(frozen=True)
class Explained:
    """First-order index of an input estimated from the draws.

    Attributes
    ----------
    share : float
        Share of the variance that the input explains alone [1]; about 0 for an input that explains nothing.
    noise : float
        Standard deviation of `share` under the null hypothesis.
    sure : bool
        Whether it is significant given the number of inputs.
    """

    input: str
    share: float
    noise: float
    sure: bool


def first_order(inputs: pd.DataFrame, outcome: Array) -> tuple[Explained, ...]:
    """First-order indices of all inputs from the draws, largest first."""
    table, y = ordered_draws(inputs, outcome)
    names, test = tuple(dict.fromkeys(table.inputs)), PermutationTest(y)
    found = zip(names, test.gains([RankWindows(table.of(name)) for name in names], mean_residual_variance), strict=True)
    limit = significance_limit(len(names))
    rows = (Explained(name, share, noise, share > limit * noise) for name, (share, noise) in found)
    return tuple(sorted(rows, key=lambda row: (-row.share, row.input)))


def problem(names: tuple[str, ...], chosen: tuple[str, ...] = ()) -> dict[str, Any]:
    """SALib's description of a unit cube, one axis per name; without `chosen` every input is its own group."""
    described: dict[str, Any] = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    if chosen and set(chosen) != set(names):
        described["groups"] = [name if name in chosen else OTHERS for name in names]
    return described


def indices(
    function: Callable[[Array], Array], names: tuple[str, ...], n: int, *, chosen: tuple[str, ...] = (), seed: int = 1
) -> tuple[SobolIndex, ...]:
    """Sobol indices of a function of positions in a unit cube, in the order of ``chosen`` (then all others together).

    Parameters
    ----------
    function : callable
        Array (point, name) in 0-1 to outcomes (point,); called once.
    names : tuple of str
        Inputs of the function.
    n : int
        Base points, a power of two; the function is run at ``n * (groups + 2)`` points.
    chosen : tuple of str
        Inputs with their own index; all others vary together. All by default.
    seed : int
        Seed of the design.

    Raises
    ------
    InputError
        If SALib is not installed, `n` is not a power of two, or the outcome is constant.
    """
    if not MIN_BASE <= n <= MAX_BASE or n & (n - 1):
        raise InputError(f"Sobol indices: found {n} base points; allowed: a power of two from {MIN_BASE} to {MAX_BASE:,}")
    described = problem(names, chosen)
    sample, analyze = salib("sample.sobol").sample, salib("analyze.sobol").analyze
    points = sample(described, n, calc_second_order=False, seed=seed)
    y = np.asarray(function(np.asarray(points)), dtype=np.float64)
    if not np.isfinite(y).all() or np.ptp(y) <= 0.0:
        raise InputError(f"Sobol indices: the outcome is the same at all {len(y)} points, or not finite; there is nothing to explain")
    found = analyze(described, y, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed)
    return _named(described, found, chosen)


def _named(described: Mapping[str, Any], found: Mapping[str, Array], chosen: tuple[str, ...]) -> tuple[SobolIndex, ...]:
    groups = list(dict.fromkeys(described.get("groups", described["names"])))
    columns = {"first": "S1", "first_reach": "S1_conf", "total": "ST", "total_reach": "ST_conf"}
    table = {name: SobolIndex(input=name, **{key: float(found[of][i]) for key, of in columns.items()}) for i, name in enumerate(groups)}
    wanted = [*(chosen or described["names"]), *([OTHERS] if OTHERS in table else [])]
    return tuple(table[name] for name in wanted)


def salib(module: str) -> Any:
    """Module of SALib.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        return import_module(f"SALib.{module}")
    except ImportError:
        raise InputError("Sobol indices need SALib: pip install 'ytterby[explore]'") from None
