"""Calibration: weighted posterior of six free parameters, fitted jointly to all rows marked ``fit``.

Population Monte Carlo (Cappe et al. 2004): a Latin hypercube over the prior ranges, then draws from Gaussian mixtures adapted
to the posterior, all weighted by prior times likelihood over the density of the combined proposals (deterministic mixture).
The unknown variance of the model error is integrated out: the likelihood of a group of n independent targets is
(floor^2 + mean squared error)^(-n/2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ytterby.validation.free_parameters import free_keys, spread
from ytterby.validation.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.validation.replay import Replay
    from ytterby.validation.targets import Target

Mixture: TypeAlias = "tuple[NDArray[np.float64], NDArray[np.float64]]"
"""Centres and Cholesky factor of a mixture of Gaussian kernels."""
STAGES = (0.5, 0.25, 0.25)
"""Share of the draws in the hypercube and in the two adapted populations."""
WIDTH = 0.6
"""Standard deviation of the mixture kernels, relative to that of the population they adapt to."""


@dataclass(frozen=True)
class PosteriorSample:
    """Draws of the free parameters with the model's errors at every target.

    ``unit`` holds positions in the prior ranges (N, D), ``density`` the proposal's density over the prior's (N,),
    ``values`` model values (N, T).
    """

    unit: NDArray[np.float64]
    density: NDArray[np.float64]
    values: NDArray[np.float64]

    def rows(self) -> pd.DataFrame:
        """Values of the free parameters, one row a draw."""
        import pandas as pd

        return pd.DataFrame(spread(self.unit), columns=list(free_keys()))


def errors(targets: Sequence[Target], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Error of each draw at each target on the target's scale (N, T)."""
    columns = []
    for i, t in enumerate(targets):
        nearest = np.clip(values[:, i], t.low, t.high)
        if t.scale == "ln":
            columns.append(np.log(np.maximum(values[:, i], 1e-12) / nearest))
        else:
            columns.append((values[:, i] - nearest) / (np.abs(nearest) if t.scale == "relative" else 1.0))
    return np.stack(columns, axis=1)


def cells(targets: Sequence[Target], chosen: NDArray[np.bool_]) -> dict[str, list[NDArray[np.int64]]]:
    """Targets of each group in cells of one element, kind and half-year: so that many rows on one event count once."""
    kinds = {kind: row["group"] for row in table("groups") for kind in row["kinds"].split()}
    found: dict[str, dict[tuple[object, ...], list[int]]] = {}
    for i, t in enumerate(targets):
        if chosen[i] and t.kind in kinds:
            cell = (t.element, t.kind, t.region, t.partner, t.last.year, t.last.month > 6)
            found.setdefault(kinds[t.kind], {}).setdefault(cell, []).append(i)
    return {group: [np.array(ids) for ids in by_cell.values()] for group, by_cell in found.items()}


def log_likelihood(targets: Sequence[Target], miss: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Log likelihood of each draw (N,) on the chosen targets.

    The number of independent targets of a group is reduced in proportion to the cells chosen.
    """
    whole = cells(targets, np.ones(len(targets), dtype=bool))
    total = np.zeros(len(miss))
    for row in table("groups"):
        group = row["group"]
        picked = cells(targets, chosen).get(group)
        if picked:
            squared = np.mean([np.mean(miss[:, ids] ** 2, axis=1) for ids in picked], axis=0)
            count = float(row["independent"]) * len(picked) / len(whole[group])
            total -= 0.5 * count * np.log(float(row["floor"]) ** 2 + squared)
    return total


def weights(sample: PosteriorSample, targets: Sequence[Target], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Posterior weight of each draw (N,), summing to one, on the chosen targets.

    Weights are truncated at the square root of N times their mean (truncated importance sampling, Ionides 2008), so that no
    single draw in a sparsely sampled region dominates the posterior.
    """
    log = log_likelihood(targets, errors(targets, sample.values), chosen) - np.log(sample.density)
    w = np.exp(log - log.max())
    w = np.minimum(w, np.sqrt(len(w)) * w.mean())
    return np.asarray(w / w.sum())


def effective(w: NDArray[np.float64]) -> float:
    """Effective number of draws: one over the sum of squared weights."""
    return float(1.0 / np.sum(w**2))


def _mixture_density(unit: NDArray[np.float64], centres: NDArray[np.float64], chol: NDArray[np.float64]) -> NDArray[np.float64]:
    dim = unit.shape[1]
    norm = 1.0 / (np.prod(np.diag(chol)) * (2 * np.pi) ** (dim / 2))
    total = np.zeros(len(unit))
    for centre in centres:
        z = np.linalg.solve(chol, (unit - centre).T)
        total += np.exp(-0.5 * (z**2).sum(axis=0))
    return np.asarray(norm * total / len(centres))


def _population(
    rng: np.random.Generator, unit: NDArray[np.float64], w: NDArray[np.float64], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Draws in the unit cube from kernels around resampled draws, with the kernels' centres and Cholesky factor."""
    mean = w @ unit
    cov = (unit - mean).T @ ((unit - mean) * w[:, None]) + 1e-6 * np.eye(unit.shape[1])
    chol = np.linalg.cholesky(WIDTH**2 * cov)
    centres = unit[rng.choice(len(unit), size=60, p=w)]
    found = np.empty((0, unit.shape[1]))
    while len(found) < count:
        more = centres[rng.integers(len(centres), size=count)] + rng.standard_normal((count, unit.shape[1])) @ chol.T
        found = np.concatenate([found, more[np.all((more >= 0.0) & (more <= 1.0), axis=1)]])
    return found[:count], centres, np.asarray(chol, dtype=np.float64)


def calibrate(replay: Replay, draws: int, seed: int, progress: Callable[[int, int], None] | None = None) -> PosteriorSample:
    """Posterior sample of the free parameters given all targets of the replay.

    Parameters
    ----------
    replay : Replay
        The episode with the calibration targets only.
    draws : int
        Total number of simulations.
    seed : int
        Seed of the design.
    progress : callable, optional
        Called with draws done and draws in all.
    """
    from scipy.stats import qmc

    rng = np.random.default_rng(np.random.SeedSequence(seed))
    counts = [max(8, round(share * draws)) for share in STAGES]
    unit = qmc.LatinHypercube(len(free_keys()), rng=rng).random(counts[0])
    everything = np.ones(len(replay.targets), dtype=bool)
    sample = PosteriorSample(unit, np.ones(counts[0]), _simulated(replay, unit, 0, sum(counts), progress))
    parts: list[tuple[int, Mixture | None]] = [(counts[0], None)]
    for count in counts[1:]:
        w = weights(sample, replay.targets, everything)
        more, centres, chol = _population(rng, sample.unit, w, count)
        parts.append((count, (centres, chol)))
        values = _simulated(replay, more, len(sample.unit), sum(counts), progress)
        unit = np.concatenate([sample.unit, more])
        sample = PosteriorSample(unit, _density(unit, parts), np.concatenate([sample.values, values]))
    return sample


def _density(unit: NDArray[np.float64], parts: list[tuple[int, Mixture | None]]) -> NDArray[np.float64]:
    """Density of the combined proposals over the uniform prior (N,)."""
    total = np.zeros(len(unit))
    for count, mixture in parts:
        total += count * (np.ones(len(unit)) if mixture is None else _mixture_density(unit, *mixture))
    return total / sum(count for count, _ in parts)


def _simulated(
    replay: Replay, unit: NDArray[np.float64], before: int, total: int, progress: Callable[[int, int], None] | None
) -> NDArray[np.float64]:
    import pandas as pd

    rows = pd.DataFrame(spread(unit), columns=list(free_keys()))
    return replay.ensemble(rows, None if progress is None else lambda done, _: progress(before + done, total))
