"""Price floor: a producer is paid what the market falls below a strike price."""

from __future__ import annotations

from typing import ClassVar, Literal

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure


class PriceFloor(Measure):
    """A payer makes up the difference between a strike price and a market reference."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    kind: Literal["price_floor"] = "price_floor"
    payer: f.Region
    """Who pays the difference."""
    strike: f.Amount
    """Price that is guaranteed, without VAT [USD/kg]."""
    reference: f.Region = "CN"
    """Region whose price without VAT is the reference."""
    tonnes_per_year: f.Amount | None = None
    """Volume that is guaranteed; all output where absent [t/year]."""
    upside_share: f.Share = 0.0
    """Share of the price above `upside_above` that goes back to the payer [1]."""
    upside_above: f.Amount | None = None
    """Price from which the upside is shared; the strike where absent [USD/kg]."""
