"""Output that missing inputs stop where nothing helps: no stock, no way round, no substitute (C1, L3, L4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.economy import assumptions
from ytterby.economy.criticality import reach
from ytterby.economy.sector_groups import groups_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class Unbuffered(NamedTuple):
    """What missing inputs stop."""

    by_input: Array
    """(demand,) share of the sector's dependent output that the lack of each input alone stops."""
    by_sector: Array
    """(sector,) share of the sector's output that stops; a sector counts once, however many of its inputs are missing."""
    binding: NDArray[np.int64]
    """(sector,) demand that stops most of it; -1 for a sector without a demand."""


def unbuffered(demands: pd.DataFrame, sectors: pd.DataFrame, missing: Array, quantile: float | None = None) -> Unbuffered:
    """Output that stops if a share of each input is missing and nothing helps.

    Parameters
    ----------
    demands, sectors : DataFrame
        Tables of a System.
    missing : array (demand,)
        Share of each input that is missing [1].
    quantile : float, optional
        Where the assumed tables stand within their ranges: 0 for the ends at which least stops, 1 for those at which most does;
        central values without it.
    """
    groups, uses = groups_of(demands, sectors), assumptions.uses_of_sectors(sectors)
    by_input = missing * reach(demands, _at("criticality", quantile))
    joint = assumptions.read("parts").pick("joint", uses, _at("parts", None if quantile is None else 1.0 - quantile))
    stopped = joint * groups.maximum(by_input) + (1.0 - joint) * groups.union(by_input)
    dependent = sectors["dependent_share"].to_numpy(float)
    return Unbuffered(by_input, np.clip(stopped * dependent, 0.0, 1.0), groups.largest(by_input))


def _at(table: str, quantile: float | None) -> Array | None:
    return None if quantile is None else np.full(len(assumptions.read(table).rows), quantile)
