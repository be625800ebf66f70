"""Parts of a scenario: the calendar of its base, and dated decisions with branches."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ytterby.measures import (
    AnyMeasure,  # noqa: TC001
    Frozen,
)
from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)


class Calendar(Frozen):
    """Growth and seasons of the base; off by default."""

    growth: Annotated[f.Number, Field(ge=-0.5, le=0.5)] = 0.0
    """Yearly growth of final use [1/year]."""
    season: bool = False
    """Plants in China slow down around Chinese New Year and make up for it in the other weeks of the year."""


class Branch(Frozen):
    """One way a fork may go."""

    p: f.Share
    """Probability [1]."""
    label: f.Text = ""
    """Words for the reader."""
    ends: tuple[f.Name, ...] = ()
    """Names of measures that end on the eve of the fork."""
    measures: tuple[AnyMeasure, ...] = Field(default=(), max_length=200)
    """Measures of this branch; they begin on or after the fork's date."""


class Fork(Frozen):
    """A dated decision with branches."""

    date: f.Date
    """Day of the decision [date]."""
    branches: tuple[Branch, ...] = Field(min_length=1, max_length=8)
    """What may come of it; their probabilities sum to 1."""
    label: f.Text = ""
    """Words for the reader."""
