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
        at.outcome[week] = zero
    at.row[REACH] = maximum(end, where(load(parts.lumpy, d, first) > 0.0, own_end, zero))
    return any_draw(worst > NOISE)


@inlined
def list_deficit(at, count, level, deficit):  # type: ignore[no-untyped-def]
    """List a deficit, unless it is the last one listed of its level; returns the length of the list and its place."""
    if deficit == at.last[level]:
        return count, at.last_place[level]
    numbers(at.listed)[count] = deficit
    at.last[level], at.last_place[level] = deficit, count
    return count + 1, count


@inlined
def list_levels(at, count, groups, negligible, ends):  # type: ignore[no-untyped-def]
    """List the deficits of the licence levels of a week, which fall from level to level; returns lengths of list and groups."""
    levels, last_end, last_step = numbers(at.row), -1.0, -1.0
    for level in range(LICENCE_LEVELS):
        end, step = levels[END * LANES + level], levels[STEP * LANES + level]
        if end <= negligible:
            break
        if not ends and step <= 0.0:  # no output is lost to it in this week
            continue
        if end != last_end or step != last_step:
            count, at.group[groups] = list_deficit(at, count, level, end if ends else end - step / 2.0)
            at.group_share[groups] = 0.0
            groups, last_end, last_step = groups + 1, end, step
        at.group_share[groups - 1] += (1.0 if ends else step) / LICENCE_LEVELS
    return count, groups


@inlined
def list_deficits(at, j, lumpy, negligible, ends):  # type: ignore[no-untyped-def]
    """Equation S1: list of deficits, and of weeks in which one grows; returns their lengths."""
    needs, gaps, missing, totals = numbers(at.need), numbers(at.gap), numbers(at.missing), numbers(at.deficit)
    row, growth = at.row, numbers(at.growth)
    end, count, moving, groups = 0.0, 1, 0, 0
    own_total = own_end = row[LEVEL] * 0.0
    for level in range(LICENCE_LEVELS + 1):
        at.last[level], at.last_place[level] = 0.0, 0
    for week in range(at.weeks):
        before, end = end, totals[week * LANES + j]
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
            at.week[moving], at.first_group[moving], growth[moving], at.own[moving] = week, groups, end - before, 0
            if end > negligible and (ends or end > before):
                count, at.own[moving] = list_deficit(at, count, LICENCE_LEVELS, end if ends else end - (end - before) / 2.0)
            if lumpy > 0.0:
                row[END], row[STEP] = own_end, own_end - own_before
                count, groups = list_levels(at, count, groups, negligible, ends)
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
def of_levels(at, i, listed):  # type: ignore[no-untyped-def]
    """Sum over the licence levels of a week of their shares, each times the share of its parts that are empty."""
    empty, found = numbers(at.empty), 0.0
    for g in range(at.first_group[i], at.first_group[i + 1]):
        emptied = empty[listed + at.group[g]]
        if emptied == 0.0:  # nor are parts of higher levels, which lack less
            break
        found += at.group_share[g] * emptied
    return found


@inlined
def parts_at_end(at, moving, lumpy):  # type: ignore[no-untyped-def]
    """Equation S3: share of a firm's parts that are there at the end of the week, by node."""
    empty, there = numbers(at.empty), numbers(at.there)
    for node in range(FIRM_LEVELS):
        listed, first = node * at.list_length, node * at.growth_length
        for i in range(moving):
            gone = (1.0 - lumpy) * empty[listed + at.own[i]] + lumpy * of_levels(at, i, listed)
            there[first + i] = max(1.0 - gone, 0.0)


@inlined
def parts_in_week(at, moving, lumpy):  # type: ignore[no-untyped-def]
    """Equation S5: share of a firm's parts that are there in the course of the week, by node, with and without those missing pro rata."""
    empty, there, neither = numbers(at.empty), numbers(at.there), numbers(at.neither)
    for node in range(FIRM_LEVELS):
        listed, first = node * at.list_length, node * at.growth_length
        for i in range(moving):
            served = 1.0 - lumpy * min(of_levels(at, i, listed), 1.0)
            there[first + i], neither[first + i] = served, max(served - (1.0 - lumpy) * empty[listed + at.own[i]], 0.0)


@inlined
def mean_of_firms(at, row, number, ends):  # type: ignore[no-untyped-def]
    """Equations S4 and S6 in eight weeks: share of firms that have stopped, or of output lost, mean over the common factor."""
    stride, depth = at.growth_length // LANES, minimum(at.growth[row], 1.0)
    found, gradual = depth * 0.0, not ends and any_draw(depth > 0.0)
    for node in range(FIRM_LEVELS):
        here = node * stride + row
        going = power(at.there[here], number)
        if gradual:
            going = going * (1.0 - depth) + power(at.neither[here], number) * depth
        found = found + (1.0 - going) * at.weights[node]
    return minimum(maximum(found, 0.0), 1.0)


@inlined
def short_demand(at, j, cover, number, spread, firm_share, lumpy, ends):  # type: ignore[no-untyped-def]
    """Stopped firms, or output lost, of one demand in weeks with a growing deficit."""
    middle = scalar_log(max(cover, LEAST_COVER)) - spread**2 / 2.0
    common, width = spread * sqrt(firm_share), max(spread * sqrt(1.0 - firm_share), 1e-6)
    negligible = scalar_exp(middle + common * at.nodes[0] + NEGLIGIBLE * width)
    rows, outcome = numbers(at.row), numbers(at.outcome)
    if rows[REACH * LANES + j] > negligible:
        count, moving = list_deficits(at, j, lumpy, negligible, ends)
        if moving > 0:
            count_empty(at, count, middle, common, width)
            if ends:
                parts_at_end(at, moving, lumpy)
            else:
                parts_in_week(at, moving, lumpy)
            for row in range((moving + LANES - 1) // LANES):
                at.row[END] = mean_of_firms(at, row, number, ends)
                for i in range(row * LANES, min(row * LANES + LANES, moving)):
                    outcome[at.week[i] * LANES + j] = rows[END * LANES + i % LANES]


@inlined
def finish(at, d, first, incomplete, ends, found):  # type: ignore[no-untyped-def]
    """Firms that are not served stand too; what has stopped once is counted, and a part of it goes on with incomplete products (S7)."""
    ending = 1.0 - load(incomplete, d, first)
    ever = ending * 0.0
    for week in range(at.weeks):
        if ends:
            ever = maximum(ever, maximum(at.outcome[week], 1.0 - at.ceiling[week]))
            store(found, week, first, ever)
        else:
            store(found, week, first, 1.0 - ending * (1.0 - minimum(1.0 - at.outcome[week], at.ceiling[week])))


@inlined
def one_draw(at, d, flows, cover, parts, ends, found):  # type: ignore[no-untyped-def]
    """All demands of a draw, block by block; the last block overlaps with the one before."""
    served, arrival, want = flows[0][d], flows[1][d], flows[2][d]
    result, demands = found[d], arrival.shape[1]
    covers, number, spread, share = elements(cover[d]), elements(parts.number[d]), elements(parts.spread[d]), elements(parts.firm_share[d])
    lumpy = elements(parts.lumpy[d])
    for block in range(0, demands, LANES):
        first = min(block, demands - LANES)
        if begin(at, d, first, served, arrival, want, parts):
            for k in range(first, first + LANES):
                short_demand(at, k - first, covers[k], number[k], spread[k], share[k], lumpy[k], ends)
        finish(at, d, first, parts.incomplete, ends, result)


def _compiled_for(digest: int) -> Kernel:
    """Compile the loop over draws; the digest of the source it is compiled from is part of the key of numba's disk cache."""

    @kernel
    def all_draws(work, flows, cover, parts, ends, found):  # type: ignore[no-untyped-def]
        assert digest >= 0
        at = addresses(work)
        for d in range(len(cover)):
            one_draw(at, d, flows, cover, parts, ends, found)

    return all_draws


_all_draws = _compiled_for(source_digest(Path(__file__), Path(__file__).with_name("firm_memory.py")))


def stopped_share(served: Array, arrival: Array, want: Array, cover: Array, parts: PartsModel) -> Array:
    """Share of firms that have stopped (draw, week, demand), as if every demand had critical parts.

    Parameters
    ----------
    served, arrival, want : array (draw, week, demand)
        As in :func:`ytterby.economy.stops`; eight demands at least.
    cover : array (draw, demand)
        Mean cover at the start [weeks].
    parts : PartsModel
        Arrays (draw, demand).
    """
    return _found(served, arrival, want, cover, parts, ends=True)


def output_share(served: Array, arrival: Array, want: Array, cover: Array, parts: PartsModel) -> Array:
    """Output over base output (draw, week, demand), as if every demand had critical parts; parameters as in :func:`stopped_share`.

    What runs out in the course of a week decides on its output, and what has run out at its end on the firms that stand: each needs
    deficits of its own, and most callers read the output alone.
    """
    return _found(served, arrival, want, cover, parts, ends=False)


def _found(served: Array, arrival: Array, want: Array, cover: Array, parts: PartsModel, *, ends: bool) -> Array:
    found = np.empty(arrival.shape)
    _all_draws(work_space(arrival.shape[1]), (served, arrival, want), cover, parts, ends, found)
    return found
