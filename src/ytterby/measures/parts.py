"""Parts that several kinds of measures share: spans of days, allocations, steps of a rate, triggers of a stockpile."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.fields import Frozen, fault


class Window(Frozen):
    """A span of days, both included."""

    from_: f.Date = Field(alias="from")
    """First day [date]."""
    to: f.Date
    """Last day [date]."""

    @model_validator(mode="after")
    def _check(self) -> Window:
        if self.to < self.from_:
            raise fault(f"'to' ({self.to}) lies before 'from' ({self.from_})")
        return self


class Allocation(Frozen):
    """Tonnes that a quota allows in one span of days."""

    start: f.Date
    """First day [date]."""
    end: f.Date
    """Last day [date]."""
    tonnes: f.Amount
    """What may leave in the span [customs t]."""
    carries: bool = False
    """What the allocation before left unused may still leave in this span."""

    @model_validator(mode="after")
    def _check(self) -> Allocation:
        if self.end < self.start:
            raise fault(f"'end' ({self.end}) lies before 'start' ({self.start})")
        return self


class RateStep(Frozen):
    """A rate from a date on."""

    date: f.Date
    """First day of the rate [date]."""
    rate: f.Rate
    """Ad valorem rate, 0.25 for 25 % [1]."""


class TariffStep(RateStep):
    """A step of a tariff with its state; an announced rate is not in force."""

    status: Literal["announced", "imposed", "paused", "reduced", "snap_back"] = "imposed"
    """What happened; `rate` is what applies from then on, except where only announced."""
    all_in: bool = False
    """The base duty counts towards the rate, as in "15 % all-in"; on `products` and `sectors` only."""
    replaces: bool = False
    """The rate stands in place of the base duty, which it may so lower; on `products` and `sectors` only."""
    of_enacted: bool = False
    """The rate is a share of the duty as enacted on that day, 0.8 for four fifths of it; on `products` and `sectors` only."""


class Trigger(Frozen):
    """When a stockpile opens: exactly one of the two conditions."""

    cover_below_weeks: f.Weeks | None = None
    """Opens while the market's cover is below [weeks of use]."""
    price_above_multiple: Annotated[f.Number, Field(ge=1, le=1000)] | None = None
    """Opens while the price is above this multiple of the base price [1]."""

    @model_validator(mode="after")
    def _check(self) -> Trigger:
        if (self.cover_below_weeks is None) == (self.price_above_multiple is None):
            raise fault("give exactly one of 'cover_below_weeks' and 'price_above_multiple'")
        return self
