"""Rows of the calendar: a dated decision with its branches."""

from __future__ import annotations

import datetime as dt

from ytterby.result_model import ResultModel

COMMITMENT = "deadline of a commitment"


STATUSES = ("ahead", "open", "decided")


class CalendarBranch(ResultModel):
    """A way in which a decision can go."""

    label: str
    p: float
    """Probability [1], to the per cent as in the fork of the scenario; those of a decision add up to one."""
    low: float | None
    """Low end of its range [1]; None where it is what the other branches leave."""
    high: float | None
    """High end of its range [1]."""
    assumed: bool
    """Whether the probability is judgement; else it comes from the recurrence of restrictions (`ytterby hazard`)."""
    basis: str
    """Where the probability comes from."""
    scenario: str | None
    """Scenario in which the branch is simulated: a bundled name, or the name of the draft; None where no minerals of the model are hit."""


class CalendarRow(ResultModel):
    """A dated decision."""

    id: str
    """Names the decision, for ``--draft``."""
    date: str
    """Day by which it falls, YYYY-MM-DD."""
    decision: str
    kind: str
    """End of a suspension, pause or duty, deadline, ministerial, court ruling, tariff date, deadline of a commitment."""
    by: str
    """Who decides (ISO alpha-2 or group, several joined by +)."""
    status: str
    """``ahead``, ``open`` (the day has passed without a later fact) or ``decided``."""
    outcome: str
    """How it went; empty where no fact says so."""
    branches: tuple[CalendarBranch, ...]
    """None where it is decided. Where the day has passed without a later fact, they are the chances that were seen before it."""
    scenario: str | None
    """Scenario that opens it."""
    draft: bool
    """Whether the scenario is written by ``--draft FILE`` rather than bundled."""
    cost_of_delay: float | None
    """What a week's delay costs the parties together [USD/week]; None where the model cannot say it."""
    cost_of_delay_low: float | None
    """Low end of its band (5 to 95 % of draws of the assumptions) [USD/week]; None where it has none."""
    cost_of_delay_high: float | None
    """High end of its band [USD/week]."""
    cost_of_delay_basis: str
    """What that cost is, or why there is none."""
    facts: tuple[str, ...]
    """Ids of the figures that it rests on."""
    source: str
    url: str
    origin: str
    """``register``, ``user`` or ``articles``: a confirmed control, or a promise that they tell."""
    note: str

    @property
    def promise(self) -> bool:
        """Whether it is a commitment that is not in the register."""
        return self.kind == COMMITMENT

    @property
    def day(self) -> dt.date:
        """Day by which it falls."""
        return dt.date.fromisoformat(self.date)
