"""The weekly step in lock-step: all draws of a block advance together, one lane each, equal to :mod:`reference` to rounding.

Rows of lanes are laid out by :mod:`block`; what ``load`` brings is a register with one number per draw. Nothing here
allocates inside the weekly loop, logs, or draws random numbers; no lane ever reads another.
"""

from __future__ import annotations

from functools import partial

import numba
import numpy as np

from ytterby.simulation.behaviour import MOMENTUM_WEEKS, Behaviour
from ytterby.simulation.interventions import Effect
from ytterby.simulation.lanes import load, record, some, store, where
from ytterby.simulation.reference import (
    GAP_LIMIT,
    MAX_HOARD,
    MAX_NEED,
    MAX_PRICE,
    MAX_PULL,
    MIN_PRICE,
    QUARTER,
)
from ytterby.simulation.vector_math import exp, least, log, most, within
from ytterby.units import WEEKS_PER_YEAR

OPEN, EXPORT_DUTY, TARIFF, LICENCE = int(Effect.OPEN), int(Effect.EXPORT_DUTY), int(Effect.TARIFF), int(Effect.LICENCE)
OUTAGE, CAPACITY, COVER, DEMAND = int(Effect.OUTAGE), int(Effect.CAPACITY), int(Effect.COVER), int(Effect.DEMAND)
PURCHASE, ACCESS, SPECIFIC, SOURCE = int(Effect.PURCHASE), int(Effect.ACCESS), int(Effect.SPECIFIC), int(Effect.SOURCE)
SUPPLY, FIRST, LOCAL, BOUND = int(Effect.SUPPLY), int(Effect.FIRST), int(Effect.LOCAL), int(Effect.BOUND)
# fmt: off
(LAM, KAPPA, KA, SIGMA, SIGMA_SHORT, ETA, RESTOCK_WEEKS, REORDER, RHO, RELIABILITY_WEEKS, USE_WEEKS, ADAPTATION_WEEKS, ELASTICITY_SCALE,
 SUPPLY_ELASTICITY, CONVERSION_ELASTICITY, HOARDING, WEDGE_INTEGRAL, WEDGE_PROPORTIONAL, WEDGE_FALL, ENFORCEMENT, SMUGGLING_SEED,
 KEPT_BACK, CONTRACT_WEEKS) = range(len(Behaviour._fields))
# fmt: on
LOW_GAP, HIGH_GAP = float(np.exp(-GAP_LIMIT)), float(np.exp(GAP_LIMIT))
LOWEST, HIGHEST = float(np.log(MIN_PRICE)), float(np.log(MAX_PRICE))
NOTHING = 1e-12
"""t/week or t: less is nothing."""
njit = partial(numba.njit, _nrt=False)
"""Arrays are lent by the caller and no references to them are counted: inlined functions did so link by link, a quarter of the time."""
SHORT, DEAR = 0.01, 1.1
"""A market counts as disturbed while more than this share of its final use is unmet or its price is above this multiple."""


@njit(cache=True)
def _start(x, f, n, at):  # type: ignore[no-untyped-def]
    """Put the draws at rest."""
    for row in range(at.zero, at.zero_end):
        store(x, row, 0.0)
    for link in range(at.links):
        store(x, at.response + link, 1.0)
        store(x, at.held + link, f[at.share + link])
        store(x, at.cost + link, f[at.base_cost + link])
        store(x, at.contract_price + link, f[at.base_cost + link])
        store(x, at.filled + link, 1.0)
        store(x, at.shipped + link, f[at.flow + link])
        n[at.slot + link] = n[at.ring_start + link]
        for slot in range(n[at.ring_start + link], n[at.ring_start + link + 1]):
            store(x, at.ring + slot, f[at.flow + link])
    for m in range(at.markets):
        cover = load(x, at.cover + m)
        store(x, at.stock + m, cover * f[at.outflow + m] - f[at.imports + m])
        store(x, at.expected + m, f[at.outflow + m])
        store(x, at.supplied + m, f[at.inflow + m])
        store(x, at.price + m, f[at.base_price + m])
        for k in range(n[at.users + m], n[at.users + m + 1]):
            store(x, at.own + k, cover * f[at.use + k])
        for link in range(n[at.into + m], n[at.into + m + 1]):
            store(x, at.afloat + m, load(x, at.afloat + m) + f[at.flow + link] * (f[at.sea + link] + 1.0))
            if not n[at.twin + link]:
                store(x, at.delivered + m, load(x, at.delivered + m) + f[at.flow + link])
        store(x, at.worst_week + m, -1.0)
        store(x, at.first_week + m, -1.0)
        store(x, at.least_cover + m, cover)
    for p in range(at.processes):
        slope = load(x, at.par + SUPPLY_ELASTICITY)
        if f[at.elasticity + p] == 0.0:
            slope = load(x, at.par + CONVERSION_ELASTICITY)
        elif f[at.elasticity + p] != 1.0:
            slope = slope * 0.0 + f[at.elasticity + p]
        store(x, at.activity + p, f[at.base_activity + p])
        store(x, at.per_width + p, 1.0 / most(f[at.idle_value + p] / most(slope, 1e-9), NOTHING))
    for rule in range(at.measures):
        for wait in range(at.slots):
            place = at.decision + rule * at.slots + wait
            store(x, at.mean_wait + rule, load(x, at.mean_wait + rule) + load(x, place) * float(wait))
    for a in range(at.allocations):
        store(x, at.quota_left + a, load(x, at.allocation + 2 * at.allocations + a))
    for r in range(at.reserves):
        store(x, at.reserve_left + r, load(x, at.reserve_terms + r))


@njit(cache=True)
def _act(x, f, n, at, t):  # type: ignore[no-untyped-def]
    """What acts this week (equation 1)."""
    for r in range(at.link_rows):
        store(x, at.open + r, 1.0)
        store(x, at.export_duty + r, 0.0)
        store(x, at.tariff + r, 0.0)
        store(x, at.specific + r, 0.0)
        store(x, at.signed + r, load(x, at.source + r))
        store(x, at.source + r, 0.0)
        store(x, at.first + r, 0.0)
        store(x, at.bound + r, 0.0)
    for r in range(at.market_rows):
        store(x, at.lift + r, 0.0)
        store(x, at.purchase + r, 0.0)
        store(x, at.supply + r, 0.0)
        store(x, at.local + r, 0.0)
    for r in range(at.demand_rows):
        store(x, at.shift + r, 0.0)
        store(x, at.access + r, 1.0)
    for p in range(at.processes):
        store(x, at.available + p, 1.0)
        store(x, at.added + p, 0.0)
    _shrink(x, n, at, at.open, OPEN, t)
    _shrink(x, n, at, at.available, OUTAGE, t)
    _shrink(x, n, at, at.access, ACCESS, t)
    _raise(x, n, at, at.export_duty, EXPORT_DUTY, t)
    _raise(x, n, at, at.tariff, TARIFF, t)
    _raise(x, n, at, at.specific, SPECIFIC, t)
    _raise(x, n, at, at.source, SOURCE, t)
    _raise(x, n, at, at.added, CAPACITY, t)
    _raise(x, n, at, at.lift, COVER, t)
    _raise(x, n, at, at.shift, DEMAND, t)
    _raise(x, n, at, at.purchase, PURCHASE, t)
    _raise(x, n, at, at.supply, SUPPLY, t)
    if at.contracts > 0:
        _raise(x, n, at, at.first, FIRST, t)
        _raise(x, n, at, at.local, LOCAL, t)
        _raise(x, n, at, at.bound, BOUND, t)
        for r in range(1, at.link_rows):
            store(x, at.first + r, least(load(x, at.first + r), 1.0))
        for r in range(1, at.market_rows):
            store(x, at.local + r, least(load(x, at.local + r), 1.0))
    for r in range(1, at.market_rows):
        store(x, at.lift + r, exp(load(x, at.lift + r)))
    _license(x, f, n, at, t)


@njit(cache=True)
def _shrink(x, n, at, rows, kind, t):  # type: ignore[no-untyped-def]
    for e in range(n[at.segment + kind], n[at.segment + kind + 1]):
        value = load(x, at.level + n[at.measure + e] * at.weeks + t) * load(x, at.weight + e)
        store(x, rows + n[at.row + e], load(x, rows + n[at.row + e]) * (1.0 - value))


@njit(cache=True)
def _raise(x, n, at, rows, kind, t):  # type: ignore[no-untyped-def]
    for e in range(n[at.segment + kind], n[at.segment + kind + 1]):
        value = load(x, at.level + n[at.measure + e] * at.weeks + t) * load(x, at.weight + e)
        store(x, rows + n[at.row + e], load(x, rows + n[at.row + e]) + value)


@njit(cache=True)
def _license(x, f, n, at, t):  # type: ignore[no-untyped-def]
    """Strictest licence rule of each queue, and when applications under each rule are decided (equation 10)."""
    slots = at.slots
    for i in range(at.licensings):
        rule = n[at.licensing + i]
        for k in range(rule * slots, (rule + 1) * slots):
            store(x, at.decided + k, 0.0)
        for lane in range(x.shape[1]):
            late = x[at.delay + rule * at.weeks + t, lane]
            whole = int(late)
            part = late - whole
            for wait in range(slots):
                weight = x[at.decision + rule * slots + wait, lane]
                if weight > 0.0:
                    x[at.decided + rule * slots + wait + whole, lane] += weight * (1.0 - part)
                    if part > 0.0:
                        x[at.decided + rule * slots + wait + whole + 1, lane] += weight * part
    for q in range(at.queues):
        store(x, at.holds + q, -1.0)
        holds = load(x, at.holds + q)
        licensed, approval, keep, wait = 0.0 * holds, 0.0 * holds + 1.0, 0.0 * holds, 0.0 * holds
        for place in range(n[at.licence_start + q], n[at.licence_start + q + 1]):
            e = n[at.licence + place]
            rule = n[at.measure + e]
            value = load(x, at.level + rule * at.weeks + t) * load(x, at.weight + e)
            stricter = value > licensed
            licensed = where(stricter, value, licensed)
            approval = where(stricter, least(load(x, at.approval_rate + rule) * load(x, at.extra + e), 1.0), approval)
            keep = where(stricter, load(x, at.still_valid + rule), keep)
            wait = where(stricter, load(x, at.mean_wait + rule) + load(x, at.delay + rule * at.weeks + t), wait)
            holds = where(stricter, float(place), holds)
        store(x, at.licensed + q, licensed)
        store(x, at.approval + q, approval)
        store(x, at.keeps + q, keep)
        store(x, at.holds + q, holds)
        store(x, at.usual_wait + q, licensed * wait)


@njit(cache=True)
def _quote(x, f, n, at, t):  # type: ignore[no-untyped-def]
    """Arrivals, target stocks, reserves and prices (equations 2, 3, 5, 13)."""
    price_gain, price_drift, import_parity_speed, hoarding = load(x, LAM), load(x, KAPPA), load(x, KA), load(x, HOARDING) * 52.0
    per_sigma, renewed = 1.0 / load(x, SIGMA), 1.0 / load(x, CONTRACT_WEEKS)
    none = 0.0 * price_gain
    for m in range(at.markets):
        arrived, index, usual = none, none, none
        whole, delivered = _whole(x, f, n, at, m), load(x, at.delivered + m)
        per_whole, per_delivered = where(whole > 0.0, 1.0 / most(whole, f[at.tiny]), 1.0), 1.0 / most(delivered, NOTHING)
        for link in range(n[at.into + m], n[at.into + m + 1]):
            arrived += load(x, at.ring + n[at.slot + link])
            shipped, trust = load(x, at.shipped + link), most(load(x, at.filled + link), f[at.least_trust])
            wait, share, held = none + f[at.sea + link], none + f[at.share + link], load(x, at.held + link)
            if not n[at.twin + link]:
                held += where(delivered > NOTHING, shipped * per_delivered - held, 0.0) * renewed
            if n[at.link_row + link] > 0:
                source = load(x, at.source + n[at.link_row + link])
                held = most(held + source - load(x, at.signed + n[at.link_row + link]), 0.0)
                share += source
                trust = most(least(trust, load(x, at.open + n[at.link_row + link])), f[at.least_trust])
                if n[at.queue_of + link] >= 0:
                    wait += load(x, at.usual_wait + n[at.queue_of + link])
            store(x, at.trust + link, trust)
            share *= per_whole
            if at.potential == 0:
                share += f[at.under_contract + link] * (held - share)
            store(x, at.held + link, held)
            store(x, at.bought + link, share)
            index += share * trust * load(x, at.response + link)
            usual += shipped * wait
        store(x, at.arrived + m, arrived)
        store(x, at.afloat + m, load(x, at.afloat + m) - arrived)
        store(x, at.beyond + m, load(x, at.afloat + m) + load(x, at.waiting + m) - usual)
        momentum, rise = load(x, at.momentum + m), load(x, at.rise + m)
        target = load(x, at.cover + m) * within(1.0 + hoarding * momentum, 1.0, MAX_HOARD) * load(x, at.expected + m)
        if n[at.market_row + m] > 0:
            target *= load(x, at.lift + n[at.market_row + m])
        store(x, at.target + m, target)
        store(x, at.stock + m, load(x, at.stock + m) + arrived)
        store(x, at.released + m, 0.0)
        if n[at.has_reserve + m]:
            _release(x, f, n, at, t, m)
        stock = load(x, at.stock + m)
        gap = where(target > NOTHING, -log(within(stock / most(target, f[at.tiny]), LOW_GAP, HIGH_GAP)), 0.0)
        anchor = load(x, at.anchor + m)
        moved = anchor + price_drift * gap
        if not n[at.net_producer + m]:
            paid = none
            if f[at.imports + m] > 0.0 or n[at.sourced + m]:
                paid = where(whole > 0.0, -log(most(index, f[at.tiny])) * per_sigma, 0.0)
                if at.potential > 0:
                    paid = log(most(1.0 + paid, MIN_PRICE))
            moved += import_parity_speed * (paid - anchor)
        moved = within(moved, LOWEST, HIGHEST)
        quoted = within(moved + price_gain * gap, LOWEST, HIGHEST)
        store(x, at.anchor + m, moved)
        store(x, at.momentum + m, momentum + (quoted - rise - momentum) * (1.0 / MOMENTUM_WEEKS))
        store(x, at.rise + m, quoted)
        store(x, at.price + m, f[at.base_price + m] * exp(quoted))


@njit(cache=True, forceinline=True)
def _whole(x, f, n, at, m):  # type: ignore[no-untyped-def]
    """Sum of a market's purchase shares with what suppliers add that grew or opened (equation 6)."""
    whole = 0.0 * load(x, at.delivered + m)
    if f[at.imports + m] > 0.0:
        whole += 1.0
    if n[at.sourced + m]:
        for link in range(n[at.into + m], n[at.into + m + 1]):
            if n[at.link_row + link] > 0:
                whole += load(x, at.source + n[at.link_row + link])
    return whole


@njit(cache=True)
def _release(x, f, n, at, t, m):  # type: ignore[no-untyped-def]
    """What reserves of a market give when cover is low or the price is high."""
    count = at.reserves
    before, released = load(x, at.stock + m), load(x, at.released + m)
    for r in range(count):
        if n[at.reserve_market + r] == m:
            rate, cover, price = (
                load(x, at.reserve_terms + count + r),
                load(x, at.reserve_terms + 2 * count + r),
                load(x, at.reserve_terms + 3 * count + r),
            )
            start, end = load(x, at.reserve_terms + 4 * count + r), load(x, at.reserve_terms + 5 * count + r)
            given = least(rate, load(x, at.reserve_left + r))
            dear = where(load(x, at.price + m) > price * f[at.base_price + m], given, 0.0)
            given = where(before < cover * load(x, at.target + m), given, dear)
            given = where((start <= float(t)) & (end > float(t)), given, 0.0)
            store(x, at.reserve_left + r, load(x, at.reserve_left + r) - given)
            released += given
    store(x, at.released + m, released)
    store(x, at.stock + m, before + released)


@njit(cache=True)
def _compare(x, f, n, at):  # type: ignore[no-untyped-def]
    """Delivered prices, price factors and weights of links (equations 3, 4, 7, 12)."""
    sigma, sigma_short, reliability_weight = load(x, SIGMA), load(x, SIGMA_SHORT), load(x, RHO)
    none = 0.0 * sigma
    for m in range(at.markets):
        index, total = none, none
        for link in range(n[at.into + m], n[at.into + m + 1]):
            border = load(x, at.price + n[at.origin + link]) * f[at.tax + link]
            row, group = n[at.link_row + link], n[at.group_of + link]
            if row > 0:
                border *= 1.0 + load(x, at.export_duty + row)
            if group >= 0:
                border += load(x, at.wedge + group) * load(x, at.customs + n[at.customs_row + link])
            duty = none + f[at.duty + link]
            if row > 0:
                duty += load(x, at.tariff + row)
            cost = border * duty + f[at.freight + link]
            if row > 0:
                cost += load(x, at.specific + row)
            store(x, at.cost + link, cost)
            if at.potential > 0:
                response = exp(-sigma * (cost - f[at.base_cost + link]) / f[at.base_price + m])
            else:
                rise = log(cost * f[at.per_cost + link])
                if f[at.learning + link] > 0.0:
                    slow = load(x, at.slow + link)
                    response = exp(slow - sigma_short * rise)
                    store(x, at.slow + link, slow + ((sigma_short - sigma) * rise - slow) * f[at.learning + link])
                else:
                    response = exp(-sigma * rise)
            store(x, at.response + link, response)
            trust = load(x, at.trust + link)
            weight = load(x, at.bought + link) * response
            index += weight * trust
            if some(trust < 1.0):
                weight *= exp(reliability_weight * log(trust))
            if n[at.twin + link]:
                weight = none
            store(x, at.weight_of + link, weight)
            total += weight
        store(x, at.index + m, index)
        store(x, at.total + m, total)
    for k in range(at.twins):
        link, legal, m = n[at.twin_link + k], n[at.twin_legal + k], n[at.twin_market + k]
        bare = load(x, at.price + n[at.origin + link]) + f[at.freight + link]
        gain = (1.0 - bare / load(x, at.cost + legal) - f[at.twin_gain + k]) * (1.0 / (1.0 - f[at.twin_gain + k]))
        # a twin is judged by what it costs itself
        own = load(x, at.bought + legal) * exp(-sigma * log(load(x, at.cost + link) * f[at.per_cost + legal]))
        weight = own * load(x, SMUGGLING_SEED) * within(gain, 0.0, 1.0)
        weight *= exp(reliability_weight * log(load(x, at.trust + link)))
        store(x, at.weight_of + link, weight)
        store(x, at.total + m, load(x, at.total + m) + weight)


@njit(cache=True)
def _order(x, f, n, at, t):  # type: ignore[no-untyped-def]
    """Needs, orders and licences; what asks to be shipped (equations 6, 7, 10)."""
    import_pull, per_sigma, reorder = load(x, ETA), 1.0 / load(x, SIGMA), load(x, REORDER)
    per_restock = 1.0 / load(x, RESTOCK_WEEKS)
    none = 0.0 * import_pull
    for m in range(at.markets):
        store(x, at.leaving + m, 0.0)
        store(x, at.spare_asked + m, 0.0)
    if at.contracts > 0:
        for m in range(at.markets):
            store(x, at.urgent + m, 0.0)
    for g in range(at.groups):
        store(x, at.group_asked + g, 0.0)
    for m in range(at.markets):
        need = none
        if f[at.imports + m] > 0.0 or n[at.sourced + m]:
            if n[at.net_producer + m]:
                dearer = load(x, at.rise + m) + log(most(load(x, at.index + m), f[at.tiny])) * per_sigma
                need = f[at.imports + m] * least(exp(import_pull * dearer), MAX_PULL)
            else:
                expected = load(x, at.expected + m)
                need = (
                    expected
                    - load(x, at.supplied + m)
                    + (load(x, at.target + m) - load(x, at.stock + m) - load(x, at.beyond + m)) * per_restock
                )
                if at.potential == 0:
                    need += reorder * load(x, at.unfilled + m)
                    if n[at.market_row + m] > 0:
                        need += load(x, at.purchase + n[at.market_row + m])
                need = within(need, 0.0, MAX_NEED * expected)
        rate = need / most(load(x, at.total + m), f[at.tiny])
        for link in range(n[at.into + m], n[at.into + m + 1]):
            orders = rate * load(x, at.weight_of + link)
            if at.potential > 0 and n[at.net_producer + m]:
                pull = (load(x, at.price + m) - f[at.base_price + m] - load(x, at.cost + link) + f[at.base_cost + link]) * (
                    1.0 / f[at.base_price + m]
                )
                orders = f[at.flow + link] * exp(import_pull * pull)
            if at.contracts > 0:
                orders = most(orders, load(x, at.bound + n[at.link_row + link]))
            store(x, at.ordered + link, orders)
            asked, hoped = orders, orders
            if n[at.link_row + link] > 0:
                if n[at.queue_of + link] >= 0:
                    asked = _file(x, f, n, at, t, m, n[at.queue_of + link], orders)
                    refused = orders * load(x, at.licensed + n[at.queue_of + link]) * (1.0 - load(x, at.approval + n[at.queue_of + link]))
                    asked *= load(x, at.open + n[at.link_row + link])
                    hoped = asked + refused
                else:
                    asked *= load(x, at.open + n[at.link_row + link])
                    hoped = asked
            store(x, at.requests + link, asked)
            store(x, at.hoped + link, hoped)
            if n[at.group_of + link] >= 0:
                g = n[at.group_of + link]
                store(x, at.group_asked + g, load(x, at.group_asked + g) + asked * load(x, at.customs + n[at.customs_row + link]))
            else:
                _ask(x, f, n, at, link, asked)


@njit(cache=True, forceinline=True)
def _ask(x, f, n, at, link, asked):  # type: ignore[no-untyped-def]
    """Enter a request with its origin: what is served first, up to the usual flow, and beyond it."""
    i, habitual, legal = n[at.origin + link], least(asked, f[at.flow + link]), n[at.twin + link] - 1
    if legal >= 0:  # the usual flow of a twin is what the legal link leaves of its own: the buyers are the same
        habitual = least(asked, most(f[at.flow + legal] - load(x, at.requests + legal), 0.0))
    if at.contracts > 0:
        urgent = _urgent(x, n, at, link, asked, habitual)
        store(x, at.urgent + i, load(x, at.urgent + i) + urgent)
        habitual = most(habitual - urgent, 0.0)
        asked = asked - urgent
    store(x, at.leaving + i, load(x, at.leaving + i) + habitual)
    store(x, at.spare_asked + i, load(x, at.spare_asked + i) + (asked - habitual))


@njit(cache=True, forceinline=True)
def _urgent(x, n, at, link, asked, habitual):  # type: ignore[no-untyped-def]
    """What of a request is under contract and served first."""
    row = n[at.link_row + link]
    return most(load(x, at.first + row) * habitual, least(asked, load(x, at.bound + row)))


@njit(cache=True, forceinline=True)
def _file(x, f, n, at, t, m, q, orders):  # type: ignore[no-untyped-def]
    """Orders that need no licence and approvals that are valid this week; the rest waits in the queue."""
    slots = at.slots
    now = q * slots + t % slots
    matured = load(x, at.queue + now)
    store(x, at.queue + now, 0.0)
    filed = orders * load(x, at.licensed + q)
    waiting = load(x, at.waiting + m) - matured - load(x, at.granted + q)
    if some(filed > 0.0):
        holds, approved = load(x, at.holds + q), filed * load(x, at.approval + q)
        for place in range(n[at.licence_start + q], n[at.licence_start + q + 1]):
            rule = n[at.measure + n[at.licence + place]]
            granted = where(holds == float(place), approved, 0.0)
            if some(granted > 0.0):
                matured += granted * load(x, at.decided + rule * slots)
                for k in range(1, slots):
                    part = granted * load(x, at.decided + rule * slots + k)
                    later = at.queue + q * slots + (t + k) % slots
                    store(x, later, load(x, later) + part)
                    waiting += part
    store(x, at.waiting + m, waiting)
    usable = matured + load(x, at.granted + q)
    store(x, at.usable + q, usable)
    store(x, at.askable + q, orders - filed + usable)
    return orders - filed + usable


@njit(cache=True)
def _quota(x, f, n, at, t):  # type: ignore[no-untyped-def]
    """Cap requests by what is left of each quota and move its wedge (equation 11)."""
    count = at.allocations
    for g in range(at.groups):
        asked = load(x, at.group_asked + g)
        left = 0.0 * asked - 1.0
        pace = left
        if g == at.smuggling:
            left = load(x, ENFORCEMENT) * (1.0 / WEEKS_PER_YEAR)
            pace = left
        else:
            for a in range(count):
                if n[at.allocation_group + a] == g:
                    start, end = load(x, at.allocation + a), load(x, at.allocation + at.allocations + a)
                    rest = load(x, at.quota_left + a)
                    carried = load(x, at.allocation + 3 * at.allocations + a)
                    if some((start == float(t)) & (carried > 0.0)):
                        rest += where(start == float(t), carried * load(x, at.quota_left + a - 1), 0.0)
                        store(x, at.quota_left + a, rest)
                    mean = load(x, at.allocation + 2 * at.allocations + a) / (end - start)
                    runs = (start <= float(t)) & (end > float(t)) & (left < 0.0)
                    left = where(runs, rest, left)
                    pace = where(runs, most(rest / most(end - float(t), 2.0), mean), pace)
        runs = left >= 0.0
        excess = within(asked / most(pace, NOTHING) - 1.0, -1.0, 3.0)
        slow = load(x, at.wedge_slow + g)
        scale = load(x, at.group_price + g) + slow
        speed = load(x, WEDGE_INTEGRAL)
        if g != at.smuggling:
            speed *= where(excess > 0.0, 1.0 + 0.0 * slow, load(x, WEDGE_FALL))
        slow = where(runs, most(slow + speed * scale * excess, 0.0), 0.0)
        jump = where(runs, load(x, WEDGE_PROPORTIONAL) * scale * most(excess, 0.0), 0.0)
        if at.potential > 0:
            jump = 0.0 * jump
        store(x, at.wedge_slow + g, slow)
        store(x, at.wedge + g, slow + jump)
        capped = where(runs, least(left / most(asked, f[at.tiny]), 1.0), 1.0)
        for k in range(n[at.member_start + g], n[at.member_start + g + 1]):
            link = n[at.member + k]
            requests = load(x, at.requests + link) * capped
            store(x, at.requests + link, requests)
            _ask(x, f, n, at, link, requests)


@njit(cache=True)
def _ration(x, f, n, at):  # type: ignore[no-untyped-def]
    """Wants of processes and users, and the share of them that stocks can fill (equations 8, 14)."""
    scale, per_adaptation, kept = load(x, ELASTICITY_SCALE), 1.0 / load(x, ADAPTATION_WEEKS), load(x, KEPT_BACK)
    none = 0.0 * scale
    for m in range(at.markets):
        store(x, at.inputs + m, 0.0)
    for p in range(at.processes):
        running = load(x, at.activity + p) * load(x, at.available + p)
        store(x, at.running + p, running)
        for r in range(n[at.recipe_start + p], n[at.recipe_start + p + 1]):
            if f[at.recipe_coefficient + r] < 0.0:
                store(
                    x,
                    at.inputs + n[at.recipe_market + r],
                    load(x, at.inputs + n[at.recipe_market + r]) - running * f[at.recipe_coefficient + r],
                )
    for m in range(at.markets):
        wanted, rise, price = load(x, at.inputs + m), load(x, at.rise + m), load(x, at.price + m)
        for k in range(n[at.users + m], n[at.users + m + 1]):
            slope = scale * f[at.short + k]
            shift = none
            if n[at.demand_row + k] > 0:
                shift = load(x, at.shift + n[at.demand_row + k])
            if at.potential > 0:
                want = f[at.use + k] * exp(shift) * most(1.0 - slope * (price - f[at.base_price + m]) * (1.0 / f[at.base_price + m]), 0.0)
            else:
                habit = load(x, at.habit + k)
                want = f[at.use + k] * exp(shift + habit - slope * rise)
                want *= within((f[at.choke + k] - price) * f[at.per_fade + k], 0.0, 1.0)
                store(x, at.habit + k, habit - (scale * f[at.lasting + k] * rise + habit) * per_adaptation)
            store(x, at.want + k, want)
            wanted += want
        stock, extra = load(x, at.stock + m), load(x, at.spare_asked + m)
        left, later = stock, wanted
        if at.contracts > 0:
            local = load(x, at.local + n[at.market_row + m])
            first = load(x, at.urgent + m) + local * wanted
            first_fill = where(first > stock, stock / most(first, f[at.tiny]), 1.0)
            left, later = stock - first * first_fill, (1.0 - local) * wanted
            store(x, at.first_fill + m, first_fill)
        asked = later + load(x, at.leaving + m) + f[at.residual_out + m]
        if n[at.market_row + m] > 0:
            asked += load(x, at.purchase + n[at.market_row + m])
        rest = where(asked > left, left / most(asked, f[at.tiny]), 1.0)
        spare = most(least(left - asked * rest, stock - kept * load(x, at.target + m)), 0.0)
        fill = rest
        if at.contracts > 0:
            fill = local * first_fill + (1.0 - local) * rest
        store(x, at.wanted + m, wanted)
        store(x, at.rest_fill + m, rest)
        store(x, at.fill + m, fill)
        store(x, at.extra_fill + m, where(extra > spare, spare / most(extra, f[at.tiny]), 1.0))


@njit(cache=True)
def _produce(x, f, n, at):  # type: ignore[no-untyped-def]
    """Production, limited by the scarcest input, and next week's activity (equation 9)."""
    for m in range(at.markets):
        store(x, at.made + m, 0.0)
        store(x, at.taken + m, 0.0)
    for p in range(at.processes):
        done, lift = load(x, at.running + p), 0.0 * load(x, at.running + p)
        short = 1.0 + lift
        for r in range(n[at.recipe_start + p], n[at.recipe_start + p + 1]):
            i = n[at.recipe_market + r]
            lift += f[at.recipe_coefficient + r] * (load(x, at.price + i) - f[at.base_price + i])
            if f[at.recipe_coefficient + r] < 0.0:
                short = least(short, load(x, at.fill + i))
        done *= short
        for r in range(n[at.recipe_start + p], n[at.recipe_start + p + 1]):
            i = n[at.recipe_market + r]
            if f[at.recipe_coefficient + r] < 0.0:
                store(x, at.taken + i, load(x, at.taken + i) - done * f[at.recipe_coefficient + r])
            else:
                store(x, at.made + i, load(x, at.made + i) + done * f[at.recipe_coefficient + r])
        lift = within(lift * load(x, at.per_width + p), -30.0, 30.0)
        goal = (load(x, at.added + p) + f[at.capacity + p]) / (1.0 + f[at.odds + p] * exp(-lift))
        activity = load(x, at.activity + p)
        store(x, at.activity + p, activity + (goal - activity) * f[at.per_adjust + p])


@njit(cache=True)
def _serve(x, f, n, at, t, keep):  # type: ignore[no-untyped-def]
    """What users get; the refused live on their own stocks first (equation 14)."""
    per_restock = 1.0 / load(x, at.par + RESTOCK_WEEKS)
    week = 0.0 * per_restock + float(t)
    for m in range(at.markets):
        fill = load(x, at.fill + m)
        final, hope = 0.0 * fill, 0.0 * fill
        for k in range(n[at.users + m], n[at.users + m + 1]):
            want = load(x, at.want + k)
            served = want * fill
            if n[at.demand_row + k] > 0:
                access, own = load(x, at.access + n[at.demand_row + k]), load(x, at.own + k)
                denied = served * (1.0 - access)
                covered = least(denied, own)
                refill = where(access >= 1.0, per_restock * f[at.use + k], 0.0)
                store(x, at.own + k, least(own - covered + refill, load(x, at.cover + m) * f[at.use + k]))
                served = served - denied + covered
            final += served
            hope += want
            if keep:
                store(x, at.served + k, served)
        store(x, at.final + m, final)
        if not keep:
            _judge(x, f, at, m, week, hope, hope - final)


@njit(cache=True, forceinline=True)
def _judge(x, f, at, m, week, want, unmet):  # type: ignore[no-untyped-def]
    """Outcomes of a market up to this week."""
    share, multiple = unmet / most(want, NOTHING), load(x, at.price + m) * (1.0 / f[at.base_price + m])
    worst, peak = load(x, at.worst_share + m), load(x, at.peak_multiple + m)
    short = share > SHORT
    store(x, at.shortfall + m, load(x, at.shortfall + m) + unmet)
    store(x, at.worst_week + m, where((share > worst) & short, week, load(x, at.worst_week + m)))
    store(x, at.worst_share + m, most(share, worst))
    store(x, at.first_week + m, where(short & (load(x, at.first_week + m) < 0.0), week, load(x, at.first_week + m)))
    store(x, at.peak_week + m, where(multiple > peak, week, load(x, at.peak_week + m)))
    store(x, at.peak_multiple + m, most(multiple, peak))
    recovery = load(x, at.recovery_week + m)
    store(x, at.recovery_week + m, where(short, week + 1.0, where(multiple > DEAR, week + 1.0, recovery)))


@njit(cache=True)
def _ship(x, f, n, at, t, keep):  # type: ignore[no-untyped-def]
    """Shipments, goods at sea, unfilled orders, deal prices, memory of deliveries (equations 14-16)."""
    speed = 1.0 / load(x, at.par + RELIABILITY_WEEKS)
    none = 0.0 * speed
    reprice = (t + 1) % QUARTER == 0
    for m in range(at.markets):
        unfilled, sea, value, delivered = none, none, none, none
        for link in range(n[at.into + m], n[at.into + m + 1]):
            sent = _sent(x, f, n, at, link)
            hoped = load(x, at.hoped + link)
            if n[at.queue_of + link] >= 0:
                hoped = hoped - _expire(x, f, n, at, m, n[at.queue_of + link], sent)
            unfilled += most(hoped - sent, 0.0)
            sea += sent
            store(x, at.ring + n[at.slot + link], sent)
            n[at.slot + link] += 1
            if n[at.slot + link] == n[at.ring_start + link + 1]:
                n[at.slot + link] = n[at.ring_start + link]
            shipped = load(x, at.shipped + link)
            shipped += (sent - shipped) * speed
            store(x, at.shipped + link, shipped)
            if not n[at.twin + link]:
                delivered += shipped
            ordered, filled = load(x, at.ordered + link), load(x, at.filled + link)
            filled += where(ordered > NOTHING, least(sent / most(ordered, NOTHING), 1.0) - filled, 0.0) * speed
            store(x, at.filled + link, filled)
            store(x, at.sent + link, sent)
            if keep:
                cost, quarter = load(x, at.cost + link), load(x, at.quarter + link)
                contract = load(x, at.contract_price + link)
                value += sent * (f[at.under_contract + link] * contract + (1.0 - f[at.under_contract + link]) * cost)
                quarter += cost
                if reprice:
                    store(x, at.contract_price + link, quarter * (1.0 / QUARTER))
                    quarter = none
                store(x, at.quarter + link, quarter)
        store(x, at.unfilled + m, unfilled)
        store(x, at.delivered + m, delivered)
        store(x, at.afloat + m, load(x, at.afloat + m) + sea)
        if keep:
            store(x, at.deal + m, where(sea > NOTHING, value / most(sea, NOTHING), np.nan))
    for g in range(at.groups):
        if g != at.smuggling:
            _spend(x, n, at, t, g)


@njit(cache=True, forceinline=True)
def _sent(x, f, n, at, link):  # type: ignore[no-untyped-def]
    """What leaves on a link: the usual flow before anything beyond it."""
    requests = load(x, at.requests + link)
    i, habitual, legal = n[at.origin + link], least(requests, f[at.flow + link]), n[at.twin + link] - 1
    if legal >= 0:
        habitual = least(requests, most(f[at.flow + legal] - load(x, at.requests + legal), 0.0))
    first = 0.0 * requests
    if at.contracts > 0:
        urgent = _urgent(x, n, at, link, requests, habitual)
        first = urgent * load(x, at.first_fill + i)
        habitual = most(habitual - urgent, 0.0)
        requests = requests - urgent
    return first + habitual * load(x, at.rest_fill + i) + (requests - habitual) * load(x, at.extra_fill + i)


@njit(cache=True, forceinline=True)
def _expire(x, f, n, at, m, q, sent):  # type: ignore[no-untyped-def]
    """Approvals that could not be used and are still valid next week (equation 10)."""
    unused = 1.0 - least(sent / most(load(x, at.askable + q), f[at.tiny]), 1.0)
    granted = load(x, at.usable + q) * unused * load(x, at.keeps + q)
    store(x, at.granted + q, granted)
    store(x, at.waiting + m, load(x, at.waiting + m) + granted)
    return granted


@njit(cache=True)
def _spend(x, n, at, t, g):  # type: ignore[no-untyped-def]
    """Take a group's shipments from its running allocation."""
    count = at.allocations
    used = 0.0 * load(x, at.group_asked + g)
    for k in range(n[at.member_start + g], n[at.member_start + g + 1]):
        used += load(x, at.sent + n[at.member + k]) * load(x, at.customs + n[at.customs_row + n[at.member + k]])
    for a in range(count):
        if n[at.allocation_group + a] == g:
            start, end, left = load(x, at.allocation + a), load(x, at.allocation + count + a), load(x, at.quota_left + a)
            # only the first allocation that runs is spent
            runs = (start <= float(t)) & (end > float(t)) & (used >= 0.0)
            store(x, at.quota_left + a, where(runs, most(left - used, 0.0), left))
            used = where(runs, -1.0, used)


@njit(cache=True)
def _settle(x, f, n, at, keep):  # type: ignore[no-untyped-def]
    """Stocks at the end of the week and expected outflow (equation 16)."""
    per_use = 1.0 / load(x, at.par + USE_WEEKS)
    for m in range(at.markets):
        fill, made, taken, final = load(x, at.rest_fill + m), load(x, at.made + m), load(x, at.taken + m), load(x, at.final + m)
        gone = load(x, at.leaving + m) * fill + load(x, at.spare_asked + m) * load(x, at.extra_fill + m)
        if at.contracts > 0:
            gone += load(x, at.urgent + m) * load(x, at.first_fill + m)
        residual = fill * f[at.residual_out + m] - f[at.residual_in + m]
        used = taken + final
        if n[at.market_row + m] > 0:
            used += load(x, at.purchase + n[at.market_row + m]) * fill
            made += load(x, at.supply + n[at.market_row + m])
            store(x, at.made + m, made)
        stock = most(load(x, at.stock + m) + made - used - gone - residual, 0.0)
        expected, target = load(x, at.expected + m), load(x, at.target + m)
        store(x, at.stock + m, stock)
        store(x, at.supplied + m, made + f[at.residual_in + m])
        store(x, at.expected + m, expected + (load(x, at.wanted + m) + gone + f[at.residual_out + m] - expected) * per_use)
        if keep:
            store(x, at.outlook + m, expected)
            store(x, at.used + m, used)
            store(x, at.residual + m, residual)
        else:
            cover = where(target > NOTHING, stock / most(target, NOTHING), 1.0)
            store(x, at.least_cover + m, least(load(x, at.least_cover + m), cover))


@njit(cache=True)
def _record(x, n, at, t, series):  # type: ignore[no-untyped-def]
    """Write the week's series, a register of columns at a time."""
    for column in range(0, at.columns, x.shape[1]):
        record(x, n, at.shown + column, series, t, column)


@njit(cache=True, nogil=True)
def advance(x, f, n, at, keep, series):  # type: ignore[no-untyped-def]
    """Advance a block of draws from rest: ``keep`` weekly series, in ``series`` (draw, week, column), or else outcomes."""
    _start(x, f, n, at)
    for t in range(at.weeks):
        _act(x, f, n, at, t)
        _quote(x, f, n, at, t)
        _compare(x, f, n, at)
        _order(x, f, n, at, t)
        _quota(x, f, n, at, t)
        _ration(x, f, n, at)
        _produce(x, f, n, at)
        _serve(x, f, n, at, t, keep)
        _ship(x, f, n, at, t, keep)
        _settle(x, f, n, at, keep)
        if keep:
            _record(x, n, at, t, series)
