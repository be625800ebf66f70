"""Measures of a programme: price floor, offtake, recycling, substitution, assistance, joint research."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from ytterby.scenario import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.scenario.measure import Measure
from ytterby.scenario.weeks import share_in_force

if TYPE_CHECKING:
    from numpy.typing import NDArray


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


class Offtake(Measure):
    """Buyers in `to` bind themselves to take goods from `from`."""

    NEEDS: ClassVar[frozenset[str]] = frozenset({"on", "from", "to"})
    COLUMNS: ClassVar[tuple[str, ...]] = ("tonnes_per_year", "share")
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


class Recycling(Measure):
    """More scrap of the goods is collected and worked up in `from`."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "from"})
    COLUMNS: ClassVar[tuple[str, ...]] = ("collection", "recovery", "retired", "capacity_t_per_year", "ramp_weeks")
    kind: Literal["recycling"] = "recycling"
    collection: f.Share
    """Share of end-of-life goods collected once the ramp is done [1]."""
    recovery: f.Share
    """Share of the contained rare earths recovered as oxide [1]."""
    retired: Annotated[f.Number, Field(ge=0, le=2)] = 0.3
    """What reaches its end of life over today's use of the region; assumed (0.1-0.6): use grows while goods last for years [1]."""
    capacity_t_per_year: f.Amount | None = None
    """Most scrap that is worked up; no limit where absent [t/year]."""
    ramp_weeks: f.Weeks = 0.0
    """Time to full collection in a straight line [weeks]."""
    cost_usd_per_kg: f.Amount | None = None
    """Cost of the recovered oxide; the simulator lets the plants run whatever they cost [USD/kg]."""

    def collected(self, weeks: NDArray[np.datetime64], old: float) -> NDArray[np.float64]:
        """Share of today's use that is collected in each week [1], given the use of the goods [t/year]."""
        since = (weeks - np.datetime64(self.start, "D")).astype(float) / 7.0
        share = self.collection * self.retired * _grown(since, self.ramp_weeks)
        if self.capacity_t_per_year is not None:
            share = np.minimum(share, self.capacity_t_per_year / max(old, 1e-300))
        return np.asarray(share * self.in_force(weeks))


class Substitution(Measure):
    """Sectors in `to` learn to do with less of the goods."""

    USES: ClassVar[frozenset[str]] = frozenset({"on", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    COLUMNS: ClassVar[tuple[str, ...]] = ("saving", "ramp_weeks", "kept")
    kind: Literal["substitution"] = "substitution"
    sectors: f.Sectors = ()
    """Sectors that save; all where empty."""
    saving: f.Share
    """Share of base use saved once the ramp is done [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time to the full saving in a straight line [weeks]."""
    kept: f.Share = 1.0
    """Share of the saving that stays after `end` [1]."""
    cost_usd_per_kg: f.Amount | None = None
    """Cost of saving a kilogram; told, not simulated [USD/kg]."""

    def factors(self, weeks: NDArray[np.datetime64]) -> NDArray[np.float64]:
        """Factor on base use in each week [1]: what is saved while in force, and what of it is kept afterwards."""
        since = (weeks - np.datetime64(self.start, "D")).astype(float) / 7.0
        saved = self.saving * _grown(since, self.ramp_weeks) * self.in_force(weeks)
        if self.end is not None:
            reached = self.saving * _grown(np.asarray((self.end - self.start).days / 7.0), self.ramp_weeks)
            saved = saved + self.kept * reached * share_in_force(self.end + dt.timedelta(days=1), None, weeks)
        return np.asarray(1.0 - saved)


def _grown(since: NDArray[np.float64], ramp_weeks: float) -> NDArray[np.float64]:
    """Share of a ramp that is done after so many weeks [1]."""
    grown = np.clip(since / np.maximum(ramp_weeks, 1e-9), 0.0, 1.0)
    return np.asarray(np.where(np.asarray(ramp_weeks) > 0.0, grown, 1.0))


class Assistance(Measure):
    """`from` helps `to` with processing: technology, staff, equipment."""

    USES: ClassVar[frozenset[str]] = frozenset({"from", "to"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"from", "to"})
    kind: Literal["assistance"] = "assistance"
    stages: tuple[Literal["mine", "oxide", "metal", "alloy", "magnet", "component", "scrap"], ...] = Field(min_length=1)
    """Stages that are helped."""
    access: f.Share
    """Access to technology reached, where 1 is that of the best [1]."""
    ramp_weeks: f.Weeks = 0.0
    """Time until it is reached in a straight line [weeks]."""
    cost_usd: Annotated[f.Number, Field(ge=0, le=1e13)] | None = None
    """What it costs the giver in all [USD]."""


class JointRnd(Measure):
    """Parties research together: what comes of it is uncertain."""

    USES: ClassVar[frozenset[str]] = frozenset({"on"})
    NEEDS: ClassVar[frozenset[str]] = frozenset({"on"})
    kind: Literal["joint_rnd"] = "joint_rnd"
    parties: f.Regions
    """Who takes part."""
    effect: Literal["saving", "recovery", "unit_cost"]
    """What a success changes: use per product, recovery of a process, or its unit cost."""
    size: f.Share
    """Relative change at success [1]."""
    success: f.Share
    """Probability of success [1]."""
    delay_weeks: f.Weeks
    """Time from `start` to use [weeks]."""
    cost_usd: Annotated[f.Number, Field(ge=0, le=1e13)] | None = None
    """What it costs in all [USD]."""
    shares: dict[f.Region, f.Share] = Field(default_factory=dict)
    """Who bears which share of the cost; equal where empty [1]."""

    def faults(self) -> list[str]:
        """Shares belong to the parties and sum to 1."""
        faults = [f"'shares' names '{who}', which is no party" for who in self.shares if who not in self.parties]
        if self.shares and abs(sum(self.shares.values()) - 1.0) > 1e-9:
            faults.append(f"'shares' sum to {sum(self.shares.values()):g}, must sum to 1")
        return faults
