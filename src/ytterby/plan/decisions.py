"""Decisions of the first stage: what a party builds, stores or saves, from which year, and what it costs whom.

One decision is a candidate measure for one party from one start year; its size is a share of what the party is entitled to.
Money is in million USD of 2024; arrays (year,) cover the years of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.plan.parties import Party

    Floats = NDArray[np.float64]

REFILL = 0.5
"""Share of a stock that can be bought or refilled in a year without a restriction (assumed: ASM015)."""


@dataclass(frozen=True, eq=False)
class Decision:
    """A candidate measure for one party from one start year, at full size."""

    candidate: str
    """Id of the candidate."""
    party: str
    """Who takes it; joint research of several parties has their codes joined by ``+``."""
    start: int
    """Year in which money is committed."""
    kind: str
    """``plant``, ``stock`` or ``saving``."""
    size: float
    """What the party may take of it: capacity [t/year of main output], stock [t], or 1 for a programme."""
    resource: Floats
    """Resource cost that does not depend on use (year,): annuities of capital, purchase and holding of stocks, programmes."""
    public: Floats
    """Public money (year,)."""
    makes: Mapping[str, float] = field(default_factory=dict)
    """Plants: inputs (negative) and outputs by commodity [t per t of main output]."""
    running_cost: float = 0.0
    """Plants: running cost at full use without inputs that the network supplies [million USD/year]."""
    usable: Floats = field(default_factory=lambda: np.zeros(0))
    """Share of the size that can be used (year,), with lead time, ramp, delay and the chance that it never opens."""
    commodity: str = ""
    """Stocks: what is held."""
    savings: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Savings: share of the use of a commodity by a sector that is saved, by (commodity, sector)."""
    thrift: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Savings: share of the input of plants that is saved, by (commodity, recipe)."""
    host: str = ""
    """Plants: region where it stands; empty for one that may stand anywhere, and so in the party."""
    bearers: Mapping[str, float] = field(default_factory=dict)
    """Share of the cost of each party, where several bear it [1]."""
    pays_alone: bool = False
    """Whether it earns the private rate at base prices, so that no public money is needed."""

    def stands_in(self, party: Party) -> bool:
        """Whether a plant stands in a party."""
        return self.host in party.regions if self.host else self.party == party.code

    def borne_by(self, party: str) -> float:
        """Share of the cost that a party bears [1]."""
        return self.bearers.get(party, 0.0) if self.bearers else float(self.party == party)


def discount_factors(years: tuple[int, ...], rate: float) -> Floats:
    """Present value, at the first year, of a dollar in each year (year,)."""
    return np.asarray((1.0 + rate) ** -(np.array(years) - years[0]))


def annuity(rate: float, life: int) -> float:
    """Yearly payment over a life that repays a dollar of capital [1/year]."""
    return rate / (1.0 - (1.0 + rate) ** -life) if rate > 0.0 else 1.0 / life


def saves_money(good: str) -> bool:
    """Whether plants that do with less of a good save its price: of metals and oxides; another magnet costs as much as the one saved."""
    return good.startswith(("metal.", "oxide."))
