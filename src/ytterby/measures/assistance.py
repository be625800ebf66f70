"""Assistance: one country helps another to process."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ytterby.measures import fields as f  # noqa: TC001 (pydantic reads annotations at run time)
from ytterby.measures.base import Measure


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
