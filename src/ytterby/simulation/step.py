"""The weekly step of the market model: the equations, once. This file holds its frame, its start and its end.

The equations of a week stand in the order in which they are computed in :mod:`~ytterby.simulation.step_prices`,
:mod:`~ytterby.simulation.step_orders` and :mod:`~ytterby.simulation.step_deliveries`.

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

from ytterby import units
from ytterby.simulation.kernels import Kernel, compiled, kernel, source_digest
from ytterby.simulation.simd import maximum, minimum, where
from ytterby.simulation.simd_fields import view, write_columns
from ytterby.simulation.simd_functions import exp
from ytterby.simulation.state import DIGEST, NOTHING
from ytterby.simulation.step_deliveries import deliver, produce, ration, ship
from ytterby.simulation.step_orders import apply_quotas, place_orders, schedule_decisions
from ytterby.simulation.step_prices import compare_suppliers, update_prices


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


PARTS = ("behaviour", "state", "step_deliveries", "step_orders", "step_prices")
SOURCES = (Path(__file__), *(Path(__file__).with_name(f"{name}.py") for name in PARTS), Path(units.__file__))
"""What :func:`advance` is compiled from, beside the vectors."""
advance = _compiled_for(DIGEST, source_digest(*SOURCES))
"""Advance a batch of draws from rest; ``keep`` records weekly series in ``series`` (draw, week, column), otherwise only outcomes."""
