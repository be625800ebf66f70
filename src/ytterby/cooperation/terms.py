"""What members of an alliance agree on, and where their plans are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ytterby.execution import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ytterby.cooperation.know_how import End
    from ytterby.execution import Executor
    from ytterby.plan import Exchange, Party

NO_LIMIT = 1e6
"""Budget of a party that limits nothing [million USD]."""
UNIT_SECONDS = 20.0
"""Time limit for whole units of one coalition, unless another is given [s]."""


class Place(NamedTuple):
    """Where coalitions are solved; results do not depend on it."""

    kind: Executor = "serial"
    workers: int | None = None
    address: str | None = None
    """Of a Dask scheduler."""


HERE = Place()


@dataclass(frozen=True)
class Terms:
    """What members of an alliance agree on.

    Parameters
    ----------
    budgets : mapping of str to float
        Public money of each party [million USD].
    pooled : bool
        Whether the members' budgets are one.
    whole_units : bool
        Whether plants are built whole or not at all.
    exchange : {"free", "calm", "crisis"}
        When members send each other more than they would owe as outsiders.
    hub : str
        Member that all such exchange comes from or goes to.
    weight : float
        Weight of the CVaR in the objective.
    pool : frozenset of str
        Candidates that every coalition may use whole: its members together at most once.
    seconds : float
        Time limit for whole units of one coalition [s].
    know_how : {"value", "low", "high", ""}
        Which end of the access to technology counts that partners can teach; empty where they teach nothing.
    """

    budgets: Mapping[str, float] = field(default_factory=dict)
    pooled: bool = True
    whole_units: bool = False
    exchange: Exchange = "free"
    hub: str = ""
    weight: float = 0.5
    pool: frozenset[str] = frozenset()
    seconds: float = UNIT_SECONDS
    know_how: End = "value"

    @property
    def digest(self) -> str:
        """Names the terms; equal terms, equal digests."""
        rest = (self.pooled, self.whole_units, self.exchange, self.hub, self.weight, self.seconds if self.whole_units else None)
        return digest_of(sorted(self.budgets.items()), *rest, sorted(self.pool), self.know_how)

    def own_budgets(self, members: Sequence[Party]) -> dict[str, float]:
        """Public money that each member brings [million USD]."""
        return {party.code: self.budgets.get(party.code, NO_LIMIT) for party in members}

    def budgets_of(self, members: Sequence[Party]) -> dict[str, float]:
        """Budgets of an alliance: one for all under the empty name, or by party [million USD]."""
        own = self.own_budgets(members)
        return {"": sum(own.values())} if self.pooled else own
