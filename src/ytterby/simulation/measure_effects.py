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
from ytterby.simulation import plant_improvements as better
from ytterby.simulation.interventions import Effect, EffectRow, Floor, QuotaGroup, Reserve, assembled
from ytterby.simulation.labelled_network import contract_shares, seasonal_losses
from ytterby.simulation.targets import goods, indices, link_weight, places, producers
from ytterby.system import sum_at
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ytterby.measures import NumberOrDraws
    from ytterby.scenario import Scenario
    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.labelled_network import LabelledNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MIN_FACTOR = 1e-9
"""Smallest factor by which a measure multiplies a variable."""
ALWAYS = 1e300
"""Trigger level that always holds."""
CHANNELS = {
    (e.Variable.TRADE_FLOW, e.Operation.REDUCE): Effect.OPEN,
    (e.Variable.EXPORT_DUTY, e.Operation.ADD): Effect.EXPORT_DUTY,
    (e.Variable.IMPORT_DUTY, e.Operation.ADD): Effect.TARIFF,
    (e.Variable.SPECIFIC_DUTY, e.Operation.ADD): Effect.SPECIFIC,
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


def _without_plant(target: e.Plants, commodity: str) -> str:
    """Why a project finds no plant, and what would help."""
    where = ", ".join(target.regions)
    if target.recipe:
        return f"a plant of recipe {target.recipe} in {where} does not make {commodity}"
    words = f"no plant in {where} makes {commodity} in the base year or lies dormant, so there is no recipe to scale"
    return f"{words}; 'recipe' names one to build"


class _Collector:
    """Collects the effect rows, quota groups, reserves and price floors of the effects added to it."""

    def __init__(self, network: LabelledNetwork, weeks: int) -> None:
        self.network, self.weeks = network, weeks
        self.rows: list[EffectRow] = []
        self.groups: list[QuotaGroup] = []
        self.reserves: list[Reserve] = []
        self.floors: list[Floor] = []

    def row(
        self,
        kind: Effect,
        targets: Iterable[int] | Ints,
        level: Floats,
        weight: NumberOrDraws = 1.0,
        *,
        extra: NumberOrDraws = 1.0,
        decision: Floats | None = None,
        delay: Floats | None = None,
        approval: Floats | None = None,
        known: Floats | None = None,
        keep: NumberOrDraws = 1.0,
    ) -> None:
        """Add effect rows if there are targets; scalars apply to all targets."""
        at = np.asarray(list(targets) if not isinstance(targets, np.ndarray) else targets, dtype=np.int64)
        if len(at) == 0 or not np.any(level):
            return
        ones = np.ones(len(at))
        self.rows.append(
            EffectRow(
                kind,
                at,
                np.asarray(level, dtype=np.float64),
                ones * weight,
                ones * extra,
                np.ones(1) if decision is None else decision,
                np.zeros(self.weeks) if delay is None else delay,
                np.ones(self.weeks) if approval is None else approval,
                np.zeros(self.weeks) if known is None else known,
                np.atleast_1d(keep),
            )
        )

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
        net, target, level = self.network.net, effect.plants, effect.capacity / WEEKS_PER_YEAR
        found = producers(self.network, target)
        for name in goods(self.network, target):
            mine = [producer for producer in found if producer.commodity == name]
            if not mine:
                raise ScenarioError(f"{target.kind}: {_without_plant(target, name)}")
            at = np.array([producer.process for producer in mine], dtype=np.int64)
            size = net.capacity[at] if net.capacity[at].any() else np.ones(len(at))
            weight = size / size.sum() / np.array([producer.output for producer in mine])
            # the ramp of a plant of a named recipe says what it makes at base prices, not what it could make
            self.row(Effect.CAPACITY, at, level, weight / net.utilisation[at] if target.recipe else weight)
            for p, part in zip(at.tolist(), weight, strict=True):
                self._sell(effect, p, level * part)
                if target.recipe:
                    self._supply(p, level * part)

    def _sell(self, effect: e.PlantGrowth, p: int, activity: Floats) -> None:
        """Raise purchase shares of a plant's goods when its activity grows by ``activity`` (..., W) [t/week] (equation 7a).

        Buyers with an offtake contract gain their part of the new output over their imports. The rest follows the plant's existing
        links in proportion to its growth; for a region without base production it is the new output over the imports of all buyers.
        """
        network, net = self.network, self.network.net
        for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
            output, market = net.recipe_coefficient[r], net.recipe_market[r]
            links = np.flatnonzero((net.origin == market) & (network.legal_link_of < 0))
            if output <= 0 or not len(links):
                continue
            at = net.destination[links]
            held = np.zeros(len(links))
            for region, share in effect.buyers:
                held[np.isin(network.region[at], places([region]))] += share
            per_import = np.where(net.imports[at] > 0, 1.0 / np.maximum(net.imports[at], 1e-12), 0.0)
            open_to_all = 1.0 - min(sum(share for _, share in effect.buyers), 1.0)
            production = network.base_production[market]
            usual = net.share[links] / production if production > 0 else np.full(len(links), 1.0 / max(net.imports[at].sum(), 1e-12))
            weight = np.where(net.imports[at] > 0, held * per_import + open_to_all * usual, 1.0)
            self._qualified(links, output * activity, weight)

    def _supply(self, p: int, activity: Floats) -> None:
        """Order the inputs of a plant before it opens, from those who make them where nobody did in the base year (equation 7b).

        The plant orders so early that its stock is there when it opens. Where its market is new, each maker of the good gains the
        share in the purchases that it has in the output of all of them.
        """
        network, net = self.network, self.network.net
        entries = better.entries_of(network, p)
        for r in entries[net.recipe_coefficient[entries] < 0.0]:
            market = net.recipe_market[r]
            links = np.flatnonzero((net.destination == market) & (network.legal_link_of < 0))
            lead = int(np.ceil(net.cover[market] + net.transit[links].max(initial=0)))
            needed = np.concatenate([activity[..., lead:], np.repeat(activity[..., -1:], min(lead, self.weeks), axis=-1)], axis=-1)
            self.row(Effect.PLANNED, [market], needed, -net.recipe_coefficient[r])
            if net.imports[market] > 0.0 or network.base_production[market] > 0.0:
                continue
            made = network.base_production[net.origin[links]]
            if made.any():
                self._qualified(links, (needed > 0.0).astype(np.float64), made / made.sum())

    def _qualified(self, links: Ints, level: Floats, weight: Floats) -> None:
        """Add rows of new supply; goods that need qualification gain purchase share gradually after the start of production."""
        open_weeks = np.cumsum(level > 0, axis=-1)
        for weeks in np.unique(self.network.net.qualification[links]):
            chosen = self.network.net.qualification[links] == weeks
            self.row(Effect.SOURCE, links[chosen], level * np.clip(open_weeks / max(weeks, 1.0), 0.0, 1.0), weight[chosen])

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

    @add.register
    def _guarantee(self, effect: e.PriceGuarantee) -> None:
        network, target, limit = self.network, effect.plants, ALWAYS
        found = producers(network, target)
        if not found:
            indices(target, network)  # says what is not there
        makes = np.array([network.net.activity[one.process] * one.output for one in found])
        for one, part in zip(found, makes / makes.sum() if makes.any() else np.full(len(found), 1.0 / len(found)), strict=True):
            markets = network.markets_where([one.commodity], places([effect.reference]))
            if len(markets) != 1:
                raise ScenarioError(
                    f"{target.kind}: {effect.reference} has no market of {one.commodity} whose price could be the reference"
                )
            entries = better.entries_of(network, one.process)
            entry = next(r for r in entries if network.commodity[network.net.recipe_market[r]] == one.commodity)
            if effect.tonnes_per_year is not None:
                limit = effect.tonnes_per_year / WEEKS_PER_YEAR * part
            self.floors.append(
                Floor(int(entry), int(markets[0]), effect.strike, limit, effect.upside_share, effect.upside_above, effect.level)
            )

    @add.register
    def _practice(self, effect: e.SharedPractice) -> None:
        network = self.network
        for p in indices(effect.plants, network)[0].tolist():
            self.row(Effect.PRACTICE, [p], better.practice(network, p, effect.access, effect.level))
            for r in self._outputs(p):
                self.row(Effect.GAIN, [r], np.asarray(effect.level * better.reachable_gain(network, r, effect.access)))

    @add.register
    def _improvement(self, effect: e.Improvement) -> None:
        network = self.network
        for p in indices(effect.plants, network)[0].tolist():
            self.row(Effect.MARGIN, [p], np.asarray(effect.level * effect.unit_cost * network.net.cost[p]))
            for r in self._outputs(p):
                self.row(Effect.GAIN, [r], np.asarray(effect.level * better.capped_gain(network, r, effect.recovery)))

    def _outputs(self, p: int) -> list[int]:
        """Recipe entries of what a process makes."""
        entries = better.entries_of(self.network, p)
        return [int(r) for r in entries if self.network.net.recipe_coefficient[r] > 0.0]

    @add.register
    def _thrift(self, effect: e.InputThrift) -> None:
        network, net = self.network, self.network.net
        markets, _ = indices(effect.inputs, network)
        makers = np.array([name.startswith("magnet.") for name in network.labels.processes])
        process_of = np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start))
        at = np.flatnonzero(np.isin(net.recipe_market, markets) & (net.recipe_coefficient < 0.0) & makers[process_of])
        if not len(at):
            target = effect.inputs
            raise ScenarioError(f"{target.kind}: no maker of magnets in {', '.join(target.regions)} takes in {', '.join(target.goods)}")
        self.row(Effect.GAIN, at, -effect.level)

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
