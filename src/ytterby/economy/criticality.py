"""What a missing input can stop: criticality by sector and input, and how users work around a shortage in weeks.

Equations C1 and C2 in ``docs/explanation/losses.md``. The class of an input (material, catalogue part, engineered part) decides how many
users have no way round and how fast the others find one; both are calibrated on disruptions of 1995-2022 (table ``input_classes``).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import assumptions

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

CLASSES = ("material", "catalogue_part", "engineered_part")
"""Classes of inputs."""


class CriticalityModel(NamedTuple):
    """Criticality of the input of each demand; arrays (..., demand)."""

    share: Array
    """Share of the sector's dependent output that the input can stop: criticality x users without a way round x leakage."""
    worked_around: Array
    """Share of a stop that is worked around in the end while the rest of the world has the input, W."""
    weeks: Array
    """Time scale of the work-around, T [weeks]."""


def criticality_model(demands: pd.DataFrame, criticality: Array | None = None, input_classes: Array | None = None) -> CriticalityModel:
    """Criticality of a System's demands from the tables ``criticality`` and ``input_classes``.

    Parameters
    ----------
    demands : DataFrame
        Of the System.
    criticality, input_classes : array (..., row), optional
        Quantiles of the rows of the table of this name; central values without them.
    """
    classes, of_class = _reviewed(assumptions.uses_of(demands))[1], assumptions.read("input_classes").values(input_classes)
    share, lasting, weeks = (
        np.take(of_class, _class_rows(name)[classes], axis=-1) for name in ("stop_share", "worked_around", "work_around_weeks")
    )
    return CriticalityModel(np.asarray(reach(demands, criticality) * share), np.asarray(lasting), np.asarray(weeks))


def reach(demands: pd.DataFrame, criticality: Array | None = None) -> Array:
    """Share of each sector's dependent output that its input can stop where no user has a way round: criticality x leakage (C1).

    Parameters
    ----------
    demands : DataFrame
        Of the System.
    criticality : array (..., row), optional
        Quantiles of the rows of the table; central values without them.

    Returns
    -------
    array (..., demand)
    """
    uses, table = assumptions.uses_of(demands), assumptions.read("criticality")
    return np.asarray(np.take(table.values(criticality), _reviewed(uses)[0], axis=-1) * table.pick("leakage", uses, criticality))


@cache
def _reviewed(uses: tuple[tuple[str, str], ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Most specific row of the table of criticality for each use, and the number of its class."""
    table = assumptions.read("criticality").rows
    known: dict[tuple[str, str], int] = {}
    for use in uses:
        if use not in known:
            fitting = [i for i, row in enumerate(table) if row.parameter in CLASSES and row.matches(*use)]
            known[use] = max(fitting, key=lambda i: table[i].precision)
    rows = np.array([known[use] for use in uses], dtype=np.int64)
    return rows, np.array([CLASSES.index(table[i].parameter) for i in rows], dtype=np.int64)


def _class_rows(parameter: str) -> NDArray[np.int64]:
    table = assumptions.read("input_classes")
    return np.array([table.find(f"{name}.{parameter}") for name in CLASSES], dtype=np.int64)
