"""What a measure does, as frozen records: which part of a network, which variable of it, how, and how strongly in each week.

Records name goods, regions, sectors and weeks. They know no network: :mod:`ytterby.simulation.measure_effects` finds what their
targets mean in one. Levels have the shape (week,), or (draw, week) where a number of the measure is drawn.

Most kinds need only :class:`MeasureEffect`. The other records are rules that are more than a level: licences, quotas, stockpiles,
plants that grow or improve, scrap, contracts, price floors, and end users who are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytterby.measures.weeks import Floats, NumberOrDraws

Names = tuple[str, ...]


# Targets


@dataclass(frozen=True)
class Links:
    """Declared trade links of goods from regions to regions."""

    kind: str
    """Kind of measure, for messages."""
    goods: Names
    """Commodity selectors."""
    origins: Names
    destinations: Names
    excluded: Names = ()
    """Destinations that are left out."""
    undeclared: bool = False
    """Whether the undeclared links beside these are meant too."""
    lookalikes: bool = False
    """Whether not the goods are meant but those that customs cannot tell from them."""


@dataclass(frozen=True)
class ResaleLinks:
    """Links out of the markets that `supply` reaches, as far as goods from elsewhere do not fill them."""

    supply: Links


@dataclass(frozen=True)
class Plants:
    """Mines and plants in regions whose main output is one of the goods."""

    kind: str
    goods: Names
    regions: Names
    feed: Names = ()
    """Selectors of what they take in; anything where empty."""
    recipe: str = ""
    """Name of their process without the region; any where empty."""


@dataclass(frozen=True)
class Markets:
    """Markets of goods in regions."""

    kind: str
    goods: Names
    regions: Names


@dataclass(frozen=True)
class Demands:
    """Final uses in regions."""

    kind: str
    goods: Names
    """Commodity selectors; all goods where empty."""
    regions: Names
    sectors: Names = ()
    """All sectors where empty."""
    required: bool = False
    """Whether it is a fault if there are none."""


AnyTarget = Links | ResaleLinks | Plants | Markets | Demands


@dataclass(frozen=True)
class EndUseShare:
    """Weight of a link: the share of its destination's goods that ends in the sectors, or in all others."""

    sectors: Names
    others: bool = False


@dataclass(frozen=True)
class CertifiedShare:
    """Weight of a link: the share of its origin's goods that was made to a standard, or of all others."""

    indicator: str
    limit: float
    """Most footprint from mine to gate, over the world's mean of the good [1]."""
    recognised: Names = ()
    """Regions all of whose goods count as certified."""
    others: bool = False


# Effects


class Variable(StrEnum):
    """Variable of the market model that an effect changes at its target."""

    TRADE_FLOW = "trade flow"
    """Of a link: what may pass, over what would [1]."""
    EXPORT_DUTY = "export duty"
    """Of a link: ad valorem [1]."""
    IMPORT_DUTY = "import duty"
    """Of a link: ad valorem [1]."""
    SPECIFIC_DUTY = "specific duty"
    """Of a link: [USD/kg]."""
    MARGIN = "margin"
    """Of a plant: [USD/kg of activity]."""
    ENTRY_CHARGE = "entry charge"
    """Of a link: by how the goods were made, not by where they come from [USD/kg]."""
    ACTIVITY = "activity"
    """Of a plant: what it can make, over its capacity [1]."""
    TARGET_COVER = "target cover"
    """Of a market: stock that its holders want [weeks]."""
    FINAL_USE = "final use"
    """Of a demand: what users want [t/week]."""


class Operation(StrEnum):
    """How a level changes a variable; several effects on one target follow one another in any order."""

    REDUCE = "reduce"
    """Multiply by 1 - level x weight."""
    ADD = "add"
    """Add level x weight."""
    SCALE = "scale"
    """Multiply by level, to the power of the weight."""


@dataclass(frozen=True, eq=False)
class MeasureEffect:
    """A variable of all links, plants, markets or demands of a target changes by a level."""

    target: AnyTarget
    variable: Variable
    operation: Operation
    level: Floats
    weight: EndUseShare | CertifiedShare | None = None


@dataclass(frozen=True, eq=False)
class LicenceRule:
    """A share of the orders on links waits for a decision; where several rules hold, the one on the largest share does."""

    links: Links
    level: Floats
    """Share of the orders that needs a licence [1]."""
    weight: EndUseShare | None = None
    decision_time: Floats | None = None
    """Share of applications decided 0, 1, 2, ... weeks after they were filed (..., time); all at once where not given."""
    backlog_delay: Floats | None = None
    """Weeks that applications filed before add to every decision, in each week."""
    approval_rate: Floats | None = None
    """Share of the decisions in each week that approve [1]; all where not given."""
    known: Floats | None = None
    """Share of the orders that buyers expect to wait for a licence in each week [1]; `level` where not given."""
    approval_by_goods: tuple[tuple[str, NumberOrDraws], ...] = ()
    """Factors on the rate by commodity selector."""
    approval_by_region: tuple[tuple[str, NumberOrDraws], ...] = ()
    """Factors on the rate by destination."""
    validity: NumberOrDraws = 1.0
    """Share of unused approvals that is still valid a week later [1]."""


@dataclass(frozen=True, eq=False)
class EndUseRefusal:
    """Final users of sectors are refused a share of what reaches their markets over links, once what is at sea has landed."""

    links: Links
    sectors: Names
    level: Floats


@dataclass(frozen=True)
class QuotaSpan:
    """Customs tonnes of a quota from a week to another (not included)."""

    first: int
    stop: int
    tonnes: float
    carried: float
    """Share of what the span before left unused that may still leave [1]."""


@dataclass(frozen=True, eq=False)
class QuotaRule:
    """Goods on links share dated tonnes; rules of one name share them too."""

    links: Links
    spans: tuple[QuotaSpan, ...]
    group: str | None = None
    customs_factors: tuple[tuple[str, NumberOrDraws], ...] = ()
    """Customs tonnes per tonne, by commodity selector [1]."""


@dataclass(frozen=True, eq=False)
class StockBuild:
    """A stockpile buys tonnes of each commodity evenly from a week to another (not included)."""

    markets: Markets
    tonnes: NumberOrDraws
    first: int
    stop: int


@dataclass(frozen=True, eq=False)
class StockRelease:
    """A stockpile gives tonnes of each commodity from a week to another (not included); where a trigger is given, while it holds."""

    markets: Markets
    tonnes: NumberOrDraws
    first: int
    stop: int
    rate: NumberOrDraws | None = None
    """Most that is given [t/week]; evenly over the weeks where absent."""
    cover_below: NumberOrDraws | None = None
    """Trigger: cover of the market [weeks]."""
    price_above: NumberOrDraws | None = None
    """Trigger: multiple of the base price [1]."""


@dataclass(frozen=True, eq=False)
class PlantGrowth:
    """Plants gain capacity, and their buyers shift purchases to them."""

    plants: Plants
    capacity: Floats
    """Capacity added in each week, for each commodity [t/year]."""
    buyers: tuple[tuple[str, float], ...] = ()
    """Share of the output that buyers in a region have agreed to take; the rest is sold to all [1]."""


@dataclass(frozen=True, eq=False)
class ScrapRecovery:
    """Old goods of final users come back as the oxides that they hold."""

    users: Demands
    collected: Floats
    """Share of today's use that is collected in each week, while in force [1]."""
    in_force: Floats
    """Share of each week [1]."""
    recovery: NumberOrDraws
    """Share of the contained elements that is recovered [1]."""
    capacity: NumberOrDraws | None = None
    """Most scrap that is worked up [t/year]."""


@dataclass(frozen=True, eq=False)
class PurchaseCommitment:
    """Buyers order at least so much of each commodity over links, and are served first."""

    links: Links
    level: Floats
    tonnes_per_year: NumberOrDraws | None = None
    share: NumberOrDraws | None = None
    """Share of the sellers' output, instead of tonnes [1]."""


@dataclass(frozen=True, eq=False)
class PriceGuarantee:
    """Plants are paid what a reference price falls below a strike price, and pay back a share of what it rises above another."""

    plants: Plants
    level: Floats
    """Share of each week in which it is in force [1]."""
    reference: str
    """Region whose market price is the reference."""
    strike: NumberOrDraws
    """[USD/kg]"""
    upside_share: NumberOrDraws
    upside_above: NumberOrDraws
    """[USD/kg]"""
    tonnes_per_year: NumberOrDraws | None = None
    """Output that is guaranteed; all where absent [t/year]."""


@dataclass(frozen=True, eq=False)
class SharedPractice:
    """Recovery of plants and the use of their capacity rise towards those of the best plants of their stage."""

    plants: Plants
    level: Floats
    """Share of the way from what they have to what they may reach, in each week [1]."""
    access: NumberOrDraws
    """What they may reach, over the best [1]."""


@dataclass(frozen=True, eq=False)
class Improvement:
    """Plants recover more, or make the goods at lower cost."""

    plants: Plants
    level: Floats
    """Share of the improvement that is in use in each week [1]."""
    recovery: NumberOrDraws = 0.0
    """Relative gain of output per input, as far as the inputs hold the elements [1]."""
    unit_cost: NumberOrDraws = 0.0
    """Share of the conversion cost that is saved [1]."""


@dataclass(frozen=True, eq=False)
class InputThrift:
    """Makers of magnets take in less of some metals or alloys per tonne."""

    inputs: Markets
    level: Floats
    """Share saved in each week [1]."""


AnyEffect = (
    MeasureEffect
    | LicenceRule
    | EndUseRefusal
    | QuotaRule
    | StockBuild
    | StockRelease
    | PlantGrowth
    | ScrapRecovery
    | PurchaseCommitment
    | PriceGuarantee
    | SharedPractice
    | Improvement
    | InputThrift
)
