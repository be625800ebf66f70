"""Parts of a Scenario: its calendar, the roll of its base, and its forks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ytterby.measures import AnyMeasure, Frozen
from ytterby.measures import fields as f
from ytterby.system import DEFAULT_PATH


class Calendar(Frozen):
    """Growth and seasons of the base; off by default."""

    growth: Annotated[f.Number, Field(ge=-0.5, le=0.5)] = 0.0
    """Yearly growth of final use [1/year]."""
    season: bool = False
    """Plants in China slow down around Chinese New Year and make up for it in the other weeks of the year."""


class Roll(Frozen):
    """The base is rolled forward to the month of `start`, and measures in force on that day have long begun."""

    path: f.Text = DEFAULT_PATH
    """Path of demand: announced-pledges, stated-policies, magnet-boom or flat."""


class Branch(Frozen):
    """A branch of a fork."""

    p: f.Share
    """Probability [1]."""
    label: f.Text = ""
    """Text for the reader."""
    ends: tuple[f.Name, ...] = ()
    """Names of measures that end on the day before the fork."""
    measures: tuple[AnyMeasure, ...] = Field(default=(), max_length=200)
    """Measures of this branch; they begin on or after the fork's date."""


class Fork(Frozen):
    """A dated decision with branches."""

    date: f.Date
    """Day of the decision [date]."""
    branches: tuple[Branch, ...] = Field(min_length=1, max_length=8)
    """Possible outcomes of the decision; their probabilities sum to 1."""
    label: f.Text = ""
    """Text for the reader."""
    facts: f.Ids = ()
    """Ids of the figures on which it rests."""
    assumed: f.Ids = ()
    """Which of its keys are judgement: `p`, unless a model gives the probabilities."""
    note: f.Text = ""
    """Where the probabilities come from."""
