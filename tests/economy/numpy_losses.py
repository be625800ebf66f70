"""Independent NumPy reading of the equations on lost output (C3, L1-L4), on whole arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ytterby.economy import CriticalityModel
    from ytterby.economy.losses import LossModel, SubstitutionModel

    Array = NDArray[np.float64]


def worked_around(model: CriticalityModel, scarcity: Array, onset: int | Array = 0) -> Array:
    """Share of a stop that is worked around (..., week, demand)."""
    since = np.maximum(_since(scarcity.shape[-2], onset), 0)
    found = 1.0 - np.exp(-since / np.maximum(model.weeks, 1e-6)[..., None, :])
    return model.worked_around[..., None, :] * (1.0 - np.clip(scarcity, 0.0, 1.0)) * found


def substituted_share(model: SubstitutionModel, weeks: int, onset: int | Array = 0) -> Array:
    """Share of output made with a substitute (..., week, demand), rising linearly from 0.5 to 1.5 delays."""
    delay = np.maximum(model.delay, 1e-6)[..., None, :]
    return model.share[..., None, :] * np.clip(_since(weeks, onset) / delay - 0.5, 0.0, 1.0)


def lost_output(
    available: Array, demands: pd.DataFrame, sectors: pd.DataFrame, model: LossModel, scarcity: Array, onset: int | Array
) -> tuple[Array, Array]:
    """Output lost for want of each input (..., week, demand) and of each sector (..., week, sector)."""
    missing = np.clip(1.0 - available, 0.0, 1.0)
    replaced = substituted_share(model.substitution, available.shape[-2], onset)
    around = worked_around(model.criticality, scarcity, onset)
    by_input = model.criticality.share[..., None, :] * missing * (1.0 - replaced) * (1.0 - around)
    users = [f"{sector}@{region}" for sector, region in zip(demands["sector"], demands["region"], strict=True)]
    lost = np.zeros((*available.shape[:-1], len(sectors)))
    for i, name in enumerate(sectors.index):
        own = by_input[..., [k for k, user in enumerate(users) if user == name]]
        joint = model.joint[..., None, i]
        stopped = joint * own.max(axis=-1, initial=0.0) + (1.0 - joint) * (1.0 - np.prod(1.0 - own, axis=-1))
        lost[..., i] = np.clip(stopped * float(sectors["dependent_share"].iloc[i]), 0.0, 1.0)
    lost[lost < 1e-9] = 0.0
    return by_input, lost


def _since(weeks: int, onset: int | Array) -> Array:
    """Weeks since the onset (week, 1) or (..., week, demand)."""
    week = np.arange(weeks)[:, None]
    return week - np.asarray(onset)[..., None, :] if np.ndim(onset) else week - onset
