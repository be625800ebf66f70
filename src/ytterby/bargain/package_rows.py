"""What is said of packages of talks: points, prices of concessions, what was agreed.

Money is in USD of 2024 a year unless a field says otherwise: level over the time that is looked at.
"""

from __future__ import annotations

from typing import Any

from ytterby.result_model import ResultModel

ByParty = dict[str, float]


class Band(ResultModel):
    """A figure with its band over the draws."""

    value: float
    low: float
    high: float


class IssueRow(ResultModel):
    """An issue by its id, with what tells a reader what its steps are."""

    name: str
    names: dict[str, str]
    """Names in other languages, by ISO 639 code."""
    kind: str
    still: bool
    """Whether its steps change no number: then no package has one."""


class LotteryPart(ResultModel):
    """A package of a lottery."""

    p: float
    """Probability [1]."""
    terms: dict[str, Any]
    """Step by issue."""


class HullPoint(ResultModel):
    """What a rule chooses where lotteries over packages, or payments worth as much, are allowed."""

    utilities: ByParty
    gains: ByParty
    """Over no deal."""
    lottery: tuple[LotteryPart, ...]


class ChosenPoint(ResultModel):
    """What a rule of bargaining chooses."""

    rule: str
    terms: dict[str, Any]
    """Step by issue."""
    utilities: ByParty
    gains: ByParty
    """Over no deal."""
    hull: HullPoint | None
    """With lotteries or payments; None where even these leave no room."""


class PackageRow(ResultModel):
    """A package."""

    terms: dict[str, Any]
    """Step by issue."""
    utilities: ByParty
    pareto: bool
    """Whether no package is as good for all and better for one."""
    feasible: bool
    """Whether all prefer it to no deal."""


class BetterPackage(ResultModel):
    """A package near an outcome that is better for all."""

    terms: dict[str, Any]
    """Only the issues that differ."""
    gains: ByParty
    """Over the outcome."""


class NashWeight(ResultModel):
    """A weight at which an outcome would be the Nash point: what the party must have valued, or been forced to; never a proof."""

    party: str
    term: str
    weight: float


class WeightsTogether(ResultModel):
    """Weights of all terms, moved together, at which an outcome would be the Nash point, with lotteries or without."""

    factor: float
    """Least factor by which weights have to differ from the present ones, up or down; wishes may weigh so much less one of their unit."""
    weights: tuple[NashWeight, ...]
    """Those that differ, as ``--weights`` takes them: of all with that factor the ones that move the terms least in sum."""


class OutcomeRow(ResultModel):
    """What was agreed, as seen from the day of the talks."""

    date: str
    label: str
    terms: dict[str, Any]
    utilities: ByParty
    gains: ByParty
    """Over no deal."""
    utilities_band: dict[str, Band]
    """Utilities over the draws, 5 to 95 %; empty without draws."""
    gains_band: dict[str, Band]
    """Gains over no deal, over the same draws; empty without draws."""
    inside: bool
    """Whether all prefer it to no deal."""
    inside_share: float | None
    """Share of the draws in which they do [1]; None without draws."""
    distance: ByParty
    """What each could have more without loss to any other."""
    missed: float | None
    """Share of the largest joint gain that it misses [1]; None without a room."""
    better: BetterPackage | None
    """Of those that are better for all, one that differs in the fewest issues."""
    extra: dict[str, float | None]
    """What each party alone would have to value it more for it to be the Nash point; None where that is not enough."""
    weights: tuple[NashWeight, ...]
    """Weights of one term at which it is the Nash point, of those tried."""
    weights_together: WeightsTogether | None
    """None where no weights do, up to a factor of a hundred."""
    later: bool
    """Whether it is dated later than the day of the talks: it is judged, and enters nothing else."""


class RateRow(ResultModel):
    """What a unit of one issue is worth to a party, in units of another."""

    at: str
    """Package at which it is measured: ``nash`` or ``actual``."""
    issue: str
    unit: str
    """Its unit; of duties a point less."""
    per: str
    """What it is measured in; a tonne of dysprosium is one of separated dysprosium in every year."""
    party: str
    value: float
    """How much of it; money has a sign, above 0 where the party gains."""
    most: float | None = None
    """What the party uses of it in a year; where `value` is above that, no amount of it pays for the unit. Of dysprosium only [t/year]."""

    @property
    def pays(self) -> bool:
        """Whether there is a use for as much as that."""
        return self.most is None or self.value <= self.most


class ChargeRow(ResultModel):
    """What a standard with a charge is worth at a charge of its range."""

    issue: str
    charge_usd_per_t: float
    """Charge on goods without the certificate [USD/t]."""
    worth: ByParty
    """[USD/year]"""


class ConcessionRow(ResultModel):
    """A step of one issue at a package: who gives, who gets, and how much more one gets than the other gives."""

    at: str
    issue: str
    to: Any
    """Step that it goes to."""
    gains: ByParty
    """Change for each party."""
    ratio: float | None
    """What the winners gain over what the losers lose; None where nobody loses."""
