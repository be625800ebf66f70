"""What every measure has, and the parts that several kinds share: spans, allocations, rate steps, triggers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from ytterby.scenario import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.scenario.fields import Frozen, fault
from ytterby.scenario.weeks import share_in_force

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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


class Measure(Frozen):
    """What every measure has."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from", "to"})
    """Which of `on`, `from` and `to` have an effect in this kind."""
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    """Which of them must be given."""
    COLUMNS: ClassVar[tuple[str, ...]] = ()
    """Patterns of keys whose number may be a column of draws (draw, 1); what is worked out by week is then (draw, week)."""

    kind: str
    """Which kind of measure it is."""
    name: f.Name | None = None
    """Name by which draws and forks refer to it; its number in the list serves too."""
    on: f.Selectors = ()
    """Goods it is on: commodity selectors such as `oxide.Dy`, `magnet.*`, `Dy`, `rare_earths`."""
    from_: f.Regions = Field(default=("all",), alias="from")
    """Where the goods leave or the thing stands: regions, groups or `all`."""
    to: f.Regions = ("all",)
    """Where they go: regions, groups or `all`."""
    start: f.Date
    """First day in force [date]."""
    end: f.Date | None = None
    """Last day in force; without it the measure stays until the horizon [date]."""
    evidence: f.Ids = ()
    """Ids of claims or events it rests on."""
    facts: f.Ids = ()
    """Ids of the figures it rests on."""
    assumed: f.Ids = ()
    """Which of its keys are judgement, not fact."""
    note: f.Text = ""
    """Words for the reader."""

    @model_validator(mode="after")
    def _common(self) -> Measure:
        given = {"from" if name == "from_" else name for name in self.model_fields_set} & {"on", "from", "to"}
        faults = [f"'{key}' is missing" for key in sorted(self.NEEDS - given)]
        faults += [f"'{key}' has no effect in '{self.kind}'" for key in sorted(given - self.USES)]
        if "on" in self.NEEDS and "on" in given and not self.on:
            faults.append("'on' names no goods")
        if self.end is not None and self.end < self.start:
            faults.append(f"'end' ({self.end}) lies before 'start' ({self.start})")
        keys = {field.alias or name for name, field in type(self).model_fields.items()}
        faults += [
            f"'assumed' names '{key}', which is no key of '{self.kind}'" for key in self.assumed if key.partition(".")[0] not in keys
        ]
        faults += self.faults()
        if faults:
            raise fault("; ".join(faults))
        return self

    def faults(self) -> list[str]:
        """Words for what contradicts itself in this kind."""
        return []

    def in_force(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Share of each week in which the measure is in force [1], shape of `weeks` (Mondays)."""
        return share_in_force(self.start, self.end, weeks)
