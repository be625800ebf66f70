"""Which demands belong to which sector of a region, and how values of demands become values of sectors."""

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
    """Demands sorted by the sector that they feed."""

    names: tuple[str, ...]
    """Ids ``sector@region``."""
    order: NDArray[np.int64]
    """Positions of the demands that feed a sector, sorted by sector."""
    starts: NDArray[np.int64]
    """First position in ``order`` of each fed sector."""
    fed: NDArray[np.int64]
    """Sectors that have at least one demand."""

    @classmethod
    def of(cls, demands: pd.DataFrame, sectors: pd.DataFrame) -> SectorGroups:
        """Sort a System's demands by sector; demands of a sector without figures are left out."""
        names = tuple(str(name) for name in sectors.index)
        place = {name: i for i, name in enumerate(names)}
        of = np.array([place.get(f"{s}@{r}", -1) for s, r in zip(demands["sector"], demands["region"], strict=True)], dtype=np.int64)
        order = np.argsort(of, kind="stable")
        order = order[of[order] >= 0]
        fed, starts = np.unique(of[order], return_index=True)
        return cls(names, order, starts.astype(np.int64), fed)

    def least(self, values: Array, empty: float = 1.0) -> Array:
        """Least value (..., sector) of the values (..., demand); ``empty`` where no demand feeds the sector."""
        return self._spread(np.minimum.reduceat(values[..., self.order], self.starts, axis=-1) if len(self.fed) else None, values, empty)

    def mean(self, values: Array, weights: Array, empty: float = 1.0) -> Array:
        """Mean (..., sector) of the values (..., demand) weighted by (demand,)."""
        if not len(self.fed):
            return self._spread(None, values, empty)
        weight = weights[self.order]
        share = weight / np.repeat(np.add.reduceat(weight, self.starts), np.diff([*self.starts, len(self.order)]))
        return self._spread(np.add.reduceat(values[..., self.order] * share, self.starts, axis=-1), values, empty)

    def where_least(self, values: Array) -> NDArray[np.int64]:
        """Demand (..., sector) of the least value, -1 where no demand feeds the sector."""
        found = np.full((*values.shape[:-1], len(self.names)), -1, dtype=np.int64)
        for sector, start, end in zip(self.fed, self.starts, [*self.starts[1:], len(self.order)], strict=True):
            members = self.order[start:end]
            found[..., sector] = members[values[..., members].argmin(axis=-1)]
        return found

    def first(self) -> NDArray[np.int64]:
        """First demand of each fed sector."""
        return np.asarray(self.order[self.starts], dtype=np.int64)

    def _spread(self, reduced: Array | None, values: Array, empty: float) -> Array:
        result = np.full((*values.shape[:-1], len(self.names)), empty)
        if reduced is not None:
            result[..., self.fed] = reduced
        return result


@identity_cached
def groups_of(demands: pd.DataFrame, sectors: pd.DataFrame) -> SectorGroups:
    """As :meth:`SectorGroups.of`, worked out once per System."""
    return SectorGroups.of(demands, sectors)
