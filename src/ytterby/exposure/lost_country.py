"""What a source delivers when a country exports nothing more: shares of each market's outflow over weeks (E21).

The weekly simulation of the time to survive (E14), with cut links in place of lost plants: the country's own industry goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.exposure.deliveries import SHORT, Deliveries
from ytterby.exposure.element_network import element_network
from ytterby.exposure.supplier_loss import HORIZON, fills_over_time, stocks
from ytterby.exposure.tracing import passed_through, upstream_walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.system import System

    Floats = NDArray[np.float64]

COVERS = ("cover_low", "cover", "cover_high")


@dataclass(frozen=True, eq=False)
class ElementLoss:
    """One element after a region exports nothing more."""

    passed: dict[str, float]
    """Share of a market's mass that passed the region [1], by market."""
    fills: dict[str, Floats]
    """What the market gives over what it gives otherwise (3, week), by market."""


@dataclass(frozen=True, eq=False)
class LostCountry:
    """A region of the system that exports nothing more."""

    system: System
    region: str

    @cached_property
    def _elements(self) -> dict[str, ElementLoss]:
        return {}

    def of_element(self, element: str) -> ElementLoss:
        """Traced shares and deliveries of one element, worked out once."""
        if element not in self._elements:
            self._elements[element] = self._work_out(element)
        return self._elements[element]

    def _work_out(self, element: str) -> ElementLoss:
        network = element_network(self.system, element)
        passed = passed_through(upstream_walk(network), self.region)
        covers = network.markets[list(COVERS)].to_numpy(float)
        fills = fills_over_time(network, network.region[network.origin] == self.region, stocks(network, covers))
        held = [number for number, mass in enumerate(network.inflow) if mass > 0]
        names = [str(network.markets.index[number]) for number in held]
        return ElementLoss(
            {name: float(passed[number]) for name, number in zip(names, held, strict=True)},
            {name: fills[:, number].T for name, number in zip(names, held, strict=True)},
        )

    def share(self, commodity: str, region: str) -> float | None:
        """Share of the most exposed element of a commodity in a region that passed the lost one [1]; None without a figure."""
        market = self.system.market(commodity, region)
        found = [self.of_element(element).passed for element in self._held(commodity)]
        return max((passed[market] for passed in found if market in passed), default=None)

    def deliveries(self, commodity: str, region: str) -> Deliveries | None:
        """What suppliers of a commodity in a region deliver; None without a figure.

        They lose what passed the lost region, once their own stock is gone: at the low end and in the middle of the range that
        stock only, as the base system assumes it; at the high end the stocks of all stages before them too, by the scarcest
        of the commodity's elements.
        """
        upstream, covers = self.share(commodity, region), self.covers(commodity, region)
        if upstream is None or covers is None:
            return None
        if upstream < SHORT:
            return Deliveries.whole(upstream)
        own = Deliveries.until_stock_ends(covers, upstream)
        at = np.unique(np.concatenate([own.at, np.arange(HORIZON, dtype=float)]))
        low, central, _ = own.on(at)
        chain = self._along_the_chain(commodity, region)[np.minimum(at, HORIZON - 1).astype(int)]
        return Deliveries(at, np.stack([low, central, np.maximum(central, chain)]), upstream)

    def _along_the_chain(self, commodity: str, region: str) -> Floats:
        """What a market gives while the stocks of every stage last, at the upper end of the covers (week,)."""
        market = self.system.market(commodity, region)
        fills = [self.of_element(element).fills for element in self._held(commodity)]
        return np.minimum.accumulate(np.min([found[market][-1] for found in fills if market in found], axis=0))

    def covers(self, commodity: str, region: str) -> tuple[float, float, float] | None:
        """Assumed cover of a market with its range [week]: low, central, high; None if there is no such market."""
        market = self.system.market(commodity, region)
        if market not in self.system.markets.index:
            return None
        low, central, high = (float(self.system.markets[column].loc[market]) for column in COVERS)
        return low, central, high

    def _held(self, commodity: str) -> list[str]:
        contents = self.system.contents
        return list(contents[(contents["commodity"] == commodity) & (contents["content"] > 0)]["element"])


WEEKS = float(HORIZON)
"""Horizon of the deliveries [week]."""
