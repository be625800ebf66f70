"""Merchants between regions, and goods of a higher grade that do the work of a lower one: equations (18) and (19).

The functions are compiled into :mod:`ytterby.simulation.step`, which says what their arguments are.
"""

from __future__ import annotations

from ytterby.simulation.kernels import compiled, inlined
from ytterby.simulation.simd import any_draw, clip, maximum, minimum, where
from ytterby.simulation.state import NOTHING

LEAST_MOVE, MOST_MOVE = 0.8, 1.25
"""Bounds of the weekly factor on the merchants' price."""
MOST_SOLD = 0.5
"""Largest share of a market's stock that is sold to merchants in a week."""
SATED = 0.25
"""Weight, in the response to the merchants' price, of those who sell or buy all they can."""


@compiled
def open_lanes(s, net, rules, par, size):  # type: ignore[no-untyped-def]
    """What measures leave open of a market's sales to merchants, and what they add on the way out and in (18)."""
    for k in range(size.guarded):
        i, j = rules.guard_origin[k], rules.guard_market[k]
        s.sellable[i] = 1.0
        s.leaving[i] = 0.0
        s.barred[j] = 0.0
        s.entering[j] = 0.0
        s.entry_cost[j] = 0.0
    for k in range(size.guarded):
        link, i, j = rules.guard_link[k], rules.guard_origin[k], rules.guard_market[k]
        row, q, group = rules.link_row[link], rules.queue_of[link], rules.group_of[link]
        passes = s.open[row]
        if q >= 0:
            passes *= 1.0 - s.licensed[q]
            s.barred[j] += s.licensed[q] * par.resale_bar * rules.guard_share[k]
        if group >= 0:
            passes *= 1.0 - s.rationed[group]
        s.sellable[i] = minimum(s.sellable[i], passes)
        s.leaving[i] = maximum(s.leaving[i], s.export_duty[row])
        s.entering[j] = maximum(s.entering[j], s.tariff[row])
        s.entry_cost[j] = maximum(s.entry_cost[j], s.specific[row] + s.entry_charge[row])


@compiled
def trade_by_merchants(s, net, par, size):  # type: ignore[no-untyped-def]
    """Goods that merchants buy where a good is cheap, bound for where it is dear (18)."""
    at_once = par.sigma_short / par.sigma
    for g in range(size.pools):
        first, last, level = net.first_in_pool[g], net.first_in_pool[g + 1], s.merchant_price[g]
        offered, asked, bend = 0.0, 0.0, 0.0
        for k in range(first, last):
            m = net.in_pool[k]
            quote_to_merchants(s, net, par, m, level, at_once)
            sold, bought = selling(s, par, m, level), buying(s, par, m, level)
            offered += sold
            asked += bought
            bend += response(sold, s.free[m]) + response(bought, s.wish[m])
        active = offered + asked > NOTHING
        if any_draw(active):
            moved = clip(1.0 + (asked - offered) / maximum(par.merchant_speed * bend, net.tiny), LEAST_MOVE, MOST_MOVE)
            level *= where(active, moved, 1.0)
            s.merchant_price[g] = level
            buy_and_sell(s, net, par, g, level, active)


@inlined
def quote_to_merchants(s, net, par, m, level, at_once):  # type: ignore[no-untyped-def]
    """Prices at which a market sells to merchants and buys from them, and how much of it is free or wished for (18)."""
    price = s.price[m]
    s.sold[m] = 0.0
    s.offer[m] = price * net.leave_factor[m] * (1.0 + s.leaving[m])
    paid = (net.enter_factor[m] + s.entering[m]) * (1.0 + par.merchant_margin)
    s.bid[m] = (price - net.lane_cost[m] - s.entry_cost[m]) / paid
    surplus = maximum(s.own_output[m] - s.wanted[m] - s.usual_requested[m], 0.0)  # beyond users and usual customers
    free = minimum(s.stock[m] * par.resale_rate + surplus, s.stock[m] * MOST_SOLD)
    s.free[m] = free * s.sellable[m] * maximum(1.0 - s.barred[m], 0.0)
    wish = s.expected[m]
    if net.per_lane[m] > 0.0:
        lane = s.lane[m]
        wish = wish * (at_once + (1.0 - at_once) * lane)
        s.lane[m] = lane + (where(s.bid[m] > level, 1.0, 0.0) - lane) * net.per_lane[m]
    s.wish[m] = wish


@inlined
def selling(s, par, m, level):  # type: ignore[no-untyped-def]
    """What a market would sell to merchants at their price [t/week]."""
    return s.free[m] * clip(par.merchant_speed * (1.0 - s.offer[m] / level), 0.0, 1.0)


@inlined
def response(moved, most):  # type: ignore[no-untyped-def]
    """Response of what is sold or bought to the merchants' price: next to none of those who already move all they can (18)."""
    return where(moved > 0.0, where(moved < most, most, SATED * most), 0.0)


@inlined
def buying(s, par, m, level):  # type: ignore[no-untyped-def]
    """What a market would buy from merchants at their price [t/week]."""
    return s.wish[m] * clip(par.merchant_speed * (s.bid[m] / level - 1.0), 0.0, 1.0)


@inlined
def buy_and_sell(s, net, par, g, level, active):  # type: ignore[no-untyped-def]
    """Move what both sides agree on: the longer side is served in proportion (18)."""
    first, last = net.first_in_pool[g], net.first_in_pool[g + 1]
    offered, asked, anchor = 0.0, 0.0, 0.0
    for k in range(first, last):
        m = net.in_pool[k]
        sold = selling(s, par, m, level)
        offered += sold
        anchor += sold * s.log_anchor[m]
        asked += buying(s, par, m, level)
    s.merchant_anchor[g] = where(active & (offered > 0.0), anchor / maximum(offered, NOTHING), s.merchant_anchor[g])
    volume = where(active, minimum(offered, asked), 0.0)
    of_offers, of_wishes = volume / maximum(offered, NOTHING), volume / maximum(asked, NOTHING)
    for k in range(first, last):
        m = net.in_pool[k]
        sold = selling(s, par, m, level) * of_offers
        s.stock[m] -= sold
        s.sold[m] = sold
        s.on_the_way[m] += buying(s, par, m, level) * of_wishes


@compiled
def regrade(s, net, par, size):  # type: ignore[no-untyped-def]
    """Goods of a higher grade that are used for a lower one where they are cheaper (19)."""
    for k in range(size.regrades):
        upper, lower = net.upper_grade[k], net.lower_grade[k]
        gain = s.price[lower] / (s.price[upper] * (1.0 + par.merchant_margin)) - 1.0
        moved = s.stock[upper] * par.resale_rate * clip(par.merchant_speed * gain, 0.0, 1.0)
        s.stock[upper] -= moved
        s.stock[lower] += moved
        s.sold[upper] += moved
        s.brought[lower] += moved
