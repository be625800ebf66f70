"""Aggregates values of demands to the sectors that use them."""

from __future__ import annotations

from dataclasses import dataclass
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
        return cls(names, order, starts.astype(np.int64), using)

    def minimum(self, values: Array, empty: float = 1.0) -> Array:
        """Minimum (..., sector) of the values (..., demand); ``empty`` for sectors without a demand."""
        return self._spread(np.minimum.reduceat(values[..., self.order], self.starts, axis=-1) if len(self.using) else None, values, empty)

    def mean(self, values: Array, weights: Array, empty: float = 1.0) -> Array:
        """Mean (..., sector) of the values (..., demand) with weights (demand,); ``empty`` for sectors without a demand."""
        if not len(self.using):
            return self._spread(None, values, empty)
        weight = weights[self.order]
        share = weight / np.repeat(np.add.reduceat(weight, self.starts), np.diff([*self.starts, len(self.order)]))
        return self._spread(np.add.reduceat(values[..., self.order] * share, self.starts, axis=-1), values, empty)

    def argmin(self, values: Array) -> NDArray[np.int64]:
        """Index of the demand (..., sector) with the minimum of the values (..., demand); -1 for sectors without a demand."""
        found = np.full((*values.shape[:-1], len(self.names)), -1, dtype=np.int64)
        for sector, start, end in zip(self.using, self.starts, [*self.starts[1:], len(self.order)], strict=True):
            members = self.order[start:end]
            found[..., sector] = members[values[..., members].argmin(axis=-1)]
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
