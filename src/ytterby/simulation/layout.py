"""Where the fields of a batch lie in its memory, as they are declared in :mod:`ytterby.simulation.state`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ytterby.simulation.acting_fields import ACTING, DEMAND_EFFECTS, LINK_EFFECTS, MARKET_EFFECTS, RECIPE_EFFECTS
from ytterby.simulation.behaviour import Behaviour
from ytterby.simulation.interventions import Effect
from ytterby.simulation.registers import aligned
from ytterby.simulation.state import (
    DIGEST,
    ROWS,
    SERIES,
    SHARED,
    SIZES,
    START_VALUES,
    STATE,
    BehaviourPlaces,
    Layout,
    NetworkPlaces,
    RulesPlaces,
    Sizes,
    StatePlaces,
    storage,
)
from ytterby.simulation.structure import Structure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.simulation.acting_fields import Field
    from ytterby.simulation.state import DrawnInput

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LaidOutStructure(Structure):
    """A structure with the sizes and places of the declared fields."""

    @cached_property
    def size(self) -> dict[str, int]:
        """Number of markets, links, demands and so on, by name."""
        return {name: int(count(self)) for name, count in SIZES.items()}

    def length(self, field: DrawnInput | Field) -> int:
        """Rows of a field that differs between draws."""
        return prod(self.size[of] for of in field.dims.split())

    def in_network_order(self, name: str) -> Ints:
        """Positions of the values of a state field, in the order of the network."""
        found = {"links": self.place, "demands": self.demand_place}.get(ROWS[name].dims)
        return np.arange(self.length(ROWS[name])) if found is None else found

    @property
    def columns(self) -> dict[str, slice]:
        """Columns of each weekly series, aligned to vector registers; ``end`` is an empty slice after the last one."""
        lengths, lanes = {name: self.length(ROWS[field]) for name, field in SERIES.items()}, self.size["lanes"]
        first = placed({name: -(-length // lanes) * lanes for name, length in lengths.items()})
        return {name: slice(begin, begin + lengths.get(name, 0)) for name, begin in first.items()}


class Batch(NamedTuple):
    """Draws that advance together, with their fields as declared in :mod:`ytterby.simulation.state`."""

    rows: Floats
    """(rows, WIDTH)"""
    floats: Floats
    ints: Ints
    layout: Layout
    structure: LaidOutStructure
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


def placed(lengths: Mapping[str, int]) -> dict[str, int]:
    """First position of each field when fields of these lengths are stored one after another; ``end`` is the total length."""
    return dict(zip([*lengths, "end"], [0, *accumulate(lengths.values())], strict=True))


def empty_batch(b: LaidOutStructure) -> Batch:
    """Batch of a structure, with the shared fields filled in and the drawn ones still empty."""
    rows = placed({"behaviour": len(Behaviour._fields)} | {name: b.length(field) for name, field in ROWS.items()})
    rows["first_row"] = first = rows[STATE[0].name]
    shared = {field.name: b.sorted(field.dims, field.value(b)) for field in SHARED if field.value is not None}
    floats = placed({field.name: len(shared[field.name]) for field in SHARED if storage(field) == "floats"})
    shared |= {"start_from": _start_from(b, floats), "acting_row": _acting_row(b, rows), "shown": _shown(b, rows)}
    ints = placed({field.name: len(shared[field.name]) for field in SHARED if storage(field) == "ints"})
    acting = tuple(ACTING.values())
    derived = (len(shared["start_from"]), rows[acting[0].name] - first, rows[acting[-1].name] + b.length(acting[-1]) - first)
    places = rows | floats | ints | {name: row for row, name in enumerate(Behaviour._fields)}
    layout = Layout(
        Sizes(*b.size.values(), *derived, len(shared["shown"]), DIGEST),  # type: ignore[call-arg]
        *(of(*(places[name] for name in of._fields)) for of in (StatePlaces, NetworkPlaces, RulesPlaces, BehaviourPlaces)),
    )
    laid = [np.concatenate([shared[name] for name in names if name != "end"]) for names in (floats, ints)]
    return Batch(aligned(rows["end"], b.dtype), laid[0].astype(b.dtype), laid[1].astype(np.int64), layout, b, 0)


def _start_from(b: LaidOutStructure, floats: Mapping[str, int]) -> Ints:
    """Index of the float with which each row of the state is initialised (started,)."""
    started = [(field.start, b.length(field)) for field in STATE if field.start is not None]
    return np.concatenate([floats[at] + np.arange(n) if isinstance(at, str) else np.full(n, START_VALUES.index(at)) for at, n in started])


def _acting_row(b: LaidOutStructure, rows: Mapping[str, int]) -> Ints:
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


def _shown(b: LaidOutStructure, rows: Mapping[str, int]) -> Ints:
    """Row recorded in each column of the weekly series (columns,); links and demands are in the order of the network."""
    columns = b.columns
    shown = np.zeros(columns["end"].stop, dtype=np.int64)
    for name, field in SERIES.items():
        shown[columns[name]] = rows[field] + b.in_network_order(field)
    return shown
