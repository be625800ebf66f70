"""Batches of draws for the weekly step: draws of the same structure are simulated together, as many as a vector register holds.

The bits of a draw depend on that draw alone: not on the others, their number, their order or where they run.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.simulation.behaviour import Behaviour
from ytterby.simulation.interventions import Effect
from ytterby.simulation.state import (
    ACTING,
    DEMAND_EFFECTS,
    DIGEST,
    DRAWN,
    LINK_EFFECTS,
    MARKET_EFFECTS,
    OUTCOMES,
    RECIPE_EFFECTS,
    ROWS,
    SERIES,
    SHARED,
    SIZES,
    START_VALUES,
    STATE,
    WIDTH,
    BehaviourPlaces,
    Layout,
    NetworkPlaces,
    RulesPlaces,
    Sizes,
    StatePlaces,
    aligned,
    storage,
)
from ytterby.system import sum_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.simulation.interventions import Interventions
    from ytterby.simulation.state import Drawn, Field
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


@dataclass(frozen=True, eq=False)
class Structure:
    """What the draws of a batch share: the network, and the parts of the interventions that do not differ between draws."""

    net: Network
    policy: Interventions
    weeks: int
    slots: int
    """Length of the licence queues: weeks in which pending applications may be decided."""
    dtype: str

    @cached_property
    def link(self) -> Ints:
        """Links sorted by destination."""
        return np.argsort(self.net.destination, kind="stable")

    @cached_property
    def demand(self) -> Ints:
        """Demands sorted by market."""
        return np.argsort(self.net.demand_market, kind="stable")

    @cached_property
    def place(self) -> Ints:
        """Position of each link after sorting by destination."""
        return np.argsort(self.link)

    @cached_property
    def demand_place(self) -> Ints:
        """Position of each demand after sorting by market."""
        return np.argsort(self.demand)

    @cached_property
    def size(self) -> dict[str, int]:
        """Number of markets, links, demands and so on, by name."""
        return {name: int(count(self)) for name, count in SIZES.items()}

    def length(self, field: Drawn | Field) -> int:
        """Rows of a field that differs between draws."""
        return prod(self.size[of] for of in field.dims.split())

    def sorted(self, dims: str, values: Array) -> Array:
        """Values in the order of the step: links and demands are sorted, other dimensions are unchanged."""
        return values[{"links": self.link, "demands": self.demand}[dims]] if dims in ("links", "demands") else values

    def in_network_order(self, name: str) -> Ints:
        """Positions of the values of a state field, in the order of the network."""
        found = {"links": self.place, "demands": self.demand_place}.get(ROWS[name].dims)
        return np.arange(self.length(ROWS[name])) if found is None else found

    @property
    def columns(self) -> dict[str, slice]:
        """Columns of each weekly series, aligned to vector registers; ``end`` is an empty slice after the last one."""
        lengths, lanes = {name: self.length(ROWS[field]) for name, field in SERIES.items()}, self.size["lanes"]
        first = _placed({name: -(-length // lanes) * lanes for name, length in lengths.items()})
        return {name: slice(begin, begin + lengths.get(name, 0)) for name, begin in first.items()}

    @staticmethod
    def first_of_each(of: Ints, count: int) -> Ints:
        """First position of each of ``count`` groups after sorting, and the end of the last group (count + 1,)."""
        return np.searchsorted(np.sort(of), np.arange(count + 1)).astype(np.int64)

    @cached_property
    def ring_start(self) -> Ints:
        """First position of each sorted link among the goods in transit (one position per week of transit), and the end of the last."""
        return np.concatenate([[0], np.cumsum(self.net.transit[self.link])])

    @cached_property
    def base_cost(self) -> Floats:
        """Delivered price of each link in the base year [USD/kg]."""
        net = self.net
        return np.asarray(net.price[net.origin] * (1.0 + net.export_tax) * (1.0 + net.duty) + net.freight)

    @property
    def per_qualification(self) -> Floats:
        """Reciprocal of the weeks to qualify a supplier on each link [1/week], 0 where no qualification is needed."""
        weeks = self.net.qualification
        return np.where(weeks > 0, 1.0 / np.maximum(weeks, 1.0), 0.0)

    @property
    def idle_value(self) -> Floats:
        """Idle share of each process times the value of the goods it processes (9) [USD/kg]."""
        net, p = self.net, len(self.net.activity)
        of, worth = np.repeat(np.arange(p), np.diff(net.recipe_start)), net.recipe_coefficient * net.price[net.recipe_market]
        value = np.maximum(sum_at(of, np.maximum(worth, 0.0), p), sum_at(of, np.maximum(-worth, 0.0), p))
        return np.asarray((1.0 - net.utilisation) * value)

    @property
    def base_odds(self) -> Floats:
        """Idle over used capacity of each process (9)."""
        used = np.clip(self.net.utilisation, 1e-9, 1.0 - 1e-9)
        return np.asarray((1.0 - used) / used)

    def at(self, *effects: Effect) -> NDArray[np.bool_]:
        """Mask of the effect rows of these kinds (E,)."""
        kinds = np.zeros(len(Effect), dtype=bool)
        kinds[list(effects)] = True
        return kinds[self.policy.kind]

    def touched(self, effects: Sequence[Effect], count: int) -> Ints:
        """Row of each of ``count`` targets of a class, such as links: 0 if no such effect acts on it, otherwise counted from 1."""
        targets = np.unique(self.policy.target[self.at(*effects)])
        row = np.zeros(count, dtype=np.int64)
        row[targets] = np.arange(1, len(targets) + 1)
        return row

    @cached_property
    def link_row(self) -> Ints:
        """Row that holds the effects on each link."""
        return self.touched(LINK_EFFECTS, len(self.net.flow))

    @cached_property
    def market_row(self) -> Ints:
        """Row that holds the effects on each market."""
        return self.touched(MARKET_EFFECTS, len(self.net.price))

    @cached_property
    def demand_row(self) -> Ints:
        """Row that holds the effects on each demand."""
        return self.touched(DEMAND_EFFECTS, len(self.net.use))

    @cached_property
    def recipe_row(self) -> Ints:
        """Row that holds the effects on each recipe entry."""
        return self.touched(RECIPE_EFFECTS, len(self.net.recipe_market))

    @property
    def first_floor(self) -> Ints:
        """First price floor of each process, and the end of the last."""
        process = np.searchsorted(self.net.recipe_start, self.policy.floor_entry, side="right") - 1
        return self.first_of_each(process, len(self.net.activity))

    @property
    def sourced(self) -> NDArray[np.bool_]:
        """Markets that buy from a supplier which expands or starts production."""
        return np.isin(np.arange(len(self.net.price)), self.net.destination[self.policy.target[self.at(Effect.SOURCE)]])

    @property
    def queues(self) -> int:
        """Number of licence queues."""
        return int(self.policy.queue_of.max(initial=-1)) + 1

    @property
    def licence_queue(self) -> Ints:
        """Queue of each licence effect."""
        return self.policy.queue_of[self.policy.target[self.at(Effect.LICENCE)]]

    @property
    def licences(self) -> Ints:
        """Licence effects, sorted by queue."""
        return np.flatnonzero(self.at(Effect.LICENCE))[np.argsort(self.licence_queue, kind="stable")]

    @cached_property
    def grouped(self) -> Ints:
        """Links of quota groups, sorted by destination."""
        return self.link[self.policy.group_of[self.link] >= 0]

    @cached_property
    def undeclared(self) -> Ints:
        """Undeclared routes, sorted by destination."""
        return self.link[self.policy.legal_link_of[self.link] >= 0]

    @property
    def undeclared_gain(self) -> Floats:
        """Saving on an undeclared route relative to the price on its legal link in the base year (12)."""
        net, link = self.net, self.undeclared
        return np.asarray(1.0 - (net.price[net.origin] + net.freight)[link] / self.base_cost[self.policy.legal_link_of[link]])


class Batch(NamedTuple):
    """Draws that advance together, with their fields as declared in :mod:`ytterby.simulation.state`."""

    rows: Floats
    """(rows, WIDTH)"""
    floats: Floats
    ints: Ints
    layout: Layout
    structure: Structure
    draws: int

    def values(self, name: str, chosen: Ints | slice = slice(None)) -> Floats:
        """Values of a state field at chosen positions, in the order of the network (draws, chosen)."""
        return self.rows[getattr(self.layout.state, name) + self.structure.in_network_order(name)[chosen], : self.draws].T

    @property
    def series_shape(self) -> tuple[int, int, int]:
        """Draws, weeks and columns of the weekly series."""
        return (self.draws, self.layout.size.weeks, self.layout.size.columns)

    def empty_series(self) -> Floats:
        """Allocate an array for the weekly series of the batch (draws, weeks, columns)."""
        return aligned(prod(self.series_shape) // self.rows.shape[1], self.rows.dtype.name).reshape(self.series_shape)

    def advance(self, series: Floats | None = None, *, compiled: bool = True) -> None:
        """Run all weeks.

        With an array ``series`` the weekly series are recorded in it, without one only outcomes are computed. If not ``compiled``, the
        first draw is simulated in plain Python.
        """
        from ytterby.simulation import step

        keep, room = series is not None, np.zeros((0, 0, 0), dtype=self.rows.dtype) if series is None else series
        (step.advance if compiled else step.run)(self.rows, self.floats, self.ints, self.layout, keep, room)


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


def _placed(lengths: Mapping[str, int]) -> dict[str, int]:
    """First position of each field when fields of these lengths are stored one after another; ``end`` is the total length."""
    return dict(zip([*lengths, "end"], [0, *accumulate(lengths.values())], strict=True))


def _empty(b: Structure) -> Batch:
    """Batch of a structure, with the shared fields filled in and the drawn ones still empty."""
    rows = _placed({"behaviour": len(Behaviour._fields)} | {name: b.length(field) for name, field in ROWS.items()})
    rows["first_row"] = first = rows[STATE[0].name]
    shared = {field.name: b.sorted(field.dims, field.value(b)) for field in SHARED if field.value is not None}
    floats = _placed({field.name: len(shared[field.name]) for field in SHARED if storage(field) == "floats"})
    shared |= {"start_from": _start_from(b, floats), "acting_row": _acting_row(b, rows), "shown": _shown(b, rows)}
    ints = _placed({field.name: len(shared[field.name]) for field in SHARED if storage(field) == "ints"})
    acting = tuple(ACTING.values())
    derived = (len(shared["start_from"]), rows[acting[0].name] - first, rows[acting[-1].name] + b.length(acting[-1]) - first)
    places = rows | floats | ints | {name: row for row, name in enumerate(Behaviour._fields)}
    layout = Layout(
        Sizes(*b.size.values(), *derived, len(shared["shown"]), DIGEST),  # type: ignore[call-arg]
        *(of(*(places[name] for name in of._fields)) for of in (StatePlaces, NetworkPlaces, RulesPlaces, BehaviourPlaces)),
    )
    laid = [np.concatenate([shared[name] for name in names if name != "end"]) for names in (floats, ints)]
    return Batch(aligned(rows["end"], b.dtype), laid[0].astype(b.dtype), laid[1].astype(np.int64), layout, b, 0)


def _start_from(b: Structure, floats: Mapping[str, int]) -> Ints:
    """Index of the float with which each row of the state is initialised (started,)."""
    started = [(field.start, b.length(field)) for field in STATE if field.start is not None]
    return np.concatenate([floats[at] + np.arange(n) if isinstance(at, str) else np.full(n, START_VALUES.index(at)) for at, n in started])


def _acting_row(b: Structure, rows: Mapping[str, int]) -> Ints:
    """Row of the state on which each effect acts, relative to the first such row."""
    first = [rows[ACTING[effect].name] - rows["first_row"] if effect in ACTING else 0 for effect in Effect]
    within = b.policy.target.copy()
    for effects, row in (
        (LINK_EFFECTS, b.link_row),
        (MARKET_EFFECTS, b.market_row),
        (DEMAND_EFFECTS, b.demand_row),
        (RECIPE_EFFECTS, b.recipe_row),
    ):
        hit = b.at(*effects)
        within[hit] = row[within[hit]]
    return np.asarray(np.array(first)[b.policy.kind] + within)


def _shown(b: Structure, rows: Mapping[str, int]) -> Ints:
    """Row recorded in each column of the weekly series (columns,); links and demands are in the order of the network."""
    columns = b.columns
    shown = np.zeros(columns["end"].stop, dtype=np.int64)
    for name, field in SERIES.items():
        shown[columns[name]] = rows[field] + b.in_network_order(field)
    return shown


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
        yield from _filled(Structure(net, group[0][1].policy, weeks, slots, dtype), [case for _, case in group], numbers)


def _filled(b: Structure, cases: Sequence[Case], numbers: Ints) -> Iterator[tuple[Ints, Batch]]:
    """Batches of draws of one structure; unused positions of the last batch repeat its first draw. Shared fields are filled once."""
    empty, drawn = _empty(b), _together(cases, [_drawn(case, b) for case in cases])
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


def _drawn(case: Case, b: Structure) -> dict[str, Array]:
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
