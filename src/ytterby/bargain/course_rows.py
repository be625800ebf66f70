"""What is said of the course of talks: days, delay, controls, what would change the answer, programmes for minerals.

Money is in USD of 2024 a year unless a field says otherwise: level over the time that is looked at.
"""

from __future__ import annotations

from typing import Any

from ytterby.bargain.package_rows import Band, ByParty
from ytterby.result_model import ResultModel


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
    """Of the mean week until then [USD/week]"""
    week_band: Band | None
    """The same with its band over the draws, for the package that is the best at central values; None without draws."""


class ControlShiftRow(ResultModel):
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


class NashFlipRow(ResultModel):
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
    control_shift: tuple[ControlShiftRow, ...]
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
