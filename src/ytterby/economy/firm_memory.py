"""Memory for the stops of firms: lists of a block of demands, aligned to registers and passed to compiled code as addresses."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.simulation import WIDTH, aligned, elements, inlined, vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

LANES = WIDTH["float64"]
"""Numbers in a register, and demands in a block."""
LICENCE_LEVELS = LANES
"""Midpoints of the integration over the licence draw of a part."""
FIRM_LEVELS = 5
"""Gauss-Hermite nodes of the integration over the common factor of a firm's covers."""
LEVEL, END, STEP, REACH = range(4)
"""Rows of ``Work.row``: levels of the licence draw, with their deficits at the end of a week and the growth of these in it.

The last row holds the largest deficit of each demand of a block.
"""


class Work(NamedTuple):
    """Memory for a block of demands, and for the lists of one of them; what registers read is aligned and filled up to whole ones."""

    row: Array
    need: Array
    """(week, demand) use that a user cannot do without, over base use."""
    gap: Array
    """(week, demand) what is missing of it."""
    missing: Array
    """(week, demand) the same as a share of it."""
    deficit: Array
    """(week, demand) deficit pro rata at the end of the week."""
    ceiling: Array
    """(week, demand) upper bound of output."""
    outcome: Array
    """(week, demand) share of firms that have stopped, or of output lost, in weeks with a growing deficit."""
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
    """(moving,) place of the deficit pro rata of each of these weeks, at its end or in the middle of it."""
    growth: Array
    """(moving,) growth of the deficit pro rata in these weeks."""
    first_group: Places
    """(moving + 1,) first group of levels with equal deficits of each of these weeks."""
    group: Places
    """(group,) place of their deficit, at the end or in the middle of the week."""
    group_share: Array
    """(group,) share of the levels that are in the group; for output times the growth of their deficits."""
    there: Array
    """(node, moving) share of a firm's parts that are there at the end of these weeks; for output in their course, but for parts that
    are missing pro rata."""
    neither: Array
    """(node, moving) share that is there in the course of the week, without those."""


def work_space(weeks: int) -> Work:
    """Memory for demands of so many weeks."""
    count, groups = 1 + weeks * (1 + LICENCE_LEVELS), weeks * LICENCE_LEVELS
    row = aligned(REACH + 1, "float64")
    row[LEVEL] = (np.arange(LICENCE_LEVELS) + 0.5) / LICENCE_LEVELS
    need, gap, missing, deficit, ceiling, outcome = (aligned(weeks, "float64") for _ in range(6))
    return Work(
        row,
        need,
        gap,
        missing,
        deficit,
        ceiling,
        outcome,
        *_firm_levels(),
        last=np.zeros(LICENCE_LEVELS + 1),
        last_place=np.zeros(LICENCE_LEVELS + 1, dtype=np.int64),
        listed=_registers(count),
        empty=_registers(count, FIRM_LEVELS),
        week=np.zeros(weeks, dtype=np.int64),
        own=np.zeros(weeks, dtype=np.int64),
        growth=_registers(weeks),
        first_group=np.zeros(weeks + 1, dtype=np.int64),
        group=np.zeros(groups, dtype=np.int64),
        group_share=np.zeros(groups),
        there=_registers(weeks, FIRM_LEVELS),
        neither=_registers(weeks, FIRM_LEVELS),
    )


@cache
def _firm_levels() -> tuple[Array, Array]:
    """Gauss-Hermite nodes of the common factor of a firm's covers, and their weights (node,)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(FIRM_LEVELS)
    return nodes, weights / weights.sum()


def _registers(count: int, copies: int = 1) -> Array:
    """Zeros, aligned and filled up to whole registers (count,), a number of times one after another."""
    return aligned(-(-count // LANES) * copies, "float64").reshape(-1)


class Addresses(NamedTuple):
    """The memory as addresses: an array that is asked for in a loop would be counted as a reference each time, with a lock."""

    row: Any
    need: Any
    gap: Any
    missing: Any
    deficit: Any
    ceiling: Any
    outcome: Any
    nodes: Any
    weights: Any
    last: Any
    last_place: Any
    listed: Any
    empty: Any
    week: Any
    own: Any
    growth: Any
    first_group: Any
    group: Any
    group_share: Any
    there: Any
    neither: Any
    weeks: int
    list_length: int
    """Length of the list of deficits of a node."""
    growth_length: int
    """Length of the list of weeks of a node."""


@inlined
def addresses(work):  # type: ignore[no-untyped-def]
    """Addresses of what :class:`Work` holds."""
    return Addresses(
        vectors(work.row),
        vectors(work.need),
        vectors(work.gap),
        vectors(work.missing),
        vectors(work.deficit),
        vectors(work.ceiling),
        vectors(work.outcome),
        elements(work.nodes),
        elements(work.weights),
        elements(work.last),
        elements(work.last_place),
        vectors(work.listed),
        vectors(work.empty),
        elements(work.week),
        elements(work.own),
        vectors(work.growth),
        elements(work.first_group),
        elements(work.group),
        elements(work.group_share),
        vectors(work.there),
        vectors(work.neither),
        len(work.gap),
        len(work.listed),
        len(work.growth),
    )
