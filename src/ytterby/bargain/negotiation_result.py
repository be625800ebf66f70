"""What is said of talks: fields that command line, briefing and web read.

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
    """What it is measured in."""
    party: str
    value: float


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


class NoDealStretch(ResultModel):
    """What holds without a deal from a day on, on one path."""

    start: str
    p: float
    """Probability of the path [1]."""
    label: str
    duties: dict[str, float]
    utilities: ByParty
    """As if it lasted."""


class DelayRow(ResultModel):
    """What it costs to agree later."""

    date: str
    label: str
    dated: bool
    """Whether something falls on the day; else it is only so many days later."""
    package: str
    """``nash`` or ``actual``."""
    cost: ByParty
    """Present value [USD]; negative where a party gains by waiting."""
    joint: float
    """[USD]"""
    per_week: float
    """[USD/week]"""


class ControlRow(ResultModel):
    """What a control of the dominant supplier does to the talks, with the plans as they are."""

    event: str
    label: str
    no_deal: ByParty
    """Change."""
    nash: ByParty
    """Change of the utilities at the Nash point."""
    nash_terms: dict[str, Any]
    front: float
    """Change of the largest joint gain over no deal."""


class FlipRow(ResultModel):
    """A weight at which the Nash package becomes another one."""

    party: str
    term: str
    weight: float
    usual: float = 0.0
    """Present weight; nil for a wish that does not count."""
    changes: dict[str, Any]
    """Issues that change, with their new steps; empty where nothing is left that all prefer."""


class SensitivityRow(ResultModel):
    """Answers with one assumption at an end of its range."""

    input: str
    label: str
    """What it is, in words."""
    end: str
    """``low`` or ``high``, or the horizon of trade."""
    at: float | None
    """Its value there; None for horizons."""
    unit: str
    """Of that value; empty for horizons."""
    no_deal: ByParty
    nash: ByParty
    """Gains at the Nash point over no deal; nil without a room."""
    actual: ByParty
    """Gains of what was agreed; empty without an outcome."""
    inside: bool | None
    """Whether what was agreed is then better than no deal for all."""


class BreakEven(ResultModel):
    """Value of an assumption at which what was agreed becomes better, or no better, than no deal for all."""

    input: str
    label: str
    """What it is, in words."""
    unit: str
    value: float
    usual: float
    end: float
    """End of the range on the far side of the value: beyond it nothing was looked at."""
    assumed: bool
    """Whether it rests on no figure."""
    reach: float
    """How far the value lies from the usual one, as a share of that side of the range [1]; the smallest decides first."""
    inside_above: bool
    """Whether it is so above that value, or below."""


class DayRow(ResultModel):
    """The room on one of the days that the talks compare, with programmes on minerals made from what was known on it."""

    day: str
    """Day of what was known, YYYY-MM-DD."""
    no_deal: ByParty
    count: int
    feasible: int
    """Packages better than no deal for all."""
    joint: float
    """Largest joint gain over no deal; nil without a room."""
    nash: ByParty
    """Gains over no deal; empty without a room, like those of Kalai and Smorodinsky."""
    nash_terms: dict[str, Any]
    kalai_smorodinsky: ByParty
    """Gains over no deal by that rule."""
    actual: ByParty
    """Gains of what was agreed in the end; empty without an outcome."""
    inside: bool | None
    """Whether all prefer it to no deal on that day."""
    front: tuple[ByParty, ...]
    """Gains of the packages of the front, by the first party's."""
    cloud: tuple[ByParty, ...]
    """Gains of some of all packages, for the look of the whole."""
    minerals: ByParty
    """Most that any programme on minerals gives a party over each its own plan; empty without programmes."""
    control_shift: tuple[ControlRow, ...]
    minerals_digest: str
    """Names the table of programmes of that day."""


class BreakEvenPair(ResultModel):
    """Value of an assumption at which what was agreed enters or leaves the room, with a second assumption at another value."""

    input: str
    other: str
    """The second assumption."""
    other_at: float
    """Its value: an end of its range, or what is taken."""
    value: float | None
    """None where it is the same all over the range."""
    inside: bool | None
    """Whether it is inside all over the range; None where that changes."""


class SubDealRow(ResultModel):
    """What some of the parties could reach without the others, by the rule of Nash."""

    parties: tuple[str, ...]
    gains: ByParty
    """Over no deal; empty where no deal among them is better than none for all of them."""
    programme: bool
    """Whether a programme on minerals of their own is part of it."""
    keeps: bool
    """Whether at least one of them has as much in the Nash package of all, so that the group does not leave as one."""


class ExcludedRow(ResultModel):
    """Why packages are not in the room."""

    reason: str
    packages: int


class ProgrammeRow(ResultModel):
    """A programme on minerals, against each making its own plan alone."""

    programme: str
    gains: ByParty
    """A year."""
    present_value: ByParty
    """[USD], of 2026 at 5 %, unscaled as in plans"""
    public_usd: ByParty
    """Public money [USD, present value]"""


class MineralsForDuties(ResultModel):
    """Whether programmes on minerals alone pay for lower duties."""

    asked: ByParty
    """What the duties that were agreed, or the Nash point's, give each party without all else."""
    given: ByParty
    """Most that any programme on minerals gives it."""
    covers: dict[str, Band]
    """Part of the loss by lower duties that the programme makes good, for parties that lose in at least 95 % of the draws [1]."""


class NegotiationResult(ResultModel):
    """The room of talks on a day: who would agree to what, what it is worth to whom, and where rules of bargaining lead."""

    talks: str
    title: str
    titles: dict[str, str]
    """Titles in other languages, by ISO 639 code."""
    issues: dict[str, IssueRow]
    """Issues by id."""
    parties: tuple[str, ...]
    day: str
    """Day of the talks: no deal, duties and plans are those known on it."""
    horizon: str
    scenarios: int
    seed: int
    draws: int
    answers: tuple[str, ...]
    """The answers in sentences."""
    no_deal: ByParty
    no_deal_terms: dict[str, ByParty]
    """The same by term. Jobs are those at the horizon of the talks, the mean over the years that are looked at, against the goods of the
    issues at their duties of 2024 while all others pay the duties enacted on the day."""
    count: int
    """Packages that were compared."""
    feasible: int
    """Of them better than no deal for all."""
    feasible_band: Band | None
    """Their share over the draws [1]."""
    packages: tuple[PackageRow, ...]
    """The front, and what lies one step from the outcome and the Nash point."""
    nash: ChosenPoint | None
    """None where no package is better than no deal for all."""
    kalai_smorodinsky: ChosenPoint | None
    egalitarian: ChosenPoint | None
    utilitarian: ChosenPoint | None
    nash_band: dict[str, Band]
    """Gains at the Nash point over the draws."""
    actual: OutcomeRow | None
    """The last of the outcomes."""
    outcomes: tuple[OutcomeRow, ...]
    terms_by_part: dict[str, dict[str, ByParty]]
    """By package (``nash``, ``actual``, ...), party and term: what it changes against no deal [USD/year, jobs in persons]."""
    programmes: tuple[ProgrammeRow, ...]
    minerals_for_duties: MineralsForDuties | None
    rates: tuple[RateRow, ...]
    concessions: tuple[ConcessionRow, ...]
    no_deal_path: tuple[NoDealStretch, ...]
    delay: tuple[DelayRow, ...]
    control_shift: tuple[ControlRow, ...]
    days: tuple[DayRow, ...]
    """The room on each day that the talks compare; empty unless asked for."""
    flip: tuple[FlipRow, ...]
    sensitivity: tuple[SensitivityRow, ...]
    break_even: tuple[BreakEven, ...]
    break_even_pairs: tuple[BreakEvenPair, ...]
    """Of the first two of them together; empty where there are fewer."""
    sub_deals: tuple[SubDealRow, ...]
    """None where there are two parties."""
    excluded: tuple[ExcludedRow, ...]
    left_out: dict[str, str]
    """What has no part in the numbers, with the reason."""
    later_figures: tuple[str, ...]
    """Figures dated later than the day of the talks that describe what could be agreed, or the base."""
    minerals_digest: str
    """Names the table of programmes: that of ``cooperate`` for the same parties, paths, seed and day."""
    facts: dict[str, tuple[str, ...]]
    """Ids of the figures behind ``issues``, ``no_deal``, ``outcome``, ``controls`` and ``assumptions``."""
    not_in_it: tuple[str, ...]
    seconds: float
    """Time without the table of programmes."""
