"""Prices of a week, arrivals, reserves, and the comparison of suppliers: equations (2)-(5), (7), (12) and (13).

The functions are compiled into :mod:`ytterby.simulation.step`, which says what their arguments are.
"""

from __future__ import annotations

import numpy as np

from ytterby.simulation.behaviour import MOMENTUM_WEEKS, WEEKS_A_YEAR
from ytterby.simulation.kernels import compiled, inlined
from ytterby.simulation.simd import any_draw, clip, maximum, minimum, where
from ytterby.simulation.simd_functions import exp, log
from ytterby.simulation.state import CLOSED_TRUST, MIN_TRUST, NOTHING

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
