"""Crude loss of a path: the shortage that its cuts leave without stocks or choice, valued by the loss curves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.plan.loss_supply import PartySupply
from ytterby.plan.loss_table import loss_curves
from ytterby.plan.shock_groups import DESTINATIONS, OTHER, PARTIES, TradeGroups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.plan.loss_table import LossCurves
    from ytterby.system import System

    Floats = NDArray[np.float64]

DISCOUNT = 0.05
"""Yearly discount rate of the crude losses of a path, the social rate of a plan [1/year]."""


def column_of(party: str) -> int:
    """Place among the destinations of shocks of a party; those without designed runs of their own are hit like all others."""
    return DESTINATIONS.index(party if party in PARTIES else OTHER)


@dataclass(frozen=True, eq=False)
class CrudeLosses:
    """Crude losses of some parties of a System."""

    system: System
    parties: tuple[str, ...]

    @cached_property
    def curves(self) -> LossCurves:
        """Loss curves on supply."""
        return loss_curves(self.system, "supply")

    @cached_property
    def _supplies(self) -> tuple[PartySupply, ...]:
        trade = TradeGroups(self.system, self.parties)
        return tuple(PartySupply(self.system, trade, i) for i in range(len(self.parties)))

    def yearly(self, cut: Floats, later: NDArray[np.bool_]) -> Floats:
        """Loss (..., party) [USD/year] for cuts (..., group, destination) in a first or later year (..., destination)."""
        lead = cut.shape[:-2]
        found = np.zeros((int(np.prod(lead)), len(self.parties)))
        for i, (party, supply) in enumerate(zip(self.parties, self._supplies, strict=True)):
            at = column_of(party)
            state = np.concatenate([cut[..., at], later[..., at, None]], axis=-1).reshape(len(found), -1)
            rows, back = np.unique(state, axis=0, return_inverse=True)
            missing = np.zeros((len(rows), len(self.system.demands)))
            missing[:, supply.demands] = supply.missing(rows[:, :-1])
            found[:, i] = self.curves.loss(missing, rows[:, -1] > 0.0).sum(axis=-1)[back.reshape(-1)]
        return found.reshape(*lead, len(self.parties))

    def present_values(self, cut: Floats, later: NDArray[np.bool_]) -> Floats:
        """Present value in the first year of the losses of paths (path, party) [USD], for cuts (path, year, group, destination)."""
        worth = (1.0 + DISCOUNT) ** -np.arange(cut.shape[1])
        return np.asarray(np.einsum("syp,y->sp", self.yearly(cut, later), worth))
