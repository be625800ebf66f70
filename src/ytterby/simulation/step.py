"""The weekly step of the market model: the equations, once.

Numbers in parentheses are the equations of ``docs/explanation/model.md``. Every function computes a part of one week for all draws of a
batch: ``s`` is the state, ``net`` the base-year network, ``rules`` the effects of measures, ``par`` the behavioural parameters,
``size`` the numbers of markets, links and so on, ``t`` the week. Fields are declared in :mod:`ytterby.simulation.state`: those of ``s`` and
``par`` hold one number per draw. Links are sorted by destination and demands by market: those of market ``m`` are
``net.first_link[m]`` to ``net.first_link[m + 1]``.

:func:`advance` is the compiled version, in which each number is a vector register of draws. The same code runs in plain Python as
:func:`run`, one draw at a time, for reading and debugging. No branch depends on a draw (:func:`where` selects values instead), no memory
is allocated, and draws do not affect one another.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ytterby import units
from ytterby.simulation.behaviour import MOMENTUM_WEEKS, WEEKS_A_YEAR
from ytterby.simulation.simd import (
    Kernel,
    any_draw,
    clip,
    compiled,
    exp,
    inlined,
    kernel,
    log,
    maximum,
    minimum,
    numbers,
    source_digest,
    view,
    where,
    write_columns,
)
from ytterby.simulation.state import CLOSED_TRUST, DIGEST, MIN_TRUST
from ytterby.units import WEEKS_PER_YEAR

GAP_LIMIT = 3.0
"""Bound of the log stock gap: stocks further than a factor e^3 from the target have no additional effect on the price."""
MIN_COVER, MAX_COVER = float(np.exp(-GAP_LIMIT)), float(np.exp(GAP_LIMIT))
MIN_PRICE = 0.02
"""Price floor as a share of the base price."""
MAX_PRICE = 200.0
"""Price ceiling as a multiple of the base price; choke prices are below it."""
MIN_LOG_PRICE, MAX_LOG_PRICE = float(np.log(MIN_PRICE)), float(np.log(MAX_PRICE))
MAX_HOARD = 3.0
"""Maximum multiple of target covers from hoarding."""
MAX_NEED = 4.0
"""Maximum orders of a buyer as a multiple of its expected outflow."""
MAX_PULL = 5.0
"""Maximum imports of a net producer as a multiple of base imports."""
MAX_WAIT = 52.0
"""Longest wait for a licence that buyers allow for in their stocks [weeks]; they do not wait for what never comes."""
QUARTER = 13
"""Weeks between price adjustments of a contract."""
NOTHING = 1e-12
"""Quantities below this are treated as zero [t/week or t]."""
SHORT, DEAR = 0.01, 1.1
"""A market is disrupted while more than this share of its final use is unmet, or its price is above this multiple of the base."""


@compiled
def begin(s, net, rules, par, size):  # type: ignore[no-untyped-def]
    """Initialise the state fields that have no declared initial value, so that the draws start at rest."""
    for row in range(size.started):
        s.first_row[row] = net.start_value[rules.start_from[row]]
    for link in range(size.links):
        rules.slot[link] = net.ring_start[link]
        for slot in range(net.ring_start[link], net.ring_start[link + 1]):
            s.ring[slot] = net.flow[link]
    for m in range(size.markets):
        cover = net.cover[m]
        s.stock[m] = cover * net.outflow[m] - net.imports[m]
        s.least_cover[m] = cover
        for k in range(net.first_demand[m], net.first_demand[m + 1]):
            s.own_stock[k] = cover * net.use[k]
        for link in range(net.first_link[m], net.first_link[m + 1]):
            s.at_sea[m] += net.flow[link] * (net.sea_weeks[link] + 1.0)
            if rules.legal_link[link] < 0:
                s.declared[m] += net.flow[link]
    for p in range(size.processes):
        response = par.supply_elasticity
        if net.elasticity[p] == 0.0:
            response = par.conversion_elasticity
        elif net.elasticity[p] != 1.0:
            response = net.elasticity[p]
        s.per_width[p] = 1.0 / maximum(net.idle_value[p] / maximum(response, 1e-9), NOTHING)
    for rule in range(size.measures):
        for wait in range(size.slots):
            s.mean_wait[rule] += rules.decision[rule * size.slots + wait] * float(wait)
    for a in range(size.allocations):
        s.quota_left[a] = rules.allocation_tonnes[a]
    for r in range(size.reserves):
        s.reserve_left[r] = rules.reserve_tonnes[r]


@compiled
def apply_effects(s, net, rules, size, t):  # type: ignore[no-untyped-def]
    """Effects of all measures this week: lost shares multiply, all other effects add up (1)."""
    for r in range(size.link_rows):
        s.added_before[r] = s.added_share[r]
    for row in range(size.first_acting, size.last_acting):
        s.first_row[row] = net.start_value[rules.start_from[row]]
    for e in range(size.effects):
        value = rules.level[rules.measure[e] * size.weeks + t] * rules.weight[e]
        if rules.takes[e]:
            s.first_row[rules.acting_row[e]] *= 1.0 - value
        elif rules.adds[e]:
            s.first_row[rules.acting_row[e]] += value
    for r in range(1, size.link_rows):
        s.priority_share[r] = minimum(s.priority_share[r], 1.0)
    for r in range(1, size.market_rows):
        s.local_priority[r] = minimum(s.local_priority[r], 1.0)
        s.cover_factor[r] = exp(s.cover_factor[r])


@compiled
def schedule_decisions(s, rules, size, t):  # type: ignore[no-untyped-def]
    """Times at which applications under each rule are decided, and the strictest rule of each licence queue (10)."""
    delays, decision, decided = numbers(rules.delay), numbers(rules.decision), numbers(s.decided)
    for i in range(size.licensings):
        first = rules.licensing[i] * size.slots
        for k in range(first, first + size.slots):
            s.decided[k] = 0.0
        for draw in range(size.lanes):
            delay = delays[(rules.licensing[i] * size.weeks + t) * size.lanes + draw]
            whole = int(delay)
            part = delay - whole  # a fractional delay is split between two weeks
            for wait in range(size.slots):
                weight = decision[(first + wait) * size.lanes + draw]
                if weight > 0.0:
                    decided[(first + wait + whole) * size.lanes + draw] += weight * (1.0 - part)
                    if part > 0.0:
                        decided[(first + wait + whole + 1) * size.lanes + draw] += weight * part
    for q in range(size.queues):
        strictest, licensed, approval, still_valid, expected_wait = -1.0, 0.0, 1.0, 0.0, 0.0
        for place in range(rules.first_licence[q], rules.first_licence[q + 1]):
            e = rules.licence[place]
            rule = rules.measure[e]
            now = rule * size.weeks + t
            value = rules.level[now] * rules.weight[e]
            stricter = value > licensed
            rate = minimum(rules.approval_rate[now] * rules.extra[e], 1.0)
            licensed = where(stricter, value, licensed)
            approval = where(stricter, rate, approval)
            still_valid = where(stricter, rules.validity[rule], still_valid)
            strictest = where(stricter, float(place), strictest)
            # a refused applicant files again: on average it waits 1 / rate times
            wait = minimum((s.mean_wait[rule] + rules.delay[now]) / maximum(rate, NOTHING), MAX_WAIT)
            expected_wait = maximum(expected_wait, rules.known[now] * rules.weight[e] * wait)
        s.licensed[q] = licensed
        s.approval[q] = approval
        s.still_valid[q] = still_valid
        s.strictest[q] = strictest
        s.usual_wait[q] = expected_wait


@compiled
def update_prices(s, net, rules, par, size, t):  # type: ignore[no-untyped-def]
    """Arrivals, target stocks, reserves and prices (2, 3, 5, 7a, 13)."""
    price_gain, price_drift, import_parity_speed, hoarding = (
        par.price_gain,
        par.price_drift,
        par.import_parity_speed,
        par.hoarding * WEEKS_A_YEAR,
    )
    per_sigma, renewed = 1.0 / par.sigma, 1.0 / par.contract_weeks
    for m in range(size.markets):
        whole = total_share(s, net, rules, m)
        index = receive_imports(s, net, rules, size, m, whole, renewed)
        growth, log_price = s.price_growth[m], s.log_price[m]
        row, expected = rules.market_row[m], s.expected[m]
        if row > 0:
            expected = with_plan(s, net, m, row)
        target = net.cover[m] * clip(1.0 + hoarding * growth, 1.0, MAX_HOARD) * expected
        if row > 0:
            target *= s.cover_factor[row]
        s.target[m] = target
        s.released[m] = 0.0
        if rules.has_reserve[m]:
            release_reserves(s, net, rules, size, t, m)
        cover = s.stock[m] / maximum(target, net.tiny)
        gap = where(target > NOTHING, -log(clip(cover, MIN_COVER, MAX_COVER)), 0.0)
        if row > 0:
            gap *= minimum(s.expected[m] / maximum(expected, net.tiny), 1.0)  # a stock for what does not run yet bids nothing up
        anchor = s.log_anchor[m]
        moved = anchor + price_drift * gap
        if not net.net_producer[m]:
            parity = 0.0
            if net.imports[m] > 0.0 or rules.sourced[m]:
                parity = where(whole > 0.0, -log(maximum(index, net.tiny)) * per_sigma, 0.0)
                if size.potential > 0:
                    parity = log(maximum(1.0 + parity, MIN_PRICE))
            moved += import_parity_speed * (parity - anchor)
        moved = clip(moved, MIN_LOG_PRICE, MAX_LOG_PRICE)
        quoted = clip(moved + price_gain * gap, MIN_LOG_PRICE, MAX_LOG_PRICE)
        s.log_anchor[m] = moved
        s.price_growth[m] = growth + (quoted - log_price - growth) * (1.0 / MOMENTUM_WEEKS)
        s.log_price[m] = quoted
        s.price[m] = net.base_price[m] * exp(quoted)


@inlined
def with_plan(s, net, m, row):  # type: ignore[no-untyped-def]
    """Expected outflow of a market, with what plants that open are to take in beyond the use of the base year (2) [t/week]."""
    planned = s.planned[row]
    return where(planned > 0.0, maximum(s.expected[m], net.outflow[m] + planned), s.expected[m])


@inlined
def total_share(s, net, rules, m):  # type: ignore[no-untyped-def]
    """Sum of a market's purchase shares, including those added by new or expanded suppliers (7a)."""
    total = 0.0
    if net.imports[m] > 0.0:
        total += 1.0
    if rules.sourced[m]:
        for link in range(net.first_link[m], net.first_link[m + 1]):
            if rules.link_row[link] > 0:
                total += s.added_share[rules.link_row[link]]
    return total


@inlined
def receive_imports(s, net, rules, size, m, whole, renewed):  # type: ignore[no-untyped-def]
    """Add arrivals to the stock, update contract and purchase shares (7a); returns the sum in the import price index (3)."""
    floor = CLOSED_TRUST if size.potential > 0 else MIN_TRUST
    arrived, index, usual, declared = 0.0, 0.0, 0.0, s.declared[m]
    # orders for use alone: pipelines follow them and not what was shipped, which a queue holds back
    per_weight = maximum(s.expected[m] - s.own_output[m], 0.0) / maximum(s.total_weight[m], net.tiny)
    per_whole, per_declared = where(whole > 0.0, 1.0 / maximum(whole, net.tiny), 1.0), 1.0 / maximum(declared, NOTHING)
    for link in range(net.first_link[m], net.first_link[m + 1]):
        arrived += s.ring[rules.slot[link]]
        shipped, trust = s.mean_shipped[link], maximum(s.reliability[link], floor)
        wait, share, contract_share = net.sea_weeks[link], net.share[link], s.contract_share[link]
        if rules.legal_link[link] < 0:
            contract_share += where(declared > NOTHING, shipped * per_declared - contract_share, 0.0) * renewed
        row = rules.link_row[link]
        if row > 0:
            contract_share = maximum(contract_share + s.added_share[row] - s.added_before[row], 0.0)
            share += s.added_share[row]
            passes = s.open[row]
            if rules.queue_of[link] >= 0:
                passes = maximum(passes, s.licensed[rules.queue_of[link]])  # what waits in a queue will come
                usual += per_weight * s.link_weight[link] * s.usual_wait[rules.queue_of[link]]
            trust = maximum(minimum(trust, passes), floor)
        share *= per_whole
        if size.potential == 0:
            share += rules.under_contract[link] * (contract_share - share)
        s.trust[link] = trust
        s.contract_share[link] = contract_share
        s.purchase_share[link] = share
        index += share * trust * s.response[link]
        usual += shipped * wait
    s.arrivals[m] = arrived
    s.stock[m] += arrived
    s.at_sea[m] -= arrived
    s.on_order[m] = s.at_sea[m] + s.backlog[m] - usual
    return index


@compiled
def release_reserves(s, net, rules, size, t, m):  # type: ignore[no-untyped-def]
    """Release from a market's reserves when cover is low or the price is high (13) [t]."""
    before, released = s.stock[m], s.released[m]
    for r in range(size.reserves):
        if rules.reserve_market[r] == m:
            given = minimum(rules.reserve_rate[r], s.reserve_left[r])
            dear = where(s.price[m] > rules.reserve_price[r] * net.base_price[m], given, 0.0)
            given = where(before < rules.reserve_cover[r] * s.target[m], given, dear)
            given = where((rules.reserve_start[r] <= float(t)) & (rules.reserve_end[r] > float(t)), given, 0.0)
            s.reserve_left[r] -= given
            released += given
    s.released[m] = released
    s.stock[m] = before + released


@compiled
def compare_suppliers(s, net, rules, par, size):  # type: ignore[no-untyped-def]
    """Delivered price, price response and weight of each link (3, 4, 7)."""
    sigma, sigma_short, reliability_weight = par.sigma, par.sigma_short, par.reliability_weight
    for m in range(size.markets):
        index, total = 0.0, 0.0
        for link in range(net.first_link[m], net.first_link[m + 1]):
            cost = delivered_price(s, net, rules, link)
            s.cost[link] = cost
            if size.potential > 0:
                response = exp(-sigma * (cost - net.base_cost[link]) / net.base_price[m])
            else:
                rise = log(cost * net.per_base_cost[link])
                if net.per_qualification[link] > 0.0:
                    slow = s.slow_response[link]
                    response = exp(slow - sigma_short * rise)
                    s.slow_response[link] = slow + ((sigma_short - sigma) * rise - slow) * net.per_qualification[link]
                else:
                    response = exp(-sigma * rise)
            s.response[link] = response
            trust = s.trust[link]
            weight = s.purchase_share[link] * response
            index += weight * trust
            if any_draw(trust < 1.0):
                weight *= exp(reliability_weight * log(trust))
            if rules.legal_link[link] >= 0:
                weight = 0.0
            s.link_weight[link] = weight
            total += weight
        s.index[m] = index
        s.total_weight[m] = total
    weigh_undeclared_routes(s, net, rules, par, size)


@inlined
def delivered_price(s, net, rules, link):  # type: ignore[no-untyped-def]
    """Price at the origin plus taxes, quota wedge, duties and freight (4) [USD/kg]."""
    border, duty = s.price[net.origin[link]] * net.export_factor[link], net.duty_factor[link]
    row, group = rules.link_row[link], rules.group_of[link]
    if row > 0:
        border *= 1.0 + s.export_duty[row]
    if group >= 0:
        border += s.wedge[group] * rules.customs[rules.customs_row[link]]
    if row > 0:
        duty += s.tariff[row]
    cost = border * duty + net.freight[link]
    if row > 0:
        cost += s.specific[row] + s.entry_charge[row]
    return cost


@compiled
def weigh_undeclared_routes(s, net, rules, par, size):  # type: ignore[no-untyped-def]
    """Weight of undeclared routes, from their gain over the legal link (12)."""
    for k in range(size.undeclared):
        link, legal, m = rules.undeclared_link[k], rules.undeclared_legal[k], rules.undeclared_market[k]
        bare, base_gain = s.price[net.origin[link]] + net.freight[link], rules.undeclared_gain[k]
        gain = (1.0 - bare / s.cost[legal] - base_gain) * (1.0 / (1.0 - base_gain))
        # the gain is computed from the route's own cost: a rent on the legal link makes the undeclared route more attractive, not less
        own = s.purchase_share[legal] * exp(-par.sigma * log(s.cost[link] * net.per_base_cost[legal]))
        weight = own * par.smuggling_seed * clip(gain, 0.0, 1.0)
        weight *= exp(par.reliability_weight * log(s.trust[link]))
        s.link_weight[link] = weight
        s.total_weight[m] += weight


@compiled
def place_orders(s, net, rules, par, size, t):  # type: ignore[no-untyped-def]
    """Import needs, orders and requests for shipment (6, 7, 10)."""
    for m in range(size.markets):
        s.usual_requested[m] = 0.0
        s.extra_requested[m] = 0.0
    if size.contracts > 0:
        for m in range(size.markets):
            s.priority_requested[m] = 0.0
    for g in range(size.groups):
        s.group_requested[g] = 0.0
    for m in range(size.markets):
        rate = import_need(s, net, rules, par, size, m) / maximum(s.total_weight[m], net.tiny)
        s.refused[m] = 0.0
        for link in range(net.first_link[m], net.first_link[m + 1]):
            orders = rate * s.link_weight[link]
            if size.potential > 0 and net.net_producer[m]:
                dearer = s.price[m] - net.base_price[m] - s.cost[link] + net.base_cost[link]
                orders = net.flow[link] * exp(par.import_pull * (dearer * (1.0 / net.base_price[m])))
            if size.contracts > 0:
                orders = maximum(orders, s.bound[rules.link_row[link]])
            s.ordered[link] = orders
            requested = orders
            if rules.link_row[link] > 0:
                q = rules.queue_of[link]
                if q >= 0:
                    requested = apply_for_licence(s, rules, size, t, m, q, orders)
                requested *= s.open[rules.link_row[link]]
            s.requests[link] = requested
            s.hoped[link] = requested
            group = rules.group_of[link]
            if group >= 0:
                s.group_requested[group] += requested * rules.customs[rules.customs_row[link]]
            else:
                add_request(s, net, rules, size, link, requested)


@inlined
def import_need(s, net, rules, par, size, m):  # type: ignore[no-untyped-def]
    """Import need of a market (6) [t/week]."""
    need = 0.0
    if net.imports[m] > 0.0 or rules.sourced[m]:
        if net.net_producer[m]:
            dearer = s.log_price[m] + log(maximum(s.index[m], net.tiny)) * (1.0 / par.sigma)
            need = net.imports[m] * minimum(exp(par.import_pull * dearer), MAX_PULL) + s.refused[m]
        else:
            missing, expected = (s.target[m] - s.stock[m] - s.on_order[m]) * (1.0 / par.restock_weeks), s.expected[m]
            if rules.market_row[m] > 0:
                expected = with_plan(s, net, m, rules.market_row[m])
            need = expected - s.own_output[m] + missing
            if size.potential == 0:
                need += par.reorder * s.unfilled[m] + s.refused[m]
                if rules.market_row[m] > 0:
                    need += s.purchase[rules.market_row[m]]
            need = clip(need, 0.0, MAX_NEED * expected)
    return need


@inlined
def apply_for_licence(s, rules, size, t, m, q, orders):  # type: ignore[no-untyped-def]
    """Request for shipment: orders that need no licence and valid approvals; all others are filed (10).

    The queue holds applications by the week of their decision. What is refused is ordered again next week, from whom the buyer likes.
    """
    now = q * size.slots + t % size.slots
    approval, decided = s.approval[q], s.queue[now]
    s.queue[now] = 0.0
    filed = orders * s.licensed[q]
    waiting = s.backlog[m] - decided - s.granted[q]
    if any_draw(filed > 0.0):
        strictest = s.strictest[q]
        for place in range(rules.first_licence[q], rules.first_licence[q + 1]):
            first = rules.measure[rules.licence[place]] * size.slots
            applied = where(strictest == float(place), filed, 0.0)
            if any_draw(applied > 0.0):
                decided += applied * s.decided[first]
                for k in range(1, size.slots):
                    part = applied * s.decided[first + k]
                    s.queue[q * size.slots + (t + k) % size.slots] += part
                    waiting += part
    s.backlog[m] = waiting
    s.refused[m] += decided * (1.0 - approval)
    usable = decided * approval + s.granted[q]
    s.usable[q] = usable
    s.askable[q] = orders - filed + usable
    return orders - filed + usable


@inlined
def usual_request(s, net, rules, link, requested):  # type: ignore[no-untyped-def]
    """Part of a request within the usual flow of its link."""
    usual, legal = minimum(requested, net.flow[link]), rules.legal_link[link]
    if legal >= 0:  # legal link and undeclared route have the same buyers: the route's usual flow is what the legal link leaves of its own
        usual = minimum(requested, maximum(net.flow[legal] - s.requests[legal], 0.0))
    return usual


@inlined
def priority_request(s, rules, link, requested, usual):  # type: ignore[no-untyped-def]
    """Part of a request that is under contract and has priority (14)."""
    row = rules.link_row[link]
    return maximum(s.priority_share[row] * usual, minimum(requested, s.bound[row]))


@inlined
def add_request(s, net, rules, size, link, requested):  # type: ignore[no-untyped-def]
    """Add a request to the totals of its origin: with priority, within the usual flow, and beyond it (14)."""
    i, usual = net.origin[link], usual_request(s, net, rules, link, requested)
    if size.contracts > 0:
        priority = priority_request(s, rules, link, requested, usual)
        s.priority_requested[i] += priority
        usual = maximum(usual - priority, 0.0)
        requested = requested - priority
    s.usual_requested[i] += usual
    s.extra_requested[i] += requested - usual


@compiled
def apply_quotas(s, net, rules, par, size, t):  # type: ignore[no-untyped-def]
    """Limit requests to what is left of each quota, and update the quota wedge (11)."""
    for g in range(size.groups):
        requested = s.group_requested[g]
        left, pace = allowance(s, rules, par, size, t, g)
        runs = left >= 0.0
        excess = clip(requested / maximum(pace, NOTHING) - 1.0, -1.0, 3.0)
        slow = s.wedge_slow[g]
        scale = rules.group_price[g] + slow
        speed = par.wedge_integral
        if g != size.smuggling:  # the rent of smuggling is not an administered price: it falls as fast as it rises
            speed *= where(excess > 0.0, 1.0, par.wedge_fall)
        slow = where(runs, maximum(slow + speed * scale * excess, 0.0), 0.0)
        jump = where(runs, par.wedge_proportional * scale * maximum(excess, 0.0), 0.0)
        if size.potential > 0:
            jump = 0.0
        s.wedge_slow[g] = slow
        s.wedge[g] = slow + jump
        served = where(runs, minimum(left / maximum(requested, net.tiny), 1.0), 1.0)
        for k in range(rules.first_member[g], rules.first_member[g + 1]):
            link = rules.member[k]
            requests = s.requests[link] * served
            s.requests[link] = requests
            add_request(s, net, rules, size, link, requests)


@inlined
def allowance(s, rules, par, size, t, g):  # type: ignore[no-untyped-def]
    """Remainder of the current quota [t], -1 if there is none, and the pace at which it would be used up [t/week] (11)."""
    left, pace = -1.0, -1.0
    if g == size.smuggling:
        left = par.enforcement * (1.0 / WEEKS_PER_YEAR)
        pace = left
    else:
        for a in range(size.allocations):
            if rules.allocation_group[a] == g:
                start, end = rules.allocation_start[a], rules.allocation_end[a]
                carried, begins = rules.allocation_carried[a], rules.allocation_start[a] == float(t)
                if any_draw(begins & (carried > 0.0)):
                    s.quota_left[a] += where(begins, carried * s.quota_left[a - 1], 0.0)
                rest = s.quota_left[a]
                mean = rules.allocation_tonnes[a] / (end - start)
                runs = (start <= float(t)) & (end > float(t)) & (left < 0.0)
                left = where(runs, rest, left)
                # a used-up quota is no longer traded: the pace does not fall below the allocation's mean weekly rate
                pace = where(runs, maximum(rest / maximum(end - float(t), 2.0), mean), pace)
    return left, pace


@compiled
def ration(s, net, rules, par, size):  # type: ignore[no-untyped-def]
    """Demand of processes and end users (8), and the share of demand and requests that stocks can meet (14)."""
    scale, per_adaptation = par.elasticity_scale, 1.0 / par.adaptation_weeks
    for m in range(size.markets):
        s.inputs_wanted[m] = 0.0
    for p in range(size.processes):
        running = s.activity[p] * s.available[p]
        s.running[p] = running
        for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
            if net.recipe_coefficient[r] < 0.0:
                s.inputs_wanted[net.recipe_market[r]] -= entry_flow(s, net, rules, size, r, running)
    for m in range(size.markets):
        row, stock, wanted, extra = rules.market_row[m], s.stock[m], s.inputs_wanted[m], s.extra_requested[m]
        for k in range(net.first_demand[m], net.first_demand[m + 1]):
            want = desired_use(s, net, rules, size, m, k, scale, per_adaptation)
            s.want[k] = want
            # what a user is refused and has no stock for is no demand on its market: others are not rationed for it
            if rules.demand_row[k] > 0:
                denied = want * (1.0 - s.access[rules.demand_row[k]])
                want -= maximum(denied - s.own_stock[k], 0.0)
            wanted += want
        left, later, local = stock, wanted, s.local_priority[row]
        if size.contracts > 0:
            first = s.priority_requested[m] + local * wanted
            priority_fill = where(first > stock, stock / maximum(first, net.tiny), 1.0)
            left, later = stock - first * priority_fill, (1.0 - local) * wanted
            s.priority_fill[m] = priority_fill
        requested = later + s.usual_requested[m] + net.residual_out[m]
        if row > 0:
            requested += s.purchase[row]
        fill = where(requested > left, left / maximum(requested, net.tiny), 1.0)
        spare = maximum(minimum(left - requested * fill, stock - par.kept_back * s.target[m]), 0.0)
        s.wanted[m] = wanted
        s.fill[m] = fill
        s.local_fill[m] = fill
        if size.contracts > 0:
            s.local_fill[m] = local * priority_fill + (1.0 - local) * fill
        s.extra_fill[m] = where(extra > spare, spare / maximum(extra, net.tiny), 1.0)


@inlined
def desired_use(s, net, rules, size, m, k, scale, per_adaptation):  # type: ignore[no-untyped-def]
    """Final use desired at the current price (8) [t/week]."""
    price, log_price = s.price[m], s.log_price[m]
    slope, shift = scale * net.elasticity_short[k], 0.0
    if rules.demand_row[k] > 0:
        shift = s.demand_shift[rules.demand_row[k]]
    if size.potential > 0:
        return net.use[k] * exp(shift) * maximum(1.0 - slope * (price - net.base_price[m]) * (1.0 / net.base_price[m]), 0.0)
    habit = s.habit[k]
    want = net.use[k] * exp(shift + habit - slope * log_price)
    want *= clip((net.choke[k] - price) * net.per_fade[k], 0.0, 1.0)
    s.habit[k] = habit - (scale * net.elasticity_lasting[k] * log_price + habit) * per_adaptation
    return want


@inlined
def entry_flow(s, net, rules, size, r, activity):  # type: ignore[no-untyped-def]
    """What a recipe entry takes in (negative) or gives out at an activity (9) [t/week]."""
    flow = activity * net.recipe_coefficient[r]
    if size.recipe_rows > 1 and rules.recipe_row[r] > 0:
        flow *= 1.0 + s.gain[rules.recipe_row[r]]
    return flow


@inlined
def floor_margin(s, net, rules, size, t, f, done):  # type: ignore[no-untyped-def]
    """What a price floor adds to the margin of a process that ran at ``done``; notes what is paid (9a) [USD/kg of activity]."""
    price, made = s.price[rules.floor_reference[f]], entry_flow(s, net, rules, size, rules.floor_entry[f], done)
    due = maximum(rules.floor_strike[f] - price, 0.0) - rules.floor_upside[f] * maximum(price - rules.floor_above[f], 0.0)
    due *= minimum(rules.floor_limit[f] / maximum(made, net.tiny), 1.0) * rules.floor_level[f * size.weeks + t]
    s.floor_paid[f] = due * made
    return entry_flow(s, net, rules, size, rules.floor_entry[f], due)


@compiled
def produce(s, net, rules, size, t):  # type: ignore[no-untyped-def]
    """Production, limited by the scarcest input, and the activity of the next week (9, 9a)."""
    for m in range(size.markets):
        s.production[m] = 0.0
        s.inputs_used[m] = 0.0
    for p in range(size.processes):
        done, margin, scarcest = s.running[p], s.added_margin[p], 1.0
        for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
            i = net.recipe_market[r]
            margin += net.recipe_coefficient[r] * (s.price[i] - net.base_price[i])
            if size.recipe_rows > 1 and rules.recipe_row[r] > 0:
                margin += net.recipe_coefficient[r] * s.gain[rules.recipe_row[r]] * s.price[i]
            if net.recipe_coefficient[r] < 0.0:
                scarcest = minimum(scarcest, s.local_fill[i])
        done *= scarcest
        for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
            i = net.recipe_market[r]
            if net.recipe_coefficient[r] < 0.0:
                s.inputs_used[i] -= entry_flow(s, net, rules, size, r, done)
            else:
                s.production[i] += entry_flow(s, net, rules, size, r, done)
        if size.floors > 0:
            for f in range(rules.first_floor[p], rules.first_floor[p + 1]):
                margin += floor_margin(s, net, rules, size, t, f, done)
        lift = clip(margin * s.per_width[p] + s.practice[p], -30.0, 30.0)
        goal = (s.added_capacity[p] + net.capacity[p]) / (1.0 + net.base_odds[p] * exp(-lift))
        s.activity[p] += (goal - s.activity[p]) * net.per_adjust[p]


@compiled
def deliver(s, net, rules, par, size, t, keep):  # type: ignore[no-untyped-def]
    """Deliveries to end users; users who are refused a licence first use their own stocks (14)."""
    per_restock = 1.0 / par.restock_weeks
    for m in range(size.markets):
        fill, final, hope = s.local_fill[m], 0.0, 0.0
        for k in range(net.first_demand[m], net.first_demand[m + 1]):
            want, covered = s.want[k], 0.0
            served = want * fill
            if rules.demand_row[k] > 0:
                access, own = s.access[rules.demand_row[k]], s.own_stock[k]
                denied = want * (1.0 - access)
                covered = minimum(denied, own) * fill
                refill = where(access >= 1.0, per_restock * net.use[k], 0.0)
                s.own_stock[k] = minimum(own - covered + refill, net.cover[m] * net.use[k])
                served = (want - denied) * fill + covered
            final += served
            hope += want
            if keep:
                s.served[k] = served
                s.covered[k] = covered
        s.final_served[m] = final
        if not keep:
            update_outcomes(s, net, m, float(t), hope, hope - final)


@inlined
def update_outcomes(s, net, m, week, want, unmet):  # type: ignore[no-untyped-def]
    """Update the outcomes of a market with this week."""
    share, multiple = unmet / maximum(want, NOTHING), s.price[m] * (1.0 / net.base_price[m])
    worst, peak = s.worst_share[m], s.peak_multiple[m]
    short = share > SHORT
    s.shortfall[m] += unmet
    s.worst_week[m] = where((share > worst) & short, week, s.worst_week[m])
    s.worst_share[m] = maximum(share, worst)
    s.first_week[m] = where(short & (s.first_week[m] < 0.0), week, s.first_week[m])
    s.peak_week[m] = where(multiple > peak, week, s.peak_week[m])
    s.peak_multiple[m] = maximum(multiple, peak)
    s.recovery_week[m] = where(short, week + 1.0, where(multiple > DEAR, week + 1.0, s.recovery_week[m]))


@compiled
def ship(s, net, rules, par, size, t, keep):  # type: ignore[no-untyped-def]
    """Shipments, goods in transit, unfilled orders, deal prices, reliability of suppliers (14-16)."""
    speed = 1.0 / par.reliability_weeks
    reprice = (t + 1) % QUARTER == 0
    for m in range(size.markets):
        unfilled, sea, value, declared = 0.0, 0.0, 0.0, 0.0
        for link in range(net.first_link[m], net.first_link[m + 1]):
            sent = shipment(s, net, rules, size, link)
            hoped = s.hoped[link]
            if rules.queue_of[link] >= 0:
                hoped = hoped - carry_approvals(s, net, m, rules.queue_of[link], sent)
            unfilled += maximum(hoped - sent, 0.0)
            sea += sent
            s.ring[rules.slot[link]] = sent
            rules.slot[link] += 1
            if rules.slot[link] == net.ring_start[link + 1]:
                rules.slot[link] = net.ring_start[link]
            s.mean_shipped[link] += (sent - s.mean_shipped[link]) * speed
            if rules.legal_link[link] < 0:
                declared += s.mean_shipped[link]
            # mean of the weekly fill rates, not ratio of the means, in which weeks with large orders would have more weight
            ordered, reliability = s.ordered[link], s.reliability[link]
            rate = minimum(sent / maximum(ordered, NOTHING), 1.0)
            s.reliability[link] = reliability + where(ordered > NOTHING, rate - reliability, 0.0) * speed
            s.shipped[link] = sent
            if keep:
                c = rules.under_contract[link]
                value += sent * (c * s.contract_price[link] + (1.0 - c) * s.cost[link])
                s.quarter_sum[link] += s.cost[link]
                if reprice:
                    s.contract_price[link] = s.quarter_sum[link] * (1.0 / QUARTER)
                    s.quarter_sum[link] = 0.0
        s.unfilled[m] = unfilled
        s.declared[m] = declared
        s.at_sea[m] += sea
        if keep:
            s.deal[m] = where(sea > NOTHING, value / maximum(sea, NOTHING), np.nan)
    for g in range(size.groups):
        if g != size.smuggling:
            use_quota(s, rules, size, t, g)


@inlined
def shipment(s, net, rules, size, link):  # type: ignore[no-untyped-def]
    """Shipment on a link: quantity under contract, within the usual flow, and beyond it (14) [t/week]."""
    i, requested = net.origin[link], s.requests[link]
    usual, priority = usual_request(s, net, rules, link, requested), 0.0
    if size.contracts > 0:
        part = priority_request(s, rules, link, requested, usual)
        priority = part * s.priority_fill[i]
        usual = maximum(usual - part, 0.0)
        requested = requested - part
    return priority + usual * s.fill[i] + (requested - usual) * s.extra_fill[i]


@inlined
def carry_approvals(s, net, m, q, sent):  # type: ignore[no-untyped-def]
    """Carry over unused approvals that are still valid next week (10)."""
    unused = 1.0 - minimum(sent / maximum(s.askable[q], net.tiny), 1.0)
    granted = s.usable[q] * unused * s.still_valid[q]
    s.granted[q] = granted
    s.backlog[m] += granted
    return granted


@compiled
def use_quota(s, rules, size, t, g):  # type: ignore[no-untyped-def]
    """Deduct a group's shipments from the current allocation (11)."""
    used = 0.0
    for k in range(rules.first_member[g], rules.first_member[g + 1]):
        used += s.shipped[rules.member[k]] * rules.customs[rules.customs_row[rules.member[k]]]
    for a in range(size.allocations):
        if rules.allocation_group[a] == g:
            # only the first current allocation is used
            runs = (rules.allocation_start[a] <= float(t)) & (rules.allocation_end[a] > float(t)) & (used >= 0.0)
            s.quota_left[a] = where(runs, maximum(s.quota_left[a] - used, 0.0), s.quota_left[a])
            used = where(runs, -1.0, used)


@compiled
def close_week(s, net, rules, par, size, keep):  # type: ignore[no-untyped-def]
    """Stocks at the end of the week and expected outflow (16)."""
    per_use = 1.0 / par.use_weeks
    for m in range(size.markets):
        fill, row = s.fill[m], rules.market_row[m]
        gone = s.usual_requested[m] * fill + s.extra_requested[m] * s.extra_fill[m]
        if size.contracts > 0:
            gone += s.priority_requested[m] * s.priority_fill[m]
        residual = fill * net.residual_out[m] - net.residual_in[m]
        consumption = s.inputs_used[m] + s.final_served[m]
        if row > 0:
            consumption += s.purchase[row] * fill
            s.production[m] += s.supply[row]
        stock = maximum(s.stock[m] + s.production[m] - consumption - gone - residual, 0.0)
        expected, target = s.expected[m], s.target[m]
        s.stock[m] = stock
        s.own_output[m] = s.production[m] + net.residual_in[m]
        s.expected[m] = expected + (s.wanted[m] + gone + net.residual_out[m] - expected) * per_use
        if keep:
            s.expected_before[m] = expected
            s.consumption[m] = consumption
            s.residual[m] = residual
        else:
            cover = where(target > NOTHING, stock / maximum(target, NOTHING), 1.0)
            s.least_cover[m] = minimum(s.least_cover[m], cover)


@compiled
def run(rows, floats, ints, layout, keep, series):  # type: ignore[no-untyped-def]
    """Simulate all weeks of a batch of draws, starting at rest."""
    size = layout.size
    s, net = view(rows, floats, ints, layout.state), view(rows, floats, ints, layout.network)
    rules, par = view(rows, floats, ints, layout.rules), view(rows, floats, ints, layout.behaviour)
    begin(s, net, rules, par, size)
    for t in range(size.weeks):
        apply_effects(s, net, rules, size, t)
        schedule_decisions(s, rules, size, t)
        update_prices(s, net, rules, par, size, t)
        compare_suppliers(s, net, rules, par, size)
        place_orders(s, net, rules, par, size, t)
        apply_quotas(s, net, rules, par, size, t)
        ration(s, net, rules, par, size)
        produce(s, net, rules, size, t)
        deliver(s, net, rules, par, size, t, keep)
        ship(s, net, rules, par, size, t, keep)
        close_week(s, net, rules, par, size, keep)
        if keep:
            for column in range(0, size.columns, size.lanes):
                write_columns(rows, rules.shown, series, t, column)


def _compiled_for(fields: int, digest: int) -> Kernel:
    """Compile :func:`run`.

    The digests of the fields and of the source are part of the closure and so of the key of numba's disk cache: code compiled for other
    fields or from another source is not reused.
    """

    @kernel
    def advance(rows, floats, ints, layout, keep, series):  # type: ignore[no-untyped-def]
        assert layout.size.fields == fields + 0 * digest
        run(rows, floats, ints, layout, keep, series)

    return advance


SOURCES = (Path(__file__), *(Path(__file__).with_name(name) for name in ("behaviour.py", "state.py")), Path(units.__file__))
"""What :func:`advance` is compiled from, beside the vectors."""
advance = _compiled_for(DIGEST, source_digest(*SOURCES))
"""Advance a batch of draws from rest; ``keep`` records weekly series in ``series`` (draw, week, column), otherwise only outcomes."""
