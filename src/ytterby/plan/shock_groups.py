"""Groups of commodities and parties in which a shock is stated: what is cut, and for whom.

A plan is made by year and for a few parties, an order on exports names goods and destinations: this module is the map between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import elements, expand_regions, split_market

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.system import System

GROUPS = ("mine", "surplus", "light", "heavy", "magnet", "heavy_magnet", "component")
"""Groups of commodities: ores and concentrates; oxides and metals of lanthanum and cerium, of the other light elements, and of all others;
magnets without and with a heavy element (dysprosium, samarium); components that hold magnets."""
IN_SURPLUS = frozenset({"La", "Ce"})
"""Elements that every light ore gives more of than is used: what one supplier holds back, others have left over."""
PARTIES = ("JP", "US", "EU", "KR")
"""Parties for which designed runs exist."""
OTHER = "OTHER"
"""All destinations that are neither a party nor the dominant supplier."""
DESTINATIONS = (*PARTIES, OTHER)
DOMINANT = "CN"
"""The dominant supplier, whose exports are cut."""
MATERIAL = 0.005
"""Share of a commodity's mass from which an element counts as contained, as in the selectors of measures."""
WHOLE_STAGES = ("mine", "component")
"""Stages that are a group by themselves."""


def group_of(commodity: str, contents: dict[str, dict[str, float]]) -> str:
    """Group of a commodity: of :data:`GROUPS`.

    Parameters
    ----------
    commodity : str
        ``stage.product``.
    contents : dict of commodity to {element: t per t}
        Contents of the System.
    """
    stage = commodity.partition(".")[0]
    if stage in WHOLE_STAGES:
        return stage
    held = [symbol for symbol, share in contents.get(commodity, {}).items() if share >= MATERIAL]
    heavy = any(elements()[symbol].group != "light" for symbol in held)
    if stage == "magnet":
        return "heavy_magnet" if heavy else "magnet"
    if held and IN_SURPLUS.issuperset(held):
        return "surplus"
    return "heavy" if heavy else "light"


def contents_of(system: System) -> dict[str, dict[str, float]]:
    """Content of each commodity by element [t of oxide per t]."""
    found: dict[str, dict[str, float]] = {}
    for row in system.contents.itertuples(index=False):
        found.setdefault(str(row.commodity), {})[str(row.element)] = float(str(row.content))
    return found


@dataclass(frozen=True, eq=False)
class TradeGroups:
    """Links of a System by group of commodities and party of destination."""

    system: System
    parties: tuple[str, ...] = PARTIES
    """Parties other than the dominant supplier; the rest is :data:`OTHER`."""

    @property
    def destinations(self) -> tuple[str, ...]:
        """Parties and :data:`OTHER`."""
        return (*self.parties, OTHER)

    @cached_property
    def party_of(self) -> dict[str, int]:
        """Number of each region's destination; -1 for the dominant supplier."""
        regions = dict.fromkeys(str(region) for region in self.system.markets["region"])
        found = dict.fromkeys(regions, len(self.parties))
        for i, party in enumerate(self.parties):
            found.update(dict.fromkeys(expand_regions(party), i))
        return found | {DOMINANT: -1}

    @cached_property
    def group(self) -> NDArray[np.int64]:
        """Number of the group of each link (link,)."""
        contents = contents_of(self.system)
        return np.array([GROUPS.index(group_of(str(name), contents)) for name in self.system.links["commodity"]], dtype=np.int64)

    @cached_property
    def origin(self) -> NDArray[np.int64]:
        """Number of the party of each link's origin (link,); -1 for the dominant supplier."""
        return self._parties_of(self.system.links["origin"].tolist())

    @cached_property
    def destination(self) -> NDArray[np.int64]:
        """Number of the party of each link's destination (link,); -1 for the dominant supplier."""
        return self._parties_of(self.system.links["destination"].tolist())

    def _parties_of(self, markets: Sequence[str]) -> NDArray[np.int64]:
        return np.array([self.party_of[split_market(name)[1]] for name in markets], dtype=np.int64)

    @cached_property
    def cell(self) -> NDArray[np.int64]:
        """Cell ``group x destinations + destination`` of each link that enters a party from outside (link,); -1 for all others."""
        enters = (self.destination >= 0) & (self.destination != self.origin)
        return np.where(enters, self.group * len(self.destinations) + self.destination, -1)

    def total(self, values: NDArray[np.float64], chosen: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Sum of values of links (..., link) over each group and destination (..., group, destination)."""
        size = len(GROUPS) * len(self.destinations)
        use = self.cell >= 0 if chosen is None else (self.cell >= 0) & chosen
        onto = np.zeros((len(self.cell), size))
        onto[np.flatnonzero(use), self.cell[use]] = 1.0
        return np.asarray(values @ onto).reshape(*values.shape[:-1], len(GROUPS), len(self.destinations))

    @cached_property
    def base(self) -> NDArray[np.float64]:
        """Base exports of the dominant supplier (group, destination) [t/year]."""
        return self.total(self.system.links["flow"].to_numpy(float), self.origin < 0)
