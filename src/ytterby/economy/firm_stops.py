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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation import (
    WIDTH,
    Kernel,
    aligned,
    any_draw,
    compiled,
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
    vectors,
    where,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ytterby.economy.production_stops import PartsModel

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

LANES = WIDTH["float64"]
"""Numbers in a register, and demands in a block."""
LICENCE_LEVELS = LANES
"""Midpoints of the integration over the licence draw of a part."""
FIRM_LEVELS = 5
"""Gauss-Hermite nodes of the integration over the common factor of a firm's covers."""
NOISE = 1e-9
"""Smaller changes of a deficit are rounding errors [weeks of use]."""
LEAST_COVER = 1e-3
"""Smallest mean cover [weeks]."""
NEGLIGIBLE = -8.4
"""Standard deviations below the mean at which the normal law is less than half a unit in the last place of 1."""
SMALLEST = 1e-300
"""Stands for 0 under a logarithm."""
LEVEL, END, STEP = range(3)
"""Rows of ``Work.row``: levels of the licence draw, with their deficits at the end of a week and the growth of these in it."""


class Work(NamedTuple):
    """Memory for a block of demands, and for the lists of one of them; what registers read is aligned and filled up to whole ones."""

    row: Array
    need: Array
    """(week, demand) use that a user cannot do without, over base use."""
    gap: Array
    """(week, demand) what is missing of it."""
    deficit: Array
    """(week, demand) deficit pro rata at the end of the week."""
    ceiling: Array
    """(week, demand) upper bound of output."""
    stopped: Array
    """(week, demand)"""
    output: Array
    """(week, demand)"""
    nodes: Array
    """(node,) of the common factor, and their weights."""
    weights: Array
    last: Array
    """(level + 1,) last listed deficit of each level and, at the end, pro rata; and its place in the list."""
    last_place: Places
    listed: Array
    """(count,) list of deficits, the first of them 0."""
    empty: Array
    """(node, count) share of a firm's parts that are empty at each deficit."""
    week: Places
    """(moving,) weeks with a growing deficit."""
    own: Places
    """(moving, 2) places of the deficits pro rata at the end and in the middle of these weeks."""
    growth: Array
    """(moving,) growth of the deficit pro rata in these weeks."""
    first_group: Places
    """(moving + 1,) first group of levels with equal deficits of each of these weeks."""
    group: Places
    """(group, 2) places of their deficits at the end and in the middle of the week."""
    group_share: Array
    """(group, 2) share of the levels that are in the group, and times the growth of their deficits."""
    running: Array
    """(node, moving) share of a firm's parts that are there at the end of these weeks."""
    served: Array
    """(node, moving) share that is there in the course of the week, but for parts that are missing pro rata."""
    neither: Array
    """(node, moving) share that is there in the course of the week."""


def work_space(weeks: int) -> Work:
    """Memory for demands of so many weeks."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(FIRM_LEVELS)
    count, groups = 1 + 2 * weeks * (1 + LICENCE_LEVELS), weeks * LICENCE_LEVELS
    row = aligned(STEP + 1, "float64")
    row[LEVEL] = (np.arange(LICENCE_LEVELS) + 0.5) / LICENCE_LEVELS
    need, gap, deficit, ceiling, stopped, output = (aligned(weeks, "float64") for _ in range(6))
    return Work(
        row,
        need,
        gap,
        deficit,
        ceiling,
        stopped,
        output,
        nodes,
        weights / weights.sum(),
        last=np.zeros(LICENCE_LEVELS + 1),
        last_place=np.zeros(LICENCE_LEVELS + 1, dtype=np.int64),
        listed=_registers(count),
        empty=_registers(count, FIRM_LEVELS),
        week=np.zeros(weeks, dtype=np.int64),
        own=np.zeros((weeks, 2), dtype=np.int64),
        growth=_registers(weeks),
        first_group=np.zeros(weeks + 1, dtype=np.int64),
        group=np.zeros((groups, 2), dtype=np.int64),
        group_share=np.zeros((groups, 2)),
        running=_registers(weeks, FIRM_LEVELS),
        served=_registers(weeks, FIRM_LEVELS),
        neither=_registers(weeks, FIRM_LEVELS),
    )


def _registers(count: int, copies: int = 1) -> Array:
    """Zeros, aligned and filled up to whole registers (count,), a number of times one after another."""
    return aligned(-(-count // LANES) * copies, "float64").reshape(-1)


@inlined
def power(base, exponent):  # type: ignore[no-untyped-def]
    """Power of numbers of at least 0."""
    return where(base > 0.0, exp(log(maximum(base, SMALLEST)) * exponent), 0.0)


@compiled
def begin(work, d, first, served, arrival, want, parts):  # type: ignore[no-untyped-def]
    """Read a block of demands, and sum up what is missing of each pro rata; returns whether any of them lacks anything in any week."""
    need_row, gap_row, deficit, ceiling = vectors(work.need), vectors(work.gap), vectors(work.deficit), vectors(work.ceiling)
    stopped, output = vectors(work.stopped), vectors(work.output)
    served, arrival, want, must = served[d], arrival[d], want[d], 1.0 - load(parts.thrift, d, first)
    total = end = worst = zero = must * 0.0
    for week in range(len(arrival)):
        wanted = load(want, week, first)
        need = maximum(wanted, must)
        gap = need - load(arrival, week, first)
        total = total + gap
        end, worst = maximum(end, total), maximum(worst, gap)
        need_row[week], gap_row[week], deficit[week] = need, gap, end
        ceiling[week] = load(served, week, first) * wanted / maximum(need, 1e-12)
        stopped[week], output[week] = zero, zero + 1.0
    return any_draw(worst > NOISE)


@compiled
def list_week(work, listed, count, level, end, step):  # type: ignore[no-untyped-def]
    """List a deficit at the end and in the middle of a week, unless the week before ended with it; returns length and both places."""
    at_end, known = count, end == work.last[level]
    if known:
        at_end = work.last_place[level]
    else:
        listed[count] = end
        work.last[level], work.last_place[level] = end, count
        count += 1
    if step > 0.0:
        listed[count] = end - step / 2.0
        return count + 1, at_end, count
    return count, at_end, at_end


@compiled
def list_levels(work, listed, levels, count, groups, negligible):  # type: ignore[no-untyped-def]
    """List the deficits of the licence levels of a week, which fall from level to level; returns lengths of list and groups."""
    last_end, last_step = -1.0, -1.0
    for level in range(LICENCE_LEVELS):
        end, step = levels[END * LANES + level], levels[STEP * LANES + level]
        if end <= negligible:
            break
        if end != last_end or step != last_step:
            count, work.group[groups, 0], work.group[groups, 1] = list_week(work, listed, count, level, end, step)
            work.group_share[groups, 0] = work.group_share[groups, 1] = 0.0
            groups, last_end, last_step = groups + 1, end, step
        work.group_share[groups - 1, 0] += 1.0 / LICENCE_LEVELS
        work.group_share[groups - 1, 1] += step / LICENCE_LEVELS
    return count, groups


@compiled
def list_deficits(work, j, lumpy, negligible):  # type: ignore[no-untyped-def]
    """Equation S1: list of deficits, and of weeks in which one grows; returns their lengths."""
    row, own_growth, listed = vectors(work.row), numbers(vectors(work.growth)), numbers(vectors(work.listed))
    needs, gaps, ends = numbers(vectors(work.need)), numbers(vectors(work.gap)), numbers(vectors(work.deficit))
    levels = numbers(row)
    end, count, moving, groups = 0.0, 1, 0, 0
    own_total = own_end = row[LEVEL] * 0.0
    work.last[:] = 0.0
    for week in range(len(work.gap)):
        before, end = end, ends[week * LANES + j]
        grows = end - before > NOISE and end > negligible
        if lumpy > 0.0:
            need, gap = needs[week * LANES + j], gaps[week * LANES + j]
            own_total = own_total + where(row[LEVEL] < gap / max(need, 1e-12), max(gap, need), min(gap, 0.0))
            own_before, own_end = own_end, maximum(own_end, own_total)
            grows = any_draw(own_end - own_before > NOISE) or grows
        if grows:
            work.week[moving], work.first_group[moving], own_growth[moving] = week, groups, end - before
            work.own[moving, 0] = work.own[moving, 1] = 0
            if end > negligible:
                count, work.own[moving, 0], work.own[moving, 1] = list_week(work, listed, count, LICENCE_LEVELS, end, end - before)
            if lumpy > 0.0:
                row[END], row[STEP] = own_end, own_end - own_before
                count, groups = list_levels(work, listed, levels, count, groups, negligible)
            moving += 1
    work.first_group[moving] = groups
    return count, moving


@compiled
def count_empty(work, count, middle, common, width):  # type: ignore[no-untyped-def]
    """Equation S2: share of a firm's parts whose cover is at most each of the deficits, by node."""
    listed, empty, stride = vectors(work.listed), vectors(work.empty), len(work.listed) // LANES
    per_width = 1.0 / width
    for row in range((count + LANES - 1) // LANES):
        reach = log(maximum(listed[row], SMALLEST)) - middle
        for node in range(FIRM_LEVELS):
            empty[node * stride + row] = normal((reach - common * work.nodes[node]) * per_width)
    for node in range(FIRM_LEVELS):
        work.empty[node * len(work.listed)] = 0.0


@compiled
def count_parts(work, moving, lumpy):  # type: ignore[no-untyped-def]
    """Equations S3 and S5: shares of a firm's parts that are there, by node."""
    empty, shared = numbers(vectors(work.empty)), 1.0 - lumpy
    running, part_served, neither = numbers(vectors(work.running)), numbers(vectors(work.served)), numbers(vectors(work.neither))
    for node in range(FIRM_LEVELS):
        at, first = node * len(work.listed), node * len(work.growth)
        for i in range(moving):
            blocked, refused = 0.0, 0.0
            for g in range(work.first_group[i], work.first_group[i + 1]):
                blocked += work.group_share[g, 0] * empty[at + work.group[g, 0]]
                refused += work.group_share[g, 1] * empty[at + work.group[g, 1]]
            served = 1.0 - lumpy * min(refused, 1.0)
            running[first + i] = max(1.0 - shared * empty[at + work.own[i, 0]] - lumpy * blocked, 0.0)
            part_served[first + i] = served
            neither[first + i] = max(served - shared * empty[at + work.own[i, 1]], 0.0)


@compiled
def count_firms(work, j, moving, number):  # type: ignore[no-untyped-def]
    """Equations S4 and S6: shares of firms that have stopped and of output made, means over the common factor."""
    running, served, neither = vectors(work.running), vectors(work.served), vectors(work.neither)
    rows, growth, stride = vectors(work.row), vectors(work.growth), len(work.growth) // LANES
    for row in range((moving + LANES - 1) // LANES):
        depth = minimum(growth[row], 1.0)
        stand = loss = depth * 0.0
        for node in range(FIRM_LEVELS):
            at, weight = node * stride + row, work.weights[node]
            made = power(served[at], number) * (1.0 - depth) + power(neither[at], number) * depth
            stand = stand + (1.0 - power(running[at], number)) * weight
            loss = loss + (1.0 - made) * weight
        rows[END], rows[STEP] = minimum(maximum(stand, 0.0), 1.0), minimum(maximum(loss, 0.0), 1.0)
        for i in range(row * LANES, min(row * LANES + LANES, moving)):
            work.stopped[work.week[i], j] = work.row[END, i % LANES]
            work.output[work.week[i], j] = 1.0 - work.row[STEP, i % LANES]


@compiled
def short_demand(work, j, cover, number, spread, firm_share, lumpy):  # type: ignore[no-untyped-def]
    """Stopped firms and output of one demand in weeks with a growing deficit."""
    middle = scalar_log(max(cover, LEAST_COVER)) - spread**2 / 2.0
    common, width = spread * sqrt(firm_share), max(spread * sqrt(1.0 - firm_share), 1e-6)
    negligible = scalar_exp(middle + common * work.nodes[0] + NEGLIGIBLE * width)
    count, moving = list_deficits(work, j, lumpy, negligible)
    if moving > 0:
        count_empty(work, count, middle, common, width)
        count_parts(work, moving, lumpy)
        count_firms(work, j, moving, number)


@compiled
def finish(work, d, first, incomplete, stopped, output):  # type: ignore[no-untyped-def]
    """Firms that are not served stand too; what has stopped once is counted, and a part of it goes on with incomplete products (S7)."""
    ceiling, stand, made = vectors(work.ceiling), vectors(work.stopped), vectors(work.output)
    stopped, output, ending = stopped[d], output[d], 1.0 - load(incomplete, d, first)
    ever = ending * 0.0
    for week in range(len(stopped)):
        ever = maximum(ever, maximum(stand[week], 1.0 - ceiling[week]))
        store(stopped, week, first, ever)
        store(output, week, first, 1.0 - ending * (1.0 - minimum(made[week], ceiling[week])))


@compiled
def one_draw(work, d, served, arrival, want, cover, parts, stopped, output):  # type: ignore[no-untyped-def]
    """All demands of a draw, block by block; the last block overlaps with the one before."""
    demands = arrival.shape[2]
    for block in range(0, demands, LANES):
        first = min(block, demands - LANES)
        if begin(work, d, first, served, arrival, want, parts):
            for k in range(first, first + LANES):
                number, spread, share, lumpy = parts.number[d, k], parts.spread[d, k], parts.firm_share[d, k], parts.lumpy[d, k]
                short_demand(work, k - first, cover[d, k], number, spread, share, lumpy)
        finish(work, d, first, parts.incomplete, stopped, output)


def _compiled_for(digest: int) -> Kernel:
    """Compile the loop over draws; the digest of the source it is compiled from is part of the key of numba's disk cache."""

    @kernel
    def all_draws(work, served, arrival, want, cover, parts, stopped, output):  # type: ignore[no-untyped-def]
        assert digest >= 0
        for d in range(len(arrival)):
            one_draw(work, d, served, arrival, want, cover, parts, stopped, output)

    return all_draws


_all_draws = _compiled_for(source_digest(Path(__file__)))


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
    _all_draws(work_space(arrival.shape[1]), served, arrival, want, cover, parts, stopped, output)
    return stopped, output
