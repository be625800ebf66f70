"""Draws that share their structure, laid out for the lock-step kernel: one row per quantity, one lane per draw.

Everything lies in three flat arrays: rows of lanes (state and what differs between draws), floats and whole numbers that all
draws share. :class:`At` says where each quantity begins. Links are sorted by destination and demands by market, so that sums
over a market's links or users stay in a register. What a policy touches gets a row of its own; row 0 is what is left alone.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ytterby.simulation.interventions import Effect
from ytterby.simulation.reference import CHOKE_SHARE
from ytterby.system.compile import sum_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ytterby.simulation.interventions import Interventions
    from ytterby.system.compile import Network

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

WIDTH = {"float64": 8, "float32": 16}
"""Draws in a block by type of number: what one 64-byte register holds; narrower machines take several steps."""
LINE = 64
"""Bytes of a cache line; every row begins on one."""
TINY = {"float64": 1e-300, "float32": 1e-30}
"""Least denominator: below every quantity of the model, above the least number of the format."""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COUNTS = _names(
    "links markets demands processes weeks link_rows market_rows demand_rows queues slots licensings measures groups smuggling"
    " allocations twins reserves potential contracts columns"
)
"""Sizes; ``smuggling`` is a group or -1, ``potential`` 0 or 1, ``contracts`` the effects that have some served first,
``columns`` those of the weekly series."""
GRID_FLOATS = _names(
    "sea tax duty freight base_cost per_cost flow share learning under_contract"
    " base_price imports outflow inflow residual_out residual_in use short lasting choke per_fade"
    " recipe_coefficient base_activity capacity odds idle_value elasticity per_adjust"
)
"""The network: of links, markets, demands, recipe entries, processes; ``per_`` marks reciprocals."""
GRID_INTS = _names("into link_number origin ring_start net_producer users demand_number recipe_start recipe_market")
RULE_FLOATS = ("twin_gain", "tiny", "least_trust")
"""``tiny`` is the least denominator and ``least_trust`` the least weight of a supplier, each of one place."""
RULE_INTS = _names(
    "segment measure row link_row market_row demand_row queue_of licence_start licence licensing group_of member_start member"
    " customs_row allocation_group twin twin_link twin_legal twin_market reserve_market has_reserve sourced slot shown"
)
"""The structure of the policies; ``slot`` is the row of the ring that is on turn, ``shown`` the row that each column shows."""
DRAWN = _names("par cover level weight extra decision delay approval_rate still_valid customs group_price allocation reserve_terms")
"""Rows that differ between draws: behaviour, covers, effects, licences, quota groups, allocations, reserves."""
ZERO = {
    "links": _names("slow quarter"),
    "markets": _names("anchor rise momentum unfilled afloat waiting delivered shortfall worst_share recovery_week peak_multiple peak_week"),
    "demands": ("habit",),
    "measures": ("mean_wait",),
    "groups": _names("wedge wedge_slow"),
    "link_rows": ("source",),
    "queues": ("granted",),
    "waiting": ("queue",),
}
"""Rows that begin at zero, by how many there are of each; a queue has a row per week of waiting."""
STATE = {
    "links": _names("response trust weight_of held bought cost ordered filled shipped requests hoped sent contract_price"),
    "markets": _names(
        "stock expected supplied price arrived beyond released target index total inputs leaving spare_asked urgent"
        " fill first_fill rest_fill extra_fill wanted final made taken worst_week first_week least_cover outlook used"
        " residual deal"
    ),
    "demands": _names("want own served"),
    "processes": _names("activity per_width available added running"),
    "link_rows": _names("open export_duty tariff specific signed first bound"),
    "market_rows": _names("lift purchase supply local"),
    "demand_rows": _names("shift access"),
    "queues": _names("licensed approval keeps holds usual_wait usable askable"),
    "groups": ("group_asked",),
    "allocations": ("quota_left",),
    "reserves": ("reserve_left",),
    "transit": ("ring",),
    "decisions": ("decided",),
}
"""Rows that the weeks carry on or that steps hand to each other, set before they are read."""
OUTCOMES = _names("shortfall worst_share worst_week first_week recovery_week peak_multiple peak_week least_cover")
"""Of each market: unserved final use [t], its largest weekly share and that week, first short week (-1 if none), week after the
last one that was short or dear (0 if none), highest price over base and its week, least stock over target stock."""
SERIES = {
    "price": ("price", "markets"),
    "stock": ("stock", "markets"),
    "expected": ("outlook", "markets"),
    "production": ("made", "markets"),
    "arrivals": ("arrived", "markets"),
    "released": ("released", "markets"),
    "consumption": ("used", "markets"),
    "residual": ("residual", "markets"),
    "deal": ("deal", "markets"),
    "backlog": ("waiting", "markets"),
    "shipped": ("sent", "links"),
    "want": ("want", "demands"),
    "served": ("served", "demands"),
    "wedge": ("wedge", "groups"),
}
"""Weekly series, as in the Trace: the rows that they show at the end of a week, and how many there are."""
At = namedtuple(  # type: ignore[misc]  # noqa: PYI024
    "At",
    [
        *COUNTS,
        *GRID_FLOATS,
        *GRID_INTS,
        *RULE_FLOATS,
        *RULE_INTS,
        *DRAWN,
        *(name for names in (*ZERO.values(), *STATE.values()) for name in names),
        "zero",
        "zero_end",
    ],
)
"""Sizes, and where each quantity begins: rows of lanes, or places in the floats, the whole numbers and a week of series."""


class Block(NamedTuple):
    """What the kernel runs on."""

    lanes: Floats
    """(rows, lanes)"""
    floats: Floats
    ints: Ints
    at: Any
    """An :class:`At`."""
    draws: int

    def rows(self, name: str, chosen: Ints) -> Floats:
        """Chosen rows of a quantity by draw (draws, chosen)."""
        return self.lanes[getattr(self.at, name) + chosen, : self.draws].T

    def series_room(self) -> Floats:
        """Room for its weekly series (draws, weeks, columns)."""
        shape = (self.draws, self.at.weeks, self.at.columns)
        return aligned(int(np.prod(shape)) // self.lanes.shape[1], self.lanes.dtype.name).reshape(shape)


def _starts(of: Ints, count: int) -> Ints:
    """First position of each of ``count`` groups in a sorted list."""
    return np.searchsorted(of, np.arange(count + 1)).astype(np.int64)


def grid_of(net: Network, contract: Floats) -> dict[str, NDArray[np.generic]]:
    """The network in the order of the kernel."""
    m = len(net.price)
    link = np.argsort(net.destination, kind="stable")
    demand = np.argsort(net.demand_market, kind="stable")
    base = net.price[net.origin] * (1.0 + net.export_tax) * (1.0 + net.duty) + net.freight
    of = np.repeat(np.arange(len(net.activity)), np.diff(net.recipe_start))
    worth, p = net.recipe_coefficient * net.price[net.recipe_market], len(net.activity)
    value = np.maximum(sum_at(of, np.maximum(worth, 0.0), p), sum_at(of, np.maximum(-worth, 0.0), p))
    u0 = np.clip(net.utilisation, 1e-9, 1.0 - 1e-9)
    return dict(
        into=_starts(net.destination[link], m),
        link_number=link,
        origin=net.origin[link],
        ring_start=np.concatenate([[0], np.cumsum(net.transit[link])]),
        sea=net.transit[link] - 1.0,
        tax=1.0 + net.export_tax[link],
        duty=1.0 + net.duty[link],
        freight=net.freight[link],
        base_cost=base[link],
        per_cost=1.0 / base[link],
        flow=net.flow[link],
        share=net.share[link],
        learning=np.where(net.qualification > 0, 1.0 / np.maximum(net.qualification, 1.0), 0.0)[link],
        under_contract=contract[link],
        base_price=net.price,
        imports=net.imports,
        net_producer=net.net_producer,
        outflow=net.outflow,
        inflow=net.inflow,
        residual_out=np.maximum(net.residual, 0.0),
        residual_in=np.maximum(-net.residual, 0.0),
        users=_starts(net.demand_market[demand], m),
        demand_number=demand,
        use=net.use[demand],
        short=net.elasticity_short[demand],
        lasting=(net.elasticity_long - net.elasticity_short)[demand],
        choke=net.choke[demand],
        per_fade=1.0 / (CHOKE_SHARE * net.choke[demand]),
        recipe_start=net.recipe_start,
        recipe_market=net.recipe_market,
        recipe_coefficient=net.recipe_coefficient,
        base_activity=net.activity,
        capacity=net.capacity,
        odds=(1.0 - u0) / u0,
        idle_value=(1.0 - net.utilisation) * value,
        elasticity=net.elasticity,
        per_adjust=1.0 / net.adjust,
    )


def aligned(rows: int, dtype: str) -> Floats:
    """Rows of lanes that begin on cache lines, of zeros."""
    width = WIDTH[dtype]
    space = np.zeros(rows * width + LINE // np.dtype(dtype).itemsize, dtype=dtype)
    skip = -space.ctypes.data % LINE // space.itemsize
    return space[skip : skip + rows * width].reshape(rows, width)


def _compact(count: int, targets: Ints) -> Ints:
    """Row of each of ``count`` things: 0 where nothing acts, else counted from 1."""
    touched = np.unique(targets)
    row = np.zeros(count, dtype=np.int64)
    row[touched] = np.arange(1, len(touched) + 1)
    return row


LINK_EFFECTS = (Effect.OPEN, Effect.EXPORT_DUTY, Effect.TARIFF, Effect.SPECIFIC, Effect.LICENCE, Effect.SOURCE, Effect.FIRST, Effect.BOUND)
MARKET_EFFECTS = (Effect.COVER, Effect.PURCHASE, Effect.SUPPLY, Effect.LOCAL)
DEMAND_EFFECTS = (Effect.DEMAND, Effect.ACCESS)
CONTRACT_EFFECTS = (Effect.FIRST, Effect.LOCAL, Effect.BOUND)


def rules_of(net: Network, grid: Mapping[str, NDArray[Any]], first: Interventions) -> dict[str, NDArray[np.generic]]:
    """The structure of policies in the order of the kernel."""
    kind, target = first.kind, first.target
    link, demand = grid["link_number"], grid["demand_number"]
    row, compact = target.copy(), []
    for effects, count in ((LINK_EFFECTS, len(net.flow)), (MARKET_EFFECTS, len(net.price)), (DEMAND_EFFECTS, len(net.use))):
        hit = np.isin(kind, effects)
        compact.append(_compact(count, target[hit]))
        row[hit] = compact[-1][target[hit]]
    queue = first.queue_of[target[kind == Effect.LICENCE]]
    group_of = first.group_of[link]
    grouped = np.argsort(group_of, kind="stable")
    twins = np.flatnonzero(first.legal_link_of[link] >= 0)
    legal = np.argsort(link)[first.legal_link_of[link[twins]]]
    return dict(
        segment=_starts(kind, len(Effect)),
        measure=first.measure,
        row=row,
        link_row=compact[0][link],
        market_row=compact[1],
        demand_row=compact[2][demand],
        queue_of=first.queue_of[link],
        licence_start=_starts(np.sort(queue), int(first.queue_of.max(initial=-1)) + 1),
        licence=np.flatnonzero(kind == Effect.LICENCE)[np.argsort(queue, kind="stable")],
        licensing=np.unique(first.measure[kind == Effect.LICENCE]),
        group_of=group_of,
        customs_row=np.cumsum(group_of >= 0) - 1,
        member_start=_starts(group_of[grouped], first.group_price.shape[-1]),
        member=grouped,
        allocation_group=first.allocation_group,
        twin=_numbers(legal, twins, len(link)),
        twin_link=twins,
        twin_legal=legal,
        twin_market=net.destination[link[twins]],
        twin_gain=1.0 - (net.price[net.origin] + net.freight)[link[twins]] / grid["base_cost"][legal],
        reserve_market=first.reserve_market,
        has_reserve=np.isin(np.arange(len(net.price)), first.reserve_market),
        sourced=np.isin(np.arange(len(net.price)), net.destination[target[kind == Effect.SOURCE]]),
        slot=grid["ring_start"][:-1],
    )


def _numbers(legal: Ints, twins: Ints, links: int) -> Ints:
    """Place of each link's legal one counted from 1, 0 where it is legal itself."""
    found = np.zeros(links, dtype=np.int64)
    found[twins] = legal + 1
    return found


def place_rows(drawn: Mapping[str, int], places: dict[str, int], ring: int) -> int:
    """Note where rows of lanes begin, given the rows of what is drawn and of goods at sea; number of rows."""
    many = places | {"transit": ring, "waiting": places["queues"] * places["slots"], "decisions": places["measures"] * places["slots"]}
    begin = _placed(drawn, places, 0)
    places["zero"], begin = begin, _placed(_sizes(ZERO, many), places, begin)
    places["zero_end"], begin = begin, _placed(_sizes(STATE, many), places, begin)
    return begin


def _placed(sizes: Mapping[str, int], places: dict[str, int], begin: int) -> int:
    """Note where quantities of these sizes begin, one after the other; where the last ends."""
    for name, size in sizes.items():
        places[name] = begin
        begin += size
    return begin


def _sizes(names: Mapping[str, tuple[str, ...]], many: Mapping[str, int]) -> dict[str, int]:
    return {name: many[of] for of, each in names.items() for name in each}


def series_columns(places: Mapping[str, int], width: int) -> dict[str, slice]:
    """Columns of each weekly series; each begins on a register."""
    columns, begin = {}, 0
    for name, (_, of) in SERIES.items():
        columns[name] = slice(begin, begin + places[of])
        begin += -(-places[of] // width) * width
    return columns


def shown_of(places: Mapping[str, int], order: Mapping[str, NDArray[Any]], width: int) -> Ints:
    """Row that each column of the weekly series shows (columns,), links and demands in the order of the network."""
    found = []
    for row, of in SERIES.values():
        shown = places[row] + np.argsort(order[of]) if of in order else places[row] + np.arange(places[of])
        found += [shown, np.zeros(-places[of] % width, dtype=np.int64)]
    return np.concatenate(found).astype(np.int64)
