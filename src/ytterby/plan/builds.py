"""From candidate measures to decisions: what a party may take of each, what it makes, when, and what it costs whom.

Equations P11-P14 in ``docs/explanation/plan.md``. Resource cost counts capital as annuities at the social rate within the horizon;
public money is what closes the gap at the private rate. Money is in million USD of 2024.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ytterby.facts import WORLD, split_market
from ytterby.plan.decisions import REFILL, Decision, saves_money
from ytterby.plan.finance import STARTS, Finance, Rates, number, usable_for_life, usable_share
from ytterby.plan.party_flows import MILLION
from ytterby.system import candidate_cells, entitlements
from ytterby.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from ytterby.facts import Candidate
    from ytterby.plan.parties import Party
    from ytterby.plan.reference_path import ReferencePath
    from ytterby.system import Recipe, System

    Floats = NDArray[np.float64]

PLANT_KINDS = ("project", "recycling", "exploration")
"""Kinds that build a plant."""
ANYWHERE = "*"
"""Host of a candidate that may stand in any party."""
NOT_DECIDED = {
    "assistance": "changes what others can build, not a quantity that the programme counts",
    "price_floor": "is a way to pay for a plant: its public cost stands beside the grant",
    "offtake": "is a way to pay for a plant: its public cost stands beside the grant",
    "standard": "is simulated week by week, and stands in packages of the bargain",
}
"""Kinds that the programme does not choose, with the reason."""
CHEAPER = ("research-separation", "research-recovery")
"""Research that makes plants cheaper or better instead of saving a share of a use; the programme does not choose it."""


@dataclass(frozen=True, eq=False)
class DecisionMaker:
    """Makes decisions of candidates for parties.

    Parameters
    ----------
    base : System
        Base year, whose use divides what nobody holds.
    reference : ReferencePath
        Years, prices and uses.
    recipes : mapping of str to Recipe
        What processes make and take in.
    candidates : sequence of Candidate
    rates : Rates
    """

    base: System
    reference: ReferencePath
    recipes: Mapping[str, Recipe]
    candidates: tuple[Candidate, ...]
    rates: Rates = field(default_factory=Rates)
    end: str = "value"
    """Which end of the range of candidates' capital counts: ``value``, ``low`` or ``high``."""
    running_end: str = "value"
    """Which end of the range of their running costs counts."""

    @property
    def _finance(self) -> Finance:
        """Costs of capital over the years of the plan."""
        return Finance(self.reference.years, self.rates)

    def of(self, party: Party) -> tuple[Decision, ...]:
        """Decisions of a party, in the order of the table."""
        return tuple(decision for candidate in self.candidates for decision in self._decisions(candidate, party))

    def _decisions(self, candidate: Candidate, party: Party) -> Iterator[Decision]:
        if candidate.kind in PLANT_KINDS:
            yield from self._plants(candidate, party)
        elif candidate.kind == "stockpile":
            yield from self._stock(candidate, party)
        elif candidate.kind == "substitution":
            yield from self._savings(candidate, (party,))

    def research(self, parties: tuple[Party, ...]) -> tuple[Decision, ...]:
        """Joint research of some parties: paid once, by their use of the goods, and of use to all of them."""
        chosen = [each for each in self.candidates if each.kind == "joint_rnd" and each.id not in CHEAPER]
        return tuple(decision for candidate in chosen for decision in self._savings(candidate, parties))

    @cached_property
    def use(self) -> dict[tuple[str, str], float]:
        """Use of each commodity in each region in the first year, by processes and finally [t/year]."""
        s = self.reference.system
        found: dict[tuple[str, str], float] = {}
        for market, amount in zip(s.recipes["market"], self.reference.production[0], strict=True):
            if amount < 0.0:
                key = split_market(market)
                found[key] = found.get(key, 0.0) - float(amount)
        for j, market in enumerate(s.demands["market"]):
            key = split_market(market)
            found[key] = found.get(key, 0.0) + float(self.reference.use[0, j])
        return found

    def use_by(self, commodity: str, regions: Iterable[str]) -> float:
        """Use of a commodity by some regions [t/year]."""
        return sum(self.use.get((commodity, region), 0.0) for region in regions)

    def share(self, candidate: Candidate, party: Party) -> float:
        """Share of a candidate that a party is entitled to [1]: its own, and its part by use of what nobody holds."""
        held = entitlements(candidate, self.base, party.code)
        return min(sum(held.get(region, 0.0) for region in party.regions), 1.0)

    def open_parts(self, candidate: Candidate) -> dict[str, float]:
        """Part of each region in what nobody holds of a candidate, by use in the base year; they sum to 1."""
        return entitlements(replace(candidate, entitled={WORLD: 1.0}), self.base)

    def makes(self, candidate: Candidate) -> dict[str, float]:
        """Inputs (negative) and outputs of a candidate's plant [t per t of its first good]."""
        cells = candidate_cells(candidate, self.recipes)
        return cells if cells.get(candidate.goods[0], 0.0) > 0.0 else {candidate.goods[0]: 1.0} | cells

    def price(self, commodity: str) -> float:
        """Price at which a plant sells or buys [million USD/t]: a new feed at the share of its oxides' value that others fetch.

        Goods of which the base year leaves over a part fetch their price for the rest only.
        """
        if commodity in self.reference.price:
            return float(self.reference.price[commodity]) / MILLION * self.reference.saleable.get(commodity, 1.0)
        return self._feed_share * self._oxide_value(commodity) / MILLION

    def _oxide_value(self, feed: str) -> float:
        """Value of the oxides that a tonne of a feed gives [USD]."""
        for name, recipe in self.recipes.items():
            if name.startswith("oxide.") and recipe.cells.get(feed, 0.0) < 0.0:
                made = {good: rate / -recipe.cells[feed] for good, rate in recipe.cells.items() if rate > 0.0}
                return sum(
                    rate * float(self.reference.price.get(good, 0.0)) * self.reference.saleable.get(good, 1.0)
                    for good, rate in made.items()
                )
        return 0.0

    @cached_property
    def _feed_share(self) -> float:
        """Median price of concentrates over the value of their oxides."""
        feeds = [str(name) for name in self.reference.price.index if str(name).startswith("mine.")]
        shares = [float(self.reference.price[feed]) / value for feed in feeds if (value := self._oxide_value(feed)) > 0.0]
        return float(np.median(shares)) if shares else 0.5

    def _cost(self, candidate: Candidate, name: str) -> float:
        """A cost of a candidate at the chosen end of its range [million USD]; nil where none is known."""
        value = float(getattr(candidate.figures[name], self.end if name == "capex" else self.running_end))
        return 0.0 if math.isnan(value) else value / MILLION

    def _plants(self, candidate: Candidate, party: Party) -> Iterator[Decision]:
        """One decision for each year of start."""
        makes, share = self.makes(candidate), self.share(candidate, party)
        size = number(candidate, "capacity", 0.0) * share
        if size <= 0.0 or not makes or not self.sold_to_it(makes):
            return
        capex, opex = self._cost(candidate, "capex") * share, self._cost(candidate, "opex") * share
        margin = size * sum(rate * self.price(good) for good, rate in makes.items()) - opex
        for start in STARTS if candidate.status != "construction" else STARTS[:1]:
            usable = usable_share(candidate, start, np.array(self.reference.years))
            if usable.max() <= 0.0:
                continue
            gap = self._finance.grant(capex, margin, usable_for_life(candidate, start))
            cost = self._finance.annuities(capex, usable)
            if gap > 0.0:
                cost = self._finance.without_calm_gain(cost, (margin + size * self._carriage_saved(makes, party)) * usable)
            yield Decision(
                candidate.id, party.code, start, "plant", size, cost, self._finance.paid(max(gap, 0.0), start),
                makes=makes, running_cost=opex, usable=usable, pays_alone=gap <= 0.0 and start == STARTS[0],
                host="" if candidate.host == ANYWHERE else candidate.host,
            )  # fmt: skip
            if gap <= 0.0:
                return

    def sold_to_it(self, makes: Mapping[str, float]) -> bool:
        """Whether somebody sells, or could sell, each good that a plant takes in: nobody earns on a concentrate that no mine makes."""
        return all(good in self.reference.price or good in self._made_by_candidates for good, rate in makes.items() if rate < 0.0)

    @cached_property
    def _made_by_candidates(self) -> frozenset[str]:
        """Goods that candidates could make."""
        return frozenset(good for each in self.candidates for good, rate in candidate_cells(each, self.recipes).items() if rate > 0.0)

    def _carriage_saved(self, makes: Mapping[str, float], party: Party) -> float:
        """Transport of imports that own output saves at most [million USD per t of a plant's first good]."""
        links = self.reference.system.links
        into = links[[split_market(market)[1] in party.regions for market in links["destination"]]]
        dearest = into.groupby("commodity")["cost"].max()
        return sum(rate * float(dearest.get(good, 0.0)) for good, rate in makes.items() if rate > 0.0) * KG_PER_T / MILLION

    def part_of(self, candidate: Candidate, each: Decision) -> float:
        """Size of a decision over that of the whole candidate [1]."""
        whole = number(candidate, "capacity", 0.0)
        return each.size / whole if whole > 0.0 else 1.0

    def capital(self, candidate: Candidate, each: Decision) -> float:
        """Capital of a plant's decision, not discounted [million USD]."""
        return self._cost(candidate, "capex") * self.part_of(candidate, each)

    def surplus(self, candidate: Candidate, each: Decision, parties: tuple[Party, ...]) -> tuple[float, float | None]:
        """Surplus at the private rate over the capital, and the fall of the price of what it makes or saves at which there is none [1]."""
        usable = usable_for_life(candidate, each.start)
        factors = (1.0 + self.rates.private) ** -np.arange(len(usable))
        if each.kind == "saving":
            capital, running = self._costs_of_saving(candidate, parties)
            made = float(self._worth_of_thrift(each.thrift, parties).mean())
            margin = made - running
        else:
            made = each.size * sum(rate * self.price(good) for good, rate in each.makes.items() if rate > 0.0)
            margin = each.size * sum(rate * self.price(good) for good, rate in each.makes.items()) - each.running_cost
            capital = self.capital(candidate, each)
        life = float(usable @ factors)
        over = margin * life - capital
        return (over / capital if capital > 0.0 else math.inf), (over / (made * life) if made * life > 0.0 else None)

    def _stock(self, candidate: Candidate, party: Party) -> Iterator[Decision]:
        """P13: bought from the first year of the plan on, no faster than it is refilled, held at a yearly cost; all of it public money."""
        commodity, share = candidate.goods[0], self.share(candidate, party)
        size = number(candidate, "cover", 0.0) * self.use_by(commodity, party.regions) * share
        if size <= 1e-9 or share <= 0.0:
            return
        years, start = np.array(self.reference.years), self.reference.years[0]
        filled = np.clip(REFILL * (years - start + 1.0), 0.0, 1.0)
        tonnes = number(candidate, "capacity", 0.0)
        held = size * self._cost(candidate, "opex") / tonnes if tonnes > 0.0 else 0.0
        usable = np.clip(REFILL * (years - start - math.ceil(number(candidate, "lead", 0.0)) + 1.0), 0.0, 1.0)
        cost = np.diff(filled, prepend=0.0) * self.purchase(candidate, size) + usable * held
        yield Decision(candidate.id, party.code, start, "stock", size, cost, cost.copy(), usable=usable, commodity=commodity)

    def purchase(self, candidate: Candidate, size: float) -> float:
        """Price of a stock of that size [t], at the base price or, without one, the candidate's own figure [million USD]."""
        if candidate.goods[0] in self.reference.price:
            return size * float(self.reference.price[candidate.goods[0]]) / MILLION
        tonnes = number(candidate, "capacity", 0.0)
        return size * self._cost(candidate, "capex") / tonnes if tonnes > 0.0 else 0.0

    def _savings(self, candidate: Candidate, parties: tuple[Party, ...]) -> Iterator[Decision]:
        """P14: a share of the use is saved, at a cost by tonne or, of research, as a whole; all of it is public money."""
        use = {party.code: sum(self.use_by(good, party.regions) for good in candidate.goods) for party in parties}
        saved, total = number(candidate, "effect", 0.0), sum(use.values())
        if saved * total <= 0.0:
            return
        capital, running = self._costs_of_saving(candidate, parties)
        savings, thrift = self._saved_uses(candidate, parties, saved)
        by_year = self._worth_of_thrift(thrift, parties)
        worth = float(by_year.mean())
        for start in STARTS:
            usable = usable_share(candidate, start, np.array(self.reference.years))
            if usable.max() <= 0.0:
                continue
            cost = self._finance.paid(capital, start) + running * (usable > 0.0)
            gap = self._finance.grant(capital, worth - running, usable_for_life(candidate, start))
            if gap <= 0.0 and start != STARTS[0]:
                return
            public = self._finance.paid(max(gap, 0.0), start) if worth > 0.0 else cost.copy()
            if gap > 0.0:
                cost = self._finance.without_calm_gain(cost, by_year * usable)
            yield Decision(
                candidate.id, "+".join(use), start, "saving", 1.0, cost, public, usable=usable, savings=savings, thrift=thrift,
                bearers={code: amount / total for code, amount in use.items()}, pays_alone=gap <= 0.0,
            )  # fmt: skip

    def _costs_of_saving(self, candidate: Candidate, parties: tuple[Party, ...]) -> tuple[float, float]:
        """Cost at the start [million USD] and of running [million USD/year], by the tonnes saved; of research as a whole."""
        saved = sum(self.use_by(good, party.regions) for party in parties for good in candidate.goods) * number(candidate, "effect", 0.0)
        scale = 1.0 if candidate.kind == "joint_rnd" else saved / number(candidate, "capacity", 1.0)
        return self._cost(candidate, "capex") * scale, self._cost(candidate, "opex") * scale

    def _worth_of_thrift(self, thrift: Mapping[tuple[str, str], float], parties: tuple[Party, ...]) -> Floats:
        """Value of the inputs that plants save (year,) [million USD/year]; what replaces a magnet costs as much as the magnet."""
        regions = {region for party in parties for region in party.regions}
        recipes, total = self.reference.system.recipes, np.zeros(len(self.reference.years))
        for row, (process, market) in enumerate(zip(recipes["process"], recipes["market"], strict=True)):
            good, region = split_market(market)
            saved = thrift.get((good, split_market(process)[0]), 0.0)
            if saved > 0.0 and region in regions and saves_money(good):
                total += saved * np.maximum(-self.reference.production[:, row], 0.0) * self.price(good)
        return total

    def _saved_uses(
        self, candidate: Candidate, parties: tuple[Party, ...], saved: float
    ) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
        """Share saved by (commodity, sector) of final uses, and by (commodity, recipe) of inputs of plants."""
        if candidate.recipes:
            return {}, {(good, recipe): saved for good in candidate.goods for recipe in candidate.recipes}
        d = self.reference.system.demands
        regions = {region for party in parties for region in party.regions}
        own = d[d["region"].isin(regions) & d["commodity"].isin(candidate.goods)]
        cells = zip(own["commodity"], own["sector"], strict=True)
        savings = {(good, sector): saved for good, sector in cells if not candidate.sectors or sector in candidate.sectors}
        return savings, self._inputs_saved(candidate, saved) if candidate.kind == "joint_rnd" else {}

    def _inputs_saved(self, candidate: Candidate, saved: float) -> dict[tuple[str, str], float]:
        """Share saved of inputs of all processes that take in the goods of a candidate."""
        return {
            (good, name): saved for name, recipe in self.recipes.items() for good in candidate.goods if recipe.cells.get(good, 0.0) < 0.0
        }
