"""Offtake: buyers bind themselves to take goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ytterby.errors import NotSimulatedError
from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import PurchaseCommitment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Mondays


class Offtake(Measure):
    """Buyers in `to` bind themselves to take goods from `from`."""

    NEEDS: ClassVar[frozenset[str]] = frozenset({"on", "from", "to"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("tonnes_per_year", "share")
    kind: Literal["offtake"] = "offtake"
    tonnes_per_year: f.Amount | None = None
    """Volume bound, of each commodity of `on` [t/year]."""
    share: f.Share | None = None
    """Share of the seller's output bound, instead of tonnes [1]."""
    price_rule: Literal["index", "fixed", "floor"] = "index"
    """Follows the market with a lag, is fixed, or follows it down to a floor; only `index` is simulated."""
    price: f.Amount | None = None
    """Fixed price or floor, without VAT [USD/kg]."""
    lag_weeks: f.Weeks = 13.0
    """Lag of an indexed price; contracts of the simulator are re-priced each quarter [weeks]."""
    priority: bool = True
    """Contract is served before spot; only this is simulated."""

    def faults(self) -> list[str]:
        """Tonnes or a share; a price where the rule needs one."""
        faults = ["give either 'tonnes_per_year' or 'share'"] if (self.tonnes_per_year is None) == (self.share is None) else []
        if (self.price is None) != (self.price_rule == "index"):
            faults.append("'price' belongs to 'price_rule' fixed or floor")
        return faults

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[PurchaseCommitment]:
        """Orders over its links are at least the bound volume, and are served first."""
        if self.price_rule != "index" or not self.priority:
            words = "offtake at a fixed or floor price or without priority is valid but not simulated yet; one at 'price_rule: index' is"
            raise NotSimulatedError(words)
        volume = {key: values[key] for key in ("tonnes_per_year", "share") if getattr(self, key) is not None}
        yield PurchaseCommitment(self.links, self.in_force(weeks), **volume)
