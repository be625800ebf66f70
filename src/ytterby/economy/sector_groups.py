"""Aggregates values of demands to the sectors that use them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.economy.identity_cache import identity_cached

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SectorGroups:
    """Demands grouped by sector."""

    names: tuple[str, ...]
    """Ids ``sector@region``."""
    demands: int
    """Number of demands."""
    order: NDArray[np.int64]
    """Indices of the demands, sorted by sector."""
    starts: NDArray[np.int64]
    """First position in ``order`` of each sector in ``using``."""
    using: NDArray[np.int64]
    """Indices of the sectors with at least one demand."""

    @classmethod
    def of(cls, demands: pd.DataFrame, sectors: pd.DataFrame) -> SectorGroups:
        """Group a System's demands by sector; demands of sectors that are not in ``sectors`` are left out."""
        names = tuple(str(name) for name in sectors.index)
        place = {name: i for i, name in enumerate(names)}
        of = np.array([place.get(f"{s}@{r}", -1) for s, r in zip(demands["sector"], demands["region"], strict=True)], dtype=np.int64)
        order = np.argsort(of, kind="stable")
        order = order[of[order] >= 0]
        using, starts = np.unique(of[order], return_index=True)
        return cls(names, len(of), order, starts.astype(np.int64), using)

    def minimum(self, values: Array, empty: float = 1.0) -> Array:
        """Minimum (..., sector) of the values (..., demand); ``empty`` for sectors without a demand."""
        return self._spread(np.minimum.reduceat(values[..., self.order], self.starts, axis=-1) if len(self.using) else None, values, empty)

    def maximum(self, values: Array) -> Array:
        """Maximum (..., sector) of values of at least 0 (..., demand); 0 for sectors without a demand."""
        return -self.minimum(-values, empty=0.0)

    def union(self, shares: Array) -> Array:
        """Share (..., sector) that at least one of independent shares (..., demand) covers; 0 for sectors without a demand."""
        if not len(self.using):
            return self._spread(None, shares, 0.0)
        clear = np.multiply.reduceat(1.0 - shares[..., self.order], self.starts, axis=-1)
        return self._spread(1.0 - clear, shares, 0.0)

    @cached_property
    def sector_of_demand(self) -> NDArray[np.int64]:
        """Sector of each demand (demand,); 0 for a demand of no sector."""
        found = np.zeros(self.demands, dtype=np.int64)
        found[self.order] = np.repeat(self.using, np.diff(self.starts, append=len(self.order)))
        return found

    def largest(self, values: Array) -> NDArray[np.int64]:
        """First demand with the largest of the values (..., demand) of each sector (..., sector); -1 for sectors without a demand."""
        found = np.full((*values.shape[:-1], len(self.names)), -1, dtype=np.int64)
        if len(self.using):
            ordered = values[..., self.order]
            top = np.repeat(np.maximum.reduceat(ordered, self.starts, axis=-1), np.diff(self.starts, append=len(self.order)), axis=-1)
            place = np.where(ordered == top, np.arange(len(self.order)), len(self.order))
            found[..., self.using] = self.order[np.minimum.reduceat(place, self.starts, axis=-1)]
        return found

    def first(self) -> NDArray[np.int64]:
        """First demand of each sector in ``using``."""
        return np.asarray(self.order[self.starts], dtype=np.int64)

    def _spread(self, reduced: Array | None, values: Array, empty: float) -> Array:
        result = np.full((*values.shape[:-1], len(self.names)), empty)
        if reduced is not None:
            result[..., self.using] = reduced
        return result


@identity_cached
def groups_of(demands: pd.DataFrame, sectors: pd.DataFrame) -> SectorGroups:
    """Result of :meth:`SectorGroups.of`, computed once per System."""
    return SectorGroups.of(demands, sectors)
