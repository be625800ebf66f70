"""Translate the effects of measures into interventions: each effect becomes effect rows, quota groups or reserves.

One function per class of record. Nothing here knows a kind of measure, a commodity or a country by name.
Drawn numbers may be columns (draw, 1); arrays computed from them have a leading draw axis, written ``...``.
"""

from __future__ import annotations

from functools import singledispatchmethod
from typing import TYPE_CHECKING

import numpy as np

from ytterby.errors import NotSimulatedError, ScenarioError
from ytterby.facts import split_market
from ytterby.measures import DrawnValues, require_simulated, resolve
from ytterby.measures import effects as e
from ytterby.simulation.interventions import Effect, QuotaGroup, Reserve, assembled
from ytterby.simulation.labelled_network import contract_shares, seasonal_losses
from ytterby.simulation.plant_effects import ALWAYS, PlantRows
from ytterby.simulation.targets import goods, indices, link_weight, places
from ytterby.system import sum_at
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ytterby.measures import NumberOrDraws
    from ytterby.scenario import Scenario
    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.labelled_network import LabelledNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MIN_FACTOR = 1e-9
"""Smallest factor by which a measure multiplies a variable."""
CHANNELS = {
    (e.Variable.TRADE_FLOW, e.Operation.REDUCE): Effect.OPEN,
    (e.Variable.EXPORT_DUTY, e.Operation.ADD): Effect.EXPORT_DUTY,
    (e.Variable.IMPORT_DUTY, e.Operation.ADD): Effect.TARIFF,
    (e.Variable.SPECIFIC_DUTY, e.Operation.ADD): Effect.SPECIFIC,
    (e.Variable.ENTRY_CHARGE, e.Operation.ADD): Effect.CHARGE,
    (e.Variable.MARGIN, e.Operation.ADD): Effect.MARGIN,
    (e.Variable.ACTIVITY, e.Operation.REDUCE): Effect.OUTAGE,
    (e.Variable.TARGET_COVER, e.Operation.SCALE): Effect.COVER,
    (e.Variable.FINAL_USE, e.Operation.SCALE): Effect.DEMAND,
}
"""Kind of effect row for each variable and operation."""


def interventions_of(network: LabelledNetwork, scenario: Scenario, values: Sequence[DrawnValues] | None = None) -> Interventions:
    """Interventions of a scenario without forks in a network; with columns (draw, 1) in the measures' numbers they have a draw axis.

    Parameters
    ----------
    network : LabelledNetwork
    scenario : Scenario
        Without forks.
    values : sequence of DrawnValues, optional
        Drawn numbers of each measure; by default those of the measures themselves.

    Raises
    ------
    NotSimulatedError
        For measures that are valid but not simulated yet.
    UnknownNameError
        If a selector means nothing in this network.
    ScenarioError
        If a measure finds nothing to act on.
    """
    require_simulated(scenario.measures)
    weeks, before = scenario.all_mondays, scenario.weeks_before
    found = _Collector(network, len(weeks))
    for numbers in [DrawnValues(m) for m in scenario.measures] if values is None else values:
        for effect in numbers.measure.effects(weeks, numbers):
            found.add(effect)
    if scenario.rationing == "contract_first":
        found.add_contracts_first()
    if scenario.calendar.growth:
        years = np.maximum(np.arange(len(weeks)) - before, 0) / WEEKS_PER_YEAR
        found.row(Effect.DEMAND, np.arange(len(network.net.use)), np.log1p(scenario.calendar.growth) * years)
    if scenario.calendar.season:
        found.add_seasons(weeks)
    return assembled(network, len(weeks), found.rows, found.groups, found.reserves, found.floors)


class _Collector(PlantRows):
    """Collects what the effects that are added to it do."""

    def links(self, target: e.Links) -> Ints:
        """Indices of links."""
        return indices(target, self.network)[0]

    @singledispatchmethod
    def add(self, effect: object) -> None:
        """Add what an effect does."""
        raise NotSimulatedError(f"no rule turns {type(effect).__name__} into rows of a network")

    @add.register
    def _change(self, effect: e.MeasureEffect) -> None:
        channel = CHANNELS.get((effect.variable, effect.operation))
        if channel is None:
            raise NotSimulatedError(f"'{effect.operation}' on '{effect.variable}' is not simulated")
        at, weight = indices(effect.target, self.network)
        level = np.log(np.maximum(effect.level, MIN_FACTOR)) if effect.operation is e.Operation.SCALE else effect.level
        self.row(channel, at, level, weight if effect.weight is None else link_weight(self.network, at, effect.weight))

    @add.register
    def _licence(self, effect: e.LicenceRule) -> None:
        links = self.links(effect.links)
        self.row(
            Effect.LICENCE,
            links,
            effect.level,
            link_weight(self.network, links, effect.weight),
            extra=self._relative_approval(effect, links),
            decision=effect.decision_time,
            delay=effect.backlog_delay,
            approval=effect.approval_rate,
            known=effect.level if effect.known is None else effect.known,
            keep=effect.validity,
        )

    def _relative_approval(self, effect: e.LicenceRule, links: Ints) -> Floats:
        """Approval rate on each link relative to the rule's rate, by commodity and region of its destination (..., link)."""
        network = self.network
        at = network.net.destination[links]
        relative = np.ones(len(links))
        for selector, own in effect.approval_by_goods:
            of = np.isin(network.commodity[network.net.origin[links]], resolve([selector], network.commodities, network.contents))
            relative = np.where(of, relative * own, relative)
        for region, own in effect.approval_by_region:
            relative = np.where(np.isin(network.region[at], places([region])), relative * own, relative)
        return relative

    @add.register
    def _refusal(self, effect: e.EndUseRefusal) -> None:
        network, net, links = self.network, self.network.net, self.links(effect.links)
        share = sum_at(net.destination[links], net.flow[links], len(net.price)) / np.maximum(net.inflow + net.imports, 1e-300)
        at = np.flatnonzero(np.isin(network.sector, list(effect.sectors)) & (share[net.demand_market] > 0))
        sea = self._transit_weeks(links)[net.demand_market[at]]
        for weeks in np.unique(sea).tolist():
            late = np.concatenate([np.zeros((*effect.level.shape[:-1], weeks)), effect.level], axis=-1)[..., : self.weeks]
            chosen = at[sea == weeks]
            self.row(Effect.ACCESS, chosen, late, share[net.demand_market[chosen]])

    def _transit_weeks(self, links: Ints) -> Ints:
        """Mean transit time to each market over the links, in whole weeks (M,)."""
        net, m = self.network.net, len(self.network.net.price)
        mass = sum_at(net.destination[links], net.flow[links], m)
        weeks = sum_at(net.destination[links], net.flow[links] * net.transit[links], m)
        return np.rint(weeks / np.maximum(mass, 1e-300)).astype(np.int64)

    @add.register
    def _quota(self, effect: e.QuotaRule) -> None:
        network, links = self.network, self.links(effect.links)
        customs = np.ones(len(links))
        origin = network.commodity[network.net.origin[links]]
        for selector, factor in effect.customs_factors:
            customs = np.where(np.isin(origin, resolve([selector], network.commodities, network.contents)), factor, customs)
        spans = tuple((span.first, span.stop, span.tonnes, span.carried) for span in effect.spans)
        self.groups.append(QuotaGroup(effect.group or f"quota-{len(self.groups)}", links, customs, spans))

    @add.register
    def _stock_build(self, effect: e.StockBuild) -> None:
        week, span = np.arange(self.weeks), max(effect.stop - effect.first, 1)
        for market, part in self._market_shares(effect.markets):
            level = np.where((week >= effect.first) & (week < effect.stop), effect.tonnes * part / span, 0.0)
            self.row(Effect.PURCHASE, [market], level)

    @add.register
    def _stock_release(self, effect: e.StockRelease) -> None:
        triggered = effect.cover_below is not None or effect.price_above is not None
        span = max(effect.stop - effect.first, 1)
        for market, part in self._market_shares(effect.markets):
            rate = effect.rate * part if effect.rate is not None else effect.tonnes * part / span
            cover: NumberOrDraws = 0.0 if triggered else ALWAYS
            if effect.cover_below is not None:
                cover = effect.cover_below / self.network.net.cover[market]
            price = ALWAYS if effect.price_above is None else effect.price_above
            self.reserves.append(Reserve(market, effect.tonnes * part, rate, cover, price, effect.first, effect.stop))

    def _market_shares(self, target: e.Markets) -> list[tuple[int, float]]:
        """Markets of the target with their share in the commodity's use and sales."""
        found, regions = [], places(target.regions)
        for name in goods(self.network, target):
            at = self.network.markets_where([name], regions)
            share = self.network.net.outflow[at] / max(self.network.net.outflow[at].sum(), 1e-300)
            found += list(zip(at.tolist(), share.tolist(), strict=True))
        return found

    @add.register
    def _plant_growth(self, effect: e.PlantGrowth) -> None:
        self.grow(effect)

    @add.register
    def _guarantee(self, effect: e.PriceGuarantee) -> None:
        self.guarantee(effect)

    @add.register
    def _practice(self, effect: e.SharedPractice) -> None:
        self.share_practice(effect)

    @add.register
    def _improvement(self, effect: e.Improvement) -> None:
        self.improve(effect)

    @add.register
    def _thrift(self, effect: e.InputThrift) -> None:
        self.save_inputs(effect)

    @add.register
    def _scrap(self, effect: e.ScrapRecovery) -> None:
        network, net = self.network, self.network.net
        users, _ = indices(effect.users, network)
        share = effect.collected
        if effect.capacity is not None:
            share = np.minimum(share, effect.capacity / max(float(net.use[users].sum()) * WEEKS_PER_YEAR, 1e-300))
        gained = self._oxides_in(users)
        found = np.flatnonzero(gained)
        if not len(found):
            target = effect.users
            words = f"no market in {', '.join(target.regions)} takes an oxide that {', '.join(target.goods)} yields"
            raise ScenarioError(f"{target.kind}: {words}")
        self.row(Effect.SUPPLY, found, np.asarray(share * effect.in_force), effect.recovery * gained[found])

    def _oxides_in(self, users: Ints) -> Floats:
        """Oxide content of the goods of end users, assigned to the oxide markets of their regions (M,) [t/week]."""
        network, net = self.network, self.network.net
        at = {name: i for i, name in enumerate(network.labels.markets)}
        held = np.zeros(len(net.price))
        for k in users:
            market = net.demand_market[k]
            for element, content in network.contents.get(str(network.commodity[market]), {}).items():
                place = at.get(f"{network.oxide_of(element)}@{network.region[market]}")
                if place is not None:
                    held[place] += net.use[k] * content
        return held

    @add.register
    def _commitment(self, effect: e.PurchaseCommitment) -> None:
        network, net, target = self.network, self.network.net, effect.links
        origins, destinations = places(target.origins), places(target.destinations)
        for name in goods(network, target):
            links = network.links_where([name], origins, destinations)
            if not len(links):
                continue
            if effect.tonnes_per_year is not None:
                bound = effect.tonnes_per_year / WEEKS_PER_YEAR
            else:
                bound = np.asarray(effect.share) * net.inflow[network.markets_where([name], origins)].sum()
            self.row(Effect.BOUND, links, effect.level, bound * net.flow[links] / max(net.flow[links].sum(), 1e-300))
        if not len(self.links(target)):
            between = f"from {', '.join(target.origins)} to {', '.join(target.destinations)}"
            raise ScenarioError(f"{target.kind}: no route for {', '.join(target.goods)} {between} in the base year")

    def add_seasons(self, weeks: NDArray[np.datetime64]) -> None:
        """Weekly factor on the activity of all plants of a region that has a season."""
        at = np.array([split_market(name)[1] for name in self.network.labels.processes])
        for region, loss in seasonal_losses(weeks).items():
            self.row(Effect.OUTAGE, np.flatnonzero(at == region), loss)

    def add_contracts_first(self) -> None:
        """Give priority to the quantities under contract, of foreign and of domestic buyers."""
        network, always = self.network, np.ones(self.weeks)
        self.row(Effect.FIRST, np.flatnonzero(network.legal_link_of < 0), always, network.contract[network.legal_link_of < 0])
        self.row(Effect.LOCAL, np.arange(len(network.net.price)), always, contract_shares(network.labels.markets))
