"""Draws through the compiled weekly step, one or many: blocks of draws that share their structure advance in lock-step.

The bits of a draw depend on that draw alone: not on the others, their number, their order or where they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.simulation.block import OUTCOMES, WIDTH, Block, Case, block_of, series_sizes, structure
from ytterby.simulation.reference import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.simulation.behaviour import Behaviour
    from ytterby.simulation.policy import Policy
    from ytterby.system.compile import Network


def blocks_of(cases: Sequence[Case], width: int) -> Iterator[list[int]]:
    """Places of draws of one structure, at most ``width`` together."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, case in enumerate(cases):
        alike.setdefault(structure(case.policy), []).append(place)
    for places in alike.values():
        for first in range(0, len(places), width):
            yield places[first : first + width]


def simulate_each(net: Network, cases: Sequence[Case], weeks: int, dtype: str = "float64") -> Iterator[tuple[int, Trace]]:
    """Place and trace of each draw, as the blocks are done; tonnes in that week, stocks at its end.

    Parameters
    ----------
    net : Network
        Its cover is not used: each case has its own.
    cases : sequence of Case
        What differs between the draws.
    weeks : int
        Number of weeks.
    dtype : {"float64", "float32"}
        Single precision is for screening: twice as fast, within 1e-4 of final use.
    """
    from ytterby.simulation.lockstep import advance

    for places in blocks_of(cases, WIDTH[dtype]):
        block = block_of(net, [cases[i] for i in places], weeks, dtype)
        sizes = series_sizes(block.at._asdict())
        series = np.zeros((len(places), weeks, sum(sizes.values())), dtype=dtype)
        advance(*block[:4], True, series)
        for lane, place in enumerate(places):
            yield place, _trace(block, series[lane], sizes, lane)


def simulate(net: Network, pol: Policy, par: Behaviour, weeks: int) -> Trace:
    """As :func:`ytterby.simulation.reference.simulate`, compiled."""
    return next(simulate_each(net, [Case(net.cover, pol, par)], weeks))[1]


def _trace(block: Block, series: NDArray[np.float64], sizes: dict[str, int], lane: int) -> Trace:
    at = block.at
    columns = {name: series[:, (first := getattr(at, f"out_{name}")) : first + size] for name, size in sizes.items()}
    number = block.ints[at.link_number : at.link_number + at.links]
    starts = block.ints[at.ring_start : at.ring_start + at.links]
    pipeline, queue = np.zeros(at.links), np.zeros(at.links)
    pipeline[number] = np.add.reduceat(block.lanes[at.ring : at.queue, lane], starts)
    queues = block.lanes[at.queue : at.queue + at.queues * at.slots, lane].reshape(at.queues, at.slots).sum(axis=1)
    queue_of = block.ints[at.queue_of : at.queue_of + at.links]
    queue[number] = np.where(queue_of >= 0, np.append(queues, 0.0)[queue_of], 0.0)
    return Trace(**columns, pipeline=pipeline, queue=queue)


def outcomes(net: Network, cases: Sequence[Case], weeks: int, dtype: str = "float64") -> dict[str, NDArray[np.float64]]:
    """What the weeks come to in each market, arrays (draw, market) by name of the outcome; no weekly series are kept."""
    from ytterby.simulation.lockstep import advance

    found = {name: np.zeros((len(cases), len(net.price)), dtype=dtype) for name in OUTCOMES}
    nothing = np.zeros((0, 0, 0), dtype=dtype)
    for places in blocks_of(cases, WIDTH[dtype]):
        block = block_of(net, [cases[i] for i in places], weeks, dtype)
        advance(*block[:4], False, nothing)
        for name, values in found.items():
            values[places] = block.rows(name, block.at.markets)
    return found
