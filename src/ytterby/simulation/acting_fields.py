"""Fields of the state on which measures act, by effect."""

from __future__ import annotations

from typing import NamedTuple

from ytterby.simulation.interventions import Effect


class Field(NamedTuple):
    """A field of the state: one value per draw at each position."""

    name: str
    dims: str
    """Names of the sizes whose product is the field's length."""
    unit: str
    start: float | str | None = None
    """Initial value, or name of the network field that holds it; None: computed by ``step.begin``, or set before it is read."""


ACTING = {
    Effect.OPEN: Field("open", "link_rows", "1", 1.0),
    Effect.EXPORT_DUTY: Field("export_duty", "link_rows", "1", 0.0),
    Effect.TARIFF: Field("tariff", "link_rows", "1", 0.0),
    Effect.SPECIFIC: Field("specific", "link_rows", "USD/kg", 0.0),
    Effect.CHARGE: Field("entry_charge", "link_rows", "USD/kg", 0.0),
    Effect.SOURCE: Field("added_share", "link_rows", "1", 0.0),
    Effect.FIRST: Field("priority_share", "link_rows", "1", 0.0),
    Effect.BOUND: Field("bound", "link_rows", "t/week", 0.0),
    Effect.COVER: Field("cover_factor", "market_rows", "1", 0.0),
    Effect.PURCHASE: Field("purchase", "market_rows", "t/week", 0.0),
    Effect.SUPPLY: Field("supply", "market_rows", "t/week", 0.0),
    Effect.PLANNED: Field("planned", "market_rows", "t/week", 0.0),
    Effect.LOCAL: Field("local_priority", "market_rows", "1", 0.0),
    Effect.DEMAND: Field("demand_shift", "demand_rows", "1", 0.0),
    Effect.ACCESS: Field("access", "demand_rows", "1", 1.0),
    Effect.OUTAGE: Field("available", "processes", "1", 1.0),
    Effect.CAPACITY: Field("added_capacity", "processes", "t/week", 0.0),
    Effect.MARGIN: Field("added_margin", "processes", "USD/kg", 0.0),
    Effect.PRACTICE: Field("practice", "processes", "1", 0.0),
    Effect.GAIN: Field("gain", "recipe_rows", "1", 0.0),
}
"""Field on which each effect acts, reset to its initial value every week. Fields that start at one are multiplied by one minus the
share lost; to all others effects are added."""
LINK_EFFECTS = (*(effect for effect, field in ACTING.items() if field.dims == "link_rows"), Effect.LICENCE)
MARKET_EFFECTS = tuple(effect for effect, field in ACTING.items() if field.dims == "market_rows")
DEMAND_EFFECTS = tuple(effect for effect, field in ACTING.items() if field.dims == "demand_rows")
RECIPE_EFFECTS = tuple(effect for effect, field in ACTING.items() if field.dims == "recipe_rows")
TAKING_EFFECTS = tuple(effect for effect, field in ACTING.items() if field.start == 1.0)
CONTRACT_EFFECTS = (Effect.FIRST, Effect.LOCAL, Effect.BOUND)
"""Effects that give some requests priority over others."""
