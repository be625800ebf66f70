"""Orders, licences and quotas of a week: equations (6), (7), (10), (11), and requests by priority (14).

The functions are compiled into :mod:`ytterby.simulation.step`, which says what their arguments are.
"""

from __future__ import annotations

from ytterby.simulation.kernels import compiled, inlined
from ytterby.simulation.simd import any_draw, clip, maximum, minimum, where
from ytterby.simulation.simd_fields import numbers
from ytterby.simulation.simd_functions import exp, log
from ytterby.simulation.state import NOTHING
from ytterby.simulation.step_prices import with_plan
from ytterby.units import WEEKS_PER_YEAR

MAX_NEED = 4.0
"""Maximum orders of a buyer as a multiple of its expected outflow."""
MAX_PULL = 5.0
"""Maximum imports of a net producer as a multiple of base imports."""
MAX_WAIT = 52.0
"""Longest wait for a licence that buyers allow for in their stocks [weeks]; they do not wait for what never comes."""


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
