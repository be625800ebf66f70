"""The posterior that ships with the package: weighted draws of the free parameters, and the settings of their calibration."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ytterby import tables
from ytterby.scenario import uniforms
from ytterby.validation.calibration_record import HistoryCalibration
from ytterby.validation.free_parameters import free_keys
from ytterby.validation.tables import FOLDER, ROOM, table
from ytterby.validation.weekly_result import FreeParameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.measures import Distribution

DRAW_KEY = "posterior.draw"
"""Key of the random stream that selects posterior draws."""


@cache
def posterior() -> pd.DataFrame:
    """Draws of the free parameters with their ``weight`` (sum one)."""
    frame = tables.frame(ROOM, "data/posterior", default="float64")
    return frame.assign(weight=frame["weight"] / frame["weight"].sum())


@cache
def posterior_digest() -> str:
    """First digits of the SHA-256 of the posterior: part of the name of results that depend on it."""
    return hashlib.sha256((FOLDER / "posterior.csv").read_bytes()).hexdigest()[:12]


@cache
def record() -> HistoryCalibration:
    """Record of the calibration: method, targets, base, scores, leave-one-out."""
    return HistoryCalibration.model_validate_json((FOLDER / "calibration.json").read_bytes())


def posterior_rows(n: int, seed: int, first: int = 0, stop: int | None = None, *, prefix: str = "") -> pd.DataFrame:
    """Draws of the posterior with equal weight, one row per draw.

    Draw *i* of a seed is the same whatever ``n`` is.

    Parameters
    ----------
    n, seed : int
        Number of draws and seed.
    first, stop : int, optional
        Only these draws (a chunk).
    prefix : str, optional
        Only keys that begin so, such as ``behaviour.``: what a scenario of another episode can use.

    Returns
    -------
    DataFrame
        Columns are keys of draws such as ``behaviour.price_gain``.
    """
    rows = rows_at(uniforms((DRAW_KEY,), n, seed, "streams", first, stop)[:, 0], prefix=prefix)
    return rows.set_index(rows.index + first)


def rows_at(u: NDArray[np.float64], *, prefix: str = "") -> pd.DataFrame:
    """Draws of the posterior at quantiles ``u`` (N,) of its cumulative weights, one row per quantile; else as :func:`posterior_rows`."""
    import pandas as pd

    frame = posterior()
    ends = np.cumsum(frame["weight"].to_numpy())
    at = np.minimum(np.searchsorted(ends, u * ends[-1], side="right"), len(frame) - 1)
    names = [key for key in free_keys() if key.startswith(prefix)]
    drawn: pd.DataFrame = frame.iloc[at][names]
    return drawn.set_index(pd.RangeIndex(len(u), name="draw"))


def predictive_rows(n: int, seed: int, others: Mapping[str, Distribution]) -> pd.DataFrame:
    """Posterior draws of the free parameters with prior draws of all other inputs.

    Parameters
    ----------
    n, seed : int
        Number of draws and seed.
    others : mapping of key to distribution
        Inputs that are not fitted; keys of free parameters are ignored.
    """
    names = tuple(sorted(key for key in others if key not in free_keys()))
    rows = posterior_rows(n, seed)
    if names:
        u = uniforms(names, n, seed)
        rows = rows.assign(**{key: others[key].ppf(u[:, i]) for i, key in enumerate(names)})
    return rows


def parameter_summary() -> tuple[FreeParameter, ...]:
    """Posterior summary of each free parameter: mean, 80 % band, and narrowing relative to the prior.

    ``pinned`` is one minus the ratio of the standard deviations of posterior and prior.
    """
    from ytterby.validation.scores import BAND, weighted_quantile

    frame = posterior()
    w = frame["weight"].to_numpy()
    found = []
    for row in table("free"):
        values = frame[row["key"]].to_numpy()
        low, high = float(row["low"]), float(row["high"])
        mean = float(w @ values)
        ends = weighted_quantile(values, w, BAND)
        spread = float(np.sqrt(w @ (values - mean) ** 2))
        pinned = 1.0 - spread / ((high - low) / 12**0.5)
        found.append(
            FreeParameter(
                key=row["key"],
                meaning=row["meaning"],
                prior=(low, high),
                mean=mean,
                low=float(ends[0]),
                high=float(ends[1]),
                pinned=pinned,
            )
        )
    return tuple(sorted(found, key=lambda item: -item.pinned))
