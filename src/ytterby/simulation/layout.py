"""Draws laid into blocks for the lock-step kernel: those of one structure together, as many at a time as a register has lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.simulation.block import (
    CONTRACT_EFFECTS,
    GRID_FLOATS,
    GRID_INTS,
    RULE_FLOATS,
    RULE_INTS,
    TINY,
    WIDTH,
    At,
    Block,
    aligned,
    grid_of,
    place_rows,
    rules_of,
    shown_of,
)
from ytterby.simulation.interventions import joined, padded
from ytterby.simulation.reference import CLOSED_TRUST, MIN_TRUST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ytterby.simulation.behaviour import Behaviour
    from ytterby.simulation.interventions import Interventions
    from ytterby.system.compile import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ALLOCATION = ("start", "end", "tonnes", "carried")
RESERVE = ("tonnes", "rate", "cover", "price", "start", "end")


class Case(NamedTuple):
    """What the kernel needs to know of a draw, or of draws of one structure, whose arrays lead with a draw axis."""

    cover: Floats
    """Target cover of each market (..., M) [weeks]; of many draws it always has their axis."""
    policy: Interventions
    behaviour: Behaviour

    @property
    def draws(self) -> int:
        """How many draws it holds."""
        return len(self.cover) if self.cover.ndim > 1 else 1

    def of(self, draw: int) -> Case:
        """One of its draws."""
        if self.cover.ndim == 1:
            return self
        return Case(self.cover[draw], self.policy.of(draw), self.behaviour.of(draw))


def structure(policy: Interventions) -> tuple[object, ...]:
    """What draws must have in common to run in one block."""
    effects = (policy.kind, policy.target, policy.measure)
    arrays = (*effects, policy.queue_of, policy.group_of, policy.legal_link_of, policy.allocation_group, policy.reserve_market)
    return (policy.smuggling_group, policy.potential, policy.level.shape[-2:], *(array.tobytes() for array in arrays))


def blocks(net: Network, cases: Sequence[Case], weeks: int, dtype: str = "float64") -> Iterator[tuple[Ints, Block]]:
    """Blocks to advance, each with the numbers of its draws, counted through the cases; the next block takes the room of the last.

    Parameters
    ----------
    net : Network
        Its cover is not used: each case has its own.
    cases : sequence of Case
        Draws of several structures may mix.
    weeks : int
        Number of weeks.
    dtype : {"float64", "float32"}
        Format of the lanes.
    """
    alike: dict[tuple[object, ...], list[tuple[int, Case]]] = {}
    first = 0
    for case in cases:
        alike.setdefault(structure(case.policy), []).append((first, case))
        first += case.draws
    for group in alike.values():
        numbers = np.concatenate([np.arange(first, first + case.draws) for first, case in group])
        yield from _filled(net, [case for _, case in group], numbers, weeks, dtype)


def _filled(net: Network, cases: Sequence[Case], numbers: Ints, weeks: int, dtype: str) -> Iterator[tuple[Ints, Block]]:
    """Blocks of draws of one structure; lanes without a draw repeat the first. What no draw changes is laid out once."""
    empty, drawn = _empty_block(net, cases, weeks, dtype)
    width = empty.lanes.shape[1]
    with np.errstate(over="ignore"):  # a trigger that never fires is infinite in single precision
        for first in range(0, len(numbers), width):
            here = numbers[first : first + width]
            for name, values in drawn.items():
                if first == 0 or len(values) > 1:
                    part = values[first : first + width].T
                    rows = empty.lanes[getattr(empty.at, name) :][: len(part)]
                    rows[:, : part.shape[1]] = part
                    rows[:, part.shape[1] :] = part[:, :1]
            yield here, empty._replace(draws=len(here))


def _empty_block(net: Network, cases: Sequence[Case], weeks: int, dtype: str) -> tuple[Block, dict[str, Floats]]:
    """Room for draws of one structure with all that they share, and what differs between them."""
    first, slots = cases[0].policy, max(case.policy.queue_length for case in cases)
    grid = grid_of(net, first.contract)
    rules = rules_of(net, grid, first)
    shared = grid | rules | {"tiny": np.array([TINY[dtype]]), "least_trust": np.array([CLOSED_TRUST if first.potential else MIN_TRUST])}
    places: dict[str, int] = dict(
        links=len(net.flow),
        markets=len(net.price),
        demands=len(net.use),
        processes=len(net.activity),
        weeks=weeks,
        link_rows=int(rules["link_row"].max(initial=0)) + 1,
        market_rows=int(rules["market_row"].max(initial=0)) + 1,
        demand_rows=int(rules["demand_row"].max(initial=0)) + 1,
        queues=len(rules["licence_start"]) - 1,
        slots=slots,
        licensings=len(rules["licensing"]),
        measures=first.level.shape[-2],
        groups=first.group_price.shape[-1],
        smuggling=first.smuggling_group,
        allocations=len(first.allocation_group),
        twins=len(rules["twin_link"]),
        reserves=len(first.reserve_market),
        potential=int(first.potential),
        contracts=int(np.isin(first.kind, CONTRACT_EFFECTS).sum()),
    )
    drawn = _together(cases, [_drawn(case, grid["link_number"], weeks, slots) for case in cases])
    rows = place_rows({name: values.shape[1] for name, values in drawn.items()}, places, int(net.transit.sum()))
    order = {"links": grid["link_number"], "demands": grid["demand_number"]}
    shared["shown"] = shown_of(places, order, WIDTH[dtype])
    places["columns"] = len(shared["shown"])
    floats = _laid([*GRID_FLOATS, *RULE_FLOATS], shared, np.dtype(dtype), places)
    ints = _laid([*GRID_INTS, *RULE_INTS], shared, np.dtype(np.int64), places)
    return Block(aligned(rows, dtype), floats, ints, At(**places), 0), drawn


def _laid(names: Sequence[str], values: Mapping[str, NDArray[Any]], dtype: np.dtype[Any], places: dict[str, int]) -> NDArray[Any]:
    """Arrays one after the other; notes where each begins."""
    begin = 0
    for name in names:
        places[name] = begin
        begin += len(values[name])
    return np.concatenate([values[name] for name in names]).astype(dtype)


def _drawn(case: Case, link_number: NDArray[Any], weeks: int, slots: int) -> dict[str, Floats]:
    """What may differ between draws, flat and in the order of the kernel: arrays (draw, row), or (1, row) where all draws share it."""
    policy = case.policy
    grouped = link_number[policy.group_of[link_number] >= 0]
    return dict(
        par=np.atleast_2d(np.stack(np.broadcast_arrays(*case.behaviour), axis=-1)),
        cover=np.atleast_2d(case.cover),
        level=_rows(policy.level[..., :weeks], 2),
        weight=np.atleast_2d(policy.weight),
        extra=np.atleast_2d(policy.extra),
        decision=_rows(padded(policy.decision, slots), 2),
        delay=_rows(policy.delay[..., :weeks], 2),
        approval_rate=np.atleast_2d(policy.approval),
        still_valid=np.atleast_2d(policy.keep),
        customs=np.atleast_2d(policy.customs[..., grouped]),
        group_price=np.atleast_2d(policy.group_price),
        allocation=np.atleast_2d(joined([getattr(policy, f"allocation_{name}") for name in ALLOCATION])),
        reserve_terms=np.atleast_2d(joined(getattr(policy, f"reserve_{name}") for name in RESERVE)),
    )


def _rows(values: Floats, axes: int) -> Floats:
    """Arrays of some axes as rows (draw, n)."""
    draws = values.shape[0] if values.ndim > axes else 1
    return values.reshape(draws, int(np.prod(values.shape[values.ndim - axes :])))


def _together(cases: Sequence[Case], drawn: Sequence[dict[str, Floats]]) -> dict[str, Floats]:
    """Draws of all cases one after the other."""
    if len(cases) == 1:
        return drawn[0]
    parts = {name: [(case.draws, rows[name]) for case, rows in zip(cases, drawn, strict=True)] for name in drawn[0]}
    return {name: np.concatenate([np.broadcast_to(rows, (n, rows.shape[1])) for n, rows in each]) for name, each in parts.items()}
