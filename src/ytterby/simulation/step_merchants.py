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
FAR = 1e30
"""Above every price."""


@compiled
def open_lanes(s, net, rules, par, size):  # type: ignore[no-untyped-def]
    """What measures leave open of a market's sales to merchants, and what they add on the way out and in (18)."""
    for k in range(size.guarded):
        i, j = rules.guard_origin[k], rules.guard_market[k]
        s.sellable[i] = 1.0
        s.barred[j] = 0.0
        s.leaving[i] = net.leave_factor[i]
        s.per_entry[j] = net.per_enter[j]
        s.lane_cost[j] = net.base_lane_cost[j]
    for k in range(size.guarded):
        link, i, j = rules.guard_link[k], rules.guard_origin[k], rules.guard_market[k]
        row, q, group = rules.link_row[link], rules.queue_of[link], rules.group_of[link]
        passes = s.open[row]
        if q >= 0:
            passes *= 1.0 - s.licensed[q]
            s.barred[j] += s.licensed[q] * par.resale_bar * rules.guard_share[k]
        if group >= 0:
            passes *= 1.0 - s.rationed[group]
        s.sellable[i] = where(passes < 1.0, 0.0, s.sellable[i])  # who restricts a good in part lets nobody carry off his stocks
        s.leaving[i] = maximum(s.leaving[i], net.leave_factor[i] * (1.0 + s.export_duty[row]))
        s.per_entry[j] = minimum(s.per_entry[j], net.per_enter[j] / maximum(1.0 + s.tariff[row] * net.per_enter[j], NOTHING))
        s.lane_cost[j] = maximum(s.lane_cost[j], net.base_lane_cost[j] + s.specific[row] + s.entry_charge[row])


@compiled
def trade_by_merchants(s, net, par, size):  # type: ignore[no-untyped-def]
    """Goods that merchants buy where a good is cheap, bound for where it is dear (18)."""
    per_margin = 1.0 / (1.0 + par.merchant_margin)
    for g in range(size.pools):
        lowest, highest = FAR + 0.0 * per_margin, 0.0 * per_margin
        for k in range(net.first_in_pool[g], net.first_in_pool[g + 1]):
            m = net.in_pool[k]
            price = s.price[m]
            offer, bid = price * s.leaving[m], (price - s.lane_cost[m]) * s.per_entry[m] * per_margin
            s.offer[m] = offer
            s.bid[m] = bid
            s.sold[m] = 0.0
            lowest = minimum(lowest, offer)
            highest = maximum(highest, bid)
        active = highest > lowest
        if any_draw(active):
            buy_and_sell(s, net, par, g, minimum(maximum(s.merchant_price[g], lowest), highest), active)


@inlined
def buy_and_sell(s, net, par, g, level, active):  # type: ignore[no-untyped-def]
    """Move what both sides agree on at the merchants' price: the longer side is served in proportion (18).

    The price approaches the one at which merchants buy as much as they sell by one step a week.
    """
    speed, at_once, per_restock = par.merchant_speed, par.sigma_short / par.sigma, 1.0 / par.restock_weeks
    offered, asked, anchor, bend = 0.0, 0.0, 0.0, 0.0
    for k in range(net.first_in_pool[g], net.first_in_pool[g + 1]):
        m = net.in_pool[k]
        free, gap = goods_to_sell(s, par, m), speed * (1.0 - s.offer[m] / level)
        sold = free * clip(gap, 0.0, 1.0)
        bend += where(gap > 0.0, where(gap < 1.0, free, SATED * free), 0.0)
        wish = maximum(s.expected[m] + (s.target[m] - s.stock[m] - s.on_the_way[m]) * per_restock, 0.0)
        gap = speed * (s.bid[m] / level - 1.0)
        if net.per_lane[m] > 0.0:
            lane = s.lane[m]
            wish *= at_once + (1.0 - at_once) * lane
            s.lane[m] = lane + where(active, where(gap > 0.0, 1.0, 0.0) - lane, 0.0) * net.per_lane[m]
        bought = wish * clip(gap, 0.0, 1.0)
        bend += where(gap > 0.0, where(gap < 1.0, wish, SATED * wish), 0.0)
        s.sold[m], s.bought[m] = sold, bought
        offered += sold
        asked += bought
        anchor += sold * s.log_anchor[m]
    moved = level * clip(1.0 + (asked - offered) / maximum(speed * bend, net.tiny), LEAST_MOVE, MOST_MOVE)
    s.merchant_price[g] = where(active, moved, s.merchant_price[g])
    s.merchant_anchor[g] = where(active & (offered > NOTHING), anchor / maximum(offered, NOTHING), s.merchant_anchor[g])
    volume = where(active, minimum(offered, asked), 0.0)
    of_offers, of_wishes = volume / maximum(offered, NOTHING), volume / maximum(asked, NOTHING)
    for k in range(net.first_in_pool[g], net.first_in_pool[g + 1]):
        m = net.in_pool[k]
        sold = s.sold[m] * of_offers
        s.sold[m] = sold
        s.stock[m] -= sold
        s.on_the_way[m] += s.bought[m] * of_wishes


@inlined
def goods_to_sell(s, par, m):  # type: ignore[no-untyped-def]
    """How much of a market's goods is free to be sold to merchants (18) [t/week]."""
    stock, surplus = s.stock[m], maximum(s.own_output[m] - s.wanted[m] - s.usual_requested[m], 0.0)  # beyond users and usual customers
    free = minimum(stock * par.resale_rate + surplus, stock * MOST_SOLD)
    return free * s.sellable[m] * maximum(1.0 - s.barred[m], 0.0)


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
