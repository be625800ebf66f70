"""Equations S1-S6 of ``docs/explanation/losses.md``, compiled: firms that have stopped, and the output that they lose, demand by demand.

Demands are read in blocks of eight, one in each place of a register. Of each demand that is short the deficits are then listed, each of
them once: of weeks in which one grows, and of levels of the licence draw only where they differ from the level and the week before.
Registers then hold eight deficits, or eight weeks. Deficits at which ``1 - share of empty parts`` rounds to 1 count as none.
"""

from __future__ import annotations

from math import exp as scalar_exp
from math import log as scalar_log
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ytterby.economy.firm_memory import END, FIRM_LEVELS, LANES, LEVEL, LICENCE_LEVELS, REACH, STEP, addresses, work_space
from ytterby.simulation import (
    Kernel,
    any_draw,
    elements,
    exp,
    inlined,
    kernel,
    load,
    log,
    maximum,
    minimum,
    normal,
    numbers,
    source_digest,
    store,
    where,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.economy.parts import PartsModel

    Array = NDArray[np.float64]

NOISE = 1e-9
"""Smaller changes of a deficit are rounding errors [weeks of use]."""
LEAST_COVER = 1e-3
"""Smallest mean cover [weeks]."""
NEGLIGIBLE = -8.4
"""Standard deviations below the mean at which the normal law is less than half a unit in the last place of 1."""
SMALLEST = 1e-300
"""Stands for 0 under a logarithm."""
LOWEST = 0.5 / LICENCE_LEVELS
"""Lowest level of the licence draw: what it lacks is never less than what a higher one lacks."""


@inlined
def power(base, exponent):  # type: ignore[no-untyped-def]
    """Power of numbers of at least 0; most registers hold nothing but ones."""
    if not any_draw(base < 1.0):
        return base
    return where(base > 0.0, exp(log(maximum(base, SMALLEST)) * exponent), 0.0)


@inlined
def begin(at, d, first, served, arrival, want, parts):  # type: ignore[no-untyped-def]
    """Read a block of demands, and sum up what is missing of each pro rata; returns whether any of them lacks anything in any week."""
    must = 1.0 - load(parts.thrift, d, first)
    total = end = worst = zero = own = own_end = must * 0.0
    for week in range(at.weeks):
        wanted = load(want, week, first)
        need = maximum(wanted, must)
        gap = need - load(arrival, week, first)
        total = total + gap
        end, worst = maximum(end, total), maximum(worst, gap)
        missing = gap / maximum(need, 1e-12)
        own = own + where(missing > LOWEST, maximum(gap, need), minimum(gap, 0.0))
        own_end = maximum(own_end, own)
        at.need[week], at.gap[week], at.missing[week], at.deficit[week] = need, gap, missing, end
        at.ceiling[week] = load(served, week, first) * wanted / maximum(need, 1e-12)
        at.stopped[week], at.output[week] = zero, zero + 1.0
    at.row[REACH] = maximum(end, where(load(parts.lumpy, d, first) > 0.0, own_end, zero))
    return any_draw(worst > NOISE)


@inlined
def list_week(at, count, level, end, step):  # type: ignore[no-untyped-def]
    """List a deficit at the end and in the middle of a week, unless the week before ended with it; returns length and both places."""
    listed, at_end = numbers(at.listed), count
    if end == at.last[level]:
        at_end = at.last_place[level]
    else:
        listed[count] = end
        at.last[level], at.last_place[level] = end, count
        count += 1
    if step > 0.0:
        listed[count] = end - step / 2.0
        return count + 1, at_end, count
    return count, at_end, at_end


@inlined
def list_levels(at, count, groups, negligible):  # type: ignore[no-untyped-def]
    """List the deficits of the licence levels of a week, which fall from level to level; returns lengths of list and groups."""
    levels, last_end, last_step = numbers(at.row), -1.0, -1.0
    for level in range(LICENCE_LEVELS):
        end, step = levels[END * LANES + level], levels[STEP * LANES + level]
        if end <= negligible:
            break
        if end != last_end or step != last_step:
            count, at.group[2 * groups], at.group[2 * groups + 1] = list_week(at, count, level, end, step)
            at.group_share[2 * groups] = at.group_share[2 * groups + 1] = 0.0
            groups, last_end, last_step = groups + 1, end, step
        at.group_share[2 * groups - 2] += 1.0 / LICENCE_LEVELS
        at.group_share[2 * groups - 1] += step / LICENCE_LEVELS
    return count, groups


@inlined
def list_deficits(at, j, lumpy, negligible):  # type: ignore[no-untyped-def]
    """Equation S1: list of deficits, and of weeks in which one grows; returns their lengths."""
    needs, gaps, missing, ends = numbers(at.need), numbers(at.gap), numbers(at.missing), numbers(at.deficit)
    row, growth = at.row, numbers(at.growth)
    end, count, moving, groups = 0.0, 1, 0, 0
    own_total = own_end = row[LEVEL] * 0.0
    for level in range(LICENCE_LEVELS + 1):
        at.last[level] = 0.0
    for week in range(at.weeks):
        before, end = end, ends[week * LANES + j]
        grows = end - before > NOISE and end > negligible
        own_before = own_end
        if lumpy > 0.0:
            gap, lacking = gaps[week * LANES + j], missing[week * LANES + j]
            if lacking > LOWEST:
                own_total = own_total + where(row[LEVEL] < lacking, max(gap, needs[week * LANES + j]), min(gap, 0.0))
                own_end = maximum(own_end, own_total)
                grows = any_draw((own_end - own_before > NOISE) & (own_end > negligible)) or grows
            elif gap < 0.0:  # all levels catch up; with less missing than at the lowest level nothing changes for any of them
                own_total = own_total + gap
        if grows:
            at.week[moving], at.first_group[moving], growth[moving] = week, groups, end - before
            at.own[2 * moving] = at.own[2 * moving + 1] = 0
            if end > negligible:
                count, at.own[2 * moving], at.own[2 * moving + 1] = list_week(at, count, LICENCE_LEVELS, end, end - before)
            if lumpy > 0.0:
                row[END], row[STEP] = own_end, own_end - own_before
                count, groups = list_levels(at, count, groups, negligible)
            moving += 1
    at.first_group[moving] = groups
    return count, moving


@inlined
def share_below(deviation):  # type: ignore[no-untyped-def]
    """Normal law, which is 0 where it does not change ``1 - share`` in the whole register."""
    if not any_draw(deviation > NEGLIGIBLE):
        return deviation * 0.0
    return normal(deviation)


@inlined
def count_empty(at, count, middle, common, width):  # type: ignore[no-untyped-def]
    """Equation S2: share of a firm's parts whose cover is at most each of the deficits, by node."""
    first, stride, per_width = numbers(at.empty), at.list_length // LANES, 1.0 / width
    for row in range((count + LANES - 1) // LANES):
        reach = log(maximum(at.listed[row], SMALLEST)) - middle
        for node in range(FIRM_LEVELS):
            at.empty[node * stride + row] = share_below((reach - common * at.nodes[node]) * per_width)
    for node in range(FIRM_LEVELS):
        first[node * at.list_length] = 0.0


@inlined
def count_parts(at, moving, lumpy):  # type: ignore[no-untyped-def]
    """Equations S3 and S5: shares of a firm's parts that are there, by node."""
    empty, shared = numbers(at.empty), 1.0 - lumpy
    running, part_served, neither = numbers(at.running), numbers(at.served), numbers(at.neither)
    for node in range(FIRM_LEVELS):
        listed, first = node * at.list_length, node * at.growth_length
        for i in range(moving):
            blocked, refused = 0.0, 0.0
            for g in range(at.first_group[i], at.first_group[i + 1]):
                emptied = empty[listed + at.group[2 * g]]
                if emptied == 0.0:  # nor are parts of higher levels, which lack less
                    break
                blocked += at.group_share[2 * g] * emptied
                refused += at.group_share[2 * g + 1] * empty[listed + at.group[2 * g + 1]]
            served = 1.0 - lumpy * min(refused, 1.0)
            running[first + i] = max(1.0 - shared * empty[listed + at.own[2 * i]] - lumpy * blocked, 0.0)
            part_served[first + i] = served
            neither[first + i] = max(served - shared * empty[listed + at.own[2 * i + 1]], 0.0)


@inlined
def count_firms(at, j, moving, number):  # type: ignore[no-untyped-def]
    """Equations S4 and S6: shares of firms that have stopped and of output made, means over the common factor."""
    rows, stride, found = at.row, at.growth_length // LANES, numbers(at.row)
    stopped, output = numbers(at.stopped), numbers(at.output)
    for row in range((moving + LANES - 1) // LANES):
        depth = minimum(at.growth[row], 1.0)
        stand = loss = depth * 0.0
        for node in range(FIRM_LEVELS):
            here, weight = node * stride + row, at.weights[node]
            made = power(at.served[here], number) * (1.0 - depth) + power(at.neither[here], number) * depth
            stand = stand + (1.0 - power(at.running[here], number)) * weight
            loss = loss + (1.0 - made) * weight
        rows[END], rows[STEP] = minimum(maximum(stand, 0.0), 1.0), minimum(maximum(loss, 0.0), 1.0)
        for i in range(row * LANES, min(row * LANES + LANES, moving)):
            stopped[at.week[i] * LANES + j] = found[END * LANES + i % LANES]
            output[at.week[i] * LANES + j] = 1.0 - found[STEP * LANES + i % LANES]


@inlined
def short_demand(at, j, cover, number, spread, firm_share, lumpy):  # type: ignore[no-untyped-def]
    """Stopped firms and output of one demand in weeks with a growing deficit."""
    middle = scalar_log(max(cover, LEAST_COVER)) - spread**2 / 2.0
    common, width = spread * sqrt(firm_share), max(spread * sqrt(1.0 - firm_share), 1e-6)
    negligible = scalar_exp(middle + common * at.nodes[0] + NEGLIGIBLE * width)
    reach = numbers(at.row)
    if reach[REACH * LANES + j] > negligible:
        count, moving = list_deficits(at, j, lumpy, negligible)
        if moving > 0:
            count_empty(at, count, middle, common, width)
            count_parts(at, moving, lumpy)
            count_firms(at, j, moving, number)


@inlined
def finish(at, d, first, incomplete, stopped, output):  # type: ignore[no-untyped-def]
    """Firms that are not served stand too; what has stopped once is counted, and a part of it goes on with incomplete products (S7)."""
    ending = 1.0 - load(incomplete, d, first)
    ever = ending * 0.0
    for week in range(at.weeks):
        ever = maximum(ever, maximum(at.stopped[week], 1.0 - at.ceiling[week]))
        store(stopped, week, first, ever)
        store(output, week, first, 1.0 - ending * (1.0 - minimum(at.output[week], at.ceiling[week])))


@inlined
def one_draw(at, d, flows, cover, parts, found):  # type: ignore[no-untyped-def]
    """All demands of a draw, block by block; the last block overlaps with the one before."""
    served, arrival, want = flows[0][d], flows[1][d], flows[2][d]
    stopped, output, demands = found[0][d], found[1][d], arrival.shape[1]
    covers, number, spread, share = elements(cover[d]), elements(parts.number[d]), elements(parts.spread[d]), elements(parts.firm_share[d])
    lumpy = elements(parts.lumpy[d])
    for block in range(0, demands, LANES):
        first = min(block, demands - LANES)
        if begin(at, d, first, served, arrival, want, parts):
            for k in range(first, first + LANES):
                short_demand(at, k - first, covers[k], number[k], spread[k], share[k], lumpy[k])
        finish(at, d, first, parts.incomplete, stopped, output)


def _compiled_for(digest: int) -> Kernel:
    """Compile the loop over draws; the digest of the source it is compiled from is part of the key of numba's disk cache."""

    @kernel
    def all_draws(work, flows, cover, parts, found):  # type: ignore[no-untyped-def]
        assert digest >= 0
        at = addresses(work)
        for d in range(len(cover)):
            one_draw(at, d, flows, cover, parts, found)

    return all_draws


_all_draws = _compiled_for(source_digest(Path(__file__), Path(__file__).with_name("firm_memory.py")))


def stopped_and_output(served: Array, arrival: Array, want: Array, cover: Array, parts: PartsModel) -> tuple[Array, Array]:
    """Share of firms that have stopped, and output, both (draw, week, demand), as if every demand had critical parts.

    Parameters
    ----------
    served, arrival, want : array (draw, week, demand)
        As in :func:`ytterby.economy.stops`; eight demands at least.
    cover : array (draw, demand)
        Mean cover at the start [weeks].
    parts : PartsModel
        Arrays (draw, demand).
    """
    stopped, output = np.empty(arrival.shape), np.empty(arrival.shape)
    _all_draws(work_space(arrival.shape[1]), (served, arrival, want), cover, parts, (stopped, output))
    return stopped, output
