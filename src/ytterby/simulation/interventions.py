"""Interventions in the network as flat arrays: weekly effects of measures, quota groups, reserves and price floors."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ytterby.measures import NumberOrDraws
    from ytterby.simulation.labelled_network import LabelledNetwork
    from ytterby.system import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Effect(IntEnum):
    """Kinds of effect rows; ``level`` is the measure's intensity in the week."""

    OPEN = 0
    """Link: closes the share level x weight."""
    EXPORT_DUTY = 1
    """Link: adds an ad valorem export duty level x weight."""
    TARIFF = 2
    """Link: adds an ad valorem import duty level x weight."""
    LICENCE = 3
    """Link: the share level x weight of orders needs a licence; the approval rate is multiplied by extra."""
    OUTAGE = 4
    """Process: loses the share level x weight of its activity."""
    CAPACITY = 5
    """Process: gains capacity level x weight [t/week]."""
    COVER = 6
    """Market: target cover x exp(level x weight)."""
    DEMAND = 7
    """Demand: wanted use x exp(level x weight)."""
    PURCHASE = 8
    """Market: a stockpile demands level x weight [t/week]."""
    ACCESS = 9
    """Demand: the share level x weight of its market's goods is refused to these users."""
    SPECIFIC = 10
    """Link: adds a specific duty level x weight [USD/kg]."""
    SOURCE = 11
    """Link: adds level x weight to its purchase share because the supplier expands or starts production."""
    SUPPLY = 12
    """Market: receives level x weight [t/week] from outside the network, such as scrap from end-of-life products."""
    FIRST = 13
    """Link: the share level x weight of its base flow is under contract and has priority."""
    LOCAL = 14
    """Market: the share level x weight of its own users' demand is under contract and has priority."""
    BOUND = 15
    """Link: orders are at least level x weight [t/week] (a purchase commitment), and this quantity has priority."""
    PLANNED = 16
    """Market: a plant that opens is to take in level x weight [t/week], and its buyers order for it beforehand."""
    GAIN = 17
    """Recipe entry: amount per activity x (1 + level x weight)."""
    MARGIN = 18
    """Process: level x weight is added to its margin [USD/kg of activity]."""
    PRACTICE = 19
    """Process: level x weight is added to the log odds that its capacity is used."""
    CHARGE = 20
    """Link: adds a charge level x weight on entry, by how the goods were made [USD/kg]."""


class Interventions(NamedTuple):
    """All interventions in a network over the weeks of a run.

    E effect rows sorted by kind, N measures, W weeks, G quota groups, A allocations, S reserves, F price floors. Arrays written with
    ``...`` may lead with a draw axis: draws of one structure, see :meth:`of`.
    """

    kind: NDArray[np.int64]  # (E,) an Effect
    target: NDArray[np.int64]  # (E,) link, process, market or demand
    measure: NDArray[np.int64]  # (E,)
    weight: NDArray[np.float64]  # (..., E)
    extra: NDArray[np.float64]  # (..., E) LICENCE: approval rate relative to the measure's
    level: NDArray[np.float64]  # (..., N, W) intensity
    decision: NDArray[np.float64]  # (..., N, Q) share of applications decided 0, 1, 2, ... weeks after they were filed
    delay: NDArray[np.float64]  # (..., N, W) weeks that a backlog adds to every decision
    approval: NDArray[np.float64]  # (..., N, W) approval rate of licences in force in the week
    known: NDArray[np.float64]  # (..., N, W) share of orders that buyers expect to wait for a licence
    keep: NDArray[np.float64]  # (..., N) share of unused approvals that is still valid a week later
    queue_of: NDArray[np.int64]  # (L,) row of the licence queue or -1
    queue_length: int  # slots of the queue, above the longest delay
    group_of: NDArray[np.int64]  # (L,) quota group or -1
    customs: NDArray[np.float64]  # (..., L) customs tonnes per tonne
    group_price: NDArray[np.float64]  # (..., G) mean base price, scale of the wedge [USD/kg]
    allocation_group: NDArray[np.int64]  # (A,)
    allocation_start: NDArray[np.int64]  # (..., A) week
    allocation_end: NDArray[np.int64]  # (..., A) week, exclusive
    allocation_tonnes: NDArray[np.float64]  # (..., A)
    allocation_carried: NDArray[np.float64]  # (..., A) share of the unused previous allocation that is added at the start
    legal_link_of: NDArray[np.int64]  # (L,) legal link that an undeclared route bypasses, or -1
    smuggling_group: int  # quota group whose cap is the enforcement parameter, or -1
    reserve_market: NDArray[np.int64]  # (S,)
    reserve_tonnes: NDArray[np.float64]  # (..., S)
    reserve_rate: NDArray[np.float64]  # (..., S) maximum release [t/week]
    reserve_cover: NDArray[np.float64]  # (..., S) is released while cover is below this share of its target
    reserve_price: NDArray[np.float64]  # (..., S) or while the price is above this multiple of the base price
    reserve_start: NDArray[np.int64]  # (..., S)
    reserve_end: NDArray[np.int64]  # (..., S)
    floor_entry: NDArray[np.int64]  # (F,) recipe entry of the good whose price is guaranteed, in ascending order
    floor_reference: NDArray[np.int64]  # (F,) market whose price is the reference
    floor_strike: NDArray[np.float64]  # (..., F) [USD/kg]
    floor_limit: NDArray[np.float64]  # (..., F) most that is guaranteed [t/week]
    floor_upside: NDArray[np.float64]  # (..., F) share of the price above floor_above that is paid back
    floor_above: NDArray[np.float64]  # (..., F) [USD/kg]
    floor_level: NDArray[np.float64]  # (..., F, W) share of each week in which it is in force
    contract: NDArray[np.float64]  # (L,) share under contract
    potential: bool  # the variant with logit shares, linear demand: rest point = convex program

    def of(self, draw: int) -> Interventions:
        """Interventions of a single draw, by its position."""
        drawn = {name: values for name, axes in DRAWN.items() if (values := getattr(self, name)).ndim > axes}
        return self._replace(**{name: values[draw] for name, values in drawn.items()})


DRAWN = (
    dict.fromkeys(("level", "decision", "delay", "approval", "known", "floor_level"), 2)
    | dict.fromkeys(("weight", "extra", "keep", "customs", "group_price"), 1)
    | dict.fromkeys(("allocation_start", "allocation_end", "allocation_tonnes"), 1)
    | dict.fromkeys(("reserve_tonnes", "reserve_rate", "reserve_cover", "reserve_price", "reserve_start", "reserve_end"), 1)
    | dict.fromkeys(("floor_strike", "floor_limit", "floor_upside", "floor_above"), 1)
)
"""Arrays that may differ between draws of one structure, with their number of axes after the draw axis."""


def joined(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
    """Concatenate arrays (..., n) along the last axis; arrays without a draw axis are broadcast."""
    arrays = list(parts)
    lead = np.broadcast_shapes(*(array.shape[:-1] for array in arrays))
    return np.concatenate([np.broadcast_to(array, (*lead, array.shape[-1])) for array in arrays], axis=-1)


def padded(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Pad values (..., n) with zeros to (..., size)."""
    return np.pad(values, [(0, 0)] * (values.ndim - 1) + [(0, size - values.shape[-1])])


def no_interventions(net: Network, weeks: int, *, contract: NDArray[np.float64] | None = None, potential: bool = False) -> Interventions:
    """Interventions without any measure: the network stays at rest."""
    links = len(net.flow)
    ints, floats = np.zeros(0, dtype=np.int64), np.zeros(0)
    none = np.full(links, -1, dtype=np.int64)
    return Interventions(
        kind=ints,
        target=ints,
        measure=ints,
        weight=floats,
        extra=floats,
        level=np.zeros((0, weeks)),
        decision=np.zeros((0, 1)),
        delay=np.zeros((0, weeks)),
        approval=np.zeros((0, weeks)),
        known=np.zeros((0, weeks)),
        keep=floats,
        queue_of=none,
        queue_length=1,
        group_of=none,
        customs=np.ones(links),
        group_price=floats,
        allocation_group=ints,
        allocation_start=ints,
        allocation_end=ints,
        allocation_tonnes=floats,
        allocation_carried=floats,
        legal_link_of=none,
        smuggling_group=-1,
        reserve_market=ints,
        reserve_tonnes=floats,
        reserve_rate=floats,
        reserve_cover=floats,
        reserve_price=floats,
        reserve_start=ints,
        reserve_end=ints,
        floor_entry=ints,
        floor_reference=ints,
        floor_strike=floats,
        floor_limit=floats,
        floor_upside=floats,
        floor_above=floats,
        floor_level=np.zeros((0, weeks)),
        contract=np.zeros(links) if contract is None else contract,
        potential=potential,
    )


class EffectRow(NamedTuple):
    """Effect rows of the same kind, level and licence rule, one for each target."""

    kind: Effect
    targets: Ints
    level: Floats  # (..., W)
    weight: Floats  # (..., target)
    extra: Floats  # (..., target)
    decision: Floats  # (..., time)
    delay: Floats  # (..., W)
    approval: Floats  # (..., W)
    known: Floats  # (..., W)
    keep: Floats  # (..., 1)


class QuotaGroup(NamedTuple):
    """A quota group: links, customs factors (..., link), allocations as (first week, end week, tonnes, share carried over)."""

    name: str
    links: Ints
    customs: Floats
    allocations: tuple[tuple[int, int, float, float], ...]


class Reserve(NamedTuple):
    """A strategic reserve: market, tonnes, release rate, triggers and weeks; the four drawn numbers may be columns (draw, 1)."""

    market: int
    tonnes: NumberOrDraws
    rate: NumberOrDraws
    cover: NumberOrDraws
    price: NumberOrDraws
    start: int
    end: int


class Floor(NamedTuple):
    """A price floor of a good that a process makes; the drawn numbers may be columns (draw, 1)."""

    entry: int
    reference: int
    strike: NumberOrDraws
    limit: NumberOrDraws
    upside: NumberOrDraws
    above: NumberOrDraws
    level: Floats  # (..., W)


def assembled(
    network: LabelledNetwork,
    weeks: int,
    rows: list[EffectRow],
    groups: list[QuotaGroup],
    reserves: list[Reserve],
    floors: list[Floor] | None = None,
) -> Interventions:
    """Combine effect rows, quota groups, reserves and price floors into flat arrays.

    Raises
    ------
    ScenarioError
        If a link is under two quotas.
    """
    base = no_interventions(network.net, weeks, contract=network.contract)
    legal = _with_groups(_with_rows(base, rows), groups, network)
    return _with_floors(_with_reserves(_with_smuggling(legal, network), reserves), floors or [])


def _stacked(parts: Iterable[Floats]) -> Floats:
    """Stack arrays (..., n) to (..., part, n)."""
    return np.stack(np.broadcast_arrays(*parts), axis=-2)


def _with_rows(base: Interventions, rows: list[EffectRow]) -> Interventions:
    if not rows:
        return base
    rows = sorted(rows, key=lambda row: row.kind)
    counts = [len(row.targets) for row in rows]
    slots = max(row.decision.shape[-1] for row in rows)
    licensed = np.unique(np.concatenate([row.targets for row in rows if row.kind == Effect.LICENCE] or [np.zeros(0, np.int64)]))
    queue_of = base.queue_of.copy()
    queue_of[licensed] = np.arange(len(licensed))
    longest = max(row.decision.shape[-1] + int(np.ceil(row.delay.max(initial=0.0))) for row in rows)
    return base._replace(
        kind=np.repeat(np.array([int(row.kind) for row in rows]), counts),
        target=np.concatenate([row.targets for row in rows]),
        measure=np.repeat(np.arange(len(rows)), counts),
        weight=joined(row.weight for row in rows),
        extra=joined(row.extra for row in rows),
        level=_stacked(row.level for row in rows),
        decision=_stacked(padded(row.decision, slots) for row in rows),
        delay=_stacked(row.delay for row in rows),
        approval=_stacked(row.approval for row in rows),
        known=_stacked(row.known for row in rows),
        keep=joined(row.keep for row in rows),
        queue_of=queue_of,
        queue_length=longest + 2,
    )


def _with_groups(base: Interventions, groups: list[QuotaGroup], network: LabelledNetwork) -> Interventions:
    if not groups:
        return base
    names = list(dict.fromkeys(group.name for group in groups))
    group_of = base.group_of.copy()
    customs = np.empty((*np.broadcast_shapes(*(group.customs.shape[:-1] for group in groups)), len(group_of)))
    customs[...] = base.customs
    allocations = []
    for group in groups:
        g = names.index(group.name)
        taken = group.links[(group_of[group.links] >= 0) & (group_of[group.links] != g)]
        if len(taken):
            raise ScenarioError(f"quota '{group.name}': {network.labels.links[taken[0]]} is already under another quota")
        group_of[group.links] = g
        customs[..., group.links] = group.customs
        allocations += [(g, *span) for span in group.allocations]
    net = network.net
    worth = [_mean_price(net.price[net.origin], net.flow * customs, group_of == g) for g in range(len(names))]
    return base._replace(
        group_of=group_of,
        customs=customs,
        group_price=np.stack(worth, axis=-1),
        allocation_group=np.array([a[0] for a in allocations], dtype=np.int64),
        allocation_start=np.array([a[1] for a in allocations], dtype=np.int64),
        allocation_end=np.array([a[2] for a in allocations], dtype=np.int64),
        allocation_tonnes=np.array([a[3] for a in allocations], dtype=np.float64),
        allocation_carried=np.array([a[4] for a in allocations], dtype=np.float64),
    )


def _with_smuggling(base: Interventions, network: LabelledNetwork) -> Interventions:
    """Add the quota group of undeclared routes: they share one capacity (the enforcement parameter) and one rent."""
    undeclared = network.legal_link_of >= 0
    if not undeclared.any():
        return base
    legal, group = network.legal_link_of[undeclared], base.group_price.shape[-1]
    group_of = base.group_of.copy()
    group_of[undeclared] = group
    price = _mean_price(network.net.price[network.net.origin[legal]], network.net.flow[legal], np.ones(len(legal), dtype=bool))
    prices = joined([base.group_price, np.atleast_1d(price)])
    return base._replace(legal_link_of=network.legal_link_of, group_of=group_of, group_price=prices, smuggling_group=group)


def _mean_price(price: Floats, mass: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Mean price of the chosen links, weighted by mass (...) [USD/kg]."""
    worth, tonnes = (np.ascontiguousarray(values[..., chosen]).sum(axis=-1) for values in (price * mass, mass))
    return np.asarray(worth / np.maximum(tonnes, 1e-300))


def _with_reserves(base: Interventions, reserves: list[Reserve]) -> Interventions:
    if not reserves:
        return base
    columns = zip(Reserve._fields, zip(*reserves, strict=True), strict=True)
    arrays: dict[str, Any] = {f"reserve_{name}": joined(np.atleast_1d(value) for value in values) for name, values in columns}
    return base._replace(**arrays)


def _with_floors(base: Interventions, floors: list[Floor]) -> Interventions:
    if not floors:
        return base
    ordered = sorted(floors, key=lambda floor: floor.entry)
    drawn: dict[str, Any] = {
        f"floor_{name}": joined(np.atleast_1d(np.asarray(getattr(floor, name), dtype=np.float64)) for floor in ordered)
        for name in ("strike", "limit", "upside", "above")
    }
    return base._replace(
        floor_entry=np.array([floor.entry for floor in ordered], dtype=np.int64),
        floor_reference=np.array([floor.reference for floor in ordered], dtype=np.int64),
        floor_level=_stacked(floor.level for floor in ordered),
        **drawn,
    )
