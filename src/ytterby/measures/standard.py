"""Standard: an ecological standard as an instrument of trade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure
from ytterby.measures.effects import CertifiedShare, MeasureEffect, Operation, Variable
from ytterby.measures.weeks import ramped, weeks_since
from ytterby.units import KG_PER_T

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ytterby.measures.base import DrawnValues
    from ytterby.measures.weeks import Floats, Mondays


class Standard(Measure):
    """The parties `to` charge imports from `from` that were not made to a standard."""

    NEEDS: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    COLUMN_KEYS: ClassVar[tuple[str, ...]] = ("charge_usd_per_t", "compliance_usd_per_t", "uptake", "ramp_weeks")
    FOOTPRINTS: ClassVar[bool] = True
    kind: Literal["standard"] = "standard"
    indicator: Literal["co2e", "water", "residue"] = "co2e"
    """What is measured from mine to gate: greenhouse gases, water, radioactive residue."""
    limit: Annotated[f.Number, Field(ge=0, le=10)] = 1.0
    """Goods are certified up to this multiple of the world's mean footprint of the good in the base year [1]."""
    recognised: Annotated[tuple[f.Region, ...], BeforeValidator(f.listed), Field(max_length=100)] = ()
    """Regions whose own standards the parties recognise: their goods are certified."""
    charge_usd_per_t: f.Amount
    """Charge on each tonne that is not certified [USD/t]."""
    compliance_usd_per_t: f.Amount = 0.0
    """What a certified tonne costs its maker in proof, audits and cleaner processes [USD/t]."""
    uptake: f.Share = 0.0
    """Share of the other makers' deliveries to the parties that comes to be certified [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time until `uptake` is reached in a straight line [weeks]."""

    def effects(self, weeks: Mondays, values: DrawnValues) -> Iterator[MeasureEffect]:
        """Links to the parties bear the charge on what is not certified, and the cost of compliance on what is."""
        force, complied = self.in_force(weeks), self.complied(weeks, values)
        charge, cost = values["charge_usd_per_t"] / KG_PER_T, values["compliance_usd_per_t"] / KG_PER_T
        other = charge * (1.0 - complied) + cost * complied
        for level, weight in ((cost * force, self.certified()), (other * force, self.certified(others=True))):
            yield MeasureEffect(self.links, Variable.ENTRY_CHARGE, Operation.ADD, np.asarray(level), weight)

    def complied(self, weeks: Mondays, values: DrawnValues) -> Floats:
        """Share of the other makers' deliveries that is certified by each week [1]."""
        return np.asarray(values["uptake"] * ramped(weeks_since(self.start, weeks), values["ramp_weeks"]))

    def certified(self, *, others: bool = False) -> CertifiedShare:
        """Share of goods that is made to the standard, or of all others."""
        return CertifiedShare(self.indicator, self.limit, self.recognised, others)
