"""The weekly step read a second time, in plain NumPy over whole arrays: sharing only the record of arrays.

Equation numbers refer to ``docs/explanation/model.md``.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np

from ytterby.simulation.batch import Trace
from ytterby.simulation.interventions import Effect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.simulation.behaviour import Behaviour
    from ytterby.simulation.interventions import Interventions
    from ytterby.system import Network

    Floats = NDArray[np.float64]

TINY, NOTHING = 1e-300, 1e-12
LOST = {Effect.OPEN: "open", Effect.OUTAGE: "available", Effect.ACCESS: "access"}
ADDED = {effect: effect.name.lower() for effect in Effect if effect not in LOST and effect != Effect.LICENCE}


class Run:
    """State of one run and the week's steps, each a method."""

    def __init__(self, net: Network, pol: Interventions, par: Behaviour, weeks: int) -> None:
        self.net, self.pol, self.par = net, pol, par
        m, links, groups = len(net.price), len(net.flow), len(pol.group_price)
        self.process_of = np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start))
        self.expected, self.made = net.outflow.copy(), net.inflow.copy()
        self.price, self.z, self.growth, self.unfilled = net.price.copy(), np.log(net.price), np.zeros(m), np.zeros(m)
        self.stock = net.cover * net.outflow - net.imports
        self.activity, self.habit, self.own = net.activity.copy(), np.zeros(len(net.use)), net.cover[net.demand_market] * net.use
        self.slow, self.filled, self.shipped_mean = np.zeros(links), np.ones(links), net.flow.copy()
        self.contract_share, self.source = net.share.copy(), np.zeros(links)
        # column 0 holds what arrives this week; at the start of week 0 the last week's shipment lands
        self.ring = np.where(np.arange(net.transit.max(initial=1)) < net.transit[:, None], net.flow[:, None], 0.0)
        self.queue, self.granted = np.zeros((links, pol.queue_length)), np.zeros(links)
        self.refused, self.weight = np.zeros(m), np.zeros(links)
        none = np.zeros(links)
        self.base_cost = self.delivered(net.price, net.duty, none, none, none)
        self.cost, self.response = self.base_cost.copy(), np.ones(links)
        self.contract_price, self.quarter_sum = self.base_cost.copy(), np.zeros(links)
        self.wedge_slow, self.wedge = np.zeros(groups), np.zeros(groups)
        self.quota_left, self.reserve = pol.allocation_tonnes.astype(float), pol.reserve_tonnes.astype(float)
        columns = {"shipped": links, "want": len(net.use), "served": len(net.use), "covered": len(net.use), "wedge": groups}
        columns["paid"] = len(pol.floor_entry)
        series = {name: np.zeros((weeks, columns.get(name, m))) for name in Trace._fields[:-2]}
        self.trace = Trace(**series, pipeline=none, queue=none)

    def at_origin(self, values: Floats) -> Floats:
        """Sum over the links that leave each market."""
        return np.bincount(self.net.origin, values, len(self.net.price))

    def at_destination(self, values: Floats) -> Floats:
        """Sum over the links that lead to each market."""
        return np.bincount(self.net.destination, values, len(self.net.price))

    def at_market(self, values: Floats) -> Floats:
        """Sum over the demands of each market."""
        return np.bincount(self.net.demand_market, values, len(self.net.price))

    def at_process(self, values: Floats) -> Floats:
        """Sum over the recipe entries of each process."""
        return np.bincount(self.process_of, values, len(self.net.activity))

    def flows(self, running: Floats, gain: Floats) -> tuple[Floats, Floats]:
        """Inputs and outputs of each market at an activity of the processes."""
        net, entries = self.net, running[self.process_of] * self.net.recipe_coefficient * (1.0 + gain)
        return tuple(np.bincount(net.recipe_market, np.maximum(sign * entries, 0.0), len(net.price)) for sign in (-1.0, 1.0))

    def delivered(self, price: Floats, duty: Floats, export_duty: Floats, specific: Floats, wedge: Floats) -> Floats:
        """Delivered price of each link (4)."""
        net = self.net
        return (price[net.origin] * (1.0 + net.export_tax) * (1.0 + export_duty) + wedge) * (1.0 + duty) + net.freight + specific

    def act(self, t: int) -> SimpleNamespace:
        """Effects of the week (1) and the strictest licence of each link (10)."""
        net, pol = self.net, self.pol
        sizes = dict.fromkeys(Effect, len(net.flow)) | dict.fromkeys((Effect.OUTAGE, Effect.CAPACITY), len(net.activity))
        sizes |= dict.fromkeys((Effect.MARGIN, Effect.PRACTICE), len(net.activity)) | {Effect.GAIN: len(net.recipe_market)}
        sizes |= dict.fromkeys((Effect.COVER, Effect.PURCHASE, Effect.SUPPLY, Effect.LOCAL, Effect.PLANNED), len(net.price))
        sizes |= dict.fromkeys((Effect.DEMAND, Effect.ACCESS), len(net.use))
        value, found = pol.level[pol.measure, t] * pol.weight, {}
        for effect, name in (LOST | ADDED).items():
            hit = pol.kind == effect
            found[name] = np.full(sizes[effect], float(effect in LOST))
            if effect in LOST:
                np.multiply.at(found[name], pol.target[hit], 1.0 - value[hit])
            else:
                np.add.at(found[name], pol.target[hit], value[hit])
        found["first"], found["local"] = np.minimum(found["first"], 1.0), np.minimum(found["local"], 1.0)
        links = len(net.flow)
        licensed, approval, keep, wait, rule = np.zeros(links), np.ones(links), np.zeros(links), np.zeros(links), np.zeros(links, int)
        for e in np.flatnonzero(pol.kind == Effect.LICENCE):
            link, measure = pol.target[e], pol.measure[e]
            rate = min(1.0, pol.approval[measure, t] * pol.extra[e])
            if value[e] > licensed[link]:
                licensed[link], rule[link], keep[link], approval[link] = value[e], measure, pol.keep[measure], rate
            once = pol.decision[measure] @ np.arange(pol.decision.shape[1]) + pol.delay[measure, t]
            foreseen = pol.known[measure, t] * pol.weight[e] * min(once / max(rate, NOTHING), 52.0)
            wait[link] = max(wait[link], foreseen)
        return SimpleNamespace(**found, licensed=licensed, approval=approval, keep=keep, wait=wait, rule_of=rule)

    def week(self, t: int) -> None:
        """One week: arrivals, prices, orders, licences, quotas, rationing, production, use, shipment."""
        net, act = self.net, self.act(t)
        arrived = self.at_destination(self.ring[:, 0])
        self.ring = np.hstack([self.ring[:, 1:], np.zeros((len(net.flow), 1))])
        self.stock = self.stock + arrived
        self.share_purchases(act)
        hoard = np.clip(1.0 + 52.0 * self.par.hoarding * self.growth, 1.0, 3.0)
        self.foreseen = np.where(act.planned > 0, np.maximum(self.expected, net.outflow + act.planned), self.expected)
        target = net.cover * np.exp(act.cover) * hoard * self.foreseen  # (2)
        released = self.release(t, target)
        self.stock = self.stock + released
        passes = np.where(self.pol.queue_of >= 0, np.maximum(act.open, act.licensed), act.open)
        trust = np.maximum(np.minimum(self.filled, passes), 1e-9 if self.pol.potential else 0.02)
        self.quote(act, target, trust)
        orders = self.order(t, act, target, trust)
        askable, usable = self.license(t, act, orders)
        requests = self.cap(t, askable * act.open)
        hoped = askable * act.open
        shipped = self.settle(t, act, target, requests)
        if len(self.pol.group_price):
            self.spend(t, shipped)
        unused = 1.0 - np.minimum(shipped / np.maximum(askable, TINY), 1.0)
        self.granted = np.where(self.pol.queue_of >= 0, usable * unused * act.keep, 0.0)
        self.unfilled = self.at_destination(np.maximum(hoped - shipped - self.granted, 0.0))
        self.remember(t, orders, shipped)
        waiting = self.at_destination(self.queue.sum(axis=1) + self.granted)
        self.record(t, arrivals=arrived, released=released, stock=self.stock, wedge=self.wedge, price=self.price, backlog=waiting)

    def record(self, t: int, **rows: Floats) -> None:
        """Note series of the week."""
        for name, row in rows.items():
            getattr(self.trace, name)[t] = row

    def share_purchases(self, act: SimpleNamespace) -> None:
        """Purchase shares, of which those under contract follow deliveries (7a)."""
        net, pol = self.net, self.pol
        whole = (net.imports > 0) + self.at_destination(act.source)
        self.buys = whole > 0
        self.share = (net.share + act.source) / np.where(self.buys, whole, 1.0)[net.destination]
        declared = np.where(pol.legal_link_of < 0, self.shipped_mean, 0.0)
        whole = self.at_destination(declared)[net.destination]
        share = np.where((pol.legal_link_of < 0) & (whole > NOTHING), declared / np.maximum(whole, NOTHING), self.contract_share)
        renewed = self.contract_share + (share - self.contract_share) / self.par.contract_weeks
        self.contract_share, self.source = np.maximum(renewed + act.source - self.source, 0.0), act.source
        if not pol.potential:
            self.share = self.share + pol.contract * (self.contract_share - self.share)

    def release(self, t: int, target: Floats) -> Floats:
        """What reserves give when cover is low or the price is high (13)."""
        pol, released = self.pol, np.zeros(len(target))
        for s, m in enumerate(pol.reserve_market):
            called = self.stock[m] < pol.reserve_cover[s] * target[m] or self.price[m] > pol.reserve_price[s] * self.net.price[m]
            if called and pol.reserve_start[s] <= t < pol.reserve_end[s]:
                given = min(pol.reserve_rate[s], self.reserve[s])
                self.reserve[s] -= given
                released[m] += given
        return released

    def import_index(self, trust: Floats) -> Floats:
        """Price of imports over that of the base year (3)."""
        total = np.where(self.buys, np.maximum(self.at_destination(self.share * trust * self.response), TINY), 1.0)
        ratio = -np.log(total) / self.par.sigma
        return np.maximum(1.0 + ratio, 0.02) if self.pol.potential else np.exp(ratio)

    def quote(self, act: SimpleNamespace, target: Floats, trust: Floats) -> None:
        """Prices from stock gaps and import costs (5), then delivered prices and the response to them (4)."""
        net, par = self.net, self.par
        index = np.log(net.price * self.import_index(trust))
        gap = np.where(target > NOTHING, -np.log(np.clip(self.stock / np.maximum(target, TINY), np.exp(-3.0), np.exp(3.0))), 0.0)
        gap = gap * np.minimum(self.expected / np.maximum(self.foreseen, TINY), 1.0)
        low, high = np.log(0.02 * net.price), np.log(200.0 * net.price)
        self.z = np.clip(
            self.z + par.price_drift * gap + np.where(net.net_producer, 0.0, par.import_parity_speed * (index - self.z)), low, high
        )
        price = np.exp(np.clip(self.z + par.price_gain * gap, low, high))
        self.growth += (np.log(price / self.price) - self.growth) / 8.0
        self.price = price
        wedge = np.where(self.pol.group_of >= 0, np.append(self.wedge, 0.0)[self.pol.group_of], 0.0) * self.pol.customs
        self.cost = self.delivered(price, net.duty + act.tariff, act.export_duty, act.specific + act.charge, wedge)
        self.response = self.respond()

    def respond(self) -> Floats:
        """Price factor of each link: power of relative cost (7), or logit in the potential variant."""
        net, par = self.net, self.par
        if self.pol.potential:
            return np.exp(-par.sigma * (self.cost - self.base_cost) / net.price[net.destination])
        sigma = np.where(net.qualification > 0, par.sigma_short, par.sigma)
        return np.exp(self.slow - sigma * np.log(self.cost / self.base_cost))

    def weigh(self, trust: Floats) -> Floats:
        """Weight of each link (7), of undeclared routes by what they gain over the legal link (12)."""
        net, par, twin = self.net, self.par, self.pol.legal_link_of
        legal, bare, bare0 = np.maximum(twin, 0), self.price[net.origin] + net.freight, net.price[net.origin] + net.freight
        gain0 = np.where(twin >= 0, 1.0 - bare0 / self.base_cost[legal], 0.0)
        gain = (1.0 - bare / self.cost[legal] - gain0) / (1.0 - gain0)
        own = self.share[legal] * (self.cost / self.base_cost[legal]) ** -par.sigma
        undeclared = own * par.smuggling_seed * np.clip(gain, 0.0, 1.0)
        return np.where(twin >= 0, undeclared, self.share * self.response) * trust**par.reliability_weight

    def order(self, t: int, act: SimpleNamespace, target: Floats, trust: Floats) -> Floats:
        """Needs (6), split over links (7)."""
        net, par, pol, at = self.net, self.par, self.pol, self.net.destination
        per_weight = np.maximum(self.expected - self.made, 0.0)[at] / np.maximum(self.at_destination(self.weight)[at], TINY)
        usual = self.shipped_mean * (net.transit - 1) + per_weight * self.weight * act.wait
        on_order = self.at_destination(self.ring.sum(axis=1) + self.queue.sum(axis=1) + self.granted - usual)
        need = self.foreseen - self.made + (target - self.stock - on_order) / par.restock_weeks
        if not pol.potential:
            need = need + par.reorder * self.unfilled + self.refused + act.purchase
        need = np.clip(need, 0.0, 4.0 * self.foreseen)
        if not pol.potential:
            pull = np.minimum((self.price / (net.price * self.import_index(trust))) ** par.import_pull, 5.0)
            need = np.where(self.buys, np.where(net.net_producer, net.imports * pull + self.refused, need), 0.0)
        weight = self.weight = self.weigh(trust)
        orders = need[at] * weight / np.maximum(self.at_destination(weight)[at], TINY)
        if pol.potential:
            dearer = (self.price - net.price)[at] - (self.cost - self.base_cost)
            orders = np.where(net.net_producer[at], net.flow * np.exp(par.import_pull * dearer / net.price[at]), orders)
        return np.maximum(orders, act.bound)

    def license(self, t: int, act: SimpleNamespace, orders: Floats) -> tuple[Floats, Floats]:
        """Orders that may ask to be shipped this week, and the approvals among them; what is refused is ordered again (10)."""
        pol, due = self.pol, self.queue[:, 0].copy()
        self.queue = np.hstack([self.queue[:, 1:], np.zeros((len(orders), 1))])
        filed = orders * act.licensed
        for link in np.flatnonzero((pol.queue_of >= 0) & (filed > 0.0)):
            rule = act.rule_of[link]
            whole, part = divmod(pol.delay[rule, t], 1.0)
            for weeks, decided in enumerate(pol.decision[rule]):
                for later, share in ((int(weeks + whole), 1.0 - part), (int(weeks + whole) + 1, part)):
                    mass = filed[link] * decided * share
                    if mass > 0.0 and later > 0:
                        self.queue[link, later - 1] += mass
                    elif mass > 0.0:
                        due[link] += mass
        self.refused = self.at_destination(due * (1.0 - act.approval))
        usable = self.granted + due * act.approval
        return orders - filed + usable, usable

    def running_allocation(self, t: int, group: int) -> int:
        """The allocation of a group that runs, -1 if none does."""
        pol = self.pol
        runs = np.flatnonzero((pol.allocation_group == group) & (pol.allocation_start <= t) & (t < pol.allocation_end))
        return int(runs[0]) if len(runs) and group != pol.smuggling_group else -1

    def cap(self, t: int, requests: Floats) -> Floats:
        """Cap requests by what is left of each quota and move its wedge (11)."""
        pol, par = self.pol, self.par
        for a in np.flatnonzero((pol.allocation_start == t) & (pol.allocation_carried > 0.0)):
            self.quota_left[a] += pol.allocation_carried[a] * self.quota_left[a - 1]
        for group, price in enumerate(pol.group_price):
            a, member = self.running_allocation(t, group), pol.group_of == group
            if group == pol.smuggling_group:
                left = pace = par.enforcement / (365.25 / 7.0)
            elif a >= 0:
                start, end = pol.allocation_start[a], pol.allocation_end[a]
                left = self.quota_left[a]
                pace = max(left / max(end - t, 2), pol.allocation_tonnes[a] / (end - start))
            else:
                self.wedge_slow[group] = self.wedge[group] = 0.0
                continue
            asked = float((requests * pol.customs)[member].sum())
            excess = np.clip(asked / max(pace, NOTHING) - 1.0, -1.0, 3.0)
            scale = price + self.wedge_slow[group]
            fall = par.wedge_fall if excess <= 0 and group != pol.smuggling_group else 1.0
            self.wedge_slow[group] = max(0.0, self.wedge_slow[group] + par.wedge_integral * fall * scale * excess)
            jump = 0.0 if pol.potential else par.wedge_proportional * scale * max(excess, 0.0)
            self.wedge[group] = self.wedge_slow[group] + jump
            requests = np.where(member, requests * min(1.0, left / max(asked, TINY)), requests)
        return requests

    def spend(self, t: int, shipped: Floats) -> None:
        """Take shipments from the allocations that run (11)."""
        for group in range(len(self.pol.group_price)):
            a = self.running_allocation(t, group)
            if a >= 0:
                used = float((shipped * self.pol.customs)[self.pol.group_of == group].sum())
                self.quota_left[a] = max(0.0, self.quota_left[a] - used)

    def want(self, act: SimpleNamespace) -> Floats:
        """Final use wanted at today's price (8)."""
        net, par = self.net, self.par
        price, base, use = self.price[net.demand_market], net.price[net.demand_market], net.use * np.exp(act.demand)
        short, long = net.elasticity_short * par.elasticity_scale, net.elasticity_long * par.elasticity_scale
        if self.pol.potential:
            return use * np.maximum(0.0, 1.0 - short * (price - base) / base)
        fade = np.clip((net.choke - price) / (0.1 * net.choke), 0.0, 1.0)
        want = use * np.exp(self.habit - short * np.log(price / base)) * fade
        self.habit = self.habit + (-(long - short) * np.log(price / base) - self.habit) / par.adaptation_weeks
        return want

    def settle(self, t: int, act: SimpleNamespace, target: Floats, requests: Floats) -> Floats:
        """Ration (14), produce (9), serve users (14), close the week's balance (16); what is shipped."""
        net, par, pol = self.net, self.par, self.pol
        legal, running, want = np.maximum(pol.legal_link_of, 0), self.activity * act.available, self.want(act)
        denied = want * (1.0 - act.access)
        allowed = want - np.maximum(denied - self.own, 0.0)  # what is refused beyond a user's stock is no demand on its market
        wanted = self.flows(running, act.gain)[0] + self.at_market(allowed)
        usual = np.minimum(requests, np.where(pol.legal_link_of >= 0, np.maximum(net.flow[legal] - requests[legal], 0.0), net.flow))
        urgent = np.maximum(act.first * usual, np.minimum(requests, act.bound))
        usual = np.maximum(usual - urgent, 0.0)
        beyond = requests - urgent - usual
        first, extra = self.at_origin(urgent) + act.local * wanted, self.at_origin(beyond)
        first_fill = np.where(first > self.stock, self.stock / np.maximum(first, TINY), 1.0)
        left = self.stock - first * first_fill
        asked = (1.0 - act.local) * wanted + self.at_origin(usual) + np.maximum(net.residual, 0.0) + act.purchase
        fill = np.where(asked > left, left / np.maximum(asked, TINY), 1.0)
        spare = np.maximum(np.minimum(left - asked * fill, self.stock - par.kept_back * target), 0.0)
        extra_fill = np.where(extra > spare, spare / np.maximum(extra, TINY), 1.0)
        local_fill = act.local * first_fill + (1.0 - act.local) * fill
        scarcest = np.ones(len(net.activity))
        np.minimum.at(scarcest, self.process_of, np.where(net.recipe_coefficient < 0, local_fill[net.recipe_market], 1.0))
        used, made = self.flows(running * scarcest, act.gain)
        made = made + act.supply
        covered = np.minimum(denied, self.own) * local_fill[net.demand_market]
        served = (want - denied) * local_fill[net.demand_market] + covered
        self.refill(act.access, covered)
        shipped = urgent * first_fill[net.origin] + usual * fill[net.origin] + beyond * extra_fill[net.origin]
        residual = np.maximum(net.residual, 0.0) * fill - np.maximum(-net.residual, 0.0)
        consumption, out = used + self.at_market(served) + act.purchase * fill, self.at_origin(shipped)
        self.record(t, production=made, consumption=consumption, residual=residual, shipped=shipped, want=want, served=served)
        self.record(t, expected=self.expected, covered=covered)
        self.stock = np.maximum(self.stock + made - consumption - out - residual, 0.0)
        self.made = made + np.maximum(-net.residual, 0.0)
        self.expected = self.expected + (wanted + out + np.maximum(net.residual, 0.0) - self.expected) / par.use_weeks
        self.adjust(act, self.pay(t, act, running * scarcest))
        return shipped

    def refill(self, access: Floats, covered: Floats) -> None:
        """Own stocks of users who are refused: used first, filled up again when nothing is refused (14)."""
        net, more = self.net, np.where(access >= 1.0, self.net.use / self.par.restock_weeks, 0.0)
        self.own = np.minimum(self.own - covered + more, net.cover[net.demand_market] * net.use)

    def pay(self, t: int, act: SimpleNamespace, done: Floats) -> Floats:
        """What price floors add to the margin of each process, and what they cost (9a)."""
        net, pol, added = self.net, self.pol, np.zeros(len(self.net.activity))
        paid = np.zeros(len(pol.floor_entry))
        for f, entry in enumerate(pol.floor_entry):
            price, process = self.price[pol.floor_reference[f]], self.process_of[entry]
            per = net.recipe_coefficient[entry] * (1.0 + act.gain[entry])
            due = max(0.0, pol.floor_strike[f] - price) - pol.floor_upside[f] * max(0.0, price - pol.floor_above[f])
            made = per * done[process]
            share = (pol.floor_limit[f] / made if made > pol.floor_limit[f] else 1.0) * pol.floor_level[f, t]
            paid[f] = due * share * made
            added[process] += due * share * per
        self.record(t, paid=paid)
        return added

    def adjust(self, act: SimpleNamespace, added: Floats) -> None:
        """Activity follows the margin with a lag (9)."""
        net, par = self.net, self.par
        worth, gained = net.recipe_coefficient * net.price[net.recipe_market], (self.price - net.price)[net.recipe_market]
        value = np.maximum(self.at_process(np.maximum(worth, 0.0)), self.at_process(np.maximum(-worth, 0.0)))
        fixed = np.where(net.elasticity == 1.0, par.supply_elasticity, net.elasticity)
        response = np.where(net.elasticity == 0.0, par.conversion_elasticity, fixed)
        width = np.maximum((1.0 - net.utilisation) * value / np.maximum(response, 1e-9), NOTHING)
        better = net.recipe_coefficient * act.gain * self.price[net.recipe_market]
        margin = self.at_process(net.recipe_coefficient * gained + better) + act.margin + added
        lift = np.clip(margin / width + act.practice, -30.0, 30.0)
        u0 = np.clip(net.utilisation, 1e-9, 1.0 - 1e-9)
        goal = (net.capacity + act.capacity) / (1.0 + (1.0 - u0) / u0 * np.exp(-lift))
        self.activity = self.activity + (goal - self.activity) / net.adjust

    def remember(self, t: int, orders: Floats, shipped: Floats) -> None:
        """Goods at sea (15), deal prices, reliability (16), contracts, shares of goods that need qualification."""
        net, par, c = self.net, self.par, self.pol.contract
        self.ring[np.arange(len(shipped)), net.transit - 1] += shipped
        mass = self.at_destination(shipped)
        paid = self.at_destination(shipped * (c * self.contract_price + (1.0 - c) * self.cost))
        self.record(t, deal=np.where(mass > NOTHING, paid / np.maximum(mass, NOTHING), np.nan))
        self.quarter_sum = self.quarter_sum + self.cost
        if (t + 1) % 13 == 0:
            self.contract_price, self.quarter_sum = self.quarter_sum / 13.0, np.zeros(len(shipped))
        rate = np.minimum(shipped / np.maximum(orders, NOTHING), 1.0)
        self.filled = self.filled + np.where(orders > NOTHING, rate - self.filled, 0.0) / par.reliability_weeks
        self.shipped_mean = self.shipped_mean + (shipped - self.shipped_mean) / par.reliability_weeks
        if not self.pol.potential:
            distance = (par.sigma_short - par.sigma) * np.log(self.cost / self.base_cost) - self.slow
            self.slow = self.slow + np.where(net.qualification > 0, distance / np.maximum(net.qualification, 1.0), 0.0)


def simulate(net: Network, pol: Interventions, par: Behaviour, weeks: int) -> Trace:
    """Simulate the network week by week; flows in t/week, prices in USD/kg."""
    run = Run(net, pol, par, weeks)
    for t in range(weeks):
        run.week(t)
    return run.trace._replace(pipeline=run.ring.sum(axis=1), queue=run.queue.sum(axis=1) + run.granted)
