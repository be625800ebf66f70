"""Draws through the compiled weekly step, one or many: blocks of draws that share their structure advance in lock-step.

The bits of a draw depend on that draw alone: not on the others, their number, their order or where they run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ytterby.simulation.block import OUTCOMES, series_columns
from ytterby.simulation.layout import Case, blocks
from ytterby.simulation.reference import Trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.simulation.behaviour import Behaviour
    from ytterby.simulation.block import Block
    from ytterby.simulation.interventions import Interventions
    from ytterby.system.compile import Network


def simulate_each(net: Network, cases: Sequence[Case], weeks: int, dtype: str = "float64") -> Iterator[tuple[int, Trace]]:
    """Number and trace of each draw, as the blocks are done; tonnes in that week, stocks at its end.

    Parameters
    ----------
    net : Network
        Its cover is not used: each case has its own.
    cases : sequence of Case
        What differs between the draws, which are numbered through the cases.
    weeks : int
        Number of weeks.
    dtype : {"float64", "float32"}
        Single precision is for screening: twice as fast, within 1e-4 of final use.
    """
    from ytterby.simulation.lockstep import advance

    for numbers, block in blocks(net, cases, weeks, dtype):
        columns = series_columns(block.at._asdict(), block.lanes.shape[1])
        series = block.series_room()
        advance(*block[:4], True, series)
        for lane, number in enumerate(numbers.tolist()):
            yield number, _trace(block, {name: series[lane][:, at] for name, at in columns.items()}, lane)


def simulate(net: Network, pol: Interventions, par: Behaviour, weeks: int) -> Trace:
    """As :func:`ytterby.simulation.reference.simulate`, compiled."""
    return next(simulate_each(net, [Case(net.cover, pol, par)], weeks))[1]


def _trace(block: Block, series: dict[str, NDArray[np.float64]], lane: int) -> Trace:
    at = block.at
    number = block.ints[at.link_number : at.link_number + at.links]
    starts = block.ints[at.ring_start : at.ring_start + at.links]
    pipeline, queue = np.zeros(at.links), np.zeros(at.links)
    at_sea = block.lanes[at.ring : at.ring + block.ints[at.ring_start + at.links], lane]
    pipeline[number] = np.add.reduceat(at_sea, starts)
    queues = block.lanes[at.queue : at.queue + at.queues * at.slots, lane].reshape(at.queues, at.slots).sum(axis=1)
    queues = queues + block.lanes[at.granted : at.granted + at.queues, lane]
    queue_of = block.ints[at.queue_of : at.queue_of + at.links]
    queue[number] = np.where(queue_of >= 0, np.append(queues, 0.0)[queue_of], 0.0)
    return Trace(**series, pipeline=pipeline, queue=queue)


def outcomes(
    net: Network, cases: Sequence[Case], weeks: int, dtype: str = "float64", markets: NDArray[np.int64] | None = None
) -> dict[str, NDArray[np.float64]]:
    """What the weeks come to in the chosen markets or all, arrays (draw, market) by name of the outcome; no weekly series are kept."""
    from ytterby.simulation.lockstep import advance

    draws = sum(case.draws for case in cases)
    chosen = np.arange(len(net.price)) if markets is None else markets
    found = {name: np.empty((draws, len(chosen)), dtype=dtype) for name in OUTCOMES}
    nothing = np.zeros((0, 0, 0), dtype=dtype)
    for numbers, block in blocks(net, cases, weeks, dtype):
        advance(*block[:4], False, nothing)
        for name, values in found.items():
            values[numbers] = block.rows(name, chosen)
    return found
