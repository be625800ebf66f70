"""The weekly step compiled: flat arrays only, equal to :mod:`reference` to rounding.

The only importer of numba. Nothing here allocates inside the weekly loop, logs, or draws random numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from ytterby.simulation.policy import Effect
from ytterby.simulation.reference import (
    CHOKE_SHARE,
    GAP_LIMIT,
    LEAST_PRICE,
    LEAST_TRUST,
    MOMENTUM_WEEKS,
    MOST_HOARD,
    MOST_NEED,
    MOST_PRICE,
    MOST_PULL,
    QUARTER,
    Trace,
    _empty_trace,
)
from ytterby.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from ytterby.simulation.behaviour import Behaviour
    from ytterby.simulation.policy import Policy
    from ytterby.system.compile import Network

OPEN, EXPORT_DUTY, TARIFF, LICENCE = int(Effect.OPEN), int(Effect.EXPORT_DUTY), int(Effect.TARIFF), int(Effect.LICENCE)
OUTAGE, CAPACITY, COVER, DEMAND = int(Effect.OUTAGE), int(Effect.CAPACITY), int(Effect.COVER), int(Effect.DEMAND)
PURCHASE, ACCESS, SPECIFIC = int(Effect.PURCHASE), int(Effect.ACCESS), int(Effect.SPECIFIC)
LOW_GAP, HIGH_GAP = float(np.exp(-GAP_LIMIT)), float(np.exp(GAP_LIMIT))


@njit(cache=True, nogil=True)
def _advance(net, pol, par, weeks, out):  # type: ignore[no-untyped-def]
    """Fill ``out`` (a Trace of zeros) week by week; see :func:`ytterby.simulation.reference.simulate`."""
    M, L, P, K = net.price.size, net.flow.size, net.activity.size, net.use.size
    G, S, E = pol.group_price.size, pol.reserve_market.size, pol.kind.size
    R = net.recipe_market.size
    slots = 1
    for link in range(L):
        slots = max(slots, net.transit[link])

    base_cost = np.empty(L)
    for link in range(L):
        base_cost[link] = net.price[net.origin[link]] * (1.0 + net.export_tax[link]) * (1.0 + net.duty[link]) + net.freight[link]
    cost, contract_price, quarter_sum = base_cost.copy(), base_cost.copy(), np.zeros(L)
    response, preference, trust = np.ones(L), np.empty(L), np.empty(L)
    ordered_mean, shipped_mean, slow_share = net.flow.copy(), net.flow.copy(), np.zeros(L)
    ring = np.zeros((L, slots))
    at_sea = np.zeros(L)
    for link in range(L):
        for slot in range(net.transit[link]):
            ring[link, slot] = net.flow[link]
            at_sea[link] += net.flow[link]
    queues = 0
    for link in range(L):
        queues = max(queues, pol.queue_of[link] + 1)
    Q = pol.queue_length
    queue, queued = np.zeros((queues, Q)), np.zeros(queues)

    open_, export_duty, tariff, specific = np.empty(L), np.empty(L), np.empty(L), np.empty(L)
    licensed, rule, approval = np.empty(L), np.empty(L, np.int64), np.empty(L)
    orders, asked, requests, hoped, shipped = np.empty(L), np.empty(L), np.empty(L), np.empty(L), np.empty(L)
    available, added, running, least = np.empty(P), np.empty(P), np.empty(P), np.empty(P)
    cover, purchase, target, index, weight_sum = np.empty(M), np.empty(M), np.empty(M), np.empty(M), np.empty(M)
    need, fill, wanted, beyond, arrived, made, taken = (
        np.empty(M), np.empty(M), np.empty(M), np.empty(M), np.empty(M), np.empty(M), np.empty(M),
    )  # fmt: skip
    out_mass, deal_value, final, extra, extra_fill = np.empty(M), np.empty(M), np.empty(M), np.empty(M), np.empty(M)
    demand, access, habit, want = np.empty(K), np.empty(K), np.zeros(K), np.empty(K)

    expected, supplied = net.outflow.copy(), net.inflow.copy()
    z, price, momentum, unfilled = np.log(net.price), net.price.copy(), np.zeros(M), np.zeros(M)
    stock = net.cover * net.outflow - net.imports
    own = np.empty(K)
    for k in range(K):
        own[k] = net.cover[net.demand_market[k]] * net.use[k]
    activity = net.activity.copy()
    utilisation, margin0, width = np.empty(P), np.empty(P), np.empty(P)
    for p in range(P):
        utilisation[p] = net.activity[p] / max(net.capacity[p], 1e-300)
        worth, outputs, inputs = 0.0, 0.0, 0.0
        for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
            value = net.recipe_coefficient[r] * net.price[net.recipe_market[r]]
            worth += value
            if value > 0:
                outputs += value
            else:
                inputs -= value
        margin0[p] = worth - net.cost[p]
        slope = net.elasticity[p]
        if slope == 0.0:
            slope = par.conversion_elasticity
        elif slope == 1.0:
            slope = par.supply_elasticity
        width[p] = max((1.0 - utilisation[p]) * max(outputs, inputs) / max(slope, 1e-9), 1e-12)
    wedge_slow, wedge = np.zeros(G), np.zeros(G)
    quota_left, reserve = pol.allocation_tonnes.copy(), pol.reserve_tonnes.copy()

    N = pol.level.shape[0]
    mean_wait = np.zeros(N)
    for measure in range(N):
        for wait in range(pol.decision.shape[1]):
            mean_wait[measure] += pol.decision[measure, wait] * wait

    for t in range(weeks):
        # what acts this week
        for link in range(L):
            open_[link], export_duty[link], tariff[link], specific[link] = 1.0, 0.0, net.duty[link], 0.0
            licensed[link], rule[link], approval[link] = 0.0, -1, 1.0
        for p in range(P):
            available[p], added[p] = 1.0, 0.0
        for m in range(M):
            cover[m], purchase[m] = 0.0, 0.0
        for k in range(K):
            demand[k], access[k] = 0.0, 1.0
        for e in range(E):
            kind, at, measure = pol.kind[e], pol.target[e], pol.measure[e]
            value = pol.level[measure, t] * pol.weight[e]
            if kind == OPEN:
                open_[at] *= 1.0 - value
            elif kind == EXPORT_DUTY:
                export_duty[at] += value
            elif kind == TARIFF:
                tariff[at] += value
            elif kind == SPECIFIC:
                specific[at] += value
            elif kind == LICENCE:
                if value > licensed[at]:
                    licensed[at], rule[at] = value, measure
                    approval[at] = min(1.0, pol.approval[measure] * pol.extra[e])
            elif kind == OUTAGE:
                available[at] *= 1.0 - value
            elif kind == CAPACITY:
                added[at] += value
            elif kind == COVER:
                cover[at] += value
            elif kind == DEMAND:
                demand[at] += value
            elif kind == PURCHASE:
                purchase[at] += value
            elif kind == ACCESS:
                access[at] *= 1.0 - value

        # arrivals, target stocks, reserves
        now = t % slots
        for m in range(M):
            arrived[m], beyond[m], index[m], weight_sum[m] = 0.0, 0.0, 0.0, 0.0
        for link in range(L):
            landed = ring[link, now]
            arrived[net.destination[link]] += landed
            at_sea[link] -= landed
            ring[link, now] = 0.0
        for m in range(M):
            stock[m] += arrived[m]
            hoard = min(max(1.0 + par.hoarding * 52.0 * momentum[m], 1.0), MOST_HOARD)
            target[m] = net.cover[m] * np.exp(cover[m]) * hoard * expected[m]
            out.arrivals[t, m] = arrived[m]
            out.released[t, m] = 0.0
        for s in range(S):
            if pol.reserve_start[s] <= t and t < pol.reserve_end[s]:
                m = pol.reserve_market[s]
                if stock[m] - out.released[t, m] < pol.reserve_cover[s] * target[m] or price[m] > pol.reserve_price[s] * net.price[m]:
                    given = min(pol.reserve_rate[s], reserve[s])
                    reserve[s] -= given
                    out.released[t, m] += given
                    stock[m] += given

        # prices
        for link in range(L):
            reliability = 1.0
            if ordered_mean[link] > 1e-12:
                reliability = min(max(shipped_mean[link] / ordered_mean[link], LEAST_TRUST), 1.0)
            trust[link] = max(min(reliability, open_[link]), LEAST_TRUST)
            index[net.destination[link]] += net.share[link] * trust[link] * response[link]
        for m in range(M):
            gap = 0.0
            if target[m] > 1e-12:
                gap = -np.log(min(max(stock[m] / target[m], LOW_GAP), HIGH_GAP))
            z[m] += par.kappa * gap
            if not net.maker[m]:
                total = max(index[m], 1e-300) if net.imports[m] > 0 else 1.0
                if pol.potential:
                    paid = max(net.price[m] * (1.0 - np.log(total) / par.sigma), LEAST_PRICE * net.price[m])
                    z[m] += par.ka * (np.log(paid) - (z[m] - par.kappa * gap))
                else:
                    z[m] += par.ka * (np.log(net.price[m]) - np.log(total) / par.sigma - (z[m] - par.kappa * gap))
            floor, ceiling = np.log(LEAST_PRICE * net.price[m]), np.log(MOST_PRICE * net.price[m])
            z[m] = min(max(z[m], floor), ceiling)
            quoted = np.exp(min(max(z[m] + par.lam * gap, floor), ceiling))
            momentum[m] += (np.log(quoted / price[m]) - momentum[m]) / MOMENTUM_WEEKS
            price[m] = quoted
            out.price[t, m] = quoted
            index[m] = 0.0
        for link in range(L):
            i, j, g = net.origin[link], net.destination[link], pol.group_of[link]
            rent = wedge[g] * pol.customs[link] if g >= 0 else 0.0
            border = price[i] * (1.0 + net.export_tax[link]) * (1.0 + export_duty[link]) + rent
            cost[link] = border * (1.0 + tariff[link]) + net.freight[link] + specific[link]
            if pol.potential:
                response[link] = np.exp(-par.sigma * (cost[link] - base_cost[link]) / net.price[j])
            else:
                slope = par.sigma_short if net.qualification[link] > 0 else par.sigma
                response[link] = np.exp(-slope * np.log(cost[link] / base_cost[link]) + slow_share[link])
            index[j] += net.share[link] * trust[link] * response[link]
            preference[link] = net.share[link] * response[link]
        for link in range(L):
            legal = pol.twin_of[link]
            if legal >= 0:
                i = net.origin[link]
                gain0 = 1.0 - (net.price[i] + net.freight[link]) / base_cost[legal]
                gain = (1.0 - (price[i] + net.freight[link]) / cost[legal] - gain0) / (1.0 - gain0)
                bare_weight = net.share[legal] * np.exp(-par.sigma * np.log(cost[link] / base_cost[legal]))
                preference[link] = bare_weight * par.smuggling_seed * min(max(gain, 0.0), 1.0)

        # orders
        for link in range(L):
            j = net.destination[link]
            preference[link] *= trust[link] ** par.rho
            weight_sum[j] += preference[link]
            waiting = at_sea[link] - shipped_mean[link] * (net.transit[link] - 1)
            if pol.queue_of[link] >= 0:
                waiting += queued[pol.queue_of[link]]
                if rule[link] >= 0:
                    waiting -= shipped_mean[link] * licensed[link] * (mean_wait[rule[link]] + pol.delay[rule[link], t])
            beyond[j] += waiting
        for m in range(M):
            need[m] = 0.0
            if net.imports[m] <= 0:
                continue
            if net.maker[m]:
                if not pol.potential:
                    paid = net.price[m] * max(index[m], 1e-300) ** (-1.0 / par.sigma)
                    need[m] = net.imports[m] * min((price[m] / paid) ** par.eta, MOST_PULL)
            else:
                short = (target[m] - stock[m] - beyond[m]) / par.restock_weeks
                if pol.potential:
                    short = expected[m] - supplied[m] + short
                else:
                    short = expected[m] - supplied[m] + short + par.reorder * unfilled[m] + purchase[m]
                need[m] = min(max(short, 0.0), MOST_NEED * expected[m])
        for link in range(L):
            j = net.destination[link]
            if pol.potential and net.maker[j]:
                pull = ((price[j] - net.price[j]) - (cost[link] - base_cost[link])) / net.price[j]
                orders[link] = net.flow[link] * np.exp(par.eta * pull)
            else:
                orders[link] = need[j] * preference[link] / max(weight_sum[j], 1e-300)

        # licences
        slot = t % Q
        for link in range(L):
            q = pol.queue_of[link]
            free, refused = orders[link], 0.0
            if q >= 0:
                matured = queue[q, slot]
                queue[q, slot] = 0.0
                queued[q] -= matured
                filed = orders[link] * licensed[link]
                if filed > 0.0:
                    late = pol.delay[rule[link], t]
                    whole = int(late)
                    part = late - whole
                    for wait in range(pol.decision.shape[1]):
                        granted = filed * approval[link] * pol.decision[rule[link], wait]
                        if granted > 0.0:
                            if wait + whole == 0:
                                matured += granted * (1.0 - part)
                            else:
                                queue[q, (slot + wait + whole) % Q] += granted * (1.0 - part)
                                queued[q] += granted * (1.0 - part)
                            if part > 0.0:
                                queue[q, (slot + wait + whole + 1) % Q] += granted * part
                                queued[q] += granted * part
                    refused = filed * (1.0 - approval[link])
                free = orders[link] - filed + matured
            asked[link] = free * open_[link]
            requests[link] = asked[link]
            hoped[link] = asked[link] + refused

        # quotas
        for g in range(G):
            asked_group = 0.0
            for link in range(L):
                if pol.group_of[link] == g:
                    asked_group += requests[link] * pol.customs[link]
            left, pace = -1.0, 0.0
            if g == pol.smuggling_group:
                left = par.enforcement / WEEKS_PER_YEAR
                pace = left
            else:
                for a in range(pol.allocation_group.size):
                    if pol.allocation_group[a] == g and pol.allocation_start[a] <= t and t < pol.allocation_end[a]:
                        left = quota_left[a]
                        mean = pol.allocation_tonnes[a] / (pol.allocation_end[a] - pol.allocation_start[a])
                        pace = max(left / max(pol.allocation_end[a] - t, 2), mean)
                        break
            if left < 0.0:
                wedge_slow[g], wedge[g] = 0.0, 0.0
                continue
            excess = min(max(asked_group / max(pace, 1e-12) - 1.0, -1.0), 3.0)
            scale = pol.group_price[g] + wedge_slow[g]
            speed = par.wedge_integral * (1.0 if excess > 0 else par.wedge_fall)
            wedge_slow[g] = max(0.0, wedge_slow[g] + speed * scale * excess)
            wedge[g] = wedge_slow[g]
            if not pol.potential:
                wedge[g] += par.wedge_proportional * scale * max(excess, 0.0)
            capped = min(1.0, left / max(asked_group, 1e-300))
            for link in range(L):
                if pol.group_of[link] == g:
                    requests[link] *= capped

        # wants and rationing
        for m in range(M):
            wanted[m], made[m], taken[m], out_mass[m], deal_value[m], final[m] = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            unfilled[m], extra[m] = 0.0, 0.0
        for p in range(P):
            running[p] = activity[p] * available[p]
            for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
                if net.recipe_coefficient[r] < 0:
                    wanted[net.recipe_market[r]] -= running[p] * net.recipe_coefficient[r]
        for k in range(K):
            m = net.demand_market[k]
            use = net.use[k] * np.exp(demand[k])
            slope = net.elasticity_short[k] * par.elasticity_scale
            if pol.potential:
                want[k] = use * max(0.0, 1.0 - slope * (price[m] - net.price[m]) / net.price[m])
            else:
                rise = np.log(price[m] / net.price[m])
                fade = min(max((net.choke[k] - price[m]) / (CHOKE_SHARE * net.choke[k]), 0.0), 1.0)
                want[k] = use * np.exp(-slope * rise + habit[k]) * fade
                lasting = net.elasticity_long[k] * par.elasticity_scale
                habit[k] += (-(lasting - slope) * rise - habit[k]) / par.adaptation_weeks
            wanted[m] += want[k]
        for link in range(L):
            habitual = min(requests[link], net.flow[link])
            out_mass[net.origin[link]] += habitual
            extra[net.origin[link]] += requests[link] - habitual
        for m in range(M):
            total = wanted[m] + out_mass[m] + max(net.residual[m], 0.0) + purchase[m]
            fill[m] = stock[m] / max(total, 1e-300) if total > stock[m] else 1.0
            spare = max(min(stock[m] - total * fill[m], stock[m] - par.kept_back * target[m]), 0.0)
            extra_fill[m] = spare / max(extra[m], 1e-300) if extra[m] > spare else 1.0
            out_mass[m] = 0.0

        # production, use, shipment
        for p in range(P):
            least[p] = 1.0
            for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
                if net.recipe_coefficient[r] < 0:
                    least[p] = min(least[p], fill[net.recipe_market[r]])
            done = running[p] * least[p]
            for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
                mass = done * net.recipe_coefficient[r]
                if mass < 0:
                    taken[net.recipe_market[r]] -= mass
                else:
                    made[net.recipe_market[r]] += mass
        for k in range(K):
            m = net.demand_market[k]
            offered = want[k] * fill[m]
            denied = offered * (1.0 - access[k])
            covered = min(denied, own[k])
            refill = net.use[k] / par.restock_weeks if access[k] >= 1.0 else 0.0
            own[k] = min(own[k] - covered + refill, net.cover[m] * net.use[k])
            served = offered - denied + covered
            final[m] += served
            out.want[t, k], out.served[t, k] = want[k], served
        for link in range(L):
            i, j = net.origin[link], net.destination[link]
            habitual = min(requests[link], net.flow[link])
            sent = habitual * fill[i] + (requests[link] - habitual) * extra_fill[i]
            shipped[link] = sent
            out.shipped[t, link] = sent
            out_mass[i] += sent
            unfilled[j] += max(hoped[link] - sent, 0.0)
            ring[link, (t + net.transit[link]) % slots] += sent
            at_sea[link] += sent
        for g in range(G):
            if g != pol.smuggling_group:
                used = 0.0
                for link in range(L):
                    if pol.group_of[link] == g:
                        used += shipped[link] * pol.customs[link]
                for a in range(pol.allocation_group.size):
                    if pol.allocation_group[a] == g and pol.allocation_start[a] <= t and t < pol.allocation_end[a]:
                        quota_left[a] = max(0.0, quota_left[a] - used)
                        break
            out.wedge[t, g] = wedge[g]

        # settle markets
        for m in range(M):
            residual_out = max(net.residual[m], 0.0)
            gained = max(-net.residual[m], 0.0)
            residual = residual_out * fill[m] - gained
            bought = purchase[m] * fill[m]
            stock[m] = max(0.0, stock[m] + made[m] - taken[m] - final[m] - out_mass[m] - residual - bought)
            out.stock[t, m], out.production[t, m], out.residual[t, m] = stock[m], made[m], residual
            out.expected[t, m] = expected[m]
            out.consumption[t, m] = taken[m] + final[m] + bought
            supplied[m] = made[m] + gained
            expected[m] += (wanted[m] + out_mass[m] + residual_out - expected[m]) / par.use_weeks
            out.backlog[t, m], out_mass[m] = 0.0, 0.0

        # memory
        reprice = (t + 1) % QUARTER == 0
        for link in range(L):
            j, sent = net.destination[link], shipped[link]
            deal_value[j] += sent * (pol.contract[link] * contract_price[link] + (1.0 - pol.contract[link]) * cost[link])
            out_mass[j] += sent
            quarter_sum[link] += cost[link]
            if reprice:
                contract_price[link] = quarter_sum[link] / QUARTER
                quarter_sum[link] = 0.0
            ordered_mean[link] += (orders[link] - ordered_mean[link]) / par.reliability_weeks
            shipped_mean[link] += (sent - shipped_mean[link]) / par.reliability_weeks
            if pol.queue_of[link] >= 0:
                out.backlog[t, j] += queued[pol.queue_of[link]]
            if net.qualification[link] > 0 and not pol.potential:
                distance = (par.sigma_short - par.sigma) * np.log(cost[link] / base_cost[link])
                slow_share[link] += (distance - slow_share[link]) / max(net.qualification[link], 1.0)
        for m in range(M):
            out.deal[t, m] = deal_value[m] / out_mass[m] if out_mass[m] > 1e-12 else np.nan
        for p in range(P):
            margin = -net.cost[p]
            for r in range(net.recipe_start[p], net.recipe_start[p + 1]):
                margin += net.recipe_coefficient[r] * price[net.recipe_market[r]]
            u0 = min(max(utilisation[p], 1e-9), 1.0 - 1e-9)
            lift = min(max((margin - margin0[p]) / width[p], -30.0), 30.0)
            goal = (net.capacity[p] + added[p]) / (1.0 + (1.0 - u0) / u0 * np.exp(-lift))
            activity[p] += (goal - activity[p]) / net.adjust[p]

    for link in range(L):
        out.pipeline[link] = at_sea[link]
        out.queue[link] = queued[pol.queue_of[link]] if pol.queue_of[link] >= 0 else 0.0
    return R


def simulate(net: Network, pol: Policy, par: Behaviour, weeks: int) -> Trace:
    """As :func:`ytterby.simulation.reference.simulate`, compiled."""
    trace = _empty_trace(weeks, len(net.price), len(net.flow), len(net.use), len(pol.group_price))
    _advance(net, pol, par, weeks, trace)
    return trace
