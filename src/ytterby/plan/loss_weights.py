"""How much of a sector each input can stop, by year of a shortage: criticality, unfinished products and substitution as in the simulator.

Means over the same draws of the economy's assumptions as the designed runs, because an expected loss is a mean over draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.economy import SectorGroups, assumptions, loss_model, parts_model
from ytterby.plan.loss_design import YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ytterby.system import System

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DRAWS, SEED = 32, 1
"""Draws and seed of the designed runs, and of the assumptions of the economy behind the weights."""
STATES = ("first", "later")
"""States of a shortage: its first year, in which stocks along the chain bridge a part, and any later one."""
CLASSES = ("component", "magnet", "material")
"""Classes of inputs with a curve of their own: components, magnets, and everything else, named by their stage."""


@dataclass(frozen=True, eq=False)
class InputWeights:
    """Weights and classes of the demands of a System."""

    system: System

    @cached_property
    def sector(self) -> Ints:
        """Place of each demand's sector among the System's sectors (demand,); -1 for a demand of no sector."""
        groups = SectorGroups.of(self.system.demands, self.system.sectors)
        found = np.full(len(self.system.demands), -1, dtype=np.int64)
        found[groups.order] = groups.sector_of_demand[groups.order]
        return found

    @cached_property
    def input_class(self) -> Ints:
        """Place of each demand's class in :data:`CLASSES` (demand,)."""
        return classes_of(self.system.demands["commodity"])

    @cached_property
    def share(self) -> Floats:
        """Share of its sector's dependent output that each input can stop, after substitution (state, demand) [1]."""
        at = assumptions.quantiles(DRAWS, SEED)
        demands, sectors = self.system.demands, self.system.sectors
        model = loss_model(
            demands, sectors, criticality=at["criticality"], input_classes=at["input_classes"], substitution=at["substitution"]
        )
        stops = model.criticality.share * (1.0 - parts_model(demands, at["parts"]).incomplete)
        return np.array([(stops * _not_replaced(*model.substitution, year)).mean(axis=0) for year in range(len(STATES))])

    @cached_property
    def output(self) -> Floats:
        """Value added of each demand's sector that depends on rare earths (demand,) [USD/year]; 0 for a demand of no sector."""
        sectors = self.system.sectors
        dependent = (sectors["value_added"] * sectors["dependent_share"]).to_numpy(float)
        return np.where(self.sector >= 0, dependent[self.sector], 0.0)

    @cached_property
    def stake(self) -> Floats:
        """Value added that each input can stop (state, demand) [USD/year]."""
        return np.asarray(self.share * self.output)


def classes_of(commodities: Iterable[str]) -> Ints:
    """Place of the class of each commodity in :data:`CLASSES` (commodity,)."""
    stages = [str(name).partition(".")[0] for name in commodities]
    return np.array([CLASSES.index(stage) if stage in CLASSES else len(CLASSES) - 1 for stage in stages], dtype=np.int64)


def _not_replaced(share: Floats, delay: Floats, year: int) -> Floats:
    """Mean over a year of the share of the output that still needs the input (..., demand), equation L1."""
    spread = np.maximum(delay, 1e-6)
    weeks = range(YEAR * year, YEAR * (year + 1))
    found = sum((1.0 - share * np.clip(week / spread - 0.5, 0.0, 1.0) for week in weeks), np.zeros(spread.shape))
    return np.asarray(found / YEAR)
