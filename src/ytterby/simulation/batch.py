"""Batches of draws for the weekly step: draws of the same structure are simulated together, as many as a vector register holds.

The bits of a draw depend on that draw alone: not on the others, their number, their order or where they run.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, nullcontext
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.simulation.layout import LaidOutStructure, empty_batch
from ytterby.simulation.registers import WIDTH, aligned
from ytterby.simulation.state import DRAWN, OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ytterby.simulation.behaviour import Behaviour
    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.layout import Batch
    from ytterby.system import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Array = NDArray[Any]


class Case(NamedTuple):
    """Inputs of the step for one draw, or for several draws of the same structure, whose arrays then have a leading draw axis."""

    cover: Floats
    """Target cover of each market (..., M) [weeks]; with several draws it always has the draw axis."""
    policy: Interventions
    behaviour: Behaviour

    @property
    def draws(self) -> int:
        """Number of draws in this case."""
        return len(self.cover) if self.cover.ndim > 1 else 1

    def of(self, draw: int) -> Case:
        """Case of a single draw, by its position."""
        if self.cover.ndim == 1:
            return self
        return Case(self.cover[draw], self.policy.of(draw), self.behaviour.of(draw))


class Trace(NamedTuple):
    """Weekly series of a run; tonnes in that week, stocks at its end."""

    price: Floats  # (W, M)
    stock: Floats  # (W, M)
    expected: Floats  # (W, M) expected outflow, whose cover is the target stock
    production: Floats  # (W, M)
    arrivals: Floats  # (W, M) imports that arrived
    released: Floats  # (W, M) from reserves
    consumption: Floats  # (W, M) process inputs and final use
    residual: Floats  # (W, M)
    deal: Floats  # (W, M) volume-weighted price of what was shipped to the market, nan if nothing
    backlog: Floats  # (W, M) tonnes waiting for a licence, or to be shipped under one
    shipped: Floats  # (W, L)
    want: Floats  # (W, K)
    served: Floats  # (W, K)
    covered: Floats  # (W, K) part of what was served that users who are refused took from their own stocks
    wedge: Floats  # (W, G) USD/kg
    paid: Floats  # (W, F) under price floors [kUSD/week], negative where an upside is paid back
    pipeline: Floats  # (L,) tonnes at sea at the end
    queue: Floats  # (L,) tonnes in the licence queue or approved and not shipped at the end


class SeriesMemory:
    """Memory for weekly series that batches use one after another; fresh pages would cost more time than the step itself."""

    def __init__(self) -> None:
        self._rows: dict[str, Floats] = {}

    def series(self, batch: Batch) -> Floats:
        """Array (draws, weeks, columns) with any content; it is valid until the next call."""
        dtype, width = batch.rows.dtype.name, batch.rows.shape[1]
        count = prod(batch.series_shape) // width
        if dtype not in self._rows or len(self._rows[dtype]) < count:
            self._rows[dtype] = aligned(count // batch.draws * width, dtype)
        return self._rows[dtype][:count].reshape(batch.series_shape)


_SPARE: deque[SeriesMemory] = deque()
"""Memories that no simulation uses at the moment; a deque may be shared by threads."""


@contextmanager
def _series_memory() -> Iterator[SeriesMemory]:
    """Memory of this simulation alone, taken from the spare ones and given back."""
    try:
        memory = _SPARE.pop()
    except IndexError:
        memory = SeriesMemory()
    try:
        yield memory
    finally:
        _SPARE.append(memory)


def structure_key(policy: Interventions) -> tuple[object, ...]:
    """Key that is equal for draws which can run in one batch."""
    effects = (policy.kind, policy.target, policy.measure)
    links = (policy.queue_of, policy.group_of, policy.legal_link_of)
    arrays = (*effects, *links, policy.allocation_group, policy.reserve_market, policy.floor_entry, policy.floor_reference)
    return (policy.smuggling_group, policy.potential, policy.level.shape[-2:], *(array.tobytes() for array in arrays))


def batches(net: Network, cases: Sequence[Case], weeks: int, dtype: str = "float64") -> Iterator[tuple[Ints, Batch]]:
    """Batches of draws, each with the numbers of its draws (counted over all cases). Memory is reused: each batch overwrites the last.

    Parameters
    ----------
    net : Network
        Its cover is not used: each case has its own.
    cases : sequence of Case
        Draws of several structures may mix.
    weeks : int
        Number of weeks.
    dtype : {"float64", "float32"}
        Format of the numbers.
    """
    alike: dict[tuple[object, ...], list[tuple[int, Case]]] = {}
    first = 0
    for case in cases:
        alike.setdefault(structure_key(case.policy), []).append((first, case))
        first += case.draws
    for group in alike.values():
        numbers = np.concatenate([np.arange(first, first + case.draws) for first, case in group])
        slots = max(case.policy.queue_length for _, case in group)
        yield from _filled(LaidOutStructure(net, group[0][1].policy, weeks, slots, dtype), [case for _, case in group], numbers)


def _filled(b: LaidOutStructure, cases: Sequence[Case], numbers: Ints) -> Iterator[tuple[Ints, Batch]]:
    """Batches of draws of one structure; unused positions of the last batch repeat its first draw. Shared fields are filled once."""
    empty, drawn = empty_batch(b), _together(cases, [_drawn(case, b) for case in cases])
    width = WIDTH[b.dtype]
    places = {"behaviour": 0} | empty.layout.network._asdict() | empty.layout.rules._asdict()
    with np.errstate(over="ignore"):  # a trigger that never fires is infinite in single precision
        for first in range(0, len(numbers), width):
            here = numbers[first : first + width]
            for name, values in drawn.items():
                if first == 0 or len(values) > 1:
                    part = values[first : first + width].T
                    rows = empty.rows[places[name] :][: len(part)]
                    rows[:, : part.shape[1]] = part
                    rows[:, part.shape[1] :] = part[:, :1]
            yield here, empty._replace(draws=len(here))


def _drawn(case: Case, b: LaidOutStructure) -> dict[str, Array]:
    """Fields that may differ between draws, flattened: arrays (draw, row), or (1, row) if all draws share the values."""
    behaviour = np.atleast_2d(np.stack(np.broadcast_arrays(*case.behaviour), axis=-1))
    return {"behaviour": behaviour} | {field.name: _flat(field.value(case, b), field.axes) for field in DRAWN}


def _flat(values: Array, axes: int) -> Array:
    """Array with ``axes`` axes after the draw axis, flattened to (draw, n)."""
    draws = values.shape[0] if values.ndim > axes else 1
    return values.reshape(draws, int(np.prod(values.shape[values.ndim - axes :])))


def _together(cases: Sequence[Case], drawn: Sequence[dict[str, Array]]) -> dict[str, Array]:
    """Concatenate the draws of all cases."""
    if len(cases) == 1:
        return drawn[0]
    parts = {name: [(case.draws, rows[name]) for case, rows in zip(cases, drawn, strict=True)] for name in drawn[0]}
    return {name: np.concatenate([np.broadcast_to(rows, (n, rows.shape[1])) for n, rows in each]) for name, each in parts.items()}


def simulate_each(
    net: Network, cases: Sequence[Case], weeks: int, dtype: str = "float64", *, passing: bool = False
) -> Iterator[tuple[int, Trace]]:
    """Simulate draws; yields number and trace of each draw, batch by batch.

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
    passing : bool
        Whether a trace is read before the next one is asked for; the memory of its series is then used again.
    """
    with _series_memory() if passing else nullcontext() as memory:
        for numbers, batch in batches(net, cases, weeks, dtype):
            series = batch.empty_series() if memory is None else memory.series(batch)
            batch.advance(series)
            for draw, number in enumerate(numbers.tolist()):
                yield number, _trace(batch, series[draw], draw)


def simulate(net: Network, policy: Interventions, behaviour: Behaviour, weeks: int, *, compiled: bool = True) -> Trace:
    """Simulate one draw week by week.

    Parameters
    ----------
    net, policy, behaviour
        The network, what acts on it, and how its actors behave.
    weeks : int
        Number of weeks.
    compiled : bool
        False: the same step in plain Python, thousands of times slower, to be followed with a debugger.

    Returns
    -------
    Trace
        Weekly series; flows in t/week, prices in USD/kg.
    """
    ((_, batch),) = batches(net, [Case(net.cover, policy, behaviour)], weeks)
    series = batch.empty_series()
    batch.advance(series, compiled=compiled)
    return _trace(batch, series[0], 0)


def _trace(batch: Batch, series: Floats, draw: int) -> Trace:
    b, size, columns = batch.structure, batch.layout.size, batch.structure.columns
    in_transit = np.add.reduceat(batch.values("ring")[draw], b.ring_start[:-1])
    queues = batch.values("queue")[draw].reshape(size.queues, size.slots).sum(axis=1) + batch.values("granted")[draw]
    queue = np.where(b.policy.queue_of >= 0, np.append(queues, 0.0)[b.policy.queue_of], 0.0)
    return Trace(
        **{name: series[:, at] for name, at in columns.items() if name != "end"},
        pipeline=in_transit[b.place].astype(np.float64),
        queue=queue,
    )


def outcomes(net: Network, cases: Sequence[Case], weeks: int, dtype: str = "float64", markets: Ints | None = None) -> dict[str, Floats]:
    """Outcomes over all weeks in the chosen markets (by default all): arrays (draw, market) by name. Weekly series are not stored."""
    draws = sum(case.draws for case in cases)
    chosen = np.arange(len(net.price)) if markets is None else markets
    found = {name: np.empty((draws, len(chosen)), dtype=dtype) for name in OUTCOMES}
    for numbers, batch in batches(net, cases, weeks, dtype):
        batch.advance()
        for name, values in found.items():
            values[numbers] = batch.values(name, chosen)
    return found
