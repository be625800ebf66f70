"""The weekly step in plain NumPy: the specification that the compiled kernel must equal.

Equation numbers refer to ``docs/explanation/model.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation.behaviour import MOMENTUM_WEEKS
from ytterby.simulation.interventions import Effect
from ytterby.system.compile import sum_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.behaviour import Behaviour
    from ytterby.simulation.interventions import Interventions
    from ytterby.system.compile import Network

GAP_LIMIT = 3.0
"""Bound of the log stock gap: covers beyond e^3 times the target say no more."""
MIN_TRUST = 0.02
"""A supplier that delivers nothing keeps this weight, so that it is found again when it reopens."""
CLOSED_TRUST = 1e-9
"""Its weight in the potential variant, where what is closed must not count in an import index."""
MIN_PRICE = 0.02
"""Price floor as a share of the base price."""
MAX_PRICE = 200.0
"""Price ceiling as a multiple of the base price: beyond it nobody is left to pay (choke prices lie below)."""
MAX_NEED = 4.0
"""A buyer orders at most this multiple of its expected outflow."""
MAX_PULL = 5.0
"""A maker's imports rise at most to this multiple."""
MIN_FLOW = 1e-12
"""t/week: less is nothing."""
QUARTER = 13
"""Weeks between re-pricings of a contract."""
CHOKE_SHARE = 0.1
"""Use fades out over the last tenth below the choke price."""
MAX_HOARD = 3.0
"""Target covers rise at most to this multiple by hoarding."""


class Trace(NamedTuple):
    """What a run leaves behind, week by week; tonnes in that week, stocks at its end."""

    price: NDArray[np.float64]  # (W, M)
    stock: NDArray[np.float64]  # (W, M)
    expected: NDArray[np.float64]  # (W, M) expected outflow, whose cover is the target stock
    production: NDArray[np.float64]  # (W, M)
    arrivals: NDArray[np.float64]  # (W, M) imports that arrived
    released: NDArray[np.float64]  # (W, M) from reserves
    consumption: NDArray[np.float64]  # (W, M) process inputs and final use
    residual: NDArray[np.float64]  # (W, M)
    deal: NDArray[np.float64]  # (W, M) volume-weighted price of what was shipped to the market, nan if nothing
    backlog: NDArray[np.float64]  # (W, M) tonnes waiting for a licence, or to be shipped under one
    shipped: NDArray[np.float64]  # (W, L)
    want: NDArray[np.float64]  # (W, K)
    served: NDArray[np.float64]  # (W, K)
    wedge: NDArray[np.float64]  # (W, G) USD/kg
    pipeline: NDArray[np.float64]  # (L,) tonnes at sea at the end
    queue: NDArray[np.float64]  # (L,) tonnes in the licence queue or approved and not shipped at the end


class _Acting(NamedTuple):
    open: NDArray[np.float64]
    export_duty: NDArray[np.float64]
    tariff: NDArray[np.float64]
    specific: NDArray[np.float64]
    source: NDArray[np.float64]
    licensed: NDArray[np.float64]
    rule: NDArray[np.int64]
    approval: NDArray[np.float64]
    keep: NDArray[np.float64]
    available: NDArray[np.float64]
    added: NDArray[np.float64]
    cover: NDArray[np.float64]
    demand: NDArray[np.float64]
    purchase: NDArray[np.float64]
    access: NDArray[np.float64]
    supply: NDArray[np.float64]
    first: NDArray[np.float64]
    local: NDArray[np.float64]
    bound: NDArray[np.float64]


def _acting(net: Network, pol: Interventions, week: int) -> _Acting:
    """Effects of the week on links, processes, markets and demands (equation 1)."""
    links, processes, markets, demands = len(net.flow), len(net.activity), len(net.price), len(net.use)
    acting = _Acting(
        open=np.ones(links),
        export_duty=np.zeros(links),
        tariff=net.duty.copy(),
        specific=np.zeros(links),
        source=np.zeros(links),
        licensed=np.zeros(links),
        rule=np.full(links, -1, dtype=np.int64),
        approval=np.ones(links),
        keep=np.zeros(links),
        available=np.ones(processes),
        added=np.zeros(processes),
        cover=np.zeros(markets),
        demand=np.zeros(demands),
        purchase=np.zeros(markets),
        access=np.ones(demands),
        supply=np.zeros(markets),
        first=np.zeros(links),
        local=np.zeros(markets),
        bound=np.zeros(links),
    )
    for kind, at, measure, weight, extra in zip(pol.kind, pol.target, pol.measure, pol.weight, pol.extra, strict=True):
        value = pol.level[measure, week] * weight
        if kind == Effect.OPEN:
            acting.open[at] *= 1.0 - value
        elif kind == Effect.EXPORT_DUTY:
            acting.export_duty[at] += value
        elif kind == Effect.TARIFF:
            acting.tariff[at] += value
        elif kind == Effect.SPECIFIC:
            acting.specific[at] += value
        elif kind == Effect.SOURCE:
            acting.source[at] += value
        elif kind == Effect.LICENCE:
            if value > acting.licensed[at]:
                acting.licensed[at] = value
                acting.rule[at] = measure
                acting.approval[at] = min(1.0, pol.approval[measure] * extra)
                acting.keep[at] = pol.keep[measure]
        elif kind == Effect.OUTAGE:
            acting.available[at] *= 1.0 - value
        elif kind == Effect.CAPACITY:
            acting.added[at] += value
        elif kind == Effect.COVER:
            acting.cover[at] += value
        elif kind == Effect.DEMAND:
            acting.demand[at] += value
        elif kind == Effect.PURCHASE:
            acting.purchase[at] += value
        elif kind == Effect.ACCESS:
            acting.access[at] *= 1.0 - value
        elif kind == Effect.SUPPLY:
            acting.supply[at] += value
        elif kind == Effect.FIRST:
            acting.first[at] += value
        elif kind == Effect.LOCAL:
            acting.local[at] += value
        elif kind == Effect.BOUND:
            acting.bound[at] += value
    return acting._replace(first=np.minimum(acting.first, 1.0), local=np.minimum(acting.local, 1.0))


class _Run:
    """State of one run and the week's steps, each a method."""

    def __init__(self, net: Network, pol: Interventions, par: Behaviour, weeks: int) -> None:
        self.net, self.pol, self.par = net, pol, par
        m, links = len(net.price), len(net.flow)
        self.markets, self.links = m, links
        self.process_of = np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start))
        self.expected = net.outflow.copy()
        self.made = net.inflow.copy()
        self.z = np.log(net.price)
        self.price = net.price.copy()
        self.momentum = np.zeros(m)
        self.unfilled = np.zeros(m)
        self.stock = net.cover * net.outflow - net.imports
        self.activity = net.activity.copy()
        self.habit = np.zeros(len(net.use))
        self.own = net.cover[net.demand_market] * net.use
        self.slow_share = np.zeros(links)
        self.filled, self.shipped_mean = np.ones(links), net.flow.copy()
        self.held, self.source = net.share.copy(), np.zeros(links)
        self.ring = np.zeros((links, int(net.transit.max(initial=1))))
        for link, transit in enumerate(net.transit):
            self.ring[link, 1:transit] = net.flow[link]
        # slot 0 holds what arrives this week; at the start of week 0 the last week's shipment lands
        self.ring[:, 0] = net.flow
        self.queue = np.zeros((links, pol.queue_length))
        self.granted, self.usable, self.askable = np.zeros(links), np.zeros(links), np.zeros(links)
        self.base_cost = self._delivered(net.price, net.duty, np.zeros(links), np.zeros(links), np.zeros(links))
        self.cost = self.base_cost.copy()
        self.response = np.ones(links)
        self.contract_price, self.quarter_sum = self.base_cost.copy(), np.zeros(links)
        groups = len(pol.group_price)
        self.wedge_slow, self.wedge = np.zeros(groups), np.zeros(groups)
        self.quota_left = pol.allocation_tonnes.copy()
        self.reserve = pol.reserve_tonnes.copy()
        self.margin0 = self._margin(net.price)
        self.width = self._width()
        self.trace = _empty_trace(weeks, m, links, len(net.use), groups)

    def _delivered(
        self,
        price: NDArray[np.float64],
        tariff: NDArray[np.float64],
        export_duty: NDArray[np.float64],
        specific: NDArray[np.float64],
        wedge: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Delivered price of each link (equation 4) [USD/kg]."""
        net = self.net
        border = price[net.origin] * (1.0 + net.export_tax) * (1.0 + export_duty) + wedge
        return border * (1.0 + tariff) + net.freight + specific

    def _margin(self, price: NDArray[np.float64]) -> NDArray[np.float64]:
        net = self.net
        worth = sum_at(self.process_of, net.recipe_coefficient * price[net.recipe_market], len(net.activity))
        return worth - net.cost

    def _width(self) -> NDArray[np.float64]:
        """Width of the logistic response such that the own-price response at the base is as given (equation 9)."""
        net, par = self.net, self.par
        outputs = np.where(net.recipe_coefficient > 0, net.recipe_coefficient, 0.0) * net.price[net.recipe_market]
        inputs = np.where(net.recipe_coefficient < 0, -net.recipe_coefficient, 0.0) * net.price[net.recipe_market]
        n = len(net.activity)
        value = np.maximum(sum_at(self.process_of, outputs, n), sum_at(self.process_of, inputs, n))
        response = np.where(
            net.elasticity == 0.0, par.conversion_elasticity, np.where(net.elasticity == 1.0, par.supply_elasticity, net.elasticity)
        )
        return np.maximum((1.0 - net.utilisation) * value / np.maximum(response, 1e-9), 1e-12)

    def week(self, t: int) -> None:
        """One week: arrivals, prices, orders, rationing, production, use, shipment."""
        acting = _acting(self.net, self.pol, t)
        arrived = sum_at(self.net.destination, self.ring[:, 0], self.markets)
        self.ring[:, :-1] = self.ring[:, 1:]
        self.ring[:, -1] = 0.0
        self.stock += arrived
        self._split(acting)
        self._renew(acting)
        target = self._target(acting)
        released = self._release(t, target)
        self.stock += released
        trust, preference = self._prices(acting, target)
        self._wait = self._usual_wait(t, acting)
        orders = self._orders(acting, target, trust, preference)
        free, refused = self._licence(t, acting, orders)
        asked = free * acting.open
        requests = self._quota(t, asked)
        self._settle(t, acting, orders, requests, arrived, released, asked + refused, target)

    def _split(self, acting: _Acting) -> None:
        """Purchase share of each link: that of the base year and what suppliers add that grew or opened (equation 6)."""
        net = self.net
        whole = np.where(net.imports > 0, 1.0, 0.0) + sum_at(net.destination, acting.source, self.markets)
        self.buys = whole > 0
        self.share = (net.share + acting.source) / np.where(self.buys, whole, 1.0)[net.destination]

    def _renew(self, acting: _Acting) -> None:
        """Contracts that end are signed again with those who deliver; who grows or opens signs for what it adds (equation 6)."""
        declared = np.where(self.pol.legal_link_of < 0, self.shipped_mean, 0.0)
        whole = sum_at(self.net.destination, declared, self.markets)[self.net.destination]
        known = (self.pol.legal_link_of < 0) & (whole > MIN_FLOW)
        share = np.where(known, declared / np.maximum(whole, MIN_FLOW), self.held)
        self.held += (share - self.held) / self.par.contract_weeks
        self.held = np.maximum(self.held + acting.source - self.source, 0.0)
        self.source = acting.source
        if not self.pol.potential:
            self.share = self.share + self.pol.contract * (self.held - self.share)

    def _target(self, acting: _Acting) -> NDArray[np.float64]:
        """Stock that the holder wants (equation 2) [t]."""
        hoard = np.clip(1.0 + self.par.hoarding * 52.0 * self.momentum, 1.0, MAX_HOARD)
        return self.net.cover * np.exp(acting.cover) * hoard * self.expected

    def _release(self, t: int, target: NDArray[np.float64]) -> NDArray[np.float64]:
        """What reserves give when cover is low or the price is high (equation 13) [t]."""
        pol, released = self.pol, np.zeros(self.markets)
        for s, at in enumerate(pol.reserve_market):
            if not pol.reserve_start[s] <= t < pol.reserve_end[s]:
                continue
            short = self.stock[at] < pol.reserve_cover[s] * target[at]
            dear = self.price[at] > pol.reserve_price[s] * self.net.price[at]
            if short or dear:
                given = min(pol.reserve_rate[s], self.reserve[s])
                self.reserve[s] -= given
                released[at] += given
        return released

    def _prices(self, acting: _Acting, target: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Prices from stock gaps and import costs (equations 3-5); trust and preference of each link."""
        net, par = self.net, self.par
        trust = np.maximum(np.minimum(self.filled, acting.open), CLOSED_TRUST if self.pol.potential else MIN_TRUST)
        index = self._import_index(trust)
        gap = -np.log(np.clip(self.stock / np.maximum(target, 1e-300), np.exp(-GAP_LIMIT), np.exp(GAP_LIMIT)))
        gap = np.where(target > 1e-12, gap, 0.0)
        self.z += par.price_drift * gap + np.where(net.net_producer, 0.0, par.import_parity_speed * (np.log(index) - self.z))
        floor, ceiling = np.log(MIN_PRICE * net.price), np.log(MAX_PRICE * net.price)
        self.z = np.clip(self.z, floor, ceiling)
        price = np.exp(np.clip(self.z + par.price_gain * gap, floor, ceiling))
        self.momentum += (np.log(price / self.price) - self.momentum) / MOMENTUM_WEEKS
        self.price = price
        wedge = np.where(self.pol.group_of >= 0, np.append(self.wedge, 0.0)[self.pol.group_of], 0.0) * self.pol.customs
        self.cost = self._delivered(price, acting.tariff, acting.export_duty, acting.specific, wedge)
        self.response = self._respond()
        return trust, self._preference()

    def _respond(self) -> NDArray[np.float64]:
        """Price factor of each link: power of relative cost, or logit in the potential variant."""
        net, par = self.net, self.par
        if self.pol.potential:
            return np.exp(-par.sigma * (self.cost - self.base_cost) / net.price[net.destination])
        sigma = np.where(net.qualification > 0, par.sigma_short, par.sigma)
        return np.exp(-sigma * np.log(self.cost / self.base_cost) + self.slow_share)

    def _import_index(self, trust: NDArray[np.float64]) -> NDArray[np.float64]:
        """Price of imports at each market from last week's costs (equation 3) [USD/kg]."""
        net, par = self.net, self.par
        total = sum_at(net.destination, self.share * trust * self.response, self.markets)
        total = np.where(self.buys, np.maximum(total, 1e-300), 1.0)
        if self.pol.potential:
            return np.maximum(net.price * (1.0 - np.log(total) / par.sigma), MIN_PRICE * net.price)
        return net.price * total ** (-1.0 / par.sigma)

    def _preference(self) -> NDArray[np.float64]:
        """Weight of each link in its buyer's orders before trust; smuggling twins weigh by their gain (equation 12)."""
        net, pol, par = self.net, self.pol, self.par
        weight = self.share * self.response
        twin = pol.legal_link_of
        if (twin >= 0).any():
            legal = np.where(twin >= 0, twin, 0)
            bare = self.price[net.origin] + net.freight
            bare0 = net.price[net.origin] + net.freight
            gain0 = 1.0 - bare0 / self.base_cost[legal]
            gain = (1.0 - bare / self.cost[legal] - gain0) / (1.0 - gain0)
            # a twin is judged by what it costs itself: a rent on the legal link makes it more attractive, not less
            own = self.share[legal] * (self.cost / self.base_cost[legal]) ** -par.sigma
            weight = np.where(twin >= 0, own * par.smuggling_seed * np.clip(gain, 0.0, 1.0), weight)
        return weight

    def _orders(
        self, acting: _Acting, target: NDArray[np.float64], trust: NDArray[np.float64], preference: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Orders of each link (equations 6-7) [t/week]."""
        net, par = self.net, self.par
        weight = preference * trust**par.reliability_weight
        total = sum_at(net.destination, weight, self.markets)
        if self.pol.potential:
            return self._potential_orders(target, weight, total)
        on_order = self._on_order()
        gap = (target - self.stock - on_order) / par.restock_weeks
        taker = self.expected - self.made + gap + par.reorder * self.unfilled + acting.purchase
        taker = np.clip(taker, 0.0, MAX_NEED * self.expected)
        index = np.where(self.buys, self._import_index(trust), net.price)
        pull = np.minimum((self.price / index) ** par.import_pull, MAX_PULL)
        need = np.where(net.net_producer, net.imports * pull, taker)
        need = np.where(self.buys, need, 0.0)
        orders = need[net.destination] * weight / np.maximum(total[net.destination], 1e-300)
        return np.maximum(orders, acting.bound)

    def _potential_orders(
        self, target: NDArray[np.float64], weight: NDArray[np.float64], total: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        net, par = self.net, self.par
        gap = (target - self.stock - self._on_order()) / par.restock_weeks
        need = np.clip(self.expected - self.made + gap, 0.0, MAX_NEED * self.expected)
        at, price0 = net.destination, net.price[net.destination]
        pulled = net.flow * np.exp(par.import_pull * ((self.price[at] - price0) - (self.cost - self.base_cost)) / price0)
        return np.where(net.net_producer[at], pulled, need[at] * weight / np.maximum(total[at], 1e-300))

    def _on_order(self) -> NDArray[np.float64]:
        """Goods at sea and in licence queues beyond what usual shipments keep there [t]."""
        net = self.net
        usual = self.shipped_mean * (net.transit - 1 + self._wait)
        beyond = self.ring.sum(axis=1) + self.queue.sum(axis=1) + self.granted - usual
        return sum_at(net.destination, beyond, self.markets)

    def _usual_wait(self, t: int, acting: _Acting) -> NDArray[np.float64]:
        """Mean time that an order waits for its licence [weeks]."""
        decision = self.pol.decision
        mean = np.append(decision @ np.arange(decision.shape[1]) + self.pol.delay[:, t], 0.0)
        return np.asarray(acting.licensed * mean[acting.rule])

    def _licence(self, t: int, acting: _Acting, orders: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Orders that may ship this week: free ones and approvals that are valid; refusals (equation 10) [t/week]."""
        matured = self.queue[:, 0].copy()
        self.queue[:, :-1] = self.queue[:, 1:]
        self.queue[:, -1] = 0.0
        filed = orders * acting.licensed
        for link in np.flatnonzero(self.pol.queue_of >= 0).tolist():
            if filed[link] <= 0.0:
                continue
            rule, granted = acting.rule[link], filed[link] * acting.approval[link]
            late = self.pol.delay[rule, t]
            for weeks, weight in enumerate(self.pol.decision[rule]):
                if weight > 0.0:
                    # a time between two weeks is split between them
                    matured[link] += self._file(link, int(weeks + late), granted * weight * (1.0 - late % 1.0))
                    matured[link] += self._file(link, int(weeks + late) + 1, granted * weight * (late % 1.0))
        self.usable = self.granted + matured
        self.askable = orders - filed + self.usable
        return self.askable, filed * (1.0 - acting.approval)

    def _expire(self, acting: _Acting, shipped: NDArray[np.float64]) -> None:
        """Approvals that could not be used stay until they lapse (equation 10)."""
        unused = 1.0 - np.minimum(shipped / np.maximum(self.askable, 1e-300), 1.0)
        self.granted = np.where(self.pol.queue_of >= 0, self.usable * unused * acting.keep, 0.0)

    def _file(self, link: int, weeks: int, mass: float) -> float:
        """Queue a mass that is decided after so many weeks; what is decided at once comes back."""
        if weeks == 0:
            return mass
        self.queue[link, weeks - 1] += mass
        return 0.0

    def _quota(self, t: int, requests: NDArray[np.float64]) -> NDArray[np.float64]:
        """Cap requests by what is left of the quota and move the wedge (equation 11)."""
        pol, par = self.pol, self.par
        for group, scale_price in enumerate(pol.group_price):
            member = pol.group_of == group
            asked = float((requests * pol.customs)[member].sum())
            self._carry_over(t, group)
            left, pace, _ = self._allowance(t, group)
            if left < 0.0:
                self.wedge_slow[group] = self.wedge[group] = 0.0
                continue
            excess = min(max(asked / max(pace, 1e-12) - 1.0, -1.0), 3.0)
            scale = scale_price + self.wedge_slow[group]
            # a rent past the customs is no administered price: it falls as fast as it rises
            sticky = excess <= 0 and group != pol.smuggling_group
            speed = par.wedge_integral * (par.wedge_fall if sticky else 1.0)
            self.wedge_slow[group] = max(0.0, self.wedge_slow[group] + speed * scale * excess)
            jump = par.wedge_proportional * scale * max(excess, 0.0)
            if pol.potential:
                jump = 0.0
            self.wedge[group] = self.wedge_slow[group] + jump
            capped = min(1.0, left / max(asked, 1e-300))
            requests = np.where(member, requests * capped, requests)
        return requests

    def _carry_over(self, t: int, group: int) -> None:
        """Add what the allocation before left unused to one that begins and may carry it [t]."""
        pol = self.pol
        for a in np.flatnonzero((pol.allocation_group == group) & (pol.allocation_start == t) & (pol.allocation_carried > 0.0)):
            self.quota_left[a] += pol.allocation_carried[a] * self.quota_left[a - 1]

    def _allowance(self, t: int, group: int) -> tuple[float, float, int]:
        """Left of the quota [t], pace that uses it up [t/week], allocation; left < 0 where no quota runs."""
        pol = self.pol
        if group == pol.smuggling_group:
            cap = self.par.enforcement / (365.25 / 7.0)
            return cap, cap, -1
        for a in np.flatnonzero(pol.allocation_group == group):
            if pol.allocation_start[a] <= t < pol.allocation_end[a]:
                mean = pol.allocation_tonnes[a] / (pol.allocation_end[a] - pol.allocation_start[a])
                # a quota that is used up trades no more: the pace looks ahead to the next one instead of falling to nil
                return self.quota_left[a], max(self.quota_left[a] / max(pol.allocation_end[a] - t, 2), mean), int(a)
        return -1.0, 0.0, -1

    def _spend_quota(self, t: int, shipped: NDArray[np.float64]) -> None:
        pol = self.pol
        for group in range(len(pol.group_price)):
            _, _, allocation = self._allowance(t, group)
            if allocation >= 0:
                used = float((shipped * pol.customs)[pol.group_of == group].sum())
                self.quota_left[allocation] = max(0.0, self.quota_left[allocation] - used)

    def _want(self, acting: _Acting) -> NDArray[np.float64]:
        """Final use wanted at today's price (equation 8) [t/week]."""
        net, par = self.net, self.par
        price, base = self.price[net.demand_market], net.price[net.demand_market]
        use = net.use * np.exp(acting.demand)
        short = net.elasticity_short * par.elasticity_scale
        if self.pol.potential:
            return use * np.maximum(0.0, 1.0 - short * (price - base) / base)
        fade = np.clip((net.choke - price) / (CHOKE_SHARE * net.choke), 0.0, 1.0)
        wanted = use * np.exp(-short * np.log(price / base) + self.habit) * fade
        long = net.elasticity_long * par.elasticity_scale
        self.habit += (-(long - short) * np.log(price / base) - self.habit) / par.adaptation_weeks
        return wanted

    def _settle(
        self,
        t: int,
        acting: _Acting,
        orders: NDArray[np.float64],
        requests: NDArray[np.float64],
        arrived: NDArray[np.float64],
        released: NDArray[np.float64],
        hoped: NDArray[np.float64],
        target: NDArray[np.float64],
    ) -> None:
        """Ration, produce, use, ship and remember (equations 9, 14-16)."""
        net, m = self.net, self.markets
        running = self.activity * acting.available
        per_entry = np.repeat(running, np.diff(net.recipe_start)) * net.recipe_coefficient
        inputs = sum_at(net.recipe_market, np.maximum(-per_entry, 0.0), m)
        want = self._want(acting)
        final = sum_at(net.demand_market, want, m)
        habitual = np.minimum(requests, self._usual(requests))
        urgent = np.maximum(acting.first * habitual, np.minimum(requests, acting.bound))
        habitual = np.maximum(habitual - urgent, 0.0)
        beyond = requests - urgent - habitual
        leaving, extra = sum_at(net.origin, habitual, m), sum_at(net.origin, beyond, m)
        residual_out = np.maximum(net.residual, 0.0)
        wanted = inputs + final
        first_asked = sum_at(net.origin, urgent, m) + acting.local * wanted
        first_fill = np.where(first_asked > self.stock, self.stock / np.maximum(first_asked, 1e-300), 1.0)
        asked = (1.0 - acting.local) * wanted + leaving + residual_out + acting.purchase
        left = self.stock - first_asked * first_fill
        rest_fill = np.where(asked > left, left / np.maximum(asked, 1e-300), 1.0)
        fill = acting.local * first_fill + (1.0 - acting.local) * rest_fill
        entry_fill = np.where(net.recipe_coefficient < 0, fill[net.recipe_market], 1.0)
        least = np.ones(len(net.activity))
        np.minimum.at(least, self.process_of, entry_fill)
        per_entry = np.repeat(running * least, np.diff(net.recipe_start)) * net.recipe_coefficient
        taken = sum_at(net.recipe_market, np.maximum(-per_entry, 0.0), m)
        made = sum_at(net.recipe_market, np.maximum(per_entry, 0.0), m)
        served = self._serve(want * fill[net.demand_market], acting.access)
        final_served = sum_at(net.demand_market, served, m)
        spare = np.maximum(np.minimum(left - asked * rest_fill, self.stock - self.par.kept_back * target), 0.0)
        extra_fill = np.where(extra > spare, spare / np.maximum(extra, 1e-300), 1.0)
        shipped = urgent * first_fill[net.origin] + habitual * rest_fill[net.origin] + beyond * extra_fill[net.origin]
        residual = residual_out * rest_fill - np.maximum(-net.residual, 0.0)
        bought = acting.purchase * rest_fill
        out = sum_at(net.origin, shipped, m)
        made = made + acting.supply
        self.stock = self.stock + made - taken - final_served - out - residual - bought
        self.stock = np.maximum(self.stock, 0.0)
        self._spend_quota(t, shipped)
        self._expire(acting, shipped)
        self.ring[np.arange(self.links), net.transit - 1] += shipped
        deal = self._deal(t, shipped)
        self._record(
            t,
            production=made,
            arrivals=arrived,
            released=released,
            consumption=taken + final_served + bought,
            residual=residual,
            deal=deal,
            shipped=shipped,
            want=want,
            served=served,
        )
        self.unfilled = sum_at(net.destination, np.maximum(hoped - shipped - self.granted, 0.0), m)
        self._remember(acting, orders, shipped, made, inputs + final + out + residual_out)

    def _usual(self, requests: NDArray[np.float64]) -> NDArray[np.float64]:
        """Usual flow of each link; that of a twin is what the legal link leaves of its own: the buyers are the same [t/week]."""
        flow, twin = self.net.flow, self.pol.legal_link_of
        legal = np.maximum(twin, 0)
        return np.where(twin >= 0, np.maximum(flow[legal] - requests[legal], 0.0), flow)

    def _serve(self, offered: NDArray[np.float64], access: NDArray[np.float64]) -> NDArray[np.float64]:
        """What users get of what is offered: the refused live on their own stocks first (equation 14) [t]."""
        net = self.net
        denied = offered * (1.0 - access)
        covered = np.minimum(denied, self.own)
        refill = np.where(access >= 1.0, net.use / self.par.restock_weeks, 0.0)
        self.own = np.minimum(self.own - covered + refill, net.cover[net.demand_market] * net.use)
        return offered - denied + covered

    def _deal(self, t: int, shipped: NDArray[np.float64]) -> NDArray[np.float64]:
        """Volume-weighted price of this week's shipments to each market: contracts and spot [USD/kg]."""
        net, c = self.net, self.pol.contract
        paid = shipped * (c * self.contract_price + (1.0 - c) * self.cost)
        value = sum_at(net.destination, paid, self.markets)
        mass = sum_at(net.destination, shipped, self.markets)
        self.quarter_sum += self.cost
        if (t + 1) % QUARTER == 0:
            self.contract_price = self.quarter_sum / QUARTER
            self.quarter_sum = np.zeros(self.links)
        return np.where(mass > 1e-12, value / np.maximum(mass, 1e-12), np.nan)

    def _remember(
        self,
        acting: _Acting,
        orders: NDArray[np.float64],
        shipped: NDArray[np.float64],
        made: NDArray[np.float64],
        outflow: NDArray[np.float64],
    ) -> None:
        net, par = self.net, self.par
        # the mean of fill rates, not the ratio of means, in which weeks of large orders weigh more than their time
        rate = np.minimum(shipped / np.maximum(orders, 1e-12), 1.0)
        self.filled += np.where(orders > 1e-12, rate - self.filled, 0.0) / par.reliability_weeks
        self.shipped_mean += (shipped - self.shipped_mean) / par.reliability_weeks
        self.made = made + np.maximum(-net.residual, 0.0)
        self.expected += (outflow - self.expected) / par.use_weeks
        if not self.pol.potential:
            slow = net.qualification > 0
            distance = (par.sigma_short - par.sigma) * np.log(self.cost / self.base_cost)
            self.slow_share = np.where(
                slow, self.slow_share + (distance - self.slow_share) / np.maximum(net.qualification, 1.0), self.slow_share
            )
        self._adjust(acting)

    def _adjust(self, acting: _Acting) -> None:
        """Activity follows its target utilisation with a lag (equation 9)."""
        net = self.net
        u0 = np.clip(net.utilisation, 1e-9, 1.0 - 1e-9)
        lift = np.clip((self._margin(self.price) - self.margin0) / self.width, -30.0, 30.0)
        target = (net.capacity + acting.added) / (1.0 + (1.0 - u0) / u0 * np.exp(-lift))
        self.activity += (target - self.activity) / net.adjust

    def _record(self, t: int, **rows: NDArray[np.float64]) -> None:
        for name, row in rows.items():
            getattr(self.trace, name)[t] = row
        self.trace.expected[t] = self.expected
        self.trace.price[t], self.trace.stock[t], self.trace.wedge[t] = self.price, self.stock, self.wedge
        self.trace.backlog[t] = sum_at(self.net.destination, self.queue.sum(axis=1) + self.granted, self.markets)


def _empty_trace(weeks: int, markets: int, links: int, demands: int, groups: int) -> Trace:
    columns = {"shipped": links, "want": demands, "served": demands, "wedge": groups}
    ends = {"pipeline": np.zeros(links), "queue": np.zeros(links)}
    return Trace(**{name: np.zeros((weeks, columns.get(name, markets))) for name in Trace._fields if name not in ends}, **ends)


def simulate(net: Network, pol: Interventions, par: Behaviour, weeks: int) -> Trace:
    """Simulate the network week by week.

    Parameters
    ----------
    net, pol, par
        The network, what acts on it, and how its actors behave.
    weeks : int
        Number of weeks.

    Returns
    -------
    Trace
        Weekly series; flows in t/week, prices in USD/kg.
    """
    run = _Run(net, pol, par, weeks)
    for t in range(weeks):
        run.week(t)
    return run.trace._replace(pipeline=run.ring.sum(axis=1), queue=run.queue.sum(axis=1) + run.granted)
