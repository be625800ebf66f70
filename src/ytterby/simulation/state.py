"""Fields of the weekly step, declared as data: dimensions, unit and origin of the values of each field.

A batch of draws is stored in three flat arrays: rows of vectors (the state, and inputs that differ between draws), and floats and
integers shared by all draws. The position of each field, the number of rows, the initial values and the weekly series follow from the
tables below: to add a field, add a line. :mod:`ytterby.simulation.step` reads and writes the fields by name.

Links are sorted by destination and demands by market, so that sums over a market's links or users stay in a register. Links, markets,
demands and recipe entries on which measures act have a row of their own for the effects; all others share row 0.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np

from ytterby.simulation.acting_fields import ACTING, CONTRACT_EFFECTS, TAKING_EFFECTS, Field
from ytterby.simulation.behaviour import Behaviour
from ytterby.simulation.interventions import Effect, padded
from ytterby.simulation.registers import WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from ytterby.simulation.structure import Structure

TINY = {"float64": 1e-300, "float32": 1e-30}
"""Smallest denominator: below every quantity in the model, above the smallest number of the format."""
MIN_TRUST = 0.02
"""Minimum reliability: a supplier that delivers nothing keeps this weight, so that buyers return to it when it reopens."""
CLOSED_TRUST = 1e-9
"""Minimum reliability in the potential variant, where closed links must not affect the import price index."""
NOTHING = 1e-12
"""Quantities below this are treated as zero [t/week or t]."""
CHOKE_SHARE = 0.1
"""Use declines linearly to zero over the last tenth below the choke price."""


START_VALUES = (0.0, 1.0, -1.0)
"""Numbers that may be initial values of state fields."""
SIZES: dict[str, Callable[[Structure], int]] = {
    "links": lambda b: len(b.net.flow),
    "markets": lambda b: len(b.net.price),
    "demands": lambda b: len(b.net.use),
    "processes": lambda b: len(b.net.activity),
    "weeks": lambda b: b.weeks,
    "slots": lambda b: b.slots,
    "lanes": lambda b: WIDTH[b.dtype],  # draws that advance together
    "transit": lambda b: int(b.net.transit.sum()),
    "effects": lambda b: len(b.policy.kind),
    "link_rows": lambda b: int(b.link_row.max(initial=0)) + 1,
    "market_rows": lambda b: int(b.market_row.max(initial=0)) + 1,
    "demand_rows": lambda b: int(b.demand_row.max(initial=0)) + 1,
    "recipe_rows": lambda b: int(b.recipe_row.max(initial=0)) + 1,
    "measures": lambda b: b.policy.level.shape[-2],
    "licensings": lambda b: len(np.unique(b.policy.measure[b.at(Effect.LICENCE)])),
    "queues": lambda b: b.queues,
    "groups": lambda b: b.policy.group_price.shape[-1],
    "grouped": lambda b: len(b.grouped),
    "smuggling": lambda b: b.policy.smuggling_group,  # a group or -1
    "allocations": lambda b: len(b.policy.allocation_group),
    "undeclared": lambda b: len(b.undeclared),
    "reserves": lambda b: len(b.policy.reserve_market),
    "floors": lambda b: len(b.policy.floor_entry),
    "potential": lambda b: int(b.policy.potential),  # 0 or 1
    "contracts": lambda b: int(b.at(*CONTRACT_EFFECTS).sum()),  # 0: no request has priority
}
"""Sizes of a structure by name; those of :data:`DERIVED_SIZES` follow from the positions of the fields."""
DERIVED_SIZES = ("started", "first_acting", "last_acting", "columns", "fields")
"""Number of state rows with an initial value, first and last row on which measures act, columns of the weekly series, field digest."""


class Shared(NamedTuple):
    """A field shared by all draws of a batch; its values are integers if its unit is ``place`` or ``yes/no``."""

    name: str
    dims: str
    """Name of a size, empty for a single number; fields over ``links`` and ``demands`` are sorted, others keep the order of the value."""
    unit: str
    value: Callable[[Structure], Any] | None
    """Values in the order of the network; None: follows from the positions of other fields."""


class DrawnInput(NamedTuple):
    """An input that may differ between draws: arrays (..., n) of interventions or of a case."""

    name: str
    dims: str
    unit: str
    value: Callable[[Any, Structure], NDArray[Any]]
    axes: int = 1
    """Number of axes of the value after the draw axis."""


NETWORK: tuple[Shared | DrawnInput, ...] = (
    Shared("start_value", "", "", lambda b: np.array(START_VALUES)),  # at the beginning of the floats: see start_from
    Shared("tiny", "", "", lambda b: np.array([TINY[b.dtype]])),
    Shared("first_link", "markets + 1", "place", lambda b: b.first_of_each(b.net.destination, len(b.net.price))),
    Shared("origin", "links", "place", lambda b: b.net.origin),
    Shared("flow", "links", "t/week", lambda b: b.net.flow),
    Shared("share", "links", "1", lambda b: b.net.share),
    Shared("sea_weeks", "links", "week", lambda b: b.net.transit - 1.0),
    Shared("ring_start", "links + 1", "place", lambda b: b.ring_start),
    Shared("export_factor", "links", "1", lambda b: 1.0 + b.net.export_tax),
    Shared("duty_factor", "links", "1", lambda b: 1.0 + b.net.duty),
    Shared("freight", "links", "USD/kg", lambda b: b.net.freight),
    Shared("base_cost", "links", "USD/kg", lambda b: b.base_cost),
    Shared("per_base_cost", "links", "kg/USD", lambda b: 1.0 / b.base_cost),
    Shared(
        "per_qualification",
        "links",
        "1/week",
        lambda b: b.per_qualification,
    ),
    Shared("base_price", "markets", "USD/kg", lambda b: b.net.price),
    Shared("imports", "markets", "t/week", lambda b: b.net.imports),
    Shared("outflow", "markets", "t/week", lambda b: b.net.outflow),
    Shared("inflow", "markets", "t/week", lambda b: b.net.inflow),
    Shared("residual_out", "markets", "t/week", lambda b: np.maximum(b.net.residual, 0.0)),
    Shared("residual_in", "markets", "t/week", lambda b: np.maximum(-b.net.residual, 0.0)),
    Shared("net_producer", "markets", "yes/no", lambda b: b.net.net_producer),
    DrawnInput("cover", "markets", "week", lambda case, b: case.cover),
    Shared("first_demand", "markets + 1", "place", lambda b: b.first_of_each(b.net.demand_market, len(b.net.price))),
    Shared("use", "demands", "t/week", lambda b: b.net.use),
    Shared("elasticity_short", "demands", "1", lambda b: b.net.elasticity_short),
    Shared("elasticity_lasting", "demands", "1", lambda b: b.net.elasticity_long - b.net.elasticity_short),
    Shared("choke", "demands", "USD/kg", lambda b: b.net.choke),
    Shared("per_fade", "demands", "kg/USD", lambda b: 1.0 / (CHOKE_SHARE * b.net.choke)),
    Shared("recipe_start", "processes + 1", "place", lambda b: b.net.recipe_start),
    Shared("recipe_market", "entries", "place", lambda b: b.net.recipe_market),
    Shared("recipe_coefficient", "entries", "1", lambda b: b.net.recipe_coefficient),
    Shared("base_activity", "processes", "t/week", lambda b: b.net.activity),
    Shared("capacity", "processes", "t/week", lambda b: b.net.capacity),
    Shared("base_odds", "processes", "1", lambda b: b.base_odds),
    Shared("idle_value", "processes", "USD/kg", lambda b: b.idle_value),
    Shared("elasticity", "processes", "1", lambda b: b.net.elasticity),
    Shared("per_adjust", "processes", "1/week", lambda b: 1.0 / b.net.adjust),
)
"""Fields of ``net`` in the step: the base year."""
RULES: tuple[Shared | DrawnInput, ...] = (
    Shared("measure", "effects", "place", lambda b: b.policy.measure),
    Shared("takes", "effects", "yes/no", lambda b: b.at(*TAKING_EFFECTS)),
    Shared("adds", "effects", "yes/no", lambda b: b.at(*(set(ACTING) - set(TAKING_EFFECTS)))),
    Shared("acting_row", "effects", "place", None),  # row of the state on which an effect acts
    DrawnInput("weight", "effects", "", lambda case, b: case.policy.weight),
    DrawnInput("extra", "effects", "1", lambda case, b: case.policy.extra),
    DrawnInput("level", "measures weeks", "1", lambda case, b: case.policy.level[..., : b.weeks], 2),
    Shared("link_row", "links", "place", lambda b: b.link_row),
    Shared("market_row", "markets", "place", lambda b: b.market_row),
    Shared("demand_row", "demands", "place", lambda b: b.demand_row),
    Shared("recipe_row", "entries", "place", lambda b: b.recipe_row),
    Shared("sourced", "markets", "yes/no", lambda b: b.sourced),
    Shared("under_contract", "links", "1", lambda b: b.policy.contract),
    Shared("queue_of", "links", "place", lambda b: b.policy.queue_of),
    Shared("first_licence", "queues + 1", "place", lambda b: b.first_of_each(b.licence_queue, b.queues)),
    Shared("licence", "licences", "place", lambda b: b.licences),
    Shared("licensing", "licensings", "place", lambda b: np.unique(b.policy.measure[b.at(Effect.LICENCE)])),
    DrawnInput("decision", "measures slots", "1", lambda case, b: padded(case.policy.decision, b.slots), 2),
    DrawnInput("delay", "measures weeks", "week", lambda case, b: case.policy.delay[..., : b.weeks], 2),
    DrawnInput("approval_rate", "measures weeks", "1", lambda case, b: case.policy.approval[..., : b.weeks], 2),
    DrawnInput("known", "measures weeks", "1", lambda case, b: case.policy.known[..., : b.weeks], 2),
    DrawnInput("validity", "measures", "1", lambda case, b: case.policy.keep),
    Shared("group_of", "links", "place", lambda b: b.policy.group_of),
    Shared("first_member", "groups + 1", "place", lambda b: b.first_of_each(b.policy.group_of, b.policy.group_price.shape[-1])),
    Shared("member", "links by group", "place", lambda b: np.argsort(b.policy.group_of[b.link], kind="stable")),
    Shared("customs_row", "sorted links", "place", lambda b: np.cumsum(b.policy.group_of[b.link] >= 0) - 1),
    DrawnInput("customs", "grouped", "1", lambda case, b: case.policy.customs[..., b.grouped]),
    DrawnInput("group_price", "groups", "USD/kg", lambda case, b: case.policy.group_price),
    Shared("allocation_group", "allocations", "place", lambda b: b.policy.allocation_group),
    DrawnInput("allocation_start", "allocations", "week", lambda case, b: case.policy.allocation_start),
    DrawnInput("allocation_end", "allocations", "week", lambda case, b: case.policy.allocation_end),
    DrawnInput("allocation_tonnes", "allocations", "t", lambda case, b: case.policy.allocation_tonnes),
    DrawnInput("allocation_carried", "allocations", "1", lambda case, b: case.policy.allocation_carried),
    Shared("legal_link", "links", "place", lambda b: np.where(b.policy.legal_link_of >= 0, b.place[b.policy.legal_link_of], -1)),
    Shared("undeclared_link", "undeclared", "place", lambda b: b.place[b.undeclared]),
    Shared("undeclared_legal", "undeclared", "place", lambda b: b.place[b.policy.legal_link_of[b.undeclared]]),
    Shared("undeclared_market", "undeclared", "place", lambda b: b.net.destination[b.undeclared]),
    Shared("undeclared_gain", "undeclared", "1", lambda b: b.undeclared_gain),
    Shared("reserve_market", "reserves", "place", lambda b: b.policy.reserve_market),
    Shared("has_reserve", "markets", "yes/no", lambda b: np.isin(np.arange(len(b.net.price)), b.policy.reserve_market)),
    DrawnInput("reserve_tonnes", "reserves", "t", lambda case, b: case.policy.reserve_tonnes),
    DrawnInput("reserve_rate", "reserves", "t/week", lambda case, b: case.policy.reserve_rate),
    DrawnInput("reserve_cover", "reserves", "1", lambda case, b: case.policy.reserve_cover),
    DrawnInput("reserve_price", "reserves", "1", lambda case, b: case.policy.reserve_price),
    DrawnInput("reserve_start", "reserves", "week", lambda case, b: case.policy.reserve_start),
    DrawnInput("reserve_end", "reserves", "week", lambda case, b: case.policy.reserve_end),
    Shared("first_floor", "processes + 1", "place", lambda b: b.first_floor),
    Shared("floor_entry", "floors", "place", lambda b: b.policy.floor_entry),
    Shared("floor_reference", "floors", "place", lambda b: b.policy.floor_reference),
    DrawnInput("floor_strike", "floors", "USD/kg", lambda case, b: case.policy.floor_strike),
    DrawnInput("floor_limit", "floors", "t/week", lambda case, b: case.policy.floor_limit),
    DrawnInput("floor_upside", "floors", "1", lambda case, b: case.policy.floor_upside),
    DrawnInput("floor_above", "floors", "USD/kg", lambda case, b: case.policy.floor_above),
    DrawnInput("floor_level", "floors weeks", "1", lambda case, b: case.policy.floor_level[..., : b.weeks], 2),
    Shared(
        "slot", "sorted links", "place", lambda b: b.ring_start[:-1]
    ),  # position of this week's arrivals among the goods in transit; advanced by the step
    Shared("start_from", "started", "place", None),  # float with which each row of the state is initialised
    Shared("shown", "columns", "place", None),  # row recorded in each column of the weekly series
)
"""Fields of ``rules`` in the step: effects of measures, quota groups, reserves, price floors."""
_STATE = (
    # links
    Field("slow_response", "links", "1", 0.0),
    Field("quarter_sum", "links", "USD/kg", 0.0),
    Field("response", "links", "1", 1.0),
    Field("contract_share", "links", "1", "share"),
    Field("cost", "links", "USD/kg", "base_cost"),
    Field("contract_price", "links", "USD/kg", "base_cost"),
    Field("reliability", "links", "1", 1.0),
    Field("mean_shipped", "links", "t/week", "flow"),
    Field("trust", "links", "1"),
    Field("purchase_share", "links", "1"),
    Field("link_weight", "links", "1", 0.0),
    Field("ordered", "links", "t/week"),
    Field("requests", "links", "t/week"),
    Field("hoped", "links", "t/week"),
    Field("shipped", "links", "t/week"),
    Field("ring", "transit", "t"),
    # prices and stocks of markets
    Field("price", "markets", "USD/kg", "base_price"),
    Field("log_price", "markets", "1", 0.0),
    Field("log_anchor", "markets", "1", 0.0),
    Field("price_growth", "markets", "1/week", 0.0),
    Field("index", "markets", "1"),
    Field("stock", "markets", "t"),
    Field("target", "markets", "t"),
    Field("expected", "markets", "t/week", "outflow"),
    Field("expected_before", "markets", "t/week"),
    Field("own_output", "markets", "t/week", "inflow"),
    Field("arrivals", "markets", "t"),
    Field("released", "markets", "t"),
    Field("at_sea", "markets", "t", 0.0),
    Field("backlog", "markets", "t", 0.0),
    Field("on_order", "markets", "t"),
    Field("unfilled", "markets", "t", 0.0),
    Field("refused", "markets", "t", 0.0),
    Field("declared", "markets", "t/week", 0.0),
    Field("total_weight", "markets", "1", 0.0),
    # rationing by markets
    Field("inputs_wanted", "markets", "t"),
    Field("wanted", "markets", "t"),
    Field("priority_requested", "markets", "t"),
    Field("usual_requested", "markets", "t"),
    Field("extra_requested", "markets", "t"),
    Field("priority_fill", "markets", "1"),
    Field("fill", "markets", "1"),
    Field("local_fill", "markets", "1"),
    Field("extra_fill", "markets", "1"),
    Field("production", "markets", "t"),
    Field("inputs_used", "markets", "t"),
    Field("final_served", "markets", "t"),
    Field("consumption", "markets", "t"),
    Field("residual", "markets", "t"),
    Field("deal", "markets", "USD/kg"),
    # outcomes of markets
    Field("shortfall", "markets", "t", 0.0),
    Field("worst_share", "markets", "1", 0.0),
    Field("worst_week", "markets", "week", -1.0),
    Field("first_week", "markets", "week", -1.0),
    Field("recovery_week", "markets", "week", 0.0),
    Field("peak_multiple", "markets", "1", 0.0),
    Field("peak_week", "markets", "week", 0.0),
    Field("least_cover", "markets", "1"),
    # demands and processes
    Field("habit", "demands", "1", 0.0),
    Field("own_stock", "demands", "t"),
    Field("want", "demands", "t/week"),
    Field("served", "demands", "t/week"),
    Field("covered", "demands", "t/week"),
    Field("activity", "processes", "t/week", "base_activity"),
    Field("running", "processes", "t/week"),
    Field("per_width", "processes", "kg/USD"),
    *ACTING.values(),
    Field("added_before", "link_rows", "1"),
    # licences, quotas, reserves
    Field("mean_wait", "measures", "week", 0.0),
    Field("decided", "measures slots", "1"),
    Field("queue", "queues slots", "t", 0.0),
    Field("granted", "queues", "t", 0.0),
    Field("licensed", "queues", "1"),
    Field("approval", "queues", "1"),
    Field("still_valid", "queues", "1"),
    Field("strictest", "queues", "place"),
    Field("usual_wait", "queues", "week"),
    Field("usable", "queues", "t"),
    Field("askable", "queues", "t"),
    Field("group_requested", "groups", "t"),
    Field("wedge", "groups", "USD/kg", 0.0),
    Field("wedge_slow", "groups", "USD/kg", 0.0),
    Field("quota_left", "allocations", "t"),
    Field("reserve_left", "reserves", "t"),
    Field("floor_paid", "floors", "kUSD/week"),
)
STATE = tuple(sorted(_STATE, key=lambda field: field.start is None))
"""Fields of ``s`` in the step: values carried from week to week or between functions; those with an initial value come first."""
OUTCOMES = ("shortfall", "worst_share", "worst_week", "first_week", "recovery_week", "peak_multiple", "peak_week", "least_cover")
"""Outcomes of each market: unserved final use [t], its largest weekly share and that week, first week with a shortfall (-1 if none), week
after the last one with a shortfall or a high price (0 if none), highest price over base and its week, smallest stock over target."""
SERIES = {name: name for name in ("price", "stock", "production", "arrivals", "released", "consumption", "residual", "deal", "backlog")}
SERIES |= {"expected": "expected_before", "shipped": "shipped", "want": "want", "served": "served", "covered": "covered"}
SERIES |= {"wedge": "wedge", "paid": "floor_paid"}
"""Weekly series of the Trace, with the state field whose value at the end of the week is recorded."""
SHARED = tuple(field for field in (*NETWORK, *RULES) if isinstance(field, Shared))
DRAWN = tuple(field for field in (*NETWORK, *RULES) if isinstance(field, DrawnInput))
ROWS: dict[str, DrawnInput | Field] = {field.name: field for field in DRAWN} | {field.name: field for field in STATE}


def storage(field: Shared | DrawnInput | Field) -> str:
    """Name of the array that holds a field: rows, floats or integers."""
    if isinstance(field, Shared):
        return "ints" if field.unit in ("place", "yes/no") else "floats"
    return "rows"


def _places(name: str, fields: Iterable[Shared | DrawnInput | Field], single: bool = False) -> Any:
    """Named tuple class with the position of each field; its ``storage`` says which array holds a field and if it is a single number."""
    declared = tuple(fields)
    places = namedtuple(name, [field.name for field in declared])  # type: ignore[misc]  # noqa: PYI024
    places.storage = {field.name: (storage(field), single or field.name == "tiny") for field in declared}  # type: ignore[attr-defined]
    return places


Sizes = namedtuple("Sizes", [*SIZES, *DERIVED_SIZES])  # type: ignore[misc]  # noqa: PYI024
StatePlaces = _places("StatePlaces", [Field("first_row", "started", ""), *STATE])
NetworkPlaces = _places("NetworkPlaces", NETWORK)
RulesPlaces = _places("RulesPlaces", RULES)
BehaviourPlaces = _places("BehaviourPlaces", [Field(name, "", "") for name in Behaviour._fields], single=True)


DIGEST = crc32(repr([(of._fields, of.storage) for of in (StatePlaces, NetworkPlaces, RulesPlaces, BehaviourPlaces)]).encode())
"""Checksum of the declared fields; code compiled for other declarations must not be used."""


class Layout(NamedTuple):
    """Sizes, and the first position of each field in the rows, floats and integers of a batch."""

    size: Any
    state: Any
    network: Any
    rules: Any
    behaviour: Any
