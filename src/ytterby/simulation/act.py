"""Scenario -> Interventions: measures become effect rows, quota groups and reserves on the scene's arrays.

One function per kind of measure, registered in :data:`ACTS`. Nothing here knows a commodity or country by name.
Drawn numbers of a measure may be columns (draw, 1); what they touch then leads with a draw axis, written ``...``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np

from ytterby.errors import NotSimulatedError, ScenarioError
from ytterby.facts.vocabulary import expand_regions, split_market
from ytterby.scenario.measures import exempt_parts, require_simulated
from ytterby.scenario.selectors import resolve
from ytterby.scenario.weeks import share_in_force
from ytterby.simulation.interventions import Effect, Interventions, joined, no_interventions, padded
from ytterby.simulation.settings import contract_shares, seasonal_losses
from ytterby.system.compile import sum_at
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from ytterby.scenario import measures as kinds
    from ytterby.scenario.scenario import Scenario
    from ytterby.simulation.labelled_network import LabelledNetwork

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Number = float | Floats

BACKLOG_FADE = 26.0
"""Weeks after which an initial licence backlog no longer delays decisions (assumed)."""
Kept = TypeVar("Kept")
MIN_RATE = 1e-12
"""Approval rate that others are measured by: less counts as this."""
ALWAYS = 1e300
"""Trigger level that always holds."""


class Row(NamedTuple):
    """Effect rows of one channel: same kind, level and licence rule."""

    kind: Effect
    targets: Ints
    level: Floats  # (..., W)
    weight: Floats  # (..., target)
    extra: Floats  # (..., target)
    decision: Floats  # (..., time)
    delay: Floats  # (..., W)
    approval: Floats  # (..., 1)
    keep: Floats  # (..., 1)


class Group(NamedTuple):
    """A quota group: links, customs factors (..., link), allocations as (first week, end week, tonnes, share carried over)."""

    name: str
    links: Ints
    customs: Floats
    allocations: tuple[tuple[int, int, float, float], ...]


class Reserve(NamedTuple):
    """A stock that opens: market, tonnes, rate, triggers, weeks; the four numbers may be columns."""

    market: int
    tonnes: Number
    rate: Number
    cover: Number
    price: Number
    start: int
    end: int


class Acts:
    """Collects what the measures of a scenario do, then lays it out as a :class:`Interventions`."""

    def __init__(self, network: LabelledNetwork, scenario: Scenario) -> None:
        self.network, self.scenario = network, scenario
        self.weeks = scenario.mondays
        self.rows: list[Row] = []
        self.groups: list[Group] = []
        self.reserves: list[Reserve] = []

    def row(
        self,
        kind: Effect,
        targets: Iterable[int] | Ints,
        level: Floats,
        weight: Number = 1.0,
        *,
        extra: Number = 1.0,
        decision: Floats | None = None,
        delay: Floats | None = None,
        approval: Number = 1.0,
        keep: Number = 1.0,
    ) -> None:
        """Add effect rows; scalars are spread over the targets."""
        at = np.asarray(list(targets) if not isinstance(targets, np.ndarray) else targets, dtype=np.int64)
        if len(at) == 0 or not np.any(level):
            return
        ones = np.ones(len(at))
        self.rows.append(
            Row(
                kind,
                at,
                np.asarray(level, dtype=np.float64),
                ones * weight,
                ones * extra,
                np.ones(1) if decision is None else decision,
                np.zeros(len(self.weeks)) if delay is None else delay,
                np.atleast_1d(approval),
                np.atleast_1d(keep),
            )
        )

    def goods(self, measure: kinds.Measure) -> tuple[str, ...]:
        """Commodities that a measure is on."""
        key = ("goods", measure.on)
        return self._kept(key, lambda: resolve(measure.on, self.network.commodities, self.network.contents, f"{measure.kind}.on"))

    def links(self, measure: kinds.Measure) -> Ints:
        """Links that a measure is on."""
        key = ("links", measure.on, measure.from_, measure.to)
        return self._kept(key, lambda: self.network.links_where(self.goods(measure), places(measure.from_), places(measure.to)))

    def _kept(self, key: tuple[object, ...], make: Callable[[], Kept]) -> Kept:
        if key not in self.network.memory:
            self.network.memory[key] = make()
        return cast("Kept", self.network.memory[key])

    def restricted_share(self, links: Ints) -> Floats:
        """Share of each market's supply that comes over the links (M,)."""
        net = self.network.net
        through = sum_at(net.destination[links], net.flow[links], len(net.price))
        return through / np.maximum(net.inflow + net.imports, 1e-300)

    def refuse(self, links: Ints, sectors: Iterable[str], level: Floats) -> None:
        """Deny final users of the sectors what reaches their markets over the links, once what is at sea has landed."""
        network, share = self.network, self.restricted_share(links)
        market = network.net.demand_market
        at = np.flatnonzero(np.isin(network.sector, list(sectors)) & (share[market] > 0))
        sea = self.transit_weeks(links)[market[at]]
        for weeks in np.unique(sea).tolist():
            late = np.concatenate([np.zeros((*level.shape[:-1], weeks)), level], axis=-1)[..., : level.shape[-1]]
            chosen = at[sea == weeks]
            self.row(Effect.ACCESS, chosen, late, share[market[chosen]])

    def transit_weeks(self, links: Ints) -> Ints:
        """Mean transit time to each market over the links, in whole weeks (M,)."""
        net, m = self.network.net, len(self.network.net.price)
        mass = sum_at(net.destination[links], net.flow[links], m)
        weeks = sum_at(net.destination[links], net.flow[links] * net.transit[links], m)
        return np.rint(weeks / np.maximum(mass, 1e-300)).astype(np.int64)

    def policy(self) -> Interventions:
        """The effects as flat arrays."""
        base = no_interventions(self.network.net, len(self.weeks), contract=self.network.contract)
        legal = _with_groups(_with_rows(base, self.rows), self.groups, self.network)
        return _with_reserves(_with_smuggling(legal, self.network), self.reserves)


def places(names: Iterable[str]) -> tuple[str, ...]:
    """Regions meant by names of regions and groups."""
    return tuple(dict.fromkeys(region for name in names for region in expand_regions(name)))


def _ban(acts: Acts, m: kinds.Ban) -> None:
    # what is stopped at the port is stopped whatever it is declared as
    links = acts.links(m)
    links = np.concatenate([links, np.flatnonzero(np.isin(acts.network.legal_link_of, links))])
    force = m.in_force(acts.weeks)
    waits = m.depth * m.held
    level = (m.depth - waits) / np.maximum(1.0 - waits, MIN_RATE) * force
    weight = acts.network.share_for(acts.network.net.destination[links], m.end_uses) if m.end_uses else 1.0
    acts.row(Effect.OPEN, links, level, weight)
    if m.end is not None:
        left = np.ceil((np.datetime64(m.end, "D") - acts.weeks).astype(float) / 7.0)
        legal = acts.network.legal_link_of[links] < 0
        part = np.broadcast_to(weight, links.shape)[legal]
        freed = np.where(force > 0.0, np.maximum(left, 0.0), 0.0)
        acts.row(Effect.LICENCE, links[legal], waits * force, part, delay=freed, keep=0.0)
    if m.end_uses:
        acts.refuse(links, m.end_uses, m.depth * force)


def _licence(acts: Acts, m: kinds.Licence) -> None:
    links = acts.links(m)
    exempt_regions, exempt_sectors = exempt_parts(m)
    links = links[~np.isin(acts.network.region[acts.network.net.destination[links]], places(exempt_regions))]
    force = m.in_force(acts.weeks)
    needed = force * (1.0 - m.general(acts.weeks))
    age = (acts.weeks - np.datetime64(m.start, "D")).astype(float) / 7.0
    delay = m.backlog_weeks * np.clip(1.0 - np.maximum(age, 0.0) / BACKLOG_FADE, 0.0, 1.0)
    decision = m.decision_weights()
    subject: Number = 1.0 - acts.network.share_for(acts.network.net.destination[links], exempt_sectors) if exempt_sectors else 1.0
    acts.row(
        Effect.LICENCE,
        links,
        needed,
        subject,
        extra=_relative_approval(acts, m, links),
        decision=decision,
        delay=delay,
        approval=m.approval_rate,
        keep=m.still_valid(),
    )
    if m.no_transfer:
        acts.row(Effect.OPEN, *_resold(acts, links, force))
    for sector, rate in m.approval_by_end_use.items():
        refused = np.where(rate < m.approval_rate, 1.0 - rate / np.maximum(m.approval_rate, MIN_RATE), 0.0)
        acts.refuse(links, [sector], needed * refused)
    fading = m.scope_spill * 0.5 ** (np.maximum(age, 0.0) / m.scope_spill_half_life_weeks)
    acts.row(Effect.LICENCE, _neighbours(acts, m), force * fading, decision=decision, delay=delay)


def _resold(acts: Acts, links: Ints, force: Floats) -> tuple[Ints, Floats, Floats]:
    """Links out of the markets that the links supply, and the share of their flow that only goods from these could fill."""
    net, m = acts.network.net, len(acts.network.net.price)
    held, sold = sum_at(net.destination[links], net.flow[links], m), sum_at(net.origin, net.flow, m)
    elsewhere = net.inflow + net.imports - held
    shut = np.where((held > 0.0) & (sold > 0.0), np.clip(1.0 - elsewhere / np.maximum(sold, 1e-300), 0.0, 1.0), 0.0)
    out = np.flatnonzero((shut[net.origin] > 0.0) & (acts.network.legal_link_of < 0))
    return out, force, shut[net.origin[out]]


def _relative_approval(acts: Acts, m: kinds.Licence, links: Ints) -> Floats:
    """Approval of each link relative to the measure's rate, by its destination's end uses and region (..., link)."""
    network, rate = acts.network, np.maximum(m.approval_rate, MIN_RATE)
    at = network.net.destination[links]
    relative = np.ones(len(links))
    for sector, own in m.approval_by_end_use.items():
        relative = relative + network.share_for(at, [sector]) * (own / rate - 1.0)
    for region, own in m.approval_by_region.items():
        relative = np.where(np.isin(network.region[at], places([region])), relative * own, relative)
    return relative


def _neighbours(acts: Acts, m: kinds.Licence) -> Ints:
    """Links of goods that customs cannot tell from those in scope: other magnets, alloys and components' magnets."""
    inside = set(acts.goods(m))
    stages = {name.partition(".")[0] for name in inside} & {"magnet", "alloy"}
    near = [name for name in acts.network.commodities if name.partition(".")[0] in stages and name not in inside]
    return acts.network.links_where(near, places(m.from_), places(m.to))


def _quota(acts: Acts, m: kinds.Quota) -> None:
    links = acts.links(m)
    customs = np.ones(len(links))
    origin = acts.network.commodity[acts.network.net.origin[links]]
    for selector, factor in m.customs_factor.items():
        customs = np.where(np.isin(origin, resolve([selector], acts.network.commodities, acts.network.contents)), factor, customs)
    spans: list[tuple[int, int, float, float]] = []
    for part in m.schedule(acts.scenario.last_day):
        force = np.flatnonzero(share_in_force(part.start, part.end, acts.weeks) >= 0.5)
        if len(force):
            spans.append((int(force[0]), int(force[-1]) + 1, part.tonnes, float(part.carries and bool(spans))))
    acts.groups.append(Group(m.group or f"quota-{len(acts.groups)}", links, customs, tuple(spans)))


def _export_duty(acts: Acts, m: kinds.ExportDuty) -> None:
    acts.row(Effect.EXPORT_DUTY, acts.links(m), m.changes(acts.weeks))


def _tariff(acts: Acts, m: kinds.Tariff) -> None:
    if m.sectors:
        raise NotSimulatedError(f"tariff on products of sectors ({', '.join(m.sectors)}) is valid but not simulated yet; 'on' goods are")
    if m.on:
        acts.row(Effect.TARIFF, acts.links(m), m.changes(acts.weeks))


def _outage(acts: Acts, m: kinds.Outage) -> None:
    hit = acts.network.plants_making(acts.goods(m), places(m.from_))
    if not hit:
        raise ScenarioError(f"outage: nothing in {', '.join(m.from_)} makes {', '.join(m.on)} in the base year")
    acts.row(Effect.OUTAGE, [p for p, _, _ in hit], 1.0 - m.availability(acts.weeks))


def _project(acts: Acts, m: kinds.Project) -> None:
    net, level = acts.network.net, m.capacity(acts.weeks) / WEEKS_PER_YEAR
    found = [maker for maker in acts.network.plants_making(acts.goods(m), places(m.from_)) if _takes(acts, m, maker[0])]
    for goods in acts.goods(m):
        at = np.array([p for p, name, _ in found if name == goods], dtype=np.int64)
        if not len(at):
            where = ", ".join(m.from_)
            raise ScenarioError(
                f"project: no plant in {where} makes {goods} in the base year or lies dormant, so there is no recipe to scale"
            )
        yields = np.array([yield_ for _, name, yield_ in found if name == goods])
        size = net.capacity[at] if net.capacity[at].any() else np.ones(len(at))
        weight = size / size.sum() / yields
        acts.row(Effect.CAPACITY, at, level, weight)
        for p, part in zip(at.tolist(), weight, strict=True):
            _sell(acts, m, p, level * part)


def _takes(acts: Acts, m: kinds.Project, p: int) -> bool:
    """Whether a plant takes in what the measure names, if it names anything."""
    if not m.feed:
        return True
    net = acts.network.net
    named = resolve(m.feed, acts.network.commodities, acts.network.contents, "project.feed")
    entries = np.arange(net.recipe_start[p], net.recipe_start[p + 1])
    inputs = net.recipe_market[entries[net.recipe_coefficient[entries] < 0]]
    return bool(np.isin(acts.network.commodity[inputs], named).any())


def _sell(acts: Acts, m: kinds.Project, p: int, activity: Floats) -> None:
    """Purchase shares of a plant's goods where it grows by an activity (..., W) [t/week] (equation 6).

    Buyers under offtake are weighed by their part of the new output over their imports. The rest goes the old ways in proportion
    to the plant's growth; a region that made nothing is weighed by its new output over the imports of all buyers.
    """
    network, net = acts.network, acts.network.net
    for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
        output, market = net.recipe_coefficient[r], net.recipe_market[r]
        links = np.flatnonzero((net.origin == market) & (network.legal_link_of < 0))
        if output <= 0 or not len(links):
            continue
        at = net.destination[links]
        held = np.zeros(len(links))
        for region, share in m.offtake.items():
            held[np.isin(network.region[at], places([region]))] += share
        per_import = np.where(net.imports[at] > 0, 1.0 / np.maximum(net.imports[at], 1e-12), 0.0)
        open_to_all = 1.0 - min(sum(m.offtake.values()), 1.0)
        made = network.made[market]
        usual = net.share[links] / made if made > 0 else np.full(len(links), 1.0 / max(net.imports[at].sum(), 1e-12))
        weight = np.where(net.imports[at] > 0, held * per_import + open_to_all * usual, 1.0)
        _qualified(acts, links, output * activity, weight)


def _qualified(acts: Acts, links: Ints, level: Floats, weight: Floats) -> None:
    """Source rows; what needs qualification is bought step by step from the opening on."""
    open_weeks = np.cumsum(level > 0, axis=-1)
    for weeks in np.unique(acts.network.net.qualification[links]):
        chosen = acts.network.net.qualification[links] == weeks
        acts.row(Effect.SOURCE, links[chosen], level * np.clip(open_weeks / max(weeks, 1.0), 0.0, 1.0), weight[chosen])


def _stockpile(acts: Acts, m: kinds.Stockpile) -> None:
    network = acts.network
    targets = places(m.targets)
    first = int(np.searchsorted(scene_days := acts.weeks, np.datetime64(m.start, "D"), side="right") - 1)
    last = len(scene_days) if m.end is None else int(np.searchsorted(scene_days, np.datetime64(m.end, "D"), side="right"))
    for goods in acts.goods(m):
        at = network.markets_where([goods], targets)
        share = network.net.outflow[at] / max(network.net.outflow[at].sum(), 1e-300)
        for market, part in zip(at, share, strict=True):
            _stock_at(acts, m, int(market), float(part), max(first, 0), last)


def _stock_at(acts: Acts, m: kinds.Stockpile, market: int, part: float, first: int, last: int) -> None:
    if m.over_weeks is not None:
        last = min(last, first + max(1, round(m.over_weeks)))
    if m.action == "build":
        week = np.arange(len(acts.weeks))
        acts.row(Effect.PURCHASE, [market], np.where((week >= first) & (week < last), m.tonnes * part / max(last - first, 1), 0.0))
        return
    rate: Number = m.rate * part if m.rate is not None else m.tonnes * part / max(last - first, 1)
    cover, price = ALWAYS, ALWAYS
    if m.trigger:
        weeks = m.trigger.cover_below_weeks
        cover = 0.0 if weeks is None else weeks / acts.network.net.cover[market]
        price = ALWAYS if m.trigger.price_above_multiple is None else m.trigger.price_above_multiple
    acts.reserves.append(Reserve(market, m.tonnes * part, rate, cover, price, first, last))


def _hoarding(acts: Acts, m: kinds.Hoarding) -> None:
    at = acts.network.markets_where(acts.goods(m), places(m.holders))
    acts.row(Effect.COVER, at, np.log(m.factors(acts.weeks)))


def _demand_shift(acts: Acts, m: kinds.DemandShift) -> None:
    network = acts.network
    chosen = np.isin(network.region[network.net.demand_market], places(m.to))
    if m.sectors:
        chosen &= np.isin(network.sector, m.sectors)
    if m.on:
        chosen &= np.isin(network.commodity[network.net.demand_market], acts.goods(m))
    acts.row(Effect.DEMAND, np.flatnonzero(chosen), np.log(np.maximum(m.factors(acts.weeks), 1e-9)))


def _users(acts: Acts, m: kinds.Measure, regions: Iterable[str], sectors: Sequence[str] = ()) -> Ints:
    """Demands for the goods of a measure in the regions, of the sectors or of all; there must be some."""
    network = acts.network
    chosen = np.isin(network.region[network.net.demand_market], places(regions))
    chosen &= np.isin(network.commodity[network.net.demand_market], acts.goods(m))
    if sectors:
        chosen &= np.isin(network.sector, sectors)
    if not chosen.any():
        raise ScenarioError(f"{m.kind}: nobody in {', '.join(regions)} finally uses {', '.join(m.on)} in the base year")
    return np.flatnonzero(chosen)


def _substitution(acts: Acts, m: kinds.Substitution) -> None:
    acts.row(Effect.DEMAND, _users(acts, m, m.to, m.sectors), np.log(np.maximum(m.factors(acts.weeks), 1e-9)))


def _recycling(acts: Acts, m: kinds.Recycling) -> None:
    """Old goods come back as oxides, in regions that trade the oxide."""
    network, net = acts.network, acts.network.net
    users = _users(acts, m, m.from_)
    level = m.collected(acts.weeks, float(net.use[users].sum()) * WEEKS_PER_YEAR)
    at = {name: i for i, name in enumerate(network.labels.markets)}
    gained = np.zeros(len(net.price))
    for k in users:
        market = net.demand_market[k]
        for element, content in network.contents.get(str(network.commodity[market]), {}).items():
            place = at.get(f"{network.oxide_of(element)}@{network.region[market]}")
            if place is not None:
                gained[place] += net.use[k] * content
    found = np.flatnonzero(gained)
    if not len(found):
        raise ScenarioError(f"recycling: no market in {', '.join(m.from_)} takes an oxide that {', '.join(m.on)} yields")
    acts.row(Effect.SUPPLY, found, level, m.recovery * gained[found])


def _offtake(acts: Acts, m: kinds.Offtake) -> None:
    if m.price_rule != "index" or not m.priority:
        words = "offtake at a fixed or floor price or without priority is valid but not simulated yet; one at 'price_rule: index' is"
        raise NotSimulatedError(words)
    network, net = acts.network, acts.network.net
    for goods in acts.goods(m):
        links = network.links_where([goods], places(m.from_), places(m.to))
        if not len(links):
            continue
        made = net.inflow[network.markets_where([goods], places(m.from_))].sum()
        bound = m.tonnes_per_year / WEEKS_PER_YEAR if m.tonnes_per_year is not None else np.asarray(m.share) * made
        acts.row(Effect.BOUND, links, m.in_force(acts.weeks), bound * net.flow[links] / max(net.flow[links].sum(), 1e-300))
    if not len(acts.links(m)):
        raise ScenarioError(f"offtake: no route for {', '.join(m.on)} from {', '.join(m.from_)} to {', '.join(m.to)} in the base year")


def _contract_first(acts: Acts) -> None:
    """Contract shares of buyers, abroad and at home, are served before the rest."""
    network, always = acts.network, np.ones(len(acts.weeks))
    acts.row(Effect.FIRST, np.flatnonzero(network.legal_link_of < 0), always, network.contract[network.legal_link_of < 0])
    acts.row(Effect.LOCAL, np.arange(len(network.net.price)), always, contract_shares(network.labels.markets))


def _seasons(acts: Acts) -> None:
    """Weekly factor on the activity of all plants of a region that has a season."""
    places = np.array([split_market(name)[1] for name in acts.network.labels.processes])
    for region, loss in seasonal_losses(acts.weeks).items():
        acts.row(Effect.OUTAGE, np.flatnonzero(places == region), loss)


ACTS: dict[str, Callable[..., None]] = {
    "ban": _ban,
    "licence": _licence,
    "quota": _quota,
    "export_duty": _export_duty,
    "tariff": _tariff,
    "outage": _outage,
    "project": _project,
    "stockpile": _stockpile,
    "hoarding": _hoarding,
    "demand_shift": _demand_shift,
    "substitution": _substitution,
    "recycling": _recycling,
    "offtake": _offtake,
}
"""What each simulated kind of measure does."""


def act(network: LabelledNetwork, scenario: Scenario) -> Interventions:
    """What a scenario without forks does to the scene, as flat arrays; columns of draws in its measures lead them.

    Raises
    ------
    NotSimulatedError
        For kinds of measures that are valid but not simulated yet.
    UnknownNameError
        If a selector means nothing in this network.
    ScenarioError
        If a measure finds nothing to act on.
    """
    require_simulated(scenario.measures)
    acts = Acts(network, scenario)
    for measure in scenario.measures:
        ACTS[measure.kind](acts, measure)
    if scenario.rationing == "contract_first":
        _contract_first(acts)
    if scenario.calendar.growth:
        years = np.arange(len(acts.weeks)) / WEEKS_PER_YEAR
        acts.row(Effect.DEMAND, np.arange(len(network.net.use)), np.log1p(scenario.calendar.growth) * years)
    if scenario.calendar.season:
        _seasons(acts)
    return acts.policy()


def _stacked(parts: Iterable[Floats]) -> Floats:
    """Arrays (..., n) as rows (..., part, n)."""
    return np.stack(np.broadcast_arrays(*parts), axis=-2)


def _with_rows(base: Interventions, rows: list[Row]) -> Interventions:
    if not rows:
        return base
    rows = sorted(rows, key=lambda row: row.kind)
    counts = [len(row.targets) for row in rows]
    slots = max(row.decision.shape[-1] for row in rows)
    licensed = np.unique(np.concatenate([row.targets for row in rows if row.kind == Effect.LICENCE] or [np.zeros(0, np.int64)]))
    queue_of = base.queue_of.copy()
    queue_of[licensed] = np.arange(len(licensed))
    longest = max(row.decision.shape[-1] + int(np.ceil(row.delay.max(initial=0.0))) for row in rows)
    return base._replace(
        kind=np.repeat(np.array([int(row.kind) for row in rows]), counts),
        target=np.concatenate([row.targets for row in rows]),
        measure=np.repeat(np.arange(len(rows)), counts),
        weight=joined(row.weight for row in rows),
        extra=joined(row.extra for row in rows),
        level=_stacked(row.level for row in rows),
        decision=_stacked(padded(row.decision, slots) for row in rows),
        delay=_stacked(row.delay for row in rows),
        approval=joined(row.approval for row in rows),
        keep=joined(row.keep for row in rows),
        queue_of=queue_of,
        queue_length=longest + 2,
    )


def _with_groups(base: Interventions, groups: list[Group], network: LabelledNetwork) -> Interventions:
    if not groups:
        return base
    names = list(dict.fromkeys(group.name for group in groups))
    group_of = base.group_of.copy()
    customs = np.empty((*np.broadcast_shapes(*(group.customs.shape[:-1] for group in groups)), len(group_of)))
    customs[...] = base.customs
    allocations = []
    for group in groups:
        g = names.index(group.name)
        taken = group.links[(group_of[group.links] >= 0) & (group_of[group.links] != g)]
        if len(taken):
            raise ScenarioError(f"quota '{group.name}': {network.labels.links[taken[0]]} is already under another quota")
        group_of[group.links] = g
        customs[..., group.links] = group.customs
        allocations += [(g, *span) for span in group.allocations]
    net = network.net
    worth = [_mean_price(net.price[net.origin], net.flow * customs, group_of == g) for g in range(len(names))]
    return base._replace(
        group_of=group_of,
        customs=customs,
        group_price=np.stack(worth, axis=-1),
        allocation_group=np.array([a[0] for a in allocations], dtype=np.int64),
        allocation_start=np.array([a[1] for a in allocations], dtype=np.int64),
        allocation_end=np.array([a[2] for a in allocations], dtype=np.int64),
        allocation_tonnes=np.array([a[3] for a in allocations], dtype=np.float64),
        allocation_carried=np.array([a[4] for a in allocations], dtype=np.float64),
    )


def _with_smuggling(base: Interventions, network: LabelledNetwork) -> Interventions:
    """All undeclared links share one capacity, the enforcement parameter, and one rent."""
    twins = network.legal_link_of >= 0
    if not twins.any():
        return base
    legal, group = network.legal_link_of[twins], base.group_price.shape[-1]
    group_of = base.group_of.copy()
    group_of[twins] = group
    price = _mean_price(network.net.price[network.net.origin[legal]], network.net.flow[legal], np.ones(len(legal), dtype=bool))
    prices = joined([base.group_price, np.atleast_1d(price)])
    return base._replace(legal_link_of=network.legal_link_of, group_of=group_of, group_price=prices, smuggling_group=group)


def _mean_price(price: Floats, mass: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Price of the chosen links weighted by mass (...)."""
    worth, tonnes = (np.ascontiguousarray(values[..., chosen]).sum(axis=-1) for values in (price * mass, mass))
    return np.asarray(worth / np.maximum(tonnes, 1e-300))


def _with_reserves(base: Interventions, reserves: list[Reserve]) -> Interventions:
    if not reserves:
        return base
    columns = zip(Reserve._fields, zip(*reserves, strict=True), strict=True)
    arrays: dict[str, Any] = {f"reserve_{name}": joined(np.atleast_1d(value) for value in values) for name, values in columns}
    return base._replace(**arrays)
