"""Price floor: a producer is paid what the market falls below a strike price."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import PriceGuarantee

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Mondays


class PriceFloor(Measure):
    """A payer makes up the difference between a strike price and a market reference."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("strike", "tonnes_per_year", "upside_share", "upside_above")
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

    def faults(self) -> list[str]:
        """The upside begins at the strike or above: below it, what is paid would be taken back."""
        below = self.upside_above is not None and self.upside_above < self.strike
        return [f"'upside_above' ({self.upside_above:g}) lies below 'strike' ({self.strike:g})"] if below else []

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[PriceGuarantee]:
        """Plants count on the market price and what is paid on top of it; what they make at it is sold to all."""
        strike = values["strike"]
        yield PriceGuarantee(
            self.plants,
            self.in_force(weeks),
            self.reference,
            strike,
            values["upside_share"],
            strike if self.upside_above is None else values["upside_above"],
            None if self.tonnes_per_year is None else values["tonnes_per_year"],
        )
