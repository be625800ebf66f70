"""What is said of talks: fields that command line, briefing and web read.

Money is in USD of 2024 a year unless a field says otherwise: level over the time that is looked at.
"""

from __future__ import annotations

from ytterby.bargain.course_rows import (
    BreakEven,
    BreakEvenPair,
    ControlShiftRow,
    DayRow,
    DelayRow,
    ExcludedRow,
    MineralsForDuties,
    NashFlipRow,
    NoDealStretch,
    ProgrammeRow,
    SensitivityRow,
    SubDealRow,
)
from ytterby.bargain.package_rows import Band, ByParty, ChargeRow, ChosenPoint, ConcessionRow, IssueRow, OutcomeRow, PackageRow, RateRow
from ytterby.result_model import ResultModel


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
    charges: tuple[ChargeRow, ...] = ()
    """Worth of standards at the ends of their charges and at those that are taken."""
    no_deal_path: tuple[NoDealStretch, ...]
    delay: tuple[DelayRow, ...]
    control_shift: tuple[ControlShiftRow, ...]
    days: tuple[DayRow, ...]
    """The room on each day that the talks compare; empty unless asked for."""
    flip: tuple[NashFlipRow, ...]
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
