"""Values of the coalitions of a request, the joint plan's accounts, and shares by each rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.app.alliances.inputs import CooperateInputs
from ytterby.app.planning.inputs import MILLION
from ytterby.cooperation import accounts_of, cost_shares, nucleolus, owen, proportional, shapley, values_of
from ytterby.economy import gdp_usd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.cooperation import Accounts, CostShares, Values

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CooperateValues(CooperateInputs):
    """Solved coalitions of a request."""

    @cached_property
    def values(self) -> Values:
        """Best plans of all coalitions of the members."""
        gap = None if self.request.gap is None else self.request.gap / MILLION
        return values_of(self.coalitions(self.members), gap, progress=self.progress)

    @cached_property
    def sharp(self) -> float:
        """Gap to which further programmes are solved: that of the values, or what is not worth more work [million USD]."""
        return max(self.values.gap, 1.0)

    @property
    def whole(self) -> int:
        """Coalition of all members."""
        return (1 << len(self.members)) - 1

    @cached_property
    def accounts(self) -> Accounts:
        """Accounts of the joint plan."""
        return accounts_of(self.values.coalitions, self.whole, self.values.solved[self.whole])

    @cached_property
    def rules(self) -> dict[str, Floats]:
        """Shares by rule (party,) [million USD]."""
        game = self.values.game
        found = {"shapley": shapley(game), "nucleolus": nucleolus(game)} | ({} if self.owen is None else {"owen": self.owen})
        return found | {f"by {name}": shares for name, shares in self.proportional.items()}

    @cached_property
    def owen(self) -> Floats | None:
        """Owen's point of the core; none where measures are not divisible, budgets are not one, or projects are pooled."""
        if len(self.members) < 2 or self.terms.whole_units or self.terms.pool or not self.terms.pooled or self.values.game.whole <= 0.0:
            return None
        return owen(self.values, max(self.values.gap / 2.0, 0.5))

    @cached_property
    def proportional(self) -> dict[str, Floats]:
        """Shares in proportion to use, gain alone and GDP, where there are such."""
        weights = {"use": self._use(), "gain alone": self._gain_alone(), "GDP": {code: gdp_usd(self.facts, code) for code in self.codes}}
        return {name: proportional(self.values.game, each) for name, each in weights.items() if sum(each.values()) > 0.0}

    def shares_of_cost(self, rule: str) -> CostShares:
        """Who bears the public money of each decision of the joint plan under a rule, and what is paid beside."""
        return cost_shares(self.accounts.public(), -self.balance(rule))

    @cached_property
    def saved(self) -> Floats:
        """What each member saves in the joint plan before anybody pays (party,) [million USD]."""
        own = self.accounts.own()
        return np.array([self.values.alone(1 << number) - own[code] for number, code in enumerate(self.codes)])

    def balance(self, rule: str) -> Floats:
        """What each member receives under a rule: its share less what it saves in the joint plan (party,) [million USD]."""
        balance = self.rules[rule] - self.saved
        return np.asarray(balance - balance.mean())

    def _use(self) -> dict[str, float]:
        """Value of what each party uses finally in the first year, at base prices."""
        reference = self.data.reference
        demands = reference.system.demands
        worth = reference.use[0] * demands["commodity"].map(reference.price).fillna(0.0).to_numpy(float)
        return {party.code: float(worth[demands["region"].isin(party.regions).to_numpy()].sum()) for party in self.members}

    def _gain_alone(self) -> dict[str, float]:
        """Fall of each party's objective by its own plan, alone [million USD]."""
        values, found = self.values, {}
        for number, party in enumerate(self.members):
            problem = values.coalitions.problem(1 << number)
            after = values.solved[1 << number].upper - values.coalitions.fixed(1 << number)
            found[party.code] = max(problem.before.objective - after, 0.0)
        return found

    def by_party(self, shares: Floats) -> dict[str, float]:
        """Shares by code of the party [USD]."""
        return {code: float(share) * MILLION for code, share in zip(self.codes, shares, strict=True)}
