"""Programme of a coalition whose partners outside of it are owed goods and owe goods.

What a party outside sends to a member is the member's to take, and is paid for at the base price whether it is taken or not, as
the sender counts on it. So a coalition's payments to partners and theirs to it are the same two numbers in every split of the
parties, and plans of coalitions without a common member fit together exactly (K1 and K2 in ``docs/explanation/together.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import split_market
from ytterby.plan import AllianceProgramme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ytterby.plan import Delivered, Party, PartyBlock

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NONE_ARRIVES = 1e-9
"""Smaller arrivals are none [t/year]."""


@dataclass(frozen=True, eq=False)
class PartnerProgramme(AllianceProgramme):
    """Second stage of a coalition within a game.

    Parameters
    ----------
    partners : tuple of Party
        Parties of the game that are not members.
    """

    partners: tuple[Party, ...] = ()

    @cached_property
    def _outside(self) -> frozenset[str]:
        """Regions of the partners."""
        return frozenset(region for party in self.partners for region in party.regions)

    def _from_partners(self, block: PartyBlock) -> Iterator[tuple[int, str, list[int], list[int]]]:
        """Import groups that partners send to: column, commodity, all links and those of partners."""
        origins = self.reference.system.links["origin"]
        for column, ((commodity, _), numbers) in enumerate(block.import_groups):
            own = [number for number in numbers if split_market(origins.iloc[number])[1] in self._outside]
            if own:
                yield column, commodity, numbers, own

    def _arriving(self, delivered: Delivered, links: list[int]) -> Floats:
        """What some links deliver together (scenario, year) [t/year]."""
        return np.asarray((self.reference.flow[:, links] * delivered.links[:, :, links]).sum(axis=2))

    def scenario_bounds(self, delivered: Delivered) -> dict[str, Floats]:
        """Bounds and costs as in any alliance, but that goods of partners cost their transport only: they are paid for in any case."""
        found = super().scenario_bounds(delivered)
        for block in self.blocks:
            places = self.program.place_of(block.name("imports"))
            for column, commodity, links, own in self._from_partners(block):
                whole = self._arriving(delivered, links)
                share = np.divide(self._arriving(delivered, own), whole, out=np.zeros_like(whole), where=whole > NONE_ARRIVES)
                price = block.rights[:, column] * block.price(commodity) * self.weights
                found["cost"][:, places[:, column]] -= share * price
        return found

    def fixed(self, delivered: Delivered) -> Floats:
        """Cost of each member that no plan changes (scenario, member) [million USD].

        Goods of partners and what its markets draw from their stocks, less exports to all outsiders.
        """
        return np.array(
            [self._paid(block, delivered) + self._drawn(block, delivered) - self._sold(block, delivered) for block in self.blocks]
        ).T

    def _paid(self, block: PartyBlock, delivered: Delivered) -> Floats:
        """What the partners' goods cost at base prices, present value (scenario,) [million USD]."""
        found = np.zeros(len(delivered.restricted))
        for _, commodity, _, own in self._from_partners(block):
            found += block.price(commodity) * self._arriving(delivered, own) @ self.weights
        return found

    def _drawn(self, block: PartyBlock, delivered: Delivered) -> Floats:
        """What is drawn from stocks of markets has to be bought again: its price and carriage, present value (scenario,) [million USD].

        No plan changes it, but who is spared draws less: without it a restriction would be a gift of what its markets hold.
        """
        drawn = block.released(delivered) * block.scale
        return np.asarray(np.einsum("syc,y,c->s", drawn, self.weights, block.prices + self._carriage(block)))

    def _carriage(self, block: PartyBlock) -> Floats:
        """Mean transport of imports of each commodity from anyone, weighted by flow (commodity,) [million USD/t]; nil where none comes in.

        Members and outsiders count alike, so that it is the same in every alliance.
        """
        links, own = self.reference.system.links, set(block.party.regions)
        found: dict[str, list[int]] = {}
        for number, (origin, destination) in enumerate(zip(links["origin"], links["destination"], strict=True)):
            commodity, region = split_market(destination)
            if region in own and split_market(origin)[1] not in own:
                found.setdefault(commodity, []).append(number)
        return np.array([block.mean_cost(found[name]) if name in found else 0.0 for name in block.commodities])

    def _sold(self, block: PartyBlock, delivered: Delivered) -> Floats:
        """What exports to outsiders bring at base prices, present value (scenario,) [million USD]."""
        return np.asarray(np.einsum("syc,y,c->s", block.exports(delivered), self.weights, block.prices))
