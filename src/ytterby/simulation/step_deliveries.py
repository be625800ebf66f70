"""Who gets what in a week: demand (8), production (9), rationing, deliveries and shipments (14)-(16).

The functions are compiled into :mod:`ytterby.simulation.step`, which says what their arguments are.
"""

from __future__ import annotations

import numpy as np

from ytterby.simulation.kernels import compiled, inlined
from ytterby.simulation.simd import clip, maximum, minimum, where
from ytterby.simulation.simd_functions import exp
from ytterby.simulation.state import NOTHING
from ytterby.simulation.step_orders import priority_request, usual_request

QUARTER = 13
"""Weeks between price adjustments of a contract."""
SHORT, DEAR = 0.01, 1.1
"""A market is disrupted while more than this share of its final use is unmet, or its price is above this multiple of the base."""


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
